/* SPDX-License-Identifier: Apache-2.0 */
/* rating: 1 to `max` stars (5 unless declared, at most 10). No rating is null, never 0. */
#include "base/decimal.h"
#include "meta/field/field.h"

#define RATING_DEFAULT 5
#define RATING_LIMIT 10

static Status rating_value(Ctx *cx, const Field *f, bool is_number, int64_t stars, Value *out)
{
    if (!is_number || stars < 1 || stars > f->max)
        return FIELD_FAIL(cx, f->name, "out_of_range", "field.bad_rating",
                          "is not a whole number from 1 to %d", f->max);
    *out = (Value){.t = V_INT, .i = stars};
    return ST_OK;
}

static Status rating_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    int64_t v = 0;
    bool is_number = field_decimal_of_json(cx->arena, in, 0, &v);
    return rating_value(cx, f, is_number, v, out);
}

/* "4", or as many stars. */
static Status rating_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                Value *out)
{
    Str s = str_trim(in);
    int64_t stars = 0;
    *out = VALUE_NULL;
    if (!s.n)
        return ST_OK;
    while (str_starts(s, STR("★"))) {
        s = str_sub(s, sizeof("★") - 1, s.n);
        stars++;
    }
    while (stars && str_starts(s, STR("☆")))
        s = str_sub(s, sizeof("☆") - 1, s.n);
    bool is_number = stars ? s.n == 0 : decimal_parse_loose(s, 0, &stars);
    return rating_value(cx, f, is_number, stars, out);
}

static void rating_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    if (db_col_null(q, col))
        *out = VALUE_NULL;
    else
        *out = (Value){.t = V_INT, .i = db_col_int(q, col)};
}

static void rating_json(Buf *b, const Field *f UNUSED, const Value *v) { buf_int(b, v->i); }

static void rating_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_int(b, v->i);
}

static Status rating_declare(Ctx *cx, Field *f, const json_t *decl)
{
    return field_text_declare_max(cx, f, decl, RATING_DEFAULT, RATING_LIMIT);
}

const FieldType field_rating_type = {
    .kind = F_RATING,
    .name = "rating",
    .value = V_INT,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .summable = true,
    .columns = field_column_int,
    .parse = rating_parse,
    .parse_text = rating_parse_text,
    .validate = field_validate_none,
    .load = rating_load,
    .store = field_int_store,
    .json = rating_json,
    .text = rating_text,
    .declare = rating_declare,
};
