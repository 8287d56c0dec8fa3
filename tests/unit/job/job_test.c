/* SPDX-License-Identifier: Apache-2.0 */
/* The queue on both engines: jobs run as their person, retry, go on from their checkpoint, are
 * cancelled, rescued and scheduled; each chunk commits with its checkpoint.
 * Covers: job_queue.c job_run.c job_work.c job_schedule.c job_runner.c */
#include "base/calendar.h"
#include "base/log.h"
#include "job/job.h"
#include "job/job_internal.h"
#include "test.h"

#define ANA ((Id)77)

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
    DbPool *pool;
    JobRunner *runner;
    char *dir;
    char schema[48];
    int runs, changes;
    Id ran_as;
    pthread_mutex_t lock;
} Fixture;

static Fixture *fixture; /* what the jobs of these tests look at */

static int runs_of(Fixture *f)
{
    pthread_mutex_lock(&f->lock);
    int runs = f->runs;
    pthread_mutex_unlock(&f->lock);
    return runs;
}

/* ---- the jobs */
static void note_run(Ctx *cx)
{
    pthread_mutex_lock(&fixture->lock);
    fixture->runs++;
    fixture->ran_as = cx->user_id;
    pthread_mutex_unlock(&fixture->lock);
}

static Status run_echo(Ctx *cx, Job *job, Buf *result)
{
    note_run(cx);
    buf_lit(result, "{\"said\":");
    buf_json_str(result, json_get_str(job->params, "say"));
    buf_char(result, '}');
    return job_progress(cx, job, 3, 3);
}

static Status run_broken(Ctx *cx, Job *job, Buf *result)
{
    (void)job;
    (void)result;
    note_run(cx);
    return FAIL(cx, ST_INVALID, "test.broken", "row %d is wrong", 7);
}

static Status run_flaky(Ctx *cx, Job *job, Buf *result)
{
    note_run(cx);
    if (job->attempt == 1)
        return FAIL(cx, ST_BUSY, "test.flaky", "not now");
    buf_printf(result, "{\"attempt\":%d}", job->attempt);
    return ST_OK;
}

static const char SQL_COUNT_UP[] = "INSERT INTO {gx_counter} AS c (name, value) VALUES (?1, 1) "
                                   "ON CONFLICT (name) DO UPDATE SET value = c.value + 1";

static Status prepare_step(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    int step = *(int *)arg;
    DbVal name = db_text(STR("steps"));
    plan_exec(plan, STR_SQL(SQL_COUNT_UP), &name, 1);
    job_checkpoint(cx, plan, job, str_format(cx->arena, "%d", step + 1));
    return ST_OK;
}

/* Ten steps; breaks off once in the middle. */
static Status run_steps(Ctx *cx, Job *job, Buf *result)
{
    int64_t from = 0;
    note_run(cx);
    if (job->checkpoint.n && !str_int(job->checkpoint, &from))
        return FAIL(cx, ST_INTERNAL, "test.checkpoint", "bad checkpoint");
    for (int step = (int)from; step < 10; step++) {
        TRY(job_progress(cx, job, step, 10));
        if (step == 6 && job->attempt == 1)
            return FAIL(cx, ST_INTERNAL, "test.crash", "broken off");
        TRY(job_apply(cx, job, prepare_step, &step));
    }
    buf_printf(result, "{\"from\":%d}", (int)from);
    return ST_OK;
}

static Status run_endless(Ctx *cx, Job *job, Buf *result)
{
    (void)result;
    note_run(cx);
    for (int64_t i = 0;; i++) {
        TRY(job_progress(cx, job, i, 0));
        usleep(2000);
    }
}

/* Has written everything when somebody cancels. */
static Status run_late(Ctx *cx, Job *job, Buf *result)
{
    note_run(cx);
    while (runs_of(fixture) < 2) /* the test says when */
        usleep(2000);
    buf_lit(result, "{\"written\":5}");
    job_all_done(job, 5);
    return ST_OK;
}

static Status prepare_refused(Ctx *cx, Job *job, Plan *plan, void *arg)
{
    (void)job;
    (*(int *)arg)++;
    DbVal v = db_int(-1);
    static const char SQL_NEVER[] = "SELECT 1 FROM {gx_epoch} WHERE id = ?1";
    plan_guard(plan, STR_SQL(SQL_NEVER), &v, 1);
    DbVal name = db_text(STR("never"));
    plan_exec(plan, STR_SQL(SQL_COUNT_UP), &name, 1);
    (void)cx;
    return ST_OK;
}

