/* SPDX-License-Identifier: Apache-2.0 */
/* Dictionary of one column: values to small codes. Code 0 is null. Values are owned (malloc). */
#include "query/columns_internal.h"
#include <stdlib.h>

static uint64_t dict_hash(const DbVal *v)
{
    if (v->type == DB_TEXT)
        return str_hash(v->s);
    uint64_t z = (uint64_t)(v->type == DB_BOOL ? v->b : v->i) * 0x9e3779b97f4a7c15ULL;
    return z ^ (z >> 29);
}

static bool dict_same(const DbVal *a, const DbVal *b)
{
    if (a->type == DB_TEXT)
        return str_eq(a->s, b->s);
    return a->type == DB_BOOL ? a->b == b->b : a->i == b->i;
}

static uint32_t *dict_slot(const ColumnDict *d, const DbVal *v)
{
    uint32_t i = (uint32_t)dict_hash(v) & (d->n_slots - 1);
    while (d->slots[i] && !dict_same(&d->values[d->slots[i]], v))
        i = (i + 1) & (d->n_slots - 1);
    return &d->slots[i];
}

uint32_t columns_code(const ColumnDict *d, const DbVal *v)
{
    if (v->null)
        return 0;
    if (!d->n_slots)
        return UINT32_MAX;
    uint32_t code = *dict_slot(d, v);
    return code ? code : UINT32_MAX;
}

static void dict_grow(ColumnDict *d)
{
    d->cap = d->cap ? d->cap * 2 : 16;
    d->n_slots = d->cap * 4;
    d->values = columns_grow(d->values, d->cap * sizeof *d->values);
    free(d->slots);
    d->slots = columns_grow(NULL, d->n_slots * sizeof *d->slots);
    memset(d->slots, 0, d->n_slots * sizeof *d->slots);
    for (uint32_t i = 1; i < d->n; i++)
        *dict_slot(d, &d->values[i]) = i;
}

bool columns_dict_add(ColumnDict *d, const DbVal *v, uint16_t *ret)
{
    if (!d->n)
        d->n = 1; /* null */
    if (d->n >= d->cap)
        dict_grow(d);
    *ret = 0;
    if (v->null)
        return true;
    uint32_t *slot = dict_slot(d, v);
    if (!*slot) {
        if (d->n > COLUMNS_MAX_CODES)
            return false;
        d->values[d->n] = *v;
        if (v->type == DB_TEXT) {
            char *text = columns_grow(NULL, v->s.n + 1);
            memcpy(text, v->s.p, v->s.n);
            d->values[d->n].s = str_n(text, v->s.n);
        }
        *slot = d->n++;
    }
    *ret = (uint16_t)*slot;
    return true;
}

void columns_dict_done(ColumnDict *d)
{
    for (uint32_t i = 1; i < d->n; i++)
        if (d->values[i].type == DB_TEXT)
            free((char *)d->values[i].s.p);
    free(d->values);
    free(d->slots);
    *d = (ColumnDict){0};
}
