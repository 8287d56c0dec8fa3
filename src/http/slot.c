/* SPDX-License-Identifier: Apache-2.0 */
/* Slots and the sweeper. A connection holds one slot from its accept to just before its close, so
 * under the slot's lock the descriptor is the connection's own. Each phase has a deadline; once a
 * sweep the sweeper shuts down the sockets that passed theirs (the library then sees the end and
 * cleans up), or has the app interrupt a request that works too long.
 *
 * An idle connection that begins to send gets the header deadline: the sweeper sees it by TCP's own
 * count of received bytes, because the library tells us of a request only at the end of its first line. */
#include "http/server.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

int64_t slot_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

Status slot_table_new(Ctx *cx, Http *h, size_t n)
{
    h->slots = calloc(n, sizeof(*h->slots));
    if (!h->slots)
        return FAIL(cx, ST_INTERNAL, "http.no_memory", "no memory for the HTTP server");
    h->slot_count = n;
    for (size_t i = n; i-- > 0;) {
        pthread_mutex_init(&h->slots[i].lock, NULL);
        h->slots[i].next_free = h->free_slots;
        h->free_slots = &h->slots[i];
    }
    return ST_OK;
}

void slot_table_free(Http *h)
{
    for (size_t i = 0; i < h->slot_count; i++)
        pthread_mutex_destroy(&h->slots[i].lock);
    free(h->slots);
    h->slots = NULL;
    h->slot_count = 0;
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t work_ms(const Http *h, const Req *rq)
{
    const Route *route = rq ? rq->match.route : NULL;
    if (route && route->mode == LONG)
        return h->limits.long_ms;
    return route && route->mode == WRITE ? h->limits.write_ms : h->limits.read_ms;
}

static uint64_t answer_bytes(const Req *rq)
{
    if (!rq)
        return 0;
    return rq->fd >= 0 ? rq->fd_size : rq->sent.n ? rq->sent.n : rq->out.n;
}

static int64_t phase_deadline(const Http *h, const Slot *s, SlotPhase phase, const Req *rq)
{
    switch (phase) {
    case SLOT_IDLE: return s->since_ms + h->limits.idle_ms;
    case SLOT_HEAD: return earlier(s->deadline_ms, s->since_ms + h->limits.header_ms);
    case SLOT_BODY: return s->since_ms + h->limits.grace_ms;
    case SLOT_WORK: return s->since_ms + work_ms(h, rq);
    case SLOT_SEND:
        return s->since_ms + h->limits.grace_ms +
               (int64_t)(answer_bytes(rq) * 1000 / (uint64_t)h->limits.min_rate);
    case SLOT_FREE:
    case SLOT_STREAM: break;
    }
    return INT64_MAX;
}

void slot_phase(Http *h, Slot *s, SlotPhase phase, Req *rq)
{
    pthread_mutex_lock(&s->lock);
    s->phase = phase;
    s->rq = rq;
    s->since_ms = slot_now_ms();
    s->deadline_ms = phase_deadline(h, s, phase, rq);
    s->body_bytes = 0;
    s->idle_seen = false;
    pthread_mutex_unlock(&s->lock);
}

void slot_body(Http *h, Slot *s, size_t bytes)
{
    pthread_mutex_lock(&s->lock);
    s->body_bytes += bytes;
    s->deadline_ms = s->since_ms + h->limits.grace_ms +
                     (int64_t)(s->body_bytes * 1000 / (uint64_t)h->limits.min_rate);
    pthread_mutex_unlock(&s->lock);
}

Slot *slot_open(Http *h, int fd)
{
    pthread_mutex_lock(&h->slots_lock);
    Slot *s = h->free_slots;
    if (s)
        h->free_slots = s->next_free;
    pthread_mutex_unlock(&h->slots_lock);
    if (!s)
        return NULL;
    pthread_mutex_lock(&s->lock);
    s->phase = SLOT_IDLE;
    s->fd = fd;
    s->rq = NULL;
    s->since_ms = slot_now_ms();
    s->deadline_ms = s->since_ms + h->limits.header_ms; /* a new connection has come to speak */
    s->idle_seen = false;
    s->peer[0] = '\0';
    s->trusted = s->local_owner = false;
    pthread_mutex_unlock(&s->lock);
    return s;
}

void slot_close(Http *h, Slot *s)
{
    pthread_mutex_lock(&s->lock);
    s->phase = SLOT_FREE;
    s->fd = -1;
    s->rq = NULL;
    pthread_mutex_unlock(&s->lock);
    pthread_mutex_lock(&h->slots_lock);
    s->next_free = h->free_slots;
    h->free_slots = s;
    pthread_mutex_unlock(&h->slots_lock);
}

void slot_shut(Slot *s)
{
    pthread_mutex_lock(&s->lock);
    if (s->phase != SLOT_FREE)
        shutdown(s->fd, SHUT_RDWR);
    pthread_mutex_unlock(&s->lock);
}

bool slot_peer_left(Slot *s)
{
    pthread_mutex_lock(&s->lock);
    struct pollfd one = {.fd = s->phase == SLOT_FREE ? -1 : s->fd, .events = POLLRDHUP};
    bool left = poll(&one, 1, 0) > 0;
    pthread_mutex_unlock(&s->lock);
    return left;
}

/* Bytes that TCP received on fd; false where the kernel does not tell. */
static bool tcp_received(int fd, uint64_t *ret)
{
    struct tcp_info info;
    socklen_t n = sizeof(info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0 ||
        n < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(info.tcpi_bytes_received))
        return false;
    *ret = info.tcpi_bytes_received;
    return true;
}

static void watch_idle(const Http *h, Slot *s, int64_t now)
{
    uint64_t bytes;
    if (!tcp_received(s->fd, &bytes))
        return;
    if (!s->idle_seen) {
        s->idle_seen = true;
        s->idle_bytes = bytes;
    } else if (bytes != s->idle_bytes) {
        s->idle_bytes = UINT64_MAX; /* differs from now on: the deadline only moves nearer */
        s->deadline_ms = earlier(s->deadline_ms, now + h->limits.header_ms);
    }
}

static void sweep_slot(Http *h, Slot *s, int64_t now)
{
    pthread_mutex_lock(&s->lock);
    if (s->phase == SLOT_IDLE)
        watch_idle(h, s, now);
    if (s->phase != SLOT_FREE && now > s->deadline_ms) {
        if (s->phase != SLOT_WORK)
            shutdown(s->fd, SHUT_RDWR);
        else if (s->rq && h->app.interrupt)
            h->app.interrupt(h->app.arg, s->rq);
    }
    pthread_mutex_unlock(&s->lock);
}

static bool sleep_until_next(Http *h)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)h->limits.sweep_ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&h->sweep_lock);
    if (!h->sweep_stop)
        pthread_cond_timedwait(&h->sweep_cond, &h->sweep_lock, &until);
    bool stop = h->sweep_stop;
    pthread_mutex_unlock(&h->sweep_lock);
    return !stop;
}

static void *sweep(void *arg)
{
    Http *h = arg;
    while (sleep_until_next(h)) {
        int64_t now = slot_now_ms();
        for (size_t i = 0; i < h->slot_count; i++)
            sweep_slot(h, &h->slots[i], now);
        sse_beat(h);
    }
    return NULL;
}

Status slot_sweeper_start(Ctx *cx, Http *h)
{
    if (pthread_create(&h->sweeper, NULL, sweep, h) != 0)
        return FAIL(cx, ST_INTERNAL, "http.no_thread", "a thread cannot be started");
    pthread_setname_np(h->sweeper, "sweeper");
    h->sweeping = true;
    return ST_OK;
}

void slot_sweeper_stop(Http *h)
{
    if (!h->sweeping)
        return;
    pthread_mutex_lock(&h->sweep_lock);
    h->sweep_stop = true;
    pthread_cond_signal(&h->sweep_cond);
    pthread_mutex_unlock(&h->sweep_lock);
    pthread_join(h->sweeper, NULL);
    h->sweeping = false;
}
