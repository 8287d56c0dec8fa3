/* SPDX-License-Identifier: Apache-2.0 */
/* What only PostgreSQL does: lost links, locks of several writers, nodes, binary numbers.
 * Covers: db_postgres_open.c db_postgres_plan.c db_postgres_value.c db_node.c */
#include "db_fixture.h"

static const char SQL_COUNT[] = "SELECT count(*) FROM {thing}";

static void on_postgres(void (*body)(DbTest *))
{
    if (!test_postgres())
        skip();
    db_fixture_run_on(DB_POSTGRES, body);
}

/* Ends the server process behind a connection, from another connection. */
static void end_backend(DbTest *t, Db *victim)
{
    Db *mine = t->cx.db;
    Ctx cx = db_fixture_ctx(t);
    Db *other = cx.db;
    cx.db = victim;
    int64_t pid = db_fixture_count(&cx, "SELECT pg_backend_pid()");
    cx.db = other;
    assert_ptr_not_equal(other, mine);
    Str sql = str_format(cx.arena, "SELECT pg_terminate_backend(%lld, 5000)", (long long)pid);
    assert_int_equal(db_fixture_count(&cx, sql.p), 1);
    db_fixture_end(&cx);
}

static void check_read_again(DbTest *t)
{
    db_fixture_thing(t);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 0);
    end_backend(t, t->cx.db);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 0);
}
TEST(db_postgres, reads_again_when_the_link_was_lost) { on_postgres(check_read_again); }

static void check_snapshot_lost(DbTest *t)
{
    int64_t n;
    bool found;
    ASSERT_OK(db_read_begin(&t->cx));
    end_backend(t, t->cx.db);
    ASSERT_ST(ST_BUSY, db_get_int(&t->cx, "SELECT 1", NULL, 0, &n, &found));
    db_read_end(&t->cx); /* a snapshot cannot be taken up again: the caller starts over */
    assert_int_equal(db_fixture_count(&t->cx, "SELECT 1"), 1);
}
TEST(db_postgres, does_not_mix_two_snapshots) { on_postgres(check_snapshot_lost); }

static void check_plan_again(DbTest *t)
{
    db_fixture_thing(t);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    int64_t before = db_facts(t->pool).retries;
    end_backend(t, t->cx.db);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 2, "two"), NULL));
    assert_int_equal(db_facts(t->pool).retries, before + 1);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 2);
}
TEST(db_postgres, applies_a_plan_again_when_the_link_was_lost) { on_postgres(check_plan_again); }

static void check_unknown(DbTest *t)
{
    db_fixture_thing(t);
    db_fault_set(t->pool, DB_FAULT_LINK, 1);
    ASSERT_ST(ST_UNKNOWN, db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 1); /* it had been kept: once */
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 2, "two"), NULL));
}
TEST(db_postgres, tells_when_the_link_was_lost_at_commit) { on_postgres(check_unknown); }

static void check_stale_in_plan(DbTest *t)
{
    static const char SQL_RETURNING[] = "UPDATE {thing} SET note = ?1 RETURNING note";
    db_fixture_thing(t);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    for (int round = 0; round < 2; round++) {
        Plan *p = plan_new(&t->cx);
        DbVal v = db_text(STR("x"));
        plan_expect(p, str_of(SQL_RETURNING), &v, 1, 1);
        ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
        Ctx writer = db_fixture_ctx(t);
        p = plan_new(&writer);
        plan_ddl(p, STR("ALTER TABLE {thing} ALTER COLUMN note TYPE varchar(50)"));
        ASSERT_OK(db_fixture_apply(t, &writer, p, NULL));
        db_fixture_end(&writer);
    }
}
TEST(db_postgres, forgets_plans_that_a_table_change_made_stale)
{
    on_postgres(check_stale_in_plan);
}

