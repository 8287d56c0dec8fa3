/* SPDX-License-Identifier: Apache-2.0 */
/* Layouts and views of an object, one at a time. Layouts need the right to customise, views the right
 * to manage views (or to customise). */
#include "api/api_routes.h"

enum { MAX_PART = 256 * 1024 };
#define CUSTOMISE "customise"

static Status may_change(Ctx *cx, bool views)
{
    if (access_has_right(cx, CUSTOMISE))
        return ST_OK;
    return access_require_right(cx, views ? "manage_views" : CUSTOMISE);
}

static Status post_part(Ctx *cx, Req *rq, Plan *plan, bool views)
{
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(may_change(cx, views));
    TRY(api_meta_object(cx, rq, &o));
    TRY(req_json(cx, rq, &body));
    Str name = json_get_str(body, views ? "view" : "layout");
    TRY(meta_put_part(cx, req_app_of(rq)->meta, o, views, name, body, true, plan));
    Str at = str_format(cx->arena, "/api/v1/meta/objects/%.*s/%s/%.*s", STR_ARG(o->name),
                        views ? "views" : "layouts", STR_ARG(name));
    req_status(rq, 201);
    req_set_header(rq, "Location", at);
    json_write(req_out(rq), body);
    return ST_OK;
}

static Status patch_part(Ctx *cx, Req *rq, Plan *plan, bool views)
{
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(may_change(cx, views));
    TRY(api_meta_object(cx, rq, &o));
    TRY(req_json(cx, rq, &body));
    const json_t *all = views ? o->views : o->layouts;
    const char *member = views ? "view" : "layout";
    Str name = req_param(rq, member);
    bool found = false;
    for (size_t i = 0; i < json_array_size(all); i++)
        found = found || str_eq(json_get_str(json_array_get(all, i), member), name);
    if (!found)
        return FAIL(cx, ST_NOT_FOUND, "api.no_part", "There is nothing called \"%.*s\"",
                    STR_ARG(name));
    TRY(api_meta_unchanged(cx, rq, o->name, name));
    TRY(meta_put_part(cx, req_app_of(rq)->meta, o, views, name, body, false, plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status delete_part(Ctx *cx, Req *rq, Plan *plan, bool views)
{
    const Object *o = NULL;
    TRY(may_change(cx, views));
    TRY(api_meta_object(cx, rq, &o));
    Str name = req_param(rq, views ? "view" : "layout");
    TRY(meta_drop_part(cx, req_app_of(rq)->meta, o, views, name, plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status post_layout(Ctx *cx, Req *rq, Plan *plan) { return post_part(cx, rq, plan, false); }
static Status patch_layout(Ctx *cx, Req *rq, Plan *plan) { return patch_part(cx, rq, plan, false); }
static Status delete_layout(Ctx *cx, Req *rq, Plan *plan)
{
    return delete_part(cx, rq, plan, false);
}
static Status post_view(Ctx *cx, Req *rq, Plan *plan) { return post_part(cx, rq, plan, true); }
static Status patch_view(Ctx *cx, Req *rq, Plan *plan) { return patch_part(cx, rq, plan, true); }
static Status delete_view(Ctx *cx, Req *rq, Plan *plan) { return delete_part(cx, rq, plan, true); }

/* Name, language, time zone, currency, rates, work calendar: what is left out stays. */
static Status patch_organisation(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    TRY(req_json(cx, rq, &body));
    TRY(meta_set_organisation(cx, req_app_of(rq)->meta, body, plan));
    req_status(rq, 204);
    return ST_OK;
}

const Route api_meta_part_routes[] = {
    {"POST", "/api/v1/meta/objects/{object}/layouts", WRITE, post_layout, "", "Make a layout",
     MAX_PART, 0, NULL},
    {"DELETE", "/api/v1/meta/objects/{object}/layouts/{layout}", WRITE, delete_layout, "",
     "Take the organisation's own layout away; the program's comes back", 0, 0, NULL},
    {"PATCH", "/api/v1/meta/objects/{object}/layouts/{layout}", WRITE, patch_layout, "",
     "Change a layout", MAX_PART, 0, NULL},
    {"POST", "/api/v1/meta/objects/{object}/views", WRITE, post_view, "", "Make a view for all",
     MAX_PART, 0, NULL},
    {"DELETE", "/api/v1/meta/objects/{object}/views/{view}", WRITE, delete_view, "",
     "Take the organisation's own view away; the program's comes back", 0, 0, NULL},
    {"PATCH", "/api/v1/meta/objects/{object}/views/{view}", WRITE, patch_view, "", "Change a view",
     MAX_PART, 0, NULL},
    {"PATCH", "/api/v1/meta/organisation", WRITE, patch_organisation, CUSTOMISE,
     "Change settings of the organisation: name, language, time zone, currency, exchange rates, "
     "work calendar",
     MAX_PART, 0, NULL},
    {0},
};
