/* SPDX-License-Identifier: Apache-2.0 */
/* What is looked at. Values that the system makes itself say nothing about the care of people. */
#include "access/access.h"
#include "quality/quality_internal.h"

/* A row of settings for each object that has a number of its own, by the object's number. */
#define STALE "quality.stale."
static const char SQL_STALE[] = "SELECT value FROM {gx_setting} WHERE name = ?1";
static const char SQL_STALE_PUT[] =
    "INSERT INTO {gx_setting} (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO "
    "UPDATE SET value = excluded.value";
static const char SQL_STALE_DROP[] = "DELETE FROM {gx_setting} WHERE name = ?1";

static DbVal stale_name(Ctx *cx, const Object *o)
{
    return db_text(str_format(cx->arena, STALE "%lld", (long long)o->number));
}

int quality_days_of(Str setting)
{
    int64_t days = 0;
    bool sound = setting.n && str_int(setting, &days) && days >= 1 && days <= QUALITY_STALE_MOST;
    return sound ? (int)days : QUALITY_STALE_DAYS;
}

Status quality_stale_days(Ctx *cx, const Object *o, int *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    const DbVal name = stale_name(cx, o);
    bool found = false;
    TRY(db_prepare(cx, SQL_STALE, &q));
    TRY(db_bind_all(q, &name, 1));
    TRY(db_next(q, &found));
    *ret = quality_days_of(found ? db_col_text(q, 0) : STR_NULL);
    return ST_OK;
}

Status quality_stale_set(Ctx *cx, Plan *plan, const Object *o, int64_t days)
{
    const DbVal v[] = {stale_name(cx, o), db_text(str_format(cx->arena, "%lld", (long long)days))};
    if (!quality_may(cx, o))
        return FAIL(cx, ST_NOT_FOUND, "quality.none", "there are no figures of it for you");
    if (days < 0 || days > QUALITY_STALE_MOST)
        return FIELD_FAIL(cx, STR("stale_days"), "bad_value", "quality.stale_days",
                          "must be 1 to %d days, or 0 for the usual number", QUALITY_STALE_MOST);
    if (days)
        plan_exec(plan, STR_SQL(SQL_STALE_PUT), v, 2);
    else
        plan_exec(plan, STR_SQL(SQL_STALE_DROP), v, 1);
    return ST_OK;
}

bool quality_counts(const Object *o)
{
    if (o->traits & (TRAIT_LINE | TRAIT_APPEND_ONLY))
        return false;
    for (size_t i = 0; i < o->n_fields; i++)
        if (quality_counts_field(o->fields[i]))
            return true;
    return false;
}

bool quality_counts_field(const Field *f)
{
    return !f->system && !f->readonly && f->n_columns > 0 && !field_is_computed(f) &&
           f->kind != F_BOOLEAN && f->kind != F_SECRET && f->kind != F_AUTO_NUMBER;
}

bool quality_may(const Ctx *cx, const Object *o)
{
    return quality_counts(o) && access_scope(cx, o, ACCESS_READ) == SCOPE_ALL;
}

Str quality_stale_filter(Ctx *cx, const Object *o, int days)
{
    if (!(o->traits & TRAIT_FOLLOWED))
        return str_format(cx->arena, "updated_at < days_ago(%d)", days);
    return str_format(cx->arena,
                      "created_at < days_ago(%d) and (last_followup_at is null or "
                      "last_followup_at < days_ago(%d))",
                      days, days);
}

Str quality_broken_filter(Ctx *cx, const Rule *r)
{
    return str_format(cx->arena, "not (" STR_FMT ")", STR_ARG(r->check));
}
