/* SPDX-License-Identifier: Apache-2.0 */
/* Single records, ids for jobs, titles, parameters.
 * Covers: query_params.c title.c */
#include "query_fixture.h"

static void make_world(QueryTest *t)
{
    query_fixture_add(t, "guest", 21, 0, "name", "Zoe", NULL);
    query_fixture_add(t, "guest", 22, 0, "name", "Yan", NULL);
    for (Id id = 41; id <= 45; id++)
        query_fixture_add(t, "deal", id, id % 2 ? 5 : 6, "name", "deal", "guests", "21", "pieces",
                          id > 43 ? "9" : "1", NULL);
    query_fixture_commit(t);
}

static void reads_one(QueryTest *t)
{
    const Object *deal = query_fixture_object(t, "deal");
    int64_t version = 0;
    Buf out = buf_in(t->arena, 1 << 20);
    make_world(t);
    ASSERT_OK(query_record(&t->cx, deal, 41, STR("name,guests"), STR_NULL, &out, &version));
    assert_int_equal(version, 1);
    assert_string_equal(buf_z(&out), "{\"id\":\"41\",\"version\":1,\"name\":\"deal\","
                                     "\"guests\":[{\"id\":\"21\",\"title\":\"Zoe\"}]}");
    query_fixture_refused(t, query_record(&t->cx, deal, 99, STR_NULL, STR_NULL, &out, &version),
                          "not_found");
    query_fixture_delete(t, "deal", 41);
    query_fixture_refused(t, query_record(&t->cx, deal, 41, STR_NULL, STR_NULL, &out, &version),
                          "gone");
    QueryRights others = {.me = 6, .only_owner = 6};
    query_fixture_rights(t, &others);
    query_fixture_refused(t, query_record(&t->cx, deal, 41, STR_NULL, STR_NULL, &out, &version),
                          "not_found");
    query_fixture_refused(t, query_record(&t->cx, deal, 43, STR_NULL, STR_NULL, &out, &version),
                          "not_found");
    bool visible;
    ASSERT_OK(query_visible(&t->cx, deal, 42, &visible));
    assert_true(visible);
    ASSERT_OK(query_visible(&t->cx, deal, 43, &visible));
    assert_false(visible);
}
TEST(query, reads_one_record) { query_fixture_run(reads_one); }

static void gives_ids(QueryTest *t)
{
    Id ids[3];
    size_t n;
    const Object *deal = query_fixture_object(t, "deal");
    make_world(t);
    ASSERT_OK(query_ids(&t->cx, deal, STR("pieces = 1"), 0, 2, ids, &n));
    assert_int_equal(n, 2);
    assert_int_equal(ids[1], 42);
    ASSERT_OK(query_ids(&t->cx, deal, STR("pieces = 1"), 42, 2, ids, &n));
    assert_int_equal(n, 1);
    assert_int_equal(ids[0], 43);
    Str titles[3];
    ASSERT_OK(query_titles(&t->cx, query_fixture_object(t, "guest"), (Id[]){22, 99, 21}, 3, titles,
                           NULL));
    assert_true(str_is(titles[0], "Yan") && !titles[1].p && str_is(titles[2], "Zoe"));
}
TEST(query, gives_ids_and_titles) { query_fixture_run(gives_ids); }

static ListQuery from_json(Ctx *cx, const char *text, Status expected)
{
    json_t *body;
    ListQuery q;
    ASSERT_OK(json_parse(cx, str_of(text), &body));
    ASSERT_ST(expected, query_list_from_json(cx, body, &q));
    error_clear(cx);
    return q;
}

TEST(query, reads_parameters)
{
    Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .lang = LANG_EN};
    ListQuery q =
        from_json(&cx, "{\"sort\":[\"-a\",\"b\"],\"limit\":7,\"count\":\"exact\"}", ST_OK);
    assert_true(str_is(q.sort, "-a,b"));
    assert_int_equal(q.limit, 7);
    assert_int_equal(q.count, COUNT_EXACT);
    q = from_json(&cx, "{}", ST_OK);
    assert_int_equal(q.limit, 50);
    from_json(&cx, "{\"limit\":0}", ST_MALFORMED);
    from_json(&cx, "{\"limit\":201}", ST_MALFORMED);
    from_json(&cx, "{\"limit\":\"7\"}", ST_MALFORMED);
    from_json(&cx, "{\"count\":\"maybe\"}", ST_MALFORMED);
    from_json(&cx, "{\"colour\":\"red\"}", ST_MALFORMED);
    from_json(&cx, "[]", ST_MALFORMED);
    arena_free(arena);
}

TEST_MAIN("query")
