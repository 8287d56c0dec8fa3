/* SPDX-License-Identifier: Apache-2.0 */
/* Rows into columns. A column starts as numbers; the first cell that is none makes it dates, then
 * text, in another pass over the file for such columns alone: three passes at most, usually one. */
#include "analyze/frame_internal.h"
#include "analyze/frame_scan.h"
#include "base/utf8.h"

#define CHECK_EVERY 65536
#define DROP_EVERY ((size_t)16 << 20) /* bytes read that stay in memory */

typedef struct Filling {
    Series *column;
    size_t index; /* position in the row */
    bool is_active;
    bool month_first, day_first; /* seen in a date with the year last */
    bool is_open;                /* seen: a date that could be either */
    int64_t order_row;
    int64_t unreal_row;
    Str unreal_cell;
    FrameDict *dict;
} Filling;

typedef struct Reader {
    Ctx *cx;
    Frame *f;
    const FrameWanted *wanted;
    Filling *of;      /* by position; column NULL: passed over */
    size_t capacity;  /* rows */
    size_t data_at;   /* where the rows begin */
    size_t bad_row;   /* text that is not UTF-8 */
    Series *bad_text; /* NULL: none */
} Reader;

Status frame_cancelled(Ctx *cx)
{
    return FAIL(cx, ST_BUSY, "analyze.cancelled", "stopped by request");
}

static void leave(Filling *c, size_t row, Str cell)
{
    c->is_active = false;
    if (c->column->odd_row < 0) {
        c->column->odd_row = (int64_t)row;
        c->column->odd_cell = cell;
    }
}

static void take_number(Filling *c, size_t row, Str cell)
{
    CellNumber number;
    double *to = &c->column->num[row];
    *to = NAN;
    if (!cell.n)
        return;
    if (!frame_cell_number(cell, &number)) {
        if (!frame_cell_is_unreal(cell))
            return leave(c, row, cell);
        if (c->unreal_row < 0) {
            c->unreal_row = (int64_t)row;
            c->unreal_cell = cell;
        }
        return;
    }
    bool is_code = number.whole && (number.digits > 15 || (cell.p[0] == '0' && cell.n > 1));
    if (is_code)
        return leave(c, row, cell);
    if (number.scale > c->column->scale)
        c->column->scale = number.scale < 9 ? number.scale : 9;
    c->column->has_groups |= number.is_grouped;
    *to = number.v;
}

static void take_date(Filling *c, size_t row, Str cell)
{
    bool day_first, month_first;
    double *to = &c->column->num[row];
    *to = NAN;
    if (!cell.n)
        return;
    c->is_open |= frame_cell_date_order(cell, &day_first, &month_first);
    if (((day_first && !c->day_first) || (month_first && !c->month_first)) && c->order_row < 0)
        c->order_row = (int64_t)row;
    c->day_first |= day_first;
    c->month_first |= month_first;
    if ((c->day_first && c->month_first) || !frame_cell_date(cell, c->day_first, to))
        leave(c, row, cell);
}

static void take_text(Reader *r, Filling *c, size_t row, Str cell)
{
    frame_set_code(c->column, row, -1, row);
    if (!cell.n)
        return;
    size_t before = frame_dict_count(c->dict);
    frame_set_code(c->column, row, frame_dict_code(c->dict, cell), row);
    if (frame_dict_count(c->dict) > before && !r->bad_text && !utf8_valid(cell, NULL)) {
        r->bad_text = c->column;
        r->bad_row = row;
    }
}

static void take(Reader *r, Filling *c, size_t row, Str cell)
{
    if (!c->is_active)
        return;
    cell = str_trim(cell);
    if (c->column->n_codes && frame_codes_hit(c->column, row, cell))
        cell = STR("");
    switch (c->column->kind) {
    case COLUMN_NUMBER: take_number(c, row, cell); break;
    case COLUMN_DATE: take_date(c, row, cell); break;
    case COLUMN_TEXT: take_text(r, c, row, cell); break;
    }
}

static Status bad_width(Reader *r, const FrameScan *s, size_t line_at, size_t cells)
{
    return FAIL(r->cx, ST_INVALID, "analyze.bad_width",
                "line %lld has %zu cells, the header has %zu",
                (long long)frame_scan_line(r->f->text, line_at), cells, s->columns);
}

