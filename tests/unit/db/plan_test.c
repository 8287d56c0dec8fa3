/* SPDX-License-Identifier: Apache-2.0 */
/* Plans on both engines: all or nothing, guards, conflicts, slots, DDL.
 * Covers: plan.c db_postgres_rows.c */
#include "db_fixture.h"

static const char SQL_COUNT[] = "SELECT count(*) FROM {thing}";
static const char SQL_RENAME[] =
    "UPDATE {thing} SET name = ?2, version = version + 1, changed = ?3 WHERE id = ?1";

static Plan *rename_plan(Ctx *cx, Id id, int64_t version, const char *name)
{
    Plan *p = plan_new(cx);
    plan_lock(p, STR("thing"), id, version);
    DbVal change = plan_change(p);
    DbVal v[] = {db_int(id), db_text(str_of(name)), change};
    plan_expect(p, str_of(SQL_RENAME), v, 3, 1);
    return p;
}

static void check_writes(DbTest *t)
{
    db_fixture_thing(t);
    PlanResult r;
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), &r));
    assert_true(r.change > 0);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT changed FROM {thing}"), r.change);
    ASSERT_OK(db_fixture_apply(t, &t->cx, rename_plan(&t->cx, 1, 1, "uno"), &r));
    assert_int_equal(db_fixture_count(&t->cx, "SELECT version FROM {thing}"), 2);
}
TEST(plan, writes_and_fills_in_the_change_id) { db_fixture_run(check_writes); }

static void check_guards(DbTest *t)
{
    db_fixture_thing(t);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    ASSERT_ST(ST_RETRY, db_fixture_apply(t, &t->cx, rename_plan(&t->cx, 1, 7, "x"), NULL));
    ASSERT_ST(ST_RETRY, db_fixture_apply(t, &t->cx, rename_plan(&t->cx, 2, 0, "x"), NULL));
    Plan *p = db_fixture_insert(&t->cx, 2, "two");
    plan_guard(p, STR("SELECT 1 FROM {gx_epoch} WHERE id = 1 AND catalogue = ?1"),
               (DbVal[]){db_int(99)}, 1);
    ASSERT_ST(ST_RETRY, db_fixture_apply(t, &t->cx, p, NULL));
    p = db_fixture_insert(&t->cx, 2, "two");
    plan_guard(p, STR("SELECT 1 FROM {gx_epoch} WHERE id = 1 AND catalogue = ?1"),
               (DbVal[]){db_int(1)}, 1);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 2);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT version FROM {thing} WHERE id = 1"), 1);
}
TEST(plan, refuses_what_was_read_differently) { db_fixture_run(check_guards); }

/* Asked for early and twice, run late and once, in the order of phase and id. */
static void check_last(DbTest *t)
{
    static const char SQL_ADD[] = "UPDATE {thing} SET name = name || ?2 WHERE id = ?1";
    db_fixture_thing(t);
    Plan *p = db_fixture_insert(&t->cx, 1, "one");
    for (int i = 0; i < 2; i++) {
        plan_last(p, 1, STR("thing"), 1, STR_SQL(SQL_ADD), (DbVal[]){db_int(1), db_text(STR("c"))},
                  2);
        plan_last(p, 0, STR("thing"), 1, STR_SQL(SQL_ADD), (DbVal[]){db_int(1), db_text(STR("b"))},
                  2);
    }
    plan_exec(p, STR_SQL(SQL_ADD), (DbVal[]){db_int(1), db_text(STR("a"))}, 2);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, "SELECT count(*) FROM {thing} WHERE name = 'oneabc'"),
                     1);
}
TEST(plan, runs_what_comes_last_once_and_in_order) { db_fixture_run(check_last); }

