/* SPDX-License-Identifier: Apache-2.0 */
/* Logistic regression (logistic.h): blocks of rows are standardised and weighted in cache, their cross
 * products added with vectors of four; the Newton system is solved by Cholesky in long double. */
#include "analytics/dist.h"
#include "analytics/logistic_internal.h"

enum { MOST_STEPS = 100 };
#define TOLERANCE 1e-9L

/* ---- Cholesky, dropping columns that depend on those before them */
static size_t factor(Fit *f, long double *l, uint8_t *is_free)
{
    size_t m = f->m, dropped = 0;
    for (size_t j = 0; j < m; j++) {
        long double own = (long double)f->information[j * m + j], left = own;
        for (size_t c = 0; c < j; c++)
            left -= is_free[c] ? l[j * m + c] * l[j * m + c] : 0;
        is_free[j] = left > TOLERANCE * own && left > 0;
        dropped += !is_free[j];
        l[j * m + j] = is_free[j] ? sqrtl(left) : 1;
        for (size_t i = j + 1; is_free[j] && i < m; i++) {
            long double s = (long double)f->information[i * m + j];
            for (size_t c = 0; c < j; c++)
                s -= is_free[c] ? l[i * m + c] * l[j * m + c] : 0;
            l[i * m + j] = s / l[j * m + j];
        }
    }
    return dropped;
}

static void solve(const Fit *f, const long double *l, long double *step)
{
    size_t m = f->m;
    for (size_t i = 0; i < m; i++) {
        long double s = (long double)f->score[i];
        for (size_t c = 0; c < i; c++)
            s -= l[i * m + c] * step[c];
        step[i] = s / l[i * m + i];
    }
    for (size_t i = m; i-- > 0;) {
        for (size_t c = i + 1; c < m; c++)
            step[i] -= l[c * m + i] * step[c];
        step[i] /= l[i * m + i];
    }
}

static void drop(Fit *f, const uint8_t *is_free)
{
    size_t to = 1;
    for (size_t c = 1; c < f->m; c++)
        if (is_free[c]) {
            f->column[to] = f->column[c];
            f->b[to++] = f->b[c];
        }
    f->m = to;
}

/* Column whose standardised coefficient is largest. */
static int64_t largest(const Fit *f)
{
    size_t best = 1;
    for (size_t c = 2; c < f->m; c++)
        if (fabs(f->b[c]) > fabs(f->b[best]))
            best = c;
    return f->m > 1 ? (int64_t)f->column[best] : -1;
}

typedef struct Newton {
    long double *l, *step;
    uint8_t *is_free;
    double *from; /* coefficients before the last step */
} Newton;

/* One step; halved while the likelihood falls. *ret_move: the largest change of a coefficient. */
static Status advance(Fit *f, Newton *s, double *ret_move)
{
    long double before = f->loglik;
    double move = 0;
    solve(f, s->l, s->step);
    memcpy(s->from, f->b, sizeof(double) * f->m);
    for (size_t c = 0; c < f->m; c++)
        f->b[c] += (double)s->step[c];
    TRY(logistic_pass(f, true));
    for (int half = 0; half < 30 && f->loglik < before - 1e-12L * fabsl(before); half++) {
        for (size_t c = 0; c < f->m; c++)
            f->b[c] = (f->b[c] + s->from[c]) / 2;
        TRY(logistic_pass(f, true));
    }
    for (size_t c = 0; c < f->m; c++)
        move = fmax(move, fabs(f->b[c] - s->from[c]));
    *ret_move = move;
    return ST_OK;
}

/* ---- many rows: a start from a sample, then steps that keep its information */
static Status solve_sample(Fit *f, Newton *s, bool *ret_is_good)
{
    double move = 1;
    TRY(logistic_pass(f, true));
    for (int i = 0; i < 8 && move > 1e-5 && !factor(f, s->l, s->is_free); i++)
        TRY(advance(f, s, &move));
    *ret_is_good = move < 1e-2 && !factor(f, s->l, s->is_free);
    for (size_t c = 0; c < f->m; c++)
        *ret_is_good = *ret_is_good && fabs(f->b[c]) < 10;
    return ST_OK;
}

/* Steps with the information of the sample, blown up by n over its weight: each divides the error by some
 * thirty and needs no cross products. Stops when a step is small enough for Newton's to end in two passes, or when
 * they do not get on. */
