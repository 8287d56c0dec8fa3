/* SPDX-License-Identifier: Apache-2.0 */
/* long_text: several lines, up to 100,000 code points. Not sorted or grouped by. */
#include "meta/field/field.h"

#define LONG_TEXT_MAX 100000

static Status long_text_declare(Ctx *cx, Field *f, const json_t *decl)
{
    return field_text_declare_max(cx, f, decl, LONG_TEXT_MAX, LONG_TEXT_MAX);
}

const FieldType field_long_text_type = {
    .kind = F_LONG_TEXT,
    .name = "long_text",
    .value = V_TEXT,
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
    .declare = long_text_declare,
};
