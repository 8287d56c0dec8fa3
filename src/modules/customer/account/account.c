/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the account: the one contact of a person customer is made with it and follows it. */
#include "modules/customer/customer.h"
#include "place/place.h"

/* The contact is promised before the row is written, so that the row links to it at once. */
static Status account_before_write(Ctx *cx, Record *r)
{
    const Field *primary = customer_field(r, "primary_contact");
    TRY(place_region(cx, r));
    customer_keep_name(cx, r);
    if (!primary || r->by_rule || !customer_is_person(r) || record_get(r, primary)->t != V_NULL ||
        !meta_object(cx->meta, STR("contact")))
        return ST_OK;
    r->promised = record_id_next(cx);
    record_set(r, primary, (Value){.t = V_ID, .i = r->promised});
    return ST_OK;
}

static Status make_contact(Ctx *cx, Plan *plan, const Record *r)
{
    static const char *const same[] = {"owner", "department"};
    const Object *o = meta_object(cx->meta, STR("contact"));
    Record *c = record_new(cx, o);
    c->id = r->promised;
    customer_equal(c, r);
    for (size_t i = 0; i < COUNT_OF(same); i++)
        if (customer_field(c, same[i]))
            record_set(c, customer_field(c, same[i]), *customer_get(r, same[i]));
    if (customer_field(c, "account"))
        record_set(c, customer_field(c, "account"), (Value){.t = V_ID, .i = r->id});
    if (customer_field(c, "is_primary"))
        record_set(c, customer_field(c, "is_primary"), (Value){.t = V_BOOL, .b = true});
    return record_write_by_rule(cx, plan, c);
}

static Status account_after_write(Ctx *cx, Plan *plan, Record *r)
{
    const Value *primary = customer_get(r, "primary_contact");
    Record *c = NULL;
    if (r->by_rule || !customer_is_person(r))
        return ST_OK;
    if (r->promised)
        return make_contact(cx, plan, r);
    if (primary->t != V_ID || !customer_touched(r))
        return ST_OK;
    TRY(record_load_stored(cx, customer_field(r, "primary_contact")->to, primary->i, &c));
    return c && customer_equal(c, r) ? record_write_by_rule(cx, plan, c) : ST_OK;
}

const RecordHooks account_hooks = {
    .object = "account", .before_write = account_before_write, .after_write = account_after_write};
