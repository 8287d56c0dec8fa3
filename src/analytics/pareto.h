/* SPDX-License-Identifier: Apache-2.0 */
/* pareto: how an amount is concentrated. */
#pragma once
#include "analytics/kernel.h"

typedef struct Pareto {
    size_t n;
    double total;
    uint32_t *order;    /* positions by amount, descending; equal ones in their order */
    double *cumulative; /* share of the total, along order */
    size_t reach;       /* how many reach the threshold */
    double gini;        /* n/(n−1) corrected is gini_sample */
    double gini_sample;
    double lorenz[11]; /* share of the total held by the lowest 0, 10 … 100 % */
    double top_fifth;  /* share held by the 20 % with the largest amounts (rounded up) */
} Pareto;
/* amounts: complete; negative ones count as 0. O(n log n). ST_INVALID: NOT_FINITE (row), EMPTY (no positive
 * amount). Gini 1912, from the Lorenz curve by trapezoids. */
CHECKED Status pareto_concentration(Kernel *k, const double *amounts, size_t n, double threshold,
                                    Pareto *ret);
