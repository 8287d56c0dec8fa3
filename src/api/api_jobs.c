/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs as their person sees them, and taking back a batch. */
#include "api/api_routes.h"
#include "base/id.h"

enum { JOBS_PAGE = 50, JOBS_MAX = 200 };
#define SEE_JOBS "see_jobs"       /* see jobs of others */
#define MANAGE_JOBS "manage_jobs" /* and decide about them */

static bool sees_others(const Ctx *cx)
{
    return access_has_right(cx, SEE_JOBS) || access_has_right(cx, MANAGE_JOBS);
}

static Status get_job(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    (void)plan;
    TRY(req_id_param(cx, rq, "id", &id));
    return job_write(cx, id, sees_others(cx), req_out(rq));
}

static Status list_param(Ctx *cx, const char *name, Str text, const char *const *known)
{
    for (; *known; known++)
        if (!text.n || str_is(text, *known))
            return ST_OK;
    return api_bad_parameter(cx, name,
                             FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.job_list",
                                       "%s is not one of the values it can have", name));
}

/* all=true: of everybody, for who may see or manage jobs. status=failed: what waits for a decision. */
static Status get_jobs(Ctx *cx, Req *rq, Plan *plan)
{
    static const char *const STATUS[] = {"queued", "running", "done", "failed", "cancelled", NULL};
    static const char *const FLAG[] = {"true", "false", NULL};
    JobView view = {
        .status = req_query(rq, "status"), .kind = req_query(rq, "kind"), .who = query_person_json};
    Str after = req_query(rq, "after");
    (void)plan;
    TRY(list_param(cx, "status", view.status, STATUS));
    TRY(list_param(cx, "all", req_query(rq, "all"), FLAG));
    TRY(api_page_size(cx, rq, JOBS_PAGE, JOBS_MAX, &view.limit));
    if (after.n && !id_parse(after, &view.before))
        return api_bad_parameter(cx, "after",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.after",
                                           "after is what \"next\" of the page before said"));
    view.anyones = str_is(req_query(rq, "all"), "true");
    if (view.anyones && !sees_others(cx))
        return access_require_right(cx, SEE_JOBS);
    return job_list(cx, &view, req_out(rq));
}

static Status delete_job(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(job_cancel(cx, plan, id, access_has_right(cx, MANAGE_JOBS)));
    req_status(rq, 204);
    return ST_OK;
}

static Status post_retry(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(job_retry(cx, plan, id, access_has_right(cx, MANAGE_JOBS)));
    api_wake_jobs(rq, plan);
    req_status(rq, 204);
    return ST_OK;
}

static Status post_discard(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(job_discard(cx, plan, id, access_has_right(cx, MANAGE_JOBS)));
    req_status(rq, 204);
    return ST_OK;
}

static const char SQL_BATCH[] = "SELECT by_user, undone_by FROM {gx_batch} WHERE id = ?1";

/* A batch is undone by whom it belongs to, or by an administrator; each record's own rights are
 * checked again by the job. */
static Status check_batch(Ctx *cx, Id batch)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found = false;
    TRY(db_prepare(cx, SQL_BATCH, &q));
    TRY(db_bind_id(q, 1, batch));
    TRY(db_next(q, &found));
    if (!found || (db_col_id(q, 0) != cx->user->id && !cx->user->is_administrator))
        return FAIL(cx, ST_NOT_FOUND, "api.no_batch", "There is no such batch");
    if (!db_col_null(q, 1))
        return FAIL(cx, ST_CONFLICT, "api.batch_undone", "This batch has been undone already");
    return ST_OK;
}

static Status post_undo(Ctx *cx, Req *rq, Plan *plan)
{
    Id batch = 0, job = 0;
    TRY(req_id_param(cx, rq, "id", &batch));
    TRY(check_batch(cx, batch));
    json_t *params = json_object();
    json_own(cx->arena, params);
    Str text = str_format(cx->arena, "%lld", (long long)batch);
    json_object_set_new(params, "batch", json_stringn(text.p, text.n));
    TRY(job_enqueue(cx, plan, "undo", params, 0, 0, &job));
    api_accept_job(cx, rq, plan, job, "undo");
    return ST_OK;
}

const Route api_jobs_routes[] = {
    {"POST", "/api/v1/batches/{id}/undo", LONG, post_undo, "", "Take back a batch", 1024, 0, NULL},
    {"GET", "/api/v1/jobs", READ, get_jobs, "", "My jobs, or with all=true everybody's", 0, 0,
     "after all kind limit status"},
    {"DELETE", "/api/v1/jobs/{id}", WRITE, delete_job, "", "Cancel a job", 0, 0, NULL},
    {"GET", "/api/v1/jobs/{id}", READ, get_job, "", "State and result of a job", 0, 0, NULL},
    {"POST", "/api/v1/jobs/{id}/discard", WRITE, post_discard, "", "Remove a job that has ended",
     1024, 0, NULL},
    {"POST", "/api/v1/jobs/{id}/retry", WRITE, post_retry, "",
     "Let a failed job go on from its checkpoint", 1024, 0, NULL},
    {0},
};
