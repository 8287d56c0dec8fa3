/* SPDX-License-Identifier: Apache-2.0 */
/* XLSX by libxlsxwriter in constant memory: a row is written when the next one begins. Numbers, money,
 * dates and instants are cells of their kind, everything else is text. A sheet holds a million rows,
 * then the next one begins; a cell holds 32,767 characters, what is more is cut off and counted.
 * A text is never a formula here. */
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/utf8.h"
#include "export/export_internal.h"
#include <xlsxwriter.h>

#define SHEET_ROWS 1048576
#define MAX_CELL 32767
#define EXACT_DIGITS INT64_C(1000000000000000) /* a number of a sheet is a double */
#define EPOCH_DAY 25569                        /* 1970-01-01, counted from 1899-12-30 */
#define FIRST_DAY (-25508) /* 1900-03-01: before it the count of sheets is off */
#define MAX_SCALE 10

typedef struct Xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold, *date, *time, *numbers[2][MAX_SCALE];
    bool strong;      /* a line of a group */
    uint32_t row;     /* of the sheet */
    const char *mark; /* in a column at the end; NULL: none */
    Buf cell;
} Xlsx;

static Status failed(Export *x)
{
    return FAIL(x->cx, ST_INTERNAL, "export.file", "the file cannot be written");
}

static lxw_format *number_format(Xlsx *s, int scale)
{
    char form[32] = "#,##0";
    if (scale >= MAX_SCALE)
        return NULL;
    lxw_format **at = &s->numbers[s->strong][scale];
    if (!*at) {
        if (scale > 0)
            snprintf(form, sizeof(form), "#,##0.%.*s", scale, "0000000000");
        *at = workbook_add_format(s->book);
        format_set_num_format(*at, form);
        if (s->strong)
            format_set_bold(*at);
    }
    return *at;
}

static lxw_col_t mark_column(const Export *x) { return (lxw_col_t)(x->n_levels + x->n_columns); }

static Status new_sheet(Export *x, Xlsx *s)
{
    s->sheet = workbook_add_worksheet(s->book, NULL);
    if (!s->sheet)
        return failed(x);
    worksheet_freeze_panes(s->sheet, 1, 0);
    for (size_t i = 0; i < x->n_levels + x->n_columns; i++) {
        Str text = i < x->n_levels ? export_groups_header(x, i)
                                   : export_cell_header(x, &x->columns[i - x->n_levels]);
        worksheet_write_string(s->sheet, 0, (lxw_col_t)i, str_z(x->cx->arena, text), s->bold);
    }
    if (s->mark)
        worksheet_write_string(s->sheet, 0, mark_column(x),
                               str_z(x->cx->arena, export_mark_header(x)), s->bold);
    s->row = 1;
    return ST_OK;
}

static Status xlsx_begin(Export *x, const char *path, void **ret)
{
    Xlsx *s = ARENA_NEW(x->cx->arena, Xlsx);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    s->cell = buf_in(x->cx->arena, (size_t)8 * 1024 * 1024);
    s->book = workbook_new_opt(path, &options);
    *ret = s;
    if (!s->book)
        return failed(x);
    s->bold = workbook_add_format(s->book);
    format_set_bold(s->bold);
    s->date = workbook_add_format(s->book);
    format_set_num_format(s->date, "yyyy-mm-dd");
    s->time = workbook_add_format(s->book);
    format_set_num_format(s->time, "yyyy-mm-dd hh:mm:ss");
    char *by = str_z(x->cx->arena, export_watermark(x));
    lxw_doc_properties about = {.comments = by};
    workbook_set_properties(s->book, &about);
    s->mark = x->options.watermark ? by : NULL;
    return new_sheet(x, s);
}

/* ---- cells */
static bool write_exact(Xlsx *s, lxw_col_t col, int64_t v, int scale)
{
    if (v <= -EXACT_DIGITS || v >= EXACT_DIGITS || scale >= MAX_SCALE)
        return false;
    double number = (double)v / (double)decimal_pow10(scale);
    return worksheet_write_number(s->sheet, s->row, col, number, number_format(s, scale)) ==
           LXW_NO_ERROR;
}

static bool write_day(Xlsx *s, lxw_col_t col, double days, lxw_format *format)
{
    if (days < FIRST_DAY)
        return false;
    return worksheet_write_number(s->sheet, s->row, col, days + EPOCH_DAY, format) == LXW_NO_ERROR;
}

