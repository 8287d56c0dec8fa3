/* SPDX-License-Identifier: Apache-2.0 */
/* One customer: the account, its people, the lead it came from; and strangers, who are leads only. */
#include "demo/demo_internal.h"

#define PICK(g, list) demo_##list[rng_below(g, demo_n_##list)]

Str demo_person_name(Demo *d, Rng *g)
{
    /* names near the head of the list are common */
    size_t surname = (size_t)(rng_unit(g) * rng_unit(g) * (double)demo_n_surnames);
    const char *second = PICK(g, given_second);
    if (rng_chance(g, 0.25))
        return str_format(d->cx->arena, "%s%s", demo_surnames[surname], second);
    return str_format(d->cx->arena, "%s%s%s", demo_surnames[surname], PICK(g, given_first), second);
}

Str demo_mobile(Demo *d, Rng *g)
{
    static const char *const heads[] = {"130", "131", "135", "136", "137", "138", "139", "150",
                                        "151", "158", "159", "176", "177", "180", "186", "189"};
    return str_format(d->cx->arena, "%s%08u", heads[rng_below(g, COUNT_OF(heads))],
                      (unsigned)rng_below(g, 100000000));
}

static void name_firm(Demo *d, DemoCustomer *c)
{
    Rng *g = &c->rng;
    Arena *a = d->cx->arena;
    const DemoCity *city = &demo_cities[c->life->city];
    c->short_name = str_format(a, "%s%s", PICK(g, word_first), PICK(g, word_second));
    if (c->life->kind == LIFE_INSTITUTION)
        c->name = str_format(a, "%s市%s研究院", city->name, str_z(a, c->short_name));
    else
        c->name = str_format(a, "%s" STR_FMT "%s%s", city->name, STR_ARG(c->short_name),
                             demo_trades[c->life->trade].name, PICK(g, firm_ends));
}

/* 统一社会信用代码 (GB 32100-2015): 17 characters and a check character, weights 3^i mod 31; inside it
 * the organisation code with its own check (GB 11714: weights 3 7 9 10 5 8 4 2, modulo 11). */
