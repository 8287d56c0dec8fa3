/* SPDX-License-Identifier: Apache-2.0 */
/* What a change of type makes of a value (the pairs that may be changed stand in meta_retype.c).
 *
 * The general way is through text: as people read it in the old type, as a file would be read in the
 * new one, in the language and zone of the organisation, so that the copying job and everyone who
 * writes meanwhile agree. Numbers, dates, sets and links (record_convert_link.c) go their own ways,
 * because their text says less or more than their value. */
#include "meta/field/field.h"
#include "record/record_internal.h"

#define MAX_TEXT ((size_t)1024 * 1024)

/* ---- numbers */
static bool is_number(const Value *v)
{
    return v->t == V_INT || v->t == V_DECIMAL || v->t == V_MONEY;
}

static bool is_foreign(const Ctx *cx, const Value *v)
{
    return v->t == V_MONEY && !str_is(cx->meta->currency, v->money.currency);
}

static void write_number(Buf *b, const Value *v)
{
    if (v->t == V_MONEY)
        buf_decimal(b, v->money.value, v->scale);
    else
        buf_decimal(b, v->i, v->t == V_DECIMAL ? v->scale : 0);
}

/* Money keeps its currency and rate; digits that the new scale cannot hold do not fit. */
static bool money_at_scale(const Value *v, int scale, Value *ret)
{
    int64_t value = v->money.value, base = v->money.base;
    *ret = VALUE_NULL;
    for (int s = v->scale; s < scale; s++) {
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_mul_overflow(base, 10, &base))
            return false;
    }
    for (int s = v->scale; s > scale; s--) {
        if (value % 10)
            return false;
        value /= 10;
        base = (base + (base < 0 ? -5 : 5)) / 10;
    }
    *ret = *v;
    ret->scale = (uint8_t)scale;
    ret->money.value = value;
    ret->money.base = base;
    return true;
}

/* "12.50" fits a whole number as little as 12.5 does, "12.00" does. */
static Str without_zeros(Str s)
{
    if (str_find_char(s, '.') == SIZE_MAX)
        return s;
    while (s.n && s.p[s.n - 1] == '0')
        s.n--;
    if (s.n && s.p[s.n - 1] == '.')
        s.n--;
    return s;
}

/* ---- */
static const Zone *home_zone(const Ctx *cx)
{
    const Zone *z = zone_get(cx->meta->time_zone);
    return z ? z : zone_get(STR("UTC"));
}

static Lang home_language(const Ctx *cx)
{
    return str_starts(cx->meta->language, STR("en")) ? LANG_EN : LANG_ZH;
}

static Status text_of(Ctx *cx, const Field *from, const Value *v, Str *ret)
{
    Buf b = buf_in(cx->arena, MAX_TEXT);
    if (v->t == V_ID || v->t == V_IDS || v->t == V_REF)
        return record_convert_link_text(cx, from, v, ret);
    if (is_number(v)) {
        write_number(&b, v);
        *ret = without_zeros(buf_str(&b));
        return ST_OK;
    }
    if (v->t == V_BOOL)
        buf_str_add(&b, v->b ? STR("true") : STR("false"));
    else
        from->type->text(&b, from, v, home_language(cx));
    *ret = buf_overflowed(&b) ? STR_NULL : buf_str(&b);
    return ST_OK;
}

static void read_text(Ctx *cx, const Field *to, Str text, Value *ret, bool *ret_fits)
{
    TextForm form = {.zone = home_zone(cx)};
    Error outer = cx->err;
    cx->err = (Error){.status = ST_OK};
    Status st = to->type->parse_text ? to->type->parse_text(cx, to, text, &form, ret) : ST_INVALID;
    if (st == ST_OK && !value_is_null(ret) && to->type->validate)
        st = to->type->validate(cx, to, ret);
    *ret_fits = st == ST_OK && !value_is_null(ret);
    if (!*ret_fits)
        *ret = VALUE_NULL;
    cx->err = outer;
}

static bool by_clock(const Ctx *cx, const Field *to, const Value *v, Value *ret)
{
    const Zone *zone = home_zone(cx);
    if (v->t == V_DATE && to->kind == F_DATETIME)
        *ret = (Value){.t = V_TIME, .i = zone_to_utc(zone, v->i * 86400000)};
    else if (v->t == V_TIME && to->kind == F_DATE)
        *ret =
            (Value){.t = V_DATE, .i = calendar_floor_div(v->i + zone_offset(zone, v->i), 86400000)};
    else
        return false;
    return true;
}

