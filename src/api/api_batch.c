/* SPDX-License-Identifier: Apache-2.0 */
/* POST /batch: several creates, updates and deletes in one plan, all or nothing. A later request may
 * link to what an earlier one creates: "$ref.id" where a link stands. Such a record is not in the
 * database yet, so its id is put into the link directly; the user who creates it sees it. */
#include "api/api_routes.h"
#include "base/id.h"
#include "record/batch.h"

enum { BATCH_MAX = 100 };

typedef struct Batch {
    Ctx *cx;
    Plan *plan;
    Buf *out;
    RecordMade made[BATCH_MAX];
    size_t n_made;
    Id written
        [BATCH_MAX]; /* existing records: once each, since the version is that of the database */
    size_t n_written;
} Batch;

typedef struct Item {
    Str ref, method, plural, id, if_match;
    const Object *object;
    json_t *body;
} Item;

/* ---- one request */

static Status read_item(Batch *b, const json_t *j, Item *ret)
{
    static const char *const KEYS[] = {"body", "if_match", "method", "path", "ref"};
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)j, key, v)
    {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(KEYS); i++)
            known |= !strcmp(KEYS[i], key);
        if (!known)
            return FIELD_FAIL(b->cx, str_of(key), "unknown_field", "api.unknown_key",
                              "Unknown here");
    }
    Str path = json_get_str(j, "path");
    *ret = (Item){.ref = json_get_str(j, "ref"),
                  .method = json_get_str(j, "method"),
                  .if_match = json_get_str(j, "if_match"),
                  .body = json_object_get(j, "body")};
    if (str_starts(path, STR("/api/v1/")))
        path = str_sub(path, 7, SIZE_MAX);
    path = str_starts(path, STR("/")) ? str_sub(path, 1, SIZE_MAX) : STR("");
    str_split(&path, '/', &ret->plural);
    ret->id = path;
    ret->object = meta_plural(b->cx->meta, ret->plural);
    if (!ret->object || !b->cx->access->object(b->cx, ret->object))
        return FAIL(b->cx, ST_NOT_FOUND, "api.no_object", "There is nothing called \"%.*s\"",
                    STR_ARG(ret->plural));
    return ST_OK;
}

static Status answer_record(Batch *b, int status, Record *r)
{
    buf_printf(b->out, "\"status\":%d,\"body\":", status);
    return record_json(b->cx, r, b->out);
}

static Status set_body(Batch *b, Record *r, const json_t *body)
{
    r->made = b->made;
    r->n_made = b->n_made;
    return record_set_json(b->cx, r, body);
}

static Status run_create(Batch *b, const Item *item)
{
    Record *r = record_new(b->cx, item->object);
    TRY(set_body(b, r, item->body));
    TRY(record_write(b->cx, b->plan, r));
    b->made[b->n_made++] = (RecordMade){item->ref, item->object, r->id};
    return answer_record(b, 201, r);
}

static Status load_item(Batch *b, const Item *item, Record **ret)
{
    Id id = 0;
    if (!id_parse(item->id, &id))
        return FAIL(b->cx, ST_NOT_FOUND, "record.not_found", "There is no such record");
    for (size_t i = 0; i < b->n_written; i++)
        if (b->written[i] == id)
            return FAIL(b->cx, ST_INVALID, "api.batch_twice",
                        "A batch writes each record at most once");
    b->written[b->n_written++] = id;
    TRY(record_load(b->cx, item->object, id, ret));
    return req_if_match_text(b->cx, item->if_match, (*ret)->version);
}

static Status run_item(Batch *b, const Item *item)
{
    Record *r = NULL;
    bool has_body = json_is_object(item->body);
    if (str_is(item->method, "POST") && !item->id.n && has_body)
        return run_create(b, item);
    if (str_is(item->method, "PATCH") && item->id.n && has_body) {
        TRY(load_item(b, item, &r));
        TRY(set_body(b, r, item->body));
        TRY(record_write(b->cx, b->plan, r));
        return answer_record(b, 200, r);
    }
    if (str_is(item->method, "DELETE") && item->id.n && !item->body) {
        TRY(load_item(b, item, &r));
        TRY(record_delete(b->cx, b->plan, r));
        buf_lit(b->out, "\"status\":204,\"body\":null");
        return ST_OK;
    }
    return FAIL_CODE(b->cx, ST_MALFORMED, "bad_parameter", "api.batch_request",
                     "A batch takes POST /{plural}, PATCH and DELETE /{plural}/{id}");
}

/* Errors say which request they are of. */
static Status blame(Ctx *cx, size_t index, Status failed)
{
    Str at = str_format(cx->arena, "requests[%zu]", index);
    if (!error_has_fields(cx))
        FIELD_FAIL(cx, at, cx->err.code ? cx->err.code : status_code(cx->err.status),
                   "api.batch_failed", "%.*s", STR_ARG(cx->err.text));
    else
        for (size_t i = 0; i < cx->err.fields.n; i++)
            cx->err.fields.v[i].field = str_format(cx->arena, "%.*s.body.%.*s", STR_ARG(at),
                                                   STR_ARG(cx->err.fields.v[i].field));
    return failed;
}

