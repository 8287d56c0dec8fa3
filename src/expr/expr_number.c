/* SPDX-License-Identifier: Apache-2.0 */
/* Exact numbers of expressions: int64 at a scale, compared and rescaled in __int128. Money counts in
 * the organisation's base currency. What leaves int64 is an error, never another number. */
#include "expr/expr_internal.h"
#include "meta/meta.h"
#include <math.h>

#define REAL_LIMIT 9.2233720368547758e18
#define MS_PER_DAY 86400000

/* Digits with an optional fraction; zeros at the end of the fraction do not count. */
bool expr_number_parse(Str s, int64_t *ret, int *ret_scale)
{
    size_t point = str_find_char(s, '.');
    size_t end = s.n;
    if (point != SIZE_MAX) {
        while (end > point + 1 && s.p[end - 1] == '0')
            end--;
        if (end == point + 1)
            end = point;
    }
    int64_t v = 0;
    int scale = 0;
    if (s.n == 0 || point == 0 || point == s.n - 1)
        return false;
    for (size_t i = 0; i < end; i++) {
        if (i == point)
            continue;
        if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, s.p[i] - '0', &v))
            return false;
        scale += i > point;
    }
    *ret = v;
    *ret_scale = scale;
    return scale <= EXPR_MAX_SCALE;
}

bool expr_number_parts(const Value *v, __int128 *ret, int *ret_scale)
{
    *ret_scale = v->t == V_DECIMAL || v->t == V_MONEY ? v->scale : 0;
    *ret = v->t == V_MONEY ? v->money.base : v->i;
    return v->t == V_INT || v->t == V_DECIMAL || v->t == V_MONEY || v->t == V_DURATION;
}

static __int128 pow10_of(int n)
{
    __int128 p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

bool expr_number_rounded(__int128 v, int from, int to, int64_t *ret)
{
    if (to >= from) {
        if (__builtin_mul_overflow(v, pow10_of(to - from), &v))
            return false;
    } else {
        __int128 unit = pow10_of(from - to), half = unit / 2;
        v = (v + (v < 0 ? -half : half)) / unit;
    }
    *ret = (int64_t)v;
    return v >= INT64_MIN && v <= INT64_MAX;
}

bool expr_number_at(const Value *v, int scale, int64_t *ret)
{
    __int128 parts;
    int from;
    return expr_number_parts(v, &parts, &from) && expr_number_rounded(parts, from, scale, ret);
}

double expr_number_real(const Value *v)
{
    __int128 parts;
    int scale;
    if (v->t == V_REAL || !expr_number_parts(v, &parts, &scale))
        return v->r;
    return scale ? (double)(int64_t)parts / (double)pow10_of(scale) : (double)(int64_t)parts;
}

int expr_number_cmp(const Value *a, const Value *b)
{
    if (a->t == V_REAL || b->t == V_REAL) {
        double x = expr_number_real(a), y = expr_number_real(b);
        return (x > y) - (x < y);
    }
    __int128 x, y;
    int p, q;
    expr_number_parts(a, &x, &p);
    expr_number_parts(b, &y, &q);
    if (p < q)
        x *= pow10_of(q - p);
    else
        y *= pow10_of(p - q);
    return (x > y) - (x < y);
}

bool expr_number_from_real(double r, int scale, int64_t *ret)
{
    double x = r * (double)pow10_of(scale);
    x = trunc(x < 0 ? x - 0.5 : x + 0.5);
    if (!(x > -REAL_LIMIT && x < REAL_LIMIT))
        return false;
    *ret = (int64_t)x;
    return true;
}

Value expr_number_value(const Ctx *cx, ValueType t, int scale, int64_t v)
{
    if (t != V_MONEY)
        return (Value){.t = (uint8_t)t, .scale = (uint8_t)(t == V_DECIMAL ? scale : 0), .i = v};
    Value m = {.t = V_MONEY, .scale = (uint8_t)scale};
    m.money = (Money){.value = v, .base = v, .rate = 1000000000};
    Str currency = cx->meta ? cx->meta->currency : STR_NULL;
    memcpy(m.money.currency, currency.p ? currency.p : "", currency.n < 4 ? currency.n : 3);
    return m;
}

static bool is_number_type(ValueType t) { return t == V_INT || t == V_DECIMAL || t == V_MONEY; }

static Status too_large(Ctx *cx)
{
    return FAIL(cx, ST_INVALID, "expr.overflow", "a number in an expression becomes too large");
}

Status expr_number_as(Ctx *cx, const Value *v, ValueType t, int scale, Value *ret)
{
    int64_t n;
    *ret = *v;
    if (v->t == V_NULL)
        return ST_OK;
    if (t == V_REAL) {
        *ret = (Value){.t = V_REAL, .r = expr_number_real(v)};
    } else if (is_number_type(t)) {
        bool fits =
            v->t == V_REAL ? expr_number_from_real(v->r, scale, &n) : expr_number_at(v, scale, &n);
        if (!fits)
            return too_large(cx);
        *ret = expr_number_value(cx, t, scale, n);
    } else if (t == V_TIME && v->t == V_DATE) {
        *ret = (Value){.t = V_TIME, .i = zone_to_utc(cx->zone, v->i * MS_PER_DAY)};
    }
    return ST_OK;
}

Status expr_number_result(Ctx *cx, const Field *formula, const Value *v, Value *ret)
{
    switch (formula->result) {
    case F_INTEGER: return expr_number_as(cx, v, V_INT, 0, ret);
    case F_DECIMAL:
    case F_PERCENT: return expr_number_as(cx, v, V_DECIMAL, formula->scale, ret);
    case F_MONEY: return expr_number_as(cx, v, V_MONEY, formula->scale, ret);
    case F_DATETIME: return expr_number_as(cx, v, V_TIME, 0, ret);
    default: *ret = *v; return ST_OK;
    }
}
