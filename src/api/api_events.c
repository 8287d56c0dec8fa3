/* SPDX-License-Identifier: Apache-2.0 */
/* Live updates: GET /events. One thread takes events from the dispatcher and gives each stream those
 * that it watches and that its user may see (asked of the database once a user, with a connection of
 * its own). Events carry no values. What comes in bursts (imports) is told as one `reset`.
 *
 * A stream belongs to the thread; the handler only adds it, the HTTP server only marks it gone. */
#include "api/api_routes.h"
#include "base/calendar.h"
#include "base/id.h"
#include "notify/notify.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum {
    WATCH_MAX = 200,
    QUEUE_MAX = 20000, /* events; more are told as a reset */
    BURST = 200,       /* events of one turn for one stream: more become a reset */
    CATCH_UP = 1000,   /* missed events that a returning client is still told one by one */
    PAGE = 200,
    TICK_MS = 1000,
    NAP_MS = 250, /* after a burst, so that the next one gathers */
    SESSION_CHECK_MS = 5000,
    NAME = 41,
};

typedef struct Item { /* an event or a job's change, copied */
    struct Item *next;
    bool is_job;
    int64_t seq, version;
    Id id, user;
    char object[NAME], action[16];
} Item;

typedef struct Watch {
    char object[NAME];
    Id id; /* 0: every record */
} Watch;

typedef struct EventStreams EventStreams;

typedef struct Stream {
    struct Stream *next;
    EventStreams *all;
    SseStream *sse;
    Id user;
    int64_t epoch, catalogue, position, checked_ms;
    bool resumes; /* missed events are to be told first */
    bool reset;
    atomic_bool gone;
    size_t told;    /* in this turn */
    char token[64]; /* session cookie; "" for keys and the owner */
    size_t n_watch;
    Watch watch[];
} Stream;

struct EventStreams {
    App *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stopping, overflow;
    Stream *fresh;     /* opened, not yet seen by the thread */
    size_t open, gone; /* streams */
    Item *head, *tail;
    size_t queued;
    Stream *streams; /* the thread's own; those of one user stand together */
};

/* ---- from other threads */

