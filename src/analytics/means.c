/* SPDX-License-Identifier: Apache-2.0 */
/* t tests, one-way analysis of variance, multiple comparisons (means.h). */
#include "analytics/means.h"
#include "analytics/describe.h"
#include "analytics/dist.h"

/* ---- one-way */
static void welch(const GroupStat *g, size_t k, Test *ret)
{
    double total = 0, mean = 0, f = 0, lambda = 0, m = (double)k;
    for (size_t j = 0; j < k; j++)
        total += g[j].n / g[j].variance;
    for (size_t j = 0; j < k; j++)
        mean += g[j].n / g[j].variance / total * (double)(g[j].mean - g[0].mean);
    for (size_t j = 0; j < k; j++) {
        double w = g[j].n / g[j].variance, d = (double)(g[j].mean - g[0].mean) - mean;
        f += w * d * d;
        lambda += (1 - w / total) * (1 - w / total) / (g[j].n - 1);
    }
    ret->stat = f / (m - 1) / (1 + 2 * (m - 2) / (m * m - 1) * lambda);
    ret->df1 = m - 1;
    ret->df2 = (m * m - 1) / (3 * lambda);
    ret->p = dist_f_upper(ret->stat, ret->df1, ret->df2);
}

static void brown_forsythe(const GroupStat *g, size_t k, Oneway *o)
{
    double below = 0, denominator = 0, squares = 0, weighted = 0, mixed = 0;
    for (size_t j = 0; j < k; j++) {
        double v = g[j].variance, share = g[j].n / o->n, c = (1 - share) * v;
        below += c;
        denominator += c * c / (g[j].n - 1);
        squares += v * v;
        weighted += share * v;
        mixed += share * v * v;
    }
    Test *t = &o->brown_forsythe;
    t->stat = o->ss_between / below;
    t->df1 = below * below / (squares + weighted * weighted - 2 * mixed);
    t->df2 = below * below / denominator;
    t->p = dist_f_upper(t->stat, t->df1, t->df2);
    o->p_spss = dist_f_upper(t->stat, (double)k - 1, t->df2);
}

static void bartlett(const GroupStat *g, size_t k, Oneway *o)
{
    double within = o->n - (double)k, sum = 0, inverse = 0;
    for (size_t j = 0; j < k; j++) {
        sum += (g[j].n - 1) * log(g[j].variance);
        inverse += 1 / (g[j].n - 1);
    }
    Test *t = &o->bartlett;
    t->df1 = (double)k - 1;
    t->df2 = NAN;
    t->stat = (within * log(o->ms_within) - sum) / (1 + (inverse - 1 / within) / (3 * t->df1));
    t->p = dist_chi2_upper(t->stat, t->df1);
}

static void unequal(const GroupStat *g, size_t k, Oneway *o)
{
    Test none = {NAN, NAN, NAN, NAN};
    o->welch = o->brown_forsythe = o->bartlett = none;
    o->p_spss = NAN;
    for (size_t j = 0; j < k; j++)
        if (!(g[j].variance > 0))
            return;
    welch(g, k, &o->welch);
    brown_forsythe(g, k, o);
    bartlett(g, k, o);
}

Status means_oneway(Kernel *kernel, const GroupStat *g, size_t k, Oneway *ret)
{
    long double n = 0, sum = 0, between = 0, within = 0, shift = k ? g[0].mean : 0;
    *ret = (Oneway){0};
    if (k < 2)
        return kernel_fail(kernel, FAULT_ONE_GROUP, 1, -1);
    for (size_t j = 0; j < k; j++) {
        n += (long double)g[j].n;
        sum += (long double)g[j].n * (g[j].mean - shift);
        within += g[j].m2;
    }
    for (size_t j = 0; j < k; j++) {
        long double d = (g[j].mean - shift) - sum / n;
        between += (long double)g[j].n * d * d;
    }
    ret->n = (double)n;
    ret->f.df1 = (double)k - 1;
    ret->f.df2 = ret->n - (double)k;
    if (ret->f.df2 < 1)
        return kernel_too_few(kernel, 0, (double)k + 1);
    if (within <= 0)
        return kernel_fail(kernel, FAULT_CONSTANT, 0, -1);
    ret->ss_between = (double)between;
    ret->ss_within = (double)within;
    ret->ms_between = ret->ss_between / ret->f.df1;
    ret->ms_within = ret->ss_within / ret->f.df2;
    ret->f.stat = (double)(between / within) * (ret->f.df2 / ret->f.df1);
    ret->f.p = dist_f_upper(ret->f.stat, ret->f.df1, ret->f.df2);
    double total = ret->ss_between + ret->ss_within;
    double excess = ret->ss_between - ret->f.df1 * ret->ms_within;
    ret->eta2 = ret->ss_between / total;
    ret->omega2 = excess / (total + ret->ms_within);
    ret->epsilon2 = excess / total;
    unequal(g, k, ret);
    return ST_OK;
}

/* ---- homogeneity */
static Status medians(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                      size_t groups, double *ret)
{
    size_t *at = ARENA_ARRAY(k->arena, size_t, groups + 1);
    double *sorted = arena_alloc(k->arena, sizeof(double) * (n + 1));
    double *weights = w ? arena_alloc(k->arena, sizeof(double) * (n + 1)) : NULL;
    for (size_t i = 0; i < n; i++)
        at[g[i] + 1]++;
    for (size_t j = 0; j < groups; j++)
        at[j + 1] += at[j];
    for (size_t i = 0; i < n; i++) {
        if (w)
            weights[at[g[i]]] = w[i];
        sorted[at[g[i]]++] = y[i];
    }
    for (size_t j = 0, from = 0; j < groups; from = at[j++]) {
        Sorted s;
        Status st = ST_OK;
        if (w) {
            st = describe_sort(k, sorted + from, weights + from, at[j] - from, &s);
        } else { /* where it stands: the groups are a copy already */
            s = (Sorted){.x = sorted + from, .n = at[j] - from, .total = (double)(at[j] - from)};
            describe_sort_doubles(s.x, NULL, s.n);
            st = s.n ? ST_OK : kernel_fail(k, FAULT_EMPTY, 0, -1);
        }
        if (st == ST_INVALID && k->fault.kind == FAULT_EMPTY)
            k->fault.column = (int64_t)j;
        TRY(st);
        ret[j] = describe_percentile(&s, .5, 7);
    }
    return ST_OK;
}

