/* SPDX-License-Identifier: Apache-2.0 */
/* Roles that positions bring: counted once, kept with where they come from, none of positions out of use. */
#include "access/access_internal.h"
#include "access_fixture.h"

static void hold(AccessTest *t)
{
    query_fixture_add(t->q, "position", 801, 0, "code", "lead", "name", "主管", "name_en", "Lead",
                      "roles", "303 302", "is_active", "true", NULL);
    query_fixture_add(t->q, "position", 802, 0, "code", "old", "name", "旧岗", "roles", "301",
                      "is_active", "false", NULL);
    query_fixture_add(t->q, "user", 107, 0, "name", "Pia", "login", "pia", "department", "203",
                      "roles", "302", "position", "801", "other_positions", "802", NULL);
    query_fixture_add(t->q, "user", 108, 0, "name", "Qi", "login", "qi", "department", "203",
                      "other_positions", "801", NULL);
    query_fixture_commit(t->q);
}

static void from(AccessTest *t)
{
    hold(t);
    access_fixture_as(t, 107);
    assert_int_equal(t->user->n_roles, 2);
    assert_true(str_is(t->user->roles[0], "seller") && str_is(t->user->roles[1], "sales_manager"));
    assert_false(t->user->is_administrator); /* the position that brings it is out of use */
    size_t own = 0, brought = 0;
    for (size_t i = 0; i < t->user->n_from; i++) {
        const RoleFrom *f = &t->user->from[i];
        own += f->position == 0;
        brought += f->position == 801 && str_is(f->name, "主管") && str_is(f->name_en, "Lead");
    }
    assert_int_equal(own, 1);
    assert_int_equal(brought, 2);
    access_fixture_as(t, 108);
    assert_int_equal(t->user->n_roles, 2);
    assert_int_equal(t->user->n_from, 2);
}
TEST(access_user_roles, adds_what_positions_bring) { access_fixture_run(from); }

static size_t holders(AccessTest *t, const char *role)
{
    const Object *user = query_fixture_object(t->q, "user");
    CLEANUP(stmt) Stmt *st = NULL;
    Sql q = sql_new(t->cx->arena);
    sql_lit(&q, "SELECT t0.\"id\" FROM ");
    sql_table(&q, user);
    sql_lit(&q, " t0 WHERE (1=0");
    access_user_has_role(t->cx, &q, 0, str_of(role));
    sql_lit(&q, ")");
    ASSERT_OK(db_prepare_str(t->cx, sql_text(&q), &st));
    ASSERT_OK(db_bind_all(st, q.vals->v, q.vals->n));
    for (size_t n = 0;; n++) {
        bool more = false;
        ASSERT_OK(db_next(st, &more));
        if (!more)
            return n;
    }
}

static void has(AccessTest *t)
{
    hold(t);
    assert_int_equal(holders(t, "seller"), 2);
    assert_int_equal(holders(t, "sales_manager"), 2);
    assert_int_equal(holders(t, "administrator"), 0);
}
TEST(access_user_roles, finds_who_holds_a_role_by_position) { access_fixture_run(has); }

TEST_MAIN("access_user_roles")
