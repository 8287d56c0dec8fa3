/* SPDX-License-Identifier: Apache-2.0 */
/* Statement texts of every object, built once when a catalogue is compiled, so that loading and
 * writing a record assembles nothing but the SET list of an update. */
#include "record/record_internal.h"

bool record_is_stored(const Field *f) { return f->n_columns > 0; }

void record_columns(Sql *q, const Object *o, int alias)
{
    for (size_t i = 0; i < o->n_fields; i++)
        for (int part = 0; part < o->fields[i]->n_columns; part++) {
            sql_column(q, alias, o->fields[i], part);
            sql_lit(q, ", ");
        }
    if (alias >= 0) {
        sql_alias(q, alias);
        sql_lit(q, ".");
    }
    sql_lit(q, "\"changed\"");
}

#define DERIVED_ALIAS 999 /* far from those that predicates take */

static void join_derived(Sql *q, const Object *o)
{
    sql_lit(q, " LEFT JOIN ");
    sql_derived(q, o);
    sql_lit(q, " ");
    sql_alias(q, DERIVED_ALIAS);
    sql_lit(q, " ON ");
    sql_column(q, DERIVED_ALIAS, o->id, 0);
    sql_lit(q, " = ");
    sql_column(q, 0, o->id, 0);
}

static Str text_select(Arena *a, const Object *o)
{
    Sql q = sql_new(a);
    bool derived = false;
    sql_lit(&q, "SELECT ");
    record_columns(&q, o, 0);
    for (size_t i = 0; i < o->n_fields; i++) {
        if (o->fields[i]->kind != F_ROLLUP)
            continue;
        derived = true;
        sql_lit(&q, ", ");
        sql_column(&q, DERIVED_ALIAS, o->fields[i], 0);
    }
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " ");
    sql_alias(&q, 0);
    if (derived)
        join_derived(&q, o);
    sql_lit(&q, " WHERE ");
    sql_alias(&q, 0);
    sql_lit(&q, ".\"id\" = ?1");
    return sql_text(&q);
}

static Str text_insert(Arena *a, const Object *o, int n)
{
    Sql q = sql_new(a);
    sql_lit(&q, "INSERT INTO ");
    sql_table(&q, o);
    sql_lit(&q, " (");
    record_columns(&q, o, -1);
    sql_lit(&q, ") VALUES (");
    for (int i = 0; i < n; i++) {
        if (i)
            sql_lit(&q, ", ");
        sql_bind_int(&q, 0);
    }
    sql_lit(&q, ")");
    return sql_text(&q);
}

static Str text_twin(Arena *a, const Object *o)
{
    Sql q = sql_new(a);
    sql_lit(&q, "INSERT INTO ");
    sql_twin(&q, o);
    sql_lit(&q, " (");
    record_columns(&q, o, -1);
    record_kept_columns(&q, o);
    sql_lit(&q, ", \"until\", \"op\") SELECT ");
    record_columns(&q, o, -1);
    record_kept_columns(&q, o);
    sql_lit(&q, ", ?2, ?3 FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" = ?1");
    return sql_text(&q);
}

static Str text_remove(Arena *a, const Object *o)
{
    Sql q = sql_new(a);
    sql_lit(&q, "DELETE FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" = ?1");
    return sql_text(&q);
}

/* SELECT of twin rows: columns, until, op. */
static Sql twin_select(Arena *a, const Object *o)
{
    Sql q = sql_new(a);
    sql_lit(&q, "SELECT ");
    record_columns(&q, o, 0);
    sql_lit(&q, ", t0.\"until\", t0.\"op\" FROM ");
    sql_twin(&q, o);
    sql_lit(&q, " t0 WHERE t0.\"id\" = ?1");
    return q;
}

static Str text_twin_last(Arena *a, const Object *o)
{
    Sql q = twin_select(a, o);
    sql_lit(&q, " AND t0.\"op\" = 'delete' ORDER BY t0.\"changed\" DESC LIMIT 1");
    return sql_text(&q);
}

static Str text_twin_before(Arena *a, const Object *o)
{
    Sql q = twin_select(a, o);
    sql_lit(&q, " AND t0.\"until\" = ?2");
    return sql_text(&q);
}

static Str text_twin_version(Arena *a, const Object *o)
{
    Sql q = twin_select(a, o);
    sql_lit(&q, " AND t0.\"version\" = ?2");
    return sql_text(&q);
}

static Str text_history_twin(Arena *a, const Object *o)
{
    Sql q = twin_select(a, o);
    sql_lit(&q, " AND t0.\"changed\" < ?2 ORDER BY t0.\"changed\" DESC LIMIT ?3");
    return sql_text(&q);
}

static Status compile_object(Ctx *cx, Meta *m, Object *o)
{
    RecordTexts *t = ARENA_NEW(m->arena, RecordTexts);
    t->first = ARENA_ARRAY(m->arena, int, o->n_fields);
    for (size_t i = 0; i < o->n_fields; i++) {
        t->first[i] = t->n_columns;
        t->n_columns += o->fields[i]->n_columns;
    }
    t->n_columns++;
    t->select = text_select(m->arena, o);
    t->insert = text_insert(m->arena, o, t->n_columns);
    t->twin = text_twin(m->arena, o);
    t->remove = text_remove(m->arena, o);
    t->twin_last = text_twin_last(m->arena, o);
    t->twin_before = text_twin_before(m->arena, o);
    t->twin_version = text_twin_version(m->arena, o);
    t->history_twin = text_history_twin(m->arena, o);
    o->cache = t;
    (void)cx;
    return ST_OK;
}

Status record_compile_meta(Ctx *cx, Meta *m)
{
    for (size_t i = 0; i < m->n_objects; i++)
        TRY(compile_object(cx, m, m->objects[i]));
    return ST_OK;
}
