/* SPDX-License-Identifier: Apache-2.0 */
/* auto_number: a text given by the server from a format such as C{YYYY}{000000}.
 *
 * In braces: YYYY YY MM DD (the day of creation) and one run of zeros, the counter with that many
 * digits at least; {000000!} gives numbers without gaps (docs/adr/0075). The counter itself belongs to
 * record/. Only imports write one. */
#include "meta/field/field.h"

static bool is_zeros(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '0')
            return false;
    }
    return s.n >= 1 && s.n <= 12;
}

static Str without_mark(Str part)
{
    return part.n && part.p[part.n - 1] == '!' ? str_sub(part, 0, part.n - 1) : part;
}

/* One counter, no other braces, none left open. */
static bool format_is_good(Str format)
{
    int counters = 0;
    for (Str rest = format; rest.n;) {
        size_t open = str_find_char(rest, '{');
        if (open == SIZE_MAX)
            return counters == 1 && str_find_char(rest, '}') == SIZE_MAX;
        size_t close = str_find_char(rest, '}');
        if (close == SIZE_MAX || close < open)
            return false;
        Str part = str_sub(rest, open + 1, close - open - 1);
        if (is_zeros(without_mark(part)))
            counters++;
        else if (!str_is(part, "YYYY") && !str_is(part, "YY") && !str_is(part, "MM") &&
                 !str_is(part, "DD"))
            return false;
        rest = str_sub(rest, close + 1, rest.n);
    }
    return counters == 1;
}

static Status auto_number_declare(Ctx *cx, Field *f, const json_t *decl)
{
    f->max = 60;
    f->readonly = true;
    f->unique = true;
    const json_t *format = json_object_get(decl, "number");
    if (format)
        f->number_format = json_str(format);
    f->gap_free = str_find(f->number_format, STR("0!}")) != SIZE_MAX;
    if (f->number_format.n <= 60 && format_is_good(f->number_format))
        return ST_OK;
    return FIELD_FAIL(cx, STR("number"), "bad_value", "field.bad_number_format",
                      "must be a format with one counter such as C{YYYY}{000000}");
}

const FieldType field_auto_number_type = {
    .kind = F_AUTO_NUMBER,
    .name = "auto_number",
    .value = V_TEXT,
    .sortable = true,
    .filterable = true,
    .searchable = true,
    .columns = field_column_text,
    .parse = field_text_parse,
    .parse_text = field_text_parse_text,
    .validate = field_text_validate,
    .load = field_text_load,
    .store = field_text_store,
    .json = field_text_json,
    .text = field_text_text,
    .declare = auto_number_declare,
};
