/* SPDX-License-Identifier: Apache-2.0 */
/* Records as they are compared: only the columns of the fields that rules name, many at a time. */
#include "duplicate/duplicate_internal.h"
#include <stdlib.h>

/* Each field once, though rules may compare it in two ways. */
static bool is_first(const Object *o, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (o->match_fields[k].field == o->match_fields[i].field)
            return false;
    return true;
}

static void select_rows(const Object *o, const DuplicateWhich *w, Sql *q)
{
    sql_lit(q, "SELECT \"id\", \"version\"");
    for (size_t i = 0; i < o->n_match_fields; i++)
        for (int part = 0; is_first(o, i) && part < o->match_fields[i].field->n_columns; part++) {
            sql_lit(q, ", ");
            sql_column(q, -1, o->match_fields[i].field, part);
        }
    sql_lit(q, " FROM ");
    sql_table(q, o);
    if (w->ids) {
        sql_lit(q, " WHERE \"id\" IN (");
        for (size_t i = 0; i < w->n; i++) {
            if (i)
                sql_lit(q, ", ");
            sql_bind_int(q, w->ids[i]);
        }
        sql_lit(q, ")");
        return;
    }
    sql_lit(q, " WHERE \"id\" > ");
    sql_bind_int(q, w->after);
    if (w->since) {
        sql_lit(q, " AND \"changed\" > ");
        sql_bind_int(q, w->since);
    }
    sql_lit(q, " ORDER BY \"id\" LIMIT ");
    sql_number(q, (int64_t)w->n);
}

/* Texts of a row are borrowed from the statement: they are copied. */
static void read_row(Ctx *cx, const Object *o, const Stmt *s, DuplicateRow *row)
{
    Value *values = ARENA_ARRAY(cx->arena, Value, o->n_fields);
    int col = 2;
    for (size_t i = 0; i < o->n_match_fields; i++) {
        const Field *f = o->match_fields[i].field;
        if (!is_first(o, i))
            continue;
        f->type->load(cx->arena, f, s, col, &values[f->index]);
        if (values[f->index].t == V_TEXT) {
            values[f->index].s = str_copy(cx->arena, values[f->index].s);
            values[f->index].shown = STR_NULL;
        }
        col += f->n_columns;
    }
    *row = (DuplicateRow){.id = db_col_id(s, 0), .version = db_col_int(s, 1), .values = values};
    row->texts = duplicate_texts(cx, o, values);
}

Str *duplicate_texts(Ctx *cx, const Object *o, const Value *values)
{
    Str *texts = ARENA_ARRAY(cx->arena, Str, o->n_match_fields + 1);
    for (size_t i = 0; i < o->n_match_fields; i++)
        texts[i] = match_of(cx->arena, &o->match_fields[i], values);
    return texts;
}

Status duplicate_rows(Ctx *cx, const Object *o, const DuplicateWhich *which, DuplicateRow **ret,
                      size_t *ret_n)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    *ret = ARENA_ARRAY(cx->arena, DuplicateRow, which->n + 1);
    *ret_n = 0;
    if (which->ids && !which->n)
        return ST_OK;
    select_rows(o, which, &q);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    for (bool row = true; *ret_n < which->n;) {
        TRY(db_next(s, &row));
        if (!row)
            break;
        read_row(cx, o, s, &(*ret)[(*ret_n)++]);
    }
    return ST_OK;
}

/* ---- candidates */
typedef struct Seen {
    Id id;
    size_t times;
} Seen;

static int compare_seen(const void *x, const void *y)
{
    const Seen *a = x, *b = y;
    if (a->times != b->times)
        return a->times < b->times ? 1 : -1;
    return (a->id > b->id) - (a->id < b->id);
}

static void note(Seen *seen, size_t *n, size_t room, Id id)
{
    for (size_t i = 0; i < *n; i++)
        if (seen[i].id == id) {
            seen[i].times++;
            return;
        }
    if (*n < room)
        seen[(*n)++] = (Seen){id, 1};
}

void duplicate_sql_keys(const Object *of, const int64_t *keys, size_t n, Str joint, Sql *q)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_str_add(&q->text, joint);
        sql_lit(q, "SELECT record FROM (SELECT record FROM {gx_match} WHERE object = ");
        sql_bind_int(q, of->number);
        sql_lit(q, " AND key = ");
        sql_bind_int(q, keys[i]);
        sql_lit(q, " ORDER BY record DESC LIMIT ");
        sql_number(q, DUPLICATE_PER_KEY);
        sql_lit(q, ") k");
        sql_number(q, (int64_t)i);
    }
}

Status duplicate_candidates(Ctx *cx, const Object *of, const int64_t *keys, size_t n, size_t most,
                            Id **ret, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    Seen *seen = ARENA_ARRAY(cx->arena, Seen, n * DUPLICATE_PER_KEY + 1);
    size_t n_seen = 0;
    *ret_n = 0;
    if (!n)
        return ST_OK;
    duplicate_sql_keys(of, keys, n, STR(" UNION ALL "), &q);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    for (bool row = true;;) {
        TRY(db_next(s, &row));
        if (!row)
            break;
        note(seen, &n_seen, n * DUPLICATE_PER_KEY, db_col_id(s, 0));
    }
    if (n_seen > 1)
        qsort(seen, n_seen, sizeof *seen, compare_seen);
    *ret_n = n_seen < most ? n_seen : most;
    *ret = ARENA_ARRAY(cx->arena, Id, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = seen[i].id;
    return ST_OK;
}
