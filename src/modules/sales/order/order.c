/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs of the order: draft → confirmed → in progress (delivered) → closed; cancelled while nothing was
 * delivered. A return is an order of its own kind with the original's lines; analysis counts it negative. */
#include "base/calendar.h"
#include "modules/sales/sales.h"
#include "modules/sales/sales_amount.h"

static Status order_confirm(Ctx *cx, Plan *plan, VerbCall *c)
{
    verb_set_text(c->record, "status", "confirmed");
    return record_write(cx, plan, c->record);
}

static Status order_deliver(Ctx *cx, Plan *plan, VerbCall *c)
{
    Record *r = c->record;
    static const char *const said[] = {"delivered_on", "carrier", "tracking_number"};
    verb_set(
        r, "delivered_on",
        (Value){.t = V_DATE, .i = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms))});
    for (size_t i = 0; i < COUNT_OF(said); i++)
        verb_take(c, said[i]);
    verb_set_text(r, "delivery_status", "delivered");
    if (verb_is(r, "status", "confirmed"))
        verb_set_text(r, "status", "in_progress");
    return record_write(cx, plan, r);
}

static Status order_cancel(Ctx *cx, Plan *plan, VerbCall *c)
{
    verb_take(c, "internal_note");
    verb_set_text(c->record, "status", "cancelled");
    return record_write(cx, plan, c->record);
}

static Status order_close(Ctx *cx, Plan *plan, VerbCall *c)
{
    verb_set_text(c->record, "status", "closed");
    return record_write(cx, plan, c->record);
}

static Status write_copy(Ctx *cx, Plan *plan, VerbCall *c, Record *copy)
{
    static const char *const own[] = {"placed_at",       "delivered_on",   "carrier",
                                      "tracking_number", "payment_due_on", "delivery_due_on"};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        verb_set(copy, own[i], VALUE_NULL);
    verb_set(
        copy, "placed_on",
        (Value){.t = V_DATE, .i = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms))});
    verb_set_text(copy, "status", "draft");
    verb_set_text(copy, "source", "manual");
    verb_set_text(copy, "delivery_status", "none");
    verb_set_text(copy, "payment_status", "unpaid");
    verb_set_text(copy, "invoice_status", "none");
    TRY(record_write(cx, plan, copy));
    TRY(verb_copy_lines(cx, plan, c->record, copy, "order_lines"));
    c->record = copy;
    return ST_OK;
}

static Status order_copy(Ctx *cx, Plan *plan, VerbCall *c)
{
    return write_copy(cx, plan, c, verb_copy(cx, c->record));
}

static Status order_return(Ctx *cx, Plan *plan, VerbCall *c)
{
    Record *copy = verb_copy(cx, c->record);
    verb_set_text(copy, "kind", "return");
    verb_set_link(copy, "original_order", c->record->id);
    if (!value_is_null(verb_arg(c, "internal_note")))
        verb_set(copy, "internal_note", *verb_arg(c, "internal_note"));
    return write_copy(cx, plan, c, copy);
}

/* Rules that write it have its total in hand. */
static Status order_before_write(Ctx *cx, Record *r)
{
    return r->by_rule ? ST_OK : sales_amount_total(cx, r, r->n_lines > 0);
}

const RecordHooks order_hooks = {.object = "order", .before_write = order_before_write};

const RecordVerb order_verbs[] = {
    {"order", "cancel", order_cancel},
    {"order", "close", order_close},
    {"order", "confirm", order_confirm},
    {"order", "copy", order_copy},
    {"order", "deliver", order_deliver},
    {"order", "return", order_return},
    {0},
};
