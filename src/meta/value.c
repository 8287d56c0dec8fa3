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

bool value_equal(const Value *a, const Value *b)
{
    if (a->t != b->t)
        return false;
    switch ((ValueType)a->t) {
    case V_NULL: return true;
    case V_BOOL: return a->b == b->b;
    case V_REAL: return a->r == b->r;
    case V_TEXT: return str_eq(a->s, b->s);
    case V_IDS: return ids_equal(a, b);
    case V_REF: return a->ref.id == b->ref.id && str_eq(a->ref.object, b->ref.object);
    case V_MONEY: return a->scale == b->scale && money_equal(&a->money, &b->money);
    case V_DECIMAL: return a->scale == b->scale && a->i == b->i;
    case V_INT:
    case V_DATE:
    case V_TIME:
    case V_DURATION:
    case V_ID: return a->i == b->i;
    }
    return false;
}

Value value_copy(Arena *a, Value v)
{
    if (v.t == V_TEXT)
        v.s = str_copy(a, v.s);
    else if (v.t == V_IDS && v.ids.n)
        v.ids.p = arena_dup(a, v.ids.p, v.ids.n * sizeof(Id));
    else if (v.t == V_REF)
        v.ref.object = str_copy(a, v.ref.object);
    return v;
}
