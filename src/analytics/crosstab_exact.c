/* SPDX-License-Identifier: Apache-2.0 */
/* Fisher-Freeman-Halton by the network of Mehta & Patel (1983). Columns are taken away one by one; a node is what the rows
 * still need, in falling order, since neither the bounds nor the rest of the walk know rows apart. Ways into a node
 * that have cost the same so far are one way with the sum of their probabilities. A way whose cheapest end is no
 * likelier than the table observed counts whole, one whose dearest end is likelier is dropped; only what lies
 * between goes on. The cost of a table is Σ ln x!, its likelihood falls with it.
 * The ends are bounded, not solved: from below by Lagrange's relaxation and by columns or rows alone spread evenly, from
 * above by columns or rows alone filled greedily. Loose bounds cost time, never correctness. */
#include "analytics/crosstab_internal.h"
#include <stdlib.h>

enum { MOST_ROWS = 24, MOST_WAYS = 8000000 };
#define MOST_STEPS ((size_t)4000000000) /* half a minute */
#define SAME 1e-9                       /* costs that differ by less are of the same tables */
#define ROOM 1e-7 /* likelihoods this close to the observed one are equal, as in R */
#define NONE UINT32_MAX

typedef struct Node {
    int32_t need[MOST_ROWS]; /* falling */
    double low, high;        /* bounds of what is still to be paid */
    uint32_t first;          /* ways into it */
} Node;

typedef struct Way {
    double cost, p;
    uint32_t node, next;
} Way;

typedef struct Layer { /* nodes and ways after some columns, found by hash */
    Arena *arena;
    Node *nodes;
    Way *ways;
    uint32_t *node_slots, *way_slots; /* number + 1 */
    size_t n_nodes, n_ways, nodes_room, ways_room, node_mask, way_mask;
} Layer;

typedef struct Sorted {
    double cost, p, tail;
} Sorted;

typedef struct Network {
    Kernel *k;
    size_t rows, cols;
    int32_t col[4096]; /* falling */
    const double *f;   /* ln n! */
    int32_t total;
    double limit; /* least cost that counts */
    double p;
    size_t steps;
    Layer now, next;
    size_t at; /* column that is taken away */
    bool stopped;
    int32_t take[MOST_ROWS];
    const Node *from;
    Sorted *ways; /* into it */
    size_t n_ways;
    double log_all; /* of choosing the column among what is left */
} Network;

/* ---- bounds */
/* Σ ln x! of `total` spread as evenly as whole numbers go over n places. */
static double even_cost(const double *f, int32_t total, int32_t n)
{
    int32_t each = total / n, more = total % n;
    return more * f[each + 1] + (n - more) * f[each];
}

/* The most Σ ln x! of `total` over places with these capacities: fill the largest first (ln x! is convex). */
static double greedy_cost(const double *f, int32_t total, const int32_t *room, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n && total > 0; i++) {
        int32_t x = total < room[i] ? total : room[i];
        sum += f[x];
        total -= x;
    }
    return sum;
}

/* α with Σ floor(α β) next to `total`, by halving between bounds on both sides. */
static double match(double total, const double *beta, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += beta[j];
    double low = total / sum, high = (total + (double)n) / sum;
    for (int i = 0; i < 10; i++) {
        double middle = (low + high) / 2, found = 0;
        for (size_t j = 0; j < n; j++)
            found += floor(middle * beta[j]);
        *(found > total ? &high : &low) = middle;
    }
    return (low + high) / 2;
}

/* For any α and β, Σ ln x! ≥ Σ over cells of min over x of (ln x! − x ln αβ) + Σ R ln α + Σ C ln β: Lagrange's relaxation, which
 * is exact at its best α and β since the costs are convex. A few turns of raising it come close. */
