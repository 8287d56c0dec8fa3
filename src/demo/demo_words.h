/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the demo company. Invented; any likeness to a real firm or person is chance.
 * Included once, by demo_words.c. Weights are shares, not percent. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct DemoCity {
    const char *name, *region /* province */, *code /* choice list city */, *prefix, *area;
    uint8_t weight;
    int32_t lat, lng; /* of its centre, hundredths of a degree */
} DemoCity;
extern const DemoCity demo_cities[];
extern const size_t demo_n_cities;

typedef struct DemoTrade {
    const char *name, *industry;
} DemoTrade;
extern const DemoTrade demo_trades[];
extern const size_t demo_n_trades;

extern const char *const demo_word_first[], *const demo_word_second[], *const demo_firm_ends[];
extern const size_t demo_n_word_first, demo_n_word_second, demo_n_firm_ends;
extern const char *const demo_surnames[], *const demo_given_first[], *const demo_given_second[];
extern const size_t demo_n_surnames, demo_n_given_first, demo_n_given_second;
extern const char *const demo_districts[], *const demo_streets[];
extern const size_t demo_n_districts, demo_n_streets;

typedef struct DemoTitle {
    const char *title, *level, *role;
} DemoTitle;
extern const DemoTitle demo_titles[];
extern const size_t demo_n_titles;

/* What a seller writes: method, result (NULL: none) and text; stage is where a deal stands, −1: any. */
typedef struct DemoNote {
    const char *method, *result, *text;
    int8_t stage;
} DemoNote;
extern const DemoNote demo_notes[];
extern const size_t demo_n_notes;

extern const char *const demo_next_plans[];
extern const size_t demo_n_next_plans;

typedef struct DemoPerson {
    const char *name, *login, *title;
} DemoPerson;
extern const DemoPerson demo_people[]; /* the first is the director; sign-in names are fixed */
extern const size_t demo_n_people;

typedef struct DemoPosition {
    const char *code, *name, *name_en, *role;
} DemoPosition;
extern const DemoPosition demo_positions[]; /* the director's, the second seller's, the others' */
extern const size_t demo_n_positions;

typedef struct DemoRival {
    const char *name, *strengths, *weaknesses, *threat;
} DemoRival;
extern const DemoRival demo_rivals[];
extern const size_t demo_n_rivals;

typedef struct DemoSource {
    const char *code;
    uint8_t weight, win; /* share of customers; chance of a deal, percent */
} DemoSource;
extern const DemoSource demo_sources[];
extern const size_t demo_n_sources;

typedef struct DemoReason {
    const char *code;
    uint8_t weight;
} DemoReason;
extern const DemoReason demo_losses[], demo_wins[], demo_lead_ends[];
extern const size_t demo_n_losses, demo_n_wins, demo_n_lead_ends;

/* ---- goods: machines for firms, consumables and spares for both, shop goods for persons */
typedef enum GoodsGroup {
    GOODS_MACHINE,
    GOODS_SPARE,
    GOODS_SERVICE,
    GOODS_COFFEE,
    GOODS_TEA,
    GOODS_KITCHEN,
    GOODS_HOME,
    GOODS_GROUPS
} GoodsGroup;
typedef struct DemoProduct {
    const char *name, *english, *code, *unit, *series;
    int64_t price_cents, cost_cents;
    uint8_t group, weight; /* GoodsGroup; popularity inside it */
} DemoProduct;
extern const DemoProduct demo_products[];
extern const size_t demo_n_products;
extern const char *const demo_group_names[GOODS_GROUPS][3]; /* code, Chinese, English */

/* Who buys `a` also takes `b` with this chance: the rules that basket analysis should find. */
typedef struct DemoPair {
    const char *a, *b; /* codes */
    uint8_t percent;
} DemoPair;
extern const DemoPair demo_pairs[];
extern const size_t demo_n_pairs;

typedef struct DemoStage {
    const char *code;
    uint8_t days;
} DemoStage;
extern const DemoStage demo_stages[]; /* open ones in order, then won, lost */
enum { DEMO_OPEN_STAGES = 5, DEMO_WON = 5, DEMO_LOST = 6, DEMO_STAGES = 7 };

/* Share of a year's demand by month, percent of the mean: spring festival low, year's end high. */
extern const uint8_t demo_season[12];
