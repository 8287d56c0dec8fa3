/* SPDX-License-Identifier: Apache-2.0 */
/* Frequent itemsets, depth first. Items are renumbered by rising count, so the first item of a set is its
 * rarest and lists shrink at once. */
#include "analytics/itemset.h"
#include "analytics/itemset_internal.h"
#include <stdlib.h>
#include <string.h>

#define MAX_LENGTH 64
#define LIMIT 50000000
#define DENSE_SHARE (1.0 / 16)

typedef struct Miner {
    Kernel *kn;
    const ItemsetOptions *o;
    int max_length; /* of what is enumerated */
    size_t limit;
    /* the data: frequent items as ranks, ascending in each basket, -1 behind it */
    int32_t *flat;
    size_t n_flat, ranks;
    int32_t *item_of; /* rank → item */
    int64_t *count_of;
    size_t words; /* dense: 64-bit words of a bit set */
    /* sparse */
    uint32_t *stack; /* occurrence lists of all levels */
    size_t top, cap;
    uint32_t *tally; /* ranks */
    /* found */
    int32_t prefix[MAX_LENGTH];
    int length;
    Itemsets found;
    size_t cap_sets, cap_items, n_items;
    uint64_t steps;
} Miner;

/* Ascending; a set has few items. */
static void sort_items(int32_t *v, int n)
{
    for (int i = 1; i < n; i++) {
        int32_t now = v[i];
        int at = i;
        for (; at > 0 && v[at - 1] > now; at--)
            v[at] = v[at - 1];
        v[at] = now;
    }
}

static Status emit(Miner *m, int64_t count)
{
    Itemsets *f = &m->found;
    Arena *a = m->kn->arena;
    if (f->n == m->limit)
        return work_fail(m->kn, FAULT_TOO_MANY, -1, -1, (double)m->limit);
    if (f->n + 1 >= m->cap_sets) {
        size_t cap = m->cap_sets ? m->cap_sets * 2 : 4096;
        f->start = arena_grow(a, f->start, m->cap_sets * sizeof(int64_t), cap * sizeof(int64_t));
        f->count = arena_grow(a, f->count, m->cap_sets * sizeof(int64_t), cap * sizeof(int64_t));
        m->cap_sets = cap;
    }
    if (m->n_items + (size_t)m->length > m->cap_items) {
        size_t cap = m->cap_items ? m->cap_items * 2 : 16384;
        f->item = arena_grow(a, f->item, m->cap_items * sizeof(int32_t), cap * sizeof(int32_t));
        m->cap_items = cap;
    }
    int32_t *to = f->item + m->n_items;
    for (int i = 0; i < m->length; i++)
        to[i] = m->item_of[m->prefix[i]];
    sort_items(to, m->length);
    f->start[f->n] = (int64_t)m->n_items;
    f->count[f->n++] = count;
    m->n_items += (size_t)m->length;
    f->start[f->n] = (int64_t)m->n_items;
    return m->steps++ % 4096 == 0 ? work_check(m->kn) : ST_OK;
}

/* ---- sparse: occurrence lists ---- */
typedef struct Extension {
    int32_t rank;
    uint32_t count;
    size_t at; /* in the stack */
} Extension;

static void reserve(Miner *m, size_t more)
{
    if (m->top + more <= m->cap)
        return;
    size_t cap = m->cap ? m->cap : 65536;
    while (cap < m->top + more)
        cap *= 2;
    uint32_t *wider = realloc(m->stack, cap * sizeof(*wider));
    if (!wider)
        abort(); /* as an arena does */
    m->stack = wider;
    m->cap = cap;
}

/* Lists of the occurrences of what was found, one behind the other on the stack. */
static void lay_lists(Miner *m, size_t at, size_t n, Extension *ext)
{
    for (size_t i = 0; i < n; i++)
        for (const int32_t *p = m->flat + m->stack[at + i]; *p >= 0; p++)
            if (m->tally[*p])
                m->stack[ext[m->tally[*p] - 1].at++] = (uint32_t)(p + 1 - m->flat);
}

