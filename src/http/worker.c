/* SPDX-License-Identifier: Apache-2.0 */
/* Workers: threads that take requests from one queue and call HttpApp.handle. After that call the
 * request may be gone. */
#include "http/server.h"

#include <stdlib.h>

static Req *take(Http *h)
{
    pthread_mutex_lock(&h->queue_lock);
    while (!h->queue_head && !h->queue_stop)
        pthread_cond_wait(&h->queue_cond, &h->queue_lock);
    Req *rq = h->queue_head;
    if (rq) {
        h->queue_head = rq->next;
        rq->next = NULL;
    }
    pthread_mutex_unlock(&h->queue_lock);
    return rq;
}

static void *work(void *arg)
{
    Http *h = arg;
    Req *rq;
    while ((rq = take(h)))
        h->app.handle(h->app.arg, rq);
    return NULL;
}

Status worker_start(Ctx *cx, Http *h, int n)
{
    h->workers = calloc((size_t)n, sizeof(*h->workers));
    if (!h->workers)
        return FAIL(cx, ST_INTERNAL, "http.no_memory", "no memory for the HTTP server");
    for (int i = 0; i < n; i++) {
        if (pthread_create(&h->workers[i], NULL, work, h) != 0)
            return FAIL(cx, ST_INTERNAL, "http.no_thread", "a thread cannot be started");
        pthread_setname_np(h->workers[i], "worker");
        h->worker_count++;
    }
    return ST_OK;
}

void worker_push(Http *h, Req *rq)
{
    pthread_mutex_lock(&h->queue_lock);
    rq->next = NULL;
    if (h->queue_head)
        h->queue_tail->next = rq;
    else
        h->queue_head = rq;
    h->queue_tail = rq;
    pthread_mutex_unlock(&h->queue_lock);
    pthread_cond_signal(&h->queue_cond);
}

void worker_stop(Http *h)
{
    pthread_mutex_lock(&h->queue_lock);
    h->queue_stop = true;
    pthread_mutex_unlock(&h->queue_lock);
    pthread_cond_broadcast(&h->queue_cond);
    for (int i = 0; i < h->worker_count; i++)
        pthread_join(h->workers[i], NULL);
    free(h->workers);
    h->workers = NULL;
    h->worker_count = 0;
}

bool worker_is_self(const Http *h)
{
    for (int i = 0; i < h->worker_count; i++)
        if (pthread_equal(h->workers[i], pthread_self()))
            return true;
    return false;
}
