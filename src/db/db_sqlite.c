/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite: one connection, one thread at a time. Readers are query_only and never checkpoint; the
 * statement limit is enforced by the progress handler, so a statement that ends soon never asks
 * for the time. A statement that reached its end is reset at once: an open one pins the WAL. */
#include "db/db_internal.h"
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { PROGRESS_STEPS = 2000 };

static int on_progress(void *arg)
{
    Db *db = arg;
    int64_t now = db_now_us();
    if (db->deadline_us == 0)
        db->deadline_us = now + (int64_t)db->limit_ms * 1000;
    if (now > db->deadline_us)
        return 1;
    return db->snapshot_us && !db->long_read &&
           now - db->snapshot_us > (int64_t)DB_SNAPSHOT_MS * 1000;
}

static void drop_statement(void *owner, DbCached *entry)
{
    (void)owner;
    Stmt *q = (Stmt *)entry;
    sqlite3_finalize(q->lite);
    free(q);
}

static const char SQL_WRITER[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                 "PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=67108864;"
                                 "PRAGMA cache_size=-16384; PRAGMA mmap_size=0;"
                                 "PRAGMA foreign_keys=ON; PRAGMA secure_delete=FAST;"
                                 "PRAGMA analysis_limit=1000;"
                                 "PRAGMA trusted_schema=OFF";
static const char SQL_READER[] = "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0;"
                                 "PRAGMA cache_size=-4096; PRAGMA mmap_size=0;"
                                 "PRAGMA trusted_schema=OFF";

static Status open_failed(Ctx *cx, Db *db, const char *path)
{
    if (sqlite3_extended_errcode(db->lite) == SQLITE_CANTOPEN)
        return FAIL(cx, ST_NOT_FOUND, "db.no_database", "there is no database at %s", path);
    return FAIL(cx, ST_INTERNAL, "db.open_failed", "cannot open %s: %s", path,
                sqlite3_errmsg(db->lite));
}

/* Statistics of memory cost a lock per allocation. The journal of savepoints stays in memory
 * altogether (-1): by default it goes to a file past 64 KB, which a batch of 64 plans passes at once
 * (a third of the writer's time); with a greater limit SQLite 3.40 writes it in one piece, of which
 * unix VFS takes the length modulo 128 KB, and the plan fails as if the disk were full. Both are
 * refused, and harmless, once the library runs. */
void db_sqlite_setup(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
}

Status db_sqlite_open(Ctx *cx, Db *db, bool writer, bool create)
{
    Str path = str_format(cx->arena, "%s/guanxi.db", db->pool->dir);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (create ? SQLITE_OPEN_CREATE : 0);
    db_cache_init(&db->cache, DB_CACHE_MAX, drop_statement, db);
    int rc = sqlite3_open_v2(path.p, &db->lite, flags, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(db->lite, DB_BUSY_MS);
        if (!writer) {
            sqlite3_db_config(db->lite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
            sqlite3_progress_handler(db->lite, PROGRESS_STEPS, on_progress, db);
        }
        rc = sqlite3_exec(db->lite, writer ? SQL_WRITER : SQL_READER, NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK)
        return ST_OK;
    Status st = open_failed(cx, db, path.p);
    db_sqlite_close(db);
    return st;
}

void db_sqlite_close(Db *db)
{
    if (!db->lite)
        return;
    db_cache_clear(&db->cache);
    sqlite3_close_v2(db->lite);
    db->lite = NULL;
}

/* ---- failures ---------------------------------------------------------------------------- */
static bool is_disk_full(Db *db, int code)
{
    if ((code & 0xff) == SQLITE_FULL)
        return true;
    int why = sqlite3_system_errno(db->lite);
    return (code & 0xff) == SQLITE_IOERR && (why == ENOSPC || why == EDQUOT);
}

static Status status_of(Db *db, int code)
{
    if (is_disk_full(db, code))
        return ST_FULL;
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                       code == SQLITE_CONSTRAINT_ROWID || code == SQLITE_CONSTRAINT_FOREIGNKEY
                   ? ST_CONFLICT
                   : ST_INTERNAL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT: return ST_BUSY;
    default: return ST_INTERNAL;
    }
}

static Status fail_reading(Ctx *cx, Db *db)
{
    int code = sqlite3_extended_errcode(db->lite);
    if ((code & 0xff) == SQLITE_INTERRUPT)
        return FAIL(cx, ST_BUSY, "db.timeout", "the query took longer than it may");
    if (code == SQLITE_OK) /* never reached the engine: a marker that cannot be read */
        return FAIL(cx, ST_INTERNAL, "db.bad_sql", "SQL text with a bad marker");
    Status st = status_of(db, code);
    const char *why = sqlite3_errmsg(db->lite);
    if (st == ST_BUSY)
        return FAIL(cx, ST_BUSY, "db.busy", "the database is busy, please try again");
    if (!strcmp(why, "integer overflow"))
        return FAIL(cx, ST_INVALID, "db.out_of_range", "a number is out of range");
    return FAIL(cx, st, "db.failed", "the database refused: %s", why);
}

/* The columns of an index as the engine's message writes them: "t.a, t.b". */
static bool index_has_columns(Db *db, const char *table, const char *index, const char *wanted)
{
    sqlite3_stmt *q = NULL;
    char text[400];
    size_t n = 0;
    static const char SQL_COLUMNS[] = "SELECT name FROM pragma_index_info(?1) ORDER BY seqno";
    if (sqlite3_prepare_v2(db->lite, SQL_COLUMNS, -1, &q, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_text(q, 1, index, -1, SQLITE_STATIC);
    while (sqlite3_step(q) == SQLITE_ROW && n < sizeof(text)) {
        const char *column = (const char *)sqlite3_column_text(q, 0);
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s.%s", n ? ", " : "", table,
                              column ? column : "");
    }
    sqlite3_finalize(q);
    return n < sizeof(text) && !strcmp(text, wanted);
}

/* Which unique index of ours refused: ret stays as it is if none of ours has these columns. */
static void find_index(Db *db, const char *table, const char *wanted, char *ret, size_t size)
{
    static const char SQL_UNIQUE[] =
        "SELECT name FROM pragma_index_list(?1) WHERE \"unique\" AND origin = 'c' ORDER BY name";
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(db->lite, SQL_UNIQUE, -1, &q, NULL) != SQLITE_OK)
        return;
    sqlite3_bind_text(q, 1, table, -1, SQLITE_STATIC);
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *index = (const char *)sqlite3_column_text(q, 0);
        if (index && index_has_columns(db, table, index, wanted)) {
            snprintf(ret, size, "%s", index);
            break;
        }
    }
    sqlite3_finalize(q);
}

/* "UNIQUE constraint failed: t.a, t.b" or "…: index 'name'" (indexes over expressions). */
static void name_constraint(Db *db, PlanResult *r)
{
    char wanted[sizeof(r->detail)], table[DB_CONSTRAINT_BYTES];
    const char *at = strstr(r->detail, "failed: ");
    if (!at)
        return;
    at += 8;
    if (!strncmp(at, "index '", 7)) {
        snprintf(r->constraint, sizeof(r->constraint), "%.*s", (int)strcspn(at + 7, "'"), at + 7);
        return;
    }
    snprintf(wanted, sizeof(wanted), "%s", at);
    snprintf(table, sizeof(table), "%.*s", (int)strcspn(at, "."), at);
    snprintf(r->constraint, sizeof(r->constraint), "%s", table);
    find_index(db, table, wanted, r->constraint, sizeof(r->constraint));
}

Status db_sqlite_failure(Db *db, PlanResult *r)
{
    int code = sqlite3_extended_errcode(db->lite);
    Status st = status_of(db, code);
    snprintf(r->detail, sizeof(r->detail), "%s", sqlite3_errmsg(db->lite));
    if (st == ST_CONFLICT)
        name_constraint(db, r);
    return st;
}

/* ---- gate ------------------------------------------------------------------------------- */
void db_sqlite_gate(DbPool *p, bool closed)
{
    pthread_mutex_lock(&p->gate_lock);
    atomic_store(&p->gate, closed);
    if (!closed)
        pthread_cond_broadcast(&p->gate_opened);
    pthread_mutex_unlock(&p->gate_lock);
}

/* One that reads already goes on: it is what the writer waits for. */
static void pass_gate(Db *db)
{
    DbPool *p = db->pool;
    if (!atomic_load_explicit(&p->gate, memory_order_relaxed) || db->reading || db->snapshot_us)
        return;
    pthread_mutex_lock(&p->gate_lock);
    while (atomic_load(&p->gate))
        pthread_cond_wait(&p->gate_opened, &p->gate_lock);
    pthread_mutex_unlock(&p->gate_lock);
}

/* ---- statements -------------------------------------------------------------------------- */
Status db_sqlite_run(Ctx *cx, Db *db, const char *sql)
{
    Buf text = buf_in(cx->arena, DB_SQL_MAX);
    int params;
    if (!db_sql_expand(&text, DB_SQLITE, STR_NULL, str_of(sql), &params))
        return FAIL(cx, ST_INTERNAL, "db.bad_sql", "SQL text with a bad marker");
    db->deadline_us = 0;
    if (sqlite3_exec(db->lite, buf_z(&text), NULL, NULL, NULL) != SQLITE_OK)
        return fail_reading(cx, db);
    return ST_OK;
}

/* Expands in an arena of its own: a miss is rare and its text not needed again. */
static int compile(Db *db, Str sql, sqlite3_stmt **ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(4096);
    Buf text = buf_in(scratch, DB_SQL_MAX);
    int params;
    *ret = NULL;
    db->deadline_us = 0; /* reading a changed schema takes its own time, not the last statement's */
    if (!db_sql_expand(&text, DB_SQLITE, STR_NULL, sql, &params))
        return SQLITE_MISUSE;
    return sqlite3_prepare_v3(db->lite, text.p, (int)text.n, SQLITE_PREPARE_PERSISTENT, ret, NULL);
}

static Stmt *compile_entry(Db *db, Str sql, uint64_t hash)
{
    sqlite3_stmt *lite;
    if (compile(db, sql, &lite) != SQLITE_OK || !lite)
        return NULL;
    Stmt *q = db_cache_entry(sizeof(Stmt), sql, hash);
    q->db = db;
    q->lite = lite;
    return q;
}

Status db_sqlite_prepare(Ctx *cx, Db *db, Str sql, Stmt **ret)
{
    Stmt *q = (Stmt *)db_cache_get(&db->cache, sql);
    bool loose = q && q->cached.busy;
    if (!q || loose) {
        q = compile_entry(db, sql, str_hash(sql));
        if (!q)
            return fail_reading(cx, db);
        q->loose = loose;
        if (!loose)
            db_cache_put(&db->cache, &q->cached);
    }
    q->cached.busy = true;
    q->counted = q->done = false;
    q->cx = cx;
    *ret = q;
    return ST_OK;
}

static void run_begins(Stmt *q)
{
    pass_gate(q->db);
    q->counted = true;
    q->cx->stats.statements++;
    q->db->deadline_us = 0;
    q->db->reading++;
}

/* Resets; may be called again. */
static void run_ends(Stmt *q)
{
    sqlite3_reset(q->lite);
    if (q->counted && !q->done)
        q->db->reading--;
}

void db_sqlite_free(Stmt *q)
{
    run_ends(q);
    if (q->loose) {
        drop_statement(NULL, &q->cached);
        return;
    }
    sqlite3_clear_bindings(q->lite);
    q->cx = NULL;
    q->cached.busy = false;
}

int db_sqlite_bind_value(sqlite3_stmt *q, int index, DbVal v)
{
    if (v.null)
        return sqlite3_bind_null(q, index);
    switch ((DbType)v.type) {
    case DB_BOOL: return sqlite3_bind_int(q, index, v.b);
    case DB_INT: return sqlite3_bind_int64(q, index, v.i);
    case DB_REAL: return sqlite3_bind_double(q, index, v.r);
    case DB_TEXT: return sqlite3_bind_text(q, index, v.s.p, (int)v.s.n, SQLITE_STATIC);
    case DB_BLOB: return sqlite3_bind_blob(q, index, v.s.p, (int)v.s.n, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

Status db_sqlite_bind(Stmt *q, int index, DbVal v)
{
    if (q->counted) { /* a second run with other values */
        run_ends(q);
        q->counted = q->done = false;
    }
    if (db_sqlite_bind_value(q->lite, index, v) != SQLITE_OK)
        return fail_reading(q->cx, q->db);
    return ST_OK;
}

Status db_sqlite_next(Stmt *q, bool *ret_row)
{
    *ret_row = false;
    if (q->done)
        return ST_OK;
    if (!q->counted)
        run_begins(q);
    int rc = sqlite3_step(q->lite);
    if (rc == SQLITE_ROW) {
        q->cx->stats.rows++;
        *ret_row = true;
        return ST_OK;
    }
    Status st = rc == SQLITE_DONE ? ST_OK : fail_reading(q->cx, q->db);
    run_ends(q);
    q->done = true;
    return st;
}

sqlite3_stmt *db_sqlite_cached(Db *db, Str sql, uint64_t hash)
{
    Stmt *q = (Stmt *)db_cache_get_hashed(&db->cache, sql, hash);
    if (!q) {
        q = compile_entry(db, sql, hash);
        if (!q)
            return NULL;
        db_cache_put(&db->cache, &q->cached);
    }
    return q->lite;
}

/* ---- columns ----------------------------------------------------------------------------- */
bool db_sqlite_col_null(const Stmt *q, int col)
{
    return sqlite3_column_type(q->lite, col) == SQLITE_NULL;
}

int64_t db_sqlite_col_int(const Stmt *q, int col) { return sqlite3_column_int64(q->lite, col); }

double db_sqlite_col_real(const Stmt *q, int col) { return sqlite3_column_double(q->lite, col); }

Str db_sqlite_col_text(const Stmt *q, int col)
{
    const char *p = (const char *)sqlite3_column_text(q->lite, col);
    return p ? str_n(p, (size_t)sqlite3_column_bytes(q->lite, col)) : STR_NULL;
}

Str db_sqlite_col_blob(const Stmt *q, int col)
{
    const void *p = sqlite3_column_blob(q->lite, col);
    if (!p) /* the engine says NULL for an empty blob too */
        return db_sqlite_col_null(q, col) ? STR_NULL : STR("");
    return str_n(p, (size_t)sqlite3_column_bytes(q->lite, col));
}

Status db_sqlite_transaction(Ctx *cx, Db *db, bool begin)
{
    static const char SQL_BEGIN[] = "BEGIN", SQL_END[] = "ROLLBACK";
    Str sql = str_of(begin ? SQL_BEGIN : SQL_END);
    sqlite3_stmt *q = db_sqlite_cached(db, sql, str_hash(sql));
    if (begin)
        pass_gate(db);
    if (!q || sqlite3_step(q) != SQLITE_DONE)
        return fail_reading(cx, db);
    sqlite3_reset(q);
    return ST_OK;
}
