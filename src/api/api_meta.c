/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue over HTTP: what this user may see of it, and changes to it (right "customise"). */
#include "api/api_routes.h"
#include "upkeep/upkeep.h"
#include <assert.h>

enum { MAX_META_BODY = 256 * 1024 };

/* ---- what the user sees */

static bool sees_object(void *arg, const Object *o)
{
    Ctx *cx = arg;
    return cx->access->object(cx, o);
}

static bool sees_field(void *arg, const Field *f)
{
    Ctx *cx = arg;
    return cx->access->field(cx, f) || (cx->access->masked && cx->access->masked(cx, f));
}

MetaView api_meta_view(Ctx *cx)
{
    return (MetaView){cx, sees_object, sees_field, access_write_object_rights};
}

Status api_meta_object(Ctx *cx, Req *rq, const Object **ret)
{
    Str name = req_param(rq, "object");
    const Object *o = meta_object(cx->meta, name);
    if (!o || !cx->access->object(cx, o)) {
        (void)!FAIL(cx, ST_NOT_FOUND, "api.no_object", "There is nothing called \"%.*s\"",
                    STR_ARG(name));
        return ST_NOT_FOUND;
    }
    *ret = o;
    return ST_OK;
}

Status api_meta_field(Ctx *cx, Req *rq, const Field **ret)
{
    const Object *o = NULL;
    TRY(api_meta_object(cx, rq, &o));
    Str name = req_param(rq, "field");
    const Field *f = object_field(o, name);
    if (!f || !sees_field(cx, f))
        return FAIL(cx, ST_NOT_FOUND, "api.no_field", "There is no field called \"%.*s\"",
                    STR_ARG(name));
    *ret = f;
    return ST_OK;
}

/* The whole catalogue changes seldom and is asked for at each start of a client. */
static Status get_meta(Ctx *cx, Req *rq, Plan *plan)
{
    MetaView view = api_meta_view(cx);
    (void)plan;
    Str etag = str_format(cx->arena, "W/\"%lld-%lld-%lld\"", (long long)cx->meta->version,
                          (long long)cx->security_epoch, (long long)cx->user->id);
    req_set_header(rq, "ETag", etag);
    req_set_header(rq, "Cache-Control", STR("private, no-cache"));
    if (str_find(req_header(rq, "If-None-Match"), etag) != SIZE_MAX)
        req_status(rq, 304);
    else
        meta_write(cx->meta, &view, req_out(rq));
    return ST_OK;
}

static Status get_objects(Ctx *cx, Req *rq, Plan *plan)
{
    MetaView view = api_meta_view(cx);
    Buf *out = req_out(rq);
    bool first = true;
    (void)plan;
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < cx->meta->n_objects; i++) {
        if (!sees_object(cx, cx->meta->objects[i]))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        meta_write_object(cx->meta->objects[i], &view, out);
    }
    buf_lit(out, "]}");
    return ST_OK;
}

static Status get_object(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    MetaView view = api_meta_view(cx);
    (void)plan;
    TRY(api_meta_object(cx, rq, &o));
    meta_write_object(o, &view, req_out(rq));
    return ST_OK;
}

static Status get_fields(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    MetaView view = api_meta_view(cx);
    Buf *out = req_out(rq);
    bool first = true;
    (void)plan;
    TRY(api_meta_object(cx, rq, &o));
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!sees_field(cx, o->fields[i]))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        meta_write_visible_field(o->fields[i], &view, out);
    }
    buf_lit(out, "]}");
    return ST_OK;
}

static Status get_field(Ctx *cx, Req *rq, Plan *plan)
{
    const Field *f = NULL;
    (void)plan;
    TRY(api_meta_field(cx, rq, &f));
    MetaView view = api_meta_view(cx);
    meta_write_visible_field(f, &view, req_out(rq));
    return ST_OK;
}

static void write_items(Ctx *cx, const Object *o, const json_t *items, Buf *out)
{
    MetaView view = api_meta_view(cx);
    buf_lit(out, "{\"items\":");
    meta_write_visible(o, &view, items, out);
    buf_char(out, '}');
}

static Status get_layouts(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    (void)plan;
    TRY(api_meta_object(cx, rq, &o));
    write_items(cx, o, o->layouts, req_out(rq));
    return ST_OK;
}

static Status get_views(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    (void)plan;
    TRY(api_meta_object(cx, rq, &o));
    write_items(cx, o, o->views, req_out(rq));
    return ST_OK;
}

/* ---- changes */

static void created_at(Ctx *cx, Req *rq, const char *folder, Str name)
{
    Edge *e = req_edge(rq);
    e->location = str_format(cx->arena, "/api/v1/meta/%s/%.*s", folder, STR_ARG(name));
    req_status(rq, 201);
    req_set_header(rq, "Location", e->location);
}