Status means_levene(Kernel *k, const double *y, const double *w, const int32_t *g, size_t n,
                    size_t groups, LeveneCenter center, Test *ret)
{
    GroupStat *stat = ARENA_ARRAY(k->arena, GroupStat, groups + 1);
    double *middle = ARENA_ARRAY(k->arena, double, groups + 1);
    Oneway o;
    if (center == LEVENE_MEDIAN)
        TRY(medians(k, y, w, g, n, groups, middle));
    TRY(means_spread(k, y, w, g, n, groups, center == LEVENE_MEDIAN ? middle : NULL, stat));
    TRY(means_oneway(k, stat, groups, &o));
    *ret = o.f;
    return ST_OK;
}

/* ---- t */
static void finish_t(TTest *t, double level)
{
    double reach = dist_t_quantile(0.5 + level / 2, t->df) * t->se;
    t->t = t->diff / t->se;
    t->p = dist_t_two(t->t, t->df);
    t->low = t->diff - reach;
    t->high = t->diff + reach;
}

Status means_t_one(Kernel *k, const GroupStat *g, double mu, double level, TTest *ret)
{
    if (g->n < 2)
        return kernel_too_few(k, 0, 2);
    if (!(g->m2 > 0))
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    *ret = (TTest){.df = g->n - 1, .diff = (double)(g->mean - (long double)mu), .se = g->se};
    finish_t(ret, level);
    return ST_OK;
}

Status means_t_two(Kernel *k, const GroupStat *a, const GroupStat *b, bool pooled, double level,
                   TTest *ret)
{
    if (a->n + b->n < 3 || (!pooled && (a->n < 2 || b->n < 2)))
        return kernel_too_few(k, 0, pooled ? 3 : 4);
    if (!(a->m2 + b->m2 > 0))
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    *ret = (TTest){.diff = (double)(a->mean - b->mean)};
    if (pooled) {
        ret->df = a->n + b->n - 2;
        ret->se = sqrt((double)(a->m2 + b->m2) / ret->df * (1 / a->n + 1 / b->n));
    } else {
        double va = a->variance / a->n, vb = b->variance / b->n, v = va + vb;
        ret->se = sqrt(v);
        ret->df = v * v / (va * va / (a->n - 1) + vb * vb / (b->n - 1));
    }
    finish_t(ret, level);
    return ST_OK;
}

double means_cohen_d(const GroupStat *a, const GroupStat *b)
{
    return (double)(a->mean - b->mean) / sqrt((double)(a->m2 + b->m2) / (a->n + b->n - 2));
}

double means_hedges_g(const GroupStat *a, const GroupStat *b)
{
    return means_cohen_d(a, b) * (1 - 3 / (4 * (a->n + b->n - 2) - 1));
}

/* ---- multiple comparisons */
static void pair_by_t(Pair *p, double p_factor, double level)
{
    double tail = (1 - level) / 2 / p_factor, reach = -dist_t_quantile(tail, p->df) * p->se;
    p->p = fmin(1, p_factor * dist_t_two(p->diff / p->se, p->df));
    p->low = p->diff - reach;
    p->high = p->diff + reach;
}

static void pair_by_range(Pair *p, double k, double critical)
{
    double reach = critical * p->se / sqrt(2);
    p->p = dist_range_upper(fabs(p->diff) / p->se * sqrt(2), k, p->df);
    p->low = p->diff - reach;
    p->high = p->diff + reach;
}

static Pair pair_of(const GroupStat *g, size_t a, size_t b, const Oneway *o, bool own_variance)
{
    Pair p = {.a = a, .b = b, .diff = (double)(g[b].mean - g[a].mean)};
    double va = g[a].variance / g[a].n, vb = g[b].variance / g[b].n;
    p.df = o->f.df2;
    p.se = sqrt(o->ms_within * (1 / g[a].n + 1 / g[b].n));
    if (own_variance) {
        p.se = sqrt(va + vb);
        p.df = (va + vb) * (va + vb) / (va * va / (g[a].n - 1) + vb * vb / (g[b].n - 1));
    }
    return p;
}

void means_posthoc(const GroupStat *g, size_t groups, const Oneway *o, PostHoc method, double level,
                   Pair *ret)
{
    double k = (double)groups, pairs = k * (k - 1) / 2;
    double tukey =
        method == POSTHOC_TUKEY ? dist_range_quantile_upper(1 - level, k, o->f.df2) : NAN;
    for (size_t a = 0; a < groups; a++)
        for (size_t b = a + 1; b < groups; b++, ret++) {
            *ret = pair_of(g, a, b, o, method == POSTHOC_GAMES_HOWELL);
            switch (method) {
            case POSTHOC_LSD: pair_by_t(ret, 1, level); break;
            case POSTHOC_BONFERRONI: pair_by_t(ret, pairs, level); break;
            case POSTHOC_TUKEY: pair_by_range(ret, k, tukey); break;
            case POSTHOC_GAMES_HOWELL:
                pair_by_range(ret, k, dist_range_quantile_upper(1 - level, k, ret->df));
                break;
            }
        }
}
