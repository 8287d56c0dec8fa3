/* SPDX-License-Identifier: Apache-2.0 */
/* som: a self-organising map with its quality and U-matrix; k > 0 groups the units (Ward). */
#include "analytics/hierarchical.h"
#include "analytics/som.h"
#include "analyze/analyze_groups.h"

static const AnalyzeOption OPTIONS[] = {
    ANALYZE_PREPARE_OPTIONS,
    {"grid", OPTION_TEXT, false, NULL, "网格，如 6x6（默认 6x6）", "grid (default 6x6)"},
    {"k", OPTION_TEXT, false, NULL, "把单元再并成几群（默认 4）",
     "groups of units, by Ward on the prototypes (default 4)"},
    {"mode", OPTION_WORD, false, "batch|online", "训练方式（默认 batch）",
     "training (default batch)"},
    {"passes", OPTION_COUNT, false, NULL, "训练遍数（默认 40）", "passes (default 40)"},
    {"reach", OPTION_COLUMN, false, NULL, "能否触达的列", "column saying who can be reached"},
};

static Status grid_of(Analysis *an, SomOptions *o)
{
    Str s = analysis_text(an, "grid");
    uint64_t rows = 6, columns = 6;
    size_t x = str_find_char(s, 'x');
    bool ok = s.n == 0 || (x != SIZE_MAX && str_uint(str_sub(s, 0, x), &rows) &&
                           str_uint(str_sub(s, x + 1, SIZE_MAX), &columns));
    if (!ok || rows < 1 || columns < 1 || rows > 64 || columns > 64 || rows * columns < 2)
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_grid",
                    "--grid must be like 6x6, up to 64x64, not \"" STR_FMT "\"", STR_ARG(s));
    int64_t passes = analysis_count(an, "passes", 40);
    if (passes < 1 || passes > 100000)
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_passes", "--passes must be 1 to 100000");
    *o = (SomOptions){.rows = (int)rows,
                      .columns = (int)columns,
                      .passes = (int)passes,
                      .online = str_is(analysis_text(an, "mode"), "online")};
    return ST_OK;
}

static void put_grid(Analysis *an, json_t *o, const char *key, const char *zh, const char *en,
                     const Som *s, const double *v, CellForm form)
{
    View *view = result_view(an->result, zh, en, NULL, 0);
    json_t *list = result_array(o, key);
    for (int c = 0; c < s->columns; c++)
        result_view_column(view, str_format(an->cx->arena, "%d", c + 1),
                           str_format(an->cx->arena, "%d", c), form);
    for (int r = 0; r < s->rows; r++) {
        json_t *row = json_array();
        json_array_append_new(list, row);
        for (int c = 0; c < s->columns; c++)
            result_add(row, v[r * s->columns + c]);
        result_row(view, str_format(an->cx->arena, "%d", r + 1), row);
    }
}

static void put_map(Analysis *an, json_t *o, const Som *s, const Prepared *d)
{
    json_t *grid = result_array(o, "grid");
    result_add(grid, s->rows);
    result_add(grid, s->columns);
    result_put(o, "quantisation_error", s->quantisation_error);
    result_put(o, "topographic_error_4neigh", s->topographic_error_4);
    result_put(o, "topographic_error_8neigh", s->topographic_error_8);
    result_put(o, "used_units", s->used);
    double *hits = arena_alloc(an->cx->arena, s->units * sizeof(double));
    for (size_t u = 0; u < s->units; u++)
        hits[u] = (double)s->hits[u];
    put_grid(an, o, "hits", "各单元个案数", "Hits", s, hits, CELL_COUNT);
    put_grid(an, o, "u_matrix", "U 矩阵", "U-matrix", s, s->u_matrix, CELL_STAT);
    json_t *codebook = result_array(o, "codebook");
    for (size_t u = 0; u < s->units; u++) {
        json_t *row = json_array();
        json_array_append_new(codebook, row);
        for (size_t j = 0; j < d->p; j++)
            result_add(row, s->prototype[u * d->p + j]);
    }
}