static double relaxed_cost(const Network *w, const Node *node, size_t rows, const int32_t *col,
                           size_t cols)
{
    double alpha[MOST_ROWS], beta[COUNT_OF(w->col)], sum = 0;
    for (size_t j = 0; j < cols; j++)
        beta[j] = col[j] + 0.5 * (double)rows;
    for (int turn = 0; turn < 3; turn++) {
        for (size_t i = 0; i < rows; i++)
            alpha[i] = match(node->need[i], beta, cols);
        for (size_t j = 0; j < cols && turn < 2; j++)
            beta[j] = match(col[j], alpha, rows);
    }
    for (size_t i = 0; i < rows; i++) {
        sum += node->need[i] * log(alpha[i]);
        for (size_t j = 0; j < cols; j++) {
            double each = alpha[i] * beta[j];
            int32_t x = each < w->total ? (int32_t)each : w->total;
            sum += w->f[x] - (x ? x * log(each) : 0);
        }
    }
    for (size_t j = 0; j < cols; j++)
        sum += col[j] * log(beta[j]);
    return sum;
}

static void set_bounds(const Network *w, Node *node, const int32_t *col, size_t cols)
{
    double by_rows = 0, by_cols = 0, high_rows = 0, high_cols = 0;
    int32_t rows = 0;
    for (size_t i = 0; i < w->rows; i++)
        rows += node->need[i] > 0;
    if (cols == 1 || rows <= 1) {
        for (size_t i = 0; i < w->rows && cols == 1; i++)
            by_rows += w->f[node->need[i]];
        for (size_t j = 0; j < cols && cols > 1; j++)
            by_rows += rows ? w->f[col[j]] : 0;
        node->low = node->high = by_rows;
        return;
    }
    for (size_t i = 0; i < (size_t)rows; i++) {
        by_rows += even_cost(w->f, node->need[i], (int32_t)cols);
        high_rows += greedy_cost(w->f, node->need[i], col, cols);
    }
    for (size_t j = 0; j < cols; j++) {
        by_cols += even_cost(w->f, col[j], rows);
        high_cols += greedy_cost(w->f, col[j], node->need, (size_t)rows);
    }
    node->low = fmax(fmax(by_rows, by_cols), relaxed_cost(w, node, (size_t)rows, col, cols));
    node->high = fmin(high_rows, high_cols);
}

/* ---- layers */
static void layer_start(Layer *l, Arena *a)
{
    *l = (Layer){
        .arena = a, .nodes_room = 256, .ways_room = 1024, .node_mask = 1023, .way_mask = 4095};
    l->nodes = arena_alloc(a, l->nodes_room * sizeof(*l->nodes));
    l->ways = arena_alloc(a, l->ways_room * sizeof(*l->ways));
    l->node_slots = ARENA_ARRAY(a, uint32_t, l->node_mask + 1);
    l->way_slots = ARENA_ARRAY(a, uint32_t, l->way_mask + 1);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0xff51afd7ed558ccd);
    return h ^ (h >> 32);
}

static uint64_t node_hash(const int32_t *need, size_t n)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < n; i++)
        h = mix(h, (uint64_t)(uint32_t)need[i]);
    return h;
}

static uint64_t way_hash(uint32_t node, double cost)
{
    return mix(mix(UINT64_C(0x2545f4914f6cdd1d), node), (uint64_t)llround(cost / SAME));
}

static void widen_nodes(Layer *l, size_t rows)
{
    l->nodes = arena_grow(l->arena, l->nodes, l->nodes_room * sizeof(*l->nodes),
                          2 * l->nodes_room * sizeof(*l->nodes));
    l->nodes_room *= 2;
    l->node_mask = 4 * l->nodes_room - 1;
    l->node_slots = ARENA_ARRAY(l->arena, uint32_t, l->node_mask + 1);
    for (size_t i = 0; i < l->n_nodes; i++) {
        size_t at = node_hash(l->nodes[i].need, rows) & l->node_mask;
        while (l->node_slots[at])
            at = (at + 1) & l->node_mask;
        l->node_slots[at] = (uint32_t)i + 1;
    }
}

static void widen_ways(Layer *l)
{
    l->ways = arena_grow(l->arena, l->ways, l->ways_room * sizeof(*l->ways),
                         2 * l->ways_room * sizeof(*l->ways));
    l->ways_room *= 2;
    l->way_mask = 4 * l->ways_room - 1;
    l->way_slots = ARENA_ARRAY(l->arena, uint32_t, l->way_mask + 1);
    for (size_t i = 0; i < l->n_ways; i++) {
        size_t at = way_hash(l->ways[i].node, l->ways[i].cost) & l->way_mask;
        while (l->way_slots[at])
            at = (at + 1) & l->way_mask;
        l->way_slots[at] = (uint32_t)i + 1;
    }
}