/* The frequent items behind the occurrences; their lists are laid on the stack unless sets end here. */
static size_t deliver(Miner *m, size_t at, size_t n, Extension *ext)
{
    size_t found = 0, touched = 0;
    bool goes_on = m->length + 1 < m->max_length;
    for (size_t i = 0; i < n; i++)
        for (const int32_t *p = m->flat + m->stack[at + i]; *p >= 0; p++)
            if (m->tally[*p]++ == 0)
                ext[touched++].rank = *p;
    size_t total = 0;
    for (size_t i = 0; i < touched; i++) {
        uint32_t count = m->tally[ext[i].rank];
        m->tally[ext[i].rank] = 0;
        if ((int64_t)count < m->o->min_count)
            continue;
        ext[found] = (Extension){ext[i].rank, count, m->top + total};
        m->tally[ext[found].rank] = (uint32_t)found + 1; /* its place, from 1 */
        found++;
        total += count;
    }
    if (goes_on) {
        reserve(m, total);
        m->top += total;
        lay_lists(m, at, n, ext);
    }
    for (size_t i = 0; i < found; i++) {
        m->tally[ext[i].rank] = 0;
        ext[i].at -= goes_on ? ext[i].count : 0;
    }
    return found;
}

static Status sparse(Miner *m, size_t at, size_t n)
{
    size_t mark = m->top;
    if (m->length == m->max_length || n == 0)
        return ST_OK;
    Extension *ext = malloc((m->ranks + 1) * sizeof(*ext));
    if (!ext)
        abort();
    size_t found = deliver(m, at, n, ext);
    if (found < m->ranks) {
        Extension *less = realloc(ext, (found + 1) * sizeof(*ext));
        ext = less ? less : ext;
    }
    Status st = ST_OK;
    for (size_t i = 0; i < found && st == ST_OK; i++) {
        m->prefix[m->length++] = ext[i].rank;
        st = emit(m, ext[i].count);
        if (st == ST_OK)
            st = sparse(m, ext[i].at, ext[i].count);
        m->length--;
    }
    free(ext);
    m->top = mark;
    return st;
}

/* ---- dense: bit sets ---- */
typedef struct Bits {
    int32_t rank;
    int64_t count;
    uint64_t *bit;
} Bits;

static int64_t intersect(const uint64_t *a, const uint64_t *b, uint64_t *to, size_t words)
{
    int64_t count = 0;
    for (size_t w = 0; w < words; w++) {
        to[w] = a[w] & b[w];
        count += __builtin_popcountll(to[w]);
    }
    return count;
}

static Status dense(Miner *m, const Bits *ext, size_t n)
{
    Bits *next = malloc((n + 1) * sizeof(*next));
    uint64_t *bits = malloc((n * m->words + 1) * sizeof(*bits));
    if (!next || !bits)
        abort();
    Status st = ST_OK;
    for (size_t i = 0; i < n && st == ST_OK; i++) {
        m->prefix[m->length++] = ext[i].rank;
        st = emit(m, ext[i].count);
        size_t found = 0;
        for (size_t j = i + 1; m->length < m->max_length && j < n; j++) {
            uint64_t *to = bits + found * m->words;
            int64_t count = intersect(ext[i].bit, ext[j].bit, to, m->words);
            if (count >= m->o->min_count)
                next[found++] = (Bits){ext[j].rank, count, to};
        }
        if (st == ST_OK && found)
            st = dense(m, next, found);
        m->length--;
    }
    free(next);
    free(bits);
    return st;
}

static Status run_dense(Miner *m, size_t baskets)
{
    m->words = (baskets + 63) / 64;
    Bits *all = arena_alloc(m->kn->arena, (m->ranks + 1) * sizeof(*all));
    uint64_t *bits = ARENA_ARRAY(m->kn->arena, uint64_t, m->ranks * m->words + 1);
    for (size_t r = 0; r < m->ranks; r++)
        all[r] = (Bits){(int32_t)r, m->count_of[r], bits + r * m->words};
    size_t basket = 0;
    for (size_t i = 0; i < m->n_flat; i++) {
        if (m->flat[i] < 0)
            basket++;
        else
            all[m->flat[i]].bit[basket / 64] |= 1ull << (basket & 63);
    }
    return dense(m, all, m->ranks);
}

/* ---- preparing the data ---- */
typedef struct Counted {
    int64_t count;
    int32_t item;
} Counted;

static int compare_counted(const void *a, const void *b)
{
    const Counted *u = a, *v = b;
    if (u->count != v->count)
        return u->count < v->count ? -1 : 1;
    return (u->item > v->item) - (u->item < v->item);
}

