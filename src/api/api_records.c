/* SPDX-License-Identifier: Apache-2.0 */
/* Records of every object, by its plural: list, read, create, update, delete, restore, history,
 * related lists, explained access, aggregates. No object is named here. */
#include "api/api_routes.h"
#include "base/id.h"
#include "record/batch.h"
#include "record/merge.h"
#include "timeline/timeline.h"
#include "views/views.h"

enum { HISTORY_PAGE = 50, HISTORY_MAX = 200, MAX_QUERY_BODY = 64 * 1024 };

/* ---- reading */

static Status list_from_url(Ctx *cx, Req *rq, ListQuery *q)
{
    *q = (ListQuery){.filter = req_query(rq, "filter"),
                     .q = req_query(rq, "q"),
                     .sort = req_query(rq, "sort"),
                     .fields = req_query(rq, "fields"),
                     .expand = req_query(rq, "expand"),
                     .after = req_query(rq, "after"),
                     .as_of = req_query(rq, "as_of"),
                     .view = req_query(rq, "view")};
    Str deleted = req_query(rq, "deleted");
    q->deleted = str_is(deleted, "true");
    if (deleted.p && !q->deleted && !str_is(deleted, "false"))
        return api_bad_parameter(
            cx, "deleted",
            FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.boolean", "true or false"));
    return query_list_check(cx, q, req_query(rq, "limit"), req_query(rq, "count"));
}

static Status get_list(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    ListQuery q;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(list_from_url(cx, rq, &q));
    TRY(views_resolve(cx, o, &q));
    return query_list(cx, o, &q, req_out(rq));
}

static Status post_query(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    ListQuery q;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_json(cx, rq, &body));
    TRY(query_list_from_json(cx, body, &q));
    TRY(views_resolve(cx, o, &q));
    return query_list(cx, o, &q, req_out(rq));
}

static Status post_aggregate(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_json(cx, rq, &body));
    return query_aggregate(cx, o, body, req_out(rq));
}

/* What a form shows, fixes and wants while it is filled in. Values that are wrong yet are left out. */
static Status post_conditions(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"id", "record", NULL};
    const Object *o = NULL;
    json_t *body = NULL;
    Record *r = NULL;
    Id id = 0;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(api_json_object(cx, rq, KEYS, &body));
    Str text = json_get_str(body, "id");
    const json_t *values = json_object_get(body, "record");
    if (text.n && !id_parse(text, &id))
        return api_bad_parameter(cx, "id", ST_INVALID);
    if (id)
        TRY(record_load(cx, o, id, &r));
    else
        r = record_new(cx, o);
    if (values && !json_is_object(values))
        return api_bad_parameter(cx, "record", ST_INVALID);
    Status st = values ? record_set_json(cx, r, values) : ST_OK;
    if (st != ST_OK && st != ST_INVALID)
        return st;
    error_clear(cx);
    return record_conditions(cx, r, req_out(rq));
}

/* What became part of another record is found there (308). Everything else is what it was: not there, or gone. */
static Status to_merged(Ctx *cx, Req *rq, const Object *o, Id id)
{
    Id into = 0;
    bool visible = false;
    Error before = cx->err;
    error_clear(cx);
    TRY(record_merged_into(cx, o, id, &into));
    if (into)
        TRY(query_visible(cx, o, into, &visible));
    if (!visible) {
        cx->err = before;
        return ST_NOT_FOUND;
    }
    req_set_header(
        rq, "Location",
        str_format(cx->arena, "/api/v1/" STR_FMT "/%lld", STR_ARG(o->plural), (long long)into));
    req_status(rq, 308);
    buf_lit(req_out(rq), "{\"merged_into\":");
    buf_json_id(req_out(rq), into);
    buf_char(req_out(rq), '}');
    return ST_OK;
}

static Status get_record(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Id id = 0;
    int64_t version = 0;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(query_as_of(cx, req_query(rq, "as_of"), &cx->as_of));
    Status st = query_record(cx, o, id, req_query(rq, "fields"), req_query(rq, "expand"),
                             req_out(rq), &version);
    if (st == ST_NOT_FOUND && !cx->as_of)
        return to_merged(cx, rq, o, id);
    TRY(st);
    req_etag(cx, rq, version);
    return ST_OK;
}

static Status get_history(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Id id = 0;
    int limit = 0;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(api_page_size(cx, rq, HISTORY_PAGE, HISTORY_MAX, &limit));
    return record_history(cx, o, id, req_query(rq, "after"), limit, req_out(rq));
}

static Status get_timeline(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Id id = 0;
    TimelineQuery q = {.kinds = req_query(rq, "kind"), .after = req_query(rq, "after")};
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(api_page_size(cx, rq, HISTORY_PAGE, HISTORY_MAX, &q.limit));
    return timeline_write(cx, o, id, &q, req_out(rq));
}

static Status get_pins(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    const Object *o = NULL;
    Id id = 0;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    return timeline_pins_write(cx, o, id, req_out(rq));
}

