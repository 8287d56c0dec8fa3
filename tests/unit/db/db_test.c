/* SPDX-License-Identifier: Apache-2.0 */
/* Reading on both engines, and the life of a pool.
 * Covers: db_sqlite.c db_lock.c stmt.c */
#include "db_fixture.h"
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static const char SQL_COUNT[] = "SELECT count(*) FROM {thing}";

/* ---- values ------------------------------------------------------------------------------ */
static void insert_values(DbTest *t, int id, DbVal i, DbVal s, DbVal b, DbVal r, DbVal x)
{
    Plan *p = plan_new(&t->cx);
    DbVal v[] = {db_int(id), i, s, b, r, x};
    plan_exec(p, STR("INSERT INTO {kinds} VALUES (?1, ?2, ?3, ?4, ?5, ?6)"), v, 6);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
}

static Stmt *first_row(DbTest *t, const char *sql)
{
    Stmt *q = NULL;
    bool row;
    error_clear(&t->cx);
    ASSERT_OK(db_prepare(&t->cx, sql, &q));
    ASSERT_OK(db_next(q, &row));
    assert_true(row);
    return q;
}

static void check_types(DbTest *t)
{
    static const char BYTES[] = "a\0b\xff";
    Plan *p = plan_new(&t->cx);
    plan_ddl(p, STR("CREATE TABLE {kinds} (id $int PRIMARY KEY, i $int, s $text, b $bool, r $real, "
                    "x $blob) $strict"));
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    insert_values(t, 1, db_int(INT64_MIN), db_text(STR("张伟 \"q\" ?1 {x}")), db_bool(true),
                  db_real(-0.1), db_blob(str_n(BYTES, 4)));
    insert_values(t, 2, db_int(INT64_MAX), db_text(STR("")), db_bool(false), db_real(1e300),
                  db_blob(STR("")));
    insert_values(t, 3, db_null(DB_INT), db_null(DB_TEXT), db_null(DB_BOOL), db_null(DB_REAL),
                  db_null(DB_BLOB));

    CLEANUP(stmt) Stmt *q = first_row(t, "SELECT id, i, s, b, r, x FROM {kinds} ORDER BY id");
    bool row;
    assert_true(db_col_int(q, 1) == INT64_MIN);
    assert_true(str_is(db_col_text(q, 2), "张伟 \"q\" ?1 {x}"));
    assert_true(db_col_bool(q, 3));
    assert_true(fabs(db_col_real(q, 4) + 0.1) < 1e-17);
    assert_true(str_eq(db_col_blob(q, 5), str_n(BYTES, 4)));
    ASSERT_OK(db_next(q, &row));
    assert_true(db_col_int(q, 1) == INT64_MAX);
    assert_true(!db_col_null(q, 2) && db_col_text(q, 2).p && db_col_text(q, 2).n == 0);
    assert_false(db_col_bool(q, 3));
    assert_true(db_col_real(q, 4) == 1e300);
    assert_true(!db_col_null(q, 5) && db_col_blob(q, 5).p && db_col_blob(q, 5).n == 0);
    ASSERT_OK(db_next(q, &row));
    for (int col = 1; col <= 5; col++)
        assert_true(db_col_null(q, col));
    assert_null(db_col_text(q, 2).p);
    assert_null(db_col_blob(q, 5).p);
    assert_int_equal(db_col_int(q, 1), 0);
    ASSERT_OK(db_next(q, &row));
    assert_false(row);
    ASSERT_OK(db_next(q, &row)); /* and it stays at the end */
    assert_false(row);
}
TEST(db, carries_every_type_and_nulls) { db_fixture_run(check_types); }

