/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs as their person sees them, and taking back a batch. */
#include "api/api_routes.h"

static Status get_job(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    (void)plan;
    TRY(req_id_param(cx, rq, "id", &id));
    return job_write(cx, id, req_out(rq));
}

static Status delete_job(Ctx *cx, Req *rq, Plan *plan)
{
    Id id = 0;
    TRY(req_id_param(cx, rq, "id", &id));
    TRY(job_cancel(cx, plan, id));
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
    {"DELETE", "/api/v1/jobs/{id}", WRITE, delete_job, "", "Cancel a job", 0, 0, NULL},
    {"GET", "/api/v1/jobs/{id}", READ, get_job, "", "State and result of a job", 0, 0, NULL},
    {0},
};
