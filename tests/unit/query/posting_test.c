/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of rows read without FTS5 against FTS5 itself: over random rows in one and in many segments, lists of one leaf
 * and of dozens, ids that are near and far from one another; and what is not as expected is not answered.
 * Covers: search/posting.c search/search_sql.c */
#include "query_fixture.h"
#include "search/search.h"

#define FIRST (INT64_C(1) << 40)
#define TOKENS 12

typedef struct Rows {
    QueryTest *t;
    uint64_t random;
    Id *ids; /* ascending */
    size_t n;
} Rows;

static size_t below(Rows *r, size_t n)
{
    r->random = r->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (size_t)(r->random >> 33) % n;
}

/* Token k stands in every 2^k-th row or so; all begin alike, the last ones are Han. */
static Str random_tokens(Rows *r)
{
    Buf out = buf_in(r->t->arena, 400);
    for (size_t k = 0; k < TOKENS; k++)
        if (below(r, (size_t)1 << k) == 0)
            buf_printf(&out, "%s%zu ", k < TOKENS / 2 ? "common" : "京都", k);
    if (below(r, 3) == 0)
        buf_lit(&out, "京^");
    return str_trim(buf_str(&out));
}

static void apply(QueryTest *t, Plan *p) { ASSERT_OK(db_apply(t->pool, &t->cx, p, NULL)); }

/* One commit is one segment; a far id now and then. */
static void put_rows(Rows *r, size_t n)
{
    static const char SQL_PUT[] = "INSERT INTO {gx_search_a} (rowid, tokens) VALUES (?1, ?2)";
    Plan *p = plan_new(&r->t->cx);
    for (size_t i = 0; i < n; i++) {
        Id last = r->n ? r->ids[r->n - 1] : FIRST;
        r->ids[r->n] = last + 1 + (Id)below(r, below(r, 50) ? 3 : (size_t)1 << 30);
        const DbVal v[] = {db_int(r->ids[r->n++]), db_text(random_tokens(r))};
        plan_exec(p, STR_SQL(SQL_PUT), v, COUNT_OF(v));
    }
    apply(r->t, p);
}

static const char SQL_FOUND[] = "SELECT rowid FROM {gx_search_a} WHERE \"gx_search_a\" MATCH ?1 "
                                "ORDER BY rowid";

static bool holds(const Id *v, size_t n, Id id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == id)
            return true;
    return false;
}

/* Of every step-th id: what FTS5 finds among them and nothing else. */
static void same(Rows *r, const char *match, size_t step)
{
    QueryTest *t = r->t;
    Id *asked = ARENA_ARRAY(t->arena, Id, r->n + 1);
    const Id *found;
    size_t n = 0, n_found, at = 0;
    bool known = false, row;
    for (size_t i = 0; i < r->n; i += step)
        asked[n++] = r->ids[i];
    ASSERT_OK(search_among(&t->cx, str_of(match), asked, n, &found, &n_found, &known));
    assert_true(known);
    CLEANUP(stmt) Stmt *q = NULL;
    ASSERT_OK(db_prepare(&t->cx, SQL_FOUND, &q));
    ASSERT_OK(db_bind_text(q, 1, str_of(match)));
    ASSERT_OK(db_next(q, &row));
    while (row) {
        Id id = db_col_id(q, 0);
        if (step == 1 || holds(asked, n, id)) {
            assert_true(at < n_found);
            assert_true(found[at++] == id);
        }
        ASSERT_OK(db_next(q, &row));
    }
    assert_int_equal(at, n_found);
}

static void all_matches(Rows *r)
{
    static const char *const matches[] = {
        "\"common0\"",
        "\"common1\"",
        "\"common5\"",
        "\"京都6\"",
        "\"京都11\"",
        "\"京^\"",
        "\"nowhere\"",
        "\"commo\"",
        "\"zzz\"",
        "\"京\" *",
        "\"c\" *",
        "(\"common1\") AND (\"common2\")",
        "(\"common1\" AND \"common3\" AND \"common2\")",
        "\"京^\" AND ((\"京都7\" OR \"京都8\" OR (\"common1\" AND \"common4\")))",
        "(\"common4\") AND (\"nowhere\" OR (\"common2\" AND (\"京都6\" OR \"京都9\")))",
    };
    for (size_t i = 0; i < COUNT_OF(matches); i++) {
        same(r, matches[i], 1);
        same(r, matches[i], 37);
    }
}

