/* SPDX-License-Identifier: Apache-2.0 */
/* phone: kept as it was typed, and in one form that equal numbers share ("+8657188886666x123").
 *
 * People write numbers with spaces, dashes, brackets, full-width digits, 00 for +. A number without
 * country is Chinese when it has the form of one: a mobile (1[3-9] and nine digits), an area code
 * with 7 or 8 digits, 400 and 800. Others (95588, 110, a number without its area code) stay as they are.
 * Columns: the common form, which everything compares; t: as typed. */
#include "base/utf8.h"
#include "meta/field/field.h"

#define PHONE_DIGITS_MIN 3
#define PHONE_DIGITS_MAX 20
#define PHONE_MAX 40
#define PHONE_TYPED_MAX 100 /* bytes */

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

static bool phone_is_mobile(Str s) { return s.n == 11 && s.p[0] == '1' && s.p[1] >= '3'; }

/* 010, 02x: 8 digits behind; 03xx to 09xx: 7 or 8. */
static bool phone_is_landline(Str s)
{
    if (s.n < 10 || s.p[0] != '0' || s.p[1] == '0')
        return false;
    bool big = s.p[1] == '2' || (s.p[1] == '1' && s.p[2] == '0');
    size_t subscriber = s.n - (big ? 3 : 4);
    char first = s.p[big ? 3 : 4];
    return first >= '2' && (big ? subscriber == 8 : subscriber == 7 || subscriber == 8);
}

static bool phone_is_service(Str s)
{
    return s.n == 10 && (str_starts(s, STR("400")) || str_starts(s, STR("800")));
}

/* The number without extension as +<country><number>, where the country is known. */
static void phone_add_country(Str s, Buf *out)
{
    bool plus = str_starts(s, STR("+"));
    if (plus)
        s = str_sub(s, 1, s.n);
    else if ((plus = str_starts(s, STR("00")) && s.n > 6)) /* 00 is how + is dialled */
        s = str_sub(s, 2, s.n);
    else if (str_starts(s, STR("86")) && phone_is_mobile(str_sub(s, 2, s.n)))
        plus = true;
    if (plus) {
        buf_char(out, '+');
    } else if (phone_is_mobile(s) || phone_is_service(s) || phone_is_landline(s)) {
        buf_lit(out, "+86");
        s = str_sub(s, s.p[0] == '0' ? 1 : 0, s.n);
    }
    if (plus && str_starts(s, STR("860"))) { /* +86 (0)571 … */
        buf_lit(out, "86");
        s = str_sub(s, 3, s.n);
    }
    buf_str_add(out, s);
}

bool field_phone_common(Arena *a, Str typed, Str *ret)
{
    Buf digits = buf_in(a, PHONE_MAX), out = buf_in(a, PHONE_MAX + 4);
    if (!phone_normalise(str_trim(typed), &digits) || buf_overflowed(&digits))
        return false;
    Str s = buf_str(&digits);
    size_t x = str_find_char(s, 'x'), n = x == SIZE_MAX ? s.n : x;
    phone_add_country(str_sub(s, 0, n), &out);
    buf_str_add(&out, str_sub(s, n, s.n));
    *ret = buf_str(&out);
    return true;
}

static Status phone_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                               Value *out)
{
    Str s = str_trim(in), number;
    *out = VALUE_NULL;
    if (!s.n)
        return ST_OK;
    if (s.n > PHONE_TYPED_MAX || !field_phone_common(cx->arena, s, &number))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_phone", "is not a telephone number");
    *out = (Value){.t = V_TEXT, .s = number, .shown = s};
    return ST_OK;
}

static Status phone_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_string(in))
        return field_wrong(cx, f);
    return phone_parse_text(cx, f, json_str(in), NULL, out);
}

static int phone_columns(const Field *f, Column out[FIELD_COLUMNS])
{
    field_column(f, &out[0], "", DB_TEXT);
    field_column(f, &out[1], "t", DB_TEXT);
    return 2;
}

static void phone_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = VALUE_NULL;
    if (db_col_null(q, col))
        return;
    *out = (Value){.t = V_TEXT, .s = db_col_text(q, col)};
    if (!db_col_null(q, col + 1))
        out->shown = db_col_text(q, col + 1);
}

static void phone_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v,
                        DbVal out[FIELD_COLUMNS])
{
    bool null = value_is_null(v);
    out[0] = null ? db_null(DB_TEXT) : db_text(v->s);
    out[1] = null ? db_null(DB_TEXT) : db_text(v->shown.n ? v->shown : v->s);
}

static void phone_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_json_str(b, v->shown.n ? v->shown : v->s);
}

static void phone_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_str_add(b, v->shown.n ? v->shown : v->s);
}

static Str phone_literal(Arena *a, const Field *f UNUSED, Str text)
{
    Str number;
    return field_phone_common(a, text, &number) ? number : text;
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
    .reads = 2,
    .columns = phone_columns,
    .parse = phone_parse,
    .parse_text = phone_parse_text,
    .validate = field_text_validate,
    .load = phone_load,
    .store = phone_store,
    .json = phone_json,
    .text = phone_text,
    .declare = phone_declare,
    .literal = phone_literal,
};
