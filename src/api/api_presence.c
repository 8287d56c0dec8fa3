/* SPDX-License-Identifier: Apache-2.0 */
/* Who else has a record open: said again and again by the pages, told to those who have it open too. */
#include "api/api_routes.h"
#include "marks/presence.h"

static Status opened(Ctx *cx, Req *rq, const Object **ret, Id *ret_id)
{
    TRY(req_object(cx, rq, ret));
    return req_id_param(cx, rq, "id", ret_id);
}

static Status get_presence(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    const Object *o = NULL;
    Id id = 0;
    TRY(opened(cx, rq, &o, &id));
    return presence_write(cx, o, id, req_out(rq));
}

static Status put_presence(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    Id id = 0;
    TRY(opened(cx, rq, &o, &id));
    TRY(req_json(cx, rq, &body));
    const json_t *editing = json_object_get(body, "editing");
    if (editing && !json_is_boolean(editing))
        return FIELD_FAIL(cx, STR("editing"), "bad_value", "api.presence_editing", "true or false");
    TRY(presence_beat(cx, plan, o, id, json_is_true(editing)));
    return presence_write(cx, o, id, req_out(rq));
}

static Status delete_presence(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Id id = 0;
    TRY(opened(cx, rq, &o, &id));
    TRY(presence_leave(cx, plan, o, id));
    req_status(rq, 204);
    return ST_OK;
}

const Route api_presence_routes[] = {
    {"DELETE", "/api/v1/{plural}/{id}/presence", WRITE, delete_presence, "",
     "I have the record open no more", 0, 0, NULL},
    {"GET", "/api/v1/{plural}/{id}/presence", READ, get_presence, "",
     "Who else has a record open, and who changes it", 0, 0, NULL},
    {"PUT", "/api/v1/{plural}/{id}/presence", WRITE, put_presence, "",
     "I have the record open (editing: and change it); who else has", 1024, 0, NULL},
    {0},
};
