/* SPDX-License-Identifier: Apache-2.0 */
/* crosstab: tests and measures of a table of counts (rows × cols, row by row). Rows or columns that are
 * all zero are left out of degrees of freedom. Counts may be sums of weights. */
#pragma once
#include "analytics/kernel.h"

typedef struct Crosstab {
    size_t rows, cols;
    double n, df;
    double *row_total, *col_total;
    double *expected, *residual, *adjusted; /* rows × cols; adjusted: Haberman 1973 */
    double pearson, p;
    double likelihood_ratio, p_lr;
    double linear, p_linear; /* (n−1) r² over the scores; 1 df (Mantel 1963) */
    double min_expected;
    size_t below_5; /* cells with expected < 5 */
    double phi;     /* signed for 2 × 2, else √(χ²/n) */
    double cramers_v, contingency_c;
    double yates, p_yates;                    /* 2 × 2; else NAN */
    double odds_ratio, or_low, or_high;       /* 2 × 2, Woolf interval */
    double fisher, fisher_left, fisher_right; /* 2 × 2: two-sided, P(≤ a), P(≥ a) */
} Crosstab;

/* row_score, col_score: NULL: 1, 2, 3 … ST_INVALID: RANGE (count negative or not finite; row = cell),
 * EMPTY, ONE_GROUP (fewer than two rows, column 0, or columns, column 1). */
CHECKED Status crosstab_test(Kernel *k, const double *counts, size_t rows, size_t cols,
                             const double *row_score, const double *col_score, Crosstab *ret);

/* Fisher-Freeman-Halton: sum of the probabilities of all tables with these margins that are no more
 * likely than this one, by the network algorithm (Mehta & Patel 1983) met half-way from the last columns. Counts must be
 * whole. Cost grows with the number of different Σ ln x! of half tables. ST_TOO_LARGE past 24 lines on the shorter side,
 * a million cases, 2,500 million additions (about half a minute) or 8 million ways at once (about 600 MB): take
 * Monte Carlo. */
CHECKED Status crosstab_exact(Kernel *k, const double *counts, size_t rows, size_t cols,
                              double *ret_p);

typedef struct MonteCarlo {
    double draws, p_fisher, p_pearson;                         /* (hits + 1) / (draws + 1) */
    double low_fisher, high_fisher, low_pearson, high_pearson; /* 99 % (Clopper & Pearson) */
} MonteCarlo;
/* Tables with the same margins drawn by Patefield's method (1981, AS 159). */
CHECKED Status crosstab_monte_carlo(Kernel *k, const double *counts, size_t rows, size_t cols,
                                    size_t draws, MonteCarlo *ret);
