/* SPDX-License-Identifier: Apache-2.0 */
/* A result as aligned tables, as JSON, and its per-row columns as CSV. Han and full-width characters
 * take two places of a terminal. */
#include "analyze/result_internal.h"
#include "base/utf8.h"
#include <math.h>

#define MAX_CELL 72 /* places; longer text is cut in tables, never in JSON */

/* ---- width */
static size_t places(uint32_t c)
{
    static const uint32_t WIDE[][2] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0xa4cf},
                                       {0xa960, 0xa97f},   {0xac00, 0xd7a3},  {0xf900, 0xfaff},
                                       {0xfe30, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6},
                                       {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    bool is_combining = (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f);
    for (size_t i = 0; i < COUNT_OF(WIDE); i++)
        if (c >= WIDE[i][0] && c <= WIDE[i][1])
            return 2;
    return is_combining ? 0 : 1;
}

static size_t width(Str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n;)
        n += places(utf8_next(s, &at));
    return n;
}

/* A line end or tab of the data would break the table. */
static Str flat(Arena *a, Str s)
{
    char *p = NULL;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= ' ')
            continue;
        if (!p)
            p = arena_dup(a, s.p, s.n);
        p[i] = ' ';
    }
    return p ? str_n(p, s.n) : s;
}

static Str cut(Arena *a, Str s)
{
    size_t n = 0, at = 0;
    s = flat(a, s);
    if (width(s) <= MAX_CELL)
        return s;
    while (at < s.n && n < MAX_CELL - 2)
        n += places(utf8_next(s, &at));
    return str_format(a, STR_FMT "…", (int)at, s.p);
}

static void pad(Buf *b, size_t n)
{
    while (n-- > 0)
        buf_char(b, ' ');
}

/* ---- cells */
static const json_t *at_path(const json_t *source, Str path)
{
    Str part;
    while (source && str_split(&path, '.', &part)) {
        int64_t index;
        if (json_is_array(source) && str_int(part, &index) && index >= 0)
            source = json_array_get(source, (size_t)index);
        else
            source = json_object_getn(source, part.p, part.n);
    }
    return source;
}

/* A key of data ("Total.Charges") is taken whole before its points are read as steps. */
static const json_t *cell_of(const json_t *source, Str key)
{
    const json_t *whole = json_is_object(source) ? json_object_getn(source, key.p, key.n) : NULL;
    return whole ? whole : at_path(source, key);
}

static Str p_value(Arena *a, double p)
{
    if (p < 0.0005)
        return STR("<.001");
    Str s = str_format(a, "%.3f", p);
    return str_starts(s, STR("0.")) ? str_sub(s, 1, s.n) : s;
}

static Str stat(Arena *a, double v)
{
    double size = fabs(v);
    if (size >= 1e15 || (size > 0 && size < 1e-4))
        return str_format(a, "%.4e", v);
    if (size < 1)
        return str_format(a, "%.5f", v);
    return str_format(a, size < 100 ? "%.4f" : "%.3f", v);
}

static Str number_text(Arena *a, double v, bool is_whole, CellForm form)
{
    switch (form) {
    case CELL_P: return p_value(a, v);
    case CELL_PERCENT: return str_format(a, "%.1f%%", v * 100);
    case CELL_COUNT: return v == floor(v) ? str_format(a, "%.0f", v) : str_format(a, "%.2f", v);
    case CELL_AUTO:
        if (is_whole)
            return str_format(a, "%.0f", v);
        break;
    case CELL_STAT: break;
    }
    return stat(a, v);
}

static Str cell_text(Arena *a, const json_t *source, const ViewHead *head)
{
    const json_t *v = cell_of(source, head->key);
    if (json_is_string(v))
        return cut(a, json_str(v));
    if (json_is_boolean(v))
        return json_is_true(v) ? STR("✓") : STR("–");
    if (json_is_number(v))
        return number_text(a, json_number_value(v), json_is_integer(v), head->form);
    return STR_NULL;
}

/* ---- tables */
static void write_rule(Buf *b, size_t n)
{
    while (n-- > 0)
        buf_lit(b, "-");
    buf_char(b, '\n');
}

typedef struct Grid {
    Str *cells; /* (rows + 1) × (columns + 1) */
    size_t *widths, rows, columns, total;
} Grid;

#define HIDDEN SIZE_MAX /* width of a column without a value in any row */

static bool has_cells(const Grid *g, size_t column)
{
    for (size_t i = 1; i < g->rows; i++)
        if (g->cells[i * g->columns + column].n)
            return true;
    return false;
}

