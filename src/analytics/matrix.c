/* SPDX-License-Identifier: Apache-2.0 */
/* Cyclic Jacobi for symmetric matrices, Cholesky for inverses. */
#include "analytics/matrix_internal.h"
#include <stdlib.h>
#include <string.h>

#define SWEEPS 60
enum { BLOCK = 128 }; /* rows whose products are added in double, blocks in long double */

/* Rotation that makes the off-diagonal of [[a, b], [b, d]] zero (Golub & Van Loan 8.4). */
static void rotation(double a, double b, double d, double *ret_c, double *ret_s)
{
    double tau = (d - a) / (2 * b);
    double t = (tau >= 0 ? 1 : -1) / (fabs(tau) + sqrt(1 + tau * tau));
    *ret_c = 1 / sqrt(1 + t * t);
    *ret_s = t * *ret_c;
}

static void rotate_rows(double *a, size_t p, size_t i, size_t j, double c, double s)
{
    for (size_t k = 0; k < p; k++) {
        double x = a[i * p + k], y = a[j * p + k];
        a[i * p + k] = c * x - s * y;
        a[j * p + k] = s * x + c * y;
    }
}

static void rotate_columns(double *a, size_t rows, size_t p, size_t i, size_t j, double c, double s)
{
    for (size_t k = 0; k < rows; k++) {
        double x = a[k * p + i], y = a[k * p + j];
        a[k * p + i] = c * x - s * y;
        a[k * p + j] = s * x + c * y;
    }
}

static int compare_down(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

Ranked *matrix_order_down(Arena *arena, const double *value, size_t n)
{
    Ranked *r = arena_alloc(arena, (n + 1) * sizeof(*r));
    for (size_t i = 0; i < n; i++)
        r[i] = (Ranked){value[i], i};
    qsort(r, n, sizeof(*r), compare_down);
    return r;
}

/* +1 or -1 so that the largest element of column k is positive. */
static double sign_of(const double *v, size_t rows, size_t p, size_t k)
{
    size_t most = 0;
    for (size_t i = 1; i < rows; i++)
        if (fabs(v[i * p + k]) > fabs(v[most * p + k]) * (1 + 1e-9))
            most = i;
    return v[most * p + k] < 0 ? -1 : 1;
}

void matrix_eigen(Arena *arena, const double *a, size_t p, double *value, double *v)
{
    double *d = arena_dup(arena, a, p * p * sizeof(double)), *q = ARENA_ARRAY(arena, double, p *p);
    for (size_t i = 0; i < p; i++)
        q[i * p + i] = 1;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        size_t turned = 0;
        for (size_t i = 0; i + 1 < p; i++)
            for (size_t j = i + 1; j < p; j++) {
                double off = d[i * p + j];
                if (fabs(off) <= 1e-17 * sqrt(fabs(d[i * p + i] * d[j * p + j])) + 1e-300)
                    continue;
                double c, s;
                rotation(d[i * p + i], off, d[j * p + j], &c, &s);
                rotate_rows(d, p, i, j, c, s);
                rotate_columns(d, p, p, i, j, c, s);
                d[i * p + j] = d[j * p + i] = 0;
                rotate_columns(q, p, p, i, j, c, s);
                turned++;
            }
        if (turned == 0)
            break;
    }
    double *diagonal = arena_alloc(arena, (p + 1) * sizeof(double));
    for (size_t i = 0; i < p; i++)
        diagonal[i] = d[i * p + i];
    Ranked *order = matrix_order_down(arena, diagonal, p);
    for (size_t k = 0; k < p; k++) {
        double sign = sign_of(q, p, p, order[k].at);
        value[k] = order[k].value;
        for (size_t i = 0; i < p; i++)
            v[i * p + k] = sign * q[i * p + order[k].at];
    }
}

int64_t matrix_inverse(Arena *arena, const double *a, size_t p, double *inverse,
                       double *ret_log_det)
{
    double *l = ARENA_ARRAY(arena, double, p *p), *y = arena_alloc(arena, (p + 1) * sizeof(double));
    *ret_log_det = 0;
    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j <= i; j++) {
            long double sum = a[i * p + j];
            for (size_t k = 0; k < j; k++)
                sum -= (long double)l[i * p + k] * l[j * p + k];
            if (i == j && !(sum > 1e-12L * fabsl(a[i * p + i])))
                return (int64_t)i;
            l[i * p + j] = i == j ? sqrt((double)sum) : (double)sum / l[j * p + j];
        }
        *ret_log_det += 2 * log(l[i * p + i]);
    }
    for (size_t c = 0; c < p; c++) {
        for (size_t i = 0; i < p; i++) {
            y[i] = i == c;
            for (size_t k = 0; k < i; k++)
                y[i] -= l[i * p + k] * y[k];
            y[i] /= l[i * p + i];
        }
        for (size_t i = p; i-- > 0;) {
            for (size_t k = i + 1; k < p; k++)
                y[i] -= l[k * p + i] * y[k];
            y[i] /= l[i * p + i];
            inverse[i * p + c] = y[i];
        }
    }
    return -1;
}

Status matrix_correlation(Kernel *kn, const double *x, size_t n, size_t p, double *r, double *mean,
                          double *sd)
{
    if (n < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, 2);
    TRY(work_finite(kn, x, n, p));
    double *m = arena_alloc(kn->arena, (p + 1) * sizeof(double));
    double *ss = arena_alloc(kn->arena, (p + 1) * sizeof(double));
    long double *sum = ARENA_ARRAY(kn->arena, long double, p *p);
    for (size_t j = 0; j < p; j++) {
        work_moments(x + j, n, p, &m[j], &ss[j]);
        if (!(ss[j] > 1e-28 * (double)n * m[j] * m[j]))
            return work_fail(kn, FAULT_CONSTANT, -1, (int64_t)j, m[j]);
        if (mean)
            mean[j] = m[j];
        if (sd)
            sd[j] = sqrt(ss[j] / (double)(n - 1));
    }
    double *d = arena_alloc(kn->arena, (p + 1) * BLOCK * sizeof(double));
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t rows = n - from < BLOCK ? n - from : BLOCK;
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < p; j++)
                d[j * BLOCK + i] = x[(from + i) * p + j] - m[j];
        for (size_t j = 0; j < p; j++)
            for (size_t k = 0; k < j; k++)
                sum[j * p + k] += (long double)matrix_dot(d + j * BLOCK, d + k * BLOCK, rows);
        if (kernel_cancelled(kn))
            return ST_BUSY;
    }
    for (size_t j = 0; j < p; j++) {
        r[j * p + j] = 1;
        for (size_t k = 0; k < j; k++)
            r[j * p + k] = r[k * p + j] =
                (double)(sum[j * p + k] / sqrtl((long double)ss[j] * ss[k]));
    }
    return work_check(kn);
}
