/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads of imports, and what lies beside them, are kept while a job may still read them: it waits, runs, or has
 * failed or been cancelled and can go on. Of an import that ended well nothing of them is read again: failed rows
 * have become files of their own. */
#include "base/json.h"
#include "import/import.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static const char SQL_KEPT[] =
    "SELECT params FROM {gx_job} WHERE kind IN ('import', 'import_all') AND status <> 'done'";

static Str base_name(Str path)
{
    Str name = path, rest = path;
    while (str_split(&rest, '/', &name))
        ;
    return name;
}

/* upload, upload.failed, upload.report: all by the name of the upload. */
static Str stem(Str name) { return str_sub(name, 0, str_find_char(name, '.')); }

static Status read_kept(Ctx *cx, Map *kept)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_KEPT, &q));
    for (bool row;;) {
        json_t *params = NULL;
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        TRY(json_parse(cx, db_col_text(q, 0), &params));
        map_put(kept, str_copy(cx->arena, stem(base_name(json_get_str(params, "path")))), kept);
    }
}

Status import_sweep(Ctx *cx, const char *dir, int64_t before_ms, int64_t *ret_n)
{
    char *folder = str_z(cx->arena, str_format(cx->arena, "%s/imports", dir));
    Map kept = map_in(cx->arena);
    *ret_n = 0;
    TRY(read_kept(cx, &kept));
    DIR *d = opendir(folder);
    if (!d)
        return ST_OK; /* nobody imported yet */
    for (const struct dirent *e; (e = readdir(d));) {
        struct stat st;
        char *path = str_z(cx->arena, str_format(cx->arena, "%s/%s", folder, e->d_name));
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
            (int64_t)st.st_mtime * 1000 < before_ms && !map_has(&kept, stem(str_of(e->d_name))))
            *ret_n += unlink(path) == 0;
    }
    closedir(d);
    return ST_OK;
}
