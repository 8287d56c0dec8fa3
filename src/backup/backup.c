/* SPDX-License-Identifier: Apache-2.0 */
/* A backup made and checked. SQLite: the writer copies its file between batches, the copy is checked by the
 * engine and read at leisure. PostgreSQL: one transaction that sees everything as of one moment. */
#include "backup/backup.h"
#include "base/calendar.h"
#include "file/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_CHUNK = 512, MANIFEST_MAX = 4 << 20, COPY_LOOK_US = 200000 };

typedef struct Make {
    const BackupEnv *env;
    SealKey *key;
    Str id, partial; /* folder under way */
    DbPool *copy;    /* SQLite */
    Db *before;
    json_t *manifest, *tables;
    BackupFiles files;
    int64_t rows, total, begun_us;
} Make;

static Status tell(Ctx *cx, const BackupEnv *env, const char *what, int64_t done, int64_t total)
{
    return env->host.progress ? env->host.progress(cx, env->host.arg, what, done, total) : ST_OK;
}

static Status failed(Ctx *cx, const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT;
    return FAIL(cx, full ? ST_FULL : ST_INTERNAL, "backup.not_written", "cannot write %s: %s", path,
                strerror(errno));
}

/* ---- what is read: a copy, or a moment ----------------------------------------------------- */
typedef struct Copying {
    pthread_t thread;
    DbPool *pool;
    const char *path;
    DbCopy progress;
    _Atomic bool done;
    Ctx cx;
    Status st;
} Copying;

static void *copy_main(void *arg)
{
    Copying *c = arg;
    c->st = db_copy(&c->cx, c->pool, c->path, &c->progress);
    c->done = true;
    return NULL;
}

/* The writer copies; this thread tells how far it is, and may be told to give up. */
static Status copy_file(Ctx *cx, const Make *m, const char *path)
{
    CLEANUP(arena) Arena *arena = arena_new(4096);
    Copying c = {.pool = m->env->pool, .path = path, .cx = *cx};
    Status told = ST_OK;
    c.cx.arena = arena;
    if (pthread_create(&c.thread, NULL, copy_main, &c) != 0)
        return failed(cx, path);
    while (!c.done) {
        usleep(COPY_LOOK_US);
        if (told == ST_OK)
            told = tell(cx, m->env, "copy", c.progress.done, c.progress.total);
        if (told != ST_OK)
            c.progress.stop = true;
    }
    pthread_join(c.thread, NULL);
    if (told != ST_OK)
        return told;
    if (c.st != ST_OK) {
        cx->err = c.cx.err;
        cx->err.text = str_copy(cx->arena, c.cx.err.text);
    }
    return c.st;
}

static DbConfig copy_place(Ctx *cx, const Make *m)
{
    return (DbConfig){.dir = str_format(cx->arena, "%s/backup-copy", m->env->data).p, .readers = 2};
}

static Status open_copy(Ctx *cx, Make *m)
{
    DbConfig place = copy_place(cx, m);
    TRY(db_place_clear(cx, &place));
    if (mkdir(place.dir, 0700) != 0)
        return failed(cx, place.dir);
    TRY(copy_file(cx, m, str_format(cx->arena, "%s/guanxi.db", place.dir).p));
    TRY(db_open(cx, &place, &m->copy));
    cx->db = db_lease(m->copy);
    TRY(db_read_begin_long(cx));
    return db_integrity(cx);
}

static Status open_source(Ctx *cx, Make *m)
{
    m->before = cx->db;
    if (db_kind(m->env->pool) == DB_SQLITE)
        return open_copy(cx, m);
    cx->db = db_lease(m->env->pool);
    return db_read_begin_long(cx);
}

static void close_source(Ctx *cx, Make *m)
{
    if (cx->db != m->before) {
        db_read_end(cx);
        db_statement_limit(cx->db, 2000);
        db_release(cx->db);
    }
    cx->db = m->before;
    if (m->copy)
        db_close(m->copy);
    m->copy = NULL;
    if (db_kind(m->env->pool) == DB_SQLITE) {
        DbConfig place = copy_place(cx, m);
        Ctx quiet = *cx;
        (void)!db_place_clear(&quiet, &place);
    }
}

/* ---- tables ------------------------------------------------------------------------------- */
static Status write_rows(Ctx *cx, Make *m, Archive *to, const DbTable *t)
{
    CLEANUP(stmt) Stmt *q = NULL;
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    DbVal *v = ARENA_ARRAY(cx->arena, DbVal, t->n);
    bool row = true;
    TRY(db_table_read(cx, t, &q));
    for (;;) {
        TRY(db_next(q, &row));
        if (!row)
            return ST_OK;
        arena_reset(scratch);
        db_table_row(q, t, scratch, v);
        TRY(archive_row(cx, to, v));
        if (++m->rows % READ_CHUNK == 0)
            TRY(tell(cx, m->env, "tables", m->rows, m->total));
    }
}

