/* SPDX-License-Identifier: Apache-2.0 */
/* RFM: customers are numbered, then one pass over the rows into arrays indexed by customer. */
#include "analytics/rfm.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DIRECT_SLACK 65536

static uint64_t mix(uint64_t v)
{
    v ^= v >> 32;
    v *= 0xd6e8feb86659fd93u;
    v ^= v >> 32;
    v *= 0xd6e8feb86659fd93u;
    return v ^ (v >> 32);
}

/* ---- numbering of keys ---- */
static void number_direct(Kernel *kn, const int64_t *key, size_t rows, int64_t low, size_t span,
                          int32_t *code, int64_t **ret_keys, size_t *ret_n)
{
    int32_t *at = ARENA_ARRAY(kn->arena, int32_t, span);
    for (size_t i = 0; i < rows; i++)
        at[key[i] - low] = 1;
    size_t n = 0;
    for (size_t v = 0; v < span; v++)
        n += (size_t)at[v];
    int64_t *keys = arena_alloc(kn->arena, (n + 1) * sizeof(*keys));
    n = 0;
    for (size_t v = 0; v < span; v++) {
        if (!at[v])
            continue;
        keys[n] = low + (int64_t)v;
        at[v] = (int32_t)n++;
    }
    for (size_t i = 0; i < rows; i++)
        code[i] = at[key[i] - low];
    *ret_keys = keys;
    *ret_n = n;
}