static void check_expressions(DbTest *t)
{
    CLEANUP(stmt)
    Stmt *q = first_row(t, "SELECT 7, 'x', 2.5, count(*), sum(value), 1 = 1 "
                           "FROM (SELECT 5000000000000000000 AS value UNION ALL SELECT 7) AS v");
    assert_int_equal(db_col_int(q, 0), 7);
    assert_true(str_is(db_col_text(q, 1), "x"));
    assert_true(db_col_real(q, 2) == 2.5);
    assert_int_equal(db_col_int(q, 3), 2);
    assert_true(db_col_int(q, 4) == INT64_C(5000000000000000007));
    assert_true(db_col_bool(q, 5));
    assert_true(str_is(db_col_text(q, 0), "7"));
}
TEST(db, reads_results_of_expressions) { db_fixture_run(check_expressions); }

/* ---- statements -------------------------------------------------------------------------- */
static void check_rerun(DbTest *t)
{
    CLEANUP(stmt) Stmt *q = NULL;
    CLEANUP(stmt) Stmt *other = NULL;
    bool row;
    uint32_t before = t->cx.stats.statements;
    static const char SQL_SUM[] = "SELECT ?1 + ?2 + ?1";
    ASSERT_OK(db_prepare(&t->cx, SQL_SUM, &q));
    ASSERT_OK(db_prepare(&t->cx, SQL_SUM, &other)); /* the same text, both in use */
    for (int i = 0; i < 3; i++) {
        ASSERT_OK(db_bind_int(q, 1, i));
        ASSERT_OK(db_bind_int(q, 2, 100));
        ASSERT_OK(db_bind_int(other, 1, 1000));
        ASSERT_OK(db_bind_int(other, 2, i));
        ASSERT_OK(db_next(q, &row));
        ASSERT_OK(db_next(other, &row));
        assert_int_equal(db_col_int(q, 0), 100 + 2 * i);
        assert_int_equal(db_col_int(other, 0), 2000 + i);
    }
    assert_int_equal(t->cx.stats.statements - before, 6);
}
TEST(db, runs_a_statement_again_and_twice_at_once) { db_fixture_run(check_rerun); }

static void check_eviction(DbTest *t)
{
    char sql[64];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < DB_CACHE_MAX + 50; i++) {
            snprintf(sql, sizeof(sql), "SELECT %d", i);
            assert_int_equal(db_fixture_count(&t->cx, sql), i);
        }
    }
    assert_int_equal(t->cx.db->cache.n, DB_CACHE_MAX);
}
TEST(db, keeps_a_bounded_number_of_statements) { db_fixture_run(check_eviction); }

static void check_bad_sql(DbTest *t)
{
    static const char *const BAD[] = {"SELEC 1", "SELECT x FROM {no_such}", "SELECT {broken"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        int64_t n;
        bool found;
        ASSERT_ST(ST_INTERNAL, db_get_int(&t->cx, BAD[i], NULL, 0, &n, &found));
        assert_true(t->cx.err.text.n > 0);
        error_clear(&t->cx);
        assert_int_equal(db_fixture_count(&t->cx, "SELECT 5"), 5); /* the connection lives on */
    }
}
TEST(db, tells_of_bad_sql_and_goes_on) { db_fixture_run(check_bad_sql); }

static void check_limit(DbTest *t)
{
    static const char SQL_LONG[] =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
        "SELECT count(*) FROM n";
    int64_t n, began = db_now_us();
    bool found;
    db_statement_limit(t->cx.db, 50);
    ASSERT_ST(ST_BUSY, db_get_int(&t->cx, SQL_LONG, NULL, 0, &n, &found));
    assert_string_equal(t->cx.err.key, "db.timeout");
    assert_true(db_now_us() - began < 5000000);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT 5"), 5);
}
TEST(db, interrupts_a_statement_at_its_limit) { db_fixture_run(check_limit); }

