/* SPDX-License-Identifier: Apache-2.0 */
/* What an index has found, held against rights and values: the rows of one object that the user may
 * read, whose readable fields hold every term. Tokens of hidden fields find nothing here. */
#include "base/utf8.h"
#include "query/search_query.h"

#define FOUND_MAX 200 /* ids of one statement */
#define EXCERPT 100   /* characters of a long value */
#define EXCERPT_LEAD 20

void found_docs(const Ctx *cx, Sql *out)
{
    if (cx->meta->search.slot)
        sql_lit(out, "{gx_search_doc_b}");
    else
        sql_lit(out, "{gx_search_doc_a}");
}

static bool is_lite(const Ctx *cx) { return db_kind_of(cx->db) == DB_SQLITE; }

void found_matches(const Ctx *cx, Str match, Sql *out)
{
    if (!is_lite(cx)) {
        sql_lit(out, "tokens @@ CAST(");
        sql_bind_text(out, match);
        sql_lit(out, " AS tsquery)");
        return;
    }
    if (cx->meta->search.slot)
        sql_lit(out, "\"gx_search_b\" MATCH ");
    else
        sql_lit(out, "\"gx_search_a\" MATCH ");
    sql_bind_text(out, match);
}

void found_ids(const Ctx *cx, Str match, Sql *out)
{
    if (!is_lite(cx)) {
        sql_lit(out, "SELECT id FROM ");
        found_docs(cx, out);
    } else if (cx->meta->search.slot) {
        sql_lit(out, "SELECT rowid AS id FROM {gx_search_b}");
    } else {
        sql_lit(out, "SELECT rowid AS id FROM {gx_search_a}");
    }
    sql_lit(out, " WHERE ");
    found_matches(cx, match, out);
}

bool found_readable(const Ctx *cx, const Object *o, bool *ret_hidden)
{
    bool sees = false;
    *ret_hidden = false;
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!search_has(o->fields[i]))
            continue;
        if (path_visible(cx, o->fields[i]))
            sees = true;
        else
            *ret_hidden = true;
    }
    return sees;
}

/* ---- one statement */
typedef struct Found {
    Ctx *cx;
    const Object *o;
    const SearchQuery *q;
    const Field **fields; /* readable and searched, the title first */
    int *cols;
    size_t n_fields;
    int title_col, link_col; /* link_col -1: none */
    const Field *link;
} Found;

/* The link whose title says what a record belongs to: a contact's account. */
static const Field *found_link(const Ctx *cx, const Object *o)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind == F_LINK && !f->system && f != o->owner && f != o->department && f->to != o &&
            !f->to->code && path_visible(cx, f) && path_visible(cx, f->to->title) &&
            (!cx->access || cx->access->object(cx, f->to)))
            return f;
    }
    return NULL;
}

static void found_fields(Found *s)
{
    const Object *o = s->o;
    s->fields = ARENA_ARRAY(s->cx->arena, const Field *, o->n_fields);
    s->cols = ARENA_ARRAY(s->cx->arena, int, o->n_fields);
    for (int title = 1; title >= 0; title--)
        for (size_t i = 0; i < o->n_fields; i++)
            if ((o->fields[i] == o->title) == (title == 1) && search_has(o->fields[i]) &&
                path_visible(s->cx, o->fields[i]))
                s->fields[s->n_fields++] = o->fields[i];
}

/* As one text, so that there is one statement, planned once. */
static void found_in_array(Base *b, const Id *ids, size_t n)
{
    Buf all = buf_in(b->cx->arena, n * 21 + 2);
    for (size_t i = 0; i < n; i++)
        buf_printf(&all, "%c%lld", i ? ',' : '{', (long long)ids[i]);
    buf_char(&all, '}');
    sql_lit(&b->where, " = ANY(CAST(");
    sql_bind_text(&b->where, buf_str(&all));
    sql_lit(&b->where, " AS bigint[]))");
}

static void found_in(Base *b, const Id *ids, size_t n)
{
    size_t padded = n <= 4 ? 4 : n <= 16 ? 16 : n <= 64 ? 64 : FOUND_MAX;
    sql_lit(&b->where, " AND ");
    sql_column(&b->where, b->scope.alias, b->o->id, 0);
    if (!is_lite(b->cx)) {
        found_in_array(b, ids, n);
        return;
    }
    sql_lit(&b->where, " IN (");
    for (size_t i = 0; i < padded; i++) {
        if (i)
            sql_lit(&b->where, ", ");
        sql_bind_int(&b->where, ids[i < n ? i : n - 1]);
    }
    sql_lit(&b->where, ")");
}

static Status found_select(Found *s, Base *b, Sql *text)
{
    int col = 1, alias = b->scope.alias;
    sql_lit(text, "SELECT ");
    sql_column(text, alias, s->o->id, 0);
    for (size_t i = 0; i < s->n_fields; i++) {
        sql_lit(text, ", ");
        sql_column(text, alias, s->fields[i], 0);
        s->cols[i] = col++;
    }
    sql_lit(text, ", ");
    title_select(s->cx, s->o, alias, text);
    s->title_col = col++;
    s->link = found_link(s->cx, s->o);
    s->link_col = -1;
    if (s->link) {
        int linked;
        TRY(scope_join(&b->scope, alias, s->link, &linked));
        sql_lit(text, ", ");
        title_select(s->cx, s->link->to, linked, text);
        s->link_col = col;
    }
    return ST_OK;
}

