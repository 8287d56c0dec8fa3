/* SPDX-License-Identifier: Apache-2.0 */
/* Value: one field's value in memory; the same for records, expressions and import.
 * Text and id arrays are borrowed from the arena or statement that made them. */
#pragma once
#include "base/ctx.h"

typedef enum ValueType {
    V_NULL,
    V_BOOL,
    V_INT,
    V_DECIMAL,  /* i × 10^-scale (decimal, percent) */
    V_REAL,     /* only inside expressions: division, avg */
    V_MONEY,    /* money.value × 10^-scale, with currency and base value */
    V_TEXT,     /* text, choice codes, numbers given by auto_number */
    V_DATE,     /* day number */
    V_TIME,     /* ms UTC */
    V_DURATION, /* ms */
    V_ID,       /* link */
    V_IDS,      /* links: ascending, without repeats */
    V_REF,      /* any_link: a record of any object */
    V_TEXTS,    /* choices, tags: ascending, without repeats */
    V_ADDRESS,  /* ADDRESS_PARTS texts */
    V_GEO,      /* a place on earth */
    V_HTML,     /* rich_text: sanitised */
    V_JSON,     /* json: canonical text */
    V_SECRET,   /* secret: the ciphertext; shown: its blind index */
} ValueType;

#define SECRET_PLAIN 1 /* scale of a V_SECRET that came in and is not sealed yet: s is plain */

enum { /* parts of an address, in the order of its columns */
       ADDRESS_COUNTRY,
       ADDRESS_PROVINCE,
       ADDRESS_CITY,
       ADDRESS_DISTRICT,
       ADDRESS_STREET,
       ADDRESS_POSTCODE,
       ADDRESS_PARTS
};

typedef struct Geo { /* degrees × 10^7 */
    int32_t lat, lng;
} Geo;

typedef struct Money {
    int64_t value,
        base;     /* at the field's scale; base = in the organisation's currency, stored at write */
    int64_t rate; /* × 10^-9 */
    char currency[4];
} Money;

typedef struct Value {
    uint8_t t; /* ValueType */
    uint8_t scale;
    union {
        bool b;
        int64_t i; /* int, decimal, date, time, duration, id */
        double r;
        struct {
            Str s;
            Str shown; /* a phone number as it was typed, where that differs from s */
        };
        Money money;
        Geo geo;
        const Str *address; /* ADDRESS_PARTS of them; n = 0: not given */
        struct {
            const Str *p;
            size_t n;
        } texts;
        struct {
            const Id *p;
            size_t n;
        } ids;
        struct {
            Id id;
            Str object; /* its name */
        } ref;
    };
} Value;

#define VALUE_NULL ((Value){.t = V_NULL})
static inline bool value_is_null(const Value *v) { return v->t == V_NULL; }
bool value_has_id(const Value *v, Id id);         /* V_ID is it, V_IDS holds it */
bool value_has_text(const Value *v, Str text);    /* V_TEXTS holds it */
bool value_equal(const Value *a, const Value *b); /* same type and content; null equals null */
Value value_copy(Arena *a, Value v);
