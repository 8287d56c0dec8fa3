/* SPDX-License-Identifier: Apache-2.0 */
/* When a customer came, what was bought, which deals were made, what was said. */
#include "demo/life.h"
#include "base/calendar.h"
#include "base/decimal.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEASON_TOP = 135, NOTE_NEXT_MAX = 21 };

int64_t life_line_cents(const LifeLine *l)
{
    int64_t cents = 0;
    if (!decimal_mul3(demo_products[l->product].price_cents, l->quantity, 100 - l->discount, 2,
                      &cents))
        return 0;
    return cents;
}

int64_t life_order_cents(const LifeOrder *o)
{
    int64_t sum = 0;
    for (int i = 0; i < o->n_lines; i++)
        sum += life_line_cents(&o->lines[i]);
    return sum;
}

/* ---- goods */
static size_t product_by_code(const char *code)
{
    for (size_t i = 0; i < demo_n_products; i++)
        if (!strcmp(demo_products[i].code, code))
            return i;
    return 0;
}

static size_t pick_product(Rng *g, int group)
{
    uint32_t total = 0;
    for (size_t i = 0; i < demo_n_products; i++)
        total += demo_products[i].group == group ? demo_products[i].weight : 0;
    size_t at = rng_below(g, total ? total : 1);
    for (size_t i = 0; i < demo_n_products; i++) {
        if (demo_products[i].group != group)
            continue;
        if (at < demo_products[i].weight)
            return i;
        at -= demo_products[i].weight;
    }
    return 0;
}

static void add_line(Rng *g, LifeOrder *o, size_t product, const Life *l)
{
    for (int i = 0; i < o->n_lines; i++)
        if (o->lines[i].product == product)
            return;
    if (o->n_lines == LIFE_LINES)
        return;
    int many = demo_products[product].group == GOODS_SPARE ? 8 : l->kind == LIFE_PERSON ? 1 : 3;
    int quantity =
        demo_products[product].group == GOODS_MACHINE ? 1 : 1 + rng_poisson(g, many * 0.4);
    o->lines[o->n_lines++] = (LifeLine){
        .product = (uint16_t)product,
        .quantity = (uint16_t)quantity,
        .discount = (uint8_t)(rng_chance(g, 0.25) ? 5 * rng_between(g, 1, 3) : 0),
    };
}

/* What goes with what is in the basket already; twice, so that what came along brings its own. */
static void add_companions(Rng *g, LifeOrder *o, const Life *l)
{
    for (int from = 0, round = 0; round < 2; round++) {
        int to = o->n_lines;
        for (int i = from; i < to; i++)
            for (size_t k = 0; k < demo_n_pairs; k++)
                if (!strcmp(demo_pairs[k].a, demo_products[o->lines[i].product].code) &&
                    rng_chance(g, demo_pairs[k].percent / 100.0))
                    add_line(g, o, product_by_code(demo_pairs[k].b), l);
        from = to;
    }
}

static int favoured_group(Rng *g, const Life *l)
{
    if (l->kind != LIFE_PERSON)
        return rng_chance(g, 0.78) ? GOODS_SPARE : rng_chance(g, 0.6) ? GOODS_COFFEE : GOODS_HOME;
    if (rng_chance(g, 0.68))
        return l->group;
    return GOODS_COFFEE + (int)rng_below(g, GOODS_GROUPS - GOODS_COFFEE);
}

static void fill_basket(Rng *g, LifeOrder *o, const Life *l)
{
    add_line(g, o, pick_product(g, favoured_group(g, l)), l);
    for (int more = rng_poisson(g, 0.5); more > 0; more--)
        add_line(g, o, pick_product(g, favoured_group(g, l)), l);
    add_companions(g, o, l);
}

/* ---- purchases */
static LifeOrder *new_order(Life *l, int64_t day, int deal)
{
    if (l->n_orders == LIFE_ORDERS)
        return NULL;
    LifeOrder *o = &l->orders[l->n_orders++];
    *o = (LifeOrder){.day = day, .deal = deal, .hour = (uint8_t)rng_between(&l->rng, 9, 20)};
    return o;
}

static bool in_season(Rng *g, int64_t day)
{
    return rng_unit(g) * SEASON_TOP < demo_season[calendar_civil(day).month - 1];
}

