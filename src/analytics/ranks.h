/* SPDX-License-Identifier: Apache-2.0 */
/* ranks: tests that use the order of the values only. Ties share the mean of their ranks. Weights
 * (NULL: 1) are frequencies. Values must be complete and finite. */
#pragma once
#include "analytics/kernel.h"

/* Ranks 1 … Σw of x; *ret_ties = Σ(t³ − t) over groups of ties (may be NULL). O(n), radix sort. */
CHECKED Status ranks_average(Kernel *k, const double *x, const double *w, size_t n, double *ret,
                             double *ret_ties);

/* Positions by falling value, equal ones in their order. x finite, n < 2^32. O(n), radix sort. */
void ranks_order_down(const double *x, size_t n, uint32_t *ret);

typedef struct MannWhitney {
    double n[2], rank_sum[2], mean_rank[2];
    double u, u_min;      /* U of the first group: pairs in which it is larger, ties half */
    double z, p;          /* normal approximation, tie-corrected, no continuity correction */
    double p_exact;       /* two-sided; NAN if there are ties, weights or n₁ n₂ > 10,000 */
    double rank_biserial; /* 2U/(n₁n₂) − 1 */
    double ks;            /* largest distance of the two empirical distributions */
} MannWhitney;
/* g: 0 or 1. ST_INVALID: EMPTY (a group), CONSTANT. Mann & Whitney 1947. */
CHECKED Status ranks_mann_whitney(Kernel *k, const double *x, const double *w, const int32_t *g,
                                  size_t n, MannWhitney *ret);

typedef struct Wilcoxon {
    double n_positive, n_negative, n_zero, sum_positive, sum_negative;
    double z, p;    /* tie-corrected, no continuity correction */
    double p_exact; /* two-sided; NAN if there are ties, weights or n > 200 */
} Wilcoxon;
/* Signed ranks of d = b − a; zeros are left out (Wilcoxon 1945). CONSTANT if all are zero. */
CHECKED Status ranks_wilcoxon(Kernel *k, const double *a, const double *b, const double *w,
                              size_t n, Wilcoxon *ret);

typedef struct KruskalWallis {
    double h, df, p, epsilon2;
    double *n, *mean_rank; /* by group */
} KruskalWallis;
/* Kruskal & Wallis 1952, corrected for ties. ONE_GROUP, CONSTANT, EMPTY. */
CHECKED Status ranks_kruskal_wallis(Kernel *k, const double *x, const double *w, const int32_t *g,
                                    size_t n, size_t groups, KruskalWallis *ret);

typedef struct Friedman {
    double chi2, df, p, kendall_w;
    double *mean_rank; /* by column */
} Friedman;
/* columns arrays of n rows each (blocks). Friedman 1937, corrected for ties. TOO_FEW: one row. */
CHECKED Status ranks_friedman(Kernel *k, const double *const *x, size_t columns, const double *w,
                              size_t n, Friedman *ret);
