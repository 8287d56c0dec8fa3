/* SPDX-License-Identifier: Apache-2.0 */
/* Who else may see or change a record: sharing it, and what it is shared with. */
#include "access/share.h"
#include "api/api_routes.h"
#include "base/calendar.h"
#include "base/id.h"
#include "meta/mask.h"
#include "meta/meta_change.h"
#include "notify/notify.h"
#include "record/record.h"

enum {
    MAX_WITH = 100,
    MAX_SHARE_BODY = 32 * 1024,
    MAX_PREVIEW_BODY = 256 * 1024,
    LOG_PAGE = 50,
    LOG_MAX = 200
};

/* The record of {plural}/{id}, whose sharing is this user's business. A line goes with its parent. */
static Status access_record(Ctx *cx, Req *rq, const Object **ret_object, Record **ret)
{
    const Object *o = NULL;
    Id id = 0;
    AccessRecord ar;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(record_load(cx, o, id, ret));
    TRY(record_access(cx, ACCESS_SHARE, *ret, (*ret)->values, &ar));
    TRY(access_require(cx, o, ACCESS_SHARE, &ar));
    if (o->parent && !o->owner)
        return FAIL(cx, ST_INVALID, "api.share_line",
                    "A line is seen by whoever sees what it belongs to: share that");
    *ret_object = o;
    return ST_OK;
}

static Status with_id(Ctx *cx, const json_t *v, const char *path, AccessShare *s)
{
    const char *kind = access_share_kinds[s->kind];
    const Object *o = meta_object(cx->meta, str_of(kind));
    bool visible = false;
    if (o && json_is_string(v) && id_parse(json_str(v), &s->principal))
        TRY(query_visible(cx, o, s->principal, &visible));
    if (!visible)
        return FIELD_FAIL(cx, str_format(cx->arena, "%s.%s", path, kind), "no_match",
                          "api.share_nobody", "There is no such %s", kind);
    return ST_OK;
}

Status api_share_principal(Ctx *cx, const json_t *item, const char *path, AccessShare *s)
{
    s->kind = 0;
    for (int k = SHARE_USER; json_object_size(item) == 1 && k <= SHARE_EVERYONE; k++)
        if (json_object_get(item, access_share_kinds[k]))
            s->kind = (ShareKind)k;
    if (!s->kind)
        return FIELD_FAIL(cx, str_of(path), "bad_value", "api.share_form",
                          "One of user, team, department, role with an id, or everyone: true");
    const json_t *v = json_object_get(item, access_share_kinds[s->kind]);
    if (s->kind != SHARE_EVERYONE)
        return with_id(cx, v, path, s);
    s->principal = 0;
    if (!json_is_true(v))
        return FIELD_FAIL(cx, str_format(cx->arena, "%s.everyone", path), "bad_value",
                          "api.share_everyone", "true");
    return ST_OK;
}

static Status with_one(Ctx *cx, const json_t *item, size_t at, AccessShare *s)
{
    Str path = str_format(cx->arena, "with.%zu", at);
    return api_share_principal(cx, item, str_z(cx->arena, path), s);
}

static Status with_list(Ctx *cx, const json_t *body, const json_t **ret)
{
    *ret = json_object_get(body, "with");
    size_t n = json_array_size(*ret);
    if (n < 1 || n > MAX_WITH)
        return FIELD_FAIL(cx, STR("with"), "bad_value", "api.share_with",
                          "A list of 1 to %d people, teams, departments or roles", MAX_WITH);
    return ST_OK;
}

