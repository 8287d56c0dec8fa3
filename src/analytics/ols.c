/* SPDX-License-Identifier: Apache-2.0 */
/* Least squares from its triangle (ols.h): which columns are free, coefficients and what is said about them. */
#include "analytics/ols.h"
#include "analytics/dist.h"

#define TOLERANCE 1e-11L

/* ---- triangles of chosen columns */
typedef struct Reduced {
    size_t rows, rank, *kept; /* kept: column of the triangle for each column of q */
    long double *q;           /* rows × rank, row by row; its upper part is the new triangle */
    long double *y;           /* the last column, transformed alike */
} Reduced;

static void reflect(Reduced *d, size_t m, size_t at, long double *column, long double *rest)
{
    long double square = 0, alpha = column[at];
    for (size_t i = at + 1; i < d->rows; i++)
        square += column[i] * column[i];
    long double norm = sqrtl(alpha * alpha + square), beta = alpha >= 0 ? -norm : norm;
    if (norm == 0)
        return;
    column[at] = alpha - beta;
    long double factor = 1 / (beta * (alpha - beta)); /* −2/‖v‖² */
    for (size_t c = 0; c < m; c++) {
        long double s = 0, *to = rest + c * d->rows;
        for (size_t i = at; i < d->rows; i++)
            s += column[i] * to[i];
        s *= factor;
        for (size_t i = at; i < d->rows; i++)
            to[i] += s * column[i];
    }
    column[at] = beta;
    for (size_t i = at + 1; i < d->rows; i++)
        column[i] = 0;
}

/* Spread of column c about its mean (about 0 without intercept), from the triangle. */
static long double spread(const Triangle *t, size_t c)
{
    long double s = 0;
    for (size_t i = t->has_intercept && c > 0 ? 1 : 0; i <= c; i++)
        s += t->r[i * t->m + c] * t->r[i * t->m + c];
    return sqrtl(s);
}

static bool is_free(const Triangle *t, size_t c, size_t rank, const long double *column,
                    size_t rows)
{
    long double left = 0, whole = 0;
    for (size_t i = rank; i < rows; i++)
        left += column[i] * column[i];
    for (size_t i = 0; i <= c; i++)
        whole += t->r[i * t->m + c] * t->r[i * t->m + c];
    return sqrtl(left) > TOLERANCE * spread(t, c) && sqrtl(left) > 1e-17L * sqrtl(whole);
}

static void reduce(Arena *a, const Triangle *t, const uint8_t *use, Reduced *ret)
{
    size_t m = t->m, p = m - 1;
    long double *work = arena_alloc(a, sizeof(*work) * m * m); /* column by column */
    *ret = (Reduced){.rows = m, .kept = ARENA_ARRAY(a, size_t, m), .q = work};
    for (size_t c = 0; c < m; c++)
        for (size_t i = 0; i < m; i++)
            work[c * m + i] = i <= c ? t->r[i * m + c] : 0;
    size_t to = 0;
    for (size_t c = 0; c < p; c++) {
        long double *column = work + c * m;
        if ((use && !use[c]) || !is_free(t, c, to, column, m))
            continue;
        reflect(ret, m - c - 1, to, column, work + (c + 1) * m);
        ret->kept[to++] = c;
    }
    ret->rank = to;
    ret->y = work + p * m;
}

static long double tail_square(const Reduced *d)
{
    long double s = 0;
    for (size_t i = d->rank; i < d->rows; i++)
        s += d->y[i] * d->y[i];
    return s;
}

long double ols_subset(Kernel *k, const Triangle *t, const uint8_t *use, size_t *ret_rank)
{
    Reduced d;
    reduce(k->arena, t, use, &d);
    *ret_rank = d.rank;
    return tail_square(&d);
}

/* ---- the fit */
static long double *invert(Arena *a, const Reduced *d)
{
    size_t n = d->rank;
    long double *inverse = ARENA_ARRAY(a, long double, n *n + 1);
    for (size_t j = 0; j < n; j++) {
        inverse[j * n + j] = 1 / d->q[d->kept[j] * d->rows + j];
        for (size_t i = j; i-- > 0;) {
            long double s = 0;
            for (size_t l = i + 1; l <= j; l++)
                s += d->q[d->kept[l] * d->rows + i] * inverse[l * n + j];
            inverse[i * n + j] = -s / d->q[d->kept[i] * d->rows + i];
        }
    }
    return inverse;
}

