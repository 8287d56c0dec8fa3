/* SPDX-License-Identifier: Apache-2.0 */
/* duration: ISO 8601 from weeks to seconds (PT1H30M, P2D, P1W), kept in ms. Months and years have no
 * length and are refused. People read and may write 1:30 or 1:30:00; a number alone, minutes, stands in
 * files only. */
#include "base/decimal.h"
#include "base/duration.h"
#include "meta/field/field.h"

#define DURATION_MAX_MS (INT64_C(36500) * 86400000) /* a hundred years */

static Status duration_value(Ctx *cx, const Field *f, bool ok, int64_t ms, Value *out)
{
    if (!ok || ms > DURATION_MAX_MS || ms < -DURATION_MAX_MS)
        return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_duration",
                          "is not a duration such as 1:30 (hours and minutes) or PT1H30M");
    *out = (Value){.t = V_DURATION, .i = ms};
    return ST_OK;
}

/* h:mm or h:mm:ss, also with a sign */
static bool duration_clock(Str s, int64_t *ret_ms)
{
    Str part;
    bool negative = s.n > 0 && s.p[0] == '-';
    int64_t ms = 0, unit = 3600000;
    int parts = 0;
    s = str_sub(s, negative ? 1 : 0, s.n - (negative ? 1 : 0));
    while (str_split(&s, ':', &part)) {
        uint64_t v;
        if (parts == 3 || part.n > 6 || !str_uint(part, &v) ||
            (parts > 0 && (v > 59 || part.n != 2)))
            return false;
        ms += (int64_t)v * unit;
        unit /= 60;
        parts++;
    }
    *ret_ms = negative ? -ms : ms;
    return parts > 1;
}

static Status duration_parse_json(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    int64_t ms = 0;
    if (!json_is_string(in))
        return field_wrong(cx, f);
    *out = VALUE_NULL;
    if (!json_str(in).n)
        return ST_OK;
    bool ok = duration_parse(json_str(in), &ms) || duration_clock(json_str(in), &ms);
    return duration_value(cx, f, ok, ms, out);
}

static Status duration_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                  Value *out)
{
    Str s = str_trim(in);
    int64_t ms = 0;
    *out = VALUE_NULL;
    if (!s.n)
        return ST_OK;
    bool ok = duration_parse(s, &ms) || duration_clock(s, &ms);
    if (!ok && decimal_parse_loose(s, 0, &ms))
        ok = !__builtin_mul_overflow(ms, INT64_C(60000), &ms);
    return duration_value(cx, f, ok, ms, out);
}

static void duration_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col,
                          Value *out)
{
    if (db_col_null(q, col))
        *out = VALUE_NULL;
    else
        *out = (Value){.t = V_DURATION, .i = db_col_int(q, col)};
}

static void duration_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_char(b, '"');
    duration_write(b, v->i);
    buf_char(b, '"');
}

/* 1:30 or 1:30:05; what is finer than a second in the ISO form. */
static void duration_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    uint64_t ms = v->i < 0 ? -(uint64_t)v->i : (uint64_t)v->i;
    if (ms % 1000) {
        duration_write(b, v->i);
        return;
    }
    buf_printf(b, "%s%llu:%02u", v->i < 0 ? "-" : "", (unsigned long long)(ms / 3600000),
               (unsigned)(ms / 60000 % 60));
    if (ms % 60000)
        buf_printf(b, ":%02u", (unsigned)(ms / 1000 % 60));
}

const FieldType field_duration_type = {
    .kind = F_DURATION,
    .name = "duration",
    .value = V_DURATION,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .summable = true,
    .columns = field_column_int,
    .parse = duration_parse_json,
    .parse_text = duration_parse_text,
    .validate = field_validate_none,
    .load = duration_load,
    .store = field_int_store,
    .json = duration_json,
    .text = duration_text,
    .declare = field_declare_none,
};
