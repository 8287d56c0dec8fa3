/* SPDX-License-Identifier: Apache-2.0 */
/* Baskets: read, numbered in byte order of the items' names. */
#include "analyze/analyze_baskets.h"
#include "analyze/analyze_sales.h"
#include "analyze/frame_internal.h"
#include <math.h>

static char separator_of(const Analysis *an)
{
    Str s = analysis_text(an, "sep");
    if (str_is(s, "space"))
        return ' ';
    if (str_is(s, "tab"))
        return '\t';
    return s.n ? s.p[0] : ',';
}

/* ---- a basket a line ---- */
/* Without blanks in front and without quotes around it; blanks behind it belong to the name. */
static Str cell_of(Str s)
{
    while (s.n && (*s.p == ' ' || *s.p == '\t'))
        s = str_sub(s, 1, s.n - 1);
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        s = str_sub(s, 1, s.n - 2);
    return s;
}

typedef struct Lines {
    VEC(int64_t) start;
    VEC(int32_t) item;
    FrameDict *dict;
} Lines;

static void read_line(Analysis *an, Lines *l, Str line, char separator)
{
    Str cell;
    VEC_PUSH(an->cx->arena, &l->start, (int64_t)l->item.n);
    while (str_split(&line, separator, &cell)) {
        cell = cell_of(cell);
        if (cell.n)
            VEC_PUSH(an->cx->arena, &l->item, frame_dict_code(l->dict, cell));
    }
}

static Status from_lines(Analysis *an, Baskets *ret)
{
    Ctx *cx = an->cx;
    Frame f = {0};
    Lines l = {.dict = frame_dict_new(cx->arena)};
    TRY(frame_source(cx, str_z(cx->arena, analysis_text(an, "baskets")),
                     analysis_text(an, "encoding"), &f));
    Str text = f.text, line;
    char separator = separator_of(an);
    while (str_split(&text, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        read_line(an, &l, line, separator);
        if (kernel_cancelled(&an->kernel))
            return frame_cancelled(cx);
    }
    VEC_PUSH(cx->arena, &l.start, (int64_t)l.item.n);
    int32_t *map;
    ret->names = frame_dict_sorted(l.dict, cx->arena, &map);
    for (size_t i = 0; i < l.item.n; i++)
        l.item.v[i] = map[l.item.v[i]];
    ret->b = (ItemsetBaskets){l.start.n - 1, frame_dict_count(l.dict), l.start.v, l.item.v};
    an->result->n = (double)ret->b.baskets;
    return ST_OK;
}

/* ---- two columns: basket and item ---- */
static Status item_names(Analysis *an, Series *item, int32_t **ret_code, Str **ret_names,
                         size_t *ret_n)
{
    int64_t *keys;
    TRY(analyze_sales_number(an, item, ret_code, &keys, ret_n));
    *ret_names = item->values;
    if (!keys)
        return ST_OK;
    *ret_names = arena_alloc(an->cx->arena, (*ret_n + 1) * sizeof(Str));
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_names)[i] = frame_label(an->cx->arena, item, (double)keys[i]);
    return ST_OK;
}

static Status from_columns(Analysis *an, Baskets *ret)
{
    Series *basket, *item, *both[2];
    TRY(analysis_column(an, "basket", &basket));
    TRY(analysis_column(an, "item", &item));
    both[0] = basket;
    both[1] = item;
    TRY(analysis_listwise(an, both, 2));
    int32_t *basket_of, *item_of;
    int64_t *keys;
    size_t baskets, items, n = an->frame->n;
    TRY(analyze_sales_number(an, basket, &basket_of, &keys, &baskets));
    TRY(item_names(an, item, &item_of, &ret->names, &items));
    int64_t *start = ARENA_ARRAY(an->cx->arena, int64_t, baskets + 2);
    int32_t *cell = arena_alloc(an->cx->arena, (n + 1) * sizeof(*cell));
    for (size_t i = 0; i < n; i++)
        start[basket_of[i] + 2]++;
    for (size_t b = 2; b < baskets + 2; b++)
        start[b] += start[b - 1];
    for (size_t i = 0; i < n; i++)
        cell[start[basket_of[i] + 1]++] = item_of[i];
    ret->b = (ItemsetBaskets){baskets, items, start, cell};
    return ST_OK;
}

Status analyze_baskets_read(Analysis *an, Baskets *ret)
{
    *ret = (Baskets){0};
    bool has_file = analysis_has(an, "baskets");
    if (!has_file && (!an->frame || !analysis_has(an, "basket") || !analysis_has(an, "item")))
        return FAIL(an->cx, ST_MALFORMED, "analyze.basket_options",
                    "--baskets FILE, or --csv FILE with --basket and --item");
    if (has_file && an->frame)
        return analysis_refuse(an, "csv", "--baskets");
    if (has_file)
        TRY(analysis_refuse(an, "basket item", "--baskets"));
    else if (!analysis_has(an, "for")) /* --for parts its items by it too */
        TRY(analysis_refuse(an, "sep", "--csv"));
    TRY(has_file ? from_lines(an, ret) : from_columns(an, ret));
    if (ret->b.baskets == 0)
        return FAIL(an->cx, ST_INVALID, "analyze.no_baskets", "there is no basket");
    double support = analysis_number(an, "min-support", 0), n = (double)ret->b.baskets;
    if (!(support > 0) || (support >= 1 && support != floor(support)) || support > 1e15)
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_support",
                    "--min-support must be a share above 0 and below 1, or a whole count");
    /* a share such as 0.05 is not exact in binary: one part in 10^12 is forgiven */
    ret->min_count = support < 1 ? (int64_t)ceil(support * n * (1 - 1e-12)) : (int64_t)support;
    ret->min_support = support < 1 ? support : support / n;
    return ST_OK;
}

Status analyze_baskets_lengths(Analysis *an, int least, int *ret_min, int *ret_max)
{
    int64_t low = analysis_count(an, "min-len", least), high = analysis_count(an, "max-len", 0);
    if (low < least || low > 64 || high > 64 || (high && high < low))
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_lengths",
                    "--min-len must be %d to 64, --max-len from there to 64", least);
    *ret_min = (int)low;
    *ret_max = (int)high;
    return ST_OK;
}

json_t *analyze_baskets_items(const Baskets *d, const int32_t *item, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_stringn(d->names[item[i]].p, d->names[item[i]].n));
    return list;
}

Str analyze_baskets_text(Analysis *an, const Baskets *d, const int32_t *item, size_t n)
{
    Buf b = buf_in(an->cx->arena, 1 << 20);
    buf_lit(&b, "{");
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_lit(&b, ", ");
        buf_str_add(&b, d->names[item[i]]);
    }
    buf_lit(&b, "}");
    return buf_str(&b);
}

void analyze_baskets_put(json_t *o, const Baskets *d)
{
    result_put(o, "transactions", (double)d->b.baskets);
    result_put(o, "items", (double)d->b.items);
    result_put(o, "cells", (double)(d->b.start[d->b.baskets] - d->b.start[0]));
    result_put(o, "min_support", d->min_support);
    result_put(o, "min_count", (double)d->min_count);
}
