/* SPDX-License-Identifier: Apache-2.0 */
/* Files of exports: written beside the other files of the organisation, then kept under their hash
 * (DIR/files/ab/cd/<sha256>, fsync before the row). */
#include "base/id.h"
#include "export/export_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct ExportFile {
    int fd;
};

static const char SQL_UPLOAD[] =
    "INSERT INTO {gx_upload} (id, hash, name, size, type, at, by_user) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

static Status cannot_write(Ctx *cx)
{
    return FAIL(cx, errno == ENOSPC || errno == EDQUOT ? ST_FULL : ST_INTERNAL, "export.file",
                "the file cannot be written");
}

Status export_file_open(Ctx *cx, const char *path, ExportFile **ret)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return cannot_write(cx);
    *ret = ARENA_NEW(cx->arena, ExportFile);
    (*ret)->fd = fd;
    return ST_OK;
}

void export_file_close(ExportFile *f)
{
    if (f && f->fd >= 0)
        close(f->fd);
    if (f)
        f->fd = -1;
}

Status export_file_add(Ctx *cx, ExportFile *f, Buf *text)
{
    if (buf_overflowed(text))
        return FAIL(cx, ST_TOO_LARGE, "export.row_too_large", "a row is too large");
    for (size_t done = 0; done < text->n;) {
        ssize_t n = write(f->fd, text->p + done, text->n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return cannot_write(cx);
        done += (size_t)n;
    }
    buf_truncate(text, 0);
    return ST_OK;
}

/* Hash and length of the file, which is on disk when this returns. */
static Status read_hash(Ctx *cx, const char *path, Str *ret_hash, int64_t *ret_bytes)
{
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    static const size_t BLOCK = 65536;
    unsigned char *block = arena_alloc(cx->arena, BLOCK);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : 1;
    *ret_bytes = 0;
    crypto_hash_sha256_init(&state);
    while (n > 0 && (n = read(fd, block, BLOCK)) > 0) {
        crypto_hash_sha256_update(&state, block, (unsigned long long)n);
        *ret_bytes += n;
    }
    bool kept = n == 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    if (!kept)
        return cannot_write(cx);
    crypto_hash_sha256_final(&state, hash);
    Buf hex = buf_in(cx->arena, 2 * sizeof(hash));
    buf_hex(&hex, hash, sizeof(hash));
    *ret_hash = buf_str(&hex);
    return ST_OK;
}

/* DIR of DIR/exports/… */
static Str data_dir(Str path)
{
    for (int up = 0; up < 2; up++) {
        while (path.n && path.p[path.n - 1] != '/')
            path.n--;
        while (path.n > 1 && path.p[path.n - 1] == '/')
            path.n--;
    }
    return path.n ? path : STR(".");
}

static Status keep(Ctx *cx, const char *path, Str hash)
{
    Arena *a = cx->arena;
    Str dir = str_format(a, STR_FMT "/files", STR_ARG(data_dir(str_of(path))));
    mkdir(str_z(a, dir), 0700);
    for (size_t i = 0; i < 4; i += 2) {
        dir = str_format(a, STR_FMT "/%.2s", STR_ARG(dir), hash.p + i);
        mkdir(str_z(a, dir), 0700); /* there already, or rename says so */
    }
    Str to = str_format(a, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(hash));
    return rename(path, str_z(a, to)) == 0 || access(str_z(a, to), R_OK) == 0 ? ST_OK
                                                                              : cannot_write(cx);
}

Status export_file_publish(Ctx *cx, Plan *plan, const char *path, Str name, const char *type,
                           Id *ret_id, int64_t *ret_bytes)
{
    Str hash = STR_NULL;
    TRY(read_hash(cx, path, &hash, ret_bytes));
    TRY(keep(cx, path, hash));
    *ret_id = idgen_next(db_ids(db_pool_of(cx->db)));
    const DbVal v[] = {db_int(*ret_id),    db_text(hash),         db_text(name),
                       db_int(*ret_bytes), db_text(str_of(type)), db_int(cx->now_ms),
                       db_int(cx->user_id)};
    plan_exec(plan, STR_SQL(SQL_UPLOAD), v, COUNT_OF(v));
    return ST_OK;
}