static Status approach(Fit *f, Newton *s, double blow_up)
{
    long double best = -INFINITY;
    double last = INFINITY;
    memcpy(s->from, f->b, sizeof(double) * f->m);
    for (int i = 0; i < 10; i++) {
        TRY(logistic_pass(f, false));
        TRY(logistic_find_unreal(f));
        if (!(f->loglik >= best)) {
            memcpy(f->b, s->from, sizeof(double) * f->m);
            return ST_OK;
        }
        best = f->loglik;
        memcpy(s->from, f->b, sizeof(double) * f->m);
        solve(f, s->l, s->step);
        double move = 0;
        for (size_t c = 0; c < f->m; c++) {
            double step = (double)s->step[c] / blow_up;
            f->b[c] += step;
            move = fmax(move, fabs(step));
        }
        if (move < 3e-3 || move > last / 2)
            return ST_OK;
        last = move;
    }
    return ST_OK;
}

/* With many rows the first steps see only a part of them; what goes wrong there is of no consequence. */
static Status start_from_sample(Fit *f, Newton *s, double n)
{
    const Sample *sample = &f->sample;
    bool is_good = false;
    if (sample->n < 20 * f->m)
        return ST_OK;
    Fit whole = *f;
    f->x = sample->x;
    f->y = sample->y;
    f->w = sample->w;
    f->n = sample->n;
    TRY(solve_sample(f, s, &is_good));
    f->x = whole.x;
    f->y = whole.y;
    f->w = whole.w;
    f->n = whole.n;
    if (is_good && sample->weight > 0)
        return approach(f, s, n / sample->weight);
    memset(f->b, 0, sizeof(double) * f->m);
    f->b[0] = f->start;
    return ST_OK;
}

/* True when the next Newton step is so small that it can be taken without looking again: steps square the error,
 * so what is left is far below 1e-11, and the likelihood grows by half of score · step. */
static bool finish(Fit *f, Newton *s)
{
    long double gain = 0;
    solve(f, s->l, s->step);
    for (size_t c = 0; c < f->m; c++) {
        if (!(fabsl(s->step[c]) < 1e-9L))
            return false;
        gain += (long double)f->score[c] * s->step[c];
    }
    for (size_t c = 0; c < f->m; c++)
        f->b[c] += (double)s->step[c];
    f->loglik += gain / 2;
    return true;
}

static Status iterate(Fit *f, Newton *s, double n, int *ret_steps)
{
    TRY(start_from_sample(f, s, n));
    TRY(logistic_pass(f, true));
    TRY(logistic_find_unreal(f));
    if (factor(f, s->l, s->is_free)) {
        drop(f, s->is_free);
        TRY(logistic_pass(f, true));
        factor(f, s->l, s->is_free);
    }
    *ret_steps = 1;
    if (f->least_yes <= f->most_no && finish(f, s))
        return ST_OK;
    for (int i = 1; i <= MOST_STEPS; i++) {
        long double before = f->loglik;
        double move;
        TRY(advance(f, s, &move));
        *ret_steps = i;
        bool is_flat = fabsl(f->loglik - before) <= 1e-11L * (fabsl(f->loglik) + 1e-3L);
        if (f->least_yes > f->most_no || (is_flat && move > 0.1))
            return kernel_fail(f->k, FAULT_SEPARATED, largest(f), -1);
        if (factor(f, s->l, s->is_free))
            return kernel_fail(f->k, FAULT_SEPARATED, largest(f), -1);
        if (move < 1e-6 || (move < 1e-2 && finish(f, s)))
            return ST_OK;
    }
    return kernel_fail(f->k, FAULT_NO_RESULT, -1, -1);
}

/* ---- results in the units of the data */
static long double *inverse_of(Arena *a, const Fit *f, const long double *l)
{
    size_t m = f->m;
    long double *inverse = ARENA_ARRAY(a, long double, m *m),
                *u = ARENA_ARRAY(a, long double, m *m);
    for (size_t j = 0; j < m; j++) { /* u = L⁻¹ */
        u[j * m + j] = 1 / l[j * m + j];
        for (size_t i = j + 1; i < m; i++) {
            long double s = 0;
            for (size_t c = j; c < i; c++)
                s -= l[i * m + c] * u[c * m + j];
            u[i * m + j] = s / l[i * m + i];
        }
    }
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            for (size_t c = i > j ? i : j; c < m; c++)
                inverse[i * m + j] += u[c * m + i] * u[c * m + j];
    return inverse;
}

