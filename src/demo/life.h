/* SPDX-License-Identifier: Apache-2.0 */
/* The life of one customer of the demo company, before anything is written: when they came, what they
 * bought, which deals were made, what was said. Pure: a seed, a number and today give the same life.
 *
 * Purchases follow the model that BG/NBD fits (Fader, Hardie, Lee 2005): each customer buys at a rate of
 * his own (gamma over customers) and drops out after a purchase with a chance of his own (beta); a month's
 * season thins the purchases. Baskets hold an anchor, goods that go with it (demo_pairs), and chance.
 * Days are day numbers (calendar.h). */
#pragma once
#include "demo/demo_words.h"
#include "demo/rng.h"

enum {
    LIFE_DAYS = 1826, /* five years */
    LIFE_ORDERS = 40,
    LIFE_LINES = 6,
    LIFE_DEALS = 6,
    LIFE_NOTES = 32,
    LIFE_CONTACTS = 4,
};

typedef struct LifeLine {
    uint16_t product, quantity;
    uint8_t discount; /* percent */
} LifeLine;

typedef struct LifeOrder {
    int64_t day;
    int deal; /* index, −1: none */
    int n_lines;
    LifeLine lines[LIFE_LINES];
    uint8_t hour;
} LifeOrder;

typedef struct LifeDeal {
    int64_t started, expected, closed; /* closed 0: open */
    uint8_t stage;                     /* index of demo_stages */
    uint8_t reason, rival;             /* of demo_wins or demo_losses; rival + 1, 0: none */
    uint16_t product, quantity;
    int64_t stage_since;
} LifeDeal;

typedef struct LifeNote {
    int64_t day, next_on; /* next_on 0: nothing planned */
    uint8_t text;         /* of demo_notes */
    uint8_t plan;         /* of demo_next_plans */
    int8_t deal, contact;
    uint8_t hour, minute;
} LifeNote;

typedef enum LifeKind { LIFE_COMPANY, LIFE_PERSON, LIFE_INSTITUTION } LifeKind;

typedef struct Life {
    Rng rng; /* goes on for what is not told here (names, numbers) */
    LifeKind kind;
    uint16_t city, trade;
    uint8_t source, group; /* GoodsGroup a person favours */
    int64_t born;
    int64_t lead_on; /* 0: came without a lead */
    int n_contacts, n_orders, n_deals, n_notes;
    LifeOrder orders[LIFE_ORDERS]; /* by day */
    LifeDeal deals[LIFE_DEALS];    /* by start */
    LifeNote notes[LIFE_NOTES];    /* by day */
    int64_t spent_cents;           /* at list prices less discount */
} Life;

/* Customer `number` of the company of `seed`, as seen on `today`. */
void life_of(uint64_t seed, uint64_t number, int64_t today, Life *ret);
int64_t life_line_cents(const LifeLine *l);
int64_t life_order_cents(const LifeOrder *o);
