/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of an aggregate. Sums are taken in two parts, v / 10^9 and v % 10^9, joined in
 * __int128: SQLite fails on a sum beyond 2^63, PostgreSQL would give numerics. Where the rows must
 * be cut by a sum or an average, the database orders by its approximation as a real number; the rows
 * that come are put in exact order afterwards. */
#include "query/aggregate.h"

#define SUM_PART 1000000000

/* One row for each text of choices or tags and each record of links, one with null where there are
 * none. Opened up from the record's own row, so that it also holds of the past. */
static void group_members(Base *b, const Path *path, Sql *out)
{
    int alias = (*b->scope.next_alias)++;
    Sql *from = &b->scope.from;
    bool sqlite = b->scope.dialect == DB_SQLITE;
    if (sqlite)
        sql_lit(from, " LEFT JOIN json_each(");
    else
        sql_lit(from, " LEFT JOIN LATERAL jsonb_array_elements_text(CAST(");
    sql_column(from, path->alias, path->field, 0);
    if (sqlite)
        sql_lit(from, ") AS ");
    else
        sql_lit(from, " AS jsonb)) AS ");
    sql_alias(from, alias);
    if (sqlite)
        sql_lit(from, " ON true");
    else
        sql_lit(from, "(\"value\") ON true");
    bool ids = path->field->kind == F_LINKS;
    if (ids)
        sql_lit(out, "CAST(");
    sql_alias(out, alias);
    sql_lit(out, ".\"value\"");
    if (ids)
        sql_lit(out, " AS bigint)");
}

Status aggregate_group_sql(Aggregate *a, Base *b, const Group *g, Sql *out, DbType *ret_type)
{
    Path path;
    TRY(path_resolve(a->cx, &b->scope, g->name, "group", &path));
    if (!g->bucketed) {
        if (field_is_computed(g->field))
            return path_sql(a->cx, &b->scope, &path, PATH_VALUE, out, ret_type);
        *ret_type = aggregate_leads(g->field) ? DB_INT : (DbType)g->field->columns[0].type;
        if (field_is_many(g->field)) {
            group_members(b, &path, out);
            return ST_OK;
        }
        sql_column(out, path.alias, g->field, 0);
        return ST_OK;
    }
    Sql value = sql_fragment(&b->sql), day = sql_fragment(&b->sql);
    DbType type;
    TRY(path_sql(a->cx, &b->scope, &path, PATH_VALUE, &value, &type));
    FieldKind kind = field_result(g->field);
    if (kind == F_DATETIME)
        expr_sql_local_day(&day, &value, a->zone);
    else
        sql_append(&day, &value);
    *ret_type = DB_INT;
    expr_sql_bucket(out, &day, g->unit);
    return ST_OK;
}

Status aggregate_value_sql(Aggregate *a, Base *b, const Measure *m, Sql *out, DbType *ret_type)
{
    Path path;
    TRY(path_resolve(a->cx, &b->scope, m->name, "measures", &path));
    return path_sql(a->cx, &b->scope, &path, PATH_VALUE, out, ret_type);
}

bool aggregate_has_median(const Aggregate *a)
{
    for (size_t i = 0; i < a->n_measures; i++)
        if (a->measures[i].kind == MEASURE_MEDIAN)
            return true;
    return false;
}

/* ---- select list */

static void measure_count(const Measure *m, const Sql *value, Sql *out)
{
    if (!m->name.p) {
        sql_lit(out, "count(*)");
        return;
    }
    if (m->kind == MEASURE_DISTINCT)
        sql_lit(out, "count(DISTINCT ");
    else
        sql_lit(out, "count(");
    sql_append(out, value);
    sql_lit(out, ")");
}

static void measure_sum(const Sql *value, Sql *out)
{
    sql_lit(out, "count(");
    sql_append(out, value);
    sql_lit(out, "), CAST(sum((");
    sql_append(out, value);
    sql_lit(out, ") / ");
    sql_number(out, SUM_PART);
    sql_lit(out, ") AS bigint), CAST(sum((");
    sql_append(out, value);
    sql_lit(out, ") % ");
    sql_number(out, SUM_PART);
    sql_lit(out, ") AS bigint)");
}

