/* SPDX-License-Identifier: Apache-2.0 */
/* correspondence: the rows and columns of a table of counts as points on a map. */
#include "analytics/correspondence.h"
#include "analytics/dist.h"
#include "analyze/method.h"

#define MAX_SIDE 2000
enum { MOST_SHOWN = 25, FEW = 10 };

static const AnalyzeOption OPTIONS[] = {
    {"cols", OPTION_COLUMN, true, NULL, "列变量", "columns of the table"},
    {"counts", OPTION_COLUMN, false, NULL, "频数列", "column of counts"},
    {"dimensions", OPTION_COUNT, false, NULL,
     "给出坐标的维数（默认全部；超过 24 维时 10；0 为全部）",
     "dimensions with coordinates (default all; 10 when there are more than 24; 0: all)"},
    {"normalise", OPTION_WORD, false, "symmetric|row|column|principal", "标准化（默认 symmetric）",
     "normalisation (default symmetric)"},
    {"rows", OPTION_COLUMN, true, NULL, "行变量", "rows of the table"},
};
static const ViewColumn DIMENSIONS[] = {
    {"singular_value", "奇异值", "Singular Value", CELL_STAT},
    {"inertia", "惯量", "Inertia", CELL_STAT},
    {"share", "占比", "Proportion", CELL_PERCENT},
    {"cumulative", "累积", "Cumulative", CELL_PERCENT},
};
static const ViewColumn POINTS[] = {
    {"mass", "质量", "Mass", CELL_STAT},
    {"coordinate.0", "维度 1", "Dimension 1", CELL_STAT},
    {"coordinate.1", "维度 2", "Dimension 2", CELL_STAT},
    {"inertia", "惯量", "Inertia", CELL_STAT},
    {"contribution.0", "对维度 1 的贡献", "Of Point to Dim 1", CELL_STAT},
    {"contribution.1", "对维度 2 的贡献", "Of Point to Dim 2", CELL_STAT},
    {"cos2.0", "维度 1 的 cos²", "Of Dim 1 to Point", CELL_STAT},
    {"cos2.1", "维度 2 的 cos²", "Of Dim 2 to Point", CELL_STAT},
};

static CorrespondenceNorm norm_of(const Analysis *an, const char **ret)
{
    static const char *const NAMES[] = {"symmetric", "row", "column", "principal"};
    Str s = analysis_text(an, "normalise");
    for (int i = 1; i < 4; i++)
        if (str_is(s, NAMES[i])) {
            *ret = NAMES[i];
            return (CorrespondenceNorm)i;
        }
    *ret = NAMES[0];
    return CORRESPONDENCE_SYMMETRIC;
}

/* Groups that no kept row has would be empty lines of the table. */
static Status read_table(Analysis *an, Groups *rows, Groups *cols, double **ret)
{
    Series *r, *c, *counts = NULL, *all[3];
    size_t n = 2;
    TRY(analysis_column(an, "rows", &r));
    TRY(analysis_column(an, "cols", &c));
    all[0] = r;
    all[1] = c;
    if (analysis_has(an, "counts")) {
        TRY(analysis_column(an, "counts", &counts));
        TRY(frame_need_numbers(an->cx, an->frame, counts));
        all[n++] = counts;
    }
    TRY(analysis_listwise(an, all, n));
    TRY(frame_groups(an->cx, an->frame, r, rows));
    TRY(frame_groups(an->cx, an->frame, c, cols));
    if (rows->n > MAX_SIDE || cols->n > MAX_SIDE)
        return FAIL(an->cx, ST_TOO_LARGE, "analyze.wide_table", "a table of %zu × %zu is too large",
                    rows->n, cols->n);
    double *t = ARENA_ARRAY(an->cx->arena, double, rows->n * cols->n + 1);
    const double *w = analysis_weights(an);
    for (size_t i = 0; i < an->frame->n; i++) {
        double v = (counts ? counts->num[i] : 1) * (w ? w[i] : 1);
        if (!(v >= 0))
            return FAIL(an->cx, ST_INVALID, "analyze.negative_count",
                        "column \"" STR_FMT "\", line %lld: a count may not be negative",
                        STR_ARG(counts ? counts->name : r->name),
                        (long long)frame_line(an->frame, i));
        t[(size_t)rows->of[i] * cols->n + (size_t)cols->of[i]] += v;
    }
    *ret = t;
    return ST_OK;
}

