/* SPDX-License-Identifier: Apache-2.0 */
/* phone: digits with an optional leading + and an optional extension ("+8657188886666x123").
 *
 * People write numbers with spaces, dashes, brackets, full-width digits, 00 for +; all that is
 * normalised away so that equal numbers are equal texts. No country is guessed. */
#include "base/utf8.h"
#include "meta/field/field.h"

#define PHONE_DIGITS_MIN 3
#define PHONE_DIGITS_MAX 20
#define PHONE_MAX 40

/* The ASCII equivalent of a full-width character; others stay as they are. */
static uint32_t phone_narrow(uint32_t cp)
{
    if (cp >= 0xff01 && cp <= 0xff5e)
        return cp - 0xfee0;
    return cp == 0x3000 ? ' ' : cp;
}

static bool phone_is_ignored(uint32_t cp)
{
    return cp == ' ' || cp == '-' || cp == '.' || cp == '/' || cp == '(' || cp == ')' ||
           cp == 0xa0 || (cp >= 0x2010 && cp <= 0x2015);
}

/* "ext.", "x", "#", "转", "分机" begin the extension. Moves past the whole word. */
static bool phone_is_extension(Str s, size_t *pos, uint32_t cp)
{
    if (cp == 'x' || cp == 'X' || cp == '#' || cp == 0x8f6c /* 转 */)
        return true;
    if (cp == 0x5206 && str_starts(str_sub(s, *pos, s.n), STR("机"))) {
        *pos += sizeof("机") - 1;
        return true;
    }
    Str rest = str_sub(s, *pos, s.n);
    if ((cp == 'e' || cp == 'E') && (str_starts(rest, STR("xt")) || str_starts(rest, STR("XT")))) {
        *pos += 2;
        return true;
    }
    return false;
}

static bool phone_normalise(Str s, Buf *out)
{
    size_t digits = 0, extension = 0, pos = 0;
    bool in_extension = false;
    while (pos < s.n) {
        uint32_t cp = phone_narrow(utf8_next(s, &pos));
        if (cp >= '0' && cp <= '9') {
            buf_char(out, (char)cp);
            in_extension ? extension++ : digits++;
        } else if (cp == '+' && out->n == 0) {
            buf_char(out, '+');
        } else if (!in_extension && digits && phone_is_extension(s, &pos, cp)) {
            in_extension = true;
            buf_char(out, 'x');
        } else if (!phone_is_ignored(cp) && !(in_extension && cp == ':')) {
            return false;
        }
    }
    return digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX &&
           (!in_extension || (extension && extension <= 8));
}

static Status phone_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                               Value *out)
{
    Str s = str_trim(in);
    *out = VALUE_NULL;
    if (!s.n)
        return ST_OK;
    Buf b = buf_in(cx->arena, PHONE_MAX);
    if (!phone_normalise(s, &b) || buf_overflowed(&b))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_phone", "is not a telephone number");
    Str number = buf_str(&b);
    if (str_starts(number, STR("00")) && number.n > 6) { /* 00 is how + is dialled */
        char *plus = arena_dup(cx->arena, number.p + 1, number.n - 1);
        plus[0] = '+';
        number = str_n(plus, number.n - 1);
    }
    *out = (Value){.t = V_TEXT, .s = number};
    return ST_OK;
}

static Status phone_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_string(in))
        return field_wrong(cx, f);
    return phone_parse_text(cx, f, json_str(in), NULL, out);
}

static Status phone_declare(Ctx *cx UNUSED, Field *f, const json_t *decl UNUSED)
{
    f->max = PHONE_MAX;
    return ST_OK;
}

const FieldType field_phone_type = {
    .kind = F_PHONE,
    .name = "phone",
    .value = V_TEXT,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .searchable = true,
    .columns = field_column_text,
    .parse = phone_parse,
    .parse_text = phone_parse_text,
    .validate = field_text_validate,
    .load = field_text_load,
    .store = field_text_store,
    .json = field_text_json,
    .text = field_text_text,
    .declare = phone_declare,
};
