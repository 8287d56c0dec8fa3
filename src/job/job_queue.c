/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the queue as the runner moves them: queued → running → done, failed, cancelled or queued
 * again. Every step is a guarded UPDATE of one row, so that two nodes cannot both take it. */
#include "job/job_internal.h"

#define CANDIDATES 50

static const char SQL_DUE[] =
    "SELECT id, kind, run_as, params, batch, attempts, checkpoint, progress_done, progress_total "
    "FROM {gx_job} WHERE status = 'queued' AND run_at <= ?1 ORDER BY run_at, id LIMIT ?2";
static const char SQL_CLAIM[] =
    "UPDATE {gx_job} SET status = 'running', attempts = attempts + 1, max_attempts = ?5, "
    "locked_by = ?2, locked_until = ?3, started_at = COALESCE(started_at, ?4) "
    "WHERE id = ?1 AND status = 'queued'";
static const char SQL_FINISH[] =
    "UPDATE {gx_job} SET status = ?3, result = ?4, error = ?5, run_at = ?6, finished_at = ?7, "
    "attempts = ?8, progress_done = ?9, progress_total = ?10, locked_by = NULL, "
    "locked_until = NULL WHERE id = ?1 AND locked_by = ?2 AND status = 'running'";
static const char SQL_RENEW[] = "UPDATE {gx_job} SET locked_until = ?3 "
                                "WHERE id = ?1 AND locked_by = ?2 AND status = 'running'";
static const char SQL_LOST[] =
    "SELECT id, run_as, attempts, max_attempts FROM {gx_job} "
    "WHERE status = 'running' AND locked_until < ?1 AND locked_by <> ?2 LIMIT 100";
static const char SQL_REQUEUE[] =
    "UPDATE {gx_job} SET status = 'queued', run_at = ?2, locked_by = NULL, locked_until = NULL "
    "WHERE id = ?1 AND status = 'running' AND locked_until < ?3";
static const char SQL_GIVE_UP[] =
    "UPDATE {gx_job} SET status = 'failed', error = ?2, finished_at = ?4, locked_by = NULL, "
    "locked_until = NULL WHERE id = ?1 AND status = 'running' AND locked_until < ?3";

static Status candidates(JobRunner *r, Ctx *cx, JobRow *rows, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = true;
    TRY(db_prepare(cx, SQL_DUE, &q));
    TRY(db_bind_int(q, 1, cx->now_ms));
    TRY(db_bind_int(q, 2, CANDIDATES));
    for (*ret_n = 0; *ret_n < CANDIDATES;) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        if (!job_def(r, db_col_text(q, 1)))
            continue; /* of a newer version of the program */
        rows[(*ret_n)++] = (JobRow){.id = db_col_id(q, 0),
                                    .kind = str_copy(cx->arena, db_col_text(q, 1)),
                                    .run_as = db_col_id(q, 2),
                                    .params = str_copy(cx->arena, db_col_text(q, 3)),
                                    .batch = db_col_id(q, 4),
                                    .attempts = (int)db_col_int(q, 5),
                                    .checkpoint = str_copy(cx->arena, db_col_text(q, 6)),
                                    .done = db_col_int(q, 7),
                                    .total = db_col_int(q, 8)};
    }
    return ST_OK;
}

/* ST_RETRY becomes found = false: somebody else was first. */
static Status apply_once(JobRunner *r, Ctx *cx, Plan *plan, bool *ret_done)
{
    PlanResult result;
    Status st = db_apply(r->pool, cx, plan, &result);
    *ret_done = st == ST_OK;
    if (st != ST_RETRY)
        return st;
    error_clear(cx);
    return ST_OK;
}

Status job_claim(JobRunner *r, Ctx *cx, JobRow *ret, bool *ret_found)
{
    JobRow *rows = ARENA_ARRAY(cx->arena, JobRow, CANDIDATES);
    size_t n = 0;
    *ret_found = false;
    TRY(candidates(r, cx, rows, &n));
    for (size_t i = 0; i < n && !*ret_found; i++) {
        Plan *plan = plan_new(cx);
        const DbVal v[] = {db_int(rows[i].id), db_text(job_holder(r, cx->arena)),
                           db_int(cx->now_ms + JOB_LEASE_MS), db_int(cx->now_ms),
                           db_int(job_def(r, rows[i].kind)->max_attempts)};
        plan_expect(plan, STR_SQL(SQL_CLAIM), v, COUNT_OF(v), 1);
        TRY(apply_once(r, cx, plan, ret_found));
        *ret = rows[i];
        ret->attempts++;
    }
    return ST_OK;
}

