/* SPDX-License-Identifier: Apache-2.0 */
/* Self-organising map. Batch: sums per unit first, then one small product with the neighbourhood,
 * so the neighbourhood costs units² and not n · units. */
#include "analytics/som.h"
#include "analytics/nearest.h"
#include <assert.h>

#define MAX_SIDE 64
#define SIGMA_END 0.5
#define RATE_START 0.5
#define RATE_END 0.01

typedef struct Map {
    Kernel *kn;
    const double *x;
    Som *s;
    const SomOptions *o;
    size_t kp;
    double *pack, *d; /* p × kp; kp */
    double *sum;      /* units × p */
    double *count;    /* units */
    double *mean;     /* p */
} Map;

/* Best units of all rows; gives the mean distance. */
WORK_WIDE static double find_best(Map *m)
{
    Som *s = m->s;
    double error = 0;
    for (size_t i = 0; i < s->n; i++) {
        nearest_distances(m->pack, m->kp, s->p, m->x + i * s->p, m->d);
        s->label[i] = nearest_least(m->d, m->kp, &s->squared[i]);
        error += sqrt(s->squared[i]);
    }
    return error / (double)s->n;
}

static double sigma_at(const SomOptions *o, double share)
{
    double start = (o->rows > o->columns ? o->rows : o->columns) / 2.0;
    if (start < SIGMA_END)
        start = SIGMA_END;
    return start * pow(SIGMA_END / start, share);
}

/* h[d²] for all squared grid distances. */
static void neighbourhood(const SomOptions *o, double sigma, double *h)
{
    int most = (o->rows - 1) * (o->rows - 1) + (o->columns - 1) * (o->columns - 1);
    for (int d = 0; d <= most; d++)
        h[d] = exp(-d / (2 * sigma * sigma));
}

static int grid_squared(const SomOptions *o, int a, int b)
{
    int r = a / o->columns - b / o->columns, c = a % o->columns - b % o->columns;
    return r * r + c * c;
}

/* Sums and counts of the rows of each unit. */
static void gather(Map *m)
{
    Som *s = m->s;
    memset(m->sum, 0, s->units * s->p * sizeof(double));
    memset(m->count, 0, s->units * sizeof(double));
    for (size_t i = 0; i < s->n; i++) {
        double *sum = m->sum + (size_t)s->label[i] * s->p;
        m->count[s->label[i]]++;
        for (size_t j = 0; j < s->p; j++)
            sum[j] += m->x[i * s->p + j];
    }
}

NEAREST_INLINE void add_share(double *to, const double *from, double share, size_t p)
{
    NearestLanes all = {share, share, share, share};
    size_t j = 0;
    for (; j + 4 <= p; j += 4)
        *(NearestLanes *)(to + j) += all * *(const NearestLanes *)(from + j);
    for (; j < p; j++)
        to[j] += share * from[j];
}

/* Each prototype becomes the mean of all rows, weighted by the neighbourhood of their unit. */
WORK_WIDE static void move_prototypes(Map *m, const double *h)
{
    Som *s = m->s;
    double *mean = m->mean;
    for (int u = 0; u < (int)s->units; u++) {
        double weight = 0;
        const double *sum = m->sum, *count = m->count;
        memset(mean, 0, s->p * sizeof(double));
        for (int r = 0; r < s->rows; r++)
            for (int c = 0; c < s->columns; c++, sum += s->p, count++) {
                int down = r - u / s->columns, across = c - u % s->columns;
                double share = h[down * down + across * across];
                weight += share * *count;
                add_share(mean, sum, share, s->p);
            }
        for (size_t j = 0; weight > 0 && j < s->p; j++)
            s->prototype[(size_t)u * s->p + j] = mean[j] / weight;
    }
}

