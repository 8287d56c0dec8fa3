/* SPDX-License-Identifier: Apache-2.0 */
/* Id generator: time, node, sequence. Its own time runs on at the pace of the monotonic clock from
 * the last id, or jumps ahead to the wall clock: a wall clock that stepped back (or a stored mark in
 * the future) makes ids wait for the next millisecond at most, and never repeats one. */
#include "base/base_internal.h"
#include "base/calendar.h"
#include "base/id.h"
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define NODES (1 << ID_NODE_BITS)

struct IdGen {
    pthread_mutex_t lock;
    Id node;
    _Atomic Id last;
    int64_t last_us; /* monotonic time at which last was issued */
    _Atomic int64_t valid_until_us;
};

IdGen *idgen_new(int node, Id high_water)
{
    assert(node >= 0 && node < NODES);
    IdGen *g = calloc(1, sizeof(*g));
    if (!g)
        arena_exhausted(sizeof(*g));
    pthread_mutex_init(&g->lock, NULL);
    g->node = node;
    atomic_init(&g->last, high_water > 0 ? high_water : 0);
    atomic_init(&g->valid_until_us, INT64_MAX);
    g->last_us = clock_us();
    return g;
}

void idgen_free(IdGen *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->lock);
    free(g);
}

/* The smallest id of this node above last that the time allows, or 0: wait. */
static Id next_id(const IdGen *g, Id last, int64_t ms, int64_t now_us)
{
    int64_t last_ms = last >> ID_LOW_BITS, paced_ms = last_ms + (now_us - g->last_us) / 1000;
    if (ms < paced_ms)
        ms = paced_ms;
    Id first = ms << ID_LOW_BITS | g->node << ID_SEQUENCE_BITS;
    if (first > last)
        return first;
    Id next = last + 1; /* same millisecond: the next in this node's sequence, if it is one */
    return next >> ID_SEQUENCE_BITS == first >> ID_SEQUENCE_BITS ? next : 0;
}

static void wait_a_little(void)
{
    struct timespec pause = {.tv_nsec = 200000};
    nanosleep(&pause, NULL);
}

Id idgen_next(IdGen *g)
{
    for (;;) {
        pthread_mutex_lock(&g->lock);
        /* the wall clock first: a thread that is put aside in between would run ahead of it for ever */
        int64_t ms = clock_ms() - ID_EPOCH_MS, now_us = clock_us();
        Id id = 0;
        if (now_us < atomic_load(&g->valid_until_us))
            id = next_id(g, atomic_load_explicit(&g->last, memory_order_relaxed), ms, now_us);
        if (id) {
            /* the pace restarts only with a new millisecond, or its rest would be lost each time */
            if (id >> ID_LOW_BITS != atomic_load(&g->last) >> ID_LOW_BITS)
                g->last_us = now_us;
            atomic_store(&g->last, id);
        }
        pthread_mutex_unlock(&g->lock);
        if (id)
            return id;
        wait_a_little();
    }
}

Id idgen_last(const IdGen *g) { return atomic_load(&((IdGen *)g)->last); }

void idgen_move(IdGen *g, int node, Id high_water)
{
    assert(node >= 0 && node < NODES);
    pthread_mutex_lock(&g->lock);
    g->node = node;
    if (high_water > atomic_load(&g->last))
        atomic_store(&g->last, high_water);
    pthread_mutex_unlock(&g->lock);
}

void idgen_valid_until_us(IdGen *g, int64_t mono_us) { atomic_store(&g->valid_until_us, mono_us); }