static Status run_refused(Ctx *cx, Job *job, Buf *result)
{
    int tries = 0;
    Status st = job_apply(cx, job, prepare_refused, &tries);
    buf_printf(result, "{\"tries\":%d,\"retry\":%d}", tries, st == ST_RETRY);
    error_clear(cx);
    return ST_OK;
}

static const JobDef DEFS[] = {
    {.name = "echo", .run = run_echo, .max_attempts = 3},
    {.name = "broken", .run = run_broken, .max_attempts = 3},
    {.name = "flaky", .run = run_flaky, .max_attempts = 3},
    {.name = "steps", .run = run_steps, .max_attempts = 3},
    {.name = "endless", .run = run_endless, .max_attempts = 2},
    {.name = "late", .run = run_late, .max_attempts = 1},
    {.name = "refused", .run = run_refused, .max_attempts = 1},
    {.name = NULL},
};
static const JobDef SCHEDULED[] = {
    {.name = "minutely", .run = run_echo, .max_attempts = 1, .every = "* * * * *"},
    {.name = NULL},
};
static const JobDef *const TABLES[] = {DEFS, NULL};
static const JobDef *const TIMED[] = {DEFS, SCHEDULED, NULL};

/* ---- the host */
static Status host_enter(void *arg, Ctx *cx, Id run_as)
{
    Fixture *f = arg;
    if (run_as == 404)
        return FAIL(cx, ST_UNAUTHENTICATED, "test.gone", "that user has left");
    cx->user_id = run_as;
    cx->lang = LANG_EN;
    cx->db = db_lease(f->pool);
    return ST_OK;
}

static void host_leave(void *arg, Ctx *cx)
{
    (void)arg;
    db_release(cx->db);
    cx->db = NULL;
}

static void host_changed(void *arg, Id job, Id run_as, const char *status)
{
    Fixture *f = arg;
    (void)job;
    (void)run_as;
    (void)status;
    pthread_mutex_lock(&f->lock);
    f->changes++;
    pthread_mutex_unlock(&f->lock);
}

/* ---- set-up */
static void start(Fixture *f, const JobDef *const *tables)
{
    JobHost host = {f, host_enter, host_leave, host_changed};
    ASSERT_OK(job_start(&f->cx, f->pool, tables, &host, 2, &f->runner));
}

static void set_up(Fixture *f, bool postgres)
{
    *f = (Fixture){.arena = arena_new(0), .dir = test_tempdir()};
    pthread_mutex_init(&f->lock, NULL);
    f->cx = (Ctx){.arena = f->arena, .lang = LANG_EN, .now_ms = clock_ms(), .user_id = ANA};
    snprintf(f->schema, sizeof(f->schema), "test_job_%s", f->dir + strlen(f->dir) - 6);
    DbConfig config = {.dir = f->dir,
                       .url = postgres ? test_postgres() : NULL,
                       .schema = f->schema,
                       .readers = 6,
                       .create = true};
    ASSERT_OK(db_open(&f->cx, &config, &f->pool));
    f->cx.db = db_lease(f->pool);
    fixture = f;
    log_level(LOG_ERROR);
}

static void tear_down(Fixture *f, bool postgres)
{
    if (postgres) {
        Plan *plan = plan_new(&f->cx);
        PlanResult result;
        plan_ddl(plan, str_format(f->arena, "DROP SCHEMA \"%s\" CASCADE", f->schema));
        ASSERT_OK(db_apply(f->pool, &f->cx, plan, &result));
    }
    db_release(f->cx.db);
    db_close(f->pool);
    test_tempdir_remove(f->dir);
    pthread_mutex_destroy(&f->lock);
    arena_free(f->arena);
}

static void on_each_engine(void (*body)(Fixture *f))
{
    for (int postgres = 0; postgres <= (test_postgres() != NULL); postgres++) {
        Fixture f;
        set_up(&f, postgres);
        body(&f);
        job_stop(f.runner);
        tear_down(&f, postgres);
    }
}

static Id enqueue(Fixture *f, const char *kind, int64_t in_ms)
{
    Plan *plan = plan_new(&f->cx);
    PlanResult result;
    Id id = 0;
    json_t *params = json_pack("{s:s}", "say", "你好");
    json_own(f->arena, params);
    f->cx.now_ms = clock_ms();
    ASSERT_OK(job_enqueue(&f->cx, plan, kind, params, 0, f->cx.now_ms + in_ms, &id));
    ASSERT_OK(db_apply(f->pool, &f->cx, plan, &result));
    if (f->runner)
        job_wake(f->runner);
    return id;
}

