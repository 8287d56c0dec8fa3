/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share: pool, connection, statement, plan and the two drivers.
 * Nobody outside src/db includes it. */
#pragma once
#include "base/id.h"
#include "db/db_cache.h"
#include "db/plan.h"
#include <pthread.h>
#include <stdatomic.h>

enum {
    DB_CACHE_MAX = 300,     /* prepared statements of one connection */
    DB_SNAPSHOT_MS = 10000, /* a read transaction lives no longer: it pins WAL and dead rows */
    DB_LONG_MS = 6 * 3600 * 1000, /* of a reading without end */
    DB_INTERACTIVE_MS = 2000,     /* statement limit of a fresh lease */
    DB_SQL_MAX = 1024 * 1024,     /* one expanded text */
    DB_CONSTRAINT_BYTES = 64,
    DB_BUSY_MS = 5000, /* SQLite: wait for a lock of another connection */
    DB_DEAD_MAX = 32,
    DB_PATIENCE_MS = 30000, /* back-off included */
};

/* ---- text -------------------------------------------------------------------------------- */
/* Expands {table}, ?n and $type for the engine. False: a marker that cannot be read. */
bool db_sql_expand(Buf *out, DbKind kind, Str schema, Str sql, int *ret_params);

/* ---- connection, statement --------------------------------------------------------------- */
struct sqlite3;
struct sqlite3_stmt;
struct pg_conn;
struct pg_result;

struct Db {
    DbPool *pool;
    Db *next_free;
    DbCache cache;
    int limit_ms;
    int64_t snapshot_us; /* when the read transaction began, 0 = none */
    bool long_read;      /* no limit to its age */
    int inner_reads;     /* begun inside it and not yet ended: they share its snapshot */
    /* SQLite */
    struct sqlite3 *lite;
    int64_t deadline_us; /* of the running statement; 0: not yet known */
    int reading;         /* statements between their first row and their reset */
    /* PostgreSQL */
    struct pg_conn *pg;
    int limit_set_ms;           /* what the server was told */
    int patience_ms;            /* how long it tries to connect */
    uint64_t serial;            /* names of prepared statements */
    uint64_t dead[DB_DEAD_MAX]; /* dropped by the cache, still on the server */
    int n_dead;
    bool forget; /* more than those: forget all */
};

/* On SQLite it lives in the cache entry, on PostgreSQL in the arena of the context. */
struct Stmt {
    DbCached cached;
    Db *db;
    Ctx *cx;
    bool counted, done;
    /* SQLite */
    struct sqlite3_stmt *lite;
    bool loose; /* not in the cache: its twin was busy */
    /* PostgreSQL */
    bool stream, sent;
    int row, n_vals, cap_vals;
    Str sql;
    DbVal *vals;
    struct pg_result *result;
};

typedef struct DbWriter DbWriter;
typedef struct DbNode DbNode;

struct DbPool {
    DbKind kind;
    Arena *arena; /* configuration */
    const char *dir, *url;
    Str schema;
    Str migrations; /* only these are applied; null: all */
    bool created;
    IdGen *ids;
    int lock_fd;

    pthread_mutex_t lock; /* guards free, opened */
    pthread_cond_t freed;
    Db *free, *all;
    int opened, max;

    void (*on_commit)(void *);
    void *on_commit_arg;

    _Atomic int64_t commits, plans, batch_max, retries, unknown, wal_bytes, writer_us;
    _Atomic int64_t fault_after; /* db_fault.c: writes until the injected failure, 0 = off */
    int fault_kind;

    /* SQLite: while the log is made to start again, no new reader begins to use it */
    _Atomic bool gate;
    pthread_mutex_t gate_lock;
    pthread_cond_t gate_opened;

    DbWriter *writer; /* SQLite */
    DbNode *node;     /* PostgreSQL */
};

int64_t db_now_us(void); /* monotonic */
int64_t db_wall_ms(void);
/* Runs one text without parameters or rows on this connection (transactions, DDL). */
CHECKED Status db_run(Ctx *cx, Db *db, const char *sql);
void db_committed(DbPool *p, bool wrote_outbox);

