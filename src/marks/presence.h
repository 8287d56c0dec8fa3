/* SPDX-License-Identifier: Apache-2.0 */
/* presence: who else has a record open, and who changes it. A page says every PRESENCE_BEAT_MS that it is there; who
 * has not said so for PRESENCE_MS is gone. Any node: rows of {gx_presence}. Functions that write add to the plan. */
#pragma once
#include "access/access.h"

enum { PRESENCE_MS = 45000, PRESENCE_BEAT_MS = 15000, PRESENCE_SHOWN = 20 };

/* cx->user has it open. ST_NOT_FOUND: not a record that he sees. */
CHECKED Status presence_beat(Ctx *cx, Plan *plan, const Object *o, Id id, bool editing);
CHECKED Status presence_leave(Ctx *cx, Plan *plan, const Object *o, Id id);
/* Whether cx->user is said to have it open. */
CHECKED Status presence_is_here(Ctx *cx, const Object *o, Id id, bool *ret);
/* {"items":[{"user":{"id","title"},"editing":true}…],"again_ms":…}: the others that cx->user may know of. ST_NOT_FOUND. */
CHECKED Status presence_write(Ctx *cx, const Object *o, Id id, Buf *out);

typedef struct PresenceMove {
    Str object;
    Id record;
} PresenceMove;
/* Records where somebody came, went, began or stopped since *last, which moves on; at most n. */
CHECKED Status presence_moves(Ctx *cx, int64_t *last, PresenceMove *ret, size_t n, size_t *ret_n);