/* Differences to one row become one; those that leave int64 together stay apart. */
static void check_merge(DbTest *t)
{
    static const char SQL_MOVE[] =
        "UPDATE {thing} SET version = version + ?2, note = note || ' ' || ?2 || ' ' || ?3 || ' ' "
        "|| ?4 WHERE id = ?1";
    static const uint8_t merge[] = {PLAN_SAME, PLAN_ADD, PLAN_LEAST, PLAN_GREATEST};
    db_fixture_thing(t);
    Plan *p = db_fixture_insert(&t->cx, 1, "one");
    plan_exec(p, STR("UPDATE {thing} SET version = 10, note = '' WHERE id = 1"), NULL, 0);
    for (int64_t i = 1; i <= 3; i++)
        plan_merge(
            p, 0, STR("thing"), 1, STR_SQL(SQL_MOVE),
            (DbVal[]){db_int(1), db_int(i), i == 2 ? db_null(DB_INT) : db_int(i), db_int(-i)}, 4,
            merge);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, "SELECT version FROM {thing} WHERE note = ' 6 1 -1'"),
                     16);
    p = plan_new(&t->cx);
    for (int64_t i = 0; i < 2; i++)
        plan_merge(p, 0, STR("thing"), 1, STR("UPDATE {thing} SET version = ?2 - ?2 WHERE id = ?1"),
                   (DbVal[]){db_int(1), db_int(INT64_MAX)}, 2, merge);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, "SELECT version FROM {thing}"), 0);
}
TEST(plan, puts_differences_together) { db_fixture_run(check_merge); }

static void check_lock_twice(DbTest *t)
{
    db_fixture_thing(t);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    Plan *p = rename_plan(&t->cx, 1, 1, "uno");
    plan_lock(p, STR("thing"), 1, 0);
    plan_lock(p, STR("thing"), 1, 1);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    p = rename_plan(&t->cx, 1, 2, "eins");
    plan_lock(p, STR("thing"), 1, 1); /* read twice, with different versions */
    ASSERT_ST(ST_RETRY, db_fixture_apply(t, &t->cx, p, NULL));
}
static void check_locks_tells(DbTest *t)
{
    Plan *p = plan_new(&t->cx);
    plan_share(p, STR("thing"), 1);
    assert_false(plan_locks(p, STR("thing"), 1)); /* a link to it writes nothing */
    plan_lock(p, STR("thing"), 1, 1);
    assert_true(plan_locks(p, STR("thing"), 1));
    assert_false(plan_locks(p, STR("thing"), 2));
    assert_false(plan_locks(p, STR("other"), 1));
}
TEST(plan, knows_which_rows_it_writes) { db_fixture_run(check_locks_tells); }

TEST(plan, merges_locks_of_one_row) { db_fixture_run(check_lock_twice); }

static void check_expect(DbTest *t)
{
    db_fixture_thing(t);
    Plan *p = db_fixture_insert(&t->cx, 1, "one");
    plan_expect(p, STR("UPDATE {thing} SET note = 'x' WHERE id = 5"), NULL, 0, 1);
    ASSERT_ST(ST_RETRY, db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 0);
    p = db_fixture_insert(&t->cx, 1, "one");
    plan_expect(p, STR("UPDATE {thing} SET note = 'x' WHERE id = 5"), NULL, 0, 0);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
}
TEST(plan, is_undone_when_a_row_count_differs) { db_fixture_run(check_expect); }

static void check_unique(DbTest *t)
{
    db_fixture_thing(t);
    PlanResult r;
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    ASSERT_ST(ST_CONFLICT, db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 2, "one"), &r));
    assert_string_equal(r.constraint, "thing_name");
    assert_true(str_is(t->cx.err.constraint, "thing_name"));
    ASSERT_ST(ST_CONFLICT, db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "two"), &r));
    assert_string_equal(r.constraint, "thing");
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 1);
}
TEST(plan, names_the_unique_index_that_refused) { db_fixture_run(check_unique); }

static void check_expression_index(DbTest *t)
{
    db_fixture_thing(t);
    Plan *p = plan_new(&t->cx);
    plan_ddl(p, STR("CREATE UNIQUE INDEX thing_lower ON {thing} (lower(name))"));
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    PlanResult r;
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    ASSERT_ST(ST_CONFLICT, db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 2, "ONE"), &r));
    assert_string_equal(r.constraint, "thing_lower");
}
TEST(plan, names_a_unique_index_over_an_expression) { db_fixture_run(check_expression_index); }

static void check_counter(DbTest *t)
{
    db_fixture_thing(t);
    for (int i = 1; i <= 3; i++) {
        Plan *p = db_fixture_insert(&t->cx, i, i == 1 ? "a" : i == 2 ? "b" : "c");
        DbVal number = plan_counter(p, STR("invoice")), other = plan_counter(p, STR("order"));
        plan_exec(p, STR("UPDATE {thing} SET version = ?1 * 100 + ?2 WHERE id = ?3"),
                  (DbVal[]){number, other, db_int(i)}, 3);
        if (i == 2) /* a plan that fails gives its number back */
            plan_expect(p, STR("UPDATE {thing} SET note = 'x' WHERE id = 99"), NULL, 0, 1);
        ASSERT_ST(i == 2 ? ST_RETRY : ST_OK, db_fixture_apply(t, &t->cx, p, NULL));
    }
    assert_int_equal(db_fixture_count(&t->cx, "SELECT max(version) FROM {thing}"), 202);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT sum(version) FROM {thing}"), 303);
}
TEST(plan, takes_gap_free_numbers) { db_fixture_run(check_counter); }

