/* SPDX-License-Identifier: Apache-2.0 */
/* Filling an SQLite file that nobody has open. The journal guards against a killed process, not against a
 * power cut: until the file is finished and synced it is not anybody's. */
#include "db/db_load.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

static const char SQL_SETTINGS[] =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=TRUNCATE;"
    "PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
    "PRAGMA foreign_keys=OFF; PRAGMA temp_store=FILE; PRAGMA threads=2";
static const char SQL_CLEAR_A[] =
    "INSERT INTO {gx_search_a} (\"gx_search_a\") VALUES ('delete-all')";
static const char SQL_CLEAR_B[] =
    "INSERT INTO {gx_search_b} (\"gx_search_b\") VALUES ('delete-all')";
static const char SQL_FEED_A[] = "INSERT INTO {gx_search_a} (rowid, tokens) "
                                 "SELECT id, tokens FROM {gx_search_doc_a} ORDER BY id";
static const char SQL_FEED_B[] = "INSERT INTO {gx_search_b} (rowid, tokens) "
                                 "SELECT id, tokens FROM {gx_search_doc_b} ORDER BY id";
static const char SQL_MARK[] =
    "INSERT INTO {gx_setting} (name, value) VALUES ('id_high_water', '%lld') "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char SQL_STATISTICS[] = "PRAGMA analysis_limit=1000; ANALYZE";

Status db_load_sqlite_open(Ctx *cx, DbLoader *l)
{
    db_sqlite_setup();
    TRY(db_sqlite_open(cx, &l->db, true, false));
    return db_run(cx, &l->db, SQL_SETTINGS);
}

static Status refused(Ctx *cx, DbLoader *l)
{
    PlanResult r = {0};
    Status st = db_sqlite_failure(&l->db, &r);
    return FAIL(cx, st == ST_OK ? ST_INTERNAL : st, "db.failed", "the database refused: %s",
                r.detail);
}

Status db_load_sqlite_begin(Ctx *cx, DbLoader *l, const DbTable *t)
{
    Buf sql = buf_in(cx->arena, DB_SQL_MAX);
    TRY(db_run(cx, &l->db, "BEGIN"));
    Str drop = str_format(cx->arena, "DELETE FROM {%.*s}", STR_ARG(t->name));
    Status st = db_run(cx, &l->db, drop.p);
    buf_printf(&sql, "INSERT INTO \"%.*s\" (", STR_ARG(t->name));
    for (size_t i = 0; i < t->n; i++)
        buf_printf(&sql, "%s\"%.*s\"", i ? ", " : "", STR_ARG(t->columns[i].name));
    buf_lit(&sql, ") VALUES (");
    for (size_t i = 0; i < t->n; i++)
        buf_printf(&sql, "%s?%zu", i ? ", " : "", i + 1);
    buf_char(&sql, ')');
    if (st == ST_OK && sqlite3_prepare_v3(l->db.lite, buf_z(&sql), (int)sql.n,
                                          SQLITE_PREPARE_PERSISTENT, &l->insert, NULL) != SQLITE_OK)
        st = refused(cx, l);
    if (st != ST_OK)
        sqlite3_exec(l->db.lite, "ROLLBACK", NULL, NULL, NULL);
    return st;
}

Status db_load_sqlite_row(Ctx *cx, DbLoader *l, const DbVal *v)
{
    for (size_t i = 0; i < l->table->n; i++)
        if (db_sqlite_bind_value(l->insert, (int)i + 1, v[i]) != SQLITE_OK)
            return refused(cx, l);
    int rc = sqlite3_step(l->insert);
    Status st = rc == SQLITE_DONE ? ST_OK : refused(cx, l);
    sqlite3_reset(l->insert);
    return st;
}

Status db_load_sqlite_end(Ctx *cx, DbLoader *l)
{
    sqlite3_finalize(l->insert);
    l->insert = NULL;
    return db_run(cx, &l->db, "COMMIT");
}

void db_load_sqlite_cancel(DbLoader *l)
{
    sqlite3_finalize(l->insert);
    l->insert = NULL;
    sqlite3_exec(l->db.lite, "ROLLBACK", NULL, NULL, NULL);
}

static Status feed(Ctx *cx, DbLoader *l, const char *clear, const char *put)
{
    TRY(db_run(cx, &l->db, "BEGIN"));
    Status st = db_run(cx, &l->db, clear);
    if (st == ST_OK)
        st = db_run(cx, &l->db, put);
    if (st == ST_OK)
        return db_run(cx, &l->db, "COMMIT");
    sqlite3_exec(l->db.lite, "ROLLBACK", NULL, NULL, NULL);
    return st;
}

static Status to_disk(Ctx *cx, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done ? ST_OK
                : FAIL(cx, ST_INTERNAL, "db.open_failed", "cannot open %s: %s", path, "fsync");
}

Status db_load_sqlite_finish(Ctx *cx, DbLoader *l, Id above)
{
    TRY(feed(cx, l, SQL_CLEAR_A, SQL_FEED_A));
    TRY(feed(cx, l, SQL_CLEAR_B, SQL_FEED_B));
    TRY(db_run(cx, &l->db, str_format(cx->arena, SQL_MARK, (long long)above).p));
    TRY(db_run(cx, &l->db, SQL_STATISTICS));
    db_sqlite_close(&l->db);
    return to_disk(cx, str_z(cx->arena, str_format(cx->arena, "%s/guanxi.db", l->pool->dir)));
}