/* Rollups that the change declares are computed at once, not at the next look. */
static Status fill_rollups(Ctx *cx, const json_t *body, Plan *plan)
{
    const json_t *fields = json_object_get(body, "fields");
    Id job = 0;
    bool any = json_object_get(body, "of") != NULL;
    for (size_t i = 0; i < json_array_size(fields); i++)
        any = any || str_is(json_get_str(json_array_get(fields, i), "type"), "rollup");
    return any ? job_enqueue(cx, plan, "rollups", NULL, 0, 0, &job) : ST_OK;
}

static Status post_object(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    TRY(req_json(cx, rq, &body));
    TRY(meta_create_object(cx, req_app_of(rq)->meta, body, plan, req_out(rq)));
    TRY(fill_rollups(cx, body, plan));
    created_at(cx, rq, "objects", json_get_str(body, "object"));
    return ST_OK;
}

static Status patch_object(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(api_meta_object(cx, rq, &o));
    TRY(api_meta_unchanged(cx, rq, o->name, STR_NULL));
    TRY(req_json(cx, rq, &body));
    Id job = 0;
    TRY(upkeep_derive(cx, plan, req_app_of(rq)->meta, o, NULL, body, &job));
    if (job) {
        api_accept_job(cx, rq, plan, job, "meta.derive");
        return ST_OK;
    }
    return meta_patch_object(cx, req_app_of(rq)->meta, o, body, plan, req_out(rq));
}

static Status post_field(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(api_meta_object(cx, rq, &o));
    TRY(req_json(cx, rq, &body));
    TRY(meta_create_field(cx, req_app_of(rq)->meta, o, body, plan, req_out(rq)));
    TRY(fill_rollups(cx, body, plan));
    Str name = str_format(cx->arena, "%.*s/fields/%.*s", STR_ARG(o->name),
                          STR_ARG(json_get_str(body, "name")));
    created_at(cx, rq, "objects", name);
    return ST_OK;
}

static Status patch_field(Ctx *cx, Req *rq, Plan *plan)
{
    const Field *f = NULL;
    json_t *body = NULL;
    TRY(api_meta_field(cx, rq, &f));
    assert(f);
    TRY(api_meta_unchanged(cx, rq, f->object->name, f->name));
    TRY(req_json(cx, rq, &body));
    Id job = 0;
    TRY(upkeep_derive(cx, plan, req_app_of(rq)->meta, f->object, f, body, &job));
    if (job) {
        api_accept_job(cx, rq, plan, job, "meta.derive");
        return ST_OK;
    }
    if (meta_retype_asked(f, body)) {
        TRY(upkeep_retype(cx, plan, req_app_of(rq)->meta, f, body, &job));
        api_accept_job(cx, rq, plan, job, "meta.retype");
        return ST_OK;
    }
    TRY(meta_patch_field(cx, req_app_of(rq)->meta, f, body, plan, req_out(rq)));
    return fill_rollups(cx, body, plan);
}

/* ---- choice lists */

static Status list_param(Ctx *cx, Req *rq, const ChoiceList **ret)
{
    Str name = req_param(rq, "list");
    *ret = map_get(&cx->meta->lists_by_name, name);
    if (!*ret)
        return FAIL(cx, ST_NOT_FOUND, "api.no_list", "There is no list called \"%.*s\"",
                    STR_ARG(name));
    return ST_OK;
}

static Status get_lists(Ctx *cx, Req *rq, Plan *plan)
{
    Buf *out = req_out(rq);
    (void)plan;
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < cx->meta->n_lists; i++) {
        if (i)
            buf_char(out, ',');
        meta_write_list(cx->meta->lists[i], out);
    }
    buf_lit(out, "]}");
    return ST_OK;
}

static Status get_list(Ctx *cx, Req *rq, Plan *plan)
{
    const ChoiceList *l = NULL;
    (void)plan;
    TRY(list_param(cx, rq, &l));
    meta_write_list(l, req_out(rq));
    return ST_OK;
}

static Status post_list(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    TRY(req_json(cx, rq, &body));
    Str name = json_get_str(body, "list");
    if (!name.n)
        return FIELD_FAIL(cx, STR("list"), "required", "api.required", "A value is needed");
    if (map_has(&cx->meta->lists_by_name, name))
        return FIELD_FAIL(cx, STR("list"), "duplicate", "api.list_exists",
                          "There is a list of that name");
    TRY(meta_put_list(cx, req_app_of(rq)->meta, name, body, plan, req_out(rq)));
    created_at(cx, rq, "lists", name);
    return ST_OK;
}

