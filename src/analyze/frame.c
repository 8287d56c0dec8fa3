/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of a frame that has been read: finding, checking, dropping rows, groups. */
#include "analytics/describe.h"
#include "analyze/frame_internal.h"
#include "analyze/frame_scan.h"
#include "base/calendar.h"
#include "base/utf8.h"
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

int64_t frame_line(const Frame *f, size_t i)
{
    FrameScan s = {.text = f->text, .separator = f->separator};
    Ctx none = {.arena = arena_new(4096)};
    int64_t wanted = frame_row(f, i) + 1, row = 0; /* row 0 is the header here */
    frame_scan_separator(f->text, &s.at);
    s.arena = none.arena;
    for (; frame_scan_row(&s) && row < wanted; row++) {
        Str cell;
        bool more = true;
        while (more && frame_scan_cell(&none, &s, &cell, &more) == ST_OK)
            ;
    }
    int64_t line = frame_scan_line(f->text, s.row_at);
    arena_free(none.arena);
    return line;
}

Series *frame_column(const Frame *f, Str name)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (f->columns[i].is_read && str_eq(f->columns[i].name, name))
            return &f->columns[i];
    return NULL;
}

static Str nearest(const Frame *f, Str name)
{
    Str best = STR_NULL;
    size_t least = 1 + name.n / 2;
    for (size_t i = 0; i < f->n_columns; i++) {
        size_t d = fold_distance(name, f->columns[i].name, least);
        if (d < least) {
            least = d;
            best = f->columns[i].name;
        }
    }
    return best;
}

Status frame_find(Ctx *cx, const Frame *f, Str name, Series **ret)
{
    for (size_t i = 0; i < f->n_columns; i++) {
        *ret = &f->columns[i];
        if (str_eq(f->columns[i].name, name))
            return ST_OK;
    }
    *ret = NULL;
    Str near = utf8_valid(name, NULL) ? nearest(f, name) : STR_NULL;
    if (near.n)
        return FAIL(cx, ST_NOT_FOUND, "analyze.no_column_near",
                    "there is no column \"" STR_FMT "\"; did you mean \"" STR_FMT "\"?",
                    STR_ARG(name), STR_ARG(near));
    return FAIL(cx, ST_NOT_FOUND, "analyze.no_column", "there is no column \"" STR_FMT "\"",
                STR_ARG(name));
}

Status frame_need_numbers(Ctx *cx, const Frame *f, const Series *c)
{
    if (c->kind == COLUMN_NUMBER)
        return ST_OK;
    if (c->odd_row < 0)
        return FAIL(cx, ST_INVALID, "analyze.not_numbers",
                    "column \"" STR_FMT "\" does not hold numbers", STR_ARG(c->name));
    Frame all = *f;
    all.row = NULL;
    return FAIL(cx, ST_INVALID, "analyze.not_number",
                "column \"" STR_FMT "\", line %lld: \"" STR_FMT "\" is not a number",
                STR_ARG(c->name), (long long)frame_line(&all, (size_t)c->odd_row),
                STR_ARG(str_sub(c->odd_cell, 0, 60)));
}

static bool compact_day(double v, double *ret)
{
    Civil c = {(int32_t)(v / 10000), (int)fmod(v / 100, 100), (int)fmod(v, 100)};
    if (v != floor(v) || v < 10101 || v > 99991231 || !calendar_valid(c))
        return false;
    *ret = (double)calendar_days(c);
    return true;
}

Status frame_need_dates(Ctx *cx, const Frame *f, Series *c)
{
    if (c->kind == COLUMN_DATE)
        return ST_OK;
    if (c->kind == COLUMN_TEXT)
        return FAIL(cx, ST_INVALID, "analyze.not_dates",
                    "column \"" STR_FMT "\" does not hold dates: \"" STR_FMT "\"", STR_ARG(c->name),
                    STR_ARG(str_sub(c->odd_cell, 0, 60)));
    for (size_t i = 0; i < f->n; i++)
        if (!isnan(c->num[i]) && !compact_day(c->num[i], &c->num[i]))
            return FAIL(cx, ST_INVALID, "analyze.not_date",
                        "column \"" STR_FMT "\", line %lld: %.17g is not a date", STR_ARG(c->name),
                        (long long)frame_line(f, i), c->num[i]);
    c->kind = COLUMN_DATE;
    return ST_OK;
}

/* ---- fewer rows */
static void keep_in(Series *c, const uint8_t *keep, size_t n)
{
    size_t to = 0;
    c->n_missing = 0;
    for (size_t i = 0; i < n; i++) {
        if (!keep[i])
            continue;
        if (c->num)
            c->num[to] = c->num[i];
        else
            frame_set_code(c, to, frame_code(c, i), 0);
        if (c->coded)
            c->coded[to] = c->coded[i];
        c->n_missing += frame_is_missing(c, to);
        to++;
    }
}

void frame_keep(Ctx *cx, Frame *f, const uint8_t *keep)
{
    size_t kept = 0;
    int64_t *row = f->row ? f->row : arena_alloc(cx->arena, sizeof(*row) * (f->n + 1));
    for (size_t i = 0; i < f->n; i++)
        if (keep[i])
            row[kept++] = frame_row(f, i);
    for (size_t k = 0; k < f->n_columns; k++)
        if (f->columns[k].is_read)
            keep_in(&f->columns[k], keep, f->n);
    f->row = row;
    f->n = kept;
}

