/* SPDX-License-Identifier: Apache-2.0 */
/* The job: base rows, then customers in chunks. While the database applies one chunk the next is prepared. */
#include "base/json.h"
#include "demo/demo_internal.h"
#include "match/match.h"
#include <pthread.h>
#include <stdlib.h>

enum {
    CHUNK = 100,      /* customers in one transaction */
    CHUNK_BARE = 500, /* while there are no indexes */
    SLOTS = 2,
    SLOT_BYTES = 1 << 20,
    EVENTS_BELOW = 2000, /* accounts */
    BARE_FROM = 5000,
};

typedef struct Slot { /* a chunk on its way */
    Ctx cx;
    Arena *arena;
    Plan *plan;
    Status st;
    PlanResult result;
    bool busy;
    int64_t upto; /* customers, when it is done */
    struct Pipe *pipe;
} Slot;

typedef struct Pipe {
    pthread_mutex_t lock;
    pthread_cond_t done;
    Slot slots[SLOTS];
    Ctx *cx;
    Job *job;
    Demo *d;
    int64_t applied, chunk;
} Pipe;

static void on_done(void *arg, Status st, const PlanResult *r)
{
    Slot *s = arg;
    pthread_mutex_lock(&s->pipe->lock);
    s->st = st;
    s->result = *r;
    s->busy = false;
    pthread_cond_broadcast(&s->pipe->done);
    pthread_mutex_unlock(&s->pipe->lock);
}

/* Waits for what is in the slot; its failure becomes the job's. */
static Status settle(Pipe *p, Slot *s)
{
    pthread_mutex_lock(&p->lock);
    while (s->busy)
        pthread_cond_wait(&p->done, &p->lock);
    pthread_mutex_unlock(&p->lock);
    if (!s->plan)
        return ST_OK;
    s->plan = NULL;
    if (s->st == ST_OK) {
        p->applied = s->upto;
        return ST_OK;
    }
    /* somebody took numbers meanwhile, or the link broke: the job's next attempt goes on from here */
    Status st = plan_error(p->cx, s->st, &s->result);
    return st == ST_RETRY ? ST_BUSY : st;
}

static Status prepare(Pipe *p, Slot *s, int64_t from)
{
    Demo *d = p->d;
    arena_reset(s->arena);
    s->cx = *p->cx;
    s->cx.arena = s->arena;
    s->cx.err = (Error){0};
    s->plan = plan_new(&s->cx);
    s->upto = from + p->chunk < d->accounts ? from + p->chunk : d->accounts;
    d->cx = &s->cx;
    d->plan = s->plan;
    record_change(&s->cx, s->plan); /* its time is now, whatever the rows say */
    for (int64_t i = from; i < s->upto; i++)
        TRY(demo_customer(d, (uint64_t)i));
    number_run_plan(d->numbers, s->plan);
    job_checkpoint(&s->cx, s->plan, p->job, str_format(s->arena, "%lld", (long long)s->upto));
    return ST_OK;
}

static Status send(Pipe *p, Slot *s, int64_t from)
{
    Status st = prepare(p, s, from);
    if (st != ST_OK) {
        s->plan = NULL;
        p->cx->err = s->cx.err;
        p->cx->err.text = str_copy(p->cx->arena, s->cx.err.text);
        p->cx->err.fields.n = 0;
        return st;
    }
    s->busy = true;
    db_submit(p->cx->records->pool, &s->cx, s->plan, on_done, s);
    return ST_OK;
}

static Status pump(Pipe *p, int64_t done)
{
    Status st = ST_OK;
    for (int turn = 0; st == ST_OK && done < p->d->accounts; turn = (turn + 1) % SLOTS) {
        Slot *s = &p->slots[turn];
        st = settle(p, s);
        if (st == ST_OK)
            st = job_progress(p->cx, p->job, p->applied, p->d->accounts);
        if (st == ST_OK)
            st = send(p, s, done);
        done = s->upto;
    }
    for (int i = 0; i < SLOTS; i++) {
        Status last = settle(p, &p->slots[i]);
        st = st == ST_OK ? last : st;
    }
    return st;
}

static Status fill(Ctx *cx, Job *job, Demo *d, int64_t done, bool bare)
{
    Pipe p = {.cx = cx, .job = job, .d = d, .applied = done, .chunk = bare ? CHUNK_BARE : CHUNK};
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.done, NULL);
    for (int i = 0; i < SLOTS; i++) {
        p.slots[i].arena = arena_new(SLOT_BYTES);
        p.slots[i].pipe = &p;
    }
    Status st = pump(&p, done);
    d->cx = cx;
    for (int i = 0; i < SLOTS; i++)
        arena_free(p.slots[i].arena);
    pthread_cond_destroy(&p.done);
    pthread_mutex_destroy(&p.lock);
    return st;
}

/* ---- indexes: a large company fills empty tables without them */
static const char *const FILLED[] = {"account",     "contact",          "lead",
                                     "opportunity", "opportunity_line", "order",
                                     "order_line",  "followup",         "task"};

static Status prepare_bare(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job;
    (void)arg;
    for (size_t i = 0; i < COUNT_OF(FILLED); i++) {
        const Object *o = meta_object(cx->meta, str_of(FILLED[i]));
        if (o)
            TRY(meta_database_unindex(cx, o, plan));
    }
    match_unindex(plan);
    return ST_OK;
}

