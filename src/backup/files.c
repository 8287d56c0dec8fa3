/* SPDX-License-Identifier: Apache-2.0 */
/* Contents of files: a name stands for the same bytes for ever, so what is there once is never copied
 * again. Read back once when made: the hash must be its name. */
#include "backup/backup.h"
#include "file/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 65536, LIST_CHUNK = 2000, HASH_HEX = 64 };

Str backup_path(Ctx *cx, const char *dir, Str hash)
{
    return file_store_path(cx->arena, dir, hash);
}

static bool is_hash(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return s.n == HASH_HEX;
}

static Status failed(Ctx *cx, const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT;
    return FAIL(cx, full ? ST_FULL : ST_INTERNAL, "backup.not_written", "cannot write %s: %s", path,
                strerror(errno));
}

/* ---- one content ------------------------------------------------------------------------- */
static Status seal_bytes(Ctx *cx, Sealer *to, int fd, crypto_hash_sha256_state *sum)
{
    unsigned char buffer[CHUNK];
    for (;;) {
        ssize_t n = read(fd, buffer, sizeof(buffer));
        if (n < 0)
            return FAIL(cx, ST_INTERNAL, "backup.not_read", "a file cannot be read: %s",
                        strerror(errno));
        if (n == 0)
            return ST_OK;
        crypto_hash_sha256_update(sum, buffer, (size_t)n);
        TRY(seal_out_write(cx, to, buffer, (size_t)n));
    }
}

static bool is_named(crypto_hash_sha256_state *sum, Str hash)
{
    unsigned char bytes[crypto_hash_sha256_BYTES];
    char hex[sizeof(bytes) * 2 + 1];
    crypto_hash_sha256_final(sum, bytes);
    sodium_bin2hex(hex, sizeof(hex), bytes, sizeof(bytes));
    return str_is(hash, hex);
}

static Status seal_file(Ctx *cx, SealKey *key, const char *from, Str hash, const char *to)
{
    CLEANUP(seal_out) Sealer *s = NULL;
    crypto_hash_sha256_state sum;
    int64_t bytes;
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0) /* the sweep took it: nothing refers to it */
        return ST_NOT_FOUND;
    crypto_hash_sha256_init(&sum);
    Status st = seal_out_open(cx, key, to, &s);
    if (st == ST_OK)
        st = seal_bytes(cx, s, fd, &sum);
    close(fd);
    TRY(st);
    if (!is_named(&sum, hash))
        return FAIL(cx, ST_INVALID, "backup.bad_content", "file %.*s is not what its name says",
                    STR_ARG(hash));
    return seal_out_end(cx, s, &bytes);
}

/* Reads what was sealed; with `out` >= 0 writes it there. */
static Status open_bytes(Ctx *cx, SealKey *key, const char *from, Str hash, int out)
{
    CLEANUP(seal_in) Opener *o = NULL;
    crypto_hash_sha256_state sum;
    unsigned char buffer[CHUNK];
    size_t n = 0;
    TRY(seal_in_open(cx, key, from, &o));
    crypto_hash_sha256_init(&sum);
    do {
        TRY(seal_in_read(cx, o, buffer, sizeof(buffer), &n));
        crypto_hash_sha256_update(&sum, buffer, n);
        if (out >= 0 && n && write(out, buffer, n) != (ssize_t)n)
            return failed(cx, "files");
    } while (n);
    return is_named(&sum, hash)
               ? ST_OK
               : FAIL(cx, ST_INVALID, "backup.damaged", "the backup is damaged or not complete");
}

static bool make_folders(Ctx *cx, const char *dir, Str hash)
{
    Str root = str_format(cx->arena, "%s/files", dir);
    Str outer = str_format(cx->arena, "%s/files/%.2s", dir, hash.p);
    Str inner = str_format(cx->arena, "%s/files/%.2s/%.2s", dir, hash.p, hash.p + 2);
    return (mkdir(root.p, 0700) == 0 || errno == EEXIST) &&
           (mkdir(outer.p, 0700) == 0 || errno == EEXIST) &&
           (mkdir(inner.p, 0700) == 0 || errno == EEXIST);
}

