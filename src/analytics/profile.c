/* SPDX-License-Identifier: Apache-2.0 */
/* Names by tree rules and the acceptance questions. The tree is complete to depth 3: at most 8 leaves,
 * kept in an array like a heap (children of i: 2 i + 1, 2 i + 2). */
#include "analytics/profile.h"
#include <stdlib.h>
#include <string.h>

#define DEPTH 3
#define NODES 15
#define SAMPLE 50000
#define MIN_LEAF 5

typedef struct Node {
    int column; /* -1: leaf */
    double cut; /* left: x <= cut */
    int majority;
} Node;

typedef struct Tree {
    Kernel *kn;
    const double *x;
    const int32_t *label;
    size_t p, k;
    Node node[NODES];
    double *count, *left; /* k each */
    struct Cell {
        double v;
        int32_t label;
    } * cell;
} Tree;

static int compare_cells(const void *a, const void *b)
{
    const struct Cell *u = a, *v = b;
    if (u->v != v->v)
        return u->v < v->v ? -1 : 1;
    return (u->label > v->label) - (u->label < v->label);
}

/* Sum of squared counts over n: the larger, the purer (Gini impurity is 1 - that / n). */
static double purity(const double *count, size_t k, double n)
{
    double sum = 0;
    for (size_t g = 0; g < k; g++)
        sum += count[g] * count[g];
    return n > 0 ? sum / n : 0;
}

static void best_cut(Tree *t, const uint32_t *row, size_t m, size_t column, double *best,
                     Node *node)
{
    for (size_t i = 0; i < m; i++)
        t->cell[i] = (struct Cell){t->x[row[i] * t->p + column], t->label[row[i]]};
    qsort(t->cell, m, sizeof(*t->cell), compare_cells);
    memset(t->left, 0, t->k * sizeof(double));
    double right_squares = 0, left_squares = 0;
    for (size_t g = 0; g < t->k; g++)
        right_squares += t->count[g] * t->count[g];
    for (size_t i = 0; i + 1 < m; i++) {
        size_t g = (size_t)t->cell[i].label;
        double l = t->left[g], r = t->count[g] - l;
        left_squares += 2 * l + 1;
        right_squares -= 2 * r - 1;
        t->left[g]++;
        if (t->cell[i].v == t->cell[i + 1].v || i + 1 < MIN_LEAF || m - i - 1 < MIN_LEAF)
            continue;
        double gain = left_squares / (double)(i + 1) + right_squares / (double)(m - i - 1);
        if (gain > *best * (1 + 1e-12)) {
            *best = gain;
            node->column = (int)column;
            node->cut = t->cell[i].v + (t->cell[i + 1].v - t->cell[i].v) / 2;
        }
    }
}

static void grow(Tree *t, uint32_t *row, size_t m, int at, int depth)
{
    Node *node = &t->node[at];
    memset(t->count, 0, t->k * sizeof(double));
    for (size_t i = 0; i < m; i++)
        t->count[t->label[row[i]]]++;
    *node = (Node){.column = -1};
    for (size_t g = 1; g < t->k; g++)
        if (t->count[g] > t->count[node->majority])
            node->majority = (int)g;
    double best = purity(t->count, t->k, (double)m);
    bool is_pure = m == 0 || t->count[node->majority] == (double)m;
    for (size_t j = 0; depth < DEPTH && !is_pure && j < t->p; j++)
        best_cut(t, row, m, j, &best, node);
    if (node->column < 0)
        return;
    size_t split = 0;
    for (size_t i = 0; i < m; i++)
        if (t->x[row[i] * t->p + (size_t)node->column] <= node->cut) {
            uint32_t r = row[i];
            row[i] = row[split];
            row[split++] = r;
        }
    grow(t, row, split, 2 * at + 1, depth + 1);
    grow(t, row + split, m - split, 2 * at + 2, depth + 1);
}

static int leaf_of(const Tree *t, const double *x)
{
    int at = 0;
    while (t->node[at].column >= 0)
        at = 2 * at + (x[t->node[at].column] <= t->node[at].cut ? 1 : 2);
    return at;
}

static void add_cut(ProfileGroup *g, int column, bool above, double value)
{
    int i = 0;
    while (i < g->cuts && g->cut[i].column != column)
        i++;
    if (i == g->cuts)
        g->cut[g->cuts++] = (ProfileCut){column, -INFINITY, INFINITY};
    if (above && value > g->cut[i].low)
        g->cut[i].low = value;
    if (!above && value < g->cut[i].high)
        g->cut[i].high = value;
}

static void name_by(const Tree *t, int leaf, ProfileGroup *g)
{
    int path[DEPTH + 1], n = 0;
    for (int at = leaf; at > 0; at = (at - 1) / 2)
        path[n++] = at;
    while (n-- > 0) {
        const Node *parent = &t->node[(path[n] - 1) / 2];
        add_cut(g, parent->column, path[n] % 2 == 0, parent->cut);
    }
}

