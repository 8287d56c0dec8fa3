/* SPDX-License-Identifier: Apache-2.0 */
/* formula: a value computed from the record's other fields by an expression; not stored. `result`
 * says of which type it is; its forms are that type's. */
#include "meta/field/field.h"

static int formula_columns(const Field *f UNUSED, Column out[FIELD_COLUMNS] UNUSED) { return 0; }

static Status formula_parse(Ctx *cx, const Field *f, const json_t *in UNUSED, Value *out UNUSED)
{
    return FIELD_FAIL(cx, f->name, "readonly", "field.formula_readonly", "is computed");
}

static Status formula_parse_text(Ctx *cx, const Field *f, Str in UNUSED,
                                 const TextForm *form UNUSED, Value *out UNUSED)
{
    return FIELD_FAIL(cx, f->name, "readonly", "field.formula_readonly", "is computed");
}

static void formula_load(Arena *a UNUSED, const Field *f UNUSED, const Stmt *q UNUSED,
                         int col UNUSED, Value *out)
{
    *out = VALUE_NULL;
}

static void formula_store(Arena *a UNUSED, const Field *f UNUSED, const Value *v UNUSED,
                          DbVal out[FIELD_COLUMNS] UNUSED)
{
}

/* By the value at hand: an expression may give a real where the field says decimal. */
static const FieldType *type_of_value(const Field *f, const Value *v)
{
    switch ((ValueType)v->t) {
    case V_BOOL: return &field_boolean_type;
    case V_INT: return &field_integer_type;
    case V_DECIMAL: return &field_decimal_type;
    case V_MONEY: return &field_money_type;
    case V_DATE: return &field_date_type;
    case V_TIME: return &field_datetime_type;
    case V_ID: return &field_link_type;
    case V_IDS: return &field_links_type;
    case V_REF: return &field_any_link_type;
    case V_TEXT: return f->result == F_TEXT ? &field_text_type : &field_long_text_type;
    default: return NULL;
    }
}

static void formula_json(Buf *b, const Field *f, const Value *v)
{
    const FieldType *type = type_of_value(f, v);
    if (type)
        type->json(b, f, v);
    else if (v->t == V_REAL)
        buf_json_real(b, v->r);
    else if (v->t == V_DURATION)
        buf_int(b, v->i);
    else
        buf_lit(b, "null");
}

static void formula_text(Buf *b, const Field *f, const Value *v, Lang lang)
{
    const FieldType *type = type_of_value(f, v);
    if (type)
        type->text(b, f, v, lang);
    else
        formula_json(b, f, v);
}

static bool result_is_allowed(FieldKind kind)
{
    return kind == F_TEXT || kind == F_INTEGER || kind == F_DECIMAL || kind == F_PERCENT ||
           kind == F_MONEY || kind == F_BOOLEAN || kind == F_DATE || kind == F_DATETIME;
}

static Status formula_declare(Ctx *cx, Field *f, const json_t *decl)
{
    f->readonly = true;
    f->max = 4000;
    f->formula = json_get_str(decl, "of");
    if (!f->formula.n)
        return FIELD_FAIL(cx, STR("of"), "required", "field.formula_of", "a formula needs a text");
    const FieldType *result = field_type(json_get_str(decl, "result"));
    if (!result || !result_is_allowed(result->kind))
        return FIELD_FAIL(cx, STR("result"), "bad_value", "field.formula_result",
                          "must be one of text, integer, decimal, percent, money, boolean, date, "
                          "datetime");
    f->result = result->kind;
    if (json_object_get(decl, "min") || json_object_get(decl, "max"))
        return FIELD_FAIL(cx, STR("min"), "unknown_attribute", "field.formula_bounds",
                          "a formula has no bounds");
    return field_number_declare(cx, f, decl, f->result == F_INTEGER ? 0 : 2);
}

const FieldType field_formula_type = {
    .kind = F_FORMULA,
    .name = "formula",
    .value = V_NULL,
    .sortable = true,
    .filterable = true,
    .summable = true,
    .columns = formula_columns,
    .parse = formula_parse,
    .parse_text = formula_parse_text,
    .validate = field_validate_none,
    .load = formula_load,
    .store = formula_store,
    .json = formula_json,
    .text = formula_text,
    .declare = formula_declare,
};
