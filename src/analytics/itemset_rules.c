/* SPDX-License-Identifier: Apache-2.0 */
/* Rules from frequent sets. Redundancy needs the best confidence among all left sides inside the rule's;
 * sets come by rising length, so it is the rule's own or that of one with an item less. */
#include "analytics/itemset.h"
#include "analytics/itemset_internal.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t v)
{
    v += 0x9e3779b97f4a7c15u;
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9u;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebu;
    return v ^ (v >> 31);
}

static uint64_t hash_of(const int32_t *item, int n)
{
    uint64_t h = 0;
    for (int i = 0; i < n; i++)
        h += mix((uint64_t)item[i]);
    return h;
}

ItemsetIndex itemset_index(Arena *a, const Itemsets *sets)
{
    size_t slots = 1024;
    while (slots < 2 * sets->n)
        slots *= 2;
    ItemsetIndex x = {.sets = sets, .mask = slots - 1};
    x.slots = ARENA_ARRAY(a, uint32_t, slots);
    for (size_t i = 0; i < sets->n; i++) {
        int n = (int)(sets->start[i + 1] - sets->start[i]);
        size_t at = hash_of(sets->item + sets->start[i], n) & x.mask;
        while (x.slots[at])
            at = (at + 1) & x.mask;
        x.slots[at] = (uint32_t)i + 1;
    }
    return x;
}

static bool is_without(const Itemsets *s, size_t candidate, const int32_t *item, int n, int skip)
{
    if (s->start[candidate + 1] - s->start[candidate] != n - 1)
        return false;
    const int32_t *v = s->item + s->start[candidate];
    return !memcmp(v, item, (size_t)skip * sizeof(*v)) &&
           !memcmp(v + skip, item + skip + 1, (size_t)(n - skip - 1) * sizeof(*v));
}

size_t itemset_without(const ItemsetIndex *x, size_t i, int skip)
{
    const Itemsets *s = x->sets;
    const int32_t *item = s->item + s->start[i];
    int n = (int)(s->start[i + 1] - s->start[i]);
    size_t at = (hash_of(item, n) - mix((uint64_t)item[skip])) & x->mask;
    for (; x->slots[at]; at = (at + 1) & x->mask)
        if (is_without(s, x->slots[at] - 1, item, n, skip))
            return x->slots[at] - 1;
    return SIZE_MAX;
}

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

double itemset_fisher(int64_t n, int64_t a, int64_t b, int64_t k)
{
    int64_t most = a < b ? a : b, least = a + b - n > 0 ? a + b - n : 0;
    if (k <= least)
        return 1;
    if (k > most)
        return 0;
    /* below the mean the other tail is shorter and the sum is 1 minus it */
    bool is_lower = (double)k < (double)a * (double)b / (double)n;
    int64_t from = is_lower ? k - 1 : k, end = is_lower ? least : most, step = is_lower ? -1 : 1;
    double term =
        exp(log_choose((double)a, (double)from) + log_choose((double)(n - a), (double)(b - from)) -
            log_choose((double)n, (double)b));
    double sum = term;
    for (int64_t i = from; i != end && term > sum * 1e-17; i += step) {
        double up = (double)(a - i) * (double)(b - i),
               down = (double)(i + 1) * (double)(n - a - b + i + 1);
        if (is_lower) {
            up = (double)i * (double)(n - a - b + i);
            down = (double)(a - i + 1) * (double)(b - i + 1);
        }
        term *= up / down;
        sum += term;
    }
    sum = sum < 1 ? sum : 1;
    return is_lower ? 1 - sum : sum;
}

typedef struct Maker {
    Kernel *kn;
    const Itemsets *s;
    ItemsetIndex x;
    double n;
    size_t baskets;
    const ItemsetRuleOptions *o;
    double *best;    /* [place in item]: highest confidence of a rule to that item inside the set */
    int64_t *single; /* by item: its count */
    ItemsetRule *rule;
    size_t found, cap, candidates;
    double *all_p; /* of all candidates, for Holm and BH */
    size_t cap_p;
} Maker;

static void push_rule(Maker *m, const ItemsetRule *r)
{
    if (m->found == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 1024;
        m->rule = arena_grow(m->kn->arena, m->rule, m->cap * sizeof(*r), cap * sizeof(*r));
        m->cap = cap;
    }
    m->rule[m->found++] = *r;
}

static void push_p(Maker *m, double p)
{
    if (m->candidates == m->cap_p) {
        size_t cap = m->cap_p ? m->cap_p * 2 : 4096;
        m->all_p =
            arena_grow(m->kn->arena, m->all_p, m->cap_p * sizeof(double), cap * sizeof(double));
        m->cap_p = cap;
    }
    assert(m->all_p);
    m->all_p[m->candidates++] = p;
}

/* Confidence of the best rule to set i's item at `at` with a smaller left side. */
static double best_inside(const Maker *m, size_t i, int n, int at)
{
    double best =
        (double)m->single[m->s->item[m->s->start[i] + at]] / m->n; /* nothing on the left */
    for (int skip = 0; skip < n; skip++) {
        if (skip == at || n < 3)
            continue;
        size_t sub = itemset_without(&m->x, i, skip);
        double v = m->best[m->s->start[sub] + at - (at > skip)];
        best = v > best ? v : best;
    }
    return best;
}

static void measure(const Maker *m, ItemsetRule *r)
{
    double n = m->n, right = (double)r->right_count / n;
    r->support = (double)r->count / n;
    r->confidence = (double)r->count / (double)r->left_count;
    r->coverage = (double)r->left_count / n;
    r->lift = (double)r->count * n / ((double)r->left_count * (double)r->right_count);
    r->leverage = r->support - r->coverage * right;
    r->conviction = r->count == r->left_count
                        ? INFINITY
                        : (1 - right) * (double)r->left_count / (double)(r->left_count - r->count);
    r->p = itemset_fisher((int64_t)m->baskets, r->left_count, r->right_count, r->count);
}

