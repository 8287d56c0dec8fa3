/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates: figures per group and their total, always computed from records. Counts and sums of
 * all groups add up to the total; distincts and medians do not and are asked for again. */
#include "query/aggregate.h"
#include "query/columns.h"

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

static Status aggregate_answer(Ctx *cx, const Object *o, const json_t *body, Buf *out)
{
    Aggregate a;
    AggregateRows rows;
    AggregateRow total;
    TRY(aggregate_parse(cx, o, body, &a));
    bool grouped = a.n_groups > 0;
    bool done = false;
    TRY(columns_aggregate(&a, &rows, &done));
    if (!done) {
        TRY(aggregate_read(&a, grouped, &rows));
        TRY(aggregate_medians(&a, grouped, &rows));
    }
    if (grouped) {
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
