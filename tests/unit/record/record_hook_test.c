/* SPDX-License-Identifier: Apache-2.0 */
/* A hook that fails sinks the whole write, whatever it had added to the plan; the next write goes through. */
#include "record/record_internal.h"
#include "record_fixture.h"

static int
    fail_in; /* which hook fails: 1 before_write, 2 validate, 3 after_write, 4 before_delete */

static Status failing(Ctx *cx, int which)
{
    return fail_in == which ? FAIL(cx, ST_INTERNAL, "test.hook", "hook %d failed", which) : ST_OK;
}

static Status before_write(Ctx *cx, Record *r)
{
    (void)r;
    return failing(cx, 1);
}

static Status validate(Ctx *cx, const Record *r)
{
    (void)r;
    return failing(cx, 2);
}

static Status after_write(Ctx *cx, Plan *plan, Record *r)
{
    record_event(cx, plan, r->object, r->id, r->version, "update"); /* something to be undone */
    return failing(cx, 3);
}

static Status before_delete(Ctx *cx, Plan *plan, Record *r)
{
    (void)plan;
    (void)r;
    return failing(cx, 4);
}

static const RecordHooks region_hooks = {.object = "region",
                                         .before_write = before_write,
                                         .validate = validate,
                                         .after_write = after_write,
                                         .before_delete = before_delete};
static const RecordHooks *const hooks[] = {&region_hooks, NULL};

static int64_t rows(RecordTest *t, const char *sql) { return record_fixture_count(t, sql, 0); }

static Status try_write(RecordTest *t, Plan *plan, const char *code)
{
    Record *r = record_new(&t->cx, record_fixture_object(t, "region"));
    Str body = str_format(t->arena, "{\"code\":\"%s\",\"name\":\"R\"}", code);
    TRY(record_set_json(&t->cx, r, record_fixture_json(t, str_z(t->arena, body))));
    return record_write(&t->cx, plan, r);
}

static void sinks_the_write(RecordTest *t)
{
    static const char *const codes[] = {"h0", "h1", "h2", "h3"};
    t->env.hooks = hooks;
    fail_in = 0;
    int64_t events = rows(t, "SELECT COUNT(*) FROM {gx_outbox} WHERE ?1 = 0");
    int64_t regions = rows(t, "SELECT COUNT(*) FROM {regions} WHERE ?1 = 0");
    for (fail_in = 1; fail_in <= 3; fail_in++) {
        Plan *plan = plan_new(&t->cx);
        ASSERT_ST(ST_INTERNAL, try_write(t, plan, codes[fail_in]));
        assert_string_equal(t->cx.err.key, "test.hook");
        record_fixture_forget(t);
    }
    assert_int_equal(rows(t, "SELECT COUNT(*) FROM {gx_outbox} WHERE ?1 = 0"), events);
    assert_int_equal(rows(t, "SELECT COUNT(*) FROM {regions} WHERE ?1 = 0"), regions);
    fail_in = 0;
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(try_write(t, plan, codes[0]));
    ASSERT_OK(record_fixture_apply(t, plan));
    assert_int_equal(rows(t, "SELECT COUNT(*) FROM {regions} WHERE ?1 = 0"), regions + 1);
}
/* ---- figures: what a child changes of its parent is part of its write */
static void gone(RecordTest *t, const char *from, const char *to)
{
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    plan_ddl(plan,
             str_format(t->arena, "ALTER TABLE {accounts_d} RENAME COLUMN %s TO %s", from, to));
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
}

static Status try_order(RecordTest *t, const Record *account)
{
    Plan *plan = plan_new(&t->cx);
    Record *r = record_new(&t->cx, record_fixture_object(t, "order"));
    Str body = str_format(t->arena,
                          "{\"account\":\"%lld\",\"placed_on\":\"2026-03-01\",\"total\":\"10\","
                          "\"status\":\"confirmed\"}",
                          (long long)account->id);
    ASSERT_OK(record_set_json(&t->cx, r, record_fixture_json(t, str_z(t->arena, body))));
    ASSERT_OK(record_write(&t->cx, plan, r));
    return record_fixture_apply(t, plan);
}

static void sinks_with_its_figures(RecordTest *t)
{
    static const char SQL_ORDERS[] = "SELECT count(*) FROM {orders} WHERE ?1 = 0";
    static const char SQL_EVENTS[] = "SELECT count(*) FROM {gx_outbox} WHERE ?1 = 0";
    Record *account = record_fixture_create(t, "account", "{\"name\":\"北京\"}");
    int64_t events = rows(t, SQL_EVENTS);
    gone(t, "id", "away");
    assert_int_not_equal(try_order(t, account), ST_OK);
    record_fixture_forget(t);
    assert_int_equal(rows(t, SQL_ORDERS), 0);
    assert_int_equal(rows(t, SQL_EVENTS), events);
    gone(t, "away", "id");
    ASSERT_OK(try_order(t, account));
    assert_int_equal(rows(t, SQL_ORDERS), 1);
}

TEST(record_hook, sinks_with_its_figures) { record_fixture_run(sinks_with_its_figures); }

TEST(record_hook, sinks_the_write) { record_fixture_run(sinks_the_write); }

static void sinks_the_delete(RecordTest *t)
{
    fail_in = 0;
    t->env.hooks = hooks;
    Record *r = record_fixture_create(t, "region", "{\"code\":\"stay\",\"name\":\"Stay\"}");
    fail_in = 4;
    ASSERT_ST(ST_INTERNAL, record_fixture_delete(t, "region", r->id));
    record_fixture_forget(t);
    assert_int_equal(record_fixture_count(t, "SELECT COUNT(*) FROM {regions} WHERE id = ?1", r->id),
                     1);
    fail_in = 0;
    ASSERT_OK(record_fixture_delete(t, "region", r->id));
    assert_int_equal(record_fixture_count(t, "SELECT COUNT(*) FROM {regions} WHERE id = ?1", r->id),
                     0);
}
TEST(record_hook, sinks_the_delete) { record_fixture_run(sinks_the_delete); }

TEST_MAIN("record_hook")
