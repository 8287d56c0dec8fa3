/* SPDX-License-Identifier: Apache-2.0 */
/* The one thread that writes an SQLite file, and checkpoints it.
 *
 * Plans queue while the last COMMIT waits for the disk; the next transaction takes what has queued
 * (≤ 64 plans or 5 ms), and all are answered after its COMMIT. A plan that fails before it has written
 * leaves nothing; after one that failed half-way the transaction is begun again without it, and for
 * some batches each plan gets a savepoint. The engine may roll a whole transaction back by itself
 * (disk full, I/O error): then sqlite3_get_autocommit() is true after a plan, or COMMIT fails, and
 * each plan of the batch is tried once more alone.
 *
 * Ids: every committed id is at most ID_MARK_MS after the mark that is stored with the data, so
 * after a crash, or with a clock set back, none is given twice. */
#include "db/plan_internal.h"
#include "db/transfer.h"
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <time.h>

enum {
    BATCH_PLANS = 64,
    BATCH_US = 5000,
    CAREFUL_BATCHES = 16, /* by savepoints, after a plan failed half-way */
    ID_MARK_MS = 100,
    DISK_CHECK_US = 1000000,
    CHECKPOINT_PAGES = 1000, /* step of the passive checkpoint */
    RESTART_PAGES = 16384,   /* 64 MB: the log must start again */
    RESTART_WAIT_MS = 20,    /* for readers that still use the log */
    RESTART_STEP = 4096,     /* pages until the next attempt: each may cost the wait */
    HARD_PAGES = 32768,      /* 128 MB: now it waits longer */
    HARD_WAIT_MS = 250,
    PAGE_BYTES = 4096,
    COPY_PAGES = 256, /* of a copy between two batches */
};
#define ID_MARK ((Id)ID_MARK_MS << 22) /* 22 bits of an id are below its milliseconds */

/* A copy of the file under way, made by the writer a step at a time. */
typedef struct WriterCopy {
    const char *path;
    DbCopy *progress;
    sqlite3 *to;
    sqlite3_backup *backup;
    pthread_cond_t ended;
    bool done;
    Status st;
    char why[200];
} WriterCopy;

struct DbWriter {
    DbPool *pool;
    Db db;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t queued;
    Plan *head, **tail; /* guarded by lock */
    bool stop;          /* guarded by lock */
    WriterCopy *copy;   /* guarded by lock */
    /* of the thread alone */
    Plan *batch[BATCH_PLANS];
    size_t n;
    Id mark;
    int64_t seq; /* last number of the event log given; 0: not read yet */
    int careful; /* batches that still go by savepoints */
    bool disk_full;
    int disk_floor; /* percent */
    int64_t disk_checked_us;
    int wal_pages, checkpoint_at, restart_at;
};

static const char SQL_LAST_SEQ[] = "SELECT COALESCE(MAX(seq), 0) FROM {gx_outbox}";
static const char SQL_READ_MARK[] = "SELECT value FROM {gx_setting} WHERE name = 'id_high_water'";
static const char SQL_SET_MARK[] = "INSERT INTO {gx_setting} (name, value) "
                                   "VALUES ('id_high_water', ?1) "
                                   "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char SQL_BEGIN[] = "BEGIN IMMEDIATE";
static const char SQL_COMMIT[] = "COMMIT";
static const char SQL_ROLLBACK[] = "ROLLBACK";
static const char SQL_SAVE[] = "SAVEPOINT plan";
static const char SQL_RELEASE[] = "RELEASE plan";
static const char SQL_UNDO[] = "ROLLBACK TO plan";
/* The limit keeps the end short on big tables. */
static const char SQL_OPTIMIZE[] = "PRAGMA analysis_limit=400; PRAGMA optimize";
static const char SQL_READ_STATISTICS[] = "ANALYZE sqlite_schema";

/* ---- statements -------------------------------------------------------------------------- */
static bool simple(DbWriter *w, const char *sql)
{
    Str text = str_of(sql);
    sqlite3_stmt *q = db_sqlite_cached(&w->db, text, str_hash(text));
    if (!q)
        return false;
    bool ok = sqlite3_step(q) == SQLITE_DONE;
    sqlite3_reset(q);
    return ok;
}

static Status failed(DbWriter *w, Plan *p)
{
    p->st = db_sqlite_failure(&w->db, &p->result);
    return p->st;
}

static Status injected(Plan *p)
{
    snprintf(p->result.detail, sizeof(p->result.detail), "injected failure");
    p->st = ST_INTERNAL;
    return p->st;
}

