/* SPDX-License-Identifier: Apache-2.0 */
/* The statements that give a search its candidates, best first.
 *
 * PostgreSQL's index gives no order, and what it finds costs a page of the table each. So the newest records are
 * looked at before it is asked: what is frequent is found among them, and what is not is few. That too has a price,
 * and most words are rare: only if one of the first LOOK_RECENT is a hit are MAX_RECENT read. All of it is one statement.
 * The queries are sub-selects: so each is parsed once, not for every row, and the plan for any value is as good as
 * one for these, which would be made anew each time. */
#include "query/search_query.h"

#define MAX_TITLES 20
#define MAX_WALK 20000 /* rows of the index that are held against what the reader sees */
#define LOOK_RECENT 200
#define MAX_RECENT 2000

static void step_objects(const SearchScope *s, Sql *q)
{
    if (!s->n_objects)
        return;
    sql_lit(q, " AND d.object IN (");
    for (size_t i = 0; i < s->n_objects; i++) {
        if (i)
            sql_lit(q, ", ");
        sql_number(q, s->objects[i]->number);
    }
    sql_lit(q, ")");
}

/* ---- SQLite: one step each */
static void step_index(const Ctx *cx, Sql *q)
{
    if (cx->meta->search.slot)
        sql_lit(q, "{gx_search_b} f");
    else
        sql_lit(q, "{gx_search_a} f");
}

void search_step_rows(const SearchScope *s, SearchStep step, Str match, Sql *q)
{
    sql_lit(q, "SELECT f.rowid, d.object FROM ");
    step_index(s->cx, q);
    sql_lit(q, " CROSS JOIN ");
    found_docs(s->cx, q);
    sql_lit(q, " d ON d.id = f.rowid WHERE ");
    found_matches(s->cx, match, q);
    step_objects(s, q);
    if (s->below) {
        sql_lit(q, " AND f.rowid < ");
        sql_bind_int(q, s->below);
    }
    sql_lit(q, " ORDER BY f.rowid DESC LIMIT ");
    sql_bind_int(q, step == STEP_TITLE ? MAX_TITLES : SEARCH_CANDIDATES);
}

void search_step_sight(const SearchScope *s, Str match, Sql *q)
{
    sql_lit(q, "SELECT f.rowid FROM ");
    step_index(s->cx, q);
    sql_lit(q, " WHERE ");
    found_matches(s->cx, match, q);
    sql_lit(q, " AND f.rowid >= ");
    sql_bind_int(q, s->below);
    sql_lit(q, " ORDER BY f.rowid DESC LIMIT ");
    sql_number(q, MAX_WALK);
}

void search_step_any(const Ctx *cx, Str match, Sql *q)
{
    sql_lit(q, "SELECT 1 FROM ");
    step_index(cx, q);
    sql_lit(q, " WHERE ");
    found_matches(cx, match, q);
    sql_lit(q, " LIMIT 1");
}

/* ---- PostgreSQL: all steps at once */
static Str step_match(const SearchScope *s, SearchTier tier)
{
    return search_match(s->cx->arena, s->q, DB_POSTGRES, tier);
}

static void step_holds(Str match, Sql *q)
{
    if (!match.n) {
        sql_lit(q, "false");
        return;
    }
    sql_lit(q, "d.tokens @@ (SELECT CAST(");
    sql_bind_text(q, match);
    sql_lit(q, " AS tsquery))");
}

static void step_newest(const SearchScope *s, int64_t n, Sql *q)
{
    sql_lit(q, " FROM (SELECT id, object, tokens FROM ");
    found_docs(s->cx, q);
    sql_lit(q, " ORDER BY id DESC LIMIT ");
    sql_number(q, n);
    sql_lit(q, ") d WHERE ");
    step_holds(step_match(s, SEARCH_ALL), q);
    step_objects(s, q);
}

/* WITH recent (id, object, h): hits among the newest, h: they begin with what is searched for. */
static void step_recent(const SearchScope *s, Sql *q)
{
    sql_lit(q, "WITH recent AS MATERIALIZED (SELECT d.id, d.object, ");
    step_holds(step_match(s, SEARCH_HEAD), q);
    sql_lit(q, " AS h");
    step_newest(s, MAX_RECENT, q);
    sql_lit(q, " AND EXISTS (SELECT 1");
    step_newest(s, LOOK_RECENT, q);
    sql_lit(q, "))");
}

static void step_titles(const SearchScope *s, Sql *q)
{
    sql_lit(q, "(SELECT d.id, d.object, ");
    sql_number(q, STEP_TITLE);
    sql_lit(q, " AS step, true AS h FROM ");
    found_docs(s->cx, q);
    sql_lit(q, " d WHERE ");
    step_holds(step_match(s, SEARCH_TITLE), q);
    step_objects(s, q);
    sql_lit(
        q,
        " ORDER BY d.id + 0 DESC LIMIT "); /* + 0: the order must not tempt to walk the primary key */
    sql_number(q, MAX_TITLES);
    sql_lit(q, ") UNION ALL ");
}

/* unless_recent: only if no more than so many of the newest are hits; negative: always. */
static void step_indexed(const SearchScope *s, int64_t unless_recent, Sql *q)
{
    sql_lit(q, "SELECT d.id, d.object, ");
    sql_number(q, STEP_ALL);
    sql_lit(q, " AS step, ");
    step_holds(step_match(s, SEARCH_HEAD), q);
    sql_lit(q, " AS h FROM ");
    found_docs(s->cx, q);
    sql_lit(q, " d WHERE ");
    step_holds(step_match(s, SEARCH_ALL), q);
    step_objects(s, q);
    if (unless_recent >= 0) {
        sql_lit(q, " AND (SELECT count(*) FROM recent) <= ");
        sql_bind_int(q, unless_recent);
    }
    sql_lit(q, " ORDER BY h DESC, d.id + 0 DESC LIMIT ");
    sql_number(q, SEARCH_CANDIDATES);
}

void search_step_first(const SearchScope *s, size_t enough, Sql *q)
{
    step_recent(s, q);
    sql_lit(q, " SELECT c.id, c.object, c.step FROM (");
    step_titles(s, q);
    sql_lit(q, "SELECT r.id, r.object, ");
    sql_number(q, STEP_HEAD);
    sql_lit(q, ", r.h FROM recent r WHERE (SELECT count(*) FROM recent) > ");
    sql_bind_int(q, (int64_t)enough);
    sql_lit(q, " UNION ALL (");
    step_indexed(s, (int64_t)enough, q);
    sql_lit(q, ")) c ORDER BY c.step, c.h DESC, c.id DESC LIMIT ");
    sql_number(q, SEARCH_CANDIDATES);
}

void search_step_rest(const SearchScope *s, Sql *q) { step_indexed(s, -1, q); }
