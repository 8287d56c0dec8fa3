/* SPDX-License-Identifier: Apache-2.0 */
/* Faults, threads, sums and sorting that several kernels share. */
#include "analytics/work.h"
#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define MAX_THREADS 64

Status work_fail(Kernel *kn, FaultKind kind, int64_t row, int64_t column, double value)
{
    kn->fault = (Fault){.kind = kind, .column = column, .row = row, .need = value};
    return kind == FAULT_TOO_MANY ? ST_TOO_LARGE : ST_INVALID;
}

Status work_finite(Kernel *kn, const double *x, size_t n, size_t p)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < p; j++)
            sum += x[i * p + j] * 0; /* 0, or NaN if any is not finite */
        if (sum == 0)
            continue;
        for (size_t j = 0; j < p; j++)
            if (!isfinite(x[i * p + j]))
                return work_fail(kn, FAULT_NOT_FINITE, (int64_t)i, (int64_t)j, x[i * p + j]);
    }
    return ST_OK;
}

/* ---- threads ---- */
typedef struct Pool {
    Kernel *kn;
    WorkJob job;
    void *arg;
    size_t parts;
    atomic_size_t next;
    atomic_bool stop;
    pthread_mutex_t lock;
    size_t failed; /* lowest part that failed */
    Status status;
} Pool;

static void pool_fail(Pool *pool, size_t part, Status st)
{
    pthread_mutex_lock(&pool->lock);
    if (part < pool->failed) {
        pool->failed = part;
        pool->status = st;
    }
    pthread_mutex_unlock(&pool->lock);
    atomic_store(&pool->stop, true);
}

static void pool_run(Pool *pool, bool is_caller)
{
    Arena *scratch = arena_new(65536);
    while (!atomic_load(&pool->stop)) {
        size_t part = atomic_fetch_add(&pool->next, 1);
        if (part >= pool->parts)
            break;
        const Kernel *kn = pool->kn;
        Status st = kernel_cancelled(kn) ? ST_BUSY : pool->job(part, pool->arg, scratch);
        if (st != ST_OK)
            pool_fail(pool, part, st);
        arena_reset(scratch);
        if (is_caller)
            kernel_progress(kn, (double)(part + 1) / (double)pool->parts);
    }
    arena_free(scratch);
}

static void *pool_thread(void *arg)
{
    pool_run(arg, false);
    return NULL;
}

Status work_parallel(Kernel *kn, size_t parts, WorkJob job, void *arg)
{
    Pool pool = {.kn = kn, .job = job, .arg = arg, .parts = parts, .failed = SIZE_MAX};
    pthread_mutex_init(&pool.lock, NULL);
    pthread_t threads[MAX_THREADS];
    size_t extra = kn->threads > 1 ? (size_t)kn->threads - 1 : 0, made = 0;
    if (extra > MAX_THREADS)
        extra = MAX_THREADS;
    while (made < extra && made + 1 < parts &&
           pthread_create(&threads[made], NULL, pool_thread, &pool) == 0)
        made++;
    pool_run(&pool, true);
    for (size_t i = 0; i < made; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&pool.lock);
    return pool.status;
}

void work_shuffle(Random *r, int32_t *v, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = random_below(r, i);
        int32_t t = v[i - 1];
        v[i - 1] = v[j];
        v[j] = t;
    }
}

/* ---- sums ---- */
double work_sum(const double *v, size_t n, size_t stride)
{
    double sum = 0, lost = 0;
    for (size_t i = 0; i < n; i++) {
        double a = v[i * stride], t = sum + a;
        lost += fabs(sum) >= fabs(a) ? (sum - t) + a : (a - t) + sum;
        sum = t;
    }
    return sum + lost;
}

WORK_WIDE long double work_total_of(const double *x, size_t n)
{
    WorkLanes high[2] = {{0}, {0}}, low[2] = {{0}, {0}};
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t l = 0; l < 2; l++) {
            WorkLanes v = *(const WorkLanes *)(const void *)(x + i + 4 * l), t = high[l] + v,
                      z = t - high[l];
            low[l] += (high[l] - (t - z)) + (v - z);
            high[l] = t;
        }
    WorkSum rest = {0};
    for (; i < n; i++)
        work_add(&rest, x[i]);
    long double sum = work_total(&rest);
    for (size_t l = 0; l < 2; l++)
        sum += work_across(&high[l]) + work_across(&low[l]);
    return sum;
}

void work_moments(const double *v, size_t n, size_t stride, double *ret_mean, double *ret_ss)
{
    long double sum = 0, ss = 0, shift = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i * stride];
    long double mean = n ? sum / (long double)n : 0;
    for (size_t i = 0; i < n; i++) {
        long double d = v[i * stride] - mean;
        ss += d * d;
        shift += d;
    }
    if (n) {
        mean += shift / (long double)n;
        ss -= shift * shift / (long double)n;
    }
    *ret_mean = (double)mean;
    *ret_ss = ss > 0 ? (double)ss : 0;
}

double work_quantile7(const double *sorted, size_t n, double q)
{
    assert(n > 0);
    double at = q * (double)(n - 1);
    size_t i = (size_t)at;
    if (i + 1 >= n)
        return sorted[n - 1];
    /* the form of numpy's lerp, so that cut points agree to the last bit */
    double share = at - (double)i, span = sorted[i + 1] - sorted[i];
    return share >= 0.5 ? sorted[i + 1] - span * (1 - share) : sorted[i] + span * share;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Least significant digit radix sort of the bit patterns: linear; small arrays by qsort. */
void work_sort(double *v, size_t n)
{
    if (n < 2)
        return;
    if (n < 512) {
        qsort(v, n, sizeof(*v), compare);
        return;
    }
    uint64_t *a = malloc(n * sizeof(*a)), *b = malloc(n * sizeof(*b));
    size_t(*count)[2048] = calloc(6, sizeof(*count));
    if (!a || !b || !count) {
        qsort(v, n, sizeof(*v), compare);
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        union {
            double d;
            uint64_t u;
        } bits = {.d = v[i]};
        uint64_t u = bits.u >> 63 ? ~bits.u : bits.u | (1ull << 63);
        a[i] = u;
        for (int k = 0; k < 6; k++)
            count[k][(u >> (11 * k)) & 2047]++;
    }
    for (int k = 0; k < 6; k++) {
        size_t at = 0;
        bool one = false;
        for (int d = 0; d < 2048; d++) {
            size_t c = count[k][d];
            one |= c == n;
            count[k][d] = at;
            at += c;
        }
        if (one)
            continue; /* all share this digit */
        for (size_t i = 0; i < n; i++)
            b[count[k][(a[i] >> (11 * k)) & 2047]++] = a[i];
        uint64_t *t = a;
        a = b;
        b = t;
    }
    for (size_t i = 0; i < n; i++) {
        union {
            double d;
            uint64_t u;
        } bits = {.u = a[i] >> 63 ? a[i] & ~(1ull << 63) : ~a[i]};
        v[i] = bits.d;
    }
done:
    free(a);
    free(b);
    free(count);
}

void work_sqrt(double *v, size_t n)
{
    size_t i = 0;
#ifdef __SSE2__
    for (; i + 2 <= n; i += 2)
        _mm_storeu_pd(v + i, _mm_sqrt_pd(_mm_loadu_pd(v + i)));
#endif
    for (; i < n; i++)
        v[i] = sqrt(v[i]);
}
