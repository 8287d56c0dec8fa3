/* SPDX-License-Identifier: Apache-2.0 */
/* Before a logistic fit: checks, the sample that the first steps look at, middle and scale of the columns. */
#include "analytics/logistic_internal.h"

Status logistic_check(Fit *f, double *ret_n, double *ret_yes)
{
    long double n = 0, yes = 0;
    size_t ones = 0;
    for (size_t i = 0; !f->w && i < f->n; i++) {
        if (f->y[i] != 0 && f->y[i] != 1)
            return kernel_fail(f->k, FAULT_RANGE, (int64_t)f->p, (int64_t)i);
        ones += f->y[i] > 0;
    }
    if (!f->w) {
        n = (long double)f->n;
        yes = (long double)ones;
    }
    for (size_t i = 0; f->w && i < f->n; i++) {
        double w = f->w[i];
        if (f->y[i] != 0 && f->y[i] != 1)
            return kernel_fail(f->k, FAULT_RANGE, (int64_t)f->p, (int64_t)i);
        if (!(w >= 0) || isinf(w))
            return kernel_fail(f->k, FAULT_WEIGHT, -1, (int64_t)i);
        n += (long double)w;
        yes += (long double)w * (long double)f->y[i];
    }
    *ret_n = (double)n;
    *ret_yes = (double)yes;
    return yes <= 0 || yes >= n ? kernel_fail(f->k, FAULT_CONSTANT, (int64_t)f->p, -1) : ST_OK;
}

static void set_scale(Fit *f, size_t j, double mean, double deviation)
{
    f->mean[j] = mean;
    f->scale[j] = deviation;
}

static Status scale_slowly(Fit *f, size_t j, double n)
{
    long double sum = 0, square = 0;
    for (size_t i = 0; i < f->n; i++)
        sum += (long double)(f->w ? f->w[i] : 1) * (long double)f->x[j][i];
    long double mean = sum / (long double)n;
    for (size_t i = 0; i < f->n; i++) {
        long double d = (long double)f->x[j][i] - mean;
        square += (long double)(f->w ? f->w[i] : 1) * d * d;
    }
    set_scale(f, j, (double)mean, (double)sqrtl(square / (long double)n));
    return isfinite(f->scale[j]) ? ST_OK : kernel_fail(f->k, FAULT_RANGE, (int64_t)j, -1);
}

/* Sum and sum of squares of x − shift over whole vectors of four; gives how many values were taken. */
LOGISTIC_WIDE static size_t sums(const double *x, const double *w, size_t n, double shift,
                                 double *sum, double *square)
{
    V4 s = {0}, q = {0}, middle = {shift, shift, shift, shift};
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        V4 d = AT(x + i) - middle, wd = w ? AT(w + i) * d : d;
        s += wd;
        q += wd * d;
    }
    *sum = SUM(s);
    *square = SUM(q);
    return i;
}

/* Any scale near the standard deviation will do: coefficients are turned back with the same numbers. */
static Status scale_column(Fit *f, size_t j, double n)
{
    const double *x = f->x[j];
    double sum = 0, square = 0, shift = x[0];
    size_t done = isfinite(shift) ? sums(x, f->w, f->n, shift, &sum, &square) : 0;
    for (size_t i = done; done && i < f->n; i++) {
        double d = x[i] - shift, wd = f->w ? f->w[i] * d : d;
        sum += wd;
        square += wd * d;
    }
    bool is_finite = done && isfinite(square);
    for (size_t i = 0; !is_finite && i < f->n; i++)
        if (!isfinite(x[i]))
            return kernel_fail(f->k, FAULT_NOT_FINITE, (int64_t)j, (int64_t)i);
    if (!is_finite) /* fewer than four rows, or squares that overflow */
        return scale_slowly(f, j, n);
    set_scale(f, j, shift + sum / n, sqrt(fmax(0, square / n - sum / n * (sum / n))));
    return ST_OK;
}

bool logistic_has_spread(const Fit *f, size_t j) { return f->scale[j] > 1e-15 * fabs(f->mean[j]); }

/* From the sample where there is one; a column that is constant there is looked at whole. Values that are not finite
 * between the rows of the sample show in the first pass over all (logistic_find_unreal). */
Status logistic_scale(Fit *f, double n)
{
    Fit all = *f;
    for (size_t j = 0; j < f->p; j++) {
        bool is_whole = !f->sample.n;
        if (!is_whole) {
            f->x = f->sample.x;
            f->w = f->sample.w;
            f->n = f->sample.n;
            Status st = scale_column(f, j, f->sample.weight);
            f->x = all.x;
            f->w = all.w;
            f->n = all.n;
            is_whole = st != ST_OK || !logistic_has_spread(f, j);
        }
        if (is_whole)
            TRY(scale_column(f, j, n));
    }
    return ST_OK;
}

/* After a pass over all rows: what is not finite in the columns makes the likelihood or a score so. */
Status logistic_find_unreal(const Fit *f)
{
    bool is_finite = isfinite((double)f->loglik);
    for (size_t c = 0; c < f->m; c++)
        is_finite = is_finite && isfinite(f->score[c]);
    for (size_t j = 0; !is_finite && j < f->p; j++)
        for (size_t i = 0; i < f->n; i++)
            if (!isfinite(f->x[j][i]))
                return kernel_fail(f->k, FAULT_NOT_FINITE, (int64_t)j, (int64_t)i);
    return ST_OK;
}

enum { SAMPLE_LEAST = 8000, SAMPLE_MOST = 40000 };

void logistic_sample(Fit *f)
{
    Arena *a = f->k->arena;
    size_t rows = f->n / 16 < SAMPLE_LEAST ? SAMPLE_LEAST : f->n / 16;
    rows = rows > SAMPLE_MOST ? SAMPLE_MOST : rows;
    if (rows < 20 * (f->p + 1) || f->n / rows < 4)
        return;
    Sample *s = &f->sample;
    size_t stride = f->n / rows;
    double *y = arena_alloc(a, sizeof(double) * rows), *w = NULL;
    s->x = ARENA_ARRAY(a, const double *, f->p + 1);
    for (size_t j = 0; j < f->p; j++) {
        double *x = arena_alloc(a, sizeof(double) * rows);
        for (size_t i = 0; i < rows; i++)
            x[i] = f->x[j][i * stride];
        s->x[j] = x;
    }
    if (f->w)
        w = arena_alloc(a, sizeof(double) * rows);
    for (size_t i = 0; i < rows; i++) {
        y[i] = f->y[i * stride];
        if (w)
            w[i] = f->w[i * stride];
        s->weight += w ? w[i] : 1;
    }
    s->y = y;
    s->w = w;
    s->n = rows;
}
