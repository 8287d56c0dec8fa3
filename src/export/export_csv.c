/* SPDX-License-Identifier: Apache-2.0 */
/* CSV as RFC 4180 has it, with a mark of UTF-8 in front unless it is not wanted.
 *
 * A text that a spreadsheet would take for a formula gets an apostrophe in front (an import takes it
 * away again); so does one that only seems to have got it. Numbers and dates are left alone. */
#include "export/export_internal.h"

#define BUFFER ((size_t)256 * 1024)
#define MAX_BUFFER ((size_t)64 * 1024 * 1024)

typedef struct Csv {
    ExportFile *file;
    Buf out, cell;
    bool *guarded; /* by column: may hold what people typed */
    Str mark;      /* stands at the end of every row; empty: nothing */
} Csv;

static bool is_typed(const QueryColumn *c)
{
    switch (field_type_of(field_result(c->field))->value) {
    case V_TEXT:
    case V_TEXTS:
    case V_ADDRESS:
    case V_HTML:
    case V_JSON:
    case V_ID:
    case V_IDS:
    case V_REF: return true;
    default: return false;
    }
}

static bool is_formula(Str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] == '\'')
        i++;
    return i < s.n && strchr("=+-@\t\r", s.p[i]) != NULL;
}

static void write_cell(Csv *csv, Str text, bool guarded)
{
    if (guarded && is_formula(text)) {
        Buf with = buf_in(csv->out.arena, text.n + 2);
        buf_char(&with, '\'');
        buf_str_add(&with, text);
        text = buf_str(&with);
    }
    buf_csv(&csv->out, text);
}

static void write_mark(Csv *csv, Str text)
{
    if (!csv->mark.n)
        return;
    buf_char(&csv->out, ',');
    write_cell(csv, text, true);
}

static Status csv_begin(Export *x, const char *path, void **ret)
{
    Csv *csv = ARENA_NEW(x->cx->arena, Csv);
    *csv = (Csv){.out = buf_in(x->cx->arena, MAX_BUFFER), .cell = buf_in(x->cx->arena, MAX_BUFFER)};
    csv->guarded = ARENA_ARRAY(x->cx->arena, bool, x->n_columns + 1);
    *ret = csv;
    TRY(export_file_open(x->cx, path, &csv->file));
    if (x->options.bom)
        buf_lit(&csv->out, "\xef\xbb\xbf");
    for (size_t i = 0; i < x->n_levels; i++) {
        write_cell(csv, export_groups_header(x, i), x->options.guard);
        buf_char(&csv->out, ',');
    }
    for (size_t i = 0; i < x->n_columns; i++) {
        csv->guarded[i] = x->options.guard && is_typed(&x->columns[i]);
        if (i)
            buf_char(&csv->out, ',');
        write_cell(csv, export_cell_header(x, &x->columns[i]), x->options.guard);
    }
    csv->mark = x->options.watermark ? export_watermark(x) : STR_NULL;
    write_mark(csv, export_mark_header(x));
    buf_lit(&csv->out, "\r\n");
    return ST_OK;
}

static Status csv_rows(Export *x, void *state, const Value *rows, size_t n)
{
    Csv *csv = state;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < x->n_levels; k++)
            buf_char(&csv->out, ',');
        for (size_t k = 0; k < x->n_columns; k++) {
            const Value *v = &rows[i * x->n_columns + k];
            if (k)
                buf_char(&csv->out, ',');
            if (v->t == V_NULL)
                continue;
            buf_truncate(&csv->cell, 0);
            export_cell_text(x, &x->columns[k], v, &csv->cell);
            if (csv->cell.n)
                write_cell(csv, buf_str(&csv->cell), csv->guarded[k]);
        }
        write_mark(csv, csv->mark);
        buf_lit(&csv->out, "\r\n");
        if (csv->out.n > BUFFER)
            TRY(export_file_add(x->cx, csv->file, &csv->out));
    }
    return ST_OK;
}

static Status csv_line(Export *x, void *state, const ExportLine *line)
{
    Csv *csv = state;
    for (size_t i = 0; i < x->n_levels; i++) {
        if (i == line->level)
            write_cell(csv, line->label, x->options.guard);
        buf_char(&csv->out, ',');
    }
    for (size_t k = 0; k < x->n_columns; k++) {
        const QuerySum *sum = export_groups_sum(line, x->columns[k].name);
        buf_truncate(&csv->cell, 0);
        if (sum)
            query_sum_value(x->cx, sum, &csv->cell);
        if (k)
            buf_char(&csv->out, ',');
        buf_csv(&csv->out, buf_str(&csv->cell)); /* a figure: nobody typed it */
    }
    write_mark(csv, csv->mark);
    buf_lit(&csv->out, "\r\n");
    return ST_OK;
}

static Status csv_end(Export *x, void *state)
{
    Csv *csv = state;
    return export_file_add(x->cx, csv->file, &csv->out);
}

static void csv_close(void *state)
{
    Csv *csv = state;
    export_file_close(csv->file);
}

const ExportWriter export_csv = {.begin = csv_begin,
                                 .rows = csv_rows,
                                 .line = csv_line,
                                 .end = csv_end,
                                 .close = csv_close,
                                 .ending = "csv",
                                 .type = "text/csv; charset=utf-8"};
