/* SPDX-License-Identifier: Apache-2.0 */
/* Shares: records opened to a person, a team, a department, a role or everyone, to read or to edit, by
 * hand, as collaborator or by a rule. The predicate of access_predicate.c reads these rows. */
#include "access/access_internal.h"
#include "base/calendar.h"
#include "base/id.h"
#include "meta/meta_shares.h"

static const char SQL_TAKE[] = "DELETE FROM {gx_share} WHERE object = ?1 AND record = ?2 AND "
                               "kind = ?3 AND principal = ?4 AND rule = ?5";
static const char SQL_KNOWN[] =
    "SELECT 1 FROM {gx_share} WHERE object = ?1 AND kind = ?2 AND principal = ?3 LIMIT 1";
static const char SQL_ENDED[] = "DELETE FROM {gx_share} WHERE until < ?1";
/* A row of a rule's set is told by the rule; sets without rule mean nothing. */
static const char SQL_OF_RECORD[] =
    "SELECT coalesce(r.kind, s.kind), coalesce(r.principal, s.principal), "
    "coalesce(r.level, s.level), s.source, coalesce(r.id, s.rule), s.until, "
    "coalesce(r.by_user, s.by_user), s.at FROM {gx_share} s "
    "LEFT JOIN {gx_sharing_rule} r ON r.set_id = s.rule AND s.rule > 0 "
    "WHERE s.object = ?1 AND s.record = ?2 AND s.until > ?3 AND (s.rule <= 0 OR r.id IS NOT NULL) "
    "ORDER BY s.source, s.kind, s.id LIMIT 500";

const char *const access_share_kinds[SHARE_EVERYONE + 1] = {"",           "user", "team",
                                                            "department", "role", "everyone"};
static const char *const SOURCES[] = {"", "manual", "collaborator", "rule", "field"};

/* The first share of an object for a principal changes what its snapshots have to ask for. */
static Status share_wakes(Ctx *cx, Plan *plan, const AccessShare *s)
{
    const DbVal v[] = {db_int(s->object->number), db_int(s->kind), db_int(s->principal)};
    int64_t one;
    bool known = false;
    TRY(db_get_int(cx, SQL_KNOWN, v, COUNT_OF(v), &one, &known));
    if (!known)
        access_changed(cx, plan);
    return ST_OK;
}

Status access_share_put(Ctx *cx, Plan *plan, const AccessShare *s)
{
    plan_share(plan, s->object->plural, s->record); /* nobody changes it meanwhile */
    return access_share_row(cx, plan, s);
}

Status access_share_row(Ctx *cx, Plan *plan, const AccessShare *s)
{
    const int64_t v[] = {idgen_next(db_ids(cx->user->store->pool)),
                         s->object->number,
                         s->record,
                         s->kind,
                         s->principal,
                         s->level,
                         s->source,
                         s->rule,
                         s->until_ms,
                         cx->user->id,
                         cx->now_ms};
    Sql q = sql_new(cx->arena);
    TRY(share_wakes(cx, plan, s));
    sql_lit(&q, "INSERT INTO {gx_share} (id, object, record, kind, principal, level, source, rule, "
                "until, by_user, at, touched) VALUES (");
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        sql_bind_int(&q, v[i]);
        sql_lit(&q, ", ");
    }
    access_share_touched(&q, s->object, s->record);
    sql_lit(&q, ") ON CONFLICT (object, record, kind, principal, source, rule) DO UPDATE SET "
                "level = excluded.level, until = excluded.until, by_user = excluded.by_user, "
                "at = excluded.at, touched = excluded.touched");
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
    query_sights_change(cx, plan, s->object, s->record);
    return ST_OK;
}

void access_share_take(Ctx *cx, Plan *plan, const AccessShare *s)
{
    const DbVal v[] = {db_int(s->object->number), db_int(s->record), db_int(s->kind),
                       db_int(s->principal), db_int(s->rule)};
    (void)cx;
    plan_exec(plan, STR_SQL(SQL_TAKE), v, COUNT_OF(v));
}

