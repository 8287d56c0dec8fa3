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

enum { PATIENCE_MS = 3000, STEP_MS = 20 };

/* An owner that was killed keeps the lock until the kernel has taken it apart, which may take a
 * moment under load: a new one waits for that long. */
static bool take(int fd)
{
    int waited_ms = 0;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK || waited_ms >= PATIENCE_MS)
            return false;
        usleep(STEP_MS * 1000);
        waited_ms += STEP_MS;
    }
    return true;
}

Status db_lock_take(Ctx *cx, const char *dir, int *ret_fd)
{
    Str path = str_format(cx->arena, "%s/lock", dir);
    int fd = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return FAIL(cx, ST_INTERNAL, "db.lock_failed", "cannot open %s: %s", path.p,
                    strerror(errno));
    if (!take(fd)) {
        int why = errno;
        bool held = why == EWOULDBLOCK;
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
