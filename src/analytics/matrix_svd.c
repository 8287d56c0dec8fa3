/* SPDX-License-Identifier: Apache-2.0 */
/* Singular values: one-sided Jacobi, whose sweeps over a large matrix begin near the end: the eigenvectors of a'a,
 * from a tridiagonal form and QL steps (Golub & Van Loan 8.3), turn its columns first. These are right to the
 * square root of what Jacobi gives, so one or two sweeps restore full accuracy (Drmac & Veselic 2008 precondition
 * for the same reason). Columns of a are kept as rows, so that every loop runs along memory. */
#include "analytics/matrix_internal.h"
#include <string.h>

enum { SWEEPS = 60, DIRECT = 24 /* up to so many columns plain Jacobi is as fast */ };

/* Four sums, so that the order of additions does not depend on the processor. */
WORK_WIDE static double dot(const double *a, const double *b, size_t n)
{
    double sum[8] = {0};
    size_t k = 0;
    for (; k + 8 <= n; k += 8)
        for (size_t q = 0; q < 8; q++)
            sum[q] += a[k + q] * b[k + q];
    for (; k < n; k++)
        sum[0] += a[k] * b[k];
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/* x += f y, and both turned by an angle. */
WORK_WIDE static void add(double *restrict x, const double *restrict y, double f, size_t n)
{
    for (size_t k = 0; k < n; k++)
        x[k] += f * y[k];
}

WORK_WIDE static void turn(double *restrict x, double *restrict y, size_t n, double c, double s)
{
    for (size_t k = 0; k < n; k++) {
        double u = x[k], v = y[k];
        x[k] = c * u - s * v;
        y[k] = s * u + c * v;
    }
}

/* ---- eigenvectors of a symmetric matrix: Householder, then QL with shifts */
/* a (n × n) becomes tridiagonal: d its diagonal, e[i] beside i − 1; row i of a keeps the reflection of step i and
 * beta[i] its factor. */
static void tridiagonal(double *a, size_t n, double *d, double *e, double *beta, double *p)
{
    for (size_t i = n; i-- > 1;) {
        double *u = a + i * n, length = sqrt(dot(u, u, i)), last = u[i - 1];
        d[i] = u[i];
        beta[i] = 0;
        e[i] = last;
        if (i == 1 || !(length > 0))
            continue;
        e[i] = last > 0 ? -length : length;
        u[i - 1] -= e[i];
        beta[i] = 1 / (length * (length + fabs(last)));
        /* p = beta A u over the leading i × i part, of which the lower triangle is kept */
        memset(p, 0, i * sizeof(double));
        for (size_t r = 0; r < i; r++) {
            const double *row = a + r * n;
            add(p, row, u[r], r);
            p[r] += dot(row, u, r) + row[r] * u[r];
        }
        for (size_t r = 0; r < i; r++)
            p[r] *= beta[i];
        add(p, u, -beta[i] / 2 * dot(p, u, i), i);
        for (size_t r = 0; r < i; r++) {
            add(a + r * n, p, -u[r], r + 1);
            add(a + r * n, u, -p[r], r + 1);
        }
    }
    d[0] = a[0];
    e[0] = 0;
}

/* q = Q', Q'AQ being tridiagonal. */
static void reflections(const double *a, const double *beta, size_t n, double *q)
{
    memset(q, 0, n * n * sizeof(double));
    for (size_t i = 0; i < n; i++)
        q[i * n + i] = 1;
    /* Q' = H(2) … H(n−1); each touches the leading part only */
    for (size_t i = 2; i < n; i++)
        for (size_t r = 0; beta[i] > 0 && r < i; r++)
            add(q + r * n, a + i * n, -beta[i] * dot(q + r * n, a + i * n, i), i);
}

/* The last place above l at which the matrix falls apart. */
static size_t block_end(const double *d, const double *e, size_t n, size_t l)
{
    while (l + 1 < n && fabs(e[l]) > 0x1p-53 * (fabs(d[l]) + fabs(d[l + 1])))
        l++;
    return l;
}

/* One implicit QL step with Wilkinson's shift on l … m; e[i] lies between i and i + 1. */
static void ql_step(double *d, double *e, double *q, size_t n, size_t l, size_t m)
{
    double g = (d[l + 1] - d[l]) / (2 * e[l]), r = hypot(g, 1), s = 1, c = 1, p = 0;
    g = d[m] - d[l] + e[l] / (g + copysign(r, g));
    for (size_t i = m; i-- > l;) {
        double f = s * e[i], b = c * e[i];
        r = hypot(f, g);
        e[i + 1] = r;
        if (!(r > 0)) {
            d[i + 1] -= p;
            e[m] = 0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        turn(q + i * n, q + (i + 1) * n, n, c, s);
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0;
}

/* Rows of q: orthogonal directions, near the eigenvectors of the symmetric a (destroyed). Where QL does not come to
 * its end they are merely orthogonal, which is all that Jacobi needs. */
static void directions(Arena *arena, double *a, size_t n, double *q)
{
    double *d = ARENA_ARRAY(arena, double, n), *e = ARENA_ARRAY(arena, double, n + 1);
    double *beta = ARENA_ARRAY(arena, double, n), *p = ARENA_ARRAY(arena, double, n);
    tridiagonal(a, n, d, e, beta, p);
    reflections(a, beta, n, q);
    memmove(e, e + 1, (n - 1) * sizeof(double));
    e[n - 1] = 0;
    for (size_t l = 0; l < n; l++)
        for (int step = 0; step < SWEEPS; step++) {
            size_t m = block_end(d, e, n, l);
            if (m == l)
                break;
            ql_step(d, e, q, n, l, m);
        }
}

/* ---- Jacobi */
/* Rotation that makes the off-diagonal of [[a, b], [b, d]] zero (Golub & Van Loan 8.4). */
static void rotation(double a, double b, double d, double *ret_c, double *ret_s)
{
    double tau = (d - a) / (2 * b);
    double t = (tau >= 0 ? 1 : -1) / (fabs(tau) + sqrt(1 + tau * tau));
    *ret_c = 1 / sqrt(1 + t * t);
    *ret_s = t * *ret_c;
}

/* One sweep over all pairs of columns, stored as rows of w; gives how many were turned. */
static size_t sweep(double *w, double *q, double *square, size_t m, size_t n)
{
    size_t turned = 0;
    for (size_t i = 0; i < n; i++)
        square[i] = dot(w + i * m, w + i * m, m);
    for (size_t i = 0; i + 1 < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double c, t, both = dot(w + i * m, w + j * m, m);
            if (fabs(both) <= 4e-16 * sqrt(square[i] * square[j]) + 1e-300)
                continue;
            rotation(square[i], both, square[j], &c, &t);
            turn(w + i * m, w + j * m, m, c, t);
            turn(q + i * n, q + j * n, n, c, t);
            square[i] = dot(w + i * m, w + i * m, m);
            square[j] = dot(w + j * m, w + j * m, m);
            turned++;
        }
    return turned;
}

/* w (columns of a as rows) becomes q w for the directions q of a'a. */
static void precondition(Arena *arena, double *w, double *q, size_t m, size_t n)
{
    double *gram = ARENA_ARRAY(arena, double, n *n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            gram[i * n + j] = dot(w + i * m, w + j * m, m);
    directions(arena, gram, n, q);
    double *from = arena_dup(arena, w, m * n * sizeof(double));
    memset(w, 0, m * n * sizeof(double));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            add(w + i * m, from + j * m, q[i * n + j], m);
}

/* Sign by which the largest element of a direction is positive. */
static double sign_of(const double *q, size_t n)
{
    size_t most = 0;
    for (size_t i = 1; i < n; i++)
        if (fabs(q[i]) > fabs(q[most]) * (1 + 1e-9))
            most = i;
    return q[most] < 0 ? -1 : 1;
}

void matrix_svd(Arena *arena, const double *a, size_t m, size_t n, double *u, double *s, double *v)
{
    double *w = arena_alloc(arena, (m * n + 1) * sizeof(double));
    double *q = ARENA_ARRAY(arena, double, n *n), *length = ARENA_ARRAY(arena, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        q[i * n + i] = 1;
        for (size_t k = 0; k < m; k++)
            w[i * m + k] = a[k * n + i];
    }
    if (n > DIRECT)
        precondition(arena, w, q, m, n);
    for (int i = 0; i < SWEEPS && sweep(w, q, length, m, n) > 0; i++)
        ;
    for (size_t k = 0; k < n; k++)
        length[k] = sqrt(dot(w + k * m, w + k * m, m));
    Ranked *order = matrix_order_down(arena, length, n);
    for (size_t k = 0; k < n; k++) {
        size_t from = order[k].at;
        double sign = sign_of(q + from * n, n);
        s[k] = order[k].value;
        for (size_t i = 0; i < m; i++)
            u[i * n + k] = s[k] > 0 ? sign * w[from * m + i] / s[k] : 0;
        for (size_t i = 0; i < n; i++)
            v[i * n + k] = sign * q[from * n + i];
    }
}
