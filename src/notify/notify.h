/* SPDX-License-Identifier: Apache-2.0 */
/* notify: what people are told. One thread reads the event log from its own stored position, the clock and
 * the jobs that ended, and writes a message per person and thing; position and messages commit together,
 * so each event is looked at exactly once, also by several nodes and after a crash.
 *
 * Nobody is told of what he did himself, nor of what he may not see. A message holds no words: titles,
 * excerpts and changes are read with the reader's rights of then, and of what he may no longer see there
 * is nothing. Functions that write add to the plan. Any thread, one Ctx each. */
#pragma once
#include "access/share.h"
#include "job/job.h"
#include "notify/push.h"

typedef enum NotifyKind {
    NOTIFY_MENTION,  /* named in a comment or follow-up */
    NOTIFY_COMMENT,  /* somebody wrote about a record of mine */
    NOTIFY_ASSIGNED, /* a record is mine now */
    NOTIFY_SHARED,   /* with me, by hand */
    NOTIFY_FOLLOW,   /* a record that I follow has changed */
    NOTIFY_DUE,      /* a task of mine is due */
    NOTIFY_REMIND,   /* something begins soon, at the time one chose */
    NOTIFY_JOB,      /* a job of mine has ended */
    NOTIFY_POOL,     /* a record leaves me for the pool, or soon will */
    NOTIFY_DIGEST,   /* what waited to be told together; not itself among the kinds one chooses */
    NOTIFY_KINDS
} NotifyKind;

enum { NOTIFY_PAGE = 30, NOTIFY_MAX = 100, NOTIFY_IDS = 500, NOTIFY_COUNT = 99 };

bool notify_kind(Str word, NotifyKind *ret);

/* ---- reading, as cx->user */
typedef struct NotifyList {
    Str kind; /* empty: all */
    bool unread;
    Id digest; /* 0: what is told by itself; with a kind also what digests told */
    Id before; /* 0: from the newest */
    int limit;
} NotifyList;
/* {"items":[…],"next":…} */
CHECKED Status notify_write(Ctx *cx, const NotifyList *list, Buf *out);
/* {"unread":n,"more":bool}: those that he may see, up to NOTIFY_COUNT. */
CHECKED Status notify_write_count(Ctx *cx, Buf *out);
void notify_read(Ctx *cx, Plan *plan, const Id *ids, size_t n);
void notify_read_until(Ctx *cx, Plan *plan, Id last);

/* ---- what a person wants to be told: {"kinds":[{"kind","product","desktop","digest"}…],"digest":
 * {"every":"day"|"week","weekday","at":"HH:MM","workdays","desktop","next_at"}} */
CHECKED Status notify_settings_write(Ctx *cx, Buf *out);
CHECKED Status notify_settings_set(Ctx *cx, const json_t *body, Plan *plan);

/* ---- making */
/* People who are told of a job of the system that failed, as of one of their own. */
CHECKED Status notify_job(Ctx *cx, Plan *plan, Id job, const Id *users, size_t n);
CHECKED Status notify_shared(Ctx *cx, Plan *plan, const AccessShare *s);

typedef struct Notifier Notifier;
/* host->changed(arg, message 0, person, "message") is called when somebody has a new one. push->key NULL:
 * nothing goes to closed browsers. *push, its host too, lives until notify_stop. */
CHECKED Status notify_start(Ctx *cx, const PushSender *push, Notifier **ret);
void notify_wake(Notifier *n); /* something was committed; only a hint */
void notify_stop(Notifier *n);
/* One turn, for tests: *ret_more if there is more to read at once. */
CHECKED Status notify_turn(Ctx *cx, DbPool *pool, const JobHost *host, bool *ret_more);
/* Forgets messages from before that time, at most 1,000. */
void notify_sweep(Plan *plan, int64_t before_ms);
