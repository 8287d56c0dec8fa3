/* SPDX-License-Identifier: Apache-2.0 */
/* work: what several kernels share: faults with a value, threads, sums, sorting, quantiles.
 *
 * A matrix is row-major, n rows × p columns, element (i, j) at x[i * p + j], finite. */
#pragma once
#include "analytics/kernel.h"

/* Sets kn->fault (value: what is needed, or the bound) and gives ST_INVALID, for FAULT_TOO_MANY
 * ST_TOO_LARGE. An option out of range is FAULT_RANGE with row and column -1. */
CHECKED Status work_fail(Kernel *kn, FaultKind kind, int64_t row, int64_t column, double value);
/* ST_BUSY when the caller wants us to stop. */
CHECKED static inline Status work_check(const Kernel *kn)
{
    return kernel_cancelled(kn) ? ST_BUSY : ST_OK;
}
/* All n × p elements finite? O(np). */
CHECKED Status work_finite(Kernel *kn, const double *x, size_t n, size_t p);

/* Runs job(part, arg, scratch) for part 0 … parts-1 on kn->threads threads. Each thread has its own
 * scratch arena, emptied between parts; results go where arg says, never into kn->arena. The first
 * status that is not ST_OK (lowest part) wins and ends the loop early. Progress is told. */
typedef Status (*WorkJob)(size_t part, void *arg, Arena *scratch);
CHECKED Status work_parallel(Kernel *kn, size_t parts, WorkJob job, void *arg);

void work_shuffle(Random *r, int32_t *v, size_t n); /* Fisher-Yates */

/* A sum in two parts whose error does not grow with the number of terms (Knuth's two-sum, as in Ogita, Rump & Oishi
 * 2005): four times as fast as long double. Not finite once it has overflowed. */
typedef struct WorkSum {
    double high, low;
} WorkSum;
static inline void work_add(WorkSum *s, double x)
{
    double t = s->high + x, z = t - s->high;
    s->low += (s->high - (t - z)) + (x - z);
    s->high = t;
}
static inline long double work_total(const WorkSum *s)
{
    return (long double)s->high + (long double)s->low;
}

/* Four numbers side by side, from any address of a double. */
typedef double WorkLanes __attribute__((vector_size(32), aligned(8), may_alias));
static inline long double work_across(const WorkLanes *v)
{
    return ((long double)(*v)[0] + (long double)(*v)[1]) +
           ((long double)(*v)[2] + (long double)(*v)[3]);
}

/* Sum of x[0] … x[n - 1] as WorkSum, four at a time in an order that does not depend on the processor. */
long double work_total_of(const double *x, size_t n);

/* Sum of n numbers, compensated (Neumaier 1974): error independent of n. */
double work_sum(const double *v, size_t n, size_t stride);
/* Mean and sum of squared deviations, two passes, compensated. */
void work_moments(const double *v, size_t n, size_t stride, double *ret_mean, double *ret_ss);
/* Quantile of sorted values, type 7 of Hyndman & Fan (1996). n > 0, 0 <= q <= 1. */
double work_quantile7(const double *sorted, size_t n, double q);
void work_sort(double *v, size_t n); /* ascending */
void work_sqrt(double *v, size_t n); /* v[i] = sqrt(v[i]), two at a time where that exists */

/* Loops that gain from wider registers are compiled twice and chosen at start. No fused
 * multiply-add, so both give the same bits. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) &&                  \
    !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define WORK_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WORK_WIDE
#endif
