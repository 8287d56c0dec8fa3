/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes of rows (finaliser of SplitMix64, Steele, Lea & Flood 2014) and their order. */
#include "analytics/order.h"
#include "analytics/ranks_internal.h"
#include <math.h>
#include <string.h>

uint64_t order_mix_bits(uint64_t hash, uint64_t bits)
{
    uint64_t z = (hash ^ bits) + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t order_mix(uint64_t hash, double value)
{
    uint64_t bits = 1; /* NAN */
    double plain = value == 0 ? 0 : value;
    if (!isnan(value))
        memcpy(&bits, &plain, sizeof(bits));
    return order_mix_bits(hash, bits);
}

Status order_rows(Kernel *k, const uint64_t *hash, size_t n, uint32_t *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new((size_t)1 << 20);
    const RankKey *keys;
    double *part = arena_alloc(scratch, sizeof(double) * (n + 1));
    for (size_t i = 0; i < n; i++)
        part[i] = (double)(hash[i] >> 11); /* 53 bits, exact */
    TRY(ranks_sort(k, scratch, part, NULL, n, &keys));
    for (size_t i = 0; i < n; i++) {
        uint32_t at = keys[i].at;
        size_t to = i; /* the last 11 bits among rows that agree in the others */
        for (; to > 0 && keys[to - 1].key == keys[i].key && hash[ret[to - 1]] > hash[at]; to--)
            ret[to] = ret[to - 1];
        ret[to] = at;
    }
    return ST_OK;
}
