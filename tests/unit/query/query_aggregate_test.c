/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates: figures, groups, buckets, order, exactness.
 * Covers: aggregate_median.c aggregate_order.c aggregate_parse.c aggregate_sql.c aggregate_write.c */
#include "query_fixture.h"
#include <math.h>

static void make_world(QueryTest *t)
{
    query_fixture_add(t, "user", 5, 0, "name", "Ana", "login", "ana", NULL);
    query_fixture_add(t, "phase", 11, 0, "code", "talk", "name", "Talk", "position", "2", NULL);
    query_fixture_add(t, "phase", 12, 0, "code", "won", "name", "Won", "position", "1", NULL);
    query_fixture_add(t, "firm", 31, 5, "name", "北辰", "level", "a", NULL);
    query_fixture_add(t, "firm", 32, 5, "name", "阿尔法", "level", "b", NULL);
    query_fixture_add(t, "deal", 41, 5, "name", "a", "firm", "31", "phase", "12", "amount",
                      "100.00", "opened_on", "2026-01-01", "closed_on", "2026-01-02", "met_at",
                      "2025-12-31T15:59:59Z", NULL);
    query_fixture_add(t, "deal", 42, 5, "name", "b", "firm", "31", "phase", "12", "amount", "0.01",
                      "opened_on", "2026-01-31", "closed_on", "2026-02-10", "met_at",
                      "2025-12-31T16:00:00Z", NULL);
    query_fixture_add(t, "deal", 43, 5, "name", "c", "firm", "32", "phase", "12", "amount", "0.02",
                      "opened_on", "2026-04-01", "closed_on", "2026-04-04", NULL);
    query_fixture_add(t, "deal", 44, 5, "name", "d", "phase", "11", "is_hot", "true", NULL);
    query_fixture_commit(t);
}

static void assert_answer(QueryTest *t, const char *body, const char *expected)
{
    const char *text = query_fixture_text(t, query_fixture_aggregate(t, "deal", body));
    assert_string_equal(text, expected);
}

static void figures(QueryTest *t)
{
    make_world(t);
    assert_answer(
        t,
        "{\"group\":[\"phase\"],\"measures\":[\"count\",{\"sum\":\"amount\"},{\"avg\":\"amount\"},"
        "{\"median\":\"days\"},{\"distinct\":\"firm\"},{\"max\":\"closed_on\"},{\"min\":\"amount\"}"
        "]}",
        "{\"rows\":[{\"phase\":{\"id\":\"12\",\"code\":\"won\",\"title\":\"Won\"},\"count\":3,"
        "\"sum_amount\":{\"value\":\"100.03\",\"currency\":\"CNY\"},"
        "\"avg_amount\":{\"value\":\"33.34333333333333\",\"currency\":\"CNY\"},"
        "\"median_days\":\"3.000000000000\",\"distinct_firm\":2,\"max_closed_on\":\"2026-04-04\","
        "\"min_amount\":{\"value\":\"0.01\",\"currency\":\"CNY\"}},"
        "{\"phase\":{\"id\":\"11\",\"code\":\"talk\",\"title\":\"Talk\"},\"count\":1,"
        "\"sum_amount\":null,\"avg_amount\":null,\"median_days\":null,\"distinct_firm\":0,"
        "\"max_closed_on\":null,\"min_amount\":null}],"
        "\"total\":{\"count\":4,\"sum_amount\":{\"value\":\"100.03\",\"currency\":\"CNY\"},"
        "\"avg_amount\":{\"value\":\"33.34333333333333\",\"currency\":\"CNY\"},"
        "\"median_days\":\"3.000000000000\",\"distinct_firm\":2,\"max_closed_on\":\"2026-04-04\","
        "\"min_amount\":{\"value\":\"0.01\",\"currency\":\"CNY\"}}}");
    assert_answer(
        t, "{\"measures\":[{\"median\":\"amount\"}],\"filter\":\"amount < 1\"}",
        "{\"rows\":[{\"median_amount\":{\"value\":\"0.01500000000000\",\"currency\":\"CNY\"}}],"
        "\"total\":{\"median_amount\":{\"value\":\"0.01500000000000\",\"currency\":\"CNY\"}}}");
}
TEST(query_aggregate, gives_exact_figures) { query_fixture_run(figures); }

