/* SPDX-License-Identifier: Apache-2.0 */
/* Clean-up: rules, preview, the job; and what is forgotten without anybody's doing. */
#include "api/api_routes.h"
#include "cleanup/cleanup.h"

enum { MAX_CLEANUP_BODY = 32 * 1024 };

static Status cleanup_body(Ctx *cx, Req *rq, json_t **ret)
{
    static const char *const keys[] = {"object", "rule", "months", "filter", NULL};
    return api_json_object(cx, rq, keys, ret);
}

static Status get_cleanup(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    Buf *out = req_out(rq);
    TRY(cleanup_list_write(cx, out));
    buf_truncate(out, out->n - 1); /* } */
    buf_printf(out,
               ",\"logs\":[{\"what\":\"messages\",\"days\":%d},{\"what\":\"jobs\",\"days\":%d},"
               "{\"what\":\"events\",\"days\":%d}]}",
               API_MESSAGES_DAYS, API_JOBS_DAYS, API_EVENTS_DAYS);
    return ST_OK;
}

static Status post_preview(Ctx *cx, Req *rq, Plan *plan UNUSED)
{
    json_t *body = NULL;
    TRY(cleanup_body(cx, rq, &body));
    return cleanup_preview(cx, body, req_out(rq));
}

static Status post_cleanup(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body = NULL;
    Id job = 0;
    TRY(cleanup_body(cx, rq, &body));
    TRY(cleanup_enqueue(cx, plan, body, &job));
    api_accept_job(cx, rq, plan, job, "cleanup");
    return ST_OK;
}

const Route api_cleanup_routes[] = {
    {"GET", "/api/v1/cleanup", READ, get_cleanup, "",
     "Rules by which one may clean up, and what is forgotten by itself", 0, 0, NULL},
    {"POST", "/api/v1/cleanup", LONG, post_cleanup, "",
     "Archive the records of a rule, then delete them as one batch", MAX_CLEANUP_BODY, 0, NULL},
    {"POST", "/api/v1/cleanup/preview", LONG, post_preview, "",
     "What a clean-up would take, and what goes along", MAX_CLEANUP_BODY, 0, NULL},
    {0},
};