static void enqueue(EventStreams *s, const Item *item)
{
    pthread_mutex_lock(&s->lock);
    if (s->open && s->queued >= QUEUE_MAX) {
        s->overflow = true;
    } else if (s->open) {
        Item *copy = malloc(sizeof(*copy));
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

static void copy_name(char *to, size_t size, Str from)
{
    size_t n = from.n < size - 1 ? from.n : size - 1;
    if (n)
        memcpy(to, from.p, n);
    to[n] = '\0';
}

void api_event_sink(void *arg, const Event *e)
{
    App *app = arg;
    Item item = {.seq = e->seq, .version = e->version, .id = e->record};
    copy_name(item.object, sizeof(item.object), e->object);
    copy_name(item.action, sizeof(item.action), e->action);
    query_titles_changed(app->titles, e->object);
    if (app->notifier)
        notify_wake(app->notifier);
    if (app->streams)
        enqueue(app->streams, &item);
}

void api_job_changed(void *arg, Id job, Id run_as, const char *status)
{
    App *app = arg;
    Item item = {.is_job = true, .id = job, .user = run_as, .object = "job"};
    copy_name(item.action, sizeof(item.action), str_of(status));
    if (!job)
        copy_name(item.object, sizeof(item.object), STR("message"));
    if (app->streams)
        enqueue(app->streams, &item);
    if (job && app->notifier)
        notify_wake(app->notifier);
}

static void stream_closed(void *arg)
{
    Stream *st = arg;
    EventStreams *s = st->all;
    pthread_mutex_lock(&s->lock);
    st->gone = true;
    s->gone++;
    s->open--;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

/* ---- telling */

static void tell(Stream *st, const Item *item)
{
    char frame[320];
    int n = 0;
    if (!item->is_job)
        n = snprintf(frame, sizeof(frame), "id: %lld\n", (long long)item->seq);
    n += snprintf(frame + n, sizeof(frame) - (size_t)n,
                  "event: %s\ndata: {\"object\":\"%s\",\"id\":\"%lld\",\"version\":%lld,"
                  "\"action\":\"%s\"}\n\n",
                  !item->is_job ? "record"
                  : item->id    ? "job"
                                : "message",
                  item->object, (long long)item->id, (long long)item->version, item->action);
    sse_send(st->sse, str_n(frame, (size_t)n));
}

static void tell_position(Stream *st, const char *event)
{
    char frame[96];
    int n = snprintf(frame, sizeof(frame), "id: %lld\n%s\n", (long long)st->position, event);
    sse_send(st->sse, str_n(frame, (size_t)n));
}

static bool watches(const Stream *st, const Item *item)
{
    for (size_t i = 0; i < st->n_watch; i++)
        if ((!st->watch[i].id || st->watch[i].id == item->id) &&
            !strcmp(st->watch[i].object, item->object))
            return true;
    return false;
}

/* A deleted record was visible if its last image is. */
static bool may_see(Ctx *cx, const Item *item)
{
    const Object *o = meta_object(cx->meta, str_of(item->object));
    bool visible = false;
    if (!o || !cx->access->object(cx, o))
        return false;
    if (cx->access->reads_all(cx, o))
        return true;
    Status st = strcmp(item->action, "delete") ? query_visible(cx, o, item->id, &visible)
                                               : record_is_gone(cx, o, item->id, &visible);
    error_clear(cx);
    return st == ST_OK && visible;
}

static void tell_event(Ctx *cx, Stream *first, const Stream *end, const Item *item)
{
    int seen = -1; /* asked at most once for all streams of the user */
    for (Stream *st = first; st != end; st = st->next) {
        if (st->gone || item->seq <= st->position)
            continue;
        st->position = item->seq;
        if (!watches(st, item) || st->reset)
            continue;
        if (seen < 0)
            seen = may_see(cx, item);
        if (!seen)
            continue;
        if (++st->told > BURST)
            st->reset = true;
        else
            tell(st, item);
    }
}

static void tell_job(Stream *first, const Stream *end, const Item *item)
{
    for (Stream *st = first; st != end; st = st->next)
        if (st->user == item->user && !st->gone)
            tell(st, item);
}

/* ---- the thread */

/* What a returning client missed: one by one if little, else a reset. */
static void catch_up(EventStreams *s, Ctx *cx, Stream *st)
{
    int64_t last = event_last(s->app->events);
    bool gap = st->position > last || last - st->position > CATCH_UP;
    Event *events = NULL;
    size_t n = PAGE;
    while (!gap && n == PAGE && event_read(cx, st->position, PAGE, &events, &n, &gap) == ST_OK &&
           !gap) {
        for (size_t i = 0; i < n; i++) {
            Item item = {
                .seq = events[i].seq, .version = events[i].version, .id = events[i].record};
            copy_name(item.object, sizeof(item.object), events[i].object);
            copy_name(item.action, sizeof(item.action), events[i].action);
            st->position = item.seq;
            if (watches(st, &item) && may_see(cx, &item))
                tell(st, &item);
        }
    }
    if (gap) {
        st->position = last;
        st->reset = true;
    }
}

static bool is_needed(const Stream *first, const Stream *end, const Item *items)
{
    bool needed = false;
    for (const Item *i = items; i; i = i->next)
        needed |= !i->is_job;
    for (const Stream *st = first; st != end; st = st->next)
        needed |= st->resumes;
    return needed;
}

/* Everything for the streams of one user, on one connection. */
static void serve_user(EventStreams *s, Arena *a, Stream *first, const Stream *end,
                       const Item *items)
{
    Ctx cx;
    bool needed = is_needed(first, end, items);
    bool entered = needed && api_enter(s->app, a, first->user, &cx) == ST_OK;
    for (Stream *st = first; st != end; st = st->next) {
        if (entered && st->resumes && !st->gone)
            catch_up(s, &cx, st);
        st->reset |= needed && !entered; /* no connection: let the client ask */
        st->resumes &= !entered;
    }
    for (const Item *i = items; i; i = i->next) {
        if (i->is_job)
            tell_job(first, end, i);
        else if (entered)
            tell_event(&cx, first, end, i);
    }
    if (entered)
        api_leave(s->app, &cx);
    arena_reset(a);
}

/* Streams end with the session that opened them. */
static bool is_signed_in(EventStreams *s, Arena *a, const Stream *st)
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

static void check_stream(EventStreams *s, Arena *a, Stream *st, int64_t catalogue, int64_t now)
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

static void serve(EventStreams *s, Arena *a, const Item *items, bool overflow)
{
    const Meta *m = meta_acquire(s->app->meta);
    int64_t catalogue = m->version, now = clock_ms();
    meta_release(m);
    for (Stream *first = s->streams, *end; first; first = end) {
        for (end = first; end && end->user == first->user; end = end->next)
            end->told = 0;
        serve_user(s, a, first, end, items);
    }
    for (Stream *st = s->streams; st; st = st->next) {
        if (st->gone)
            continue;
        if (overflow)
            st->position = event_last(s->app->events);
        if (overflow || st->reset)
            tell_position(st, "event: reset\ndata: {}\n");
        st->reset = false;
        check_stream(s, a, st, catalogue, now);
    }
}

/* ---- under the lock */

static void free_gone(EventStreams *s)
{
    for (Stream **at = &s->streams; *at;) {
        Stream *st = *at;
        if (!st->gone) {
            at = &st->next;
            continue;
        }
        *at = st->next;
        sse_release(st->sse);
        free(st);
    }
    s->gone = 0;
}

static void take_fresh(EventStreams *s)
{
    while (s->fresh) {
        Stream *st = s->fresh, **at = &s->streams;
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
static size_t take(EventStreams *s, Item **ret, bool *ret_overflow)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += TICK_MS / 1000;
    while (!has_work(s)) {
        if (!s->open)
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

static void free_items(Item *items)
{
    while (items) {
        Item *next = items->next;
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
        Item *items = NULL;
        bool overflow = false;
        size_t n = take(s, &items, &overflow);
        take_fresh(s);
        free_gone(s);
        pthread_mutex_unlock(&s->lock);
        serve(s, a, items, overflow);
        free_items(items);
        if (n > BURST)
            nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    arena_free(a);
    return NULL;
}

/* ---- the route */

static Status read_watch(Ctx *cx, Str text, Watch *ret)
{
    size_t slash = str_find_char(text, '/');
    const Object *o = meta_plural(cx->meta, str_sub(text, 0, slash));
    Id id = 0;
    if (!o || !cx->access->object(cx, o) ||
        (slash != SIZE_MAX && !id_parse(str_sub(text, slash + 1, SIZE_MAX), &id)))
        return api_bad_parameter(cx, "watch",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.watch",
                                           "%.*s cannot be watched", STR_ARG(text)));
    copy_name(ret->object, sizeof(ret->object), o->name);
    ret->id = id;
    return ST_OK;
}

static Status read_watches(Ctx *cx, Str list, Watch *ret, size_t *ret_n)
{
    Str item;
    *ret_n = 0;
    while (str_split(&list, ',', &item)) {
        if (*ret_n == WATCH_MAX)
            return api_bad_parameter(cx, "watch",
                                     FAIL_CODE(cx, ST_MALFORMED, "bad_parameter",
                                               "api.too_many_watched",
                                               "A stream watches at most %d things", WATCH_MAX));
        TRY(read_watch(cx, item, &ret[(*ret_n)++]));
    }
    return ST_OK;
}

static Stream *stream_new(Ctx *cx, Edge *e, const Watch *watch, size_t n)
{
    EventStreams *s = e->app->streams;
    Stream *st = calloc(1, sizeof(*st) + n * sizeof(*watch));
    if (!st)
        return NULL;
    st->all = s;
    st->user = cx->user->id;
    st->epoch = cx->security_epoch;
    st->catalogue = cx->meta->version;
    st->checked_ms = cx->now_ms;
    st->position = event_last(e->app->events);
    uint64_t last;
    if (str_uint(req_header(e->rq, "Last-Event-ID"), &last) && last <= INT64_MAX) {
        st->position = (int64_t)last;
        st->resumes = true;
    }
    if (e->by_cookie)
        copy_name(st->token, sizeof(st->token), req_cookie(e->rq, "gx_session"));
    st->n_watch = n;
    memcpy(st->watch, watch, n * sizeof(*watch));
    return st;
}

static Status get_events(Ctx *cx, Req *rq, Plan *plan)
{
    Edge *e = req_edge(rq);
    EventStreams *s = e->app->streams;
    Watch *watch = ARENA_ARRAY(cx->arena, Watch, WATCH_MAX);
    size_t n = 0;
    (void)plan;
    TRY(read_watches(cx, req_query(rq, "watch"), watch, &n));
    Stream *st = stream_new(cx, e, watch, n);
    if (!st)
        return FAIL(cx, ST_BUSY, "api.no_memory", "No memory for another stream");
    api_leave_request(e);
    pthread_mutex_lock(&s->lock); /* stream_closed waits until sse is known */
    st->sse = req_stream(rq, stream_closed, st);
    if (!st->resumes)
        tell_position(st, ""); /* from where to resume */
    st->next = s->fresh;
    s->fresh = st;
    s->open++;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    return ST_OK;
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
    free_items(s->head);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->wake);
    free(s);
    app->streams = NULL;
}

const Route api_events_routes[] = {
    {"GET", "/api/v1/events", STREAM, get_events, "", "Live updates as server-sent events", 0, 0,
     "watch"},
    {0},
};