Status job_finish(JobRunner *r, Ctx *cx, Id id, const JobEnd *end)
{
    Plan *plan = plan_new(cx);
    bool again = str_is(str_of(end->status), "queued"), done = false;
    const DbVal v[] = {db_int(id),
                       db_text(job_holder(r, cx->arena)),
                       db_text(str_of(end->status)),
                       db_text(end->result),
                       db_text(end->error),
                       db_int(again ? end->run_at_ms : cx->now_ms),
                       again ? db_null(DB_INT) : db_int(cx->now_ms),
                       db_int(end->attempts),
                       db_int(end->done),
                       db_int(end->total)};
    plan_expect(plan, STR_SQL(SQL_FINISH), v, COUNT_OF(v), 1);
    return apply_once(r, cx, plan, &done); /* not done: the lease was lost, another ends it */
}

Status job_renew(JobRunner *r, Ctx *cx, Id id)
{
    Plan *plan = plan_new(cx);
    PlanResult result;
    const DbVal v[] = {db_int(id), db_text(job_holder(r, cx->arena)),
                       db_int(cx->now_ms + JOB_LEASE_MS)};
    plan_exec(plan, STR_SQL(SQL_RENEW), v, COUNT_OF(v));
    return db_apply(r->pool, cx, plan, &result);
}

typedef struct LostJob {
    Id id, run_as;
    bool last; /* no attempt is left */
} LostJob;

static Status read_lost(JobRunner *r, Ctx *cx, int64_t before_ms, LostJob *jobs, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = true;
    TRY(db_prepare(cx, SQL_LOST, &q));
    TRY(db_bind_int(q, 1, before_ms));
    TRY(db_bind_text(q, 2, job_holder(r, cx->arena)));
    for (*ret_n = 0; *ret_n < 100; (*ret_n)++) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        jobs[*ret_n] = (LostJob){.id = db_col_id(q, 0),
                                 .run_as = db_col_id(q, 1),
                                 .last = db_col_int(q, 2) >= db_col_int(q, 3)};
    }
    return ST_OK;
}

static Str crash_problem(const Ctx *cx)
{
    Ctx told = {.arena = cx->arena, .lang = cx->lang, .request_id = cx->request_id};
    Buf problem = buf_in(cx->arena, 4096);
    Status st = FAIL(&told, ST_BUSY, "job.crashed", "the job was broken off too often");
    if (st != ST_OK)
        error_problem(&told, &problem);
    return buf_str(&problem);
}

static Status rescue_one(JobRunner *r, Ctx *cx, int64_t before_ms, const LostJob *job)
{
    Plan *plan = plan_new(cx);
    bool done = false;
    if (job->last) {
        const DbVal v[] = {db_int(job->id), db_text(crash_problem(cx)), db_int(before_ms),
                           db_int(cx->now_ms)};
        plan_expect(plan, STR_SQL(SQL_GIVE_UP), v, COUNT_OF(v), 1);
    } else {
        const DbVal v[] = {db_int(job->id), db_int(cx->now_ms), db_int(before_ms)};
        plan_expect(plan, STR_SQL(SQL_REQUEUE), v, COUNT_OF(v), 1);
    }
    TRY(apply_once(r, cx, plan, &done));
    if (done)
        job_changed(r, job->id, job->run_as, job->last ? "failed" : "queued");
    return ST_OK;
}

Status job_rescue(JobRunner *r, Ctx *cx, bool everyone)
{
    LostJob *jobs = ARENA_ARRAY(cx->arena, LostJob, 100);
    int64_t before_ms = everyone ? INT64_MAX : cx->now_ms;
    size_t n = 0;
    TRY(read_lost(r, cx, before_ms, jobs, &n));
    for (size_t i = 0; i < n; i++)
        TRY(rescue_one(r, cx, before_ms, &jobs[i]));
    return ST_OK;
}