static Status read_row(Reader *r, FrameScan *s, size_t row)
{
    size_t from = s->at, k = 0;
    for (bool more = true; more; k++) {
        Str cell;
        TRY(frame_scan_cell(r->cx, s, &cell, &more));
        if (k < s->columns && r->of[k].column)
            take(r, &r->of[k], row, cell);
    }
    return k == s->columns ? ST_OK : bad_width(r, s, from, k);
}

static Status pass(Reader *r)
{
    FrameScan s = {.text = r->f->text,
                   .at = r->data_at,
                   .separator = r->f->separator,
                   .columns = r->f->n_columns,
                   .arena = r->cx->arena};
    size_t row = 0, dropped = 0;
    for (; frame_scan_row(&s); row++) {
        if (row % CHECK_EVERY == 0) {
            if (s.at - dropped > DROP_EVERY) {
                frame_source_drop(r->f, dropped, s.at);
                dropped = s.at;
            }
            if (r->wanted->cancel && atomic_load(r->wanted->cancel))
                return frame_cancelled(r->cx);
            if (r->wanted->progress)
                r->wanted->progress(r->wanted->progress_arg, (double)s.at / (double)s.text.n);
        }
        TRY(read_row(r, &s, row));
    }
    frame_source_drop(r->f, dropped, s.at);
    r->f->n = r->f->n_read = row;
    return ST_OK;
}

/* ---- before and after a pass */
static void begin(Reader *r, Filling *c)
{
    Arena *a = r->cx->arena;
    Series *column = c->column;
    c->is_active = true;
    if (column->kind == COLUMN_TEXT) {
        column->num = NULL;
        column->code = arena_alloc(a, sizeof(int32_t) * (r->capacity + 1));
        column->code_bytes = 1;
        c->dict = frame_dict_new(a);
    } else if (!column->num) {
        column->num = arena_alloc(a, sizeof(*column->num) * (r->capacity + 1));
        column->num_room = r->capacity + 1;
    }
}

static Status unreal(Reader *r, const Filling *c)
{
    return FAIL(r->cx, ST_INVALID, "analyze.unreal",
                "column \"" STR_FMT "\", line %lld: \"" STR_FMT "\" is not a finite number",
                STR_ARG(c->column->name), (long long)frame_line(r->f, (size_t)c->unreal_row),
                STR_ARG(c->unreal_cell));
}

static void sort_dictionary(Reader *r, Filling *c)
{
    int32_t *map;
    Series *column = c->column;
    column->n_values = frame_dict_count(c->dict);
    column->values = frame_dict_sorted(c->dict, r->cx->arena, &map);
    for (size_t i = 0; i < r->f->n; i++)
        if (frame_code(column, i) >= 0)
            frame_set_code(column, i, map[frame_code(column, i)], 0);
}

static Status finish(Reader *r, Filling *c, bool *ret_again)
{
    Series *column = c->column;
    if (!c->is_active) {
        column->kind = column->kind == COLUMN_NUMBER ? COLUMN_DATE : COLUMN_TEXT;
        column->scale = 0;
        *ret_again = true;
        return ST_OK;
    }
    if (column->kind == COLUMN_NUMBER && c->unreal_row >= 0)
        return unreal(r, c);
    if (column->kind == COLUMN_TEXT)
        sort_dictionary(r, c);
    for (size_t i = 0; i < r->f->n; i++)
        column->n_missing += frame_is_missing(column, i);
    column->is_order_open =
        column->kind == COLUMN_DATE && c->is_open && !c->day_first && !c->month_first;
    column->is_read = true;
    return ST_OK;
}

/* A day-first column whose first rows could be read either way is read again. */
static bool must_turn(const Filling *c)
{
    return c->is_active && c->column->kind == COLUMN_DATE && c->day_first && c->order_row > 0;
}

static Status fill(Reader *r)
{
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < r->f->n_columns; i++)
            if (r->of[i].column && !r->of[i].column->is_read)
                begin(r, &r->of[i]);
        TRY(pass(r));
        for (size_t i = 0; i < r->f->n_columns; i++) {
            Filling *c = &r->of[i];
            if (c->column && !c->column->is_read && must_turn(c)) {
                c->order_row = 0;
                again = true;
            } else if (c->column && !c->column->is_read) {
                TRY(finish(r, c, &again));
            }
            c->is_active = false;
        }
    }
    if (r->bad_text)
        return FAIL(r->cx, ST_INVALID, "analyze.bad_text",
                    "column \"" STR_FMT "\", line %lld: the text is not valid UTF-8",
                    STR_ARG(r->bad_text->name), (long long)frame_line(r->f, r->bad_row));
    return ST_OK;
}