static Status changed_meanwhile(Plan *p, Str what)
{
    snprintf(p->result.detail, sizeof(p->result.detail), "no longer as read: " STR_FMT,
             (int)(what.n > 150 ? 150 : what.n), what.p);
    p->st = ST_RETRY;
    return p->st;
}

/* Numbers of the event log are given in the order of commits, which is the writer's order. */
static bool next_seq(DbWriter *w, DbVal *ret)
{
    if (w->seq == 0) {
        Str sql = str_of(SQL_LAST_SEQ);
        sqlite3_stmt *q = db_sqlite_cached(&w->db, sql, str_hash(sql));
        if (!q || sqlite3_step(q) != SQLITE_ROW)
            return false;
        w->seq = sqlite3_column_int64(q, 0);
        sqlite3_reset(q);
    }
    *ret = db_int(++w->seq);
    return true;
}

static bool bind_one(DbWriter *w, sqlite3_stmt *q, const Plan *p, int at, const DbVal *given)
{
    DbVal v = plan_value(p, *given);
    if (given->slot == DB_SLOT_SEQ && !next_seq(w, &v))
        return false;
    return db_sqlite_bind_value(q, at, v) == SQLITE_OK;
}

/* Each statement of the writer is left without values: what is null needs no binding, and most columns of
 * most rows are. */
static bool bind_all(DbWriter *w, sqlite3_stmt *q, const Plan *p, const PlanStep *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const DbVal *v = &s->vals[i];
        if ((v->null && v->slot == -1) || bind_one(w, q, p, (int)i + 1, v))
            continue;
        sqlite3_clear_bindings(q);
        return false;
    }
    return true;
}

/* ---- one plan ---------------------------------------------------------------------------- */
static Status check_lock(DbWriter *w, Plan *p, const PlanLock *lock)
{
    sqlite3_stmt *q = db_sqlite_cached(&w->db, lock->sql, str_hash(lock->sql));
    if (!q || sqlite3_bind_int64(q, 1, lock->id) != SQLITE_OK)
        return failed(w, p);
    int rc = sqlite3_step(q);
    bool same =
        rc == SQLITE_ROW && (lock->version == 0 || sqlite3_column_int64(q, 1) == lock->version);
    Status st = rc != SQLITE_ROW && rc != SQLITE_DONE ? failed(w, p) : ST_OK;
    sqlite3_reset(q);
    if (st == ST_OK && !same)
        return changed_meanwhile(p, lock->table);
    return st;
}

static Status check_guard(DbWriter *w, Plan *p, const PlanStep *s)
{
    sqlite3_stmt *q = db_sqlite_cached(&w->db, s->sql, s->hash);
    if (!q || !bind_all(w, q, p, s))
        return failed(w, p);
    int rc = sqlite3_step(q);
    Status st = rc == SQLITE_ROW ? ST_OK : rc == SQLITE_DONE ? ST_RETRY : failed(w, p);
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
    return st == ST_RETRY ? changed_meanwhile(p, s->sql) : st;
}

static Status take_slot(DbWriter *w, Plan *p, PlanSlot *slot)
{
    if (slot->counter.n == 0) {
        slot->value = p->result.change = idgen_next(w->pool->ids);
        return ST_OK;
    }
    Str sql = str_of(plan_sql_counter);
    sqlite3_stmt *q = db_sqlite_cached(&w->db, sql, str_hash(sql));
    if (!q || db_sqlite_bind_value(q, 1, db_text(slot->counter)) != SQLITE_OK)
        return failed(w, p);
    p->wrote = true;
    int rc = sqlite3_step(q);
    if (rc == SQLITE_ROW) {
        slot->value = sqlite3_column_int64(q, 0);
        rc = sqlite3_step(q);
    }
    Status st = rc == SQLITE_DONE ? ST_OK : failed(w, p);
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
    return st;
}

static Status run_ddl(DbWriter *w, Plan *p, const PlanStep *s)
{
    Buf text = buf_in(p->arena, DB_SQL_MAX);
    int params;
    if (!db_sql_expand(&text, DB_SQLITE, STR_NULL, s->sql, &params) ||
        sqlite3_exec(w->db.lite, buf_z(&text), NULL, NULL, NULL) != SQLITE_OK)
        return failed(w, p);
    return ST_OK;
}