static Status empty_line(Analysis *an, const Groups *rows, const Groups *cols)
{
    const Fault *f = &an->kernel.fault;
    const Groups *g = f->column == 0 ? rows : cols;
    return FAIL(an->cx, ST_INVALID, "analyze.empty_line",
                "\"" STR_FMT "\" of column \"" STR_FMT "\" has no counts",
                STR_ARG(g->labels[f->row]), STR_ARG(g->column->name));
}

static void put_dimensions(Analysis *an, json_t *o, const Correspondence *a)
{
    json_t *list = result_array(o, "dimensions");
    View *v = result_view(an->result, "摘要", "Summary", DIMENSIONS, COUNT_OF(DIMENSIONS));
    double sum = 0;
    for (size_t k = 0; k < a->dimensions; k++) {
        json_t *row = result_item(list);
        sum += a->value[k];
        result_put(row, "singular_value", a->singular[k]);
        result_put(row, "inertia", a->value[k]);
        result_put(row, "share", a->value[k] / a->inertia);
        result_put(row, "cumulative", sum / a->inertia);
        result_row(v, str_format(an->cx->arena, "%zu", k + 1), row);
    }
}

static void put_points(Analysis *an, json_t *o, const char *key, const char *zh, const char *en,
                       const Correspondence *a, const CorrespondencePoints *p, const Groups *g,
                       CorrespondenceNorm norm)
{
    json_t *list = result_array(o, key);
    View *v = result_view(an->result, zh, en, POINTS, COUNT_OF(POINTS));
    for (size_t i = 0; i < p->n; i++) {
        json_t *row = result_item(list), *at;
        result_put_text(row, "label", g->labels[i]);
        result_put(row, "mass", p->mass[i]);
        result_put(row, "inertia", p->inertia[i]);
        at = result_array(row, "coordinate");
        for (size_t k = 0; k < a->shown; k++)
            result_add(at, correspondence_at(a, p, i, k, norm));
        result_puts(row, "principal", p->principal + i * a->shown, a->shown);
        result_puts(row, "contribution", p->contribution + i * a->shown, a->shown);
        result_puts(row, "cos2", p->cos2 + i * a->shown, a->shown);
        result_row(v, g->labels[i], row);
    }
}

static Status run(Analysis *an)
{
    Groups rows = {0}, cols = {0};
    double *table = NULL;
    const char *name;
    Correspondence a = {0};
    CorrespondenceNorm norm = norm_of(an, &name);
    TRY(read_table(an, &rows, &cols, &table));
    size_t least = (rows.n < cols.n ? rows.n : cols.n);
    size_t shown = (size_t)analysis_count(an, "dimensions", least > MOST_SHOWN ? FEW : 0);
    Series *columns[] = {(Series *)rows.column, (Series *)cols.column};
    Status st = correspondence_run(&an->kernel, table, rows.n, cols.n, shown, &a);
    if (st == ST_INVALID && an->kernel.fault.kind == FAULT_EMPTY)
        return empty_line(an, &rows, &cols);
    TRY(analysis_fault(an, st, columns, 2));
    json_t *o = result_object(an->result->tables, "correspondence");
    result_put_text(o, "normalisation", str_of(name));
    result_put(o, "n", a.n);
    result_put(o, "total_inertia", a.inertia);
    result_put(o, "chi2", a.chi2);
    result_put(o, "df", a.df);
    result_put(o, "p", dist_chi2_upper(a.chi2, a.df));
    put_dimensions(an, o, &a);
    put_points(an, o, "rows", "行点", "Row Points", &a, &a.rows, &rows, norm);
    put_points(an, o, "columns", "列点", "Column Points", &a, &a.columns, &cols, norm);
    double two = a.value[0] + (a.dimensions > 1 ? a.value[1] : 0);
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_correspondence",
                           "Two dimensions show %.3g %% of the association between the %zu rows "
                           "and %zu columns.",
                           a.inertia > 0 ? 100 * two / a.inertia : 0, rows.n, cols.n));
    return ST_OK;
}

const AnalyzeMethod analyze_correspondence = {
    "correspondence", "对应分析", "correspondence analysis", OPTIONS, COUNT_OF(OPTIONS),
    METHOD_WEIGHT,    run};
