/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: rows that share a key. A key is a hash, so two may fall together: such pairs are compared like
 * any other. Keys: the value of a column, each word of a text, and the beginnings of two columns. */
#include "analytics/linkage.h"
#include "analytics/resemble_internal.h"
#include "base/vec.h"
#include <stdlib.h>

enum { MOST = 60, WORDS_KEYED = 12, HEAD = 4 };

typedef struct Key {
    uint64_t key;
    uint32_t row;
} Key;

typedef struct Blocks {
    Kernel *k;
    const LinkageTable *t;
    VEC(Key) keys;
} Blocks;

static int compare_keys(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int compare_pairs(const void *a, const void *b)
{
    const LinkagePair *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static void add(Blocks *b, size_t row, uint64_t kind, uint64_t hash)
{
    uint64_t x = hash + kind * UINT64_C(0x9e3779b97f4a7c15);
    VEC_PUSH(b->k->arena, &b->keys, ((Key){random_split(&x), (uint32_t)row}));
}

static Str head(Str s)
{
    size_t at = 0;
    for (int i = 0; i < HEAD && at < s.n; i++)
        (void)resemble_next(s, &at);
    return str_n(s.p, at);
}

static void add_words(Blocks *b, size_t row, size_t column, Str s)
{
    size_t begin = 0;
    for (size_t at = 0, n = 0; at <= s.n && n < WORDS_KEYED;) {
        size_t here = at;
        uint32_t c = at < s.n ? resemble_next(s, &at) : (at++, ' ');
        if (c < 0x2e80 && resemble_is_word(c))
            continue;
        if (here - begin >= 3) {
            add(b, row, 100 + column, str_hash(str_n(s.p + begin, here - begin)));
            n++;
        }
        begin = at;
    }
}

static void add_row(Blocks *b, size_t row)
{
    const LinkageTable *t = b->t;
    for (size_t c = 0; c < t->n_columns; c++) {
        Str s = t->columns[c].values[row];
        if (!s.n)
            continue;
        add(b, row, c, str_hash(s));
        if (t->columns[c].kind == LINKAGE_TEXT)
            add_words(b, row, c, s);
        for (size_t d = c + 1; d < t->n_columns; d++) {
            Str other = t->columns[d].values[row];
            if (other.n)
                add(b, row, 1000 + c * LINKAGE_COLUMNS + d,
                    str_hash(head(s)) * 31 + str_hash(head(other)));
        }
    }
}

typedef VEC(LinkagePair) Pairs;

static bool may_pair(const LinkageTable *t, uint32_t a, uint32_t b)
{
    return a != b && (!t->split || (a < t->split) != (b < t->split));
}

/* Repeats are dropped whenever as many have come again as were left before. */
static void drop_repeats(Pairs *p)
{
    size_t m = 0;
    if (!p->n)
        return;
    qsort(p->v, p->n, sizeof *p->v, compare_pairs);
    for (size_t i = 0; i < p->n; i++)
        if (!m || compare_pairs(&p->v[m - 1], &p->v[i]))
            p->v[m++] = p->v[i];
    p->n = m;
}

static Status pair_block(Blocks *b, const Key *keys, size_t n, size_t limit, Pairs *pairs,
                         size_t *left)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (may_pair(b->t, keys[i].row, keys[j].row))
                VEC_PUSH(b->k->arena, pairs, ((LinkagePair){.a = keys[i].row, .b = keys[j].row}));
    if (pairs->n < *left)
        return ST_OK;
    drop_repeats(pairs);
    if (pairs->n > limit) {
        b->k->fault =
            (Fault){.kind = FAULT_TOO_MANY, .column = -1, .row = -1, .need = (double)limit};
        return ST_TOO_LARGE;
    }
    *left = pairs->n * 2 > 65536 ? pairs->n * 2 : 65536;
    return ST_OK;
}

static size_t same_keys(const Key *keys, size_t n)
{
    size_t m = 1;
    while (m < n && keys[m].key == keys[0].key)
        m++;
    return m;
}

Status linkage_candidates(Kernel *k, const LinkageTable *t, size_t limit, LinkagePair **ret,
                          size_t *ret_n)
{
    Blocks b = {.k = k, .t = t};
    Pairs pairs = {0};
    size_t most = t->most ? t->most : MOST, left = 65536;
    if (t->n_columns > LINKAGE_COLUMNS || t->rows > UINT32_MAX)
        return kernel_fail(k, FAULT_RANGE, -1, -1);
    for (size_t i = 0; i < t->rows; i++)
        add_row(&b, i);
    if (b.keys.n)
        qsort(b.keys.v, b.keys.n, sizeof *b.keys.v, compare_keys);
    for (size_t i = 0, n; i < b.keys.n; i += n) {
        n = same_keys(b.keys.v + i, b.keys.n - i);
        if (kernel_cancelled(k))
            return ST_BUSY;
        if (n > 1 && n <= most)
            TRY(pair_block(&b, b.keys.v + i, n, limit, &pairs, &left));
    }
    left = 0;
    TRY(pair_block(&b, NULL, 0, limit, &pairs, &left));
    for (size_t i = 0; i < pairs.n; i++)
        pairs.v[i].levels = linkage_levels(t, pairs.v[i].a, pairs.v[i].b);
    *ret = pairs.v;
    *ret_n = pairs.n;
    return ST_OK;
}
