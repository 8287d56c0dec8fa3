/* SPDX-License-Identifier: Apache-2.0 */
/* The schedule: which hour, day or week a moment belongs to, in the organisation's time zone. */
#include "app/backup_plan.h"
#include "base/calendar.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
enum { MOST_KEPT = 1000 };
static const char SQL_GET[] = "SELECT name, value FROM {gx_setting} WHERE name LIKE 'backup.%'";
static const char SQL_PUT[] = "INSERT INTO {gx_setting} (name, value) VALUES (?1, ?2) "
                              "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char *const EVERY[] = {"hour", "day", "week"};

static bool every_of(Str word, BackupEvery *ret)
{
    for (size_t i = 0; i < COUNT_OF(EVERY); i++)
        if (str_is(word, EVERY[i]))
            return *ret = (BackupEvery)i, true;
    return false;
}

static void take(const json_t *j, BackupPlan *p)
{
    p->on = json_get_bool(j, "on", p->on);
    (void)every_of(json_get_str(j, "every"), &p->every);
    p->hour = json_get_int(j, "hour", p->hour);
    p->weekday = json_get_int(j, "weekday", p->weekday);
    p->keep.daily = json_get_int(j, "daily", p->keep.daily);
    p->keep.weekly = json_get_int(j, "weekly", p->keep.weekly);
    p->keep.monthly = json_get_int(j, "monthly", p->keep.monthly);
}

Status backup_plan_read(Ctx *cx, BackupPlan *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = true;
    *ret = (BackupPlan){.every = BACKUP_DAY, .hour = 2, .weekday = 7, .keep = {7, 5, 12}};
    TRY(db_prepare(cx, SQL_GET, &q));
    for (;;) {
        json_t *j = NULL;
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        Str value = db_col_text(q, 1);
        if (str_is(db_col_text(q, 0), "backup.last"))
            (void)str_int(value, &ret->last_ms);
        else if (json_parse(cx, value, &j) == ST_OK)
            take(j, ret);
        error_clear(cx);
    }
}

/* Which hour, day or week that time belongs to; a day begins at the hour of the plan. */
static int64_t period(const BackupPlan *p, const Zone *zone, int64_t ms)
{
    int64_t local = ms + zone_offset(zone, ms);
    if (p->every == BACKUP_HOUR)
        return calendar_floor_div(local, HOUR_MS);
    int64_t day = calendar_floor_div(local - p->hour * HOUR_MS, DAY_MS);
    return p->every == BACKUP_DAY ? day : calendar_floor_div(day + 4 - p->weekday, 7);
}

bool backup_plan_due(const Ctx *cx, const BackupPlan *p)
{
    const Zone *zone = zone_get(cx->meta->time_zone);
    return p->on && (!p->last_ms || period(p, zone, cx->now_ms) != period(p, zone, p->last_ms));
}

void backup_plan_write(const BackupPlan *p, Buf *out)
{
    buf_printf(out,
               "{\"on\":%s,\"every\":\"%s\",\"hour\":%lld,\"weekday\":%lld,\"daily\":%lld,"
               "\"weekly\":%lld,\"monthly\":%lld}",
               p->on ? "true" : "false", EVERY[p->every], (long long)p->hour, (long long)p->weekday,
               (long long)p->keep.daily, (long long)p->keep.weekly, (long long)p->keep.monthly);
}

static void check_range(Ctx *cx, const json_t *body, const char *name, int64_t min, int64_t max)
{
    const json_t *v = json_object_get(body, name);
    if (v && (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max))
        FIELD_FAIL(cx, str_of(name), "out_of_range", "app.plan_range", "from %d to %d", (int)min,
                   (int)max);
}

Status backup_plan_set(Ctx *cx, const json_t *body, Plan *plan)
{
    BackupPlan p;
    BackupEvery every;
    const json_t *word = json_object_get(body, "every");
    Buf out = buf_in(cx->arena, 1024);
    TRY(backup_plan_read(cx, &p));
    if (word && !every_of(json_str(word), &every))
        FIELD_FAIL(cx, STR("every"), "bad_value", "app.plan_every", "hour, day or week");
    check_range(cx, body, "hour", 0, 23);
    check_range(cx, body, "weekday", 1, 7);
    check_range(cx, body, "daily", 0, MOST_KEPT);
    check_range(cx, body, "weekly", 0, MOST_KEPT);
    check_range(cx, body, "monthly", 0, MOST_KEPT);
    if (error_has_fields(cx))
        return cx->err.status;
    take(body, &p);
    backup_plan_write(&p, &out);
    const DbVal v[] = {db_text(STR("backup.plan")), db_text(buf_str(&out))};
    plan_exec(plan, STR_SQL(SQL_PUT), v, COUNT_OF(v));
    return ST_OK;
}

void backup_plan_note(Ctx *cx, Plan *plan)
{
    const DbVal v[] = {db_text(STR("backup.last")),
                       db_text(str_format(cx->arena, "%lld", (long long)cx->now_ms))};
    plan_exec(plan, STR_SQL(SQL_PUT), v, COUNT_OF(v));
}
