/* SPDX-License-Identifier: Apache-2.0 */
/* Masks of values (mask.h). */
#include "meta/mask.h"
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

Str mask_value(Arena *a, const Field *f, const Value *v)
{
    if (v->t != V_TEXT)
        return STR("***");
    Str phone = v->shown.n ? v->shown : v->s;
    switch (f->kind) {
    case F_PHONE: return mask_middle(a, phone, phone.n && phone.p[0] == '+' ? 6 : 3, 4, 4);
    case F_EMAIL: return mask_email(a, v->s);
    case F_URL: return STR("***");
    default: return mask_text(a, v->s);
    }
}
