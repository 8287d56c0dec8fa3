/* SPDX-License-Identifier: Apache-2.0 */
/* Logistic regression (logistic.h): blocks of rows are standardised and weighted in cache, their cross
 * products added with vectors of four; the Newton system is solved by Cholesky in long double. */
#include "analytics/logistic.h"
#include "analytics/dist.h"
#include <stdlib.h>

enum { BLOCK = 256, MOST_STEPS = 100, SAMPLE = 40000 };
#define TOLERANCE 1e-9L

typedef double V4 __attribute__((vector_size(32), aligned(8)));

typedef struct Fit {
    Kernel *k;
    const double *const *x;
    const double *y, *w;
    size_t n, p, stride; /* stride: every so many rows make the sample of the first steps */
    size_t m;            /* columns in use, the constant is column 0 */
    size_t *column;      /* column of x for 1 … m−1 */
    double *mean, *scale;
    double *b, start;    /* standardised coefficients, m; the constant alone */
    double *information; /* m × m, lower triangle */
    double *score;
    long double loglik;
    double *block, *weighted;       /* m columns of BLOCK rows */
    double eta[BLOCK], rest[BLOCK]; /* linear predictor; w (y − p) */
    double least_yes, most_no;      /* complete separation */
} Fit;

/* Built for the plain processor and for AVX2; the sums run in the same order, so the bits are the same. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif
#define INLINE __attribute__((always_inline))
#define AT(p) (*(const V4 *)(const void *)(p)) /* macros: a vector as argument depends on the ABI */
#define SUM(v) (((v)[0] + (v)[1]) + ((v)[2] + (v)[3]))

