/* SPDX-License-Identifier: Apache-2.0 */
/* Private to timeline/: one source, read a page at a time. */
#pragma once
#include "timeline/timeline.h"

enum { TIMELINE_FILES = 4 }; /* fields of a kind whose files are told */

typedef struct TimelineAt { /* a place in the order: newest first, then by kind, then newest id */
    int64_t at;
    Str kind;
    Id id;
} TimelineAt;

typedef struct TimelineEntry {
    TimelineAt place;
    const json_t *item; /* of the list or the history it came from */
} TimelineEntry;

typedef struct TimelineSource {
    Str kind;
    const Object *child; /* NULL: changes of the record */
    const Field *link;   /* through which the child points at the record */
    const Field *at, *title, *method, *text, *mentions; /* of the child; any but `at` may be NULL */
    const Field *files[TIMELINE_FILES]; /* pictures, files and recordings; NULL behind the last */
    TimelineEntry *page;
    size_t n, next;   /* entries of the page, the first not yet given */
    bool is_unwanted; /* by the kinds asked for */
    Str from, more;   /* cursors of the page and of the one behind it; more empty: the last */
} TimelineSource;

typedef struct TimelineRead {
    Ctx *cx;
    const Object *object;
    Id id;
    int page; /* entries to read at a time */
    bool has_after;
    TimelineAt after;
    TimelineSource *sources;
    size_t n;
} TimelineRead;

typedef struct TimelinePin { /* a row of {gx_pin}; times 0, people 0: none */
    Str kind;
    Id entry, source, by, off_by;
    int64_t at, off_at;
    const TimelineSource *from; /* where it was found; NULL: not seen by the reader */
    const TimelineEntry *found;
    Str by_name, off_name;
} TimelinePin;

/* Sources of the object that the reader may see; kinds: which (empty: all). An unknown kind is ST_MALFORMED. */
CHECKED Status timeline_source_all(TimelineRead *t, Str kinds);
/* *ret: the source's next entry behind the cursor, NULL at its end. */
CHECKED Status timeline_source_peek(TimelineRead *t, TimelineSource *s, const TimelineEntry **ret);
/* Ascending in the order of the timeline. */
int timeline_source_compare(const TimelineAt *a, const TimelineAt *b);
/* Reads a page anew: the source's entries that the filter lets through. */
CHECKED Status timeline_source_filtered(TimelineRead *t, TimelineSource *s, Str filter, Str after);
/* The same for one version (of `of`, the record or one that became part of it): one entry or none. */
CHECKED Status timeline_source_version(TimelineRead *t, TimelineSource *s, Id of, int64_t version);
/* pin: NULL, or what made it stand on top. */
void timeline_entry_write(const TimelineRead *t, const TimelineSource *s, const TimelineEntry *e,
                          const TimelinePin *pin, Buf *out);
/* [{entry…,"pinned":{…}}…] of those that the reader sees; past: with those that were. */
CHECKED Status timeline_pin_list(TimelineRead *t, bool past, Buf *out);