static Status as_numbers(QueryTest *t, const char *body, QueryFigures *ret)
{
    json_t *j;
    assert_int_equal(json_parse(&t->cx, str_of(body), &j), ST_OK);
    return query_figures(&t->cx, query_fixture_object(t, "deal"), j, ret);
}

static void numbers(QueryTest *t)
{
    QueryFigures f;
    make_world(t);
    assert_int_equal(
        as_numbers(t,
                   "{\"group\":[\"firm\"],\"measures\":[\"count\",{\"sum\":\"amount\"},"
                   "{\"avg\":\"amount\"},{\"max\":\"closed_on\"}],\"sort\":[\"-sum_amount\"]}",
                   &f),
        ST_OK);
    const double expected[][4] = {{2, 100.01, 50.005, 20494}, {1, 0.02, 0.02, 20547}};
    const Id firms[] = {31, 32, 0};
    assert_int_equal(f.n, 3);
    assert_int_equal(f.measures, 4);
    for (size_t i = 0; i < 3; i++) {
        assert_true(f.ids[i] == firms[i]);
        for (size_t m = 0; i < 2 && m < 4; m++)
            assert_true(fabs(f.values[i * 4 + m] - expected[i][m]) < 1e-9);
    }
    assert_true(f.values[8] == 1 && isnan(f.values[9]) && isnan(f.values[10]) &&
                isnan(f.values[11]));
    assert_int_equal(as_numbers(t, "{\"group\":[\"firm\"],\"limit\":2}", &f), ST_OK);
    assert_int_equal(f.n, 2);
    assert_int_equal(as_numbers(t, "{\"group\":[\"is_hot\"]}", &f), ST_INTERNAL);
    error_clear(&t->cx);
}
TEST(query_aggregate, gives_numbers_to_kernels) { query_fixture_run(numbers); }

static void buckets(QueryTest *t)
{
    make_world(t);
    assert_answer(t, "{\"group\":[{\"field\":\"opened_on\",\"bucket\":\"month\"}]}",
                  "{\"rows\":[{\"opened_on\":\"2026-01\",\"count\":2},{\"opened_on\":\"2026-04\","
                  "\"count\":1},"
                  "{\"opened_on\":null,\"count\":1}],\"total\":{\"count\":4}}");
    assert_answer(
        t,
        "{\"group\":[{\"field\":\"opened_on\",\"bucket\":\"year\"},"
        "{\"field\":\"opened_on\",\"bucket\":\"quarter\"}],\"filter\":\"opened_on is not null\"}",
        "{\"rows\":[{\"opened_on\":\"2026\",\"opened_on_quarter\":\"2026-Q1\",\"count\":2},"
        "{\"opened_on\":\"2026\",\"opened_on_quarter\":\"2026-Q2\",\"count\":1}],"
        "\"total\":{\"count\":3}}");
    assert_answer(t,
                  "{\"group\":[{\"field\":\"opened_on\",\"bucket\":\"week\"}],"
                  "\"filter\":\"opened_on < \\\"2026-01-15\\\"\"}",
                  "{\"rows\":[{\"opened_on\":\"2026-W01\",\"count\":1}],\"total\":{\"count\":1}}");
    /* midnight in Shanghai is 16:00 UTC */
    assert_answer(
        t,
        "{\"group\":[{\"field\":\"met_at\",\"bucket\":\"day\"}],\"filter\":\"met_at is not null\"}",
        "{\"rows\":[{\"met_at\":\"2025-12-31\",\"count\":1},{\"met_at\":\"2026-01-01\",\"count\":1}"
        "],"
        "\"total\":{\"count\":2}}");
    assert_answer(
        t,
        "{\"group\":[{\"field\":\"met_at\",\"bucket\":\"day\"}],\"filter\":\"met_at is not null\","
        "\"time_zone\":\"UTC\"}",
        "{\"rows\":[{\"met_at\":\"2025-12-31\",\"count\":2}],\"total\":{\"count\":2}}");
}
TEST(query_aggregate, puts_days_into_buckets) { query_fixture_run(buckets); }

