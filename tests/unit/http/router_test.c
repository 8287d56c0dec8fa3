/* SPDX-License-Identifier: Apache-2.0 */
/* Routing rules, and strict query strings against a table.
 * Covers: router.c query_string.c */
#include "../test.h"

#include "http/query_string.h"
#include "http/router.h"

static const Route ROUTES[] = {
    {"GET", "/", READ, NULL, "", "root", 0, 0, NULL},
    {"GET", "/api/{plural}", READ, NULL, "", "list", 0, 0, NULL},
    {"POST", "/api/{plural}", WRITE, NULL, "", "create", 0, 0, NULL},
    {"POST", "/api/{plural}/bulk", WRITE, NULL, "", "bulk", 0, 0, NULL},
    {"GET", "/api/{plural}/{id}", READ, NULL, "", "read", 0, 0, NULL},
    {"GET", "/api/{object}/{key}/history", READ, NULL, "", "history", 0, 0, NULL},
    {"GET", "/api/meta/objects", READ, NULL, "", "objects", 0, 0, NULL},
    {"GET", "/api/meta", READ, NULL, "", "meta", 0, 0, NULL},
    {0},
};

static RouterMatch match(Arena *a, const char *method, const char *path)
{
    static const Route *const TABLES[] = {ROUTES, NULL};
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Router *r;
    RouterMatch m;
    assert_int_equal(router_new(&cx, a, TABLES, &r), ST_OK);
    assert_true(router_match(r, a, str_of(method), str_of(path), &m));
    return m;
}

TEST(router, chooses_rows)
{
    static const struct {
        const char *method, *path, *summary, *allow;
    } CASES[] = {
        {"GET", "/", "root", "GET, HEAD"},
        {"GET", "/api/accounts", "list", "GET, HEAD, POST"},
        {"HEAD", "/api/accounts", "list", "GET, HEAD, POST"},
        {"POST", "/api/accounts", "create", "GET, HEAD, POST"},
        {"DELETE", "/api/accounts", NULL, "GET, HEAD, POST"},
        {"GET", "/api/accounts/7", "read", "GET, HEAD"},
        {"POST", "/api/accounts/bulk", "bulk", "POST"},
        {"GET", "/api/accounts/bulk", NULL, "POST"},
        {"GET", "/api/meta", "meta", "GET, HEAD"},
        {"GET", "/api/meta/objects", "objects", "GET, HEAD"},
        {"GET", "/api/meta/7", "read", "GET, HEAD"}, /* the literal branch ends: {plural} */
        {"GET", "/api/meta/objects/history", "history", "GET, HEAD"},
        {"GET", "/api", NULL, ""},
        {"GET", "/api/", NULL, ""},
        {"GET", "/api/accounts/", NULL, ""},
        {"GET", "/api//7", NULL, ""},
        {"GET", "/api/a/b/c", NULL, ""},
        {"GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14", NULL, ""},
    };
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        RouterMatch m = match(a, CASES[i].method, CASES[i].path);
        const char *got = m.route ? m.route->summary : NULL;
        if (!got != !CASES[i].summary || (got && strcmp(got, CASES[i].summary)))
            fail_msg("%s %s gave %s", CASES[i].method, CASES[i].path, got ? got : "nothing");
        assert_true(str_is(m.allow, CASES[i].allow));
    }
    arena_free(a);
}

TEST(router, names_parameters_as_each_row_does)
{
    Arena *a = arena_new(4096);
    RouterMatch m = match(a, "GET", "/api/accounts/a%2Fb%20c/history");
    assert_int_equal(m.n, 2);
    assert_true(str_is(m.names[0], "object") && str_is(m.names[1], "key"));
    assert_true(str_is(m.values[0], "accounts") && str_is(m.values[1], "a/b c"));
    m = match(a, "GET",
              "/api/meta/objects/history"); /* nothing is left of the literal branch tried */
    assert_int_equal(m.n, 2);
    assert_true(str_is(m.values[0], "meta") && str_is(m.values[1], "objects"));
    arena_free(a);
}

TEST(router, refuses_rows_that_stand_twice)
{
    static const Route TWICE[] = {{"GET", "/a/{x}", READ, NULL, "", "", 0, 0, NULL},
                                  {"GET", "/a/{y}", READ, NULL, "", "", 0, 0, NULL},
                                  {0}};
    static const Route *const TABLES[] = {TWICE, NULL};
    Arena *a = arena_new(4096);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    Router *r;
    assert_int_equal(router_new(&cx, a, TABLES, &r), ST_INTERNAL);
    arena_free(a);
}

TEST(query_string, reads_strictly)
{
    static const struct {
        const char *raw, *allowed, *bad;
        size_t n;
    } CASES[] = {
        {"", "a", NULL, 0},
        {"&&", "a", NULL, 0},
        {"a=1&b=2", "a b", NULL, 2},
        {"a", "a", NULL, 1},
        {"a=", "a", NULL, 1},
        {"a=1=2", "a", NULL, 1},
        {"%61=1", "a", NULL, 1},
        {"a=1", NULL, "a", 0},
        {"ab=1", "a b", "ab", 0},
        {"=1", "a", "", 0},
        {"a=1&a=1", "a", "a", 0},
        {"a=1&%61=1", "a", "a", 0},
        {"a=%", "a", "a", 0},
        {"a=%4", "a", "a", 0},
        {"a=%4x", "a", "a", 0},
        {"a=%C3", "a", "a", 0},
        {"a=%ED%A0%80", "a", "a", 0},
        {"a=x%00", "a", "a", 0},
        {"a=1&b=2&c=3&d=4&e=5", "a b c d e", "e", 0},
    };
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        QueryPair out[4];
        size_t n;
        Str bad;
        bool ok = query_string_parse(a, str_of(CASES[i].raw), CASES[i].allowed, out, 4, &n, &bad);
        if (ok != !CASES[i].bad || (!ok && !str_is(bad, CASES[i].bad)) || (ok && n != CASES[i].n))
            fail_msg("%s gave %d, %.*s", CASES[i].raw, ok, STR_ARG(bad));
    }
    arena_free(a);
}

TEST(query_string, decodes_values)
{
    Arena *a = arena_new(4096);
    QueryPair out[4];
    size_t n;
    Str bad;
    assert_true(
        query_string_parse(a, STR("f=a+b%2Bc&q=%E5%AE%A2%e6%88%b7&e"), "e f q", out, 4, &n, &bad));
    assert_true(str_is(out[0].value, "a b+c"));
    assert_true(str_is(out[1].value, "客户"));
    assert_true(str_is(out[2].value, "") && out[2].value.p);
    Str path;
    assert_true(query_string_decode(a, STR("a+b%2Bc"), false, &path));
    assert_true(str_is(path, "a+b+c"));
    arena_free(a);
}

TEST_MAIN("router")
