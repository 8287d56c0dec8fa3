/* SPDX-License-Identifier: Apache-2.0 */
/* What a job calls while it runs: progress, checkpoint, batch, apply. Every write carries the
 * holder, so that a job whose lease was lost can do no more harm. */
#include "job/job_internal.h"
#include <assert.h>
#include <unistd.h>

#define REPORT_US 500000
#define APPLY_TRIES 5

static const char SQL_PROGRESS[] =
    "UPDATE {gx_job} SET progress_done = ?3, progress_total = ?4, locked_until = ?5 "
    "WHERE id = ?1 AND locked_by = ?2 AND status = 'running'";
static const char SQL_CANCELLED[] = "SELECT cancel FROM {gx_job} WHERE id = ?1";
static const char SQL_CHECKPOINT[] =
    "UPDATE {gx_job} SET checkpoint = ?3, progress_done = ?4, progress_total = ?5, attempts = 1 "
    "WHERE id = ?1 AND locked_by = ?2 AND status = 'running'";
static const char SQL_BATCH[] = "UPDATE {gx_job} SET batch = ?3 "
                                "WHERE id = ?1 AND locked_by = ?2 AND status = 'running'";
static const char SQL_CATALOGUE[] = "SELECT 1 FROM {gx_epoch} WHERE id = 1 AND catalogue = ?1";

/* ---- may it go on? */
static Status check_time(Ctx *cx, const JobRun *run)
{
    int64_t limit_us = run->def->timeout_s * INT64_C(1000000);
    if (job_is_stopping(run->runner))
        return FAIL(cx, ST_BUSY, "job.stopping", "the server stops; the job goes on afterwards");
    if (limit_us && clock_us() - run->started_us > limit_us)
        return FAIL(cx, ST_BUSY, "job.timeout", "the job took longer than %d seconds",
                    run->def->timeout_s);
    return ST_OK;
}

static Status check_cancelled(Ctx *cx, JobRun *run)
{
    DbVal v = db_int(run->id);
    int64_t cancel = 0;
    bool found = false;
    TRY(db_get_int(cx, SQL_CANCELLED, &v, 1, &cancel, &found));
    run->cancelled = found && cancel;
    if (!found || cancel)
        return FAIL(cx, ST_CONFLICT, "job.cancelled", "the job was cancelled");
    return ST_OK;
}

static Status write_progress(Ctx *cx, JobRun *run)
{
    Plan *plan = plan_new(cx);
    PlanResult result;
    const DbVal v[] = {db_int(run->id), db_text(job_holder(run->runner, cx->arena)),
                       db_int(run->done), db_int(run->total), db_int(clock_ms() + JOB_LEASE_MS)};
    plan_expect(plan, STR_SQL(SQL_PROGRESS), v, COUNT_OF(v), 1);
    return db_apply(run->runner->pool, cx, plan, &result);
}

/* Errors made in a short-lived arena move to the job's own. */
static void keep_error(Ctx *cx, Arena *to)
{
    Error *e = &cx->err;
    FieldError *fields = ARENA_ARRAY(to, FieldError, e->fields.n + 1);
    for (size_t i = 0; i < e->fields.n; i++) {
        fields[i] = e->fields.v[i];
        fields[i].field = str_copy(to, fields[i].field);
        fields[i].message = str_copy(to, fields[i].message);
        fields[i].suggestion = str_copy(to, fields[i].suggestion);
    }
    e->fields.v = fields;
    e->fields.cap = e->fields.n + 1;
    e->text = str_copy(to, e->text);
    e->constraint = str_copy(to, e->constraint);
}

static Status report(Ctx *cx, JobRun *run)
{
    TRY(check_time(cx, run));
    TRY(check_cancelled(cx, run));
    return write_progress(cx, run);
}

void job_all_done(Job *job, int64_t n) { job->run->done = job->run->total = n; }

Status job_progress(Ctx *cx, Job *job, int64_t done, int64_t total)
{
    JobRun *run = job->run;
    int64_t now_us = clock_us();
    run->done = done;
    run->total = total;
    if (run->reported_us && now_us - run->reported_us < REPORT_US)
        return ST_OK;
    run->reported_us = now_us;
    Arena *outer = cx->arena;
    arena_reset(run->side);
    cx->arena = run->side;
    Status st = report(cx, run);
    cx->arena = outer;
    if (st != ST_OK)
        keep_error(cx, outer);
    else
        job_changed(run->runner, run->id, run->run_as, "running");
    return st;
}

/* ---- parts of a plan */
/* After the commit: only attempts in a row that do not get on are counted. */
static void gets_on(void *arg)
{
    JobRun *run = arg;
    run->attempt = 1;
}

