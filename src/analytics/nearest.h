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
typedef int64_t NearestPlaces __attribute__((vector_size(32)));

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

/* Lane by lane the lower of both, and where it came from. */
NEAREST_INLINE void nearest_lower(NearestLanes *low, NearestPlaces *at, const NearestLanes *d,
                                  const NearestPlaces *place)
{
    NearestPlaces is_lower = *d < *low;
    *low = (NearestLanes)((is_lower & (NearestPlaces)*d) | (~is_lower & (NearestPlaces)*low));
    *at = (is_lower & *place) | (~is_lower & *at);
}

/* Index of the nearest (the lowest one of equals) of kp distances, eight at a time; its squared distance. What is behind
 * the centres is infinite. */
NEAREST_INLINE int32_t nearest_least(const double *d, size_t kp, double *ret_first)
{
    NearestLanes low[2] = {*(const NearestLanes *)d, *(const NearestLanes *)(d + 4)};
    NearestPlaces at[2] = {{0, 1, 2, 3}, {4, 5, 6, 7}}, place[2] = {at[0], at[1]};
    for (size_t c = 8; c < kp; c += 8)
        for (size_t q = 0; q < 2; q++) {
            place[q] += 8;
            nearest_lower(&low[q], &at[q], (const NearestLanes *)(d + c + 4 * q), &place[q]);
        }
    double first = low[0][0];
    int64_t best = at[0][0];
    for (size_t q = 1; q < 8; q++) {
        double v = low[q / 4][q % 4];
        int64_t from = at[q / 4][q % 4];
        if (v < first || (v == first && from < best)) {
            first = v;
            best = from;
        }
    }
    *ret_first = first;
    return (int32_t)best;
}

NEAREST_INLINE double nearest_squared(const double *a, const double *b, size_t p)
{
    double sum = 0;
    for (size_t j = 0; j < p; j++)
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}
