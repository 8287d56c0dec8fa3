/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks, and the tests on them (ranks.h). */
#include "analytics/ranks.h"
#include "analytics/dist.h"
#include "analytics/ranks_internal.h"

enum { MOST_EXACT_PAIRS = 10000, MOST_EXACT = 200 };

static void assign(const RankKey *sorted, const double *w, size_t n, double *ret, double *ret_ties)
{
    long double before = 0, ties = 0;
    for (size_t i = 0, end; i < n; i = end) {
        long double tied = 0;
        for (end = i; end < n && sorted[end].key == sorted[i].key; end++)
            tied += w ? (long double)w[sorted[end].at] : 1;
        double rank = (double)(before + (tied + 1) / 2);
        for (size_t j = i; j < end; j++)
            ret[sorted[j].at] = rank;
        ties += tied * tied * tied - tied;
        before += tied;
    }
    if (ret_ties)
        *ret_ties = (double)ties;
}

Status ranks_average(Kernel *k, const double *x, const double *w, size_t n, double *ret,
                     double *ret_ties)
{
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    const RankKey *sorted;
    TRY(ranks_sort(k, scratch, x, w, n, &sorted));
    assign(sorted, w, n, ret, ret_ties);
    return ST_OK;
}

/* ---- two groups */
/* Two-sided exact p of U = u: counts of the arrangements by dynamic programming. */
static double exact_u(Arena *arena, double u, size_t m, size_t n)
{
    size_t top = m * n;
    double *count = ARENA_ARRAY(arena, double, top + 1);
    count[0] = 1;
    for (size_t i = 1; i <= m; i++) { /* Gaussian binomial: × (1 − q^(n+i)) / (1 − q^i) */
        for (size_t s = top + 1; s-- > n + i;)
            count[s] -= count[s - n - i];
        for (size_t s = i; s <= top; s++)
            count[s] += count[s - i];
    }
    double low = u < (double)top - u ? u : (double)top - u, all = 0, tail = 0;
    for (size_t s = 0; s <= top; s++) {
        all += count[s];
        tail += (double)s <= low ? count[s] : 0;
    }
    double p = 2 * tail / all;
    return p > 1 ? 1 : p;
}

static void rank_sums(const double *rank, const double *w, const int32_t *g, size_t n,
                      size_t groups, double *sizes, double *sums)
{
    for (size_t j = 0; j < groups; j++)
        sizes[j] = sums[j] = 0;
    for (size_t i = 0; i < n; i++) {
        double weight = w ? w[i] : 1;
        sizes[g[i]] += weight;
        sums[g[i]] += weight * rank[i];
    }
}

typedef struct TwoGroups {
    double n[2], rank_sum[2], ties, ks;
} TwoGroups;

/* Sizes before the ranks: the steps of the empirical distributions are shares of them. */
static void sweep_two(const RankKey *sorted, const double *w, const int32_t *g, size_t n,
                      TwoGroups *t)
{
    long double before = 0, ties = 0, sum[2] = {0};
    double share[2] = {0};
    for (size_t i = 0; i < n; i++)
        t->n[g[i]] += w ? w[i] : 1;
    for (size_t i = 0, end; i < n; i = end) {
        double tied[2] = {0};
        for (end = i; end < n && sorted[end].key == sorted[i].key; end++)
            tied[g[sorted[end].at]] += w ? w[sorted[end].at] : 1;
        long double all = (long double)tied[0] + (long double)tied[1];
        for (int j = 0; j < 2; j++) {
            sum[j] += (long double)tied[j] * (before + (all + 1) / 2);
            share[j] += tied[j];
        }
        ties += all * all * all - all;
        before += all;
        t->ks = fmax(t->ks, fabs(share[0] / t->n[0] - share[1] / t->n[1]));
    }
    t->ties = (double)ties;
    t->rank_sum[0] = (double)sum[0];
    t->rank_sum[1] = (double)sum[1];
}

Status ranks_mann_whitney(Kernel *k, const double *x, const double *w, const int32_t *g, size_t n,
                          MannWhitney *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    const RankKey *sorted;
    TwoGroups t = {0};
    *ret = (MannWhitney){.p_exact = NAN};
    TRY(ranks_sort(k, scratch, x, w, n, &sorted));
    sweep_two(sorted, w, g, n, &t);
    for (int j = 0; j < 2; j++) {
        if (t.n[j] <= 0)
            return kernel_fail(k, FAULT_EMPTY, j, -1);
        ret->n[j] = t.n[j];
        ret->rank_sum[j] = t.rank_sum[j];
        ret->mean_rank[j] = ret->rank_sum[j] / ret->n[j];
    }
    double a = ret->n[0], b = ret->n[1], total = a + b;
    ret->u = ret->rank_sum[0] - a * (a + 1) / 2;
    ret->u_min = fmin(ret->u, a * b - ret->u);
    double variance = a * b / 12 * (total + 1 - t.ties / (total * (total - 1)));
    if (!(variance > 0))
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    ret->z = (ret->u - a * b / 2) / sqrt(variance);
    ret->p = dist_normal_two(ret->z);
    ret->rank_biserial = 2 * ret->u / (a * b) - 1;
    ret->ks = t.ks;
    if (!w && t.ties == 0 && a * b <= MOST_EXACT_PAIRS)
        ret->p_exact = exact_u(k->arena, ret->u, (size_t)a, (size_t)b);
    return ST_OK;
}

