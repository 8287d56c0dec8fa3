/* SPDX-License-Identifier: Apache-2.0 */
/* means: group means and what compares them: t tests, analysis of variance, multiple comparisons.
 * y must be complete (no NAN); group codes are 0 … k−1; weights (NULL: 1) are frequencies. */
#pragma once
#include "analytics/kernel.h"

typedef struct GroupStat {
    double n;
    long double mean,
        m2; /* long double: differences of means at a large offset keep their digits */
    double sd, variance, se, min, max;
} GroupStat;

/* One pass for the means, one for the deviations, in sums that keep about 100 bits (NIST StRD SmLs sets). O(n).
 * ST_INVALID: NOT_FINITE or WEIGHT at row; EMPTY if a group has no weight (column = its code). */
CHECKED Status means_groups(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                            size_t groups, GroupStat *ret);

/* The same for |y − centre of the group|; centre NULL: the group's mean. */
CHECKED Status means_spread(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                            size_t groups, const double *centre, GroupStat *ret);

typedef struct Test {
    double stat, df1, df2, p;
} Test;

typedef struct Oneway {
    double n;
    double ss_between, ss_within, ms_between, ms_within;
    Test f; /* stat F */
    double eta2, omega2, epsilon2;
    Test welch;          /* Welch 1951 */
    Test brown_forsythe; /* Brown & Forsythe 1974, numerator df of Mehrotra 1997 */
    double p_spss;       /* its p with k − 1, as SPSS prints it */
    Test bartlett;       /* df1 = k − 1 */
} Oneway;
/* ST_INVALID: ONE_GROUP, TOO_FEW (n ≤ k), CONSTANT (no variance within at all: F is infinite). Welch and
 * Brown-Forsythe are NAN if a group has one case or no variance. */
CHECKED Status means_oneway(Kernel *k, const GroupStat *g, size_t groups, Oneway *ret);

typedef enum LeveneCenter { LEVENE_MEAN, LEVENE_MEDIAN } LeveneCenter;
/* Levene 1960 (mean), Brown & Forsythe 1974 (median): one-way F of |y − centre|. O(n), O(n log n). */
CHECKED Status means_levene(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                            size_t groups, LeveneCenter center, Test *ret);

typedef struct TTest {
    double t, df, p, diff, se, low, high; /* confidence interval of the difference */
} TTest;
/* The mean of one sample against mu; two samples with equal variances (pooled) or not (Welch). level:
 * .95. TOO_FEW, CONSTANT. */
CHECKED Status means_t_one(Kernel *k, const GroupStat *g, double mu, double level, TTest *ret);
CHECKED Status means_t_two(Kernel *k, const GroupStat *a, const GroupStat *b, bool pooled,
                           double level, TTest *ret);
double means_cohen_d(const GroupStat *a, const GroupStat *b);  /* pooled deviation */
double means_hedges_g(const GroupStat *a, const GroupStat *b); /* × 1 − 3/(4 df − 1) */

typedef enum PostHoc {
    POSTHOC_LSD,
    POSTHOC_BONFERRONI,
    POSTHOC_TUKEY,
    POSTHOC_GAMES_HOWELL
} PostHoc;
typedef struct Pair {
    size_t a, b;
    double diff, se, df, p, low, high; /* mean of b − mean of a */
} Pair;
/* All pairs a < b; ret holds groups·(groups−1)/2. Tukey-Kramer for unequal sizes. */
void means_posthoc(const GroupStat *g, size_t groups, const Oneway *o, PostHoc method, double level,
                   Pair *ret);
