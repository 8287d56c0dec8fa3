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
/* Every k-th group so that about VALUE_SMALL are left; NULL when there are not many more than that. */
ValueGroups *value_sample(Kernel *kn, const ValueGroups *all);
/* Minimises f over logarithms of `parameters` from each start (rows of `parameters` logs) and fills the
 * model with exp(v), delta-method errors and loglik = -value. The starts run on `small`, a sample that
 * holds `share` of the data, when it is given; its best optimum is then carried to the whole. */
CHECKED Status value_fit(Kernel *kn, MinimiseFunction f, void *arg, void *small, double share,
                         int parameters, const double *starts, size_t n_starts, ValueModel *ret);
