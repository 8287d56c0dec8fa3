/* SPDX-License-Identifier: Apache-2.0 */
/* The hourly job "sweep": forgets what nobody reads any more. Each step is a small plan of its own, so
 * that others get their turn, and does no harm when it runs twice. */
#include "access/share.h"
#include "api/api_routes.h"
#include "import/import.h"
#include "notify/notify.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define EVENTS_KEPT (API_EVENTS_DAYS * DAY_MS) /* who was away longer starts afresh */
#define MESSAGES_KEPT (API_MESSAGES_DAYS * DAY_MS)
#define JOBS_KEPT (API_JOBS_DAYS * DAY_MS)

static const char SQL_ANSWERS[] =
    "DELETE FROM {gx_idempotency} AS i WHERE i.at < ?1 AND EXISTS (SELECT 1 FROM (SELECT user_id, "
    "key FROM {gx_idempotency} WHERE at < ?1 ORDER BY at LIMIT 1000) o "
    "WHERE o.user_id = i.user_id AND o.key = i.key)";
static const char SQL_OLD_ANSWERS[] = "SELECT 1 FROM {gx_idempotency} WHERE at < ?1 LIMIT 1";

typedef struct Sweep {
    App *app;
    int64_t rounds;
} Sweep;

static Status prepare_sessions(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    const Sweep *s = arg;
    (void)job;
    access_sweep(cx, s->app->access, plan);
    access_share_sweep(cx, plan);
    notify_sweep(plan, cx->now_ms - MESSAGES_KEPT);
    return ST_OK;
}

static Status prepare_shares(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job;
    return access_share_fill(cx, plan, arg);
}

static Status sweep_shares(Ctx *cx, Job *job, Sweep *s)
{
    for (bool more = true; more; s->rounds++) {
        TRY(job_progress(cx, job, s->rounds, 0));
        TRY(job_apply(cx, job, prepare_shares, &more));
    }
    return ST_OK;
}

static Status sweep_events(Ctx *cx, Job *job, Sweep *s)
{
    for (bool more = true; more; s->rounds++) {
        TRY(job_progress(cx, job, s->rounds, 0));
        TRY(event_sweep(cx, s->app->pool, cx->now_ms - EVENTS_KEPT, &more));
    }
    return ST_OK;
}

static Status prepare_answers(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    DbVal v = db_int(*(const int64_t *)arg);
    (void)cx;
    (void)job;
    plan_exec(plan, STR_SQL(SQL_ANSWERS), &v, 1);
    return ST_OK;
}

static Status sweep_answers(Ctx *cx, Job *job, Sweep *s)
{
    int64_t before_ms = cx->now_ms - DAY_MS, one = 0;
    DbVal v = db_int(before_ms);
    for (bool more = true;; s->rounds++) {
        TRY(job_progress(cx, job, s->rounds, 0));
        TRY(db_get_int(cx, SQL_OLD_ANSWERS, &v, 1, &one, &more));
        if (!more)
            return ST_OK;
        TRY(job_apply(cx, job, prepare_answers, &before_ms));
    }
}

static Status sweep_run(Ctx *cx, Job *job, Buf *result)
{
    Sweep s = {.app = cx->app};
    int64_t uploads = 0;
    TRY(job_apply(cx, job, prepare_sessions, &s));
    TRY(sweep_answers(cx, job, &s));
    TRY(sweep_events(cx, job, &s));
    TRY(sweep_shares(cx, job, &s));
    TRY(job_sweep(cx, s.app->pool, cx->now_ms - JOBS_KEPT));
    TRY(import_sweep(cx, s.app->dir, cx->now_ms - DAY_MS, &uploads));
    buf_printf(result, "{\"rounds\":%lld,\"uploads\":%lld}", (long long)s.rounds,
               (long long)uploads);
    return ST_OK;
}

const JobDef api_jobs[] = {
    {.name = "sweep",
     .run = sweep_run,
     .every = "17 * * * *",
     .max_attempts = 3,
     .timeout_s = 600,
     .summary = "Forgets old events, kept answers, sessions, jobs and uploads of imports"},
    {.name = NULL},
};
