/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the organisation of access_fixture.h. */
#include "access_fixture.h"

static void (*running)(AccessTest *);

static void add_rows(QueryTest *q)
{
    static const char *const ROLES[][2] = {
        {"301", "administrator"}, {"302", "seller"}, {"303", "sales_manager"}, {"304", "employee"}};
    for (size_t i = 0; i < COUNT_OF(ROLES); i++)
        query_fixture_add(q, "role", atoll(ROLES[i][0]), 0, "code", ROLES[i][1], "name",
                          ROLES[i][1], NULL);
    query_fixture_add(q, "department", 201, 0, "code", "head", "name", "Head", NULL);
    query_fixture_add(q, "department", 202, 0, "code", "east", "name", "East", "parent", "201",
                      NULL);
    query_fixture_add(q, "department", 203, 0, "code", "west", "name", "West", NULL);
    query_fixture_add(q, "user", 101, 0, "name", "Admin", "login", "admin", "department", "201",
                      "roles", "301", "language", "en", NULL);
    query_fixture_add(q, "user", 102, 0, "name", "Ana", "login", "Ana", "department", "201",
                      "roles", "302", "time_zone", "Europe/Berlin", NULL);
    query_fixture_add(q, "user", 103, 0, "name", "Bo", "login", "bo", "department", "202", "roles",
                      "302 304", NULL);
    query_fixture_add(q, "user", 104, 0, "name", "Mia", "login", "mia", "department", "201",
                      "roles", "303", NULL);
    query_fixture_add(q, "user", 105, 0, "name", "Leo", "login", "leo", "department", "201",
                      "roles", "302", "status", "left", NULL);
    query_fixture_add(q, "user", 106, 0, "name", "Eve", "login", "eve", "department", "203",
                      "roles", "304", NULL);
    query_fixture_add(q, "account", 401, 102, "name", "A", "department", "201", NULL);
    query_fixture_add(q, "account", 402, 103, "name", "B", "department", "202", NULL);
    query_fixture_add(q, "account", 403, 106, "name", "C", "department", "203", NULL);
    query_fixture_add(q, "pipeline", 501, 0, "code", "main", "name", "Main", NULL);
    query_fixture_add(q, "stage", 502, 0, "code", "first", "name", "First", "pipeline", "501",
                      NULL);
    query_fixture_add(q, "opportunity", 601, 102, "name", "OA", "account", "402", "stage", "502",
                      NULL);
    query_fixture_add(q, "opportunity", 602, 103, "name", "OB", "account", "401", "stage", "502",
                      NULL);
    query_fixture_add(q, "opportunity_line", 701, 0, "name", "LA", "opportunity", "601", NULL);
    query_fixture_add(q, "opportunity_line", 702, 0, "name", "LB", "opportunity", "602", NULL);
    query_fixture_commit(q);
}

static void body_of(QueryTest *q)
{
    AccessTest t = {.q = q, .cx = &q->cx};
    add_rows(q);
    ASSERT_OK(access_open(t.cx, q->pool, &t.store));
    running(&t);
    if (t.user)
        access_user_release(t.user);
    t.cx->user = NULL;
    access_close(t.store);
}

void access_fixture_run(void (*body)(AccessTest *))
{
    running = body;
    query_fixture_run(body_of);
}

void access_fixture_as(AccessTest *t, Id user)
{
    if (t->user)
        access_user_release(t->user);
    t->user = NULL;
    ASSERT_OK(access_user_load(t->cx, t->store, user, &t->user));
    access_act_as(t->cx, t->user);
}

void access_fixture_apply(AccessTest *t, Plan *p)
{
    Error kept = t->cx->err;
    error_clear(t->cx);
    ASSERT_OK(db_apply(t->q->pool, t->cx, p, NULL));
    t->cx->err = kept;
}
