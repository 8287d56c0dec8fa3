/* SPDX-License-Identifier: Apache-2.0 */
/* What was changed of the catalogue: the log, taking changes back, removal and bringing back. */
#include "api/api_routes.h"
#include "base/calendar.h"
#include "meta/meta_export.h"
#include "meta/meta_log.h"
#include "meta/meta_purge.h"
#include "upkeep/upkeep.h"

enum { CHANGES_MAX = 200, CHANGES_DEFAULT = 50, MAX_FILES = 8 * 1024 * 1024 };
#define CUSTOMISE "customise"

/* ---- the log */
static void write_text(Buf *out, const char *key, Str s)
{
    buf_printf(out, ",\"%s\":", key);
    if (s.n)
        buf_json_str(out, s);
    else
        buf_lit(out, "null");
}

static void write_version(Buf *out, const char *key, int64_t version)
{
    buf_printf(out, ",\"%s\":", key);
    if (version)
        buf_json_id(out, version);
    else
        buf_lit(out, "null");
}

static Status write_by(Ctx *cx, Id by, Buf *out)
{
    const Object *user = meta_object(cx->meta, STR("user"));
    Str title = STR_NULL;
    if (by && user)
        TRY(query_titles(cx, user, &by, 1, &title, NULL));
    buf_lit(out, ",\"by\":");
    if (!by) {
        buf_lit(out, "null");
        return ST_OK;
    }
    buf_lit(out, "{\"id\":");
    buf_json_id(out, by);
    write_text(out, "title", title);
    buf_char(out, '}');
    return ST_OK;
}

static Status write_entry(Ctx *cx, const MetaLogEntry *e, bool whole, Buf *out)
{
    buf_lit(out, "{\"id\":");
    buf_json_id(out, e->version);
    buf_lit(out, ",\"at\":\"");
    calendar_write_datetime(out, e->at_ms);
    buf_char(out, '"');
    TRY(write_by(cx, e->by, out));
    write_text(out, "cause", e->cause);
    write_text(out, "action", e->action);
    write_text(out, "object", e->object);
    write_text(out, "name", e->name);
    write_version(out, "reverts", e->reverts);
    write_version(out, "reverted_by", e->reverted_by);
    if (whole) {
        buf_lit(out, ",\"diff\":");
        meta_diff_write(&e->diffs, out);
    }
    buf_char(out, '}');
    return ST_OK;
}

static Status bad_page(Ctx *cx, const char *name)
{
    return FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.bad_page",
                     "\"%s\" is not a number of this list", name);
}

static Status read_page(Ctx *cx, Req *rq, size_t *ret_limit, int64_t *ret_before)
{
    Str limit = req_query(rq, "limit"), after = req_query(rq, "after");
    int64_t n = CHANGES_DEFAULT;
    *ret_before = 0;
    if (limit.n && (!str_int(limit, &n) || n < 1 || n > CHANGES_MAX))
        return bad_page(cx, "limit");
    if (after.n && (!str_int(after, ret_before) || *ret_before < 1))
        return bad_page(cx, "after");
    *ret_limit = (size_t)n;
    return ST_OK;
}

static Status get_changes(Ctx *cx, Req *rq, Plan *plan)
{
    MetaLogEntry list[CHANGES_MAX + 1];
    Buf *out = req_out(rq);
    size_t limit = 0, n = 0;
    int64_t before = 0;
    (void)plan;
    TRY(read_page(cx, rq, &limit, &before));
    TRY(meta_log_list(cx, before, req_query(rq, "object"), limit + 1, list, &n));
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < n && i < limit; i++) {
        if (i)
            buf_char(out, ',');
        TRY(write_entry(cx, &list[i], false, out));
    }
    buf_char(out, ']');
    write_version(out, "next", n > limit ? list[limit - 1].version : 0);
    buf_char(out, '}');
    return ST_OK;
}

static Status change_param(Ctx *cx, Req *rq, int64_t *ret)
{
    if (str_int(req_param(rq, "id"), ret) && *ret > 0)
        return ST_OK;
    return FAIL(cx, ST_NOT_FOUND, "api.no_change", "There is no such change");
}

static Status get_change(Ctx *cx, Req *rq, Plan *plan)
{
    MetaLogEntry e;
    int64_t version;
    (void)plan;
    TRY(change_param(cx, rq, &version));
    TRY(meta_log_get(cx, version, &e));
    return write_entry(cx, &e, true, req_out(rq));
}

/* Who may change the catalogue sets rights of roles only with the right to that. */
static Status check_roles(Ctx *cx, const MetaDiffs *diffs)
{
    for (size_t i = 0; i < diffs->list.n; i++) {
        Str part = json_str(json_array_get(diffs->list.v[i].path, 0));
        if (str_is(part, "access") || str_starts(part, STR("access/")))
            return access_require_right(cx, "manage_roles");
    }
    return ST_OK;
}

