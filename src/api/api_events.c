/* SPDX-License-Identifier: Apache-2.0 */
/* Live updates: GET /events. One thread takes events from the dispatcher and gives each stream those
 * that it watches and that its user may see (api_events_tell.c: asked of the database once a user, with a
 * connection of its own). Events carry no values. What comes in bursts (imports) is told as one `reset`.
 *
 * A stream belongs to the thread; the handler (api_events_open.c) only adds it, the HTTP server only marks it gone. */
#include "api/api_events_internal.h"
#include "api/api_routes.h"
#include "base/calendar.h"
#include "notify/notify.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum {
    QUEUE_MAX = 20000, /* events; more are told as a reset */
    BURST = 200,       /* events of one turn: after more, a nap */
    NAP_MS = 250,      /* so that the next one gathers */
    SESSION_CHECK_MS = 5000,
};

/* ---- from other threads */

void api_events_enqueue(EventStreams *s, const EventItem *item)
{
    pthread_mutex_lock(&s->lock);
    if (s->open && s->queued >= QUEUE_MAX) {
        s->overflow = true;
    } else if (s->open) {
        EventItem *copy = malloc(sizeof(*copy));
        if (copy) {
            *copy = *item;
            copy->next = NULL;
            if (s->tail)
                s->tail->next = copy;
            else
                s->head = copy;
            s->tail = copy;
            s->queued++;
        }
        s->overflow |= !copy;
    }
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

void api_events_name(char *to, size_t size, Str from)
{
    size_t n = from.n < size - 1 ? from.n : size - 1;
    if (n)
        memcpy(to, from.p, n);
    to[n] = '\0';
}

void api_event_sink(void *arg, const Event *e)
{
    App *app = arg;
    EventItem item = {.seq = e->seq, .version = e->version, .id = e->record};
    api_events_name(item.object, sizeof(item.object), e->object);
    api_events_name(item.action, sizeof(item.action), e->action);
    query_titles_changed(app->titles, e->object);
    if (app->notifier)
        notify_wake(app->notifier);
    if (app->streams)
        api_events_enqueue(app->streams, &item);
}

void api_job_changed(void *arg, Id job, Id run_as, const char *status)
{
    App *app = arg;
    EventItem item = {.is_job = true, .id = job, .user = run_as, .object = "job"};
    api_events_name(item.action, sizeof(item.action), str_of(status));
    if (!job)
        api_events_name(item.object, sizeof(item.object), STR("message"));
    if (app->streams)
        api_events_enqueue(app->streams, &item);
    if (job && app->notifier)
        notify_wake(app->notifier);
}

/* ---- the thread */

/* Streams end with the session that opened them. */
static bool is_signed_in(EventStreams *s, Arena *a, const EventStream *st)
{
    Session session;
    Ctx cx;
    if (!st->token[0])
        return true;
    if (api_enter(s->app, a, 0, &cx) != ST_OK)
        return true; /* the database is busy: look again later */
    Status found = access_session(&cx, s->app->access, str_of(st->token), &session);
    api_leave(s->app, &cx);
    arena_reset(a);
    return found != ST_UNAUTHENTICATED;
}

static void check_stream(EventStreams *s, Arena *a, EventStream *st, int64_t catalogue, int64_t now)
{
    if (st->catalogue != catalogue) {
        char frame[160];
        int n =
            snprintf(frame, sizeof(frame),
                     "event: notice\ndata: {\"object\":\"meta\",\"id\":\"%lld\",\"version\":%lld,"
                     "\"action\":\"update\"}\n\n",
                     (long long)catalogue, (long long)catalogue);
        st->catalogue = catalogue;
        sse_send(st->sse, str_n(frame, (size_t)n));
    }
    bool due = now - st->checked_ms >= SESSION_CHECK_MS;
    if (due)
        st->checked_ms = now;
    if (st->epoch != access_epoch(s->app->access) || (due && !is_signed_in(s, a, st)))
        sse_close(st->sse); /* the client comes back and is looked at afresh */
}

static void serve(EventStreams *s, Arena *a, const EventItem *items, bool overflow)
{
    const Meta *m = meta_acquire(s->app->meta);
    int64_t catalogue = m->version, now = clock_ms();
    meta_release(m);
    for (EventStream *first = s->streams, *end; first; first = end) {
        for (end = first; end && end->user == first->user; end = end->next)
            end->told = 0;
        api_events_tell(s, a, first, end, items);
    }
    for (EventStream *st = s->streams; st; st = st->next) {
        if (st->gone)
            continue;
        if (overflow)
            st->position = event_last(s->app->events);
        if (overflow || st->reset)
            api_events_tell_position(st, "event: reset\ndata: {}\n");
        st->reset = false;
        check_stream(s, a, st, catalogue, now);
    }
}

/* ---- under the lock */

static void free_gone(EventStreams *s)
{
    for (EventStream **at = &s->streams; *at;) {
        EventStream *st = *at;
        if (!st->gone) {
            at = &st->next;
            continue;
        }
        *at = st->next;
        api_events_note_left(s, st);
        sse_release(st->sse);
        free(st);
    }
    s->gone = 0;
}

static void take_fresh(EventStreams *s)
{
    while (s->fresh) {
        EventStream *st = s->fresh, **at = &s->streams;
        s->fresh = st->next;
        while (*at && (*at)->user != st->user)
            at = &(*at)->next;
        st->next = *at;
        *at = st;
    }
}

static bool has_work(const EventStreams *s)
{
    return s->head || s->overflow || s->stopping || s->fresh || s->gone;
}

/* Takes what is queued; sleeps until something is or a tick has passed. */
static size_t take(EventStreams *s, EventItem **ret, bool *ret_overflow)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += EVENTS_TICK_MS / 1000;
    while (!has_work(s)) {
        if (!s->open && !s->left)
            pthread_cond_wait(&s->wake, &s->lock);
        else if (pthread_cond_timedwait(&s->wake, &s->lock, &until) == ETIMEDOUT)
            break;
    }
    size_t n = s->queued;
    *ret = s->head;
    *ret_overflow = s->overflow;
    s->head = s->tail = NULL;
    s->queued = 0;
    s->overflow = false;
    return n;
}