static void check_change_above(DbTest *t)
{
    db_fixture_thing(t);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    Id soon = idgen_next(db_ids(t->pool)) + ((Id)300 << 22); /* a node whose clock is ahead */
    Plan *p = plan_new(&t->cx);
    plan_exec(p, STR("UPDATE {thing} SET changed = ?1"), (DbVal[]){db_int(soon)}, 1);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    p = plan_new(&t->cx);
    PlanResult r;
    plan_lock(p, STR("thing"), 1, 1);
    plan_exec(p, STR("UPDATE {thing} SET changed = ?1"), (DbVal[]){plan_change(p)}, 1);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, &r));
    assert_true(r.change > soon);
}
TEST(db_postgres, takes_change_ids_above_those_of_the_locked_rows)
{
    on_postgres(check_change_above);
}

/* ---- many writers ------------------------------------------------------------------------ */
enum { WRITERS = 6, TRANSFERS = 40, ROWS = 5 };

typedef struct Writer {
    DbTest *t;
    unsigned seed;
    int done, again, other;
    pthread_t thread;
} Writer;

/* Moves one from a row to another, both read before; locks are asked for in any order. */
static Status transfer(Writer *w, Ctx *cx, int from, int to)
{
    int64_t version[2];
    int row[2] = {from, to};
    bool found;
    Plan *p = plan_new(cx);
    for (int i = 0; i < 2; i++) {
        DbVal id = db_int(row[i]);
        TRY(db_get_int(cx, "SELECT version FROM {thing} WHERE id = ?1", &id, 1, &version[i],
                       &found));
        plan_lock(p, STR("thing"), row[i], version[i]);
    }
    for (int i = 0; i < 2; i++)
        plan_expect(p,
                    STR("UPDATE {thing} SET version = version + 1, changed = changed + ?2 "
                        "WHERE id = ?1"),
                    (DbVal[]){db_int(row[i]), db_int(i ? 1 : -1)}, 2, 1);
    return db_fixture_apply(w->t, cx, p, NULL);
}

static void *write_transfers(void *arg)
{
    Writer *w = arg;
    Ctx cx = db_fixture_ctx(w->t);
    while (w->done < TRANSFERS) {
        int from = 1 + (int)(rand_r(&w->seed) % ROWS);
        int to = 1 + (from + (int)(rand_r(&w->seed) % (ROWS - 1))) % ROWS;
        Status st = transfer(w, &cx, from, to);
        w->done += st == ST_OK;
        w->again += st == ST_RETRY;
        if (st != ST_OK && st != ST_RETRY && w->other++ > 10)
            break;
    }
    db_fixture_end(&cx);
    return NULL;
}

static void check_writers(DbTest *t)
{
    static Writer writers[WRITERS];
    Writer sum = {0};
    db_fixture_thing(t);
    for (int i = 1; i <= ROWS; i++) {
        char name[16];
        snprintf(name, sizeof(name), "n%d", i);
        ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, i, name), NULL));
    }
    Plan *p = plan_new(&t->cx);
    plan_exec(p, STR("UPDATE {thing} SET changed = 1000"), NULL, 0);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (Writer){.t = t, .seed = (unsigned)i + 1};
        pthread_create(&writers[i].thread, NULL, write_transfers, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        sum.done += writers[i].done;
        sum.other += writers[i].other;
    }
    assert_int_equal(sum.other, 0);
    assert_int_equal(sum.done, WRITERS * TRANSFERS);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT sum(changed) FROM {thing}"), ROWS * 1000);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT sum(version) FROM {thing}"),
                     ROWS + 2 * WRITERS * TRANSFERS);
}
TEST(db_postgres, serialises_writers_of_the_same_rows) { on_postgres(check_writers); }

/* ---- nodes ------------------------------------------------------------------------------- */
static int64_t node_of(DbPool *p) { return (idgen_next(db_ids(p)) >> 12) & 1023; }