static void orders(QueryTest *t)
{
    make_world(t);
    assert_answer(
        t, "{\"group\":[\"firm\"],\"filter\":\"firm is not null\"}", /* by title, 阿 first */
        "{\"rows\":[{\"firm\":{\"id\":\"32\",\"title\":\"阿尔法\"},\"count\":1},"
        "{\"firm\":{\"id\":\"31\",\"title\":\"北辰\"},\"count\":2}],\"total\":{\"count\":3}}");
    assert_answer(t,
                  "{\"group\":[\"firm.level\"],\"measures\":[{\"sum\":\"amount\"}],"
                  "\"sort\":[\"-sum_amount\"],\"limit\":1}",
                  "{\"rows\":[{\"firm.level\":\"a\",\"sum_amount\":{\"value\":\"100.01\","
                  "\"currency\":\"CNY\"}}],"
                  "\"total\":{\"sum_amount\":{\"value\":\"100.03\",\"currency\":\"CNY\"}}}");
    assert_answer(
        t,
        "{\"group\":[\"firm\"],\"measures\":[{\"median\":\"days\"}],\"sort\":[\"-median_days\"],"
        "\"limit\":1}",
        "{\"rows\":[{\"firm\":{\"id\":\"31\",\"title\":\"北辰\"},\"median_days\":\"5."
        "500000000000\"}],"
        "\"total\":{\"median_days\":\"3.000000000000\"}}");
    assert_answer(t, "{\"group\":[\"is_hot\"],\"sort\":[\"-is_hot\"]}",
                  "{\"rows\":[{\"is_hot\":true,\"count\":1},{\"is_hot\":null,\"count\":3}],"
                  "\"total\":{\"count\":4}}");
}
TEST(query_aggregate, orders_rows) { query_fixture_run(orders); }

/* Beyond 2^63 in the smallest unit: a sum of the engine would overflow. */
static void is_exact(QueryTest *t)
{
    for (Id id = 1; id <= 20; id++)
        query_fixture_add(t, "deal", id, 5, "name", "big", "amount", "90000000000000000.01", NULL);
    query_fixture_add(t, "deal", 21, 5, "name", "less", "amount", "-0.21", NULL);
    query_fixture_commit(t);
    assert_answer(
        t, "{\"measures\":[{\"sum\":\"amount\"}]}",
        "{\"rows\":[{\"sum_amount\":{\"value\":\"1799999999999999999.99\",\"currency\":\"CNY\"}}],"
        "\"total\":{\"sum_amount\":{\"value\":\"1799999999999999999.99\",\"currency\":\"CNY\"}}}");
}
TEST(query_aggregate, adds_beyond_64_bits) { query_fixture_run(is_exact); }

static void respects_rights(QueryTest *t)
{
    make_world(t);
    QueryRights nobody = {.me = 6, .only_owner = 6};
    query_fixture_rights(t, &nobody);
    assert_answer(t, "{\"group\":[\"phase\"]}", "{\"rows\":[],\"total\":{\"count\":0}}");
    QueryRights no_amount = {.me = 5, .hide_field = "amount"};
    query_fixture_rights(t, &no_amount);
    static const char *const REFUSED[] = {
        "{\"measures\":[{\"sum\":\"amount\"}]}",
        "{\"measures\":[{\"sum\":\"name\"}]}",
        "{\"measures\":[\"sum\"]}",
        "{\"measures\":[{\"total\":\"pieces\"}]}",
        "{\"group\":[{\"field\":\"opened_on\",\"bucket\":\"hour\"}]}",
        "{\"group\":[\"phase\",\"phase\"]}",
        "{\"sort\":[\"amount\"]}",
        "{\"limit\":10001}",
        "{\"as_of\":\"yesterday\"}",
        "{\"time_zone\":\"Mars/Olympus\"}",
        "{\"groups\":[]}",
        "{\"group\":[{\"field\":\"name\",\"bucket\":\"day\"}]}",
    };
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++) {
        json_t *body;
        Buf out = buf_in(t->arena, 1 << 20);
        ASSERT_OK(json_parse(&t->cx, str_of(REFUSED[i]), &body));
        query_fixture_refused(t,
                              query_aggregate(&t->cx, query_fixture_object(t, "deal"), body, &out),
                              "bad_parameter");
    }
}
TEST(query_aggregate, respects_rights_and_refuses) { query_fixture_run(respects_rights); }

TEST_MAIN("query_aggregate")
