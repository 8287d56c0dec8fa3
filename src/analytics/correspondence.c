/* SPDX-License-Identifier: Apache-2.0 */
/* Correspondence analysis by a one-sided Jacobi SVD, taller side as rows. */
#include "analytics/correspondence.h"
#include "analytics/matrix.h"

static Status check(Kernel *kn, const double *t, size_t r, size_t c, double *row, double *column,
                    double *ret_n)
{
    if (r < 2 || c < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, r < 2 ? 0 : 1, 2);
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j < c; j++) {
            double v = t[i * c + j];
            if (!isfinite(v) || v < 0)
                return work_fail(kn, isfinite(v) ? FAULT_RANGE : FAULT_NOT_FINITE, (int64_t)i,
                                 (int64_t)j, v);
            row[i] += v;
            column[j] += v;
            *ret_n += v;
        }
    for (size_t i = 0; i < r; i++)
        if (!(row[i] > 0))
            return work_fail(kn, FAULT_EMPTY, (int64_t)i, 0, 0);
    for (size_t j = 0; j < c; j++)
        if (!(column[j] > 0))
            return work_fail(kn, FAULT_EMPTY, (int64_t)j, 1, 0);
    return ST_OK;
}

/* u: singular vectors of the points, n × wide. */
static void fill_points(Kernel *kn, CorrespondencePoints *p, const double *total, double n,
                        const double *u, size_t wide, const Correspondence *a)
{
    size_t d = a->dimensions;
    p->mass = arena_alloc(kn->arena, p->n * sizeof(double));
    p->inertia = ARENA_ARRAY(kn->arena, double, p->n);
    p->principal = arena_alloc(kn->arena, p->n * d * sizeof(double));
    p->standard = arena_alloc(kn->arena, p->n * d * sizeof(double));
    p->contribution = arena_alloc(kn->arena, p->n * d * sizeof(double));
    p->cos2 = arena_alloc(kn->arena, p->n * d * sizeof(double));
    for (size_t i = 0; i < p->n; i++) {
        double mass = p->mass[i] = total[i] / n, all = 0;
        for (size_t k = 0; k < d; k++) {
            double v = u[i * wide + k], s = v / sqrt(mass), f = s * a->singular[k];
            p->standard[i * d + k] = s;
            p->principal[i * d + k] = f;
            p->contribution[i * d + k] = v * v;
            all += f * f;
        }
        p->inertia[i] = mass * all;
        for (size_t k = 0; k < d; k++)
            p->cos2[i * d + k] =
                all > 0 ? p->principal[i * d + k] * p->principal[i * d + k] / all : NAN;
    }
}

Status correspondence_run(Kernel *kn, const double *table, size_t r, size_t c, Correspondence *ret)
{
    double *row = ARENA_ARRAY(kn->arena, double, r + 1),
           *column = ARENA_ARRAY(kn->arena, double, c + 1);
    Correspondence a = {0};
    TRY(check(kn, table, r, c, row, column, &a.n));
    bool is_tall = r >= c;
    size_t m = is_tall ? r : c, w = is_tall ? c : r;
    double *s = arena_alloc(kn->arena, m * w * sizeof(double)),
           *u = arena_alloc(kn->arena, m * w * 8);
    double *v = arena_alloc(kn->arena, w * w * sizeof(double));
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j < c; j++) {
            double e = row[i] * column[j] / a.n;
            s[is_tall ? i * w + j : j * w + i] = (table[i * c + j] - e) / sqrt(e * a.n);
        }
    a.dimensions = w - 1;
    a.singular = arena_alloc(kn->arena, w * sizeof(double));
    a.value = arena_alloc(kn->arena, w * sizeof(double));
    matrix_svd(kn->arena, s, m, w, u, a.singular, v);
    for (size_t k = 0; k < a.dimensions; k++) {
        a.value[k] = a.singular[k] * a.singular[k];
        a.inertia += a.value[k];
    }
    a.chi2 = a.inertia * a.n;
    a.df = ((double)r - 1) * ((double)c - 1);
    a.rows.n = r;
    a.columns.n = c;
    fill_points(kn, &a.rows, row, a.n, is_tall ? u : v, w, &a);
    fill_points(kn, &a.columns, column, a.n, is_tall ? v : u, w, &a);
    *ret = a;
    return work_check(kn);
}

double correspondence_at(const Correspondence *a, const CorrespondencePoints *p, size_t i, size_t k,
                         CorrespondenceNorm norm)
{
    size_t at = i * a->dimensions + k;
    bool is_row = p == &a->rows;
    if (norm == CORRESPONDENCE_SYMMETRIC)
        return p->standard[at] * sqrt(a->singular[k]);
    if (norm == CORRESPONDENCE_PRINCIPAL || is_row == (norm == CORRESPONDENCE_ROW))
        return p->principal[at];
    return p->standard[at];
}
