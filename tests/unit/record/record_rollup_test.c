/* SPDX-License-Identifier: Apache-2.0 */
/* Rollups by differences, as a property: whatever is made, changed, moved, deleted and brought back, several
 * records of one parent in one plan, stored figures, counts and exact sums are what the rows give. That
 * they are differences, and not drawn anew, a figure shows that was put wrong before.
 * Covers: record_rollup_delta.c record_rollup.c record_rollup_verify.c expr/expr_rollup.c */
#include "record_fixture.h"

enum { STEPS = 250, PARENTS = 3, MOST = 4 };

typedef struct World {
    RecordTest *t;
    uint32_t seed;
    Id parents[PARENTS];
    VEC(Id) live;
    VEC(Id) gone;
    size_t made, moved, dropped, back;
} World;

static uint32_t dice(World *w, uint32_t n)
{
    w->seed = w->seed * 1103515245 + 12345;
    return (w->seed >> 10) % n;
}

static const char *body(World *w)
{
    static const char *const states[] = {"draft", "confirmed", "in_progress", "completed",
                                         "cancelled"};
    return str_z(w->t->arena,
                 str_format(w->t->arena,
                            "{\"account\":\"%lld\",\"placed_on\":\"2026-01-%02u\",\"status\":"
                            "\"%s\",\"total\":\"%s%u.%02u\"}",
                            (long long)w->parents[dice(w, PARENTS)], 1 + dice(w, 6),
                            states[dice(w, COUNT_OF(states))], dice(w, 4) ? "" : "-", dice(w, 300),
                            dice(w, 100)));
}

static const Object *orders(World *w) { return record_fixture_object(w->t, "order"); }

static void set_and_write(World *w, Plan *plan, Record *r)
{
    Ctx *cx = &w->t->cx;
    ASSERT_OK(record_set_json(cx, r, record_fixture_json(w->t, body(w))));
    ASSERT_OK(record_write(cx, plan, r));
}

static Id take(World *w, bool gone)
{
    size_t n = gone ? w->gone.n : w->live.n, i = dice(w, (uint32_t)n);
    Id *v = gone ? w->gone.v : w->live.v, id = v[i];
    v[i] = v[n - 1];
    if (gone)
        w->gone.n--;
    else
        w->live.n--;
    return id;
}

/* One act on one order; *ret_live is where it stands after the plan. */
static Id act(World *w, Plan *plan, bool *ret_live)
{
    Ctx *cx = &w->t->cx;
    uint32_t what = dice(w, 10);
    Record *r = NULL;
    *ret_live = true;
    if (what < 4 || !w->live.n) {
        r = record_new(cx, orders(w));
        set_and_write(w, plan, r);
        w->made++;
    } else if (what < 7) {
        ASSERT_OK(record_load(cx, orders(w), take(w, false), &r));
        set_and_write(w, plan, r);
        w->moved++;
    } else if (what < 9 || !w->gone.n) {
        ASSERT_OK(record_load(cx, orders(w), take(w, false), &r));
        ASSERT_OK(record_delete(cx, plan, r));
        *ret_live = false;
        w->dropped++;
    } else {
        ASSERT_OK(record_restore(cx, plan, orders(w), take(w, true), &r));
        w->back++;
    }
    return r->id;
}

static void step(World *w)
{
    Plan *plan = plan_new(&w->t->cx);
    Id ids[MOST];
    bool live[MOST];
    size_t n = 1 + dice(w, MOST);
    for (size_t i = 0; i < n; i++)
        ids[i] = act(w, plan, &live[i]);
    ASSERT_OK(record_fixture_apply(w->t, plan));
    for (size_t i = 0; i < n; i++) {
        if (live[i])
            VEC_PUSH(w->t->arena, &w->live, ids[i]);
        else
            VEC_PUSH(w->t->arena, &w->gone, ids[i]);
    }
}

static void fill(RecordTest *t)
{
    Id last = 0;
    do {
        Plan *plan = plan_new(&t->cx);
        ASSERT_OK(
            record_rollup_fill(&t->cx, plan, record_fixture_object(t, "account"), last, 2, &last));
        ASSERT_OK(record_fixture_apply(t, plan));
    } while (last);
}

static void expect_wrong(RecordTest *t, int64_t wanted)
{
    int64_t wrong = -1, ghosts = -1;
    ASSERT_OK(record_rollup_verify(&t->cx, record_fixture_object(t, "account"), &wrong, &ghosts));
    assert_int_equal(wrong, wanted);
    assert_int_equal(ghosts, 0);
}

static void begin(World *w, RecordTest *t)
{
    *w = (World){.t = t, .seed = 11};
    for (int i = 0; i < PARENTS; i++)
        w->parents[i] = record_fixture_create(t, "account", "{\"name\":\"A\"}")->id;
    fill(t);
}

static const Value *figure(RecordTest *t, Id id, const char *name)
{
    Record *r = NULL;
    const Object *o = record_fixture_object(t, "account");
    ASSERT_OK(record_load(&t->cx, o, id, &r));
    return record_get(r, object_field(o, str_of(name)));
}

static void equal_the_rows(RecordTest *t)
{
    World w;
    begin(&w, t);
    for (int i = 0; i < STEPS; i++) {
        step(&w);
        expect_wrong(t, 0);
    }
    assert_true(w.made && w.moved && w.dropped && w.back);
    assert_true(figure(t, w.parents[0], "order_count")->i > 0);
    while (w.live.n)
        ASSERT_OK(record_fixture_delete(t, "order", take(&w, false)));
    expect_wrong(t, 0);
    assert_int_equal(figure(t, w.parents[0], "order_count")->i, 0);
    assert_int_equal(figure(t, w.parents[0], "order_total")->t, V_NULL); /* a sum of nothing */
    assert_int_equal(figure(t, w.parents[0], "first_order_on")->t, V_NULL);
}
TEST(record_rollup, equals_the_rows_after_random_writes) { record_fixture_run(equal_the_rows); }

static void put_wrong(RecordTest *t, Id account)
{
    const Field *f = object_field(record_fixture_object(t, "account"), STR("order_count"));
    DbVal v = db_int(account);
    Plan *plan = plan_new(&t->cx);
    plan_exec(plan,
              str_format(t->arena, "UPDATE {accounts_d} SET %s = %s + 1000 WHERE id = ?1",
                         f->columns[0].name, f->columns[0].name),
              &v, 1);
    ASSERT_OK(record_fixture_apply(t, plan));
}

static void tells_differences(RecordTest *t)
{
    World w;
    begin(&w, t);
    put_wrong(t, w.parents[0]);
    record_fixture_create(
        t, "order",
        str_z(t->arena, str_format(t->arena,
                                   "{\"account\":\"%lld\",\"placed_on\":\"2026-01-01\","
                                   "\"status\":\"confirmed\",\"total\":\"5.00\"}",
                                   (long long)w.parents[0])));
    assert_int_equal(figure(t, w.parents[0], "order_count")->i, 1001);
    expect_wrong(t, 1);
    Plan *plan = plan_new(&t->cx);
    record_rollup_repair(&t->cx, plan, record_fixture_object(t, "account"));
    ASSERT_OK(record_fixture_apply(t, plan));
    fill(t);
    expect_wrong(t, 0);
    assert_int_equal(figure(t, w.parents[0], "order_count")->i, 1);
}
TEST(record_rollup, tells_differences_and_the_sweep_repairs)
{
    record_fixture_run(tells_differences);
}

TEST_MAIN("record_rollup")
