/* SPDX-License-Identifier: Apache-2.0 */
/* correlate: how two columns go together. Rows with NAN in one of the two are left out. Weights (NULL:
 * 1) are frequencies. */
#pragma once
#include "analytics/kernel.h"

typedef struct Correlation {
    double n, r, p;   /* two-sided */
    double t, df;     /* NAN for Kendall */
    double low, high; /* Fisher's z, Pearson and partial only */
} Correlation;

/* Pearson: two passes in long double, O(n); t with n − 2 df (n − 2 − controls for partial).
 * ST_INVALID: NOT_FINITE (column 0 or 1, row), CONSTANT (column 0 or 1), TOO_FEW (n < 3). */
CHECKED Status correlate_pearson(Kernel *k, const double *x, const double *y, const double *w,
                                 size_t n, double level, Correlation *ret);
/* Pearson of the mean ranks; p by t with n − 2 df. O(n). */
CHECKED Status correlate_spearman(Kernel *k, const double *x, const double *y, const double *w,
                                  size_t n, Correlation *ret);
/* tau-b by Knight's merge sort (1966), O(n log n); p by the normal approximation with the variance for
 * ties (Kendall 1970). */
CHECKED Status correlate_kendall(Kernel *k, const double *x, const double *y, const double *w,
                                 size_t n, Correlation *ret);
/* Correlation of columns 0 and 1 of x given the others (complete columns), from the inverse of the matrix
 * of correlations. COLLINEAR if a control is a combination of the others. */
CHECKED Status correlate_partial(Kernel *k, const double *const *x, size_t columns, const double *w,
                                 size_t n, double level, Correlation *ret);
/* p, t and Fisher interval of r. used: 2 plus the number of controls. */
void correlate_finish(Correlation *c, double used, double level);
