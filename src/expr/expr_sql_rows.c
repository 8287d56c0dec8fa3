/* SPDX-License-Identifier: Apache-2.0 */
/* any all none count sum avg min max as correlated subqueries over the child's table, with the
 * reader's access predicate for it. */
#include "expr/expr_emit.h"

/* The subquery's parts: they are written in another order than they are made. */
typedef struct Rows {
    SqlScope scope;
    Emit emit;
    Sql link, condition, access;
    Sql narrow; /* the link again, for the two tables that rows of the past stand in */
    bool past;
} Rows;

static void write_key(Sql *q, int alias, const Field *f) { sql_column(q, alias, f, 0); }

/* Ties the child's alias to the record whose children it shows. */
static void write_link(const Ctx *cx, const Expr *path, int parent, int child, Sql *q)
{
    const Object *of = path->relation ? path->relation->of : path->links->object;
    const Field *field = path->relation ? path->relation->field : path->links;
    if (field->kind != F_LINKS) {
        write_key(q, child, field);
        sql_lit(q, " = ");
        write_key(q, parent, of->id);
    }
    if (field->kind == F_ANY_LINK) {
        sql_lit(q, " AND ");
        sql_kind(q, child, field, of);
    }
    if (field->kind != F_LINKS)
        return;
    write_key(q, child, path->child->id);
    if (path->relation)
        sql_lit(q, " IN (SELECT \"record\" FROM ");
    else
        sql_lit(q, " IN (SELECT \"target\" FROM ");
    scope_links(cx, field, q);
    if (path->relation)
        sql_lit(q, " WHERE \"target\" = ");
    else
        sql_lit(q, " WHERE \"record\" = ");
    write_key(q, parent, of->id);
    sql_lit(q, ")");
}

static Status open_rows(Emit *m, const Expr *path, const Sql *out, Rows *r)
{
    Emit *at;
    int parent;
    if (m->rows >= EXPR_MAX_ROWS)
        return expr_fail(m->cx, path->at,
                         text_in(m->cx, "expr.rows_too_deep",
                                 "related records of related records: at most %d deep",
                                 EXPR_MAX_ROWS));
    TRY(expr_sql_path_alias(m, path, path->n_hops, &at, &parent));
    r->scope =
        scope_new(m->cx, m->scope->dialect, path->child, out, m->scope->next_alias, m->scope);
    r->emit = (Emit){.cx = m->cx,
                     .scope = &r->scope,
                     .alias = r->scope.alias,
                     .object = path->child,
                     .around = m,
                     .formulas = m->formulas,
                     .rows = m->rows + 1};
    r->link = sql_fragment(out);
    r->condition = sql_fragment(out);
    r->access = sql_fragment(out);
    write_link(m->cx, path, parent, r->scope.alias, &r->link);
    r->past = m->cx->as_of && path->child->history;
    r->narrow = sql_fragment(out);
    if (r->past)
        write_link(m->cx, path, parent, -1, &r->narrow);
    return scope_access(m->cx, path->child, m->scope->dialect, r->scope.alias, &r->access,
                        m->scope->next_alias);
}

static Status add_condition(Rows *r, const Expr *condition, bool is_true)
{
    sql_lit(&r->condition, " AND ");
    TRY(expr_sql_whole(&r->emit, condition, &r->condition));
    if (!is_true)
        sql_lit(&r->condition, " IS NOT TRUE");
    return ST_OK;
}

static void write_from(const Rows *r, Sql *out)
{
    sql_lit(out, " FROM ");
    scope_rows_of(r->scope.cx, r->scope.object, r->scope.alias, r->past ? &r->narrow : NULL, out);
    sql_append(out, &r->scope.from);
    sql_lit(out, " WHERE ");
    sql_append(out, &r->link);
    sql_append(out, &r->condition);
    sql_append(out, &r->access);
}

static Status write_test(Emit *m, const Expr *e, Sql *out)
{
    Rows r = {0};
    ExprFn fn = e->call->fn;
    TRY(open_rows(m, e->args[0], out, &r));
    if (e->n > 1)
        TRY(add_condition(&r, e->args[1], fn != FN_ALL));
    if (fn == FN_ANY)
        sql_lit(out, "(EXISTS (SELECT 1");
    else
        sql_lit(out, "(NOT EXISTS (SELECT 1");
    write_from(&r, out);
    sql_lit(out, "))");
    return ST_OK;
}

static Status write_count(Emit *m, const Expr *e, Sql *out)
{
    Rows r = {0};
    TRY(open_rows(m, e->args[0], out, &r));
    if (e->n > 1)
        TRY(add_condition(&r, e->args[1], true));
    sql_lit(out, "(SELECT count(*)");
    write_from(&r, out);
    sql_lit(out, ")");
    return ST_OK;
}

static void write_aggregate(const Expr *e, Sql *out)
{
    bool real = e->args[1]->t == V_REAL;
    switch (e->call->fn) {
    case FN_MIN: sql_lit(out, "min(\"v\")"); return;
    case FN_MAX: sql_lit(out, "max(\"v\")"); return;
    case FN_SUM:
        if (real)
            sql_lit(out, "sum(\"v\")");
        else
            sql_lit(out, "CAST(sum(\"v\") AS bigint)");
        return;
    default:
        sql_lit(out, "CAST(sum(\"v\") AS double precision)");
        if (e->args[1]->scale > 0) {
            sql_lit(out, " / 1e");
            sql_number(out, e->args[1]->scale);
        }
        sql_lit(out, " / NULLIF(count(\"v\"), 0)");
        return;
    }
}

/* The values stand in a subquery of their own: a sum over outer.x alone would else belong to the
 * query around. */
static Status write_fold(Emit *m, const Expr *e, Sql *out)
{
    Rows r = {0};
    Sql value = sql_fragment(out);
    TRY(open_rows(m, e->args[0], out, &r));
    TRY(expr_sql_whole(&r.emit, e->args[1], &value));
    if (e->n > 2)
        TRY(add_condition(&r, e->args[2], true));
    Sql fold = sql_fragment(out);
    sql_lit(&fold, "(SELECT ");
    write_aggregate(e, &fold);
    sql_lit(&fold, " FROM (SELECT ");
    sql_append(&fold, &value);
    sql_lit(&fold, " AS \"v\"");
    write_from(&r, &fold);
    sql_lit(&fold, ") AS ");
    sql_alias(&fold, (*m->scope->next_alias)++);
    sql_lit(&fold, ")");
    if (e->call->fn == FN_AVG && e->t == V_DURATION) /* whole ms */
        expr_sql_round(m, &fold, V_REAL, 0, 0, out);
    else
        sql_append(out, &fold);
    return ST_OK;
}

Status expr_sql_rows(Emit *m, const Expr *e, Sql *out)
{
    switch (e->call->fn) {
    case FN_ANY:
    case FN_ALL:
    case FN_NONE: return write_test(m, e, out);
    case FN_COUNT: return write_count(m, e, out);
    default: return write_fold(m, e, out);
    }
}
