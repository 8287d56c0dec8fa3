/* SPDX-License-Identifier: Apache-2.0 */
/* Archives written: rows are collected to pieces. */
#include "backup/archive.h"
#include <endian.h>

enum { PIECE = 256 * 1024 };
static const char MAGIC[] = "GXARC1\n";

struct Archive {
    Sealer *to;
    const DbTable *table;
    TableSum sum;
    Arena *arena; /* of the rows in hand */
    Buf rows;
};

static Status put(Ctx *cx, Archive *a, char letter, Str body)
{
    uint32_t n = htole32((uint32_t)body.n);
    if (body.n > UINT32_MAX)
        return FAIL(cx, ST_TOO_LARGE, "backup.large_row", "a row is too large");
    TRY(seal_out_write(cx, a->to, &letter, 1));
    TRY(seal_out_write(cx, a->to, &n, sizeof(n)));
    return seal_out_write(cx, a->to, body.p, body.n);
}

static Status put_json(Ctx *cx, Archive *a, char letter, const json_t *j)
{
    Buf out = buf_in(cx->arena, HEAD_MAX);
    json_write(&out, j);
    if (buf_overflowed(&out))
        return FAIL(cx, ST_TOO_LARGE, "backup.large_row", "a row is too large");
    return put(cx, a, letter, buf_str(&out));
}

static void free_rows(void *arena) { arena_free(arena); }

static void fresh_rows(Archive *a)
{
    arena_reset(a->arena);
    a->rows = buf_in(a->arena, ROWS_MAX);
}

Status archive_begin(Ctx *cx, Sealer *to, const json_t *head, Archive **ret)
{
    Archive *a = ARENA_NEW(cx->arena, Archive);
    a->to = to;
    a->arena = arena_new((size_t)PIECE * 2);
    arena_on_free(cx->arena, free_rows, a->arena);
    fresh_rows(a);
    *ret = a;
    TRY(seal_out_write(cx, to, MAGIC, sizeof(MAGIC) - 1));
    return put_json(cx, a, 'H', head);
}

static json_t *columns_of(const DbTable *t)
{
    static const char *const WORDS[] = {[DB_BOOL] = "bool",
                                        [DB_INT] = "int",
                                        [DB_REAL] = "real",
                                        [DB_TEXT] = "text",
                                        [DB_BLOB] = "blob"};
    json_t *all = json_array();
    for (size_t i = 0; i < t->n; i++) {
        const DbColumn *c = &t->columns[i];
        json_t *one = json_array();
        json_array_append_new(one, json_stringn(c->name.p, c->name.n));
        json_array_append_new(one, json_string(WORDS[c->type]));
        json_array_append_new(one, json_integer(c->key));
        json_array_append_new(one, json_boolean(c->not_null));
        json_array_append_new(one, json_boolean(c->tokens));
        json_array_append_new(all, one);
    }
    return all;
}

Status archive_table(Ctx *cx, Archive *a, const DbTable *t)
{
    json_t *j = json_object();
    json_own(cx->arena, j);
    json_object_set_new(j, "table", json_stringn(t->name.p, t->name.n));
    json_object_set_new(j, "columns", columns_of(t));
    a->table = t;
    a->sum = (TableSum){0};
    return put_json(cx, a, 'T', j);
}

static Status flush(Ctx *cx, Archive *a)
{
    if (!a->rows.n)
        return ST_OK;
    TRY(put(cx, a, 'R', buf_str(&a->rows)));
    fresh_rows(a);
    return ST_OK;
}

Status archive_row(Ctx *cx, Archive *a, const DbVal *v)
{
    size_t from = a->rows.n;
    row_encode(&a->rows, a->table, v);
    if (buf_overflowed(&a->rows))
        return FAIL(cx, ST_TOO_LARGE, "backup.large_row", "a row is too large");
    row_sum(&a->sum, str_n(a->rows.p + from, a->rows.n - from));
    return a->rows.n >= PIECE ? flush(cx, a) : ST_OK;
}

Status archive_table_end(Ctx *cx, Archive *a, TableSum *ret)
{
    uint64_t body[3] = {htole64((uint64_t)a->sum.rows), htole64(a->sum.hash[0]),
                        htole64(a->sum.hash[1])};
    TRY(flush(cx, a));
    *ret = a->sum;
    return put(cx, a, 'E', str_n((const char *)body, sizeof(body)));
}

Status archive_files(Ctx *cx, Archive *a, const json_t *list) { return put_json(cx, a, 'F', list); }

Status archive_end(Ctx *cx, Archive *a) { return put(cx, a, 'Z', STR("")); }
