/* SPDX-License-Identifier: Apache-2.0 */
/* Titles of records: from a joined table, or by ids for links, groups and notifications. */
#include "query/title_store.h"

#define TITLE_CHUNK 1000 /* ids of one IN list */

/* Rows of coded lists have a name in English beside the first: English readers get that one. */
const Field *title_english(const Ctx *cx, const Object *o)
{
    const Field *f = cx->lang == LANG_EN && o->code ? object_field(o, STR("name_en")) : NULL;
    return f && f->kind == F_TEXT && o->title->kind == F_TEXT ? f : NULL;
}

void title_select(const Ctx *cx, const Object *o, int alias, Sql *out)
{
    const Field *english = title_english(cx, o);
    if (english) {
        sql_lit(out, "COALESCE(");
        sql_column(out, alias, english, 0);
        sql_lit(out, ", ");
    }
    sql_column(out, alias, o->title, 0);
    if (english)
        sql_lit(out, ")");
}

bool title_is_text(const Field *f)
{
    return f->kind == F_TEXT || f->kind == F_AUTO_NUMBER || f->kind == F_EMAIL ||
           f->kind == F_PHONE;
}

static Str title_masked(Ctx *cx, const Object *o, const Stmt *q, int col)
{
    Value v;
    o->title->type->load(cx->arena, o->title, q, col, &v);
    return value_is_null(&v) ? STR_NULL : query_mask(cx, o->title, &v);
}

Str title_text(Ctx *cx, const Object *o, const Stmt *q, int col)
{
    if (db_col_null(q, col))
        return STR_NULL;
    if (!path_visible(cx, o->title))
        return path_masked(cx, o->title) ? title_masked(cx, o, q, col) : STR_NULL;
    if (title_is_text(o->title))
        return db_col_text(q, col);
    Value v;
    Buf text = buf_in(cx->arena, 1000);
    o->title->type->load(cx->arena, o->title, q, col, &v);
    o->title->type->text(&text, o->title, &v, cx->lang);
    return buf_str(&text);
}

void title_write(Ctx *cx, const Object *o, const Stmt *q, int col, Buf *out)
{
    Str title = title_text(cx, o, q, col);
    if (title.p)
        buf_json_str(out, title);
    else
        buf_lit(out, "null");
}

/* SELECT id, title[, code] FROM … WHERE id IN (…): padded to a few sizes, so that few texts arise. */
static Status title_chunk(Ctx *cx, const Object *o, const Id *ids, size_t n, Stmt **ret)
{
    Base *b;
    TRY(filter_begin(cx, o, NULL, &b));
    Sql *q = &b->sql, list = sql_fragment(q);
    size_t padded = n <= 8 ? 8 : n <= 64 ? 64 : TITLE_CHUNK;
    sql_lit(&b->where, " AND ");
    sql_column(&b->where, b->scope.alias, o->id, 0);
    sql_lit(&b->where, " IN (");
    for (size_t i = 0; i < padded; i++) {
        if (i > 0)
            sql_lit(&b->where, ", ");
        sql_bind_int(&b->where, ids[i < n ? i : n - 1]);
    }
    sql_lit(&b->where, ")");
    sql_lit(&list, "SELECT ");
    sql_column(&list, b->scope.alias, o->id, 0);
    sql_lit(&list, ", ");
    title_select(cx, o, b->scope.alias, &list);
    if (o->code) {
        sql_lit(&list, ", ");
        sql_column(&list, b->scope.alias, o->code, 0);
        sql_lit(&list, ", ");
        sql_column(&list, b->scope.alias, o->position ? o->position : o->id, 0);
    }
    filter_from(b, &list);
    sql_lit(&list, " ORDER BY ");
    sql_column(&list, b->scope.alias, o->id, 0);
    return filter_prepare(cx, &list, ret);
}

static Status title_rows(Ctx *cx, const Object *o, const Id *ids, size_t n, TitleRow *rows,
                         size_t *n_rows)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(title_chunk(cx, o, ids, n, &q));
    bool code_seen = o->code && path_visible(cx, o->code);
    for (;;) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        TitleRow *row = &rows[(*n_rows)++];
        *row = (TitleRow){.id = db_col_id(q, 0)};
        row->title = str_copy(cx->arena, title_text(cx, o, q, 1));
        if (code_seen && !db_col_null(q, 2))
            row->code = str_copy(cx->arena, db_col_text(q, 2));
        if (o->code && o->position)
            row->position = db_col_int(q, 3);
    }
}

