/* SPDX-License-Identifier: Apache-2.0 */
/* timeline: all that happened on a record, newest first: its changes, and the records that point at it from
 * objects which declare "timeline": true (follow-ups, tasks, calls, orders, comments, files …).
 *
 * Each source is an ordinary list of the reader (query_list, record_history), so that the rights of
 * every entry are those of that list; the sources are merged by (time, kind, id). */
#pragma once
#include "record/record.h"

#define TIMELINE_CHANGE "change" /* the kind of changes; the others are names of objects */

typedef struct TimelineQuery {
    Str kinds; /* "followup,task"; empty: all */
    Str after; /* cursor */
    int limit;
} TimelineQuery;

/* {"items":[{"at","kind","object","id","title","text","by","files"?}…],"kinds":[…],"next":…}; the first page also tells
 * "pinned": the entries that stand on top. ST_NOT_FOUND. */
CHECKED Status timeline_write(Ctx *cx, const Object *o, Id id, const TimelineQuery *q, Buf *out);

/* Pins: entries that stand on top for everybody; who may change the record pins and takes off. `entry` is the id of
 * the entry, of a change its version, or version.id of the record that became part of this one. */
enum { TIMELINE_PINS = 20 };
CHECKED Status timeline_pin(Ctx *cx, Plan *plan, const Object *o, Id id, Str kind, Str entry);
CHECKED Status timeline_unpin(Ctx *cx, Plan *plan, const Object *o, Id id, Str kind, Str entry);
/* {"items":[…]}: what is pinned and what was, newest first, with who and when. */
CHECKED Status timeline_pins_write(Ctx *cx, const Object *o, Id id, Buf *out);