static void measure_extreme(const Measure *m, const Sql *value, Sql *out)
{
    if (m->kind == MEASURE_MIN)
        sql_lit(out, "min(");
    else
        sql_lit(out, "max(");
    sql_append(out, value);
    sql_lit(out, ")");
}

static Status measure_select(Aggregate *a, Base *b, Measure *m, int *columns, Sql *out)
{
    Sql value = sql_fragment(&b->sql);
    if (m->name.p)
        TRY(aggregate_value_sql(a, b, m, &value, &m->type));
    if (*columns > 0)
        sql_lit(out, ", ");
    m->col = *columns;
    switch (m->kind) {
    case MEASURE_SUM:
    case MEASURE_AVG:
        measure_sum(&value, out);
        *columns += 3;
        return ST_OK;
    case MEASURE_MIN:
    case MEASURE_MAX: measure_extreme(m, &value, out); break;
    default: measure_count(m, &value, out); break;
    }
    *columns += 1;
    return ST_OK;
}

static Status aggregate_select(Aggregate *a, Base *b, bool grouped, Sql *out)
{
    int columns = 0;
    sql_lit(out, "SELECT ");
    for (size_t i = 0; grouped && i < a->n_groups; i++) {
        if (columns++ > 0)
            sql_lit(out, ", ");
        TRY(aggregate_group_sql(a, b, &a->groups[i], out, &a->groups[i].type));
    }
    for (size_t i = 0; i < a->n_measures; i++)
        TRY(measure_select(a, b, &a->measures[i], &columns, out));
    return ST_OK;
}

/* ---- order and limit: only what decides which rows are cut */

static Status order_measure(Aggregate *a, Base *b, const Measure *m, Sql *out)
{
    if (m->kind != MEASURE_SUM && m->kind != MEASURE_AVG) {
        sql_number(out, m->col + 1);
        return ST_OK;
    }
    Sql value = sql_fragment(&b->sql);
    DbType type;
    TRY(aggregate_value_sql(a, b, m, &value, &type));
    if (m->kind == MEASURE_SUM)
        sql_lit(out, "sum(CAST(");
    else
        sql_lit(out, "avg(CAST(");
    sql_append(out, &value);
    sql_lit(out, " AS double precision))");
    return ST_OK;
}

static void order_direction(bool down, Sql *out)
{
    if (down)
        sql_lit(out, " DESC NULLS LAST");
    else
        sql_lit(out, " NULLS LAST");
}

static Status aggregate_order(Aggregate *a, Base *b, Sql *out)
{
    sql_lit(out, " ORDER BY ");
    for (size_t i = 0; i < a->n_orders; i++) {
        const Order *order = &a->orders[i];
        if (order->group >= 0)
            sql_number(out, order->group + 1);
        else
            TRY(order_measure(a, b, &a->measures[order->measure], out));
        order_direction(order->down, out);
        sql_lit(out, ", ");
    }
    for (size_t i = 0; i < a->n_groups; i++) {
        if (i > 0)
            sql_lit(out, ", ");
        sql_number(out, (int64_t)i + 1);
        order_direction(false, out);
    }
    return ST_OK;
}

static bool order_needs_all(const Aggregate *a)
{
    for (size_t i = 0; i < a->n_orders; i++)
        if (a->orders[i].measure >= 0 && a->measures[a->orders[i].measure].kind == MEASURE_MEDIAN)
            return true;
    return false;
}