static void measure(Arena *a, const View *v, Grid *g)
{
    g->rows = v->rows.n + 1;
    g->columns = v->columns.n + 1;
    g->cells = ARENA_ARRAY(a, Str, g->rows * g->columns);
    g->widths = ARENA_ARRAY(a, size_t, g->columns);
    for (size_t k = 1; k < g->columns; k++)
        g->cells[k] = cut(a, v->columns.v[k - 1].heading);
    for (size_t i = 1; i < g->rows; i++) {
        Str *row = g->cells + i * g->columns;
        row[0] = cut(a, v->rows.v[i - 1].label);
        for (size_t k = 1; k < g->columns; k++)
            row[k] = cell_text(a, v->rows.v[i - 1].source, &v->columns.v[k - 1]);
    }
    for (size_t i = 0; i < g->rows; i++)
        for (size_t k = 0; k < g->columns; k++) {
            size_t w = width(g->cells[i * g->columns + k]);
            g->widths[k] = w > g->widths[k] ? w : g->widths[k];
        }
    for (size_t k = 0; k < g->columns; k++) {
        if (k && !has_cells(g, k))
            g->widths[k] = HIDDEN;
        g->total += g->widths[k] == HIDDEN ? 0 : g->widths[k] + (k ? 2 : 0);
    }
}

static void write_view(Arena *a, const View *v, Buf *b)
{
    Grid g = {0};
    if (!v->rows.n)
        return;
    measure(a, v, &g);
    bool is_empty = g.columns > 1;
    for (size_t k = 1; k < g.columns; k++)
        is_empty = is_empty && g.widths[k] == HIDDEN;
    if (is_empty)
        return;
    buf_char(b, '\n');
    buf_str_add(b, v->title);
    buf_char(b, '\n');
    write_rule(b, g.total);
    for (size_t i = 0; i < g.rows; i++) {
        for (size_t k = 0; k < g.columns; k++) {
            Str s = g.cells[i * g.columns + k];
            if (g.widths[k] == HIDDEN)
                continue;
            size_t space = g.widths[k] - width(s);
            pad(b, k ? 2 + space : 0);
            buf_str_add(b, s);
            pad(b, k || g.columns == 1 ? 0 : space);
        }
        buf_char(b, '\n');
        if (i == 0)
            write_rule(b, g.total);
    }
}

static void write_head(const Result *r, Buf *b)
{
    bool is_zh = r->cx->lang == LANG_ZH;
    buf_printf(b, "%s  n = %.10g", r->method, r->n);
    buf_printf(b, is_zh ? "  缺失 = %.10g" : "  missing = %.10g", r->missing);
    if (!isnan(r->weight))
        buf_printf(b, is_zh ? "  权重 = " STR_FMT : "  weight = " STR_FMT, STR_ARG(r->weight_name));
    buf_printf(b, is_zh ? "  种子 = %llu\n" : "  seed = %llu\n", (unsigned long long)r->seed);
}

void result_write_text(const Result *r, Buf *b)
{
    write_head(r, b);
    for (const View *v = r->views; v; v = v->next)
        write_view(r->cx->arena, v, b);
    for (size_t i = 0; i < json_array_size(r->notes); i++) {
        buf_lit(b, "\n* ");
        buf_str_add(b, json_str(json_array_get(r->notes, i)));
    }
    buf_lit(b, "\n");
    buf_str_add(b, r->reading);
    buf_char(b, '\n');
}

/* ---- JSON */
static void json_member(Buf *b, const char *key, const json_t *v)
{
    buf_printf(b, ",\"%s\":", key);
    json_write(b, v);
}

void result_write_json(const Result *r, Buf *b)
{
    buf_lit(b, "{\"method\":");
    buf_json_str(b, str_of(r->method));
    buf_lit(b, ",\"n\":");
    buf_json_real(b, r->n);
    buf_lit(b, ",\"missing\":");
    buf_json_real(b, r->missing);
    buf_lit(b, ",\"weighted\":");
    buf_json_bool(b, !isnan(r->weight));
    buf_printf(b, ",\"seed\":%llu", (unsigned long long)r->seed);
    json_member(b, "tables", r->tables);
    json_member(b, "notes", r->notes);
    buf_lit(b, ",\"reading\":");
    buf_json_str(b, r->reading);
    buf_lit(b, "}\n");
}

/* ---- per-row results */
static void out_cell(Buf *b, const OutColumn *c, size_t i)
{
    if (c->num) {
        if (!isnan(c->num[i]))
            buf_json_real(b, c->num[i]);
    } else if (c->code && c->text) {
        if (c->code[i] >= 0)
            buf_csv(b, c->text[c->code[i]]);
    } else if (c->code) {
        if (c->code[i] >= 0)
            buf_int(b, c->code[i]);
    } else {
        buf_csv(b, c->text[i]);
    }
}

void result_write_out(const Result *r, FILE *out)
{
    CLEANUP(arena) Arena *arena = arena_new(65536);
    for (size_t i = 0; i <= r->out_n; i++) { /* row 0 is the header */
        arena_reset(arena);
        Buf b = buf_in(arena, 1 << 20);
        size_t at = i && r->out_at ? r->out_at[i - 1] : i - 1;
        if (r->out_rows && i)
            buf_int(&b, r->out_row ? r->out_row[at] : (int64_t)at);
        else if (r->out_rows)
            buf_lit(&b, "row");
        for (size_t k = 0; k < r->out.n; k++) {
            if (k || r->out_rows)
                buf_char(&b, ',');
            if (i)
                out_cell(&b, &r->out.v[k], at);
            else
                buf_csv(&b, r->out.v[k].name);
        }
        buf_char(&b, '\n');
        fwrite(b.p, 1, b.n, out);
    }
}
