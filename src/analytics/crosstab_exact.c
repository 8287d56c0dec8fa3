/* SPDX-License-Identifier: Apache-2.0 */
/* Fisher-Freeman-Halton by the network of Mehta & Patel (1983). Columns are taken away one by one; a node is what the rows
 * still need, in falling order, since neither the bounds nor the rest of the walk know rows apart. Ways into a node
 * that have cost the same so far are one way with the sum of their probabilities. A way whose cheapest end is no
 * likelier than the table observed counts whole, one whose dearest end is likelier is dropped; only what lies
 * between goes on, until so few columns are left that all their costs are known (crosstab_rest.c). */
#include "analytics/crosstab_exact_internal.h"
#include <stdlib.h>

enum { MOST_WAYS = 8000000, MOST_TOTAL = 1000000 };
#define MOST_STEPS ((size_t)2500000000) /* about half a minute */
#define ROOM 1e-7 /* likelihoods this close to the observed one are equal, as in R */

typedef struct Node {
    int32_t need[CROSSTAB_ROWS]; /* falling */
    int64_t low, high;           /* bounds of what is still to be paid */
    const CostList *rest;        /* all of it, or NULL: ways go on */
    CostTable ways;              /* into it */
    double work, price;          /* spent on ways into it; of making its rest, 0: not asked yet */
} Node;

typedef struct Layer { /* nodes after some columns, found by hash */
    Arena *arena;
    Node *node;
    uint32_t *slot; /* number + 1 */
    size_t n, room, mask, n_ways;
} Layer;

typedef struct Walk {
    Kernel *k;
    ExactNet net;
    ExactRests *rests;
    size_t at;     /* column that is taken away */
    int64_t limit; /* least cost that counts */
    double p;
    size_t steps, check; /* check: when to look whether to go on */
    Layer now, next;
    CostList ways;  /* into the node that is left */
    double log_all; /* of choosing the column among what is left */
    bool is_stopped;
} Walk;

/* ---- layers */
static void layer_start(Layer *l, Arena *a)
{
    *l = (Layer){.arena = a, .room = 256, .mask = 1023};
    l->node = arena_alloc(a, l->room * sizeof(*l->node));
    l->slot = ARENA_ARRAY(a, uint32_t, l->mask + 1);
}

static uint64_t hash(const int32_t *need, size_t n)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (uint32_t)need[i]) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    return h;
}

static void layer_widen(Layer *l, size_t rows)
{
    l->node =
        arena_grow(l->arena, l->node, l->room * sizeof(*l->node), 2 * l->room * sizeof(*l->node));
    l->room *= 2;
    l->mask = 4 * l->room - 1;
    l->slot = ARENA_ARRAY(l->arena, uint32_t, l->mask + 1);
    for (size_t i = 0; i < l->n; i++) {
        size_t at = hash(l->node[i].need, rows) & l->mask;
        while (l->slot[at])
            at = (at + 1) & l->mask;
        l->slot[at] = (uint32_t)i + 1;
    }
}

static void use_rest(Walk *w, Node *node, size_t cols)
{
    node->price = INFINITY; /* once */
    node->rest = crosstab_rest_of(w->rests, node->need, cols);
    if (!node->rest)
        return;
    node->low = node->rest->entry[0].cost;
    node->high = node->rest->entry[node->rest->n - 1].cost;
}

static void node_start(Walk *w, Node *node, const int32_t *need)
{
    const ExactNet *net = &w->net;
    size_t cols = net->cols - w->at - 1;
    *node = (Node){0};
    memcpy(node->need, need, net->rows * sizeof(*need));
    if (cols == 1)
        use_rest(w, node, cols);
    else
        crosstab_bounds(net, need, net->col + w->at + 1, cols, &node->low, &node->high);
}

/* A rest is made once as much has been spent on ways as it costs: together at most twice the better choice. */
static void weigh(Walk *w, Node *node, size_t more)
{
    size_t cols = w->net.cols - w->at - 1;
    node->work += (double)more;
    if (node->price == 0)
        node->price = crosstab_rest_price(&w->net, node->need, cols);
    if (node->work > node->price)
        use_rest(w, node, cols);
}

