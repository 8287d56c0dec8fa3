/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations: each once, in order, whole or not at all. */
#include "base/embed.h"
#include "db_fixture.h"

static const char SQL_DONE[] = "SELECT count(*) FROM {gx_migration}";

static void exec(DbTest *t, const char *sql)
{
    Plan *p = plan_new(&t->cx);
    plan_ddl(p, str_of(sql));
    ASSERT_OK(db_fixture_apply(t, &t->cx, p, NULL));
}

/* Those of the other engine are not ours. */
static int64_t ours(const DbTest *t)
{
    Str other = t->kind == DB_POSTGRES ? STR("sqlite/") : STR("postgres/");
    int64_t n = 0;
    for (size_t i = 0; i < embed_migrations_count; i++)
        n += !str_starts(str_of(embed_migrations[i].path), other);
    return n;
}

static void check_once(DbTest *t)
{
    assert_true(embed_migrations_count >= 2);
    assert_true(ours(t) < (int64_t)embed_migrations_count);
    assert_int_equal(db_fixture_count(&t->cx, SQL_DONE), ours(t));
    exec(t, "INSERT INTO {gx_setting} (name, value) VALUES ('mine', 'kept')");
    db_fixture_reopen(t);
    assert_int_equal(db_fixture_count(&t->cx, SQL_DONE), ours(t));
    assert_int_equal(
        db_fixture_count(&t->cx, "SELECT count(*) FROM {gx_setting} WHERE name = 'mine'"), 1);
}
TEST(db_migrate, applies_each_file_once) { db_fixture_run(check_once); }

static void check_missing(DbTest *t)
{
    exec(t, "DELETE FROM {gx_migration} WHERE name = '0002_node.sql'");
    exec(t, "DROP TABLE {gx_node}");
    db_fixture_reopen(t);
    assert_int_equal(db_fixture_count(&t->cx, "SELECT count(*) FROM {gx_node}"),
                     t->kind == DB_POSTGRES);
    assert_false(db_was_created(t->pool));
}
TEST(db_migrate, applies_what_is_missing) { db_fixture_run(check_missing); }

/* 0001 again: its first tables can be made (they were dropped), a later one is there already. */
static void check_failing(DbTest *t)
{
    DbConfig config = db_fixture_config(t);
    DbPool *p = NULL;
    exec(t, "DELETE FROM {gx_migration} WHERE name = '0001_platform.sql'");
    exec(t, "DROP TABLE {gx_epoch}");
    db_release(t->cx.db);
    db_close(t->pool);
    ASSERT_ST(ST_INTERNAL, db_open(&t->cx, &config, &p));
    assert_true(t->cx.err.text.n > 0);
    error_clear(&t->cx);
    ASSERT_ST(ST_INTERNAL, db_open(&t->cx, &config, &p)); /* still the same: nothing stayed */
    error_clear(&t->cx);
    assert_null(p);
    t->pool = NULL;
}
TEST(db_migrate, leaves_nothing_of_a_file_that_fails) { db_fixture_run(check_failing); }

TEST_MAIN("db_migrate")
