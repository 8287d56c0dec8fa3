/* SPDX-License-Identifier: Apache-2.0 */
/* What was said to a customer, and what is to be done next. */
#include "demo/demo_internal.h"

static void about(Record *r, const DemoCustomer *c, const LifeNote *n)
{
    if (n->deal >= 0)
        demo_about(r, "about", "opportunity", c->deals[n->deal]);
    else
        demo_about(r, "about", "account", c->account);
    demo_link(r, "account", c->account);
    demo_link(r, "contact", c->contacts[n->contact]);
}

static Status add_task(Demo *d, const DemoCustomer *c, const LifeNote *n, int64_t at)
{
    Record *r = demo_fresh(d, "task");
    int64_t due = demo_at(d, n->next_on, 10, 0);
    if (!r)
        return ST_OK;
    about(r, c, n);
    demo_text(r, "subject",
              str_format(d->cx->arena, "%s：" STR_FMT, demo_next_plans[n->plan], STR_ARG(c->name)));
    demo_word(r, "kind", "followup");
    demo_word(r, "origin", "followup");
    demo_word(r, "priority", "normal");
    demo_word(r, "status", "open");
    demo_time(r, "due_at", due);
    d->counts.tasks++;
    return demo_fill(d, r, at, c->owner);
}

static Status add_note(Demo *d, DemoCustomer *c, const LifeNote *n)
{
    const DemoNote *words = &demo_notes[n->text];
    Record *r = demo_fresh(d, "followup");
    int64_t at = demo_at(d, n->day, n->hour, n->minute);
    if (!r)
        return ST_OK;
    about(r, c, n);
    demo_word(r, "method", words->method);
    demo_word(r, "result", words->result);
    TRY(demo_loose(d, r, "content", str_of(words->text)));
    demo_time(r, "occurred_at", at);
    if (n->next_on) {
        demo_time(r, "next_at", demo_at(d, n->next_on, 10, 0));
        demo_word(r, "next_method", "phone");
        demo_word(r, "next_plan", demo_next_plans[n->plan]);
    }
    d->counts.followups++;
    TRY(demo_fill(d, r, at, c->owner));
    return n->next_on ? add_task(d, c, n, at) : ST_OK;
}

Status demo_notes_of(Demo *d, DemoCustomer *c)
{
    for (int i = 0; i < c->life->n_notes; i++)
        TRY(add_note(d, c, &c->life->notes[i]));
    return ST_OK;
}
