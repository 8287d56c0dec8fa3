/* SPDX-License-Identifier: Apache-2.0 */
/* Sharing rules: conditions, storing, the statements that keep a set in step with its records. What a
 * statement decides it decides when it is applied, under the record's lock, so the job that fills a set and
 * people who write meanwhile cannot leave a row behind that is not meant. */
#include "access/access_internal.h"
#include "access/share_rule.h"
#include "base/calendar.h"
#include "base/id.h"
#include "expr/expr.h"

enum { MAX_RULES = 200, RULE_WORDS = 16 };

#define RULE_COLUMNS "id, object, condition, kind, principal, level, set_id, filled, at"
static const char SQL_ALL[] =
    "SELECT " RULE_COLUMNS " FROM {gx_sharing_rule} WHERE id > ?1 ORDER BY id LIMIT ?2";
static const char SQL_ONE[] = "SELECT " RULE_COLUMNS " FROM {gx_sharing_rule} WHERE id = ?1";
static const char SQL_INSERT[] =
    "INSERT INTO {gx_sharing_rule} (id, object, condition, kind, principal, level, set_id, filled, "
    "by_user, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char SQL_UPDATE[] =
    "UPDATE {gx_sharing_rule} SET condition = ?2, kind = ?3, principal "
    "= ?4, level = ?5, set_id = ?6, "
    "filled = ?7, by_user = ?8, at = ?9 WHERE id = ?1";
static const char SQL_SAY[] =
    "UPDATE {gx_sharing_rule} SET condition = ?2 WHERE id = ?1 AND condition = ?3";
static const char SQL_REMOVE[] = "DELETE FROM {gx_sharing_rule} WHERE id = ?1";

/* ---- rows */
static void rule_row(Ctx *cx, const Stmt *q, ShareRule *ret)
{
    *ret = (ShareRule){.id = db_col_id(q, 0),
                       .object = str_copy(cx->arena, db_col_text(q, 1)),
                       .condition = str_copy(cx->arena, db_col_text(q, 2)),
                       .kind = (ShareKind)db_col_int(q, 3),
                       .principal = db_col_id(q, 4),
                       .level = (ShareLevel)db_col_int(q, 5),
                       .set = db_col_id(q, 6),
                       .filled = db_col_bool(q, 7),
                       .at_ms = db_col_int(q, 8)};
}

Status access_share_rule_all(Ctx *cx, const ShareRule **ret, size_t *ret_n)
{
    VEC(ShareRule) rules = {0};
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_ALL, &q));
    TRY(db_bind_id(q, 1, 0));
    TRY(db_bind_int(q, 2, MAX_RULES));
    for (bool more = true;;) {
        ShareRule rule;
        TRY(db_next(q, &more));
        if (!more)
            break;
        rule_row(cx, q, &rule);
        VEC_PUSH(cx->arena, &rules, rule);
    }
    *ret = rules.v;
    *ret_n = rules.n;
    return ST_OK;
}

Status access_share_rule_find(Ctx *cx, Id id, ShareRule *ret, bool *ret_found)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_ONE, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, ret_found));
    if (*ret_found)
        rule_row(cx, q, ret);
    return ST_OK;
}

