/* SPDX-License-Identifier: Apache-2.0 */
/* The pool of connections and the doors of db.h; each door leads to one of the two drivers. */
#include "db/plan_internal.h"
#include "db/transfer.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

int64_t db_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t db_wall_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- pool -------------------------------------------------------------------------------- */
DbPool *db_pool_new(const DbConfig *config)
{
    DbPool *p = calloc(1, sizeof(*p));
    if (!p)
        abort();
    p->arena = arena_new(1024);
    p->kind = config->url ? DB_POSTGRES : DB_SQLITE;
    p->dir = str_z(p->arena, str_of(config->dir ? config->dir : "."));
    p->url = config->url ? str_z(p->arena, str_of(config->url)) : NULL;
    p->schema = str_copy(p->arena, str_of(config->schema ? config->schema : "guanxi"));
    if (config->migrations)
        p->migrations = str_copy(p->arena, str_of(config->migrations));
    p->max = config->readers > 0 ? config->readers : 4;
    p->lock_fd = -1;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->freed, NULL);
    pthread_mutex_init(&p->gate_lock, NULL);
    pthread_cond_init(&p->gate_opened, NULL);
    db_fault_from_env(p);
    return p;
}

static Status open_sqlite(Ctx *cx, DbPool *p, bool create)
{
    if (create && mkdir(p->dir, 0700) != 0 && errno != EEXIST)
        return FAIL(cx, ST_INTERNAL, "db.no_directory", "cannot make %s: %s", p->dir,
                    strerror(errno));
    struct stat info;
    if (stat(p->dir, &info) != 0)
        return FAIL(cx, ST_NOT_FOUND, "db.no_database", "there is no database at %s", p->dir);
    TRY(db_lock_take(cx, p->dir, &p->lock_fd));
    return db_sqlite_writer_open(cx, p, create);
}

Status db_open(Ctx *cx, const DbConfig *config, DbPool **ret)
{
    DbPool *p = db_pool_new(config);
    Status st = p->kind == DB_SQLITE ? open_sqlite(cx, p, config->create)
                                     : db_postgres_open(cx, p, config->create);
    if (st != ST_OK) {
        db_close(p);
        return st;
    }
    *ret = p;
    return ST_OK;
}

static void connection_free(Db *db)
{
    if (db->pool->kind == DB_SQLITE)
        db_sqlite_close(db);
    else
        db_postgres_close(db);
    free(db);
}

void db_close(DbPool *p)
{
    if (!p)
        return;
    while (p->free) {
        Db *db = p->free;
        p->free = db->next_free;
        connection_free(db);
    }
    if (p->kind == DB_SQLITE)
        db_sqlite_writer_close(p);
    else
        db_node_release(p);
    db_lock_release(p->lock_fd);
    if (p->ids)
        idgen_free(p->ids);
    pthread_cond_destroy(&p->gate_opened);
    pthread_mutex_destroy(&p->gate_lock);
    pthread_cond_destroy(&p->freed);
    pthread_mutex_destroy(&p->lock);
    arena_free(p->arena);
    free(p);
}

DbKind db_kind(const DbPool *p) { return p->kind; }
DbKind db_kind_of(const Db *db) { return db->pool->kind; }
DbPool *db_pool_of(const Db *db) { return db->pool; }
IdGen *db_ids(DbPool *p) { return p->ids; }
bool db_was_created(const DbPool *p) { return p->created; }

/* Connections open when first used: a lease cannot fail, the first statement can. */
static Db *connection_new(DbPool *p)
{
    Db *db = calloc(1, sizeof(*db));
    if (!db)
        abort();
    db->pool = p;
    return db;
}

Db *db_lease(DbPool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->free && p->opened >= p->max)
        pthread_cond_wait(&p->freed, &p->lock);
    Db *db = p->free;
    if (db) {
        p->free = db->next_free;
    } else {
        p->opened++;
        db = connection_new(p);
    }
    pthread_mutex_unlock(&p->lock);
    db->next_free = NULL;
    db->limit_ms = DB_INTERACTIVE_MS;
    db->patience_ms = DB_PATIENCE_MS;
    return db;
}