static Status change_pin(Ctx *cx, Req *rq, Plan *plan,
                         Status (*change)(Ctx *, Plan *, const Object *, Id, Str, Str))
{
    const Object *o = NULL;
    Id id = 0;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(change(cx, plan, o, id, req_param(rq, "kind"), req_param(rq, "entry")));
    req_status(rq, 204);
    return ST_OK;
}

static Status put_pin(Ctx *cx, Req *rq, Plan *plan)
{
    return change_pin(cx, rq, plan, timeline_pin);
}

static Status delete_pin(Ctx *cx, Req *rq, Plan *plan)
{
    return change_pin(cx, rq, plan, timeline_unpin);
}

/* ---- what belongs to a record */

static bool relation_readable(const Ctx *cx, const Relation *r)
{
    return cx->access->object(cx, r->child) && cx->access->field(cx, r->field);
}

static Status relation_param(Ctx *cx, Req *rq, const Object *o, const Relation **ret)
{
    Str name = req_param(rq, "relation");
    const Relation *r = object_relation(o, name);
    if (!r || !relation_readable(cx, r)) {
        (void)!FAIL(cx, ST_NOT_FOUND, "api.no_relation", "There is no relation called \"%.*s\"",
                    STR_ARG(name));
        return ST_NOT_FOUND;
    }
    *ret = r;
    return ST_OK;
}

static Status get_related(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    const Relation *r = NULL;
    Id id = 0;
    bool visible = false;
    ListQuery q;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(relation_param(cx, rq, o, &r));
    TRY(list_from_url(cx, rq, &q));
    TRY(views_resolve(cx, r->child, &q));
    TRY(query_as_of(cx, q.as_of, &cx->as_of)); /* the parent as well stood there then */
    TRY(query_visible(cx, o, id, &visible));
    if (!visible || !r)
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    q.parent_field = r->field;
    q.parent_object = o;
    q.parent = id;
    return query_list(cx, r->child, &q, req_out(rq));
}

static Status relations_write(Ctx *cx, const Object *o, Id id, Buf *out)
{
    bool first = true;
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < o->n_relations; i++) {
        const Relation *r = &o->relations[i];
        if (!relation_readable(cx, r))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_lit(out, "{\"relation\":");
        buf_json_str(out, r->name);
        buf_lit(out, ",\"count\":");
        TRY(query_related_count(cx, r, o, id, out));
        buf_char(out, '}');
    }
    buf_lit(out, "]}");
    return ST_OK;
}

static Status get_relations(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Id id = 0;
    bool visible = false;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(query_as_of(cx, req_query(rq, "as_of"), &cx->as_of));
    TRY(query_visible(cx, o, id, &visible));
    if (!visible)
        return FAIL(cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    return relations_write(cx, o, id, req_out(rq));
}

static Status get_access(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Record *r = NULL;
    Id id = 0;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(record_load(cx, o, id, &r));
    AccessRecord ar;
    TRY(record_access(cx, ACCESS_ACTIONS, r, r->values, &ar));
    return api_access_explain(cx, rq, o, &ar);
}

/* ---- writing */

static Status post_record(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(req_object(cx, rq, &o));
    TRY(req_json(cx, rq, &body));
    Record *r = record_new(cx, o);
    TRY(record_set_json(cx, r, body));
    TRY(record_write(cx, plan, r));
    TRY(record_json(cx, r, req_out(rq)));
    req_created(cx, rq, o, r->id, r->version);
    return ST_OK;
}

/* The record of {plural}/{id}, with If-Match checked. A deleted one says so (410). */
static Status load_record(Ctx *cx, Req *rq, Record **ret)
{
    const Object *o = NULL;
    Id id = 0;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(api_or_gone(cx, o, id, record_load(cx, o, id, ret)));
    return req_if_match(cx, rq, (*ret)->version);
}

/* A record saved with its lines is several changes: one batch takes them back together. */
static Status begin_batch(Ctx *cx, Req *rq, Plan *plan, const Record *r)
{
    Str title = STR_NULL;
    Id batch = 0;
    if (!r->n_lines)
        return ST_OK;
    TRY(query_titles(cx, r->object, &r->id, 1, &title, NULL));
    TRY(batch_begin(cx, plan, "lines", title.n ? title : r->object->name, &batch));
    cx->batch = batch;
    req_set_header(rq, "Guanxi-Batch", str_format(cx->arena, "%lld", (long long)batch));
    return ST_OK;
}

static Status patch_record(Ctx *cx, Req *rq, Plan *plan)
{
    Record *r = NULL;
    json_t *body = NULL;
    TRY(load_record(cx, rq, &r));
    TRY(req_json(cx, rq, &body));
    TRY(record_set_json(cx, r, body));
    TRY(begin_batch(cx, rq, plan, r));
    TRY(record_write(cx, plan, r));
    TRY(record_json(cx, r, req_out(rq)));
    req_etag(cx, rq, r->version);
    return ST_OK;
}

static Status delete_record(Ctx *cx, Req *rq, Plan *plan)
{
    Record *r = NULL;
    TRY(load_record(cx, rq, &r));
    TRY(record_delete(cx, plan, r));
    req_status(rq, 204);
    return ST_OK;
}

static Status restore_deleted(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Record *r = NULL;
    Id id = 0;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(record_restore(cx, plan, o, id, &r));
    TRY(record_json(cx, r, req_out(rq)));
    req_etag(cx, rq, r->version);
    return ST_OK;
}

static Status restore_fields(Ctx *cx, const json_t *list, Str **ret, size_t *ret_n)
{
    size_t i;
    const json_t *item;
    if (list && (!json_is_array(list) || json_array_size(list) == 0))
        return FIELD_FAIL(cx, STR("fields"), "bad_value", "api.field_names", "a list of fields");
    *ret = ARENA_ARRAY(cx->arena, Str, json_array_size(list) + 1);
    *ret_n = json_array_size(list);
    json_array_foreach((json_t *)list, i, item)
    {
        (*ret)[i] = json_str(item);
        if (!json_is_string(item))
            return FIELD_FAIL(cx, STR("fields"), "bad_value", "api.field_names",
                              "a list of fields");
    }
    return ST_OK;
}

/* Without a body: out of the recycle bin. {"version":n,"fields":[…]?}: a live record as it was. */
static Status post_restore(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"version", "fields", NULL};
    json_t *body = NULL;
    Record *r = NULL;
    Str *fields = NULL;
    size_t n = 0;
    if (!req_body(rq).n)
        return restore_deleted(cx, rq, plan);
    TRY(api_json_object(cx, rq, KEYS, &body));
    if (!json_object_size(body))
        return restore_deleted(cx, rq, plan);
    const json_t *version = json_object_get(body, "version");
    if (!json_is_integer(version) || json_integer_value(version) < 1)
        return FIELD_FAIL(cx, STR("version"), "required", "api.version",
                          "the number of a version in the history");
    TRY(restore_fields(cx, json_object_get(body, "fields"), &fields, &n));
    TRY(load_record(cx, rq, &r));
    TRY(record_set_version(cx, r, json_integer_value(version), fields, n));
    TRY(record_write(cx, plan, r));
    TRY(record_json(cx, r, req_out(rq)));
    req_etag(cx, rq, r->version);
    return ST_OK;
}

