/* SPDX-License-Identifier: Apache-2.0 */
/* nearest: squared distances of one row to k centres, four centres to a register.
 * The centres are packed column by column (pack[j * kp + c], kp = k rounded up to 8, the rest
 * infinite), so no lane is summed across. Inlined into WORK_WIDE loops. Complexity O(kp · p). */
#pragma once
#include "analytics/work.h"
#include <math.h>
#include <string.h>

#define NEAREST_INLINE static inline __attribute__((always_inline))

typedef double NearestLanes __attribute__((vector_size(32), aligned(8), may_alias));

static inline size_t nearest_width(size_t k) { return (k + 7) & ~(size_t)7; }

static inline void nearest_pack(const double *centres, size_t k, size_t p, double *pack)
{
    size_t kp = nearest_width(k);
    for (size_t j = 0; j < p; j++)
        for (size_t c = 0; c < kp; c++)
            pack[j * kp + c] = c < k ? centres[c * p + j] : INFINITY;
}

/* d: kp squared distances. */
NEAREST_INLINE void nearest_distances(const double *pack, size_t kp, size_t p, const double *x,
                                      double *d)
{
    for (size_t c = 0; c < kp; c += 8) {
        NearestLanes a = {0}, b = {0};
        for (size_t j = 0; j < p; j++) {
            NearestLanes v = {x[j], x[j], x[j], x[j]};
            NearestLanes s = v - *(const NearestLanes *)(pack + j * kp + c);
            NearestLanes t = v - *(const NearestLanes *)(pack + j * kp + c + 4);
            a += s * s;
            b += t * t;
        }
        *(NearestLanes *)(d + c) = a;
        *(NearestLanes *)(d + c + 4) = b;
    }
}

/* Index of the nearest (the lowest one of equals); squared distances of it and of the second. */
NEAREST_INLINE int32_t nearest_of(const double *d, size_t k, double *ret_first, double *ret_second)
{
    double first = INFINITY, second = INFINITY;
    int32_t best = 0;
    for (size_t c = 0; c < k; c++) {
        double v = d[c], high = v > first ? v : first;
        second = high < second ? high : second;
        best = v < first ? (int32_t)c : best;
        first = v < first ? v : first;
    }
    *ret_first = first;
    *ret_second = second;
    return best;
}

NEAREST_INLINE double nearest_squared(const double *a, const double *b, size_t p)
{
    double sum = 0;
    for (size_t j = 0; j < p; j++)
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}
