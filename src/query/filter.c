/* SPDX-License-Identifier: Apache-2.0 */
/* FROM and WHERE: the object's table with the reader's predicate, the parent of a related list, the
 * user's filter. Joins are collected in the scope, so the text is put together at the end. */
#include "query/query_internal.h"

Status filter_parse(Ctx *cx, const Object *o, Str filter, const Expr **ret)
{
    *ret = NULL;
    if (cx->access && !cx->access->object(cx, o))
        return FAIL(cx, ST_NOT_FOUND, "query.no_object", "there is nothing here");
    if (str_trim(filter).n == 0)
        return ST_OK;
    ExprScope names = {.object = o, .names = query_names(cx)};
    return expr_parse(cx, filter, &names, EXPR_CONDITION, ret);
}

Base *filter_bare(Ctx *cx, const Object *o)
{
    Base *b = ARENA_NEW(cx->arena, Base);
    b->cx = cx;
    b->o = o;
    b->sql = sql_new(cx->arena);
    b->scope = scope_new(cx, db_kind_of(cx->db), o, &b->sql, &b->next_alias, NULL);
    b->where = sql_fragment(&b->sql);
    sql_lit(&b->where, "1=1");
    return b;
}

static Status filter_condition(Base *b, const Expr *filter)
{
    if (!filter)
        return ST_OK;
    sql_lit(&b->where, " AND (");
    TRY(expr_sql(b->cx, filter, &b->scope, &b->where));
    sql_lit(&b->where, ")");
    return ST_OK;
}

Status filter_begin(Ctx *cx, const Object *o, const Expr *filter, Base **ret)
{
    if (cx->access && !cx->access->object(cx, o))
        return FAIL(cx, ST_NOT_FOUND, "query.no_object", "there is nothing here");
    Base *b = filter_bare(cx, o);
    TRY(scope_access(cx, o, b->scope.dialect, b->scope.alias, &b->where, &b->next_alias));
    *ret = b;
    return filter_condition(b, filter);
}

/* A link to anything cannot carry visibility into every list (it would name every object), but a list
 * of what belongs to one record asks for that record alone. */
Status filter_begin_of(Ctx *cx, const Object *o, const ListQuery *q, const Expr *filter, Base **ret)
{
    const Field *up = q->parent_field;
    bool visible = false;
    RowsAsked by_row = cx->by_row;
    if (up && up->kind == F_ANY_LINK && up->visible_with && !q->deleted && cx->access)
        TRY(query_visible(cx, q->parent_object, q->parent, &visible));
    cx->by_row = by_row;
    if (!visible || !cx->access->object(cx, o) || !cx->access->field(cx, up)) {
        if (up && !cx->as_of && !q->deleted)
            cx->by_row = ROWS_FEW; /* what belongs to one record */
        Status st = filter_begin(cx, o, NULL, ret);
        cx->by_row = by_row;
        TRY(st);
    } else {
        *ret = filter_bare(cx, o);
    }
    return filter_condition(*ret, filter);
}

Status filter_parent(Base *b, const Field *field, const Object *of, Id parent)
{
    Sql *w = &b->where;
    sql_lit(w, " AND ");
    if (field->kind == F_ANY_LINK) {
        sql_kind(w, b->scope.alias, field, of);
        sql_lit(w, " AND ");
    }
    if (field->kind != F_LINKS) {
        sql_column(w, b->scope.alias, field, 0);
        sql_lit(w, " = ");
        sql_bind_int(w, parent);
        return ST_OK;
    }
    sql_column(w, b->scope.alias, b->o->id, 0);
    sql_lit(w, " IN (SELECT record FROM ");
    scope_links(b->cx, field, w);
    sql_lit(w, " WHERE target = ");
    sql_bind_int(w, parent);
    sql_lit(w, ")");
    return ST_OK;
}

void filter_rows(const Base *b, Sql *out)
{
    if (b->deleted)
        scope_deleted(b->o, b->scope.alias, out);
    else
        scope_rows(b->cx, b->o, b->scope.alias, out);
}

void filter_from(const Base *b, Sql *out)
{
    sql_lit(out, " FROM ");
    filter_rows(b, out);
    sql_append(out, &b->scope.from);
    sql_lit(out, " WHERE ");
    sql_append(out, &b->where);
}

Base *filter_again(Base *b)
{
    Base *again = ARENA_NEW(b->cx->arena, Base);
    again->cx = b->cx;
    again->o = b->o;
    again->deleted = b->deleted;
    again->sql = b->sql;
    again->scope = scope_new(b->cx, b->scope.dialect, b->o, &b->sql, &b->next_alias, NULL);
    again->where = sql_fragment(&b->sql);
    return again;
}

Status filter_prepare(Ctx *cx, const Sql *q, Stmt **ret)
{
    if (buf_overflowed(&q->text))
        return FAIL(cx, ST_TOO_LARGE, "query.too_large", "the query is too large");
    TRY(db_prepare_str(cx, sql_text(q), ret));
    return db_bind_all(*ret, q->vals->v, q->vals->n);
}
