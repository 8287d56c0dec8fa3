/* SPDX-License-Identifier: Apache-2.0 */
/* Where an organisation lies: a file guanxi.db in a folder, or a schema. It is filled under another name
 * and gets its own in one step, so it is there whole or not at all. */
#include "db/db_load.h"
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char SQL_THERE[] = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = ?1 "
                                "AND tablename = 'gx_migration'";

static char *file_in(Ctx *cx, const char *dir, const char *name)
{
    return str_z(cx->arena, str_format(cx->arena, "%s/%s", dir, name));
}

Status db_own(Ctx *cx, const char *dir, int *ret_lock) { return db_lock_take(cx, dir, ret_lock); }

void db_disown(int lock) { db_lock_release(lock); }

/* A connection for a moment. */
typedef struct Visit {
    DbPool *pool;
    Db db;
    Db *before;
} Visit;

static Status visit_begin(Ctx *cx, const DbConfig *config, Visit *v)
{
    *v = (Visit){.pool = db_pool_new(config), .before = cx->db};
    v->db.pool = v->pool;
    v->db.limit_ms = DB_LONG_MS;
    cx->db = &v->db;
    return db_postgres_connect(cx, &v->db);
}

static void visit_end(Ctx *cx, Visit *v)
{
    cx->db = v->before;
    db_postgres_close(&v->db);
    db_close(v->pool);
}

static Status ask_schema(Ctx *cx, Str schema, bool *ret)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_THERE, &q));
    TRY(db_bind_text(q, 1, schema));
    return db_next(q, ret);
}

Status db_place_taken(Ctx *cx, const DbConfig *config, bool *ret)
{
    if (!config->url) {
        *ret = access(file_in(cx, config->dir, "guanxi.db"), F_OK) == 0;
        return ST_OK;
    }
    Visit v;
    Status st = visit_begin(cx, config, &v);
    if (st == ST_OK)
        st = ask_schema(cx, v.pool->schema, ret);
    visit_end(cx, &v);
    return st;
}

Status db_place_clear(Ctx *cx, const DbConfig *config)
{
    static const char *const NAMES[] = {"guanxi.db", "guanxi.db-wal", "guanxi.db-shm",
                                        "guanxi.db-journal", "lock"};
    if (!config->url) {
        for (size_t i = 0; i < COUNT_OF(NAMES); i++)
            unlink(file_in(cx, config->dir, NAMES[i]));
        rmdir(config->dir);
        return ST_OK;
    }
    Visit v;
    Status st = visit_begin(cx, config, &v);
    if (st == ST_OK)
        st = db_run(
            cx, &v.db,
            str_format(cx->arena, "DROP SCHEMA IF EXISTS \"%.*s\" CASCADE", STR_ARG(v.pool->schema))
                .p);
    visit_end(cx, &v);
    return st;
}

/* ---- a new name -------------------------------------------------------------------------- */
/* The log of the old file must not be taken for the new one's. Closing the last connection ends it; a file
 * that cannot be opened takes its log along. */
static void end_log(Ctx *cx, const char *dir, const char *aside)
{
    sqlite3 *lite = NULL;
    char *log = file_in(cx, dir, "guanxi.db-wal");
    if (access(log, F_OK) != 0)
        return;
    if (access(file_in(cx, dir, "guanxi.db"), F_OK) == 0 &&
        sqlite3_open_v2(file_in(cx, dir, "guanxi.db"), &lite, SQLITE_OPEN_READWRITE, NULL) ==
            SQLITE_OK)
        sqlite3_exec(lite, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
    sqlite3_close_v2(lite);
    if (access(log, F_OK) == 0 && aside)
        rename(log, str_z(cx->arena, str_format(cx->arena, "%s/%s-wal", dir, aside)));
    unlink(log);
    unlink(file_in(cx, dir, "guanxi.db-shm"));
}

static void sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static Status take_file(Ctx *cx, const char *from, const char *to, const char *aside)
{
    char *new = file_in(cx, from, "guanxi.db"), *old = file_in(cx, to, "guanxi.db");
    bool there = access(old, F_OK) == 0;
    if (there && !aside)
        return FAIL(cx, ST_CONFLICT, "db.place_taken", "there is a database in %s already", to);
    end_log(cx, to, aside);
    int rc = renameat2(AT_FDCWD, new, AT_FDCWD, old, there ? RENAME_EXCHANGE : RENAME_NOREPLACE);
    if (rc == 0 && there)
        rc = rename(new, file_in(cx, to, aside));
    if (rc != 0)
        return FAIL(cx, ST_INTERNAL, "db.open_failed", "cannot open %s: %s", old, strerror(errno));
    sync_folder(to);
    return ST_OK;
}

static Status rename_schema(Ctx *cx, Db *db, Str from, const char *to)
{
    return db_run(
        cx, db,
        str_format(cx->arena, "ALTER SCHEMA \"%.*s\" RENAME TO \"%s\"", STR_ARG(from), to).p);
}

static Status take_schema(Ctx *cx, Visit *v, const DbConfig *to, const char *aside)
{
    bool there = false;
    Str name = str_of(to->schema ? to->schema : "guanxi");
    TRY(ask_schema(cx, name, &there));
    if (there && !aside)
        return FAIL(cx, ST_CONFLICT, "db.place_taken", "there is a database in %s already", name.p);
    TRY(db_run(cx, &v->db, "BEGIN"));
    if (there)
        TRY(rename_schema(cx, &v->db, name, aside));
    else
        TRY(db_run(cx, &v->db,
                   str_format(cx->arena, "DROP SCHEMA IF EXISTS \"%.*s\"", STR_ARG(name)).p));
    TRY(rename_schema(cx, &v->db, v->pool->schema, name.p));
    return db_run(cx, &v->db, "COMMIT");
}

Status db_place_take(Ctx *cx, const DbConfig *from, const DbConfig *to, const char *aside)
{
    if (!from->url)
        return take_file(cx, from->dir, to->dir, aside);
    Visit v;
    Status st = visit_begin(cx, from, &v);
    if (st == ST_OK)
        st = take_schema(cx, &v, to, aside); /* closing rolls back what was not committed */
    visit_end(cx, &v);
    return st;
}