static Status patch_list(Ctx *cx, Req *rq, Plan *plan)
{
    const ChoiceList *l = NULL;
    json_t *body = NULL;
    TRY(list_param(cx, rq, &l));
    TRY(api_meta_unchanged(cx, rq, STR_NULL, l->name));
    TRY(req_json(cx, rq, &body));
    return meta_put_list(cx, req_app_of(rq)->meta, l->name, body, plan, req_out(rq));
}

/* ---- rights of a role */

/* What If-Match of a change of the role compares with. */
static void role_version(Ctx *cx, Req *rq, int64_t version)
{
    req_set_header(rq, "ETag", str_format(cx->arena, "\"%lld\"", (long long)version));
}

static Status get_access(Ctx *cx, Req *rq, Plan *plan)
{
    Str role = req_param(rq, "role");
    const json_t *form = json_object_getn(cx->meta->access, role.p, role.n);
    (void)plan;
    if (!form)
        return FAIL(cx, ST_NOT_FOUND, "api.no_role", "There is no role called \"%.*s\"",
                    STR_ARG(role));
    role_version(cx, rq, cx->meta->version);
    json_write(req_out(rq), form);
    return ST_OK;
}

static Status put_access(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    TRY(req_json(cx, rq, &body));
    TRY(access_check_form(cx, body));
    TRY(api_meta_role_unchanged(cx, rq, req_param(rq, "role")));
    TRY(meta_put_access(cx, req_app_of(rq)->meta, req_param(rq, "role"), body, plan, req_out(rq)));
    access_changed(cx, plan);
    return ST_OK;
}

static Status get_limits(Ctx *cx, Req *rq, Plan *plan)
{
    (void)cx, (void)plan;
    buf_printf(req_out(rq),
               "{\"body\":%d,\"file\":%d,\"page\":200,\"in_list\":1000,\"expand\":10,\"sort\":4,"
               "\"batch\":100,\"filter_bytes\":8192,\"filter_nodes\":200,\"watch\":200,"
               "\"statement_ms\":2000,\"job_statement_ms\":60000,\"fields_per_object\":800}",
               API_MAX_BODY, API_MAX_FILE);
    return ST_OK;
}

#define CUSTOMISE "customise"
#define MANAGE_ROLES "manage_roles"

const Route api_meta_routes[] = {
    {"GET", "/api/v1/meta", READ, get_meta, "", "The catalogue as this user sees it", 0, 0, NULL},
    {"GET", "/api/v1/meta/access/{role}", READ, get_access, MANAGE_ROLES, "Rights of a role", 0, 0,
     NULL},
    {"PUT", "/api/v1/meta/access/{role}", WRITE, put_access, MANAGE_ROLES,
     "Set the rights of a role", MAX_META_BODY, 0, NULL},
    {"GET", "/api/v1/meta/limits", READ, get_limits, "", "Limits of the server", 0, 0, NULL},
    {"GET", "/api/v1/meta/lists", READ, get_lists, "", "Choice lists", 0, 0, NULL},
    {"POST", "/api/v1/meta/lists", WRITE, post_list, CUSTOMISE, "Make a choice list", MAX_META_BODY,
     0, NULL},
    {"GET", "/api/v1/meta/lists/{list}", READ, get_list, "", "One choice list", 0, 0, NULL},
    {"PATCH", "/api/v1/meta/lists/{list}", WRITE, patch_list, CUSTOMISE, "Change a choice list",
     MAX_META_BODY, 0, NULL},
    {"GET", "/api/v1/meta/objects", READ, get_objects, "", "Objects", 0, 0, NULL},
    {"POST", "/api/v1/meta/objects", WRITE, post_object, CUSTOMISE, "Make an object", MAX_META_BODY,
     0, NULL},
    {"GET", "/api/v1/meta/objects/{object}", READ, get_object, "", "One object", 0, 0, NULL},
    {"PATCH", "/api/v1/meta/objects/{object}", WRITE, patch_object, CUSTOMISE, "Change an object",
     MAX_META_BODY, 0, NULL},
    {"GET", "/api/v1/meta/objects/{object}/fields", READ, get_fields, "", "Fields of an object", 0,
     0, NULL},
    {"POST", "/api/v1/meta/objects/{object}/fields", WRITE, post_field, CUSTOMISE, "Add a field",
     MAX_META_BODY, 0, NULL},
    {"GET", "/api/v1/meta/objects/{object}/fields/{field}", READ, get_field, "", "One field", 0, 0,
     NULL},
    {"PATCH", "/api/v1/meta/objects/{object}/fields/{field}", WRITE, patch_field, CUSTOMISE,
     "Change a field", MAX_META_BODY, 0, NULL},
    {"GET", "/api/v1/meta/objects/{object}/layouts", READ, get_layouts, "", "Layouts of an object",
     0, 0, NULL},
    {"GET", "/api/v1/meta/objects/{object}/views", READ, get_views, "", "Views of an object", 0, 0,
     NULL},
    {0},
};
