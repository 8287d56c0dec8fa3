/* SPDX-License-Identifier: Apache-2.0 */
/* prepare: makes columns comparable before distances are taken, and can do the same again to new rows.
 *
 * Per column, in this order: fill missing values, clip outliers, ln(1 + x), subtract centre, divide by
 * scale. Fitting finds fill (mean or median of what is there), clip limits (type-7 quantiles at q and
 * 1 - q) and, after clip and logarithm, centre and scale; applying uses what was fitted, so a recipe
 * that was stored gives the same numbers on the same rows and the same meaning on others.
 *   z0  mean 0, population standard deviation 1 (divisor n)     z1  divisor n - 1 (R, SPSS)
 * Shapes: one column of n values; NAN is missing. O(n log n) with clip or median, else O(n).
 * Errors: no value (FAULT_EMPTY), infinite (FAULT_NOT_FINITE, row), x <= -1 with logarithm (FAULT_RANGE,
 * row), no spread (FAULT_CONSTANT). Missing without fill stays missing. */
#pragma once
#include "analytics/work.h"

typedef enum PrepareScale { PREPARE_AS_IS, PREPARE_Z0, PREPARE_Z1 } PrepareScale;
typedef enum PrepareFill { PREPARE_KEEP, PREPARE_MEAN, PREPARE_MEDIAN } PrepareFill;

typedef struct PrepareOptions {
    PrepareFill fill;
    double clip; /* q in [0, 0.5); 0: none */
    bool is_log;
    PrepareScale scale;
} PrepareOptions;

typedef struct PrepareColumn {
    double fill;      /* NAN: missing stays missing */
    double low, high; /* ∓infinity: not clipped */
    bool is_log;
    double centre, scale; /* 0, 1: as it is */
} PrepareColumn;

/* column: its number for faults. */
CHECKED Status prepare_fit(Kernel *kn, const double *x, size_t n, int64_t column,
                           const PrepareOptions *o, PrepareColumn *ret);
/* Writes n values `stride` apart. to may be x when stride is 1. */
CHECKED Status prepare_apply(Kernel *kn, const PrepareColumn *c, const double *x, size_t n,
                             int64_t column, double *to, size_t stride);
