/* SPDX-License-Identifier: Apache-2.0 */
/* The reader works on mapped UTF-8: a cell without quotes is a view of it; only a cell with doubled
 * quotes is copied. A quote inside a cell that did not begin with one is an ordinary character. */
#include "import/csv.h"
#include "base/utf8.h"
#include "import/encoding.h"
#include "import/jsonl.h"
#include "import/xlsx.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct CsvReader {
    void *map; /* munmap'ed at the end; NULL for a text in memory */
    size_t map_n;
    void *rows_map; /* rows of a workbook or of JSON lines */
    size_t rows_map_n;
    Str text; /* UTF-8, behind the BOM and a "sep=" line */
    size_t at;
    int64_t rows;
    Str encoding;
    char separator;
    const char *format;
    Xlsx *book; /* NULL: not a workbook */
    Str sheet;
};

static void csv_close(void *arg)
{
    CsvReader *r = arg;
    if (r->map)
        munmap(r->map, r->map_n);
    if (r->rows_map)
        munmap(r->rows_map, r->rows_map_n);
    r->map = r->rows_map = NULL;
}

static Status map_fd(Ctx *cx, CsvReader *r, int fd, Str *ret)
{
    struct stat st;
    *ret = STR("");
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return FAIL(cx, ST_NOT_FOUND, "import.no_file", "the file cannot be read");
    if (st.st_size == 0)
        return ST_OK;
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return FAIL(cx, ST_INTERNAL, "import.no_file", "the file cannot be read");
    csv_close(r);
    r->map = map;
    r->map_n = (size_t)st.st_size;
    *ret = str_n(map, r->map_n);
    return ST_OK;
}

static Status convert_into_temporary(Ctx *cx, CsvReader *r, Str bytes, Str *ret)
{
    FILE *file = tmpfile();
    if (!file)
        return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
    Status st = encoding_convert(cx, bytes, r->encoding, fileno(file));
    if (st == ST_OK)
        st = map_fd(cx, r, fileno(file), ret);
    fclose(file);
    return st;
}

/* ---- the separator: the one that stands most often in the first line outside quotes */
static size_t line_length(Str text)
{
    size_t n = 0;
    while (n < text.n && text.p[n] != '\n' && text.p[n] != '\r')
        n++;
    return n;
}

static char guess_separator(Str text)
{
    static const char CANDIDATES[] = ",;\t|";
    size_t counts[sizeof(CANDIDATES) - 1] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n && i < CSV_MAX_ROW_BYTES; i++) {
        if (!quoted && (text.p[i] == '\n' || text.p[i] == '\r'))
            break;
        if (text.p[i] == '"')
            quoted = !quoted;
        for (size_t k = 0; !quoted && k < COUNT_OF(counts); k++)
            counts[k] += text.p[i] == CANDIDATES[k];
    }
    for (size_t k = 1; k < COUNT_OF(counts); k++)
        if (counts[k] > counts[best])
            best = k;
    return CANDIDATES[best];
}

/* Excel's first line "sep=;" */
static bool take_declared(CsvReader *r)
{
    size_t n = line_length(r->text);
    if (n != 5 || !str_starts(r->text, STR("sep=")))
        return false;
    r->separator = r->text.p[4];
    r->text = str_sub(r->text, n, r->text.n);
    return true;
}

static Status begin(Ctx *cx, CsvReader *r, Str bytes, const CsvHow *how)
{
    size_t skip = 0;
    Str guessed = encoding_guess(cx->arena, bytes, &skip);
    r->format = "csv";
    r->encoding = how->encoding.n ? how->encoding : guessed;
    r->text = str_sub(bytes, skip, bytes.n);
    if (!encoding_is_utf8(r->encoding))
        TRY(convert_into_temporary(cx, r, r->text, &r->text));
    if (!take_declared(r))
        r->separator = guess_separator(r->text);
    if (how->separator)
        r->separator = how->separator;
    return ST_OK;
}

/* ---- workbooks and JSON lines: rows go into a temporary file as CSV, which is read like any other */
static Status write_table(Ctx *cx, CsvReader *r, Str bytes, const CsvHow *how, int fd)
{
    if (!xlsx_is(bytes))
        return jsonl_write_csv(cx, bytes, how->head, fd);
    TRY(xlsx_open(cx, bytes, &r->book));
    return xlsx_write_csv(cx, r->book, how->sheet, how->head, fd, &r->sheet);
}

static Status begin_table(Ctx *cx, CsvReader *r, Str bytes, const CsvHow *how)
{
    CsvReader rows = {0};
    FILE *file = tmpfile();
    if (!file)
        return FAIL(cx, ST_FULL, "import.write", "a temporary file cannot be written");
    Status st = write_table(cx, r, bytes, how, fileno(file));
    if (st == ST_OK)
        st = map_fd(cx, &rows, fileno(file), &r->text);
    fclose(file);
    r->rows_map = rows.map;
    r->rows_map_n = rows.map_n;
    r->encoding = STR("UTF-8");
    r->separator = ',';
    r->format = r->book ? "xlsx" : "jsonl";
    return st;
}

static CsvReader *reader_new(Ctx *cx)
{
    CsvReader *r = ARENA_NEW(cx->arena, CsvReader);
    arena_on_free(cx->arena, csv_close, r);
    return r;
}

