/* SPDX-License-Identifier: Apache-2.0 */
/* Means and deviations of groups. Without weights both passes run in sums of two doubles (work.h): the deviation from a
 * mean rounded to double is exact where cancellation would hurt (Sterbenz), and what the rounding left is
 * taken out at the end. Weights, and squares past the range of a double, go in long double. */
#include "analytics/means.h"
#include "analytics/work.h"

#define SMALLEST 1e-280L /* squares below lose digits as a double */
enum {
    CHUNK = 1 << 20,
    ROOM = 64,          /* values of a group that are gathered before they are added together */
    MOST_GROUPS = 4096, /* with more the gathering costs more than it saves */
};

static void finish(GroupStat *s, long double mean, long double sum, long double square)
{
    long double rest = sum / (long double)s->n;
    s->mean = mean + rest;
    s->m2 = square - rest * sum;
    if (s->min == s->max || s->m2 < 0)
        s->m2 = 0;
    s->variance = s->n > 1 ? (double)s->m2 / (s->n - 1) : NAN;
    s->sd = s->n > 1 ? (double)sqrtl(s->m2 / ((long double)s->n - 1))
                     : NAN; /* finite where its square is not */
    s->se = s->sd / sqrt(s->n);
}

/* ---- in two doubles */
typedef struct Gathered { /* of one group: four sums of two doubles side by side */
    WorkLanes high, low, square_high, square_low, min, max;
    double room[ROOM];
    size_t used, n;
    double mean;
} Gathered;

typedef struct
    Source { /* y, or its distance from a centre of the group, which is given in two doubles */
    const double *y;
    const int32_t *g;
    const double *centre, *rest;
} Source;

#define ADD(high, low, v)                                                                          \
    do {                                                                                           \
        WorkLanes t = (high) + (v), z = t - (high);                                                \
        (low) += ((high) - (t - z)) + ((v)-z);                                                     \
        (high) = t;                                                                                \
    } while (0)
#define PICK(mask, a, b) ((WorkLanes)(((Mask)(a) & (mask)) | ((Mask)(b) & ~(mask))))
typedef int64_t Mask __attribute__((vector_size(32), aligned(8)));

/* Whole vectors of the room; the caller fills it up with values that change nothing. */
WORK_WIDE static void add_values(Gathered *a)
{
    for (size_t i = 0; i < ROOM; i += 4) {
        WorkLanes v = *(const WorkLanes *)(const void *)(a->room + i);
        ADD(a->high, a->low, v);
        a->min = PICK(v < a->min, v, a->min);
        a->max = PICK(v > a->max, v, a->max);
    }
}

WORK_WIDE static void add_deviations(Gathered *a)
{
    WorkLanes mean = {a->mean, a->mean, a->mean, a->mean};
    for (size_t i = 0; i < ROOM; i += 4) {
        WorkLanes d = *(const WorkLanes *)(const void *)(a->room + i) - mean, square = d * d;
        ADD(a->high, a->low, d);
        ADD(a->square_high, a->square_low, square);
    }
}

static void gather(const Source *s, size_t from, size_t to, Gathered *groups,
                   void (*add)(Gathered *))
{
    for (size_t i = from; i < to; i++) {
        int32_t j = s->g[i];
        Gathered *a = &groups[j];
        a->room[a->used++] = s->centre ? fabs((s->y[i] - s->centre[j]) - s->rest[j]) : s->y[i];
        if (a->used == ROOM) {
            add(a);
            a->n += ROOM;
            a->used = 0;
        }
    }
}

/* What is left in the room: one by one, so that no filling disturbs the least and the largest. */
static void add_rest(Gathered *a, long double *sum, GroupStat *s)
{
    *sum = work_across(&a->high) + work_across(&a->low);
    for (size_t i = 0; i < a->used; i++) {
        *sum += (long double)a->room[i];
        s->min = a->room[i] < s->min ? a->room[i] : s->min;
        s->max = a->room[i] > s->max ? a->room[i] : s->max;
    }
    for (int l = 0; l < 4; l++) {
        s->min = a->min[l] < s->min ? a->min[l] : s->min;
        s->max = a->max[l] > s->max ? a->max[l] : s->max;
    }
    s->n = (double)(a->n + a->used);
}

static bool end_values(Gathered *groups, size_t n, GroupStat *ret)
{
    bool is_finite = true;
    for (size_t j = 0; j < n; j++) {
        long double sum;
        add_rest(&groups[j], &sum, &ret[j]);
        double mean = ret[j].n > 0 ? (double)(sum / (long double)ret[j].n) : 0;
        ret[j].mean = ret[j].n > 0 ? sum / (long double)ret[j].n : 0;
        is_finite = is_finite && isfinite(mean);
        groups[j] = (Gathered){.mean = mean};
    }
    return is_finite;
}

static bool end_deviations(Gathered *groups, size_t n, GroupStat *ret)
{
    bool is_good = true;
    for (size_t j = 0; j < n; j++) {
        const Gathered *a = &groups[j];
        long double sum = work_across(&a->high) + work_across(&a->low);
        long double square = work_across(&a->square_high) + work_across(&a->square_low);
        for (size_t i = 0; i < a->used; i++) {
            long double d = (long double)a->room[i] - (long double)a->mean;
            sum += d;
            square += d * d;
        }
        bool has_digits = square > SMALLEST || ret[j].min == ret[j].max;
        is_good = is_good && isfinite((double)square) && isfinite((double)sum) && has_digits;
        finish(&ret[j], (long double)a->mean, sum, square);
    }
    return is_good;
}