static Status share_level(Ctx *cx, const json_t *body, const Record *r, AccessShare *s)
{
    const json_t *level = json_object_get(body, "level"), *as = json_object_get(body, "as");
    AccessRecord ar;
    s->level = str_is(json_str(level), "edit") ? SHARE_EDIT : SHARE_READ;
    s->source = str_is(json_str(as), "collaborator") ? SHARE_COLLABORATOR : SHARE_BY_HAND;
    if (level && s->level == SHARE_READ && !str_is(json_str(level), "read"))
        return FIELD_FAIL(cx, STR("level"), "bad_value", "api.share_level", "read or edit");
    if (as && s->source == SHARE_BY_HAND && !str_is(json_str(as), "manual"))
        return FIELD_FAIL(cx, STR("as"), "bad_value", "api.share_as", "manual or collaborator");
    if (s->level != SHARE_EDIT)
        return ST_OK;
    TRY(record_access(cx, ACCESS_UPDATE, r, r->values, &ar));
    return access_require(cx, r->object, ACCESS_UPDATE, &ar); /* nobody gives what he has not */
}

static Status share_until(Ctx *cx, const json_t *body, AccessShare *s)
{
    const json_t *until = json_object_get(body, "until");
    s->until_ms = SHARE_FOREVER;
    if (!until || json_is_null(until))
        return ST_OK;
    if (!json_is_string(until) || !calendar_parse_datetime(json_str(until), &s->until_ms) ||
        s->until_ms <= cx->now_ms)
        return FIELD_FAIL(cx, STR("until"), "bad_value", "api.share_until",
                          "A time to come, such as 2030-01-31T10:00:00Z");
    return ST_OK;
}

typedef struct Newcomer {
    App *app;
    Id user;
} Newcomer;

static void share_told(void *arg)
{
    const Newcomer *n = arg;
    api_job_changed(n->app, 0, n->user, "message");
}

/* After the commit his bell rings. */
static void tell_person(Ctx *cx, Plan *plan, const AccessShare *s)
{
    Newcomer *n = ARENA_NEW(cx->arena, Newcomer);
    if (s->kind != SHARE_USER)
        return;
    *n = (Newcomer){cx->app, s->principal};
    plan_after(plan, share_told, n);
}

static Status post_share(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"with", "level", "until", "as", NULL};
    const json_t *with = NULL;
    json_t *body = NULL;
    Record *r = NULL;
    AccessShare s = {0};
    TRY(access_record(cx, rq, &s.object, &r));
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(with_list(cx, body, &with));
    TRY(share_level(cx, body, r, &s));
    TRY(share_until(cx, body, &s));
    s.record = r->id;
    plan_share(plan, s.object->plural, r->id);
    for (size_t i = 0; i < json_array_size(with); i++) {
        TRY(with_one(cx, json_array_get(with, i), i, &s));
        TRY(access_share_put(cx, plan, &s));
        TRY(notify_shared(cx, plan, &s));
        tell_person(cx, plan, &s);
    }
    req_status(rq, 204);
    return ST_OK;
}

/* What rules opened stays open. */
static Status post_unshare(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"with", NULL};
    const json_t *with = NULL;
    json_t *body = NULL;
    Record *r = NULL;
    AccessShare s = {0};
    TRY(access_record(cx, rq, &s.object, &r));
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(with_list(cx, body, &with));
    s.record = r->id;
    for (size_t i = 0; i < json_array_size(with); i++) {
        TRY(with_one(cx, json_array_get(with, i), i, &s));
        access_share_take(cx, plan, &s);
    }
    req_status(rq, 204);
    return ST_OK;
}

static Status get_shares(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Record *r = NULL;
    Id id = 0;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(record_load(cx, o, id, &r));
    return access_shares_write(cx, o, r->id, req_out(rq));
}

/* ---- who may, and why. Of others learns who shares the record or manages people. */
static Status explain_others(Ctx *cx, const Object *o, const AccessRecord *r)
{
    return access_has_right(cx, "manage_users") ? ST_OK : access_require(cx, o, ACCESS_SHARE, r);
}

