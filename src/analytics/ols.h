/* SPDX-License-Identifier: Apache-2.0 */
/* ols: linear least squares by Householder QR (Golub & Van Loan, 5.2), blocks of rows merged into one
 * triangle, so memory does not grow with n. Up to 2 million n·m² (m columns with
 * intercept and y) all arithmetic is long double (NIST StRD: Norris, Longley, Filip, Wampler to ten and more digits);
 * beyond it the blocks are double.
 * Columns that are combinations of those before them are left out, in the order given.
 * x: p columns of n rows, complete and finite. Weights (NULL: 1) are frequencies. */
#pragma once
#include "analytics/kernel.h"

/* The triangle of [1, x, y] (m = p + 2 columns; without intercept m = p + 1): all sums of squares of all
 * models over these columns can be read from it. */
typedef struct Triangle {
    size_t m;
    long double *r; /* m × m, row by row, upper */
    double n;
    bool has_intercept;
} Triangle;
/* O(n m²). ST_INVALID: NOT_FINITE (column: that of x, p for y; row), WEIGHT. */
CHECKED Status ols_triangle(Kernel *k, const double *const *x, size_t p, const double *y,
                            const double *w, size_t n, bool intercept, Triangle *ret);
/* Residual sum of squares and rank of the model with the columns use[c] (0 is the intercept). O(m³). */
long double ols_subset(Kernel *k, const Triangle *t, const uint8_t *use, size_t *ret_rank);

typedef struct Ols {
    size_t terms; /* p + 1 with intercept; arrays below by term, the intercept first */
    size_t rank;
    uint8_t *dropped; /* by term: a combination of those before it; its numbers are NAN */
    double *b, *se, *t, *p, *low, *high;
    double *beta, *vif; /* NAN for the intercept */
    double *covariance; /* terms × terms */
    double n, df_model, df_residual;
    double ss_model, ss_residual, ss_total;
    double r2, adj_r2, se_estimate;
    double f, f_p;
    double loglik, aic,
        bic;              /* Gaussian, as R and statsmodels count them (terms, not the variance) */
    long double *inverse; /* of the triangle of the kept terms, rank × rank */
    size_t *kept;         /* term of each kept column */
} Ols;
/* ST_INVALID: also CONSTANT (column p: y; column 0: no predictor varies), TOO_FEW (n ≤ rank), ONE_GROUP never. */
CHECKED Status ols_fit(Kernel *k, const double *const *x, size_t p, const double *y,
                       const double *w, size_t n, bool intercept, double level, Ols *ret);

/* By row; any array may be NULL. leverage: hat values; studentised: internally; cook: Cook 1977.
 * *ret_durbin_watson over the rows in their order. O(n p²) if leverage or what needs it is asked for. */
typedef struct OlsRows {
    double *fitted, *residual, *leverage, *studentised, *deleted, *cook;
} OlsRows;
CHECKED Status ols_rows(Kernel *k, const Ols *o, const double *const *x, size_t p, const double *y,
                        size_t n, bool intercept, const OlsRows *ret, double *ret_durbin_watson);
