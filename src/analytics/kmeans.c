/* SPDX-License-Identifier: Apache-2.0 */
/* k-means: the starts in parallel, the best of them kept, its tables. */
#include "analytics/kmeans.h"
#include "analytics/kmeans_internal.h"
#include "analytics/nearest.h"
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

typedef struct Contest {
    Kernel *kn;
    const double *x;
    size_t n, p;
    const KmeansOptions *o;
    Kmeans *best;
    bool have;
    pthread_mutex_t lock;
} Contest;

static double sum_within(KmeansStart *s)
{
    double sum = 0, lost = 0;
    for (size_t i = 0; i < s->n; i++) {
        size_t own = (size_t)s->label[i];
        double d = nearest_squared(s->x + i * s->p, s->centres + own * s->p, s->p);
        double t = sum + d;
        lost += sum >= d ? (sum - t) + d : (d - t) + sum;
        sum = t;
    }
    return sum + lost;
}

static void keep_if_best(Contest *c, const KmeansStart *s, int start)
{
    Kmeans *b = c->best;
    size_t kp = s->k * s->p;
    pthread_mutex_lock(&c->lock);
    b->start_inertia[start] = s->inertia;
    if (!c->have || s->inertia < b->inertia || (s->inertia == b->inertia && start < b->best)) {
        c->have = true;
        b->best = start;
        b->inertia = s->inertia;
        b->iterations = s->iterations;
        b->converged = s->converged;
        memcpy(b->initial, s->initial, kp * sizeof(double));
        memcpy(b->centres, s->centres, kp * sizeof(double));
        memcpy(b->label, s->label, s->n * sizeof(*s->label));
        memcpy(b->moved, s->moved, (size_t)s->iterations * s->k * sizeof(double));
    }
    pthread_mutex_unlock(&c->lock);
}

static Status run_start(size_t part, void *arg, Arena *scratch)
{
    Contest *c = arg;
    size_t k = (size_t)c->o->k, n = c->n, p = c->p;
    KmeansStart s = {.x = c->x, .n = n, .p = p, .k = k, .kp = nearest_width(k)};
    s.initial = arena_alloc(scratch, k * p * sizeof(double));
    s.centres = arena_alloc(scratch, k * p * sizeof(double));
    s.pack = arena_alloc(scratch, s.kp * p * sizeof(double));
    s.label = arena_alloc(scratch, n * sizeof(*s.label));
    s.upper = arena_alloc(scratch, n * sizeof(double));
    s.lower = arena_alloc(scratch, n * sizeof(double));
    s.size = ARENA_ARRAY(scratch, int64_t, k);
    s.sum = ARENA_ARRAY(scratch, double, k *p);
    s.half = ARENA_ARRAY(scratch, double, k);
    s.step = ARENA_ARRAY(scratch, double, k);
    s.moved = arena_alloc(scratch, ((size_t)c->o->max_iterations * k + s.kp) * sizeof(double));
    Random r = random_of(c->kn->seed, part);
    kmeans_plus(&s, &r, scratch);
    TRY(kmeans_lloyd(c->kn, &s, c->o, scratch));
    if (c->o->exchange && k > 1)
        TRY(kmeans_exchange(c->kn, &s));
    s.inertia = sum_within(&s);
    keep_if_best(c, &s, (int)part);
    return ST_OK;
}

WORK_WIDE static void assign_rows(const double *x, size_t n, size_t p, const double *pack, size_t k,
                                  double *d, int32_t *label, double *squared)
{
    size_t kp = nearest_width(k);
    for (size_t i = 0; i < n; i++) {
        double first, second;
        nearest_distances(pack, kp, p, x + i * p, d);
        label[i] = nearest_of(d, k, &first, &second);
        if (squared)
            squared[i] = first;
    }
}

void kmeans_assign(const double *x, size_t n, size_t p, const double *centres, int k,
                   int32_t *label, double *squared)
{
    size_t kp = nearest_width((size_t)k);
    Arena *scratch = arena_new(4096);
    double *pack = arena_alloc(scratch, kp * p * sizeof(double));
    double *d = arena_alloc(scratch, kp * sizeof(double));
    nearest_pack(centres, (size_t)k, p, pack);
    assign_rows(x, n, p, pack, (size_t)k, d, label, squared);
    arena_free(scratch);
}

/* Sum of squared distances to the grand mean: two passes row by row, blocks summed apart. */
static double total_squares(Arena *a, const double *x, size_t n, size_t p)
{
    double *mean = ARENA_ARRAY(a, double, p), *block = ARENA_ARRAY(a, double, p), total = 0;
    for (size_t from = 0; from < n; from += 1024) {
        size_t to = from + 1024 < n ? from + 1024 : n;
        memset(block, 0, p * sizeof(double));
        for (size_t i = from; i < to; i++)
            for (size_t j = 0; j < p; j++)
                block[j] += x[i * p + j];
        for (size_t j = 0; j < p; j++)
            mean[j] += block[j] / (double)n;
    }
    for (size_t from = 0; from < n; from += 1024) {
        size_t to = from + 1024 < n ? from + 1024 : n;
        double sum = 0;
        for (size_t i = from; i < to; i++)
            sum += nearest_squared(x + i * p, mean, p);
        total += sum;
    }
    return total;
}

