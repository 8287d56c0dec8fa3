/* SPDX-License-Identifier: Apache-2.0 */
/* Factor analysis on Jacobi eigenvectors. */
#include "analytics/factor.h"
#include "analytics/matrix.h"
#include <stdlib.h>
#include <string.h>

#define AXIS_ITERATIONS 20000
#define AXIS_TOLERANCE 1e-9
#define VARIMAX_SWEEPS 1000

static void adequacy(Factor *f, const double *inverse)
{
    size_t p = f->p;
    double all_r = 0, all_q = 0;
    for (size_t i = 0; i < p; i++) {
        double r2 = 0, q2 = 0;
        for (size_t j = 0; j < p; j++) {
            if (i == j)
                continue;
            double r = f->correlation[i * p + j];
            double q = inverse[i * p + j] / sqrt(inverse[i * p + i] * inverse[j * p + j]);
            r2 += r * r;
            q2 += q * q;
        }
        f->msa[i] = r2 / (r2 + q2);
        all_r += r2;
        all_q += q2;
    }
    f->kmo = all_r / (all_r + all_q);
    f->bartlett = -((double)f->n - 1 - (2 * (double)p + 5) / 6) * f->log_det;
    f->bartlett_df = (double)p * ((double)p - 1) / 2;
}

static void take_loadings(Factor *f, const double *value, const double *v)
{
    for (size_t i = 0; i < f->p; i++) {
        f->communality[i] = 0;
        for (size_t k = 0; k < f->m; k++) {
            double l = v[i * f->p + k] * sqrt(value[k] > 0 ? value[k] : 0);
            f->loading[i * f->m + k] = l;
            f->communality[i] += l * l;
        }
    }
}

static Status axis_factors(Kernel *kn, Factor *f, double *value, double *v)
{
    size_t p = f->p;
    double *reduced = arena_dup(kn->arena, f->correlation, p * p * sizeof(double));
    double *old = arena_dup(kn->arena, f->initial, p * sizeof(double));
    Arena *scratch = arena_new(65536);
    Status st = ST_OK;
    for (f->iterations = 1; f->iterations <= AXIS_ITERATIONS && st == ST_OK; f->iterations++) {
        double change = 0, most = 0;
        for (size_t i = 0; i < p; i++)
            reduced[i * p + i] = old[i];
        matrix_eigen(scratch, reduced, p, value, v);
        arena_reset(scratch);
        take_loadings(f, value, v);
        for (size_t i = 0; i < p; i++) {
            double d = fabs(f->communality[i] - old[i]);
            change = d > change ? d : change;
            most = f->communality[i] > most ? f->communality[i] : most;
            old[i] = f->communality[i];
        }
        if (most > 1 + 1e-9 || f->iterations == AXIS_ITERATIONS)
            st = work_fail(kn, FAULT_NO_RESULT, -1, -1, most);
        else if (change < AXIS_TOLERANCE)
            break;
        else
            st = work_check(kn);
    }
    arena_free(scratch);
    return st;
}

/* ---- varimax ---- */
/* Angle that raises the variance of squared loadings of columns a and b most (Kaiser 1958). */
static double varimax_angle(const double *l, size_t p, size_t m, size_t a, size_t b)
{
    double su = 0, sv = 0, num = 0, den = 0;
    for (size_t i = 0; i < p; i++) {
        double x = l[i * m + a], y = l[i * m + b], u = x * x - y * y, v = 2 * x * y;
        su += u;
        sv += v;
        num += 2 * u * v;
        den += u * u - v * v;
    }
    num -= 2 * su * sv / (double)p;
    den -= (su * su - sv * sv) / (double)p;
    return atan2(num, den) / 4;
}

static void turn(double *l, size_t rows, size_t m, size_t a, size_t b, double angle)
{
    double c = cos(angle), s = sin(angle);
    for (size_t i = 0; i < rows; i++) {
        double x = l[i * m + a], y = l[i * m + b];
        l[i * m + a] = c * x + s * y;
        l[i * m + b] = -s * x + c * y;
    }
}

static void varimax(Factor *f)
{
    size_t p = f->p, m = f->m;
    for (size_t i = 0; i < p; i++)
        for (size_t k = 0; k < m; k++)
            f->rotated[i * m + k] /= sqrt(f->communality[i]);
    for (int sweep = 0; sweep < VARIMAX_SWEEPS; sweep++) {
        double most = 0;
        for (size_t a = 0; a + 1 < m; a++)
            for (size_t b = a + 1; b < m; b++) {
                double angle = varimax_angle(f->rotated, p, m, a, b);
                most = fabs(angle) > most ? fabs(angle) : most;
                turn(f->rotated, p, m, a, b, angle);
                turn(f->rotation, m, m, a, b, angle);
            }
        if (most < 1e-13)
            break;
    }
    for (size_t i = 0; i < p; i++)
        for (size_t k = 0; k < m; k++)
            f->rotated[i * m + k] *= sqrt(f->communality[i]);
}

static void column_squares(const double *l, size_t p, size_t m, double *ss)
{
    memset(ss, 0, m * sizeof(double));
    for (size_t i = 0; i < p; i++)
        for (size_t k = 0; k < m; k++)
            ss[k] += l[i * m + k] * l[i * m + k];
}

