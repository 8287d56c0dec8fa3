/* SPDX-License-Identifier: Apache-2.0 */
/* Saved views made, changed, taken away, pinned. */
#include "base/id.h"
#include "views/views_internal.h"

static const char SQL_NEW[] = "INSERT INTO {gx_view} (id, object, name, owner, body, at, shared) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char SQL_CHANGE[] =
    "UPDATE {gx_view} SET body = ?2, at = ?3, shared = ?4 WHERE id = ?1";
static const char SQL_DROP[] = "DELETE FROM {gx_view} WHERE id = ?1";
static const char SQL_DROP_PINS[] = "DELETE FROM {gx_view_pin} WHERE object = ?1 AND view = ?2";
static const char SQL_COUNT[] = "SELECT count(*) FROM {gx_view} WHERE owner = ?1";
static const char SQL_THERE[] = "SELECT 1 FROM {gx_view} WHERE id = ?1";
static const char SQL_UNPIN[] =
    "DELETE FROM {gx_view_pin} WHERE user_id = ?1 AND object = ?2 AND view = ?3";
static const char SQL_LEAVE[] =
    "UPDATE {gx_view_pin} SET home = 0 WHERE user_id = ?1 AND object = ?2 AND home = 1";
/* Pins stand in the order in which they were made, also when two fall into one millisecond. */
static const char SQL_PIN[] =
    "INSERT INTO {gx_view_pin} (user_id, object, view, at, home) SELECT ?1, ?2, ?3, "
    "CASE WHEN coalesce(max(at), 0) < ?4 THEN ?4 ELSE max(at) + 1 END, ?5 "
    "FROM {gx_view_pin} WHERE user_id = ?1 "
    "ON CONFLICT (user_id, object, view) DO UPDATE SET home = excluded.home";

static bool is_given(const json_t *v) { return v && !json_is_null(v); }

/* The members that a body may have; "object" and "view" are told apart from it. */
static Status check_members(Ctx *cx, const json_t *body, bool is_new)
{
    static const char *const MEMBERS[] = {"label", "kind", "filter",      "sort", "columns",
                                          "group", "look", "shared_with", NULL};
    const char *key;
    json_t *v;
    if (!json_is_object(body))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "views.not_object",
                         "The body must be a JSON object");
    json_object_foreach((json_t *)body, key, v)
    {
        bool known = is_new && !strcmp(key, "object");
        for (const char *const *m = MEMBERS; *m; m++)
            known = known || !strcmp(key, *m);
        if (!known)
            FIELD_FAIL(cx, str_of(key), "unknown_field", "views.unknown",
                       "A view has no such part");
    }
    return error_has_fields(cx) ? cx->err.status : ST_OK;
}

/* The stored body: what is given laid over `old` (RFC 7396), null leaves the part out. */
static json_t *merged(Ctx *cx, const json_t *old, const json_t *body)
{
    json_t *copy = old ? json_deep_copy(old) : json_object();
    const char *key;
    json_t *v;
    json_own(cx->arena, copy);
    json_object_foreach((json_t *)body, key, v)
    {
        if (json_is_null(v))
            json_object_del(copy, key);
        else if (strcmp(key, "object") != 0)
            json_object_set(copy, key, v);
    }
    if (!is_given(json_object_get(copy, "kind")))
        json_object_set_new(copy, "kind", json_string("table"));
    return copy;
}

static DbVal body_val(Ctx *cx, const json_t *body)
{
    Buf text = buf_in(cx->arena, VIEWS_MAX_BODY);
    json_write(&text, body);
    return db_text(buf_str(&text));
}

static bool is_shared(const json_t *body)
{
    return json_array_size(json_object_get(body, "shared_with")) > 0;
}

/* ST_INVALID as soon as there are too many: a person keeps an eye on his own alone. */
static Status check_room(Ctx *cx)
{
    int64_t n;
    bool found;
    TRY(db_get_int(cx, SQL_COUNT, (DbVal[]){db_int(cx->user->id)}, 1, &n, &found));
    if (n < VIEWS_MAX)
        return ST_OK;
    return FAIL(cx, ST_INVALID, "views.too_many", "One person keeps at most %d views", VIEWS_MAX);
}

