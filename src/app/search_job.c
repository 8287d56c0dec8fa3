/* SPDX-License-Identifier: Apache-2.0 */
/* The job "search.build": a new generation of the search index beside the one that is read, then the
 * swap. Asked for when the program's tokens are others than those of the database and when a field
 * begins or ends to be searched; a build that was cut off starts again. */
#include "app/app.h"
#include "search/search.h"

#define MAX_RETRIES 50 /* catalogues that change under the build */

/* Work that goes on under the catalogue as it is now. */
static Status follow_catalogue(Ctx *cx)
{
    TRY(meta_refresh(cx, cx->app->meta));
    const Meta *fresh = meta_acquire(cx->app->meta);
    meta_release(cx->meta);
    cx->meta = fresh;
    cx->catalogue_version = fresh->version;
    return ST_OK;
}

static Status begin(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job;
    search_build_begin(cx, plan, arg);
    return ST_OK;
}

static Status chunk(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    SearchBuild *b = arg, next = *b;
    (void)job;
    TRY(search_build_chunk(cx, plan, &next));
    b[1] = next;
    return ST_OK;
}

typedef struct Merge {
    const SearchBuild *build;
    int64_t step;
    bool done;
} Merge;

static Status merge(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Merge *m = arg;
    (void)job;
    return search_build_merge(cx, plan, m->build, m->step, &m->done);
}

static Status end(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job;
    search_build_end(cx, plan, arg);
    return ST_OK;
}

static Status clear(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job;
    (void)arg;
    search_build_clear(cx, plan);
    return ST_OK;
}

/* One step; where the catalogue has changed meanwhile, once more under the new one. */
static Status step(Ctx *cx, Job *job, Status (*prepare)(Ctx *, Job *, Plan *, void *), void *arg,
                   int *retries)
{
    Status st = job_apply(cx, job, prepare, arg);
    while (st == ST_RETRY && ++*retries < MAX_RETRIES) {
        int64_t version = cx->catalogue_version;
        error_clear(cx);
        TRY(follow_catalogue(cx));
        if (cx->catalogue_version == version)
            return FAIL(cx, ST_CONFLICT, "app.search_superseded",
                        "Another build of the search index has begun");
        st = job_apply(cx, job, prepare, arg);
    }
    return st;
}

/* Chunks grow while nobody else writes; the job itself applies one plan a step. */
static void pace(const Ctx *cx, SearchBuild *b, int64_t *plans)
{
    int64_t now = db_facts(cx->records->pool).plans, others = now - *plans - 1;
    size_t rows = b->rows ? b->rows : SEARCH_ROWS;
    *plans = now;
    rows = others > 1 ? SEARCH_ROWS : rows * 2;
    b->rows = rows < SEARCH_ROWS_MAX ? rows : SEARCH_ROWS_MAX;
}

static Status build(Ctx *cx, Job *job, Buf *result)
{
    SearchBuild b[2] = {{.owner = job->id}};
    int64_t total = 0, plans = 0;
    int retries = 0;
    TRY(search_build_total(cx, &total));
    TRY(step(cx, job, begin, b, &retries));
    TRY(follow_catalogue(cx));
    while (!b[0].finished) {
        TRY(job_progress(cx, job, b[0].done, total));
        TRY(step(cx, job, chunk, b, &retries));
        b[0] = b[1];
        pace(cx, b, &plans);
    }
    for (Merge m = {.build = b}; !m.done; m.step++) {
        TRY(job_progress(cx, job, b[0].done, total));
        TRY(step(cx, job, merge, &m, &retries));
        pace(cx, b, &plans);
    }
    TRY(step(cx, job, end, b, &retries));
    TRY(follow_catalogue(cx));
    TRY(step(cx, job, clear, b, &retries));
    buf_lit(result, "{\"records\":");
    buf_int(result, b[0].done);
    buf_char(result, '}');
    return ST_OK;
}

const JobDef search_jobs[] = {
    {.name = "search.build",
     .run = build,
     .max_attempts = 3,
     .timeout_s = 6 * 3600,
     .summary = "Build a new generation of the search index"},
    {.name = NULL},
};

Status search_job_check(Ctx *cx, App *app)
{
    const Meta *m = meta_acquire(app->meta);
    bool current = str_is(m->search.version, SEARCH_VERSION);
    Plan *plan = plan_new(cx);
    PlanResult result;
    Id job = 0;
    Status st = ST_OK;
    if (!current && db_was_created(app->pool))
        search_build_none(plan);
    else if (!current)
        st = api_search_rebuild(cx, plan, &job);
    meta_release(m);
    if (st == ST_OK && !current)
        st = db_apply(app->pool, cx, plan, &result);
    return st;
}