void frame_reorder(Ctx *cx, Frame *f, const uint32_t *at)
{
    size_t n = f->n, bytes = sizeof(double) * (n + 1);
    int64_t *row = arena_alloc(cx->arena, sizeof(*row) * (n + 1));
    void *was = arena_alloc(cx->arena, bytes);
    for (size_t k = 0; k < f->n_columns; k++) {
        Series *c = &f->columns[k];
        if (!c->is_read)
            continue;
        if (c->num) {
            memcpy(was, c->num, sizeof(double) * n);
            for (size_t i = 0; i < n; i++)
                c->num[i] = ((const double *)was)[at[i]];
        } else {
            int32_t *code = was;
            for (size_t i = 0; i < n; i++)
                code[i] = frame_code(c, i);
            for (size_t i = 0; i < n; i++)
                frame_set_code(c, i, code[at[i]], 0);
        }
        if (c->coded) {
            memcpy(was, c->coded, n);
            for (size_t i = 0; i < n; i++)
                c->coded[i] = ((const uint8_t *)was)[at[i]];
        }
    }
    for (size_t i = 0; i < n; i++)
        row[i] = frame_row(f, at[i]);
    f->row = row;
}

void frame_release(Series *c)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = (uintptr_t)c->num;
    uintptr_t low = (from + page - 1) & ~(page - 1),
              high = (from + c->num_room * sizeof(double)) & ~(page - 1);
    if (c->num && high > low)
        madvise((void *)low, high - low, MADV_DONTNEED); /* NOLINT(performance-no-int-to-ptr) */
    c->num = NULL;
    c->is_read = false;
}

size_t frame_listwise(Ctx *cx, Frame *f, Series *const *columns, size_t n)
{
    size_t dropped = 0, any = 0;
    for (size_t k = 0; k < n; k++)
        any += columns[k]->n_missing;
    if (!any)
        return 0;
    uint8_t *keep = ARENA_ARRAY(cx->arena, uint8_t, f->n + 1);
    for (size_t i = 0; i < f->n; i++) {
        keep[i] = 1;
        for (size_t k = 0; k < n; k++)
            keep[i] &= !frame_is_missing(columns[k], i);
        dropped += !keep[i];
    }
    frame_keep(cx, f, keep);
    return dropped;
}

/* ---- groups */
Str frame_label(Arena *a, const Series *c, double v)
{
    Buf b = buf_in(a, 64);
    if (c->kind != COLUMN_DATE) {
        buf_json_real(&b, v);
        Str s = buf_str(&b);
        return str_ends(s, STR(".0")) ? str_sub(s, 0, s.n - 2) : s;
    }
    double day = floor(v);
    if (day == v)
        calendar_write_date(&b, (int64_t)day);
    else
        calendar_write_datetime(&b, llround(v * 86400000));
    return buf_str(&b);
}

static Status number_groups(Ctx *cx, const Frame *f, const Series *c, Groups *g)
{
    Kernel k = {.arena = cx->arena, .threads = 1};
    Status st = describe_distinct(&k, c->num, NULL, f->n, &g->value, NULL, g->of, &g->n);
    if (st == ST_INVALID) /* nothing but gaps */
        return ST_OK;
    if (st != ST_OK)
        return FAIL(cx, st, "analyze.too_many_values",
                    "column \"" STR_FMT "\" has too many different values", STR_ARG(c->name));
    g->labels = ARENA_ARRAY(cx->arena, Str, g->n + 1);
    for (size_t i = 0; i < g->n; i++)
        g->labels[i] = frame_label(cx->arena, c, g->value[i]);
    return ST_OK;
}

/* Only values that occur in the rows kept become groups. */
static void text_groups(Ctx *cx, const Frame *f, const Series *c, Groups *g)
{
    int32_t *map = ARENA_ARRAY(cx->arena, int32_t, c->n_values + 1);
    g->labels = ARENA_ARRAY(cx->arena, Str, c->n_values + 1);
    for (size_t i = 0; i < f->n; i++)
        if (frame_code(c, i) >= 0)
            map[frame_code(c, i)] = 1;
    for (size_t k = 0; k < c->n_values; k++) {
        if (!map[k])
            continue;
        map[k] = (int32_t)g->n;
        g->labels[g->n++] = c->values[k];
    }
    for (size_t i = 0; i < f->n; i++)
        g->of[i] = frame_code(c, i) < 0 ? -1 : map[frame_code(c, i)];
}

Status frame_groups(Ctx *cx, const Frame *f, const Series *c, Groups *ret)
{
    *ret = (Groups){.column = c};
    ret->of = arena_alloc(cx->arena, sizeof(*ret->of) * (f->n + 1));
    if (c->kind == COLUMN_TEXT)
        text_groups(cx, f, c, ret);
    else
        TRY(number_groups(cx, f, c, ret));
    if (ret->n == 0)
        return FAIL(cx, ST_INVALID, "analyze.all_missing",
                    "column \"" STR_FMT "\" has no valid value", STR_ARG(c->name));
    return ST_OK;
}

int32_t frame_group_of(const Groups *g, Str label)
{
    for (size_t i = 0; i < g->n; i++)
        if (str_eq(g->labels[i], label))
            return (int32_t)i;
    return -1;
}