static Status run_request(Batch *b, const json_t *j)
{
    Item item;
    TRY(read_item(b, j, &item));
    buf_lit(b->out, "{\"ref\":");
    if (item.ref.p)
        buf_json_str(b->out, item.ref);
    else
        buf_lit(b->out, "null");
    buf_char(b->out, ',');
    TRY(run_item(b, &item));
    buf_char(b->out, '}');
    return ST_OK;
}

/* The fault of a request, not of the server or the moment: the others can be looked at still. */
static bool is_refusal(Status st)
{
    return st == ST_MALFORMED || st == ST_DENIED || st == ST_NOT_FOUND || st == ST_CONFLICT ||
           st == ST_STALE || st == ST_TOO_LARGE || st == ST_INVALID;
}

static void answer_refusal(Batch *b, const json_t *j)
{
    Buf problem = buf_in(b->cx->arena, API_MAX_BODY);
    int status = error_problem(b->cx, &problem);
    error_clear(b->cx);
    buf_lit(b->out, "{\"ref\":");
    Str ref = json_get_str(j, "ref");
    if (ref.p)
        buf_json_str(b->out, ref);
    else
        buf_lit(b->out, "null");
    buf_printf(b->out, ",\"status\":%d,\"body\":", status);
    buf_str_add(b->out, buf_str(&problem));
    buf_char(b->out, '}');
}

/* `each`: a refused request is answered with its problem and the next ones are tried. */
static Status run_all(Batch *b, const json_t *requests, bool each)
{
    buf_lit(b->out, "{\"items\":[");
    for (size_t i = 0; i < json_array_size(requests); i++) {
        const json_t *j = json_array_get(requests, i);
        if (i)
            buf_char(b->out, ',');
        size_t before = b->out->n;
        Status st = run_request(b, j);
        if (st != ST_OK && !(each && is_refusal(st)))
            return blame(b->cx, i, st);
        if (st == ST_OK)
            continue;
        buf_truncate(b->out, before);
        answer_refusal(b, j);
    }
    buf_lit(b->out, "]}");
    return ST_OK;
}

static const char SQL_OPEN[] = "SELECT id FROM {gx_batch} WHERE id = ?1 AND by_user = ?2 AND "
                               "kind = 'batch' AND undone_by IS NULL";

/* More than one request takes goes on with a batch of one's own, and is taken back with it. */
static Status go_on(Ctx *cx, Str text, Id *ret)
{
    Id id = 0;
    int64_t open = 0;
    bool found = false;
    if (id_parse(text, &id)) {
        const DbVal v[] = {db_int(id), db_int(cx->user->id)};
        TRY(db_get_int(cx, SQL_OPEN, v, COUNT_OF(v), &open, &found));
    }
    if (!found)
        return FIELD_FAIL(cx, STR("batch"), "no_match", "api.batch_open",
                          "There is no batch of yours to go on with");
    *ret = id;
    return ST_OK;
}

/* What changes existing records is one batch, to be taken back as one. */
static Status begin(Ctx *cx, Req *rq, Plan *plan, const json_t *body)
{
    Id batch = 0;
    if (json_object_get(body, "batch"))
        TRY(go_on(cx, json_get_str(body, "batch"), &batch));
    else
        TRY(batch_begin(cx, plan, "batch", STR_NULL, &batch));
    cx->batch = batch;
    req_set_header(rq, "Guanxi-Batch", str_format(cx->arena, "%lld", (long long)batch));
    return ST_OK;
}

/* With "dry_run": true all is checked and planned, and the plan thrown away; "atomic": false then
 * asks for an answer to each request. */
static Status post_batch(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"atomic", "batch", "dry_run", "requests", NULL};
    json_t *body = NULL;
    TRY(api_json_object(cx, rq, KEYS, &body));
    const json_t *requests = json_object_get(body, "requests");
    if (!json_is_array(requests) || json_array_size(requests) > BATCH_MAX)
        return FIELD_FAIL(cx, STR("requests"), "bad_value", "api.batch_size",
                          "A list of at most %d requests", BATCH_MAX);
    bool dry = json_get_bool(body, "dry_run", false);
    bool each = !json_get_bool(body, "atomic", true);
    if (each && !dry)
        return api_bad_parameter(cx, "atomic",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.batch_atomic",
                                           "\"atomic\": false is for dry runs"));
    Batch *b = ARENA_NEW(cx->arena, Batch);
    b->cx = cx;
    b->plan = dry ? plan_new(cx) : plan;
    b->out = req_out(rq);
    if (!dry && json_array_size(requests) > 0)
        TRY(begin(cx, rq, plan, body));
    return run_all(b, requests, each);
}

const Route api_batch_routes[] = {
    {"POST", "/api/v1/batch", WRITE, post_batch, "", "Several writes, all or nothing", API_MAX_BODY,
     0, NULL},
    {0},
};
