/* SPDX-License-Identifier: Apache-2.0 */
/* The sort below all that works on order: ranks.c, correlate_kendall.c, roc.c. */
#pragma once
#include "analytics/ranks.h"

typedef struct RankKey {
    uint64_t key; /* orders as the value does; equal values (−0 and 0 too) have equal keys */
    uint32_t at;  /* position of the value */
} RankKey;
/* Positions by rising value, equal ones in their order, in a. Radix sort, O(n). ST_INVALID: NOT_FINITE
 * (column 0), WEIGHT; ST_TOO_LARGE for 2^32 values; ST_BUSY. */
CHECKED Status ranks_sort(Kernel *k, Arena *a, const double *x, const double *w, size_t n,
                          const RankKey **ret);
