/* SPDX-License-Identifier: Apache-2.0 */
/* Moments, radix sort, percentiles: the contract stands in describe.h. */
#include "analytics/describe.h"
#include <stdlib.h>

#define CANCEL_EVERY ((size_t)1 << 22)

/* ---- moments */
typedef struct Pass {
    const double *x, *w;
    size_t n;
} Pass;

static inline double weight(const Pass *p, size_t i) { return p->w ? p->w[i] : 1; }

static Status first_pass(Kernel *k, const Pass *p, Moments *m)
{
    long double sum = 0, total = 0, missing = 0;
    m->min = INFINITY;
    m->max = -INFINITY;
    for (size_t i = 0; i < p->n; i++) {
        double x = p->x[i], w = weight(p, i);
        if (!(w >= 0) || isinf(w))
            return kernel_fail(k, FAULT_WEIGHT, -1, (int64_t)i);
        if (isinf(x))
            return kernel_fail(k, FAULT_NOT_FINITE, 0, (int64_t)i);
        if (isnan(x)) {
            missing += (long double)w;
            continue;
        }
        if (w == 0)
            continue;
        sum += (long double)w * (long double)x;
        total += (long double)w;
        m->min = x < m->min ? x : m->min;
        m->max = x > m->max ? x : m->max;
        if (i % CANCEL_EVERY == 0 && kernel_cancelled(k))
            return ST_BUSY;
    }
    m->n = (double)total;
    m->missing = (double)missing;
    m->sum = (double)sum;
    if (total <= 0)
        return kernel_fail(k, FAULT_EMPTY, 0, -1);
    return ST_OK;
}

static void second_pass(const Pass *p, Moments *m, long double mean)
{
    long double d1 = 0, d2 = 0, d3 = 0, d4 = 0, n = (long double)m->n;
    for (size_t i = 0; i < p->n; i++) {
        double w = weight(p, i);
        if (isnan(p->x[i]) || w == 0)
            continue;
        long double d = (long double)p->x[i] - mean, wd = (long double)w * d, square = wd * d;
        d1 += wd;
        d2 += square;
        d3 += square * d;
        d4 += square * d * d;
    }
    long double e = d1 / n; /* what rounding left of the mean */
    m->mean = (double)(mean + e);
    m->m2 = (double)(d2 - e * d1);
    m->m3 = (double)(d3 - 3 * e * d2 + 2 * n * e * e * e);
    m->m4 = (double)(d4 - 4 * e * d3 + 6 * e * e * d2 - 3 * n * e * e * e * e);
}

/* G1 and G2 with their standard errors, as SPSS prints them (Joanes & Gill 1998). */
static void shape(Moments *m)
{
    double n = m->n, s2 = m->variance, s = m->sd;
    bool is_flat = !(m->m2 > 0);
    m->se_skewness = n > 2 ? sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3))) : NAN;
    m->se_kurtosis =
        n > 3 ? sqrt(4 * (n * n - 1) * m->se_skewness * m->se_skewness / ((n - 3) * (n + 5))) : NAN;
    m->skewness = n > 2 && !is_flat ? n * m->m3 / ((n - 1) * (n - 2) * s2 * s) : NAN;
    m->kurtosis = n > 3 && !is_flat ? (n * (n + 1) * m->m4 - 3 * m->m2 * m->m2 * (n - 1)) /
                                          ((n - 1) * (n - 2) * (n - 3) * s2 * s2)
                                    : NAN;
}

/* Fourth powers leave the range of a double long before the values do: once more in units of a power of two. */
static Status moments_scaled(Kernel *k, const double *x, const double *w, size_t n, Moments *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(4096);
    int exponent;
    frexp(fmax(fabs(ret->min), fabs(ret->max)), &exponent);
    double *scaled = arena_alloc(scratch, sizeof(double) * (n + 1));
    for (size_t i = 0; i < n; i++)
        scaled[i] = ldexp(x[i], -exponent);
    Moments m;
    TRY(describe_moments(k, scaled, w, n, &m));
    ret->sum = ldexp(m.sum, exponent);
    ret->mean = ldexp(m.mean, exponent);
    ret->m2 = ldexp(ldexp(m.m2, exponent), exponent);
    ret->variance = ldexp(ldexp(m.variance, exponent), exponent);
    ret->sd = ldexp(m.sd, exponent);
    ret->se_mean = ldexp(m.se_mean, exponent);
    ret->skewness = m.skewness;
    ret->kurtosis = m.kurtosis;
    return ST_OK;
}

