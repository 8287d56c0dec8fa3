/* SPDX-License-Identifier: Apache-2.0 */
/* Titles kept in memory: what is there costs no statement; a change, another epoch, language or reader
 * is never answered with what was kept before. */
#include "query/title_store.h"
#include "query_fixture.h"

typedef struct Asked {
    const char *title;
    uint32_t statements;
} Asked;

static Asked ask(QueryTest *t, const char *object, Id id)
{
    Str title = STR_NULL;
    uint32_t before = t->cx.stats.statements;
    ASSERT_OK(query_titles(&t->cx, query_fixture_object(t, object), &id, 1, &title, NULL));
    return (Asked){title.p ? str_z(t->arena, title) : NULL, t->cx.stats.statements - before};
}

static void expect(QueryTest *t, const char *object, Id id, const char *title, uint32_t statements)
{
    Asked a = ask(t, object, id);
    if (title)
        assert_string_equal(a.title, title);
    else
        assert_null(a.title);
    assert_int_equal(a.statements, statements);
}

static void rename_row(QueryTest *t, const char *object, Id id, const char *name)
{
    const Object *o = query_fixture_object(t, object);
    Sql q = sql_new(t->arena);
    t->plan = plan_new(&t->cx);
    sql_lit(&q, "UPDATE ");
    sql_table(&q, o);
    sql_lit(&q, " SET ");
    sql_column(&q, -1, o->title, 0);
    sql_lit(&q, " = ");
    sql_bind_text(&q, str_of(name));
    sql_lit(&q, " WHERE \"id\" = ");
    sql_bind_int(&q, id);
    plan_exec(t->plan, sql_text(&q), q.vals->v, q.vals->n);
}

static void begin(QueryTest *t)
{
    t->cx.titles = title_store_new();
    query_fixture_add(t, "phase", 11, 0, "code", "won", "name", "Won", NULL);
    query_fixture_add(t, "phase", 12, 0, "code", "lost", "name", "Lost", NULL);
    query_fixture_add(t, "guest", 21, 0, "name", "Zoe", NULL);
    query_fixture_commit(t);
}

static void end(QueryTest *t)
{
    title_store_free(t->cx.titles);
    t->cx.titles = NULL;
}

static void keeps(QueryTest *t)
{
    begin(t);
    expect(t, "phase", 11, "Won", 1);
    expect(t, "phase", 11, "Won", 0);
    expect(t, "guest", 21, "Zoe", 1); /* records of business change all the time */
    expect(t, "guest", 21, "Zoe", 1);
    expect(t, "phase", 99, NULL, 1); /* what is not there is asked for each time */
    expect(t, "phase", 99, NULL, 1);
    TitleRow *rows;
    size_t n;
    const Object *phase = query_fixture_object(t, "phase");
    ASSERT_OK(title_load(&t->cx, phase, (Id[]){12, 11, 12}, 3, &rows, &n));
    assert_int_equal(n, 2); /* one kept, one read: sorted all the same */
    assert_true(rows[0].id == 11 && str_is(rows[0].title, "Won") && str_is(rows[0].code, "won"));
    assert_true(rows[1].id == 12 && str_is(rows[1].title, "Lost") && str_is(rows[1].code, "lost"));
    end(t);
}
TEST(title_store, keeps_titles_of_what_rarely_changes) { query_fixture_run(keeps); }

static void follows(QueryTest *t)
{
    begin(t);
    expect(t, "phase", 11, "Won", 1);
    rename_row(t, "phase", 11, "Gained");
    query_titles_change(&t->cx, t->plan, query_fixture_object(t, "phase"));
    query_fixture_commit(t);
    expect(t, "phase", 11, "Gained", 1);
    rename_row(t, "phase", 11, "Earned"); /* by another node: until its event comes */
    query_fixture_commit(t);
    expect(t, "phase", 11, "Gained", 0);
    query_titles_changed(t->cx.titles, STR("phase"));
    expect(t, "phase", 11, "Earned", 1);
    end(t);
}
TEST(title_store, follows_changes) { query_fixture_run(follows); }

static void refuses(QueryTest *t)
{
    begin(t);
    const Object *phase = query_fixture_object(t, "phase");
    TitleRow row = {.id = 11, .title = STR("Old")};
    Id id = 11;
    size_t rest;
    uint64_t since = title_store_take(&t->cx, phase, &id, 1, &row, &rest);
    query_titles_changed(t->cx.titles, STR("phase")); /* a commit while it was read */
    title_store_put(&t->cx, phase, &row, 1, since);
    expect(t, "phase", 11, "Won", 1);
    char text[120];
    memset(text, 'x', sizeof text);
    row.title = str_n(text, sizeof text); /* does not fit: it is read each time */
    since = title_store_take(&t->cx, phase, &id, 1, &(TitleRow){0}, &rest);
    assert_int_equal(rest, 0);
    query_titles_changed(t->cx.titles, STR("phase"));
    since = title_store_take(&t->cx, phase, &id, 1, &(TitleRow){0}, &rest);
    assert_int_equal(rest, 1);
    title_store_put(&t->cx, phase, &row, 1, since);
    expect(t, "phase", 11, "Won", 1);
    end(t);
}
TEST(title_store, refuses_what_was_read_before_a_change) { query_fixture_run(refuses); }

static void tells_apart(QueryTest *t)
{
    begin(t);
    expect(t, "phase", 11, "Won", 1);
    t->cx.security_epoch++;
    expect(t, "phase", 11, "Won", 1);
    t->cx.lang = LANG_ZH;
    expect(t, "phase", 11, "Won", 1);
    t->cx.lang = LANG_EN;
    expect(t, "phase", 11, "Won", 0);
    QueryRights no_name = {.me = 1, .hide_field = "name"};
    query_fixture_rights(t, &no_name);
    expect(t, "phase", 11, NULL, 1);
    QueryRights no_phase = {.me = 1, .hide_object = "phase"};
    query_fixture_rights(t, &no_phase);
    expect(t, "phase", 11, NULL, 0);
    QueryRights own = {.me = 1, .only_owner = 1}; /* the predicate decides, row by row */
    query_fixture_rights(t, &own);
    expect(t, "phase", 11, "Won", 1);
    expect(t, "phase", 11, "Won", 1);
    end(t);
}
TEST(title_store, tells_epochs_languages_and_readers_apart) { query_fixture_run(tells_apart); }

static void lists(QueryTest *t)
{
    begin(t);
    for (Id id = 41; id <= 43; id++)
        query_fixture_add(t, "deal", id, 5, "name", "deal", "phase", id == 43 ? "12" : "11", NULL);
    query_fixture_commit(t);
    ListQuery q = {.fields = STR("phase"), .sort = STR("id"), .limit = 10};
    uint32_t before = t->cx.stats.statements;
    json_t *first = query_fixture_list(t, "deal", q);
    assert_int_equal(t->cx.stats.statements - before, 2); /* no join; both titles at once */
    before = t->cx.stats.statements;
    json_t *again = query_fixture_list(t, "deal", q);
    assert_int_equal(t->cx.stats.statements - before, 1);
    assert_true(json_equal(first, again));
    json_t *last = json_array_get(json_object_get(again, "items"), 2);
    assert_string_equal(query_fixture_text(t, json_object_get(last, "phase")),
                        "{\"id\":\"12\",\"code\":\"lost\",\"title\":\"Lost\"}");
    end(t);
}
TEST(title_store, spares_lists_their_joins) { query_fixture_run(lists); }

TEST_MAIN("title_store")
