/* SPDX-License-Identifier: Apache-2.0 */
/* money: an exact amount in a currency, with its worth in the organisation's currency.
 *
 * Columns: value and base value as integers at the field's scale, the currency, and the rate × 10^9
 * as it was when written, so that sums over currencies are exact and do not move with the market. */
#include "base/decimal.h"
#include "base/utf8.h"
#include "meta/field/field.h"

#define RATE_DIGITS 9

static int money_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_INT);
    field_column(f, &out[1], "c", DB_TEXT);
    field_column(f, &out[2], "b", DB_INT);
    field_column(f, &out[3], "r", DB_INT);
    return 4;
}

static bool money_rate(const Meta *m, Str currency, int64_t *ret)
{
    if (str_eq(currency, m->currency)) {
        *ret = decimal_pow10(RATE_DIGITS);
        return true;
    }
    for (size_t i = 0; i < m->n_rates; i++) {
        if (str_is(currency, m->rates[i].currency)) {
            *ret = m->rates[i].rate;
            return true;
        }
    }
    return false;
}

/* The amount in `currency` (empty: the organisation's) with its base value. */
static Status money_value(Ctx *cx, const Field *f, int64_t value, Str currency, Value *out)
{
    if (!currency.n)
        currency = cx->meta->currency;
    Money m = {.value = value};
    if (currency.n != 3 || !money_rate(cx->meta, currency, &m.rate))
        return FIELD_FAIL(cx, f->name, "no_rate", "field.no_rate",
                          "there is no exchange rate for the currency \"" STR_FMT "\"",
                          STR_ARG(currency));
    memcpy(m.currency, currency.p, 3);
    if (!decimal_mul(value, m.rate, RATE_DIGITS, &m.base))
        return FIELD_FAIL(cx, f->name, "out_of_range", "field.money_too_large",
                          "is too large an amount");
    *out = (Value){.t = V_MONEY, .scale = (uint8_t)f->scale, .money = m};
    return ST_OK;
}

static Status money_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_money",
                      "is not an amount with at most %d digits behind the point", f->scale);
}

static Status money_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    Str currency = STR_NULL;
    int64_t value;
    if (json_is_object(in)) {
        const json_t *c = json_object_get(in, "currency");
        if (json_object_size(in) != (c ? 2u : 1u) || (c && !json_is_string(c)))
            return money_wrong(cx, f);
        currency = json_str(c);
        in = json_object_get(in, "value");
        if (json_is_null(in)) {
            *out = VALUE_NULL;
            return ST_OK;
        }
    }
    if (!in || !field_decimal_of_json(cx->arena, in, f->scale, &value))
        return money_wrong(cx, f);
    return money_value(cx, f, value, currency, out);
}

/* "1,234.50", "¥1234.5", "USD 12", "12 USD": a code beside the number names the currency. */
static Status money_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form, Value *out)
{
    Str s = str_trim(in), currency = form ? form->currency : STR_NULL;
    Str head = str_sub(s, 0, 3), tail = s.n > 3 ? str_sub(s, s.n - 3, 3) : STR_NULL;
    const Str codes[] = {head, tail};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        bool upper = codes[i].n == 3;
        for (size_t k = 0; k < codes[i].n; k++)
            upper = upper && codes[i].p[k] >= 'A' && codes[i].p[k] <= 'Z';
        if (!upper)
            continue;
        currency = codes[i];
        s = str_trim(i ? str_sub(s, 0, s.n - 3) : str_sub(s, 3, s.n));
        break;
    }
    int64_t value;
    if (!decimal_parse_loose(s, f->scale, &value))
        return money_wrong(cx, f);
    return money_value(cx, f, value, currency, out);
}

static void money_load(Arena *a UNUSED, const Field *f, const Stmt *q, int col, Value *out)
{
    if (db_col_null(q, col)) {
        *out = VALUE_NULL;
        return;
    }
    Money m = {.value = db_col_int(q, col),
               .base = db_col_int(q, col + 2),
               .rate = db_col_int(q, col + 3)};
    Str currency = db_col_text(q, col + 1);
    memcpy(m.currency, currency.p, currency.n < 3 ? currency.n : 3);
    *out = (Value){.t = V_MONEY, .scale = (uint8_t)f->scale, .money = m};
}

static void money_store(Arena *a, const Field *f UNUSED, const Value *v, DbVal out[FIELD_COLUMNS])
{
    if (value_is_null(v)) {
        out[0] = out[2] = out[3] = db_null(DB_INT);
        out[1] = db_null(DB_TEXT);
        return;
    }
    out[0] = db_int(v->money.value);
    out[1] = db_text(str_copy(a, str_of(v->money.currency)));
    out[2] = db_int(v->money.base);
    out[3] = db_int(v->money.rate);
}

static void money_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_lit(b, "{\"value\":\"");
    buf_decimal(b, v->money.value, v->scale);
    buf_lit(b, "\",\"currency\":\"");
    buf_str_add(b, str_of(v->money.currency));
    buf_lit(b, "\"}");
}

static void money_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_decimal(b, v->money.value, v->scale);
    buf_char(b, ' ');
    buf_str_add(b, str_of(v->money.currency));
}

static Status money_declare(Ctx *cx, Field *f, const json_t *decl)
{
    return field_number_declare(cx, f, decl, 2);
}

const FieldType field_money_type = {
    .kind = F_MONEY,
    .name = "money",
    .value = V_MONEY,
    .sortable = true,
    .filterable = true,
    .summable = true,
    .reads = 4,
    .columns = money_columns,
    .parse = money_parse,
    .parse_text = money_parse_text,
    .validate = field_number_validate,
    .load = money_load,
    .store = money_store,
    .json = money_json,
    .text = money_text,
    .declare = money_declare,
};