Status views_create(Ctx *cx, const json_t *body, Plan *plan, Buf *out, Str *ret_name)
{
    TRY(check_members(cx, body, true));
    const Object *o = meta_object(cx->meta, json_get_str(body, "object"));
    if (!o || !cx->access->object(cx, o))
        return FIELD_FAIL(cx, STR("object"), "no_match", "views.no_object",
                          "There is no such object");
    Saved v = {.owner = cx->user->id, .object = o->name, .body = merged(cx, NULL, body)};
    TRY(views_check(cx, o, v.body));
    TRY(check_room(cx));
    v.id = idgen_next(db_ids(db_pool_of(cx->db)));
    *ret_name = str_format(cx->arena, "v%lld", (long long)v.id);
    plan_exec(plan, str_of(SQL_NEW),
              (DbVal[]){db_int(v.id), db_text(o->name), db_text(*ret_name), db_int(v.owner),
                        body_val(cx, v.body), db_int(cx->now_ms), db_int(is_shared(v.body))},
              7);
    views_write_one(cx, &v, STR_NULL, out);
    return ST_OK;
}

/* His own, or a shared one of another's for who manages views. */
static Status load_own(Ctx *cx, Str name, Saved *ret)
{
    TRY(views_load(cx, name, ret));
    if (views_is_mine(cx, ret) || access_has_right(cx, "customise"))
        return ST_OK;
    return access_require_right(cx, "manage_views");
}

Status views_change(Ctx *cx, Str name, const json_t *body, Plan *plan, Buf *out)
{
    Saved v;
    TRY(load_own(cx, name, &v));
    TRY(check_members(cx, body, false));
    v.body = merged(cx, v.body, body);
    TRY(views_check(cx, meta_object(cx->meta, v.object), v.body));
    plan_expect(plan, str_of(SQL_CHANGE),
                (DbVal[]){db_int(v.id), body_val(cx, v.body), db_int(cx->now_ms),
                          db_int(is_shared(v.body))},
                4, 1);
    views_write_one(cx, &v, STR_NULL, out);
    return ST_OK;
}

Status views_delete(Ctx *cx, Str name, Plan *plan)
{
    Saved v;
    TRY(load_own(cx, name, &v));
    plan_exec(plan, str_of(SQL_DROP), (DbVal[]){db_int(v.id)}, 1);
    plan_exec(plan, str_of(SQL_DROP_PINS),
              (DbVal[]){db_text(v.object), db_text(str_copy(cx->arena, name))}, 2);
    return ST_OK;
}

/* ---- pins */

static bool is_of_catalogue(const Object *o, Str name)
{
    for (size_t i = 0; i < json_array_size(o->views); i++)
        if (str_eq(json_get_str(json_array_get(o->views, i), "view"), name))
            return true;
    return str_is(name, "all") ||
           (o->owner && str_is(name, "mine")); /* the client has them always */
}

static Status check_pinnable(Ctx *cx, const Object *o, Str name, Plan *plan)
{
    Saved v;
    if (is_of_catalogue(o, name))
        return ST_OK;
    TRY(views_load(cx, name, &v));
    plan_guard(plan, str_of(SQL_THERE), (DbVal[]){db_int(v.id)}, 1);
    return str_eq(v.object, o->name) ? ST_OK : views_unknown(cx, name);
}

Status views_pin(Ctx *cx, const Object *o, Str name, const json_t *body, Plan *plan)
{
    const json_t *home = json_object_get(body, "home");
    if (!json_is_object(body) || json_object_size(body) > (home ? 1u : 0u) ||
        (home && !json_is_boolean(home)))
        return FIELD_FAIL(cx, STR("home"), "bad_value", "views.bad_pin", "true or false");
    TRY(check_pinnable(cx, o, name, plan));
    DbVal me = db_int(cx->user->id), object = db_text(o->name);
    DbVal view = db_text(str_copy(cx->arena, name));
    if (json_is_true(home))
        plan_exec(plan, str_of(SQL_LEAVE), (DbVal[]){me, object}, 2);
    plan_exec(plan, str_of(SQL_PIN),
              (DbVal[]){me, object, view, db_int(cx->now_ms), db_int(json_is_true(home))}, 5);
    return ST_OK;
}

Status views_unpin(Ctx *cx, const Object *o, Str name, Plan *plan)
{
    plan_exec(plan, str_of(SQL_UNPIN),
              (DbVal[]){db_int(cx->user->id), db_text(o->name), db_text(str_copy(cx->arena, name))},
              3);
    return ST_OK;
}
