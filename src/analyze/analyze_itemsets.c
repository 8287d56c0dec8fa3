/* SPDX-License-Identifier: Apache-2.0 */
/* itemsets: what is bought together, by support. */
#include "analyze/analyze_baskets.h"
#include <stdlib.h>

#define SHOWN 50
#define LISTED 100000

static const AnalyzeOption OPTIONS[] = {
    ANALYZE_BASKETS_OPTIONS,
    {"kind", OPTION_WORD, false, "frequent|closed|maximal", "哪一类（默认 frequent）",
     "which (default frequent)"},
};
static const ViewColumn VIEW[] = {
    {"count", "次数", "Count", CELL_COUNT},
    {"support", "支持度", "Support", CELL_PERCENT},
};

static ItemsetKind kind_of(const Analysis *an, const char **ret)
{
    Str s = analysis_text(an, "kind");
    *ret = str_is(s, "closed") ? "closed" : str_is(s, "maximal") ? "maximal" : "frequent";
    return **ret == 'c' ? ITEMSET_CLOSED : **ret == 'm' ? ITEMSET_MAXIMAL : ITEMSET_FREQUENT;
}

static int compare_counts(const void *a, const void *b, void *arg)
{
    const Itemsets *s = arg;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    if (s->count[x] != s->count[y])
        return s->count[x] > s->count[y] ? -1 : 1;
    return (x > y) - (x < y); /* sets are in order of length and items */
}

static void put_sizes(Analysis *an, json_t *o, const Itemsets *s)
{
    double by[65] = {0}, sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        by[s->start[i + 1] - s->start[i]]++;
        sum += (double)s->count[i];
    }
    result_put(o, "itemsets", (double)s->n);
    json_t *sizes = result_object(o, "by_size");
    for (int k = 1; k <= 64; k++)
        if (by[k] > 0)
            result_put(sizes, result_key(an->result, str_format(an->cx->arena, "%d", k)), by[k]);
    result_put(o, "sum_of_supports", sum);
}

static void put_sets(Analysis *an, json_t *o, const Baskets *d, const Itemsets *s)
{
    size_t *order = arena_alloc(an->cx->arena, (s->n + 1) * sizeof(*order));
    for (size_t i = 0; i < s->n; i++)
        order[i] = i;
    qsort_r(order, s->n, sizeof(*order), compare_counts, (void *)s);
    View *v = result_view(an->result, "项集（支持度最高的若干个）", "Itemsets (highest support)",
                          VIEW, COUNT_OF(VIEW));
    json_t *list = result_array(o, "sets");
    Str *names = arena_alloc(an->cx->arena, (s->n + 1) * sizeof(*names));
    double *count = arena_alloc(an->cx->arena, (s->n + 1) * sizeof(*count));
    double *share = arena_alloc(an->cx->arena, (s->n + 1) * sizeof(*share));
    for (size_t k = 0; k < s->n; k++) {
        const int32_t *item = s->item + s->start[order[k]];
        size_t n = (size_t)(s->start[order[k] + 1] - s->start[order[k]]);
        names[k] = analyze_baskets_text(an, d, item, n);
        count[k] = (double)s->count[order[k]];
        share[k] = count[k] / (double)d->b.baskets;
        if (k >= LISTED)
            continue;
        json_t *row = result_item(list);
        json_object_set_new(row, "items", analyze_baskets_items(d, item, n));
        result_put(row, "count", count[k]);
        result_put(row, "support", share[k]);
        if (k < SHOWN)
            result_row(v, names[k], row);
    }
    result_out(an->result, s->n, (OutColumn){.name = STR("items"), .text = names});
    result_out(an->result, s->n, (OutColumn){.name = STR("count"), .num = count});
    result_out(an->result, s->n, (OutColumn){.name = STR("support"), .num = share});
}

static Status run(Analysis *an)
{
    Baskets d;
    Itemsets s = {0};
    const char *kind;
    ItemsetOptions o = {.kind = kind_of(an, &kind)};
    TRY(analyze_baskets_lengths(an, 1, &o.min_length, &o.max_length));
    TRY(analyze_baskets_read(an, &d));
    o.min_count = d.min_count;
    TRY(analysis_fault(an, itemset_find(&an->kernel, &d.b, &o, &s), NULL, 0));
    json_t *t = result_object(an->result->tables, "itemsets");
    analyze_baskets_put(t, &d);
    result_put_text(t, "kind", str_of(kind));
    put_sizes(an, t, &s);
    put_sets(an, t, &d, &s);
    result_reading(an->result, text_in(an->cx, "analyze.read_itemsets",
                                       "%zu %s sets are in at least %lld of %zu baskets.", s.n,
                                       kind, (long long)d.min_count, d.b.baskets));
    return ST_OK;
}

const AnalyzeMethod analyze_itemsets = {
    "itemsets", "项集", "itemsets", OPTIONS, COUNT_OF(OPTIONS), METHOD_NO_CSV | METHOD_OUT, run};
