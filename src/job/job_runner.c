/* SPDX-License-Identifier: Apache-2.0 */
/* The threads: workers take due jobs one at a time; a timer renews leases, rescues jobs whose holder
 * is gone and enqueues what the schedule says. */
#include "job/job_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define POLL_MS 1000 /* jobs of other nodes and of a later time are seen this often */
#define TIMER_MS 5000

const JobDef *job_def(const JobRunner *r, Str kind)
{
    for (const JobDef *const *table = r->tables; *table; table++)
        for (const JobDef *def = *table; def->name; def++)
            if (str_is(kind, def->name))
                return def;
    return NULL;
}

bool job_is_stopping(JobRunner *r)
{
    pthread_mutex_lock(&r->lock);
    bool stopping = r->stopping;
    pthread_mutex_unlock(&r->lock);
    return stopping;
}

void job_changed(JobRunner *r, Id id, Id run_as, const char *status)
{
    if (r->host.changed)
        r->host.changed(r->host.arg, id, run_as, status);
}

Ctx job_queue_ctx(const JobRunner *r, Arena *a)
{
    return (Ctx){
        .arena = a, .now_ms = clock_ms(), .zone = r->zone, .lang = LANG_ZH, .cause = "api"};
}

Str job_holder(const JobRunner *r, Arena *a) { return str_format(a, "%lld", (long long)r->holder); }

static struct timespec in_ms(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static void wait_from(JobRunner *r, uint64_t wakes, int64_t ms)
{
    struct timespec until = in_ms(ms);
    pthread_mutex_lock(&r->lock);
    while (!r->stopping && r->wakes == wakes)
        if (pthread_cond_timedwait(&r->wake, &r->lock, &until) == ETIMEDOUT)
            break;
    pthread_mutex_unlock(&r->lock);
}

static uint64_t wakes_now(JobRunner *r)
{
    pthread_mutex_lock(&r->lock);
    uint64_t wakes = r->wakes;
    pthread_mutex_unlock(&r->lock);
    return wakes;
}

void job_wait(JobRunner *r, int64_t ms) { wait_from(r, wakes_now(r), ms); }

void job_wake(JobRunner *r)
{
    pthread_mutex_lock(&r->lock);
    r->wakes++;
    pthread_cond_broadcast(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

/* ---- workers */
static Status take_one(JobRunner *r, Arena *a, bool *ret_found)
{
    JobRow row;
    Ctx cx = job_queue_ctx(r, a);
    cx.db = db_lease(r->pool);
    Status st = job_claim(r, &cx, &row, ret_found);
    db_release(cx.db);
    if (st == ST_OK && *ret_found)
        job_run(r, &row, a);
    if (st != ST_OK)
        log_error(&cx, "job.queue", LOG_STR("at", cx.err.file ? cx.err.file : "?"),
                  LOG_INT("line", cx.err.line), LOG_TEXT("why", cx.err.text));
    return st;
}

static void *work(void *arg)
{
    JobRunner *r = arg;
    Arena *a = arena_new(JOB_ARENA_BYTES);
    while (!job_is_stopping(r)) {
        uint64_t wakes = wakes_now(r);
        bool found = false;
        Status st = take_one(r, a, &found);
        arena_reset(a);
        if (st != ST_OK || !found)
            wait_from(r, wakes, POLL_MS);
    }
    arena_free(a);
    return NULL;
}

/* ---- timer */
static size_t running_ids(JobRunner *r, Id *ids, size_t most)
{
    size_t n = 0;
    pthread_mutex_lock(&r->lock);
    for (const JobRun *run = r->running; run && n < most; run = run->next)
        ids[n++] = run->id;
    pthread_mutex_unlock(&r->lock);
    return n;
}

static Status turn(JobRunner *r, Ctx *cx, bool renew)
{
    Id ids[64];
    size_t n = renew ? running_ids(r, ids, COUNT_OF(ids)) : 0;
    for (size_t i = 0; i < n; i++)
        TRY(job_renew(r, cx, ids[i]));
    TRY(job_rescue(r, cx, false));
    return job_schedule(r, cx);
}

static void *keep_time(void *arg)
{
    JobRunner *r = arg;
    Arena *a = arena_new(JOB_ARENA_BYTES);
    int64_t renewed_us = clock_us();
    while (!job_is_stopping(r)) {
        Ctx cx = job_queue_ctx(r, a);
        bool renew = clock_us() - renewed_us >= JOB_RENEW_MS * 1000;
        cx.db = db_lease(r->pool);
        if (renew)
            renewed_us = clock_us();
        if (turn(r, &cx, renew) != ST_OK)
            log_error(&cx, "job.timer", LOG_STR("at", cx.err.file ? cx.err.file : "?"),
                      LOG_INT("line", cx.err.line), LOG_TEXT("why", cx.err.text));
        db_release(cx.db);
        arena_reset(a);
        job_wait(r, TIMER_MS);
    }
    arena_free(a);
    return NULL;
}

/* ---- life */
static void init_wake(JobRunner *r)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&r->wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&r->lock, NULL);
}

Status job_start(Ctx *cx, DbPool *pool, const JobDef *const *tables, const JobHost *host,
                 int workers, JobRunner **ret)
{
    JobRunner *r = calloc(1, sizeof(*r));
    pthread_t *threads = calloc((size_t)workers + 1, sizeof(*threads));
    if (!r || !threads)
        abort();
    *r = (JobRunner){.pool = pool,
                     .tables = tables,
                     .host = *host,
                     .holder = idgen_next(db_ids(pool)),
                     .zone = cx->zone ? cx->zone : zone_get(STR("UTC")),
                     .threads = threads};
    init_wake(r);
    /* SQLite has one process: who held a job before us is gone. */
    Status st = job_rescue(r, cx, db_kind(pool) == DB_SQLITE);
    for (int i = 0; st == ST_OK && i <= workers; i++) {
        if (pthread_create(&threads[i], NULL, i < workers ? work : keep_time, r) != 0)
            st = FAIL(cx, ST_INTERNAL, "job.thread", "a thread of the queue cannot be started");
        else
            r->n_threads++;
    }
    if (st != ST_OK)
        job_stop(r);
    else
        *ret = r;
    return st;
}

void job_stop(JobRunner *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_broadcast(&r->wake);
    pthread_mutex_unlock(&r->lock);
    for (int i = 0; i < r->n_threads; i++)
        pthread_join(r->threads[i], NULL);
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->lock);
    free(r->threads);
    free(r);
}
