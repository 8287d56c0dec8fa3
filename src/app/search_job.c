/* SPDX-License-Identifier: Apache-2.0 */
/* The job "search.build": a new generation of the search index beside the one that is read, then the
 * swap. Asked for when the program's tokens are others than those of the database and when a field
 * begins or ends to be searched; a build that was cut off starts again. */
#include "app/app.h"
#include "search/search.h"

#define MAX_RETRIES 50 /* catalogues that change under the build */
#define QUIET_STEPS 8

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

static Status claim(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job;
    search_build_claim(cx, plan, arg);
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

typedef struct Clear {
    const SearchBuild *build;
    bool done;
} Clear;

static Status clear(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Clear *c = arg;
    (void)job;
    return search_build_clear(cx, plan, c->build, &c->done);
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

typedef struct Pace {
    int64_t plans; /* applied when the last step ended */
    int quiet;     /* steps since somebody else wrote */
} Pace;

/* Chunks grow when nobody else has written for a while; the job itself applies one plan a step. One quiet
 * step says little: whoever writes may be waiting behind it. */
static void pace(const Ctx *cx, SearchBuild *b, Pace *p)
{
    int64_t now = db_facts(cx->records->pool).plans, others = now - p->plans - 1;
    size_t rows = b->rows ? b->rows : SEARCH_ROWS;
    p->plans = now;
    p->quiet = others > 1 ? 0 : p->quiet + 1;
    if (!p->quiet)
        rows = SEARCH_ROWS;
    else if (p->quiet > QUIET_STEPS)
        rows *= 2;
    b->rows = rows < SEARCH_ROWS_MAX ? rows : SEARCH_ROWS_MAX;
}

/* The slot that is not read, in pieces. */
static Status empty(Ctx *cx, Job *job, SearchBuild *b, Pace *p, int *retries)
{
    for (Clear c = {.build = b}; !c.done;) {
        TRY(step(cx, job, clear, &c, retries));
        pace(cx, b, p);
    }
    return ST_OK;
}

static Status build(Ctx *cx, Job *job, Buf *result)
{
    SearchBuild b[2] = {{.owner = job->id}};
    int64_t total = 0;
    Pace p = {0};
    int retries = 0;
    TRY(search_build_total(cx, &total));
    TRY(step(cx, job, claim, b, &retries));
    TRY(empty(cx, job, b, &p, &retries)); /* left by a build that was cut off */
    TRY(step(cx, job, begin, b, &retries));
    TRY(follow_catalogue(cx));
    while (!b[0].finished) {
        TRY(job_progress(cx, job, b[0].done, total));
        TRY(step(cx, job, chunk, b, &retries));
        b[0] = b[1];
        pace(cx, b, &p);
    }
    for (Merge m = {.build = b}; !m.done; m.step++) {
        TRY(job_progress(cx, job, b[0].done, total));
        TRY(step(cx, job, merge, &m, &retries));
        pace(cx, b, &p);
    }
    TRY(step(cx, job, end, b, &retries));
    TRY(follow_catalogue(cx));
    Status st = empty(cx, job, b, &p, &retries);
    if (st != ST_CONFLICT) /* the next build has it already */
        TRY(st);
    error_clear(cx);
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
