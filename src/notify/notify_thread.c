/* SPDX-License-Identifier: Apache-2.0 */
/* Two threads: one makes messages, one sends them to closed browsers and may wait for others. Both are woken
 * by commits and look at the clock every half minute; a turn that fails changes nothing and is tried again. */
#include "base/calendar.h"
#include "base/log.h"
#include "notify/notify_internal.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define IDLE_S 30
#define NAP_MS 200 /* so that what is written together is read together */

typedef struct Worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool woken, stopping;
    const char *failed; /* what the log calls it */
    Status (*turn)(Ctx *cx, struct Notifier *n, bool *ret_more);
    struct Notifier *notifier;
} Worker;

struct Notifier {
    PushSender push;
    Worker maker, pusher;
};

static void announce(const JobHost *host, const Messages *m)
{
    for (size_t i = 0; host->changed && i < m->all.n; i++) {
        bool again = false;
        for (size_t k = 0; k < i && !m->all.v[i].waits; k++)
            again = again || (m->all.v[k].user == m->all.v[i].user && !m->all.v[k].waits);
        if (!again && !m->all.v[i].waits)
            host->changed(host->arg, 0, m->all.v[i].user, "message");
    }
}

static Status turn_as_system(Ctx *cx, DbPool *pool, const JobHost *host, size_t *ret_n)
{
    Messages m = {0}, told = {0};
    ClockLook clock = {0};
    PlanResult result;
    Plan *plan = plan_new(cx);
    TRY(notify_events(cx, plan, &m, ret_n));
    if (*ret_n < NOTIFY_PAGE)
        TRY(notify_clock(cx, plan, &m, &clock));
    TRY(notify_keep(cx, &m));
    notify_add(pool, plan, &m);
    TRY(notify_digest(cx, pool, plan, &told));
    notify_clock_told(cx, plan, &clock);
    if (plan_is_empty(plan))
        return ST_OK;
    Status st = db_apply(pool, cx, plan, &result);
    if (st == ST_OK) {
        announce(host, &m);
        announce(host, &told);
    }
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
    *ret_more = st == ST_OK && n == NOTIFY_PAGE;
    return st;
}

static void wake(Worker *w)
{
    pthread_mutex_lock(&w->lock);
    w->woken = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

static Status make_turn(Ctx *cx, Notifier *n, bool *ret_more)
{
    Status st = notify_turn(cx, n->push.pool, n->push.host, ret_more);
    if (n->push.key)
        wake(&n->pusher);
    return st;
}

static Status send_turn(Ctx *cx, Notifier *n, bool *ret_more)
{
    return push_turn(cx, &n->push, ret_more);
}

/* ---- one thread */

static bool take_turn(Worker *w, Arena *arena)
{
    Ctx cx = {.arena = arena, .now_ms = clock_ms(), .cause = "api"};
    bool more = false;
    if (w->turn(&cx, w->notifier, &more) != ST_OK) {
        log_warn(&cx, w->failed, LOG_STR("why", cx.err.key ? cx.err.key : "-"),
                 LOG_STR("at", cx.err.file ? cx.err.file : "-"), LOG_INT("line", cx.err.line));
        more = false;
    }
    arena_reset(arena);
    return more;
}

static bool wait_for_work(Worker *w)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += IDLE_S;
    pthread_mutex_lock(&w->lock);
    while (!w->woken && !w->stopping)
        if (pthread_cond_timedwait(&w->wake, &w->lock, &until) == ETIMEDOUT)
            break;
    w->woken = false;
    bool stopping = w->stopping;
    pthread_mutex_unlock(&w->lock);
    return !stopping;
}

static void *run(void *arg)
{
    Worker *w = arg;
    Arena *arena = arena_new((size_t)64 * 1024);
    while (wait_for_work(w)) {
        nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
        while (take_turn(w, arena) && !__atomic_load_n(&w->stopping, __ATOMIC_ACQUIRE))
            ;
    }
    arena_free(arena);
    return NULL;
}

static bool worker_start(Worker *w, const char *name)
{
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->woken = true;
    if (pthread_create(&w->thread, NULL, run, w) != 0)
        return false;
    pthread_setname_np(w->thread, name);
    return true;
}

static void worker_stop(Worker *w)
{
    pthread_mutex_lock(&w->lock);
    __atomic_store_n(&w->stopping, true, __ATOMIC_RELEASE);
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
}

/* ---- both */

Status notify_start(Ctx *cx, const PushSender *push, Notifier **ret)
{
    Notifier *n = calloc(1, sizeof *n);
    if (!n)
        return FAIL(cx, ST_INTERNAL, "notify.memory", "out of memory");
    n->push = *push;
    n->maker = (Worker){.failed = "notify.failed", .turn = make_turn, .notifier = n};
    n->pusher = (Worker){.failed = "push.failed", .turn = send_turn, .notifier = n};
    /* The sender first: the maker wakes it. */
    bool sends = !push->key || worker_start(&n->pusher, "push");
    if (!sends || !worker_start(&n->maker, "messages")) {
        if (sends && push->key)
            worker_stop(&n->pusher);
        free(n);
        return FAIL(cx, ST_INTERNAL, "notify.thread", "cannot start the thread of messages");
    }
    *ret = n;
    return ST_OK;
}

void notify_wake(Notifier *n) { wake(&n->maker); }

void notify_stop(Notifier *n)
{
    worker_stop(&n->maker);
    if (n->push.key)
        worker_stop(&n->pusher);
    free(n);
}
