/* SPDX-License-Identifier: Apache-2.0 */
/* Nearest-neighbour chain: follow nearest neighbours until two are each other's nearest, join them,
 * go on from what is left of the chain. The joins come out of order and are sorted at the end; for
 * reducible linkages (Ward, average, complete) the tree is that of the greedy method. */
#include "analytics/hierarchical.h"
#include "analytics/nearest.h"
#include <stdlib.h>
#include <sys/mman.h>

typedef struct Chain {
    Kernel *kn;
    size_t n, p;
    HierarchicalLinkage linkage;
    double *distance; /* condensed, average and complete */
    double *centre;   /* n × p, Ward */
    double *size;     /* n */
    int32_t *alive;   /* the slots in use, ascending */
    size_t n_alive;
    int32_t *chain;
    size_t length;
    HierarchicalJoin *raw; /* slots instead of group numbers */
    size_t joined;
} Chain;

static size_t pair_at(size_t n, size_t i, size_t j) /* i < j */
{
    return i * (2 * n - i - 1) / 2 + j - i - 1;
}

static double between(const Chain *c, size_t i, size_t j)
{
    if (c->linkage != HIERARCHICAL_WARD)
        return c->distance[i < j ? pair_at(c->n, i, j) : pair_at(c->n, j, i)];
    double a = c->size[i], b = c->size[j];
    return 2 * a * b / (a + b) * nearest_squared(c->centre + i * c->p, c->centre + j * c->p, c->p);
}

/* The same for stored distances: along the row they lie side by side. */
static size_t nearest_pair(const Chain *c, size_t i, size_t best, double low)
{
    const double *row = c->distance + pair_at(c->n, i, i + 1) - (i + 1);
    size_t q = 0;
    for (; q < c->n_alive && (size_t)c->alive[q] < i; q++) {
        size_t j = (size_t)c->alive[q];
        double d = c->distance[pair_at(c->n, j, i)];
        if (d < low || best == SIZE_MAX) {
            low = d;
            best = j;
        }
    }
    for (; q < c->n_alive; q++) {
        size_t j = (size_t)c->alive[q];
        if (j != i && (row[j] < low || best == SIZE_MAX)) {
            low = row[j];
            best = j;
        }
    }
    return best;
}

/* Nearest to slot i; `keep` (the one before in the chain, or -1) wins ties, so the chain ends. */
static size_t nearest_slot(const Chain *c, size_t i, int32_t keep, double *ret)
{
    double low = keep >= 0 ? between(c, i, (size_t)keep) : INFINITY;
    size_t best = keep >= 0 ? (size_t)keep : SIZE_MAX;
    if (c->linkage != HIERARCHICAL_WARD) {
        best = nearest_pair(c, i, best, low);
        *ret = between(c, i, best);
        return best;
    }
    for (size_t q = 0; q < c->n_alive; q++) {
        size_t j = (size_t)c->alive[q];
        if (j == i)
            continue;
        double d = between(c, i, j);
        if (d < low || best == SIZE_MAX) {
            low = d;
            best = j;
        }
    }
    *ret = low;
    return best;
}

static void remove_slot(Chain *c, int32_t slot)
{
    size_t q = 0;
    while (c->alive[q] != slot)
        q++;
    memmove(c->alive + q, c->alive + q + 1, (--c->n_alive - q) * sizeof(*c->alive));
}

/* Joins slots i < j into i. */
static void join(Chain *c, size_t i, size_t j, double d)
{
    double a = c->size[i], b = c->size[j];
    c->raw[c->joined++] = (HierarchicalJoin){.a = (int32_t)i, .b = (int32_t)j, .height = d};
    remove_slot(c, (int32_t)j);
    if (c->linkage == HIERARCHICAL_WARD) {
        double *u = c->centre + i * c->p, *v = c->centre + j * c->p;
        for (size_t q = 0; q < c->p; q++)
            u[q] += (v[q] - u[q]) * (b / (a + b));
    } else {
        for (size_t q = 0; q < c->n_alive; q++) {
            size_t k = (size_t)c->alive[q];
            if (k == i)
                continue;
            double u = between(c, i, k), v = between(c, j, k);
            double *to = &c->distance[i < k ? pair_at(c->n, i, k) : pair_at(c->n, k, i)];
            if (c->linkage == HIERARCHICAL_COMPLETE)
                *to = u > v ? u : v;
            else
                *to = (a * u + b * v) / (a + b);
        }
    }
    c->size[i] = a + b;
}

static Status run_chain(Chain *c)
{
    while (c->n_alive > 1) {
        if (c->length == 0)
            c->chain[c->length++] = c->alive[0];
        size_t top = (size_t)c->chain[c->length - 1];
        int32_t before = c->length > 1 ? c->chain[c->length - 2] : -1;
        double d;
        size_t next = nearest_slot(c, top, before, &d);
        if ((int32_t)next != before) {
            c->chain[c->length++] = (int32_t)next;
            continue;
        }
        c->length -= 2;
        join(c, top < next ? top : next, top < next ? next : top, d);
        TRY(work_check(c->kn));
        if (c->joined % 256 == 0)
            kernel_progress(c->kn, (double)c->joined / (double)c->n);
    }
    return ST_OK;
}

/* Half of the accesses go down a column, a page apart: with small pages each misses the TLB too. A
 * hint: nothing depends on it. */
static void large_pages(void *p, size_t n)
{
    size_t page = (size_t)2 << 20, skip = (page - (uintptr_t)p % page) % page;
    if (n > skip + page)
        (void)madvise((char *)p + skip, (n - skip) / page * page, MADV_HUGEPAGE);
}

