/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of sharing rules, many records at a time: what the job of a rule fills and clears. */
#include "access/access_internal.h"
#include "access/share_rule.h"

enum { DROP_ROWS = 1000 };

static const char SQL_FILLED[] =
    "UPDATE {gx_sharing_rule} SET filled = ?2 WHERE id = ?1 AND set_id = ?3";
static const char SQL_LEFT[] = "SELECT count(*) FROM (SELECT id FROM {gx_share} WHERE rule = ?1 "
                               "LIMIT 1001) AS n";
static const char SQL_DROP[] =
    "DELETE FROM {gx_share} WHERE id IN (SELECT id FROM {gx_share} WHERE "
    "rule = ?1 ORDER BY id LIMIT ?2)";

void access_share_rule_filled(Plan *plan, const ShareRule *rule)
{
    const DbVal v[] = {db_int(rule->id), db_bool(true), db_int(rule->set)};
    plan_exec(plan, STR_SQL(SQL_FILLED), v, COUNT_OF(v));
}

Status access_share_rule_drop(Ctx *cx, Plan *plan, Id set, bool *ret_more)
{
    const DbVal v[] = {db_int(set), db_int(DROP_ROWS)};
    int64_t left = 0;
    bool found;
    TRY(db_get_int(cx, SQL_LEFT, v, 1, &left, &found));
    *ret_more = left > DROP_ROWS;
    if (left)
        plan_exec(plan, STR_SQL(SQL_DROP), v, COUNT_OF(v));
    return ST_OK;
}

static void rule_between(Sql *q, const Object *o, Id after, Id last)
{
    sql_lit(q, " FROM ");
    sql_table(q, o);
    sql_lit(q, " t0 WHERE ");
    sql_column(q, 0, o->id, 0);
    sql_lit(q, " > ");
    sql_bind_int(q, after);
    sql_lit(q, " AND ");
    sql_column(q, 0, o->id, 0);
    sql_lit(q, " <= ");
    sql_bind_int(q, last);
}

static Status rule_next(Ctx *cx, const Object *o, Id after, int64_t since_ms, int64_t limit,
                        Id *ret_last)
{
    const Id *ids;
    size_t n;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT ");
    sql_column(&q, 0, o->id, 0);
    rule_between(&q, o, after, INT64_MAX);
    if (since_ms) {
        sql_lit(&q, " AND ");
        sql_column(&q, 0, o->updated_at, 0);
        sql_lit(&q, " >= ");
        sql_bind_int(&q, since_ms);
    }
    sql_lit(&q, " ORDER BY ");
    sql_column(&q, 0, o->id, 0);
    sql_lit(&q, " LIMIT ");
    sql_number(&q, limit);
    TRY(access_user_load_ids(cx, cx->arena, &q, &ids, &n));
    *ret_last = n ? ids[n - 1] : 0;
    return ST_OK;
}

static void rule_rows_of(Sql *q, const Object *o, const ShareRule *rule)
{
    sql_lit(q, "{gx_share} s WHERE s.object = ");
    sql_number(q, o->number);
    sql_lit(q, " AND s.kind = ");
    sql_number(q, SHARE_SET);
    sql_lit(q, " AND s.principal = ");
    sql_bind_int(q, rule->set);
}

static Status rule_missing(Ctx *cx, const ShareRule *rule, const Object *o, Id after, Id last,
                           const Id **ret, size_t *ret_n)
{
    int next_alias = 1;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT ");
    sql_column(&q, 0, o->id, 0);
    rule_between(&q, o, after, last);
    sql_lit(&q, " AND ");
    TRY(access_share_rule_condition(cx, o, rule, 0, &q, &next_alias));
    sql_lit(&q, " AND ");
    sql_column(&q, 0, o->id, 0);
    sql_lit(&q, " NOT IN (SELECT s.record FROM ");
    rule_rows_of(&q, o, rule);
    sql_lit(&q, " AND s.record > ");
    sql_bind_int(&q, after);
    sql_lit(&q, " AND s.record <= ");
    sql_bind_int(&q, last);
    sql_lit(&q, ")");
    return access_user_load_ids(cx, cx->arena, &q, ret, ret_n);
}

static Status rule_superfluous(Ctx *cx, const ShareRule *rule, const Object *o, Id after, Id last,
                               const Id **ret, size_t *ret_n)
{
    int next_alias = 1;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT s.record FROM ");
    rule_rows_of(&q, o, rule);
    sql_lit(&q, " AND s.record > ");
    sql_bind_int(&q, after);
    sql_lit(&q, " AND s.record <= ");
    sql_bind_int(&q, last);
    sql_lit(&q, " AND s.record NOT IN (SELECT ");
    sql_column(&q, 0, o->id, 0);
    rule_between(&q, o, after, last);
    sql_lit(&q, " AND ");
    TRY(access_share_rule_condition(cx, o, rule, 0, &q, &next_alias));
    sql_lit(&q, ")");
    return access_user_load_ids(cx, cx->arena, &q, ret, ret_n);
}

Status access_share_rule_fill(Ctx *cx, Plan *plan, const ShareRule *rule, const Object *o, Id after,
                              int64_t since_ms, int64_t limit, Id *ret_last)
{
    const Id *add, *take;
    size_t n_add, n_take;
    TRY(rule_next(cx, o, after, since_ms, limit, ret_last));
    if (!*ret_last)
        return ST_OK;
    TRY(rule_missing(cx, rule, o, after, *ret_last, &add, &n_add));
    TRY(rule_superfluous(cx, rule, o, after, *ret_last, &take, &n_take));
    for (size_t i = 0; i < n_add; i++) {
        plan_lock(plan, o->plural, add[i], 0);
        TRY(access_share_rule_opens(cx, plan, rule, o, add[i]));
    }
    for (size_t i = 0; i < n_take; i++)
        TRY(access_share_rule_closes(cx, plan, rule, o, take[i]));
    return ST_OK;
}