static void allocate(Arena *a, size_t terms, Ols *o)
{
    double **arrays[] = {&o->b, &o->se, &o->t, &o->p, &o->low, &o->high, &o->beta, &o->vif};
    o->terms = terms;
    o->dropped = ARENA_ARRAY(a, uint8_t, terms + 1);
    o->covariance = ARENA_ARRAY(a, double, terms *terms + 1);
    for (size_t i = 0; i < COUNT_OF(arrays); i++) {
        *arrays[i] = ARENA_ARRAY(a, double, terms + 1);
        for (size_t j = 0; j < terms; j++)
            (*arrays[i])[j] = NAN;
    }
    for (size_t j = 0; j < terms; j++)
        o->dropped[j] = 1;
}

/* Element (i, j) of (R'R)⁻¹ = R⁻¹ R⁻ᵀ. */
static long double cross(const long double *inverse, size_t n, size_t i, size_t j)
{
    long double s = 0;
    for (size_t l = i > j ? i : j; l < n; l++)
        s += inverse[i * n + l] * inverse[j * n + l];
    return s;
}

static void coefficient(const Triangle *t, const Reduced *d, Ols *o, size_t i, double quantile)
{
    size_t term = d->kept[i], n = d->rank;
    long double b = 0, spread_x = spread(t, term);
    for (size_t l = i; l < n; l++)
        b += o->inverse[i * n + l] * d->y[l];
    long double unscaled = cross(o->inverse, n, i, i);
    o->dropped[term] = 0;
    o->b[term] = (double)b;
    o->se[term] = o->se_estimate * (double)sqrtl(unscaled);
    o->t[term] = o->b[term] / o->se[term];
    o->p[term] = dist_t_two(o->t[term], o->df_residual);
    o->low[term] = o->b[term] - quantile * o->se[term];
    o->high[term] = o->b[term] + quantile * o->se[term];
    if (t->has_intercept && term == 0)
        return;
    o->beta[term] = (double)(b * spread_x / sqrtl((long double)o->ss_total));
    o->vif[term] = (double)(unscaled * spread_x * spread_x);
}

static void summary(const Triangle *t, Ols *o)
{
    double n = o->n, first = t->has_intercept;
    o->df_model = (double)o->rank - first;
    o->df_residual = n - (double)o->rank;
    o->ss_model = o->ss_total - o->ss_residual;
    o->r2 = o->ss_model / o->ss_total;
    o->adj_r2 = 1 - (o->ss_residual / o->df_residual) / (o->ss_total / (n - first));
    o->se_estimate = sqrt(o->ss_residual / o->df_residual);
    o->f = (o->ss_model / o->df_model) / (o->ss_residual / o->df_residual);
    o->f_p = dist_f_upper(o->f, o->df_model, o->df_residual);
    o->loglik = -n / 2 * (log(2 * 3.14159265358979323846) + log(o->ss_residual / n) + 1);
    o->aic = 2 * (double)o->rank - 2 * o->loglik;
    o->bic = log(n) * (double)o->rank - 2 * o->loglik;
}

Status ols_fit(Kernel *k, const double *const *x, size_t p, const double *y, const double *w,
               size_t n, bool intercept, double level, Ols *ret)
{
    Triangle t;
    Reduced d;
    *ret = (Ols){0};
    allocate(k->arena, p + intercept, ret);
    TRY(ols_triangle(k, x, p, y, w, n, intercept, &t));
    ret->n = t.n;
    long double total = spread(&t, t.m - 1);
    ret->ss_total = (double)(total * total);
    long double level_y = intercept ? fabsl(t.r[t.m - 1]) : 0;
    if (!(total > 1e-17L * level_y) || !(ret->ss_total > 0))
        return kernel_fail(k, FAULT_CONSTANT, (int64_t)p, -1);
    reduce(k->arena, &t, NULL, &d);
    ret->rank = d.rank;
    ret->kept = d.kept;
    if (p > 0 && d.rank <= (size_t)intercept)
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    if (t.n <= (double)d.rank)
        return kernel_too_few(k, (int64_t)p, (double)d.rank + 1);
    long double residual = tail_square(&d);
    ret->ss_residual = (double)residual;
    summary(&t, ret);
    if (intercept) /* total − residual loses digits where the fit is perfect */
        for (size_t i = 1, first = 1; i < d.rank; i++, first = 0)
            ret->ss_model = (first ? 0 : ret->ss_model) + (double)(d.y[i] * d.y[i]);
    ret->inverse = invert(k->arena, &d);
    double quantile = dist_t_quantile(0.5 + level / 2, ret->df_residual);
    for (size_t i = 0; i < d.rank; i++) {
        coefficient(&t, &d, ret, i, quantile);
        for (size_t j = 0; j < d.rank; j++)
            ret->covariance[d.kept[i] * ret->terms + d.kept[j]] =
                ret->se_estimate * ret->se_estimate * (double)cross(ret->inverse, d.rank, i, j);
    }
    return ST_OK;
}
