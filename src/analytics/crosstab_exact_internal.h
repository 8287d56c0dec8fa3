/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of Fisher's exact test share: costs as whole numbers, lists of costs, splits of a column, bounds, rests.
 *
 * The cost of a table is Σ ln x!. It is kept as a whole number made of logarithms of primes, each rounded once, so tables
 * whose products of factorials are equal cost exactly the same, however the sum was made (6! 1! and 5! 3! too). */
#pragma once
#include "analytics/crosstab_internal.h"

enum { CROSSTAB_ROWS = 24, CROSSTAB_COLS = 4096 };

typedef struct ExactNet { /* what does not change during the walk */
    size_t rows, cols;
    int32_t col[CROSSTAB_COLS]; /* falling */
    int32_t total;
    const double *f;     /* ln n!, n = 0 … total + 1 */
    const int64_t *cost; /* the same as a whole number: ln n! · scale */
    double scale, slack; /* slack: what rounding may amount to, in units of ln */
} ExactNet;

/* ---- crosstab_costs.c: probabilities by cost */
typedef struct CostEntry {
    int64_t cost;
    double p;
} CostEntry;

typedef struct CostTable { /* open addressing; {0} is empty */
    CostEntry *slot;
    size_t n, mask;
} CostTable;

typedef struct CostList { /* rising; tail[i]: probability of i and all dearer ones, tail[n] = 0 */
    CostEntry *entry;
    double *tail;
    uint32_t *start; /* of buckets 2^shift wide, from the cheapest on */
    int64_t least, most;
    int shift;
    size_t n;
} CostList;

void crosstab_costs_add(Arena *a, CostTable *t, int64_t cost, double p);
/* Adds entries `from` … `to` − 1 of a list, each dearer by `cost` and p times as likely. */
void crosstab_costs_shift(Arena *a, CostTable *t, const CostList *l, size_t from, size_t to,
                          int64_t cost, double p);
void crosstab_costs_list(Arena *a, const CostTable *t, CostList *ret);
size_t crosstab_costs_from(const CostList *l, int64_t cost); /* first entry that costs as much */
/* Probability that an entry `from` … `to` − 1 of a and any entry of b cost `limit` together. */
double crosstab_costs_pairs(const CostList *a, size_t from, size_t to, const CostList *b,
                            int64_t limit);

/* ---- crosstab_split.c: the ways to give one column to the rows */
typedef struct ExactSplit {
    const ExactNet *net;
    const int32_t *need;                                            /* of the rows, falling */
    bool (*each)(struct ExactSplit *s, int64_t cost, double log_p); /* false ends it */
    void *arg;
    int32_t take[CROSSTAB_ROWS];
    int alike[CROSSTAB_ROWS],
        same[CROSSTAB_ROWS]; /* place among rows that need the same, that take the same */
} ExactSplit;
/* log_p: Σ ln C(need, take), the likelihood of the split up to a constant, with all orders of the same shares among rows
 * that need the same. False if `each` ended it. */
bool crosstab_split(ExactSplit *s, int32_t column);
static inline bool crosstab_is_same(const int32_t *a, const int32_t *b, size_t n)
{
    size_t i = 0;
    while (i < n && a[i] == b[i])
        i++;
    return i == n;
}
/* What is still needed behind the split, in falling order. */
void crosstab_split_left(const ExactSplit *s, int32_t *left);

/* ---- crosstab_bounds.c: least and highest cost of tables with these margins */
void crosstab_bounds(const ExactNet *w, const int32_t *need, const int32_t *col, size_t cols,
                     int64_t *ret_low, int64_t *ret_high);

/* ---- crosstab_rest.c: all that the last columns can cost, by what the rows need */
typedef struct ExactRests ExactRests;
ExactRests *crosstab_rest_new(Arena *a, const ExactNet *net, const Kernel *k);
/* NULL: too many, or asked to stop. cols: how many columns are left, at least 1. */
const CostList *crosstab_rest_of(ExactRests *r, const int32_t *need, size_t cols);
/* About how many additions the list takes. */
double crosstab_rest_price(const ExactNet *net, const int32_t *need, size_t cols);
size_t crosstab_rest_steps(const ExactRests *r);
