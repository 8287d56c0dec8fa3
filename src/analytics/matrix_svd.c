/* SPDX-License-Identifier: Apache-2.0 */
/* Singular values: one-sided Jacobi, whose sweeps over a large matrix begin near the end: the eigenvectors of a'a,
 * from a tridiagonal form and QL steps (Golub & Van Loan 8.3), turn its columns first. These are right to the
 * square root of what Jacobi gives, so one or two sweeps restore full accuracy (Drmac & Veselic 2008 precondition
 * for the same reason). Columns of a are kept as rows, so that every loop runs along memory. */
#include "analytics/matrix_internal.h"
#include <string.h>

/* ---- eigenvectors of a symmetric matrix: Householder, then QL with shifts */
/* q = Q', Q'AQ being tridiagonal. */
static void reflections(const double *a, const double *beta, size_t n, double *q)
{
    memset(q, 0, n * n * sizeof(double));
    for (size_t i = 0; i < n; i++)
        q[i * n + i] = 1;
    /* Q' = H(2) … H(n−1); each touches the leading part only */
    for (size_t i = 2; i < n; i++)
        for (size_t r = 0; beta[i] > 0 && r < i; r++)
            matrix_add(q + r * n, a + i * n, -beta[i] * matrix_dot(q + r * n, a + i * n, i), i);
}

/* Rows of q: orthogonal directions, near the eigenvectors of the symmetric a (destroyed). Where QL does not come to
 * its end they are merely orthogonal, which is all that Jacobi needs. */
static void directions(Arena *arena, double *a, size_t n, double *q)
{
    double *d = ARENA_ARRAY(arena, double, n), *e = ARENA_ARRAY(arena, double, n + 1);
    double *beta = ARENA_ARRAY(arena, double, n), *p = ARENA_ARRAY(arena, double, 3 * n);
    matrix_tridiagonal(a, n, d, e, beta, p);
    reflections(a, beta, n, q);
    memmove(e, e + 1, (n - 1) * sizeof(double));
    e[n - 1] = 0;
    for (size_t l = 0; l < n; l++)
        for (int step = 0; step < MATRIX_SWEEPS; step++) {
            size_t m = matrix_block_end(d, e, n, l);
            if (m == l)
                break;
            matrix_ql_step(d, e, q, n, l, m);
        }
}

/* w (columns of a as rows) becomes q w for the directions q of a'a. */
static void precondition(Arena *arena, double *w, double *q, size_t m, size_t n)
{
    double *gram = ARENA_ARRAY(arena, double, n *n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            gram[i * n + j] = matrix_dot(w + i * m, w + j * m, m);
    directions(arena, gram, n, q);
    double *from = arena_dup(arena, w, m * n * sizeof(double));
    memset(w, 0, m * n * sizeof(double));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            matrix_add(w + i * m, from + j * m, q[i * n + j], m);
}

void matrix_svd(Arena *arena, const double *columns, size_t m, size_t n, double *u, double *s,
                double *v)
{
    double *w = arena_dup(arena, columns, m * n * sizeof(double));
    double *q = ARENA_ARRAY(arena, double, n *n), *length = ARENA_ARRAY(arena, double, n + 1);
    for (size_t i = 0; i < n; i++)
        q[i * n + i] = 1;
    if (n > MATRIX_DIRECT)
        precondition(arena, w, q, m, n);
    for (int i = 0; i < MATRIX_SWEEPS && matrix_sweep(w, q, length, m, n, n) > 0; i++)
        ;
    for (size_t k = 0; k < n; k++)
        length[k] = sqrt(matrix_dot(w + k * m, w + k * m, m));
    Ranked *order = matrix_order_down(arena, length, n);
    for (size_t k = 0; k < n; k++) {
        size_t from = order[k].at;
        double sign = matrix_sign(q + from * n, n);
        s[k] = order[k].value;
        for (size_t i = 0; i < m; i++)
            u[i * n + k] = s[k] > 0 ? sign * w[from * m + i] / s[k] : 0;
        for (size_t i = 0; i < n; i++)
            v[i * n + k] = sign * q[from * n + i];
    }
}