static Status rules_of(Maker *m, size_t i)
{
    const Itemsets *s = m->s;
    const int32_t *item = s->item + s->start[i];
    int n = (int)(s->start[i + 1] - s->start[i]);
    for (int at = 0; n > 1 && at < n; at++) {
        size_t left = itemset_without(&m->x, i, at);
        if (left == SIZE_MAX)
            return work_fail(m->kn, FAULT_EMPTY, -1, -1, 0); /* sets are not complete */
        ItemsetRule r = {.left = s->item + s->start[left],
                         .n_left = n - 1,
                         .right = item[at],
                         .count = s->count[i],
                         .left_count = s->count[left],
                         .right_count = m->single[item[at]]};
        double confidence = (double)r.count / (double)r.left_count,
               inside = best_inside(m, i, n, at);
        m->best[s->start[i] + at] = confidence > inside ? confidence : inside;
        bool is_shown = confidence >= m->o->min_confidence && n >= m->o->min_length &&
                        (m->o->max_length == 0 || n <= m->o->max_length);
        if (!is_shown && m->o->adjust == ITEMSET_NONE) {
            m->candidates++;
            continue;
        }
        measure(m, &r);
        r.is_redundant = inside >= confidence;
        if (m->o->adjust == ITEMSET_NONE)
            m->candidates++;
        else
            push_p(m, r.p);
        if (is_shown && !(m->o->drop_redundant && r.is_redundant))
            push_rule(m, &r);
    }
    return ST_OK;
}

/* Adjusted p of the sorted candidates: Holm running maximum, BH running minimum from the end. */
static void adjust_sorted(double *adjusted, const double *p, size_t m, ItemsetAdjust how)
{
    double run = how == ITEMSET_HOLM ? 0 : 1;
    for (size_t k = 0; k < m; k++) {
        size_t i = how == ITEMSET_HOLM ? k : m - 1 - k;
        double v =
            how == ITEMSET_HOLM ? p[i] * (double)(m - i) : p[i] * (double)m / (double)(i + 1);
        if (how == ITEMSET_HOLM)
            run = v > run ? v : run;
        else
            run = v < run ? v : run;
        adjusted[i] = run < 1 ? run : 1;
    }
}

static void adjust(Maker *m)
{
    ItemsetAdjust how = m->o->adjust;
    size_t c = m->candidates;
    double *adjusted = NULL;
    if (how == ITEMSET_HOLM || how == ITEMSET_BH) {
        work_sort(m->all_p, c);
        adjusted = arena_alloc(m->kn->arena, (c + 1) * sizeof(double));
        adjust_sorted(adjusted, m->all_p, c, how);
    }
    size_t kept = 0;
    for (size_t i = 0; i < m->found; i++) {
        ItemsetRule *r = &m->rule[i];
        r->adjusted = r->p;
        if (how == ITEMSET_BONFERRONI)
            r->adjusted = fmin(1, r->p * (double)c);
        if (adjusted) { /* equals have one value: the first one's by Holm, the last one's by BH */
            size_t low = 0, high = c;
            while (low < high) {
                size_t mid = (low + high) / 2;
                if (m->all_p[mid] < r->p)
                    low = mid + 1;
                else
                    high = mid;
            }
            r->adjusted = adjusted[low];
        }
        if (m->o->alpha >= 1 || r->adjusted <= m->o->alpha)
            m->rule[kept++] = *r;
    }
    m->found = kept;
}

static int compare_rules(const void *a, const void *b)
{
    const ItemsetRule *x = a, *y = b;
    /* lift by exact products: count / (left · right) */
    __int128 u = (__int128)x->count * y->left_count * y->right_count;
    __int128 v = (__int128)y->count * x->left_count * x->right_count;
    if (u != v)
        return u > v ? -1 : 1;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    for (int i = 0; i < x->n_left && i < y->n_left; i++)
        if (x->left[i] != y->left[i])
            return x->left[i] < y->left[i] ? -1 : 1;
    if (x->n_left != y->n_left)
        return x->n_left < y->n_left ? -1 : 1;
    return (x->right > y->right) - (x->right < y->right);
}

Status itemset_rules(Kernel *kn, const Itemsets *sets, size_t baskets, const ItemsetRuleOptions *o,
                     ItemsetRules *ret)
{
    Maker m = {.kn = kn, .s = sets, .n = (double)baskets, .baskets = baskets, .o = o};
    int32_t most = 0;
    int64_t cells = sets->n ? sets->start[sets->n] : 0;
    for (int64_t i = 0; i < cells; i++)
        most = sets->item[i] > most ? sets->item[i] : most;
    m.single = ARENA_ARRAY(kn->arena, int64_t, (size_t)most + 1);
    m.best = ARENA_ARRAY(kn->arena, double, (size_t)cells + 1);
    m.x = itemset_index(kn->arena, sets);
    for (size_t i = 0; i < sets->n; i++)
        if (sets->start[i + 1] - sets->start[i] == 1)
            m.single[sets->item[sets->start[i]]] = sets->count[i];
    for (size_t i = 0; i < sets->n; i++) {
        TRY(rules_of(&m, i));
        if (i % 4096 == 0)
            TRY(work_check(kn));
    }
    adjust(&m);
    if (m.found)
        qsort(m.rule, m.found, sizeof(*m.rule), compare_rules);
    *ret = (ItemsetRules){.n = m.found, .candidates = m.candidates, .rule = m.rule};
    return ST_OK;
}
