/* SPDX-License-Identifier: Apache-2.0 */
/* marks: records that a person has marked for himself: opened lately, kept as a favourite, followed.
 *
 * A mark gives no right: who may no longer see the record does not see the mark either, and sees it
 * again when he may. Functions that write add to the plan and may run again. Any thread, one Ctx each. */
#pragma once
#include "access/access.h"

enum {
    MARKS_RECENT = 50, /* kept of what was opened; older ones are forgotten */
    MARKS_MAX = 500    /* favourites, follows of one person */
};

/* recent, favourite, follow */
bool marks_is_kind(Str word);
/* {"recent":[{"object","id","title","at"}…],"favourite":[…],"follow":[…]} of cx->user, newest first. */
CHECKED Status marks_write(Ctx *cx, Buf *out);
/* The newest of one kind, at most `limit`: [{…}…] */
CHECKED Status marks_write_kind(Ctx *cx, Str kind, int limit, Buf *out);
/* Anew is newest. ST_NOT_FOUND: not a record that he sees. */
CHECKED Status marks_set(Ctx *cx, Str kind, const Object *o, Id id, Plan *plan);
CHECKED Status marks_clear(Ctx *cx, Str kind, const Object *o, Id id, Plan *plan);