void db_release(Db *db)
{
    if (!db)
        return;
    DbPool *p = db->pool;
    assert(!db->snapshot_us);
    pthread_mutex_lock(&p->lock);
    db->next_free = p->free;
    p->free = db;
    pthread_cond_signal(&p->freed);
    pthread_mutex_unlock(&p->lock);
}

void db_statement_limit(Db *db, int ms) { db->limit_ms = ms; }

void db_on_commit(DbPool *p, void (*fn)(void *), void *arg)
{
    p->on_commit_arg = arg;
    p->on_commit = fn;
}

void db_committed(DbPool *p, bool wrote_outbox)
{
    if (wrote_outbox && p->on_commit)
        p->on_commit(p->on_commit_arg);
}

DbFacts db_facts(DbPool *p)
{
    return (DbFacts){
        .commits = atomic_load(&p->commits),
        .plans = atomic_load(&p->plans),
        .batch_max = atomic_load(&p->batch_max),
        .retries = atomic_load(&p->retries),
        .unknown = atomic_load(&p->unknown),
        .wal_bytes = atomic_load(&p->wal_bytes),
        .writer_us = atomic_load(&p->writer_us),
    };
}

/* ---- reading ----------------------------------------------------------------------------- */
static Status ensure_open(Ctx *cx, Db *db)
{
    if (db->lite || db->pg)
        return ST_OK;
    return db->pool->kind == DB_SQLITE ? db_sqlite_open(cx, db, false, false)
                                       : db_postgres_connect(cx, db);
}

Status db_prepare_str(Ctx *cx, Str sql, Stmt **ret)
{
    Db *db = cx->db;
    TRY(ensure_open(cx, db));
    return db->pool->kind == DB_SQLITE ? db_sqlite_prepare(cx, db, sql, ret)
                                       : db_postgres_prepare(cx, db, sql, ret);
}

Status db_prepare(Ctx *cx, const char *sql, Stmt **ret)
{
    return db_prepare_str(cx, str_of(sql), ret);
}

Status db_bind(Stmt *q, int index, DbVal v)
{
    return q->lite ? db_sqlite_bind(q, index, v) : db_postgres_bind(q, index, v);
}

Status db_bind_all(Stmt *q, const DbVal *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        TRY(db_bind(q, (int)i + 1, v[i]));
    return ST_OK;
}

Status db_next(Stmt *q, bool *ret_row)
{
    return q->lite ? db_sqlite_next(q, ret_row) : db_postgres_next(q, ret_row);
}

void db_stream(Stmt *q) { q->stream = true; }

bool db_col_null(const Stmt *q, int col)
{
    return q->lite ? db_sqlite_col_null(q, col) : db_postgres_col_null(q, col);
}

int64_t db_col_int(const Stmt *q, int col)
{
    return q->lite ? db_sqlite_col_int(q, col) : db_postgres_col_int(q, col);
}

Id db_col_id(const Stmt *q, int col) { return db_col_int(q, col); }

double db_col_real(const Stmt *q, int col)
{
    return q->lite ? db_sqlite_col_real(q, col) : db_postgres_col_real(q, col);
}

bool db_col_bool(const Stmt *q, int col) { return db_col_int(q, col) != 0; }

Str db_col_text(const Stmt *q, int col)
{
    return q->lite ? db_sqlite_col_text(q, col) : db_postgres_col_text(q, col);
}

Str db_col_blob(const Stmt *q, int col)
{
    return q->lite ? db_sqlite_col_blob(q, col) : db_postgres_col_text(q, col);
}

Status db_get_int(Ctx *cx, const char *sql, const DbVal *v, size_t n, int64_t *ret, bool *ret_found)
{
    CLEANUP(stmt) Stmt *q = NULL;
    *ret = 0;
    TRY(db_prepare(cx, sql, &q));
    TRY(db_bind_all(q, v, n));
    TRY(db_next(q, ret_found));
    if (*ret_found)
        *ret = db_col_int(q, 0);
    return ST_OK;
}

