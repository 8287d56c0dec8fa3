/* SPDX-License-Identifier: Apache-2.0 */
/* Masks of values (mask.h). */
#include "meta/mask.h"
#include "base/calendar.h"
#include "base/utf8.h"

enum { MAX_STARS = 32 };

bool mask_takes(const Field *f)
{
    switch (f->kind) {
    case F_TEXT:
    case F_EMAIL:
    case F_PHONE:
    case F_URL:
    case F_INTEGER:
    case F_DECIMAL:
    case F_PERCENT:
    case F_MONEY:
    case F_DATE:
    case F_DATETIME: return !f->system && f != f->object->code && f != f->object->number_field;
    default: return false;
    }
}

/* The first and last characters, a star for each between, at least `least` of them. */
static Str mask_middle(Arena *a, Str s, size_t head, size_t tail, size_t least)
{
    size_t n = utf8_length(s);
    size_t stars = n > head + tail ? n - head - tail : 0;
    Buf out = buf_in(a, s.n + MAX_STARS + least);
    if (stars < least) { /* too short: nothing of its end */
        tail = 0;
        stars = least;
        head = n > head ? head : 0;
    }
    buf_str_add(&out, str_sub(s, 0, utf8_offset(s, head)));
    for (size_t i = 0; i < stars && i < MAX_STARS; i++)
        buf_char(&out, '*');
    buf_str_add(&out, str_sub(s, utf8_offset(s, n - tail), SIZE_MAX));
    return buf_str(&out);
}

static Str mask_email(Arena *a, Str s)
{
    size_t at = str_find_char(s, '@');
    if (at == SIZE_MAX)
        return mask_middle(a, s, 1, 0, 3);
    return str_format(a, STR_FMT "***" STR_FMT, STR_ARG(str_sub(s, 0, utf8_offset(s, 1))),
                      STR_ARG(str_sub(s, at, SIZE_MAX)));
}

/* Numbers of papers and accounts: long, and no letters beyond ASCII. */
static bool mask_is_number(Str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80 || s.p[i] == ' ')
            return false;
        digits += s.p[i] >= '0' && s.p[i] <= '9';
    }
    return s.n >= 10 && digits * 2 >= s.n;
}

static Str mask_text(Arena *a, Str s)
{
    return mask_is_number(s) ? mask_middle(a, s, 3, 4, 3) : mask_middle(a, s, 1, 0, 2);
}

static const char *const STYLES[MASK_STYLES] = {"",      "name",  "amount", "year",
                                                "email", "phone", "id",     "full"};

const char *mask_style_name(MaskStyle style) { return style == MASK_AUTO ? "auto" : STYLES[style]; }

static unsigned mask_bit(MaskStyle s) { return 1U << s; }

/* Which styles fit the kind of field. */
static unsigned mask_fits(const Field *f)
{
    unsigned always = mask_bit(MASK_AUTO) | mask_bit(MASK_FULL), words = mask_bit(MASK_NAME);
    switch (f->kind) {
    case F_PHONE: return always | mask_bit(MASK_PHONE) | mask_bit(MASK_ID);
    case F_EMAIL: return always | words | mask_bit(MASK_EMAIL);
    case F_TEXT:
        return always | words | mask_bit(MASK_EMAIL) | mask_bit(MASK_PHONE) | mask_bit(MASK_ID);
    case F_INTEGER:
    case F_DECIMAL:
    case F_PERCENT:
    case F_MONEY: return always | mask_bit(MASK_AMOUNT);
    case F_DATE:
    case F_DATETIME: return always | mask_bit(MASK_YEAR);
    default: return always;
    }
}

bool mask_word(const Field *f, Str word, MaskStyle *ret)
{
    size_t colon = str_find_char(word, ':');
    Str right = colon == SIZE_MAX ? word : str_sub(word, 0, colon);
    *ret = MASK_AUTO;
    if (!str_is(right, "masked") && !str_is(right, "reveal"))
        return false;
    if (colon == SIZE_MAX)
        return mask_takes(f);
    for (int s = MASK_AUTO + 1; s < MASK_STYLES; s++)
        if (str_is(str_sub(word, colon + 1, SIZE_MAX), STYLES[s]))
            *ret = (MaskStyle)s;
    return mask_takes(f) && *ret != MASK_AUTO && (mask_fits(f) & mask_bit(*ret));
}

MaskStyle mask_shows_more(MaskStyle a, MaskStyle b)
{
    if (a == MASK_FULL || b == MASK_FULL)
        return a == MASK_FULL ? b : a;
    return a > b ? a : b;
}

/* ---- what is no text */
static Str mask_amount(Arena *a, int64_t value, int scale)
{
    uint64_t whole = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (int i = 0; i < scale; i++)
        whole /= 10;
    Str digits = str_format(a, "%llu", (unsigned long long)whole);
    Buf out = buf_in(a, MAX_STARS);
    if (value < 0)
        buf_char(&out, '-');
    if (digits.n > 1)
        buf_char(&out, digits.p[0]);
    for (size_t i = digits.n > 1; i < digits.n; i++)
        buf_char(&out, '*');
    return buf_str(&out);
}

static Str mask_number(Arena *a, const Field *f, const Value *v)
{
    switch (v->t) {
    case V_INT: return mask_amount(a, v->i, 0);
    case V_DECIMAL: return mask_amount(a, v->i, v->scale);
    case V_MONEY: return mask_amount(a, v->money.value, f->scale);
    default: return STR("***");
    }
}

static Str mask_year(Arena *a, const Value *v)
{
    enum { DAY_MS = 24 * 3600 * 1000 };
    if (v->t != V_DATE && v->t != V_TIME)
        return STR("***");
    int64_t day = v->t == V_DATE ? v->i : (v->i - (v->i < 0 ? DAY_MS - 1 : 0)) / DAY_MS;
    return str_format(a, "%04d-**-**", calendar_civil(day).year);
}

static Str mask_by_kind(Arena *a, const Field *f, const Value *v)
{
    if (v->t != V_TEXT)
        return STR("***");
    switch (f->kind) {
    case F_PHONE: return mask_value(a, f, MASK_PHONE, v);
    case F_EMAIL: return mask_email(a, v->s);
    case F_URL: return STR("***");
    default: return mask_text(a, v->s);
    }
}

Str mask_value(Arena *a, const Field *f, MaskStyle style, const Value *v)
{
    Str text = v->t != V_TEXT ? STR_NULL : v->shown.n ? v->shown : v->s;
    if (style == MASK_AUTO)
        return mask_by_kind(a, f, v);
    if (style == MASK_AMOUNT)
        return mask_number(a, f, v);
    if (style == MASK_YEAR)
        return mask_year(a, v);
    if (!text.p)
        return STR("***");
    switch (style) {
    case MASK_NAME: return mask_middle(a, text, 1, 0, 2);
    case MASK_EMAIL: return mask_email(a, text);
    case MASK_PHONE: return mask_middle(a, text, text.n && text.p[0] == '+' ? 6 : 3, 4, 4);
    case MASK_ID: return mask_middle(a, text, 3, 4, 3);
    default: return STR("***");
    }
}
