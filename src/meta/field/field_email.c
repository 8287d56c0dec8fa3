/* SPDX-License-Identifier: Apache-2.0 */
/* email: an address, kept in lower case. The check is small on purpose: only a mail that arrives
 * proves an address. */
#include "base/utf8.h"
#include "meta/field/field.h"

#define EMAIL_MAX 254

static bool email_is_plausible(Str s)
{
    size_t at = str_find_char(s, '@');
    if (at == SIZE_MAX || at == 0 || at > 64 || s.n > EMAIL_MAX)
        return false;
    Str domain = str_sub(s, at + 1, s.n);
    size_t dot = str_find_char(domain, '.');
    if (dot == SIZE_MAX || dot == 0 || domain.p[domain.n - 1] == '.')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 0x7f || strchr(",;<>()[]\\\"", c) || (c == '@' && i != at))
            return false;
    }
    return str_find(domain, STR("..")) == SIZE_MAX;
}

static Status email_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                               Value *out)
{
    Str s = str_trim(in);
    *out = VALUE_NULL;
    if (!s.n)
        return ST_OK;
    if (!email_is_plausible(s))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_email", "is not an e-mail address");
    char *lower = arena_dup(cx->arena, s.p, s.n);
    for (size_t i = 0; i < s.n; i++) {
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] + ('a' - 'A'));
    }
    *out = (Value){.t = V_TEXT, .s = str_n(lower, s.n)};
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
};