static void put_units(Analysis *an, const Som *s)
{
    double *v[3];
    static const char *const NAMES[] = {"unit_row", "unit_column", "distance"};
    for (int i = 0; i < 3; i++)
        v[i] = arena_alloc(an->cx->arena, (s->n + 1) * sizeof(double));
    for (size_t i = 0; i < s->n; i++) {
        int row = s->label[i] / s->columns;
        v[0][i] = row + 1;
        v[1][i] = s->label[i] % s->columns + 1;
        v[2][i] = s->squared[i];
    }
    work_sqrt(v[2], s->n);
    for (int i = 0; i < 3; i++)
        result_out(an->result, s->n, (OutColumn){.name = str_of(NAMES[i]), .num = v[i]});
}

/* Groups of units that have rows; rows take the group of their unit. */
static Status group_units(Analysis *an, json_t *o, const Som *s, const Prepared *d, int k,
                          int *ret_accepted)
{
    Arena *a = an->cx->arena;
    size_t used = 0;
    double *x = arena_alloc(a, s->units * d->p * sizeof(double));
    int32_t *at = arena_alloc(a, s->units * sizeof(*at)),
            *group = arena_alloc(a, s->units * sizeof(*group));
    for (size_t u = 0; u < s->units; u++) {
        at[u] = (int32_t)used;
        if (s->hits[u])
            memcpy(x + used++ * d->p, s->prototype + u * d->p, d->p * sizeof(double));
    }
    if ((size_t)k > used || used < 2)
        return FAIL(an->cx, ST_INVALID, "analyze.few_units",
                    "%zu units with rows cannot make %d groups: column \"" STR_FMT
                    "\" and the others",
                    used, k, STR_ARG(d->names[0]));
    Hierarchical h;
    TRY(analysis_fault(an, hierarchical_run(&an->kernel, x, used, d->p, HIERARCHICAL_WARD, &h),
                       d->columns, d->p));
    TRY(analysis_fault(an, hierarchical_cut(&an->kernel, &h, k, group), d->columns, d->p));
    int32_t *label = arena_alloc(a, s->n * sizeof(*label));
    for (size_t i = 0; i < s->n; i++)
        label[i] = group[at[s->label[i]]];
    return analyze_groups(an, o, d, label, k, NULL, ret_accepted);
}

static Status run(Analysis *an)
{
    Prepared d;
    SomOptions options = {0};
    Som s;
    int k, to, accepted;
    TRY(grid_of(an, &options));
    TRY(analyze_groups_range(an, 4, &k, &to));
    if (to != k)
        return FAIL(an->cx, ST_MALFORMED, "analyze.one_k", "--k must be one number up to %zu",
                    (size_t)options.rows * (size_t)options.columns);
    TRY(analyze_prepare(an, true, &d));
    TRY(analysis_fault(an, som_run(&an->kernel, d.x, d.n, d.p, &options, &s), d.columns, d.p));
    json_t *o = result_object(an->result->tables, "som");
    result_put_text(o, "mode", options.online ? STR("online") : STR("batch"));
    result_put(o, "passes", options.passes);
    put_map(an, o, &s, &d);
    TRY(group_units(an, o, &s, &d, k, &accepted));
    put_units(an, &s);
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_som",
                           "A %d × %d map with quantisation error %.4g; the two best units are not "
                           "neighbours for %.3g %% of the rows.",
                           s.rows, s.columns, s.quantisation_error, 100 * s.topographic_error_8));
    return ST_OK;
}

const AnalyzeMethod analyze_som = {"som",   "自组织映射",      "self-organising map",
                                   OPTIONS, COUNT_OF(OPTIONS), METHOD_ALL_COLUMNS | METHOD_OUT,
                                   run};
