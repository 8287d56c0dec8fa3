/* SPDX-License-Identifier: Apache-2.0 */
/* Files of exports: written to DIR/exports/<job>, then handed to the store of files. */
#include "base/id.h"
#include "export/export_internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#define HASH_BLOCK 65536

struct ExportFile {
    int fd;
};

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

/* By libcrypto, which uses the processor's own instructions: libsodium's took a tenth of a wide export. */
static Status hash_all(Ctx *cx, int fd, EVP_MD_CTX *state, FileUpload *file)
{
    unsigned char *block = arena_alloc(cx->arena, HASH_BLOCK);
    uint8_t *hash = arena_alloc(cx->arena, EVP_MAX_MD_SIZE);
    ssize_t n = 1;
    file->size = 0;
    bool good = EVP_DigestInit_ex(state, EVP_sha256(), NULL) == 1;
    while (good && (n = read(fd, block, HASH_BLOCK)) > 0) {
        good = EVP_DigestUpdate(state, block, (size_t)n) == 1;
        file->size += (uint64_t)n;
    }
    if (!good || n != 0 || EVP_DigestFinal_ex(state, hash, NULL) != 1)
        return cannot_write(cx);
    file->sha256 = hash;
    return ST_OK;
}

Status export_file_hash(Ctx *cx, FileUpload *file)
{
    int fd = open(file->path, O_RDONLY | O_CLOEXEC);
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    Status st = fd >= 0 && state ? hash_all(cx, fd, state, file) : cannot_write(cx);
    EVP_MD_CTX_free(state);
    if (fd >= 0)
        close(fd);
    return st;
}

/* ---- what a killed server left */
static const char SQL_WAITS[] =
    "SELECT 1 FROM {gx_job} WHERE id = ?1 AND status IN ('queued', 'running')";

static Status sweep_one(Ctx *cx, const char *folder, const char *name)
{
    Id job = 0;
    int64_t one = 0;
    bool waits = false;
    Str head = str_of(name);
    if (str_ends(head, STR(".part")))
        head.n -= strlen(".part");
    if (!id_parse(head, &job)) /* none of ours */
        return ST_OK;
    const DbVal v = db_int(job);
    TRY(db_get_int(cx, SQL_WAITS, &v, 1, &one, &waits));
    if (!waits)
        unlink(str_z(cx->arena, str_format(cx->arena, "%s/%s", folder, name)));
    return ST_OK;
}

Status export_sweep(Ctx *cx, const char *dir)
{
    char *folder = str_z(cx->arena, str_format(cx->arena, "%s/exports", dir));
    DIR *d = opendir(folder);
    Status st = ST_OK;
    if (!d)
        return ST_OK; /* nobody exported yet */
    for (const struct dirent *e; st == ST_OK && (e = readdir(d));)
        st = sweep_one(cx, folder, e->d_name);
    closedir(d);
    return st;
}