static void merge(QueryTest *t)
{
    Plan *p = plan_new(&t->cx);
    static const char SQL_OPTIMIZE[] =
        "INSERT INTO {gx_search_a} (\"gx_search_a\") VALUES ('optimize')";
    plan_exec(p, STR_SQL(SQL_OPTIMIZE), NULL, 0);
    apply(t, p);
}

static void against_fts5(QueryTest *t)
{
    static const size_t sizes[] = {1, 3, 200, 7000, 30, 1, 3000, 500, 2, 40};
    Rows r = {.t = t, .random = 7};
    if (t->kind != DB_SQLITE)
        return;
    r.ids = ARENA_ARRAY(t->arena, Id, 20000);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        put_rows(&r, sizes[i]);
        if (i != 3) /* 7,000 by 15 matches take their time */
            all_matches(&r);
    }
    merge(t);
    all_matches(&r);
}

TEST(posting, finds_what_fts5_finds) { query_fixture_run(against_fts5); }

/* ---- what cannot be told */
static bool is_known(Rows *r, const char *match)
{
    const Id *found;
    size_t n;
    bool known = true;
    ASSERT_OK(search_among(&r->t->cx, str_of(match), r->ids, r->n, &found, &n, &known));
    return known;
}

static void exec(QueryTest *t, Str sql, Str v)
{
    Plan *p = plan_new(&t->cx);
    DbVal value = db_blob(v);
    plan_exec(p, sql, &value, 1);
    apply(t, p);
}

static void unexpected(QueryTest *t)
{
    static const char *const refused[] = {"",
                                          "common1",
                                          "\"common1",
                                          "(\"common1\"",
                                          "\"common1\")",
                                          "\"co\" *",
                                          "\"common1\" NOT \"common2\"",
                                          "\"common1\" AND \"common2\" OR \"common3\"",
                                          "((((((((((\"common1\"))))))))))"};
    static const char SQL_BLOCK[] = "UPDATE {gx_search_a_data} SET block = ?1 WHERE id = 10";
    static const char SQL_LEAVES[] = "UPDATE {gx_search_a_data} SET block = ?1 WHERE id > 10";
    static const char SQL_VERSION[] =
        "UPDATE {gx_search_a_config} SET v = 5 WHERE k = 'version' AND "
        "?1 IS NOT NULL";
    Rows r = {.t = t, .random = 11};
    if (t->kind != DB_SQLITE)
        return;
    r.ids = ARENA_ARRAY(t->arena, Id, 400);
    put_rows(&r, 300);
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(is_known(&r, refused[i]));
    assert_true(is_known(&r, "\"common1\""));
    exec(t, STR_SQL(SQL_LEAVES), str_n("\0\4\17\377garbage", 11));
    assert_false(is_known(&r, "\"common1\""));
    exec(t, STR_SQL(SQL_LEAVES), str_n("\0", 1));
    assert_false(is_known(&r, "\"common1\""));
    exec(t, STR_SQL(SQL_BLOCK), str_n("\0\0\0\1\377\0\0\1\1\1", 10));
    assert_false(is_known(&r, "\"common1\""));
    exec(t, STR_SQL(SQL_BLOCK), str_n("\0\0\0\1\1\1\1\0\377\377\377\377\177", 13));
    assert_false(is_known(&r, "\"common1\""));
    exec(t, STR_SQL(SQL_VERSION), STR("x"));
    assert_false(is_known(&r, "\"common1\""));
}

TEST(posting, unknown_where_it_is_not_as_expected) { query_fixture_run(unexpected); }

TEST_MAIN("posting")
