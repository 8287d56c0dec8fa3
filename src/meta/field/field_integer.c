/* SPDX-License-Identifier: Apache-2.0 */
/* integer: 64 bits; in JSON a number up to 2^53, else a text. */
#include "base/decimal.h"
#include "meta/field/field.h"

#define EXACT_IN_JSON (INT64_C(1) << 53)

static Status integer_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    int64_t v;
    if (!field_decimal_of_json(cx->arena, in, 0, &v))
        return field_wrong(cx, f);
    *out = (Value){.t = V_INT, .i = v};
    return ST_OK;
}

static Status integer_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                 Value *out)
{
    int64_t v;
    if (!decimal_parse_loose(str_trim(in), 0, &v))
        return field_wrong(cx, f);
    *out = (Value){.t = V_INT, .i = v};
    return ST_OK;
}

static void integer_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q, int col, Value *out)
{
    if (db_col_null(q, col))
        *out = VALUE_NULL;
    else
        *out = (Value){.t = V_INT, .i = db_col_int(q, col)};
}

static void integer_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    if (v->i > EXACT_IN_JSON || v->i < -EXACT_IN_JSON)
        buf_json_id(b, v->i);
    else
        buf_int(b, v->i);
}

static void integer_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_int(b, v->i);
}

static Status integer_declare(Ctx *cx, Field *f, const json_t *decl)
{
    if (json_object_get(decl, "scale"))
        return FIELD_FAIL(cx, STR("scale"), "unknown_attribute", "field.integer_scale",
                          "an integer has no scale");
    return field_number_declare(cx, f, decl, 0);
}

const FieldType field_integer_type = {
    .kind = F_INTEGER,
    .name = "integer",
    .value = V_INT,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .summable = true,
    .columns = field_column_int,
    .parse = integer_parse,
    .parse_text = integer_parse_text,
    .validate = field_number_validate,
    .load = integer_load,
    .store = field_int_store,
    .json = integer_json,
    .text = integer_text,
    .declare = integer_declare,
};
