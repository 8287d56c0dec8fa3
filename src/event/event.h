/* SPDX-License-Identifier: Apache-2.0 */
/* event: what happened, in commit order. The outbox rows written with each record get a number
 * (seq): on SQLite when applied, on PostgreSQL by the dispatcher (the node that holds the lease).
 * Listeners read by seq from their own position; waking them is only a hint. */
#pragma once
#include "base/ctx.h"
#include "db/plan.h"

typedef struct Event {
    int64_t seq;
    Id record, change;
    int64_t version;
    Str object, action; /* create update delete restore */
} Event;

typedef struct EventHub EventHub;
/* Starts the dispatcher thread. `sink` is called on it, in order, with events after the commit. */
CHECKED Status event_start(Ctx *cx, DbPool *pool, void (*sink)(void *arg, const Event *e),
                           void *arg, EventHub **ret);
void event_stop(EventHub *h);
/* Events after `seq`, ascending, at most n; *ret_gap (may be NULL) if some before are gone (too old). */
CHECKED Status event_read(Ctx *cx, int64_t seq, size_t n, Event **ret, size_t *ret_n,
                          bool *ret_gap);
int64_t event_last(EventHub *h);
/* Forgets events from before that time, at most 1,000 at a call; *ret_more: there may be others. What a
 * batch or a delete wrote is kept, because undo and restore read it. Who resumes from what is gone is
 * told of a gap. */
CHECKED Status event_sweep(Ctx *cx, DbPool *pool, int64_t before_ms, bool *ret_more);
