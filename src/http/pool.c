/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and their arenas are reused, last in first out: the warm one is taken, and as many exist
 * as requests were ever under way at once. */
#include "http/server.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static Req *req_new(Http *h)
{
    Req *rq = calloc(1, sizeof(*rq));
    if (!rq)
        return NULL;
    rq->http = h;
    rq->arena = arena_new(SERVER_ARENA);
    return rq;
}

/* What a request starts with; the big arrays need no clearing, their counts say what is valid. */
static void req_begin(Http *h, Req *rq)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    rq->started_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    rq->id = atomic_fetch_add_explicit(&h->next_id, 1, memory_order_relaxed);
    rq->state = REQ_HEAD;
    rq->began = rq->counted = rq->head = rq->packed = rq->close_after = rq->https = false;
    rq->too_many_headers = false;
    rq->slot = NULL;
    rq->conn = NULL;
    rq->next = NULL;
    rq->method = rq->target = rq->path = rq->raw_query = rq->client = rq->fault = STR_NULL;
    rq->match.route = NULL;
    rq->match.n = 0;
    rq->match.allow = STR_NULL;
    rq->n_headers = rq->n_query = rq->n_out_headers = 0;
    rq->form = NULL;
    rq->declared = rq->received = 0;
    rq->body = buf_in(rq->arena, 0);
    rq->app = NULL;
    rq->status = 200;
    rq->out = buf_in(rq->arena, SERVER_MAX_ANSWER);
    rq->sent = STR_NULL;
    rq->fd = -1;
    rq->fd_size = rq->fd_from = 0;
    rq->stream = NULL;
}

Req *pool_take(Http *h)
{
    pthread_mutex_lock(&h->pool_lock);
    Req *rq = h->free_reqs;
    if (rq)
        h->free_reqs = rq->next;
    pthread_mutex_unlock(&h->pool_lock);
    if (!rq)
        rq = req_new(h);
    if (rq)
        req_begin(h, rq);
    return rq;
}

void pool_give(Http *h, Req *rq)
{
    arena_reset(rq->arena);
    pthread_mutex_lock(&h->pool_lock);
    rq->next = h->free_reqs;
    h->free_reqs = rq;
    pthread_mutex_unlock(&h->pool_lock);
}

void pool_free(Http *h)
{
    while (h->free_reqs) {
        Req *rq = h->free_reqs;
        h->free_reqs = rq->next;
        arena_free(rq->arena);
        free(rq);
    }
}

void pool_running(Http *h, int by)
{
    pthread_mutex_lock(&h->pool_lock);
    h->running += by;
    if (h->running == 0)
        pthread_cond_broadcast(&h->pool_idle);
    pthread_mutex_unlock(&h->pool_lock);
}

bool pool_wait_idle(Http *h, int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)(timeout_ms % 1000) * 1000000;
    until.tv_sec += timeout_ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&h->pool_lock);
    int rc = 0;
    while (h->running > 0 && rc != ETIMEDOUT)
        rc = timeout_ms < 0 ? pthread_cond_wait(&h->pool_idle, &h->pool_lock)
                            : pthread_cond_timedwait(&h->pool_idle, &h->pool_lock, &until);
    bool idle = h->running == 0;
    pthread_mutex_unlock(&h->pool_lock);
    return idle;
}
