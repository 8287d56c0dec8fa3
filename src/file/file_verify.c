/* SPDX-License-Identifier: Apache-2.0 */
/* Doctor's look at files: each record has its bytes, all of them, and bytes have a record. */
#include "file/file.h"
#include <dirent.h>
#include <sys/stat.h>

#define CHUNK 500
#define TOLD 5 /* ids of files without bytes */

typedef struct FileRow {
    Id id;
    Str hash;
    int64_t size;
} FileRow;

/* The next records, in the arena of the chunk. */
static Status read_rows(Ctx *cx, const Object *o, Id after, FileRow *rows, size_t *ret_n)
{
    CLEANUP(stmt) Stmt *s = NULL;
    Sql q = sql_new(cx->arena);
    sql_lit(&q, "SELECT \"id\", ");
    sql_column(&q, -1, object_field(o, STR("hash")), 0);
    sql_lit(&q, ", ");
    sql_column(&q, -1, object_field(o, STR("size")), 0);
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    sql_lit(&q, " WHERE \"id\" > ");
    sql_bind_int(&q, after);
    sql_lit(&q, " ORDER BY \"id\" LIMIT ");
    sql_number(&q, CHUNK);
    TRY(db_prepare_str(cx, sql_text(&q), &s));
    TRY(db_bind_all(s, q.vals->v, q.vals->n));
    for (*ret_n = 0; *ret_n < CHUNK; (*ret_n)++) {
        bool found = false;
        TRY(db_next(s, &found));
        if (!found)
            break;
        rows[*ret_n] = (FileRow){.id = db_col_id(s, 0),
                                 .hash = str_copy(cx->arena, db_col_text(s, 1)),
                                 .size = db_col_int(s, 2)};
    }
    return ST_OK;
}

static bool has_bytes(Ctx *cx, const FileRow *row)
{
    struct stat st;
    if (row->hash.n != 64)
        return false;
    const char *path = str_z(cx->arena, file_store_path(cx->arena, cx->records->dir, row->hash));
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (int64_t)st.st_size == row->size;
}

static Status verify_rows(Ctx *cx, FileReport *r)
{
    const Object *o = meta_object(cx->meta, STR("file"));
    FileRow *rows = ARENA_ARRAY(cx->arena, FileRow, CHUNK);
    size_t n = CHUNK;
    for (Id after = 0; o && n == CHUNK; after = n ? rows[n - 1].id : 0) {
        TRY(read_rows(cx, o, after, rows, &n));
        for (size_t i = 0; i < n; i++) {
            if (has_bytes(cx, &rows[i]))
                continue;
            if (r->lost++ < TOLD)
                buf_printf(&r->ids, "%s%lld", r->ids.n ? ", " : "", (long long)rows[i].id);
        }
    }
    return ST_OK;
}

static bool is_old(Ctx *cx, const char *folder, const char *name)
{
    struct stat st;
    const char *path = str_z(cx->arena, str_format(cx->arena, "%s/%s", folder, name));
    int64_t before = cx->now_ms - FILE_STRAY_HOURS * INT64_C(3600000);
    return strlen(name) == 64 && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           (int64_t)st.st_mtim.tv_sec * 1000 < before && (int64_t)st.st_ctim.tv_sec * 1000 < before;
}

static Status verify_folder(Ctx *cx, const char *folder, FileReport *r)
{
    DIR *d = opendir(folder);
    Status st = ST_OK;
    if (!d)
        return ST_OK;
    for (const struct dirent *e; st == ST_OK && (e = readdir(d));) {
        bool known = true;
        if (is_old(cx, folder, e->d_name))
            st = file_content_known(cx, str_copy(cx->arena, str_of(e->d_name)), &known);
        r->strays += !known;
    }
    closedir(d);
    return st;
}

/* DIR/files/ab/cd */
static Status verify_contents(Ctx *cx, FileReport *r)
{
    for (int i = 0; i < 256; i++) {
        char *outer = str_z(cx->arena, str_format(cx->arena, "%s/files/%02x", cx->records->dir, i));
        struct stat st;
        if (stat(outer, &st) != 0)
            continue;
        for (int k = 0; k < 256; k++)
            TRY(verify_folder(cx, str_z(cx->arena, str_format(cx->arena, "%s/%02x", outer, k)), r));
    }
    return ST_OK;
}

Status file_verify(Ctx *cx, FileReport *ret)
{
    *ret = (FileReport){.ids = buf_in(cx->arena, 200)};
    if (!cx->records->dir)
        return ST_OK;
    TRY(verify_rows(cx, ret));
    return verify_contents(cx, ret);
}
