/* SPDX-License-Identifier: Apache-2.0 */
/* Live updates: what a stream watches and its user may see, asked of the database at most once a user and event. */
#include "api/api_events_internal.h"

enum {
    BURST = 200,     /* events of one turn for one stream: more become a reset */
    CATCH_UP = 1000, /* missed events that a returning client is still told one by one */
};

static void tell(EventStream *st, const EventItem *item)
{
    char frame[320];
    int n = 0;
    if (!item->is_job && !item->is_presence)
        n = snprintf(frame, sizeof(frame), "id: %lld\n", (long long)item->seq);
    n += snprintf(frame + n, sizeof(frame) - (size_t)n,
                  "event: %s\ndata: {\"object\":\"%s\",\"id\":\"%lld\",\"version\":%lld,"
                  "\"action\":\"%s\"}\n\n",
                  item->is_presence ? "presence"
                  : !item->is_job   ? "record"
                  : item->id        ? "job"
                                    : "message",
                  item->object, (long long)item->id, (long long)item->version, item->action);
    sse_send(st->sse, str_n(frame, (size_t)n));
}

void api_events_tell_position(EventStream *st, const char *event)
{
    char frame[96];
    int n = snprintf(frame, sizeof(frame), "id: %lld\n%s\n", (long long)st->position, event);
    sse_send(st->sse, str_n(frame, (size_t)n));
}

static bool watches(const EventStream *st, const EventItem *item)
{
    for (size_t i = 0; i < st->n_watch; i++)
        if ((!st->watch[i].id || st->watch[i].id == item->id) &&
            !strcmp(st->watch[i].object, item->object))
            return true;
    return false;
}

/* A deleted record was visible if its last image is. */
static bool may_see(Ctx *cx, const EventItem *item)
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

static void tell_event(Ctx *cx, EventStream *first, const EventStream *end, const EventItem *item)
{
    int seen = -1; /* asked at most once for all streams of the user */
    for (EventStream *st = first; st != end; st = st->next) {
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

/* To those who have that very record open. */
static void tell_presence(Ctx *cx, EventStream *first, const EventStream *end,
                          const EventItem *item)
{
    int seen = -1;
    for (EventStream *st = first; st != end; st = st->next) {
        bool wanted = false;
        for (size_t i = 0; i < st->n_watch && !wanted; i++)
            wanted = st->watch[i].id == item->id && !strcmp(st->watch[i].object, item->object);
        if (!wanted || st->gone)
            continue;
        if (seen < 0)
            seen = may_see(cx, item);
        if (seen)
            tell(st, item);
    }
}

static void tell_job(EventStream *first, const EventStream *end, const EventItem *item)
{
    for (EventStream *st = first; st != end; st = st->next)
        if (st->user == item->user && !st->gone)
            tell(st, item);
}

/* What a returning client missed: one by one if little, else a reset. */
static void catch_up(EventStreams *s, Ctx *cx, EventStream *st)
{
    int64_t last = event_last(s->app->events);
    bool gap = st->position > last || last - st->position > CATCH_UP;
    Event *events = NULL;
    size_t n = EVENTS_PAGE;
    while (!gap && n == EVENTS_PAGE &&
           event_read(cx, st->position, EVENTS_PAGE, &events, &n, &gap) == ST_OK && !gap) {
        for (size_t i = 0; i < n; i++) {
            EventItem item = {
                .seq = events[i].seq, .version = events[i].version, .id = events[i].record};
            api_events_name(item.object, sizeof(item.object), events[i].object);
            api_events_name(item.action, sizeof(item.action), events[i].action);
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

static bool is_needed(const EventStream *first, const EventStream *end, const EventItem *items)
{
    bool needed = false;
    for (const EventItem *i = items; i; i = i->next)
        needed |= !i->is_job;
    for (const EventStream *st = first; st != end; st = st->next)
        needed |= st->resumes;
    return needed;
}

/* Everything for the streams of one user, on one connection. */
void api_events_tell(EventStreams *s, Arena *a, EventStream *first, const EventStream *end,
                     const EventItem *items)
{
    Ctx cx;
    bool needed = is_needed(first, end, items);
    bool entered = needed && api_enter(s->app, a, first->user, &cx) == ST_OK;
    for (EventStream *st = first; st != end; st = st->next) {
        if (entered && st->resumes && !st->gone)
            catch_up(s, &cx, st);
        st->reset |= needed && !entered; /* no connection: let the client ask */
        st->resumes &= !entered;
    }
    for (const EventItem *i = items; i; i = i->next) {
        if (i->is_job)
            tell_job(first, end, i);
        else if (i->is_presence && entered)
            tell_presence(&cx, first, end, i);
        else if (entered)
            tell_event(&cx, first, end, i);
    }
    if (entered)
        api_leave(s->app, &cx);
    arena_reset(a);
}
