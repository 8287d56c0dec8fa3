/* SPDX-License-Identifier: Apache-2.0 */
/* Stored rollups against what their expressions give now, for the doctor. */
#include "record/record_internal.h"

static void from_derived(Sql *q, const Object *o, const SqlScope *scope)
{
    sql_lit(q, " FROM ");
    sql_table(q, o);
    sql_lit(q, " t0 LEFT JOIN ");
    sql_derived(q, o);
    sql_lit(q, " d ON d.id = t0.\"id\"");
    sql_append(q, &scope->from);
}

static Status is_wrong(Ctx *cx, const Field *f, int part, SqlScope *scope, Sql *where)
{
    sql_lit(where, " OR d.");
    sql_column(where, -1, f, part);
    if (db_kind_of(cx->db) == DB_SQLITE)
        sql_lit(where, " IS NOT (");
    else
        sql_lit(where, " IS DISTINCT FROM (");
    TRY(expr_rollup_part_sql(cx, f, part, scope, where));
    sql_lit(where, ")");
    return ST_OK;
}

/* SELECT d.id, t0.id … WHERE d has no row, or one of the figures differs. */
static Status wrong_rows(Ctx *cx, const Object *o, Sql *q)
{
    int aliases = 0;
    SqlScope scope = scope_new(cx, db_kind_of(cx->db), o, q, &aliases, NULL);
    Sql where = sql_fragment(q);
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind != F_ROLLUP)
            continue;
        for (int part = 0; part < f->n_derived; part++)
            TRY(is_wrong(cx, f, part, &scope, &where));
    }
    sql_lit(q, "SELECT count(*)");
    from_derived(q, o, &scope);
    sql_lit(q, " WHERE (d.id IS NULL");
    sql_append(q, &where);
    sql_lit(q, ")");
    return ST_OK;
}

static Status count(Ctx *cx, const Sql *q, int64_t *ret)
{
    CLEANUP(stmt) Stmt *s = NULL;
    bool found = false;
    TRY(db_prepare_str(cx, sql_text(q), &s));
    TRY(db_bind_all(s, q->vals->v, q->vals->n));
    TRY(db_next(s, &found));
    *ret = found ? db_col_int(s, 0) : 0;
    return ST_OK;
}

/* WHERE … of figures whose record is no more. */
static void ghosts(Sql *q, const Object *o)
{
    sql_lit(q, " FROM ");
    sql_derived(q, o);
    sql_lit(q, " WHERE id NOT IN (SELECT \"id\" FROM ");
    sql_table(q, o);
    sql_lit(q, ")");
}

static Status is_filled(Ctx *cx, const Object *o, bool *ret)
{
    static const char SQL_WAITS[] =
        "SELECT 1 FROM {gx_rollup} WHERE object = ?1 AND NOT filled LIMIT 1";
    const DbVal v = db_text(o->name);
    int64_t one = 0;
    bool waits = false;
    TRY(db_get_int(cx, SQL_WAITS, &v, 1, &one, &waits));
    *ret = !waits;
    return ST_OK;
}

Status record_rollup_verify(Ctx *cx, const Object *o, int64_t *ret_wrong, int64_t *ret_ghosts)
{
    bool filled = false;
    *ret_wrong = *ret_ghosts = 0;
    if (!record_texts(o)->n_sources)
        return ST_OK;
    TRY(is_filled(cx, o, &filled));
    if (!filled) /* known to be out of step: its job comes */
        return ST_OK;
    Sql wrong = sql_new(cx->arena), gone = sql_new(cx->arena);
    TRY(wrong_rows(cx, o, &wrong));
    TRY(count(cx, &wrong, ret_wrong));
    sql_lit(&gone, "SELECT count(*)");
    ghosts(&gone, o);
    return count(cx, &gone, ret_ghosts);
}

void record_rollup_repair(Ctx *cx, Plan *plan, const Object *o)
{
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "DELETE");
    ghosts(&q, o);
    plan_exec(plan, sql_text(&q), NULL, 0);
    record_rollup_mark(plan, o);
}