/* ---- header and choice of columns */
static Status check_name(Ctx *cx, Frame *f, size_t k)
{
    Series *c = &f->columns[k];
    c->odd_row = -1;
    if (!c->name.n)
        c->name = str_format(cx->arena, "column_%zu", k + 1);
    if (!utf8_valid(c->name, NULL))
        return FAIL(cx, ST_INVALID, "analyze.bad_header",
                    "the name of column %zu is not valid UTF-8", k + 1);
    for (size_t i = 0; i < k; i++)
        if (str_eq(f->columns[i].name, c->name))
            return FAIL(cx, ST_INVALID, "analyze.same_name",
                        "columns %zu and %zu are both called \"" STR_FMT "\"", i + 1, k + 1,
                        STR_ARG(c->name));
    return ST_OK;
}

static Status read_header(Reader *r)
{
    Frame *f = r->f;
    FrameScan s = {.text = f->text, .arena = r->cx->arena};
    s.separator = f->separator = frame_scan_separator(f->text, &s.at);
    if (!frame_scan_row(&s))
        return FAIL(r->cx, ST_INVALID, "analyze.no_rows", "the file is empty");
    f->columns = ARENA_ARRAY(r->cx->arena, Series, FRAME_MAX_COLUMNS);
    for (bool more = true; more; f->n_columns++) {
        Str cell;
        TRY(frame_scan_cell(r->cx, &s, &cell, &more));
        if (f->n_columns == FRAME_MAX_COLUMNS)
            return FAIL(r->cx, ST_INVALID, "analyze.too_many_columns",
                        "there are more than %d columns", FRAME_MAX_COLUMNS);
        f->columns[f->n_columns].name = str_trim(cell);
        TRY(check_name(r->cx, f, f->n_columns));
    }
    r->data_at = s.at;
    return ST_OK;
}

static Status choose(Reader *r)
{
    Ctx *cx = r->cx;
    Frame *f = r->f;
    uint8_t *used = ARENA_ARRAY(cx->arena, uint8_t, f->n_columns);
    if (!r->wanted->names)
        memset(used, 1, f->n_columns);
    for (size_t i = 0; r->wanted->names && i < r->wanted->n; i++) {
        Series *c = NULL;
        TRY(frame_find(cx, f, r->wanted->names[i], &c));
        used[c - f->columns] = 1;
    }
    if (r->wanted->where.n)
        TRY(frame_where_names(cx, f, r->wanted->where, used));
    if (r->wanted->test.n)
        TRY(frame_where_names(cx, f, r->wanted->test, used));
    r->of = ARENA_ARRAY(cx->arena, Filling, f->n_columns);
    for (size_t i = 0; i < f->n_columns; i++)
        if (used[i])
            r->of[i] =
                (Filling){.column = &f->columns[i], .index = i, .order_row = -1, .unreal_row = -1};
    return ST_OK;
}

static size_t line_count(const Frame *f)
{
    size_t n = 1;
    for (size_t from = 0; from < f->text.n; from += DROP_EVERY) {
        size_t to = f->text.n - from < DROP_EVERY ? f->text.n : from + DROP_EVERY;
        for (size_t i = from; i < to; i++)
            n += f->text.p[i] == '\n' || f->text.p[i] == '\r';
        frame_source_drop(f, from, to);
    }
    return n;
}

static Status read_source(Ctx *cx, const FrameWanted *wanted, Frame *f)
{
    Reader r = {.cx = cx, .f = f, .wanted = wanted};
    TRY(read_header(&r));
    TRY(choose(&r));
    r.capacity = line_count(f);
    TRY(frame_codes_check(cx, f, wanted));
    for (size_t i = 0; wanted->n_codes && i < f->n_columns; i++)
        if (r.of[i].column)
            TRY(frame_codes_take(cx, wanted, r.capacity, r.of[i].column));
    TRY(fill(&r));
    return wanted->where.n ? frame_where(cx, f, wanted->where, wanted->cancel) : ST_OK;
}

Status frame_read(Ctx *cx, const char *path, const FrameWanted *wanted, Frame *ret)
{
    memset(ret, 0, sizeof(*ret));
    TRY(frame_source(cx, path, wanted->encoding, ret));
    return read_source(cx, wanted, ret);
}

Status frame_read_text(Ctx *cx, Str text, const FrameWanted *wanted, Frame *ret)
{
    memset(ret, 0, sizeof(*ret));
    TRY(frame_source_text(cx, text, wanted->encoding, ret));
    return read_source(cx, wanted, ret);
}
