/* SPDX-License-Identifier: Apache-2.0 */
/* links: a set of records of another object (many to many).
 *
 * The column holds a JSON array of ids, ascending, so that twin, history and undo carry the whole
 * row; the table l_<number>(record, target), kept in step by record/, is its index. */
#include "base/id.h"
#include "meta/field/field.h"
#include <stdlib.h>

#define LINKS_MAX 1000

static int compare_ids(const void *a, const void *b)
{
    Id x = *(const Id *)a, y = *(const Id *)b;
    return (x > y) - (x < y);
}

/* Ascending and without repeats; null when empty. */
static Value ids_value(Id *ids, size_t n)
{
    if (!n)
        return VALUE_NULL;
    qsort(ids, n, sizeof(*ids), compare_ids);
    size_t kept = 1;
    for (size_t i = 1; i < n; i++) {
        if (ids[i] != ids[kept - 1])
            ids[kept++] = ids[i];
    }
    return (Value){.t = V_IDS, .ids = {.p = ids, .n = kept}};
}

static Status links_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_links",
                      "is not a list of at most %d ids of records", LINKS_MAX);
}

static Status links_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    size_t n = json_array_size(in);
    if (!json_is_array(in) || n > LINKS_MAX)
        return links_wrong(cx, f);
    Id *ids = ARENA_ARRAY(cx->arena, Id, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(in, i);
        if (json_is_object(item))
            item = json_object_get(item, "id");
        if (!item || !json_is_string(item) || !id_parse(json_str(item), &ids[i]))
            return links_wrong(cx, f);
    }
    *out = ids_value(ids, n);
    return ST_OK;
}

static Status links_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                               Value *out)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, LINKS_MAX);
    size_t n = 0;
    Str part;
    while (str_split(&in, ';', &part)) {
        part = str_trim(part);
        if (part.n && (n == LINKS_MAX || !id_parse(part, &ids[n++])))
            return links_wrong(cx, f);
    }
    *out = ids_value(ids, n);
    return ST_OK;
}

/* Our own text, [1,2,3]: written by links_store, never by a user. */
static void links_load(Arena *a, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = VALUE_NULL;
    Str s = db_col_null(q, col) ? STR_NULL : db_col_text(q, col);
    if (s.n < 3)
        return;
    size_t commas = 0;
    for (size_t i = 0; i < s.n; i++)
        commas += s.p[i] == ',';
    Id *ids = ARENA_ARRAY(a, Id, commas + 1);
    size_t n = 0;
    Str rest = str_sub(s, 1, s.n - 2), part;
    while (n <= commas && str_split(&rest, ',', &part)) {
        if (id_parse(part, &ids[n]))
            n++;
    }
    *out = ids_value(ids, n);
}

static void links_store(Arena *a, const Field *f UNUSED, const Value *v, DbVal out[FIELD_COLUMNS])
{
    if (value_is_null(v) || !v->ids.n) {
        out[0] = db_null(DB_TEXT);
        return;
    }
    Buf b = buf_in(a, 2 + v->ids.n * 20);
    for (size_t i = 0; i < v->ids.n; i++) {
        buf_char(&b, i ? ',' : '[');
        buf_int(&b, v->ids.p[i]);
    }
    buf_char(&b, ']');
    out[0] = db_text(buf_str(&b));
}

static void links_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_char(b, '[');
    for (size_t i = 0; i < v->ids.n; i++) {
        if (i)
            buf_char(b, ',');
        buf_lit(b, "{\"id\":");
        buf_json_id(b, v->ids.p[i]);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void links_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    for (size_t i = 0; i < v->ids.n; i++) {
        if (i)
            buf_char(b, ';');
        buf_int(b, v->ids.p[i]);
    }
}

const FieldType field_links_type = {
    .kind = F_LINKS,
    .name = "links",
    .value = V_IDS,
    .groupable = true,
    .filterable = true,
    .columns = field_column_text,
    .parse = links_parse,
    .parse_text = links_parse_text,
    .validate = field_validate_none,
    .load = links_load,
    .store = links_store,
    .json = links_json,
    .text = links_text,
    .declare = field_declare_none, /* "to" needs the catalogue: meta_compile.c */
};
