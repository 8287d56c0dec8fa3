/* SPDX-License-Identifier: Apache-2.0 */
/* One pass of a logistic fit: blocks of rows are standardised, predicted and weighted in cache, their cross
 * products added with vectors of four. */
#include "analytics/logistic_internal.h"

#define INLINE __attribute__((always_inline))

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

LOGISTIC_WIDE static void load(Fit *f, size_t from, size_t rows)
{
    for (size_t c = 0; c < f->m; c++) {
        double *to = f->block + c * LOGISTIC_BLOCK;
        const double *x = c ? f->x[f->column[c]] + from : NULL;
        if (c)
            standardise(to, x, rows, f->mean[f->column[c]], 1 / f->scale[f->column[c]]);
        for (size_t i = 0; !c && i < rows; i++)
            to[i] = 1;
        for (size_t i = rows; i < LOGISTIC_BLOCK; i++)
            to[i] = 0;
    }
}

LOGISTIC_WIDE static void predict(Fit *f)
{
    for (size_t i = 0; i < LOGISTIC_BLOCK; i++)
        f->eta[i] = f->b[0];
    for (size_t c = 1; c < f->m; c++) {
        double b = f->b[c];
        const double *x = f->block + c * LOGISTIC_BLOCK;
        V4 factor = {b, b, b, b};
        for (size_t i = 0; i < LOGISTIC_BLOCK; i += 4)
            *(V4 *)(void *)(f->eta + i) += factor * AT(x + i);
    }
}

typedef int64_t I4 __attribute__((vector_size(32), aligned(8)));
#define ALL(v) ((V4){(v), (v), (v), (v)})
/* a where the mask is set, else b. */
#define PICK(mask, a, b) ((V4)(((I4)(a) & (mask)) | ((I4)(b) & ~(mask))))

/* e^x for −708 ≤ x ≤ 0, to about one unit in the last place: x = k ln 2 + r, |r| ≤ ln 2 / 2, Taylor's
 * polynomial in r; adding 1.5 · 2^52 rounds and leaves k in the low bits. */
INLINE static inline void exponential(double *to, const double *from)
{
    static const double TERM[] = {1.0 / 479001600,
                                  1.0 / 39916800,
                                  1.0 / 3628800,
                                  1.0 / 362880,
                                  1.0 / 40320,
                                  1.0 / 5040,
                                  1.0 / 720,
                                  1.0 / 120,
                                  1.0 / 24,
                                  1.0 / 6,
                                  0.5,
                                  1,
                                  1};
    V4 x = AT(from), magic = ALL(0x1.8p52), k = x * ALL(0x1.71547652b82fep+0) + magic,
       whole = k - magic;
    V4 r = (x - whole * ALL(0x1.62e42fefa0000p-1)) - whole * ALL(0x1.cf79abc9e3b3ap-40);
    V4 sum = ALL(1.0 / 6227020800.0);
    for (size_t i = 0; i < sizeof(TERM) / sizeof(TERM[0]); i++)
        sum = sum * r + ALL(TERM[i]);
    I4 power = ((I4)k + 1023) << 52;
    *(V4 *)(void *)to = sum * (V4)power;
}

/* p of the row, its weight and what the row adds to the likelihood but for −log(1 + e^−|eta|), whose factor
 * 1 + e^−|eta| comes back in `one`: a block's logarithm is taken once. Unit weights. */
LOGISTIC_WIDE static double respond_block(Fit *f, const double *y, double *one)
{
    V4 loglik = ALL(0);
    for (size_t i = 0; i < LOGISTIC_BLOCK; i += 4) {
        V4 eta = AT(f->eta + i), yes = AT(y + i), zero = ALL(0);
        I4 is_negative = eta<zero, is_yes = yes> zero;
        V4 size = PICK(is_negative, -eta, eta);
        double minus[4], e[4];
        *(V4 *)(void *)minus = PICK(size > ALL(708), ALL(-708), -size);
        exponential(e, minus);
        V4 small = AT(e), q = ALL(1) / (ALL(1) + small), p = PICK(is_negative, small * q, q);
        V4 s = PICK(is_yes, eta, -eta);
        loglik += PICK(s < zero, s, zero);
        *(V4 *)(void *)(f->rest + i) = yes - p;
        *(V4 *)(void *)(one + i) = ALL(1) + small;
        *(V4 *)(void *)(f->eta + i) = small * q * q;
    }
    return SUM(loglik);
}