Status api_access_explain(Ctx *cx, Req *rq, const Object *o, const AccessRecord *r)
{
    Str people = req_query(rq, "people"), user = req_query(rq, "user");
    Buf *out = req_out(rq);
    Id id = 0;
    if (people.n && !str_is(people, "true") && !str_is(people, "false"))
        return api_bad_parameter(
            cx, "people",
            FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.people", "people is true or false"));
    if (user.n && !id_parse(user, &id))
        return api_bad_parameter(cx, "user",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.access_user",
                                           "user is the id of a person"));
    if (id || str_is(people, "true"))
        TRY(explain_others(cx, o, r));
    if (id)
        return access_explain_user(cx, o, r, id, out);
    TRY(access_explain(cx, o, r, out));
    if (str_is(people, "true"))
        TRY(access_explain_people(cx, o, r, out));
    buf_char(out, '}');
    return ST_OK;
}

/* ---- masked values in full, one by one and noted */
static Status reveal_field(Ctx *cx, Req *rq, const Object *o, const Field **ret)
{
    static const char *const KEYS[] = {"field", NULL};
    json_t *body = NULL;
    TRY(api_json_object(cx, rq, KEYS, &body));
    *ret = object_field(o, json_get_str(body, "field"));
    if (!*ret || access_field(cx, *ret) == FIELD_HIDDEN)
        return FIELD_FAIL(cx, STR("field"), "no_match", "api.reveal_field",
                          "There is no such field");
    if (access_field(cx, *ret) == FIELD_MASKED && !access_may_reveal(cx, *ret))
        return FAIL(cx, ST_DENIED, "api.reveal", "You may not have this value shown in full");
    return ST_OK;
}

static Status post_reveal(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    const Field *f = NULL;
    Record *r = NULL;
    Id id = 0;
    Buf *out = req_out(rq);
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(record_load(cx, o, id, &r));
    TRY(reveal_field(cx, rq, o, &f));
    if (!mask_takes(f))
        return FIELD_FAIL(cx, STR("field"), "bad_value", "api.reveal_kind",
                          "Fields of this type are never masked");
    const Value *v = record_get(r, f);
    buf_lit(out, "{\"field\":");
    buf_json_str(out, f->name);
    buf_lit(out, ",\"value\":");
    if (value_is_null(v))
        buf_lit(out, "null");
    else
        f->type->json(out, f, v);
    buf_char(out, '}');
    if (access_field(cx, f) == FIELD_MASKED)
        access_log_reveal(cx, plan, f, r->id);
    return ST_OK;
}

static Status get_log(Ctx *cx, Req *rq, Plan *plan)
{
    Id before = INT64_MAX;
    int limit = 0;
    Str after = req_query(rq, "after");
    (void)plan;
    TRY(api_page_size(cx, rq, LOG_PAGE, LOG_MAX, &limit));
    if (after.n && !id_parse(after, &before))
        return api_bad_parameter(cx, "after",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.after",
                                           "after is what \"next\" of the page before said"));
    return access_log_write(cx, before, limit, req_out(rq));
}

static Status post_preview(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    (void)plan;
    TRY(req_json(cx, rq, &body));
    TRY(meta_change_check_access(cx, cx->meta, body));
    TRY(access_check_form(cx, body));
    return access_preview(cx, req_param(rq, "role"), body, req_out(rq));
}

const Route api_access_routes[] = {
    {"GET", "/api/v1/access-log", READ, get_log, "audit",
     "Masked values shown in full, views of others", 0, 0, "after limit"},
    {"POST", "/api/v1/meta/access/{role}/preview", READ, post_preview, "manage_roles",
     "What rights of a role would open and close", MAX_PREVIEW_BODY, 0, NULL},
    {"POST", "/api/v1/{plural}/{id}/reveal", WRITE, post_reveal, "",
     "Show a masked value in full; it is noted", 1024, 0, NULL},
    {"POST", "/api/v1/{plural}/{id}/share", WRITE, post_share, "",
     "Open a record to people, teams, departments, roles", MAX_SHARE_BODY, 0, NULL},
    {"GET", "/api/v1/{plural}/{id}/shares", READ, get_shares, "", "To whom a record was opened", 0,
     0, NULL},
    {"POST", "/api/v1/{plural}/{id}/unshare", WRITE, post_unshare, "",
     "Close a record again to some of them", MAX_SHARE_BODY, 0, NULL},
    {0},
};
