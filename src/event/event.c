/* SPDX-License-Identifier: Apache-2.0 */
/* The dispatcher: one thread per process. On SQLite rows are numbered when they are applied, so it
 * only reads on. On PostgreSQL the node that holds the lease numbers what has become visible (id
 * order is not commit order), then every node reads on by seq. */
#include "event/event.h"
#include "base/calendar.h"
#include "base/id.h"
#include "event/event_internal.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define PAGE 500
#define IDLE_MS 1000 /* PostgreSQL: commits of other nodes are noticed at least this often */

static const char SQL_READ[] =
    "SELECT seq, object, record, version, action, change FROM {gx_outbox} "
    "WHERE seq > ?1 ORDER BY seq LIMIT ?2";
static const char SQL_LAST[] =
    "SELECT seq FROM {gx_outbox} WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1";
static const char SQL_NEW[] =
    "SELECT count(*) FROM (SELECT 1 FROM {gx_outbox} WHERE seq IS NULL LIMIT ?1) n";
static const char SQL_STILL_LAST[] =
    "SELECT 1 WHERE ?1 = COALESCE((SELECT MAX(seq) FROM {gx_outbox}), 0)";
static const char SQL_NUMBER[] =
    "UPDATE {gx_outbox} AS o SET seq = n.seq FROM (SELECT id, ?1 + row_number() OVER (ORDER BY id) "
    "AS seq FROM {gx_outbox} WHERE seq IS NULL ORDER BY id LIMIT ?2) n WHERE o.id = n.id";

struct EventHub {
    DbPool *pool;
    void (*sink)(void *arg, const Event *e);
    void *arg;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool woken, stopping;
    int64_t last; /* delivered */
};

Status event_read(Ctx *cx, int64_t seq, size_t n, Event **ret, size_t *ret_n, bool *ret_gap)
{
    CLEANUP(stmt) Stmt *q = NULL;
    bool row = true;
    *ret = ARENA_ARRAY(cx->arena, Event, n ? n : 1);
    *ret_n = 0;
    if (ret_gap)
        TRY(event_is_gap(cx, seq, ret_gap));
    TRY(db_prepare(cx, SQL_READ, &q));
    TRY(db_bind_int(q, 1, seq));
    TRY(db_bind_int(q, 2, (int64_t)n));
    while (*ret_n < n) {
        TRY(db_next(q, &row));
        if (!row)
            break;
        (*ret)[(*ret_n)++] = (Event){
            .seq = db_col_int(q, 0),
            .object = str_copy(cx->arena, db_col_text(q, 1)),
            .record = db_col_id(q, 2),
            .version = db_col_int(q, 3),
            .action = str_copy(cx->arena, db_col_text(q, 4)),
            .change = db_col_id(q, 5),
        };
    }
    return ST_OK;
}

/* ---- numbering (PostgreSQL). Two nodes may try at once: the unique order is kept by the guard on
 * the highest number, so one of them prepares again. */
static Status read_new(Ctx *cx, int64_t *ret_n, int64_t *ret_last)
{
    bool found = false;
    const DbVal page = db_int(PAGE);
    TRY(db_get_int(cx, SQL_LAST, NULL, 0, ret_last, &found));
    return db_get_int(cx, SQL_NEW, &page, 1, ret_n, &found);
}

static Status number_new(EventHub *h, Ctx *cx, int64_t *ret_n)
{
    int64_t last = 0;
    PlanResult result;
    TRY(read_new(cx, ret_n, &last));
    if (!*ret_n)
        return ST_OK;
    Plan *plan = plan_new(cx);
    plan_lock(plan, STR("gx_epoch"), 1, 0); /* one numberer at a time */
    DbVal v = db_int(last);
    plan_guard(plan, STR_SQL(SQL_STILL_LAST), &v, 1);
    const DbVal set[] = {v, db_int(PAGE)};
    plan_exec(plan, STR_SQL(SQL_NUMBER), set, COUNT_OF(set));
    Status st = db_apply(h->pool, cx, plan, &result);
    if (st == ST_RETRY) {
        *ret_n = 0;
        return ST_OK;
    }
    return st;
}

/* ---- the thread */
static Status deliver_page(EventHub *h, Ctx *cx, size_t *ret_n)
{
    Event *events = NULL;
    TRY(event_read(cx, h->last, PAGE, &events, ret_n,
                   NULL)); /* it never falls behind what is kept */
    for (size_t i = 0; i < *ret_n; i++) {
        h->sink(h->arg, &events[i]);
        __atomic_store_n(&h->last, events[i].seq, __ATOMIC_RELEASE);
    }
    return ST_OK;
}

static size_t turn(EventHub *h, Arena *arena)
{
    Ctx cx = {.arena = arena, .now_ms = clock_ms(), .cause = "api"};
    int64_t numbered = 0;
    size_t delivered = 0;
    cx.db = db_lease(h->pool);
    Status st = db_kind(h->pool) == DB_POSTGRES ? number_new(h, &cx, &numbered) : ST_OK;
    if (st == ST_OK)
        st = deliver_page(h, &cx, &delivered);
    db_release(cx.db);
    arena_reset(arena);
    return st == ST_OK ? (size_t)numbered + delivered : 0;
}

static void wait_for_work(EventHub *h)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += IDLE_MS / 1000;
    pthread_mutex_lock(&h->lock);
    while (!h->woken && !h->stopping)
        if (pthread_cond_timedwait(&h->wake, &h->lock, &until) == ETIMEDOUT)
            break;
    h->woken = false;
    pthread_mutex_unlock(&h->lock);
}

static bool is_stopping(EventHub *h)
{
    pthread_mutex_lock(&h->lock);
    bool stopping = h->stopping;
    pthread_mutex_unlock(&h->lock);
    return stopping;
}

static void *run(void *arg)
{
    EventHub *h = arg;
    Arena *arena = arena_new((size_t)64 * 1024);
    while (!is_stopping(h))
        if (turn(h, arena) == 0)
            wait_for_work(h);
    arena_free(arena);
    return NULL;
}

static void wake(void *arg)
{
    EventHub *h = arg;
    pthread_mutex_lock(&h->lock);
    h->woken = true;
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
}

Status event_start(Ctx *cx, DbPool *pool, void (*sink)(void *arg, const Event *e), void *arg,
                   EventHub **ret)
{
    bool found = false;
    EventHub *h = calloc(1, sizeof *h);
    if (!h)
        return FAIL(cx, ST_INTERNAL, "event.memory", "out of memory");
    *h = (EventHub){.pool = pool, .sink = sink, .arg = arg};
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->wake, NULL);
    Status st = db_get_int(cx, SQL_LAST, NULL, 0, &h->last, &found);
    if (st == ST_OK && pthread_create(&h->thread, NULL, run, h) != 0)
        st = FAIL(cx, ST_INTERNAL, "event.thread", "cannot start the dispatcher");
    if (st != ST_OK) {
        free(h);
        return st;
    }
    db_on_commit(pool, wake, h);
    *ret = h;
    return ST_OK;
}

void event_stop(EventHub *h)
{
    db_on_commit(h->pool, NULL, NULL);
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->wake);
    free(h);
}

int64_t event_last(EventHub *h) { return __atomic_load_n(&h->last, __ATOMIC_ACQUIRE); }
