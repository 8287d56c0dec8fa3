/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the contact: that of a person customer is the only one, stays, and its account follows it. */
#include "modules/customer/customer.h"

static Status load_account(Ctx *cx, const Value *link, Record **ret)
{
    const Object *o = meta_object(cx->meta, STR("account"));
    *ret = NULL;
    return link->t == V_ID && o ? record_load_stored(cx, o, link->i, ret) : ST_OK;
}

static bool is_primary_of(const Record *account, const Record *r)
{
    const Value *primary = customer_get(account, "primary_contact");
    return primary->t == V_ID && primary->i == r->id;
}

static Status contact_before_write(Ctx *cx, Record *r)
{
    customer_keep_name(cx, r);
    return ST_OK;
}

/* Neither a second one comes nor the only one goes. */
static Status contact_validate(Ctx *cx, const Record *r)
{
    const Field *f = customer_field(r, "account");
    Record *to = NULL, *from = NULL;
    if (!f || r->import || r->by_rule || !record_touched(r, f))
        return ST_OK;
    if (r->old)
        TRY(load_account(cx, &r->old[f->index], &from));
    if (from && customer_is_person(from) && is_primary_of(from, r))
        return FIELD_FAIL(cx, f->name, "person", "customer.only_contact",
                          "A person customer keeps its contact");
    TRY(load_account(cx, record_get(r, f), &to));
    if (to && customer_is_person(to) && !is_primary_of(to, r))
        return FIELD_FAIL(cx, f->name, "person", "customer.second_contact",
                          "A person customer has exactly one contact");
    return ST_OK;
}

static Status contact_after_write(Ctx *cx, Plan *plan, Record *r)
{
    Record *a = NULL;
    if (r->by_rule || !r->old || !customer_touched(r))
        return ST_OK;
    TRY(load_account(cx, customer_get(r, "account"), &a));
    if (!a || !customer_is_person(a) || !is_primary_of(a, r) || !customer_equal(a, r))
        return ST_OK;
    return record_write_by_rule(cx, plan, a);
}

static Status contact_before_delete(Ctx *cx, Plan *plan UNUSED, Record *r)
{
    Record *a = NULL;
    if (str_is(str_of(cx->cause ? cx->cause : ""), "undo"))
        return ST_OK; /* the account is taken back as well */
    TRY(load_account(cx, customer_get(r, "account"), &a));
    if (!a || !customer_is_person(a) || !is_primary_of(a, r))
        return ST_OK;
    return FAIL(cx, ST_CONFLICT, "customer.contact_stays",
                "The contact of a person customer stays as long as the customer");
}

const RecordHooks contact_hooks = {.object = "contact",
                                   .before_write = contact_before_write,
                                   .validate = contact_validate,
                                   .after_write = contact_after_write,
                                   .before_delete = contact_before_delete};
