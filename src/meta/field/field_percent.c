/* SPDX-License-Identifier: Apache-2.0 */
/* percent: the number before the sign, exact: 15 means 15 %. Files may write the sign. */
#include "meta/field/field.h"

static Status percent_declare(Ctx *cx, Field *f, const json_t *decl)
{
    return field_number_declare(cx, f, decl, 2);
}

static void percent_text(Buf *b, const Field *f, const Value *v, Lang lang)
{
    field_decimal_text(b, f, v, lang);
    buf_char(b, '%');
}

const FieldType field_percent_type = {
    .kind = F_PERCENT,
    .name = "percent",
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
    .text = percent_text,
    .declare = percent_declare,
};