/* The node with these needs in the layer that comes. */
static uint32_t node_of(Network *w, const int32_t *need)
{
    Layer *l = &w->next;
    if (l->n_nodes == l->nodes_room)
        widen_nodes(l, w->rows);
    size_t at = node_hash(need, w->rows) & l->node_mask;
    for (; l->node_slots[at]; at = (at + 1) & l->node_mask)
        if (!memcmp(l->nodes[l->node_slots[at] - 1].need, need, w->rows * sizeof(*need)))
            return l->node_slots[at] - 1;
    Node *node = &l->nodes[l->n_nodes];
    *node = (Node){.first = NONE};
    memcpy(node->need, need, w->rows * sizeof(*need));
    set_bounds(w, node, w->col + w->at + 1, w->cols - w->at - 1);
    l->node_slots[at] = (uint32_t)++l->n_nodes;
    return (uint32_t)l->n_nodes - 1;
}

static void add_way(Network *w, uint32_t node, double cost, double p)
{
    Layer *l = &w->next;
    if (l->n_ways == l->ways_room)
        widen_ways(l);
    size_t at = way_hash(node, cost) & l->way_mask;
    for (; l->way_slots[at]; at = (at + 1) & l->way_mask) {
        Way *way = &l->ways[l->way_slots[at] - 1];
        if (way->node == node && fabs(way->cost - cost) < SAME) {
            way->p += p;
            return;
        }
    }
    l->ways[l->n_ways] = (Way){cost, p, node, l->nodes[node].first};
    l->nodes[node].first = (uint32_t)l->n_ways;
    l->way_slots[at] = (uint32_t)++l->n_ways;
}

/* ---- the walk */
static int falling(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x < y) - (x > y);
}

static int by_cost(const void *a, const void *b)
{
    double x = ((const Sorted *)a)->cost, y = ((const Sorted *)b)->cost;
    return (x > y) - (x < y);
}

/* The ways into the node by what they have cost, with the probability of each and all dearer ones. */
static void sort_ways(Network *w)
{
    size_t n = 0;
    for (uint32_t i = w->from->first; i != NONE; i = w->now.ways[i].next)
        w->ways[n++] = (Sorted){w->now.ways[i].cost, w->now.ways[i].p, 0};
    qsort(w->ways, n, sizeof(*w->ways), by_cost);
    w->n_ways = n;
    w->ways[n] = (Sorted){0};
    while (n-- > 0)
        w->ways[n].tail = w->ways[n].p + w->ways[n + 1].tail;
}

/* The first way that has cost this much. */
static size_t first_at(const Network *w, double cost)
{
    size_t low = 0, high = w->n_ways;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->ways[middle].cost < cost)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The column is w->take: every way into the node goes on, ends or is dropped. */
static void follow(Network *w, double cost, double log_p)
{
    int32_t need[MOST_ROWS];
    for (size_t i = 0; i < w->rows; i++)
        need[i] = w->from->need[i] - w->take[i];
    qsort(need, w->rows, sizeof(*need), falling);
    uint32_t node = node_of(w, need);
    double low = w->next.nodes[node].low, high = w->next.nodes[node].high,
           p = exp(log_p - w->log_all);
    size_t whole = first_at(w, w->limit - low - cost), going = first_at(w, w->limit - high - cost);
    w->p += p * w->ways[whole].tail;
    for (size_t i = going; i < whole; i++)
        add_way(w, node, w->ways[i].cost + cost, w->ways[i].p * p);
    w->steps += 8 + (whole > going ? whole - going : 0);
    w->stopped = w->steps > MOST_STEPS || w->next.n_ways > MOST_WAYS ||
                 (w->steps % 65536 < 256 && kernel_cancelled(w->k));
}

/* Chooses what row i and those behind it give to the column, of which `left` is open; after: what they have in all. */
static void choose(Network *w, size_t i, int32_t left, int32_t after, double cost, double log_p)
{
    int32_t need = w->from->need[i], behind = after - need;
    int32_t low = left > behind ? left - behind : 0, high = left < need ? left : need;
    for (int32_t x = low; x <= high && !w->stopped; x++) {
        double next = cost + w->f[x], log_next = log_p + w->f[need] - w->f[x] - w->f[need - x];
        w->take[i] = x;
        if (i + 1 == w->rows)
            follow(w, next, log_next);
        else
            choose(w, i + 1, left - x, behind, next, log_next);
    }
}

