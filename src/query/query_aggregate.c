/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates: figures per group and their total, always computed from records. Counts and sums of
 * all groups add up to the total; distincts and medians do not and are asked for again. */
#include "base/decimal.h"
#include "query/aggregate.h"
#include "query/columns.h"
#include <math.h>

static bool total_adds_up(const Aggregate *a, const AggregateRows *rows)
{
    for (size_t i = 0; i < a->n_measures; i++) {
        MeasureKind kind = a->measures[i].kind;
        if (kind != MEASURE_COUNT && kind != MEASURE_SUM && kind != MEASURE_AVG)
            return false;
    }
    for (size_t i = 0; i < a->n_groups; i++)
        if (field_is_many(a->groups[i].field)) /* a record with two tags is in two groups */
            return false;
    return !rows->cut;
}

static AggregateRow total_of(const Aggregate *a, const AggregateRows *rows)
{
    AggregateRow total = {.figures = ARENA_ARRAY(a->cx->arena, Figure, a->n_measures)};
    for (size_t i = 0; i < rows->rows.n; i++) {
        for (size_t m = 0; m < a->n_measures; m++) {
            total.figures[m].n += rows->rows.v[i].figures[m].n;
            total.figures[m].sum += rows->rows.v[i].figures[m].sum;
        }
    }
    return total;
}

static Status aggregate_total(Aggregate *a, const AggregateRows *rows, AggregateRow *ret)
{
    AggregateRows one;
    if (total_adds_up(a, rows)) {
        *ret = total_of(a, rows);
        return ST_OK;
    }
    TRY(aggregate_read(a, false, &one));
    TRY(aggregate_medians(a, false, &one));
    *ret = one.rows.v[0];
    return ST_OK;
}

/* Groups and figures, in the database's order. */
static Status aggregate_rows(Aggregate *a, AggregateRows *ret)
{
    bool grouped = a->n_groups > 0;
    bool done = false;
    TRY(columns_aggregate(a, ret, &done));
    if (done)
        return ST_OK;
    TRY(aggregate_read(a, grouped, ret));
    return aggregate_medians(a, grouped, ret);
}

static Status aggregate_answer(Ctx *cx, const Object *o, const json_t *body, Buf *out)
{
    Aggregate a;
    AggregateRows rows;
    AggregateRow total;
    TRY(aggregate_parse(cx, o, body, &a));
    TRY(aggregate_rows(&a, &rows));
    if (a.n_groups > 0) {
        TRY(aggregate_total(&a, &rows, &total));
        TRY(aggregate_titles(&a, &rows));
        aggregate_sort(&a, &rows);
    } else {
        total = rows.rows.v[0];
    }
    aggregate_write(&a, &rows, &total, out);
    if (buf_overflowed(out))
        return FAIL(cx, ST_TOO_LARGE, "query.answer_too_large", "the answer is too large");
    return ST_OK;
}

/* A figure as a number: an extreme of days as the day, of instants as the ms. */
static double aggregate_number(const Measure *m, const Figure *f)
{
    if (m->kind == MEASURE_COUNT || m->kind == MEASURE_DISTINCT)
        return (double)f->n;
    if (f->n == 0)
        return NAN;
    double scale = (double)decimal_pow10(aggregate_scale(m->field));
    if (m->kind == MEASURE_MIN || m->kind == MEASURE_MAX)
        return (double)f->value.i / scale;
    double parts = m->kind == MEASURE_AVG ? (double)f->n : m->kind == MEASURE_MEDIAN ? 2 : 1;
    return (double)f->sum / parts / scale;
}

Status query_figures(Ctx *cx, const Object *o, const json_t *body, QueryFigures *ret)
{
    Aggregate a;
    AggregateRows rows;
    TRY(aggregate_parse(cx, o, body, &a));
    if (a.n_groups != 1 || a.groups[0].field->kind != F_LINK)
        return FAIL(cx, ST_INTERNAL, NULL, "figures are asked for by one link");
    TRY(aggregate_rows(&a, &rows));
    aggregate_sort(&a, &rows);
    *ret = (QueryFigures){.n = rows.rows.n,
                          .measures = a.n_measures,
                          .ids = ARENA_ARRAY(cx->arena, Id, rows.rows.n + 1),
                          .values = ARENA_ARRAY(cx->arena, double, rows.rows.n *a.n_measures + 1)};
    for (size_t i = 0; i < rows.rows.n; i++) {
        const AggregateRow *row = &rows.rows.v[i];
        ret->ids[i] = row->groups[0].null ? 0 : row->groups[0].i;
        for (size_t m = 0; m < a.n_measures; m++)
            ret->values[i * a.n_measures + m] = aggregate_number(&a.measures[m], &row->figures[m]);
    }
    return ST_OK;
}

Status query_aggregate(Ctx *cx, const Object *o, const json_t *body, Buf *out)
{
    Id around = cx->as_of;
    Str as_of = json_get_str(body, "as_of");
    if (as_of.n)
        TRY(query_as_of(cx, as_of, &cx->as_of));
    Status st = aggregate_answer(cx, o, body, out);
    cx->as_of = around;
    return st;
}
