/* SPDX-License-Identifier: Apache-2.0 */
/* minimise: smooth function of a few parameters, gradient given: BFGS with a backtracking line search
 * (Nocedal & Wright 2006, algorithms 6.1 and 3.1), then the Hessian by central differences of the
 * gradient. Parameters are kept within [-bound, bound]. Complexity: iterations · cost of f. */
#pragma once
#include "analytics/work.h"

#define MINIMISE_MAX 8

/* Value and gradient at v; false when the value is not finite there. */
typedef bool (*MinimiseFunction)(void *arg, const double *v, double *ret_value,
                                 double *ret_gradient);

typedef enum MinimiseEnd {
    MINIMISE_CONVERGED, /* the scaled gradient is small and the Hessian positive definite */
    MINIMISE_FLAT,   /* the gradient is small but the Hessian is not positive definite: a ridge */
    MINIMISE_BOUND,  /* a parameter ran into its bound */
    MINIMISE_FAILED, /* no progress, or the iterations ran out */
} MinimiseEnd;

typedef struct Minimised {
    double v[MINIMISE_MAX], value;
    double covariance[MINIMISE_MAX * MINIMISE_MAX]; /* inverse Hessian; NaN when there is none */
    MinimiseEnd end;
    int iterations;
} Minimised;

/* n <= MINIMISE_MAX. tolerance: largest |gradient_i| / max(1, |value|). h: a guess of the inverse
 * Hessian (n × n), NULL: none. ST_BUSY when stopped. */
CHECKED Status minimise_run(Kernel *kn, MinimiseFunction f, void *arg, size_t n,
                            const double *start, const double *h, double bound, double tolerance,
                            int max_iterations, Minimised *ret);
