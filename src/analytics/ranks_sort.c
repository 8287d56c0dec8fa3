/* SPDX-License-Identifier: Apache-2.0 */
/* Radix sort of values with their positions: six digits of eleven bits, those that all share left out. */
#include "analytics/ranks_internal.h"
#include <string.h>

enum { BITS = 11, PASSES = 6, BUCKETS = 1 << BITS };

static uint64_t key_of(double v)
{
    uint64_t b;
    v += 0.0; /* −0 becomes 0 */
    memcpy(&b, &v, 8);
    return b ^ ((uint64_t)((int64_t)b >> 63) | (UINT64_C(1) << 63));
}

static void scatter(const RankKey *from, RankKey *to, size_t n, int shift, uint32_t *count)
{
    uint32_t at = 0;
    for (size_t i = 0; i < BUCKETS; i++) {
        uint32_t c = count[i];
        count[i] = at;
        at += c;
    }
    for (size_t i = 0; i < n; i++)
        to[count[(from[i].key >> shift) & (BUCKETS - 1)]++] = from[i];
}

static bool is_one_bucket(const uint32_t *count, size_t n)
{
    for (size_t i = 0; i < BUCKETS; i++)
        if (count[i])
            return count[i] == n;
    return true;
}

/* Gives the sorted array, one of the two. */
static RankKey *sort_keys(Arena *a, RankKey *from, RankKey *to, size_t n)
{
    uint32_t(*count)[BUCKETS] = arena_zero(a, sizeof(*count) * PASSES);
    for (size_t i = 0; i < n; i++)
        for (int d = 0; d < PASSES; d++)
            count[d][(from[i].key >> (d * BITS)) & (BUCKETS - 1)]++;
    for (int d = 0; d < PASSES; d++) {
        if (is_one_bucket(count[d], n))
            continue;
        scatter(from, to, n, d * BITS, count[d]);
        RankKey *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

Status ranks_sort(Kernel *k, Arena *a, const double *x, const double *w, size_t n,
                  const RankKey **ret)
{
    RankKey *from = arena_alloc(a, sizeof(*from) * (n + 1)),
            *to = arena_alloc(a, sizeof(*to) * (n + 1));
    if (n > UINT32_MAX)
        return ST_TOO_LARGE;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            return kernel_fail(k, FAULT_NOT_FINITE, 0, (int64_t)i);
        if (w && (!(w[i] >= 0) || isinf(w[i])))
            return kernel_fail(k, FAULT_WEIGHT, -1, (int64_t)i);
        from[i] = (RankKey){key_of(x[i]), (uint32_t)i};
    }
    if (kernel_cancelled(k))
        return ST_BUSY;
    *ret = sort_keys(a, from, to, n);
    return ST_OK;
}

void ranks_order_down(const double *x, size_t n, uint32_t *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    RankKey *a = arena_alloc(scratch, sizeof(*a) * (n + 1)),
            *b = arena_alloc(scratch, sizeof(*b) * (n + 1));
    for (size_t i = 0; i < n; i++)
        a[i] = (RankKey){~key_of(x[i]), (uint32_t)i};
    const RankKey *sorted = sort_keys(scratch, a, b, n);
    for (size_t i = 0; i < n; i++)
        ret[i] = sorted[i].at;
}