static Status write_table(Ctx *cx, Make *m, Archive *to, const DbTable *t)
{
    TableSum sum;
    TRY(archive_table(cx, to, t));
    TRY(write_rows(cx, m, to, t));
    TRY(archive_table_end(cx, to, &sum));
    Str hash = row_sum_text(cx->arena, &sum);
    json_t *one = json_object();
    json_object_set_new(one, "table", json_stringn(t->name.p, t->name.n));
    json_object_set_new(one, "rows", json_integer(sum.rows));
    json_object_set_new(one, "hash", json_stringn(hash.p, hash.n));
    json_array_append_new(m->tables, one);
    return ST_OK;
}

static Status write_tables(Ctx *cx, Make *m, Archive *to)
{
    DbTables all;
    TRY(db_tables(cx, &all));
    for (int platform = 1; platform >= 0; platform--)
        for (size_t i = 0; i < all.n; i++)
            if (fill_is_platform(all.v[i].name) == (platform == 1))
                TRY(write_table(cx, m, to, &all.v[i]));
    return ST_OK;
}

/* ---- the archive -------------------------------------------------------------------------- */
static Status make_head(Ctx *cx, Make *m, json_t **ret)
{
    Str migrations;
    Id ids = 0;
    TRY(db_migrations(cx, &migrations));
    TRY(db_ids_given(cx, &ids));
    json_t *j = *ret = json_object();
    json_own(cx->arena, j);
    json_object_set_new(j, "format", json_integer(1));
    json_object_set_new(j, "program", json_string(m->env->program));
    json_object_set_new(j, "engine",
                        json_string(db_kind(m->env->pool) == DB_SQLITE ? "sqlite" : "postgres"));
    json_object_set_new(j, "at", json_integer(clock_ms()));
    json_object_set_new(j, "migrations", json_stringn(migrations.p, migrations.n));
    json_object_set_new(j, "ids", json_integer(ids));
    json_object_set_new(
        j, "vault_key",
        json_stringn(m->env->vault_key.n ? m->env->vault_key.p : "", m->env->vault_key.n));
    return ST_OK;
}

static Status write_archive(Ctx *cx, Make *m)
{
    CLEANUP(seal_out) Sealer *s = NULL;
    Archive *to = NULL;
    json_t *head = NULL;
    int64_t bytes = 0;
    TRY(make_head(cx, m, &head));
    TRY(seal_out_open(cx, m->key, str_format(cx->arena, "%s/data", m->partial.p).p, &s));
    TRY(archive_begin(cx, s, head, &to));
    m->tables = json_array();
    json_own(cx->arena, m->tables);
    TRY(write_tables(cx, m, to));
    TRY(backup_files(cx, m->env, m->key, to, str_format(cx->arena, "%s/files", m->partial.p).p,
                     &m->files));
    TRY(archive_end(cx, to));
    TRY(seal_out_end(cx, s, &bytes));
    m->manifest = json_copy(head);
    json_own(cx->arena, m->manifest);
    json_object_del(m->manifest, "migrations");
    json_object_del(m->manifest, "ids");
    json_object_set_new(m->manifest, "bytes", json_integer(bytes));
    return ST_OK;
}

static void fill_manifest(const Make *m)
{
    const struct {
        const char *name;
        int64_t v;
    } numbers[] = {{"rows", m->rows},
                   {"files", m->files.files},
                   {"file_bytes", m->files.bytes},
                   {"new_files", m->files.new_files},
                   {"new_file_bytes", m->files.new_bytes},
                   {"ms", (clock_us() - m->begun_us) / 1000}};
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        json_object_set_new(m->manifest, numbers[i].name, json_integer(numbers[i].v));
    json_object_set_new(m->manifest, "id", json_stringn(m->id.p, m->id.n));
    json_object_set_new(m->manifest, "sealed",
                        json_string(seal_key_is_public(m->key) ? "public_key" : "passphrase"));
    json_object_set(m->manifest, "tables", m->tables);
}

static Status save_manifest(Ctx *cx, const char *folder, const json_t *manifest)
{
    Buf out = buf_in(cx->arena, MANIFEST_MAX);
    json_write(&out, manifest);
    return backup_write_file(cx, str_format(cx->arena, "%s/manifest.json", folder).p,
                             buf_str(&out));
}

static void sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

/* ---- the check ---------------------------------------------------------------------------- */
typedef struct Check {
    const BackupEnv *env;
    FillReport report;
    int64_t problems, files, missing;
    Str first;
} Check;

