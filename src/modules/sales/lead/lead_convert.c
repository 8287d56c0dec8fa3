/* SPDX-License-Identifier: Apache-2.0 */
/* A lead becomes a customer: an account (new or one there is), a contact, an opportunity. Everything is one
 * batch, so that it can be taken back as one. The person must be allowed to make what is made; owner,
 * source and campaign are the lead's.
 *
 * A record that is made and linked to by another one of the plan must be written first or be `promised`
 * (record/record.h): contact and account name each other, so the contact comes first. */
#include "base/calendar.h"
#include "base/utf8.h"
#include "modules/sales/lead/lead.h"

typedef struct Pair { /* field of the lead → field of what it becomes */
    const char *from, *to;
} Pair;

static const Pair ACCOUNT[] = {
    {"owner", "owner"},
    {"department", "department"},
    {"phone", "phone"},
    {"email", "email"},
    {"website", "website"},
    {"industry", "industry"},
    {"size", "size"},
    {"region", "region"},
    {"address", "address"},
    {"source", "source"},
    {"source_note", "source_note"},
    {"campaign", "campaign"},
    {"intent", "intent"},
    {"tags", "tags"},
    {"last_followup_at", "last_followup_at"},
    {"last_followup_by", "last_followup_by"},
    {"next_followup_at", "next_followup_at"},
    {"followup_count", "followup_count"},
};
static const Pair CONTACT[] = {
    {"owner", "owner"},
    {"department", "department"},
    {"name", "name"},
    {"title", "title"},
    {"mobile", "mobile"},
    {"phone", "phone"},
    {"email", "email"},
    {"wechat_id", "wechat_id"},
    {"wechat_status", "wechat_status"},
    {"qq", "qq"},
    {"source", "source"},
    {"card", "card"},
    {"last_followup_at", "last_followup_at"},
    {"last_followup_by", "last_followup_by"},
    {"next_followup_at", "next_followup_at"},
    {"followup_count", "followup_count"},
};
static const Pair OPPORTUNITY[] = {
    {"owner", "owner"},   {"department", "department"}, {"need", "need"},
    {"budget", "budget"}, {"budget", "amount"},         {"wanted_on", "expected_close_on"},
    {"source", "source"}, {"campaign", "campaign"},     {"next_followup_at", "next_followup_at"},
};

static void map(const Record *from, Record *to, const Pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const Field *a = verb_field(from, pairs[i].from), *b = verb_field(to, pairs[i].to);
        if (a && b && a->kind == b->kind && !value_is_null(record_get(from, a)))
            record_set(to, b, *record_get(from, a));
    }
}

static void set_text(Record *r, const char *name, Str text, size_t most)
{
    if (text.n)
        verb_set(r, name, (Value){.t = V_TEXT, .s = str_sub(text, 0, utf8_offset(text, most))});
}

static Str text_of(const Value *v) { return v->t == V_TEXT ? v->s : STR_NULL; }

static Str title_of(const Record *r) { return text_of(verb_get(r, "name")); }

/* ---- which account and contact */

static Status existing_account(Ctx *cx, LeadTargets *t)
{
    const Object *o = meta_object(cx->meta, STR("account"));
    TRY(record_load_any(cx, o, t->account_id, &t->account));
    t->person = verb_is(t->account, "kind", "person");
    if (t->person && !t->contact_id)
        t->contact_id = verb_link(t->account, "primary_contact");
    return ST_OK;
}

static Status existing_contact(Ctx *cx, const VerbCall *c, LeadTargets *t)
{
    Record *contact = NULL;
    t->contact_id = verb_arg_link(c, "contact");
    if (!t->contact_id)
        return ST_OK;
    TRY(record_load_any(cx, meta_object(cx->meta, STR("contact")), t->contact_id, &contact));
    Id account = verb_link(contact, "account");
    if (!t->account_id)
        t->account_id = account;
    if (account && account == t->account_id)
        return ST_OK;
    return FIELD_FAIL(cx, STR("contact"), "other_account", "lead.other_account",
                      "The contact belongs to another account");
}

static Status check_single_contact(Ctx *cx, const LeadTargets *t)
{
    if (!t->person || !t->account || t->contact_id == verb_link(t->account, "primary_contact"))
        return ST_OK;
    return FIELD_FAIL(cx, STR("contact"), "person", "lead.person_contact",
                      "A person customer has exactly one contact");
}

static void new_account(Ctx *cx, const VerbCall *c, LeadTargets *t)
{
    const Record *lead = c->record;
    const Value *kind = verb_arg(c, "kind");
    Str company = text_of(verb_get(lead, "company")), name = text_of(verb_arg(c, "account_name"));
    Record *a = t->account = record_new(cx, meta_object(cx->meta, STR("account")));
    t->new_account = true;
    t->account_id = a->id = record_id_next(cx);
    map(lead, a, ACCOUNT, COUNT_OF(ACCOUNT));
    verb_set_text(a, "kind", company.n ? "company" : "person");
    if (kind->t == V_TEXT)
        verb_set(a, "kind", *kind);
    t->person = verb_is(a, "kind", "person");
    set_text(a, "name", name.n ? name : company.n && !t->person ? company : title_of(lead), 200);
    if (!title_of(a).n)
        set_text(a, "name", company, 200);
    if (t->person && verb_get(lead, "mobile")->t != V_NULL)
        verb_set(a, "phone", *verb_get(lead, "mobile"));
}

