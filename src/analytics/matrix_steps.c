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

/* x -= f y + g z. */
WORK_WIDE static void subtract_two(double *restrict x, const double *restrict y, double f,
                                   const double *restrict z, double g, size_t n)
{
    for (size_t k = 0; k < n; k++)
        x[k] = (x[k] - f * y[k]) - g * z[k];
}

/* ---- tridiagonal form and its eigenvalues */
#define AT(v) (*(WorkLanes *)(void *)(v))
#define FROM(v) (*(const WorkLanes *)(const void *)(v))

typedef struct
    Pass { /* over the leading part of a symmetric matrix, of which the lower triangle is kept */
    double *a;
    size_t n;
    const double *u, *p; /* a −= p u' + u p' */
    const double *v;     /* then q = a v */
    double *q;
} Pass;

/* Rows r and r + 1, up to column r; what they give to q beside that goes to `to`. */
static inline __attribute__((always_inline)) void pass_two(const Pass *w, size_t r, double to[2])
{
    double *x = w->a + r * w->n, *y = x + w->n, *q = w->q;
    const double *u = w->u, *p = w->p, *v = w->v;
    double xu = u[r], xp = p[r], xv = v[r], yu = u[r + 1], yp = p[r + 1], yv = v[r + 1];
    WorkLanes sx = {0}, sy = {0};
    size_t k = 0;
    for (; k + 4 <= r; k += 4) {
        WorkLanes pk = FROM(p + k), uk = FROM(u + k), vk = FROM(v + k);
        WorkLanes xk = (FROM(x + k) - pk * xu) - uk * xp, yk = (FROM(y + k) - pk * yu) - uk * yp;
        AT(x + k) = xk;
        AT(y + k) = yk;
        sx += xk * vk;
        sy += yk * vk;
        AT(q + k) = (FROM(q + k) + xk * xv) + yk * yv;
    }
    to[0] = (sx[0] + sx[1]) + (sx[2] + sx[3]);
    to[1] = (sy[0] + sy[1]) + (sy[2] + sy[3]);
    for (; k < r; k++) {
        x[k] = (x[k] - p[k] * xu) - u[k] * xp;
        y[k] = (y[k] - p[k] * yu) - u[k] * yp;
        to[0] += x[k] * v[k];
        to[1] += y[k] * v[k];
        q[k] = (q[k] + x[k] * xv) + y[k] * yv;
    }
}

/* Both steps at once over the leading i × i part, so that it is read and written once. */
WORK_WIDE static void pass(const Pass *w, size_t i)
{
    size_t n = w->n, r = 0;
    memset(w->q, 0, i * sizeof(double));
    for (; r + 2 <= i; r += 2) {
        double sum[2], *x = w->a + r * n, *y = x + n;
        pass_two(w, r, sum);
        x[r] -= 2 * w->p[r] * w->u[r];
        y[r] = (y[r] - w->p[r] * w->u[r + 1]) - w->u[r] * w->p[r + 1];
        y[r + 1] -= 2 * w->p[r + 1] * w->u[r + 1];
        w->q[r] += sum[0] + x[r] * w->v[r] + y[r] * w->v[r + 1];
        w->q[r + 1] += sum[1] + y[r] * w->v[r] + y[r + 1] * w->v[r + 1];
    }
    for (; r < i; r++) { /* the last of an odd number */
        double sum = 0, *x = w->a + r * n;
        for (size_t k = 0; k < r; k++) {
            x[k] = (x[k] - w->p[k] * w->u[r]) - w->u[k] * w->p[r];
            sum += x[k] * w->v[k];
            w->q[k] += x[k] * w->v[r];
        }
        x[r] -= 2 * w->p[r] * w->u[r];
        w->q[r] += sum + x[r] * w->v[r];
    }
}

/* The reflection that leaves one element of u (length i); gives its factor, 0 if there is nothing to do. */
static double reflection(double *u, size_t i, double *ret_beside)
{
    double length = sqrt(matrix_dot(u, u, i)), last = u[i - 1];
    *ret_beside = last;
    if (i == 1 || !(length > 0))
        return 0;
    *ret_beside = last > 0 ? -length : length;
    u[i - 1] -= *ret_beside;
    return 1 / (length * (length + fabs(last)));
}

/* What a step takes away is taken away by the pass of the next one. */
void matrix_tridiagonal(double *a, size_t n, double *d, double *e, double *beta, double *scratch)
{
    double *p = scratch, *q = p + n, *zero = q + n;
    memset(scratch, 0, 3 * n * sizeof(double));
    const double *u = zero;
    for (size_t i = n; i-- > 1;) {
        double *v = a + i * n;
        subtract_two(v, p, u[i], u, p[i], i + 1);
        d[i] = v[i];
        beta[i] = reflection(v, i, &e[i]);
        pass(&(Pass){a, n, u, p, v, q}, i);
        for (size_t r = 0; r < i; r++)
            q[r] *= beta[i];
        matrix_add(q, v, -beta[i] / 2 * matrix_dot(q, v, i), i);
        u = v;
        double *free = p;
        p = q;
        q = free;
    }
    d[0] = a[0]; /* the last reflection is none */
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
