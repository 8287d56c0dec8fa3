/* SPDX-License-Identifier: Apache-2.0 */
/* Group commit on the writer thread, and what happens when the engine or the disk refuses.
 * Covers: db_fault.c */
#include "db_fixture.h"

static const char SQL_SECOND[] =
    "INSERT INTO {thing} (id, version, changed, name) VALUES (?1, 1, ?2, ?3)";
static const char SQL_COUNT[] = "SELECT count(*) FROM {thing}";

enum { THREADS = 32, WRITES = 25 };

typedef struct Job {
    DbTest *t;
    int number, ok, conflicts, other;
    pthread_t thread;
} Job;

/* Every fifth name is the same for all threads: one of them wins. */
static void *write_things(void *arg)
{
    Job *job = arg;
    Ctx cx = db_fixture_ctx(job->t);
    for (int i = 0; i < WRITES; i++) {
        char name[32];
        if (i % 5 == 0)
            snprintf(name, sizeof(name), "shared-%d", i);
        else
            snprintf(name, sizeof(name), "own-%d-%d", job->number, i);
        Status st = db_fixture_apply(
            job->t, &cx,
            db_fixture_insert(&cx, 1 + job->number * WRITES + i, str_z(cx.arena, str_of(name))),
            NULL);
        job->ok += st == ST_OK;
        job->conflicts += st == ST_CONFLICT;
        job->other += st != ST_OK && st != ST_CONFLICT;
    }
    db_fixture_end(&cx);
    return NULL;
}

static void run_threads(DbTest *t, Job *sum)
{
    static Job jobs[THREADS];
    memset(jobs, 0, sizeof(jobs));
    for (int i = 0; i < THREADS; i++) {
        jobs[i].t = t;
        jobs[i].number = i;
        assert_int_equal(pthread_create(&jobs[i].thread, NULL, write_things, &jobs[i]), 0);
    }
    *sum = (Job){0};
    for (int i = 0; i < THREADS; i++) {
        pthread_join(jobs[i].thread, NULL);
        sum->ok += jobs[i].ok;
        sum->conflicts += jobs[i].conflicts;
        sum->other += jobs[i].other;
    }
}

static void check_group(DbTest *t)
{
    Job sum;
    db_fixture_thing(t);
    t->pool->max = THREADS + 1;
    run_threads(t, &sum);
    int shared = WRITES / 5;
    assert_int_equal(sum.ok, THREADS * (WRITES - shared) + shared);
    assert_int_equal(sum.conflicts, (THREADS - 1) * shared);
    assert_int_equal(sum.other, 0);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), sum.ok);
    if (t->kind == DB_SQLITE) {
        DbFacts f = db_facts(t->pool);
        assert_int_equal(f.plans, THREADS * WRITES + 1);
        assert_true(f.batch_max > 1); /* they really shared commits */
        assert_true(f.commits < f.plans);
    }
}
TEST(db_sqlite_writer, commits_plans_of_many_threads_together) { db_fixture_run(check_group); }

/* The n-th statement makes the engine give the whole batch up: none is lost, none is twice. */
static void check_lost_batch(DbTest *t)
{
    Job sum;
    db_fixture_thing(t);
    t->pool->max = THREADS + 1;
    db_fault_set(t->pool, DB_FAULT_ROLLBACK, 333);
    run_threads(t, &sum);
    int shared = WRITES / 5;
    assert_int_equal(sum.other, 0);
    assert_int_equal(sum.ok, THREADS * (WRITES - shared) + shared);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), sum.ok);
    assert_int_equal(db_facts(t->pool).retries, 1);
}
TEST(db_sqlite_writer, tries_each_plan_of_a_lost_batch_alone)
{
    db_fixture_run_on(DB_SQLITE, check_lost_batch);
}

/* Plans that write one row and then take a name that somebody has: nothing of them stays, and the
 * others of their batch are there once. */
static void *write_pairs(void *arg)
{
    Job *job = arg;
    Ctx cx = db_fixture_ctx(job->t);
    for (int i = 0; i < WRITES; i++) {
        Id id = 1000 + 2 * ((Id)job->number * WRITES + i);
        bool clashes = (job->number + i) % 3 == 0;
        Plan *p = db_fixture_insert(
            &cx, id, str_z(cx.arena, str_format(cx.arena, "first %d %d", job->number, i)));
        DbVal second[] = {
            db_int(id + 1), plan_change(p),
            db_text(clashes ? STR("taken") : str_format(cx.arena, "second %d %d", job->number, i))};
        plan_expect(p, str_of(SQL_SECOND), second, 3, 1);
        Status st = db_fixture_apply(job->t, &cx, p, NULL);
        job->ok += st == ST_OK && !clashes;
        job->conflicts += st == ST_CONFLICT && clashes;
        job->other += (st == ST_OK) == clashes;
    }
    db_fixture_end(&cx);
    return NULL;
}

