/* SPDX-License-Identifier: Apache-2.0 */
/* db: the one door to SQLite 3.40 and PostgreSQL 15. No other folder sees sqlite3.h or libpq-fe.h.
 *
 * SQL is one text for both engines: placeholders ?1…?n (repeatable), a table as {name} (quoted; on
 * PostgreSQL qualified with the organisation's schema), identifiers in double quotes. In DDL and
 * migrations the words $int $text $bool $real $blob stand for the engine's column types ($text is
 * COLLATE "C" on PostgreSQL) and $strict ends a CREATE TABLE.
 *
 * Reading: a Db is one leased connection (SQLite: query_only). Statements are cached per connection
 * by text (LRU 300), reset when freed.
 *   CLEANUP(stmt) Stmt *q = NULL;
 *   TRY(db_prepare(cx, SQL_X, &q)); TRY(db_bind_int(q, 1, id));
 *   bool found; TRY(db_next(q, &found)); if (found) name = db_col_text(q, 0);
 *
 * Writing: never through a Db. A Plan (plan.h) is a list of bound statements with guards, prepared
 * on a worker and applied by the engine: on SQLite in a savepoint of the writer thread's batch, on
 * PostgreSQL in the caller's own transaction. */
#pragma once
#include "base/ctx.h"

typedef enum DbKind { DB_SQLITE, DB_POSTGRES } DbKind;
typedef enum DbType { DB_BOOL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB } DbType;
typedef struct DbVal {
    uint8_t type; /* DbType, also of a null */
    bool null;
    int16_t slot; /* < 0: none; else index of a plan's late-bound slot (type DB_INT) */
    union {
        bool b;
        int64_t i;
        double r;
        Str s;
    };
} DbVal;
static inline DbVal db_int(int64_t v) { return (DbVal){.type = DB_INT, .slot = -1, .i = v}; }
static inline DbVal db_bool(bool v) { return (DbVal){.type = DB_BOOL, .slot = -1, .b = v}; }
static inline DbVal db_real(double v) { return (DbVal){.type = DB_REAL, .slot = -1, .r = v}; }
static inline DbVal db_text(Str v)
{
    return (DbVal){.type = DB_TEXT, .slot = -1, .null = !v.p, .s = v};
}
static inline DbVal db_blob(Str v)
{
    return (DbVal){.type = DB_BLOB, .slot = -1, .null = !v.p, .s = v};
}
static inline DbVal db_null(DbType t)
{
    return (DbVal){.type = (uint8_t)t, .null = true, .slot = -1};
}
static inline DbVal db_id_or_null(Id id) { return id ? db_int(id) : db_null(DB_INT); }

typedef struct Db Db;
typedef struct DbPool DbPool;
typedef struct Stmt Stmt;

typedef struct DbConfig {
    const char
        *dir; /* data directory: guanxi.db, lock, files (SQLite); also key files on PostgreSQL */
    const char *url;        /* postgres://…; NULL: SQLite in dir */
    const char *schema;     /* PostgreSQL schema of the organisation; NULL: "guanxi" */
    int readers;            /* read connections (PostgreSQL: connections) */
    bool create;            /* make an empty database if there is none */
    const char *migrations; /* only these, by space (transfer.h); NULL: all there are */
} DbConfig;

/* Opens, takes DIR/lock (SQLite: ST_CONFLICT key db.locked if another process owns it), applies
 * migrations/, reads the id high-water mark (or leases a node on PostgreSQL). Errors in cx->err. */
CHECKED Status db_open(Ctx *cx, const DbConfig *config, DbPool **ret);
void db_close(DbPool *p); /* finishes queued plans, checkpoints, PRAGMA optimize */
DbKind db_kind(const DbPool *p);
DbKind db_kind_of(const Db *db);
DbPool *db_pool_of(const Db *db);
struct IdGen;
struct IdGen *db_ids(DbPool *p); /* the node's id generator */
bool db_was_created(const DbPool *p);

Db *db_lease(DbPool *p); /* waits for a free connection */
void db_release(Db *db);

CHECKED Status db_prepare(Ctx *cx, const char *sql, Stmt **ret);
CHECKED Status db_prepare_str(Ctx *cx, Str sql, Stmt **ret);
void stmt_free(Stmt *q); /* resets and gives back to the cache */
DEFINE_CLEANUP(stmt, Stmt)
CHECKED Status db_bind(Stmt *q, int index,
                       DbVal v); /* 1-based; text is not copied: must live until the last row */
static inline Status db_bind_int(Stmt *q, int i, int64_t v) { return db_bind(q, i, db_int(v)); }
static inline Status db_bind_id(Stmt *q, int i, Id v) { return db_bind(q, i, db_int(v)); }
static inline Status db_bind_text(Stmt *q, int i, Str v) { return db_bind(q, i, db_text(v)); }
static inline Status db_bind_bool(Stmt *q, int i, bool v) { return db_bind(q, i, db_bool(v)); }
CHECKED Status db_bind_all(Stmt *q, const DbVal *v, size_t n);
/* One row further. Interrupted at the statement limit of the connection: ST_BUSY key db.timeout. */
CHECKED Status db_next(Stmt *q, bool *ret_row);
bool db_col_null(const Stmt *q, int col); /* 0-based */
int64_t db_col_int(const Stmt *q, int col);
Id db_col_id(const Stmt *q, int col);
double db_col_real(const Stmt *q, int col);
bool db_col_bool(const Stmt *q, int col);
Str db_col_text(const Stmt *q, int col); /* valid until the next db_next; STR_NULL for null */
Str db_col_blob(const Stmt *q, int col);
/* Rows come one by one instead of at once (PostgreSQL single-row mode); before the first db_next. */
void db_stream(Stmt *q);
/* Convenience: first column of the first row; found=false and 0 if none. */
CHECKED Status db_get_int(Ctx *cx, const char *sql, const DbVal *v, size_t n, int64_t *ret,
                          bool *ret_found);

/* One snapshot over several statements (read transaction ≤ 10 s). One begun inside another shares its
 * snapshot. */
CHECKED Status db_read_begin(Ctx *cx);
void db_read_end(Ctx *cx);
void db_statement_limit(Db *db, int ms); /* 2,000 interactive, 60,000 in a job */

/* Wake-up after each commit that wrote the outbox (thread of the committer; must not block). */
void db_on_commit(DbPool *p, void (*fn)(void *), void *arg);

/* Tells the planner what the tables hold now; after an import. Bounded work on SQLite
 * (analysis_limit); runs through the writer like any plan. */
CHECKED Status db_analyze(Ctx *cx, DbPool *p);

/* Builds an index outside any plan: `rest` is what follows its name (" ON {t} (…)"). PostgreSQL:
 * CONCURRENTLY, on cx->db; what an interrupted build left is dropped first. SQLite: by the writer. */
CHECKED Status db_index_build(Ctx *cx, DbPool *p, Str name, bool unique, Str rest);

/* Facts for /metrics, /readyz and tests. */
typedef struct DbFacts {
    int64_t commits, plans, batch_max, retries, wal_bytes;
    int64_t unknown; /* commits whose answer was lost with the link */
    int64_t writer_us;
} DbFacts;
DbFacts db_facts(DbPool *p);
CHECKED Status db_ready(Ctx *cx, DbPool *p);