static Status run_step(DbWriter *w, Plan *p, const PlanStep *s)
{
    if (db_fault_hit(w->pool, DB_FAULT_STATEMENT))
        return injected(p);
    if (db_fault_hit(w->pool, DB_FAULT_ROLLBACK)) {
        simple(w, SQL_ROLLBACK);
        return injected(p);
    }
    if (s->kind == PLAN_DDL)
        return run_ddl(w, p, s);
    sqlite3_stmt *q = db_sqlite_cached(&w->db, s->sql, s->hash);
    if (!q || !bind_all(w, q, p, s))
        return failed(w, p);
    int rc;
    do
        rc = sqlite3_step(q);
    while (rc == SQLITE_ROW);
    Status st = rc == SQLITE_DONE ? ST_OK : failed(w, p);
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
    p->wrote |= st == ST_OK && sqlite3_changes64(w->db.lite) > 0;
    if (st == ST_OK && s->rows >= 0 && sqlite3_changes64(w->db.lite) != s->rows)
        return changed_meanwhile(p, s->sql);
    return st;
}

static Status run_parts(DbWriter *w, Plan *p)
{
    for (size_t i = 0; i < p->locks.n; i++)
        TRY(check_lock(w, p, &p->locks.v[i]));
    for (size_t i = 0; i < p->guards.n; i++)
        TRY(check_guard(w, p, &p->guards.v[i]));
    for (size_t i = 0; i < p->slots.n; i++)
        TRY(take_slot(w, p, &p->slots.v[i]));
    for (size_t i = 0; i < p->steps.n; i++)
        TRY(run_step(w, p, &p->steps.v[i]));
    return ST_OK;
}

static bool transaction_lost(DbWriter *w) { return sqlite3_get_autocommit(w->db.lite) != 0; }

/* In the open transaction, without a savepoint: nearly every plan succeeds, or fails on a lock or a
 * guard before it has written, and a savepoint keeps a copy of each page. False: the transaction
 * holds half a plan. */
static bool apply_plainly(DbWriter *w, Plan *p)
{
    plan_reset_result(p);
    return run_parts(w, p) == ST_OK || !p->wrote;
}

/* In a savepoint of the open transaction. Afterwards the transaction may be lost (ask). */
static void apply_saved(DbWriter *w, Plan *p)
{
    plan_reset_result(p);
    if (!simple(w, SQL_SAVE)) {
        (void)failed(w, p);
        return;
    }
    Status st = run_parts(w, p);
    if (transaction_lost(w))
        return;
    if (st != ST_OK && !simple(w, SQL_UNDO))
        (void)failed(w, p);
    if (!simple(w, SQL_RELEASE))
        (void)failed(w, p);
}

/* ---- transactions ------------------------------------------------------------------------ */
static void end_lost(DbWriter *w)
{
    if (!transaction_lost(w))
        simple(w, SQL_ROLLBACK);
}

/* Keeps the promise of ID_MARK inside the transaction that is about to commit. */
static bool store_mark(DbWriter *w, Id slack)
{
    Id last = idgen_last(w->pool->ids);
    if (last <= w->mark + slack)
        return true;
    char text[24];
    int n = snprintf(text, sizeof(text), "%lld", (long long)last);
    Str sql = str_of(SQL_SET_MARK);
    sqlite3_stmt *q = db_sqlite_cached(&w->db, sql, str_hash(sql));
    if (!q || sqlite3_bind_text(q, 1, text, n, SQLITE_STATIC) != SQLITE_OK)
        return false;
    bool ok = sqlite3_step(q) == SQLITE_DONE;
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
    if (ok)
        w->mark = last;
    return ok;
}

/* A mark whose transaction did not commit is only too low in the file: forget that it was set. */
static bool commit(DbWriter *w, Status *ret_why)
{
    Id before = w->mark;
    PlanResult r = {0};
    bool ok = store_mark(w, ID_MARK);
    if (ok && db_fault_hit(w->pool, DB_FAULT_COMMIT)) {
        simple(w, SQL_ROLLBACK);
        ok = false;
        *ret_why = ST_BUSY;
    } else {
        ok = ok && simple(w, SQL_COMMIT);
        *ret_why = ok ? ST_OK : db_sqlite_failure(&w->db, &r);
    }
    if (ok) {
        atomic_fetch_add(&w->pool->commits, 1);
        return true;
    }
    w->mark = before;
    end_lost(w);
    return false;
}

/* Second and last attempt of a plan whose batch was lost; also how DDL runs. */
static void apply_alone(DbWriter *w, Plan *p)
{
    plan_reset_result(p);
    if (!simple(w, SQL_BEGIN)) {
        (void)failed(w, p);
        return;
    }
    if (run_parts(w, p) != ST_OK) {
        end_lost(w);
        return;
    }
    Status why;
    if (!commit(w, &why))
        p->st = why == ST_FULL ? ST_FULL : ST_BUSY;
}

