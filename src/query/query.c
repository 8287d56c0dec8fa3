/* SPDX-License-Identifier: Apache-2.0 */
/* Single records and plain sets of ids: detail, visibility, pages for jobs. */
#include "query/query_internal.h"

/* " AND t0.id <op> ?" */
static void query_where_id(Base *b, Id id, bool after)
{
    sql_lit(&b->where, " AND ");
    sql_column(&b->where, b->scope.alias, b->o->id, 0);
    if (after)
        sql_lit(&b->where, " > ");
    else
        sql_lit(&b->where, " = ");
    sql_bind_int(&b->where, id);
}

Status query_visible(Ctx *cx, const Object *o, Id id, bool *ret)
{
    Base *b;
    *ret = false;
    if (cx->access && !cx->access->object(cx, o))
        return ST_OK;
    cx->by_row = cx->as_of ? ROWS_MANY : ROWS_FEW;
    Status st = filter_begin(cx, o, NULL, &b);
    cx->by_row = ROWS_MANY;
    TRY(st);
    query_where_id(b, id, false);
    Sql text = sql_fragment(&b->sql);
    sql_lit(&text, "SELECT 1");
    filter_from(b, &text);
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(filter_prepare(cx, &text, &q));
    return db_next(q, ret);
}

/* The deleted record's last row in the twin, under the reader's predicate. */
static Status query_was_visible(Ctx *cx, const Object *o, Id id, bool *ret)
{
    int next_alias = 0;
    Sql q = sql_new(cx->arena);
    SqlScope scope = scope_new(cx, db_kind_of(cx->db), o, &q, &next_alias, NULL);
    *ret = false;
    sql_lit(&q, "SELECT 1 FROM ");
    sql_twin(&q, o);
    sql_lit(&q, " ");
    sql_alias(&q, scope.alias);
    sql_lit(&q, " WHERE ");
    sql_column(&q, scope.alias, o->id, 0);
    sql_lit(&q, " = ");
    sql_bind_int(&q, id);
    sql_lit(&q, " AND changed = (SELECT max(changed) FROM ");
    sql_twin(&q, o);
    sql_lit(&q, " WHERE id = ");
    sql_bind_int(&q, id);
    sql_lit(&q, ") AND op = 'delete' AND NOT EXISTS (SELECT 1 FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE id = ");
    sql_bind_int(&q, id);
    sql_lit(&q, ")");
    if (cx->access)
        TRY(cx->access->predicate(cx, o, scope.dialect, scope.alias, &q, &next_alias));
    CLEANUP(stmt) Stmt *st = NULL;
    TRY(filter_prepare(cx, &q, &st));
    return db_next(st, ret);
}

static Status query_missing(Ctx *cx, const Object *o, Id id)
{
    bool gone = false;
    if (o->history && !cx->as_of)
        TRY(query_was_visible(cx, o, id, &gone));
    if (gone)
        return FAIL_CODE(cx, ST_NOT_FOUND, "gone", "query.gone", "this record was deleted");
    return FAIL(cx, ST_NOT_FOUND, "query.no_record", "there is no such record");
}

static Status query_write_one(Ctx *cx, Shape *shape, Stmt *q, Buf *out)
{
    if (!shape->has_links) {
        shape_row(shape, q, out);
        return ST_OK;
    }
    Buf row = buf_in(cx->arena, out->max);
    shape_row(shape, q, &row);
    return splice_finish(shape, &row, out);
}

/* expand=owner,order_lines: links of the record go on, relations to its lines are kept back. */
static Status query_split_expand(Ctx *cx, const Object *o, Str expand, Str *ret_links,
                                 QueryLines *ret)
{
    Buf links = buf_in(cx->arena, expand.n + 1);
    Str rest = expand, name;
    while (str_split(&rest, ',', &name)) {
        name = str_trim(name);
        const Relation *rel = object_field(o, name) ? NULL : object_relation(o, name);
        bool line = rel && rel->child->parent == rel->field && path_visible(cx, rel->field) &&
                    (!cx->access || cx->access->object(cx, rel->child));
        if (!line) {
            if (links.n)
                buf_char(&links, ',');
            buf_str_add(&links, name);
        } else if (ret->n < COUNT_OF(ret->v)) {
            ret->v[ret->n++] = rel;
        }
    }
    *ret_links = buf_str(&links);
    return ST_OK;
}