/* ---- checks and scaling */
static Status check(Fit *f, double *ret_n, double *ret_yes)
{
    long double n = 0, yes = 0;
    for (size_t i = 0; i < f->n; i++) {
        double w = f->w ? f->w[i] : 1;
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
WIDE static size_t sums(const double *x, const double *w, size_t n, double shift, double *sum,
                        double *square)
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
static Status scale(Fit *f, double n)
{
    for (size_t j = 0; j < f->p; j++) {
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
            TRY(scale_slowly(f, j, n));
        else
            set_scale(f, j, shift + sum / n, sqrt(fmax(0, square / n - sum / n * (sum / n))));
    }
    return ST_OK;
}

/* ---- one pass: log likelihood, score, information */
INLINE static inline void standardise(double *to, const double *x, size_t rows, double mean,
                                      double inverse)
{
    V4 m = {mean, mean, mean, mean}, f = {inverse, inverse, inverse, inverse};
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
        *(V4 *)(void *)(to + i) = (AT(x + i) - m) * f;
    for (; i < rows; i++)
        to[i] = (x[i] - mean) * inverse;
}

WIDE static void load(Fit *f, size_t from, size_t rows)
{
    size_t stride = f->stride;
    for (size_t c = 0; c < f->m; c++) {
        double *to = f->block + c * BLOCK;
        const double *x = c ? f->x[f->column[c]] + from * stride : NULL;
        double mean = c ? f->mean[f->column[c]] : 0, inverse = c ? 1 / f->scale[f->column[c]] : 1;
        if (x && stride == 1)
            standardise(to, x, rows, mean, inverse);
        else
            for (size_t i = 0; i < rows; i++)
                to[i] = x ? (x[i * stride] - mean) * inverse : 1;
        for (size_t i = rows; i < BLOCK; i++)
            to[i] = 0;
    }
}

WIDE static void predict(Fit *f)
{
    for (size_t i = 0; i < BLOCK; i++)
        f->eta[i] = f->b[0];
    for (size_t c = 1; c < f->m; c++) {
        double b = f->b[c];
        const double *x = f->block + c * BLOCK;
        V4 factor = {b, b, b, b};
        for (size_t i = 0; i < BLOCK; i += 4)
            *(V4 *)(void *)(f->eta + i) += factor * AT(x + i);
    }
}

/* Turns eta into the weight of the row, rest into w (y − p). */
static void respond(Fit *f, size_t from, size_t rows)
{
    double loglik = 0;
    for (size_t i = 0; i < rows; i++) {
        size_t row = (from + i) * f->stride;
        double eta = f->eta[i], w = f->w ? f->w[row] : 1, y = f->y[row];
        double small = exp(-fabs(eta)), p = eta >= 0 ? 1 / (1 + small) : small / (1 + small);
        /* log p or log (1 − p), whichever happened: −log(1 + e^−s) with s = ±eta */
        double s = y > 0 ? eta : -eta;
        loglik += w * ((s < 0 ? s : 0) - log1p(small));
        f->rest[i] = w * (y - p);
        f->eta[i] = w * small / ((1 + small) * (1 + small));
        if (w > 0 && y > 0 && eta < f->least_yes)
            f->least_yes = eta;
        if (w > 0 && y == 0 && eta > f->most_no)
            f->most_no = eta;
    }
    for (size_t i = rows; i < BLOCK; i++)
        f->rest[i] = f->eta[i] = 0;
    f->loglik += (long double)loglik;
}

/* Cross products of column a (weighted) with columns c … c + 3. */
INLINE static inline void four(const double *a, const double *b, double *to)
{
    V4 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (size_t i = 0; i < BLOCK; i += 4) {
        V4 v = AT(a + i);
        s0 += v * AT(b + i);
        s1 += v * AT(b + BLOCK + i);
        s2 += v * AT(b + (size_t)2 * BLOCK + i);
        s3 += v * AT(b + (size_t)3 * BLOCK + i);
    }
    to[0] += SUM(s0);
    to[1] += SUM(s1);
    to[2] += SUM(s2);
    to[3] += SUM(s3);
}

INLINE static inline double one(const double *a, const double *b)
{
    V4 s = {0};
    for (size_t i = 0; i < BLOCK; i += 4)
        s += AT(a + i) * AT(b + i);
    return SUM(s);
}

WIDE static void accumulate(Fit *f)
{
    for (size_t c = 0; c < f->m; c++) {
        const double *x = f->block + c * BLOCK;
        double *wx = f->weighted, *to = f->information + c * f->m;
        for (size_t i = 0; i < BLOCK; i += 4)
            *(V4 *)(void *)(wx + i) = AT(f->eta + i) * AT(x + i);
        size_t d = 0;
        for (; d + 4 <= c + 1; d += 4)
            four(wx, f->block + d * BLOCK, to + d);
        for (; d <= c; d++)
            to[d] += one(wx, f->block + d * BLOCK);
        f->score[c] += one(f->rest, x);
    }
}

static Status pass(Fit *f)
{
    memset(f->information, 0, sizeof(double) * f->m * f->m);
    memset(f->score, 0, sizeof(double) * f->m);
    f->loglik = 0;
    f->least_yes = INFINITY;
    f->most_no = -INFINITY;
    size_t n = f->n / f->stride;
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t rows = n - from < BLOCK ? n - from : BLOCK;
        load(f, from, rows);
        predict(f);
        respond(f, from, rows);
        accumulate(f);
        if (from % ((size_t)BLOCK * 64) == 0 && kernel_cancelled(f->k))
            return ST_BUSY;
    }
    return ST_OK;
}

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
    TRY(pass(f));
    for (int half = 0; half < 30 && f->loglik < before - 1e-12L * fabsl(before); half++) {
        for (size_t c = 0; c < f->m; c++)
            f->b[c] = (f->b[c] + s->from[c]) / 2;
        TRY(pass(f));
    }
    for (size_t c = 0; c < f->m; c++)
        move = fmax(move, fabs(f->b[c] - s->from[c]));
    *ret_move = move;
    return ST_OK;
}

/* With many rows the first steps see only a part of them; what goes wrong there is of no consequence. */
static Status start_from_sample(Fit *f, Newton *s)
{
    double move = 1;
    f->stride = f->n / SAMPLE;
    if (f->stride > 1) {
        TRY(pass(f));
        for (int i = 0; i < 8 && move > 1e-4 && !factor(f, s->l, s->is_free); i++)
            TRY(advance(f, s, &move));
        for (size_t c = 0; c < f->m; c++)
            if (!(fabs(f->b[c]) < 10))
                move = 1;
        if (move > 1e-2) {
            memset(f->b, 0, sizeof(double) * f->m);
            f->b[0] = f->start;
        }
    }
    f->stride = 1;
    return ST_OK;
}

