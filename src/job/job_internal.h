/* SPDX-License-Identifier: Apache-2.0 */
/* Private to job/: the runner's threads and what a running job holds. */
#pragma once
#include "base/calendar.h"
#include "base/id.h"
#include "base/log.h"
#include "job/cron.h"
#include "job/job.h"
#include <pthread.h>

#define JOB_LEASE_MS 60000
#define JOB_RENEW_MS INT64_C(20000)
#define JOB_ARENA_BYTES ((size_t)64 * 1024)
#define JOB_SYSTEM_USER ((Id)1) /* access.h: USER_SYSTEM; scheduled jobs run as it */

typedef struct JobRun JobRun;

/* A plan that is written while its job goes on. */
typedef struct JobSent {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool under_way, done;
    Status st;
    PlanResult result;
} JobSent;

/* One job in hand; the runner's list of them is guarded by its lock. */
struct JobRun {
    struct JobRunner *runner;
    const JobDef *def;
    Id id, run_as;
    Arena *work;  /* of one chunk: job_apply resets it; of the plan that was sent */
    Arena *ahead; /* of the plan that job_begin prepares */
    Plan *begun;
    JobSent sent;
    Arena *side; /* of one progress report */
    int64_t started_us, reported_us;
    int64_t done, total;
    int attempt;
    bool cancelled;
    struct JobRun *next;
};

struct JobRunner {
    DbPool *pool;
    const JobDef *const *tables;
    JobHost host;
    Id holder; /* who we are in locked_by: an id, so no other process has it */
    const Zone *zone;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    uint64_t wakes; /* counts job_wake, so that none is missed */
    bool stopping;
    struct JobRun *running;
    pthread_t *threads; /* workers, then the timer */
    int n_threads;
};

const JobDef *job_def(const JobRunner *r, Str kind);
bool job_is_stopping(JobRunner *r);
void job_changed(JobRunner *r, Id id, Id run_as, const char *status);
/* Waits until woken, stopped or the time is over. */
void job_wait(JobRunner *r, int64_t ms);
/* A context for the queue's own statements, without a user. */
Ctx job_queue_ctx(const JobRunner *r, Arena *a);
Str job_holder(const JobRunner *r, Arena *a);

/* job_queue.c: the rows */
typedef struct JobRow {
    Id id, run_as, batch;
    Str kind, params, checkpoint;
    int attempts;
    int64_t done, total;
} JobRow;
Status job_claim(JobRunner *r, Ctx *cx, JobRow *ret, bool *ret_found);
typedef struct JobEnd {
    const char *status; /* done failed cancelled queued */
    Str result, error;  /* JSON or STR_NULL */
    int64_t run_at_ms;  /* when queued again */
    int64_t done, total;
    int attempts;
} JobEnd;
Status job_finish(JobRunner *r, Ctx *cx, Id id, const JobEnd *end);
/* Jobs whose holder is gone: queued again, or failed after their last attempt. everyone: also those
 * whose lease still runs (nobody else can hold one). */
Status job_rescue(JobRunner *r, Ctx *cx, bool everyone);
Status job_renew(JobRunner *r, Ctx *cx, Id id);

/* job_work.c: waits for what was sent and never settled; sends nothing more. */
void job_sent_end(JobRun *run);

/* job_run.c */
void job_run(JobRunner *r, const JobRow *row, Arena *a);
/* job_schedule.c: enqueues what its time has come for. */
Status job_schedule(JobRunner *r, Ctx *cx);