/* In the reader's zone: a sheet knows no zones. */
static bool write_instant(const Export *x, Xlsx *s, lxw_col_t col, int64_t ms)
{
    double local = (double)(ms + zone_offset(x->cx->zone, ms));
    return write_day(s, col, local / 86400000, s->time);
}

/* How deep a row lies, so that a sheet folds and unfolds its groups. */
static void outline(Xlsx *s, size_t level)
{
    lxw_row_col_options options = {.level = (uint8_t)level};
    if (level)
        worksheet_set_row_opt(s->sheet, s->row, LXW_DEF_ROW_HEIGHT, NULL, &options);
}

/* Money of another currency than the organisation's is text, with its currency. */
static bool write_typed(const Export *x, Xlsx *s, lxw_col_t col, const Value *v)
{
    switch ((ValueType)v->t) {
    case V_INT: return write_exact(s, col, v->i, 0);
    case V_DECIMAL: return write_exact(s, col, v->i, v->scale);
    case V_MONEY:
        return str_is(x->cx->meta->currency, v->money.currency) &&
               write_exact(s, col, v->money.value, v->scale);
    case V_DATE: return write_day(s, col, (double)v->i, s->date);
    case V_TIME: return write_instant(x, s, col, v->i);
    default: return false;
    }
}

static void write_text(Export *x, Xlsx *s, lxw_col_t col, const QueryColumn *c, const Value *v)
{
    buf_truncate(&s->cell, 0);
    export_cell_text(x, c, v, &s->cell);
    Str text = buf_str(&s->cell);
    if (text.n > MAX_CELL && utf8_length(text) > MAX_CELL) {
        buf_truncate(&s->cell, utf8_offset(text, MAX_CELL));
        x->truncated++;
    }
    if (s->cell.n)
        worksheet_write_string(s->sheet, s->row, col, buf_z(&s->cell), NULL);
}

static Status xlsx_rows(Export *x, void *state, const Value *rows, size_t n)
{
    Xlsx *s = state;
    for (size_t i = 0; i < n; i++) {
        if (s->row == SHEET_ROWS)
            TRY(new_sheet(x, s));
        outline(s, x->n_levels);
        for (size_t k = 0; k < x->n_columns; k++) {
            const Value *v = &rows[i * x->n_columns + k];
            lxw_col_t col = (lxw_col_t)(x->n_levels + k);
            if (v->t != V_NULL && !write_typed(x, s, col, v))
                write_text(x, s, col, &x->columns[k], v);
        }
        if (s->mark)
            worksheet_write_string(s->sheet, s->row, mark_column(x), s->mark, NULL);
        s->row++;
    }
    return ST_OK;
}

static void write_sum(const Export *x, Xlsx *s, lxw_col_t col, const QuerySum *sum)
{
    buf_truncate(&s->cell, 0);
    Value v = query_sum_value(x->cx, sum, &s->cell);
    if ((v.t == V_NULL || !write_typed(x, s, col, &v)) && s->cell.n)
        worksheet_write_string(s->sheet, s->row, col, buf_z(&s->cell), s->bold);
}

static Status xlsx_line(Export *x, void *state, const ExportLine *line)
{
    Xlsx *s = state;
    if (s->row == SHEET_ROWS)
        TRY(new_sheet(x, s));
    s->strong = true;
    outline(s, line->level);
    worksheet_write_string(s->sheet, s->row, (lxw_col_t)line->level,
                           str_z(x->cx->arena, line->label), s->bold);
    for (size_t k = 0; k < x->n_columns; k++) {
        const QuerySum *sum = export_groups_sum(line, x->columns[k].name);
        if (sum)
            write_sum(x, s, (lxw_col_t)(x->n_levels + k), sum);
    }
    if (s->mark)
        worksheet_write_string(s->sheet, s->row, mark_column(x), s->mark, NULL);
    s->strong = false;
    s->row++;
    return ST_OK;
}

static Status xlsx_end(Export *x, void *state)
{
    Xlsx *s = state;
    lxw_error error = workbook_close(s->book);
    s->book = NULL;
    return error == LXW_NO_ERROR ? ST_OK : failed(x);
}

/* Closing is the one way to give the workbook's memory back; the file is removed by the caller. */
static void xlsx_close(void *state)
{
    Xlsx *s = state;
    if (s->book)
        (void)workbook_close(s->book);
}

const ExportWriter export_xlsx = {
    .begin = xlsx_begin,
    .rows = xlsx_rows,
    .line = xlsx_line,
    .end = xlsx_end,
    .close = xlsx_close,
    .ending = "xlsx",
    .type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