static void free_items(EventItem *items)
{
    while (items) {
        EventItem *next = items->next;
        free(items);
        items = next;
    }
}

static void *run(void *arg)
{
    EventStreams *s = arg;
    Arena *a = arena_new((size_t)16 * 1024);
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        EventItem *items = NULL;
        bool overflow = false;
        size_t n = take(s, &items, &overflow);
        take_fresh(s);
        free_gone(s);
        pthread_mutex_unlock(&s->lock);
        serve(s, a, items, overflow);
        api_events_look(s, a);
        api_events_leave(s, a);
        free_items(items);
        if (n > BURST)
            nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    arena_free(a);
    return NULL;
}

/* ---- life */

Status api_start(Ctx *cx, App *app)
{
    EventStreams *s = calloc(1, sizeof(*s));
    pthread_condattr_t monotonic;
    if (!s)
        return FAIL(cx, ST_INTERNAL, "api.no_memory", "No memory for another stream");
    s->app = app;
    app->streams = s;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_lock(&s->lock); /* the thread reads the flags beside this one */
    s->started = pthread_create(&s->thread, NULL, run, s) == 0;
    pthread_mutex_unlock(&s->lock);
    if (!s->started)
        return FAIL(cx, ST_INTERNAL, "api.no_thread", "A thread cannot be started");
    pthread_setname_np(s->thread, "streams");
    return ST_OK;
}

void api_stop(App *app)
{
    EventStreams *s = app->streams;
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    if (s->started)
        pthread_join(s->thread, NULL);
    take_fresh(s);
    free_gone(s); /* all of them: the HTTP server has stopped before */
    api_events_free_left(s);
    free_items(s->head);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->wake);
    free(s);
    app->streams = NULL;
}