/* Known while prepared: the second plan read the counter before the first moved it. */
static void check_number(DbTest *t)
{
    db_fixture_thing(t);
    Plan *a = db_fixture_insert(&t->cx, 1, "a"), *b = db_fixture_insert(&t->cx, 2, "b");
    assert_false(plan_meets_others(a));
    assert_int_equal(plan_number(a, STR("n"), 0), 1);
    assert_int_equal(plan_number(a, STR("n"), 0), 2);
    assert_int_equal(plan_number(a, STR("m"), 0), 1);
    assert_int_equal(plan_number(b, STR("n"), 0), 1);
    assert_true(plan_meets_others(b));
    ASSERT_OK(db_fixture_apply(t, &t->cx, a, NULL));
    ASSERT_ST(ST_RETRY, db_fixture_apply(t, &t->cx, b, NULL));
    error_clear(&t->cx);
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 1);
    b = db_fixture_insert(&t->cx, 2, "b");
    assert_int_equal(plan_number(b, STR("n"), 2), 3);
    plan_expect(b, STR("UPDATE {thing} SET note = 'x' WHERE id = 99"), NULL, 0, 1);
    ASSERT_ST(ST_RETRY, db_fixture_apply(t, &t->cx, b, NULL)); /* gives its number back */
    error_clear(&t->cx);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT value FROM {gx_counter} WHERE name = 'n'"),
                     2);
}
TEST(plan, gives_numbers_of_texts_back_with_the_plan) { db_fixture_run(check_number); }

/* A claim asks for more tries and keeps nobody out once the plan is over; what is remembered stays with its plan. */
static void check_claim(DbTest *t)
{
    static const char A, B;
    db_fixture_thing(t);
    Plan *a = db_fixture_insert(&t->cx, 1, "a"), *b = db_fixture_insert(&t->cx, 2, "b");
    plan_claim(a, INT64_MIN);
    plan_claim(a, 7);
    plan_claim(b, 7 + PLAN_CLAIMS);
    assert_true(plan_meets_others(a));
    ASSERT_OK(db_fixture_apply(t, &t->cx, a, NULL));
    ASSERT_OK(db_fixture_apply(t, &t->cx, b, NULL));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 2);
    plan_gone(a, 5);
    assert_true(plan_is_gone(a, 5) && !plan_is_gone(a, 6) && !plan_is_gone(b, 5));
    *plan_memo(a, &A) = a;
    assert_null(*plan_memo(a, &B));
    assert_ptr_equal(*plan_memo(a, &A), a);
    assert_null(*plan_memo(b, &A));
}
TEST(plan, claims_numbers_and_remembers) { db_fixture_run(check_claim); }

static void check_ddl(DbTest *t)
{
    db_fixture_thing(t);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    Plan *p = plan_new(&t->cx);
    plan_ddl(p, STR("ALTER TABLE {thing} ADD COLUMN c_1 $int"));
    plan_exec(p, STR("UPDATE {thing} SET c_1 = ?1"), (DbVal[]){db_int(5)}, 1);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, "SELECT c_1 FROM {thing}"), 5);

    p = plan_new(&t->cx); /* what fails takes its DDL with it */
    plan_ddl(p, STR("ALTER TABLE {thing} ADD COLUMN c_2 $int"));
    plan_expect(p, STR("UPDATE {thing} SET c_2 = 1 WHERE id = 99"), NULL, 0, 1);
    ASSERT_ST(ST_RETRY, db_fixture_apply(t, &t->cx, p, NULL));
    error_clear(&t->cx);
    Stmt *q = NULL;
    bool row;
    Status st = db_prepare(&t->cx, "SELECT c_2 FROM {thing}", &q);
    if (st == ST_OK)
        st = db_next(q, &row);
    stmt_free(q);
    ASSERT_ST(ST_INTERNAL, st);
    error_clear(&t->cx);
}
TEST(plan, changes_tables_and_rows_in_one_transaction) { db_fixture_run(check_ddl); }

