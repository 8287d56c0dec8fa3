/* SPDX-License-Identifier: Apache-2.0 */
/* email: an address, kept narrow and in lower case. Its form is checked; that it exists, only a mail
 * that arrives proves. */
#include "base/utf8.h"
#include "meta/field/field.h"

#define EMAIL_MAX 254

static bool is_alnum(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Words of letters, digits and the signs of RFC 5321 with single dots between; no quoted forms. */
static bool email_is_local(Str s)
{
    bool dot = true; /* none at the start */
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '.' ? dot : !is_alnum(c) && !strchr("!#$%&'*+/=?^_`{|}~-", c))
            return false;
        dot = c == '.';
    }
    return !dot && s.n <= 64;
}

/* At least two labels; no hyphen at their ends; the last is no number. */
static bool email_is_domain(Str s)
{
    size_t labels = 0;
    bool digits = true;
    Str label;
    if (!s.n || s.p[s.n - 1] == '.')
        return false;
    while (str_split(&s, '.', &label)) {
        if (!label.n || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        digits = true;
        for (size_t i = 0; i < label.n; i++) {
            unsigned char c = (unsigned char)label.p[i];
            if (!is_alnum(c) && c != '-')
                return false;
            digits = digits && c >= '0' && c <= '9';
        }
        labels++;
    }
    return labels > 1 && !digits && label.n > 1;
}

static bool email_is_plausible(Str s)
{
    size_t at = str_find_char(s, '@');
    return at != SIZE_MAX && s.n <= EMAIL_MAX && email_is_local(str_sub(s, 0, at)) &&
           email_is_domain(str_sub(s, at + 1, s.n));
}

/* Narrow and in lower case: ＡＢＣ＠ｅｘａｍｐｌｅ．ｃｏｍ is what input methods make of it. */
static Str email_common(Arena *a, const Field *f UNUSED, Str typed)
{
    Str s = str_trim(typed);
    Buf b = buf_in(a, s.n + 1);
    size_t pos = 0;
    while (pos < s.n) {
        uint32_t cp = utf8_next(s, &pos);
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0;
        utf8_put(&b, cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : cp);
    }
    return buf_str(&b);
}

static Status email_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                               Value *out)
{
    Str s = email_common(cx->arena, f, in);
    *out = VALUE_NULL;
    if (!s.n)
        return ST_OK;
    if (!email_is_plausible(s))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_email", "is not an e-mail address");
    *out = (Value){.t = V_TEXT, .s = s};
    return ST_OK;
}

static Status email_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_string(in))
        return field_wrong(cx, f);
    return email_parse_text(cx, f, json_str(in), NULL, out);
}

static Status email_declare(Ctx *cx UNUSED, Field *f, const json_t *decl UNUSED)
{
    f->max = EMAIL_MAX;
    return ST_OK;
}

const FieldType field_email_type = {
    .kind = F_EMAIL,
    .name = "email",
    .value = V_TEXT,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .searchable = true,
    .columns = field_column_text,
    .parse = email_parse,
    .parse_text = email_parse_text,
    .validate = field_text_validate,
    .load = field_text_load,
    .store = field_text_store,
    .json = field_text_json,
    .text = field_text_text,
    .declare = email_declare,
    .literal = email_common,
};