static Status sweep(Kernel *k, const Source *s, size_t n, Gathered *groups, void (*add)(Gathered *))
{
    for (size_t from = 0; from < n; from += CHUNK) {
        gather(s, from, n - from < CHUNK ? n : from + CHUNK, groups, add);
        TRY(work_check(k));
    }
    return ST_OK;
}

/* *ret_done false: to be done slowly, in which case what is wrong is found as well. */
static Status quickly(Kernel *k, const Source *s, size_t n, size_t groups, bool only_means,
                      GroupStat *ret, bool *ret_done)
{
    CLEANUP(arena) Arena *scratch = arena_new(sizeof(Gathered) * (groups + 1));
    Gathered *of = ARENA_ARRAY(scratch, Gathered, groups + 1);
    WorkLanes most = {INFINITY, INFINITY, INFINITY, INFINITY};
    for (size_t j = 0; j < groups; j++) {
        of[j].min = most;
        of[j].max = -most;
    }
    TRY(sweep(k, s, n, of, add_values));
    *ret_done = end_values(of, groups, ret);
    for (size_t j = 0; *ret_done && j < groups; j++)
        if (!(ret[j].n > 0))
            return kernel_fail(k, FAULT_EMPTY, (int64_t)j, -1);
    if (!*ret_done || only_means)
        return ST_OK;
    TRY(sweep(k, s, n, of, add_deviations));
    *ret_done = end_deviations(of, groups, ret);
    return ST_OK;
}

/* ---- in long double */
typedef struct Sums {
    long double sum, total, square;
} Sums;

static Status sum_groups(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                         Sums *s, GroupStat *ret)
{
    for (size_t i = 0; i < n; i++) {
        double v = y[i], weight = w ? w[i] : 1;
        GroupStat *to = &ret[g[i]];
        if (!isfinite(v))
            return kernel_fail(k, FAULT_NOT_FINITE, 0, (int64_t)i);
        if (!(weight >= 0) || isinf(weight))
            return kernel_fail(k, FAULT_WEIGHT, -1, (int64_t)i);
        if (weight == 0)
            continue;
        s[g[i]].sum += (long double)weight * (long double)v;
        s[g[i]].total += (long double)weight;
        to->min = v < to->min ? v : to->min;
        to->max = v > to->max ? v : to->max;
        if (i % CHUNK == 0 && kernel_cancelled(k))
            return ST_BUSY;
    }
    return ST_OK;
}

static Status slowly(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                     size_t groups, GroupStat *ret)
{
    Sums *s = ARENA_ARRAY(k->arena, Sums, groups + 1);
    TRY(sum_groups(k, y, w, g, n, s, ret));
    for (size_t j = 0; j < groups; j++) {
        if (s[j].total <= 0)
            return kernel_fail(k, FAULT_EMPTY, (int64_t)j, -1);
        ret[j].n = (double)s[j].total;
        ret[j].mean = s[j].sum / s[j].total;
        s[j].sum = 0;
    }
    for (size_t i = 0; i < n; i++) {
        long double d = (long double)y[i] - ret[g[i]].mean, wd = w ? (long double)w[i] * d : d;
        s[g[i]].sum += wd;
        s[g[i]].square += wd * d;
    }
    for (size_t j = 0; j < groups; j++)
        finish(&ret[j], ret[j].mean, s[j].sum, s[j].square);
    return ST_OK;
}

static void clear(GroupStat *ret, size_t groups)
{
    for (size_t j = 0; j < groups; j++)
        ret[j] = (GroupStat){.min = INFINITY, .max = -INFINITY};
}

Status means_groups(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                    size_t groups, GroupStat *ret)
{
    Source s = {.y = y, .g = g};
    bool done = false;
    clear(ret, groups);
    if (!w && groups <= MOST_GROUPS)
        TRY(quickly(k, &s, n, groups, false, ret, &done));
    if (done)
        return ST_OK;
    clear(ret, groups);
    return slowly(k, y, w, g, n, groups, ret);
}

/* ---- distances from a centre, for tests of homogeneity */
static Status spread_slowly(Kernel *k, const Source *s, const double *w, size_t n, size_t groups,
                            GroupStat *ret)
{
    double *spread = arena_alloc(k->arena, sizeof(double) * (n + 1));
    for (size_t i = 0; i < n; i++)
        spread[i] = fabs((s->y[i] - s->centre[s->g[i]]) - s->rest[s->g[i]]);
    return means_groups(k, spread, w, s->g, n, groups, ret);
}

Status means_spread(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                    size_t groups, const double *centre, GroupStat *ret)
{
    double *at = ARENA_ARRAY(k->arena, double, groups + 1),
           *rest = ARENA_ARRAY(k->arena, double, groups + 1);
    Source s = {.y = y, .g = g};
    bool done = false;
    clear(ret, groups);
    if (!centre && !w && groups <= MOST_GROUPS)
        TRY(quickly(k, &s, n, groups, true, ret, &done));
    if (!centre && !done)
        TRY(means_groups(k, y, w, g, n, groups, ret));
    for (size_t j = 0; j < groups; j++) {
        at[j] = centre ? centre[j] : (double)ret[j].mean;
        rest[j] = centre ? 0 : (double)(ret[j].mean - (long double)at[j]);
    }
    s.centre = at;
    s.rest = rest;
    done = false;
    clear(ret, groups);
    if (!w && groups <= MOST_GROUPS)
        TRY(quickly(k, &s, n, groups, false, ret, &done));
    return done ? ST_OK : spread_slowly(k, &s, w, n, groups, ret);
}
