/* SPDX-License-Identifier: Apache-2.0 */
/* Private to notify/. */
#pragma once
#include "base/map.h"
#include "base/vec.h"
#include "notify/notify.h"
#include "record/record.h"

typedef struct Message {
    Id user;
    NotifyKind kind;
    bool again; /* the same thing once more makes the message new and counts */
    Str key;
    Str object;
    Id record;
    Str source_object; /* what was written about the record; null: nothing */
    Id source, by;
    int64_t at;
    bool desktop; /* also outside the product; set by notify_keep */
    bool waits;   /* for the digest; set by notify_keep */
} Message;

typedef struct Messages {
    VEC(Message) all;
} Messages;

extern const char *const notify_kinds[NOTIFY_KINDS];

/* notify_make.c: keeps those that their person wants and may see, adds them to the plan. cx is the system's. */
CHECKED Status notify_keep(Ctx *cx, Messages *m);
void notify_add(DbPool *pool, Plan *plan, const Messages *m);
void notify_push(Ctx *cx, Messages *m, Message one);
/* notify_settings.c */
typedef enum NotifyChannel {
    NOTIFY_PRODUCT,
    NOTIFY_DESKTOP,
    NOTIFY_LATER, /* with the digest, instead of at once */
    NOTIFY_CHANNELS
} NotifyChannel;
CHECKED Status notify_wants(Ctx *cx, Id user, NotifyKind kind, NotifyChannel channel, bool *ret);
void notify_choose(Ctx *cx, Plan *plan, NotifyKind kind, NotifyChannel channel, bool on);
typedef struct Digest {
    Id user;
    bool weekly, workdays;
    int weekday, minute; /* 1 = Monday; of the day */
    int64_t next_at;
} Digest;
/* notify_digest_when.c: the first time after now, of cx->zone. */
int64_t notify_digest_next(const Ctx *cx, const Digest *d);
/* notify_digest.c: the settings of cx->user; what is due, told to told's people. */
CHECKED Status notify_digest_write(Ctx *cx, Buf *out);
CHECKED Status notify_digest_set(Ctx *cx, const json_t *body, Plan *plan);
void notify_digest_begin(Ctx *cx, Plan *plan); /* the usual times, unless he has chosen */
CHECKED Status notify_digest(Ctx *cx, DbPool *pool, Plan *plan, Messages *told);
/* notify_events.c: up to which number the log was read, and what follows from the next page. */
CHECKED Status notify_events(Ctx *cx, Plan *plan, Messages *m, size_t *ret_n);
#define NOTIFY_PAGE 200
/* notify_quiet.c: of records that `by` has made, those (keys: their ids' bytes) that are somebody else's or name
 * somebody; n ≤ NOTIFY_PAGE. */
CHECKED Status notify_own_only(Ctx *cx, const Object *o, Id by, const Id *ids, size_t n,
                               Map *others);
/* notify_clock.c: what fell due since it was last told. The position moves with what is told, else each half
 * minute: `notify_clock_told` behind all that the plan carries. */
typedef struct ClockLook {
    Str was;
    int64_t last;
    bool looked;
} ClockLook;
CHECKED Status notify_clock(Ctx *cx, Plan *plan, Messages *m, ClockLook *ret);
void notify_clock_told(Ctx *cx, Plan *plan, const ClockLook *look);
/* notify_remind.c: reminders whose time came after `from`, up to `to`. */
CHECKED Status notify_remind(Ctx *cx, int64_t from, int64_t to, Messages *m);
/* notify_position.c: a number in {gx_setting}, moved with the plan; who is slower prepares again. */
CHECKED Status notify_position(Ctx *cx, const char *name, int64_t first, int64_t *ret,
                               Str *ret_was);
void notify_move(Ctx *cx, Plan *plan, const char *name, Str was, int64_t to);
