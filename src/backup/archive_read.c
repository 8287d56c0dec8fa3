/* SPDX-License-Identifier: Apache-2.0 */
/* Archives read. What was sealed by somebody with the key is believed no more than any other bytes. */
#include "backup/archive.h"
#include <endian.h>

enum { NAME_MAX_BYTES = 63, LEAST_BLOCK = 512 * 1024 };
static const char MAGIC[] = "GXARC1\n";

struct ArchiveReader {
    ArchiveRead read;
    void *from;
    char letter; /* of the part that was announced and not yet read; 0: none */
    uint32_t size;
    DbTable table;
    bool in_table, ended;
    TableSum sum;
    Arena *arena; /* of the part in hand */
    Str rows;
};

static Status damaged(Ctx *cx)
{
    return FAIL(cx, ST_INVALID, "backup.damaged", "the backup is damaged or not complete");
}

static Status take(Ctx *cx, ArchiveReader *r, void *p, size_t n)
{
    size_t got = 0;
    TRY(r->read(cx, r->from, p, n, &got));
    return got == n ? ST_OK : damaged(cx);
}

/* Looks at what comes; the part stays until it is taken. */
static Status peek(Ctx *cx, ArchiveReader *r)
{
    uint32_t size;
    if (r->letter)
        return ST_OK;
    TRY(take(cx, r, &r->letter, 1));
    TRY(take(cx, r, &size, sizeof(size)));
    r->size = le32toh(size);
    return ST_OK;
}

static Status take_part(Ctx *cx, ArchiveReader *r, Arena *a, size_t max, Str *ret)
{
    if (r->size > max)
        return damaged(cx);
    char *p = arena_alloc(a, (size_t)r->size + 1);
    TRY(take(cx, r, p, r->size));
    p[r->size] = 0;
    r->letter = 0;
    *ret = str_n(p, r->size);
    return ST_OK;
}

static Status take_json(Ctx *cx, ArchiveReader *r, json_t **ret)
{
    Str text = STR_NULL;
    TRY(take_part(cx, r, cx->arena, HEAD_MAX, &text));
    if (json_parse(cx, text, ret) == ST_OK)
        return ST_OK;
    error_clear(cx);
    return damaged(cx);
}

static void free_arena(void *arena) { arena_free(arena); }

Status archive_open(Ctx *cx, ArchiveRead read, void *from, ArchiveReader **ret, json_t **ret_head)
{
    char magic[sizeof(MAGIC) - 1];
    ArchiveReader *r = ARENA_NEW(cx->arena, ArchiveReader);
    r->read = read;
    r->from = from;
    r->arena = arena_new(LEAST_BLOCK);
    arena_on_free(cx->arena, free_arena, r->arena);
    *ret = r;
    TRY(take(cx, r, magic, sizeof(magic)));
    if (memcmp(magic, MAGIC, sizeof(magic)) != 0)
        return damaged(cx);
    TRY(peek(cx, r));
    if (r->letter != 'H')
        return damaged(cx);
    TRY(take_json(cx, r, ret_head));
    return json_is_object(*ret_head) && json_get_int(*ret_head, "format", 0) == 1
               ? ST_OK
               : FAIL(cx, ST_INVALID, "backup.newer", "the backup was made by a newer program");
}

/* ---- tables ------------------------------------------------------------------------------ */
static bool is_name(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return s.n > 0 && s.n <= NAME_MAX_BYTES;
}

static bool type_of(Str word, DbType *ret)
{
    static const char *const WORDS[] = {[DB_BOOL] = "bool",
                                        [DB_INT] = "int",
                                        [DB_REAL] = "real",
                                        [DB_TEXT] = "text",
                                        [DB_BLOB] = "blob"};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_is(word, WORDS[i]))
            return *ret = (DbType)i, true;
    return false;
}

static bool column_of(Arena *a, const json_t *j, DbColumn *ret)
{
    Str name = json_str(json_array_get(j, 0));
    const json_t *key = json_array_get(j, 2);
    if (!is_name(name) || !type_of(json_str(json_array_get(j, 1)), &ret->type))
        return false;
    ret->name = str_copy(a, name);
    ret->key = json_is_integer(key) && json_integer_value(key) > 0 &&
                       json_integer_value(key) <= COLUMNS_MAX
                   ? (int)json_integer_value(key)
                   : 0;
    ret->not_null = json_is_true(json_array_get(j, 3));
    ret->tokens = json_is_true(json_array_get(j, 4));
    return true;
}

static Status read_table(Ctx *cx, ArchiveReader *r)
{
    json_t *j = NULL;
    TRY(take_json(cx, r, &j));
    Str name = json_get_str(j, "table");
    const json_t *columns = json_object_get(j, "columns");
    size_t n = json_array_size(columns);
    if (!is_name(name) || n == 0 || n > COLUMNS_MAX)
        return damaged(cx);
    r->table = (DbTable){
        .name = str_copy(cx->arena, name), .columns = ARENA_ARRAY(cx->arena, DbColumn, n), .n = n};
    for (size_t i = 0; i < n; i++)
        if (!column_of(cx->arena, json_array_get(columns, i), &r->table.columns[i]))
            return damaged(cx);
    r->in_table = true;
    r->sum = (TableSum){0};
    r->rows = STR("");
    return ST_OK;
}

Status archive_next(Ctx *cx, ArchiveReader *r, const DbTable **ret)
{
    *ret = NULL;
    if (r->in_table)
        return damaged(cx);
    TRY(peek(cx, r));
    if (r->letter == 'F' || r->letter == 'Z')
        return ST_OK;
    if (r->letter != 'T')
        return damaged(cx);
    TRY(read_table(cx, r));
    *ret = &r->table;
    return ST_OK;
}

static Status end_table(Ctx *cx, ArchiveReader *r)
{
    Str body;
    uint64_t told[3];
    TRY(take_part(cx, r, r->arena, sizeof(told), &body));
    if (body.n != sizeof(told))
        return damaged(cx);
    memcpy(told, body.p, sizeof(told));
    const TableSum sum = {.rows = (int64_t)le64toh(told[0]),
                          .hash = {le64toh(told[1]), le64toh(told[2])}};
    r->in_table = false;
    return row_sum_equal(&sum, &r->sum) ? ST_OK : damaged(cx);
}

Status archive_next_row(Ctx *cx, ArchiveReader *r, DbVal *v, bool *ret)
{
    *ret = false;
    if (!r->in_table)
        return damaged(cx);
    while (!r->rows.n) {
        TRY(peek(cx, r));
        arena_reset(r->arena);
        if (r->letter == 'E')
            return end_table(cx, r);
        if (r->letter != 'R')
            return damaged(cx);
        TRY(take_part(cx, r, r->arena, ROWS_MAX, &r->rows));
    }
    Str before = r->rows;
    if (!row_decode(&r->rows, &r->table, v))
        return damaged(cx);
    row_sum(&r->sum, str_n(before.p, before.n - r->rows.n));
    *ret = true;
    return ST_OK;
}

const TableSum *archive_sum(const ArchiveReader *r) { return &r->sum; }

Status archive_next_files(Ctx *cx, ArchiveReader *r, json_t **ret)
{
    Str nothing;
    *ret = NULL;
    if (r->in_table || r->ended)
        return damaged(cx);
    TRY(peek(cx, r));
    if (r->letter == 'F')
        return take_json(cx, r, ret);
    if (r->letter != 'Z' || r->size)
        return damaged(cx);
    TRY(take_part(cx, r, r->arena, 0, &nothing));
    r->ended = true;
    return ST_OK;
}
