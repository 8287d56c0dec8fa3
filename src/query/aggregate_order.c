/* SPDX-License-Identifier: Apache-2.0 */
/* Titles of linked groups and the exact order of the rows: figures as exact ratios, links by
 * position or title as lists sort them, nulls last in both directions. */
#include "base/utf8.h"
#include "query/aggregate.h"

bool aggregate_leads(const Field *f) { return f->kind == F_LINK || f->kind == F_LINKS; }

Status aggregate_titles(Aggregate *a, AggregateRows *rows)
{
    for (size_t g = 0; g < a->n_groups; g++) {
        if (!aggregate_leads(a->groups[g].field))
            continue;
        VEC(Id) ids = {0};
        for (size_t i = 0; i < rows->rows.n; i++)
            if (!rows->rows.v[i].groups[g].null)
                VEC_PUSH(a->cx->arena, &ids, rows->rows.v[i].groups[g].i);
        TRY(title_load(a->cx, a->groups[g].field->to, ids.v, ids.n, &rows->titles[g],
                       &rows->n_titles[g]));
        for (size_t i = 0; i < rows->n_titles[g]; i++) {
            TitleRow *row = &rows->titles[g][i];
            row->sort_key = fold_sort_key(a->cx->arena, row->title.p ? row->title : STR(""));
        }
    }
    return ST_OK;
}

static int order_int(__int128 x, __int128 y) { return (x > y) - (x < y); }

static int order_link(const AggregateRows *rows, size_t g, Id x, Id y)
{
    const TitleRow *a = title_find(rows->titles[g], rows->n_titles[g], x);
    const TitleRow *b = title_find(rows->titles[g], rows->n_titles[g], y);
    if (!a && !b)
        return order_int(x, y);
    if (!a || !b) /* who cannot be seen comes last */
        return a ? -1 : 1;
    if (a->position != b->position)
        return order_int(a->position, b->position);
    int by_title = str_cmp(a->sort_key, b->sort_key);
    return by_title ? by_title : order_int(x, y);
}

static int order_cell(const DbVal *x, const DbVal *y)
{
    switch ((DbType)x->type) {
    case DB_TEXT:
    case DB_BLOB: return str_cmp(x->s, y->s);
    case DB_REAL: return (x->r > y->r) - (x->r < y->r);
    case DB_BOOL: return (int)x->b - (int)y->b;
    case DB_INT: break;
    }
    return order_int(x->i, y->i);
}

static int order_figure(const Measure *m, const Figure *x, const Figure *y)
{
    switch (m->kind) {
    case MEASURE_AVG: return order_int(x->sum * y->n, y->sum * x->n);
    case MEASURE_SUM:
    case MEASURE_MEDIAN: return order_int(x->sum, y->sum);
    case MEASURE_MIN:
    case MEASURE_MAX: return order_cell(&x->value, &y->value);
    default: return order_int(x->n, y->n);
    }
}

typedef struct Compare {
    const Aggregate *a;
    const AggregateRows *rows;
} Compare;

/* Nulls last whatever the direction: the answer is final, not to be turned round. */
static int order_nulls(bool x, bool y) { return (int)x - (int)y; }

static int order_by_group(const Compare *c, size_t g, bool down, const AggregateRow *x,
                          const AggregateRow *y)
{
    const DbVal *p = &x->groups[g], *q = &y->groups[g];
    if (p->null || q->null)
        return order_nulls(p->null, q->null);
    int by = aggregate_leads(c->a->groups[g].field) ? order_link(c->rows, g, p->i, q->i)
                                                    : order_cell(p, q);
    return down ? -by : by;
}

static int order_by_measure(const Compare *c, size_t m, bool down, const AggregateRow *x,
                            const AggregateRow *y)
{
    const Measure *measure = &c->a->measures[m];
    const Figure *p = &x->figures[m], *q = &y->figures[m];
    bool counts = measure->kind == MEASURE_COUNT || measure->kind == MEASURE_DISTINCT;
    if (!counts && (p->n == 0 || q->n == 0))
        return order_nulls(p->n == 0, q->n == 0);
    int by = order_figure(measure, p, q);
    return down ? -by : by;
}

static int order_rows(const void *x, const void *y, void *arg)
{
    const Compare *c = arg;
    for (size_t i = 0; i < c->a->n_orders; i++) {
        const Order *o = &c->a->orders[i];
        int by = o->group >= 0 ? order_by_group(c, (size_t)o->group, o->down, x, y)
                               : order_by_measure(c, (size_t)o->measure, o->down, x, y);
        if (by)
            return by;
    }
    for (size_t g = 0; g < c->a->n_groups; g++) {
        int by = order_by_group(c, g, false, x, y);
        if (by)
            return by;
    }
    return 0;
}

void aggregate_sort(Aggregate *a, AggregateRows *rows)
{
    Compare c = {.a = a, .rows = rows};
    if (rows->rows.n == 0)
        return;
    qsort_r(rows->rows.v, rows->rows.n, sizeof(*rows->rows.v), order_rows, &c);
    if ((int64_t)rows->rows.n > a->limit) {
        rows->rows.n = (size_t)a->limit;
        rows->cut = true;
    }
}