static Status count_items(Kernel *kn, const ItemsetBaskets *b, int64_t *count)
{
    int64_t *last = arena_alloc(kn->arena, (b->items + 1) * sizeof(*last));
    memset(last, 0xff, b->items * sizeof(*last));
    for (size_t k = 0; k < b->baskets; k++)
        for (int64_t i = b->start[k]; i < b->start[k + 1]; i++) {
            int32_t v = b->item[i];
            if (v < 0 || (size_t)v >= b->items)
                return work_fail(kn, FAULT_RANGE, (int64_t)k, 0, v);
            count[v] += last[v] != (int64_t)k;
            last[v] = (int64_t)k;
        }
    return ST_OK;
}

static void rank_items(Miner *m, const ItemsetBaskets *b, const int64_t *count, int32_t *rank_of)
{
    Arena *a = m->kn->arena;
    Counted *c = arena_alloc(a, (b->items + 1) * sizeof(*c));
    for (size_t v = 0; v < b->items; v++) {
        rank_of[v] = -1;
        if (count[v] >= m->o->min_count)
            c[m->ranks++] = (Counted){count[v], (int32_t)v};
    }
    qsort(c, m->ranks, sizeof(*c), compare_counted);
    m->item_of = arena_alloc(a, (m->ranks + 1) * sizeof(int32_t));
    m->count_of = arena_alloc(a, (m->ranks + 1) * sizeof(int64_t));
    for (size_t r = 0; r < m->ranks; r++) {
        m->item_of[r] = c[r].item;
        m->count_of[r] = c[r].count;
        rank_of[c[r].item] = (int32_t)r;
    }
}

/* Baskets with their ranks in ascending order: rank by rank, each goes to the end of the baskets that hold it. */
static void flatten(Miner *m, const ItemsetBaskets *b, const int32_t *rank_of)
{
    CLEANUP(arena) Arena *scratch = arena_new(1 << 16);
    size_t cells = (size_t)(b->start[b->baskets] - b->start[0]);
    uint32_t *holder = arena_alloc(scratch, (cells + 1) * sizeof(*holder)); /* by rank */
    uint32_t *next = ARENA_ARRAY(scratch, uint32_t, m->ranks + 2);
    uint32_t *size = ARENA_ARRAY(scratch, uint32_t, b->baskets + 1);
    int32_t **end = arena_alloc(scratch, (b->baskets + 1) * sizeof(*end)), *to;
    m->flat = to = arena_alloc(m->kn->arena, (cells + b->baskets + 1) * sizeof(int32_t));
    for (size_t r = 0; r < m->ranks; r++)
        next[r + 1] = next[r] + (uint32_t)m->count_of[r];
    uint32_t *at = arena_dup(scratch, next, (m->ranks + 1) * sizeof(*at));
    for (size_t k = 0; k < b->baskets; k++)
        for (int64_t i = b->start[k]; i < b->start[k + 1]; i++) {
            int32_t r = rank_of[b->item[i]];
            if (r >= 0 && (at[r] == next[r] || holder[at[r] - 1] != k)) { /* not twice */
                holder[at[r]++] = (uint32_t)k;
                size[k]++;
            }
        }
    for (size_t k = 0; k < b->baskets; k++) {
        end[k] = to;
        to += size[k] + 1;
    }
    for (size_t r = 0; r < m->ranks; r++)
        for (uint32_t i = next[r]; i < next[r + 1]; i++)
            *end[holder[i]]++ = (int32_t)r;
    for (size_t k = 0; k < b->baskets; k++)
        *end[k] = -1;
    m->n_flat = (size_t)(to - m->flat);
}

static Status run_sparse(Miner *m, size_t baskets)
{
    m->tally = ARENA_ARRAY(m->kn->arena, uint32_t, m->ranks + 1);
    reserve(m, baskets);
    bool at_head = true;
    for (size_t i = 0; i < m->n_flat; i++) {
        if (at_head)
            m->stack[m->top++] = (uint32_t)i;
        at_head = m->flat[i] < 0;
    }
    Status st = sparse(m, 0, m->top);
    free(m->stack);
    m->stack = NULL;
    return st;
}