static json_t *shown(Fixture *f, Id id)
{
    Buf b = buf_in(f->arena, 1 << 20);
    json_t *j = NULL;
    ASSERT_OK(job_write(&f->cx, id, false, &b));
    ASSERT_OK(json_parse(&f->cx, buf_str(&b), &j));
    return j;
}

static json_t *wait_status(Fixture *f, Id id, const char *status)
{
    json_t *j = NULL;
    for (int i = 0; i < 2000; i++) {
        j = shown(f, id);
        if (str_is(json_get_str(j, "status"), status))
            return j;
        usleep(5000);
    }
    fail_msg("job did not become %s, it is %s", status,
             json_string_value(json_object_get(j, "status")));
    return j;
}

static const char SQL_COUNTER[] = "SELECT value FROM {gx_counter} WHERE name = 'steps'";
static const char SQL_HURRY[] = "UPDATE {gx_job} SET run_at = 0 WHERE status = 'queued'";

static int64_t steps_done(Fixture *f)
{
    int64_t n = 0;
    bool found;
    ASSERT_OK(db_get_int(&f->cx, SQL_COUNTER, NULL, 0, &n, &found));
    return n;
}

static void run_sql(Fixture *f, Str sql)
{
    Plan *plan = plan_new(&f->cx);
    PlanResult result;
    plan_exec(plan, sql, NULL, 0);
    ASSERT_OK(db_apply(f->pool, &f->cx, plan, &result));
}

/* ---- tests */
static void check_runs(Fixture *f)
{
    start(f, TABLES);
    Id id = enqueue(f, "echo", 0);
    json_t *j = wait_status(f, id, "done");
    assert_true(str_is(json_get_str(json_object_get(j, "result"), "said"), "你好"));
    assert_int_equal(json_get_int(json_object_get(j, "progress"), "total", 0), 3);
    assert_int_equal(f->ran_as, ANA);
    assert_true(f->changes >= 2);
    assert_true(json_is_string(json_object_get(j, "finished_at")));
    f->cx.user_id = 78;
    Buf b = buf_in(f->arena, 10000);
    ASSERT_ST(ST_NOT_FOUND, job_write(&f->cx, id, false, &b));
    error_clear(&f->cx);
    ASSERT_OK(job_write(&f->cx, id, true, &b));
}
TEST(job, runs_as_its_person_and_shows_to_no_other) { on_each_engine(check_runs); }

static void check_failure(Fixture *f)
{
    start(f, TABLES);
    json_t *j = wait_status(f, enqueue(f, "broken", 0), "failed");
    assert_true(str_is(json_get_str(json_object_get(j, "error"), "code"), "validation"));
    assert_true(str_is(json_get_str(json_object_get(j, "error"), "detail"), "row 7 is wrong"));
    assert_int_equal(runs_of(f), 1); /* what is wrong stays wrong */
    f->cx.user_id = 404;
    j = wait_status(f, enqueue(f, "echo", 0), "failed");
    assert_true(str_is(json_get_str(json_object_get(j, "error"), "code"), "unauthenticated"));
    assert_int_equal(runs_of(f), 1);
}
TEST(job, keeps_its_failure_for_people) { on_each_engine(check_failure); }

/* ---- dead letters: listed, retried, discarded; of others only with the right */
static json_t *listed(Fixture *f, JobView view)
{
    Buf b = buf_in(f->arena, 1 << 20);
    json_t *j = NULL;
    view.limit = view.limit ? view.limit : 50;
    ASSERT_OK(job_list(&f->cx, &view, &b));
    ASSERT_OK(json_parse(&f->cx, buf_str(&b), &j));
    return j;
}

static size_t count_listed(Fixture *f, JobView view)
{
    return json_array_size(json_object_get(listed(f, view), "items"));
}

