/* SPDX-License-Identifier: Apache-2.0 */
/* The triangle of least squares by blocked Householder QR: blocks of rows that stay in the first cache are merged into it
 * one by one. The order of all sums is fixed by the block size and the four lanes, so the same data gives the same
 * bits everywhere. */
#include "analytics/ols.h"
#include "analytics/work.h"

enum { BLOCK = 128 };
#define LONG_WORK 2e6 /* n m² up to which long double is cheap */

#define INLINE static inline __attribute__((always_inline))
typedef double V4 __attribute__((vector_size(32), aligned(8)));

/* ---- merging a block of rows (column by column, BLOCK apart) into the triangle */
INLINE double dot(const double *a, const double *b)
{
    V4 s0 = {0}, s1 = {0};
    for (size_t i = 0; i < BLOCK; i += 8) {
        s0 += *(const V4 *)(const void *)(a + i) * *(const V4 *)(const void *)(b + i);
        s1 += *(const V4 *)(const void *)(a + i + 4) * *(const V4 *)(const void *)(b + i + 4);
    }
    s0 += s1;
    return (s0[0] + s0[1]) + (s0[2] + s0[3]);
}

INLINE void subtract(double *to, const double *from, double factor)
{
    V4 f = {factor, factor, factor, factor};
    for (size_t i = 0; i < BLOCK; i += 4)
        *(V4 *)(void *)(to + i) -= f * *(const V4 *)(const void *)(from + i);
}

WORK_WIDE static void merge(double *r, double *block, size_t m)
{
    for (size_t j = 0; j < m; j++) {
        double *v = block + j * BLOCK, square = dot(v, v), alpha = r[j * m + j];
        if (square == 0)
            continue;
        double norm = sqrt(alpha * alpha + square), beta = alpha >= 0 ? -norm : norm;
        double tau = (beta - alpha) / beta, scale = 1 / (alpha - beta);
        for (size_t i = 0; i < BLOCK; i++)
            v[i] *= scale;
        r[j * m + j] = beta;
        for (size_t c = j + 1; c < m; c++) {
            double d = tau * (r[j * m + c] + dot(v, block + c * BLOCK));
            r[j * m + c] -= d;
            subtract(block + c * BLOCK, v, d);
        }
    }
}

/* The same in long double; rows × m, column by column, `stride` apart. */
static void merge_long(long double *r, long double *block, size_t rows, size_t m)
{
    for (size_t j = 0; j < m; j++) {
        long double *v = block + j * BLOCK, square = 0, alpha = r[j * m + j];
        for (size_t i = 0; i < rows; i++)
            square += v[i] * v[i];
        if (square == 0)
            continue;
        long double norm = sqrtl(alpha * alpha + square), beta = alpha >= 0 ? -norm : norm;
        long double tau = (beta - alpha) / beta, scale = 1 / (alpha - beta);
        for (size_t i = 0; i < rows; i++)
            v[i] *= scale;
        r[j * m + j] = beta;
        for (size_t c = j + 1; c < m; c++) {
            long double *to = block + c * BLOCK, d = r[j * m + c];
            for (size_t i = 0; i < rows; i++)
                d += v[i] * to[i];
            d *= tau;
            r[j * m + c] -= d;
            for (size_t i = 0; i < rows; i++)
                to[i] -= d * v[i];
        }
    }
}

typedef struct Source {
    const double *const *x;
    size_t p, first; /* first: 1 with intercept */
    const double *y, *w;
    size_t n;
} Source;

static double value_at(const Source *s, size_t column, size_t i)
{
    return column < s->first ? 1 : column - s->first < s->p ? s->x[column - s->first][i] : s->y[i];
}

/* The first value that is not finite, by column; ST_OK if there is none. */
static Status name_not_finite(Kernel *k, const Source *s)
{
    for (size_t c = 0; c <= s->p; c++) {
        const double *v = c < s->p ? s->x[c] : s->y;
        for (size_t i = 0; i < s->n; i++)
            if (!isfinite(v[i]))
                return kernel_fail(k, FAULT_NOT_FINITE, (int64_t)c, (int64_t)i);
    }
    return ST_OK;
}