/* ---- order, kinds ---- */
static int compare_sets(const void *a, const void *b, void *arg)
{
    const Itemsets *s = arg;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    int64_t nx = s->start[x + 1] - s->start[x], ny = s->start[y + 1] - s->start[y];
    if (nx != ny)
        return nx < ny ? -1 : 1;
    const int32_t *u = s->item + s->start[x], *v = s->item + s->start[y];
    for (int64_t i = 0; i < nx; i++)
        if (u[i] != v[i])
            return u[i] < v[i] ? -1 : 1;
    return 0;
}

/* drop[i] = 1 for sets that a larger one makes superfluous. */
static void mark_covered(Kernel *kn, const Itemsets *s, ItemsetKind kind, uint8_t *drop)
{
    ItemsetIndex x = itemset_index(kn->arena, s);
    for (size_t i = 0; i < s->n; i++) {
        int length = (int)(s->start[i + 1] - s->start[i]);
        for (int skip = 0; length > 1 && skip < length; skip++) {
            size_t at = itemset_without(&x, i, skip);
            if (kind == ITEMSET_MAXIMAL || s->count[at] == s->count[i])
                drop[at] = 1;
        }
    }
}

static void select_sets(Kernel *kn, const Itemsets *all, const ItemsetOptions *o, Itemsets *ret)
{
    uint8_t *drop = ARENA_ARRAY(kn->arena, uint8_t, all->n + 1);
    size_t *order = arena_alloc(kn->arena, (all->n + 1) * sizeof(*order)), n = 0, items = 0;
    if (o->kind != ITEMSET_FREQUENT)
        mark_covered(kn, all, o->kind, drop);
    for (size_t i = 0; i < all->n; i++) {
        int64_t length = all->start[i + 1] - all->start[i];
        if (drop[i] || length < o->min_length || (o->max_length && length > o->max_length))
            continue;
        order[n++] = i;
        items += (size_t)length;
    }
    qsort_r(order, n, sizeof(*order), compare_sets, (void *)all);
    Itemsets s = {.n = n, .is_dense = all->is_dense};
    s.start = arena_alloc(kn->arena, (n + 1) * sizeof(int64_t));
    s.count = arena_alloc(kn->arena, (n + 1) * sizeof(int64_t));
    s.item = arena_alloc(kn->arena, (items + 1) * sizeof(int32_t));
    s.start[0] = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = (size_t)(all->start[order[i] + 1] - all->start[order[i]]);
        memcpy(s.item + s.start[i], all->item + all->start[order[i]], length * sizeof(int32_t));
        s.count[i] = all->count[order[i]];
        s.start[i + 1] = s.start[i] + (int64_t)length;
    }
    *ret = s;
}

Status itemset_find(Kernel *kn, const ItemsetBaskets *b, const ItemsetOptions *o, Itemsets *ret)
{
    if (b->baskets == 0)
        return work_fail(kn, FAULT_EMPTY, -1, 0, 0);
    if (o->min_count < 1 || o->min_length < 1 || o->max_length < 0 || o->max_length > MAX_LENGTH)
        return work_fail(kn, FAULT_RANGE, -1, -1, (double)o->min_count);
    if (b->start[b->baskets] - b->start[0] + (int64_t)b->baskets > (int64_t)UINT32_MAX - 1)
        return work_fail(kn, FAULT_TOO_MANY, -1, 0, UINT32_MAX);
    /* closed and maximal look one item further than what is shown */
    int further = o->max_length && o->kind != ITEMSET_FREQUENT;
    Miner m = {.kn = kn, .o = o, .limit = o->limit ? o->limit : LIMIT};
    m.max_length = o->max_length ? o->max_length + further : MAX_LENGTH;
    int64_t *count = ARENA_ARRAY(kn->arena, int64_t, b->items + 1);
    int32_t *rank_of = arena_alloc(kn->arena, (b->items + 1) * sizeof(*rank_of));
    TRY(count_items(kn, b, count));
    rank_items(&m, b, count, rank_of);
    flatten(&m, b, rank_of);
    double cells = (double)(m.n_flat - b->baskets);
    m.found.is_dense = cells >= DENSE_SHARE * (double)b->baskets * (double)m.ranks && m.ranks > 0;
    TRY(m.found.is_dense ? run_dense(&m, b->baskets) : run_sparse(&m, b->baskets));
    select_sets(kn, &m.found, o, ret);
    return ST_OK;
}
