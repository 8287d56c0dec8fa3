/* SPDX-License-Identifier: Apache-2.0 */
/* What crosstab_exact.c and crosstab_monte_carlo.c share. */
#pragma once
#include "analytics/crosstab.h"

long double *crosstab_log_factorials(Arena *a, double n); /* ln 0! … ln n! */
/* Whole counts whose sum is at least 1 and at most 1e8: RANGE, EMPTY, ST_TOO_LARGE. */
CHECKED Status crosstab_whole(Kernel *k, const double *counts, size_t n, double *ret_total);
void crosstab_margins(const double *counts, size_t rows, size_t cols, double *r, double *c);
long double crosstab_cell_sum(const long double *f, const double *counts, size_t n); /* Σ ln x! */