/* The node with these needs in the layer that comes. */
static Node *node_of(Walk *w, const int32_t *need)
{
    Layer *l = &w->next;
    size_t rows = w->net.rows, at = hash(need, rows) & l->mask;
    for (; l->slot[at]; at = (at + 1) & l->mask)
        if (crosstab_is_same(l->node[l->slot[at] - 1].need, need, rows))
            return &l->node[l->slot[at] - 1];
    if (l->n == l->room) {
        layer_widen(l, rows);
        return node_of(w, need);
    }
    node_start(w, &l->node[l->n], need);
    l->slot[at] = (uint32_t)++l->n;
    return &l->node[l->n - 1];
}

/* ---- the walk */
/* False when it is too much, or when we are asked to stop: looked at every 65,536 steps. */
static bool count_steps(Walk *w, size_t more)
{
    w->steps += more;
    if (w->steps < w->check)
        return true;
    w->check = w->steps + 65536;
    w->is_stopped = w->steps + crosstab_rest_steps(w->rests) > MOST_STEPS || kernel_cancelled(w->k);
    return !w->is_stopped;
}

/* One split of the column: every way into the node goes on, ends or is dropped. */
static bool follow(ExactSplit *s, int64_t cost, double log_p)
{
    Walk *w = s->arg;
    int32_t left[CROSSTAB_ROWS];
    crosstab_split_left(s, left);
    Node *node = node_of(w, left);
    int64_t open = w->limit - cost;
    size_t whole = crosstab_costs_from(&w->ways, open - node->low);
    size_t going = crosstab_costs_from(&w->ways, open - node->high), had = node->ways.n;
    if (!count_steps(w, 8 + (whole > going ? whole - going : 0)))
        return false;
    if (going == w->ways.n) /* likelier, whatever comes */
        return true;
    double p = exp(log_p - w->log_all);
    if (!node->rest && going < whole)
        weigh(w, node, whole - going);
    w->p += p * w->ways.tail[whole];
    if (node->rest)
        w->p += p * crosstab_costs_pairs(&w->ways, going, whole, node->rest, open);
    else
        crosstab_costs_shift(w->next.arena, &node->ways, &w->ways, going, whole, cost, p);
    w->next.n_ways += node->ways.n - had;
    w->is_stopped = w->next.n_ways > MOST_WAYS;
    return !w->is_stopped;
}

static void take_column(Walk *w)
{
    const ExactNet *net = &w->net;
    int32_t c = net->col[w->at], left = 0;
    for (size_t j = w->at; j < net->cols; j++)
        left += net->col[j];
    w->log_all = net->f[left] - net->f[c] - net->f[left - c];
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    for (size_t i = 0; i < w->now.n && !w->is_stopped; i++) {
        const Node *from = &w->now.node[i];
        if (!from->ways.n)
            continue;
        arena_reset(scratch);
        crosstab_costs_list(scratch, &from->ways, &w->ways);
        ExactSplit s = {.net = net, .need = from->need, .each = follow, .arg = w};
        (void)crosstab_split(&s, c);
    }
}

static int falling(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x < y) - (x > y);
}

/* Rows are the shorter side; lines without counts are left out. */
static bool set_up(ExactNet *w, const double *r, size_t rows, const double *c, size_t cols,
                   int32_t *need)
{
    bool turned = rows > cols;
    const double *few = turned ? c : r, *many = turned ? r : c;
    size_t n_few = turned ? cols : rows, n_many = turned ? rows : cols;
    for (size_t i = 0; i < n_few; i++)
        if (few[i] > 0 && w->rows++ < CROSSTAB_ROWS)
            need[w->rows - 1] = (int32_t)few[i];
    for (size_t j = 0; j < n_many; j++)
        if (many[j] > 0 && w->cols++ < CROSSTAB_COLS)
            w->col[w->cols - 1] = (int32_t)many[j];
    if (w->rows > CROSSTAB_ROWS || w->cols > CROSSTAB_COLS)
        return false;
    qsort(need, w->rows, sizeof(*need), falling);
    qsort(w->col, w->cols, sizeof(*w->col), falling);
    return true;
}

