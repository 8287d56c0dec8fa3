/* SPDX-License-Identifier: Apache-2.0 */
/* describe: moments, percentiles, frequencies of one column. NAN is a missing value everywhere here.
 * Weights (NULL: 1 each) are frequencies: they count as so many equal rows, so n is their sum. */
#pragma once
#include "analytics/kernel.h"

typedef struct Moments {
    double n, missing; /* weights of the valid and of the missing values */
    double sum, mean, min, max;
    double m2, m3, m4;            /* central sums Σw(x−mean)^k */
    double variance, sd, se_mean; /* divisor n−1; NAN if n ≤ 1 */
    double skewness, kurtosis;    /* G1, G2 (SPSS, SAS); NAN if n ≤ 2, n ≤ 3 or constant */
    double se_skewness, se_kurtosis;
} Moments;

/* Two passes in long double, the second corrected by the sum of deviations (Chan, Golub & LeVeque 1983),
 * so that NIST StRD's univariate sets come out to the digits of a double. O(n).
 * ST_INVALID: NOT_FINITE at row, WEIGHT at row, EMPTY. */
CHECKED Status describe_moments(Kernel *k, const double *x, const double *w, size_t n,
                                Moments *ret);

/* Sorted valid values with cumulated weights, for percentiles. */
typedef struct Sorted {
    double *x;
    double *cumulated; /* NULL: 1, 2, 3 … */
    size_t n;
    double total; /* sum of the weights */
} Sorted;
/* O(n log n); copies x. ST_INVALID: EMPTY, WEIGHT. */
CHECKED Status describe_sort(Kernel *k, const double *x, const double *w, size_t n, Sorted *ret);
/* The share p (0 … 1). Type 6: h = (n+1)p, SPSS HAVERAGE; type 7: h = (n−1)p + 1, R and numpy
 * (Hyndman & Fan 1996). With weights the k-th value is the least whose cumulated weight reaches k. */
double describe_percentile(const Sorted *s, double p, int type);
/* Mean of what is left when the share `cut` is taken from each end, cases cut in part (SPSS). */
double describe_trimmed_mean(const Sorted *s, double cut);

/* Distinct valid values of x, ascending, and the weight of each (counts may be NULL); codes (n, may be NULL): the place of each
 * row's value, -1 where it is missing. −0 is 0. By a hash table, O(n + d log d) for d values: nothing is sorted but
 * these. ST_INVALID: WEIGHT, EMPTY; ST_TOO_LARGE past 2^31 distinct. Values and counts live in k->arena. */
CHECKED Status describe_distinct(Kernel *k, const double *x, const double *w, size_t n,
                                 double **ret_values, double **ret_counts, int32_t *codes,
                                 size_t *ret_n);

/* Sorts ascending in place, without NANs; radix sort above a few thousand. scratch: n, or NULL. */
void describe_sort_doubles(double *x, double *scratch, size_t n);
