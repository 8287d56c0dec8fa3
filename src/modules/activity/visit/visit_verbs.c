/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs of the visit: check in and check out. The time is the server's; the place is what the visitor's
 * device told, or nothing where it did not. How far that is from the customer is worked out here. */
#include "modules/activity/activity.h"
#include "place/place.h"

/* Empty where the customer has no place, or the device told none. */
static Status set_distance(Ctx *cx, Record *r, const Value *place)
{
    const Object *o = meta_object(cx->meta, STR("account"));
    Id account = verb_link(r, "account");
    Record *whom = NULL;
    verb_set(r, "checkin_distance_m", VALUE_NULL);
    if (!o || !account || place->t != V_GEO)
        return ST_OK;
    TRY(record_load_stored(cx, o, account, &whom));
    const Value *there = whom ? verb_get(whom, "geo") : NULL;
    if (there && there->t == V_GEO)
        verb_set(r, "checkin_distance_m",
                 (Value){.t = V_INT, .i = place_distance_m(place->geo, there->geo)});
    return ST_OK;
}

static Status visit_check_in(Ctx *cx, Plan *plan, VerbCall *c)
{
    const Value *place = verb_arg(c, "place");
    verb_set(c->record, "checkin_at", (Value){.t = V_TIME, .i = cx->now_ms});
    verb_set(c->record, "checkin_place", *place);
    verb_take(c, "checkin_address");
    verb_take(c, "checkin_photos");
    verb_set_text(c->record, "status", "checked_in");
    TRY(set_distance(cx, c->record, place));
    return record_write(cx, plan, c->record);
}

/* The visit is done: its result becomes a follow-up (visit.c). */
static Status visit_check_out(Ctx *cx, Plan *plan, VerbCall *c)
{
    verb_set(c->record, "checkout_at", (Value){.t = V_TIME, .i = cx->now_ms});
    verb_set(c->record, "checkout_place", *verb_arg(c, "place"));
    verb_take(c, "result");
    verb_set_text(c->record, "status", "done");
    return record_write(cx, plan, c->record);
}

const RecordVerb visit_verbs[] = {
    {"visit", "check_in", visit_check_in},
    {"visit", "check_out", visit_check_out},
    {0},
};
