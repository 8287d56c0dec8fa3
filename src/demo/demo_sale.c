/* SPDX-License-Identifier: Apache-2.0 */
/* What a customer bought and may buy: deals with lines, orders with lines. */
#include "demo/demo_internal.h"

static Status deal_line(Demo *d, Id deal, const LifeDeal *l, int64_t at)
{
    const DemoProduct *p = &demo_products[l->product];
    Record *r = demo_fresh(d, "opportunity_line");
    demo_link(r, "opportunity", deal);
    demo_link(r, "product", d->products[l->product]);
    demo_word(r, "name", p->name);
    demo_number(r, "quantity", l->quantity);
    demo_word(r, "unit", p->unit);
    demo_cents(d, r, "list_price", p->price_cents);
    demo_cents(d, r, "price", p->price_cents);
    demo_cents(d, r, "amount", p->price_cents * l->quantity);
    demo_int(r, "position", 1);
    return demo_fill(d, r, at, 0);
}

static void deal_end(Demo *d, Record *r, const LifeDeal *l)
{
    static const int chances[DEMO_STAGES] = {10, 30, 50, 70, 90, 100, 0};
    static const char *const categories[DEMO_STAGES] = {
        "pipeline", "pipeline", "best_case", "commit", "commit", "closed", "omitted"};
    demo_percent(r, "probability", chances[l->stage]);
    demo_word(r, "forecast_category", categories[l->stage]);
    demo_word(r, "outcome", l->stage == DEMO_WON ? "won" : l->stage == DEMO_LOST ? "lost" : "open");
    if (l->closed)
        demo_date(r, "closed_on", l->closed);
    if (l->stage == DEMO_WON)
        demo_word(r, "win_reason", demo_wins[l->reason].code);
    if (l->stage == DEMO_LOST)
        demo_word(r, "loss_reason", demo_losses[l->reason].code);
    if (l->stage == DEMO_LOST && l->rival)
        demo_link(r, "lost_to", d->rivals[l->rival - 1]);
}

static Status add_deal(Demo *d, DemoCustomer *c, int i)
{
    const LifeDeal *l = &c->life->deals[i];
    const DemoProduct *p = &demo_products[l->product];
    Record *r = demo_fresh(d, "opportunity");
    if (!r)
        return ST_OK;
    r->id = c->deals[i];
    demo_text(r, "name", str_format(d->cx->arena, STR_FMT "%s", STR_ARG(c->short_name), p->name));
    demo_link(r, "account", c->account);
    demo_link(r, "primary_contact", c->contacts[0]);
    demo_word(r, "kind", i ? "repeat" : "new");
    demo_link(r, "pipeline", d->pipeline);
    demo_link(r, "stage", d->stages[l->stage]);
    demo_link(r, "product", d->products[l->product]);
    demo_cents(d, r, "amount", p->price_cents * l->quantity);
    demo_word(r, "source", demo_sources[c->life->source].code);
    demo_date(r, "started_on", l->started);
    demo_date(r, "expected_close_on", l->expected);
    demo_time(r, "stage_entered_at", demo_at(d, l->stage_since, 14, 0));
    deal_end(d, r, l);
    d->counts.opportunities++;
    int64_t at = demo_at(d, l->started, 11, 0);
    TRY(demo_fill(d, r, at, c->owner));
    return deal_line(d, r->id, l, at);
}

Status demo_deals(Demo *d, DemoCustomer *c)
{
    for (int i = 0; i < c->life->n_deals; i++)
        TRY(add_deal(d, c, i));
    return ST_OK;
}

/* ---- orders */
static Id store_of(Demo *d, DemoCustomer *c)
{
    for (int tries = 0; d->n_stores && tries < 12; tries++) {
        size_t i = rng_below(&c->rng, d->n_stores);
        if (d->store_city[i] == c->life->city || tries > 8)
            return d->stores[i];
    }
    return 0;
}

static void order_state(Demo *d, Record *r, const LifeOrder *o, bool at_store)
{
    int64_t age = d->today - o->day;
    bool done = at_store || age > 30;
    demo_word(r, "status", done ? "completed" : age > 3 ? "in_progress" : "confirmed");
    demo_word(r, "delivery_status", done ? "received" : age > 10 ? "delivered" : "none");
    demo_word(r, "payment_status", at_store || age > 75 ? "paid" : age > 25 ? "partial" : "unpaid");
    demo_word(r, "invoice_status", at_store ? "not_needed" : age > 40 ? "done" : "none");
}

static Status order_line(Demo *d, Id order, const LifeLine *l, int position, int64_t at)
{
    const DemoProduct *p = &demo_products[l->product];
    Record *r = demo_fresh(d, "order_line");
    demo_link(r, "order", order);
    demo_link(r, "product", d->products[l->product]);
    demo_word(r, "name", p->name);
    demo_number(r, "quantity", l->quantity);
    demo_word(r, "unit", p->unit);
    demo_cents(d, r, "list_price", p->price_cents);
    demo_cents(d, r, "price", p->price_cents);
    demo_percent(r, "discount_rate", l->discount);
    demo_cents(d, r, "amount", life_line_cents(l));
    demo_cents(d, r, "cost", p->cost_cents * l->quantity);
    demo_int(r, "position", position);
    d->counts.order_lines += r != NULL;
    return demo_fill(d, r, at, 0);
}

static Status add_order(Demo *d, DemoCustomer *c, const LifeOrder *o)
{
    Record *r = demo_fresh(d, "order");
    bool at_store = c->life->kind == LIFE_PERSON;
    int64_t cost = 0, at = demo_at(d, o->day, o->hour, (int)rng_below(&c->rng, 60));
    if (!r)
        return ST_OK;
    for (int i = 0; i < o->n_lines; i++)
        cost += demo_products[o->lines[i].product].cost_cents * o->lines[i].quantity;
    demo_word(r, "kind", "sales");
    demo_link(r, "account", c->account);
    demo_link(r, "contact", c->contacts[0]);
    if (o->deal >= 0)
        demo_link(r, "opportunity", c->deals[o->deal]);
    demo_date(r, "placed_on", o->day);
    demo_time(r, "placed_at", at);
    demo_link(r, "store", at_store ? store_of(d, c) : 0);
    demo_word(r, "sales_channel", at_store ? "store" : "direct");
    demo_word(r, "source", at_store ? "pos" : o->deal >= 0 ? "contract" : "manual");
    demo_cents(d, r, "total", life_order_cents(o));
    demo_cents(d, r, "cost", cost);
    order_state(d, r, o, at_store);
    d->counts.orders++;
    TRY(demo_fill(d, r, at, c->owner));
    for (int i = 0; i < o->n_lines; i++)
        TRY(order_line(d, r->id, &o->lines[i], i + 1, at));
    return ST_OK;
}

Status demo_orders(Demo *d, DemoCustomer *c)
{
    for (int i = 0; i < c->life->n_orders; i++)
        TRY(add_order(d, c, &c->life->orders[i]));
    return ST_OK;
}