/* ---- one row */
static Str found_value(const Found *s, const Stmt *q, size_t i)
{
    Value v;
    s->fields[i]->type->load(s->cx->arena, s->fields[i], q, s->cols[i], &v);
    return search_plain(s->cx->arena, &v);
}

/* The term's field, and where; terms behind the first prefer the first one's field. */
static bool found_term(const Found *s, SearchText *texts, const Stmt *q, const SearchTerm *term,
                       size_t prefer, size_t *ret_field, SearchRange *ret)
{
    for (size_t k = 0; k <= s->n_fields; k++) {
        size_t i = k == 0 ? prefer : k - 1;
        if (i >= s->n_fields || (k > 0 && i == prefer))
            continue;
        if (!texts[i].field)
            texts[i] = search_text(s->cx->arena, s->fields[i], found_value(s, q, i));
        if (search_find(&texts[i], term, ret)) {
            *ret_field = i;
            return true;
        }
    }
    return false;
}

static bool found_all(const Found *s, const Stmt *q, FoundRow *ret)
{
    SearchText *texts = ARENA_ARRAY(s->cx->arena, SearchText, s->n_fields + 1);
    size_t first = 0;
    for (size_t i = 0; i < s->q->n; i++) {
        SearchRange r;
        size_t field = 0;
        if (!found_term(s, texts, q, &s->q->terms[i], first, &field, &r))
            return false;
        if (i == 0)
            first = field;
        if (field == first)
            ret->ranges[ret->n_ranges++] = r;
    }
    ret->field = s->fields[first];
    ret->in_title = ret->field == s->o->title;
    return true;
}

/* Of a long value the part around the first place; ranges move along. */
static Str found_excerpt(Str text, FoundRow *row)
{
    size_t chars = utf8_length(text), from = row->ranges[0].from, kept = 0;
    if (chars <= EXCERPT)
        return text;
    from = from > EXCERPT_LEAD ? from - EXCERPT_LEAD : 0;
    size_t to = from + EXCERPT < chars ? from + EXCERPT : chars;
    for (size_t i = 0; i < row->n_ranges; i++) {
        SearchRange r = row->ranges[i];
        if (r.from >= from && r.to <= to)
            row->ranges[kept++] = (SearchRange){r.from - (uint32_t)from, r.to - (uint32_t)from};
    }
    row->n_ranges = kept;
    size_t at = utf8_offset(text, from);
    return str_sub(text, at, utf8_offset(text, to) - at);
}

static Str found_subtitle(const Found *s, const Stmt *q, FoundRow *row)
{
    Arena *a = s->cx->arena;
    for (size_t i = 0; !row->in_title && i < s->n_fields; i++)
        if (s->fields[i] == row->field)
            return str_copy(a, found_excerpt(found_value(s, q, i), row));
    if (s->link_col >= 0 && !db_col_null(q, s->link_col))
        return str_copy(a, title_text(s->cx, s->link->to, q, s->link_col));
    for (size_t i = 0; i < s->n_fields; i++)
        if (s->fields[i] != s->o->title && !search_is_long(s->fields[i]) && found_value(s, q, i).n)
            return str_copy(a, found_value(s, q, i));
    return STR_NULL;
}

static void found_row(const Found *s, const Stmt *q, FoundRow *ret, size_t *ret_n)
{
    FoundRow row = {.id = db_col_id(q, 0)};
    if (!found_all(s, q, &row))
        return;
    Str title = title_text(s->cx, s->o, q, s->title_col);
    row.title = title.p ? str_copy(s->cx->arena, title) : STR_NULL;
    row.subtitle = found_subtitle(s, q, &row);
    ret[(*ret_n)++] = row;
}

Status found_load(Ctx *cx, const Object *o, const SearchQuery *q, const Id *ids, size_t n,
                  FoundRow *ret, size_t *ret_n)
{
    *ret_n = 0;
    for (size_t from = 0; from < n; from += FOUND_MAX) {
        Base *b;
        Found s = {.cx = cx, .o = o, .q = q};
        size_t some = n - from < FOUND_MAX ? n - from : FOUND_MAX;
        CLEANUP(stmt) Stmt *st = NULL;
        bool row;
        cx->by_row = ROWS_FEW;
        Status begun = filter_begin(cx, o, NULL, &b);
        cx->by_row = ROWS_MANY;
        TRY(begun);
        found_fields(&s);
        found_in(b, ids + from, some);
        Sql text = sql_fragment(&b->sql);
        TRY(found_select(&s, b, &text));
        filter_from(b, &text);
        TRY(filter_prepare(cx, &text, &st));
        TRY(db_next(st, &row));
        while (row) {
            found_row(&s, st, ret, ret_n);
            TRY(db_next(st, &row));
        }
    }
    return ST_OK;
}
