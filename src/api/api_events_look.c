/* SPDX-License-Identifier: Apache-2.0 */
/* Live updates: presence. People come and go on any node, so what moved is read from the database. */
#include "api/api_events_internal.h"
#include "base/calendar.h"
#include "marks/presence.h"

enum { MOVES_KNOWN_MS = 60000 }; /* older moves of people are no news */

static bool watches_records(const EventStreams *s)
{
    for (const EventStream *st = s->streams; st; st = st->next)
        for (size_t i = 0; i < st->n_watch; i++)
            if (st->watch[i].id)
                return true;
    return false;
}

/* Who came and went, on whichever node: looked up once a second while somebody has a record open. */
void api_events_look(EventStreams *s, Arena *a)
{
    int64_t now = clock_ms();
    PresenceMove moves[EVENTS_PAGE];
    size_t n = 0;
    Ctx cx;
    if (now - s->presence_ms < EVENTS_TICK_MS || !watches_records(s))
        return;
    if (now - s->presence_ms > MOVES_KNOWN_MS)
        s->moved = now - EVENTS_TICK_MS;
    s->presence_ms = now;
    if (api_enter(s->app, a, 0, &cx) != ST_OK)
        return; /* the database is busy: with the next tick */
    if (presence_moves(&cx, &s->moved, moves, EVENTS_PAGE, &n) != ST_OK)
        error_clear(&cx);
    for (size_t i = 0; i < n; i++) {
        EventItem item = {.is_presence = true, .id = moves[i].record};
        api_events_name(item.object, sizeof(item.object), moves[i].object);
        api_events_name(item.action, sizeof(item.action), STR("presence"));
        api_events_enqueue(s, &item);
    }
    api_leave(s->app, &cx);
    arena_reset(a);
}
