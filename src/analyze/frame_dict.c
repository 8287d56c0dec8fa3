/* SPDX-License-Identifier: Apache-2.0 */
/* Dictionary of a text column: open addressing over the hashes of the values, which are views of the
 * file. Codes come in order of appearance and are put into byte order at the end. */
#include "analyze/frame_internal.h"
#include <stdlib.h>

struct FrameDict {
    Arena *arena;
    VEC(Str) values;
    uint32_t *slots; /* code + 1 */
    uint32_t *hashes;
    size_t mask;
    int32_t last; /* code given last: runs of the same value are common */
};

FrameDict *frame_dict_new(Arena *a)
{
    FrameDict *d = ARENA_NEW(a, FrameDict);
    d->arena = a;
    d->mask = 63;
    d->slots = ARENA_ARRAY(a, uint32_t, 64);
    d->hashes = ARENA_ARRAY(a, uint32_t, 64);
    d->last = -1;
    return d;
}

static uint32_t hash_of(Str s)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ s.n;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t w;
        memcpy(&w, s.p + i, 8);
        h = (h ^ w) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    uint64_t tail = 0;
    for (; i < s.n; i++)
        tail = tail << 8 | (unsigned char)s.p[i];
    h = (h ^ tail) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (uint32_t)(h ^ (h >> 33));
}

static void grow(FrameDict *d)
{
    size_t mask = d->mask * 2 + 1;
    uint32_t *slots = ARENA_ARRAY(d->arena, uint32_t, mask + 1);
    uint32_t *hashes = ARENA_ARRAY(d->arena, uint32_t, mask + 1);
    for (size_t i = 0; i <= d->mask; i++) {
        if (!d->slots[i])
            continue;
        size_t at = d->hashes[i] & mask;
        while (slots[at])
            at = (at + 1) & mask;
        slots[at] = d->slots[i];
        hashes[at] = d->hashes[i];
    }
    d->slots = slots;
    d->hashes = hashes;
    d->mask = mask;
}

int32_t frame_dict_code(FrameDict *d, Str s)
{
    if (d->last >= 0 && str_eq(d->values.v[d->last], s))
        return d->last;
    uint32_t h = hash_of(s);
    size_t at = h & d->mask;
    for (; d->slots[at]; at = (at + 1) & d->mask)
        if (d->hashes[at] == h && str_eq(d->values.v[d->slots[at] - 1], s))
            return d->last = (int32_t)d->slots[at] - 1;
    VEC_PUSH(d->arena, &d->values, s);
    d->slots[at] = (uint32_t)d->values.n;
    d->hashes[at] = h;
    d->last = (int32_t)d->values.n - 1;
    if (d->values.n * 2 > d->mask)
        grow(d);
    return d->last;
}

/* ---- codes of a column */
static void widen(Series *c, size_t rows)
{
    uint8_t had = c->code_bytes;
    uint16_t *two = c->code;
    int32_t *four = c->code;
    Series old = *c;
    c->code_bytes = had == 1 ? 2 : 4;
    for (size_t i = rows; i-- > 0;) {
        int32_t v = frame_code(&old, i);
        if (had == 1)
            two[i] = v < 0 ? UINT16_MAX : (uint16_t)v;
        else
            four[i] = v;
    }
}

void frame_set_code(Series *c, size_t i, int32_t code, size_t rows)
{
    while ((c->code_bytes == 1 && code >= UINT8_MAX) || (c->code_bytes == 2 && code >= UINT16_MAX))
        widen(c, rows);
    if (c->code_bytes == 1)
        ((uint8_t *)c->code)[i] = code < 0 ? UINT8_MAX : (uint8_t)code;
    else if (c->code_bytes == 2)
        ((uint16_t *)c->code)[i] = code < 0 ? UINT16_MAX : (uint16_t)code;
    else
        ((int32_t *)c->code)[i] = code;
}

size_t frame_dict_count(const FrameDict *d) { return d->values.n; }

typedef struct Ranked {
    Str s;
    int32_t code;
} Ranked;

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(((const Ranked *)a)->s, ((const Ranked *)b)->s);
}

Str *frame_dict_sorted(FrameDict *d, Arena *a, int32_t **ret_map)
{
    size_t n = d->values.n;
    Ranked *r = ARENA_ARRAY(a, Ranked, n + 1);
    Str *values = ARENA_ARRAY(a, Str, n + 1);
    *ret_map = ARENA_ARRAY(a, int32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        r[i] = (Ranked){d->values.v[i], (int32_t)i};
    if (n)
        qsort(r, n, sizeof(*r), by_bytes);
    for (size_t i = 0; i < n; i++) {
        values[i] = r[i].s;
        (*ret_map)[r[i].code] = (int32_t)i;
    }
    return values;
}
