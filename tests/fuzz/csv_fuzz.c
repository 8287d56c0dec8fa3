/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: whatever comes in, rows stay within their limits, cells lie in readable memory, and rows
 * written as CSV read the same again. The first byte chooses the encoding. */
#include "base/utf8.h"
#include "import/csv.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_row(Buf *b, const CsvRow *row)
{
    for (size_t i = 0; i < row->n; i++) {
        if (i)
            buf_char(b, ',');
        buf_csv(b, row->cells[i]);
    }
    buf_lit(b, "\r\n");
}

static size_t read_rows(Ctx *cx, CsvReader *r, CsvRow *rows, size_t most)
{
    size_t n = 0;
    for (bool found = true; n < most; n++) {
        if (csv_next(cx, r, cx->arena, &rows[n], &found) != ST_OK || !found)
            break;
        if (rows[n].n > CSV_MAX_COLUMNS || rows[n].number != (int64_t)n)
            abort();
    }
    return n;
}

/* Rows in the form of buf_csv read back cell for cell. */
static void read_again(Ctx *cx, const CsvRow *rows, size_t n)
{
    CsvReader *r = NULL;
    Buf text = buf_in(cx->arena, 16 << 20);
    CsvRow *again = ARENA_ARRAY(cx->arena, CsvRow, n + 2);
    buf_lit(&text, "sep=,\r\n");
    for (size_t i = 0; i < n; i++)
        write_row(&text, &rows[i]);
    if (csv_open_text(cx, buf_str(&text), STR("UTF-8"), &r) != ST_OK ||
        read_rows(cx, r, again, n + 1) != n)
        abort();
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rows[i].n; k++)
            if (again[i].n != rows[i].n || !str_eq(again[i].cells[k], rows[i].cells[k]))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const ENCODINGS[] = {"", "UTF-8", "GB18030", "UTF-16LE", "Big5", ""};
    enum { MOST = 200 };
    CsvReader *r = NULL;
    Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .lang = LANG_ZH};
    CsvRow *rows = ARENA_ARRAY(arena, CsvRow, MOST);
    Str text = size ? str_n((const char *)data + 1, size - 1) : STR("");
    const char *encoding = size ? ENCODINGS[data[0] % COUNT_OF(ENCODINGS)] : "";
    if (csv_open_text(&cx, text, str_of(encoding), &r) == ST_OK) {
        size_t n = read_rows(&cx, r, rows, MOST);
        error_clear(&cx);
        read_again(&cx, rows, n);
    }
    arena_free(arena);
    return 0;
}
