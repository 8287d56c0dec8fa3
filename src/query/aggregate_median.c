/* SPDX-License-Identifier: Apache-2.0 */
/* Medians. How many values a group has is known from the first statement, so the ordered values are
 * read as a stream and only the one or two in the middle are kept; no value is stored. */
#include "query/aggregate.h"

/* SELECT groups…, value FROM … WHERE … AND value IS NOT NULL ORDER BY groups…, value */
static Status median_statement(Aggregate *a, const Measure *m, bool grouped, int64_t n, Stmt **ret)
{
    Base *b;
    DbType type;
    TRY(filter_begin(a->cx, a->o, a->filter, &b));
    filter_search_add(b, a->search);
    Sql text = sql_fragment(&b->sql), value = sql_fragment(&b->sql);
    size_t n_groups = grouped ? a->n_groups : 0;
    sql_lit(&text, "SELECT ");
    for (size_t i = 0; i < n_groups; i++) {
        TRY(aggregate_group_sql(a, b, &a->groups[i], &text, &type));
        sql_lit(&text, ", ");
    }
    TRY(aggregate_value_sql(a, b, m, &value, &type));
    sql_append(&text, &value);
    filter_from(b, &text);
    sql_lit(&text, " AND ");
    sql_append(&text, &value);
    sql_lit(&text, " IS NOT NULL ORDER BY ");
    for (size_t i = 0; i <= n_groups; i++) {
        if (i > 0)
            sql_lit(&text, ", ");
        sql_number(&text, (int64_t)i + 1);
    }
    if (!grouped) {
        sql_lit(&text, " LIMIT 2 OFFSET ");
        sql_bind_int(&text, (n - 1) / 2);
    }
    TRY(filter_prepare(a->cx, &text, ret));
    if (grouped)
        db_stream(*ret);
    return ST_OK;
}

/* The value at place `at` (from 0) of n ordered ones; an odd middle counts twice. */
static void median_take(Figure *f, int64_t at, int64_t v)
{
    if (at == (f->n - 1) / 2)
        f->sum += v;
    if (at == f->n / 2)
        f->sum += v;
}

static Status median_total(Aggregate *a, size_t which, AggregateRow *row)
{
    Figure *f = &row->figures[which];
    CLEANUP(stmt) Stmt *q = NULL;
    if (f->n == 0)
        return ST_OK;
    TRY(median_statement(a, &a->measures[which], false, f->n, &q));
    for (int64_t at = (f->n - 1) / 2;; at++) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        median_take(f, at, db_col_int(q, 0));
    }
}

static bool median_same_group(Aggregate *a, const Stmt *q, DbVal *groups)
{
    bool same = true;
    for (size_t i = 0; i < a->n_groups; i++) {
        DbVal v = aggregate_cell(a->cx->arena, q, (int)i, a->groups[i].type);
        const DbVal *old = &groups[i];
        bool bytes = v.type == DB_TEXT || v.type == DB_BLOB;
        same = same && old->type == v.type && old->null == v.null &&
               (v.null || (bytes               ? str_eq(old->s, v.s)
                           : v.type == DB_BOOL ? old->b == v.b
                                               : old->i == v.i));
        groups[i] = v;
    }
    return same;
}

static Status median_groups(Aggregate *a, size_t which, AggregateRows *rows)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(median_statement(a, &a->measures[which], true, 0, &q));
    DbVal *groups = ARENA_ARRAY(a->cx->arena, DbVal, a->n_groups);
    AggregateRow *row = NULL;
    int64_t at = 0;
    for (bool first = true;; first = false, at++) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        if (!median_same_group(a, q, groups) || first) {
            row =
                map_get(&rows->by_group, aggregate_group_bytes(a->cx->arena, groups, a->n_groups));
            at = 0;
        }
        if (row)
            median_take(&row->figures[which], at, db_col_int(q, (int)a->n_groups));
    }
}

Status aggregate_medians(Aggregate *a, bool grouped, AggregateRows *rows)
{
    if (!aggregate_has_median(a) || rows->rows.n == 0)
        return ST_OK;
    rows->by_group = map_in(a->cx->arena);
    for (size_t i = 0; grouped && i < rows->rows.n; i++) {
        AggregateRow *row = &rows->rows.v[i];
        map_put(&rows->by_group, aggregate_group_bytes(a->cx->arena, row->groups, a->n_groups),
                row);
    }
    for (size_t i = 0; i < a->n_measures; i++) {
        if (a->measures[i].kind != MEASURE_MEDIAN)
            continue;
        if (grouped)
            TRY(median_groups(a, i, rows));
        else
            TRY(median_total(a, i, &rows->rows.v[0]));
    }
    return ST_OK;
}