/* The record's text ends in }: its lines go before that, in the order of their positions. */
static Status query_write_lines(Ctx *cx, const QueryLines *lines, Id id, Buf *out)
{
    for (size_t i = 0; i < lines->n; i++) {
        const Relation *rel = lines->v[i];
        ListQuery q = {.sort = rel->child->position ? STR("position,id") : STR("id"),
                       .limit = QUERY_MAX_LIMIT,
                       .count = COUNT_NONE,
                       .parent_field = rel->field,
                       .parent_object = rel->of,
                       .parent = id};
        out->n--;
        buf_char(out, ',');
        buf_json_str(out, rel->name);
        buf_char(out, ':');
        TRY(query_items(cx, rel->child, &q, out));
        buf_char(out, '}');
    }
    return ST_OK;
}

Status query_record(Ctx *cx, const Object *o, Id id, Str fields, Str expand_all, Buf *out,
                    int64_t *ret_version)
{
    QueryLines lines = {.n = 0};
    Str expand = STR_NULL;
    TRY(query_split_expand(cx, o, expand_all, &expand, &lines));
    Base *b;
    Shape shape;
    cx->by_row = cx->as_of ? ROWS_MANY : ROWS_FEW;
    Status st = filter_begin(cx, o, NULL, &b);
    if (st == ST_OK)
        st = shape_build(b, fields, expand, &shape);
    cx->by_row = ROWS_MANY;
    TRY(st);
    Sql version = sql_fragment(&b->sql);
    sql_column(&version, b->scope.alias, o->version, 0);
    int version_col = shape_column(&shape, &version);
    query_where_id(b, id, false);
    Sql text = sql_fragment(&b->sql);
    sql_lit(&text, "SELECT ");
    sql_append(&text, &shape.select);
    filter_from(b, &text);
    bool found;
    {
        CLEANUP(stmt) Stmt *q = NULL;
        TRY(filter_prepare(cx, &text, &q));
        TRY(db_next(q, &found));
        if (found) {
            *ret_version = db_col_int(q, version_col);
            TRY(query_write_one(cx, &shape, q, out));
        }
    }
    if (!found)
        return query_missing(cx, o, id);
    TRY(query_write_lines(cx, &lines, id, out));
    if (buf_overflowed(out))
        return FAIL(cx, ST_TOO_LARGE, "query.answer_too_large", "the answer is too large");
    return ST_OK;
}

/* The records that a job is about: a condition, perhaps over the recycle bin. */
static Status query_base(Ctx *cx, const Object *o, Str filter, bool deleted, Base **ret)
{
    const Expr *condition;
    TRY(filter_parse(cx, o, filter, &condition));
    TRY(filter_begin(cx, o, condition, ret));
    (*ret)->deleted = deleted;
    return ST_OK;
}

static Status query_id_page(Ctx *cx, Base *b, Id after, size_t limit, Id *ret, size_t *ret_n)
{
    query_where_id(b, after, true);
    Sql text = sql_fragment(&b->sql);
    sql_lit(&text, "SELECT ");
    sql_column(&text, b->scope.alias, b->o->id, 0);
    filter_from(b, &text);
    sql_lit(&text, " ORDER BY ");
    sql_column(&text, b->scope.alias, b->o->id, 0);
    sql_lit(&text, " LIMIT ");
    sql_bind_int(&text, (int64_t)limit);
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(filter_prepare(cx, &text, &q));
    for (*ret_n = 0; *ret_n < limit;) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        ret[(*ret_n)++] = db_col_id(q, 0);
    }
    return ST_OK;
}

Status query_ids(Ctx *cx, const Object *o, Str filter, Id after, size_t limit, Id *ret,
                 size_t *ret_n)
{
    Base *b;
    *ret_n = 0;
    TRY(query_base(cx, o, filter, false, &b));
    return query_id_page(cx, b, after, limit, ret, ret_n);
}

Status query_ids_deleted(Ctx *cx, const Object *o, Str filter, Id after, size_t limit, Id *ret,
                         size_t *ret_n)
{
    Base *b;
    *ret_n = 0;
    TRY(query_base(cx, o, filter, true, &b));
    return query_id_page(cx, b, after, limit, ret, ret_n);
}

Status query_count(Ctx *cx, const Object *o, Str filter, bool deleted, int64_t most, int64_t *ret)
{
    Base *b;
    bool found;
    TRY(query_base(cx, o, filter, deleted, &b));
    Sql text = sql_fragment(&b->sql);
    sql_lit(&text, "SELECT count(*) FROM (SELECT 1 AS one");
    filter_from(b, &text);
    sql_lit(&text, " LIMIT ");
    sql_bind_int(&text, most);
    sql_lit(&text, ") AS counted");
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(filter_prepare(cx, &text, &q));
    TRY(db_next(q, &found));
    *ret = found ? db_col_int(q, 0) : 0;
    return ST_OK;
}