static void judge_names(const Tree *t, size_t n, Profile *f)
{
    int64_t *own = ARENA_ARRAY(t->kn->arena, int64_t, t->k * NODES);
    int64_t *in_rule = ARENA_ARRAY(t->kn->arena, int64_t, t->k), right = 0;
    int64_t *hits = ARENA_ARRAY(t->kn->arena, int64_t, t->k);
    for (size_t i = 0; i < n; i++) {
        int leaf = leaf_of(t, t->x + i * t->p), said = t->node[leaf].majority;
        own[(size_t)t->label[i] * NODES + (size_t)leaf]++;
        in_rule[said]++;
        if (said == t->label[i]) {
            hits[said]++;
            right++;
        }
    }
    f->accuracy = (double)right / (double)n;
    for (size_t g = 0; g < t->k; g++) {
        ProfileGroup *q = &f->group[g];
        int best = -1;
        for (int leaf = 0; leaf < NODES; leaf++)
            if (own[g * NODES + (size_t)leaf] && t->node[leaf].majority == (int)g &&
                (best < 0 || own[g * NODES + (size_t)leaf] > own[g * NODES + (size_t)best]))
                best = leaf;
        q->recall = (double)hits[g] / (double)q->size;
        q->precision = in_rule[g] ? (double)hits[g] / (double)in_rule[g] : 0;
        q->f1 = hits[g] ? 2 * q->precision * q->recall / (q->precision + q->recall) : 0;
        if (best > 0)
            name_by(t, best, q);
    }
}

/* Difference of means between each group and the rest in standard deviations of the column. */
static void find_strongest(const double *x, size_t n, size_t p, const int32_t *label, double *sum,
                           Profile *f)
{
    for (size_t j = 0; j < p; j++) {
        double mean, ss;
        work_moments(x + j, n, p, &mean, &ss);
        double sd = sqrt(ss / (double)(n - 1));
        memset(sum, 0, (size_t)f->k * sizeof(double));
        for (size_t i = 0; i < n; i++)
            sum[label[i]] += x[i * p + j] - mean;
        for (int g = 0; sd > 0 && g < f->k; g++) {
            double m = (double)f->group[g].size, rest = (double)n - m;
            double d = rest > 0 ? (sum[g] / m + sum[g] / rest) / sd : 0;
            if (fabs(d) > fabs(f->group[g].difference)) {
                f->group[g].difference = d;
                f->group[g].strongest = (int)j;
            }
        }
    }
}

static void accept_groups(const int32_t *label, size_t n, const double *reach, Profile *f)
{
    for (int g = 0; g < f->k; g++)
        f->group[g].reachable = reach ? 0 : NAN;
    for (size_t i = 0; reach && i < n; i++)
        f->group[label[i]].reachable += reach[i] > 0;
    for (int g = 0; g < f->k; g++) {
        ProfileGroup *q = &f->group[g];
        q->reachable /= (double)q->size;
        q->share = (double)q->size / (double)n;
        q->is_relevant = fabs(q->difference) >= 0.5;
        q->is_nameable = q->f1 >= 0.8;
        q->is_large = q->share >= 0.05 && q->size >= 30;
        q->is_reachable = !reach || q->reachable >= 0.5;
        q->is_accepted = q->is_relevant && q->is_nameable && q->is_large && q->is_reachable;
    }
}

Status profile_groups(Kernel *kn, const double *x, size_t n, size_t p, const int32_t *label, int k,
                      const double *reach, Profile *ret)
{
    if (n < 2 || k < 1)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, 2);
    TRY(work_finite(kn, x, n, p));
    Profile f = {.k = k, .group = ARENA_ARRAY(kn->arena, ProfileGroup, k)};
    for (size_t i = 0; i < n; i++) {
        if (label[i] < 0 || label[i] >= k)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, -1, label[i]);
        f.group[label[i]].size++;
    }
    for (int g = 0; g < k; g++)
        if (f.group[g].size == 0)
            return work_fail(kn, FAULT_EMPTY, -1, g, 0);
    Tree t = {.kn = kn, .x = x, .label = label, .p = p, .k = (size_t)k};
    size_t m = n < SAMPLE ? n : SAMPLE, at = 0;
    uint32_t *row = arena_alloc(kn->arena, m * sizeof(*row));
    Random r = random_of(kn->seed, 0x77);
    for (size_t i = 0; i < n && at < m; i++)
        if (random_unit(&r) * (double)(n - i) < (double)(m - at))
            row[at++] = (uint32_t)i;
    t.count = ARENA_ARRAY(kn->arena, double, k);
    t.left = ARENA_ARRAY(kn->arena, double, k);
    t.cell = arena_alloc(kn->arena, m * sizeof(*t.cell));
    grow(&t, row, at, 0, 0);
    judge_names(&t, n, &f);
    find_strongest(x, n, p, label, t.left, &f);
    accept_groups(label, n, reach, &f);
    *ret = f;
    return work_check(kn);
}