/* ---- SQLite ------------------------------------------------------------------------------ */
CHECKED Status db_sqlite_open(Ctx *cx, Db *db, bool writer, bool create);
void db_sqlite_close(Db *db);
CHECKED Status db_sqlite_run(Ctx *cx, Db *db, const char *sql);
/* Begins or ends a read transaction. */
CHECKED Status db_sqlite_transaction(Ctx *cx, Db *db, bool begin);
/* Closed and opened by the writer around a checkpoint that waits for readers. */
void db_sqlite_gate(DbPool *p, bool closed);
/* Settings of the library itself; before its first use. */
void db_sqlite_setup(void);
CHECKED Status db_sqlite_prepare(Ctx *cx, Db *db, Str sql, Stmt **ret);
void db_sqlite_free(Stmt *q);
CHECKED Status db_sqlite_bind(Stmt *q, int index, DbVal v);
CHECKED Status db_sqlite_next(Stmt *q, bool *ret_row);
bool db_sqlite_col_null(const Stmt *q, int col);
int64_t db_sqlite_col_int(const Stmt *q, int col);
double db_sqlite_col_real(const Stmt *q, int col);
Str db_sqlite_col_text(const Stmt *q, int col);
Str db_sqlite_col_blob(const Stmt *q, int col);
/* For the writer, which has no context: a cached statement, or NULL (the connection holds why). */
struct sqlite3_stmt *db_sqlite_cached(Db *db, Str sql, uint64_t hash);
int db_sqlite_bind_value(struct sqlite3_stmt *q, int index, DbVal v);
/* What the last failure of a connection means; fills constraint and detail. */
Status db_sqlite_failure(Db *db, PlanResult *r);

CHECKED Status db_sqlite_writer_open(Ctx *cx, DbPool *p, bool create);
void db_sqlite_writer_close(DbPool *p);
void db_sqlite_writer_submit(DbPool *p, Plan *plan);
/* The writer copies its file between batches: see db_copy. Waits until it is done. */
struct DbCopy;
CHECKED Status db_sqlite_writer_copy(Ctx *cx, DbPool *p, const char *path, struct DbCopy *progress);
/* Writes stop when less than this share of the disk is free (default 5 %). */
void db_sqlite_writer_disk_floor(DbPool *p, int percent);

/* ---- PostgreSQL -------------------------------------------------------------------------- */
CHECKED Status db_postgres_open(Ctx *cx, DbPool *p, bool create);
CHECKED Status db_postgres_connect(Ctx *cx, Db *db); /* with back-off, as long as its patience */
void db_postgres_close(Db *db);
CHECKED Status db_postgres_run(Ctx *cx, Db *db, const char *sql);
CHECKED Status db_postgres_prepare(Ctx *cx, Db *db, Str sql, Stmt **ret);
void db_postgres_free(Stmt *q);
CHECKED Status db_postgres_bind(Stmt *q, int index, DbVal v);
CHECKED Status db_postgres_next(Stmt *q, bool *ret_row);
bool db_postgres_col_null(const Stmt *q, int col);
int64_t db_postgres_col_int(const Stmt *q, int col);
double db_postgres_col_real(const Stmt *q, int col);
Str db_postgres_col_text(const Stmt *q, int col);
void db_postgres_apply(DbPool *p, Ctx *cx, Plan *plan);

/* ---- shared parts ------------------------------------------------------------------------ */
/* A pool that opens nothing by itself. */
DbPool *db_pool_new(const DbConfig *config);
Str db_migration_plain(Str path); /* without its engine's folder */
CHECKED Status db_migrate(Ctx *cx, Db *db, bool *ret_created);
CHECKED Status db_lock_take(Ctx *cx, const char *dir, int *ret_fd);
void db_lock_release(int fd);
CHECKED Status db_node_lease(Ctx *cx, DbPool *p);
void db_node_release(DbPool *p);

/* Failure injection, for tests (db_fault.c): the n-th point of that kind from now fails once. */
typedef enum DbFaultKind {
    DB_FAULT_NONE,
    DB_FAULT_STATEMENT, /* a statement of a plan fails as by an I/O error */
    DB_FAULT_ROLLBACK,  /* the engine rolls the whole batch back under a statement (disk full) */
    DB_FAULT_COMMIT,    /* COMMIT fails, nothing is kept */
    DB_FAULT_LINK,      /* the link is lost after COMMIT was sent: kept, but nobody knows */
} DbFaultKind;
void db_fault_set(DbPool *p, DbFaultKind kind, int64_t after);
void db_fault_from_env(DbPool *p); /* GUANXI_DB_FAULT=statement:17 */
bool db_fault_hit(DbPool *p, DbFaultKind kind);