static void new_contact(Ctx *cx, const VerbCall *c, LeadTargets *t)
{
    const Record *lead = c->record;
    const Object *o = meta_object(cx->meta, STR("contact"));
    if (t->contact_id || !o || (!title_of(lead).n && !t->person))
        return;
    Record *r = t->contact = record_new(cx, o);
    t->new_contact = true;
    t->contact_id = r->id = record_id_next(cx);
    map(lead, r, CONTACT, COUNT_OF(CONTACT));
    if (t->person) /* the two are kept equal */
        set_text(r, "name", title_of(t->account), 80);
    verb_set_link(r, "account", t->account_id);
    verb_set(r, "is_primary", (Value){.t = V_BOOL, .b = t->new_account});
    r->promised = t->new_account ? t->account_id : 0;
}

/* ---- written */

static void add_followups(Record *account, const Record *lead)
{
    const Value *n = verb_get(account, "followup_count"), *more = verb_get(lead, "followup_count"),
                *last = verb_get(account, "last_followup_at"),
                *at = verb_get(lead, "last_followup_at"),
                *next = verb_get(lead, "next_followup_at"),
                *mine = verb_get(account, "next_followup_at");
    if (more->t == V_INT && more->i)
        verb_set(account, "followup_count",
                 (Value){.t = V_INT, .i = more->i + (n->t == V_INT ? n->i : 0)});
    if (at->t == V_TIME && (last->t != V_TIME || last->i < at->i)) {
        verb_set(account, "last_followup_at", *at);
        verb_set(account, "last_followup_by", *verb_get(lead, "last_followup_by"));
    }
    if (next->t == V_TIME && (mine->t != V_TIME || mine->i > next->i))
        verb_set(account, "next_followup_at", *next);
}

static Status write_customer(Ctx *cx, Plan *plan, const Record *lead, LeadTargets *t)
{
    if (t->new_contact)
        TRY(record_write(cx, plan, t->contact));
    if (!t->new_account) {
        add_followups(t->account, lead);
        return record_write_by_rule(cx, plan, t->account);
    }
    verb_set_link(t->account, "primary_contact", t->contact_id);
    return record_write(cx, plan, t->account);
}

static Status write_opportunity(Ctx *cx, Plan *plan, VerbCall *c, LeadTargets *t)
{
    static const char *const said[] = {"amount", "expected_close_on", "pipeline"};
    const Object *o = meta_object(cx->meta, STR("opportunity"));
    const Value *products = verb_get(c->record, "products");
    Str name = text_of(verb_arg(c, "opportunity_name"));
    if (!o || !verb_arg_true(c, "opportunity"))
        return ST_OK;
    Record *r = t->opportunity = record_new(cx, o);
    map(c->record, r, OPPORTUNITY, COUNT_OF(OPPORTUNITY));
    for (size_t i = 0; i < COUNT_OF(said); i++)
        if (!value_is_null(verb_arg(c, said[i])))
            verb_set(r, said[i], *verb_arg(c, said[i]));
    set_text(r, "name", name.n ? name : title_of(t->account), 200);
    verb_set_link(r, "account", t->account_id);
    verb_set_link(r, "primary_contact", t->contact_id);
    verb_set_link(r, "lead", c->record->id);
    if (products->t == V_IDS && products->ids.n)
        verb_set_link(r, "product", products->ids.p[0]);
    verb_set(
        r, "started_on",
        (Value){.t = V_DATE, .i = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms))});
    return record_write(cx, plan, r);
}

static Status write_lead(Ctx *cx, Plan *plan, Record *lead, const LeadTargets *t)
{
    verb_set_text(lead, "status", "converted");
    verb_set(lead, "converted_at", (Value){.t = V_TIME, .i = cx->now_ms});
    verb_set_link(lead, "converted_by", cx->user->id);
    verb_set_link(lead, "account", t->account_id);
    verb_set_link(lead, "contact", t->contact_id);
    verb_set_link(lead, "opportunity", t->opportunity ? t->opportunity->id : 0);
    verb_set(lead, "next_followup_at", VALUE_NULL);
    return record_write_by_rule(cx, plan, lead);
}

Status lead_convert(Ctx *cx, Plan *plan, VerbCall *c)
{
    LeadTargets t = {.account_id = verb_arg_link(c, "account")};
    if (c->dry_run)
        return lead_hints(cx, c);
    TRY(existing_contact(cx, c, &t));
    if (t.account_id)
        TRY(existing_account(cx, &t));
    else
        new_account(cx, c, &t);
    TRY(check_single_contact(cx, &t));
    new_contact(cx, c, &t);
    TRY(write_customer(cx, plan, c->record, &t));
    TRY(write_opportunity(cx, plan, c, &t));
    TRY(lead_move(cx, plan, c->record, &t));
    return write_lead(cx, plan, c->record, &t);
}