/* Turns eta into the weight of the row, rest into w (y − p). */
static void respond(Fit *f, size_t from, size_t rows)
{
    double y[LOGISTIC_BLOCK] = {0}, one[LOGISTIC_BLOCK], product = 1, loglik = 0;
    memcpy(y, f->y + from, sizeof(double) * rows);
    for (size_t i = 0; i < rows; i++) {
        double w = f->w ? f->w[from + i] : 1, eta = f->eta[i];
        if (w > 0 && y[i] > 0 && eta < f->least_yes)
            f->least_yes = eta;
        if (w > 0 && y[i] == 0 && eta > f->most_no)
            f->most_no = eta;
        if (f->w) { /* log p or log (1 − p), whichever happened */
            double s = y[i] > 0 ? eta : -eta;
            loglik += w * ((s < 0 ? s : 0) - log1p(exp(-fabs(eta))));
        }
    }
    for (size_t i = rows; i < LOGISTIC_BLOCK; i++)
        f->eta[i] = 0;
    double linear = respond_block(f, y, one);
    for (size_t i = 0; f->w && i < rows; i++) {
        f->rest[i] *= f->w[from + i];
        f->eta[i] *= f->w[from + i];
    }
    for (size_t i = rows; i < LOGISTIC_BLOCK; i++)
        f->rest[i] = f->eta[i] = 0;
    for (size_t i = 0; i < rows; i++) /* at most 2^128 */
        product *= one[i];
    f->loglik += (long double)(f->w ? loglik : linear - log(product));
}

/* Cross products of column a (weighted) with columns c … c + 3. */
INLINE static inline void four(const double *a, const double *b, double *to)
{
    V4 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (size_t i = 0; i < LOGISTIC_BLOCK; i += 4) {
        V4 v = AT(a + i);
        s0 += v * AT(b + i);
        s1 += v * AT(b + LOGISTIC_BLOCK + i);
        s2 += v * AT(b + (size_t)2 * LOGISTIC_BLOCK + i);
        s3 += v * AT(b + (size_t)3 * LOGISTIC_BLOCK + i);
    }
    to[0] += SUM(s0);
    to[1] += SUM(s1);
    to[2] += SUM(s2);
    to[3] += SUM(s3);
}

INLINE static inline double one(const double *a, const double *b)
{
    V4 s = {0};
    for (size_t i = 0; i < LOGISTIC_BLOCK; i += 4)
        s += AT(a + i) * AT(b + i);
    return SUM(s);
}

LOGISTIC_WIDE static void accumulate(Fit *f)
{
    for (size_t c = 0; c < f->m; c++) {
        const double *x = f->block + c * LOGISTIC_BLOCK;
        double *wx = f->weighted, *to = f->information + c * f->m;
        for (size_t i = 0; i < LOGISTIC_BLOCK; i += 4)
            *(V4 *)(void *)(wx + i) = AT(f->eta + i) * AT(x + i);
        size_t d = 0;
        for (; d + 4 <= c + 1; d += 4)
            four(wx, f->block + d * LOGISTIC_BLOCK, to + d);
        for (; d <= c; d++)
            to[d] += one(wx, f->block + d * LOGISTIC_BLOCK);
    }
}

LOGISTIC_WIDE static void add_score(Fit *f)
{
    size_t c = 0;
    for (; c + 4 <= f->m; c += 4)
        four(f->rest, f->block + c * LOGISTIC_BLOCK, f->score + c);
    for (; c < f->m; c++)
        f->score[c] += one(f->rest, f->block + c * LOGISTIC_BLOCK);
}

Status logistic_pass(Fit *f, bool with_information)
{
    if (with_information)
        memset(f->information, 0, sizeof(double) * f->m * f->m);
    memset(f->score, 0, sizeof(double) * f->m);
    f->loglik = 0;
    f->least_yes = INFINITY;
    f->most_no = -INFINITY;
    for (size_t from = 0; from < f->n; from += LOGISTIC_BLOCK) {
        size_t rows = f->n - from < LOGISTIC_BLOCK ? f->n - from : LOGISTIC_BLOCK;
        load(f, from, rows);
        predict(f);
        respond(f, from, rows);
        add_score(f);
        if (with_information)
            accumulate(f);
        if (from % ((size_t)LOGISTIC_BLOCK * 128) == 0 && kernel_cancelled(f->k))
            return ST_BUSY;
    }
    return ST_OK;
}
