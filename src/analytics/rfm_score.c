/* SPDX-License-Identifier: Apache-2.0 */
/* RFM: scores by cut points or by rank, each measure alone or nested. */
#include "analytics/rfm.h"
#include <stdlib.h>
#include <string.h>

typedef struct Ranked {
    int64_t value;
    uint32_t at;
} Ranked;

/* By value, ties by position. */
static int compare_ranked(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* Stable radix sort by value (bytes that are equal in all are skipped); small groups by qsort. */
static void sort_ranked(Arena *scratch, Ranked *v, size_t n)
{
    if (n < 256) {
        qsort(v, n, sizeof(*v), compare_ranked);
        return;
    }
    Ranked *a = v, *b = arena_alloc(scratch, n * sizeof(*b));
    size_t(*count)[256] = (size_t(*)[256])ARENA_ARRAY(scratch, size_t, 8 * 256);
    for (size_t i = 0; i < n; i++) {
        uint64_t u = (uint64_t)v[i].value ^ (1ull << 63);
        for (int k = 0; k < 8; k++)
            count[k][(u >> (8 * k)) & 255]++;
    }
    for (int k = 0; k < 8; k++) {
        size_t at = 0;
        bool one = false;
        for (int d = 0; d < 256; d++) {
            size_t c = count[k][d];
            one |= c == n;
            count[k][d] = at;
            at += c;
        }
        if (one)
            continue;
        for (size_t i = 0; i < n; i++) {
            uint64_t u = (uint64_t)a[i].value ^ (1ull << 63);
            b[count[k][(u >> (8 * k)) & 255]++] = a[i];
        }
        Ranked *t = a;
        a = b;
        b = t;
    }
    if (a != v)
        memcpy(v, a, n * sizeof(*v));
}

/* The i-th of k cut points of sorted values (numpy's lerp on exact integers). */
static double cut_point(const Ranked *sorted, size_t n, int i, int k)
{
    double at = (double)i / k * (double)(n - 1);
    size_t low = (size_t)at;
    if (low + 1 >= n)
        return (double)sorted[n - 1].value;
    double share = at - (double)low, a = (double)sorted[low].value;
    double b = (double)sorted[low + 1].value;
    return share >= 0.5 ? b - (b - a) * (1 - share) : a + (b - a) * share;
}

static void score_cutpoint(const Ranked *sorted, size_t n, int k, double *cut, uint8_t *score)
{
    for (int i = 1; i < k; i++)
        cut[i - 1] = cut_point(sorted, n, i, k);
    int below = 0;
    for (size_t i = 0; i < n; i++) {
        while (below < k - 1 && cut[below] < (double)sorted[i].value)
            below++;
        score[sorted[i].at] = (uint8_t)(1 + below);
    }
}

static void score_ntiles(const Ranked *sorted, size_t n, int k, uint8_t *score)
{
    for (size_t i = 0, end; i < n; i = end) {
        end = i + 1;
        while (end < n && sorted[end].value == sorted[i].value)
            end++;
        /* twice the mean rank: (i+1 + end), so the division stays in integers */
        uint64_t s = (uint64_t)(i + 1 + end) * (uint64_t)k / (2 * (uint64_t)(n + 1)) + 1;
        for (size_t j = i; j < end; j++)
            score[sorted[j].at] = (uint8_t)s;
    }
}

static void score_rank_first(const Ranked *sorted, size_t n, int k, uint8_t *score)
{
    for (size_t i = 0; i < n; i++)
        score[sorted[i].at] = (uint8_t)(i * (size_t)k / n + 1);
}

/* Orders the members (positions) by value. `oldest_first` turns the order of values around and
 * keeps that of ties. */
static Ranked *order(Arena *scratch, const int64_t *value, const uint32_t *member, size_t n,
                     bool oldest_first)
{
    Ranked *v = arena_alloc(scratch, (n + 1) * sizeof(*v));
    for (size_t i = 0; i < n; i++) {
        uint32_t at = member ? member[i] : (uint32_t)i;
        v[i] = (Ranked){.value = oldest_first ? -value[at] : value[at], .at = at};
    }
    sort_ranked(scratch, v, n);
    return v;
}

static void score_one(Arena *scratch, const int64_t *value, size_t n, int k, RfmConvention how,
                      bool reverse, double *cut, uint8_t *score)
{
    bool oldest_first = reverse && how == RFM_RANK_FIRST;
    Ranked *v = order(scratch, value, NULL, n, oldest_first);
    if (how == RFM_CUTPOINT)
        score_cutpoint(v, n, k, cut, score);
    else if (how == RFM_RANK_FIRST)
        score_rank_first(v, n, k, score);
    else
        score_ntiles(v, n, k, score);
    for (size_t i = 0; reverse && !oldest_first && i < n; i++)
        score[i] = (uint8_t)(k + 1 - score[i]);
}

/* Scores value by ntiles within each group 0 … groups-1. */
static void score_within(Arena *scratch, const int64_t *value, size_t n, int k,
                         const uint32_t *group, size_t groups, uint8_t *score)
{
    size_t *start = ARENA_ARRAY(scratch, size_t, groups + 2);
    for (size_t i = 0; i < n; i++)
        start[group[i] + 2]++;
    for (size_t g = 2; g < groups + 2; g++)
        start[g] += start[g - 1];
    uint32_t *member = arena_alloc(scratch, n * sizeof(*member));
    for (size_t i = 0; i < n; i++)
        member[start[group[i] + 1]++] = (uint32_t)i;
    for (size_t g = 0; g < groups; g++) {
        size_t m = start[g + 1] - start[g];
        if (m)
            score_ntiles(order(scratch, value, member + start[g], m, false), m, k, score);
    }
}

static void score_nested(Arena *scratch, const RfmTable *t, int k, RfmScores *s)
{
    score_one(scratch, t->recency, t->n, k, RFM_SPSS_NTILES, true, NULL, s->r);
    uint32_t *group = arena_alloc(scratch, t->n * sizeof(*group));
    for (size_t i = 0; i < t->n; i++)
        group[i] = s->r[i] - 1u;
    score_within(scratch, t->frequency, t->n, k, group, (size_t)k, s->f);
    for (size_t i = 0; i < t->n; i++)
        group[i] = group[i] * (uint32_t)k + s->f[i] - 1u;
    score_within(scratch, t->monetary, t->n, k, group, (size_t)k * (size_t)k, s->m);
}

static void count_scores(Arena *scratch, RfmScores *s)
{
    size_t k = (size_t)s->k;
    uint8_t *used = ARENA_ARRAY(scratch, uint8_t, k * k * k);
    for (size_t i = 0; i < s->n; i++) {
        s->count[0][s->r[i]]++;
        s->count[1][s->f[i]]++;
        s->count[2][s->m[i]]++;
        size_t cell = ((s->r[i] - 1u) * k + s->f[i] - 1u) * k + s->m[i] - 1u;
        s->cells += !used[cell];
        used[cell] = 1;
        s->top += cell == k * k * k - 1;
        s->bottom += cell == 0;
        s->sum += (uint64_t)s->r[i] + s->f[i] + s->m[i];
    }
}

Status rfm_score(Kernel *kn, const RfmTable *t, int k, RfmConvention how, RfmScores *ret)
{
    if (k < 2 || k > 32)
        return work_fail(kn, FAULT_RANGE, -1, 0, k);
    if (t->n < (size_t)k)
        return work_fail(kn, FAULT_TOO_FEW, (int64_t)t->n, -1, k);
    RfmScores s = {.n = t->n, .k = k};
    s.r = arena_alloc(kn->arena, t->n);
    s.f = arena_alloc(kn->arena, t->n);
    s.m = arena_alloc(kn->arena, t->n);
    Arena *scratch = arena_new(1 << 16);
    if (how == RFM_NESTED) {
        score_nested(scratch, t, k, &s);
    } else {
        score_one(scratch, t->recency, t->n, k, how, true, s.cut[0], s.r);
        score_one(scratch, t->frequency, t->n, k, how, false, s.cut[1], s.f);
        score_one(scratch, t->monetary, t->n, k, how, false, s.cut[2], s.m);
    }
    count_scores(scratch, &s);
    arena_free(scratch);
    *ret = s;
    return work_check(kn);
}
