/* SPDX-License-Identifier: Apache-2.0 */
/* What names in an expression mean for the acting user: which fields exist, and which rows of a
 * coded object bear a code. */
#include "query/query_internal.h"
#include "base/id.h"

#define NAMES_MAX_CODES 1000

static bool names_visible(void *arg, const Field *f) { return path_visible(arg, f); }

/* The rows whose `by` equals key; all when by is NULL. */
static Status names_select(Ctx *cx, const Object *o, const Field *column, const Field *by, DbVal key,
                           Stmt **ret)
{
    Base *b;
    TRY(filter_begin(cx, o, STR_NULL, &b));
    if (by) {
        sql_lit(&b->where, " AND ");
        sql_column(&b->where, b->scope.alias, by, 0);
        sql_lit(&b->where, " = ");
        sql_bind(&b->where, key);
    }
    Sql text = sql_fragment(&b->sql);
    sql_lit(&text, "SELECT ");
    sql_column(&text, b->scope.alias, column, 0);
    filter_from(b, &text);
    sql_lit(&text, " ORDER BY ");
    sql_column(&text, b->scope.alias, o->id, 0);
    sql_lit(&text, " LIMIT ");
    sql_number(&text, NAMES_MAX_CODES);
    return filter_prepare(cx, &text, ret);
}

static bool names_known(Ctx *cx, const Object *o)
{
    return o->code && path_visible(cx, o->code) && (!cx->access || cx->access->object(cx, o));
}

static Status names_ids(Ctx *cx, const Object *o, const Field *by, DbVal key, const Id **ret,
                        size_t *ret_n)
{
    VEC(Id) ids = {0};
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(names_select(cx, o, o->id, by, key, &q));
    for (;;) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            break;
        VEC_PUSH(cx->arena, &ids, db_col_id(q, 0));
    }
    *ret = ids.v;
    *ret_n = ids.n;
    return ST_OK;
}

/* By code; a text that is no code but the id of a row means that row. */
static Status names_code_ids(void *arg UNUSED, Ctx *cx, const Object *o, Str code, const Id **ret,
                             size_t *ret_n)
{
    Id id = 0;
    *ret_n = 0;
    if (!names_known(cx, o))
        return ST_OK;
    TRY(names_ids(cx, o, o->code, db_text(code), ret, ret_n));
    if (*ret_n || !id_parse(code, &id))
        return ST_OK;
    return names_ids(cx, o, o->id, db_int(id), ret, ret_n);
}

static Status names_codes(void *arg UNUSED, Ctx *cx, const Object *o, const Str **ret,
                          size_t *ret_n)
{
    VEC(Str) codes = {0};
    *ret_n = 0;
    if (!names_known(cx, o))
        return ST_OK;
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(names_select(cx, o, o->code, NULL, db_int(0), &q));
    for (;;) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            break;
        VEC_PUSH(cx->arena, &codes, str_copy(cx->arena, db_col_text(q, 0)));
    }
    *ret = codes.v;
    *ret_n = codes.n;
    return ST_OK;
}

const ExprNames *query_names(Ctx *cx)
{
    ExprNames *names = ARENA_NEW(cx->arena, ExprNames);
    *names = (ExprNames){
        .arg = cx, .visible = names_visible, .code_ids = names_code_ids, .codes = names_codes};
    return names;
}
