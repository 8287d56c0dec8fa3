/* SPDX-License-Identifier: Apache-2.0 */
/* GET /events: what is to be watched is read, a stream is opened and handed to the thread. */
#include "api/api_events_internal.h"
#include "api/api_routes.h"
#include "base/id.h"

#include <stdlib.h>

enum { WATCH_MAX = 200 };

static void stream_closed(void *arg)
{
    EventStream *st = arg;
    EventStreams *s = st->all;
    pthread_mutex_lock(&s->lock);
    st->gone = true;
    s->gone++;
    s->open--;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

static Status read_watch(Ctx *cx, Str text, EventWatch *ret)
{
    size_t slash = str_find_char(text, '/');
    const Object *o = meta_plural(cx->meta, str_sub(text, 0, slash));
    Id id = 0;
    if (!o || !cx->access->object(cx, o) ||
        (slash != SIZE_MAX && !id_parse(str_sub(text, slash + 1, SIZE_MAX), &id)))
        return api_bad_parameter(cx, "watch",
                                 FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "api.watch",
                                           "%.*s cannot be watched", STR_ARG(text)));
    api_events_name(ret->object, sizeof(ret->object), o->name);
    ret->id = id;
    return ST_OK;
}

static Status read_watches(Ctx *cx, Str list, EventWatch *ret, size_t *ret_n)
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

static EventStream *stream_new(Ctx *cx, Edge *e, const EventWatch *watch, size_t n)
{
    EventStreams *s = e->app->streams;
    EventStream *st = calloc(1, sizeof(*st) + n * sizeof(*watch));
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
        api_events_name(st->token, sizeof(st->token), req_cookie(e->rq, "gx_session"));
    st->n_watch = n;
    memcpy(st->watch, watch, n * sizeof(*watch));
    return st;
}

static Status get_events(Ctx *cx, Req *rq, Plan *plan)
{
    Edge *e = req_edge(rq);
    EventStreams *s = e->app->streams;
    EventWatch *watch = ARENA_ARRAY(cx->arena, EventWatch, WATCH_MAX);
    size_t n = 0;
    (void)plan;
    TRY(read_watches(cx, req_query(rq, "watch"), watch, &n));
    EventStream *st = stream_new(cx, e, watch, n);
    if (!st)
        return FAIL(cx, ST_BUSY, "api.no_memory", "No memory for another stream");
    api_leave_request(e);
    pthread_mutex_lock(&s->lock); /* stream_closed waits until sse is known */
    st->sse = req_stream(rq, stream_closed, st);
    if (!st->resumes)
        api_events_tell_position(st, ""); /* from where to resume */
    st->next = s->fresh;
    s->fresh = st;
    s->open++;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    return ST_OK;
}

const Route api_events_routes[] = {
    {"GET", "/api/v1/events", STREAM, get_events, "", "Live updates as server-sent events", 0, 0,
     "watch"},
    {0},
};
