/* SPDX-License-Identifier: Apache-2.0 */
/* `q` of lists, counts, aggregates and boards: a condition beside the filter, which leaves the sort
 * alone. How it is written depends on how much the index finds:
 *   FEW   id in (what the index finds): read from there
 *   MANY  the same as a test of rows that are read in the list's order
 *   MOST  each row is held against the index: the list's order meets enough of them soon
 *   IDS   ids that were held against the values, because the user does not see every searched field
 *   TEXT  the past and the recycle bin, which no index covers: folded texts contain every term
 * And the prefilter of `~` conditions. */
#include "base/utf8.h"
#include "query/search_query.h"

#define FEW 10000
#define MANY 100000
#define MAX_IDS 10000
#define SAMPLE 1000 /* newest rows of the index; PostgreSQL cannot stop counting early */
#define IDS_PIECE 200

typedef enum SearchMode {
    SEARCH_FEW,
    SEARCH_MANY,
    SEARCH_MOST,
    SEARCH_IDS,
    SEARCH_TEXT
} SearchMode;

struct ListSearch {
    SearchMode mode;
    SearchQuery q;
    Str match, ids;
    bool nothing; /* the user sees no searched field */
};

static bool is_lite(const Ctx *cx) { return db_kind_of(cx->db) == DB_SQLITE; }

static Status count_text(Ctx *cx, Sql *text, int64_t *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    TRY(filter_prepare(cx, text, &q));
    TRY(db_next(q, &row));
    *ret = row ? db_col_int(q, 0) : 0;
    return ST_OK;
}

/* About how many rows match; at most MANY + 1. */
static Status estimate(Ctx *cx, Str match, int64_t *ret)
{
    Sql text = sql_new(cx->arena);
    if (is_lite(cx)) {
        sql_lit(&text, "SELECT count(*) FROM (");
        found_ids(cx, match, &text);
        sql_lit(&text, " LIMIT ");
        sql_number(&text, MANY + 1);
        sql_lit(&text, ") AS found");
        return count_text(cx, &text, ret);
    }
    sql_lit(&text, "SELECT count(*) FROM (SELECT tokens FROM ");
    found_docs(cx, &text);
    sql_lit(&text, " ORDER BY id DESC LIMIT ");
    sql_number(&text, SAMPLE);
    sql_lit(&text, ") AS d WHERE ");
    found_matches(cx, match, &text);
    TRY(count_text(cx, &text, ret));
    *ret = *ret > SAMPLE / 10 ? MANY + 1 : *ret ? FEW : 0;
    return ST_OK;
}

/* ---- ids that hold every term in a field the user sees */
static Status candidates(Ctx *cx, Str match, Id **ret, size_t *ret_n)
{
    Sql text = sql_new(cx->arena);
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    Id *ids = ARENA_ARRAY(cx->arena, Id, MAX_IDS);
    found_ids(cx, match, &text);
    if (is_lite(cx))
        sql_lit(&text, " ORDER BY rowid DESC LIMIT ");
    else
        sql_lit(&text, " ORDER BY id + 0 DESC LIMIT ");
    sql_number(&text, MAX_IDS);
    TRY(filter_prepare(cx, &text, &q));
    *ret_n = 0;
    TRY(db_next(q, &row));
    while (row && *ret_n < MAX_IDS) {
        ids[(*ret_n)++] = db_col_id(q, 0);
        TRY(db_next(q, &row));
    }
    *ret = ids;
    return ST_OK;
}

static Status verified_ids(Ctx *cx, const Object *o, ListSearch *s)
{
    Buf list = buf_in(cx->arena, (size_t)MAX_IDS * 21);
    FoundRow *rows = ARENA_ARRAY(cx->arena, FoundRow, IDS_PIECE);
    Id *ids;
    size_t n, found;
    TRY(candidates(cx, s->match, &ids, &n));
    for (size_t from = 0; from < n; from += IDS_PIECE) {
        size_t some = n - from < IDS_PIECE ? n - from : IDS_PIECE;
        TRY(found_load(cx, o, &s->q, ids + from, some, rows, &found));
        for (size_t i = 0; i < found; i++) {
            if (list.n)
                buf_char(&list, ',');
            buf_int(&list, rows[i].id);
        }
    }
    s->ids = str_format(cx->arena, is_lite(cx) ? "[" STR_FMT "]" : "{" STR_FMT "}",
                        STR_ARG(buf_str(&list)));
    return ST_OK;
}

/* ---- choosing */
static Status choose_match(Ctx *cx, ListSearch *s, int64_t *ret_rows)
{
    bool near = false;
    s->match = search_match(cx->arena, &s->q, db_kind_of(cx->db), SEARCH_ALL);
    TRY(estimate(cx, s->match, ret_rows));
    if (!*ret_rows)
        TRY(search_correct(cx, &s->q, &near));
    if (!near)
        return ST_OK;
    s->match = search_match(cx->arena, &s->q, db_kind_of(cx->db), SEARCH_ALL);
    return estimate(cx, s->match, ret_rows);
}

