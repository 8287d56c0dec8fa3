/* SPDX-License-Identifier: Apache-2.0 */
/* Hand-over 离职交接: everything that is one person's becomes another's, or goes to a pool. What is meant is
 * a list of parts: the records of each object that the person owns ("account"), the fields in which others
 * name the person ("department.manager"), and what hangs on a person besides (record.h, BatchStep).
 *
 * The job takes the parts one after another in small plans, all of them one batch, which is undone as one.
 * It acts for the organisation: whoever holds the right hand_over need not be able to read what moves. */
#pragma once
#include "job/job.h"
#include "record/batch_steps.h"
#include "verb/verb.h"

extern const JobDef user_jobs[]; /* ended by name == NULL: "user.hand_over" */

/* POST /users/{id}/hand-over: what would move, told; or the job that moves it. */
CHECKED Status user_hand_over_preview(Ctx *cx, Id user, const json_t *body, Buf *out);
CHECKED Status user_hand_over_enqueue(Ctx *cx, Plan *plan, Id user, const json_t *body,
                                      Id *ret_job);

/* ---- private to user_hand_over*.c */
typedef enum HandWay { HAND_TO, HAND_POOL, HAND_LEAVE } HandWay;

typedef struct HandPart {
    const Object *object;
    const Field *field; /* the owner, or another link to people */
    Str name;           /* "account", "department.manager" */
    Str filter;         /* which records */
    HandWay way;
    bool positions; /* those the person holds: field is the person's, object the position */
    Id to, pool;    /* pool 0: the record's own, or the first there is */
} HandPart;

typedef struct HandOver {
    Id user, to;
    bool deactivate;
    const json_t *left_on;
    HandPart *parts;
    size_t n_parts;
    HandWay steps[BATCH_STEPS]; /* HAND_TO or HAND_LEAVE */
} HandOver;

/* user_hand_over_parts.c: all of it checked; field errors on what the body says wrongly. */
CHECKED Status user_hand_over_read(Ctx *cx, Id user, const json_t *body, HandOver *ret);
/* user_hand_over_preview.c: how many records, at most one more than it counts to. */
#define USER_HAND_OVER_MOST 100000
CHECKED Status user_hand_over_count(Ctx *cx, const HandPart *p, int64_t *ret);
/* user_hand_over_positions.c: the part "position", if there is one for who asks; the place of one goes to
 * the other, who keeps his own main position. */
CHECKED Status user_hand_over_positions(Ctx *cx, const HandOver *h, HandPart *ret, bool *ret_there);
CHECKED Status user_hand_over_position(Ctx *cx, Plan *plan, const HandOver *h, const HandPart *p,
                                       Id position);
/* user_hand_over_one.c: adds one record to the plan. *ret_pooled: it went to a pool. */
CHECKED Status user_hand_over_one(Ctx *cx, Plan *plan, const HandOver *h, const HandPart *p, Id id,
                                  bool *ret_pooled);