static Status look(Ctx *cx, Check *c)
{
    DbPool *pool = NULL;
    DbConfig place = c->env->scratch;
    place.readers = 4;
    TRY(db_open(cx, &place, &pool));
    Db *before = cx->db;
    cx->db = db_lease(pool);
    Status st = db_integrity(cx);
    db_release(cx->db);
    cx->db = before;
    if (st == ST_OK)
        st = c->env->check(cx, c->env->host.arg, pool, &c->problems, &c->first);
    db_close(pool);
    return st;
}

/* Contents are sealed files that were read once when they were made: here they must be there. */
static Status look_at_files(Ctx *cx, Check *c, ArchiveReader *r)
{
    for (;;) {
        json_t *list = NULL;
        TRY(archive_next_files(cx, r, &list));
        if (!list)
            return ST_OK;
        for (size_t i = 0; i < json_array_size(list); i++) {
            Str hash = json_str(json_array_get(json_array_get(list, i), 0));
            bool is = hash.n == 64 && access(backup_path(cx, c->env->dir, hash).p, R_OK) == 0;
            c->files++;
            c->missing += !is;
        }
    }
}

static Status compare(Ctx *cx, const Check *c, const json_t *tables)
{
    if (json_array_size(tables) != c->report.tables.n)
        return FAIL(cx, ST_INVALID, "backup.check_tables", "not all tables came back");
    for (size_t i = 0; i < c->report.tables.n; i++) {
        const json_t *one = json_array_get(tables, i);
        const FillTable *t = &c->report.tables.v[i];
        if (!str_eq(json_get_str(one, "table"), t->name) ||
            json_get_int(one, "rows", -1) != t->sum.rows ||
            !str_eq(json_get_str(one, "hash"), row_sum_text(cx->arena, &t->sum)))
            return FAIL(cx, ST_INVALID, "backup.differs", "table %.*s is not what was written",
                        STR_ARG(t->name));
    }
    return ST_OK;
}

static Status bring_back(Ctx *cx, Check *c, SealKey *key, const char *folder, const json_t *tables)
{
    BackupSource s;
    const DbConfig *place = &c->env->scratch;
    TRY(db_place_clear(cx, place));
    if (!place->url && mkdir(place->dir, 0700) != 0)
        return failed(cx, place->dir);
    Status st = backup_source_open(cx, key, folder, &s);
    s.fill.total = 0;
    for (size_t i = 0; st == ST_OK && i < json_array_size(tables); i++)
        s.fill.total += json_get_int(json_array_get(tables, i), "rows", 0);
    if (st == ST_OK)
        st = fill_run(cx, place, &s.fill, &c->env->host, false, &c->report);
    if (st == ST_OK)
        st = look_at_files(cx, c, s.reader);
    backup_source_close(&s);
    if (st == ST_OK)
        st = compare(cx, c, tables);
    return st == ST_OK ? look(cx, c) : st;
}

static json_t *verdict(const Check *c, bool ok, Str why, int64_t begun_us)
{
    json_t *j = json_object();
    json_object_set_new(j, "at", json_integer(clock_ms()));
    json_object_set_new(j, "ok", json_boolean(ok));
    json_object_set_new(j, "ms", json_integer((clock_us() - begun_us) / 1000));
    json_object_set_new(j, "tables", json_integer((json_int_t)c->report.tables.n));
    json_object_set_new(j, "rows", json_integer(c->report.rows));
    json_object_set_new(j, "files", json_integer(c->files));
    json_object_set_new(j, "problems", json_integer(c->problems));
    if (why.n)
        json_object_set_new(j, "why", json_stringn(why.p, why.n));
    return j;
}

/* A backup that cannot be brought back is no failure of the run that found it out: the manifest says so,
 * and the caller fails, with a status whose text people are shown (of an internal error they see none). A run that was
 * cancelled leaves the manifest as it is. */
static Status check(Ctx *cx, const BackupEnv *env, SealKey *key, const char *folder,
                    json_t *manifest)
{
    Check c = {.env = env};
    int64_t begun = clock_us();
    Status st = bring_back(cx, &c, key, folder, json_object_get(manifest, "tables"));
    Ctx quiet = *cx;
    (void)!db_place_clear(&quiet, &env->scratch);
    bool said = st == ST_CONFLICT || st == ST_RETRY ||
                (st != ST_OK && !strcmp(cx->err.key, "backup.wrong_key"));
    if (said) /* of the run, not of the backup */
        return st;
    if (st == ST_OK && c.missing)
        st = FAIL(cx, ST_INVALID, "backup.check_files", "%lld files are missing",
                  (long long)c.missing);
    if (st == ST_OK && c.problems)
        st = FAIL(cx, ST_INVALID, "backup.check_problems", "doctor found %lld problems: %.*s",
                  (long long)c.problems, STR_ARG(c.first));
    json_object_set_new(manifest, "verified",
                        verdict(&c, st == ST_OK, st == ST_OK ? STR_NULL : cx->err.text, begun));
    TRY(save_manifest(cx, folder, manifest));
    return st;
}

