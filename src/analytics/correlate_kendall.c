/* SPDX-License-Identifier: Apache-2.0 */
/* Kendall's tau-b by Knight's way: order by x then y with radix sorts, count the pairs that y has the other way
 * round while merging. Values of y become whole ranks first, so that merging moves four bytes a row. */
#include "analytics/correlate.h"
#include "analytics/dist.h"
#include "analytics/ranks_internal.h"
#include <string.h>

typedef struct Item {
    uint32_t y;
    double w;
} Item;

typedef struct Ties {
    long double pairs, t0, t1; /* Σ t(t−1)/2, Σ t(t−1)(t−2), Σ t(t−1)(2t+5) */
} Ties;

typedef struct Kendall {
    size_t n; /* complete pairs */
    double *x, *y, *w;
    const RankKey *by_x; /* positions in y's order */
    uint32_t *rank;      /* of y, in the order of x then y */
    Item *item;          /* the same with weights; NULL without */
    long double total;
    Ties ties_x, ties_y, both;
} Kendall;

static void add_tie(Ties *s, long double t)
{
    s->pairs += t * (t - 1) / 2;
    s->t0 += t * (t - 1) * (t - 2);
    s->t1 += t * (t - 1) * (2 * t + 5);
}

static Status complete(Kernel *k, const double *x, const double *y, const double *w, size_t n,
                       Kendall *d)
{
    for (size_t i = 0; i < n; i++) {
        double weight = w ? w[i] : 1;
        if (isinf(x[i]) || isinf(y[i]))
            return kernel_fail(k, FAULT_NOT_FINITE, isinf(x[i]) ? 0 : 1, (int64_t)i);
        if (isnan(x[i]) || isnan(y[i]) || !(weight > 0))
            continue;
        d->x[d->n] = x[i];
        d->y[d->n] = y[i];
        if (w)
            d->w[d->n] = weight;
        d->n++;
        d->total += (long double)weight;
    }
    return ST_OK;
}

/* Puts x and the weights into y's order; rank: dense ranks of y in that order. */
static Status order_by_y(Kernel *k, Arena *a, Kendall *d, uint32_t *rank)
{
    const RankKey *by_y;
    TRY(ranks_sort(k, a, d->y, NULL, d->n, &by_y));
    double *x = arena_alloc(a, sizeof(*x) * (d->n + 1)), *w = d->w;
    if (w)
        d->w = arena_alloc(a, sizeof(*w) * (d->n + 1));
    uint32_t now = 0;
    for (size_t i = 0, end; i < d->n; i = end, now++) {
        long double tied = 0;
        for (end = i; end < d->n && by_y[end].key == by_y[i].key; end++) {
            rank[end] = now;
            x[end] = d->x[by_y[end].at];
            tied += w ? (long double)(d->w[end] = w[by_y[end].at]) : 1;
        }
        add_tie(&d->ties_y, tied);
    }
    d->x = x;
    return ST_OK;
}

/* Then by x, which keeps y's order among equals. */
static Status order_by_x(Kernel *k, Arena *a, Kendall *d, const uint32_t *rank)
{
    TRY(ranks_sort(k, a, d->x, NULL, d->n, &d->by_x));
    d->item = d->w ? arena_alloc(a, sizeof(*d->item) * (d->n + 1)) : NULL;
    for (size_t i = 0; i < d->n; i++) {
        d->rank[i] = rank[d->by_x[i].at];
        if (d->item)
            d->item[i] = (Item){d->rank[i], d->w[d->by_x[i].at]};
    }
    for (size_t i = 0, end; i < d->n; i = end) {
        long double tied = 0, same = 0;
        for (end = i; end < d->n && d->by_x[end].key == d->by_x[i].key; end++) {
            long double w = d->item ? (long double)d->item[end].w : 1;
            if (end > i && d->rank[end] != d->rank[end - 1]) {
                add_tie(&d->both, same);
                same = 0;
            }
            tied += w;
            same += w;
        }
        add_tie(&d->ties_x, tied);
        add_tie(&d->both, same);
    }
    return ST_OK;
}

/* ---- pairs out of order */
enum { SHORT = 16 };

static uint64_t insert_sort(uint32_t *v, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 1; i < n; i++) {
        uint32_t x = v[i];
        size_t j = i;
        for (; j > 0 && v[j - 1] > x; j--)
            v[j] = v[j - 1];
        v[j] = x;
        sum += i - j;
    }
    return sum;
}

