/* SPDX-License-Identifier: Apache-2.0 */
/* An archive as a source of tables, and a whole organisation brought back from one. */
#include "backup/backup.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static Status read_opener(Ctx *cx, void *from, void *p, size_t n, size_t *ret_n)
{
    return seal_in_read(cx, from, p, n, ret_n);
}

static Status next_table(Ctx *cx, void *arg, const DbTable **ret)
{
    const BackupSource *s = arg;
    return archive_next(cx, s->reader, ret);
}

static Status next_row(Ctx *cx, void *arg, DbVal *v, bool *ret)
{
    const BackupSource *s = arg;
    return archive_next_row(cx, s->reader, v, ret);
}

Status backup_source_open(Ctx *cx, SealKey *key, const char *from, BackupSource *ret)
{
    *ret = (BackupSource){0};
    TRY(seal_in_open(cx, key, str_format(cx->arena, "%s/data", from).p, &ret->opener));
    TRY(archive_open(cx, read_opener, ret->opener, &ret->reader, &ret->head));
    ret->fill = (FillSource){
        .arg = ret,
        .migrations = str_copy(cx->arena, json_get_str(ret->head, "migrations")),
        .ids = json_get_int(ret->head, "ids", 0),
        .total = json_get_int(ret->head, "rows", 0),
        .table = next_table,
        .row = next_row,
    };
    return ret->fill.migrations.n
               ? ST_OK
               : FAIL(cx, ST_INVALID, "backup.damaged", "the backup is damaged or not complete");
}

void backup_source_close(BackupSource *s)
{
    seal_in_free(s->opener);
    s->opener = NULL;
}

/* DIR/<id> lies beside DIR/files. */
static Str folder_above(Ctx *cx, const char *from)
{
    Str s = str_of(from);
    while (s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    const char *slash = memrchr(s.p, '/', s.n);
    return slash ? str_copy(cx->arena, str_n(s.p, (size_t)(slash - s.p))) : STR(".");
}

static Status files_back(Ctx *cx, const RestoreWhat *w, SealKey *key, ArchiveReader *r,
                         int64_t *ret_files)
{
    const char *from = str_z(cx->arena, folder_above(cx, w->from));
    for (;;) {
        json_t *list = NULL;
        TRY(archive_next_files(cx, r, &list));
        if (!list)
            return ST_OK;
        for (size_t i = 0; i < json_array_size(list); i++) {
            Str hash = json_str(json_array_get(json_array_get(list, i), 0));
            TRY(backup_file_back(cx, key, from, hash, w->data));
            ++*ret_files;
        }
        if (w->host.progress)
            TRY(w->host.progress(cx, w->host.arg, "files", *ret_files, 0));
    }
}

static Status fill(Ctx *cx, const RestoreWhat *w, SealKey *key, FillReport *ret, int64_t *ret_files)
{
    BackupSource s;
    TRY(db_place_clear(cx, &w->scratch)); /* what an attempt left that was cut off */
    if (!w->scratch.url && mkdir(w->scratch.dir, 0700) != 0)
        return FAIL(cx, ST_INTERNAL, "backup.not_written", "cannot write %s: %s", w->scratch.dir,
                    strerror(errno));
    Status st = backup_source_open(cx, key, w->from, &s);
    if (st == ST_OK)
        st = fill_run(cx, &w->scratch, &s.fill, &w->host, false, ret);
    if (st == ST_OK)
        st = files_back(cx, w, key, s.reader, ret_files);
    backup_source_close(&s);
    return st;
}

Status restore_run(Ctx *cx, const RestoreWhat *what, FillReport *ret, int64_t *ret_files)
{
    CLEANUP(seal_key) SealKey *key = NULL;
    bool taken = false;
    *ret_files = 0;
    *ret = (FillReport){0};
    TRY(db_place_taken(cx, &what->to, &taken));
    if (taken && !what->aside)
        return FAIL(cx, ST_CONFLICT, "backup.taken",
                    "there is an organisation already; --replace puts it aside");
    TRY(seal_key_read(cx, what->key_file, &key));
    Status st = fill(cx, what, key, ret, ret_files);
    if (st == ST_OK)
        st = db_place_take(cx, &what->scratch, &what->to, what->aside);
    Ctx quiet = *cx;
    (void)!db_place_clear(&quiet, &what->scratch);
    return st;
}
