/* SPDX-License-Identifier: Apache-2.0 */
/* matrix: decompositions of small dense matrices (up to a few hundred columns) without BLAS.
 * Row-major. Jacobi methods: slow by a factor, but to full relative accuracy (Demmel & Veselić 1992).
 * eigen O(10 p³), svd O(10 m n²), inverse O(p³). No allocation but from the arena. */
#pragma once
#include "analytics/work.h"

/* Symmetric a (p × p, kept): eigenvalues falling, vectors as columns of v (v[i * p + k]), each with its
 * largest element positive. */
void matrix_eigen(Arena *arena, const double *a, size_t p, double *value, double *v);
/* Inverse of a symmetric positive definite matrix and ln of its determinant. Gives the first column
 * that depends on those before it, or -1 when all is well. */
int64_t matrix_inverse(Arena *arena, const double *a, size_t p, double *inverse,
                       double *ret_log_det);
/* a (m × n, m >= n) = u diag(s) v': u m × n, s falling, v n × n. columns: those of a, one behind the other (kept). */
void matrix_svd(Arena *arena, const double *columns, size_t m, size_t n, double *u, double *s,
                double *v);
/* The same with vectors of the first `wanted` <= n only (u m × wanted, v n × wanted) and all n values: those are right to
 * full accuracy, the values behind them to 1e-16 s[0]² / s[k]. O(m n² + 4/3 n³). */
void matrix_svd_thin(Arena *arena, const double *columns, size_t m, size_t n, size_t wanted,
                     double *u, double *s, double *v);
/* Correlations of n × p data (two passes); sd: p, divisor n - 1. ST_INVALID: n < 2 (TOO_FEW), a constant
 * column (CONSTANT), not finite. mean and sd may be NULL. */
CHECKED Status matrix_correlation(Kernel *kn, const double *x, size_t n, size_t p, double *r,
                                  double *mean, double *sd);
