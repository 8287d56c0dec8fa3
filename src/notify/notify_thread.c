/* SPDX-License-Identifier: Apache-2.0 */
/* The thread. It is woken by commits and looks at the clock every half minute; a turn that fails changes
 * nothing and is tried again. */
#include "base/calendar.h"
#include "base/log.h"
#include "notify/notify_internal.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define IDLE_S 30
#define NAP_MS 200 /* so that what is written together is read together */
#define FULL 200   /* events of a page: there may be more */

struct Notifier {
    DbPool *pool;
    JobHost host;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool woken, stopping;
};

static void announce(const JobHost *host, const Messages *m)
{
    for (size_t i = 0; host->changed && i < m->all.n; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || m->all.v[k].user == m->all.v[i].user;
        if (!again)
            host->changed(host->arg, 0, m->all.v[i].user, "message");
    }
}

static Status turn_as_system(Ctx *cx, DbPool *pool, const JobHost *host, size_t *ret_n)
{
    Messages m = {0};
    PlanResult result;
    Plan *plan = plan_new(cx);
    TRY(notify_events(cx, plan, &m, ret_n));
    if (*ret_n < FULL)
        TRY(notify_clock(cx, plan, &m));
    TRY(notify_keep(cx, &m));
    notify_add(pool, plan, &m);
    if (plan_is_empty(plan))
        return ST_OK;
    Status st = db_apply(pool, cx, plan, &result);
    if (st == ST_OK)
        announce(host, &m);
    if (st != ST_RETRY && st != ST_CONFLICT)
        return st;
    error_clear(cx); /* another node was first */
    return ST_OK;
}

Status notify_turn(Ctx *cx, DbPool *pool, const JobHost *host, bool *ret_more)
{
    size_t n = 0;
    *ret_more = false;
    TRY(host->enter(host->arg, cx, USER_SYSTEM));
    Status st = turn_as_system(cx, pool, host, &n);
    host->leave(host->arg, cx);
    *ret_more = st == ST_OK && n == FULL;
    return st;
}

static bool take_turn(Notifier *n, Arena *arena)
{
    Ctx cx = {.arena = arena, .now_ms = clock_ms(), .cause = "api"};
    bool more = false;
    if (notify_turn(&cx, n->pool, &n->host, &more) != ST_OK)
        log_warn(&cx, "notify.failed", LOG_STR("why", cx.err.key ? cx.err.key : "-"),
                 LOG_STR("at", cx.err.file ? cx.err.file : "-"), LOG_INT("line", cx.err.line));
    arena_reset(arena);
    return more;
}

static bool wait_for_work(Notifier *n)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += IDLE_S;
    pthread_mutex_lock(&n->lock);
    while (!n->woken && !n->stopping)
        if (pthread_cond_timedwait(&n->wake, &n->lock, &until) == ETIMEDOUT)
            break;
    n->woken = false;
    bool stopping = n->stopping;
    pthread_mutex_unlock(&n->lock);
    return !stopping;
}

static void *run(void *arg)
{
    Notifier *n = arg;
    Arena *arena = arena_new((size_t)64 * 1024);
    while (wait_for_work(n)) {
        nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
        while (take_turn(n, arena) && !__atomic_load_n(&n->stopping, __ATOMIC_ACQUIRE))
            ;
    }
    arena_free(arena);
    return NULL;
}

Status notify_start(Ctx *cx, DbPool *pool, const JobHost *host, Notifier **ret)
{
    Notifier *n = calloc(1, sizeof *n);
    if (!n)
        return FAIL(cx, ST_INTERNAL, "notify.memory", "out of memory");
    *n = (Notifier){.pool = pool, .host = *host, .woken = true};
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->wake, NULL);
    if (pthread_create(&n->thread, NULL, run, n) != 0) {
        free(n);
        return FAIL(cx, ST_INTERNAL, "notify.thread", "cannot start the thread of messages");
    }
    pthread_setname_np(n->thread, "messages");
    *ret = n;
    return ST_OK;
}

void notify_wake(Notifier *n)
{
    pthread_mutex_lock(&n->lock);
    n->woken = true;
    pthread_cond_signal(&n->wake);
    pthread_mutex_unlock(&n->lock);
}

void notify_stop(Notifier *n)
{
    pthread_mutex_lock(&n->lock);
    __atomic_store_n(&n->stopping, true, __ATOMIC_RELEASE);
    pthread_cond_signal(&n->wake);
    pthread_mutex_unlock(&n->lock);
    pthread_join(n->thread, NULL);
    pthread_mutex_destroy(&n->lock);
    pthread_cond_destroy(&n->wake);
    free(n);
}
