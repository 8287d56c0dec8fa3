/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of the rows of an export. What a group is, its title and its place are those of an aggregate,
 * so that a file has the groups that the grouped list shows; figures are added up row by row. */
#include "query/rows_groups.h"
#include "base/decimal.h"

#define MAX_LEVELS 3

struct RowsGroups {
    Ctx *cx;
    Aggregate a;           /* its groups and measures; sums alone are asked for */
    Arena *home, *pad;     /* pad: of the row in hand */
    int col;               /* the first of ours in the select list */
    Map places;            /* bytes of the values → number of the group */
    AggregateRows rows;    /* in the order they were met, then in that of the file */
    VEC(size_t) row_group; /* by row */
    QueryGroup *groups;
};

static Status wrong(Ctx *cx, const char *key, Status failed)
{
    if (failed == ST_OK)
        failed = FAIL(cx, ST_MALFORMED, "query.groups_form",
                      "groups are up to %d fields, sums a list of names", MAX_LEVELS);
    return path_bad(cx, key, failed);
}

/* ---- what is asked for, in the words of an aggregate */
static Status read_sums(Ctx *cx, const json_t *sums, json_t *measures)
{
    if (sums && !json_is_array(sums))
        return wrong(cx, "sums", ST_OK);
    for (size_t i = 0; i < json_array_size(sums); i++) {
        const json_t *name = json_array_get(sums, i);
        json_t *sum = json_object();
        if (!json_is_string(name)) {
            json_decref(sum);
            return wrong(cx, "sums", ST_OK);
        }
        json_object_set(sum, "sum", (json_t *)name);
        json_array_append_new(measures, sum);
    }
    return ST_OK;
}

/* Levels lie within one another: the order of the first decides before that of the second. */
static Status check_levels(RowsGroups *g)
{
    Aggregate *a = &g->a;
    for (size_t i = 0; i < a->n_groups; i++) {
        const Field *f = a->groups[i].field;
        if (field_is_many(f))
            return wrong(g->cx, "group",
                         FAIL(g->cx, ST_MALFORMED, "query.groups_many",
                              "a record would be in several groups of " STR_FMT,
                              STR_ARG(a->groups[i].name)));
    }
    for (size_t i = 0; a->n_groups > 1 && i < a->n_orders; i++)
        if (a->orders[i].group != (int)i)
            return wrong(g->cx, "group_sort",
                         FAIL(g->cx, ST_MALFORMED, "query.groups_order",
                              "several levels are sorted by their groups, from the first on"));
    return ST_OK;
}

static void free_pad(void *arg) { arena_free(arg); }

Status rows_groups_parse(Ctx *cx, const Object *o, const json_t *group, const json_t *sums,
                         const json_t *sort, RowsGroups **ret)
{
    RowsGroups *g = ARENA_NEW(cx->arena, RowsGroups);
    json_t *body = json_object(), *measures = json_array();
    json_own(cx->arena, body);
    json_object_set_new(body, "measures", measures);
    *g = (RowsGroups){.cx = cx, .home = cx->arena};
    if (!json_is_array(group) || json_array_size(group) == 0 || json_array_size(group) > MAX_LEVELS)
        return wrong(cx, "group", ST_OK);
    if (sort && !json_is_array(sort))
        return wrong(cx, "group_sort", ST_OK);
    TRY(read_sums(cx, sums, measures));
    json_object_set(body, "group", (json_t *)group);
    if (sort)
        json_object_set(body, "sort", (json_t *)sort);
    json_array_append_new(measures, json_string("count"));
    TRY(aggregate_parse(cx, o, body, &g->a));
    g->a.limit = AGGREGATE_MAX_LIMIT;
    g->places = map_in(g->home);
    g->pad = arena_new(4096);
    arena_on_free(g->home, free_pad, g->pad);
    *ret = g;
    return check_levels(g);
}

/* ---- reading */
Status rows_groups_select(RowsGroups *g, Base *b, int col, Sql *out)
{
    Aggregate *a = &g->a;
    g->col = col;
    for (size_t i = 0; i < a->n_groups; i++) {
        sql_lit(out, ", ");
        TRY(aggregate_group_sql(a, b, &a->groups[i], out, &a->groups[i].type));
    }
    for (size_t i = 0; i < a->n_measures; i++) {
        Measure *m = &a->measures[i];
        m->col = col + (int)a->n_groups + (int)i;
        if (m->kind != MEASURE_SUM)
            continue;
        sql_lit(out, ", ");
        TRY(aggregate_value_sql(a, b, m, out, &m->type));
    }
    return ST_OK;
}

static Status place_of(RowsGroups *g, const DbVal *values, size_t *ret)
{
    const Aggregate *a = &g->a;
    Str key = aggregate_group_bytes(g->pad, values, a->n_groups);
    const size_t *known = map_get(&g->places, key);
    if (known) {
        *ret = *known;
        return ST_OK;
    }
    if (g->rows.rows.n == AGGREGATE_MAX_LIMIT)
        return FAIL(g->cx, ST_TOO_LARGE, "query.groups_too_many", "there are more than %d groups",
                    AGGREGATE_MAX_LIMIT);
    AggregateRow row = {.groups = ARENA_ARRAY(g->home, DbVal, a->n_groups + 1),
                        .figures = ARENA_ARRAY(g->home, Figure, a->n_measures + 1)};
    for (size_t i = 0; i < a->n_groups; i++) {
        row.groups[i] = values[i];
        if (values[i].type == DB_TEXT || values[i].type == DB_BLOB)
            row.groups[i].s = str_copy(g->home, values[i].s);
    }
    row.groups[a->n_groups] = db_int((int64_t)g->rows.rows.n); /* which one it was, for the end */
    size_t *place = ARENA_NEW(g->home, size_t);
    *ret = *place = g->rows.rows.n;
    map_put(&g->places, str_copy(g->home, key), place);
    VEC_PUSH(g->home, &g->rows.rows, row);
    return ST_OK;
}

