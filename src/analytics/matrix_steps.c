/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that decompositions are made of: inner products, rotations, Householder's tridiagonal form, QL, sweeps of
 * one-sided Jacobi (Golub & Van Loan 8.3, 8.4, 8.6). */
#include "analytics/matrix_internal.h"
#include <string.h>

/* Four sums, so that the order of additions does not depend on the processor. */
WORK_WIDE double matrix_dot(const double *a, const double *b, size_t n)
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
WORK_WIDE void matrix_add(double *restrict x, const double *restrict y, double f, size_t n)
{
    for (size_t k = 0; k < n; k++)
        x[k] += f * y[k];
}

WORK_WIDE void matrix_turn(double *restrict x, double *restrict y, size_t n, double c, double s)
{
    for (size_t k = 0; k < n; k++) {
        double u = x[k], v = y[k];
        x[k] = c * u - s * v;
        y[k] = s * u + c * v;
    }
}

/* x += f y; gives the inner product of y and z. */
WORK_WIDE static double add_and_dot(double *restrict x, const double *restrict y, double f,
                                    const double *restrict z, size_t n)
{
    double sum[8] = {0};
    size_t k = 0;
    for (; k + 8 <= n; k += 8)
        for (size_t q = 0; q < 8; q++) {
            sum[q] += y[k + q] * z[k + q];
            x[k + q] += f * y[k + q];
        }
    for (; k < n; k++) {
        sum[0] += y[k] * z[k];
        x[k] += f * y[k];
    }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/* x -= f y + g z. */
WORK_WIDE static void subtract_two(double *restrict x, const double *restrict y, double f,
                                   const double *restrict z, double g, size_t n)
{
    for (size_t k = 0; k < n; k++)
        x[k] = (x[k] - f * y[k]) - g * z[k];
}

/* ---- tridiagonal form and its eigenvalues */
/* a (n × n) becomes tridiagonal: d its diagonal, e[i] beside i − 1; row i of a keeps the reflection of step i and
 * beta[i] its factor. */
void matrix_tridiagonal(double *a, size_t n, double *d, double *e, double *beta, double *p)
{
    for (size_t i = n; i-- > 1;) {
        double *u = a + i * n, length = sqrt(matrix_dot(u, u, i)), last = u[i - 1];
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
            p[r] += add_and_dot(p, row, u[r], u, r) + row[r] * u[r];
        }
        for (size_t r = 0; r < i; r++)
            p[r] *= beta[i];
        matrix_add(p, u, -beta[i] / 2 * matrix_dot(p, u, i), i);
        for (size_t r = 0; r < i; r++) {
            subtract_two(a + r * n, p, u[r], u, p[r], r + 1);
        }
    }
    d[0] = a[0];
    e[0] = 0;
}

/* The last place above l at which the matrix falls apart. */
size_t matrix_block_end(const double *d, const double *e, size_t n, size_t l)
{
    while (l + 1 < n && fabs(e[l]) > 0x1p-53 * (fabs(d[l]) + fabs(d[l + 1])))
        l++;
    return l;
}

static double length_of(double f, double g)
{
    double square = f * f + g * g;
    return square > 1e-280 && square < 1e280 ? sqrt(square) : hypot(f, g);
}

/* One implicit QL step with Wilkinson's shift on l … m; e[i] lies between i and i + 1. */
void matrix_ql_step(double *d, double *e, double *q, size_t n, size_t l, size_t m)
{
    double g = (d[l + 1] - d[l]) / (2 * e[l]), r = hypot(g, 1), s = 1, c = 1, p = 0;
    g = d[m] - d[l] + e[l] / (g + copysign(r, g));
    for (size_t i = m; i-- > l;) {
        double f = s * e[i], b = c * e[i];
        r = length_of(f, g);
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
        if (q)
            matrix_turn(q + i * n, q + (i + 1) * n, n, c, s);
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0;
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
size_t matrix_sweep(double *w, double *q, double *square, size_t m, size_t n, size_t wide)
{
    size_t turned = 0;
    for (size_t i = 0; i < n; i++)
        square[i] = matrix_dot(w + i * m, w + i * m, m);
    for (size_t i = 0; i + 1 < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double c, t, both = matrix_dot(w + i * m, w + j * m, m);
            if (fabs(both) <= 4e-16 * sqrt(square[i] * square[j]) + 1e-300)
                continue;
            rotation(square[i], both, square[j], &c, &t);
            matrix_turn(w + i * m, w + j * m, m, c, t);
            matrix_turn(q + i * wide, q + j * wide, wide, c, t);
            square[i] = matrix_dot(w + i * m, w + i * m, m);
            square[j] = matrix_dot(w + j * m, w + j * m, m);
            turned++;
        }
    return turned;
}

/* Sign by which the largest element of a direction is positive. */
double matrix_sign(const double *q, size_t n)
{
    size_t most = 0;
    for (size_t i = 1; i < n; i++)
        if (fabs(q[i]) > fabs(q[most]) * (1 + 1e-9))
            most = i;
    return q[most] < 0 ? -1 : 1;
}
