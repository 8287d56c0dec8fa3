/* SPDX-License-Identifier: Apache-2.0 */
/* A sheet's rows: cells name their column (sparse) or follow one another; a row is written when it ends. */
#include "import/csv.h"
#include "import/xlsx_internal.h"
#include <stdlib.h>

#define ROW_ARENA ((size_t)64 * 1024)

typedef enum CellType { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN } CellType;

typedef struct SheetReader {
    const Xlsx *book;
    FILE *out;
    Arena *row; /* of one row */
    Str *cells;
    size_t width, column; /* cells of the row; the next one that names no column */
    bool in_data, in_cell, in_text;
    int phonetic;
    CellType type;
    NumberKind kind;
    size_t at; /* column of the cell in hand */
    Buf value; /* its text */
    Buf line;
    int64_t head, rows; /* as many rows as are wanted, or 0; rows written */
} SheetReader;

#define ENOUGH ST_UNKNOWN /* stops the reading, and goes no further than this file */

/* "BC12" → 54; SIZE_MAX if it is none. */
static size_t column_of(Str reference)
{
    size_t n = 0;
    for (size_t i = 0; i < reference.n && i < 4; i++) {
        char c = reference.p[i] & ~0x20;
        if (c < 'A' || c > 'Z')
            break;
        n = n * 26 + (size_t)(c - 'A' + 1);
    }
    return n ? n - 1 : SIZE_MAX;
}

static void begin_row(SheetReader *s)
{
    arena_reset(s->row);
    s->cells = ARENA_ARRAY(s->row, Str, CSV_MAX_COLUMNS);
    s->line = buf_in(s->row, (size_t)8 * CSV_MAX_ROW_BYTES);
    s->width = s->column = 0;
    s->in_cell = false; /* a value stands in a cell of this row, or nowhere */
}

static void begin_cell(SheetReader *s, const char **attributes)
{
    Str type = xml_attribute(attributes, "t"), style = xml_attribute(attributes, "s");
    uint64_t format = 0;
    size_t named = column_of(xml_attribute(attributes, "r"));
    s->at = named == SIZE_MAX ? s->column : named;
    s->column = s->at + 1;
    s->type = str_is(type, "s")              ? CELL_SHARED
              : str_is(type, "b")            ? CELL_BOOLEAN
              : !type.n || str_is(type, "n") ? CELL_NUMBER
                                             : CELL_TEXT; /* str, inlineStr, e, d */
    bool known = str_uint(style, &format) && format < s->book->n_styles;
    s->kind = known ? (NumberKind)s->book->styles[format] : NUMBER_PLAIN;
    s->value = buf_in(s->row, CSV_MAX_ROW_BYTES);
    s->in_cell = true;
}

static Status start(Ctx *cx UNUSED, void *arg, const char *name, const char **attributes)
{
    SheetReader *s = arg;
    if (!strcmp(name, "sheetData"))
        s->in_data = true;
    if (!s->in_data)
        return ST_OK;
    if (!strcmp(name, "row"))
        begin_row(s);
    if (!strcmp(name, "c") && s->cells)
        begin_cell(s, attributes);
    s->phonetic += !strcmp(name, "rPh");
    s->in_text = !strcmp(name, "v") || (!strcmp(name, "t") && !s->phonetic);
    return ST_OK;
}

static Status text(Ctx *cx UNUSED, void *arg, Str piece)
{
    SheetReader *s = arg;
    if (s->in_text && s->in_cell)
        buf_str_add(&s->value, piece);
    return ST_OK;
}

/* ---- a cell as text */
static Str number_text(SheetReader *s, Str given)
{
    char *z = str_z(s->row, str_trim(given)), *rest = NULL;
    double v = strtod(z, &rest);
    if (rest == z || *rest)
        return given;
    Buf b = buf_in(s->row, 512);
    xlsx_number(&b, v, s->kind, s->book->since_1904);
    return buf_str(&b);
}

/* 2026-03-01T00:00:00 of strict workbooks is a day. */
static Str plain_text(Str text)
{
    return text.n == 19 && str_ends(text, STR("T00:00:00")) ? str_sub(text, 0, 10) : text;
}

static Str cell_text(SheetReader *s)
{
    Str given = buf_str(&s->value), shared = STR("");
    uint64_t i = 0;
    if (s->type == CELL_SHARED)
        return str_uint(str_trim(given), &i) && xlsx_string(s->book, i, &shared) ? shared : STR("");
    if (s->type == CELL_BOOLEAN)
        return str_is(str_trim(given), "1") || str_is(str_trim(given), "true") ? STR("true")
                                                                               : STR("false");
    if (s->type == CELL_NUMBER)
        return number_text(s, given);
    return plain_text(xlsx_unescape(s->value.p, s->value.n));
}

static Status end_cell(Ctx *cx, SheetReader *s)
{
    s->in_cell = false;
    if (buf_overflowed(&s->value))
        return FAIL(cx, ST_TOO_LARGE, "import.cell_too_long", "a cell is longer than 1 MB");
    if (!s->value.n)
        return ST_OK;
    Str text_of_cell = cell_text(s);
    if (!text_of_cell.n)
        return ST_OK;
    if (s->at >= CSV_MAX_COLUMNS)
        return FAIL(cx, ST_INVALID, "import.too_many_columns", "there are more than %d columns",
                    CSV_MAX_COLUMNS);
    s->cells[s->at] = text_of_cell;
    if (s->at >= s->width)
        s->width = s->at + 1;
    return ST_OK;
}

static Status end_row(Ctx *cx, SheetReader *s)
{
    for (size_t i = 0; i < s->width; i++) {
        if (i)
            buf_char(&s->line, ',');
        buf_csv(&s->line, s->cells[i]);
    }
    buf_lit(&s->line, "\n");
    if (buf_overflowed(&s->line) || s->line.n > CSV_MAX_ROW_BYTES)
        return FAIL(cx, ST_TOO_LARGE, "import.row_of_sheet", "a row is longer than 1 MB");
    if (s->width && fwrite(s->line.p, s->line.n, 1, s->out) != 1)
        return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
    s->cells = NULL;
    s->in_cell = false;
    s->rows += s->width > 0;
    return s->head > 0 && s->rows >= s->head ? ENOUGH : ST_OK;
}

static Status end(Ctx *cx, void *arg, const char *name)
{
    SheetReader *s = arg;
    s->in_text = false;
    if (!s->in_data)
        return ST_OK;
    s->phonetic -= !strcmp(name, "rPh");
    if (!strcmp(name, "sheetData"))
        s->in_data = false;
    if (!strcmp(name, "c") && s->in_cell)
        return end_cell(cx, s);
    return !strcmp(name, "row") && s->cells ? end_row(cx, s) : ST_OK;
}

Status xlsx_read_sheet(Ctx *cx, Xlsx *x, const ZipEntry *e, int64_t head, FILE *out)
{
    static const XmlHandler HANDLER = {.start = start, .end = end, .text = text};
    CLEANUP(arena) Arena *row = arena_new(ROW_ARENA);
    SheetReader s = {.book = x, .out = out, .row = row, .head = head};
    Status st = xml_read(cx, &x->zip, e, &HANDLER, &s);
    return st == ENOUGH ? ST_OK : st;
}
