/* SPDX-License-Identifier: Apache-2.0 */
/* Content lines (RFC 6350 section 3, RFC 5545 section 3.1). */
#include "export/export_line.h"
#include "base/calendar.h"

#define LINE 75
#define BUFFER ((size_t)256 * 1024)
#define MAX_BUFFER ((size_t)64 * 1024 * 1024)

Status export_cards_begin(Export *x, const char *path, void (*write)(Export *, Cards *),
                          Cards **ret)
{
    Cards *c = ARENA_NEW(x->cx->arena, Cards);
    *c = (Cards){.out = buf_in(x->cx->arena, MAX_BUFFER),
                 .value = buf_in(x->cx->arena, MAX_BUFFER),
                 .pad = arena_new(65536),
                 .write = write};
    *ret = c;
    return export_file_open(x->cx, path, &c->file);
}

Status export_cards_rows(Export *x, void *state, const Value *rows, size_t n)
{
    Cards *c = state;
    for (size_t i = 0; i < n; i++) {
        c->row = &rows[i * x->n_columns];
        c->write(x, c);
        arena_reset(c->pad);
        if (c->out.n > BUFFER || buf_overflowed(&c->out))
            TRY(export_file_add(x->cx, c->file, &c->out));
    }
    return ST_OK;
}

Status export_cards_end(Export *x, void *state)
{
    Cards *c = state;
    return export_file_add(x->cx, c->file, &c->out);
}

void export_cards_close(void *state)
{
    Cards *c = state;
    export_file_close(c->file);
    if (c->pad)
        arena_free(c->pad);
    c->pad = NULL;
}

/* ---- values of a row */
static const QueryColumn *column_named(const Export *x, const char *name)
{
    for (size_t i = 0; i < x->n_columns; i++)
        if (str_is(x->columns[i].name, name))
            return &x->columns[i];
    return NULL;
}

const Value *export_cards_value(const Export *x, const Cards *c, const char *const *names,
                                const QueryColumn **ret_column)
{
    for (; *names; names++) {
        const QueryColumn *column = column_named(x, *names);
        const Value *v = column ? &c->row[column - x->columns] : NULL;
        if (!v || v->t == V_NULL)
            continue;
        if (ret_column)
            *ret_column = column;
        return v;
    }
    return NULL;
}

Str export_cards_text(const Export *x, Cards *c, const char *const *names)
{
    const QueryColumn *column = NULL;
    const Value *v = export_cards_value(x, c, names, &column);
    buf_truncate(&c->value, 0);
    if (v)
        export_cell_text(x, column, v, &c->value);
    return buf_str(&c->value);
}

/* ---- lines */
void export_line_escape(Buf *out, Str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        if (ch == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')
            continue;
        if (ch == '\n' || ch == '\r') {
            buf_lit(out, "\\n");
            continue;
        }
        if ((unsigned char)ch < ' ' && ch != '\t') /* no control characters in these files */
            continue;
        if (ch == '\\' || ch == ',' || ch == ';')
            buf_char(out, '\\');
        buf_char(out, ch);
    }
}

/* Where a line of at most so many bytes ends: before a character, never within one. */
static size_t whole(Str s, size_t most)
{
    if (s.n <= most)
        return s.n;
    while (most > 1 && ((unsigned char)s.p[most] & 0xc0) == 0x80)
        most--;
    return most;
}

static void fold(Buf *out, Str line)
{
    for (size_t room = LINE; line.n; room = LINE - 1) {
        size_t n = whole(line, room);
        buf_str_add(out, str_n(line.p, n));
        buf_lit(out, "\r\n");
        line = str_sub(line, n, SIZE_MAX);
        if (line.n)
            buf_char(out, ' ');
    }
}

void export_line_raw(Cards *c, const char *head, Str value)
{
    Buf line = buf_in(c->pad, MAX_BUFFER);
    buf_str_add(&line, str_of(head));
    buf_char(&line, ':');
    buf_str_add(&line, value);
    fold(&c->out, buf_str(&line));
}

void export_line_text(Cards *c, const char *head, Str text)
{
    Buf value = buf_in(c->pad, MAX_BUFFER);
    if (!text.n)
        return;
    for (Str rest = text, part; c->plain_semicolons && str_split(&rest, ';', &part);) {
        export_line_escape(&value, part);
        if (part.p + part.n < text.p + text.n)
            buf_char(&value, ';');
    }
    if (!c->plain_semicolons)
        export_line_escape(&value, text);
    export_line_raw(c, head, buf_str(&value));
}

/* ---- values */
Str export_line_day(Arena *a, int64_t day, bool dashes)
{
    Civil v = calendar_civil(day);
    const char *form = dashes ? "%04d-%02d-%02d" : "%04d%02d%02d";
    return str_format(a, form, (int)v.year, v.month, v.day);
}

Str export_line_instant(Arena *a, int64_t ms, bool utc)
{
    int64_t day = calendar_floor_div(ms, 86400000);
    int second = (int)((ms - day * 86400000) / 1000);
    Str date = export_line_day(a, day, false);
    return str_format(a, STR_FMT "T%02d%02d%02d%s", STR_ARG(date), second / 3600, second / 60 % 60,
                      second % 60, utc ? "Z" : "");
}

Str export_line_urn(Arena *a, const Export *x, Id id)
{
    return str_format(a, "urn:x-guanxi:" STR_FMT ":%lld", STR_ARG(x->object->name), (long long)id);
}
