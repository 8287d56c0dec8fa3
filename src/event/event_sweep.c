/* SPDX-License-Identifier: Apache-2.0 */
/* Retention of the event log. Events are forgotten in the order of their numbers, but for those that
 * undo and restore still read; up to which number stands in {gx_setting}, so that a listener who
 * resumes from before it learns of the gap. The highest number always stays: numbering goes on from
 * it. */
#include "event/event_internal.h"

#define PAGE 1000

static const char SQL_FLOOR[] = "SELECT value FROM {gx_setting} WHERE name = 'event.floor'";
static const char SQL_UNTIL[] =
    "SELECT MAX(p.seq) FROM (SELECT seq, at FROM {gx_outbox} WHERE seq > ?1 AND seq < "
    "(SELECT MAX(seq) FROM {gx_outbox}) ORDER BY seq LIMIT ?2) p WHERE p.at < ?3";
static const char SQL_FORGET[] =
    "DELETE FROM {gx_outbox} AS o WHERE o.seq > ?1 AND o.seq <= ?2 AND o.action <> 'delete' AND "
    "NOT EXISTS (SELECT 1 FROM {gx_change} c WHERE c.id = o.change AND c.batch IS NOT NULL)";
static const char SQL_SET_FLOOR[] =
    "INSERT INTO {gx_setting} AS s (name, value) VALUES ('event.floor', ?1) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE s.value = ?2";

static Status read_floor(Ctx *cx, Str *ret_text, int64_t *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_FLOOR, &q));
    TRY(db_next(q, &found));
    *ret_text = found ? str_copy(cx->arena, db_col_text(q, 0)) : STR("0");
    if (!str_int(*ret_text, ret))
        *ret = 0;
    return ST_OK;
}

Status event_is_gap(Ctx *cx, int64_t seq, bool *ret)
{
    int64_t floor = 0;
    Str text;
    TRY(read_floor(cx, &text, &floor));
    *ret = seq < floor;
    return ST_OK;
}

Status event_sweep(Ctx *cx, DbPool *pool, int64_t before_ms, bool *ret_more)
{
    int64_t floor = 0, until = 0;
    Str was;
    PlanResult result;
    TRY(read_floor(cx, &was, &floor));
    const DbVal look[] = {db_int(floor), db_int(PAGE), db_int(before_ms)};
    *ret_more = false;
    TRY(db_get_int(cx, SQL_UNTIL, look, COUNT_OF(look), &until, ret_more));
    *ret_more = until > floor;
    if (!*ret_more)
        return ST_OK;
    Plan *plan = plan_new(cx);
    const DbVal cut[] = {db_int(floor), db_int(until)};
    const DbVal mark[] = {db_text(str_format(cx->arena, "%lld", (long long)until)), db_text(was)};
    plan_expect(plan, STR_SQL(SQL_SET_FLOOR), mark, COUNT_OF(mark), 1);
    plan_exec(plan, STR_SQL(SQL_FORGET), cut, COUNT_OF(cut));
    return db_apply(pool, cx, plan, &result);
}
