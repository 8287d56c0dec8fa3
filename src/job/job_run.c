/* SPDX-License-Identifier: Apache-2.0 */
/* One run of one job: make its context, call it, write how it ended, log one line. */
#include "job/job_internal.h"
#include <malloc.h>

#define RESULT_BYTES (4 << 20)
#define TRIM_US 1000000           /* what so long a job needed is given back */
#define BACK_OFF_MS INT64_C(5000) /* times 4 for each attempt before */

/* Failures that may pass by themselves. Anything else would fail again in the same way. */
static bool may_pass(Status st)
{
    return st == ST_BUSY || st == ST_FULL || st == ST_INTERNAL || st == ST_UNKNOWN ||
           st == ST_RETRY || st == ST_RATE;
}

static void add_running(JobRunner *r, JobRun *run)
{
    pthread_mutex_lock(&r->lock);
    run->next = r->running;
    r->running = run;
    pthread_mutex_unlock(&r->lock);
}

static void remove_running(JobRunner *r, JobRun *run)
{
    pthread_mutex_lock(&r->lock);
    JobRun **at = &r->running;
    while (*at != run)
        at = &(*at)->next;
    *at = run->next;
    pthread_mutex_unlock(&r->lock);
}

static Status call(JobRunner *r, Ctx *cx, const JobRow *row, JobRun *run, Buf *result)
{
    json_t *params = NULL;
    TRY(json_parse(cx, row->params, &params));
    TRY(r->host.enter(r->host.arg, cx, row->run_as));
    if (cx->db)
        db_statement_limit(cx->db, 60000);
    Job job = {.id = row->id,
               .run_as = row->run_as,
               .batch = row->batch,
               .kind = row->kind,
               .params = params,
               .checkpoint = row->checkpoint.p ? row->checkpoint : STR(""),
               .attempt = row->attempts,
               .run = run};
    cx->batch = row->batch;
    Status st = run->def->run(cx, &job, result);
    job_sent_end(run); /* what it holds is let go now */
    if (cx->db)
        db_statement_limit(cx->db, 2000);
    r->host.leave(r->host.arg, cx);
    return st;
}

static int64_t back_off_ms(int attempt)
{
    int64_t ms = BACK_OFF_MS;
    for (int i = 1; i < attempt && i < 8; i++)
        ms *= 4;
    return ms;
}

static JobEnd judge(JobRunner *r, Ctx *cx, const JobRun *run, Status st, const Buf *result)
{
    JobEnd end = {
        .status = "done", .attempts = run->attempt, .done = run->done, .total = run->total};
    if (st == ST_OK) {
        end.result = result->n && !buf_overflowed(result) ? buf_str(result) : STR_NULL;
        return end;
    }
    Buf problem = buf_in(cx->arena, 1 << 16);
    error_problem(cx, &problem);
    end.error = buf_str(&problem);
    end.status = "failed";
    if (run->cancelled) {
        end.status = "cancelled";
        end.error = STR_NULL;
    } else if (job_is_stopping(r) && may_pass(st)) {
        end.status = "queued"; /* goes on after the restart; this was no failure of its own */
        end.run_at_ms = cx->now_ms;
        end.attempts--;
        end.error = STR_NULL;
    } else if (may_pass(st) && run->attempt < run->def->max_attempts) {
        end.status = "queued";
        end.run_at_ms = clock_ms() + back_off_ms(run->attempt);
    }
    return end;
}

static void log_end(const Ctx *cx, const JobRun *run, const JobEnd *end)
{
    int64_t us = clock_us() - run->started_us;
    if (!end->error.n) {
        log_info(cx, "job.end", LOG_STR("job", run->def->name), LOG_STR("status", end->status),
                 LOG_INT("attempt", run->attempt), LOG_INT("us", us),
                 LOG_INT("sql", cx->stats.statements));
        return;
    }
    log_error(cx, "job.failed", LOG_STR("job", run->def->name), LOG_STR("status", end->status),
              LOG_INT("attempt", run->attempt), LOG_INT("us", us),
              LOG_STR("key", cx->err.key ? cx->err.key : "?"),
              LOG_STR("at", cx->err.file ? cx->err.file : "?"), LOG_INT("line", cx->err.line),
              LOG_TEXT("why", cx->err.text));
}

/* A job that cannot be ended now stays "running"; when its lease is over it is rescued. */
static void write_end(JobRunner *r, Ctx *cx, const JobRun *run, const JobEnd *end)
{
    Ctx queue = job_queue_ctx(r, cx->arena);
    for (int attempt = 0; attempt < 5; attempt++) {
        queue.now_ms = clock_ms();
        if (job_finish(r, &queue, run->id, end) == ST_OK) {
            job_changed(r, run->id, run->run_as, end->status);
            return;
        }
        error_clear(&queue);
        job_wait(r, 200);
    }
    log_error(cx, "job.unfinished", LOG_STR("job", run->def->name));
}

void job_run(JobRunner *r, const JobRow *row, Arena *a)
{
    JobRun run = {.runner = r,
                  .def = job_def(r, row->kind),
                  .id = row->id,
                  .run_as = row->run_as,
                  .work = arena_new(JOB_ARENA_BYTES),
                  .ahead = arena_new(JOB_ARENA_BYTES),
                  .sent = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER},
                  .side = arena_new(4096),
                  .started_us = clock_us(),
                  .done = row->done,
                  .total = row->total,
                  .attempt = row->attempts};
    Ctx cx = {.arena = a,
              .now_ms = clock_ms(),
              .lang = LANG_ZH,
              .cause = "api",
              .zone = r->zone,
              .request_id = (uint64_t)row->id};
    Buf result = buf_in(a, RESULT_BYTES);
    add_running(r, &run);
    job_changed(r, row->id, row->run_as, "running");
    Status st = call(r, &cx, row, &run, &result);
    JobEnd end = judge(r, &cx, &run, st, &result);
    write_end(r, &cx, &run, &end);
    remove_running(r, &run);
    log_end(&cx, &run, &end);
    arena_free(run.side);
    arena_free(run.work);
    arena_free(run.ahead);
    if (clock_us() - run.started_us > TRIM_US)
        malloc_trim(0);
}
