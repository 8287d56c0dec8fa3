/* SPDX-License-Identifier: Apache-2.0 */
/* Costs with their probabilities: a table that adds up what costs the same, and sorted lists that are asked how likely
 * two costs reach a limit together. */
#include "analytics/crosstab_exact_internal.h"
#include <stdlib.h>

#define FREE INT64_MIN

static inline size_t place(int64_t cost, size_t mask)
{
    uint64_t h = (uint64_t)cost * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h >> 32) & mask;
}

static inline CostEntry *find(CostEntry *slot, size_t mask, int64_t cost)
{
    size_t at = place(cost, mask);
    while (slot[at].cost != cost && slot[at].cost != FREE)
        at = (at + 1) & mask;
    return slot + at;
}

static void widen(Arena *a, CostTable *t)
{
    size_t room = t->slot ? 2 * (t->mask + 1) : 16;
    CostEntry *slot = arena_alloc(a, room * sizeof(*slot));
    for (size_t i = 0; i < room; i++)
        slot[i] = (CostEntry){FREE, 0};
    for (size_t i = 0; t->slot && i <= t->mask; i++)
        if (t->slot[i].cost != FREE)
            *find(slot, room - 1, t->slot[i].cost) = t->slot[i];
    t->slot = slot;
    t->mask = room - 1;
}

static inline void add(Arena *a, CostTable *t, int64_t cost, double p)
{
    if (!t->slot || 3 * t->n > 2 * t->mask)
        widen(a, t);
    CostEntry *e = find(t->slot, t->mask, cost);
    t->n += e->cost == FREE;
    e->cost = cost;
    e->p += p;
}

void crosstab_costs_add(Arena *a, CostTable *t, int64_t cost, double p) { add(a, t, cost, p); }

void crosstab_costs_shift(Arena *a, CostTable *t, const CostList *l, size_t from, size_t to,
                          int64_t cost, double p)
{
    for (size_t i = from; i < to; i++)
        add(a, t, l->entry[i].cost + cost, l->entry[i].p * p);
}

static int by_cost(const void *a, const void *b)
{
    int64_t x = ((const CostEntry *)a)->cost, y = ((const CostEntry *)b)->cost;
    return (x > y) - (x < y);
}

static size_t bucket_of(const CostList *l, int64_t cost)
{
    return (size_t)(((uint64_t)cost - (uint64_t)l->least) >> l->shift);
}

/* Few entries fall into a bucket; where many do, qsort. */
static void sort_bucket(CostEntry *e, size_t n)
{
    enum { MANY = 24 };
    if (n > MANY) {
        qsort(e, n, sizeof(*e), by_cost);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        CostEntry now = e[i];
        size_t at = i;
        for (; at > 0 && e[at - 1].cost > now.cost; at--)
            e[at] = e[at - 1];
        e[at] = now;
    }
}

/* Buckets of equal width, one or two for each entry. */
static size_t lay_buckets(CostList *l, const CostTable *t)
{
    l->least = INT64_MAX;
    l->most = INT64_MIN;
    for (size_t i = 0; i <= t->mask; i++)
        if (t->slot[i].cost != FREE) {
            l->least = t->slot[i].cost < l->least ? t->slot[i].cost : l->least;
            l->most = t->slot[i].cost > l->most ? t->slot[i].cost : l->most;
        }
    while (((uint64_t)l->most - (uint64_t)l->least) >> l->shift >= 2 * t->n)
        l->shift++;
    return bucket_of(l, l->most) + 1;
}

/* Sorted by dealing the entries out to buckets, which are the index of the list as well. */
void crosstab_costs_list(Arena *a, const CostTable *t, CostList *ret)
{
    CostList l = {.n = t->n};
    l.entry = arena_alloc(a, (t->n + 1) * sizeof(*l.entry));
    l.tail = ARENA_ARRAY(a, double, t->n + 1);
    size_t buckets = t->n ? lay_buckets(&l, t) : 0;
    l.start = ARENA_ARRAY(a, uint32_t, buckets + 2);
    for (size_t i = 0; t->n && i <= t->mask; i++)
        if (t->slot[i].cost != FREE)
            l.start[bucket_of(&l, t->slot[i].cost) + 2]++;
    for (size_t b = 2; b < buckets + 2; b++)
        l.start[b] += l.start[b - 1];
    for (size_t i = 0; t->n && i <= t->mask; i++) /* start[b + 1] moves from its first to its end */
        if (t->slot[i].cost != FREE)
            l.entry[l.start[bucket_of(&l, t->slot[i].cost) + 1]++] = t->slot[i];
    for (size_t b = 0; b < buckets; b++)
        sort_bucket(l.entry + l.start[b], l.start[b + 1] - l.start[b]);
    for (size_t i = l.n; i-- > 0;)
        l.tail[i] = l.entry[i].p + l.tail[i + 1];
    *ret = l;
}

static inline size_t from_cost(const CostList *l, int64_t cost)
{
    if (l->n == 0 || cost <= l->least)
        return 0;
    if (cost > l->most)
        return l->n;
    size_t i = l->start[((uint64_t)cost - (uint64_t)l->least) >> l->shift];
    while (l->entry[i].cost < cost)
        i++;
    return i;
}

size_t crosstab_costs_from(const CostList *l, int64_t cost) { return from_cost(l, cost); }

/* The shorter side is gone through, the other one asked. */
double crosstab_costs_pairs(const CostList *a, size_t from, size_t to, const CostList *b,
                            int64_t limit)
{
    double sum = 0;
    if (from >= to)
        return 0;
    if (to - from <= b->n) {
        for (size_t i = from; i < to; i++)
            sum += a->entry[i].p * b->tail[from_cost(b, limit - a->entry[i].cost)];
        return sum;
    }
    for (size_t i = 0; i < b->n; i++) {
        size_t first = from_cost(a, limit - b->entry[i].cost);
        first = first < from ? from : first > to ? to : first;
        sum += b->entry[i].p * (a->tail[first] - a->tail[to]);
    }
    return sum;
}
