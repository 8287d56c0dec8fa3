/* SPDX-License-Identifier: Apache-2.0 */
/* date: a day without zone, stored as the day number since 1970-01-01. */
#include "base/calendar.h"
#include "meta/field/field.h"

static Status date_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    int64_t day;
    if (json_is_string(in) && !json_str(in).n) {
        *out = VALUE_NULL;
        return ST_OK;
    }
    if (!json_is_string(in) || !calendar_parse_date(json_str(in), &day))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_date",
                          "is not a date such as 2026-03-01");
    *out = (Value){.t = V_DATE, .i = day};
    return ST_OK;
}

static Status date_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form, Value *out)
{
    int64_t day;
    DateOrder order = form ? (DateOrder)form->date_order : DATE_YMD;
    Str text = str_trim(in);
    /* A time of midnight behind the day is what spreadsheets write. */
    if (str_ends(text, STR(" 00:00:00")))
        text.n -= sizeof(" 00:00:00") - 1;
    if (!calendar_guess_date(text, order, &day))
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_date",
                          "is not a date such as 2026-03-01");
    *out = (Value){.t = V_DATE, .i = day};
    return ST_OK;
}

static void date_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    *out = db_col_null(q, col) ? VALUE_NULL : (Value){.t = V_DATE, .i = db_col_int(q, col)};
}

static void date_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_char(b, '"');
    calendar_write_date(b, v->i);
    buf_char(b, '"');
}

static void date_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    calendar_write_date(b, v->i);
}

const FieldType field_date_type = {
    .kind = F_DATE,
    .name = "date",
    .value = V_DATE,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .columns = field_column_int,
    .parse = date_parse,
    .parse_text = date_parse_text,
    .validate = field_validate_none,
    .load = date_load,
    .store = field_int_store,
    .json = date_json,
    .text = date_text,
    .declare = field_declare_none,
};
