/* SPDX-License-Identifier: Apache-2.0 */
/* Rows in groups: their order, counts and sums, levels, what is refused. */
#include "query_fixture.h"

static void make_world(QueryTest *t)
{
    query_fixture_add(t, "user", 5, 0, "name", "Ana", "login", "ana", NULL);
    query_fixture_add(t, "user", 6, 0, "name", "Bo", "login", "bo", NULL);
    query_fixture_add(t, "phase", 11, 0, "code", "talk", "name", "Talk", "position", "2", NULL);
    query_fixture_add(t, "phase", 12, 0, "code", "won", "name", "Won", "position", "1", NULL);
    query_fixture_add(t, "deal", 41, 5, "name", "a", "phase", "12", "amount", "100.00", "opened_on",
                      "2026-01-01", NULL);
    query_fixture_add(t, "deal", 42, 5, "name", "b", "phase", "11", "amount", "0.01", "opened_on",
                      "2026-01-31", NULL);
    query_fixture_add(t, "deal", 43, 6, "name", "c", "phase", "12", "amount", "0.02", "opened_on",
                      "2026-04-01", NULL);
    query_fixture_add(t, "deal", 44, 6, "name", "d", "opened_on", "2026-01-15", NULL);
    query_fixture_commit(t);
}

static QueryRows *grouped(QueryTest *t, const char *sort, const char *group, const char *sums,
                          const char *group_sort, Status want)
{
    QueryRows *r = NULL;
    ListQuery q = {.fields = STR("name"), .sort = str_of(sort)};
    json_t *parts[3] = {NULL};
    const char *texts[3] = {group, sums, group_sort};
    for (int i = 0; i < 3; i++)
        if (texts[i])
            ASSERT_OK(json_parse(&t->cx, str_of(texts[i]), &parts[i]));
    ASSERT_OK(query_rows_open(&t->cx, query_fixture_object(t, "deal"), &q, &r));
    Status st = query_rows_group(r, parts[0], parts[1], parts[2]);
    if (want == ST_OK)
        ASSERT_OK(st);
    else
        query_fixture_refused(t, st, "bad_parameter");
    return r;
}

/* "Won 2 100.02 CNY: ac | Talk 1 0.01 CNY: b" */
static const char *told(QueryTest *t, QueryRows *r)
{
    Buf out = buf_in(t->arena, 4096);
    int64_t count = 0;
    const Value *rows = NULL;
    size_t n = 0, n_groups = 0, last = SIZE_MAX;
    ASSERT_OK(query_rows_count(r, &count));
    ASSERT_OK(query_rows_next(r, &rows, &n));
    assert_int_equal(n, (size_t)count);
    const QueryGroup *groups = query_rows_groups(r, &n_groups);
    for (size_t i = 0; i < n; i++) {
        size_t at = query_rows_group_of(r, i);
        assert_true(at < n_groups);
        if (at != last) {
            const QueryGroup *g = &groups[at];
            buf_str_add(&out, str_of(last == SIZE_MAX ? "" : " | "));
            Str name;
            for (size_t k = g->shares; query_rows_level(r, k, &name); k++) {
                buf_str_add(&out, g->labels[k]);
                buf_char(&out, ' ');
            }
            buf_int(&out, g->rows);
            for (size_t k = 0; k < g->n_sums; k++) {
                buf_char(&out, ' ');
                if (query_sum_value(&t->cx, &g->sums[k], &out).t == V_NULL)
                    buf_char(&out, '-');
            }
            buf_lit(&out, ": ");
        }
        last = at;
        buf_str_add(&out, rows[i].s);
    }
    return buf_z(&out);
}

static void check_levels(QueryTest *t)
{
    make_world(t);
    /* in the order of the linked records; the order of the list within a group; nothing last */
    assert_string_equal(told(t, grouped(t, "-name", "[\"phase\"]", "[\"amount\"]", NULL, ST_OK)),
                        "Won 2 100.02 CNY: ca | Talk 1 0.01 CNY: b | (empty) 1 -: d");
    assert_string_equal(
        told(t, grouped(t, "name", "[{\"field\":\"opened_on\",\"bucket\":\"month\"},\"phase\"]",
                        "[\"amount\"]", "[\"-opened_on\"]", ST_OK)),
        "2026-04 Won 1 0.02 CNY: c | 2026-01 Won 1 100.00 CNY: a | Talk 1 0.01 CNY: b | "
        "(empty) 1 -: d");
    assert_string_equal(told(t, grouped(t, "", "[\"phase\"]", NULL, "[\"count\"]", ST_OK)),
                        "Talk 1: b | (empty) 1: d | Won 2: ca");
}
TEST(rows_groups, order_counts_and_sums_are_of_the_rows) { query_fixture_run(check_levels); }

static void check_refusals(QueryTest *t)
{
    make_world(t);
    grouped(t, "", "[]", NULL, NULL, ST_MALFORMED);
    grouped(t, "", "\"phase\"", NULL, NULL, ST_MALFORMED);
    grouped(t, "", "[\"phase\",\"firm\",\"is_hot\",\"opened_on\"]", NULL, NULL, ST_MALFORMED);
    grouped(t, "", "[\"phase\"]", "\"amount\"", NULL, ST_MALFORMED);
    grouped(t, "", "[\"phase\"]", "[1]", NULL, ST_MALFORMED);
    grouped(t, "", "[\"phase\"]", "[\"name\"]", NULL, ST_MALFORMED);
    grouped(t, "", "[\"phase\"]", NULL, "\"count\"", ST_MALFORMED);
    grouped(t, "", "[\"phase\",\"firm\"]", NULL, "[\"firm\"]", ST_MALFORMED);
    query_fixture_rights(t, &(QueryRights){.hide_field = "amount"});
    grouped(t, "", "[\"phase\"]", "[\"amount\"]", NULL, ST_MALFORMED);
}
TEST(rows_groups, what_cannot_be_grouped_is_refused) { query_fixture_run(check_refusals); }

/* A reader's groups are those of what he sees. */
static void check_rights(QueryTest *t)
{
    make_world(t);
    query_fixture_rights(t, &(QueryRights){.me = 6, .only_owner = 6});
    assert_string_equal(told(t, grouped(t, "name", "[\"phase\"]", "[\"amount\"]", NULL, ST_OK)),
                        "Won 1 0.02 CNY: c | (empty) 1 -: d");
}
TEST(rows_groups, follow_what_is_seen) { query_fixture_run(check_rights); }

TEST_MAIN("rows_groups")
