/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows are there already: by the keys of the options, or by unique fields. The texts of a
 * chunk are looked up with one statement per field; keys of several fields row by row. */
#include "import/keys.h"

const ImportColumn *import_column_of(const Import *im, const Field *f)
{
    for (size_t i = 0; i < im->n_columns; i++)
        if (im->columns[i].field == f)
            return &im->columns[i];
    return NULL;
}

/* The cell as the field would store it; null if it is empty or not a value (told later). */
static Value cell_value(Ctx *cx, const Import *im, const Field *f, const ImportRow *row)
{
    const ImportColumn *c = import_column_of(im, f);
    Str text = row_text(c, row);
    Value v = VALUE_NULL;
    if (!text.n || row->csv.bad_text)
        return v;
    Error before = cx->err;
    if (f->type->parse_text(cx, f, text, &im->form, &v) != ST_OK)
        v = VALUE_NULL;
    cx->err = before;
    return v;
}

static void begin_select(Sql *q, const Import *im, const Field *f)
{
    sql_lit(q, "SELECT t0.\"id\", ");
    sql_column(q, 0, f, 0);
    sql_lit(q, " FROM ");
    sql_table(q, im->object);
    sql_lit(q, " t0 WHERE ");
}

/* ---- one text field, a chunk at a time */
typedef struct KeyHit {
    Id id;
    bool many;
} KeyHit;

static Status read_hits(Ctx *cx, const Sql *sql, Map *hits)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = true;
    TRY(db_prepare_str(cx, sql_text(sql), &q));
    TRY(db_bind_all(q, sql->vals->v, sql->vals->n));
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        KeyHit *hit = map_get(hits, db_col_text(q, 1));
        if (hit) {
            hit->many = hit->many || hit->id != 0;
            hit->id = db_col_id(q, 0);
        }
    }
}

static Status find_bulk(Ctx *cx, const Import *im, const Field *f, ImportRow *rows, size_t n,
                        bool is_key)
{
    Map hits = map_in(cx->arena);
    Sql q = sql_new(cx->arena);
    int next_alias = 1;
    begin_select(&q, im, f);
    sql_column(&q, 0, f, 0);
    sql_lit(&q, " IN (");
    Str *texts = ARENA_ARRAY(cx->arena, Str, n);
    for (size_t i = 0; i < n; i++) {
        Value v = rows[i].existing ? VALUE_NULL : cell_value(cx, im, f, &rows[i]);
        texts[i] = v.t == V_TEXT ? v.s : STR_NULL;
        if (!texts[i].n || map_has(&hits, texts[i]))
            continue;
        if (hits.n)
            sql_lit(&q, ", ");
        map_put(&hits, texts[i], ARENA_NEW(cx->arena, KeyHit));
        sql_bind_text(&q, texts[i]);
    }
    sql_lit(&q, ")");
    if (!hits.n)
        return ST_OK;
    TRY(cx->access->predicate(cx, im->object, db_kind_of(cx->db), 0, &q, &next_alias));
    TRY(read_hits(cx, &q, &hits));
    for (size_t i = 0; i < n; i++) {
        const KeyHit *hit = texts[i].n ? map_get(&hits, texts[i]) : NULL;
        if (!hit || !hit->id)
            continue;
        rows[i].existing = hit->id;
        rows[i].many = hit->many;
        rows[i].duplicate_of = is_key ? STR_NULL : import_column_of(im, f)->header;
    }
    return ST_OK;
}

/* ---- several fields, or other types: row by row */
static Status find_row(Ctx *cx, const Import *im, ImportRow *row)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    int next_alias = 1;
    bool found = false;
    begin_select(&q, im, im->keys[0]);
    for (size_t i = 0; i < im->n_keys; i++) {
        DbVal v[FIELD_COLUMNS];
        Value value = cell_value(cx, im, im->keys[i], row);
        if (value_is_null(&value))
            return ST_OK;
        im->keys[i]->type->store(cx->arena, im->keys[i], &value, v);
        if (i)
            sql_lit(&q, " AND ");
        sql_column(&q, 0, im->keys[i], 0);
        sql_lit(&q, " = ");
        sql_bind(&q, v[0]);
    }
    TRY(cx->access->predicate(cx, im->object, db_kind_of(cx->db), 0, &q, &next_alias));
    sql_lit(&q, " LIMIT 2");
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    TRY(db_next(s, &found));
    row->existing = found ? db_col_id(s, 0) : 0;
    if (found)
        TRY(db_next(s, &row->many));
    return ST_OK;
}

static Status find_by_keys(Ctx *cx, const Import *im, ImportRow *rows, size_t n)
{
    if (im->n_keys == 1 && im->keys[0]->type->value == V_TEXT)
        return find_bulk(cx, im, im->keys[0], rows, n, true);
    for (size_t i = 0; i < n; i++)
        TRY(find_row(cx, im, &rows[i]));
    return ST_OK;
}

Status keys_find(Ctx *cx, const Import *im, ImportRow *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        rows[i].existing = 0;
        rows[i].many = false;
        rows[i].duplicate_of = STR_NULL;
    }
    if (im->n_keys)
        TRY(find_by_keys(cx, im, rows, n));
    if (im->mode == IMPORT_UPDATE || im->duplicates == DUP_CREATE)
        return ST_OK;
    for (size_t i = 0; i < im->n_uniques; i++)
        TRY(find_bulk(cx, im, im->uniques[i], rows, n, false));
    return ST_OK;
}

/* ---- the same key twice in a file: the later row must see what the earlier one wrote */
/* As the field would store it: two ways to write one value are one key. */
static Str key_part(Ctx *cx, Arena *a, const Import *im, const Field *f, const ImportRow *row)
{
    Arena *outer = cx->arena;
    cx->arena = a;
    Value v = cell_value(cx, im, f, row);
    cx->arena = outer;
    return v.t == V_TEXT ? v.s : row_text(import_column_of(im, f), row);
}

/* Empty if the row says nothing in these fields. */
static Str key_text(Ctx *cx, Arena *a, const Import *im, const Field *const *fields, size_t n,
                    const ImportRow *row, size_t tag)
{
    Buf key = buf_in(a, 1 << 20);
    bool any = false;
    buf_printf(&key, "%zu", tag);
    for (size_t i = 0; i < n; i++) {
        Str text = key_part(cx, a, im, fields[i], row);
        any = any || text.n;
        buf_char(&key, '\x1f');
        buf_str_add(&key, text);
    }
    return any ? buf_str(&key) : STR("");
}

void keys_of_row(Ctx *cx, const Import *im, const ImportRow *row, Arena *a, RowKeys *ret)
{
    for (size_t i = 0; i < im->n_uniques; i++)
        ret->v[i] = key_text(cx, a, im, &im->uniques[i], 1, row, i);
    ret->n = im->n_uniques;
    if (im->n_keys)
        ret->v[ret->n++] = key_text(cx, a, im, im->keys, im->n_keys, row, MAX_UNIQUE);
}

bool keys_among(const RowKeys *keys, const Map *seen)
{
    for (size_t i = 0; i < keys->n; i++)
        if (keys->v[i].n && map_has(seen, keys->v[i]))
            return true;
    return false;
}

void keys_note(const RowKeys *keys, Map *seen)
{
    for (size_t i = 0; i < keys->n; i++)
        if (keys->v[i].n)
            map_put(seen, keys->v[i], seen);
}