/* Rows came without events: whoever keeps something of these objects begins anew. */
static Status prepare_reset(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job;
    (void)arg;
    for (size_t i = 0; i < COUNT_OF(FILLED); i++) {
        const Object *o = meta_object(cx->meta, str_of(FILLED[i]));
        if (o)
            record_event(cx, plan, o, 0, 0, "reset");
    }
    return ST_OK;
}

/* One object at a time, else others would wait for all of them. Not through the job: also one that was
 * cancelled leaves no table bare. */
static Status build_indexes(Ctx *cx, const Object *o)
{
    PlanResult result;
    Plan *plan = plan_new(cx);
    if (o)
        TRY(meta_database_index(cx, o, plan));
    else
        match_index(plan);
    return plan_is_empty(plan) ? ST_OK : db_apply(cx->records->pool, cx, plan, &result);
}

static Status index_all(Ctx *cx)
{
    TRY(build_indexes(cx, NULL));
    for (size_t i = 0; i < COUNT_OF(FILLED); i++) {
        const Object *o = meta_object(cx->meta, str_of(FILLED[i]));
        if (o)
            TRY(build_indexes(cx, o));
    }
    return ST_OK;
}

/* What failed first is what is told. */
static Status fill_and_index(Ctx *cx, Job *job, Demo *d, int64_t done, bool bare)
{
    Status filled = fill(cx, job, d, done, bare);
    Error why = cx->err;
    error_clear(cx);
    Status indexed = index_all(cx);
    if (filled == ST_OK)
        return indexed;
    cx->err = why;
    return filled;
}

static const char SQL_ACCOUNTS[] = "SELECT COUNT(*) FROM (SELECT 1 FROM {accounts} LIMIT 1000) x";

static Status is_bare(Ctx *cx, const Demo *d, int64_t done, bool *ret)
{
    int64_t n = 0;
    bool found;
    *ret = false;
    if (d->accounts < BARE_FROM || done)
        return ST_OK;
    TRY(db_get_int(cx, SQL_ACCOUNTS, NULL, 0, &n, &found));
    *ret = n < 1000;
    return ST_OK;
}

static size_t clamp(int64_t v, size_t low, size_t high)
{
    return v < (int64_t)low ? low : v > (int64_t)high ? high : (size_t)v;
}

static void begin(Demo *d, Ctx *cx, const Job *job)
{
    int64_t offset = zone_offset(cx->zone, cx->now_ms);
    d->cx = cx;
    d->now_ms = cx->now_ms;
    d->accounts = json_get_int(job->params, "accounts", 200);
    d->seed = (uint64_t)json_get_int(job->params, "seed", 1);
    d->today = calendar_today(cx->now_ms, offset);
    d->day_ms = d->today * INT64_C(86400000) - offset;
    d->events = d->accounts < EVENTS_BELOW;
    d->n_sellers = clamp(d->accounts / 400, demo_n_people, DEMO_SELLERS);
    d->n_stores = clamp(d->accounts / 2000, 6, DEMO_STORES);
    d->numbers = number_run_new(cx->arena);
}

/* Filled rows have neither tokens nor figures yet. */
static Status prepare_derived(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    Id build;
    json_t *params = json_object();
    (void)job;
    (void)arg;
    json_own(cx->arena, params);
    for (size_t i = 0; i < cx->meta->n_objects; i++)
        record_rollup_mark(plan, cx->meta->objects[i]);
    TRY(job_enqueue(cx, plan, "rollups", params, 0, 0, &build));
    return job_enqueue(cx, plan, "search.build", params, 0, 0, &build);
}

static Status demo_run(Ctx *cx, Job *job, Buf *result)
{
    Demo *d = ARENA_NEW(cx->arena, Demo);
    int64_t done = 0;
    bool bare = false;
    cx->cause = "import";
    begin(d, cx, job);
    (void)!str_int(job->checkpoint, &done);
    TRY(demo_base(d, cx, job));
    TRY(is_bare(cx, d, done, &bare));
    if (bare)
        TRY(job_apply(cx, job, prepare_bare, NULL));
    TRY(fill_and_index(cx, job, d, done, bare)); /* what is there is left alone */
    if (!d->events)
        TRY(job_apply(cx, job, prepare_reset, NULL));
    TRY(db_analyze(cx, cx->records->pool));
    TRY(job_apply(cx, job, prepare_derived, NULL));
    const DemoCounts *n = &d->counts;
    buf_printf(result,
               "{\"accounts\":%lld,\"contacts\":%lld,\"leads\":%lld,\"opportunities\":%lld,"
               "\"orders\":%lld,\"order_lines\":%lld,\"followups\":%lld,\"tasks\":%lld}",
               (long long)n->accounts, (long long)n->contacts, (long long)n->leads,
               (long long)n->opportunities, (long long)n->orders, (long long)n->order_lines,
               (long long)n->followups, (long long)n->tasks);
    return ST_OK;
}

const JobDef demo_jobs[] = {
    {.name = "demo",
     .run = demo_run,
     .max_attempts = 3,
     .timeout_s = 3600,
     .summary = "Fills a demo company"},
    {.name = NULL},
};
