/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of backups: which there are, which may go, and small files written whole. */
#include "backup/backup.h"
#include "base/calendar.h"
#include "base/map.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANIFEST_MAX = 4 << 20, BACKUPS_MAX = 5000, DAY_S = 86400, LINE_MAX_BYTES = 128 };

/* 20261130-150937-3f2a */
bool backup_is_id(Str id)
{
    if (id.n != 20 || id.p[8] != '-' || id.p[15] != '-')
        return false;
    for (size_t i = 0; i < id.n; i++)
        if (i != 8 && i != 15 &&
            !((id.p[i] >= '0' && id.p[i] <= '9') || (i > 15 && id.p[i] >= 'a' && id.p[i] <= 'f')))
            return false;
    return true;
}

Status backup_write_file(Ctx *cx, const char *path, Str text)
{
    Str aside = str_format(cx->arena, "%s.new", path);
    int fd = open(aside.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool done = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (done && rename(aside.p, path) == 0)
        return ST_OK;
    return FAIL(cx, why == ENOSPC || why == EDQUOT ? ST_FULL : ST_INTERNAL, "backup.not_written",
                "cannot write %s: %s", path, strerror(why));
}

Status backup_read_file(Ctx *cx, const char *path, size_t max, Str *ret)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || (size_t)info.st_size > max) {
        if (fd >= 0)
            close(fd);
        return FAIL(cx, ST_NOT_FOUND, "backup.missing", "%s is missing", path);
    }
    char *p = arena_alloc(cx->arena, (size_t)info.st_size + 1);
    ssize_t n = read(fd, p, (size_t)info.st_size);
    close(fd);
    if (n != info.st_size)
        return FAIL(cx, ST_NOT_FOUND, "backup.missing", "%s is missing", path);
    p[n] = 0;
    *ret = str_n(p, (size_t)n);
    return ST_OK;
}

/* ---- which there are ---------------------------------------------------------------------- */
typedef VEC(Str) Ids;

static int newest_first(const void *a, const void *b)
{
    return str_cmp(*(const Str *)b, *(const Str *)a);
}

static void read_ids(Ctx *cx, const char *dir, Ids *ret)
{
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *e; ret->n < BACKUPS_MAX && (e = readdir(d));)
        if (backup_is_id(str_of(e->d_name)))
            VEC_PUSH(cx->arena, ret, str_copy(cx->arena, str_of(e->d_name)));
    closedir(d);
    if (ret->n)
        qsort(ret->v, ret->n, sizeof(Str), newest_first);
}

static bool read_manifest(Ctx *cx, const char *dir, Str id, json_t **ret)
{
    Str text = STR_NULL, path = str_format(cx->arena, "%s/%.*s/manifest.json", dir, STR_ARG(id));
    bool is = backup_read_file(cx, path.p, MANIFEST_MAX, &text) == ST_OK &&
              json_parse(cx, text, ret) == ST_OK && json_is_object(*ret);
    error_clear(cx);
    return is;
}

Status backup_list(Ctx *cx, const char *dir, Buf *out)
{
    Ids ids = {0};
    bool first = true;
    read_ids(cx, dir, &ids);
    buf_lit(out, "{\"items\":[");
    for (size_t i = 0; i < ids.n; i++) {
        json_t *j = NULL;
        if (!read_manifest(cx, dir, ids.v[i], &j))
            continue;
        json_object_del(j, "tables");
        json_object_set_new(j, "id", json_stringn(ids.v[i].p, ids.v[i].n));
        if (!first)
            buf_char(out, ',');
        first = false;
        json_write(out, j);
    }
    buf_lit(out, "]}");
    return buf_overflowed(out) ? FAIL(cx, ST_TOO_LARGE, "backup.too_many", "too many backups")
                               : ST_OK;
}

/* ---- which may go ------------------------------------------------------------------------- */
static int64_t day_of(Str id)
{
    int64_t date = 0;
    (void)str_int(str_sub(id, 0, 8), &date);
    return calendar_days(
        (Civil){(int32_t)(date / 10000), (int)(date / 100 % 100), (int)(date % 100)});
}