static void run_afters(const Plan *p)
{
    for (size_t i = 0; i < p->afters.n; i++)
        p->afters.v[i].fn(p->afters.v[i].arg);
}

/* What follows the commit: caches first, then the dispatcher, then the callers. */
static void answer_batch(DbWriter *w)
{
    bool wrote_outbox = false;
    for (size_t i = 0; i < w->n; i++) {
        const Plan *p = w->batch[i];
        if (p->st == ST_OK) {
            run_afters(p);
            wrote_outbox |= p->outbox;
        }
    }
    db_committed(w->pool, wrote_outbox);
    atomic_fetch_add(&w->pool->plans, (int64_t)w->n);
    for (size_t i = 0; i < w->n; i++) {
        Plan *p = w->batch[i];
        p->done(p->arg, p->st, &p->result); /* the plan may be gone now */
    }
    w->n = 0;
}

/* ---- batches ----------------------------------------------------------------------------- */
static Plan *take(DbWriter *w, bool first)
{
    pthread_mutex_lock(&w->lock);
    Plan *p = w->head;
    if (p && p->ddl && !first) /* alone in its transaction: ends this batch */
        p = NULL;
    if (p) {
        w->head = p->next;
        if (!w->head)
            w->tail = &w->head;
    }
    pthread_mutex_unlock(&w->lock);
    return p;
}

static void check_disk(DbWriter *w, int64_t now)
{
    struct statvfs disk;
    if (now - w->disk_checked_us < DISK_CHECK_US)
        return;
    w->disk_checked_us = now;
    if (statvfs(w->pool->dir, &disk) == 0 && disk.f_blocks)
        w->disk_full = disk.f_bavail * 100 < disk.f_blocks * (unsigned)w->disk_floor;
}

/* A plan has failed half-way: the transaction is begun again without it. What failed once is likely
 * to fail more often, so the next batches go by savepoints. */
static bool begin_again(DbWriter *w)
{
    w->careful = CAREFUL_BATCHES;
    if (!simple(w, SQL_ROLLBACK) || !simple(w, SQL_BEGIN))
        return false;
    for (size_t i = 0; i < w->n; i++) {
        if (w->batch[i]->st == ST_OK)
            apply_saved(w, w->batch[i]);
        if (transaction_lost(w))
            return false;
    }
    return true;
}

/* Fills the batch; false when the engine rolled it back. */
static bool fill_batch(DbWriter *w, Plan *p, int64_t began)
{
    for (;;) {
        bool whole = true;
        if (w->careful)
            apply_saved(w, p);
        else
            whole = apply_plainly(w, p) || transaction_lost(w) || begin_again(w);
        w->batch[w->n++] = p;
        if (!whole)
            return false;
        if (transaction_lost(w))
            return false;
        if (w->n == BATCH_PLANS || db_now_us() - began > BATCH_US)
            return true;
        p = take(w, false);
        if (!p)
            return true;
    }
}

static void run_batch(DbWriter *w, Plan *first, int64_t began)
{
    Status why;
    if (first->ddl) {
        apply_alone(w, first);
        w->batch[w->n++] = first;
    } else if (!simple(w, SQL_BEGIN)) {
        (void)failed(w, first);
        w->batch[w->n++] = first;
    } else if (!fill_batch(w, first, began) || !commit(w, &why)) {
        end_lost(w);
        atomic_fetch_add(&w->pool->retries, 1);
        for (size_t i = 0; i < w->n; i++)
            apply_alone(w, w->batch[i]);
    }
    if (w->careful)
        w->careful--;
    if ((int64_t)w->n > atomic_load(&w->pool->batch_max))
        atomic_store(&w->pool->batch_max, (int64_t)w->n);
    answer_batch(w);
}

/* ---- checkpoints ------------------------------------------------------------------------- */
static int on_wal(void *arg, sqlite3 *lite, const char *name, int pages)
{
    DbWriter *w = arg;
    (void)lite, (void)name;
    if (pages < w->wal_pages) { /* the log started again */
        w->checkpoint_at = CHECKPOINT_PAGES;
        w->restart_at = RESTART_PAGES;
    }
    w->wal_pages = pages;
    atomic_store(&w->pool->wal_bytes, (int64_t)pages * PAGE_BYTES);
    return SQLITE_OK;
}