Status db_run(Ctx *cx, Db *db, const char *sql)
{
    TRY(ensure_open(cx, db));
    return db->pool->kind == DB_SQLITE ? db_sqlite_run(cx, db, sql) : db_postgres_run(cx, db, sql);
}

static Status transaction(Ctx *cx, bool begin)
{
    Db *db = cx->db;
    if (db->pool->kind == DB_SQLITE)
        return db_sqlite_transaction(cx, db, begin);
    return db_postgres_run(cx, db,
                           begin ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "ROLLBACK");
}

Status db_read_begin(Ctx *cx)
{
    if (cx->db->snapshot_us) {
        cx->db->inner_reads++;
        return ST_OK;
    }
    TRY(ensure_open(cx, cx->db));
    TRY(transaction(cx, true));
    cx->db->snapshot_us = db_now_us();
    return ST_OK;
}

Status db_read_begin_long(Ctx *cx)
{
    static const char SQL_PATIENT[] = "SET LOCAL idle_in_transaction_session_timeout = 0";
    db_statement_limit(cx->db, DB_LONG_MS);
    TRY(db_read_begin(cx));
    cx->db->long_read = true;
    return cx->db->pool->kind == DB_SQLITE ? ST_OK : db_postgres_run(cx, cx->db, SQL_PATIENT);
}

void db_read_end(Ctx *cx)
{
    if (!cx->db->snapshot_us)
        return;
    if (cx->db->inner_reads) {
        cx->db->inner_reads--;
        return;
    }
    cx->db->snapshot_us = 0;
    cx->db->long_read = false;
    Ctx quiet = *cx; /* nothing was written: how it ends changes no answer */
    if (cx->db->lite || cx->db->pg)
        (void)!transaction(&quiet, false);
}

/* Who asks whether it is ready does not want to wait for it. */
Status db_ready(Ctx *cx, DbPool *p)
{
    static const char SQL_EPOCH[] = "SELECT catalogue FROM {gx_epoch} WHERE id = 1";
    Db *before = cx->db;
    int64_t catalogue;
    bool found;
    if (!before)
        cx->db = db_lease(p);
    cx->db->patience_ms = 0;
    Status st = db_get_int(cx, SQL_EPOCH, NULL, 0, &catalogue, &found);
    cx->db->patience_ms = DB_PATIENCE_MS;
    if (!before)
        db_release(cx->db);
    cx->db = before;
    return st;
}

/* ---- writing ----------------------------------------------------------------------------- */
void db_submit(DbPool *pool, Ctx *cx, Plan *p, PlanDone done, void *arg)
{
    plan_seal(p);
    plan_reset_result(p);
    p->done = done;
    p->arg = arg;
    if (pool->kind == DB_SQLITE)
        db_sqlite_writer_submit(pool, p);
    else
        db_postgres_apply(pool, cx, p);
}

typedef struct Waiting {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool done;
    Status st;
    PlanResult result;
} Waiting;

static void wake(void *arg, Status st, const PlanResult *r)
{
    Waiting *w = arg;
    pthread_mutex_lock(&w->lock);
    w->st = st;
    w->result = *r;
    w->done = true;
    pthread_cond_signal(&w->ended);
    pthread_mutex_unlock(&w->lock);
}

Status db_apply(DbPool *pool, Ctx *cx, Plan *p, PlanResult *ret)
{
    Waiting w = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
    db_submit(pool, cx, p, wake, &w);
    pthread_mutex_lock(&w.lock);
    while (!w.done)
        pthread_cond_wait(&w.ended, &w.lock);
    pthread_mutex_unlock(&w.lock);
    pthread_cond_destroy(&w.ended);
    pthread_mutex_destroy(&w.lock);
    if (ret)
        *ret = w.result;
    return plan_error(cx, w.st, &w.result);
}
