/* SPDX-License-Identifier: Apache-2.0 */
/* datetime: an instant, ms UTC. Files without a zone are read in the zone of the reader. */
#include "base/calendar.h"
#include "meta/field/field.h"

#define DAY_MS INT64_C(86400000)

static Status datetime_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_datetime",
                      "is not a time such as 2026-03-01T10:00:00Z");
}

static Status datetime_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    int64_t ms;
    if (json_is_string(in) && !json_str(in).n) {
        *out = VALUE_NULL;
        return ST_OK;
    }
    if (!json_is_string(in) || !calendar_parse_datetime(json_str(in), &ms))
        return datetime_wrong(cx, f);
    *out = (Value){.t = V_TIME, .i = ms};
    return ST_OK;
}

static bool two_digits(Str *s, int64_t limit, int64_t *ret)
{
    size_t n = 0;
    int64_t v = 0;
    while (n < s->n && n < 2 && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (!n || v >= limit)
        return false;
    s->p += n;
    s->n -= n;
    *ret = v;
    return true;
}

/* 9:30, 09:30:15, each part optional behind the first; seconds may have a fraction of zeros. */
static bool parse_clock(Str s, int64_t *ret_ms)
{
    int64_t h, m, sec = 0;
    if (!two_digits(&s, 24, &h) || !s.n || s.p[0] != ':')
        return false;
    s = str_sub(s, 1, s.n);
    if (!two_digits(&s, 60, &m))
        return false;
    if (s.n && s.p[0] == ':') {
        s = str_sub(s, 1, s.n);
        if (!two_digits(&s, 60, &sec))
            return false;
    }
    if (s.n && s.p[0] == '.') {
        for (s = str_sub(s, 1, s.n); s.n && s.p[0] == '0';)
            s = str_sub(s, 1, s.n);
    }
    *ret_ms = (h * 3600 + m * 60 + sec) * 1000;
    return s.n == 0;
}

static Status datetime_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form, Value *out)
{
    Str text = str_trim(in);
    int64_t ms;
    if (calendar_parse_datetime(text, &ms)) {
        *out = (Value){.t = V_TIME, .i = ms};
        return ST_OK;
    }
    Str day_text = text, clock_text = STR_NULL;
    size_t cut = str_find_char(text, ' ');
    if (cut == SIZE_MAX)
        cut = str_find_char(text, 'T');
    if (cut != SIZE_MAX) {
        day_text = str_sub(text, 0, cut);
        clock_text = str_trim(str_sub(text, cut + 1, text.n));
    }
    int64_t day, clock = 0;
    DateOrder order = form ? (DateOrder)form->date_order : DATE_YMD;
    if (!calendar_guess_date(day_text, order, &day) ||
        (clock_text.n && !parse_clock(clock_text, &clock)))
        return datetime_wrong(cx, f);
    const Zone *zone = form && form->zone ? form->zone : cx->zone;
    int64_t local = day * DAY_MS + clock;
    *out = (Value){.t = V_TIME, .i = zone ? zone_to_utc(zone, local) : local};
    return ST_OK;
}

static void datetime_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col,
                          Value *out)
{
    *out = db_col_null(q, col) ? VALUE_NULL : (Value){.t = V_TIME, .i = db_col_int(q, col)};
}

static void datetime_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_char(b, '"');
    calendar_write_datetime(b, v->i);
    buf_char(b, '"');
}

static void datetime_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    calendar_write_datetime(b, v->i);
}

const FieldType field_datetime_type = {
    .kind = F_DATETIME,
    .name = "datetime",
    .value = V_TIME,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .columns = field_column_int,
    .parse = datetime_parse,
    .parse_text = datetime_parse_text,
    .validate = field_validate_none,
    .load = datetime_load,
    .store = field_int_store,
    .json = datetime_json,
    .text = datetime_text,
    .declare = field_declare_none,
};