/* A positive sum in column k; the same flip in the rotation, if there is one. */
static void positive(double *l, size_t p, size_t m, size_t k, double *rotation)
{
    double sum = 0;
    for (size_t i = 0; i < p; i++)
        sum += l[i * m + k];
    for (size_t i = 0; sum < 0 && i < p; i++)
        l[i * m + k] = -l[i * m + k];
    for (size_t i = 0; sum < 0 && rotation && i < m; i++)
        rotation[i * m + k] = -rotation[i * m + k];
}

static void swap_columns(double *l, size_t rows, size_t m, size_t a, size_t b)
{
    for (size_t i = 0; i < rows; i++) {
        double t = l[i * m + a];
        l[i * m + a] = l[i * m + b];
        l[i * m + b] = t;
    }
}

static void rotate(Kernel *kn, Factor *f, bool wanted)
{
    size_t p = f->p, m = f->m;
    f->rotated = arena_dup(kn->arena, f->loading, p * m * sizeof(double));
    f->rotation = ARENA_ARRAY(kn->arena, double, m *m);
    f->rotated_ss = arena_alloc(kn->arena, m * sizeof(double));
    for (size_t k = 0; k < m; k++)
        f->rotation[k * m + k] = 1;
    if (wanted && m > 1)
        varimax(f);
    column_squares(f->rotated, p, m, f->rotated_ss);
    for (size_t a = 0; wanted && a + 1 < m; a++)
        for (size_t b = a + 1; b < m; b++)
            if (f->rotated_ss[b] > f->rotated_ss[a]) {
                double t = f->rotated_ss[a];
                f->rotated_ss[a] = f->rotated_ss[b];
                f->rotated_ss[b] = t;
                swap_columns(f->rotated, p, m, a, b);
                swap_columns(f->rotation, m, m, a, b);
            }
    for (size_t k = 0; wanted && k < m; k++)
        positive(f->rotated, p, m, k, f->rotation);
}

static void fill_scores(Kernel *kn, Factor *f, const double *inverse, const double *x,
                        const double *mean, const double *sd)
{
    size_t p = f->p, m = f->m;
    f->weight = ARENA_ARRAY(kn->arena, double, p *m);
    f->score = ARENA_ARRAY(kn->arena, double, f->n *m);
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            for (size_t k = 0; k < m; k++)
                f->weight[i * m + k] += inverse[i * p + j] * f->rotated[j * m + k];
    for (size_t r = 0; r < f->n; r++)
        for (size_t i = 0; i < p; i++) {
            double z = (x[r * p + i] - mean[i]) / sd[i];
            for (size_t k = 0; k < m; k++)
                f->score[r * m + k] += z * f->weight[i * m + k];
        }
}

static Status extract(Kernel *kn, const FactorOptions *o, const double *inverse, Factor *f)
{
    size_t p = f->p;
    double *value = arena_alloc(kn->arena, p * sizeof(double));
    double *v = arena_alloc(kn->arena, p * p * sizeof(double));
    matrix_eigen(kn->arena, f->correlation, p, f->eigenvalue, v);
    f->m = (size_t)o->factors;
    for (size_t k = 0; o->factors == 0 && k < p && f->eigenvalue[k] > 1; k++)
        f->m++;
    f->m = f->m ? f->m : 1;
    f->loading = arena_alloc(kn->arena, p * f->m * sizeof(double));
    f->ss = arena_alloc(kn->arena, f->m * sizeof(double));
    for (size_t i = 0; i < p; i++)
        f->initial[i] = o->principal_axis ? 1 - 1 / inverse[i * p + i] : 1;
    if (o->principal_axis)
        TRY(axis_factors(kn, f, value, v));
    else
        take_loadings(f, f->eigenvalue, v);
    column_squares(f->loading, p, f->m, f->ss);
    for (size_t k = 0; k < f->m; k++)
        positive(f->loading, p, f->m, k, NULL);
    return ST_OK;
}

Status factor_run(Kernel *kn, const double *x, size_t n, size_t p, const FactorOptions *o,
                  Factor *ret)
{
    if (p < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, 0, 2);
    if (n <= p)
        return work_fail(kn, FAULT_TOO_FEW, -1, 0, (double)p + 1);
    if (o->factors < 0 || (size_t)o->factors > p)
        return work_fail(kn, FAULT_RANGE, -1, -1, o->factors);
    Factor f = {.n = n, .p = p};
    double *mean = arena_alloc(kn->arena, p * sizeof(double)),
           *sd = arena_alloc(kn->arena, p * sizeof(double));
    double *inverse = arena_alloc(kn->arena, p * p * sizeof(double));
    f.correlation = arena_alloc(kn->arena, p * p * sizeof(double));
    f.msa = arena_alloc(kn->arena, p * sizeof(double));
    f.eigenvalue = arena_alloc(kn->arena, p * sizeof(double));
    f.initial = arena_alloc(kn->arena, p * sizeof(double));
    f.communality = arena_alloc(kn->arena, p * sizeof(double));
    TRY(matrix_correlation(kn, x, n, p, f.correlation, mean, sd));
    int64_t depends = matrix_inverse(kn->arena, f.correlation, p, inverse, &f.log_det);
    if (depends >= 0)
        return work_fail(kn, FAULT_COLLINEAR, -1, depends, 0);
    adequacy(&f, inverse);
    TRY(extract(kn, o, inverse, &f));
    rotate(kn, &f, o->varimax);
    fill_scores(kn, &f, inverse, x, mean, sd);
    *ret = f;
    return ST_OK;
}