static int compare_keys(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

typedef struct KeyTable {
    int64_t *keys; /* in order of first appearance */
    int32_t *slots;
    size_t n, cap, n_slots;
} KeyTable;

static void key_table_grow(Arena *a, KeyTable *t)
{
    size_t n_slots = t->n_slots ? t->n_slots * 2 : 4096;
    int32_t *slots = arena_alloc(a, n_slots * sizeof(*slots));
    memset(slots, 0xff, n_slots * sizeof(*slots));
    for (size_t i = 0; i < t->n; i++) {
        size_t at = mix((uint64_t)t->keys[i]) & (n_slots - 1);
        while (slots[at] >= 0)
            at = (at + 1) & (n_slots - 1);
        slots[at] = (int32_t)i;
    }
    t->keys = arena_grow(a, t->keys, t->cap * sizeof(int64_t), n_slots / 2 * sizeof(int64_t));
    t->cap = n_slots / 2;
    t->slots = slots;
    t->n_slots = n_slots;
}

static int32_t key_table_number(Arena *a, KeyTable *t, int64_t key)
{
    if (t->n == t->cap)
        key_table_grow(a, t);
    size_t at = mix((uint64_t)key) & (t->n_slots - 1);
    while (t->slots[at] >= 0) {
        if (t->keys[t->slots[at]] == key)
            return t->slots[at];
        at = (at + 1) & (t->n_slots - 1);
    }
    t->slots[at] = (int32_t)t->n;
    t->keys[t->n] = key;
    return (int32_t)t->n++;
}

static void number_hash(Kernel *kn, const int64_t *key, size_t rows, int32_t *code,
                        int64_t **ret_keys, size_t *ret_n)
{
    Arena *scratch = arena_new(1 << 16);
    KeyTable t = {0};
    for (size_t i = 0; i < rows; i++)
        code[i] = key_table_number(scratch, &t, key[i]);
    int64_t *sorted = arena_dup(kn->arena, t.keys, t.n * sizeof(*sorted));
    qsort(sorted, t.n, sizeof(*sorted), compare_keys);
    int32_t *rank = arena_alloc(scratch, (t.n + 1) * sizeof(*rank));
    for (size_t i = 0; i < t.n; i++)
        rank[key_table_number(scratch, &t, sorted[i])] = (int32_t)i;
    for (size_t i = 0; i < rows; i++)
        code[i] = rank[code[i]];
    *ret_keys = sorted;
    *ret_n = t.n;
    arena_free(scratch);
}

Status rfm_number(Kernel *kn, const int64_t *key, size_t rows, int32_t **ret_code,
                  int64_t **ret_keys, size_t *ret_n)
{
    if (rows == 0)
        return work_fail(kn, FAULT_EMPTY, -1, -1, 0);
    if (rows > INT32_MAX)
        return work_fail(kn, FAULT_TOO_MANY, (int64_t)rows, -1, INT32_MAX);
    int32_t *code = arena_alloc(kn->arena, rows * sizeof(*code));
    int64_t low = key[0], high = key[0];
    for (size_t i = 1; i < rows; i++) {
        low = key[i] < low ? key[i] : low;
        high = key[i] > high ? key[i] : high;
    }
    uint64_t span = (uint64_t)high - (uint64_t)low;
    if (span < 4 * (uint64_t)rows + DIRECT_SLACK)
        number_direct(kn, key, rows, low, (size_t)span + 1, code, ret_keys, ret_n);
    else
        number_hash(kn, key, rows, code, ret_keys, ret_n);
    *ret_code = code;
    return work_check(kn);
}

/* ---- grouping ---- */
typedef struct Pair {
    int64_t invoice;
    int32_t customer;
    int32_t used;
} Pair;

typedef struct PairSet {
    Pair *slots;
    size_t n, n_slots;
} PairSet;

/* True when the pair is new. */
static bool pair_add(Arena *a, PairSet *set, int32_t customer, int64_t invoice)
{
    if (set->n * 2 >= set->n_slots) {
        PairSet wider = {.n_slots = set->n_slots ? set->n_slots * 2 : 4096};
        wider.slots = ARENA_ARRAY(a, Pair, wider.n_slots);
        for (size_t i = 0; i < set->n_slots; i++)
            if (set->slots[i].used)
                pair_add(a, &wider, set->slots[i].customer, set->slots[i].invoice);
        *set = wider;
    }
    size_t mask = set->n_slots - 1;
    size_t at = mix((uint64_t)invoice * 31 + (uint64_t)customer) & mask;
    for (; set->slots[at].used; at = (at + 1) & mask)
        if (set->slots[at].invoice == invoice && set->slots[at].customer == customer)
            return false;
    set->slots[at] = (Pair){.invoice = invoice, .customer = customer, .used = 1};
    set->n++;
    return true;
}

static void count_invoices(const int32_t *customer, const int64_t *invoice, size_t rows,
                           int64_t *frequency)
{
    Arena *scratch = arena_new(1 << 16);
    PairSet set = {0};
    for (size_t i = 0; i < rows; i++) {
        /* lines of one invoice mostly stand together */
        if (i && customer[i] == customer[i - 1] && invoice[i] == invoice[i - 1])
            continue;
        if (pair_add(scratch, &set, customer[i], invoice[i]))
            frequency[customer[i]]++;
    }
    arena_free(scratch);
}

typedef struct Entry { /* one cache line serves all three */
    int64_t monetary;
    int32_t last, rows;
} Entry;

static Status gather(Kernel *kn, const int32_t *customer, const int32_t *day, const int64_t *amount,
                     size_t rows, size_t customers, int32_t snapshot, Entry *e)
{
    for (size_t i = 0; i < rows; i++) {
        if ((uint32_t)customer[i] >= customers)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, 0, customer[i]);
        if (day[i] > snapshot)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, 1, day[i]);
        Entry *c = &e[customer[i]];
        if (c->rows++ == 0 || day[i] > c->last)
            c->last = day[i];
        if (__builtin_add_overflow(c->monetary, amount[i], &c->monetary))
            return work_fail(kn, FAULT_RANGE, (int64_t)i, 2, (double)amount[i]);
    }
    return ST_OK;
}

Status rfm_group(Kernel *kn, const int32_t *customer, const int32_t *day, const int64_t *amount,
                 const int64_t *invoice, size_t rows, size_t customers, int32_t snapshot,
                 RfmTable *ret)
{
    if (rows == 0 || customers == 0)
        return work_fail(kn, FAULT_EMPTY, -1, -1, 0);
    Entry *e = ARENA_ARRAY(kn->arena, Entry, customers);
    TRY(gather(kn, customer, day, amount, rows, customers, snapshot, e));
    RfmTable t = {.n = customers};
    t.recency = arena_alloc(kn->arena, customers * sizeof(int64_t));
    t.frequency = ARENA_ARRAY(kn->arena, int64_t, customers);
    t.monetary = arena_alloc(kn->arena, customers * sizeof(int64_t));
    for (size_t c = 0; c < customers; c++) {
        if (e[c].rows == 0)
            return work_fail(kn, FAULT_EMPTY, (int64_t)c, 0, 0);
        t.recency[c] = (int64_t)snapshot - e[c].last;
        t.monetary[c] = e[c].monetary;
        t.frequency[c] = invoice ? 0 : e[c].rows;
    }
    if (invoice)
        count_invoices(customer, invoice, rows, t.frequency);
    *ret = t;
    return work_check(kn);
}