#define LIST_QUERY "after as_of count deleted expand fields filter limit q sort view"

const Route api_records_routes[] = {
    {"GET", "/api/v1/{plural}", READ, get_list, "", "List records", 0, 0, LIST_QUERY},
    {"POST", "/api/v1/{plural}", WRITE, post_record, "", "Create a record", API_MAX_BODY, 0, NULL},
    {"POST", "/api/v1/{plural}/aggregate", READ, post_aggregate, "", "Group and measure records",
     MAX_QUERY_BODY, 0, NULL},
    {"POST", "/api/v1/{plural}/conditions", READ, post_conditions, "",
     "What a form shows, fixes and wants while it is filled in", API_MAX_BODY, 0, NULL},
    {"POST", "/api/v1/{plural}/query", READ, post_query, "", "List records, asked in a body",
     MAX_QUERY_BODY, 0, NULL},
    {"DELETE", "/api/v1/{plural}/{id}", WRITE, delete_record, "", "Delete a record", 0, 0, NULL},
    {"GET", "/api/v1/{plural}/{id}", READ, get_record, "", "Read a record", 0, 0,
     "as_of expand fields"},
    {"PATCH", "/api/v1/{plural}/{id}", WRITE, patch_record, "", "Change a record", API_MAX_BODY, 0,
     NULL},
    {"GET", "/api/v1/{plural}/{id}/access", READ, get_access, "",
     "Who may do what with a record, and why", 0, 0, "people user"},
    {"GET", "/api/v1/{plural}/{id}/history", READ, get_history, "", "Versions of a record", 0, 0,
     "after limit"},
    {"GET", "/api/v1/{plural}/{id}/pins", READ, get_pins, "",
     "What stands or stood on top of a record's timeline, by whom, until when", 0, 0, NULL},
    {"DELETE", "/api/v1/{plural}/{id}/pins/{kind}/{entry}", WRITE, delete_pin, "",
     "An entry of the timeline no longer stands on top", 0, 0, NULL},
    {"PUT", "/api/v1/{plural}/{id}/pins/{kind}/{entry}", WRITE, put_pin, "",
     "Keep an entry of the timeline on top: its id, or of a change its version", 1024, 0, NULL},
    {"GET", "/api/v1/{plural}/{id}/related", READ, get_relations, "",
     "How many records of each relation belong to a record", 0, 0, "as_of"},
    {"GET", "/api/v1/{plural}/{id}/related/{relation}", READ, get_related, "",
     "Records that belong to a record", 0, 0, LIST_QUERY},
    {"POST", "/api/v1/{plural}/{id}/restore", WRITE, post_restore, "",
     "Bring a deleted record back, or fields of a former version", API_MAX_BODY, 0, NULL},
    {"GET", "/api/v1/{plural}/{id}/timeline", READ, get_timeline, "",
     "All that happened on a record, newest first", 0, 0, "after kind limit"},
    {0},
};