static Status fill_distances(Chain *c, const double *x)
{
    size_t pairs = c->n * (c->n - 1) / 2, at = 0;
    c->distance = arena_alloc(c->kn->arena, pairs * sizeof(double));
    large_pages(c->distance, pairs * sizeof(double));
    for (size_t i = 0; i < c->n; i++) {
        for (size_t j = i + 1; j < c->n; j++)
            c->distance[at++] = nearest_squared(x + i * c->p, x + j * c->p, c->p);
        TRY(work_check(c->kn));
    }
    work_sqrt(c->distance, pairs);
    return ST_OK;
}

/* ---- the tree ---- */
typedef struct Numbered {
    HierarchicalJoin join;
    size_t at;
} Numbered;

static int compare_joins(const void *a, const void *b)
{
    const Numbered *x = a, *y = b;
    if (x->join.height != y->join.height)
        return x->join.height < y->join.height ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at); /* a join stays behind those it rests on */
}

static int32_t root(int32_t *up, int32_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static void sort_joins(Kernel *kn, const Chain *c, Hierarchical *h)
{
    size_t m = c->n - 1;
    Numbered *sorted = arena_alloc(kn->arena, m * sizeof(*sorted));
    for (size_t i = 0; i < m; i++) {
        sorted[i] = (Numbered){.join = c->raw[i], .at = i};
        if (c->linkage == HIERARCHICAL_WARD)
            sorted[i].join.height = sqrt(sorted[i].join.height);
    }
    qsort(sorted, m, sizeof(*sorted), compare_joins);
    int32_t *up = arena_alloc(kn->arena, c->n * sizeof(*up));
    int32_t *name = arena_alloc(kn->arena, c->n * sizeof(*name));
    int32_t *size = arena_alloc(kn->arena, c->n * sizeof(*size));
    for (size_t i = 0; i < c->n; i++) {
        up[i] = name[i] = (int32_t)i;
        size[i] = 1;
    }
    for (size_t i = 0; i < m; i++) {
        int32_t a = root(up, sorted[i].join.a), b = root(up, sorted[i].join.b);
        int32_t u = name[a], v = name[b];
        up[b] = a;
        size[a] += size[b];
        name[a] = (int32_t)(c->n + i);
        h->joins[i] = (HierarchicalJoin){.a = u < v ? u : v,
                                         .b = u < v ? v : u,
                                         .height = sorted[i].join.height,
                                         .size = size[a]};
    }
}

Status hierarchical_run(Kernel *kn, const double *x, size_t n, size_t p,
                        HierarchicalLinkage linkage, Hierarchical *ret)
{
    size_t most = linkage == HIERARCHICAL_WARD ? HIERARCHICAL_MAX_WARD : HIERARCHICAL_MAX_PAIRS;
    if (n < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, 2);
    if (n > most)
        return work_fail(kn, FAULT_TOO_MANY, -1, -1, (double)most);
    TRY(work_finite(kn, x, n, p));
    Chain c = {.kn = kn, .n = n, .p = p, .linkage = linkage, .n_alive = n};
    c.size = arena_alloc(kn->arena, n * sizeof(double));
    c.alive = arena_alloc(kn->arena, n * sizeof(*c.alive));
    c.chain = arena_alloc(kn->arena, (n + 1) * sizeof(*c.chain));
    c.raw = arena_alloc(kn->arena, n * sizeof(*c.raw));
    for (size_t i = 0; i < n; i++) {
        c.size[i] = 1;
        c.alive[i] = (int32_t)i;
    }
    if (linkage == HIERARCHICAL_WARD)
        c.centre = arena_dup(kn->arena, x, n * p * sizeof(double));
    else
        TRY(fill_distances(&c, x));
    TRY(run_chain(&c));
    Hierarchical h = {.n = n, .joins = arena_alloc(kn->arena, n * sizeof(HierarchicalJoin))};
    sort_joins(kn, &c, &h);
    *ret = h;
    return ST_OK;
}

/* ---- cutting ---- */
typedef struct Piece {
    int32_t root, size, first;
} Piece;

static int compare_pieces(const void *a, const void *b)
{
    const Piece *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

Status hierarchical_cut(Kernel *kn, const Hierarchical *h, int k, int32_t *ret_label)
{
    if (k < 1 || (size_t)k > h->n)
        return work_fail(kn, FAULT_RANGE, -1, -1, k);
    size_t n = h->n, joins = n - (size_t)k;
    int32_t *up = arena_alloc(kn->arena, (n + joins) * sizeof(*up));
    for (size_t i = 0; i < n + joins; i++)
        up[i] = (int32_t)i;
    for (size_t i = 0; i < joins; i++)
        up[h->joins[i].a] = up[h->joins[i].b] = (int32_t)(n + i);
    int32_t *number = arena_alloc(kn->arena, (n + joins) * sizeof(*number));
    memset(number, 0xff, (n + joins) * sizeof(*number));
    Piece *pieces = ARENA_ARRAY(kn->arena, Piece, k);
    int32_t found = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t r = root(up, (int32_t)i);
        if (number[r] < 0) {
            number[r] = found;
            pieces[found++] = (Piece){.root = r, .first = (int32_t)i};
        }
        pieces[number[r]].size++;
    }
    qsort(pieces, (size_t)found, sizeof(*pieces), compare_pieces);
    for (int32_t g = 0; g < found; g++)
        number[pieces[g].root] = g;
    for (size_t i = 0; i < n; i++)
        ret_label[i] = number[root(up, (int32_t)i)];
    return ST_OK;
}