/* Costs as whole numbers: each number's logarithm is the sum of those of its prime factors, so that equal products of
 * factorials are equal sums. */
static const int64_t *whole_costs(Arena *a, size_t total, double scale)
{
    int64_t *cost = ARENA_ARRAY(a, int64_t, total + 2);
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    uint32_t *factor = ARENA_ARRAY(scratch, uint32_t, total + 2);
    for (size_t i = 2; i <= total + 1; i++) {
        if (!factor[i]) { /* prime */
            cost[i] = llroundl(logl((long double)i) * (long double)scale);
            for (size_t j = i * i; j <= total + 1; j += i)
                factor[j] = (uint32_t)i;
        } else {
            cost[i] = cost[factor[i]] + cost[i / factor[i]];
        }
    }
    for (size_t i = 2; i <= total + 1; i++)
        cost[i] += cost[i - 1];
    return cost;
}

static void fill_costs(Arena *a, ExactNet *net, size_t total)
{
    double *f = ARENA_ARRAY(a, double, total + 2);
    const long double *exact = crosstab_log_factorials(a, (double)total + 1);
    for (size_t i = 0; i <= total + 1; i++)
        f[i] = (double)exact[i];
    net->f = f;
    net->total = (int32_t)total;
    net->scale = exp2(61 - ceil(log2(f[total + 1] + 1)));
    /* n! has less than 4 n prime factors for these n */
    net->slack = 1e-9 + 4 * (double)total / net->scale;
    net->cost = whole_costs(a, total, net->scale);
}

static Status walk(Walk *w, const int32_t *need)
{
    Arena *arenas[2] = {arena_new(1 << 16), arena_new(1 << 16)};
    layer_start(&w->now, arenas[0]);
    w->now.node[0] = (Node){0};
    memcpy(w->now.node[0].need, need, w->net.rows * sizeof(*need));
    crosstab_costs_add(arenas[0], &w->now.node[0].ways, 0, 1);
    w->now.n = w->now.n_ways = 1;
    for (w->at = 0; w->at + 1 < w->net.cols && w->now.n_ways && !w->is_stopped; w->at++) {
        Arena *spare = arenas[(w->at + 1) % 2];
        arena_reset(spare);
        layer_start(&w->next, spare);
        take_column(w);
        w->now = w->next;
        kernel_progress(w->k, (double)(w->at + 1) / (double)w->net.cols);
    }
    arena_free(arenas[0]);
    arena_free(arenas[1]);
    return kernel_cancelled(w->k) ? ST_BUSY : w->is_stopped ? ST_TOO_LARGE : ST_OK;
}

Status crosstab_exact(Kernel *k, const double *counts, size_t rows, size_t cols, double *ret_p)
{
    double total;
    TRY(crosstab_whole(k, counts, rows * cols, &total));
    if (total > MOST_TOTAL)
        return ST_TOO_LARGE;
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    Walk *w = ARENA_NEW(scratch, Walk);
    double *r = ARENA_ARRAY(scratch, double, rows + 1), *c = ARENA_ARRAY(scratch, double, cols + 1);
    int32_t need[CROSSTAB_ROWS];
    crosstab_margins(counts, rows, cols, r, c);
    if (!set_up(&w->net, r, rows, c, cols, need))
        return ST_TOO_LARGE;
    if (w->net.rows < 2 || w->net.cols < 2) {
        *ret_p = 1;
        return ST_OK;
    }
    fill_costs(scratch, &w->net, (size_t)total);
    w->k = k;
    w->rests = crosstab_rest_new(scratch, &w->net, k);
    for (size_t i = 0; i < rows * cols; i++)
        w->limit += w->net.cost[(size_t)counts[i]];
    w->limit -= (int64_t)(ROOM * w->net.scale);
    TRY(walk(w, need));
    *ret_p = fmin(1, w->p);
    return ST_OK;
}