static Str registration_number(Demo *d, Rng *g)
{
    static const char set[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int inner[] = {3, 7, 9, 10, 5, 8, 4, 2};
    char s[19] = "91";
    int sum = 0, weight = 1;
    for (int i = 2; i < 8; i++)
        s[i] = (char)('0' + rng_below(g, 10));
    for (int i = 8; i < 16; i++) {
        s[i] = (char)('0' + rng_below(g, 10));
        sum += (s[i] - '0') * inner[i - 8];
    }
    int check = 11 - sum % 11;
    s[16] = check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
    sum = 0;
    for (int i = 0; i < 17; i++) {
        int value = 0;
        while (set[value] != s[i])
            value++;
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    s[17] = set[(31 - sum % 31) % 31];
    return str_copy(d->cx->arena, (Str){s, 18});
}

/* ---- what the life says about the account */
static const char *lifecycle(const Demo *d, const Life *l)
{
    if (!l->n_orders)
        return "prospect";
    int64_t first = l->orders[0].day, last = l->orders[l->n_orders - 1].day,
            silent = d->today - last;
    if (d->today - first < 90)
        return "new";
    if (silent > 365)
        return "lost";
    if (l->n_orders > 1 && silent > 60 && silent > 2 * (last - first) / (l->n_orders - 1))
        return "at_risk";
    return l->n_orders > 6 ? "loyal" : l->n_orders > 1 ? "retained" : "satisfied";
}

static const char *level(const Life *l)
{
    int64_t scale = l->kind == LIFE_PERSON ? 1 : 400;
    if (l->spent_cents > 500000 * scale)
        return "key";
    if (l->spent_cents > 150000 * scale)
        return "important";
    return l->spent_cents > 20000 * scale ? "normal" : "small";
}

static const char *value_band(const Life *l)
{
    int64_t scale = l->kind == LIFE_PERSON ? 1 : 400;
    if (!l->n_orders)
        return "potential";
    return l->spent_cents > 250000 * scale  ? "high"
           : l->spent_cents > 30000 * scale ? "normal"
                                            : "low";
}

static void set_class(Demo *d, Record *r, const DemoCustomer *c)
{
    const Life *l = c->life;
    demo_word(r, "level", level(l));
    demo_word(r, "value_band", value_band(l));
    demo_word(r, "lifecycle", lifecycle(d, l));
    demo_word(r, "deal_status", l->n_orders > 1 ? "repeat" : l->n_orders ? "first" : "none");
    demo_word(r, "source", demo_sources[l->source].code);
    demo_word(r, "standing", "normal");
    demo_link(r, "region", d->regions[l->city]);
    if (c->pooled) {
        demo_link(r, "pool", d->pool);
        demo_word(r, "pool_reason", "no_followup");
        demo_time(r, "pooled_at", demo_at(d, d->today - 20, 2, 0));
    }
}

static void set_firm(Demo *d, Record *r, DemoCustomer *c)
{
    static const char *const sizes[] = {"micro", "small", "small", "medium", "medium", "large"};
    static const int heads[] = {12, 80, 160, 420, 800, 2600};
    Rng *g = &c->rng;
    size_t size = rng_below(g, COUNT_OF(sizes));
    demo_word(r, "kind", c->life->kind == LIFE_INSTITUTION ? "institution" : "company");
    demo_word(r, "industry", demo_trades[c->life->trade].industry);
    demo_word(r, "size", sizes[size]);
    demo_int(r, "employee_count", heads[size] + (int64_t)rng_below(g, (size_t)heads[size]));
    demo_int(r, "founded_year", 1988 + (int64_t)rng_below(g, 34));
    demo_cents(d, r, "annual_revenue", (int64_t)heads[size] * rng_between(g, 20, 90) * 1000000);
    demo_word(r, "ownership",
              rng_chance(g, 0.75)  ? "private"
              : rng_chance(g, 0.5) ? "state"
                                   : "foreign");
    demo_word(r, "sales_channel", rng_chance(g, 0.8) ? "direct" : "dealer");
    demo_text(r, "registration_number", registration_number(d, g));
    demo_text(r, "short_name", c->short_name);
}

/* Seven of ten stand on the map, some kilometres around their town; by a copy of the numbers to come, so that
 * nothing else of the company changes by it. */
static void set_place(Record *r, const DemoCity *city, Rng g)
{
    const Field *f = object_field(r->object, STR("geo"));
    if (!f || f->kind != F_GEO || !rng_chance(&g, 0.7))
        return;
    int32_t lat = city->lat * 100000 + (int32_t)(rng_normal(&g) * 250000);
    int32_t lng = city->lng * 100000 + (int32_t)(rng_normal(&g) * 300000);
    record_set(r, f, (Value){.t = V_GEO, .geo = {.lat = lat, .lng = lng}});
}

static Status set_reach(Demo *d, Record *r, DemoCustomer *c)
{
    Rng *g = &c->rng;
    Arena *a = d->cx->arena;
    const DemoCity *city = &demo_cities[c->life->city];
    bool person = c->life->kind == LIFE_PERSON;
    Str phone =
        person ? demo_mobile(d, g)
               : str_format(a, "%s-%u", city->prefix, (unsigned)rng_between(g, 60000000, 89999999));
    c->phone = phone;
    TRY(demo_loose(d, r, "phone", phone));
    const Field *f = object_field(r->object, STR("address"));
    if (!f)
        return ST_OK;
    json_t *address =
        json_pack("{s:s, s:s, s:s, s:s, s:o}", "country", "CN", "province", city->region, "city",
                  city->code, "district", PICK(g, districts), "street",
                  json_sprintf("%s%u号", PICK(g, streets), (unsigned)rng_between(g, 1, 899)));
    json_own(a, address); /* the value borrows its texts */
    TRY(record_set_field_json(d->cx, r, f, address));
    set_place(r, city, *g);
    return ST_OK;
}

static Status add_account(Demo *d, DemoCustomer *c)
{
    const Life *l = c->life;
    Record *r = demo_fresh(d, "account");
    bool person = l->kind == LIFE_PERSON;
    if (person)
        c->name = demo_person_name(d, &c->rng);
    else
        name_firm(d, c);
    demo_text(r, "name", c->name);
    if (person) {
        demo_word(r, "kind", "person");
        demo_word(r, "sales_channel", "store");
    } else {
        set_firm(d, r, c);
    }
    set_class(d, r, c);
    TRY(set_reach(d, r, c));
    demo_time(r, "last_followup_at", c->last_note);
    demo_link(r, "last_followup_by", c->last_note_by);
    demo_time(r, "next_followup_at", c->next_note);
    demo_int(r, "followup_count", l->n_notes);
    demo_link(r, "primary_contact", c->contacts[0]);
    r->id = c->account;
    d->counts.accounts++;
    return demo_fill(d, r, demo_at(d, l->born, 10, 0), c->pooled ? 0 : c->owner);
}

static Status add_contact(Demo *d, DemoCustomer *c, int i)
{
    Rng *g = &c->rng;
    Record *r = demo_fresh(d, "contact");
    bool person = c->life->kind == LIFE_PERSON;
    const DemoTitle *t = &PICK(g, titles);
    if (!r)
        return ST_OK;
    r->id = c->contacts[i];
    demo_text(r, "name", person ? c->name : demo_person_name(d, g));
    demo_link(r, "account", c->account);
    demo_bool(r, "is_primary", i == 0);
    demo_word(r, "status", "active");
    demo_word(r, "gender", rng_chance(g, 0.5) ? "male" : "female");
    demo_word(r, "wechat_status", rng_chance(g, 0.4) ? "added" : "none");
    if (!person) {
        demo_word(r, "title", t->title);
        demo_word(r, "job_level", t->level);
        demo_word(r, "role", t->role);
    } else {
        demo_date(r, "birthday", d->today - rng_between(g, 20, 65) * 365 - rng_between(g, 0, 364));
    }
    TRY(demo_loose(d, r, "mobile", person ? c->phone : demo_mobile(d, g)));
    d->counts.contacts++;
    return demo_fill(d, r, demo_at(d, c->life->born, 10, 5 + i), c->owner);
}

/* ---- leads */
static Status start_lead(Demo *d, Rng *g, const Life *l, Str name, Str company, Record **ret)
{
    Record *r = *ret = demo_fresh(d, "lead");
    if (!r)
        return ST_OK;
    demo_text(r, "name", name);
    if (company.n)
        demo_text(r, "company", company);
    demo_word(r, "source", demo_sources[l->source].code);
    demo_link(r, "region", d->regions[l->city]);
    demo_word(r, "industry", company.n ? demo_trades[l->trade].industry : NULL);
    if (rng_chance(g, 0.4))
        demo_link(r, "campaign", d->campaigns[rng_below(g, DEMO_CAMPAIGNS)]);
    demo_int(r, "score", rng_between(g, 5, 98));
    demo_cents(d, r, "cost", rng_between(g, 20, 400) * 100);
    d->counts.leads++;
    return demo_loose(d, r, "mobile", demo_mobile(d, g));
}

static Status add_lead(Demo *d, DemoCustomer *c)
{
    const Life *l = c->life;
    Record *r = NULL;
    bool person = l->kind == LIFE_PERSON;
    if (!l->lead_on)
        return ST_OK;
    TRY(start_lead(d, &c->rng, l, person ? c->name : demo_person_name(d, &c->rng),
                   person ? STR_NULL : c->name, &r));
    if (!r)
        return ST_OK;
    demo_word(r, "status", "converted");
    demo_time(r, "assigned_at", demo_at(d, l->lead_on, 9, 30));
    demo_time(r, "first_response_at", demo_at(d, l->lead_on, 11, 0));
    demo_time(r, "converted_at", demo_at(d, l->born, 10, 0));
    demo_link(r, "converted_by", c->owner);
    demo_link(r, "account", c->account);
    demo_link(r, "contact", c->contacts[0]);
    demo_link(r, "opportunity", c->deals[0]);
    return demo_fill(d, r, demo_at(d, l->lead_on, 9, 0), c->owner);
}

Status demo_stranger(Demo *d, uint64_t number)
{
    Life l = {.rng = rng_of(d->seed ^ 0x5eed, number)};
    Rng *g = &l.rng;
    Record *r = NULL;
    if (!rng_chance(g, 0.4))
        return ST_OK;
    l.city = (uint16_t)rng_below(g, demo_n_cities);
    l.trade = (uint16_t)rng_below(g, demo_n_trades);
    l.source = (uint8_t)rng_below(g, demo_n_sources);
    int64_t day = d->today - (int64_t)rng_below(g, LIFE_DAYS);
    DemoCustomer c = {.life = &l, .rng = *g};
    name_firm(d, &c);
    TRY(start_lead(d, g, &l, demo_person_name(d, g), rng_chance(g, 0.7) ? c.name : STR_NULL, &r));
    if (!r)
        return ST_OK;
    Id owner = d->sellers[rng_below(g, d->n_sellers)];
    bool old = day < d->today - 45, given = old || rng_chance(g, 0.7);
    demo_word(r, "status",
              old     ? "closed"
              : given ? rng_chance(g, 0.5) ? "working" : "assigned"
                      : "unassigned");
    if (old)
        demo_word(r, "close_reason", PICK(g, lead_ends).code);
    if (given)
        demo_time(r, "assigned_at", demo_at(d, day, 10, 0));
    return demo_fill(d, r, demo_at(d, day, 9, (int)rng_below(g, 60)), given ? owner : 0);
}

/* ---- the whole */
static Id pick_owner(const Demo *d, DemoCustomer *c)
{
    const char *area = demo_cities[c->life->city].area;
    for (int tries = 0; tries < 60; tries++) {
        size_t i = rng_below(&c->rng, d->n_sellers);
        if (str_is(str_of(area), demo_area_codes[d->seller_area[i]]))
            return d->sellers[i];
    }
    return d->sellers[0];
}

static void last_words(const Demo *d, DemoCustomer *c)
{
    const Life *l = c->life;
    if (!l->n_notes)
        return;
    const LifeNote *n = &l->notes[l->n_notes - 1];
    c->last_note = demo_at(d, n->day, n->hour, n->minute);
    c->last_note_by = c->owner;
    for (int i = 0; i < l->n_notes; i++) {
        int64_t next = l->notes[i].next_on ? demo_at(d, l->notes[i].next_on, 10, 0) : 0;
        if (next > c->next_note)
            c->next_note = next;
    }
}

Status demo_customer(Demo *d, uint64_t number)
{
    Life life;
    life_of(d->seed, number, d->today, &life);
    DemoCustomer c = {.life = &life, .rng = life.rng};
    c.owner = pick_owner(d, &c);
    c.account = record_id_next(d->cx);
    for (int i = 0; i < life.n_contacts; i++)
        c.contacts[i] = record_id_next(d->cx);
    for (int i = 0; i < life.n_deals; i++)
        c.deals[i] = record_id_next(d->cx);
    last_words(d, &c);
    c.pooled = !c.next_note && c.last_note && d->pool && rng_chance(&c.rng, 0.12);
    TRY(add_account(d, &c));
    for (int i = 0; i < life.n_contacts; i++)
        TRY(add_contact(d, &c, i));
    TRY(demo_deals(d, &c));
    TRY(demo_orders(d, &c));
    TRY(demo_notes_of(d, &c));
    TRY(add_lead(d, &c));
    return demo_stranger(d, number);
}