static Status aggregate_statement(Aggregate *a, bool grouped, int64_t limit, Stmt **ret)
{
    Base *b;
    TRY(filter_begin(a->cx, a->o, a->filter, &b));
    filter_search_add(b, a->search);
    Sql text = sql_fragment(&b->sql), tail = sql_fragment(&b->sql);
    TRY(aggregate_select(a, b, grouped, &text));
    if (grouped) {
        sql_lit(&tail, " GROUP BY ");
        for (size_t i = 0; i < a->n_groups; i++) {
            if (i > 0)
                sql_lit(&tail, ", ");
            sql_number(&tail, (int64_t)i + 1);
        }
        TRY(aggregate_order(a, b, &tail));
        sql_lit(&tail, " LIMIT ");
        sql_number(&tail, limit);
    }
    filter_from(b, &text); /* last: every join is known now */
    sql_append(&text, &tail);
    return filter_prepare(a->cx, &text, ret);
}

/* ---- reading */

DbVal aggregate_cell(Arena *arena, const Stmt *q, int col, DbType type)
{
    if (db_col_null(q, col))
        return db_null(type);
    switch (type) {
    case DB_BOOL: return db_bool(db_col_bool(q, col));
    case DB_REAL: return db_real(db_col_real(q, col));
    case DB_TEXT: return db_text(str_copy(arena, db_col_text(q, col)));
    case DB_BLOB: return db_blob(str_copy(arena, db_col_blob(q, col)));
    case DB_INT: break;
    }
    return db_int(db_col_int(q, col));
}

static Figure aggregate_figure(Arena *arena, const Measure *m, const Stmt *q)
{
    Figure f = {.n = 0};
    switch (m->kind) {
    case MEASURE_SUM:
    case MEASURE_AVG:
        f.n = db_col_int(q, m->col);
        if (f.n > 0)
            f.sum = (__int128)db_col_int(q, m->col + 1) * SUM_PART + db_col_int(q, m->col + 2);
        break;
    case MEASURE_MIN:
    case MEASURE_MAX:
        f.value = aggregate_cell(arena, q, m->col, m->type);
        f.n = !f.value.null;
        break;
    default: f.n = db_col_int(q, m->col); break;
    }
    return f;
}

Str aggregate_group_bytes(Arena *arena, const DbVal *groups, size_t n)
{
    Buf key = buf_in(arena, (size_t)1024 * 1024);
    for (size_t i = 0; i < n; i++) {
        const DbVal *v = &groups[i];
        int64_t whole = v->null ? 0 : v->type == DB_BOOL ? v->b : v->i;
        buf_char(&key, v->null ? 0 : 1);
        if (!v->null && (v->type == DB_TEXT || v->type == DB_BLOB)) {
            whole = (int64_t)v->s.n;
            buf_str_add(&key, v->s);
        }
        buf_add(&key, &whole, sizeof(whole));
    }
    return buf_str(&key);
}

static Status aggregate_row(Aggregate *a, bool grouped, const Stmt *q, AggregateRows *rows)
{
    Arena *arena = a->cx->arena;
    AggregateRow row = {.groups = ARENA_ARRAY(arena, DbVal, a->n_groups + 1),
                        .figures = ARENA_ARRAY(arena, Figure, a->n_measures)};
    for (size_t i = 0; grouped && i < a->n_groups; i++)
        row.groups[i] = aggregate_cell(arena, q, (int)i, a->groups[i].type);
    for (size_t i = 0; i < a->n_measures; i++)
        row.figures[i] = aggregate_figure(arena, &a->measures[i], q);
    VEC_PUSH(arena, &rows->rows, row);
    return ST_OK;
}

Status aggregate_read(Aggregate *a, bool grouped, AggregateRows *ret)
{
    bool all = grouped && order_needs_all(a);
    int64_t limit = all ? AGGREGATE_MAX_ROWS : a->limit;
    CLEANUP(stmt) Stmt *q = NULL;
    *ret = (AggregateRows){.cut = false};
    TRY(aggregate_statement(a, grouped, limit + 1, &q));
    for (;;) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        if (grouped && (int64_t)ret->rows.n == limit) {
            ret->cut = true;
            break;
        }
        TRY(aggregate_row(a, grouped, q, ret));
    }
    if (all)
        return FAIL(a->cx, ST_TOO_LARGE, "query.too_many_rows",
                    "more than %d groups cannot be sorted by a median", AGGREGATE_MAX_ROWS);
    return ST_OK;
}