/* ---- conditions */
static bool rule_may_call(Str name)
{
    static const char *const NAMES[] = {
        "abs",    "add_days", "add_months",   "case",   "ceil",    "coalesce", "concat",
        "date",   "day",      "days_between", "floor",  "hour",    "if",       "left",
        "length", "lower",    "month",        "pinyin", "quarter", "replace",  "right",
        "round",  "start_of", "trim",         "upper",  "week",    "weekday",  "year"};
    static const char *const WORDS[] = {"and", "or", "not", "in", "between", "starts", "ends"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_is(name, NAMES[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_is(name, WORDS[i]))
            return true;
    return false;
}

static bool rule_is_letter(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

/* The first function that reads more than the record itself; empty: none. Canonical text. */
static Str rule_bad_call(Str text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && quoted)
            i++;
        else if (text.p[i] == '"')
            quoted = !quoted;
        if (quoted || !rule_is_letter(text.p[i]))
            continue;
        size_t from = i;
        while (i < text.n && (rule_is_letter(text.p[i]) || (text.p[i] >= '0' && text.p[i] <= '9')))
            i++;
        Str name = str_sub(text, from, i - from);
        size_t next = i;
        while (next < text.n && text.p[next] == ' ')
            next++;
        if (next < text.n && text.p[next] == '(' && !rule_may_call(name))
            return name;
        i--;
    }
    return STR_NULL;
}

static Status rule_check_parsed(Ctx *cx, const Object *o, const Expr *e, bool follows)
{
    uint64_t bits[RULE_WORDS] = {0};
    Buf text = buf_in(cx->arena, (size_t)64 * 1024);
    expr_text(e, &text);
    Str call = rule_bad_call(buf_str(&text));
    if (call.n)
        return FIELD_FAIL(cx, STR("when"), "bad_expression", "access.rule_call",
                          "a sharing rule reads fields of the record alone: no %.*s()",
                          STR_ARG(call));
    expr_fields(e, bits, COUNT_OF(bits));
    for (size_t i = 0; i < o->n_fields && i < (size_t)RULE_WORDS * 64; i++)
        if ((bits[i / 64] >> (i % 64) & 1) && field_is_computed(o->fields[i]))
            follows = true;
    if (follows)
        return FIELD_FAIL(cx, STR("when"), "bad_expression", "access.rule_links",
                          "a sharing rule reads fields of the record alone: no links, formulas or "
                          "roll-ups");
    return ST_OK;
}

Status access_share_rule_check(Ctx *cx, const Object *o, Str condition)
{
    const Expr *e = NULL;
    bool follows = false;
    Status st = access_rule_read(cx, o, condition, &e, &follows);
    if (st == ST_OK)
        return rule_check_parsed(cx, o, e, follows);
    int64_t at = cx->err.fields.n ? cx->err.fields.v[0].at : -1;
    Str why = str_copy(cx->arena, cx->err.text);
    error_clear(cx);
    return FIELD_FAIL_AT(cx, STR("when"), at, "bad_expression", "access.bad_rule",
                         "the expression cannot be read: %.*s", STR_ARG(why));
}

/* Days and hours are those of the organisation, whoever writes. */
Status access_share_rule_condition(Ctx *cx, const Object *o, const ShareRule *rule, int alias,
                                   Sql *q, int *next_alias)
{
    const Zone *mine = cx->zone, *ours = zone_get(cx->meta->time_zone);
    cx->zone = ours ? ours : mine;
    Status st = access_rule_sql(cx, o, db_kind_of(cx->db), rule->condition, alias, q, next_alias);
    cx->zone = mine;
    return st;
}

/* ---- storing */
Status access_share_rule_put(Ctx *cx, Plan *plan, ShareRule *rule, Id *ret_old)
{
    struct IdGen *ids = db_ids(cx->user->store->pool);
    ShareRule old = {0};
    bool found = false;
    *ret_old = 0;
    if (rule->id)
        TRY(access_share_rule_find(cx, rule->id, &old, &found));
    bool same = found && str_eq(old.condition, rule->condition);
    *ret_old = found && !same ? old.set : 0;
    rule->set = same ? old.set : idgen_next(ids);
    rule->filled = same && old.filled;
    rule->at_ms = cx->now_ms;
    access_changed(cx, plan);
    if (found) {
        const DbVal v[] = {db_int(rule->id),        db_text(rule->condition), db_int(rule->kind),
                           db_int(rule->principal), db_int(rule->level),      db_int(rule->set),
                           db_bool(rule->filled),   db_int(cx->user->id),     db_int(cx->now_ms)};
        plan_expect(plan, STR_SQL(SQL_UPDATE), v, COUNT_OF(v), 1);
        return ST_OK;
    }
    rule->id = idgen_next(ids);
    const DbVal v[] = {db_int(rule->id),   db_text(rule->object),   db_text(rule->condition),
                       db_int(rule->kind), db_int(rule->principal), db_int(rule->level),
                       db_int(rule->set),  db_bool(false),          db_int(cx->user->id),
                       db_int(cx->now_ms)};
    plan_exec(plan, STR_SQL(SQL_INSERT), v, COUNT_OF(v));
    return ST_OK;
}

void access_share_rule_remove(Ctx *cx, Plan *plan, const ShareRule *rule)
{
    DbVal id = db_int(rule->id);
    access_changed(cx, plan);
    plan_expect(plan, STR_SQL(SQL_REMOVE), &id, 1, 1);
}

Status access_share_rule_renamed(Ctx *cx, const MetaRename *r, Plan *plan)
{
    const ShareRule *all = NULL;
    size_t n = 0;
    TRY(access_share_rule_all(cx, &all, &n));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(all[i].object, r->object->name))
            continue;
        Str now = meta_rename_text(cx->arena, r->object, all[i].condition, r->old, r->name);
        const DbVal v[] = {db_int(all[i].id), db_text(now), db_text(all[i].condition)};
        if (str_eq(now, all[i].condition))
            continue;
        plan_expect(plan, STR_SQL(SQL_SAY), v, COUNT_OF(v), 1);
        access_changed(cx, plan);
    }
    return ST_OK;
}