static int order[4], order_n;
static void note_order(void *arg) { order[order_n++] = *(int *)arg; }

static void check_after(DbTest *t)
{
    static int numbers[] = {1, 2, 3};
    db_fixture_thing(t);
    order_n = 0;
    Plan *p = db_fixture_insert(&t->cx, 1, "one");
    plan_after(p, note_order, &numbers[0]);
    plan_after(p, note_order, &numbers[1]);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    p = db_fixture_insert(&t->cx, 2, "one"); /* fails: nothing runs */
    plan_after(p, note_order, &numbers[2]);
    ASSERT_ST(ST_CONFLICT, db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(order_n, 2);
    assert_int_equal(order[0] * 10 + order[1], 12);
}
TEST(plan, runs_what_follows_the_commit_in_order) { db_fixture_run(check_after); }

static void count_wake(void *arg) { ++*(int *)arg; }

static void check_wake(DbTest *t)
{
    int woken = 0;
    db_fixture_thing(t);
    db_on_commit(t->pool, count_wake, &woken);
    ASSERT_OK(db_fixture_apply(t, &t->cx, db_fixture_insert(&t->cx, 1, "one"), NULL));
    assert_int_equal(woken, 0);
    Plan *p = db_fixture_insert(&t->cx, 2, "two");
    plan_exec(p,
              STR("INSERT INTO {gx_outbox} (id, at, object, record, version, action, change) "
                  "VALUES (1, 2, 'thing', 2, 1, 'create', ?1)"),
              (DbVal[]){plan_change(p)}, 1);
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(woken, 1);
    db_on_commit(t->pool, NULL, NULL);
}
TEST(plan, wakes_the_dispatcher_only_for_the_outbox) { db_fixture_run(check_wake); }

/* On PostgreSQL rows of one text are one statement: what they hold, nulls, what is refused and what stands between
 * them must come out as one by one. */
static void put(Plan *p, Id id, const char *name, const char *note)
{
    static const char SQL_PUT[] =
        "INSERT INTO {thing} (id, version, changed, name, note) VALUES (?1, 1, 7, ?2, ?3)";
    const DbVal v[] = {db_int(id), db_text(str_of(name)),
                       note ? db_text(str_of(note)) : db_null(id % 2 ? DB_TEXT : DB_INT)};
    plan_insert(p, STR_SQL(SQL_PUT), v, COUNT_OF(v));
}

static void check_inserts(DbTest *t)
{
    static const char SQL_KEEP[] =
        "INSERT INTO {thing} (id, version, changed, name) VALUES (?1, (1 + 1), 7, ?2) "
        "ON CONFLICT (id) DO NOTHING";
    static const char *const NAMES[] = {"a", "b,{}\"\\", "\xe5\xae\xa2", "NULL", "e", "f", "g"};
    db_fixture_thing(t);
    Plan *p = plan_new(&t->cx);
    for (Id id = 1; id <= 7; id++) {
        put(p, id, NAMES[id - 1], id % 3 ? NULL : "note");
        const DbVal keep[] = {db_int(id > 4 ? id - 1 : 50 + id),
                              db_text(str_format(t->arena, "kept %d", (int)id))};
        plan_insert(p, STR_SQL(SQL_KEEP), keep, COUNT_OF(keep));
    }
    plan_exec(p, STR("DELETE FROM {thing} WHERE name = 'a'"), NULL, 0);
    put(p, 100, "a", NULL); /* not before what stands between */
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 11);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT count(*) FROM {thing} WHERE note = 'note'"),
                     2);
    assert_int_equal(
        db_fixture_count(&t->cx,
                         "SELECT count(*) FROM {thing} WHERE name LIKE 'kept%' AND version = 2"),
        4);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT id FROM {thing} WHERE name = '\xe5\xae\xa2'"),
                     3);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT id FROM {thing} WHERE name = 'a'"), 100);
    p = plan_new(&t->cx);
    for (Id id = 201; id <= 206; id++)
        put(p, id, id == 204 ? "e" : str_z(t->arena, str_format(t->arena, "n%d", (int)id)), NULL);
    ASSERT_ST(ST_CONFLICT, db_fixture_apply(t, &t->cx, p, NULL));
    assert_int_equal(db_fixture_count(&t->cx, SQL_COUNT), 11);
}
TEST(plan, inserts_rows_together_as_one_by_one) { db_fixture_run(check_inserts); }

TEST_MAIN("plan")
