/* SPDX-License-Identifier: Apache-2.0 */
/* pool 公海: records without an owner, open to claim by rule. A record that belongs to a pool keeps the link
 * when somebody owns it (that is what the capacity counts); it lies in the pool while it has no owner.
 * Verbs of everything that is pooled: assign, claim, return; and transfer of an account with what hangs
 * on it. Each change of owner leaves a pool_entry. */
#pragma once
#include "verb/verb.h"

typedef struct PoolMove { /* a change of owner, for the log */
    Id from, to, pool;
    const char *reason; /* pool_reason; NULL: none */
} PoolMove;

/* The owner gets the record: what the pool said of it is cleared, its protection begins. */
CHECKED Status pooled_give(Ctx *cx, Plan *plan, Record *r, Id owner, const char *param);
CHECKED Status pooled_log(Ctx *cx, Plan *plan, const Record *r, const PoolMove *move);
/* Members of the record's pool know of it, as do its readers; to others it does not exist: ST_NOT_FOUND. */
CHECKED Status pooled_is_seen(Ctx *cx, const Record *pool, const Record *r);
/* May the acting user claim r from this pool: membership, daily limit, interval, cool-down, capacity. With a
 * plan, still so when it is applied. */
CHECKED Status pooled_may_claim(Ctx *cx, Plan *plan, const Record *pool, const Record *r);
/* The pool to give r back to: the one named, its own, or the first active one of its object. */
CHECKED Status pooled_find(Ctx *cx, const Record *r, Id named, Record **ret);
int64_t pooled_number(const Record *pool, const char *field); /* 0: not set */

CHECKED Status pooled_transfer(Ctx *cx, Plan *plan, VerbCall *c); /* pooled_transfer.c */
