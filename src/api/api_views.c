/* SPDX-License-Identifier: Apache-2.0 */
/* Saved views of the one who asks, and which views stand as tabs. Views of the catalogue, made for all
 * by administrators, are api_meta_parts.c. */
#include "api/api_routes.h"
#include "views/views.h"

enum { MAX_PIN = 1024 };

static Status get_views(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    Str name = req_query(rq, "object");
    const Object *o = name.n ? meta_object(cx->meta, name) : NULL;
    if (name.n && (!o || !cx->access->object(cx, o)))
        return api_bad_parameter(cx, "object",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.no_object",
                                           "There is nothing called \"%.*s\"", STR_ARG(name)));
    return views_write(cx, o, req_out(rq));
}

static Status post_view(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    Str name = STR_NULL;
    TRY(req_json(cx, rq, &body));
    TRY(views_create(cx, body, plan, req_out(rq), &name));
    req_status(rq, 201);
    req_set_header(rq, "Location", str_format(cx->arena, "/api/v1/me/views/%.*s", STR_ARG(name)));
    return ST_OK;
}

static Status patch_view(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    TRY(req_json(cx, rq, &body));
    return views_change(cx, req_param(rq, "view"), body, plan, req_out(rq));
}

static Status delete_view(Ctx *cx, Req *rq, Plan *plan)
{
    TRY(views_delete(cx, req_param(rq, "view"), plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status put_pin(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(api_meta_object(cx, rq, &o));
    TRY(req_json(cx, rq, &body));
    TRY(views_pin(cx, o, req_param(rq, "view"), body, plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status delete_pin(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    TRY(api_meta_object(cx, rq, &o));
    TRY(views_unpin(cx, o, req_param(rq, "view"), plan));
    req_status(rq, 204);
    return ST_OK;
}

const Route api_views_routes[] = {
    {"DELETE", "/api/v1/me/pins/{object}/{view}", WRITE, delete_pin, "",
     "A view is no tab any more", 0, 0, NULL},
    {"PUT", "/api/v1/me/pins/{object}/{view}", WRITE, put_pin, "",
     "A view stands as a tab; the list opens with it", MAX_PIN, 0, NULL},
    {"GET", "/api/v1/me/views", READ, get_views, "",
     "Views that I saved or that are shared with me", 0, 0, "object"},
    {"POST", "/api/v1/me/views", WRITE, post_view, "", "Save a view", VIEWS_MAX_BODY, 0, NULL},
    {"DELETE", "/api/v1/me/views/{view}", WRITE, delete_view, "", "Delete a saved view", 0, 0,
     NULL},
    {"PATCH", "/api/v1/me/views/{view}", WRITE, patch_view, "", "Change a saved view",
     VIEWS_MAX_BODY, 0, NULL},
    {0},
};