/* The log must start again: readers that use it are waited for, and none begins meanwhile. */
static void restart_log(DbWriter *w)
{
    int wait = w->wal_pages >= HARD_PAGES ? HARD_WAIT_MS : RESTART_WAIT_MS;
    w->restart_at = w->wal_pages + RESTART_STEP;
    sqlite3_busy_timeout(w->db.lite, wait);
    db_sqlite_gate(w->pool, true);
    (void)sqlite3_wal_checkpoint_v2(w->db.lite, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    db_sqlite_gate(w->pool, false);
    sqlite3_busy_timeout(w->db.lite, DB_BUSY_MS);
}

/* Passive in small steps, so that no batch waits long: what readers still need stays in the log. */
static void checkpoint(DbWriter *w)
{
    if (w->wal_pages < w->checkpoint_at)
        return;
    w->checkpoint_at = w->wal_pages + CHECKPOINT_PAGES;
    (void)sqlite3_wal_checkpoint_v2(w->db.lite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (w->wal_pages >= w->restart_at)
        restart_log(w);
}

/* ---- copies ------------------------------------------------------------------------------
 * From another connection a copy would begin anew with each write; from this one the pages written
 * meanwhile are copied along. The target is nobody's yet, so it is synced once, at the end. */
static const char SQL_COPY[] = "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;"
                               "PRAGMA cache_size=-2048; PRAGMA mmap_size=0";

static bool copy_begin(DbWriter *w, WriterCopy *c)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(c->path, &c->to, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(c->to, SQL_COPY, NULL, NULL, NULL) != SQLITE_OK)
        return false;
    c->backup = sqlite3_backup_init(c->to, "main", w->db.lite, "main");
    return c->backup != NULL;
}

static void copy_end(DbWriter *w, WriterCopy *c, int rc)
{
    if (rc != SQLITE_DONE) {
        snprintf(c->why, sizeof(c->why), "%s", c->to ? sqlite3_errmsg(c->to) : "out of memory");
        c->st = (rc & 0xff) == SQLITE_FULL ? ST_FULL : ST_INTERNAL;
    }
    sqlite3_backup_finish(c->backup);
    sqlite3_close_v2(c->to);
    pthread_mutex_lock(&w->lock);
    w->copy = NULL;
    c->done = true;
    pthread_cond_signal(&c->ended);
    pthread_mutex_unlock(&w->lock);
}

static void copy_step(DbWriter *w, WriterCopy *c, bool stop)
{
    if (stop || atomic_load(&c->progress->stop)) {
        copy_end(w, c, SQLITE_ABORT);
        return;
    }
    if (!c->backup && !copy_begin(w, c)) {
        copy_end(w, c, c->to ? sqlite3_errcode(c->to) : SQLITE_NOMEM);
        return;
    }
    int rc = sqlite3_backup_step(c->backup, COPY_PAGES);
    int total = sqlite3_backup_pagecount(c->backup);
    atomic_store(&c->progress->total, (int64_t)total);
    atomic_store(&c->progress->done, (int64_t)total - sqlite3_backup_remaining(c->backup));
    if (rc != SQLITE_OK && rc != SQLITE_BUSY && rc != SQLITE_LOCKED)
        copy_end(w, c, rc);
}

Status db_sqlite_writer_copy(Ctx *cx, DbPool *p, const char *path, DbCopy *progress)
{
    DbWriter *w = p->writer;
    WriterCopy c = {.path = path, .progress = progress, .ended = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&w->lock);
    bool busy = w->copy || w->stop;
    if (!busy) {
        w->copy = &c;
        pthread_cond_signal(&w->queued);
    }
    while (!busy && !c.done)
        pthread_cond_wait(&c.ended, &w->lock);
    pthread_mutex_unlock(&w->lock);
    pthread_cond_destroy(&c.ended);
    if (busy)
        return FAIL(cx, ST_BUSY, "db.copy_busy", "the file is being copied already");
    if (c.st != ST_OK)
        return FAIL(cx, c.st, "db.copy_failed", "the file cannot be copied: %s", c.why);
    return ST_OK;
}

/* ---- thread ------------------------------------------------------------------------------ */
/* NULL without *ret_copy: the end; with it, there is nothing to write but something to copy. */
static Plan *wait_for_work(DbWriter *w, WriterCopy **ret_copy, bool *ret_stop)
{
    pthread_mutex_lock(&w->lock);
    while (!w->head && !w->stop && !w->copy)
        pthread_cond_wait(&w->queued, &w->lock);
    bool any = w->head != NULL;
    *ret_copy = w->copy;
    *ret_stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return any ? take(w, true) : NULL;
}

static int64_t thread_cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void *writer_main(void *arg)
{
    DbWriter *w = arg;
    WriterCopy *copy;
    bool stop;
    for (;;) {
        Plan *p = wait_for_work(w, &copy, &stop);
        if (!p && !copy)
            break;
        if (copy)
            copy_step(w, copy, stop);
        if (!p)
            continue;
        int64_t now = db_now_us();
        check_disk(w, now);
        if (w->disk_full) {
            plan_reset_result(p);
            p->st = ST_FULL;
            w->batch[w->n++] = p;
            answer_batch(w);
            continue;
        }
        run_batch(w, p, now);
        checkpoint(w);
        atomic_store(&w->pool->writer_us, thread_cpu_us());
    }
    return NULL;
}

void db_sqlite_writer_submit(DbPool *pool, Plan *plan)
{
    DbWriter *w = pool->writer;
    plan->next = NULL;
    pthread_mutex_lock(&w->lock);
    *w->tail = plan;
    w->tail = &plan->next;
    pthread_cond_signal(&w->queued);
    pthread_mutex_unlock(&w->lock);
}

void db_sqlite_writer_disk_floor(DbPool *p, int percent)
{
    p->writer->disk_floor = percent;
    p->writer->disk_checked_us = INT64_MIN / 2;
}

/* ---- life -------------------------------------------------------------------------------- */
static Status read_mark(Ctx *cx, DbWriter *w)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool found;
    TRY(db_sqlite_prepare(cx, &w->db, str_of(SQL_READ_MARK), &q));
    TRY(db_next(q, &found));
    if (found && !str_int(db_col_text(q, 0), &w->mark))
        return FAIL(cx, ST_INTERNAL, "db.bad_mark", "the stored id mark is not a number");
    return ST_OK;
}

