/* SPDX-License-Identifier: Apache-2.0 */
/* What hangs on a converted lead: follow-ups, tasks, calls, meetings, visits and notes are about the account
 * from now on, memberships of campaigns are the contact's; files are linked there as well (a file is never
 * changed). Comments stay: they are about the lead. */
#include "modules/sales/lead/lead.h"

typedef struct Move {
    const Record *lead;
    const LeadTargets *t;
    size_t n; /* records so far */
} Move;

static Status of_lead(Ctx *cx, Move *m, const Relation *rel, Id *ids, size_t *ret_n)
{
    TRY(record_children(cx, rel->field, m->lead->object, m->lead->id, VERB_EFFECTS + 1, ids,
                        ret_n));
    m->n += *ret_n;
    return m->n > VERB_EFFECTS ? verb_too_many(cx) : ST_OK;
}

static void set_ref(Record *r, const Field *f, const char *object, Id id)
{
    record_set(r, f, (Value){.t = V_REF, .ref = {.id = id, .object = str_of(object)}});
}

static bool leads_to(const Ctx *cx, const Field *f, const char *object)
{
    const Object *o = meta_object(cx->meta, str_of(object));
    return o && field_leads_to(f, o);
}

static Status move_member(Ctx *cx, Plan *plan, const Move *m, const Field *f, Record *r)
{
    bool contact = m->t->contact_id && leads_to(cx, f, "contact");
    set_ref(r, f, contact ? "contact" : "account", contact ? m->t->contact_id : m->t->account_id);
    verb_set_text(r, "status", "converted");
    verb_set(r, "status_at", (Value){.t = V_TIME, .i = cx->now_ms});
    return record_write_by_rule(cx, plan, r);
}

static Status move_activity(Ctx *cx, Plan *plan, const Move *m, const Field *f, Record *r)
{
    set_ref(r, f, "account", m->t->account_id);
    verb_set_link(r, "account", m->t->account_id);
    if (m->t->contact_id && !verb_link(r, "contact"))
        verb_set_link(r, "contact", m->t->contact_id);
    return record_write_by_rule(cx, plan, r);
}

static Status link_file(Ctx *cx, Plan *plan, const Move *m, const Field *f, const Record *r)
{
    Record *copy = record_new(cx, r->object);
    for (size_t i = 0; i < r->object->n_fields; i++)
        if (!r->object->fields[i]->system && !value_is_null(&r->values[i]))
            record_set(copy, r->object->fields[i], r->values[i]);
    set_ref(copy, f, "account", m->t->account_id);
    return record_write_by_rule(cx, plan, copy);
}

static Status move_relation(Ctx *cx, Plan *plan, Move *m, const Relation *rel)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, VERB_EFFECTS + 1);
    size_t n = 0;
    bool file = str_is(rel->child->name, "file"), member = str_is(rel->field->name, "member");
    if (rel->child->traits & TRAIT_APPEND_ONLY && !file)
        return ST_OK;
    TRY(of_lead(cx, m, rel, ids, &n));
    for (size_t i = 0; i < n; i++) {
        Record *r = NULL;
        TRY(record_load_any(cx, rel->child, ids[i], &r));
        TRY(file     ? link_file(cx, plan, m, rel->field, r)
            : member ? move_member(cx, plan, m, rel->field, r)
                     : move_activity(cx, plan, m, rel->field, r));
    }
    return ST_OK;
}

Status lead_move(Ctx *cx, Plan *plan, const Record *lead, const LeadTargets *t)
{
    Move m = {.lead = lead, .t = t};
    for (size_t i = 0; i < lead->object->n_relations; i++) {
        const Relation *rel = &lead->object->relations[i];
        if (rel->field->kind == F_ANY_LINK && leads_to(cx, rel->field, "account"))
            TRY(move_relation(cx, plan, &m, rel));
    }
    return ST_OK;
}