/* A choice keeps its code where the new type knows it: in another list, or in a coded list. */
static Status by_code(Ctx *cx, const Field *to, Str code, Value *ret, bool *ret_fits)
{
    if (to->kind == F_LINK || to->kind == F_LINKS)
        return record_convert_text_link(cx, to, code, ret, ret_fits);
    const Choice *c = to->choices ? choice_find(to->choices, code) : NULL;
    if (c && to->kind == F_CHOICE)
        *ret = (Value){.t = V_TEXT, .s = c->value};
    else if (c && to->kind == F_CHOICES)
        *ret = field_set_value(arena_dup(cx->arena, &c->value, sizeof(Str)), 1);
    else
        return ST_OK;
    *ret_fits = true;
    return ST_OK;
}

/* Each code of a set by itself: known as it is, else by what people read. */
static void by_codes(Ctx *cx, const Field *from, const Field *to, const Value *v, Value *ret,
                     bool *ret_fits)
{
    Str *texts = ARENA_ARRAY(cx->arena, Str, v->texts.n + 1);
    for (size_t i = 0; i < v->texts.n; i++) {
        const Choice *was = from->choices ? choice_find(from->choices, v->texts.p[i]) : NULL;
        const Choice *c = choice_find(to->choices, v->texts.p[i]);
        if (!c)
            c = choice_by_label(cx->arena, to->choices,
                                was ? label_in(&was->label, home_language(cx)) : v->texts.p[i]);
        if (!c)
            return;
        texts[i] = c->value;
    }
    *ret = field_set_value(texts, v->texts.n);
    *ret_fits = true;
}

static bool is_link(const Value *v) { return v->t == V_ID || v->t == V_IDS || v->t == V_REF; }

static bool leads_somewhere(const Field *f)
{
    return f->kind == F_LINK || f->kind == F_LINKS || f->kind == F_ANY_LINK || field_is_file(f);
}

/* The ways that say more than the text does. */
static Status by_kind(Ctx *cx, const Field *from, const Field *to, const Value *v, Value *ret,
                      bool *ret_fits)
{
    Str code;
    if (by_clock(cx, to, v, ret))
        *ret_fits = true;
    else if (is_link(v) && leads_somewhere(to))
        return record_convert_link(cx, from, to, v, ret, ret_fits);
    else if (v->t == V_TEXTS && to->kind == F_CHOICES && to->choices)
        by_codes(cx, from, to, v, ret, ret_fits);
    else if (v->t == V_TEXTS && v->texts.n == 1)
        return by_code(cx, to, v->texts.p[0], ret, ret_fits);
    else if (from->kind == F_CHOICE)
        return by_code(cx, to, v->s, ret, ret_fits);
    else if (from->kind == F_LINK && to->kind == F_CHOICE && from->to) {
        TRY(record_convert_link_part(cx, from->to, v->i, object_field(from->to, STR("code")),
                                     &code));
        return by_code(cx, to, code, ret, ret_fits);
    }
    return ST_OK;
}

Status record_convert(Ctx *cx, const Field *from, const Field *to, const Value *v, Value *ret,
                      bool *ret_fits)
{
    Str text = STR_NULL;
    *ret = VALUE_NULL;
    *ret_fits = value_is_null(v);
    if (value_is_null(v))
        return ST_OK;
    if (v->t == V_MONEY && to->kind == F_MONEY) {
        *ret_fits = money_at_scale(v, to->scale, ret);
        return ST_OK;
    }
    if (is_foreign(cx, v)) /* the new type cannot say the currency */
        return ST_OK;
    if (v->t == V_BOOL && to->kind == F_INTEGER) {
        *ret = (Value){.t = V_INT, .i = v->b};
        *ret_fits = true;
        return ST_OK;
    }
    TRY(by_kind(cx, from, to, v, ret, ret_fits));
    if (*ret_fits || (is_link(v) && leads_somewhere(to)))
        return ST_OK;
    TRY(text_of(cx, from, v, &text));
    if (to->kind == F_LINK || to->kind == F_LINKS)
        return record_convert_text_link(cx, to, text, ret, ret_fits);
    if (text.n)
        read_text(cx, to, text, ret, ret_fits);
    return ST_OK;
}
