/* SPDX-License-Identifier: Apache-2.0 */
/* The failed rows once more as a workbook, for those who correct them in a spreadsheet: every cell a text, so
 * that nothing is changed by the way (numbers, dates, leading zeros), the reason in red. */
#include "import/report.h"
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define SHEET_ROWS 1048576
#define CELL_CHARS 32767 /* bytes here: never more characters */

typedef struct Book {
    lxw_worksheet *sheet;
    lxw_format *text, *head, *why;
    size_t columns; /* of the upload; two of ours behind */
} Book;

/* False: the row does not fit into a sheet as it is. */
static bool put_row(Arena *a, const Book *b, lxw_row_t at, const CsvRow *row)
{
    for (size_t i = 0; i < row->n; i++) {
        lxw_format *format = at == 0 ? b->head : i > b->columns ? b->why : b->text;
        if (row->cells[i].n > CELL_CHARS)
            return false;
        if (row->cells[i].n &&
            worksheet_write_string(b->sheet, at, (lxw_col_t)i, str_z(a, row->cells[i]), format) !=
                LXW_NO_ERROR)
            return false;
    }
    return true;
}

static Status put_rows(Ctx *cx, const Book *b, Str csv, bool *ret_fits)
{
    CLEANUP(arena) Arena *a = arena_new((size_t)64 * 1024);
    const CsvHow how = {.encoding = STR("UTF-8"), .separator = ','};
    CsvReader *r = NULL;
    bool found = true;
    TRY(csv_open_bytes(cx, csv, &how, &r));
    for (lxw_row_t at = 0; *ret_fits; at++) {
        CsvRow row;
        arena_reset(a);
        TRY(csv_next(cx, r, a, &row, &found));
        if (!found)
            return ST_OK;
        *ret_fits = at < SHEET_ROWS && !row.bad_text && put_row(a, b, at, &row);
    }
    return ST_OK;
}

static Status write_book(Ctx *cx, const Import *im, Str csv, const char *path, bool *ret_fits)
{
    lxw_workbook_options how = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(path, &how);
    if (!book)
        return FAIL(cx, ST_FULL, "import.side_file", "a file beside the upload cannot be written");
    Book b = {.sheet = workbook_add_worksheet(book, NULL),
              .text = workbook_add_format(book),
              .head = workbook_add_format(book),
              .why = workbook_add_format(book),
              .columns = im->n_headers};
    format_set_num_format(b.text, "@");
    format_set_bold(b.head);
    format_set_font_color(b.why, LXW_COLOR_RED);
    worksheet_freeze_panes(b.sheet, 1, 0);
    worksheet_set_column(b.sheet, 0, (lxw_col_t)im->n_headers, 16, NULL);
    worksheet_set_column(b.sheet, (lxw_col_t)im->n_headers + 1, (lxw_col_t)im->n_headers + 1, 60,
                         NULL);
    Status st = put_rows(cx, &b, csv, ret_fits);
    if (workbook_close(book) != LXW_NO_ERROR && st == ST_OK)
        return FAIL(cx, ST_FULL, "import.side_file", "a file beside the upload cannot be written");
    return st;
}

Status report_workbook(Ctx *cx, const Import *im, const char *path, bool *ret_fits)
{
    size_t n = (size_t)im->counts.failed_bytes;
    void *map = mmap(NULL, n, PROT_READ, MAP_PRIVATE, im->failed_fd, 0);
    *ret_fits = map != MAP_FAILED;
    if (map == MAP_FAILED)
        return ST_OK;
    Status st = write_book(cx, im, str_n(map, n), path, ret_fits);
    munmap(map, n);
    if (!*ret_fits)
        unlink(path);
    return st;
}
