/* SPDX-License-Identifier: Apache-2.0 */
/* Distinct values of a column by open addressing over their bits. Answers and codes have few values, so the table
 * stays in the first cache; its slots say in which order values came, and they are put into order at the end. */
#include "analytics/describe.h"
#include <stdlib.h>

typedef struct Slot {
    uint64_t bits;
    uint32_t number; /* place of the value + 1; 0: free */
} Slot;

typedef struct Distinct {
    Arena *arena;
    Slot *slots;
    int shift; /* 64 − log₂ of the slots */
    uint32_t n, room;
    double *value;
    double *count; /* exact to 2^53 rows; NULL: not asked for */
} Distinct;

static void start(Distinct *d, Arena *a, int log_slots, bool has_counts)
{
    d->arena = a;
    d->shift = 64 - log_slots;
    d->slots = ARENA_ARRAY(a, Slot, (size_t)1 << log_slots);
    d->room = 64;
    d->value = arena_alloc(a, sizeof(double) * d->room);
    d->count = has_counts ? arena_alloc(a, sizeof(double) * d->room) : NULL;
}

static inline size_t place(uint64_t bits, int shift)
{
    return (size_t)(((bits ^ (bits >> 32)) * UINT64_C(0x9e3779b97f4a7c15)) >> shift);
}

/* Half full: twice the slots, and room for as many values. */
static void widen(Distinct *d)
{
    size_t old = (size_t)1 << (64 - d->shift), mask = 2 * old - 1;
    Slot *slots = ARENA_ARRAY(d->arena, Slot, mask + 1);
    d->shift--;
    for (size_t i = 0; i < old; i++) {
        size_t at = place(d->slots[i].bits, d->shift);
        if (!d->slots[i].number)
            continue;
        while (slots[at].number)
            at = (at + 1) & mask;
        slots[at] = d->slots[i];
    }
    d->slots = slots;
}

static uint32_t add(Distinct *d, double x, uint64_t bits, size_t at)
{
    if (d->n == d->room) {
        size_t had = sizeof(double) * d->room;
        d->value = arena_grow(d->arena, d->value, had, 2 * had);
        if (d->count)
            d->count = arena_grow(d->arena, d->count, had, 2 * had);
        d->room *= 2;
    }
    d->value[d->n] = x;
    if (d->count)
        d->count[d->n] = 0;
    d->slots[at] = (Slot){bits, ++d->n};
    if ((uint64_t)d->n << 1 > UINT64_C(1) << (64 - d->shift))
        widen(d);
    return d->n - 1;
}

static inline uint32_t number_of(Distinct *d, double x)
{
    uint64_t bits;
    x += 0.0; /* −0 becomes 0 */
    memcpy(&bits, &x, 8);
    size_t at = place(bits, d->shift), mask = ((size_t)1 << (64 - d->shift)) - 1;
    for (; d->slots[at].number; at = (at + 1) & mask)
        if (d->slots[at].bits == bits)
            return d->slots[at].number - 1;
    return add(d, x, bits, at);
}

static Status collect(Kernel *k, Distinct *d, const double *x, const double *w, size_t n,
                      int32_t *codes)
{
    for (size_t i = 0; i < n; i++) {
        if (w && (!(w[i] >= 0) || isinf(w[i])))
            return kernel_fail(k, FAULT_WEIGHT, -1, (int64_t)i);
        if (codes)
            codes[i] = -1;
        if (isnan(x[i]) || (w && w[i] == 0))
            continue;
        uint32_t number = number_of(d, x[i]);
        if (d->n > INT32_MAX)
            return ST_TOO_LARGE;
        if (d->count)
            d->count[number] += w ? w[i] : 1;
        if (codes)
            codes[i] = (int32_t)number;
        if (i % ((size_t)1 << 22) == 0 && kernel_cancelled(k))
            return ST_BUSY;
    }
    return d->n ? ST_OK : kernel_fail(k, FAULT_EMPTY, 0, -1);
}

typedef struct Ranked {
    double x;
    uint32_t number;
} Ranked;

static int by_value(const void *a, const void *b)
{
    double x = ((const Ranked *)a)->x, y = ((const Ranked *)b)->x;
    return (x > y) - (x < y);
}

Status describe_distinct(Kernel *k, const double *x, const double *w, size_t n, double **ret_values,
                         double **ret_counts, int32_t *codes, size_t *ret_n)
{
    CLEANUP(arena) Arena *scratch = arena_new(16384);
    Distinct d = {0};
    start(&d, scratch, 7, ret_counts != NULL);
    TRY(collect(k, &d, x, w, n, codes));
    Ranked *order = arena_alloc(scratch, sizeof(*order) * d.n);
    int32_t *map = codes ? arena_alloc(scratch, sizeof(*map) * d.n) : NULL;
    double *values = arena_alloc(k->arena, sizeof(double) * d.n);
    double *counts = ret_counts ? arena_alloc(k->arena, sizeof(double) * d.n) : NULL;
    for (uint32_t i = 0; i < d.n; i++)
        order[i] = (Ranked){d.value[i], i};
    qsort(order, d.n, sizeof(*order), by_value);
    for (uint32_t i = 0; i < d.n; i++) {
        values[i] = order[i].x;
        if (counts)
            counts[i] = d.count[order[i].number];
        if (map)
            map[order[i].number] = (int32_t)i;
    }
    for (size_t i = 0; map && i < n; i++)
        codes[i] = codes[i] < 0 ? -1 : map[codes[i]];
    *ret_values = values;
    if (ret_counts)
        *ret_counts = counts;
    *ret_n = d.n;
    return ST_OK;
}