static Status iterate(Fit *f, Newton *s, int *ret_steps)
{
    TRY(start_from_sample(f, s));
    TRY(pass(f));
    if (factor(f, s->l, s->is_free)) {
        drop(f, s->is_free);
        TRY(pass(f));
        factor(f, s->l, s->is_free);
    }
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
        if (move < 1e-6) /* steps square the error: what is left is below 1e-11 */
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
    f->block = ARENA_ARRAY(a, double, (m + 4) * BLOCK);
    f->weighted = ARENA_ARRAY(a, double, BLOCK);
    *s = (Newton){ARENA_ARRAY(a, long double, m *m), ARENA_ARRAY(a, long double, m),
                  ARENA_ARRAY(a, uint8_t, m), ARENA_ARRAY(a, double, m)};
}

Status logistic_fit(Kernel *k, const double *const *x, size_t p, const double *y, const double *w,
                    size_t n, double level, Logistic *ret)
{
    Fit *f = ARENA_NEW(k->arena, Fit);
    Newton s;
    *f = (Fit){.k = k, .x = x, .y = y, .w = w, .n = n, .p = p, .stride = 1};
    *ret = (Logistic){0};
    allocate(k->arena, p, f, &s, ret);
    TRY(check(f, &ret->n, &ret->positives));
    TRY(scale(f, ret->n));
    f->m = 1;
    for (size_t j = 0; j < p; j++)
        if (f->scale[j] > 1e-15 * fabs(f->mean[j]))
            f->column[f->m++] = j;
    if (ret->n <= (double)f->m)
        return kernel_too_few(k, (int64_t)p, (double)f->m + 1);
    f->b[0] = f->start = log(ret->positives / (ret->n - ret->positives));
    TRY(iterate(f, &s, &ret->iterations));
    ret->loglik = (double)f->loglik;
    coefficients(f, inverse_of(k->arena, f, s.l), dist_normal_quantile(0.5 + level / 2), ret);
    measures(ret, f->m);
    return ST_OK;
}

void logistic_predict(const Logistic *l, const double *const *x, size_t p, size_t n, double *ret)
{
    for (size_t i = 0; i < n; i++) {
        double eta = l->b[0];
        for (size_t j = 0; j < p; j++)
            if (!l->dropped[j + 1])
                eta += l->b[j + 1] * x[j][i];
        ret[i] = 1 / (1 + exp(-eta));
    }
}

/* ---- Hosmer and Lemeshow */
typedef struct Ordered {
    double p;
    size_t at;
} Ordered;

static int by_probability(const void *a, const void *b)
{
    const Ordered *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

Status logistic_hosmer_lemeshow(Kernel *k, const double *probability, const double *y, size_t n,
                                size_t groups, HosmerLemeshow *ret)
{
    Arena *a = k->arena;
    *ret = (HosmerLemeshow){.groups = groups,
                            .n = ARENA_ARRAY(a, double, groups),
                            .observed = ARENA_ARRAY(a, double, groups),
                            .expected = ARENA_ARRAY(a, double, groups),
                            .mean = ARENA_ARRAY(a, double, groups)};
    if (n < groups || groups < 3)
        return kernel_too_few(k, 0, (double)groups);
    Ordered *o = arena_alloc(a, sizeof(*o) * n);
    for (size_t i = 0; i < n; i++)
        o[i] = (Ordered){probability[i], i};
    qsort(o, n, sizeof(*o), by_probability);
    size_t g = 0;
    for (size_t i = 0; i < n;
         i++) { /* rank i + 1 is in group g while it is ≤ 1 + (n−1)(g+1)/groups */
        while (g + 1 < groups && (double)i > (double)(n - 1) * (double)(g + 1) / (double)groups)
            g++;
        ret->n[g]++;
        ret->observed[g] += y[o[i].at];
        ret->expected[g] += o[i].p;
    }
    for (g = 0; g < groups; g++) {
        double d = ret->observed[g] - ret->expected[g];
        ret->mean[g] = ret->expected[g] / ret->n[g];
        ret->chi2 += d * d / (ret->expected[g] * (1 - ret->mean[g]));
    }
    ret->df = (double)groups - 2;
    ret->p = dist_chi2_upper(ret->chi2, ret->df);
    return ST_OK;
}
