/* SPDX-License-Identifier: Apache-2.0 */
/* Reading saved views: which ones a person sees, as JSON, and as part of a list. */
#include "base/id.h"
#include "views/views_internal.h"

enum { VIEWS_TEXT = 32768 };

static const char SQL_VIEW[] = "SELECT id, owner, object, body FROM {gx_view} WHERE id = ?1";
static const char SQL_VIEWS[] = "SELECT id, owner, object, body FROM {gx_view} "
                                "WHERE (owner = ?1 OR shared = 1) AND (?2 = '' OR object = ?2) "
                                "ORDER BY id";
static const char SQL_PINS[] = "SELECT object, view, home FROM {gx_view_pin} WHERE user_id = ?1 "
                               "AND (?2 = '' OR object = ?2) ORDER BY at, object, view";

Status views_unknown(Ctx *cx, Str name)
{
    return FAIL(cx, ST_NOT_FOUND, "views.none", "There is no view \"" STR_FMT "\"",
                STR_ARG(str_sub(name, 0, 80)));
}

bool views_is_mine(const Ctx *cx, const Saved *v) { return v->owner == cx->user->id; }

static bool is_for_role(const User *u, Str role)
{
    for (size_t i = 0; i < u->n_roles; i++)
        if (str_eq(u->roles[i], role))
            return true;
    return false;
}

/* "all", "role:seller", "user:84213377" */
static bool is_for(const User *u, Str principal)
{
    Id id = 0;
    if (str_starts(principal, STR("role:")))
        return is_for_role(u, str_sub(principal, 5, SIZE_MAX));
    if (str_starts(principal, STR("user:")))
        return id_parse(str_sub(principal, 5, SIZE_MAX), &id) && id == u->id;
    return str_is(principal, "all");
}

static bool is_seen(const Ctx *cx, const Saved *v)
{
    const json_t *with = json_object_get(v->body, "shared_with");
    if (views_is_mine(cx, v))
        return true;
    for (size_t i = 0; i < json_array_size(with); i++)
        if (is_for(cx->user, json_str(json_array_get(with, i))))
            return true;
    return false;
}

static Status load_row(Ctx *cx, const Stmt *q, Saved *ret)
{
    *ret = (Saved){.id = db_col_id(q, 0), .owner = db_col_id(q, 1)};
    ret->object = str_copy(cx->arena, db_col_text(q, 2));
    return json_parse(cx, db_col_text(q, 3), &ret->body);
}

Status views_load(Ctx *cx, Str name, Saved *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    Id id = 0;
    if (!str_starts(name, STR("v")) || !id_parse(str_sub(name, 1, SIZE_MAX), &id))
        return views_unknown(cx, name);
    TRY(db_prepare(cx, SQL_VIEW, &q));
    TRY(db_bind_id(q, 1, id));
    TRY(db_next(q, &found));
    if (!found)
        return views_unknown(cx, name);
    TRY(load_row(cx, q, ret));
    const Object *o = meta_object(cx->meta, ret->object);
    return o && cx->access->object(cx, o) && is_seen(cx, ret) ? ST_OK : views_unknown(cx, name);
}

/* ---- as a list */

/* Names of a list, or of the "field" of its objects, joined by commas. */
static void add_names(const json_t *list, Buf *out)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (out->n)
            buf_char(out, ',');
        buf_str_add(out, json_is_object(item) ? json_get_str(item, "field") : json_str(item));
    }
}

ListQuery views_query(Ctx *cx, const json_t *body)
{
    Buf sort = buf_in(cx->arena, VIEWS_TEXT), fields = buf_in(cx->arena, VIEWS_TEXT);
    Str group = json_get_str(body, "group");
    add_names(json_object_get(body, "sort"), &sort);
    add_names(json_object_get(body, "columns"), &fields);
    if (group.n) {
        buf_str_add(&fields, fields.n ? STR(",") : STR(""));
        buf_str_add(&fields, group);
    }
    return (ListQuery){.filter = json_get_str(body, "filter"),
                       .sort = buf_str(&sort),
                       .fields = buf_str(&fields),
                       .limit = 1};
}