/* ---- pairs */
static double exact_signed(Arena *arena, double positive, size_t n)
{
    size_t top = n * (n + 1) / 2;
    double *share = ARENA_ARRAY(arena, double, top + 1);
    double low = fmin(positive, (double)top - positive), tail = 0;
    share[0] = 1;
    for (size_t i = 1; i <= n; i++)
        for (size_t s = top + 1; s-- > 0;)
            share[s] = 0.5 * share[s] + (s >= i ? 0.5 * share[s - i] : 0);
    for (size_t s = 0; s <= top && (double)s <= low; s++)
        tail += share[s];
    return fmin(1, 2 * tail);
}

Status ranks_wilcoxon(Kernel *k, const double *a, const double *b, const double *w, size_t n,
                      Wilcoxon *ret)
{
    double *size = arena_alloc(k->arena, sizeof(double) * (n + 1));
    double *weight = w ? arena_alloc(k->arena, sizeof(double) * (n + 1)) : NULL;
    double *rank = arena_alloc(k->arena, sizeof(double) * (n + 1)), ties;
    int8_t *sign = arena_alloc(k->arena, n + 1);
    size_t m = 0;
    *ret = (Wilcoxon){.p_exact = NAN};
    for (size_t i = 0; i < n; i++) {
        double d = b[i] - a[i], wi = w ? w[i] : 1;
        ret->n_zero += d == 0 ? wi : 0;
        if (d == 0)
            continue;
        sign[m] = d > 0 ? 1 : -1;
        if (w)
            weight[m] = wi;
        size[m++] = fabs(d);
    }
    if (m == 0)
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    TRY(ranks_average(k, size, weight, m, rank, &ties));
    for (size_t i = 0; i < m; i++) {
        double wi = weight ? weight[i] : 1;
        *(sign[i] > 0 ? &ret->n_positive : &ret->n_negative) += wi;
        *(sign[i] > 0 ? &ret->sum_positive : &ret->sum_negative) += wi * rank[i];
    }
    double c = ret->n_positive + ret->n_negative;
    double variance = c * (c + 1) * (2 * c + 1) / 24 - ties / 48;
    ret->z = (ret->sum_positive - c * (c + 1) / 4) / sqrt(variance);
    ret->p = dist_normal_two(ret->z);
    if (!w && ties == 0 && m <= MOST_EXACT)
        ret->p_exact = exact_signed(k->arena, ret->sum_positive, m);
    return ST_OK;
}

/* ---- several groups */
Status ranks_kruskal_wallis(Kernel *k, const double *x, const double *w, const int32_t *g, size_t n,
                            size_t groups, KruskalWallis *ret)
{
    double ties, total = 0, sum = 0, *rank = arena_alloc(k->arena, sizeof(double) * (n + 1));
    *ret = (KruskalWallis){.n = ARENA_ARRAY(k->arena, double, groups + 1),
                           .mean_rank = ARENA_ARRAY(k->arena, double, groups + 1)};
    if (groups < 2)
        return kernel_fail(k, FAULT_ONE_GROUP, 1, -1);
    TRY(ranks_average(k, x, w, n, rank, &ties));
    rank_sums(rank, w, g, n, groups, ret->n, ret->mean_rank);
    for (size_t j = 0; j < groups; j++)
        total += ret->n[j];
    for (size_t j = 0; j < groups; j++) {
        if (ret->n[j] <= 0)
            return kernel_fail(k, FAULT_EMPTY, (int64_t)j, -1);
        ret->mean_rank[j] /= ret->n[j];
        double d = ret->mean_rank[j] - (total + 1) / 2;
        sum += ret->n[j] * d * d;
    }
    double correction = 1 - ties / (total * total * total - total);
    if (!(correction > 0))
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    ret->h = 12 / (total * (total + 1)) * sum / correction;
    ret->df = (double)groups - 1;
    ret->p = dist_chi2_upper(ret->h, ret->df);
    ret->epsilon2 = ret->h / (total - 1);
    return ST_OK;
}

Status ranks_friedman(Kernel *k, const double *const *x, size_t columns, const double *w, size_t n,
                      Friedman *ret)
{
    double c = (double)columns, total = 0, ties = 0, sum = 0, row[64], rank[64];
    *ret = (Friedman){.mean_rank = ARENA_ARRAY(k->arena, double, columns + 1)};
    if (columns < 2 || columns > COUNT_OF(row))
        return kernel_fail(k, FAULT_ONE_GROUP, 0, -1);
    for (size_t i = 0; i < n; i++) {
        double wi = w ? w[i] : 1;
        total += wi;
        for (size_t j = 0; j < columns; j++)
            row[j] = x[j][i];
        for (size_t j = 0; j < columns; j++) {
            double less = 0, same = 0;
            for (size_t l = 0; l < columns; l++) {
                less += row[l] < row[j];
                same += row[l] == row[j];
            }
            rank[j] = less + (same + 1) / 2;
            ties += wi * (same * same - 1); /* Σ over members gives t³ − t for each tie */
            ret->mean_rank[j] += wi * rank[j];
        }
    }
    if (total < 2)
        return kernel_too_few(k, 0, 2);
    for (size_t j = 0; j < columns; j++) {
        ret->mean_rank[j] /= total;
        sum += (ret->mean_rank[j] - (c + 1) / 2) * (ret->mean_rank[j] - (c + 1) / 2);
    }
    double correction = 1 - ties / (total * (c * c * c - c));
    if (!(correction > 0))
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    ret->chi2 = 12 * total / (c * (c + 1)) * sum / correction;
    ret->df = c - 1;
    ret->p = dist_chi2_upper(ret->chi2, ret->df);
    ret->kendall_w = ret->chi2 / (total * (c - 1));
    return ST_OK;
}
