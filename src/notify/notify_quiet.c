/* SPDX-License-Identifier: Apache-2.0 */
/* Of many records that one person has made (an import) nearly all are his own and name nobody: one question
 * says which ones there is anything to tell of, and only they are read. */
#include "meta/sql.h"
#include "notify/notify_internal.h"

static bool names_people(const Field *f) { return f->shares && str_is(f->to_name, "user"); }

/* Somebody else's, or naming somebody. */
static void write_condition(Sql *q, const Object *o, Id by)
{
    sql_lit(q, " AND (");
    if (o->owner) {
        sql_column(q, -1, o->owner, 0);
        sql_lit(q, " <> ");
        sql_bind_int(q, by);
    } else
        sql_lit(q, "1 = 0");
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!names_people(o->fields[i]))
            continue;
        sql_lit(q, " OR ");
        sql_column(q, -1, o->fields[i], 0);
        sql_lit(q, " IS NOT NULL");
    }
    sql_lit(q, ")");
}

/* The list is as long as a page each time, so that one text arises. */
static void write_ids(Sql *q, const Id *ids, size_t n)
{
    sql_lit(q, " IN (");
    for (size_t i = 0; i < NOTIFY_PAGE; i++) {
        if (i)
            sql_lit(q, ", ");
        sql_bind_int(q, ids[i < n ? i : n - 1]);
    }
    sql_lit(q, ")");
}

Status notify_own_only(Ctx *cx, const Object *o, Id by, const Id *ids, size_t n, Map *others)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT ");
    sql_column(&q, -1, o->id, 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, o->id, 0);
    write_ids(&q, ids, n);
    write_condition(&q, o, by);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    for (bool more;;) {
        TRY(db_next(s, &more));
        if (!more)
            return ST_OK;
        Id id = db_col_id(s, 0);
        map_put(others, str_n(arena_dup(cx->arena, &id, sizeof id), sizeof id), others);
    }
}
