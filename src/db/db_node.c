/* SPDX-License-Identifier: Apache-2.0 */
/* The node number under which this process issues ids on PostgreSQL: a row of gx_node leased for
 * 30 s and renewed every 5 s on a connection of its own; issuing stops 20 s after the last renewal,
 * so two processes never issue under one number. Times are the server's. A holder that was away
 * too long and lost its row takes another number and goes on. */
#include "db/db_postgres.h"
#include "db/transfer.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
    RENEW_MS = 5000,
    AGAIN_MS = 1000,  /* after a failed renewal */
    ISSUE_MS = 20000, /* from the last renewal */
    NODES = 1024,
    ID_TIME_SHIFT = 22,
};

#define NOW_MS "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
static const char SQL_TAKE[] =
    "UPDATE {gx_node} SET holder = ?1, lease_until = " NOW_MS " + 30000 WHERE node = "
    "(SELECT node FROM {gx_node} WHERE lease_until < " NOW_MS " ORDER BY node LIMIT 1) "
    "RETURNING node, high_water";
static const char SQL_ADD[] =
    "INSERT INTO {gx_node} (node, holder, lease_until, high_water) "
    "SELECT coalesce(max(node), 0) + 1, ?1, " NOW_MS " + 30000, 0 FROM {gx_node} "
    "RETURNING node, high_water";
static const char SQL_RENEW[] =
    "UPDATE {gx_node} SET lease_until = " NOW_MS " + 30000, high_water = ?3 "
    "WHERE node = ?1 AND holder = ?2 RETURNING node";
static const char SQL_GIVE_BACK[] =
    "UPDATE {gx_node} SET lease_until = 0, high_water = ?3 WHERE node = ?1 AND holder = ?2";

struct DbNode {
    DbPool *pool;
    Db *db;
    int number;
    char holder[64];
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool stop; /* guarded by lock */
};

/* Ids issued until the next renewal stay below this. */
static Id high_water(const DbNode *n)
{
    Id last = idgen_last(n->pool->ids);
    Id ahead = ((db_wall_ms() - id_time_ms(0)) + ISSUE_MS) << ID_TIME_SHIFT;
    Id from_last = last + ((Id)ISSUE_MS << ID_TIME_SHIFT);
    return ahead > from_last ? ahead : from_last;
}

static Status take_row(Ctx *cx, const char *sql, DbNode *n, int64_t *ret_node, Id *ret_high,
                       bool *ret_found)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, sql, &q));
    TRY(db_bind_text(q, 1, str_of(n->holder)));
    TRY(db_next(q, ret_found));
    if (*ret_found) {
        *ret_node = db_col_int(q, 0);
        *ret_high = db_col_int(q, 1);
    }
    return ST_OK;
}

static Status take_locked(Ctx *cx, DbNode *n, Id *ret_high)
{
    int64_t number;
    bool found;
    TRY(take_row(cx, SQL_TAKE, n, &number, ret_high, &found));
    if (!found)
        TRY(take_row(cx, SQL_ADD, n, &number, ret_high, &found));
    if (!found || number < 1 || number >= NODES)
        return FAIL(cx, ST_BUSY, "db.no_node", "all %d id nodes are taken", NODES - 1);
    n->number = (int)number;
    return ST_OK;
}

/* Takes a number; under the lock of the schema, so that no two take the same. */
static Status take_number(Ctx *cx, DbNode *n, Id *ret_high)
{
    TRY(db_postgres_lock(cx, true));
    Status st = take_locked(cx, n, ret_high);
    Ctx quiet = *cx;
    Status unlocked = db_postgres_lock(st == ST_OK ? cx : &quiet, false);
    return st == ST_OK ? unlocked : st;
}

static Status renew(Ctx *cx, DbNode *n, bool *ret_kept)
{
    CLEANUP(stmt) Stmt *q = NULL;
    TRY(db_prepare(cx, SQL_RENEW, &q));
    TRY(db_bind_int(q, 1, n->number));
    TRY(db_bind_text(q, 2, str_of(n->holder)));
    TRY(db_bind_int(q, 3, high_water(n)));
    return db_next(q, ret_kept);
}

