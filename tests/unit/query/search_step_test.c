/* SPDX-License-Identifier: Apache-2.0 */
/* Candidates of a search: titles, beginnings, the rest, each newest first; of some objects alone; on PostgreSQL the newest
 * alone where they are enough, the index where none of the very newest is a hit.
 * Covers: query/search_step.c */
#include "query/search_query.h"
#include "query_fixture.h"

#define FIRST (INT64_C(1) << 40)

typedef struct Steps {
    QueryTest *t;
    SearchQuery q;
    SearchScope scope;
} Steps;

static void add_rows(QueryTest *t, const char *object, Id first, size_t n, const char *tokens)
{
    static const char SQL_DOC[] =
        "INSERT INTO {gx_search_doc_a} (id, object, tokens) VALUES (?1, ?2, ?3)";
    static const char SQL_DOC_PG[] =
        "INSERT INTO {gx_search_doc_a} (id, object, tokens) VALUES (?1, ?2, CAST(?3 AS tsvector))";
    static const char SQL_INDEX[] = "INSERT INTO {gx_search_a} (rowid, tokens) VALUES (?1, ?2)";
    Plan *p = plan_new(&t->cx);
    for (size_t i = 0; i < n; i++) {
        const DbVal v[] = {db_int(FIRST + first + (Id)i),
                           db_int(query_fixture_object(t, object)->number),
                           db_text(str_of(tokens))};
        const DbVal index[] = {v[0], v[2]};
        plan_exec(p, t->kind == DB_SQLITE ? STR_SQL(SQL_DOC) : STR_SQL(SQL_DOC_PG), v, COUNT_OF(v));
        if (t->kind == DB_SQLITE)
            plan_exec(p, STR_SQL(SQL_INDEX), index, COUNT_OF(index));
    }
    ASSERT_OK(db_apply(t->pool, &t->cx, p, NULL));
}

/* "0:1 2:3": step and row, the first ones. */
static const char *rows(Steps *s, Sql *text, int steps, size_t most)
{
    Buf out = buf_in(s->t->arena, 4096);
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    ASSERT_OK(filter_prepare(&s->t->cx, text, &q));
    ASSERT_OK(db_next(q, &row));
    for (size_t i = 0; row && i < most; i++) {
        if (i)
            buf_char(&out, ' ');
        if (steps)
            buf_printf(&out, "%d:", (int)db_col_int(q, 2));
        buf_printf(&out, "%d", (int)(db_col_id(q, 0) - FIRST));
        ASSERT_OK(db_next(q, &row));
    }
    return str_z(s->t->arena, buf_str(&out));
}

static const char *first(Steps *s, size_t enough, size_t most)
{
    Sql text = sql_new(s->t->arena);
    search_step_first(&s->scope, enough, &text);
    return rows(s, &text, true, most);
}

static const char *rest(Steps *s, size_t most)
{
    Sql text = sql_new(s->t->arena);
    search_step_rest(&s->scope, &text);
    return rows(s, &text, true, most);
}

static const char *step(Steps *s, SearchStep which)
{
    static const SearchTier tiers[] = {SEARCH_TITLE, SEARCH_HEAD, SEARCH_ALL};
    Sql text = sql_new(s->t->arena);
    search_step_rows(&s->scope, which, search_match(s->t->arena, &s->q, DB_SQLITE, tiers[which]),
                     &text);
    return rows(s, &text, false, 100);
}

static void lite(Steps *s)
{
    Sql any = sql_new(s->t->arena), sight = sql_new(s->t->arena);
    assert_string_equal(step(s, STEP_TITLE), "1");
    assert_string_equal(step(s, STEP_HEAD), "2 1");
    assert_string_equal(step(s, STEP_ALL), "4 3 2 1");
    s->scope.below = FIRST + 3;
    assert_string_equal(step(s, STEP_ALL), "2 1");
    search_step_sight(&s->scope, search_match(s->t->arena, &s->q, DB_SQLITE, SEARCH_ALL), &sight);
    assert_string_equal(rows(s, &sight, false, 100), "4 3");
    s->scope.below = 0;
    s->scope.n_objects = 1;
    assert_string_equal(step(s, STEP_ALL), "4");
    search_step_any(&s->t->cx, STR("\"nowhere\""), &any);
    assert_string_equal(rows(s, &any, false, 1), "");
}

static void postgres(Steps *s)
{
    assert_string_equal(first(s, 10, 100), "0:1 2:2 2:1 2:4 2:3");
    assert_string_equal(first(s, 2, 100), "0:1 1:2 1:1 1:4 1:3");
    assert_string_equal(rest(s, 100), "2:2 2:1 2:4 2:3");
    s->scope.n_objects = 1;
    assert_string_equal(first(s, 10, 100), "2:4");
    s->scope.n_objects = 0;
    add_rows(s->t, "firm", 100, 30, "京都");
    assert_string_equal(first(s, 10, 4), "0:1 1:2 1:1 1:129");
    assert_string_equal(first(s, 34, 4), "0:1 2:2 2:1 2:129");
    add_rows(s->t, "firm", 200, 250, "大阪");
    assert_string_equal(first(s, 10, 4), "0:1 2:2 2:1 2:129"); /* none of the very newest */
    add_rows(s->t, "firm", 500, 1, "京都");
    assert_string_equal(first(s, 10, 4), "0:1 1:2 1:1 1:500");
    add_rows(s->t, "firm", 1000, 1990, "大阪");
    add_rows(s->t, "firm", 5000, 1, "京都");
    assert_string_equal(first(s, 10, 4),
                        "0:1 2:2 2:1 2:5000"); /* one of the newest is not enough */
    assert_string_equal(first(s, 0, 4), "0:1 1:5000 1:500");
}

static void body(QueryTest *t)
{
    Steps s = {.t = t};
    const Object *deal = query_fixture_object(t, "deal");
    add_rows(t, "firm", 1, 1, "京都 京都= 京都^");
    add_rows(t, "firm", 2, 1, "京都 京都^");
    add_rows(t, "firm", 3, 1, "京都");
    add_rows(t, "deal", 4, 1, "京都");
    add_rows(t, "firm", 5, 5, "大阪");
    ASSERT_OK(search_parse(&t->cx, STR("京都"), &s.q));
    s.scope = (SearchScope){.cx = &t->cx, .q = &s.q, .objects = &deal};
    if (t->kind == DB_SQLITE)
        lite(&s);
    else
        postgres(&s);
}

TEST(search_step, gives_candidates_best_first) { query_fixture_run(body); }

TEST_MAIN("search_step")
