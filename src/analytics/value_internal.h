/* SPDX-License-Identifier: Apache-2.0 */
/* Inside value_*.c only: customers with equal histories gathered, fitting from several starts. */
#pragma once
#include "analytics/value.h"

typedef struct ValueGroup {
    double x, recency, age, count;
} ValueGroup;

typedef struct ValueGroups {
    size_t n;
    const ValueGroup *v;
    double customers;
} ValueGroups;

ValueGroups value_groups(Kernel *kn, const ValueData *d);
/* Minimises f over logarithms of `parameters` from each start (rows of `parameters` logs), keeps the
 * best, fills the model with exp(v), delta-method errors and loglik = -value. */
CHECKED Status value_fit(Kernel *kn, MinimiseFunction f, void *arg, int parameters,
                         const double *starts, size_t n_starts, ValueModel *ret);