/* One round: keeps the number or takes another. */
static Status keep(Ctx *cx, DbNode *n)
{
    int64_t asked = db_now_us();
    bool kept;
    Id high = 0;
    TRY(renew(cx, n, &kept));
    if (!kept) {
        idgen_valid_until_us(n->pool->ids, 0);
        TRY(take_number(cx, n, &high));
        idgen_move(n->pool->ids, n->number, high);
        TRY(renew(cx, n, &kept));
        if (!kept)
            return FAIL(cx, ST_BUSY, "db.no_node", "all %d id nodes are taken", NODES - 1);
    }
    idgen_valid_until_us(n->pool->ids, asked + INT64_C(1000) * ISSUE_MS);
    return ST_OK;
}

static bool wait_or_stop(DbNode *n, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&n->lock);
    int rc = 0;
    while (!n->stop && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&n->stopped, &n->lock, &until);
    bool stop = n->stop;
    pthread_mutex_unlock(&n->lock);
    return stop;
}

static void *node_main(void *arg)
{
    DbNode *n = arg;
    Arena *arena = arena_new(4096);
    int wait = RENEW_MS;
    while (!wait_or_stop(n, wait)) {
        Ctx cx = {.arena = arena, .db = n->db, .lang = LANG_EN};
        n->db->patience_ms = 0;
        wait = keep(&cx, n) == ST_OK ? RENEW_MS : AGAIN_MS;
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

static DbNode *node_new(DbPool *p)
{
    DbNode *n = calloc(1, sizeof(*n));
    uint64_t random = 0;
    char host[32] = "";
    pthread_condattr_t attr;
    if (!n)
        abort();
    n->pool = p;
    n->db = db_lease(p);
    n->db->limit_ms = ISSUE_MS / 4;
    (void)!gethostname(host, sizeof(host) - 1);
    (void)!getrandom(&random, sizeof(random), 0);
    snprintf(n->holder, sizeof(n->holder), "%.20s:%ld:%016llx", host, (long)getpid(),
             (unsigned long long)random);
    pthread_mutex_init(&n->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&n->stopped, &attr);
    pthread_condattr_destroy(&attr);
    return n;
}

static Status start(Ctx *cx, DbNode *n)
{
    Id high = 0;
    TRY(take_number(cx, n, &high));
    n->pool->ids = idgen_new(n->number, high);
    TRY(keep(cx, n));
    if (pthread_create(&n->thread, NULL, node_main, n) != 0)
        return FAIL(cx, ST_INTERNAL, "db.no_thread", "cannot start the writer thread");
    n->started = true;
    return ST_OK;
}

Status db_node_lease(Ctx *cx, DbPool *p)
{
    Db *before = cx->db;
    p->max++; /* its connection is not one of the pool's */
    p->node = node_new(p);
    cx->db = p->node->db;
    Status st = start(cx, p->node);
    cx->db = before;
    return st;
}

static void give_back(DbNode *n)
{
    CLEANUP(arena) Arena *arena = arena_new(4096);
    Ctx cx = {.arena = arena, .db = n->db, .lang = LANG_EN};
    CLEANUP(stmt) Stmt *q = NULL;
    bool row;
    n->db->patience_ms = 0;
    if (db_prepare(&cx, SQL_GIVE_BACK, &q) != ST_OK)
        return; /* the lease runs out by itself */
    DbVal v[] = {db_int(n->number), db_text(str_of(n->holder)), db_int(idgen_last(n->pool->ids))};
    if (db_bind_all(q, v, COUNT_OF(v)) == ST_OK)
        (void)!db_next(q, &row);
}

void db_node_release(DbPool *p)
{
    DbNode *n = p->node;
    if (!n)
        return;
    if (n->started) {
        pthread_mutex_lock(&n->lock);
        n->stop = true;
        pthread_cond_signal(&n->stopped);
        pthread_mutex_unlock(&n->lock);
        pthread_join(n->thread, NULL);
        give_back(n);
    }
    db_postgres_close(n->db);
    free(n->db);
    pthread_cond_destroy(&n->stopped);
    pthread_mutex_destroy(&n->lock);
    free(n);
    p->node = NULL;
}

static const char SQL_ALIVE[] = "SELECT count(*) FROM {gx_node} WHERE lease_until > " NOW_MS;

Status db_nodes(Ctx *cx, int64_t *ret)
{
    bool found = false;
    *ret = 1;
    return db_kind_of(cx->db) == DB_SQLITE ? ST_OK
                                           : db_get_int(cx, SQL_ALIVE, NULL, 0, ret, &found);
}
