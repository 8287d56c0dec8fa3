/* SPDX-License-Identifier: Apache-2.0 */
/* The file of an import as a table with named columns: which row holds the names, what a column without a
 * name is called, where rows begin. */
#include "import/import_internal.h"

#define WIDTH_ROWS 1000 /* looked at for the number of columns where no row names them */
#define MAX_HEADER_ROW 100

static Status bad_option(Ctx *cx, const char *name)
{
    return FIELD_FAIL(cx, str_of(name), "bad_value", "import.option", "is not a known value");
}

static Status read_how(Ctx *cx, const json_t *options, CsvHow *ret, int *ret_header_row)
{
    Str separator = json_get_str(options, "separator");
    int64_t row = json_get_int(options, "header_row", 1);
    ret->encoding = json_get_str(options, "encoding");
    ret->sheet = json_get_str(options, "sheet");
    if (separator.n > 1 || (separator.n && strchr("\"\r\n", separator.p[0])))
        return bad_option(cx, "separator");
    if (row < 0 || row > MAX_HEADER_ROW)
        return bad_option(cx, "header_row");
    ret->separator = separator.n ? separator.p[0] : '\0';
    *ret_header_row = (int)row;
    return ST_OK;
}

/* A, B … Z, AA … as spreadsheets call them. */
static Str letters(Arena *a, size_t column)
{
    char p[8];
    size_t n = sizeof(p);
    for (size_t i = column + 1; i > 0; i = (i - 1) / 26)
        p[--n] = (char)('A' + (i - 1) % 26);
    return str_copy(a, str_n(p + n, sizeof(p) - n));
}

static bool is_taken(const Import *im, size_t before, Str name)
{
    for (size_t i = 0; i < before; i++)
        if (str_eq(im->headers[i], name))
            return true;
    return false;
}

/* A mapping goes by names, so each column needs one of its own: "Phone", "Phone (2)". */
static void name_columns(Import *im)
{
    for (size_t i = 0; i < im->n_headers; i++) {
        Str given = str_trim(im->headers[i]);
        Str name = given.n ? given : letters(im->arena, i);
        for (int k = 2; is_taken(im, i, name); k++)
            name = str_format(im->arena, STR_FMT " (%d)", STR_ARG(given.n ? given : name), k);
        im->headers[i] = name;
    }
}

static Status no_names(Ctx *cx, Import *im)
{
    CLEANUP(arena) Arena *a = arena_new((size_t)64 * 1024);
    bool found = true;
    for (int i = 0; i < WIDTH_ROWS; i++) {
        CsvRow row;
        TRY(csv_next(cx, im->csv, a, &row, &found));
        if (!found)
            break;
        im->n_headers = row.n > im->n_headers ? row.n : im->n_headers;
        arena_reset(a);
    }
    csv_rewind(im->csv);
    if (!im->n_headers)
        return FAIL(cx, ST_INVALID, "import.empty", "the file is empty");
    im->headers = ARENA_ARRAY(im->arena, Str, im->n_headers);
    name_columns(im);
    return ST_OK;
}

static Status read_names(Ctx *cx, Import *im)
{
    CsvRow row = {.bad_text = false};
    bool found = true;
    for (int i = 0; i < im->header_row && found; i++)
        TRY(csv_next(cx, im->csv, im->arena, &row, &found));
    if (!found)
        return FAIL(cx, ST_INVALID, "import.empty", "the file is empty");
    if (row.bad_text)
        return FAIL(cx, ST_INVALID, "import.encoding_broken",
                    "the file cannot be read in its encoding");
    im->headers = row.cells;
    im->n_headers = row.n;
    name_columns(im);
    return ST_OK;
}

Status import_next(Ctx *cx, Import *im, Arena *a, CsvRow *ret, bool *ret_found)
{
    TRY(csv_next(cx, im->csv, a, ret, ret_found));
    ret->number -= im->header_row - 1; /* the first row of data is row 1 */
    return ST_OK;
}

Status import_rewind(Ctx *cx, Import *im, Arena *a)
{
    csv_rewind(im->csv);
    for (int i = 0; i < im->header_row; i++) {
        CsvRow row;
        bool found = false;
        TRY(csv_next(cx, im->csv, a, &row, &found));
    }
    return ST_OK;
}

Status import_open(Ctx *cx, const Object *o, Str path, const json_t *options, int64_t head,
                   Import *im)
{
    CsvHow how = {.head = head};
    *im = (Import){.arena = cx->arena,
                   .object = o,
                   .path = str_copy(cx->arena, path),
                   .failed_fd = -1,
                   .report_fd = -1};
    if (options && !json_is_object(options))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "import.options",
                         "the options must be a JSON object");
    TRY(read_how(cx, options, &how, &im->header_row));
    TRY(csv_open(cx, str_z(cx->arena, path), &how, &im->csv));
    return im->header_row ? read_names(cx, im) : no_names(cx, im);
}
