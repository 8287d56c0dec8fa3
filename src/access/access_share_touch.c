/* SPDX-License-Identifier: Apache-2.0 */
/* gx_share.touched: when the shared record was last changed, -1 while it is not live. It follows in the plan that
 * writes the record, under the record's lock, so that pages by time of change and counts come from the
 * index of shares alone (docs/adr/0069). Rows of an older program say -2 until they are filled. */
#include "access/access_internal.h"
#include "access/share.h"

enum { TOUCH_PIECE = 1000 };

static const char SQL_TOUCH[] =
    "UPDATE {gx_share} SET touched = ?3 WHERE object = ?1 AND record = ?2";
static const char SQL_UNKNOWN[] = "SELECT object FROM {gx_share} WHERE touched = -2 LIMIT 1";

/* A request is prepared again where the first share of an object came meanwhile (the security epoch is its
 * guard); what jobs write is not, so they touch in any case. */
static Status touch_needed(Ctx *cx, const Object *o, bool *ret)
{
    *ret = cx->cause && strcmp(cx->cause, "api") != 0;
    return *ret || !cx->user || !cx->user->store
               ? ST_OK
               : access_store_is_shared(cx, cx->user->store, o, ret);
}

Status access_share_touch(Ctx *cx, Plan *plan, const Object *o, Id record, bool live)
{
    const DbVal v[] = {db_int(o->number), db_int(record), db_int(live ? cx->now_ms : -1)};
    bool needed;
    TRY(touch_needed(cx, o, &needed));
    if (needed)
        plan_exec(plan, STR_SQL(SQL_TOUCH), v, COUNT_OF(v));
    return ST_OK;
}

/* coalesce((SELECT updated_at FROM … WHERE id = s.record), -1) */
static void touch_value(Sql *q, const Object *o)
{
    sql_lit(q, "coalesce((SELECT t0.\"updated_at\" FROM ");
    sql_table(q, o);
    sql_lit(q, " t0 WHERE t0.\"id\" = s.record), -1)");
}

void access_share_touched(Sql *q, const Object *o, Id record)
{
    sql_lit(q, "coalesce((SELECT t0.\"updated_at\" FROM ");
    sql_table(q, o);
    sql_lit(q, " t0 WHERE t0.\"id\" = ");
    sql_bind_int(q, record);
    sql_lit(q, "), -1)");
}

static const Object *touch_object(const Ctx *cx, int64_t number)
{
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        if (cx->meta->objects[i]->number == number)
            return cx->meta->objects[i];
    return NULL;
}

Status access_share_fill(Ctx *cx, Plan *plan, bool *ret_more)
{
    int64_t number = 0;
    Sql q = sql_new(cx->arena);
    TRY(db_get_int(cx, SQL_UNKNOWN, NULL, 0, &number, ret_more));
    if (!*ret_more)
        return ST_OK;
    const Object *o = touch_object(cx, number);
    sql_lit(&q, "UPDATE {gx_share} AS s SET touched = ");
    if (o)
        touch_value(&q, o);
    else
        sql_lit(&q, "-1");
    sql_lit(&q, " WHERE s.touched = -2 AND s.id IN (SELECT id FROM {gx_share} WHERE object = ");
    sql_number(&q, number);
    sql_lit(&q, " AND touched = -2 LIMIT ");
    sql_number(&q, TOUCH_PIECE);
    sql_lit(&q, ")");
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
    access_changed(cx, plan); /* what snapshots know of the object may be that all is filled */
    return ST_OK;
}

static void touch_wrong(Sql *q, const Object *o)
{
    sql_lit(q, " WHERE s.object = ");
    sql_number(q, o->number);
    sql_lit(q, " AND s.touched <> ");
    touch_value(q, o);
}

Status access_share_check(Ctx *cx, Plan *plan, const Object *o, int64_t *ret)
{
    CLEANUP(stmt) Stmt *st = NULL;
    bool found = false;
    Sql q = sql_new(cx->arena), mend = sql_new(cx->arena);
    sql_lit(&q, "SELECT count(*) FROM {gx_share} s");
    touch_wrong(&q, o);
    TRY(db_prepare_str(cx, sql_text(&q), &st));
    TRY(db_bind_all(st, q.vals->v, q.vals->n));
    TRY(db_next(st, &found));
    *ret = found ? db_col_int(st, 0) : 0;
    sql_lit(&mend, "UPDATE {gx_share} AS s SET touched = ");
    touch_value(&mend, o);
    touch_wrong(&mend, o);
    if (*ret)
        plan_exec(plan, sql_text(&mend), mend.vals->v, mend.vals->n);
    return ST_OK;
}
