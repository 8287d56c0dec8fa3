/* SPDX-License-Identifier: Apache-2.0 */
/* Marks of people and pins of timelines that lead to nothing: their object was purged, or their record is
 * neither here nor in the past. Those of a deleted record stay: brought back, it is marked again. */
#include "upkeep/upkeep_internal.h"

static const char SQL_MARKED[] = "SELECT DISTINCT object FROM {gx_mark}";
static const char SQL_MARKS[] = "SELECT count(*) FROM {gx_mark} WHERE object = ?1";
static const char SQL_FORGET_MARKS[] = "DELETE FROM {gx_mark} WHERE object = ?1";
static const char SQL_PINNED[] = "SELECT DISTINCT object FROM {gx_pin}";
static const char SQL_PINS[] = "SELECT count(*) FROM {gx_pin} WHERE object = ?1";
static const char SQL_FORGET_PINS[] = "DELETE FROM {gx_pin} WHERE object = ?1";
static const char SQL_REMOVED[] = "SELECT 1 FROM {gx_meta} WHERE kind = 'object' AND name = ?1";

typedef struct Rows {
    const char *objects, *count, *forget;
} Rows;
static const Rows ROWS[] = {{SQL_MARKED, SQL_MARKS, SQL_FORGET_MARKS},
                            {SQL_PINNED, SQL_PINS, SQL_FORGET_PINS}};

static void add_nowhere(Sql *q, const Object *o, bool twin)
{
    sql_lit(q, " AND NOT EXISTS (SELECT 1 FROM ");
    if (twin)
        sql_twin(q, o);
    else
        sql_table(q, o);
    sql_lit(q, " t WHERE t.\"id\" = record)");
}

/* Of an object that is there: its records that are gone with their past. */
static void add_condition(Sql *q, const Object *o)
{
    if (!o)
        return;
    add_nowhere(q, o, false);
    if (o->history)
        add_nowhere(q, o, true);
}

static Status count_left(Ctx *cx, const Rows *of, const Object *o, const DbVal *name, int64_t *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    bool row = false;
    buf_str_add(&q.text, str_of(of->count));
    add_condition(&q, o);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, name, 1));
    TRY(db_next(s, &row));
    *ret = row ? db_col_int(s, 0) : 0;
    return ST_OK;
}

static Status look_at(Ctx *cx, Plan *plan, const Rows *of, Str object, int64_t *ret)
{
    const Object *o = meta_object(cx->meta, object);
    const DbVal name = db_text(object);
    int64_t found = 0, n = 0;
    bool removed = false;
    if (!o)
        TRY(db_get_int(cx, SQL_REMOVED, &name, 1, &found, &removed));
    if (removed) /* in the bin: it may come back */
        return ST_OK;
    TRY(count_left(cx, of, o, &name, &n));
    *ret += n;
    if (!n)
        return ST_OK;
    Sql q = sql_new(cx->arena);
    buf_str_add(&q.text, str_of(of->forget));
    add_condition(&q, o);
    plan_exec(plan, sql_text(&q), &name, 1);
    return ST_OK;
}

Status upkeep_left_rows(Ctx *cx, Plan *plan, int64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        CLEANUP(stmt) Stmt *q = NULL;
        VEC(Str) objects = {0};
        TRY(db_prepare(cx, ROWS[i].objects, &q));
        for (bool row = true;;) {
            TRY(db_next(q, &row));
            if (!row)
                break;
            VEC_PUSH(cx->arena, &objects, str_copy(cx->arena, db_col_text(q, 0)));
        }
        for (size_t k = 0; k < objects.n; k++)
            TRY(look_at(cx, plan, &ROWS[i], objects.v[k], ret));
    }
    return ST_OK;
}
