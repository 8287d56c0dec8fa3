/* SPDX-License-Identifier: Apache-2.0 */
/* Files as records show them: name, size, type and where they are read. Whoever sees the record that
 * refers to a file sees this of it; the file's own record has no predicate. */
#include "query/query_internal.h"

#define FILE_CHUNK 500 /* ids of one IN list */

static Status file_chunk(Ctx *cx, const Object *o, const Id *ids, size_t n, Stmt **ret)
{
    static const char *const FIELDS[] = {"id", "name", "size", "type"};
    Sql q = sql_new(cx->arena);
    for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
        if (i)
            sql_lit(&q, ", ");
        else
            sql_lit(&q, "SELECT ");
        sql_column(&q, -1, object_field(o, str_of(FIELDS[i])), 0);
    }
    size_t padded = n <= 8 ? 8 : n <= 64 ? 64 : FILE_CHUNK;
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE ");
    sql_column(&q, -1, o->id, 0);
    sql_lit(&q, " IN (");
    for (size_t i = 0; i < padded; i++) {
        if (i)
            sql_lit(&q, ", ");
        sql_bind_int(&q, ids[i < n ? i : n - 1]);
    }
    sql_lit(&q, ") ORDER BY ");
    sql_column(&q, -1, o->id, 0);
    return filter_prepare(cx, &q, ret);
}

static Status file_rows(Ctx *cx, const Object *o, const Id *ids, size_t n, FileRow *rows,
                        size_t *n_rows)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(file_chunk(cx, o, ids, n, &q));
    for (;;) {
        bool more;
        TRY(db_next(q, &more));
        if (!more)
            return ST_OK;
        rows[(*n_rows)++] = (FileRow){.id = db_col_id(q, 0),
                                      .name = str_copy(cx->arena, db_col_text(q, 1)),
                                      .size = db_col_int(q, 2),
                                      .type = str_copy(cx->arena, db_col_text(q, 3))};
    }
}

static int file_compare(const void *a, const void *b)
{
    Id x = *(const Id *)a, y = *(const Id *)b;
    return (x > y) - (x < y);
}

Status file_load(Ctx *cx, const Id *ids, size_t n, FileRow **ret, size_t *ret_n)
{
    const Object *o = meta_object(cx->meta, STR("file"));
    *ret = NULL;
    *ret_n = 0;
    if (!n || !o)
        return ST_OK;
    Id *sorted = arena_dup(cx->arena, ids, n * sizeof(*ids));
    qsort(sorted, n, sizeof(*sorted), file_compare);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || sorted[kept - 1] != sorted[i])
            sorted[kept++] = sorted[i];
    *ret = ARENA_ARRAY(cx->arena, FileRow, kept);
    for (size_t i = 0; i < kept; i += FILE_CHUNK) {
        size_t part = kept - i < FILE_CHUNK ? kept - i : FILE_CHUNK;
        TRY(file_rows(cx, o, sorted + i, part, *ret, ret_n));
    }
    return ST_OK;
}

void file_json(const FileRow *rows, size_t n, Id id, Buf *out)
{
    const FileRow *row = NULL;
    for (size_t low = 0, high = n; low < high && !row;) {
        size_t mid = (low + high) / 2;
        if (rows[mid].id == id)
            row = &rows[mid];
        else if (rows[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    buf_lit(out, "{\"id\":");
    buf_json_id(out, id);
    buf_lit(out, ",\"name\":");
    if (!row) {
        buf_lit(out, "null}");
        return;
    }
    buf_json_str(out, row->name);
    buf_lit(out, ",\"size\":");
    buf_int(out, row->size);
    buf_lit(out, ",\"type\":");
    buf_json_str(out, row->type);
    buf_printf(out, ",\"url\":\"/api/v1/files/%lld\"}", (long long)id);
}

Status query_files(Ctx *cx, const Id *ids, size_t n, Str *ret)
{
    FileRow *rows;
    size_t n_rows;
    TRY(file_load(cx, ids, n, &rows, &n_rows));
    for (size_t i = 0; i < n; i++) {
        Buf b = buf_in(cx->arena, 4096);
        file_json(rows, n_rows, ids[i], &b);
        ret[i] = buf_str(&b);
    }
    return ST_OK;
}
