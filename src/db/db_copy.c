/* SPDX-License-Identifier: Apache-2.0 */
/* An online copy of an SQLite file: the writer makes it, this names it and brings it to the disk. */
#include "db/db_internal.h"
#include "db/transfer.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static bool sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

Status db_copy(Ctx *cx, DbPool *p, const char *path, DbCopy *progress)
{
    if (p->kind != DB_SQLITE)
        return FAIL(cx, ST_INTERNAL, "db.copy_failed", "the file cannot be copied: %s",
                    "PostgreSQL has none");
    if (access(path, F_OK) == 0)
        return FAIL(cx, ST_CONFLICT, "db.copy_failed", "the file cannot be copied: %s",
                    "there is one of that name");
    Status st = db_sqlite_writer_copy(cx, p, path, progress);
    if (st == ST_OK && !sync_file(path))
        st = FAIL(cx, errno == ENOSPC ? ST_FULL : ST_INTERNAL, "db.copy_failed",
                  "the file cannot be copied: %s", strerror(errno));
    if (st != ST_OK)
        unlink(path);
    return st;
}
