/* SPDX-License-Identifier: Apache-2.0 */
/* logistic: maximum likelihood of a yes/no outcome by Newton steps (iteratively reweighted least
 * squares; McCullagh & Nelder 1989), without any penalty. Columns are standardised inside, so scales do
 * not matter; combinations of columns before them are left out. Weights (NULL: 1) are frequencies. */
#pragma once
#include "analytics/kernel.h"

typedef struct Logistic {
    size_t terms; /* p + 1, the constant first */
    uint8_t *dropped;
    double *b, *se, *wald, *p, *low, *high; /* NAN where dropped; interval of b */
    double n, positives, df;
    double loglik, loglik_null, chi2, chi2_p;
    double mcfadden, cox_snell, nagelkerke;
    int iterations;
} Logistic;
/* x: p complete columns, y: 0 or 1. O(n p²) a step, about 6 steps.
 * ST_INVALID: NOT_FINITE, WEIGHT, RANGE (y, row), CONSTANT (column p: one class only; column 0: no predictor varies), SEPARATED (column that
 * grows without limit: complete or quasi-complete separation), TOO_FEW, NO_RESULT. */
CHECKED Status logistic_fit(Kernel *k, const double *const *x, size_t p, const double *y,
                            const double *w, size_t n, double level, Logistic *ret);
/* Probability of 1 by row. */
void logistic_predict(const Logistic *l, const double *const *x, size_t p, size_t n, double *ret);

typedef struct HosmerLemeshow {
    size_t groups;
    double *n, *observed, *expected, *mean; /* by group, ascending in probability */
    double chi2, df, p;
} HosmerLemeshow;
/* Groups of equal size by rank of the probability, equal ones in the order of their rows (Hosmer & Lemeshow
 * 1980); df = groups − 2. TOO_FEW if n < groups. */
CHECKED Status logistic_hosmer_lemeshow(Kernel *k, const double *probability, const double *y,
                                        size_t n, size_t groups, HosmerLemeshow *ret);