static Status add_file(Ctx *cx, const BackupEnv *env, SealKey *key, Str hash, int64_t size,
                       BackupFiles *n)
{
    Str to = backup_path(cx, env->dir, hash), aside = str_format(cx->arena, "%s.partial", to.p);
    Str from = backup_path(cx, env->data, hash);
    if (access(to.p, F_OK) == 0)
        return ST_OK;
    if (!make_folders(cx, env->dir, hash))
        return failed(cx, to.p);
    TRY(seal_file(cx, key, from.p, hash, aside.p));
    TRY(open_bytes(cx, key, aside.p, hash, -1));
    if (rename(aside.p, to.p) != 0)
        return failed(cx, to.p);
    n->new_files++;
    n->new_bytes += size;
    return ST_OK;
}

/* ---- all of them ------------------------------------------------------------------------- */
typedef struct Walk {
    const BackupEnv *env;
    SealKey *key;
    Archive *to;
    FILE *list;
    json_t *chunk;
    BackupFiles *n;
    Arena *scratch;
} Walk;

static Status flush(Ctx *cx, Walk *w)
{
    if (!json_array_size(w->chunk))
        return ST_OK;
    TRY(archive_files(cx, w->to, w->chunk));
    json_array_clear(w->chunk);
    return ST_OK;
}

static Status note(Ctx *cx, Walk *w, Str hash, const struct stat *info)
{
    Ctx inner = *cx;
    arena_reset(w->scratch);
    inner.arena = w->scratch;
    Status st = add_file(&inner, w->env, w->key, hash, info->st_size, w->n);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st != ST_OK) {
        cx->err = inner.err;
        cx->err.text = str_copy(cx->arena, inner.err.text);
        return st;
    }
    json_t *one = json_array();
    json_array_append_new(one, json_stringn(hash.p, hash.n));
    json_array_append_new(one, json_integer(info->st_size));
    json_array_append_new(w->chunk, one);
    fprintf(w->list, "%.*s %lld\n", STR_ARG(hash), (long long)info->st_size);
    w->n->files++;
    w->n->bytes += info->st_size;
    return json_array_size(w->chunk) >= LIST_CHUNK ? flush(cx, w) : ST_OK;
}

static Status walk(Ctx *cx, Walk *w, const char *path, int depth)
{
    DIR *d = opendir(path);
    Status st = ST_OK;
    if (!d)
        return errno == ENOENT ? ST_OK : failed(cx, path);
    for (struct dirent *e; st == ST_OK && (e = readdir(d));) {
        struct stat info;
        CLEANUP(arena) Arena *a = arena_new(1024);
        Str inner = str_format(a, "%s/%s", path, e->d_name), name = str_of(e->d_name);
        if (e->d_name[0] == '.' || lstat(inner.p, &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode) && depth < 2)
            st = walk(cx, w, inner.p, depth + 1);
        else if (S_ISREG(info.st_mode) && depth == 2 && is_hash(name))
            st = note(cx, w, name, &info);
    }
    closedir(d);
    return st;
}

Status backup_files(Ctx *cx, const BackupEnv *env, SealKey *key, Archive *to, const char *list,
                    BackupFiles *ret)
{
    *ret = (BackupFiles){0};
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    Walk w = {.env = env, .key = key, .to = to, .n = ret, .scratch = scratch};
    w.chunk = json_array();
    json_own(cx->arena, w.chunk);
    w.list = fopen(list, "we");
    if (!w.list)
        return failed(cx, list);
    Status st = walk(cx, &w, str_format(cx->arena, "%s/files", env->data).p, 0);
    if (st == ST_OK)
        st = flush(cx, &w);
    bool kept = fflush(w.list) == 0 && fsync(fileno(w.list)) == 0;
    kept = fclose(w.list) == 0 && kept;
    return st != ST_OK || kept ? st : failed(cx, list);
}

Status backup_file_back(Ctx *cx, SealKey *key, const char *from, Str hash, const char *data)
{
    if (!is_hash(hash))
        return FAIL(cx, ST_INVALID, "backup.damaged", "the backup is damaged or not complete");
    Str to = backup_path(cx, data, hash), aside = str_format(cx->arena, "%s/files/.back", data);
    if (access(to.p, F_OK) == 0)
        return ST_OK;
    if (!make_folders(cx, data, hash))
        return failed(cx, to.p);
    int fd = open(aside.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(cx, aside.p);
    Status st = open_bytes(cx, key, backup_path(cx, from, hash).p, hash, fd);
    bool kept = fsync(fd) == 0;
    kept = close(fd) == 0 && kept;
    if (st == ST_OK && (!kept || rename(aside.p, to.p) != 0))
        st = failed(cx, to.p);
    if (st != ST_OK)
        unlink(aside.p);
    return st;
}
