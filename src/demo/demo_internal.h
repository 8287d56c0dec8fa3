/* SPDX-License-Identifier: Apache-2.0 */
/* Private to demo/: the company in hand. Base rows are found again by external id, so that a job that was
 * interrupted goes on with them. */
#pragma once
#include "base/calendar.h"
#include "demo/demo.h"
#include "demo/life.h"
#include "record/record.h"

extern const char *const demo_area_codes[]; /* DEMO_AREAS codes of regions */
#define DEMO_SYSTEM "demo"                  /* external_system of its rows */
enum {
    DEMO_AREAS = 8,
    DEMO_SELLERS = 300,
    DEMO_POSITIONS = 8,
    DEMO_STORES = 200,
    DEMO_CAMPAIGNS = 20,
    DEMO_PRODUCTS = 64,
    DEMO_CITIES = 48,
    DEMO_RIVALS = 8,
};

typedef struct DemoCounts {
    int64_t accounts, contacts, leads, opportunities, orders, order_lines, followups, tasks;
} DemoCounts;

typedef struct Demo {
    Ctx *cx; /* of the chunk in hand */
    Plan *plan;
    NumberRun *numbers;
    uint64_t seed;
    int64_t accounts, today, now_ms, day_ms /* of today's midnight, local */;
    bool events; /* small companies: rows are told, so that the whole can be taken back */
    size_t n_sellers, n_stores;
    Id positions[DEMO_POSITIONS];
    Id sellers[DEMO_SELLERS], departments[DEMO_SELLERS]; /* a seller's department */
    uint8_t seller_area[DEMO_SELLERS];
    Id area_department[DEMO_AREAS];
    Id stores[DEMO_STORES];
    uint16_t store_city[DEMO_STORES];
    Id products[DEMO_PRODUCTS], categories[GOODS_GROUPS], regions[DEMO_CITIES];
    Id campaigns[DEMO_CAMPAIGNS], rivals[DEMO_RIVALS], pool, pipeline, stages[DEMO_STAGES];
    DemoCounts counts;
} Demo;

/* ---- demo_set.c: fields by name; what the organisation does not have is left out */
Record *demo_fresh(Demo *d, const char *object); /* NULL: there is no such object */
bool demo_has(const Demo *d, const char *object);
void demo_text(Record *r, const char *name, Str s);
void demo_word(Record *r, const char *name, const char *word);
void demo_link(Record *r, const char *name, Id id);
void demo_about(Record *r, const char *name, const char *object, Id id); /* any_link */
void demo_int(Record *r, const char *name, int64_t v);
void demo_bool(Record *r, const char *name, bool v);
void demo_date(Record *r, const char *name, int64_t day);
void demo_time(Record *r, const char *name, int64_t ms);
void demo_cents(Demo *d, Record *r, const char *name, int64_t cents);
void demo_percent(Record *r, const char *name, int64_t whole);
void demo_number(Record *r, const char *name, int64_t whole); /* integer or decimal */
/* As a file would say it: phone numbers, addresses, rich text. */
CHECKED Status demo_loose(Demo *d, Record *r, const char *name, Str text);
/* An instant of that day in the organisation's zone. */
int64_t demo_at(const Demo *d, int64_t day, int hour, int minute);
/* Fills r at that instant, of that owner; NULL r: nothing. */
CHECKED Status demo_fill(Demo *d, Record *r, int64_t at_ms, Id owner);

/* ---- demo_base.c */
CHECKED Status demo_base(Demo *d, Ctx *cx, Job *job); /* finds or makes what stands on its own */
Id demo_department_of(const Demo *d, Id seller);

/* ---- one customer */
typedef struct DemoCustomer {
    const Life *life;
    Rng rng; /* names, numbers */
    Id account, owner, contacts[LIFE_CONTACTS], deals[LIFE_DEALS];
    Str name, short_name, phone;
    int64_t last_note, next_note; /* ms, 0: none */
    Id last_note_by;
    bool pooled;
} DemoCustomer;
CHECKED Status demo_customer(Demo *d, uint64_t number); /* everything of it */
CHECKED Status demo_stranger(Demo *d,
                             uint64_t number); /* a lead that came to nothing, or not yet */
CHECKED Status demo_deals(Demo *d, DemoCustomer *c);
CHECKED Status demo_orders(Demo *d, DemoCustomer *c);
CHECKED Status demo_notes_of(Demo *d, DemoCustomer *c);
Str demo_person_name(Demo *d, Rng *g);
Str demo_mobile(Demo *d, Rng *g);