/* Sizes and sums inside the groups from labels and centres. */
static void fill_tables(Kernel *kn, const double *x, Kmeans *m)
{
    size_t k = (size_t)m->k;
    m->size = ARENA_ARRAY(kn->arena, int64_t, k);
    m->within = ARENA_ARRAY(kn->arena, double, k);
    m->squared = arena_alloc(kn->arena, m->n * sizeof(double));
    for (size_t i = 0; i < m->n; i++) {
        size_t own = (size_t)m->label[i];
        m->squared[i] = nearest_squared(x + i * m->p, m->centres + own * m->p, m->p);
        m->size[own]++;
        m->within[own] += m->squared[i];
    }
    m->total = total_squares(kn->arena, x, m->n, m->p);
}

typedef struct RowOrder {
    const double *x;
    size_t p;
} RowOrder;

static int compare_rows(const void *a, const void *b, void *arg)
{
    const RowOrder *o = arg;
    return memcmp(o->x + *(const uint32_t *)a * o->p, o->x + *(const uint32_t *)b * o->p,
                  o->p * sizeof(double));
}

/* Are there k different rows? Looks at the first 4 k + 1,000 only, then sorts all. */
static Status check_distinct(Kernel *kn, const double *x, size_t n, size_t p, size_t k)
{
    Arena *scratch = arena_new(1 << 16);
    uint32_t *at = arena_alloc(scratch, n * sizeof(*at));
    RowOrder order = {x, p};
    size_t distinct = 0;
    for (size_t m = n < 4 * k + 1000 ? n : 4 * k + 1000; distinct < k; m = n) {
        for (size_t i = 0; i < m; i++)
            at[i] = (uint32_t)i;
        qsort_r(at, m, sizeof(*at), compare_rows, &order);
        distinct = 1;
        for (size_t i = 1; i < m && distinct < k; i++)
            distinct += compare_rows(&at[i - 1], &at[i], &order) != 0;
        if (m == n)
            break;
    }
    arena_free(scratch);
    return distinct < k ? work_fail(kn, FAULT_TOO_FEW, (int64_t)distinct, -1, (double)k) : ST_OK;
}

static Status check(Kernel *kn, const double *x, size_t n, size_t p, const KmeansOptions *o)
{
    if (o->k < 1 || o->k > KMEANS_MAX_K)
        return work_fail(kn, FAULT_RANGE, -1, 0, o->k);
    if (o->starts < 1 || o->starts > 10000)
        return work_fail(kn, FAULT_RANGE, -1, 1, o->starts);
    if (o->max_iterations < 1 || o->max_iterations > 100000)
        return work_fail(kn, FAULT_RANGE, -1, 2, o->max_iterations);
    if (n < (size_t)o->k || n == 0)
        return work_fail(kn, FAULT_TOO_FEW, (int64_t)n, -1, o->k);
    if (n > INT32_MAX)
        return work_fail(kn, FAULT_TOO_MANY, (int64_t)n, -1, INT32_MAX);
    TRY(work_finite(kn, x, n, p));
    return check_distinct(kn, x, n, p, (size_t)o->k);
}

Status kmeans_run(Kernel *kn, const double *x, size_t n, size_t p, const KmeansOptions *o,
                  Kmeans *ret)
{
    TRY(check(kn, x, n, p, o));
    size_t k = (size_t)o->k;
    Kmeans m = {.k = o->k, .n = n, .p = p, .starts = o->starts};
    m.initial = arena_alloc(kn->arena, k * p * sizeof(double));
    m.centres = arena_alloc(kn->arena, k * p * sizeof(double));
    m.label = arena_alloc(kn->arena, n * sizeof(*m.label));
    m.moved = arena_alloc(kn->arena, (size_t)o->max_iterations * k * sizeof(double));
    m.start_inertia = ARENA_ARRAY(kn->arena, double, o->starts);
    Contest c = {.kn = kn, .x = x, .n = n, .p = p, .o = o, .best = &m};
    pthread_mutex_init(&c.lock, NULL);
    Status st = work_parallel(kn, (size_t)o->starts, run_start, &c);
    pthread_mutex_destroy(&c.lock);
    TRY(st);
    fill_tables(kn, x, &m);
    *ret = m;
    return ST_OK;
}

static int compare_groups(const void *a, const void *b, void *arg)
{
    const Kmeans *m = arg;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    if (m->size[x] != m->size[y])
        return m->size[x] > m->size[y] ? -1 : 1;
    double u = m->centres[x * m->p], v = m->centres[y * m->p];
    return (u > v) - (u < v);
}

static void permute(Arena *a, double *v, const size_t *order, size_t k, size_t width)
{
    double *old = arena_dup(a, v, k * width * sizeof(double));
    for (size_t g = 0; g < k; g++)
        memcpy(v + g * width, old + order[g] * width, width * sizeof(double));
}

void kmeans_order(Kernel *kn, Kmeans *m)
{
    size_t k = (size_t)m->k;
    size_t *order = ARENA_ARRAY(kn->arena, size_t, k), *rank = ARENA_ARRAY(kn->arena, size_t, k);
    for (size_t g = 0; g < k; g++)
        order[g] = g;
    qsort_r(order, k, sizeof(*order), compare_groups, m);
    int64_t *size = arena_dup(kn->arena, m->size, k * sizeof(*size));
    for (size_t g = 0; g < k; g++) {
        rank[order[g]] = g;
        m->size[g] = size[order[g]];
    }
    permute(kn->arena, m->initial, order, k, m->p);
    permute(kn->arena, m->centres, order, k, m->p);
    permute(kn->arena, m->within, order, k, 1);
    for (int i = 0; i < m->iterations; i++)
        permute(kn->arena, m->moved + (size_t)i * k, order, k, 1);
    for (size_t i = 0; i < m->n; i++)
        m->label[i] = (int32_t)rank[m->label[i]];
}
