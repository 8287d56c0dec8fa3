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
    for (; i + 8 <= rows; i += 8) {
        __builtin_prefetch(
            x + i +
            LOGISTIC_BLOCK); /* the same of the next block: too short a run to be foreseen */
        *(V4 *)(void *)(to + i) = (AT(x + i) - m) * f;
        *(V4 *)(void *)(to + i + 4) = (AT(x + i + 4) - m) * f;
    }
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

/* Of one block: without weights what its rows add to the likelihood but for −log(1 + e^−|eta|), whose factors 1 + e^−|eta|
 * are multiplied (each at most 2): the block's logarithm is taken once. least and most tell classes apart. */
typedef struct Response {
    double loglik, product[4], least_yes[4], most_no[4];
} Response;

/* p of the row and its weight; rows past the end have y = −1 and count for nothing. */
LOGISTIC_WIDE static void respond_block(Fit *f, const double *y, Response *ret)
{
    V4 loglik = ALL(0), product = ALL(1), least = ALL(INFINITY), most = ALL(-INFINITY);
    for (size_t i = 0; i < LOGISTIC_BLOCK; i += 4) {
        V4 eta = AT(f->eta + i), yes = AT(y + i), zero = ALL(0);
        I4 is_negative = eta<zero, is_yes = yes> zero, is_no = yes == zero;
        V4 size = PICK(is_negative, -eta, eta);
        double minus[4], e[4];
        *(V4 *)(void *)minus = PICK(size > ALL(708), ALL(-708), -size);
        exponential(e, minus);
        V4 small = AT(e), q = ALL(1) / (ALL(1) + small), p = PICK(is_negative, small * q, q);
        V4 s = PICK(is_yes, eta, -eta);
        loglik += PICK((s < zero) & (is_yes | is_no), s, zero);
        product *= PICK(is_yes | is_no, ALL(1) + small, ALL(1));
        least = PICK(is_yes & (eta < least), eta, least);
        most = PICK(is_no & (eta > most), eta, most);
        *(V4 *)(void *)(f->rest + i) = yes - p;
        *(V4 *)(void *)(f->eta + i) = small * q * q;
    }
    ret->loglik = SUM(loglik);
    *(V4 *)(void *)ret->product = product;
    *(V4 *)(void *)ret->least_yes = least;
    *(V4 *)(void *)ret->most_no = most;
}

/* Weights by row: they enter what the block has found. */
static double weigh(Fit *f, const double *eta, const double *y, size_t from, size_t rows)
{
    double loglik = 0;
    for (size_t i = 0; i < rows; i++) {
        double w = f->w[from + i], s = y[i] > 0 ? eta[i] : -eta[i];
        loglik += w * ((s < 0 ? s : 0) - log1p(exp(-fabs(eta[i])))); /* log p or log (1 − p) */
        f->rest[i] *= w;
        f->eta[i] *= w;
    }
    return loglik;
}

/* Turns eta into the weight of the row, rest into w (y − p). */
static void respond(Fit *f, size_t from, size_t rows)
{
    double y[LOGISTIC_BLOCK], eta[LOGISTIC_BLOCK];
    Response r;
    memcpy(y, f->y + from, sizeof(double) * rows);
    for (size_t i = 0; i < rows && f->w; i++)
        y[i] = f->w[from + i] > 0 ? y[i] : -1;
    for (size_t i = rows; i < LOGISTIC_BLOCK; i++)
        y[i] = -1;
    if (f->w)
        memcpy(eta, f->eta, sizeof(eta));
    respond_block(f, y, &r);
    for (int l = 0; l < 4; l++) {
        f->least_yes = r.least_yes[l] < f->least_yes ? r.least_yes[l] : f->least_yes;
        f->most_no = r.most_no[l] > f->most_no ? r.most_no[l] : f->most_no;
    }
    double loglik = r.loglik - log(r.product[0] * r.product[1] * r.product[2] * r.product[3]);
    f->loglik += (long double)(f->w ? weigh(f, eta, y, from, rows) : loglik);
    for (size_t i = rows; i < LOGISTIC_BLOCK; i++)
        f->rest[i] = f->eta[i] = 0;
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