Status access_share_rule_write(Ctx *cx, const ShareRule *rule, Buf *out)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, rule->id);
    buf_lit(out, ",\"object\":");
    buf_json_str(out, rule->object);
    buf_lit(out, ",\"when\":");
    buf_json_str(out, rule->condition);
    buf_lit(out, ",\"with\":{");
    TRY(access_share_principal(cx, rule->kind, rule->principal, out));
    buf_printf(out, "},\"level\":\"%s\",\"filled\":%s,\"at\":\"",
               rule->level == SHARE_EDIT ? "edit" : "read", rule->filled ? "true" : "false");
    calendar_write_datetime(out, rule->at_ms);
    buf_lit(out, "\"}");
    return ST_OK;
}

/* ---- one record */
static void rule_big(Sql *q, int64_t v)
{
    sql_lit(q, "CAST(");
    sql_bind_int(q, v);
    sql_lit(q, " AS bigint)");
}

static void rule_of_record(Sql *q, const Object *o, Id record)
{
    sql_lit(q, " FROM ");
    sql_table(q, o);
    sql_lit(q, " t0 WHERE ");
    sql_column(q, 0, o->id, 0);
    sql_lit(q, " = ");
    sql_bind_int(q, record);
    sql_lit(q, " AND ");
}

Status access_share_rule_opens(Ctx *cx, Plan *plan, const ShareRule *rule, const Object *o,
                               Id record)
{
    int next_alias = 1;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "INSERT INTO {gx_share} (id, object, record, kind, principal, level, source, rule, "
                "until, by_user, at, touched) SELECT ");
    rule_big(&q, idgen_next(db_ids(cx->user->store->pool)));
    sql_lit(&q, ", ");
    sql_number(&q, o->number);
    sql_lit(&q, ", ");
    sql_column(&q, 0, o->id, 0);
    sql_lit(&q, ", ");
    sql_number(&q, SHARE_SET);
    sql_lit(&q, ", ");
    rule_big(&q, rule->set);
    sql_lit(&q, ", ");
    sql_number(&q, SHARE_EDIT); /* how far it goes says the rule */
    sql_lit(&q, ", ");
    sql_number(&q, SHARE_BY_RULE);
    sql_lit(&q, ", ");
    rule_big(&q, rule->set);
    sql_lit(&q, ", ");
    rule_big(&q, SHARE_FOREVER);
    sql_lit(&q, ", 0, ");
    rule_big(&q, cx->now_ms);
    sql_lit(&q, ", ");
    sql_column(&q, 0, o->updated_at, 0);
    rule_of_record(&q, o, record);
    TRY(access_share_rule_condition(cx, o, rule, 0, &q, &next_alias));
    sql_lit(&q, " ON CONFLICT (object, record, kind, principal, source, rule) DO NOTHING");
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
    query_sights_change(cx, plan, o, record);
    return ST_OK;
}

Status access_share_rule_closes(Ctx *cx, Plan *plan, const ShareRule *rule, const Object *o,
                                Id record)
{
    int next_alias = 1;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "DELETE FROM {gx_share} WHERE object = ");
    sql_number(&q, o->number);
    sql_lit(&q, " AND record = ");
    sql_bind_int(&q, record);
    sql_lit(&q, " AND kind = ");
    sql_number(&q, SHARE_SET);
    sql_lit(&q, " AND principal = ");
    sql_bind_int(&q, rule->set);
    sql_lit(&q, " AND NOT EXISTS (SELECT 1");
    rule_of_record(&q, o, record);
    TRY(access_share_rule_condition(cx, o, rule, 0, &q, &next_alias));
    sql_lit(&q, ")");
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
    return ST_OK;
}

/* A rule whose condition cannot be read any more opens nothing and is asked each time. */
static bool rule_concerns(Ctx *cx, const Object *o, const ShareRule *rule, const uint64_t *touched)
{
    uint64_t bits[RULE_WORDS] = {0};
    const Expr *e = NULL;
    bool follows = false;
    if (!touched || access_rule_read(cx, o, rule->condition, &e, &follows) != ST_OK) {
        if (touched)
            error_clear(cx);
        return true;
    }
    expr_fields(e, bits, COUNT_OF(bits));
    for (size_t i = 0; i < (o->n_fields + 63) / 64 && i < RULE_WORDS; i++)
        if (bits[i] & touched[i])
            return true;
    return false;
}

Status access_share_follow(Ctx *cx, Plan *plan, const Object *o, Id record, const uint64_t *touched)
{
    const ShareRule *rules = NULL;
    size_t n = 0;
    if (!cx->user || !cx->user->store)
        return ST_OK;
    TRY(access_store_rules(cx, cx->user->store, o, &rules, &n));
    for (size_t i = 0; i < n; i++) {
        if (!rule_concerns(cx, o, &rules[i], touched))
            continue;
        TRY(access_share_rule_opens(cx, plan, &rules[i], o, record));
        if (touched)
            TRY(access_share_rule_closes(cx, plan, &rules[i], o, record));
    }
    return ST_OK;
}
