/* SPDX-License-Identifier: Apache-2.0 */
/* Least squares by row: fitted values, residuals, influence. */
#include "analytics/ols.h"

static double leverage_of(const Ols *o, const double *row)
{
    double h = 0;
    for (size_t j = 0; j < o->rank; j++) {
        long double s = 0;
        for (size_t i = 0; i <= j; i++)
            s += o->inverse[i * o->rank + j] * (long double)row[o->kept[i]];
        h += (double)(s * s);
    }
    return h;
}

static void put(double *to, size_t i, double v)
{
    if (to)
        to[i] = v;
}

static void influence(const Ols *o, const double *row, double residual, size_t i,
                      const OlsRows *ret)
{
    double h = leverage_of(o, row), s2 = o->ss_residual / o->df_residual;
    double student = residual / sqrt(s2 * (1 - h));
    double others = (o->ss_residual - residual * residual / (1 - h)) / (o->df_residual - 1);
    put(ret->leverage, i, h);
    put(ret->studentised, i, student);
    put(ret->deleted, i, residual / sqrt(others * (1 - h)));
    put(ret->cook, i, student * student * h / ((1 - h) * (double)o->rank));
}

Status ols_rows(Kernel *k, const Ols *o, const double *const *x, size_t p, const double *y,
                size_t n, bool intercept, const OlsRows *ret, double *ret_durbin_watson)
{
    double *row = ARENA_ARRAY(k->arena, double, p + 1), before = 0;
    long double steps = 0, squares = 0;
    bool needs_hat = ret->leverage || ret->studentised || ret->deleted || ret->cook;
    for (size_t i = 0; i < n; i++) {
        long double fit = 0;
        row[0] = 1;
        for (size_t j = 0; j < p; j++)
            row[j + intercept] = x[j][i];
        for (size_t j = 0; j < o->rank; j++)
            fit += (long double)o->b[o->kept[j]] * (long double)row[o->kept[j]];
        double residual = (double)((long double)y[i] - fit);
        long double step = (long double)residual - (long double)before;
        steps += i ? step * step : 0;
        squares += (long double)residual * (long double)residual;
        before = residual;
        put(ret->fitted, i, (double)fit);
        put(ret->residual, i, residual);
        if (needs_hat)
            influence(o, row, residual, i, ret);
        if (i % 65536 == 0 && kernel_cancelled(k))
            return ST_BUSY;
    }
    *ret_durbin_watson = (double)(steps / squares);
    return ST_OK;
}