static void check_nodes(DbTest *t)
{
    DbConfig config = db_fixture_config(t);
    DbPool *second;
    int64_t first_node = node_of(t->pool);
    ASSERT_OK(db_open(&t->cx, &config, &second));
    int64_t second_node = node_of(second);
    assert_true(first_node >= 1 && second_node >= 1);
    assert_int_not_equal(first_node, second_node);
    Id last = idgen_next(db_ids(second));
    db_close(second);
    ASSERT_OK(db_open(&t->cx, &config, &second)); /* it was given back: the same number */
    assert_int_equal(node_of(second), second_node);
    assert_true(idgen_next(db_ids(second)) > last);
    db_close(second);
}
TEST(db_postgres, gives_every_process_its_own_node) { on_postgres(check_nodes); }

/* Somebody took the number while this process was away: it goes on under another. */
static void check_lost_node(DbTest *t)
{
    int64_t before = node_of(t->pool);
    Plan *p = plan_new(&t->cx);
    plan_exec(p, STR("UPDATE {gx_node} SET holder = 'somebody', lease_until = lease_until + 60000"),
              NULL, 0);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    int64_t until = db_now_us() + 15000000, now = before;
    while (now == before && db_now_us() < until) {
        usleep(100000);
        now = node_of(t->pool);
    }
    assert_int_not_equal(now, before);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT count(*) FROM {gx_node}"), 2);
}
TEST(db_postgres, takes_another_node_when_its_lease_was_lost) { on_postgres(check_lost_node); }

/* ---- values ------------------------------------------------------------------------------ */
static void check_numbers(DbTest *t)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    ASSERT_OK(db_prepare(&t->cx,
                         "SELECT 0::numeric, -12345678.75::numeric, 0.0001::numeric, "
                         "9223372036854775807::numeric, 1e30::numeric, 10000::numeric, "
                         "2::smallint, 1.5::real, 'x'::name, NULL::bigint",
                         &q));
    ASSERT_OK(db_next(q, &row));
    assert_int_equal(db_col_int(q, 0), 0);
    assert_int_equal(db_col_int(q, 1), -12345678);
    assert_true(db_col_real(q, 1) == -12345678.75);
    assert_true(db_col_real(q, 2) == 0.0001);
    assert_true(db_col_int(q, 3) == INT64_MAX);
    assert_true(db_col_int(q, 4) == INT64_MAX); /* clamped */
    assert_true(db_col_real(q, 4) > 9.99e29 && db_col_real(q, 4) < 1.01e30);
    assert_int_equal(db_col_int(q, 5), 10000);
    assert_int_equal(db_col_int(q, 6), 2);
    assert_true(db_col_real(q, 7) == 1.5);
    assert_true(str_is(db_col_text(q, 8), "x"));
    assert_true(db_col_null(q, 9));
}
TEST(db_postgres, reads_binary_numbers) { on_postgres(check_numbers); }

/* One text, parameters of several types: several statements on the server. */
static void check_variants(DbTest *t)
{
    uint64_t before = t->cx.db->serial;
    for (int round = 0; round < 2; round++) {
        DbVal vals[] = {db_int(5), db_text(STR("5")), db_null(DB_TEXT)};
        int64_t expected[] = {5, 5, 0};
        for (size_t i = 0; i < COUNT_OF(vals); i++) {
            int64_t n;
            bool found;
            ASSERT_OK(db_get_int(&t->cx, "SELECT ?1", &vals[i], 1, &n, &found));
            assert_int_equal(n, expected[i]);
        }
    }
    assert_int_equal(t->cx.db->serial - before, 2);
}
TEST(db_postgres, keeps_types_of_parameters_apart) { on_postgres(check_variants); }

static void check_many_params(DbTest *t)
{
    Buf sql = buf_in(t->arena, 100000);
    buf_lit(&sql, "SELECT 0");
    DbVal vals[1000];
    for (int i = 0; i < 1000; i++) {
        buf_printf(&sql, " + ?%d", i + 1);
        vals[i] = db_int(i);
    }
    int64_t n;
    bool found;
    ASSERT_OK(db_get_int(&t->cx, buf_z(&sql), vals, 1000, &n, &found));
    assert_int_equal(n, 499500);
}
TEST(db_postgres, carries_a_thousand_parameters) { on_postgres(check_many_params); }

TEST_MAIN("db_postgres")