static void make_purchases(Life *l, int64_t today)
{
    Rng *g = &l->rng;
    bool person = l->kind == LIFE_PERSON;
    if (!person && !rng_chance(g, 0.45))
        return; /* firms that buy through deals only */
    double gap = 30 / (rng_gamma(g, person ? 0.9 : 0.8, person ? 0.36 : 0.38) + 0.01);
    double leaves = rng_beta(g, 1.1, person ? 3.2 : 5.5);
    double at = (double)l->born + rng_exponential(g, person ? 3 : 20);
    while (at <= (double)today && l->n_orders < LIFE_ORDERS) {
        int64_t day = (int64_t)at;
        at += 1 + rng_exponential(g, gap * 100 / SEASON_TOP);
        if (l->n_orders && !in_season(g, day))
            continue;
        LifeOrder *o = new_order(l, day, -1);
        fill_basket(g, o, l);
        if (rng_chance(g, leaves))
            return;
    }
}

/* ---- deals */
static void end_deal(Life *l, LifeDeal *d, int64_t day)
{
    Rng *g = &l->rng;
    double chance =
        demo_sources[l->source].win / 100.0 * (l->kind == LIFE_INSTITUTION ? 0.85 : 1.0);
    d->closed = day;
    d->stage_since = day;
    d->rival = (uint8_t)(rng_chance(g, 0.4) ? 1 + rng_below(g, demo_n_rivals) : 0);
    if (rng_chance(g, d->rival ? chance * 0.75 : chance)) {
        d->stage = DEMO_WON;
        d->reason = (uint8_t)rng_below(g, demo_n_wins);
        return;
    }
    d->stage = DEMO_LOST;
    uint8_t weights[16];
    uint32_t total = 0;
    for (size_t i = 0; i < demo_n_losses; i++)
        total += weights[i] = demo_losses[i].weight;
    d->reason = (uint8_t)rng_weighted(g, weights, demo_n_losses, total);
}

static void make_deal(Life *l, LifeDeal *d, int64_t today)
{
    Rng *g = &l->rng;
    int64_t cycle = 6 + (int64_t)rng_gamma(g, 3.2, 17);
    d->product = (uint16_t)pick_product(g, rng_chance(g, 0.8) ? GOODS_MACHINE : GOODS_SERVICE);
    d->quantity = (uint16_t)(1 + rng_poisson(g, 0.7));
    d->expected = d->started + cycle + rng_between(g, -5, 14);
    if (d->started + cycle <= today) {
        end_deal(l, d, d->started + cycle);
        return;
    }
    double part = (double)(today - d->started) / (double)cycle;
    d->stage = (uint8_t)(part * DEMO_OPEN_STAGES);
    if (d->stage >= DEMO_OPEN_STAGES)
        d->stage = DEMO_OPEN_STAGES - 1;
    d->stage_since = d->started + (int64_t)((double)cycle * d->stage / DEMO_OPEN_STAGES);
}

static int by_start(const void *a, const void *b)
{
    const LifeDeal *x = a, *y = b;
    return (x->started > y->started) - (x->started < y->started);
}

static void make_deals(Life *l, int64_t today)
{
    Rng *g = &l->rng;
    if (l->kind == LIFE_PERSON)
        return;
    int n = rng_poisson(g, 1.1);
    l->n_deals = n > LIFE_DEALS ? LIFE_DEALS : n;
    for (int i = 0; i < l->n_deals; i++) {
        /* a fifth begins lately, so that the board of any size of company is full */
        int64_t from = rng_chance(g, 0.2) && today - 75 > l->born ? today - 75 : l->born;
        l->deals[i].started = rng_between(g, from, today);
    }
    qsort(l->deals, (size_t)l->n_deals, sizeof l->deals[0], by_start);
    for (int i = 0; i < l->n_deals; i++)
        make_deal(l, &l->deals[i], today);
}

static void order_of_deal(Life *l, int deal)
{
    const LifeDeal *d = &l->deals[deal];
    LifeOrder *o = d->stage == DEMO_WON ? new_order(l, d->closed, deal) : NULL;
    if (!o)
        return;
    o->lines[o->n_lines++] = (LifeLine){
        .product = d->product,
        .quantity = d->quantity,
        .discount = (uint8_t)rng_between(&l->rng, 0, 8),
    };
    add_companions(&l->rng, o, l);
}