static void take_column(Network *w)
{
    int32_t c = w->col[w->at], left = 0;
    for (size_t j = w->at; j < w->cols; j++)
        left += w->col[j];
    w->log_all = w->f[left] - w->f[c] - w->f[left - c];
    CLEANUP(arena) Arena *scratch = arena_new(4096);
    w->ways = arena_alloc(scratch, sizeof(*w->ways) * (w->now.n_ways + 1));
    for (size_t i = 0; i < w->now.n_nodes && !w->stopped; i++) {
        w->from = &w->now.nodes[i];
        if (w->from->first == NONE)
            continue;
        sort_ways(w);
        choose(w, 0, c, left, 0, 0);
    }
}

/* Rows are the shorter side; lines without counts are left out. */
static bool set_up(Network *w, const double *r, size_t rows, const double *c, size_t cols,
                   int32_t *need)
{
    bool turned = rows > cols;
    const double *few = turned ? c : r, *many = turned ? r : c;
    size_t n_few = turned ? cols : rows, n_many = turned ? rows : cols;
    for (size_t i = 0; i < n_few; i++)
        if (few[i] > 0 && w->rows++ < MOST_ROWS)
            need[w->rows - 1] = (int32_t)few[i];
    for (size_t j = 0; j < n_many; j++)
        if (many[j] > 0 && w->cols++ < COUNT_OF(w->col))
            w->col[w->cols - 1] = (int32_t)many[j];
    if (w->rows > MOST_ROWS || w->cols > COUNT_OF(w->col))
        return false;
    qsort(need, w->rows, sizeof(*need), falling);
    qsort(w->col, w->cols, sizeof(*w->col), falling);
    return true;
}

static Status walk(Network *w, const int32_t *need)
{
    Arena *arenas[2] = {arena_new(1 << 16), arena_new(1 << 16)};
    layer_start(&w->now, arenas[0]);
    w->now.nodes[0] = (Node){.first = 0};
    memcpy(w->now.nodes[0].need, need, w->rows * sizeof(*need));
    w->now.ways[0] = (Way){0, 1, 0, NONE};
    w->now.n_nodes = w->now.n_ways = 1;
    for (w->at = 0; w->at + 1 < w->cols && w->now.n_ways && !w->stopped; w->at++) {
        Arena *spare = arenas[(w->at + 1) % 2];
        arena_reset(spare);
        layer_start(&w->next, spare);
        take_column(w);
        w->now = w->next;
        kernel_progress(w->k, (double)(w->at + 1) / (double)w->cols);
    }
    arena_free(arenas[0]);
    arena_free(arenas[1]);
    return kernel_cancelled(w->k) ? ST_BUSY : w->stopped ? ST_TOO_LARGE : ST_OK;
}

Status crosstab_exact(Kernel *k, const double *counts, size_t rows, size_t cols, double *ret_p)
{
    double total;
    TRY(crosstab_whole(k, counts, rows * cols, &total));
    Network *w = ARENA_NEW(k->arena, Network);
    double *r = ARENA_ARRAY(k->arena, double, rows + 1),
           *c = ARENA_ARRAY(k->arena, double, cols + 1);
    double *f = arena_alloc(k->arena, sizeof(double) * ((size_t)total + 2));
    int32_t need[MOST_ROWS];
    crosstab_margins(counts, rows, cols, r, c);
    const long double *log_factorial = crosstab_log_factorials(k->arena, total);
    for (size_t i = 0; i <= (size_t)total; i++)
        f[i] = (double)log_factorial[i];
    w->k = k;
    w->f = f;
    w->total = (int32_t)total;
    w->limit = (double)crosstab_cell_sum(log_factorial, counts, rows * cols) - ROOM;
    if (!set_up(w, r, rows, c, cols, need))
        return ST_TOO_LARGE;
    if (w->rows < 2 || w->cols < 2) {
        *ret_p = 1;
        return ST_OK;
    }
    TRY(walk(w, need));
    *ret_p = fmin(1, w->p);
    return ST_OK;
}
