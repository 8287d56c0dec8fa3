/* SPDX-License-Identifier: Apache-2.0 */
/* Records that look alike: asked while one is typed, the queue of pairs, merging. */
#include "api/api_routes.h"
#include "base/id.h"
#include "duplicate/duplicate.h"

enum { PAIRS_PAGE = 50, PAIRS_MAX = 200, MERGE_BODY = 64 * 1024, TRIAL_BODY = 64 * 1024 };

/* Values that are wrong yet are left out. */
static Status typed_record(Ctx *cx, Req *rq, const Object *o, Record **ret)
{
    static const char *const KEYS[] = {"id", "record", NULL};
    json_t *body = NULL;
    Id id = 0;
    TRY(api_json_object(cx, rq, KEYS, &body));
    Str text = json_get_str(body, "id");
    const json_t *values = json_object_get(body, "record");
    if (text.n && !id_parse(text, &id))
        return api_bad_parameter(cx, "id", ST_INVALID);
    if (values && !json_is_object(values))
        return api_bad_parameter(cx, "record", ST_INVALID);
    *ret = record_new(cx, o);
    if (id)
        TRY(record_load(cx, o, id, ret));
    Status st = values ? record_set_json(cx, *ret, values) : ST_OK;
    if (st != ST_OK && st != ST_INVALID)
        return st;
    error_clear(cx);
    return ST_OK;
}

static Status post_duplicates(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    Record *r = NULL;
    DuplicateHit *hits = NULL;
    size_t n = 0;
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(typed_record(cx, rq, o, &r));
    TRY(duplicate_find(cx, r, &hits, &n));
    return duplicate_write(cx, o, hits, n, req_out(rq));
}

static Status get_duplicates(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    int limit = 0;
    Str status = req_query(rq, "status");
    (void)plan;
    TRY(req_object(cx, rq, &o));
    TRY(api_page_size(cx, rq, PAIRS_PAGE, PAIRS_MAX, &limit));
    if (status.n && !str_is(status, "open") && !str_is(status, "dismissed"))
        return api_bad_parameter(
            cx, "status",
            FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.pair_status", "open or dismissed"));
    return duplicate_list(cx, o, str_is(status, "dismissed") ? DUPLICATE_NOT : DUPLICATE_OPEN,
                          req_query(rq, "after"), limit, req_out(rq));
}

static Status post_search(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"whole", NULL};
    const Object *o = NULL;
    json_t *body = NULL;
    Id job = 0;
    TRY(req_object(cx, rq, &o));
    if (req_body(rq).n)
        TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(duplicate_search(cx, plan, o, json_get_bool(body, "whole", false), &job));
    api_accept_job(cx, rq, plan, job, "duplicates.search");
    return ST_OK;
}

static Status set_pair(Ctx *cx, Req *rq, Plan *plan, bool not_same)
{
    const Object *o = NULL;
    Id pair = 0;
    TRY(req_object(cx, rq, &o));
    TRY(req_id_param(cx, rq, "pair", &pair));
    TRY(duplicate_dismiss(cx, plan, o, pair, not_same));
    req_status(rq, 204);
    return ST_OK;
}

static Status post_dismiss(Ctx *cx, Req *rq, Plan *plan) { return set_pair(cx, rq, plan, true); }
static Status post_reopen(Ctx *cx, Req *rq, Plan *plan) { return set_pair(cx, rq, plan, false); }

static Status post_trial(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const KEYS[] = {"duplicates", NULL};
    const Object *o = NULL;
    json_t *body = NULL;
    Id job = 0;
    TRY(api_meta_object(cx, rq, &o));
    TRY(api_json_object(cx, rq, KEYS, &body));
    TRY(duplicate_trial(cx, plan, o, json_object_get(body, "duplicates"), &job));
    api_accept_job(cx, rq, plan, job, "duplicates.trial");
    return ST_OK;
}

/* A dry run is answered at once; the rest is a job. */
static Status post_merge(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    Id job = 0;
    bool dry = false;
    TRY(req_object(cx, rq, &o));
    TRY(api_dry_run(cx, rq, &body, &dry));
    if (dry)
        return duplicate_merge_preview(cx, o, body, req_out(rq));
    TRY(duplicate_merge_enqueue(cx, plan, o, body, &job));
    api_accept_job(cx, rq, plan, job, "merge");
    return ST_OK;
}

const Route api_duplicates_routes[] = {
    {"POST", "/api/v1/meta/objects/{object}/duplicates/trial", LONG, post_trial, "customise",
     "Try rules of duplicates on what is there", TRIAL_BODY, 0, NULL},
    {"GET", "/api/v1/{plural}/duplicates", READ, get_duplicates, "",
     "Pairs of records that look alike", 0, 0, "after limit status"},
    {"POST", "/api/v1/{plural}/duplicates", READ, post_duplicates, "",
     "Existing records that look like this one", API_MAX_BODY, 0, NULL},
    {"POST", "/api/v1/{plural}/duplicates/search", LONG, post_search, "",
     "Look for pairs that look alike", 4096, 0, NULL},
    {"POST", "/api/v1/{plural}/duplicates/{pair}/dismiss", WRITE, post_dismiss, "",
     "A pair is not the same", 4096, 0, NULL},
    {"POST", "/api/v1/{plural}/duplicates/{pair}/reopen", WRITE, post_reopen, "",
     "A pair is to be looked at again", 4096, 0, NULL},
    {"POST", "/api/v1/{plural}/merge", LONG, post_merge, "", "Make one record of several",
     MERGE_BODY, 0, NULL},
    {0},
};