static void check_list(Fixture *f)
{
    start(f, TABLES);
    wait_status(f, enqueue(f, "broken", 0), "failed");
    for (int i = 0; i < 3; i++)
        wait_status(f, enqueue(f, "echo", 0), "done");
    assert_int_equal(count_listed(f, (JobView){.status = STR("failed")}), 1);
    assert_int_equal(count_listed(f, (JobView){.kind = STR("echo")}), 3);
    json_t *page = listed(f, (JobView){.limit = 3});
    assert_int_equal(json_array_size(json_object_get(page, "items")), 3);
    JobView rest = {.limit = 3};
    assert_true(id_parse(json_get_str(page, "next"), &rest.before));
    page = listed(f, rest);
    assert_int_equal(json_array_size(json_object_get(page, "items")), 1);
    assert_true(json_is_null(json_object_get(page, "next")));
    const json_t *dead = json_array_get(json_object_get(page, "items"), 0);
    assert_true(str_is(json_get_str(dead, "kind"), "broken"));
    assert_true(str_is(json_get_str(json_object_get(dead, "error"), "detail"), "row 7 is wrong"));
    f->cx.user_id = 78;
    assert_int_equal(count_listed(f, (JobView){.status = STR("")}), 0);
    assert_int_equal(count_listed(f, (JobView){.anyones = true}), 4);
}
TEST(job, lists_the_jobs_of_its_person) { on_each_engine(check_list); }

static Status decide(Fixture *f, Status (*verb)(Ctx *, Plan *, Id, bool), Id id, bool anyones)
{
    Plan *plan = plan_new(&f->cx);
    PlanResult result;
    error_clear(&f->cx);
    TRY(verb(&f->cx, plan, id, anyones));
    return db_apply(f->pool, &f->cx, plan, &result);
}

static void check_dead(Fixture *f)
{
    start(f, TABLES);
    Id id = enqueue(f, "broken", 0);
    wait_status(f, id, "failed");
    f->cx.user_id = 78;
    ASSERT_ST(ST_NOT_FOUND, decide(f, job_retry, id, false));
    ASSERT_OK(decide(f, job_retry, id, true)); /* an administrator */
    error_clear(&f->cx);
    f->cx.user_id = ANA;
    job_wake(f->runner);
    for (int i = 0; i < 1000 && runs_of(f) < 2; i++)
        usleep(5000);
    json_t *j = wait_status(f, id, "failed");
    assert_int_equal(runs_of(f), 2);
    assert_int_equal(json_get_int(j, "attempts", 0), 1);
    ASSERT_OK(decide(f, job_discard, id, false));
    ASSERT_ST(ST_NOT_FOUND, decide(f, job_retry, id, false));
    error_clear(&f->cx);
    Id later = enqueue(f, "echo", 3600000);
    ASSERT_ST(ST_CONFLICT, decide(f, job_retry, later, false));
    ASSERT_ST(ST_CONFLICT, decide(f, job_discard, later, false));
    error_clear(&f->cx);
}
TEST(job, dead_ones_are_retried_or_discarded) { on_each_engine(check_dead); }

static void check_sweep(Fixture *f)
{
    start(f, TABLES);
    wait_status(f, enqueue(f, "echo", 0), "done");
    wait_status(f, enqueue(f, "broken", 0), "failed");
    ASSERT_OK(job_sweep(&f->cx, f->pool, clock_ms() - 60000));
    assert_int_equal(count_listed(f, (JobView){.status = STR("done")}), 1);
    ASSERT_OK(job_sweep(&f->cx, f->pool, clock_ms() + 1));
    assert_int_equal(count_listed(f, (JobView){.status = STR("done")}), 0);
    assert_int_equal(count_listed(f, (JobView){.status = STR("failed")}), 1);
}
TEST(job, failures_stay_until_a_person_decides) { on_each_engine(check_sweep); }

static void check_retry(Fixture *f)
{
    start(f, TABLES);
    Id id = enqueue(f, "flaky", 0);
    while (runs_of(f) == 0)
        usleep(2000);
    json_t *j = wait_status(f, id, "queued");
    assert_true(json_is_object(json_object_get(j, "error")));
    run_sql(f, STR_SQL(SQL_HURRY));
    job_wake(f->runner);
    j = wait_status(f, id, "done");
    assert_int_equal(json_get_int(json_object_get(j, "result"), "attempt", 0), 2);
    assert_true(json_is_null(json_object_get(j, "error")));
}
TEST(job, tries_again_after_a_pause) { on_each_engine(check_retry); }

static void check_checkpoint(Fixture *f)
{
    start(f, TABLES);
    Id id = enqueue(f, "steps", 0);
    while (runs_of(f) == 0)
        usleep(2000);
    wait_status(f, id, "queued");
    assert_int_equal(steps_done(f), 6);
    run_sql(f, STR_SQL(SQL_HURRY));
    job_wake(f->runner);
    json_t *j = wait_status(f, id, "done");
    assert_int_equal(json_get_int(json_object_get(j, "result"), "from", 0), 6);
    assert_int_equal(steps_done(f), 10); /* each step once */
}
TEST(job, goes_on_from_its_checkpoint) { on_each_engine(check_checkpoint); }