Status rows_groups_take(RowsGroups *g, const Stmt *q)
{
    const Aggregate *a = &g->a;
    DbVal values[MAX_LEVELS];
    size_t place = 0;
    arena_reset(g->pad);
    for (size_t i = 0; i < a->n_groups; i++)
        values[i] = aggregate_cell(g->pad, q, g->col + (int)i, a->groups[i].type);
    TRY(place_of(g, values, &place));
    AggregateRow *row = &g->rows.rows.v[place];
    for (size_t i = 0; i < a->n_measures; i++) {
        const Measure *m = &a->measures[i];
        if (m->kind == MEASURE_SUM && db_col_null(q, m->col))
            continue;
        row->figures[i].n++;
        if (m->kind == MEASURE_SUM)
            row->figures[i].sum += db_col_int(q, m->col);
    }
    VEC_PUSH(g->home, &g->row_group, place);
    return ST_OK;
}

/* ---- the end */
static bool same_value(const DbVal *x, const DbVal *y)
{
    if (x->null || y->null)
        return x->null == y->null;
    switch ((DbType)x->type) {
    case DB_TEXT:
    case DB_BLOB: return str_eq(x->s, y->s);
    case DB_BOOL: return x->b == y->b;
    default: return x->i == y->i;
    }
}

static size_t shared(const RowsGroups *g, const AggregateRow *x, const AggregateRow *y)
{
    size_t n = 0;
    while (n < g->a.n_groups && same_value(&x->groups[n], &y->groups[n]))
        n++;
    return n;
}

static void describe(RowsGroups *g, size_t at)
{
    const Aggregate *a = &g->a;
    const AggregateRow *row = &g->rows.rows.v[at];
    QueryGroup *group = &g->groups[at];
    Str *labels = ARENA_ARRAY(g->home, Str, a->n_groups + 1);
    QuerySum *sums = ARENA_ARRAY(g->home, QuerySum, a->n_measures + 1);
    for (size_t i = 0; i < a->n_groups; i++) {
        Buf text = buf_in(g->home, 65536);
        aggregate_group_text(a, &g->rows, i, &row->groups[i], &text);
        labels[i] = buf_str(&text);
    }
    for (size_t i = 0; i < a->n_measures; i++) {
        if (a->measures[i].kind == MEASURE_SUM)
            sums[group->n_sums++] = (QuerySum){.name = a->measures[i].name,
                                               .field = a->measures[i].field,
                                               .n = row->figures[i].n,
                                               .sum = row->figures[i].sum};
        else
            group->rows = row->figures[i].n;
    }
    group->labels = labels;
    group->sums = sums;
    group->shares = at ? shared(g, row, &g->rows.rows.v[at - 1]) : 0;
}

/* ids and row_group by the new places of groups; a count of each says where its rows begin. */
static void rearrange(RowsGroups *g, const size_t *place, Id *ids, size_t n)
{
    size_t *from = ARENA_ARRAY(g->home, size_t, g->rows.rows.n + 1);
    size_t *groups = ARENA_ARRAY(g->home, size_t, n + 1);
    Id *old = arena_dup(g->home, ids, n * sizeof(*ids));
    for (size_t i = 0; i < n; i++)
        from[place[g->row_group.v[i]] + 1]++;
    for (size_t i = 1; i <= g->rows.rows.n; i++)
        from[i] += from[i - 1];
    for (size_t i = 0; i < n; i++) {
        size_t to = place[g->row_group.v[i]], at = from[to]++;
        ids[at] = old[i];
        groups[at] = to;
    }
    g->row_group.v = groups;
}

Status rows_groups_end(RowsGroups *g, Id *ids, size_t n)
{
    size_t *place = ARENA_ARRAY(g->home, size_t, g->rows.rows.n + 1);
    TRY(aggregate_titles(&g->a, &g->rows));
    aggregate_sort(&g->a, &g->rows);
    g->groups = ARENA_ARRAY(g->home, QueryGroup, g->rows.rows.n + 1);
    for (size_t i = 0; i < g->rows.rows.n; i++) {
        place[g->rows.rows.v[i].groups[g->a.n_groups].i] = i;
        describe(g, i);
    }
    if (n > 0)
        rearrange(g, place, ids, n);
    return ST_OK;
}

size_t rows_groups_of(const RowsGroups *g, size_t row) { return g->row_group.v[row]; }

const QueryGroup *rows_groups_all(const RowsGroups *g, size_t *ret_n)
{
    *ret_n = g->rows.rows.n;
    return g->groups;
}

const Field *rows_groups_level(const RowsGroups *g, size_t level, Str *ret_name)
{
    *ret_name = level < g->a.n_groups ? g->a.groups[level].name : STR_NULL;
    return level < g->a.n_groups ? g->a.groups[level].field : NULL;
}

Value query_sum_value(const Ctx *cx, const QuerySum *sum, Buf *ret_text)
{
    const Field *f = sum->field;
    bool room = sum->sum <= INT64_MAX && sum->sum >= INT64_MIN;
    if (sum->n == 0)
        return VALUE_NULL;
    if (!room) {
        decimal_write128(ret_text, sum->sum, aggregate_scale(f));
        return VALUE_NULL;
    }
    Value v = aggregate_sum_value(cx, f, (int64_t)sum->sum);
    f->type->text(ret_text, f, &v, cx->lang);
    return v;
}
