/* SPDX-License-Identifier: Apache-2.0 */
/* Values: equality and copies. */
#include "meta/value.h"

static bool money_equal(const Money *a, const Money *b)
{
    return a->value == b->value && !strcmp(a->currency, b->currency);
}

static bool ids_equal(const Value *a, const Value *b)
{
    return a->ids.n == b->ids.n &&
           (a->ids.n == 0 || !memcmp(a->ids.p, b->ids.p, a->ids.n * sizeof(Id)));
}

static bool texts_equal(const Str *a, const Str *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!str_eq(a[i], b[i]))
            return false;
    return true;
}

bool value_has_id(const Value *v, Id id)
{
    if (v->t == V_ID)
        return v->i == id;
    for (size_t i = 0; v->t == V_IDS && i < v->ids.n; i++)
        if (v->ids.p[i] == id)
            return true;
    return false;
}

bool value_has_text(const Value *v, Str text)
{
    for (size_t i = 0; v->t == V_TEXTS && i < v->texts.n; i++)
        if (str_eq(v->texts.p[i], text))
            return true;
    return false;
}

/* Values of more than one word. */
static bool parts_equal(const Value *a, const Value *b)
{
    switch ((ValueType)a->t) {
    case V_TEXTS:
        return a->texts.n == b->texts.n && texts_equal(a->texts.p, b->texts.p, a->texts.n);
    case V_ADDRESS: return texts_equal(a->address, b->address, ADDRESS_PARTS);
    case V_GEO: return a->geo.lat == b->geo.lat && a->geo.lng == b->geo.lng;
    case V_IDS: return ids_equal(a, b);
    case V_REF: return a->ref.id == b->ref.id && str_eq(a->ref.object, b->ref.object);
    case V_MONEY: return a->scale == b->scale && money_equal(&a->money, &b->money);
    case V_TEXT: return str_eq(a->s, b->s) && str_eq(a->shown, b->shown);
    default: return str_eq(a->s, b->s); /* html, json, secret */
    }
}

bool value_equal(const Value *a, const Value *b)
{
    if (a->t != b->t)
        return false;
    switch ((ValueType)a->t) {
    case V_NULL: return true;
    case V_BOOL: return a->b == b->b;
    case V_REAL: return a->r == b->r;
    case V_DECIMAL: return a->scale == b->scale && a->i == b->i;
    case V_INT:
    case V_DATE:
    case V_TIME:
    case V_DURATION:
    case V_ID: return a->i == b->i;
    default: return parts_equal(a, b);
    }
}

static const Str *texts_copy(Arena *a, const Str *p, size_t n)
{
    Str *copy = ARENA_ARRAY(a, Str, n + 1);
    for (size_t i = 0; i < n; i++)
        copy[i] = p[i].n ? str_copy(a, p[i]) : STR_NULL;
    return copy;
}

Value value_copy(Arena *a, Value v)
{
    switch ((ValueType)v.t) {
    case V_TEXT:
    case V_HTML:
    case V_JSON:
    case V_SECRET:
        v.s = str_copy(a, v.s);
        if (v.shown.n)
            v.shown = str_copy(a, v.shown);
        break;
    case V_TEXTS: v.texts.p = texts_copy(a, v.texts.p, v.texts.n); break;
    case V_ADDRESS: v.address = texts_copy(a, v.address, ADDRESS_PARTS); break;
    case V_IDS:
        if (v.ids.n)
            v.ids.p = arena_dup(a, v.ids.p, v.ids.n * sizeof(Id));
        break;
    case V_REF: v.ref.object = str_copy(a, v.ref.object); break;
    default: break;
    }
    return v;
}
