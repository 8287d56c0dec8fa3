/* SPDX-License-Identifier: Apache-2.0 */
/* The log of the catalogue, taking changes back, the bin, and views that miss a field.
 * Covers: meta_log.c meta_revert.c meta_bin.c meta_missing.c meta_variants.c */
#include "meta/meta_log.h"
#include "meta_fixture.h"

static const char THING[] =
    "{'object':'thing','plural':'things','fields':[{'name':'name','type':'text'},"
    "{'name':'note','type':'text'}],'views':[{'view':'noted','kind':'table',"
    "'filter':'note = \\'x\\'','columns':[{'field':'name'},{'field':'note'}]}]}";

static void make_thing(MetaTest *t)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    Plan *plan = plan_new(&t->cx);
    t->cx.user_id = 7;
    ASSERT_OK(meta_create_object(&t->cx, t->store, meta_fixture_json(t, THING), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static const Object *thing(MetaTest *t) { return meta_object(t->cx.meta, STR("thing")); }

static void relabel(MetaTest *t, const char *body)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(meta_patch_field(&t->cx, t->store, object_field(thing(t), STR("note")),
                               meta_fixture_json(t, body), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static Status revert(MetaTest *t, int64_t version)
{
    Plan *plan = plan_new(&t->cx);
    TRY(meta_revert(&t->cx, t->store, version, plan));
    TRY(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    return ST_OK;
}

static void remove_note(MetaTest *t)
{
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(meta_remove_field(&t->cx, t->store, object_field(thing(t), STR("note")), plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static void check_entries(MetaTest *t)
{
    MetaLogEntry list[5], one;
    size_t n = 0;
    make_thing(t);
    relabel(t, "{'label':{'en':'Remark'}}");
    ASSERT_OK(meta_log_list(&t->cx, 0, STR("thing"), 5, list, &n));
    assert_int_equal(n, 2);
    assert_true(str_is(list[0].action, "field.change"));
    assert_true(str_is(list[0].name, "note"));
    assert_true(str_is(list[1].action, "object.create"));
    assert_int_equal(list[1].by, 7);
    assert_int_equal(list[0].version, t->cx.meta->version);
    ASSERT_OK(meta_log_list(&t->cx, list[0].version, STR("thing"), 5, list, &n));
    assert_int_equal(n, 1);
    ASSERT_OK(meta_log_get(&t->cx, t->cx.meta->version, &one));
    assert_int_equal(one.diffs.list.n, 1);
    assert_int_equal(meta_log_get(&t->cx, 1 << 20, &one), ST_NOT_FOUND);
}

static void check_revert(MetaTest *t)
{
    make_thing(t);
    relabel(t, "{'label':{'en':'Remark'}}");
    int64_t version = t->cx.meta->version;
    ASSERT_OK(revert(t, version));
    assert_true(str_is(object_field(thing(t), STR("note"))->label.en, "Note"));
    assert_int_equal(revert(t, version), ST_CONFLICT);
    meta_fixture_next(t);
    relabel(t, "{'label':{'en':'One'}}");
    version = t->cx.meta->version;
    relabel(t, "{'label':{'en':'Two'}}");
    assert_int_not_equal(revert(t, version), ST_OK);
    assert_non_null(meta_fixture_error(t, "object.thing.fields.note.label"));
    meta_fixture_next(t);
    assert_true(str_is(object_field(thing(t), STR("note"))->label.en, "Two"));
}

static const json_t *noted(MetaTest *t) { return json_array_get(thing(t)->views, 0); }

static void check_bin(MetaTest *t)
{
    make_thing(t);
    remove_note(t);
    Buf bin = buf_in(t->cx.arena, 65536), answer = buf_in(t->cx.arena, 65536); /* of this turn */
    assert_null(object_field(thing(t), STR("note")));
    assert_int_equal(thing(t)->n_kept, 1);
    assert_int_equal(json_array_size(json_object_get(noted(t), "columns")), 1);
    assert_true(str_is(json_get_str(json_object_get(noted(t), "broken"), "part"), "filter"));
    ASSERT_OK(meta_write_bin(&t->cx, t->store, NULL, &bin));
    assert_non_null(strstr(buf_z(&bin), "\"object\":\"thing\",\"field\":\"note\""));
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(meta_restore_field(&t->cx, t->store, thing(t), STR("note"), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    assert_non_null(object_field(thing(t), STR("note")));
    assert_int_equal(thing(t)->n_kept, 0);
    assert_null(json_object_get(noted(t), "broken"));
    assert_int_equal(json_array_size(json_object_get(noted(t), "columns")), 2);
}

static void check_removed_object(MetaTest *t)
{
    make_thing(t);
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(meta_remove_object(&t->cx, t->store, thing(t), plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    assert_null(thing(t));
    Buf answer = buf_in(t->cx.arena, 65536), again = {0};
    plan = plan_new(&t->cx);
    assert_int_not_equal(
        meta_create_object(&t->cx, t->store, meta_fixture_json(t, THING), plan, &answer), ST_OK);
    meta_fixture_next(t);
    plan = plan_new(&t->cx);
    again = buf_in(t->cx.arena, 65536);
    ASSERT_OK(meta_restore_object(&t->cx, t->store, STR("thing"), plan, &again));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    assert_non_null(thing(t));
}

TEST(meta_log, tells_who_changed_what) { meta_fixture_run(check_entries); }
TEST(meta_log, takes_a_change_back_unless_it_was_changed_since) { meta_fixture_run(check_revert); }
TEST(meta_log, removed_fields_are_missed_by_name_and_come_back) { meta_fixture_run(check_bin); }
TEST(meta_log, removed_objects_keep_their_name) { meta_fixture_run(check_removed_object); }

TEST_MAIN("meta_log")