/* ---- the run ------------------------------------------------------------------------------ */
static Str new_id(Ctx *cx)
{
    unsigned char random[2];
    int64_t now = clock_ms(), day = calendar_floor_div(now, 86400000);
    int64_t second = (now - day * 86400000) / 1000;
    Civil c = calendar_civil(day);
    randombytes_buf(random, sizeof(random));
    return str_format(cx->arena, "%04d%02d%02d-%02d%02d%02d-%02x%02x", c.year, c.month, c.day,
                      (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60), random[0],
                      random[1]);
}

/* One run at a time writes into a folder of backups. */
static Status take_folder(Ctx *cx, const char *dir, int *ret_fd)
{
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return failed(cx, dir);
    Str path = str_format(cx->arena, "%s/lock", dir);
    *ret_fd = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*ret_fd < 0)
        return failed(cx, path.p);
    if (flock(*ret_fd, LOCK_EX | LOCK_NB) == 0)
        return ST_OK;
    close(*ret_fd);
    *ret_fd = -1;
    return FAIL(cx, ST_BUSY, "backup.busy", "a backup is being made already");
}

static Status make(Ctx *cx, Make *m)
{
    m->id = new_id(cx);
    m->partial = str_format(cx->arena, "%s/%.*s.partial", m->env->dir, STR_ARG(m->id));
    Str folder = str_format(cx->arena, "%s/%.*s", m->env->dir, STR_ARG(m->id));
    if (mkdir(m->partial.p, 0700) != 0)
        return failed(cx, m->partial.p);
    Status st = open_source(cx, m);
    if (st == ST_OK)
        st = write_archive(cx, m);
    close_source(cx, m);
    TRY(st);
    fill_manifest(m);
    TRY(save_manifest(cx, m->partial.p, m->manifest));
    sync_folder(m->partial.p);
    if (rename(m->partial.p, folder.p) != 0)
        return failed(cx, folder.p);
    sync_folder(m->env->dir);
    return check(cx, m->env, m->key, folder.p, m->manifest);
}

static Status make_locked(Ctx *cx, const BackupEnv *env, Buf *result)
{
    CLEANUP(seal_key) SealKey *key = NULL;
    int64_t gone = 0;
    TRY(seal_key_read(cx, env->key_file, &key));
    backup_clear_partial(cx, env->dir);
    Make m = {.env = env, .key = key, .begun_us = clock_us()};
    Status st = make(cx, &m);
    if (st != ST_OK)
        backup_clear_partial(cx, env->dir);
    TRY(st);
    TRY(backup_prune(cx, env->dir, &env->keep, &gone));
    json_object_del(m.manifest, "tables");
    json_object_set_new(m.manifest, "forgotten", json_integer(gone));
    json_write(result, m.manifest);
    return ST_OK;
}

Status backup_make(Ctx *cx, const BackupEnv *env, Buf *result)
{
    int lock = -1;
    TRY(take_folder(cx, env->dir, &lock));
    Status st = make_locked(cx, env, result);
    close(lock);
    return st;
}

static Status check_locked(Ctx *cx, const BackupEnv *env, Str id, Buf *result)
{
    CLEANUP(seal_key) SealKey *key = NULL;
    json_t *manifest = NULL;
    Str text, folder = str_format(cx->arena, "%s/%.*s", env->dir, STR_ARG(id));
    TRY(backup_read_file(cx, str_format(cx->arena, "%s/manifest.json", folder.p).p, MANIFEST_MAX,
                         &text));
    TRY(json_parse(cx, text, &manifest));
    TRY(seal_key_read(cx, env->key_file, &key));
    TRY(check(cx, env, key, folder.p, manifest));
    json_object_del(manifest, "tables");
    json_write(result, manifest);
    return ST_OK;
}

Status backup_check(Ctx *cx, const BackupEnv *env, Str id, Buf *result)
{
    int lock = -1;
    if (!backup_is_id(id))
        return FAIL(cx, ST_NOT_FOUND, "backup.missing", "%s is missing", str_z(cx->arena, id));
    TRY(take_folder(cx, env->dir, &lock));
    Status st = check_locked(cx, env, id, result);
    close(lock);
    return st;
}