static int by_day(const void *a, const void *b)
{
    const LifeOrder *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

/* ---- what was said */
static size_t pick_note(Rng *g, int stage)
{
    for (int tries = 0; tries < 40; tries++) {
        size_t i = rng_below(g, demo_n_notes);
        if (demo_notes[i].stage == stage)
            return i;
    }
    return 0;
}

static void add_note(Life *l, int64_t day, int deal, int stage, int64_t next_on)
{
    Rng *g = &l->rng;
    if (l->n_notes == LIFE_NOTES)
        return;
    l->notes[l->n_notes++] = (LifeNote){
        .day = day,
        .next_on = next_on,
        .text = (uint8_t)pick_note(g, stage),
        .plan = (uint8_t)rng_below(g, demo_n_next_plans),
        .deal = (int8_t)deal,
        .contact = (int8_t)rng_below(g, (size_t)l->n_contacts),
        .hour = (uint8_t)rng_between(g, 8, 18),
        .minute = (uint8_t)(5 * rng_below(g, 12)),
    };
}

static void notes_of_deal(Life *l, int deal, int64_t today)
{
    Rng *g = &l->rng;
    const LifeDeal *d = &l->deals[deal];
    int64_t end = d->closed ? d->closed : today;
    int stages = d->stage < DEMO_OPEN_STAGES ? d->stage + 1 : DEMO_OPEN_STAGES;
    int n = 1 + rng_poisson(g, 1.4);
    for (int i = 0; i < n; i++) {
        int64_t day = d->started + (end - d->started) * (i + 1) / (n + 1);
        add_note(l, day, deal, i * stages / n, day + rng_between(g, 2, NOTE_NEXT_MAX));
    }
    if (!d->closed) /* what is open has a next step; some are late */
        add_note(l, today - rng_between(g, 0, 12), deal, d->stage, today + rng_between(g, -4, 14));
}

static int by_note_day(const void *a, const void *b)
{
    const LifeNote *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static void make_notes(Life *l, int64_t today)
{
    Rng *g = &l->rng;
    if (l->kind != LIFE_PERSON || rng_chance(g, 0.15))
        add_note(l, l->born, -1, 0, 0);
    for (int i = 0; i < l->n_deals; i++)
        notes_of_deal(l, i, today);
    if (l->n_orders > 3 && rng_chance(g, 0.4))
        add_note(l, rng_between(g, l->orders[0].day, today), -1, -1, 0);
    for (int i = 0; i < l->n_notes; i++) /* an old plan was kept: the next entry tells of it */
        if (l->notes[i].next_on && l->notes[i].next_on < today - 7)
            l->notes[i].next_on = 0;
    qsort(l->notes, (size_t)l->n_notes, sizeof l->notes[0], by_note_day);
}

/* ---- the whole */
static size_t pick_city(Rng *g)
{
    uint32_t total = 0;
    for (size_t i = 0; i < demo_n_cities; i++)
        total += demo_cities[i].weight;
    size_t at = rng_below(g, total);
    for (size_t i = 0; i < demo_n_cities; i++) {
        if (at < demo_cities[i].weight)
            return i;
        at -= demo_cities[i].weight;
    }
    return 0;
}

static size_t pick_source(Rng *g)
{
    uint32_t total = 0;
    for (size_t i = 0; i < demo_n_sources; i++)
        total += demo_sources[i].weight;
    size_t at = rng_below(g, total);
    for (size_t i = 0; i < demo_n_sources; i++) {
        if (at < demo_sources[i].weight)
            return i;
        at -= demo_sources[i].weight;
    }
    return 0;
}

void life_of(uint64_t seed, uint64_t number, int64_t today, Life *l)
{
    *l = (Life){.rng = rng_of(seed, number)};
    Rng *g = &l->rng;
    double kind = rng_unit(g);
    l->kind = kind < 0.38 ? LIFE_PERSON : kind < 0.95 ? LIFE_COMPANY : LIFE_INSTITUTION;
    l->city = (uint16_t)pick_city(g);
    l->trade = (uint16_t)rng_below(g, demo_n_trades);
    l->source = (uint8_t)pick_source(g);
    l->group = (uint8_t)(GOODS_COFFEE + rng_below(g, GOODS_GROUPS - GOODS_COFFEE));
    l->born = today - LIFE_DAYS + (int64_t)(pow(rng_unit(g), 0.7) * LIFE_DAYS);
    l->n_contacts = l->kind == LIFE_PERSON ? 1 : 1 + rng_poisson(g, 0.8);
    if (l->n_contacts > LIFE_CONTACTS)
        l->n_contacts = LIFE_CONTACTS;
    if (rng_chance(g, 0.35))
        l->lead_on = l->born - 1 - (int64_t)rng_gamma(g, 2, 6);
    make_deals(l, today);
    for (int i = 0; i < l->n_deals; i++)
        order_of_deal(l, i);
    make_purchases(l, today);
    qsort(l->orders, (size_t)l->n_orders, sizeof l->orders[0], by_day);
    make_notes(l, today);
    for (int i = 0; i < l->n_orders; i++)
        l->spent_cents += life_order_cents(&l->orders[i]);
}
