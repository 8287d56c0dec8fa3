/* SPDX-License-Identifier: Apache-2.0 */
/* Live updates: who went without a word. A browser that closes or loads another page may not get its goodbye out,
 * and a crashed one says none; but its stream ends. Unless another stream of the same person carries the
 * record again within LEFT_MS (clients return after a restart, and open anew when they watch other things),
 * he has it open no more. */
#include "api/api_events_internal.h"
#include "base/calendar.h"
#include "marks/presence.h"

#include <stdlib.h>

enum { LEFT_MS = 5000 };

struct EventLeft {
    struct EventLeft *next;
    Id user;
    int64_t since_ms;
    EventWatch watch;
};

void api_events_note_left(EventStreams *s, const EventStream *st)
{
    for (size_t i = 0; i < st->n_watch; i++) {
        EventLeft *one = st->watch[i].id ? malloc(sizeof(*one)) : NULL;
        if (!one)
            continue; /* his row ends by itself, a little later */
        *one = (EventLeft){
            .next = s->left, .user = st->user, .since_ms = clock_ms(), .watch = st->watch[i]};
        s->left = one;
    }
}

static bool is_back(const EventStreams *s, const EventLeft *one)
{
    for (const EventStream *st = s->streams; st; st = st->next)
        for (size_t i = 0; st->user == one->user && i < st->n_watch; i++)
            if (st->watch[i].id == one->watch.id && !st->gone &&
                !strcmp(st->watch[i].object, one->watch.object))
                return true;
    return false;
}

static Status leave(Ctx *cx, DbPool *pool, const EventLeft *one)
{
    const Object *o = meta_object(cx->meta, str_of(one->watch.object));
    Plan *plan = plan_new(cx);
    PlanResult result;
    bool here = false;
    if (!o)
        return ST_OK;
    TRY(presence_is_here(cx, o, one->watch.id, &here));
    if (!here)
        return ST_OK; /* he said so himself */
    TRY(presence_leave(cx, plan, o, one->watch.id));
    return db_apply(pool, cx, plan, &result);
}

static void end_one(EventStreams *s, Arena *a, const EventLeft *one)
{
    Ctx cx;
    if (api_enter(s->app, a, one->user, &cx) != ST_OK)
        return; /* no user any more, or a busy database: the row ends by itself */
    if (leave(&cx, s->app->pool, one) != ST_OK)
        error_clear(&cx);
    api_leave(s->app, &cx);
    arena_reset(a);
}

void api_events_leave(EventStreams *s, Arena *a)
{
    for (EventLeft **at = &s->left; *at;) {
        EventLeft *one = *at;
        bool back = is_back(s, one);
        int64_t waited = clock_ms() - one->since_ms;
        if (!back && waited >= 0 && waited < LEFT_MS) {
            at = &one->next;
            continue;
        }
        if (!back)
            end_one(s, a, one);
        *at = one->next;
        free(one);
    }
}

void api_events_free_left(EventStreams *s)
{
    for (EventLeft *one = s->left, *next; one; one = next) {
        next = one->next;
        free(one);
    }
    s->left = NULL;
}