static Status run_batch(Map *m, double *h)
{
    Som *s = m->s;
    for (int pass = 0; pass < m->o->passes; pass++) {
        nearest_pack(s->prototype, s->units, s->p, m->pack);
        s->error_by_pass[pass] = find_best(m);
        double share = m->o->passes > 1 ? (double)pass / (m->o->passes - 1) : 1;
        neighbourhood(m->o, sigma_at(m->o, share), h);
        gather(m);
        move_prototypes(m, h);
        TRY(work_check(m->kn));
        kernel_progress(m->kn, (double)(pass + 1) / m->o->passes);
    }
    return ST_OK;
}

/* Pulls the prototypes around the best unit towards the row, those within 3 σ. */
WORK_WIDE static void learn(Map *m, const double *x, const double *h, double rate, double reach)
{
    Som *s = m->s;
    double first;
    nearest_distances(m->pack, m->kp, s->p, x, m->d);
    int best = nearest_least(m->d, m->kp, &first), r = best / s->columns;
    int c = best % s->columns, span = (int)reach;
    for (int i = r - span < 0 ? 0 : r - span; i <= r + span && i < s->rows; i++)
        for (int j = c - span < 0 ? 0 : c - span; j <= c + span && j < s->columns; j++) {
            size_t u = (size_t)i * (size_t)s->columns + (size_t)j;
            double pull = rate * h[(i - r) * (i - r) + (j - c) * (j - c)];
            for (size_t q = 0; q < s->p; q++)
                m->pack[q * m->kp + u] += pull * (x[q] - m->pack[q * m->kp + u]);
        }
}

static Status run_online(Map *m, double *h)
{
    Som *s = m->s;
    Random r = random_of(m->kn->seed, 2);
    int32_t *order = arena_alloc(m->kn->arena, s->n * sizeof(*order));
    for (size_t i = 0; i < s->n; i++)
        order[i] = (int32_t)i;
    nearest_pack(s->prototype, s->units, s->p, m->pack);
    for (int pass = 0; pass < m->o->passes; pass++) {
        s->error_by_pass[pass] = find_best(m);
        work_shuffle(&r, order, s->n);
        for (size_t i = 0; i < s->n; i++) {
            if (i % 1024 == 0) { /* σ and rate move slowly: a step each 1,024 rows */
                double share = (pass + (double)i / (double)s->n) / m->o->passes;
                neighbourhood(m->o, sigma_at(m->o, share), h);
                TRY(work_check(m->kn));
            }
            double share = (pass + (double)i / (double)s->n) / m->o->passes;
            double rate = RATE_START * (1 - share) + RATE_END * share;
            learn(m, m->x + (size_t)order[i] * s->p, h, rate, 3 * sigma_at(m->o, share) + 1);
        }
        kernel_progress(m->kn, (double)(pass + 1) / m->o->passes);
    }
    for (size_t u = 0; u < s->units; u++)
        for (size_t q = 0; q < s->p; q++)
            s->prototype[u * s->p + q] = m->pack[q * m->kp + u];
    return ST_OK;
}

/* ---- quality ---- */
/* Best and second best unit of a row. */
WORK_WIDE static void find_two(const Map *m, const double *x, int32_t *ret_best,
                               int32_t *ret_second, double *ret_squared)
{
    double second;
    nearest_distances(m->pack, m->kp, m->s->p, x, m->d);
    *ret_best = nearest_least(m->d, m->kp, ret_squared);
    m->d[*ret_best] = INFINITY;
    *ret_second = nearest_least(m->d, m->kp, &second);
}

static void measure(Map *m)
{
    Som *s = m->s;
    int64_t far4 = 0, far8 = 0;
    double error = 0;
    nearest_pack(s->prototype, s->units, s->p, m->pack);
    for (size_t i = 0; i < s->n; i++) {
        int32_t second;
        find_two(m, m->x + i * s->p, &s->label[i], &second, &s->squared[i]);
        int apart = grid_squared(m->o, s->label[i], second);
        error += sqrt(s->squared[i]);
        far4 += apart > 1;
        far8 += apart > 2;
        s->hits[s->label[i]]++;
    }
    s->quantisation_error = error / (double)s->n;
    s->topographic_error_4 = (double)far4 / (double)s->n;
    s->topographic_error_8 = (double)far8 / (double)s->n;
    for (size_t u = 0; u < s->units; u++)
        s->used += s->hits[u] > 0;
}