void job_checkpoint(Ctx *cx, Plan *plan, Job *job, Str checkpoint)
{
    JobRun *run = job->run;
    plan_after(plan, gets_on, run);
    const DbVal v[] = {db_int(job->id), db_text(job_holder(run->runner, cx->arena)),
                       db_text(checkpoint), db_int(run->done), db_int(run->total)};
    plan_expect(plan, STR_SQL(SQL_CHECKPOINT), v, COUNT_OF(v), 1);
}

void job_set_batch(Ctx *cx, Plan *plan, Job *job, Id batch)
{
    const DbVal v[] = {db_int(job->id), db_text(job_holder(job->run->runner, cx->arena)),
                       db_int(batch)};
    plan_expect(plan, STR_SQL(SQL_BATCH), v, COUNT_OF(v), 1);
    job->batch = batch;
    cx->batch = batch;
}

/* ---- apply */
static Status prepare_plan(Ctx *cx, Job *job,
                           Status (*prepare)(Ctx *cx, Job *job, Plan *plan, void *arg), void *arg,
                           Plan **ret)
{
    Plan *plan = plan_new(cx);
    cx->now_ms = clock_ms();
    TRY(prepare(cx, job, plan, arg));
    if (cx->catalogue_version && !plan_is_empty(plan)) {
        DbVal v = db_int(cx->catalogue_version);
        plan_guard(plan, STR_SQL(SQL_CATALOGUE), &v, 1);
    }
    *ret = plan;
    return ST_OK;
}

static Status apply_once(Ctx *cx, Job *job,
                         Status (*prepare)(Ctx *cx, Job *job, Plan *plan, void *arg), void *arg)
{
    PlanResult result;
    Plan *plan = NULL;
    TRY(prepare_plan(cx, job, prepare, arg, &plan));
    return plan_is_empty(plan) ? ST_OK : db_apply(job->run->runner->pool, cx, plan, &result);
}

Status job_apply(Ctx *cx, Job *job, Status (*prepare)(Ctx *cx, Job *job, Plan *plan, void *arg),
                 void *arg)
{
    Arena *outer = cx->arena;
    Status st = check_time(cx, job->run);
    assert(!job->run->sent.under_way);
    for (int attempt = 0; st == ST_OK || st == ST_RETRY; attempt++) {
        if (attempt == APPLY_TRIES)
            break;
        if (attempt)
            usleep((useconds_t)(1000 << attempt)); /* the other side may finish */
        error_clear(cx);
        arena_reset(job->run->work);
        cx->arena = job->run->work;
        st = apply_once(cx, job, prepare, arg);
        cx->arena = outer;
        if (st == ST_OK)
            return ST_OK;
    }
    keep_error(cx, outer);
    return st;
}

/* ---- apply beside: the next plan is prepared while one is written */
Status job_begin(Ctx *cx, Job *job, Status (*prepare)(Ctx *cx, Job *job, Plan *plan, void *arg),
                 void *arg)
{
    JobRun *run = job->run;
    Arena *outer = cx->arena;
    TRY(check_time(cx, run));
    arena_reset(run->ahead);
    cx->arena = run->ahead;
    run->begun = NULL;
    Status st = prepare_plan(cx, job, prepare, arg, &run->begun);
    cx->arena = outer;
    if (st != ST_OK)
        keep_error(cx, outer);
    return st;
}

static void note_end(void *arg, Status st, const PlanResult *result)
{
    JobSent *sent = arg;
    pthread_mutex_lock(&sent->lock);
    sent->st = st;
    sent->result = *result;
    sent->done = true;
    pthread_cond_signal(&sent->ended);
    pthread_mutex_unlock(&sent->lock);
}

void job_send(Ctx *cx, Job *job)
{
    JobRun *run = job->run;
    Arena *free_now = run->work;
    assert(run->begun && !run->sent.under_way);
    run->work = run->ahead;
    run->ahead = free_now;
    run->sent.under_way = true;
    run->sent.done = plan_is_empty(run->begun);
    run->sent.st = ST_OK;
    if (!run->sent.done)
        db_submit(run->runner->pool, cx, run->begun, note_end, &run->sent);
    run->begun = NULL;
}

static void wait_for_sent(JobSent *sent)
{
    pthread_mutex_lock(&sent->lock);
    while (!sent->done)
        pthread_cond_wait(&sent->ended, &sent->lock);
    pthread_mutex_unlock(&sent->lock);
    sent->under_way = false;
}

Status job_settle(Ctx *cx, Job *job)
{
    JobSent *sent = &job->run->sent;
    assert(sent->under_way);
    wait_for_sent(sent);
    return plan_error(cx, sent->st, &sent->result);
}

void job_sent_end(JobRun *run)
{
    if (run->sent.under_way)
        wait_for_sent(&run->sent);
    pthread_cond_destroy(&run->sent.ended);
    pthread_mutex_destroy(&run->sent.lock);
}
