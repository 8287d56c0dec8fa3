/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the lead, and its small verbs. */
#include "modules/sales/lead/lead.h"
#include "modules/sales/sales.h"
#include "place/place.h"

/* Who gets a lead is told when; who loses it leaves it to be assigned. */
static Status lead_before_write(Ctx *cx, Record *r)
{
    TRY(place_region(cx, r));
    if (!r->old || r->import || !r->object->owner || !record_touched(r, r->object->owner))
        return ST_OK;
    bool waits = verb_is(r, "status", "unassigned");
    if (!verb_link(r, "owner")) {
        if (verb_is(r, "status", "assigned") || verb_is(r, "status", "working"))
            verb_set_text(r, "status", "unassigned");
        return ST_OK;
    }
    verb_set(r, "assigned_at", (Value){.t = V_TIME, .i = cx->now_ms});
    if (waits)
        verb_set_text(r, "status", "assigned");
    return ST_OK;
}

const RecordHooks lead_hooks = {.object = "lead", .before_write = lead_before_write};

static Status lead_close(Ctx *cx, Plan *plan, VerbCall *c)
{
    Id of = verb_arg_link(c, "duplicate_of");
    if (of == c->record->id)
        return FIELD_FAIL(cx, STR("duplicate_of"), "bad_value", "lead.own_duplicate",
                          "A lead is not a duplicate of itself");
    verb_take(c, "close_reason");
    verb_take(c, "close_note");
    verb_take(c, "duplicate_of");
    verb_set_text(c->record, "status", "closed");
    verb_set(c->record, "next_followup_at", VALUE_NULL);
    return record_write(cx, plan, c->record);
}

static Status lead_reopen(Ctx *cx, Plan *plan, VerbCall *c)
{
    Record *r = c->record;
    bool answered = verb_get(r, "first_response_at")->t == V_TIME;
    verb_set_text(r, "status",
                  !verb_link(r, "owner") ? "unassigned"
                  : answered             ? "working"
                                         : "assigned");
    verb_set(r, "close_reason", VALUE_NULL);
    verb_set(r, "close_note", VALUE_NULL);
    verb_set(r, "duplicate_of", VALUE_NULL);
    return record_write(cx, plan, r);
}

const RecordVerb lead_verbs[] = {
    {"lead", "close", lead_close},
    {"lead", "convert", lead_convert},
    {"lead", "reopen", lead_reopen},
    {0},
};
