/* SPDX-License-Identifier: Apache-2.0 */
/* What names in an expression mean for the acting user: which fields exist, and which rows of a
 * coded object bear a code. */
#include "base/id.h"
#include "query/query_internal.h"

#define NAMES_MAX_CODES 1000

typedef struct NamesCode { /* asked for when typing and again when writing SQL: read once */
    const Object *o;
    Str code;
    const Id *ids;
    size_t n;
} NamesCode;

typedef struct Names {
    ExprNames names;
    Ctx *cx;
    VEC(NamesCode) known;
} Names;

static bool names_visible(void *arg, const Field *f) { return path_visible(((Names *)arg)->cx, f); }

/* The rows whose `by` equals key; all when by is NULL. */
static Status names_select(Ctx *cx, const Object *o, const Field *column, const Field *by,
                           DbVal key, Stmt **ret)
{
    Base *b;
    TRY(filter_begin(cx, o, NULL, &b));
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

static Status names_ids(Ctx *cx, const Object *o, const Field *by, DbVal key, NamesCode *ret)
{
    VEC(Id) ids = {0};
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(names_select(cx, o, o->id, by, key, &q));
    for (bool more = true; more;) {
        TRY(db_next(q, &more));
        if (more)
            VEC_PUSH(cx->arena, &ids, db_col_id(q, 0));
    }
    ret->ids = ids.v;
    ret->n = ids.n;
    return ST_OK;
}

/* By code; a text that is no code but the id of a row means that row. */
static Status names_read(Ctx *cx, const Object *o, Str code, NamesCode *ret)
{
    Id id = 0;
    *ret = (NamesCode){.o = o, .code = str_copy(cx->arena, code)};
    TRY(names_ids(cx, o, o->code, db_text(code), ret));
    if (ret->n || !id_parse(code, &id))
        return ST_OK;
    return names_ids(cx, o, o->id, db_int(id), ret);
}

/* Codes are those of now, also in a question about the past. */
static Status names_read_now(Ctx *cx, const Object *o, Str code, NamesCode *ret)
{
    Id as_of = cx->as_of;
    cx->as_of = 0;
    Status st = names_read(cx, o, code, ret);
    cx->as_of = as_of;
    return st;
}

static Status names_code_ids(void *arg, Ctx *cx, const Object *o, Str code, const Id **ret,
                             size_t *ret_n)
{
    Names *names = arg;
    NamesCode row = {.n = 0};
    *ret_n = 0;
    if (!names_known(cx, o))
        return ST_OK;
    for (size_t i = 0; i < names->known.n; i++)
        if (names->known.v[i].o == o && str_eq(names->known.v[i].code, code))
            row = names->known.v[i];
    if (!row.o) {
        TRY(names_read_now(cx, o, code, &row));
        VEC_PUSH(cx->arena, &names->known, row);
    }
    *ret = row.ids;
    *ret_n = row.n;
    return ST_OK;
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
    Names *n = ARENA_NEW(cx->arena, Names);
    n->cx = cx;
    n->names = (ExprNames){
        .arg = n, .visible = names_visible, .code_ids = names_code_ids, .codes = names_codes};
    return &n->names;
}
