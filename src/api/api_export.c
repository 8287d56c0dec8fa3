/* SPDX-License-Identifier: Apache-2.0 */
/* Lists become files. */
#include "api/api_routes.h"
#include "export/export.h"

static Status post_export(Ctx *cx, Req *rq, Plan *plan)
{
    const Object *o = NULL;
    json_t *body;
    Id job = 0;
    TRY(req_object(cx, rq, &o));
    if (!access_may_some(cx, o, ACCESS_EXPORT))
        return access_require(cx, o, ACCESS_EXPORT, NULL);
    TRY(req_json(cx, rq, &body));
    if (!json_is_object(body))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "api.not_object",
                         "The body must be a JSON object");
    TRY(export_enqueue(cx, plan, o, body, &job));
    api_accept_job(cx, rq, plan, job, "export");
    return ST_OK;
}

static Status post_export_all(Ctx *cx, Req *rq, Plan *plan)
{
    json_t *body;
    Id job = 0;
    TRY(req_json(cx, rq, &body));
    if (!json_is_object(body))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "api.not_object",
                         "The body must be a JSON object");
    TRY(export_all_enqueue(cx, plan, body, &job));
    api_accept_job(cx, rq, plan, job, "export_all");
    return ST_OK;
}

const Route api_export_routes[] = {
    {"POST", "/api/v1/export", LONG, post_export_all, "",
     "Write everything one may export to an archive", 1024, 0, NULL},
    {"POST", "/api/v1/{plural}/export", LONG, post_export, "",
     "Write a list to a file: CSV, XLSX, JSON lines, SPSS, vCard, iCalendar", API_MAX_BODY, 0,
     NULL},
    {0},
};
