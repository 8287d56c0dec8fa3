/* SPDX-License-Identifier: Apache-2.0 */
/* An account changes hands with what hangs on it, by choice: of each relation named, the records that the
 * former owner held (what a colleague holds stays with him). */
#include "modules/customer/pool/pooled.h"

typedef struct Transfer {
    VerbCall *c;
    Id from, to;
    size_t n; /* records beside the account */
} Transfer;

static Status move_one(Ctx *cx, Plan *plan, const Transfer *t, const Object *o, Id id)
{
    Record *r = NULL;
    AccessRecord ar;
    TRY(record_load_any(cx, o, id, &r));
    TRY(record_access(cx, ACCESS_TRANSFER, r, r->values, &ar));
    TRY(access_require(cx, o, ACCESS_TRANSFER, &ar));
    TRY(verb_set_owner(cx, r, t->to, "to"));
    return record_write_by_rule(cx, plan, r);
}

static Status move_related(Ctx *cx, Plan *plan, Transfer *t, const char *object, const char *open)
{
    const Object *o = meta_object(cx->meta, str_of(object));
    Id ids[VERB_EFFECTS + 1];
    size_t n = 0;
    if (!o || !o->owner || !object_field(o, STR("account")))
        return ST_OK;
    Str filter = str_format(cx->arena, "account = \"%lld\" and owner = \"%lld\"%s",
                            (long long)t->c->record->id, (long long)t->from, open);
    TRY(verb_ids(cx, o, filter, COUNT_OF(ids), ids, &n));
    t->n += n;
    if (t->n > VERB_EFFECTS)
        return verb_too_many(cx);
    for (size_t i = 0; i < n; i++)
        TRY(move_one(cx, plan, t, o, ids[i]));
    return ST_OK;
}

Status pooled_transfer(Ctx *cx, Plan *plan, VerbCall *c)
{
    static const char *const with[][3] = {
        {"contacts", "contact", ""},
        {"opportunities", "opportunity", " and outcome = \"open\""},
        {"orders", "order", " and status in (\"draft\",\"confirmed\",\"in_progress\")"},
        {"tasks", "task", " and status in (\"open\",\"doing\",\"waiting\")"},
    };
    Transfer t = {.c = c, .from = verb_link(c->record, "owner"), .to = verb_arg_link(c, "to")};
    if (c->dry_run)
        return ST_OK;
    if (t.to == t.from)
        return FIELD_FAIL(cx, STR("to"), "same", "pool.same_owner", "This is the owner already");
    for (size_t i = 0; t.from && i < COUNT_OF(with); i++)
        if (verb_arg_has(c, "with", with[i][0]))
            TRY(move_related(cx, plan, &t, with[i][1], with[i][2]));
    return pooled_give(cx, plan, c->record, t.to, "to");
}