static void put(Logistic *r, size_t term, long double b, long double variance, double quantile)
{
    r->dropped[term] = 0;
    r->b[term] = (double)b;
    r->se[term] = (double)sqrtl(variance);
    double z = r->b[term] / r->se[term];
    r->wald[term] = z * z;
    r->p[term] = dist_normal_two(z);
    r->low[term] = r->b[term] - quantile * r->se[term];
    r->high[term] = r->b[term] + quantile * r->se[term];
}

static void coefficients(const Fit *f, const long double *inverse, double quantile, Logistic *r)
{
    size_t m = f->m;
    long double constant = (long double)f->b[0], variance = inverse[0];
    for (size_t c = 1; c < m; c++) {
        long double scale = (long double)f->scale[f->column[c]],
                    shift = (long double)f->mean[f->column[c]] / scale;
        put(r, f->column[c] + 1, (long double)f->b[c] / scale, inverse[c * m + c] / (scale * scale),
            quantile);
        constant -= (long double)f->b[c] * shift;
        variance -= 2 * shift * inverse[c];
        for (size_t d = 1; d < m; d++)
            variance += shift * inverse[c * m + d] * (long double)f->mean[f->column[d]] /
                        (long double)f->scale[f->column[d]];
    }
    put(r, 0, constant, variance, quantile);
}

static void measures(Logistic *r, size_t m)
{
    double n = r->n, share = r->positives / n;
    r->loglik_null = r->positives * log(share) + (n - r->positives) * log1p(-share);
    r->df = (double)m - 1;
    r->chi2 = 2 * (r->loglik - r->loglik_null);
    r->chi2_p = r->df > 0 ? dist_chi2_upper(r->chi2, r->df) : NAN;
    r->mcfadden = 1 - r->loglik / r->loglik_null;
    r->cox_snell = -expm1(-r->chi2 / n);
    r->nagelkerke = r->cox_snell / -expm1(2 * r->loglik_null / n);
}

static void allocate(Arena *a, size_t p, Fit *f, Newton *s, Logistic *r)
{
    double **arrays[] = {&r->b, &r->se, &r->wald, &r->p, &r->low, &r->high};
    size_t m = p + 1;
    r->terms = m;
    r->dropped = ARENA_ARRAY(a, uint8_t, m);
    memset(r->dropped, 1, m);
    for (size_t i = 0; i < COUNT_OF(arrays); i++) {
        *arrays[i] = ARENA_ARRAY(a, double, m);
        for (size_t j = 0; j < m; j++)
            (*arrays[i])[j] = NAN;
    }
    f->column = ARENA_ARRAY(a, size_t, m);
    f->mean = ARENA_ARRAY(a, double, m);
    f->scale = ARENA_ARRAY(a, double, m);
    f->b = ARENA_ARRAY(a, double, m);
    f->information = ARENA_ARRAY(a, double, m *m);
    f->score = ARENA_ARRAY(a, double, m);
    f->block = ARENA_ARRAY(a, double, (m + 4) * LOGISTIC_BLOCK);
    f->weighted = ARENA_ARRAY(a, double, LOGISTIC_BLOCK);
    *s = (Newton){ARENA_ARRAY(a, long double, m *m), ARENA_ARRAY(a, long double, m),
                  ARENA_ARRAY(a, uint8_t, m), ARENA_ARRAY(a, double, m)};
}

Status logistic_fit(Kernel *k, const double *const *x, size_t p, const double *y, const double *w,
                    size_t n, double level, Logistic *ret)
{
    Fit *f = ARENA_NEW(k->arena, Fit);
    Newton s;
    *f = (Fit){.k = k, .x = x, .y = y, .w = w, .n = n, .p = p};
    *ret = (Logistic){0};
    allocate(k->arena, p, f, &s, ret);
    TRY(logistic_check(f, &ret->n, &ret->positives));
    logistic_sample(f);
    TRY(logistic_scale(f, ret->n));
    f->m = 1;
    for (size_t j = 0; j < p; j++)
        if (logistic_has_spread(f, j))
            f->column[f->m++] = j;
    if (p > 0 && f->m == 1)
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    if (ret->n <= (double)f->m)
        return kernel_too_few(k, (int64_t)p, (double)f->m + 1);
    f->b[0] = f->start = log(ret->positives / (ret->n - ret->positives));
    TRY(iterate(f, &s, ret->n, &ret->iterations));
    ret->loglik = (double)f->loglik;
    coefficients(f, inverse_of(k->arena, f, s.l), dist_normal_quantile(0.5 + level / 2), ret);
    measures(ret, f->m);
    return ST_OK;
}
