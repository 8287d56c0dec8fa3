/* SPDX-License-Identifier: Apache-2.0 */
/* The message centre of the one who asks. */
#include "api/api_routes.h"
#include "base/id.h"
#include "notify/notify.h"

enum { MAX_READ_BODY = 32 * 1024, MAX_SETTINGS_BODY = 8 * 1024 };

static Status bad(Ctx *cx, const char *name)
{
    return api_bad_parameter(cx, name,
                             FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.job_list",
                                       "%s is not one of the values it can have", name));
}

static Status get_messages(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    NotifyList list = {.kind = req_query(rq, "kind")};
    Str unread = req_query(rq, "unread"), after = req_query(rq, "after");
    Str digest = req_query(rq, "digest");
    NotifyKind kind;
    TRY(api_page_size(cx, rq, NOTIFY_PAGE, NOTIFY_MAX, &list.limit));
    if (list.kind.n && !notify_kind(list.kind, &kind))
        return bad(cx, "kind");
    if (unread.n && !str_is(unread, "true") && !str_is(unread, "false"))
        return bad(cx, "unread");
    if (after.n && !id_parse(after, &list.before))
        return bad(cx, "after");
    if (digest.n && !id_parse(digest, &list.digest))
        return bad(cx, "digest");
    list.unread = str_is(unread, "true");
    return notify_write(cx, &list, req_out(rq));
}

static Status get_count(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    return notify_write_count(cx, req_out(rq));
}

static Status read_ids(Ctx *cx, const json_t *list, Id *ret)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!id_parse(json_str(json_array_get(list, i)), &ret[i]))
            return FIELD_FAIL(cx, str_format(cx->arena, "ids.%zu", i), "bad_value",
                              "api.message_id", "The id of a message");
    return ST_OK;
}

/* {"ids":[…]}, or {"until":"…"}: that one and all before it, so that what comes meanwhile stays new. */
static Status post_read(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"ids", "until", NULL};
    json_t *body = NULL;
    Id ids[NOTIFY_IDS], until = 0;
    TRY(api_json_object(cx, rq, KEYS, &body));
    const json_t *list = json_object_get(body, "ids"), *last = json_object_get(body, "until");
    size_t n = json_array_size(list);
    if ((last != NULL) == (list != NULL) || n > NOTIFY_IDS || (list && !json_is_array(list)))
        return FIELD_FAIL(cx, STR("ids"), "bad_value", "api.message_ids",
                          "Either \"ids\", a list of at most %d, or \"until\"", NOTIFY_IDS);
    if (last && !id_parse(json_str(last), &until))
        return FIELD_FAIL(cx, STR("until"), "bad_value", "api.message_id", "The id of a message");
    TRY(read_ids(cx, list, ids));
    if (until)
        notify_read_until(cx, plan, until);
    notify_read(cx, plan, ids, n);
    req_status(rq, 204);
    return ST_OK;
}

static Status get_settings(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    return notify_settings_write(cx, req_out(rq));
}

static Status put_settings(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"kinds", "digest", NULL};
    json_t *body = NULL;
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(notify_settings_set(cx, body, plan));
    req_status(rq, 204);
    return ST_OK;
}

/* ---- browsers that are told while they are closed */

static Status get_push(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    return push_write(cx, cx->app->can_push ? &cx->app->push_key : NULL, req_out(rq));
}

static void wake_sender(void *arg)
{
    App *app = arg;
    if (app->notifier)
        notify_wake(app->notifier);
}

static Status post_push(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"endpoint", "keys", "label", NULL};
    json_t *body = NULL;
    Id id = 0;
    if (!cx->app->can_push)
        return FAIL(cx, ST_CONFLICT, "api.push_locked",
                    "The server's key is missing, so nothing can be sent to closed browsers");
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(push_add(cx, plan, body, &id));
    buf_lit(req_out(rq), "{\"id\":");
    buf_json_id(req_out(rq), id);
    buf_char(req_out(rq), '}');
    req_status(rq, 201);
    return ST_OK;
}

static Status delete_push(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(push_remove(cx, plan, id));
    req_status(rq, 204);
    return ST_OK;
}

static Status post_push_test(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(push_try(cx, plan, id));
    plan_after(plan, wake_sender, cx->app);
    req_status(rq, 202);
    return ST_OK;
}

const Route api_messages_routes[] = {
    {"GET", "/api/v1/me/messages", READ, get_messages, "", "What I am told, newest first", 0, 0,
     "after digest kind limit unread"},
    {"GET", "/api/v1/me/messages/count", READ, get_count, "", "How many of my messages are unread",
     0, 0, NULL},
    {"POST", "/api/v1/me/messages/read", WRITE, post_read, "", "Messages are read", MAX_READ_BODY,
     0, NULL},
    {"GET", "/api/v1/me/messages/settings", READ, get_settings, "",
     "Which messages I want, and where", 0, 0, NULL},
    {"PUT", "/api/v1/me/messages/settings", WRITE, put_settings, "",
     "Choose which messages I want, and where", MAX_SETTINGS_BODY, 0, NULL},
    {"GET", "/api/v1/me/push", READ, get_push, "", "My browsers that are told while closed", 0, 0,
     NULL},
    {"POST", "/api/v1/me/push", WRITE, post_push, "", "Tell this browser also while it is closed",
     MAX_SETTINGS_BODY, 0, NULL},
    {"DELETE", "/api/v1/me/push/{id}", WRITE, delete_push, "", "This browser is told no more", 0, 0,
     NULL},
    {"POST", "/api/v1/me/push/{id}/test", WRITE, post_push_test, "", "Send a trial message",
     MAX_SETTINGS_BODY, 0, NULL},
    {0},
};
