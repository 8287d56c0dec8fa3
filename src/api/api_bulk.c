/* SPDX-License-Identifier: Apache-2.0 */
/* One change to many records, and the batches that such work leaves behind. */
#include "api/api_routes.h"
#include "base/id.h"
#include "bulk/bulk.h"

enum { BATCHES_PAGE = 50, BATCHES_MAX = 200 };

/* A dry run is answered at once; the rest is a job. */
static Status post_bulk(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body = NULL;
    Id job = 0;
    bool dry = false;
    TRY(req_object(cx, rq, &o));
    TRY(api_dry_run(cx, rq, &body, &dry));
    if (dry)
        return bulk_preview(cx, o, body, req_out(rq));
    TRY(bulk_enqueue(cx, plan, o, body, &job));
    api_accept_job(cx, rq, plan, job, "bulk");
    return ST_OK;
}

static Status get_batches(Ctx *cx, Req *rq, Plan *plan)
{
    Id before = INT64_MAX;
    int limit = 0;
    Str after = req_query(rq, "after");
    (void)plan;
    TRY(api_page_size(cx, rq, BATCHES_PAGE, BATCHES_MAX, &limit));
    if (after.n && !id_parse(after, &before))
        return api_bad_parameter(cx, "after",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.after",
                                           "after is what \"next\" of the page before said"));
    return bulk_batches(cx, before, limit, req_out(rq));
}

const Route api_bulk_routes[] = {
    {"GET", "/api/v1/batches", READ, get_batches, "", "My batches, newest first", 0, 0,
     "after limit"},
    {"POST", "/api/v1/{plural}/bulk", LONG, post_bulk, "", "Change many records at once",
     API_MAX_BODY, 0, NULL},
    {0},
};
