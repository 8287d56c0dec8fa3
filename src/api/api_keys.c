/* SPDX-License-Identifier: Apache-2.0 */
/* API keys: everybody sees and revokes his own; making one, and those of others, take the right
 * "api_keys". A key acts as its person, so one for somebody else needs what seeing with his eyes needs. */
#include "access/key.h"
#include "api/api_internal.h"
#include "api/api_routes.h"
#include "base/id.h"

#define API_KEYS "api_keys"
enum { KEYS_PAGE = 200, KEYS_MAX = 500 };

/* all=true: of everybody, with whose it is. */
static Status get_keys(Ctx *cx, Req *rq, Plan *plan)
{
    Str all = req_query(rq, "all"), after = req_query(rq, "after");
    int limit = 0;
    Id last = 0;
    (void)plan;
    if (all.n && !str_is(all, "true") && !str_is(all, "false"))
        return api_bad_parameter(
            cx, "all",
            FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.keys_all", "all is true or false"));
    TRY(api_page_size(cx, rq, KEYS_PAGE, KEYS_MAX, &limit));
    if (after.n && !id_parse(after, &last))
        return api_bad_parameter(cx, "after",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.after",
                                           "after is what \"next\" of the page before said"));
    if (!str_is(all, "true"))
        return access_keys_write(cx, cx->user->id, req_out(rq));
    TRY(access_require_right(cx, API_KEYS));
    return access_keys_write_all(cx, last, limit, req_out(rq));
}

/* Whose the new key is: one's own, or of somebody through whose eyes one may look. */
static Status key_person(Ctx *cx, Req *rq, const json_t *body, Id *ret)
{
    const json_t *given = json_object_get(body, "user");
    const User *other = NULL;
    *ret = cx->user->id;
    if (!given || json_is_null(given))
        return ST_OK;
    if (!json_is_string(given) || !id_parse(json_str(given), ret))
        return FIELD_FAIL(cx, STR("user"), "bad_value", "api.access_user",
                          "user is the id of a person");
    if (*ret == cx->user->id)
        return ST_OK;
    TRY(access_user_load(cx, req_app_of(rq)->access, *ret, &other));
    Status st = access_view_as_check(cx, other);
    access_user_release(other);
    return st;
}

static Status post_key(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"name", "user", NULL};
    json_t *body = NULL;
    Id id = 0, user = 0;
    Str key = STR_NULL;
    Buf *out = req_out(rq);
    if (!req_is_local_owner(rq)) /* whose data it is may open a door on the command line */
        TRY(access_require_right(cx, API_KEYS));
    TRY(api_json_object(cx, rq, KEYS, &body));
    Str name = str_trim(json_get_str(body, "name"));
    if (!name.n)
        return FIELD_FAIL(cx, STR("name"), "required", "api.required", "A value is needed");
    TRY(key_person(cx, rq, body, &user));
    TRY(access_key_new(cx, req_app_of(rq)->access, user, name, plan, &id, &key));
    req_forget(rq);
    buf_lit(out, "{\"id\":");
    buf_json_id(out, id);
    buf_lit(out, ",\"name\":");
    buf_json_str(out, name);
    buf_lit(out, ",\"key\":");
    buf_json_str(out, key);
    buf_char(out, '}');
    req_status(rq, 201);
    return ST_OK;
}

static Status delete_key(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0, user = cx->user->id;
    TRY(req_id_param(cx, rq, "id", &id));
    if (access_has_right(cx, API_KEYS))
        TRY(access_key_person(cx, id, &user));
    TRY(access_key_revoke(cx, req_app_of(rq)->access, user, id, plan));
    req_status(rq, 204);
    return ST_OK;
}

const Route api_key_routes[] = {
    {"GET", "/api/v1/api-keys", READ, get_keys, "", "My API keys, or with all=true everybody's", 0,
     0, "after all limit"},
    {"POST", "/api/v1/api-keys", WRITE, post_key, "", "Make an API key; it is shown once", 1024, 0,
     NULL},
    {"DELETE", "/api/v1/api-keys/{id}", WRITE, delete_key, "",
     "Revoke an API key of one's own, or of others with the right to keys", 0, 0, NULL},
    {0},
};
