/* SPDX-License-Identifier: Apache-2.0 */
/* factor: principal components and principal axis factoring of a correlation matrix.
 * Shapes: x n × p row-major, complete. Adequacy: KMO and its parts (Kaiser 1974), Bartlett's test of
 * sphericity -(n - 1 - (2p + 5)/6) ln|R|, df p(p - 1)/2. Number: given, or eigenvalues above 1 (of R).
 * Principal axis: communalities start as squared multiple correlations and are iterated to 1e-9.
 * Varimax (Kaiser 1958) with Kaiser normalisation. Scores by regression R^-1 Λ; for components exact.
 * Signs: each factor's loadings sum to a positive number; rotated factors by falling sum of squares.
 * O(n p² + p³). Errors: p < 2, n <= p (TOO_FEW), constant or collinear columns, not finite, more
 * factors than columns (RANGE), no convergence or a communality above 1 (NO_RESULT). */
#pragma once
#include "analytics/work.h"

typedef struct FactorOptions {
    bool principal_axis; /* else components */
    int factors;         /* 0: eigenvalues above 1 */
    bool varimax;
} FactorOptions;

typedef struct Factor {
    size_t n, p, m;
    double *correlation; /* p × p */
    double kmo, *msa;    /* p */
    double bartlett, bartlett_df, log_det;
    double *eigenvalue;            /* p, of R: the scree */
    double *initial, *communality; /* p */
    double *loading, *rotated;     /* p × m; rotated = loading without varimax or for one factor */
    double *ss, *rotated_ss;       /* m: sums of squared loadings */
    double *rotation;              /* m × m: rotated = loading · rotation */
    double *weight;                /* p × m: score coefficients */
    double *score;                 /* n × m */
    int iterations;                /* of principal axis */
} Factor;

CHECKED Status factor_run(Kernel *kn, const double *x, size_t n, size_t p, const FactorOptions *o,
                          Factor *ret);