Status csv_open(Ctx *cx, const char *path, const CsvHow *how, CsvReader **ret)
{
    CsvReader *r = reader_new(cx);
    Str bytes = STR_NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(cx, ST_NOT_FOUND, "import.no_file", "the file cannot be read");
    Status st = map_fd(cx, r, fd, &bytes);
    close(fd);
    TRY(st);
    *ret = r;
    if (xlsx_is_old(bytes))
        return FAIL(
            cx, ST_INVALID, "import.old_workbook",
            "workbooks of the old form (.xls) and those under a password cannot be read: save "
            "it as .xlsx or CSV");
    return xlsx_is(bytes) || jsonl_is(bytes) ? begin_table(cx, r, bytes, how)
                                             : begin(cx, r, bytes, how);
}

Status csv_open_text(Ctx *cx, Str bytes, Str encoding, CsvReader **ret)
{
    const CsvHow how = {.encoding = encoding};
    return csv_open_bytes(cx, bytes, &how, ret);
}

Status csv_open_bytes(Ctx *cx, Str bytes, const CsvHow *how, CsvReader **ret)
{
    *ret = reader_new(cx);
    return begin(cx, *ret, bytes, how);
}

const char *csv_format(const CsvReader *r) { return r->format; }

size_t csv_n_sheets(const CsvReader *r) { return r->book ? xlsx_n_sheets(r->book) : 0; }

Str csv_sheet(const CsvReader *r, size_t i) { return xlsx_sheet(r->book, i); }

Str csv_sheet_read(const CsvReader *r) { return r->sheet; }

Str csv_encoding(const CsvReader *r) { return r->encoding; }

char csv_separator(const CsvReader *r) { return r->separator; }

void csv_rewind(CsvReader *r)
{
    r->at = 0;
    r->rows = 0;
}

/* ---- rows */
typedef struct Cells {
    VEC(Str) list;
    Arena *arena;
} Cells;

static bool ends_cell(const CsvReader *r, size_t at)
{
    char c = at < r->text.n ? r->text.p[at] : '\n';
    return c == r->separator || c == '\n' || c == '\r';
}

static Str plain_cell(CsvReader *r)
{
    size_t from = r->at;
    while (!ends_cell(r, r->at))
        r->at++;
    return str_sub(r->text, from, r->at - from);
}

/* "" inside a quoted cell becomes ". */
static Str undouble(Arena *a, Str s)
{
    char *out = arena_alloc(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        out[n++] = s.p[i];
        if (s.p[i] == '"')
            i++;
    }
    return str_n(out, n);
}

/* Behind the opening quote. What stands between the closing quote and the separator is dropped if it
 * is blank; anything else belongs to the cell, as spreadsheets read it. */
static Str quoted_cell(CsvReader *r, Arena *a)
{
    size_t from = ++r->at;
    bool doubled = false;
    while (r->at < r->text.n && r->at - from <= CSV_MAX_ROW_BYTES) {
        if (r->text.p[r->at] == '"') {
            if (r->at + 1 >= r->text.n || r->text.p[r->at + 1] != '"')
                break;
            doubled = true;
            r->at++;
        }
        r->at++;
    }
    Str cell = str_sub(r->text, from, r->at - from);
    if (doubled)
        cell = undouble(a, cell);
    if (r->at < r->text.n)
        r->at++;
    Str rest = str_trim(plain_cell(r));
    return rest.n ? str_format(a, STR_FMT STR_FMT, STR_ARG(cell), STR_ARG(rest)) : cell;
}

static void end_line(CsvReader *r)
{
    if (r->at < r->text.n && r->text.p[r->at] == '\r')
        r->at++;
    if (r->at < r->text.n && r->text.p[r->at] == '\n')
        r->at++;
}

static Status read_cells(Ctx *cx, CsvReader *r, Cells *cells)
{
    size_t from = r->at;
    for (;;) {
        bool quoted = r->at < r->text.n && r->text.p[r->at] == '"';
        Str cell = quoted ? quoted_cell(r, cells->arena) : plain_cell(r);
        if (r->at - from > CSV_MAX_ROW_BYTES)
            return FAIL(cx, ST_INVALID, "import.row_too_long",
                        "row %lld is longer than 1 MB: is a quote left open?", (long long)r->rows);
        if (cells->list.n == CSV_MAX_COLUMNS)
            return FAIL(cx, ST_INVALID, "import.too_many_columns", "there are more than %d columns",
                        CSV_MAX_COLUMNS);
        VEC_PUSH(cells->arena, &cells->list, cell);
        if (r->at >= r->text.n || r->text.p[r->at] != r->separator)
            break;
        r->at++;
    }
    end_line(r);
    return ST_OK;
}

static bool is_blank(const Cells *cells)
{
    for (size_t i = 0; i < cells->list.n; i++)
        if (str_trim(cells->list.v[i]).n)
            return false;
    return true;
}

/* U+FFFD stands where a conversion could not read. */
static bool has_bad_text(const Cells *cells)
{
    for (size_t i = 0; i < cells->list.n; i++)
        if (!utf8_valid(cells->list.v[i], NULL) ||
            str_find(cells->list.v[i], STR("\xef\xbf\xbd")) != SIZE_MAX)
            return true;
    return false;
}

Status csv_next(Ctx *cx, CsvReader *r, Arena *a, CsvRow *ret, bool *ret_found)
{
    *ret_found = false;
    while (r->at < r->text.n && !*ret_found) {
        Cells cells = {.arena = a};
        TRY(read_cells(cx, r, &cells));
        if (is_blank(&cells))
            continue;
        *ret = (CsvRow){.cells = cells.list.v,
                        .n = cells.list.n,
                        .number = r->rows++,
                        .bad_text = has_bad_text(&cells)};
        *ret_found = true;
    }
    return ST_OK;
}
