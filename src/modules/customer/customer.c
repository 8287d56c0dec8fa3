/* SPDX-License-Identifier: Apache-2.0 */
/* What accounts and contacts have in common. */
#include "modules/customer/customer.h"
#include "record/former.h"

static const char *const COMMON[][2] = {{"name", "name"}, {"phone", "mobile"}, {"email", "email"}};

const Field *customer_field(const Record *r, const char *name)
{
    return object_field(r->object, str_of(name));
}

const Value *customer_get(const Record *r, const char *name)
{
    static const Value none = {.t = V_NULL};
    const Field *f = customer_field(r, name);
    return f ? record_get(r, f) : &none;
}

bool customer_is_person(const Record *account)
{
    const Value *kind = customer_get(account, "kind");
    return kind->t == V_TEXT && str_is(kind->s, "person");
}

static bool is_account(const Record *r) { return str_is(r->object->name, "account"); }

bool customer_equal(Record *to, const Record *from)
{
    bool changed = false;
    for (size_t i = 0; i < COUNT_OF(COMMON); i++) {
        const Field *f = customer_field(to, COMMON[i][is_account(to) ? 0 : 1]);
        const Value *v = customer_get(from, COMMON[i][is_account(from) ? 0 : 1]);
        if (!f || value_equal(record_get(to, f), v) || (f->required && v->t == V_NULL))
            continue;
        record_set(to, f, *v);
        changed = true;
    }
    return changed;
}

void customer_keep_name(Ctx *cx, Record *r)
{
    const Field *f = customer_field(r, "name");
    if (!f || !r->old || !record_touched(r, f) ||
        str_is(str_of(cx->cause ? cx->cause : ""), "undo"))
        return;
    const Value *before = &r->old[f->index];
    if (before->t == V_TEXT && !value_equal(before, record_get(r, f)))
        record_former_add(cx, r, before->s);
}

bool customer_touched(const Record *r)
{
    for (size_t i = 0; i < COUNT_OF(COMMON); i++) {
        const Field *f = customer_field(r, COMMON[i][is_account(r) ? 0 : 1]);
        if (f && record_touched(r, f))
            return true;
    }
    return false;
}