static Status start(Ctx *cx, DbWriter *w)
{
    TRY(read_mark(cx, w));
    w->pool->ids = idgen_new(0, w->mark ? w->mark + ID_MARK : 0);
    sqlite3_wal_hook(w->db.lite, on_wal, w);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0)
        return FAIL(cx, ST_INTERNAL, "db.no_thread", "cannot start the writer thread");
    w->started = true;
    return ST_OK;
}

/* Their table may not be there yet. */
static void mend_statistics(sqlite3 *lite)
{
    int64_t before = sqlite3_total_changes64(lite);
    sqlite3_exec(lite, plan_sql_statistics, NULL, NULL, NULL);
    if (sqlite3_total_changes64(lite) != before)
        sqlite3_exec(lite, SQL_READ_STATISTICS, NULL, NULL, NULL);
}

Status db_sqlite_writer_open(Ctx *cx, DbPool *p, bool create)
{
    DbWriter *w = calloc(1, sizeof(*w));
    if (!w)
        abort();
    w->pool = p;
    w->db.pool = p;
    w->tail = &w->head;
    w->disk_floor = 5;
    w->disk_checked_us = INT64_MIN / 2;
    w->checkpoint_at = CHECKPOINT_PAGES;
    w->restart_at = RESTART_PAGES;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->queued, NULL);
    p->writer = w;
    db_sqlite_setup();
    TRY(db_sqlite_open(cx, &w->db, true, create));
    TRY(db_migrate(cx, &w->db, &p->created));
    mend_statistics(w->db.lite);
    return start(cx, w);
}

/* The exact mark spares the next start the slack; losing it costs nothing but that. */
static void close_file(DbWriter *w)
{
    Status why;
    if (w->started && idgen_last(w->pool->ids) > w->mark && simple(w, SQL_BEGIN)) {
        if (store_mark(w, 0))
            (void)commit(w, &why);
        else
            end_lost(w);
    }
    sqlite3_exec(w->db.lite, SQL_OPTIMIZE, NULL, NULL, NULL);
    mend_statistics(w->db.lite);
    db_sqlite_close(&w->db);
}

void db_sqlite_writer_close(DbPool *p)
{
    DbWriter *w = p->writer;
    if (!w)
        return;
    if (w->started) {
        pthread_mutex_lock(&w->lock);
        w->stop = true;
        pthread_cond_signal(&w->queued);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    if (w->db.lite)
        close_file(w);
    pthread_cond_destroy(&w->queued);
    pthread_mutex_destroy(&w->lock);
    free(w);
    p->writer = NULL;
}
