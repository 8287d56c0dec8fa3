/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts and totals (see sales_amount.h). */
#include "modules/sales/sales_amount.h"
#include "base/decimal.h"

static const Field *field_of(const Record *r, const char *name)
{
    return object_field(r->object, str_of(name));
}

static bool is_changed(const Record *r, const char *name)
{
    const Field *f = field_of(r, name);
    if (!f || !record_touched(r, f))
        return false;
    return !r->old || !value_equal(&r->old[f->index], record_get(r, f));
}

static const Value *money_of(const Record *r, const char *name)
{
    static const Value none = VALUE_NULL;
    const Field *f = field_of(r, name);
    return f && f->kind == F_MONEY ? record_get(r, f) : &none;
}

static Str currency_of(const Value *v) { return (Str){v->money.currency, 3}; }

/* The figure as the API writes it, so that its worth in the organisation's currency comes along. */
static Status money_value(Ctx *cx, const Field *f, int64_t value, Str currency, Value *ret)
{
    Buf b = buf_in(cx->arena, 64);
    json_t *j = json_object();
    json_own(cx->arena, j);
    decimal_write128(&b, value, f->scale);
    json_object_set_new(j, "value", json_stringn(buf_str(&b).p, buf_str(&b).n));
    json_object_set_new(j, "currency", json_stringn(currency.p, currency.n));
    return f->type->parse(cx, f, j, ret);
}

/* Sets the figure; a person's own must be the same. */
static Status settle_money(Ctx *cx, Record *r, const Field *f, int64_t value, Str currency)
{
    Value v = VALUE_NULL;
    const Value *given = record_get(r, f);
    TRY(money_value(cx, f, value, currency, &v));
    if (given->t == V_MONEY && given->money.value == value && str_eq(currency_of(given), currency))
        return ST_OK;
    if (!record_touched(r, f) || value_is_null(given)) {
        record_set(r, f, v);
        return ST_OK;
    }
    Buf b = buf_in(cx->arena, 64);
    decimal_write128(&b, value, f->scale);
    if (str_is(f->name, "total"))
        return FIELD_FAIL(cx, f->name, "contradicts", "sales.total_wrong",
                          "is not the sum of the lines less discount, with shipping: " STR_FMT,
                          STR_ARG(buf_str(&b)));
    return FIELD_FAIL(cx, f->name, "contradicts", "sales.amount_wrong",
                      "is not quantity times price less the discount: " STR_FMT,
                      STR_ARG(buf_str(&b)));
}

/* ---- lines */
static Status too_large(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "out_of_range", "sales.amount_too_large",
                      "is too large an amount");
}

static bool line_needs(const Record *r)
{
    static const char *const parts[] = {"quantity", "price", "discount_rate", "amount"};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (is_changed(r, parts[i]))
            return true;
    return !r->old;
}

Status sales_amount_line(Ctx *cx, Record *r)
{
    const Field *amount = field_of(r, "amount"), *quantity = field_of(r, "quantity"),
                *rate = field_of(r, "discount_rate");
    const Value *price = money_of(r, "price");
    int64_t value, left;
    if (!amount || amount->kind != F_MONEY || !quantity || r->by_rule || !line_needs(r))
        return ST_OK;
    const Value *n = record_get(r, quantity), *less = rate ? record_get(r, rate) : NULL;
    if (n->t != V_DECIMAL || price->t != V_MONEY)
        return ST_OK;
    int scale = less && less->t == V_DECIMAL ? less->scale : 0;
    left = 100 * decimal_pow10(scale) - (less && less->t == V_DECIMAL ? less->i : 0);
    int digits = n->scale + price->scale + scale + 2 - amount->scale;
    if (digits < 0 || digits > 18 || !decimal_mul3(n->i, price->money.value, left, digits, &value))
        return too_large(cx, amount);
    return settle_money(cx, r, amount, value, currency_of(price));
}

/* ---- orders */
typedef struct Sum {
    __int128 value;
    Str currency;
    bool mixed; /* several currencies: no sum */
} Sum;

static void sum_add(Sum *sum, const Value *v, int scale, int sign)
{
    int64_t value;
    if (v->t != V_MONEY)
        return;
    if (sum->currency.n && !str_eq(sum->currency, currency_of(v)) && v->money.value != 0)
        sum->mixed = true;
    if (!sum->currency.n)
        sum->currency = currency_of(v);
    if (decimal_rescale(v->money.value, v->scale, scale, &value))
        sum->value += sign * (__int128)value;
    else
        sum->mixed = true;
}

Status sales_amount_total(Ctx *cx, Record *r, bool lines)
{
    const Relation *rel = object_relation(r->object, STR("order_lines"));
    const Field *total = field_of(r, "total");
    const Field *amount = rel ? object_field(rel->child, STR("amount")) : NULL;
    const Value **rows = NULL;
    size_t n = 0;
    Sum sum = {0};
    if (!total || total->kind != F_MONEY || !amount || amount->kind != F_MONEY ||
        !(lines || is_changed(r, "total") || is_changed(r, "discount") ||
          is_changed(r, "shipping_fee")))
        return ST_OK;
    TRY(record_lines_now(cx, r, rel, &rows, &n));
    if (n == SIZE_MAX || (n == 0 && !lines))
        return ST_OK;
    for (size_t i = 0; i < n; i++)
        sum_add(&sum, &rows[i][amount->index], total->scale, 1);
    sum_add(&sum, money_of(r, "discount"), total->scale, -1);
    sum_add(&sum, money_of(r, "shipping_fee"), total->scale, 1);
    if (sum.mixed)
        return ST_OK;
    if (sum.value > INT64_MAX || sum.value < INT64_MIN)
        return too_large(cx, total);
    return settle_money(cx, r, total, (int64_t)sum.value,
                        sum.currency.n ? sum.currency : cx->meta->currency);
}