static Status title_read(Ctx *cx, const Object *o, const Id *ids, size_t n, TitleRow *rows,
                         size_t *n_rows)
{
    for (size_t i = 0; i < n; i += TITLE_CHUNK) {
        size_t part = n - i < TITLE_CHUNK ? n - i : TITLE_CHUNK;
        cx->by_row = cx->as_of ? ROWS_MANY : ROWS_FEW;
        Status st = title_rows(cx, o, ids + i, part, rows, n_rows);
        cx->by_row = ROWS_MANY;
        TRY(st);
    }
    return ST_OK;
}

static int title_row_compare(const void *a, const void *b)
{
    const TitleRow *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Out of memory as far as they are there. */
static Status title_kept(Ctx *cx, const Object *o, Id *ids, size_t n, TitleRow *rows,
                         size_t *n_rows)
{
    size_t rest = 0;
    uint64_t since = title_store_take(cx, o, ids, n, rows, &rest);
    *n_rows = n - rest;
    if (!rest)
        return ST_OK;
    TitleRow *read = rows + *n_rows;
    size_t n_read = 0;
    TRY(title_read(cx, o, ids, rest, read, &n_read));
    title_store_put(cx, o, read, n_read, since);
    *n_rows += n_read;
    qsort(rows, *n_rows, sizeof *rows, title_row_compare);
    return ST_OK;
}

static int title_compare(const void *a, const void *b)
{
    Id x = *(const Id *)a, y = *(const Id *)b;
    return (x > y) - (x < y);
}

Status title_load(Ctx *cx, const Object *o, const Id *ids, size_t n, TitleRow **ret, size_t *ret_n)
{
    *ret = NULL;
    *ret_n = 0;
    if (n == 0 || (cx->access && !cx->access->object(cx, o)))
        return ST_OK;
    Id *sorted = arena_dup(cx->arena, ids, n * sizeof(*ids));
    qsort(sorted, n, sizeof(*sorted), title_compare);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || sorted[kept - 1] != sorted[i])
            sorted[kept++] = sorted[i];
    *ret = ARENA_ARRAY(cx->arena, TitleRow, kept);
    if (title_is_kept(cx, o))
        return title_kept(cx, o, sorted, kept, *ret, ret_n);
    return title_read(cx, o, sorted, kept, *ret, ret_n);
}

const TitleRow *title_find(const TitleRow *rows, size_t n, Id id)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (rows[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < n && rows[low].id == id ? &rows[low] : NULL;
}

void title_json(const Object *o, Id id, const TitleRow *row, bool any, Buf *out)
{
    buf_char(out, '{');
    if (any) {
        buf_lit(out, "\"object\":");
        buf_json_str(out, o->name);
        buf_char(out, ',');
    }
    buf_lit(out, "\"id\":");
    buf_json_id(out, id);
    if (row && row->code.p) {
        buf_lit(out, ",\"code\":");
        buf_json_str(out, row->code);
    } else if (o->code) {
        buf_lit(out, ",\"code\":null");
    }
    buf_lit(out, ",\"title\":");
    if (row && row->title.p)
        buf_json_str(out, row->title);
    else
        buf_lit(out, "null");
    buf_char(out, '}');
}

Status query_titles(Ctx *cx, const Object *o, const Id *ids, size_t n, Str *ret, Str *ret_codes)
{
    TitleRow *rows;
    size_t n_rows;
    TRY(title_load(cx, o, ids, n, &rows, &n_rows));
    for (size_t i = 0; i < n; i++) {
        const TitleRow *row = title_find(rows, n_rows, ids[i]);
        ret[i] = row ? row->title : STR_NULL;
        if (ret_codes)
            ret_codes[i] = row ? row->code : STR_NULL;
    }
    return ST_OK;
}

void query_person_json(Ctx *cx, Id user, Buf *out)
{
    const Object *users = meta_object(cx->meta, STR("user"));
    Str title = STR_NULL;
    if (users && query_titles(cx, users, &user, 1, &title, NULL) != ST_OK)
        error_clear(cx);
    buf_json_named(out, user, title);
}
