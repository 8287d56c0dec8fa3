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

/* {"items":[{"at","kind","object","id","title","text","by"}…],"kinds":[…],"next":…}. ST_NOT_FOUND. */
CHECKED Status timeline_write(Ctx *cx, const Object *o, Id id, const TimelineQuery *q, Buf *out);