/* Without branches that nobody could foretell. */
static uint64_t merge(const uint32_t *a, size_t n, const uint32_t *b, size_t m, uint32_t *to)
{
    uint64_t sum = 0;
    size_t i = 0, j = 0;
    while (i < n && j < m) {
        bool is_second = b[j] < a[i];
        *to++ = is_second ? b[j] : a[i];
        sum += is_second ? n - i : 0;
        j += is_second;
        i += !is_second;
    }
    memcpy(to, a + i, (n - i) * sizeof(*a));
    memcpy(to + (n - i), b + j, (m - j) * sizeof(*b));
    return sum;
}

static uint64_t inversions(uint32_t *v, uint32_t *other, size_t n)
{
    uint64_t sum = 0;
    for (size_t from = 0; from < n; from += SHORT)
        sum += insert_sort(v + from, n - from < SHORT ? n - from : SHORT);
    for (size_t width = SHORT; width < n; width *= 2) {
        for (size_t from = 0; from < n; from += 2 * width) {
            size_t left = n - from < width ? n - from : width;
            size_t right = n - from - left < width ? n - from - left : width;
            sum += merge(v + from, left, v + from + left, right, other + from);
        }
        uint32_t *swap = v;
        v = other;
        other = swap;
    }
    return sum;
}

/* The same with weights. */
static long double weighted_inversions(Item *v, Item *other, size_t n)
{
    long double sum = 0, left = 0;
    if (n < 2)
        return 0;
    size_t half = n / 2, i = 0, j = half, to = 0;
    sum +=
        weighted_inversions(v, other, half) + weighted_inversions(v + half, other + half, n - half);
    for (size_t l = 0; l < half; l++)
        left += (long double)v[l].w;
    while (i < half && j < n) {
        if (v[i].y <= v[j].y) {
            left -= (long double)v[i].w;
            other[to++] = v[i++];
        } else {
            sum += left * (long double)v[j].w;
            other[to++] = v[j++];
        }
    }
    memcpy(other + to, v + i, (half - i) * sizeof(*v));
    memcpy(other + to + (half - i), v + j, (n - j) * sizeof(*v));
    memcpy(v, other, n * sizeof(*v));
    return sum;
}

static Status finish(Kernel *k, const Kendall *d, long double discordant, Correlation *ret)
{
    const Ties *x = &d->ties_x, *y = &d->ties_y;
    long double n = d->total, all = n * (n - 1) / 2, m = n * (n - 1);
    if (n < 3)
        return kernel_too_few(k, 0, 3);
    if (all - x->pairs <= 0 || all - y->pairs <= 0)
        return kernel_fail(k, FAULT_CONSTANT, all - x->pairs <= 0 ? 0 : 1, -1);
    long double s = all - x->pairs - y->pairs + d->both.pairs - 2 * discordant;
    long double variance = (m * (2 * n + 5) - x->t1 - y->t1) / 18 + 2 * x->pairs * y->pairs / m +
                           x->t0 * y->t0 / (9 * m * (n - 2));
    ret->n = (double)n;
    ret->r = (double)(s / (sqrtl(all - x->pairs) * sqrtl(all - y->pairs)));
    ret->p = dist_normal_two((double)(s / sqrtl(variance)));
    ret->t = ret->df = ret->low = ret->high = NAN;
    return ST_OK;
}

Status correlate_kendall(Kernel *k, const double *x, const double *y, const double *w, size_t n,
                         Correlation *ret)
{
    CLEANUP(arena) Arena *a = arena_new(65536);
    Kendall d = {.x = arena_alloc(a, sizeof(double) * (n + 1)),
                 .y = arena_alloc(a, sizeof(double) * (n + 1)),
                 .w = w ? arena_alloc(a, sizeof(double) * (n + 1)) : NULL,
                 .rank = arena_alloc(a, sizeof(uint32_t) * (n + 1))};
    uint32_t *rank = arena_alloc(a, sizeof(*rank) * (n + 1));
    *ret = (Correlation){0};
    TRY(complete(k, x, y, w, n, &d));
    TRY(order_by_y(k, a, &d, rank));
    TRY(order_by_x(k, a, &d, rank));
    long double discordant;
    if (d.item)
        discordant = weighted_inversions(d.item, arena_alloc(a, sizeof(Item) * (d.n + 1)), d.n);
    else
        discordant = (long double)inversions(d.rank, rank, d.n);
    return kernel_cancelled(k) ? ST_BUSY : finish(k, &d, discordant, ret);
}