static void check_cancel(Fixture *f)
{
    start(f, TABLES);
    Id running = enqueue(f, "endless", 0), later = enqueue(f, "echo", 3600000);
    wait_status(f, running, "running");
    Plan *plan = plan_new(&f->cx);
    PlanResult result;
    ASSERT_OK(job_cancel(&f->cx, plan, running, false));
    ASSERT_OK(job_cancel(&f->cx, plan, later, false));
    ASSERT_OK(db_apply(f->pool, &f->cx, plan, &result));
    wait_status(f, later, "cancelled");
    wait_status(f, running, "cancelled");
    ASSERT_ST(ST_CONFLICT, job_cancel(&f->cx, plan_new(&f->cx), running, false));
    error_clear(&f->cx);
    f->cx.user_id = 78;
    ASSERT_ST(ST_NOT_FOUND, job_cancel(&f->cx, plan_new(&f->cx), running, false));
    error_clear(&f->cx);
}
TEST(job, can_be_cancelled) { on_each_engine(check_cancel); }

static void check_late_cancel(Fixture *f)
{
    start(f, TABLES);
    Id id = enqueue(f, "late", 0);
    wait_status(f, id, "running");
    Plan *plan = plan_new(&f->cx);
    PlanResult result;
    ASSERT_OK(job_cancel(&f->cx, plan, id, false));
    ASSERT_OK(db_apply(f->pool, &f->cx, plan, &result));
    note_run(&f->cx);
    json_t *j = wait_status(f, id, "done"); /* not "cancelled": nothing is left undone */
    assert_int_equal(json_get_int(json_object_get(j, "result"), "written", 0), 5);
}
TEST(job, that_has_done_all_is_not_called_cancelled) { on_each_engine(check_late_cancel); }

static void check_stop(Fixture *f)
{
    start(f, TABLES);
    Id id = enqueue(f, "endless", 0);
    wait_status(f, id, "running");
    job_stop(f->runner);
    f->runner = NULL;
    json_t *j = shown(f, id);
    assert_true(str_is(json_get_str(j, "status"), "queued"));
    start(f, TABLES);
    wait_status(f, id, "running");
    for (int i = 0; i < 1000 && runs_of(f) < 2;
         i++) /* it is running before its function is called */
        usleep(5000);
    assert_int_equal(runs_of(f), 2);
}
TEST(job, goes_on_after_a_restart) { on_each_engine(check_stop); }

static const char SQL_ORPHAN[] =
    "UPDATE {gx_job} SET status = 'running', locked_by = '1', locked_until = 5, attempts = 1";
static const char SQL_ORPHAN_LAST[] =
    "UPDATE {gx_job} SET status = 'running', locked_by = '1', locked_until = 5, attempts = 3, "
    "max_attempts = 3";

static void check_rescue(Fixture *f)
{
    Id id = enqueue(f, "echo", 0);
    static const char SQL_LIMIT[] = "UPDATE {gx_job} SET max_attempts = 3";
    run_sql(f, STR_SQL(SQL_LIMIT));
    run_sql(f, STR_SQL(SQL_ORPHAN));
    start(f, TABLES);
    wait_status(f, id, "done");
    job_stop(f->runner);
    f->runner = NULL;
    run_sql(f, STR_SQL(SQL_ORPHAN_LAST));
    start(f, TABLES);
    json_t *j = wait_status(f, id, "failed");
    assert_true(json_is_object(json_object_get(j, "error")));
    assert_int_equal(runs_of(f), 1);
}
TEST(job, of_a_dead_holder_is_rescued_or_given_up) { on_each_engine(check_rescue); }

static void check_refused(Fixture *f)
{
    start(f, TABLES);
    json_t *j = wait_status(f, enqueue(f, "refused", 0), "done");
    assert_int_equal(json_get_int(json_object_get(j, "result"), "tries", 0), 5);
    assert_int_equal(json_get_int(json_object_get(j, "result"), "retry", 0), 1);
}
TEST(job, prepares_again_when_a_guard_fails) { on_each_engine(check_refused); }

static const char SQL_DUE_NOW[] =
    "UPDATE {gx_setting} SET value = '5' WHERE name = 'job.next.minutely'";
static const char SQL_MINUTELY[] =
    "SELECT count(*) FROM {gx_job} WHERE kind = 'minutely' AND run_as = 1";

