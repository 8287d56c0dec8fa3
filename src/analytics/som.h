/* SPDX-License-Identifier: Apache-2.0 */
/* som: self-organising map (Kohonen 1982): a grid of prototypes whose neighbours are alike.
 *
 * Shapes: x n × p row-major, finite, comparable units; units row-major over the grid, unit (r, c) at
 * r * columns + c. Rectangular grid, Gaussian neighbourhood exp(-d² / 2σ²), d on the grid; σ falls
 * geometrically from max(rows, columns)/2 to 0.5. The map starts from random rows.
 *   batch   each pass: prototype = mean of all rows weighted by the neighbourhood of their unit
 *           (Kohonen 2001); no learning rate; the default
 *   online  rows one by one in a new random order each pass, learning rate 0.5 → 0.01
 * Quality: quantisation error = mean distance to the best unit; topographic error = share of rows whose
 * two best units are not neighbours, with 4 and with 8 neighbours (Kiviluoto 1996).
 * Cost: O(passes · n · units · p) both; memory O(units · (p + units)) + n · 4.
 * Errors: grid sides 1 … 64 and at least 2 units, n >= 2, not finite; passes 1 … 100,000. */
#pragma once
#include "analytics/work.h"

typedef struct SomOptions {
    int rows, columns, passes;
    bool online;
} SomOptions;

typedef struct Som {
    int rows, columns;
    size_t units, n, p;
    double *prototype; /* units × p */
    int32_t *label;    /* n: best unit */
    int64_t *hits;     /* units */
    double *u_matrix;  /* units: mean distance to the 8-neighbours' prototypes */
    double *squared;   /* n: squared distance to the best unit */
    double quantisation_error, topographic_error_4, topographic_error_8;
    int used;              /* units with at least one row */
    double *error_by_pass; /* passes: quantisation error before the pass */
} Som;

CHECKED Status som_run(Kernel *kn, const double *x, size_t n, size_t p, const SomOptions *o,
                       Som *ret);
