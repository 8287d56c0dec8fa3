/* SPDX-License-Identifier: Apache-2.0 */
/* What is due in the bin of the catalogue, when, and what a purge leaves in the database. */
#include "meta/meta_purge.h"
#include "meta_fixture.h"

#define DAY INT64_C(86400000)

static void make(MetaTest *t, const char *text)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(meta_create_object(&t->cx, t->store, meta_fixture_json(t, text), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static void removed(MetaTest *t, const char *object, const char *field)
{
    const Object *o = meta_object(t->cx.meta, str_of(object));
    Plan *plan = plan_new(&t->cx);
    if (field)
        ASSERT_OK(meta_remove_field(&t->cx, t->store, object_field(o, str_of(field)), plan));
    else
        ASSERT_OK(meta_remove_object(&t->cx, t->store, o, plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static MetaDueList due(MetaTest *t, int64_t days)
{
    MetaDueList list = {0};
    ASSERT_OK(meta_purge_due(&t->cx, t->store, t->cx.now_ms + days * DAY, &list));
    return list;
}

static void keeps_time(MetaTest *t)
{
    make(t, "{'object':'box','plural':'boxes','fields':[{'name':'name','type':'text'},"
            "{'name':'note','type':'text','unique':true}]}");
    make(t, "{'object':'bag','plural':'bags','fields':[{'name':'name','type':'text'}]}");
    assert_int_equal(due(t, 1000).n, 0);
    removed(t, "box", "note");
    removed(t, "bag", NULL);
    assert_int_equal(due(t, 29).n, 0);
    MetaDueList list = due(t, 31);
    assert_int_equal(list.n, 2);
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(
        meta_set_organisation(&t->cx, t->store, meta_fixture_json(t, "{'bin_days':90}"), plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    assert_int_equal(due(t, 89).n, 0);
    assert_int_equal(due(t, 91).n, 2);
}

static void restored_is_not_due(MetaTest *t)
{
    make(t, "{'object':'box','plural':'boxes','fields':[{'name':'name','type':'text'},"
            "{'name':'note','type':'text'}]}");
    removed(t, "box", "note");
    Buf answer = buf_in(t->arena, 1024 * 1024);
    Plan *plan = plan_new(&t->cx);
    const Object *o = meta_object(t->cx.meta, STR("box"));
    ASSERT_OK(meta_restore_field(&t->cx, t->store, o, STR("note"), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    assert_int_equal(due(t, 1000).n, 0);
    plan = plan_new(&t->cx);
    ASSERT_ST(ST_NOT_FOUND, meta_purge_field(&t->cx, t->store, meta_object(t->cx.meta, STR("box")),
                                             STR("note"), plan));
}

static void leaves_nothing(MetaTest *t)
{
    make(t, "{'object':'box','plural':'boxes','fields':[{'name':'name','type':'text'},"
            "{'name':'note','type':'text','unique':true},{'name':'tags','type':'tags'}]}");
    removed(t, "box", "note");
    removed(t, "box", "tags");
    const char *const keys[] = {"note", "tags"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        Plan *plan = plan_new(&t->cx);
        ASSERT_OK(meta_purge_field(&t->cx, t->store, meta_object(t->cx.meta, STR("box")),
                                   str_of(keys[i]), plan));
        ASSERT_OK(meta_fixture_apply(t, plan));
        meta_fixture_next(t);
    }
    meta_fixture_reopen(t);
    const Object *o = meta_object(t->cx.meta, STR("box"));
    MetaMissing missing = {0};
    ASSERT_OK(meta_database_missing(&t->cx, t->cx.meta, plan_new(&t->cx), &missing));
    assert_int_equal(missing.list.n, 0);
    assert_int_equal(o->n_kept, 0);
    assert_null(object_field(o, STR("note")));
}

TEST(meta_purge, waits_as_long_as_the_organisation_says) { meta_fixture_run(keeps_time); }
TEST(meta_purge, leaves_what_was_brought_back) { meta_fixture_run(restored_is_not_due); }
TEST(meta_purge, leaves_nothing_behind) { meta_fixture_run(leaves_nothing); }

TEST_MAIN("meta_purge")
