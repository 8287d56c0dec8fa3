/* SPDX-License-Identifier: Apache-2.0 */
/* Server-sent events. A stream is a queue of bytes between any thread and the connection's loop
 * thread: the library's reader takes from it and, when it is empty, suspends the connection; who adds
 * resumes it. The library does not look at a suspended connection, so the sweeper does: whose client has closed
 * its end is over. Two references: the connection's and the app's. A client that does not read fills the
 * queue and loses its stream (it comes back with Last-Event-ID). */
#include "http/server.h"

#include <stdlib.h>

enum { QUEUE_MAX = 256 * 1024, QUEUE_FIRST = 1024, READ_BLOCK = 1024 };

struct SseStream {
    pthread_mutex_t lock;
    Http *http;
    Slot *slot;
    struct MHD_Connection *conn;
    char *queue; /* bytes [from, n) are to be sent */
    size_t from, n, cap;
    bool suspended, ending, gone;
    int refs;
    int64_t sent_ms;
    void (*closed)(void *arg);
    void *arg;
    SseStream *next, **link; /* in Http.streams, under streams_lock */
};

static void drop_ref(SseStream *s)
{
    pthread_mutex_lock(&s->lock);
    bool last = --s->refs == 0;
    pthread_mutex_unlock(&s->lock);
    if (!last)
        return;
    pthread_mutex_destroy(&s->lock);
    free(s->queue);
    free(s);
}

static void join_list(Http *h, SseStream *s)
{
    pthread_mutex_lock(&h->streams_lock);
    s->next = h->streams;
    s->link = &h->streams;
    if (s->next)
        s->next->link = &s->next;
    h->streams = s;
    pthread_mutex_unlock(&h->streams_lock);
    atomic_fetch_add(&h->stream_count, 1);
}

static void leave_list(Http *h, SseStream *s)
{
    pthread_mutex_lock(&h->streams_lock);
    *s->link = s->next;
    if (s->next)
        s->next->link = s->link;
    pthread_mutex_unlock(&h->streams_lock);
}

/* ---- under the stream's lock */

static void wake(SseStream *s)
{
    if (!s->suspended)
        return;
    s->suspended = false;
    MHD_resume_connection(s->conn);
}

static bool make_room(SseStream *s, size_t more)
{
    if (s->from > 0) {
        memmove(s->queue, s->queue + s->from, s->n - s->from);
        s->n -= s->from;
        s->from = 0;
    }
    if (s->n + more > QUEUE_MAX)
        return false;
    size_t cap = s->cap ? s->cap : QUEUE_FIRST;
    while (cap < s->n + more)
        cap *= 2;
    if (cap == s->cap)
        return true;
    char *grown = realloc(s->queue, cap);
    if (!grown)
        return false;
    s->queue = grown;
    s->cap = cap;
    return true;
}

static bool append(SseStream *s, Str frame)
{
    if (s->gone || s->ending)
        return false;
    if (s->n + frame.n > s->cap && !make_room(s, frame.n)) {
        s->ending = true; /* too slow: the socket is shut, the reader then ends the stream */
        slot_shut(s->slot);
        wake(s);
        return false;
    }
    memcpy(s->queue + s->n, frame.p, frame.n);
    s->n += frame.n;
    s->sent_ms = slot_now_ms();
    wake(s);
    return true;
}

static ssize_t read_queue(void *arg, uint64_t at, char *out, size_t max)
{
    SseStream *s = arg;
    ssize_t given = 0;
    (void)at;
    pthread_mutex_lock(&s->lock);
    if (s->from < s->n) {
        size_t n = s->n - s->from < max ? s->n - s->from : max;
        memcpy(out, s->queue + s->from, n);
        s->from += n;
        given = (ssize_t)n;
        if (s->from == s->n)
            s->from = s->n = 0;
    } else if (s->ending) {
        given = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        s->suspended = true;
        MHD_suspend_connection(s->conn);
    }
    pthread_mutex_unlock(&s->lock);
    return given;
}

/* ---- the app's side */

SseStream *sse_open(Req *rq, void (*closed)(void *arg), void *arg)
{
    SseStream *s = calloc(1, sizeof(*s));
    if (!s)
        abort(); /* as arena.h does: memory is bounded at the door */
    pthread_mutex_init(&s->lock, NULL);
    s->http = rq->http;
    s->slot = rq->slot;
    s->conn = rq->conn;
    s->refs = 2;
    s->closed = closed;
    s->arg = arg;
    append(s, STR(": \n\n")); /* so the headers go out at once */
    join_list(rq->http, s);
    return s;
}

bool sse_send(SseStream *s, Str frame)
{
    pthread_mutex_lock(&s->lock);
    bool added = append(s, frame);
    pthread_mutex_unlock(&s->lock);
    return added;
}

void sse_close(SseStream *s)
{
    pthread_mutex_lock(&s->lock);
    s->ending = true;
    wake(s);
    pthread_mutex_unlock(&s->lock);
}

void sse_release(SseStream *s) { drop_ref(s); }

/* ---- the server's side */

struct MHD_Response *sse_response(SseStream *s)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, READ_BLOCK, read_queue, s, NULL);
}

void sse_gone(SseStream *s)
{
    leave_list(s->http, s);
    pthread_mutex_lock(&s->lock);
    s->gone = true;
    s->suspended = false;
    pthread_mutex_unlock(&s->lock);
    if (s->closed)
        s->closed(s->arg);
    atomic_fetch_sub(&s->http->stream_count, 1);
    drop_ref(s);
}

void sse_beat(Http *h)
{
    int64_t silent_since = slot_now_ms() - h->limits.heartbeat_ms;
    pthread_mutex_lock(&h->streams_lock);
    for (SseStream *s = h->streams; s; s = s->next) {
        pthread_mutex_lock(&s->lock);
        if (s->sent_ms <= silent_since)
            append(s, STR(": \n\n"));
        if (s->suspended && slot_peer_left(s->slot)) {
            s->ending = true; /* a suspended connection is not looked at by the library */
            wake(s);
        }
        pthread_mutex_unlock(&s->lock);
    }
    pthread_mutex_unlock(&h->streams_lock);
}

void sse_end_all(Http *h)
{
    pthread_mutex_lock(&h->streams_lock);
    for (SseStream *s = h->streams; s; s = s->next)
        sse_close(s);
    pthread_mutex_unlock(&h->streams_lock);
}