static Status triangle_long(Kernel *k, const Source *s, size_t m, long double *r)
{
    long double *block = arena_alloc(k->arena, sizeof(*block) * BLOCK * m);
    TRY(name_not_finite(k, s));
    for (size_t at = 0; at < s->n; at += BLOCK) {
        size_t rows = s->n - at < BLOCK ? s->n - at : BLOCK;
        for (size_t c = 0; c < m; c++)
            for (size_t i = 0; i < rows; i++) {
                long double f = s->w ? sqrtl((long double)s->w[at + i]) : 1;
                block[c * BLOCK + i] = f * (long double)value_at(s, c, at + i);
            }
        if (kernel_cancelled(k))
            return ST_BUSY;
        merge_long(r, block, rows, m);
    }
    return ST_OK;
}

/* Copies `rows` values and zeros behind them; false if one is not finite (then x · 0 is NAN). */
INLINE bool copy_column(const double *from, size_t rows, double *to)
{
    V4 bad = {0};
    size_t i = 0;
    for (; i + 4 <= rows; i += 4) {
        V4 now = *(const V4 *)(const void *)(from + i);
        bad += now * 0;
        *(V4 *)(void *)(to + i) = now;
    }
    for (; i < rows; i++) {
        to[i] = from[i];
        bad[0] += from[i] * 0;
    }
    for (; i < BLOCK; i++)
        to[i] = 0;
    return (bad[0] + bad[1]) + (bad[2] + bad[3]) == 0;
}

/* Fills the block with the rows from `at` on; false if one is not finite. */
WORK_WIDE static bool load(const Source *s, size_t m, size_t at, size_t rows, double *block)
{
    bool is_finite = true;
    for (size_t c = 0; c < m; c++) {
        double *to = block + c * BLOCK;
        if (c < s->first)
            for (size_t i = 0; i < BLOCK; i++)
                to[i] = i < rows;
        else
            is_finite &=
                copy_column((c - s->first < s->p ? s->x[c - s->first] : s->y) + at, rows, to);
        for (size_t i = 0; s->w && i < rows; i++)
            to[i] *= sqrt(s->w[at + i]);
    }
    return is_finite;
}

static Status triangle_double(Kernel *k, const Source *s, size_t m, long double *r)
{
    double *block = arena_alloc(k->arena, sizeof(*block) * BLOCK * m);
    double *short_r = ARENA_ARRAY(k->arena, double, m *m);
    for (size_t at = 0; at < s->n; at += BLOCK) {
        if (!load(s, m, at, s->n - at < BLOCK ? s->n - at : BLOCK, block))
            return name_not_finite(k, s);
        if (at % ((size_t)BLOCK * 64) == 0 && kernel_cancelled(k))
            return ST_BUSY;
        merge(short_r, block, m);
    }
    for (size_t i = 0; i < m * m; i++)
        r[i] = (long double)short_r[i];
    return ST_OK;
}

static Status check_weights(Kernel *k, const Source *s, double *ret_n)
{
    long double total = 0;
    for (size_t i = 0; s->w && i < s->n; i++) {
        if (!(s->w[i] >= 0) || isinf(s->w[i]))
            return kernel_fail(k, FAULT_WEIGHT, -1, (int64_t)i);
        total += (long double)s->w[i];
    }
    *ret_n = s->w ? (double)total : (double)s->n;
    return ST_OK;
}

Status ols_triangle(Kernel *k, const double *const *x, size_t p, const double *y, const double *w,
                    size_t n, bool intercept, Triangle *ret)
{
    Source s = {x, p, intercept, y, w, n};
    size_t m = p + 1 + intercept;
    *ret = (Triangle){.m = m, .has_intercept = intercept};
    ret->r = ARENA_ARRAY(k->arena, long double, m *m);
    TRY(check_weights(k, &s, &ret->n));
    bool is_cheap = (double)n * (double)m * (double)m <= LONG_WORK;
    return is_cheap ? triangle_long(k, &s, m, ret->r) : triangle_double(k, &s, m, ret->r);
}
