/* SPDX-License-Identifier: Apache-2.0 */
/* What matrix.c, matrix_steps.c, matrix_svd.c and matrix_thin.c share. */
#pragma once
#include "analytics/matrix.h"

enum { MATRIX_SWEEPS = 60, MATRIX_DIRECT = 24 /* up to so many columns plain Jacobi is as fast */ };

typedef struct Ranked {
    double value;
    size_t at;
} Ranked;
/* Positions by falling value, equal ones in their order. */
Ranked *matrix_order_down(Arena *arena, const double *value, size_t n);

/* ---- matrix_steps.c: sums in an order that does not depend on the processor */
double matrix_dot(const double *a, const double *b, size_t n);
void matrix_add(double *restrict x, const double *restrict y, double f, size_t n); /* x += f y */
void matrix_turn(double *restrict x, double *restrict y, size_t n, double c, double s);
/* a (n × n, symmetric) becomes tridiagonal: d its diagonal, e[i] beside i − 1; row i of a keeps the reflection of step
 * i and beta[i] its factor. scratch: 3 n. O(4/3 n³). */
void matrix_tridiagonal(double *a, size_t n, double *d, double *e, double *beta, double *scratch);
/* The last place above l at which the matrix falls apart; e[i] lies between i and i + 1. */
size_t matrix_block_end(const double *d, const double *e, size_t n, size_t l);
/* One implicit QL step with Wilkinson's shift on l … m; rows of q (NULL: not wanted) turn along. */
void matrix_ql_step(double *d, double *e, double *q, size_t n, size_t l, size_t m);
/* One sweep of one-sided Jacobi over all pairs of the n columns of length m that stand as rows in w; rows of q (length
 * wide) turn along. square: n of scratch. Gives how many pairs were turned. */
size_t matrix_sweep(double *w, double *q, double *square, size_t m, size_t n, size_t wide);
double matrix_sign(const double *q, size_t n); /* ±1: the largest element becomes positive */
