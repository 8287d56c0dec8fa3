/* SPDX-License-Identifier: Apache-2.0 */
/* A list in groups as a table: in front a column for each level; a line with the name and count of a group
 * above its rows and, where something is added up, a line of sums below them; all of it at the end. */
#include "export/export_internal.h"

#define MAX_LEVELS 3

typedef struct Totals {
    int64_t rows;
    QuerySum *sums;
} Totals;

struct ExportGroups {
    const QueryGroup *all;
    size_t n_all, n_sums;
    size_t open;   /* the group whose rows are written; n_all: none */
    Totals all_in; /* of all rows written */
    Totals levels[MAX_LEVELS];
    int64_t *counts[MAX_LEVELS]; /* by the group that a level begins with */
};

/* ---- what is asked for */
static Status unfit(Ctx *cx, const char *key, const char *why, const char *text)
{
    Status st = FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "export.bad_options",
                          "the options of the export are wrong");
    FIELD_FAIL(cx, str_of(key), "bad_value", why, STR_FMT, STR_ARG(str_of(text)));
    return st;
}

static bool is_shown(const Export *x, Str name)
{
    for (size_t i = 0; i < x->n_columns; i++)
        if (str_eq(x->columns[i].name, name))
            return true;
    return false;
}

Status export_groups_open(Export *x, const ExportWriter *w)
{
    const ExportOptions *o = &x->options;
    Str name;
    if (!o->group && (o->sums || o->group_sort))
        return unfit(x->cx, o->sums ? "sums" : "group_sort", "export.no_group",
                     "has a meaning with groups only");
    if (!o->group)
        return ST_OK;
    if (!w->line || o->codes)
        return unfit(x->cx, w->line ? "values" : "format", "export.no_room",
                     "has no room for groups");
    TRY(query_rows_group(x->rows, o->group, o->sums, o->group_sort));
    for (size_t i = 0; i < json_array_size(o->sums); i++)
        if (!is_shown(x, json_str(json_array_get(o->sums, i))))
            return unfit(x->cx, "sums", "export.no_column", "names a field that is no column");
    while (query_rows_level(x->rows, x->n_levels, &name))
        x->n_levels++;
    return ST_OK;
}

Str export_groups_header(const Export *x, size_t level)
{
    Str name;
    const Field *f = query_rows_level(x->rows, level, &name);
    const QueryColumn c = {.name = name, .field = f};
    return export_cell_header(x, &c);
}

/* ---- counts of levels are known before their rows: groups that share a beginning stand together */
static void count_levels(const Export *x, ExportGroups *g)
{
    for (size_t level = 0; level < x->n_levels; level++) {
        size_t from = 0;
        g->counts[level] = ARENA_ARRAY(x->cx->arena, int64_t, g->n_all + 1);
        for (size_t i = 0; i < g->n_all; i++) {
            if (g->all[i].shares <= level)
                from = i;
            g->counts[level][from] += g->all[i].rows;
        }
    }
}

static void add(Totals *t, const QueryGroup *group)
{
    t->rows += group->rows;
    for (size_t i = 0; i < group->n_sums; i++) {
        t->sums[i].name = group->sums[i].name;
        t->sums[i].field = group->sums[i].field;
        t->sums[i].n += group->sums[i].n;
        t->sums[i].sum += group->sums[i].sum;
    }
}

static Totals nothing(const Export *x, size_t n_sums)
{
    return (Totals){.sums = ARENA_ARRAY(x->cx->arena, QuerySum, n_sums + 1)};
}

static void groups_begin(Export *x)
{
    ExportGroups *g = ARENA_NEW(x->cx->arena, ExportGroups);
    x->groups = g;
    g->all = query_rows_groups(x->rows, &g->n_all);
    g->open = g->n_all;
    g->n_sums = json_array_size(x->options.sums);
    g->all_in = nothing(x, g->n_sums);
    count_levels(x, g);
}

/* ---- lines */
static Status head_line(Export *x, const ExportWriter *w, void *state, size_t at, size_t level)
{
    const ExportGroups *g = x->groups;
    Str label = g->all[at].labels[level];
    const ExportLine line = {.level = level,
                             .label = text_in(x->cx, "export.group_head", STR_FMT " (%lld)",
                                              STR_ARG(label), (long long)g->counts[level][at]),
                             .name = label,
                             .rows = g->counts[level][at]};
    return w->line(x, state, &line);
}

static Status sum_line(Export *x, const ExportWriter *w, void *state, size_t level)
{
    ExportGroups *g = x->groups;
    Str label = g->all[g->open].labels[level];
    const ExportLine line = {
        .level = level,
        .label = text_in(x->cx, "export.group_sum", STR_FMT " in all", STR_ARG(label)),
        .name = label,
        .rows = g->levels[level].rows,
        .sums = g->levels[level].sums,
        .n_sums = g->n_sums};
    return w->line(x, state, &line);
}

/* The levels from `level` on end, the innermost first. */
static Status close_levels(Export *x, const ExportWriter *w, void *state, size_t level)
{
    ExportGroups *g = x->groups;
    for (size_t i = x->n_levels; g->open < g->n_all && g->n_sums && i-- > level;)
        TRY(sum_line(x, w, state, i));
    return ST_OK;
}

/* Groups between the last one and this have lost their rows meanwhile; what they share is asked of each. */
static size_t shared(const ExportGroups *g, size_t to)
{
    size_t least = g->open < g->n_all ? MAX_LEVELS : 0;
    for (size_t i = g->open + 1; i <= to && least; i++)
        least = g->all[i].shares < least ? g->all[i].shares : least;
    return least;
}

static Status open_group(Export *x, const ExportWriter *w, void *state, size_t at)
{
    ExportGroups *g = x->groups;
    size_t same = shared(g, at);
    TRY(close_levels(x, w, state, same));
    for (size_t level = same; level < x->n_levels; level++) {
        g->levels[level] = nothing(x, g->n_sums);
        TRY(head_line(x, w, state, at, level));
    }
    for (size_t level = 0; level < x->n_levels; level++)
        add(&g->levels[level], &g->all[at]);
    add(&g->all_in, &g->all[at]);
    g->open = at;
    return ST_OK;
}

Status export_groups_rows(Export *x, const ExportWriter *w, void *state, const Value *rows,
                          size_t n)
{
    if (!x->groups)
        groups_begin(x);
    for (size_t i = 0, run; i < n; i += run) {
        size_t at = query_rows_group_of(x->rows, i);
        for (run = 1; i + run < n && query_rows_group_of(x->rows, i + run) == at; run++)
            ;
        if (at != x->groups->open)
            TRY(open_group(x, w, state, at));
        TRY(w->rows(x, state, &rows[i * x->n_columns], run));
    }
    return ST_OK;
}

Status export_groups_end(Export *x, const ExportWriter *w, void *state)
{
    ExportGroups *g = x->groups;
    if (!g) /* no rows */
        return ST_OK;
    TRY(close_levels(x, w, state, 0));
    const ExportLine line = {
        .total = true,
        .label = text_in(x->cx, "export.group_total", "Total (%lld)", (long long)g->all_in.rows),
        .rows = g->all_in.rows,
        .sums = g->all_in.sums,
        .n_sums = g->n_sums};
    return w->line(x, state, &line);
}

const QuerySum *export_groups_sum(const ExportLine *line, Str column)
{
    for (size_t i = 0; i < line->n_sums; i++)
        if (str_eq(line->sums[i].name, column))
            return &line->sums[i];
    return NULL;
}