static Status post_revert(Ctx *cx, Req *rq, Plan *plan)
{
    MetaLogEntry e;
    int64_t version;
    TRY(change_param(cx, rq, &version));
    TRY(meta_log_get(cx, version, &e));
    TRY(check_roles(cx, &e.diffs));
    TRY(meta_revert(cx, req_app_of(rq)->meta, version, plan));
    access_changed(cx, plan); /* rights of a role may be among it */
    req_status(rq, 204);
    return ST_OK;
}

/* ---- the bin */
static Status get_bin(Ctx *cx, Req *rq, Plan *plan)
{
    MetaView view = api_meta_view(cx);
    (void)plan;
    return meta_write_bin(cx, req_app_of(rq)->meta, &view, req_out(rq));
}

static Status delete_object(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    TRY(api_meta_object(cx, rq, &o));
    TRY(meta_remove_object(cx, req_app_of(rq)->meta, o, plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status patch_bin(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL, *days, *setting = json_object();
    json_own(cx->arena, setting);
    TRY(req_json(cx, rq, &body));
    days = json_object_get(body, "days");
    if (!days || json_object_size(body) != 1)
        return FIELD_FAIL(cx, STR("days"), "required", "api.bin_days",
                          "the body is {\"days\":…}: how long what was removed is kept");
    json_object_set(setting, "bin_days", days);
    TRY(meta_set_organisation(cx, req_app_of(rq)->meta, setting, plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status post_restore_object(Ctx *cx, Req *rq, Plan *plan)
{
    return meta_restore_object(cx, req_app_of(rq)->meta, req_param(rq, "object"), plan,
                               req_out(rq));
}

static Status delete_field(Ctx *cx, Req *rq, Plan *plan)
{
    const Field *f = NULL;
    TRY(api_meta_field(cx, rq, &f));
    TRY(meta_remove_field(cx, req_app_of(rq)->meta, f, plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status post_restore_field(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    TRY(api_meta_object(cx, rq, &o));
    return meta_restore_field(cx, req_app_of(rq)->meta, o, req_param(rq, "field"), plan,
                              req_out(rq));
}

/* {"dry_run":true}: only what would be lost. */
static bool only_looks(Ctx *cx, Req *rq)
{
    json_t *body = NULL;
    bool looks = req_json(cx, rq, &body) == ST_OK && json_get_bool(body, "dry_run", false);
    error_clear(cx);
    return looks;
}

/* Nobody purges by a slip: the name is said twice. */
static Status check_confirm(Ctx *cx, Req *rq, Str name)
{
    json_t *body = NULL;
    TRY(req_json(cx, rq, &body));
    if (str_eq(json_get_str(body, "confirm"), name))
        return ST_OK;
    return FIELD_FAIL(cx, STR("confirm"), "required", "api.purge_confirm",
                      "must be the name of what is purged, which cannot be brought back");
}

static Status post_purge_object(Ctx *cx, Req *rq, Plan *plan)
{
    if (only_looks(cx, rq))
        return meta_purge_look_object(cx, req_app_of(rq)->meta, req_param(rq, "object"),
                                      req_out(rq));
    TRY(check_confirm(cx, rq, req_param(rq, "object")));
    TRY(meta_purge_object(cx, req_app_of(rq)->meta, req_param(rq, "object"), plan));
    req_status(rq, 204);
    return ST_OK;
}

/* A removed field; of one that is there, the values of its former types. */
static Status post_purge_field(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Str name = req_param(rq, "field");
    TRY(api_meta_object(cx, rq, &o));
    if (only_looks(cx, rq))
        return meta_purge_look_field(cx, req_app_of(rq)->meta, o, name, req_out(rq));
    TRY(check_confirm(cx, rq, name));
    const Field *f = object_field(o, name);
    TRY(f ? meta_purge_formers(cx, req_app_of(rq)->meta, f, plan)
          : meta_purge_field(cx, req_app_of(rq)->meta, o, name, plan));
    req_status(rq, 204);
    return ST_OK;
}

/* ---- configuration as text */
static Status get_export(Ctx *cx, Req *rq, Plan *plan)
{
    (void)plan;
    json_t *files = meta_export(cx, cx->meta);
    json_own(cx->arena, files);
    buf_lit(req_out(rq), "{\"files\":");
    json_write(req_out(rq), files);
    buf_char(req_out(rq), '}');
    return ST_OK;
}

static Status post_apply(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const keys[] = {"files", "dry_run", "allow_drop", NULL};
    json_t *body = NULL;
    MetaDiffs diffs = {0};
    TRY(api_json_object(cx, rq, keys, &body));
    MetaApply how = {.files = json_object_get(body, "files"),
                     .dry_run = json_get_bool(body, "dry_run", false),
                     .allow_drop = json_get_bool(body, "allow_drop", false)};
    TRY(meta_apply(cx, req_app_of(rq)->meta, &how, plan, &diffs));
    if (!how.dry_run)
        TRY(check_roles(cx, &diffs));
    if (!plan_is_empty(plan))
        access_changed(cx, plan);
    buf_printf(req_out(rq), "{\"applied\":%s,\"diff\":", how.dry_run ? "false" : "true");
    meta_diff_write(&diffs, req_out(rq));
    buf_char(req_out(rq), '}');
    return ST_OK;
}

/* ---- changes of type */
static Status get_misfits(Ctx *cx, Req *rq, Plan *plan)
{
    const Field *f = NULL;
    size_t limit = 0;
    int64_t after = 0;
    (void)plan;
    TRY(api_meta_field(cx, rq, &f));
    TRY(read_page(cx, rq, &limit, &after));
    return upkeep_misfits(cx, f, after, (int)limit, req_out(rq));
}

static Status delete_retype(Ctx *cx, Req *rq, Plan *plan)
{
    const Field *f = NULL;
    TRY(api_meta_field(cx, rq, &f));
    TRY(meta_retype_abandon(cx, req_app_of(rq)->meta, f, plan));
    req_status(rq, 204);
    return ST_OK;
}

static Status get_indexes(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    (void)plan;
    TRY(api_meta_object(cx, rq, &o));
    return upkeep_indexes(cx, o, req_out(rq));
}

static Status post_doctor(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const keys[] = {"repair", NULL};
    json_t *body = NULL;
    Id job = 0;
    TRY(api_json_object(cx, rq, keys, &body));
    TRY(upkeep_doctor_ask(cx, plan, json_get_bool(body, "repair", false), &job));
    api_accept_job(cx, rq, plan, job, "doctor");
    return ST_OK;
}

const Route api_meta_change_routes[] = {
    {"POST", "/api/v1/doctor", LONG, post_doctor, CUSTOMISE,
     "Look for what is out of step, and repair it if asked", 1024, 0, NULL},
    {"POST", "/api/v1/meta/apply", WRITE, post_apply, CUSTOMISE,
     "Lay files over the catalogue, or say what they would change", MAX_FILES, 0, NULL},
    {"GET", "/api/v1/meta/bin", READ, get_bin, CUSTOMISE, "Removed objects and fields", 0, 0, NULL},
    {"PATCH", "/api/v1/meta/bin", WRITE, patch_bin, CUSTOMISE,
     "How many days what was removed is kept", 1024, 0, NULL},
    {"GET", "/api/v1/meta/changes", READ, get_changes, CUSTOMISE,
     "What was changed of the catalogue, newest first", 0, 0, "limit after object"},
    {"GET", "/api/v1/meta/changes/{id}", READ, get_change, CUSTOMISE,
     "One change with what it made different", 0, 0, NULL},
    {"POST", "/api/v1/meta/changes/{id}/revert", WRITE, post_revert, CUSTOMISE,
     "Take a change of the catalogue back", 1024, 0, NULL},
    {"GET", "/api/v1/meta/export", READ, get_export, CUSTOMISE, "The catalogue as files", 0, 0,
     NULL},
    {"DELETE", "/api/v1/meta/objects/{object}", WRITE, delete_object, CUSTOMISE,
     "Remove an object; its data stays", 0, 0, NULL},
    {"DELETE", "/api/v1/meta/objects/{object}/fields/{field}", WRITE, delete_field, CUSTOMISE,
     "Remove a field; its data stays", 0, 0, NULL},
    {"GET", "/api/v1/meta/objects/{object}/fields/{field}/misfits", READ, get_misfits, CUSTOMISE,
     "Values that did not fit into the field's present type", 0, 0, "limit after"},
    {"POST", "/api/v1/meta/objects/{object}/fields/{field}/purge", WRITE, post_purge_field,
     CUSTOMISE, "Purge a removed field, or the values of a field's former types, for good", 1024, 0,
     NULL},
    {"POST", "/api/v1/meta/objects/{object}/fields/{field}/restore", WRITE, post_restore_field,
     CUSTOMISE, "Bring a removed field back with its data", 1024, 0, NULL},
    {"DELETE", "/api/v1/meta/objects/{object}/fields/{field}/retype", WRITE, delete_retype,
     CUSTOMISE, "Give up a change of type that is under way", 0, 0, NULL},
    {"GET", "/api/v1/meta/objects/{object}/indexes", READ, get_indexes, CUSTOMISE,
     "Indexes and unique rules of an object: ready, pending or failed", 0, 0, NULL},
    {"POST", "/api/v1/meta/objects/{object}/purge", WRITE, post_purge_object, CUSTOMISE,
     "Purge a removed object with its records for good", 1024, 0, NULL},
    {"POST", "/api/v1/meta/objects/{object}/restore", WRITE, post_restore_object, CUSTOMISE,
     "Bring a removed object back with its data", 1024, 0, NULL},
    {0},
};
