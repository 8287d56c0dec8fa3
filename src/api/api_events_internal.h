/* SPDX-License-Identifier: Apache-2.0 */
/* Live updates: what the files of api_events share. A stream belongs to the thread (api_events.c). */
#pragma once
#include "api/api_internal.h"

#include <pthread.h>
#include <stdatomic.h>

enum { EVENTS_PAGE = 200, EVENTS_NAME = 41, EVENTS_TICK_MS = 1000 };

typedef struct EventItem { /* an event or a job's change, copied */
    struct EventItem *next;
    bool is_job, is_presence;
    int64_t seq, version;
    Id id, user;
    char object[EVENTS_NAME], action[16];
} EventItem;

typedef struct EventWatch {
    char object[EVENTS_NAME];
    Id id; /* 0: every record */
} EventWatch;

typedef struct EventStreams EventStreams;
typedef struct EventLeft EventLeft; /* a record that a closed stream carried */

typedef struct EventStream {
    struct EventStream *next;
    EventStreams *all;
    SseStream *sse;
    Id user;
    int64_t epoch, catalogue, position, checked_ms;
    bool resumes; /* missed events are to be told first */
    bool reset;
    atomic_bool gone;
    size_t told;    /* in this turn */
    char token[64]; /* session cookie; "" for keys and the owner */
    size_t n_watch;
    EventWatch watch[];
} EventStream;

struct EventStreams {
    App *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool started, stopping, overflow;
    EventStream *fresh; /* opened, not yet seen by the thread */
    size_t open, gone;  /* streams */
    EventItem *head, *tail;
    size_t queued;
    int64_t presence_ms, moved; /* looked at last; up to which move */
    EventStream *streams;       /* the thread's own; those of one user stand together */
    EventLeft *left;
};

/* From any thread: a copy is queued, or an overflow noted. */
void api_events_enqueue(EventStreams *s, const EventItem *item);
void api_events_name(char *to, size_t size, Str from); /* cut to the size, ended */

/* What is new to the streams of one user, [first, end), on one connection. */
void api_events_tell(EventStreams *s, Arena *a, EventStream *first, const EventStream *end,
                     const EventItem *items);
/* An id of the stream's position and an event without data, if any. */
void api_events_tell_position(EventStream *st, const char *event);

/* Who came and went, on whichever node: looked up once a second while somebody has a record open. */
void api_events_look(EventStreams *s, Arena *a);

/* The records that a stream carried, when it ends; who carries one in no other stream soon is there no more. The
 * thread's own. */
void api_events_note_left(EventStreams *s, const EventStream *st);
void api_events_leave(EventStreams *s, Arena *a);
void api_events_free_left(EventStreams *s);