static void check_stream(DbTest *t)
{
    db_fixture_thing(t);
    for (int i = 1; i <= 5; i++) {
        char name[16];
        snprintf(name, sizeof(name), "n%d", i);
        ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, i, name), NULL));
    }
    Stmt *q = NULL;
    bool row;
    int64_t sum = 0;
    ASSERT_OK(db_prepare(&t->cx, "SELECT id FROM {thing} ORDER BY id", &q));
    db_stream(q);
    for (;;) {
        ASSERT_OK(db_next(q, &row));
        if (!row)
            break;
        sum = sum * 10 + db_col_int(q, 0);
    }
    stmt_free(q);
    assert_int_equal(sum, 12345);
    ASSERT_OK(db_prepare(&t->cx, "SELECT id FROM {thing} ORDER BY id", &q));
    db_stream(q);
    ASSERT_OK(db_next(q, &row)); /* the rest is not read */
    stmt_free(q);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 5);
}
TEST(db, streams_rows_one_by_one) { db_fixture_run(check_stream); }

static void check_read_only(DbTest *t)
{
    int64_t n;
    bool found;
    if (t->kind == DB_SQLITE)
        ASSERT_ST(ST_INTERNAL,
                  db_get_int(&t->cx, "UPDATE {gx_epoch} SET security = 9", NULL, 0, &n, &found));
}
TEST(db, refuses_to_write_through_a_reader) { db_fixture_run(check_read_only); }

static void check_snapshot(DbTest *t)
{
    db_fixture_thing(t);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    Ctx writer = db_fixture_ctx(t);
    ASSERT_OK(db_read_begin(&t->cx));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 1);
    ASSERT_OK(db_fixture_apply(t, &writer, db_fixture_insert(&writer, 2, "two"), NULL));
    assert_int_equal(db_fixture_count(&writer, SQL_COUNT), 2);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 1);
    ASSERT_OK(db_read_begin(&t->cx)); /* inside: the same snapshot, and its end ends nothing */
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 1);
    db_read_end(&t->cx);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 1);
    db_read_end(&t->cx);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 2);
    db_fixture_end(&writer);
}
TEST(db, reads_one_snapshot) { db_fixture_run(check_snapshot); }

static void check_schema_change(DbTest *t)
{
    db_fixture_thing(t);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "12"), NULL));
    assert_int_equal(db_fixture_count(&t->cx, "SELECT name FROM {thing}"), 12);
    Plan *p = plan_new(&t->cx); /* the column of the cached statement changes its type */
    plan_ddl(p, STR("DROP INDEX {thing_name}"));
    plan_ddl(p, STR("ALTER TABLE {thing} DROP COLUMN name"));
    plan_ddl(p, STR("ALTER TABLE {thing} ADD COLUMN name $int"));
    plan_exec(p, STR("UPDATE {thing} SET name = 34"), NULL, 0);
    Ctx writer = db_fixture_ctx(t);
    ASSERT_OK(db_fixture_apply(t, &writer, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, "SELECT name FROM {thing}"), 34);
    db_fixture_end(&writer);
}
TEST(db, prepares_again_after_a_table_changed) { db_fixture_run(check_schema_change); }

/* ---- pool -------------------------------------------------------------------------------- */
static void check_reopen(DbTest *t)
{
    db_fixture_thing(t);
    assert_true(db_was_created(t->pool));
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    Id last = idgen_next(db_ids(t->pool));
    db_fixture_reopen(t);
    assert_false(db_was_created(t->pool));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 1);
    assert_true(idgen_next(db_ids(t->pool)) > last);
    ASSERT_OK(db_ready(&t->cx, t->pool));
}
TEST(db, opens_again_with_its_data) { db_fixture_run(check_reopen); }

static void check_missing(DbTest *t)
{
    DbConfig config = db_fixture_config(t);
    DbPool *p = NULL;
    config.create = false;
    config.dir = "/nonexistent/guanxi";
    config.schema = "no_such_schema";
    ASSERT_ST(ST_NOT_FOUND, db_open(&t->cx, &config, &p));
    assert_string_equal(t->cx.err.key, "db.no_database");
}
TEST(db, does_not_make_a_database_unasked) { db_fixture_run(check_missing); }