static void check_schedule(Fixture *f)
{
    start(f, TIMED);
    bool found;
    int64_t n = 0;
    static const char SQL_NEXT[] = "SELECT count(*) FROM {gx_setting} WHERE name LIKE 'job.next%'";
    for (int i = 0; i < 400 && n == 0; i++) {
        ASSERT_OK(db_get_int(&f->cx, SQL_NEXT, NULL, 0, &n, &found));
        usleep(5000);
    }
    assert_int_equal(n, 1);
    run_sql(f, STR_SQL(SQL_DUE_NOW));
    job_wake(f->runner);
    for (int i = 0; i < 400 && runs_of(f) == 0; i++) {
        job_wake(f->runner);
        usleep(5000);
    }
    pthread_mutex_lock(&f->lock);
    assert_int_equal(f->ran_as, 1);
    pthread_mutex_unlock(&f->lock);
    ASSERT_OK(db_get_int(&f->cx, SQL_MINUTELY, NULL, 0, &n, &found));
    assert_int_equal(n, 1); /* missed times are made up for once */
}
TEST(job, runs_on_schedule) { on_each_engine(check_schedule); }

/* ---- several nodes on one database */
#define NODES 4
#define DUE_TIMES 8

static void start_nodes(Fixture *f, JobRunner *nodes[NODES])
{
    for (int i = 0; i < NODES; i++) {
        start(f, TIMED);
        nodes[i] = f->runner;
    }
}

static void stop_others(JobRunner *nodes[NODES])
{
    for (int i = 0; i + 1 < NODES; i++) /* the last is the fixture's own */
        job_stop(nodes[i]);
}

static void wake_all(JobRunner *nodes[NODES])
{
    for (int i = 0; i < NODES; i++)
        job_wake(nodes[i]);
}

static int64_t count_of(Fixture *f, Str sql)
{
    int64_t n = 0;
    bool found;
    ASSERT_OK(db_get_int(&f->cx, sql.p, NULL, 0, &n, &found));
    return n;
}

static const char SQL_MINUTELY_LEFT[] =
    "SELECT count(*) FROM {gx_job} WHERE kind = 'minutely' AND status <> 'done'";
static const char SQL_ECHO_DONE[] =
    "SELECT count(*) FROM {gx_job} WHERE kind = 'echo' AND status = 'done'";

/* Every node sees each due time at once: one of them takes it. */
static void check_nodes_schedule(Fixture *f)
{
    JobRunner *nodes[NODES];
    static const char SQL_NEXT[] = "SELECT count(*) FROM {gx_setting} WHERE name LIKE 'job.next%'";
    start_nodes(f, nodes);
    for (int i = 0; i < 400 && count_of(f, STR_SQL(SQL_NEXT)) == 0; i++)
        usleep(5000);
    for (int due = 1; due <= DUE_TIMES; due++) {
        run_sql(f, STR_SQL(SQL_DUE_NOW));
        for (int i = 0; i < 400 && count_of(f, STR_SQL(SQL_MINUTELY)) < due; i++) {
            wake_all(nodes);
            usleep(5000);
        }
        for (int i = 0; i < 400 && count_of(f, STR_SQL(SQL_MINUTELY_LEFT)) > 0; i++)
            usleep(5000);
        for (int i = 0; i < 5; i++) { /* who was second looks once more */
            wake_all(nodes);
            usleep(5000);
        }
        /* a minute may begin meanwhile: it is a due time of its own */
        int64_t n = count_of(f, STR_SQL(SQL_MINUTELY));
        assert_true(n == due || n == due + 1);
        if (n == due + 1)
            break;
    }
    stop_others(nodes);
}
TEST(job, of_several_nodes_one_takes_a_due_time) { on_each_engine(check_nodes_schedule); }

static void check_nodes_jobs(Fixture *f)
{
    enum { JOBS = 60 };
    JobRunner *nodes[NODES];
    start_nodes(f, nodes);
    for (int i = 0; i < JOBS; i++)
        enqueue(f, "echo", 0);
    for (int i = 0; i < 2000 && count_of(f, STR_SQL(SQL_ECHO_DONE)) < JOBS; i++) {
        wake_all(nodes);
        usleep(5000);
    }
    assert_int_equal(count_of(f, STR_SQL(SQL_ECHO_DONE)), JOBS);
    assert_true(runs_of(f) >= JOBS &&
                runs_of(f) <= JOBS + 1); /* and the minute's own, if it began */
    stop_others(nodes);
}
TEST(job, of_several_nodes_one_runs_a_job) { on_each_engine(check_nodes_jobs); }

TEST_MAIN("job")
