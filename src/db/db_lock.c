/* SPDX-License-Identifier: Apache-2.0 */
/* DIR/lock: one process owns a data directory for life. flock, not fcntl: the lock belongs to the
 * open file, so a second open in the same process is refused too and closing another descriptor
 * of the file does not lose it. The file names the owner's process id for people. */
#include "db/db_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

Status db_lock_take(Ctx *cx, const char *dir, int *ret_fd)
{
    Str path = str_format(cx->arena, "%s/lock", dir);
    int fd = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return FAIL(cx, ST_INTERNAL, "db.lock_failed", "cannot open %s: %s", path.p,
                    strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool held = errno == EWOULDBLOCK;
        int why = errno;
        close(fd);
        if (held)
            return FAIL(cx, ST_CONFLICT, "db.locked", "%s is in use by another process", dir);
        return FAIL(cx, ST_INTERNAL, "db.lock_failed", "cannot open %s: %s", path.p, strerror(why));
    }
    char text[32];
    int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n) {
        int why = errno;
        close(fd);
        return FAIL(cx, ST_INTERNAL, "db.lock_failed", "cannot open %s: %s", path.p, strerror(why));
    }
    *ret_fd = fd;
    return ST_OK;
}

void db_lock_release(int fd)
{
    if (fd >= 0)
        close(fd);
}