Status describe_moments(Kernel *k, const double *x, const double *w, size_t n, Moments *ret)
{
    Pass p = {x, w, n};
    *ret = (Moments){0};
    TRY(first_pass(k, &p, ret));
    second_pass(&p, ret, (long double)ret->sum / (long double)ret->n);
    if (ret->min == ret->max)
        ret->m2 = ret->m3 = ret->m4 = 0;
    ret->variance = ret->n > 1 ? ret->m2 / (ret->n - 1) : NAN;
    ret->sd = sqrt(ret->variance);
    ret->se_mean = ret->sd / sqrt(ret->n);
    shape(ret);
    double largest = fmax(fabs(ret->min), fabs(ret->max));
    bool is_apart = largest > 1e70 || (largest < 1e-70 && ret->min < ret->max);
    if (is_apart && !(largest >= 0.5 && largest < 1))
        return moments_scaled(k, x, w, n, ret);
    return ST_OK;
}

/* ---- sorting: least significant byte first over the bits made comparable as integers */
static inline uint64_t key_of(double v)
{
    uint64_t b;
    memcpy(&b, &v, 8);
    return b ^ ((uint64_t)((int64_t)b >> 63) | (UINT64_C(1) << 63));
}

static inline double value_of(uint64_t key)
{
    double v;
    key ^= (key >> 63) ? UINT64_C(1) << 63 : ~UINT64_C(0);
    memcpy(&v, &key, 8);
    return v;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum { RADIX_BITS = 11, RADIX_PASSES = 6, RADIX = 1 << RADIX_BITS };

static bool is_one_digit(const uint32_t *count, size_t n)
{
    for (size_t i = 0; i < RADIX; i++)
        if (count[i])
            return count[i] == n;
    return true;
}

static void radix_pass(const uint64_t *from, uint64_t *to, size_t n, int shift, uint32_t *count)
{
    uint32_t at = 0;
    for (size_t i = 0; i < RADIX; i++) {
        uint32_t c = count[i];
        count[i] = at;
        at += c;
    }
    for (size_t i = 0; i < n; i++)
        to[count[(from[i] >> shift) & (RADIX - 1)]++] = from[i];
}

static void radix_sort(uint64_t *keys, uint64_t *other, size_t n)
{
    uint32_t(*count)[RADIX] = calloc(RADIX_PASSES, sizeof(*count));
    uint64_t *from = keys, *to = other;
    if (!count)
        abort();
    for (size_t i = 0; i < n; i++)
        for (int d = 0; d < RADIX_PASSES; d++)
            count[d][(keys[i] >> (d * RADIX_BITS)) & (RADIX - 1)]++;
    for (int d = 0; d < RADIX_PASSES; d++) {
        if (is_one_digit(count[d], n))
            continue;
        radix_pass(from, to, n, d * RADIX_BITS, count[d]);
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof(*keys));
    free(count);
}

enum { FEW = 64, PLACES = 256 };

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Answers and codes have few values: counted in a small table and written out again. False, and nothing changed,
 * when there are more than FEW. */
static bool sort_few(double *x, size_t n)
{
    uint64_t place[PLACES] = {0}, key[FEW]; /* no key is 0: that would be a NAN */
    size_t count[PLACES] = {0}, found = 0, to = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t k = key_of(x[i] + 0.0);
        size_t at = (size_t)((k * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
        while (place[at] && place[at] != k)
            at = (at + 1) % PLACES;
        if (!place[at]) {
            if (found == FEW)
                return false;
            place[at] = key[found++] = k;
        }
        count[at]++;
    }
    qsort(key, found, sizeof(*key), by_key);
    for (size_t i = 0; i < found; i++) {
        size_t at = (size_t)((key[i] * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
        while (place[at] != key[i])
            at = (at + 1) % PLACES;
        for (size_t k = 0; k < count[at]; k++)
            x[to++] = value_of(key[i]);
    }
    return true;
}

void describe_sort_doubles(double *x, double *scratch, size_t n)
{
    if (n < 4096 || n > UINT32_MAX) {
        if (n)
            qsort(x, n, sizeof(*x), by_size);
        return;
    }
    if (sort_few(x, n))
        return;
    uint64_t *keys = (uint64_t *)(void *)x;
    uint64_t *other = scratch ? (uint64_t *)(void *)scratch : malloc(n * sizeof(*other));
    if (!other)
        abort();
    for (size_t i = 0; i < n; i++) {
        uint64_t key = key_of(x[i] + 0.0); /* −0 becomes 0 */
        memcpy(&x[i], &key, 8);
    }
    radix_sort(keys, other, n);
    for (size_t i = 0; i < n; i++) {
        uint64_t key;
        memcpy(&key, &x[i], 8);
        x[i] = value_of(key);
    }
    if (!scratch)
        free(other);
}

typedef struct Weighted {
    double x, w;
} Weighted;

static Status sort_weighted(Kernel *k, const double *x, const double *w, size_t n, Sorted *ret)
{
    Weighted *pairs = arena_alloc(k->arena, sizeof(*pairs) * (n + 1));
    for (size_t i = 0; i < n; i++) {
        if (!(w[i] >= 0) || isinf(w[i]))
            return kernel_fail(k, FAULT_WEIGHT, -1, (int64_t)i);
        if (!isnan(x[i]) && w[i] > 0)
            pairs[ret->n++] = (Weighted){x[i], w[i]};
    }
    if (ret->n)
        qsort(pairs, ret->n, sizeof(*pairs), by_size);
    ret->cumulated = arena_alloc(k->arena, sizeof(double) * (ret->n + 1));
    long double total = 0;
    for (size_t i = 0; i < ret->n; i++) {
        ret->x[i] = pairs[i].x;
        ret->cumulated[i] = (double)(total += (long double)pairs[i].w);
    }
    ret->total = (double)total;
    return ST_OK;
}

Status describe_sort(Kernel *k, const double *x, const double *w, size_t n, Sorted *ret)
{
    *ret = (Sorted){.x = arena_alloc(k->arena, sizeof(double) * (n + 1))};
    if (w) {
        TRY(sort_weighted(k, x, w, n, ret));
    } else {
        for (size_t i = 0; i < n; i++)
            if (!isnan(x[i]))
                ret->x[ret->n++] = x[i];
        describe_sort_doubles(ret->x, NULL, ret->n);
        ret->total = (double)ret->n;
    }
    return ret->n ? ST_OK : kernel_fail(k, FAULT_EMPTY, 0, -1);
}

/* ---- percentiles */
static double order_statistic(const Sorted *s, double k)
{
    if (!s->cumulated)
        return s->x[(size_t)(k < 1 ? 1 : k > s->total ? s->total : k) - 1];
    size_t low = 0, high = s->n - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->cumulated[middle] < k)
            low = middle + 1;
        else
            high = middle;
    }
    return s->x[low];
}

double describe_percentile(const Sorted *s, double p, int type)
{
    double h = type == 6 ? (s->total + 1) * p : (s->total - 1) * p + 1;
    double nearest = nearbyint(h);
    if (fabs(h - nearest) < 4 * 2.220446049250313e-16 * fabs(h)) /* as R: do not miss a whole h */
        h = nearest;
    double k = floor(h), low = order_statistic(s, k), high = order_statistic(s, k + 1);
    return h == k ? low : low + (h - k) * (high - low);
}

double describe_trimmed_mean(const Sorted *s, double cut)
{
    long double sum = 0, weight = 0;
    double from = cut * s->total, to = (1 - cut) * s->total, before = 0;
    for (size_t i = 0; i < s->n; i++) {
        double after = s->cumulated ? s->cumulated[i] : (double)i + 1;
        double low = before > from ? before : from, high = after < to ? after : to;
        if (high > low) {
            sum += (long double)(high - low) * (long double)s->x[i];
            weight += (long double)(high - low);
        }
        before = after;
    }
    return weight > 0 ? (double)(sum / weight) : NAN;
}
