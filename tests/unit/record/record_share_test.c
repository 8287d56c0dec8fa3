/* SPDX-License-Identifier: Apache-2.0 */
/* The shares of a field follow each write of it, and its way into the bin and back. Covers: record_share.c,
 * meta/meta_shares.c */
#include "access/share.h"
#include "meta/meta_shares.h"
#include "record_fixture.h"

static const char SQL_OF_FIELD[] =
    "SELECT count(*) FROM {gx_share} WHERE record = ?1 AND source = 4 AND level = 2 AND kind = 1";

static Id department(RecordTest *t)
{
    return record_fixture_create(t, "department", "{\"name\":\"Head\"}")->id;
}

static Id person(RecordTest *t, const char *login, Id where)
{
    Str body = str_format(
        t->arena,
        "{\"name\":\"%s\",\"login\":\"%s\",\"status\":\"active\",\"department\":\"%lld\"}", login,
        login, (long long)where);
    return record_fixture_create(t, "user", str_z(t->arena, body))->id;
}

static Status name_them(RecordTest *t, Id account, const Id *ids, size_t n)
{
    Buf b = buf_in(t->arena, 1024);
    buf_lit(&b, "{\"collaborators\":[");
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s\"%lld\"", i ? "," : "", (long long)ids[i]);
    buf_lit(&b, "]}");
    return record_fixture_update(t, "account", account, str_z(t->arena, buf_str(&b)));
}

static void bin_and_back(RecordTest *t, Id account)
{
    const Field *f = object_field(record_fixture_object(t, "account"), STR("collaborators"));
    Plan *plan = plan_new(&t->cx);
    meta_shares_close(plan, f);
    ASSERT_OK(record_fixture_apply(t, plan));
    assert_int_equal(record_fixture_count(t, SQL_OF_FIELD, account), 0);
    for (int i = 0; i < 2; i++) { /* twice: rows that are there already are no harm */
        plan = plan_new(&t->cx);
        meta_shares_open(&t->cx, plan, f);
        ASSERT_OK(record_fixture_apply(t, plan));
    }
    assert_int_equal(record_fixture_count(t, SQL_OF_FIELD, account), 2);
}

static void follows_the_field(RecordTest *t)
{
    Id where = department(t);
    Id people[] = {person(t, "ann", where), person(t, "ben", where), person(t, "cid", where)};
    Id account = record_fixture_create(t, "account", "{\"name\":\"A\"}")->id;
    assert_int_equal(record_fixture_count(t, SQL_OF_FIELD, account), 0);
    ASSERT_OK(name_them(t, account, people, 3));
    assert_int_equal(record_fixture_count(t, SQL_OF_FIELD, account), 3);
    ASSERT_OK(name_them(t, account, people + 1, 2));
    assert_int_equal(record_fixture_count(t, SQL_OF_FIELD, account), 2);
    assert_int_equal(record_fixture_count(t,
                                          "SELECT count(*) FROM {gx_share} WHERE record = ?1 AND "
                                          "touched < 0",
                                          account),
                     0);
    ASSERT_OK(record_fixture_delete(t, "account", account));
    assert_int_equal(record_fixture_count(t, SQL_OF_FIELD, account), 2); /* stay for its return */
    Id other = record_fixture_create(t, "account", "{\"name\":\"B\"}")->id;
    ASSERT_OK(name_them(t, other, people, 2));
    bin_and_back(t, other);
    assert_int_equal(record_fixture_count(t, SQL_OF_FIELD, account), 0); /* not live: no rows */
}

TEST(record_share, follows_the_field_into_the_bin_and_back)
{
    record_fixture_run(follows_the_field);
}

TEST(record_share, knows_whom_a_link_may_name)
{
    assert_int_equal(meta_shares_kind(STR("user")), SHARE_USER);
    assert_int_equal(meta_shares_kind(STR("team")), SHARE_TEAM);
    assert_int_equal(meta_shares_kind(STR("department")), SHARE_DEPARTMENT);
    assert_int_equal(meta_shares_kind(STR("role")), SHARE_ROLE);
    assert_int_equal(meta_shares_kind(STR("account")), 0);
    assert_int_equal(META_SHARES_SOURCE, SHARE_BY_FIELD);
}

TEST_MAIN("record_share")
