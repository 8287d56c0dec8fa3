/* SPDX-License-Identifier: Apache-2.0 */
/* Rows in an order of their own for methods that draw some at random; --out stays in the order of the file. */
#include "analytics/order.h"
#include "analyze/analyze_prepare.h"

static uint64_t text_hash(Str s)
{
    uint64_t h = s.n;
    for (size_t i = 0; i < s.n; i++)
        h = order_mix_bits(h, (uint8_t)s.p[i]);
    return h;
}

static void mix(Arena *a, const Series *c, size_t n, uint64_t *hash)
{
    if (c->num) {
        for (size_t i = 0; i < n; i++)
            hash[i] = order_mix(hash[i], c->num[i]);
        return;
    }
    uint64_t *of = ARENA_ARRAY(a, uint64_t, c->n_values + 1);
    for (size_t k = 0; k < c->n_values; k++)
        of[k] = text_hash(c->values[k]);
    for (size_t i = 0; i < n; i++)
        hash[i] = order_mix_bits(hash[i], frame_code(c, i) < 0 ? 1 : of[frame_code(c, i)]);
}

Status analyze_order(Analysis *an, Series *const *columns, size_t n_columns)
{
    size_t n = an->frame->n;
    uint64_t *hash = ARENA_ARRAY(an->cx->arena, uint64_t, n + 1);
    uint32_t *at = arena_alloc(an->cx->arena, sizeof(*at) * (n + 1));
    for (size_t k = 0; k < n_columns; k++)
        mix(an->cx->arena, columns[k], n, hash);
    TRY(order_rows(&an->kernel, hash, n, at));
    frame_reorder(an->cx, an->frame, at);
    uint32_t *back = arena_alloc(an->cx->arena, sizeof(*back) * (n + 1));
    for (size_t i = 0; i < n; i++)
        back[at[i]] = (uint32_t)i;
    an->result->out_at = back;
    return ST_OK;
}
