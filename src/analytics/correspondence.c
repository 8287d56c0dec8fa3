/* SPDX-License-Identifier: Apache-2.0 */
/* Correspondence analysis by singular values, taller side as rows. */
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

/* u: singular vectors of the points, n × wide; all: what the dimensions add up to at each point, Σ s². */
static void fill_points(Kernel *kn, CorrespondencePoints *p, const double *total, double n,
                        const double *u, size_t wide, const double *all, const Correspondence *a)
{
    size_t d = a->shown;
    p->mass = arena_alloc(kn->arena, p->n * sizeof(double));
    p->inertia = ARENA_ARRAY(kn->arena, double, p->n);
    p->principal = arena_alloc(kn->arena, p->n * d * sizeof(double));
    p->standard = arena_alloc(kn->arena, p->n * d * sizeof(double));
    p->contribution = arena_alloc(kn->arena, p->n * d * sizeof(double));
    p->cos2 = arena_alloc(kn->arena, p->n * d * sizeof(double));
    for (size_t i = 0; i < p->n; i++) {
        double mass = p->mass[i] = total[i] / n;
        for (size_t k = 0; k < d; k++) {
            double v = u[i * wide + k], s = v / sqrt(mass), f = s * a->singular[k];
            p->standard[i * d + k] = s;
            p->principal[i * d + k] = f;
            p->contribution[i * d + k] = v * v;
            p->cos2[i * d + k] = all[i] > 0 ? mass * f * f / all[i] : NAN;
        }
        p->inertia[i] = all[i];
    }
}

/* Residuals (P − r c') / √(r c'), along the longer side; their squares by row and column of the table. */
static double *residuals(Kernel *kn, const double *table, size_t r, size_t c, const double *row,
                         const double *column, double n, double *of_rows, double *of_columns)
{
    bool is_tall = r > c;
    double *s = arena_alloc(kn->arena, r * c * sizeof(double));
    double *root = arena_alloc(kn->arena, c * sizeof(double));
    for (size_t j = 0; j < c; j++)
        root[j] = 1 / sqrt(column[j]);
    for (size_t i = 0; i < r; i++) {
        double share = row[i] / n, own = 1 / sqrt(row[i]);
        for (size_t j = 0; j < c; j++) {
            double d = table[i * c + j] - share * column[j];
            d *= root[j] * own;
            s[is_tall ? j * r + i : i * c + j] = d;
            of_rows[i] += d * d;
            of_columns[j] += d * d;
        }
    }
    return s;
}

/* Few dimensions of a large table cost a fraction of all. */
static size_t shown_of(size_t wanted, size_t dimensions)
{
    return wanted == 0 || wanted > dimensions ? dimensions : wanted;
}

Status correspondence_run(Kernel *kn, const double *table, size_t r, size_t c, size_t wanted,
                          Correspondence *ret)
{
    double *row = ARENA_ARRAY(kn->arena, double, r + 1),
           *column = ARENA_ARRAY(kn->arena, double, c + 1);
    double *of_rows = ARENA_ARRAY(kn->arena, double, r + 1),
           *of_columns = ARENA_ARRAY(kn->arena, double, c + 1);
    Correspondence a = {0};
    TRY(check(kn, table, r, c, row, column, &a.n));
    bool is_tall = r > c;
    size_t m = is_tall ? r : c, w = is_tall ? c : r;
    double *s = residuals(kn, table, r, c, row, column, a.n, of_rows, of_columns);
    a.dimensions = w - 1;
    a.shown = shown_of(wanted, a.dimensions);
    a.singular = arena_alloc(kn->arena, w * sizeof(double));
    a.value = arena_alloc(kn->arena, w * sizeof(double));
    bool is_thin = a.shown <= w / 4;
    size_t wide = is_thin ? a.shown : w;
    double *u = arena_alloc(kn->arena, m * wide * sizeof(double)),
           *v = arena_alloc(kn->arena, w * wide * sizeof(double));
    if (is_thin)
        matrix_svd_thin(kn->arena, s, m, w, a.shown, u, a.singular, v);
    else
        matrix_svd(kn->arena, s, m, w, u, a.singular, v);
    for (size_t k = 0; k < a.dimensions; k++)
        a.value[k] = a.singular[k] * a.singular[k];
    a.inertia = work_sum(of_rows, r, 1);
    a.chi2 = a.inertia * a.n;
    a.df = ((double)r - 1) * ((double)c - 1);
    a.rows.n = r;
    a.columns.n = c;
    fill_points(kn, &a.rows, row, a.n, is_tall ? u : v, wide, of_rows, &a);
    fill_points(kn, &a.columns, column, a.n, is_tall ? v : u, wide, of_columns, &a);
    *ret = a;
    return work_check(kn);
}

double correspondence_at(const Correspondence *a, const CorrespondencePoints *p, size_t i, size_t k,
                         CorrespondenceNorm norm)
{
    size_t at = i * a->shown + k;
    bool is_row = p == &a->rows;
    if (norm == CORRESPONDENCE_SYMMETRIC)
        return p->standard[at] * sqrt(a->singular[k]);
    if (norm == CORRESPONDENCE_PRINCIPAL || is_row == (norm == CORRESPONDENCE_ROW))
        return p->principal[at];
    return p->standard[at];
}
