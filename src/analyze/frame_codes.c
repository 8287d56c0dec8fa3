/* SPDX-License-Identifier: Apache-2.0 */
/* Codes for "no answer": values such as 9, 99 or 不知道 that a column holds in place of a gap. The text
 * "q1,q2=9,99;answer=不知道;*=-1,97..98" says them column by column; * is every column, low..high is a
 * range of numbers. A cell that is one is read as blank, before the kind of the column is guessed. */
#include "analyze/frame_internal.h"
#include "analyze/split.h"

#define MOST_CODES 250 /* of a column: their numbers fit a byte */

static Status bad(Ctx *cx, Str part)
{
    return FAIL(cx, ST_MALFORMED, "analyze.bad_codes",
                "--missing-codes: \"" STR_FMT
                "\" is not of the form column=value,value (or low..high, * for all columns)",
                STR_ARG(part));
}

static bool code_of(Str text, FrameCode *ret)
{
    CellNumber low, high;
    size_t dots = 1;
    while (dots + 1 < text.n && (text.p[dots] != '.' || text.p[dots + 1] != '.'))
        dots++;
    *ret = (FrameCode){.text = text};
    if (dots + 2 < text.n && frame_cell_number(str_sub(text, 0, dots), &low) &&
        frame_cell_number(str_sub(text, dots + 2, text.n), &high)) {
        ret->low = low.v;
        ret->high = high.v;
        ret->is_number = true;
        return low.v <= high.v;
    }
    ret->is_number = frame_cell_number(text, &low);
    ret->low = ret->high = ret->is_number ? low.v : 0;
    return text.n > 0;
}

/* Where the columns end: the first = outside double quotes. */
static size_t equals_at(Str part)
{
    bool is_quoted = false;
    for (size_t i = 0; i < part.n; i++) {
        is_quoted ^= part.p[i] == '"';
        if (part.p[i] == '=' && !is_quoted)
            return i;
    }
    return part.n;
}

static Status parse_part(Ctx *cx, Str part, FrameCodes *ret)
{
    Str *values;
    size_t at = equals_at(part), n;
    if (at == 0 || at + 1 >= part.n)
        return bad(cx, part);
    *ret = (FrameCodes){0};
    split_list(cx->arena, str_sub(part, 0, at), &ret->columns, &ret->n_columns);
    split_list(cx->arena, str_sub(part, at + 1, part.n), &values, &n);
    ret->is_all = ret->n_columns == 1 && str_is(ret->columns[0], "*");
    ret->codes = ARENA_ARRAY(cx->arena, FrameCode, n);
    for (; ret->n < n; ret->n++)
        if (!code_of(str_trim(values[ret->n]), &ret->codes[ret->n]))
            return bad(cx, part);
    return ST_OK;
}

Status frame_codes_parse(Ctx *cx, Str text, FrameCodes **ret, size_t *ret_n)
{
    VEC(FrameCodes) list = {0};
    bool is_quoted = false;
    for (size_t from = 0, i = 0; i <= text.n; i++) {
        is_quoted ^= i < text.n && text.p[i] == '"';
        if (i < text.n && (text.p[i] != ';' || is_quoted))
            continue;
        FrameCodes one;
        TRY(parse_part(cx, str_trim(str_sub(text, from, i - from)), &one));
        VEC_PUSH(cx->arena, &list, one);
        from = i + 1;
    }
    *ret = list.v;
    *ret_n = list.n;
    return ST_OK;
}

static bool names(const FrameCodes *c, Str column)
{
    for (size_t i = 0; i < c->n_columns; i++)
        if (str_eq(c->columns[i], column))
            return true;
    return c->is_all;
}

Status frame_codes_take(Ctx *cx, const FrameWanted *w, size_t rows, Series *c)
{
    VEC(FrameCode) list = {0};
    for (size_t i = 0; i < w->n_codes; i++) {
        if (!names(&w->codes[i], c->name))
            continue;
        c->is_asked |= !w->codes[i].is_all;
        for (size_t k = 0; k < w->codes[i].n; k++)
            VEC_PUSH(cx->arena, &list, w->codes[i].codes[k]);
    }
    c->codes = list.v;
    c->n_codes = list.n;
    if (list.n > MOST_CODES)
        return FAIL(cx, ST_INVALID, "analyze.many_codes",
                    "column \"" STR_FMT "\" has more than %d codes for missing", STR_ARG(c->name),
                    MOST_CODES);
    if (list.n)
        c->coded = ARENA_ARRAY(cx->arena, uint8_t, rows + 1);
    return ST_OK;
}

Status frame_codes_check(Ctx *cx, const Frame *f, const FrameWanted *w)
{
    Series *found;
    for (size_t i = 0; i < w->n_codes; i++)
        for (size_t k = 0; !w->codes[i].is_all && k < w->codes[i].n_columns; k++)
            TRY(frame_find(cx, f, w->codes[i].columns[k], &found));
    return ST_OK;
}

bool frame_codes_hit(Series *c, size_t row, Str cell)
{
    CellNumber number;
    c->coded[row] = 0;
    bool is_number = cell.n && frame_cell_number(cell, &number);
    for (size_t k = 0; k < c->n_codes && cell.n; k++) {
        const FrameCode *code = &c->codes[k];
        bool is_it = is_number && code->is_number ? number.v >= code->low && number.v <= code->high
                                                  : str_eq(code->text, cell);
        if (is_it) {
            c->coded[row] = (uint8_t)(k + 1);
            return true;
        }
    }
    return false;
}
