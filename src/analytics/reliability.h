/* SPDX-License-Identifier: Apache-2.0 */
/* reliability: do the items of a scale measure the same? Cronbach's alpha (1951) and its item table.
 * Shapes: x n × p row-major, complete. Assumes items coded in one direction (a negative item-total
 * correlation says one is not). Variances with divisor n - 1. O(n p²).
 * Errors: p < 2 or n < 3 (TOO_FEW), constant item (CONSTANT), not finite. */
#pragma once
#include "analytics/work.h"

typedef struct ReliabilityItem {
    double mean, sd;
    double scale_mean, scale_variance; /* of the scale without it */
    double item_total;                 /* correlation with the sum of the others */
    double smc;   /* squared multiple correlation with the others; NAN when they are collinear */
    double alpha; /* of the scale without it; NAN for two items */
} ReliabilityItem;

typedef struct Reliability {
    size_t n, p;
    double alpha, standardised_alpha, mean_correlation;
    double scale_mean, scale_variance, scale_sd;
    ReliabilityItem *item; /* p */
    double *correlation;   /* p × p */
} Reliability;

CHECKED Status reliability_run(Kernel *kn, const double *x, size_t n, size_t p, Reliability *ret);