static void check_half_plans(DbTest *t)
{
    Job jobs[8] = {{.t = NULL}};
    int ok = 0, conflicts = 0;
    db_fixture_thing(t);
    t->pool->max = 9;
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "taken"), NULL));
    for (int i = 0; i < 8; i++) {
        jobs[i] = (Job){.t = t, .number = i};
        assert_int_equal(pthread_create(&jobs[i].thread, NULL, write_pairs, &jobs[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(jobs[i].thread, NULL);
        assert_int_equal(jobs[i].other, 0);
        ok += jobs[i].ok;
        conflicts += jobs[i].conflicts;
    }
    assert_int_equal(ok + conflicts, 8 * WRITES);
    assert_true(conflicts > 50);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 2 * ok + 1);
}
TEST(db_sqlite_writer, keeps_nothing_of_a_plan_that_fails_half_way)
{
    db_fixture_run(check_half_plans);
}

static void check_failed_commit(DbTest *t)
{
    Job sum;
    db_fixture_thing(t);
    t->pool->max = THREADS + 1;
    db_fault_set(t->pool, DB_FAULT_COMMIT, 5);
    run_threads(t, &sum);
    int shared = WRITES / 5;
    assert_int_equal(sum.other, 0);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), THREADS * (WRITES - shared) + shared);
}
TEST(db_sqlite_writer, tries_each_plan_of_a_failed_commit_alone)
{
    db_fixture_run_on(DB_SQLITE, check_failed_commit);
}

/* A statement that fails takes its own plan along, nothing else: for every statement there is. */
static void check_statement_fault(DbTest *t)
{
    db_fixture_thing(t);
    for (int n = 1; n <= 3; n++) {
        Plan *p = db_fixture_insert(&t->cx, n, n == 1 ? "a" : n == 2 ? "b" : "c");
        plan_exec(p, STR("UPDATE {thing} SET note = 'x'"), NULL, 0);
        plan_exec(p, STR("DELETE FROM {thing} WHERE id = 99"), NULL, 0);
        db_fault_set(t->pool, DB_FAULT_STATEMENT, n);
        ASSERT_ST(ST_INTERNAL, db_fixture_apply(t, &t->cx, p, NULL));
        assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 0);
    }
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
}
TEST(db_sqlite_writer, undoes_a_plan_whose_nth_statement_fails)
{
    db_fixture_run(check_statement_fault);
}

static void check_disk(DbTest *t)
{
    db_fixture_thing(t);
    db_sqlite_writer_disk_floor(t->pool, 101); /* no disk has that much free */
    ASSERT_ST(ST_FULL, db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 0); /* reads go on */
    db_sqlite_writer_disk_floor(t->pool, 0);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
}
TEST(db_sqlite_writer, stops_writing_when_the_disk_is_nearly_full)
{
    db_fixture_run_on(DB_SQLITE, check_disk);
}

/* A log that readers keep busy does not grow without end. */
static void check_wal(DbTest *t)
{
    db_fixture_thing(t);
    char *big = malloc(200001);
    memset(big, 'x', 200000);
    big[200000] = '\0';
    int64_t most = 0;
    for (int i = 1; i <= 500; i++) { /* 100 MB of rows */
        Ctx cx = db_fixture_ctx(t);
        Plan *p = plan_new(&cx);
        DbVal v[] = {db_int(i), db_text(str_of(big))};
        plan_exec(p, STR("INSERT INTO {thing} (id, version, changed, note) VALUES (?1, 1, 1, ?2)"),
                  v, 2);
        ASSERT_OK(db_fixture_apply(t, &cx, p, NULL));
        db_fixture_end(&cx);
        int64_t now = db_facts(t->pool).wal_bytes;
        most = now > most ? now : most;
    }
    free(big);
    assert_true(most > 0);
    assert_true(most < 80 * 1024 * 1024);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 500);
}
TEST(db_sqlite_writer, keeps_the_log_short) { db_fixture_run_on(DB_SQLITE, check_wal); }

/* While the log is made to start again a new reader waits; one that reads already goes on. */
typedef struct Reader {
    DbTest *t;
    _Atomic bool done;
} Reader;

static void *read_once(void *arg)
{
    Reader *r = arg;
    Ctx cx = db_fixture_ctx(r->t);
    assert_int_equal(db_fixture_count(&cx, SQL_COUNT), 0);
    r->done = true;
    db_fixture_end(&cx);
    return NULL;
}

static void check_gate(DbTest *t)
{
    db_fixture_thing(t);
    CLEANUP(stmt) Stmt *open = NULL;
    bool row;
    ASSERT_OK(db_prepare(&t->cx, "SELECT 1 UNION ALL SELECT 2", &open));
    ASSERT_OK(db_next(open, &row));
    db_sqlite_gate(t->pool, true);
    Reader r = {.t = t};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, read_once, &r), 0);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 0);
    ASSERT_OK(db_next(open, &row));
    assert_true(row);
    usleep(50000);
    assert_false(r.done);
    db_sqlite_gate(t->pool, false);
    pthread_join(thread, NULL);
    assert_true(r.done);
}
TEST(db_sqlite_writer, holds_new_readers_back_while_the_log_starts_again)
{
    db_fixture_run_on(DB_SQLITE, check_gate);
}

TEST_MAIN("db_sqlite_writer")
