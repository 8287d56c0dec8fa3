/* SPDX-License-Identifier: Apache-2.0 */
/* Preparation of one column: fit, then apply. */
#include "analytics/prepare.h"

static double clipped(const PrepareColumn *c, double v)
{
    return v < c->low ? c->low : v > c->high ? c->high : v;
}

static Status valid_values(Kernel *kn, const double *x, size_t n, int64_t column, double *v,
                           size_t *ret_n)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (isinf(x[i]))
            return work_fail(kn, FAULT_NOT_FINITE, (int64_t)i, column, x[i]);
        if (!isnan(x[i]))
            v[m++] = x[i];
    }
    *ret_n = m;
    return m ? ST_OK : work_fail(kn, FAULT_EMPTY, -1, column, 0);
}

static Status take_logs(Kernel *kn, const double *x, size_t n, int64_t column, double *v, size_t m)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] <= -1)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, column, x[i]);
    for (size_t i = 0; i < m; i++)
        v[i] = log1p(v[i]);
    return ST_OK;
}

Status prepare_fit(Kernel *kn, const double *x, size_t n, int64_t column, const PrepareOptions *o,
                   PrepareColumn *ret)
{
    PrepareColumn c = {
        .fill = NAN, .low = -INFINITY, .high = INFINITY, .is_log = o->is_log, .scale = 1};
    double *v = arena_alloc(kn->arena, (n + 1) * sizeof(double)), mean, ss;
    size_t m = 0;
    TRY(valid_values(kn, x, n, column, v, &m));
    work_moments(v, m, 1, &mean, &ss);
    if (o->fill == PREPARE_MEAN)
        c.fill = mean;
    if (o->clip > 0 || o->fill == PREPARE_MEDIAN)
        work_sort(v, m);
    if (o->fill == PREPARE_MEDIAN)
        c.fill = work_quantile7(v, m, 0.5);
    if (o->clip > 0) {
        c.low = work_quantile7(v, m, o->clip);
        c.high = work_quantile7(v, m, 1 - o->clip);
    }
    size_t filled = isnan(c.fill) ? 0 : n - m;
    for (size_t i = 0; i < filled; i++)
        v[m + i] = c.fill;
    m += filled;
    for (size_t i = 0; i < m; i++)
        v[i] = clipped(&c, v[i]);
    if (o->is_log)
        TRY(take_logs(kn, x, n, column, v, m));
    if (o->scale != PREPARE_AS_IS) {
        work_moments(v, m, 1, &c.centre, &ss);
        double divisor = o->scale == PREPARE_Z0 ? (double)m : (double)m - 1;
        c.scale = sqrt(ss / divisor);
        if (!(c.scale > 1e-14 * fabs(c.centre)) || !isfinite(c.scale))
            return work_fail(kn, FAULT_CONSTANT, -1, column, c.centre);
    }
    *ret = c;
    return ST_OK;
}

Status prepare_apply(Kernel *kn, const PrepareColumn *c, const double *x, size_t n, int64_t column,
                     double *to, size_t stride)
{
    for (size_t i = 0; i < n; i++) {
        double v = isnan(x[i]) ? c->fill : x[i];
        if (isinf(v))
            return work_fail(kn, FAULT_NOT_FINITE, (int64_t)i, column, v);
        v = clipped(c, v);
        if (c->is_log && v <= -1)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, column, v);
        v = c->is_log ? log1p(v) : v;
        to[i * stride] = (v - c->centre) / c->scale;
    }
    return ST_OK;
}
