/* SPDX-License-Identifier: Apache-2.0 */
/* Rights: what users see through lists, paths and lines, what they may do, fields, caches.
 * Covers: access_explain.c access_rights.c access_user.c */
#include "access_fixture.h"

static const char *seen(AccessTest *t, const char *object)
{
    ListQuery q = {.sort = STR("id"), .fields = STR("id")};
    return query_fixture_ids(t->q, query_fixture_list(t->q, object, q));
}

static void scopes(AccessTest *t)
{
    access_fixture_as(t, 101);
    assert_string_equal(seen(t, "account"), "401 402 403");
    access_fixture_as(t, 102); /* own */
    assert_string_equal(seen(t, "account"), "401");
    assert_string_equal(seen(t, "opportunity"), "601");
    assert_string_equal(seen(t, "opportunity_line"), "701");
    assert_string_equal(seen(t, "user"), "101 102 103 104 105 106");
    access_fixture_as(t, 104); /* department and below */
    assert_string_equal(seen(t, "account"), "401 402");
    access_fixture_as(t, USER_SYSTEM);
    assert_string_equal(seen(t, "account"), "401 402 403");
}
TEST(access, shows_what_the_roles_allow) { access_fixture_run(scopes); }

/* The account behind Ana's opportunity belongs to Bo: neither title nor value nor filter tells. */
static void paths(AccessTest *t)
{
    access_fixture_as(t, 102);
    ListQuery q = {.fields = STR("account,account.name")};
    json_t *list = query_fixture_list(t->q, "opportunity", q);
    const json_t *item = json_array_get(json_object_get(list, "items"), 0);
    assert_string_equal(query_fixture_text(t->q, item),
                        "{\"id\":\"601\",\"version\":1,\"account\":{\"id\":\"402\",\"title\":null},"
                        "\"account.name\":null}");
    q.filter = STR("account.name = \"B\"");
    assert_string_equal(query_fixture_ids(t->q, query_fixture_list(t->q, "opportunity", q)), "");
    q.filter = STR("account.name is null");
    assert_string_equal(query_fixture_ids(t->q, query_fixture_list(t->q, "opportunity", q)), "601");
}
TEST(access, hides_what_lies_behind_links) { access_fixture_run(paths); }

static bool may(AccessTest *t, const Object *o, AccessAction action, const AccessRecord *r)
{
    bool ret = false;
    ASSERT_OK(access_may(t->cx, o, action, r, &ret));
    return ret;
}

static void actions(AccessTest *t)
{
    const Object *account = query_fixture_object(t->q, "account");
    AccessRecord mine = {.id = 401, .owner = 102, .department = 201};
    AccessRecord other = {.id = 402, .owner = 103, .department = 202};
    access_fixture_as(t, 102);
    assert_true(may(t, account, ACCESS_READ, &mine));
    assert_true(may(t, account, ACCESS_UPDATE, &mine));
    assert_false(may(t, account, ACCESS_DELETE, &mine));
    assert_false(may(t, account, ACCESS_READ, &other));
    assert_true(may(t, account, ACCESS_CREATE, NULL));
    assert_false(may(t, account, ACCESS_IMPORT, NULL));
    query_fixture_refused(t->q, access_require(t->cx, account, ACCESS_DELETE, &mine), "forbidden");
    assert_int_equal(access_field(t->cx, object_field(account, STR("credit_limit"))), FIELD_READ);
    access_fixture_as(t, 104);
    assert_true(may(t, account, ACCESS_DELETE, &other));
    access_fixture_as(t, 106);
    assert_false(may(t, account, ACCESS_READ, &mine));
    assert_false(access_has_right(t->cx, "customise"));
    query_fixture_refused(t->q, access_require_right(t->cx, "customise"), "forbidden");
    access_fixture_as(t, 101);
    assert_true(access_has_right(t->cx, "customise"));
}
TEST(access, says_who_may_do_what) { access_fixture_run(actions); }

static void fields(AccessTest *t)
{
    const Object *user = query_fixture_object(t->q, "user");
    const Field *birthday = object_field(user, STR("birthday"));
    access_fixture_as(t, 102);
    assert_int_equal(access_field(t->cx, birthday), FIELD_HIDDEN);
    Buf out = buf_in(t->q->arena, 1 << 20);
    ListQuery q = {.filter = STR("birthday > \"2000-01-01\""), .limit = 5};
    query_fixture_refused(t->q, query_list(t->cx, user, &q, &out), "bad_expression");
    json_t *list = query_fixture_list(t->q, "user", (ListQuery){.limit = 1});
    assert_null(json_object_get(json_array_get(json_object_get(list, "items"), 0), "birthday"));
    access_fixture_as(t, 101);
    assert_int_equal(access_field(t->cx, birthday), FIELD_WRITE);
}
TEST(access, hides_fields) { access_fixture_run(fields); }

static void explains(AccessTest *t)
{
    const Object *account = query_fixture_object(t->q, "account");
    AccessRecord mine = {.id = 402, .owner = 103, .department = 202};
    Buf out = buf_in(t->q->arena, 4096);
    access_fixture_as(t, 103);
    ASSERT_OK(access_explain(t->cx, account, &mine, &out));
    assert_string_equal(buf_z(&out),
                        "{\"read\":true,\"update\":true,\"delete\":false,\"export\":false,"
                        "\"share\":true,\"transfer\":true,\"bulk\":true,"
                        "\"because\":[{\"rule\":\"role:seller own\"}]");
    access_fixture_as(t, 102);
    query_fixture_refused(t->q, access_explain(t->cx, account, &mine, &out), "not_found");
}
TEST(access, explains_itself) { access_fixture_run(explains); }

static void caches(AccessTest *t)
{
    const User *again;
    access_fixture_as(t, 102);
    assert_true(t->user->lang == LANG_ZH && str_is(t->user->login, "Ana"));
    assert_string_equal(t->user->zone->name, "Europe/Berlin");
    uint32_t before = t->cx->stats.statements;
    ASSERT_OK(access_user_load(t->cx, t->store, 102, &again));
    assert_ptr_equal(again, t->user);
    assert_int_equal(t->cx->stats.statements, before);
    access_user_release(again);
    Plan *p = plan_new(t->cx);
    int64_t epoch = access_epoch(t->store);
    access_changed(t->cx, p);
    access_fixture_apply(t, p);
    assert_int_equal(access_epoch(t->store), epoch + 1);
    ASSERT_OK(access_refresh(t->cx, t->store));
    assert_int_equal(access_epoch(t->store), epoch + 1);
    ASSERT_OK(access_user_load(t->cx, t->store, 102, &again));
    assert_ptr_not_equal(again, t->user);
    access_user_release(again);
    query_fixture_refused(t->q, access_user_load(t->cx, t->store, 105, &again), "unauthenticated");
    query_fixture_refused(t->q, access_user_load(t->cx, t->store, 999, &again), "unauthenticated");
}
TEST(access, keeps_users_for_one_epoch) { access_fixture_run(caches); }

TEST_MAIN("access")
