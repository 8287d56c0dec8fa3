/* SPDX-License-Identifier: Apache-2.0 */
/* Data quality. */
#include "api/api_routes.h"
#include "quality/quality.h"

enum { MAX_TASK_BODY = 64 * 1024 };

static Status get_qualities(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    return quality_list_write(cx, req_out(rq));
}

static Status get_quality(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    const Object *o = NULL;
    TRY(api_meta_object(cx, rq, &o));
    return quality_object_write(cx, o, req_out(rq));
}

static Status post_tasks(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const keys[] = {"filter", "due_at", "subject", "owner", NULL};
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(api_meta_object(cx, rq, &o));
    TRY(api_json_object(cx, rq, keys, &body));
    return quality_tasks(cx, plan, o, body, req_out(rq));
}

static Status patch_quality(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const keys[] = {"stale_days", NULL};
    const Object *o = NULL;
    json_t *body = NULL;
    TRY(api_meta_object(cx, rq, &o));
    TRY(api_json_object(cx, rq, keys, &body));
    TRY(quality_stale_set(cx, plan, o, json_get_int(body, "stale_days", -1)));
    req_status(rq, 204);
    return ST_OK;
}

static Status post_measure(Ctx *cx, Req *rq, Plan *plan)
{
    Id job = 0;
    TRY(quality_enqueue(cx, plan, &job));
    api_accept_job(cx, rq, plan, job, "quality");
    return ST_OK;
}

const Route api_quality_routes[] = {
    {"GET", "/api/v1/quality", READ, get_qualities, "",
     "How complete and sound the records of each object are", 0, 0, NULL},
    {"POST", "/api/v1/quality/measure", LONG, post_measure, "customise",
     "Count now what is empty, wrong, stale", 1024, 0, NULL},
    {"GET", "/api/v1/quality/{object}", READ, get_quality, "",
     "Figures of each field, rules, trend, and the filters that find what they count", 0, 0, NULL},
    {"PATCH", "/api/v1/quality/{object}", WRITE, patch_quality, "customise",
     "After how many days without activity records are stale", 1024, 0, NULL},
    {"POST", "/api/v1/quality/{object}/tasks", WRITE, post_tasks, "",
     "A task to clean up for each owner of records that a filter finds, or for a chosen person",
     MAX_TASK_BODY, 0, NULL},
    {0},
};