static int64_t second_of(Str id)
{
    int64_t time = 0;
    (void)str_int(str_sub(id, 9, 6), &time);
    return day_of(id) * 86400 + time / 10000 * 3600 + time / 100 % 100 * 60 + time % 100;
}

static int64_t month_of(Str id)
{
    int64_t date = 0;
    (void)str_int(str_sub(id, 0, 6), &date);
    return date;
}

/* The newest of each of the last n periods that have one. */
static void keep_newest(const Ids *ids, bool *keep, int64_t n, int64_t (*period)(Str))
{
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < ids->n && n > 0; i++) {
        int64_t p = period(ids->v[i]);
        if (p == last)
            continue;
        keep[i] = true;
        last = p;
        n--;
    }
}

static int64_t week_of(Str id) { return calendar_floor_div(day_of(id) + 3, 7); }

static void remove_backup(Ctx *cx, const char *dir, Str name)
{
    static const char *const PARTS[] = {"manifest.json", "manifest.json.new", "data", "files",
                                        "files.new"};
    for (size_t i = 0; i < COUNT_OF(PARTS); i++)
        unlink(str_format(cx->arena, "%s/%.*s/%s", dir, STR_ARG(name), PARTS[i]).p);
    rmdir(str_format(cx->arena, "%s/%.*s", dir, STR_ARG(name)).p);
}

void backup_clear_partial(Ctx *cx, const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));) {
        Str name = str_of(e->d_name);
        if (str_ends(name, STR(".partial")) && backup_is_id(str_sub(name, 0, name.n - 8)))
            remove_backup(cx, dir, name);
    }
    closedir(d);
}

static bool read_needed(Ctx *cx, const char *dir, Str id, Map *needed)
{
    char line[LINE_MAX_BYTES];
    FILE *f = fopen(str_format(cx->arena, "%s/%.*s/files", dir, STR_ARG(id)).p, "re");
    if (!f)
        return false;
    while (fgets(line, sizeof(line), f)) {
        Str rest = str_of(line), hash;
        if (str_split(&rest, ' ', &hash) && !map_has(needed, hash))
            map_put(needed, str_copy(needed->arena, hash), needed);
    }
    fclose(f);
    return true;
}

static void sweep_files(Ctx *cx, const char *path, int depth, const Map *needed)
{
    DIR *d = opendir(path);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));) {
        CLEANUP(arena) Arena *a = arena_new(1024);
        Str inner = str_format(a, "%s/%s", path, e->d_name);
        if (e->d_name[0] == '.')
            continue;
        if (depth < 2)
            sweep_files(cx, inner.p, depth + 1, needed);
        else if (!map_has(needed, str_of(e->d_name)))
            unlink(inner.p);
    }
    closedir(d);
}

Status backup_prune(Ctx *cx, const char *dir, const BackupKeep *keep, int64_t *ret_gone)
{
    Ids ids = {0};
    CLEANUP(arena) Arena *arena = arena_new(65536);
    Map needed = map_in(arena);
    bool sure = true;
    *ret_gone = 0;
    backup_clear_partial(cx, dir);
    read_ids(cx, dir, &ids);
    bool *kept = ARENA_ARRAY(cx->arena, bool, ids.n + 1);
    for (size_t i = 0; i < ids.n; i++) /* of the last day all */
        kept[i] = second_of(ids.v[0]) - second_of(ids.v[i]) < DAY_S;
    keep_newest(&ids, kept, keep->daily, day_of);
    keep_newest(&ids, kept, keep->weekly, week_of);
    keep_newest(&ids, kept, keep->monthly, month_of);
    for (size_t i = 0; i < ids.n; i++) {
        if (kept[i]) {
            sure &= read_needed(cx, dir, ids.v[i], &needed);
            continue;
        }
        remove_backup(cx, dir, ids.v[i]);
        ++*ret_gone;
    }
    if (sure) /* a list that cannot be read may need anything */
        sweep_files(cx, str_format(cx->arena, "%s/files", dir).p, 0, &needed);
    return ST_OK;
}