void access_share_sweep(Ctx *cx, Plan *plan)
{
    DbVal now = db_int(cx->now_ms);
    plan_exec(plan, STR_SQL(SQL_ENDED), &now, 1);
}

/* ---- told to people */
typedef struct ShareRow {
    int kind, level, source;
    Id principal, rule, by;
    int64_t until_ms, at_ms;
} ShareRow;
typedef VEC(ShareRow) ShareRows;

static Status share_rows(Ctx *cx, const Object *o, Id record, ShareRows *ret)
{
    const DbVal v[] = {db_int(o->number), db_int(record), db_int(cx->now_ms)};
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_OF_RECORD, &q));
    TRY(db_bind_all(q, v, COUNT_OF(v)));
    for (bool more = true;;) {
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        ShareRow row = {.kind = (int)db_col_int(q, 0),
                        .principal = db_col_id(q, 1),
                        .level = (int)db_col_int(q, 2),
                        .source = (int)db_col_int(q, 3),
                        .rule = db_col_id(q, 4),
                        .until_ms = db_col_int(q, 5),
                        .by = db_col_id(q, 6),
                        .at_ms = db_col_int(q, 7)};
        VEC_PUSH(cx->arena, ret, row);
    }
}

/* {"id":…,"title":…} of a record of that object; titles under the reader's own rights. */
static Status share_title(Ctx *cx, const char *object, Id id, Buf *out)
{
    const Object *o = meta_object(cx->meta, str_of(object));
    Str title = STR_NULL;
    if (o && id > 0)
        TRY(query_titles(cx, o, &id, 1, &title, NULL));
    buf_json_named(out, id, title);
    return ST_OK;
}

static void share_time(int64_t ms, Buf *out)
{
    buf_char(out, '"');
    calendar_write_datetime(out, ms);
    buf_char(out, '"');
}

Status access_share_principal(Ctx *cx, int kind, Id principal, Buf *out)
{
    if (kind < SHARE_USER || kind >= SHARE_EVERYONE) {
        buf_lit(out, "\"everyone\":true");
        return ST_OK;
    }
    buf_printf(out, "\"%s\":", access_share_kinds[kind]);
    return share_title(cx, access_share_kinds[kind], principal, out);
}

/* ,"field":"…": the one that names them */
static void share_field(const Object *o, Id rule, Buf *out)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!o->fields[i]->shares || META_SHARES_RULE(o->fields[i]) != rule)
            continue;
        buf_lit(out, ",\"field\":");
        buf_json_str(out, o->fields[i]->name);
    }
}

static Status share_row_write(Ctx *cx, const Object *o, const ShareRow *row, Buf *out)
{
    buf_char(out, '{');
    TRY(access_share_principal(cx, row->kind, row->principal, out));
    buf_printf(out, ",\"level\":\"%s\",\"source\":\"%s\",\"rule\":",
               row->level == SHARE_EDIT ? "edit" : "read", SOURCES[row->source]);
    if (row->rule > 0)
        buf_json_id(out, row->rule);
    else
        buf_lit(out, "null");
    if (row->rule < 0)
        share_field(o, row->rule, out);
    buf_lit(out, ",\"until\":");
    if (row->until_ms == SHARE_FOREVER)
        buf_lit(out, "null");
    else
        share_time(row->until_ms, out);
    buf_lit(out, ",\"by\":");
    TRY(share_title(cx, "user", row->by, out));
    buf_lit(out, ",\"at\":");
    share_time(row->at_ms, out);
    buf_char(out, '}');
    return ST_OK;
}

Status access_shares_write(Ctx *cx, const Object *o, Id record, Buf *out)
{
    ShareRows rows = {0};
    TRY(share_rows(cx, o, record, &rows));
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < rows.n; i++) {
        if (i)
            buf_char(out, ',');
        TRY(share_row_write(cx, o, &rows.v[i], out));
    }
    buf_lit(out, "]}");
    return ST_OK;
}
