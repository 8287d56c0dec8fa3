/* SPDX-License-Identifier: Apache-2.0 */
/* The content-addressed store: DIR/files/ab/cd/<sha256>. A file is synced before it gets its name, and
 * the folder after, so a name stands for whole bytes. What is there already is touched: the sweep
 * takes only what is old, and looks again after it has moved a file aside. */
#include "file/file.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

Str file_store_path(Arena *a, const char *dir, Str hash)
{
    return str_format(a, "%s/files/%.2s/%.2s/" STR_FMT, dir, hash.p, hash.p + 2, STR_ARG(hash));
}

static Status failed(Ctx *cx)
{
    bool full = errno == ENOSPC || errno == EDQUOT;
    return FAIL(cx, full ? ST_FULL : ST_INTERNAL, "file.not_kept", "The file cannot be kept");
}

static bool sync_path(const char *path, int flags)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

/* The folders ab and ab/cd; gives the inner one. */
static bool make_folders(Ctx *cx, const char *dir, Str hash, char **ret)
{
    char *outer = str_z(cx->arena, str_format(cx->arena, "%s/files/%.2s", dir, hash.p));
    *ret = str_z(cx->arena, str_format(cx->arena, "%s/%.2s", outer, hash.p + 2));
    char *root = str_z(cx->arena, str_format(cx->arena, "%s/files", dir));
    if (mkdir(root, 0700) != 0 && errno != EEXIST)
        return false;
    bool made = mkdir(outer, 0700) == 0;
    if (!made && errno != EEXIST)
        return false;
    bool inner = mkdir(*ret, 0700) == 0;
    if (!inner && errno != EEXIST)
        return false;
    return (!made || sync_path(root, O_DIRECTORY)) && (!inner || sync_path(outer, O_DIRECTORY));
}

Status file_store_keep(Ctx *cx, const char *dir, const char *path, Str hash)
{
    char *folder, *target = str_z(cx->arena, file_store_path(cx->arena, dir, hash));
    if (!make_folders(cx, dir, hash, &folder) || !sync_path(path, 0))
        return failed(cx);
    for (int i = 0; i < 3; i++) {
        if (link(path, target) == 0)
            return sync_path(folder, O_DIRECTORY) ? ST_OK : failed(cx);
        if (errno != EEXIST)
            return failed(cx);
        if (utimensat(AT_FDCWD, target, NULL, 0) == 0)
            return ST_OK;
        if (errno != ENOENT) /* the sweep took it just now: once more */
            return failed(cx);
    }
    return failed(cx);
}
