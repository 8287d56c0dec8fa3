/* SPDX-License-Identifier: Apache-2.0 */
/* What a person sees of a file before deciding: how it is read, its columns with samples and the field each
 * seems to mean, its first rows, and the ready mappings of the systems it may come from. */
#include "import/import_internal.h"

#define SAMPLES 5     /* different texts of a column that are shown */
#define SHOWN 20      /* rows */
#define LOOKED_AT 200 /* rows for guesses, samples, words of lists */
#define WORDS 100     /* different texts of a column, for value maps */
#define CELL_BYTES 2000

typedef struct Preview {
    Import im;
    CsvRow rows[LOOKED_AT];
    size_t n;
    Str *fields;
} Preview;

static Status read_rows(Ctx *cx, Preview *p)
{
    for (p->n = 0; p->n < LOOKED_AT; p->n++) {
        bool found = false;
        TRY(import_next(cx, &p->im, cx->arena, &p->rows[p->n], &found));
        if (!found)
            break;
    }
    return ST_OK;
}

static Str cell(const CsvRow *row, size_t column)
{
    Str text = column < row->n && !row->bad_text ? str_trim(row->cells[column]) : STR("");
    if (text.n <= CELL_BYTES)
        return text;
    text.n = CELL_BYTES;
    while (text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
        text.n--; /* not in the middle of a character */
    return text;
}

/* Different texts of a column, in the order of the file. */
static void write_words(Ctx *cx, const Preview *p, size_t column, size_t most, Buf *out)
{
    Map seen = map_in(cx->arena);
    buf_char(out, '[');
    for (size_t i = 0; i < p->n && seen.n < most; i++) {
        Str text = cell(&p->rows[i], column);
        if (!text.n || map_has(&seen, text))
            continue;
        if (seen.n)
            buf_char(out, ',');
        map_put(&seen, text, &seen);
        buf_json_str(out, text);
    }
    buf_char(out, ']');
}

static bool takes_values(const Object *o, Str path)
{
    const Field *f = path.n ? object_field(o, path) : NULL;
    return f && (f->choices || f->kind == F_LINK);
}

static void write_column(Ctx *cx, const Preview *p, size_t column, Buf *out)
{
    buf_lit(out, "{\"name\":");
    buf_json_str(out, p->im.headers[column]);
    buf_lit(out, ",\"field\":");
    if (p->fields[column].n)
        buf_json_str(out, p->fields[column]);
    else
        buf_lit(out, "null");
    buf_lit(out, ",\"samples\":");
    write_words(cx, p, column, takes_values(p->im.object, p->fields[column]) ? WORDS : SAMPLES,
                out);
    buf_char(out, '}');
}

static void write_rows(const Preview *p, Buf *out)
{
    for (size_t i = 0; i < p->n && i < SHOWN; i++) {
        buf_printf(out, "%s[", i ? "," : "");
        for (size_t k = 0; k < p->im.n_headers; k++) {
            if (k)
                buf_char(out, ',');
            buf_json_str(out, cell(&p->rows[i], k));
        }
        buf_char(out, ']');
    }
}

static void write_source(const Preview *p, Buf *out)
{
    const CsvReader *csv = p->im.csv;
    char separator[2] = {csv_separator(csv), '\0'};
    buf_printf(out, "\"format\":\"%s\",\"encoding\":", csv_format(csv));
    buf_json_str(out, csv_encoding(csv));
    buf_lit(out, ",\"separator\":");
    buf_json_str(out, str_of(separator));
    buf_printf(out, ",\"header_row\":%d,\"sheet\":", p->im.header_row);
    if (csv_n_sheets(csv))
        buf_json_str(out, csv_sheet_read(csv));
    else
        buf_lit(out, "null");
    buf_lit(out, ",\"sheets\":[");
    for (size_t i = 0; i < csv_n_sheets(csv); i++) {
        if (i)
            buf_char(out, ',');
        buf_json_str(out, csv_sheet(csv, i));
    }
    buf_char(out, ']');
}

static Status write_preview(Ctx *cx, Preview *p, Buf *out)
{
    buf_char(out, '{');
    write_source(p, out);
    buf_lit(out, ",\"columns\":[");
    for (size_t i = 0; i < p->im.n_headers; i++) {
        if (i)
            buf_char(out, ',');
        write_column(cx, p, i, out);
    }
    buf_lit(out, "],\"rows\":[");
    write_rows(p, out);
    buf_lit(out, "],\"ready\":");
    TRY(ready_write(cx, &p->im, out));
    buf_char(out, '}');
    return ST_OK;
}

Status import_preview(Ctx *cx, const Object *o, Str path, const json_t *options, Buf *out)
{
    Preview *p = ARENA_NEW(cx->arena, Preview);
    if (access_scope(cx, o, ACCESS_IMPORT) == SCOPE_NONE)
        return FAIL(cx, ST_DENIED, "import.denied", "you may not import records of this kind");
    TRY(import_open(cx, o, path, options, LOOKED_AT + 100, &p->im));
    TRY(read_rows(cx, p));
    p->fields = ARENA_ARRAY(cx->arena, Str, p->im.n_headers + 1);
    TRY(import_guess(cx, &p->im, p->rows, p->n, p->fields));
    return write_preview(cx, p, out);
}