Status filter_search(Ctx *cx, const Object *o, Str text, bool past, const ListSearch **ret)
{
    ListSearch *s = ARENA_NEW(cx->arena, ListSearch);
    int64_t rows = 0;
    bool hidden;
    *ret = NULL;
    Status st = search_parse(cx, text, &s->q);
    if (st != ST_OK)
        return path_bad(cx, "q", st);
    if (!s->q.n && !text.n)
        return ST_OK;
    *ret = s;
    s->nothing = !s->q.n || !found_readable(cx, o, &hidden);
    if (s->nothing)
        return ST_OK;
    s->mode = SEARCH_TEXT;
    if (past || cx->as_of)
        return ST_OK;
    TRY(choose_match(cx, s, &rows));
    s->mode = hidden         ? SEARCH_IDS
              : rows <= FEW  ? SEARCH_FEW
              : rows <= MANY ? SEARCH_MANY
                             : SEARCH_MOST;
    return hidden ? verified_ids(cx, o, s) : ST_OK;
}

/* ---- writing */
static void write_id(const Base *b, bool bare, Sql *w)
{
    if (!bare)
        sql_lit(w, "+"); /* keeps SQLite from walking the list of ids */
    sql_column(w, b->scope.alias, b->o->id, 0);
}

static void write_found(Base *b, Str match, bool few)
{
    Sql *w = &b->where;
    sql_lit(w, " AND ");
    write_id(b, few, w);
    if (is_lite(b->cx))
        sql_lit(w, " IN (");
    else
        sql_lit(w, " = ANY(ARRAY(");
    found_ids(b->cx, match, w);
    if (is_lite(b->cx))
        sql_lit(w, ")");
    else
        sql_lit(w, "))");
}

static void write_each(Base *b, Str match)
{
    Sql *w = &b->where;
    if (is_lite(b->cx)) {
        sql_lit(w, " AND EXISTS (");
        found_ids(b->cx, match, w);
        sql_lit(w, " AND rowid = ");
    } else { /* no EXISTS: the planner would turn it into a join with all that matches */
        sql_lit(w, " AND (SELECT ");
        found_matches(b->cx, match, w);
        sql_lit(w, " FROM ");
        found_docs(b->cx, w);
        sql_lit(w, " WHERE id = ");
    }
    sql_column(w, b->scope.alias, b->o->id, 0);
    sql_lit(w, ")");
}

static void write_ids(Base *b, Str ids)
{
    Sql *w = &b->where;
    sql_lit(w, " AND ");
    sql_column(w, b->scope.alias, b->o->id, 0);
    if (is_lite(b->cx))
        sql_lit(w, " IN (SELECT value FROM json_each(");
    else
        sql_lit(w, " = ANY(CAST(");
    sql_bind_text(w, ids);
    if (is_lite(b->cx))
        sql_lit(w, "))");
    else
        sql_lit(w, " AS bigint[]))");
}

static void write_contains(Base *b, const Field *f, Str text)
{
    Sql *w = &b->where;
    int part = field_part(f, 'f');
    if (is_lite(b->cx))
        sql_lit(w, " OR instr(");
    else
        sql_lit(w, " OR strpos(");
    sql_column(w, b->scope.alias, f, part < 0 ? 0 : part);
    sql_lit(w, ", ");
    sql_bind_text(w, text);
    sql_lit(w, ") > 0");
}

static void write_term(Base *b, const SearchTerm *t)
{
    sql_lit(&b->where, " AND (1=0");
    for (size_t i = 0; i < b->o->n_fields; i++)
        if (search_has(b->o->fields[i]) && path_visible(b->cx, b->o->fields[i]))
            write_contains(b, b->o->fields[i], t->text);
    sql_lit(&b->where, ")");
}

/* Three and more Han characters are tokens by twos: that they stand in one place is looked at here. */
static bool needs_text(const ListSearch *s, const SearchTerm *t)
{
    return s->mode == SEARCH_TEXT ||
           (s->mode != SEARCH_IDS && t->kind == TERM_HAN && utf8_length(t->text) > 2);
}

void filter_search_add(Base *b, const ListSearch *s)
{
    if (!s)
        return;
    if (s->nothing) {
        sql_lit(&b->where, " AND 1=0");
        return;
    }
    switch (s->mode) {
    case SEARCH_FEW: write_found(b, s->match, true); break;
    case SEARCH_MANY: write_found(b, s->match, false); break;
    case SEARCH_MOST: write_each(b, s->match); break;
    case SEARCH_IDS: write_ids(b, s->ids); break;
    case SEARCH_TEXT: break;
    }
    for (size_t i = 0; i < s->q.n; i++)
        if (needs_text(s, &s->q.terms[i]))
            write_term(b, &s->q.terms[i]);
}

/* ---- `field ~ "…"` */
static Status add_needle(void *arg, const Field *f, Str text)
{
    Base *b = arg;
    int64_t rows;
    if (f->object != b->o || !search_has(f))
        return ST_OK;
    Str match = search_needle(b->cx->arena, f, text, db_kind_of(b->cx->db));
    if (!match.n)
        return ST_OK;
    TRY(estimate(b->cx, match, &rows));
    if (rows <= FEW)
        write_found(b, match, true);
    return ST_OK;
}

Status filter_needles(Base *b, const Expr *filter)
{
    if (b->cx->as_of || b->deleted)
        return ST_OK;
    return expr_each_contains(b->cx, filter, add_needle, b);
}
