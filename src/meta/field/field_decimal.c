/* SPDX-License-Identifier: Apache-2.0 */
/* decimal: an exact number with `scale` digits behind the point (2 unless declared, at most 9),
 * stored as the integer value × 10^scale; text in JSON. Percent shares everything but the sign. */
#include "base/decimal.h"
#include "meta/field/field.h"

bool field_decimal_of_json(Arena *a, const json_t *in, int scale, int64_t *ret)
{
    if (json_is_string(in))
        return decimal_parse(json_str(in), scale, false, ret);
    if (json_is_integer(in)) {
        Buf b = buf_in(a, 32);
        buf_int(&b, json_integer_value(in));
        return decimal_parse(buf_str(&b), scale, false, ret);
    }
    if (!json_is_real(in))
        return false;
    Buf b = buf_in(a, 64); /* the shortest text that reads back: 0.1 means 0.1 */
    buf_json_real(&b, json_real_value(in));
    return decimal_parse(buf_str(&b), scale, false, ret);
}

static Status decimal_wrong(Ctx *cx, const Field *f)
{
    return FIELD_FAIL(cx, f->name, "bad_value", "field.not_a_number",
                      "is not a number with at most %d digits behind the point", f->scale);
}

static Value decimal_value(const Field *f, int64_t v)
{
    return (Value){.t = V_DECIMAL, .scale = (uint8_t)f->scale, .i = v};
}

Status field_decimal_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    int64_t v;
    if (!field_decimal_of_json(cx->arena, in, f->scale, &v))
        return decimal_wrong(cx, f);
    *out = decimal_value(f, v);
    return ST_OK;
}

Status field_decimal_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                Value *out)
{
    int64_t v;
    if (!decimal_parse_loose(str_trim(in), f->scale, &v))
        return decimal_wrong(cx, f);
    *out = decimal_value(f, v);
    return ST_OK;
}

static Str bound_text(Arena *a, const Field *f, int64_t bound)
{
    Buf b = buf_in(a, 64);
    buf_decimal(&b, bound, f->scale);
    return buf_str(&b);
}

Status field_number_validate(Ctx *cx, const Field *f, const Value *v)
{
    int64_t n = v->t == V_MONEY ? v->money.value : v->i;
    if (f->has_min && n < f->min)
        return FIELD_FAIL(cx, f->name, "out_of_range", "field.below_min", "is less than " STR_FMT,
                          STR_ARG(bound_text(cx->arena, f, f->min)));
    if (f->has_max && n > f->max_value)
        return FIELD_FAIL(cx, f->name, "out_of_range", "field.above_max",
                          "is greater than " STR_FMT,
                          STR_ARG(bound_text(cx->arena, f, f->max_value)));
    return ST_OK;
}

void field_int_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v,
                     DbVal out[FIELD_COLUMNS])
{
    out[0] = value_is_null(v) ? db_null(DB_INT) : db_int(v->i);
}

void field_decimal_load(Arena *a UNUSED, const Field *f, const Stmt *q, int col, Value *out)
{
    *out = db_col_null(q, col) ? VALUE_NULL : decimal_value(f, db_col_int(q, col));
}

void field_decimal_json(Buf *b, const Field *f UNUSED, const Value *v)
{
    buf_char(b, '"');
    buf_decimal(b, v->i, v->scale);
    buf_char(b, '"');
}

void field_decimal_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang UNUSED)
{
    buf_decimal(b, v->i, v->scale);
}

static Status declare_bound(Ctx *cx, const Field *f, const json_t *decl, const char *name,
                            bool *has, int64_t *ret)
{
    json_t *bound = json_object_get(decl, name);
    if (!bound || json_is_null(bound))
        return ST_OK;
    *has = true;
    if (field_decimal_of_json(cx->arena, bound, f->scale, ret))
        return ST_OK;
    return FIELD_FAIL(cx, str_of(name), "bad_value", "field.bad_bound",
                      "must be a number with at most %d digits behind the point", f->scale);
}

Status field_number_declare(Ctx *cx, Field *f, const json_t *decl, int default_scale)
{
    json_t *scale = json_object_get(decl, "scale");
    f->scale = scale ? (int)json_integer_value(scale) : default_scale;
    if (scale && (!json_is_integer(scale) || f->scale < 0 || f->scale > FIELD_SCALE_MAX)) {
        f->scale = default_scale;
        return FIELD_FAIL(cx, STR("scale"), "out_of_range", "field.scale_range",
                          "must be a whole number from 0 to %d", FIELD_SCALE_MAX);
    }
    TRY(declare_bound(cx, f, decl, "min", &f->has_min, &f->min));
    TRY(declare_bound(cx, f, decl, "max", &f->has_max, &f->max_value));
    if (f->has_min && f->has_max && f->min > f->max_value)
        return FIELD_FAIL(cx, STR("max"), "out_of_range", "field.bounds_crossed",
                          "is less than \"min\"");
    return ST_OK;
}

static Status decimal_declare(Ctx *cx, Field *f, const json_t *decl)
{
    return field_number_declare(cx, f, decl, 2);
}

const FieldType field_decimal_type = {
    .kind = F_DECIMAL,
    .name = "decimal",
    .value = V_DECIMAL,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .summable = true,
    .columns = field_column_int,
    .parse = field_decimal_parse,
    .parse_text = field_decimal_parse_text,
    .validate = field_number_validate,
    .load = field_decimal_load,
    .store = field_int_store,
    .json = field_decimal_json,
    .text = field_decimal_text,
    .declare = decimal_declare,
};
