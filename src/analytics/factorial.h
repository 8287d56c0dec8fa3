/* SPDX-License-Identifier: Apache-2.0 */
/* factorial: analysis of variance with several crossed factors and all their interactions, sum-to-zero
 * coding. Works on the cells (mean, deviations, weight), so its cost does not depend on n. */
#pragma once
#include "analytics/means.h"

#define FACTORIAL_MOST 5 /* factors */

typedef struct Effect {
    unsigned factors; /* bit f: factor f takes part; 0: intercept */
    double ss, df, f, p, partial_eta2;
} Effect;

typedef struct Factorial {
    size_t effects;  /* 2^factors, the intercept first, then by number of factors */
    Effect *type[3]; /* types I, II, III; the intercept only in III */
    double ss_residual, df_residual, ss_total, n;
} Factorial;

/* levels[f]: number of levels of factor f; cell: GroupStat of each cell, the last factor running fastest; empty
 * cells have n = 0. ST_INVALID: ONE_GROUP (column f: fewer than two levels), TOO_FEW (no residual df), CONSTANT.
 * ST_TOO_LARGE: more than 400 parameters. O(cells · parameters²). */
CHECKED Status factorial_fit(Kernel *k, const size_t *levels, size_t factors, const GroupStat *cell,
                             Factorial *ret);