static void check_lock(DbTest *t)
{
    DbConfig config = db_fixture_config(t);
    DbPool *p = NULL;
    ASSERT_ST(ST_CONFLICT, db_open(&t->cx, &config, &p)); /* even in the same process */
    assert_string_equal(t->cx.err.key, "db.locked");
    pid_t child = fork();
    if (child == 0) {
        Ctx cx = {.arena = arena_new(4096)};
        _exit(db_open(&cx, &config, &p) == ST_CONFLICT ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}
TEST(db, is_owned_by_one_process) { db_fixture_run_on(DB_SQLITE, check_lock); }

/* The process dies without closing: what it was told is there, and its ids are not given again. */
static void check_kill(DbTest *t)
{
    db_fixture_thing(t);
    DbConfig config = db_fixture_config(t);
    db_release(t->cx.db);
    db_close(t->pool);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        Ctx cx = {.arena = arena_new(4096)};
        DbPool *p;
        PlanResult r;
        if (db_open(&cx, &config, &p) != ST_OK)
            _exit(1);
        cx.db = db_lease(p);
        for (int i = 1; i <= 20; i++) {
            char name[16];
            snprintf(name, sizeof(name), "n%d", i);
            if (db_apply(p, &cx, db_fixture_insert(&cx, i, str_z(cx.arena, str_of(name))), &r) !=
                ST_OK)
                _exit(1);
        }
        (void)!write(ends[1], &r.change, sizeof(r.change));
        kill(getpid(), SIGKILL);
    }
    Id last = 0;
    int status;
    assert_int_equal(read(ends[0], &last, sizeof(last)), sizeof(last));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    close(ends[0]);
    close(ends[1]);
    ASSERT_OK(db_open(&t->cx, &config, &t->pool));
    t->cx.db = db_lease(t->pool);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 20);
    assert_true(last > 0);
    assert_true(idgen_next(db_ids(t->pool)) > last);
}
TEST(db, keeps_what_it_acknowledged_when_killed) { db_fixture_run(check_kill); }

/* As after a run under a clock that was an hour ahead. */
static void check_mark(DbTest *t)
{
    Id far = idgen_next(db_ids(t->pool)) + ((Id)3600 * 1000 << 22);
    Str sql = str_format(t->arena,
                         "INSERT INTO {gx_setting} (name, value) VALUES ('id_high_water', '%lld') "
                         "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                         (long long)far);
    db_release(t->cx.db);
    db_close(t->pool);
    DbPool raw = {.dir = t->dir};
    Db db = {.pool = &raw};
    ASSERT_OK(db_sqlite_open(&t->cx, &db, true, false));
    ASSERT_OK(db_sqlite_run(&t->cx, &db, sql.p));
    db_sqlite_close(&db);
    DbConfig config = db_fixture_config(t);
    ASSERT_OK(db_open(&t->cx, &config, &t->pool));
    t->cx.db = db_lease(t->pool);
    assert_true(idgen_next(db_ids(t->pool)) > far);
}
TEST(db, starts_above_the_stored_id_mark) { db_fixture_run_on(DB_SQLITE, check_mark); }

static void check_lease(DbTest *t)
{
    Db *held[7];
    for (int i = 0; i < 7; i++) /* with t->cx.db all eight are out */
        held[i] = db_lease(t->pool);
    for (int i = 0; i < 7; i++) {
        for (int k = 0; k < i; k++)
            assert_ptr_not_equal(held[i], held[k]);
    }
    Db *back = held[3];
    db_release(held[3]);
    held[3] = db_lease(t->pool);
    assert_ptr_equal(held[3], back);
    for (int i = 0; i < 7; i++)
        db_release(held[i]);
}
TEST(db, leases_each_connection_to_one_at_a_time) { db_fixture_run(check_lease); }

TEST_MAIN("db")