static void fill_u_matrix(const Map *m)
{
    Som *s = m->s;
    for (size_t u = 0; u < s->units; u++) {
        double sum = 0;
        int count = 0;
        for (size_t v = 0; v < s->units; v++) {
            int apart = grid_squared(m->o, (int)u, (int)v);
            if (apart != 1 && apart != 2)
                continue;
            sum += sqrt(nearest_squared(s->prototype + u * s->p, s->prototype + v * s->p, s->p));
            count++;
        }
        s->u_matrix[u] = sum / count;
    }
}

/* Random rows, different ones while there are enough. */
static void start_prototypes(Map *m)
{
    Som *s = m->s;
    Random r = random_of(m->kn->seed, 1);
    int32_t *order = arena_alloc(m->kn->arena, s->n * sizeof(*order));
    for (size_t i = 0; i < s->n; i++)
        order[i] = (int32_t)i;
    work_shuffle(&r, order, s->n);
    assert(s->n > 0);
    for (size_t u = 0; u < s->units; u++)
        memcpy(s->prototype + u * s->p, m->x + (size_t)order[u % s->n] * s->p,
               s->p * sizeof(double));
}

static Status check(Kernel *kn, const double *x, size_t n, size_t p, const SomOptions *o)
{
    if (o->rows < 1 || o->columns < 1 || o->rows > MAX_SIDE || o->columns > MAX_SIDE ||
        o->rows * o->columns < 2)
        return work_fail(kn, FAULT_RANGE, -1, -1, o->rows * o->columns);
    if (o->passes < 1 || o->passes > 100000)
        return work_fail(kn, FAULT_RANGE, -1, -1, o->passes);
    if (n < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, 2);
    if (n > INT32_MAX)
        return work_fail(kn, FAULT_TOO_MANY, -1, -1, INT32_MAX);
    return work_finite(kn, x, n, p);
}

Status som_run(Kernel *kn, const double *x, size_t n, size_t p, const SomOptions *o, Som *ret)
{
    TRY(check(kn, x, n, p, o));
    size_t units = (size_t)o->rows * (size_t)o->columns;
    Som s = {.rows = o->rows, .columns = o->columns, .units = units, .n = n, .p = p};
    Map m = {.kn = kn, .x = x, .s = &s, .o = o, .kp = nearest_width(units)};
    s.prototype = arena_alloc(kn->arena, units * p * sizeof(double));
    s.label = arena_alloc(kn->arena, n * sizeof(*s.label));
    s.squared = arena_alloc(kn->arena, n * sizeof(double));
    s.hits = ARENA_ARRAY(kn->arena, int64_t, units);
    s.u_matrix = arena_alloc(kn->arena, units * sizeof(double));
    s.error_by_pass = arena_alloc(kn->arena, (size_t)o->passes * sizeof(double));
    m.pack = arena_alloc(kn->arena, p * m.kp * sizeof(double));
    m.d = arena_alloc(kn->arena, m.kp * sizeof(double));
    m.sum = arena_alloc(kn->arena, units * p * sizeof(double));
    m.count = arena_alloc(kn->arena, units * sizeof(double));
    m.mean = arena_alloc(kn->arena, p * sizeof(double));
    double *h = arena_alloc(kn->arena, (2 * MAX_SIDE * MAX_SIDE + 1) * sizeof(double));
    start_prototypes(&m);
    TRY(o->online ? run_online(&m, h) : run_batch(&m, h));
    measure(&m);
    fill_u_matrix(&m);
    *ret = s;
    return ST_OK;
}
