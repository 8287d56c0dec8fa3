/* SPDX-License-Identifier: Apache-2.0 */
/* What the last columns can cost: for the needs of the rows a list of all costs with their probabilities, made once, from the
 * last column backwards. The walk meets it half-way: the square root of the ways that a walk to the end would add up.
 * Nothing is cut off here, so the first and last cost are exact bounds as well. */
#include "analytics/crosstab_exact_internal.h"

enum {
    MOST_ENTRIES = 2000000, /* of all lists, 32 bytes each */
    MOST_COLUMN = 2048,     /* larger ones have too many splits */
    MOST_COLS = 16
};

typedef struct Rest {
    int32_t *need;
    CostList list;
    bool is_missing; /* did not fit */
} Rest;

typedef struct Level { /* rests of so many columns, found by hash */
    Rest **slot;
    size_t n, mask;
} Level;

struct ExactRests {
    Arena *arena;
    const ExactNet *net;
    const Kernel *k;
    Level level[CROSSTAB_COLS];
    size_t entries, steps;
    bool is_full;
};

ExactRests *crosstab_rest_new(Arena *a, const ExactNet *net, const Kernel *k)
{
    ExactRests *r = ARENA_NEW(a, ExactRests);
    r->arena = a;
    r->net = net;
    r->k = k;
    return r;
}

size_t crosstab_rest_steps(const ExactRests *r) { return r->steps; }

static size_t place(const int32_t *need, size_t n, size_t mask)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (uint32_t)need[i]) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    return (size_t)h & mask;
}

static Rest **find(const ExactRests *r, const Level *l, const int32_t *need)
{
    size_t rows = r->net->rows, at = place(need, rows, l->mask);
    while (l->slot[at] && !crosstab_is_same(l->slot[at]->need, need, rows))
        at = (at + 1) & l->mask;
    return &l->slot[at];
}

static void widen(ExactRests *r, Level *l)
{
    Level next = {.n = l->n, .mask = l->slot ? 2 * l->mask + 1 : 63};
    next.slot = ARENA_ARRAY(r->arena, Rest *, next.mask + 1);
    for (size_t i = 0; l->slot && i <= l->mask; i++)
        if (l->slot[i])
            *find(r, &next, l->slot[i]->need) = l->slot[i];
    *l = next;
}

/* ---- what a rest costs */
/* In how many ways rows with these needs share a column, by adding row after row. */
static double count_splits(const int32_t *need, size_t rows, int32_t column)
{
    double ways[MOST_COLUMN + 1] = {1}, sums[MOST_COLUMN + 2] = {0};
    for (size_t i = 0; i < rows; i++) {
        for (int32_t x = 0; x <= column; x++)
            sums[x + 1] = sums[x] + ways[x];
        for (int32_t x = 0; x <= column; x++)
            ways[x] = sums[x + 1] - sums[x > need[i] ? x - need[i] : 0];
    }
    return ways[column];
}

/* What rows still need when a column has taken its share of each. */
static void take_evenly(const int32_t *need, size_t rows, int32_t column, int32_t *ret)
{
    int64_t all = 0, before = 0, done = 0;
    for (size_t i = 0; i < rows; i++)
        all += need[i];
    for (size_t i = 0; i < rows; i++) {
        before += need[i];
        int64_t taken = before * column / all - done;
        done += taken;
        ret[i] = need[i] - (int32_t)taken;
    }
}

/* Splits times the rests behind one, about half of which fall together with each column. */
double crosstab_rest_price(const ExactNet *net, const int32_t *need, size_t cols)
{
    int32_t left[CROSSTAB_ROWS], column = net->col[net->cols - cols];
    if (cols == 1)
        return 1;
    if (cols > MOST_COLS || column > MOST_COLUMN)
        return INFINITY;
    double splits = count_splits(need, net->rows, column);
    if (cols == 2 || splits > MOST_ENTRIES)
        return splits;
    take_evenly(need, net->rows, column, left);
    double behind = crosstab_rest_price(net, left, cols - 1) / exp2((double)cols - 2);
    return splits * fmax(1, behind);
}

/* ---- making it */
typedef struct Filling {
    ExactRests *rests;
    Arena *scratch;
    CostTable table;
    size_t cols;
    double log_all;
} Filling;

/* One split of the first of the columns that are left: every rest behind it goes on. */
static bool add_split(ExactSplit *s, int64_t cost, double log_p)
{
    Filling *f = s->arg;
    int32_t left[CROSSTAB_ROWS];
    double p = exp(log_p - f->log_all);
    if (f->cols == 2) { /* the last column is what is left */
        for (size_t i = 0; i < s->net->rows; i++)
            cost += s->net->cost[s->need[i] - s->take[i]];
        crosstab_costs_add(f->scratch, &f->table, cost, p);
        f->rests->steps++;
        return f->table.n <= MOST_ENTRIES - f->rests->entries;
    }
    crosstab_split_left(s, left);
    const CostList *next = crosstab_rest_of(f->rests, left, f->cols - 1);
    if (!next)
        return false;
    crosstab_costs_shift(f->scratch, &f->table, next, 0, next->n, cost, p);
    f->rests->steps += next->n;
    return f->table.n <= MOST_ENTRIES - f->rests->entries;
}

static bool fill(ExactRests *r, Rest *rest, size_t cols)
{
    const ExactNet *net = r->net;
    CLEANUP(arena) Arena *scratch = arena_new(16384);
    Filling f = {.rests = r, .scratch = scratch, .cols = cols};
    ExactSplit s = {.net = net, .need = rest->need, .each = add_split, .arg = &f};
    int32_t column = net->col[net->cols - cols], left = 0;
    for (size_t i = 0; i < net->rows; i++)
        left += rest->need[i];
    f.log_all = net->f[left] - net->f[column] - net->f[left - column];
    if (kernel_cancelled(r->k) || !crosstab_split(&s, column)) {
        r->is_full = true;
        return false;
    }
    crosstab_costs_list(r->arena, &f.table, &rest->list);
    r->entries += rest->list.n;
    return true;
}

static bool fill_last(ExactRests *r, Rest *rest)
{
    CostTable t = {0};
    int64_t cost = 0;
    for (size_t i = 0; i < r->net->rows; i++)
        cost += r->net->cost[rest->need[i]];
    crosstab_costs_add(r->arena, &t, cost, 1);
    crosstab_costs_list(r->arena, &t, &rest->list);
    return true;
}

const CostList *crosstab_rest_of(ExactRests *r, const int32_t *need, size_t cols)
{
    Level *l = &r->level[cols - 1];
    if (!l->slot || 2 * l->n > l->mask)
        widen(r, l);
    Rest **slot = find(r, l, need), *rest = *slot;
    if (!rest) {
        rest = *slot = ARENA_NEW(r->arena, Rest);
        l->n++;
        rest->need = arena_dup(r->arena, need, r->net->rows * sizeof(*need));
        rest->is_missing = r->is_full || !(cols == 1 ? fill_last(r, rest) : fill(r, rest, cols));
    }
    return rest->is_missing ? NULL : &rest->list;
}
