/* SPDX-License-Identifier: Apache-2.0 */
/* job: durable queue. A job is a row written by the plan that caused it, runs at least once (so it
 * must be safe to run twice: it keeps a checkpoint), retries with back-off, reports progress, can be
 * cancelled, and keeps its last failure for people. Runs as a person (run_as). */
#pragma once
#include "base/ctx.h"
#include "base/json.h"
#include "db/plan.h"

typedef struct Job {
    Id id, run_as, batch;
    Str kind;
    const json_t *params;
    Str checkpoint; /* what job_checkpoint stored last; empty at first */
    int attempt;
    struct JobRun *run; /* private */
} Job;

typedef struct JobDef {
    const char *name;
    Status (*run)(Ctx *cx, Job *job, Buf *result); /* result: JSON for the job's "result" */
    int max_attempts, timeout_s;
    const char *every; /* cron, NULL: only when asked for */
    const char *summary;
} JobDef;

/* What the runner needs of the layers above. */
typedef struct JobHost {
    void *arg;
    /* Makes a Ctx ready to work as this user (db leased, catalogue, rights, language). */
    Status (*enter)(void *arg, Ctx *cx, Id run_as);
    void (*leave)(void *arg, Ctx *cx);
    /* Called after progress or status changed (server-sent `job` events); any thread. */
    void (*changed)(void *arg, Id job, Id run_as, const char *status);
} JobHost;

typedef struct JobRunner JobRunner;
CHECKED Status job_start(Ctx *cx, DbPool *pool, const JobDef *const *tables, const JobHost *host,
                         int workers, JobRunner **ret);
void job_stop(JobRunner *r);
void job_wake(JobRunner *r);

/* Adds a job to a plan; *ret its id (known at once). */
CHECKED Status job_enqueue(Ctx *cx, Plan *plan, const char *kind, const json_t *params, Id batch,
                           int64_t run_at_ms, Id *ret);
/* From inside run(): progress is written at most twice a second; gives ST_CONFLICT key
 * job.cancelled when a person cancelled. Cheap enough to call per row. */
CHECKED Status job_progress(Ctx *cx, Job *job, int64_t done, int64_t total);
/* The last word of run(): n of n are done and written, so who cancels now comes too late and is not told otherwise. */
void job_all_done(Job *job, int64_t n);
/* Adds the checkpoint to the plan that carries the work, so both commit together. */
void job_checkpoint(Ctx *cx, Plan *plan, Job *job, Str checkpoint);
/* Links the job to a batch once there is one (in the same plan as the batch row). */
void job_set_batch(Ctx *cx, Plan *plan, Job *job, Id batch);
/* Applies a plan of the job: retries ST_RETRY by calling prepare again (≤ 5). prepare works in an
 * arena of its own, which lives until the next job_apply; cx->now_ms is taken anew. */
CHECKED Status job_apply(Ctx *cx, Job *job,
                         Status (*prepare)(Ctx *cx, Job *job, Plan *plan, void *arg), void *arg);
/* The same in three steps, so that the next plan is prepared while one is written (SQLite; on PostgreSQL
 * job_send itself waits): begin prepares, send has it written, settle waits for it. What is prepared meanwhile does
 * not see what is under way, but is written behind it. Between begin and send what was sent before must be settled;
 * job_apply likewise wants nothing under way. Nothing is tried again: settle gives ST_RETRY too. What prepare
 * allocated lives until the second next begin. */
CHECKED Status job_begin(Ctx *cx, Job *job,
                         Status (*prepare)(Ctx *cx, Job *job, Plan *plan, void *arg), void *arg);
void job_send(Ctx *cx, Job *job);
CHECKED Status job_settle(Ctx *cx, Job *job);

/* ---- as people see them. Who may see and change jobs of others says so by `anyones`. */
typedef struct JobView {
    bool anyones;
    Str status, kind; /* of a list; empty: all */
    Id before;        /* of a list: older than this job; 0: from the newest */
    int limit;
    void (*who)(Ctx *cx, Id user, Buf *out); /* writes "run_as" of lists; NULL: the id */
} JobView;
/* {"id","kind","status","progress":{…},"result",…} of CONTRACT 4. */
CHECKED Status job_write(Ctx *cx, Id id, bool anyones, Buf *out);
/* {"items":[…],"next":…}, newest first; without results. */
CHECKED Status job_list(Ctx *cx, const JobView *view, Buf *out);
CHECKED Status job_cancel(Ctx *cx, Plan *plan, Id id, bool anyones);
/* A job that has failed or was cancelled goes on from its checkpoint, with all its attempts. */
CHECKED Status job_retry(Ctx *cx, Plan *plan, Id id, bool anyones);
/* Removes a job that has ended. What it did stays, and its batch. */
CHECKED Status job_discard(Ctx *cx, Plan *plan, Id id, bool anyones);
/* Removes what has ended well before that time; failures stay until a person decides. At most 1,000. */
CHECKED Status job_sweep(Ctx *cx, DbPool *pool, int64_t before_ms);