Status views_resolve(Ctx *cx, const Object *o, ListQuery *q)
{
    Saved v = {0};
    Id id;
    if (!str_starts(q->view, STR("v")) || !id_parse(str_sub(q->view, 1, SIZE_MAX), &id))
        return ST_OK;
    if (views_load(cx, q->view, &v) != ST_OK || !str_eq(v.object, o->name)) {
        if (cx->err.status && cx->err.status != ST_NOT_FOUND)
            return cx->err.status;
        error_clear(cx);
        return ST_OK; /* query/ says that there is no such view, in its own words */
    }
    return query_view_use(cx, o, v.body, q);
}

/* ---- as JSON */

static void write_member(const json_t *body, const char *name, Buf *out)
{
    const json_t *value = json_object_get(body, name);
    buf_lit(out, ",");
    buf_json_str(out, str_of(name));
    buf_lit(out, ":");
    if (value)
        json_write(out, value);
    else
        buf_lit(out, "null");
}

void views_write_one(Ctx *cx, const Saved *v, Str problem, Buf *out)
{
    static const char *const MEMBERS[] = {"label", "kind", "filter",      "sort", "columns",
                                          "group", "look", "shared_with", NULL};
    buf_printf(out, "{\"view\":\"v%lld\",\"object\":", (long long)v->id);
    buf_json_str(out, v->object);
    for (const char *const *m = MEMBERS; *m; m++)
        write_member(v->body, *m, out);
    buf_lit(out, ",\"owner\":");
    query_person_json(cx, v->owner, out);
    buf_lit(out, ",\"mine\":");
    buf_json_bool(out, views_is_mine(cx, v));
    if (problem.n) {
        buf_lit(out, ",\"problem\":");
        buf_json_str(out, problem);
    }
    buf_char(out, '}');
}

/* Why a view cannot be used now; empty: it can. */
static Status find_problem(Ctx *cx, const Object *o, const Saved *v, Str *ret)
{
    ListQuery q = views_query(cx, v->body);
    Status st = query_list_try(cx, o, &q);
    *ret = STR_NULL;
    if (st == ST_OK || st == ST_INTERNAL || st == ST_BUSY)
        return st;
    *ret = cx->err.fields.n ? cx->err.fields.v[0].message : cx->err.text;
    error_clear(cx);
    return ST_OK;
}

static Status write_views(Ctx *cx, const Saved *all, size_t n, Buf *out)
{
    bool first = true;
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        const Object *o = meta_object(cx->meta, all[i].object);
        Str problem;
        if (!o || !cx->access->object(cx, o) || !is_seen(cx, &all[i]))
            continue;
        TRY(find_problem(cx, o, &all[i], &problem));
        if (problem.n && !views_is_mine(cx, &all[i]))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        views_write_one(cx, &all[i], problem, out);
    }
    buf_char(out, ']');
    return ST_OK;
}

static Status write_pins(Ctx *cx, Str object, Buf *out)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool more, first = true;
    TRY(db_prepare(cx, SQL_PINS, &q));
    TRY(db_bind_id(q, 1, cx->user->id));
    TRY(db_bind_text(q, 2, object));
    buf_lit(out, ",\"pins\":[");
    for (;; first = false) {
        TRY(db_next(q, &more));
        if (!more)
            break;
        buf_str_add(out, first ? STR("{\"object\":") : STR(",{\"object\":"));
        buf_json_str(out, db_col_text(q, 0));
        buf_lit(out, ",\"view\":");
        buf_json_str(out, db_col_text(q, 1));
        buf_lit(out, ",\"home\":");
        buf_json_bool(out, db_col_int(q, 2) != 0);
        buf_char(out, '}');
    }
    buf_lit(out, "]}");
    return ST_OK;
}

/* Read first, written after: writing looks up titles on the same connection. */
static Status read_views(Ctx *cx, Str object, Saved **ret, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    VEC(Saved) all = {0};
    TRY(db_prepare(cx, SQL_VIEWS, &q));
    TRY(db_bind_id(q, 1, cx->user->id));
    TRY(db_bind_text(q, 2, object));
    for (bool more;;) {
        TRY(db_next(q, &more));
        if (!more)
            break;
        Saved v;
        TRY(load_row(cx, q, &v));
        VEC_PUSH(cx->arena, &all, v);
    }
    *ret = all.v;
    *ret_n = all.n;
    return ST_OK;
}

Status views_write(Ctx *cx, const Object *only, Buf *out)
{
    Str object = only ? only->name : STR("");
    Saved *all;
    size_t n;
    TRY(read_views(cx, object, &all, &n));
    TRY(write_views(cx, all, n, out));
    return write_pins(cx, object, out);
}
