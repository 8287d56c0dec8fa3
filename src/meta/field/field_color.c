/* SPDX-License-Identifier: Apache-2.0 */
/* color: one of six quiet tints that say which, never how good. Stored by code. */
#include "meta/field/field.h"

static const struct {
    const char *code, *zh, *en;
} TINTS[] = {
    {"ultramarine", "群青", "Ultramarine"}, {"celadon", "青瓷", "Celadon"},
    {"wisteria", "藤紫", "Wisteria"},       {"rouge", "胭脂", "Rouge"},
    {"bamboo", "竹绿", "Bamboo"},           {"slate", "烟灰", "Slate"},
};

static Status color_find(Ctx *cx, const Field *f, Str text, bool by_name, Value *out)
{
    for (size_t i = 0; i < COUNT_OF(TINTS); i++) {
        bool is = str_is(text, TINTS[i].code) ||
                  (by_name && (str_is(text, TINTS[i].zh) || str_is(text, TINTS[i].en)));
        if (!is)
            continue;
        *out = (Value){.t = V_TEXT, .s = str_of(TINTS[i].code)};
        return ST_OK;
    }
    return FIELD_FAIL(cx, f->name, "no_match", "field.unknown_color",
                      "is not one of ultramarine, celadon, wisteria, rouge, bamboo, slate");
}

static Status color_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    if (!json_is_string(in))
        return field_wrong(cx, f);
    *out = VALUE_NULL;
    return json_str(in).n ? color_find(cx, f, json_str(in), false, out) : ST_OK;
}

static Status color_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                               Value *out)
{
    *out = VALUE_NULL;
    return str_trim(in).n ? color_find(cx, f, str_trim(in), true, out) : ST_OK;
}

static void color_text(Buf *b, const Field *f UNUSED, const Value *v, Lang lang)
{
    for (size_t i = 0; i < COUNT_OF(TINTS); i++)
        if (str_is(v->s, TINTS[i].code))
            buf_str_add(b, str_of(lang == LANG_ZH ? TINTS[i].zh : TINTS[i].en));
}

const FieldType field_color_type = {
    .kind = F_COLOR,
    .name = "color",
    .value = V_TEXT,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .columns = field_column_text,
    .parse = color_parse,
    .parse_text = color_parse_text,
    .validate = field_validate_none,
    .load = field_text_load,
    .store = field_text_store,
    .json = field_text_json,
    .text = color_text,
    .declare = field_declare_none,
};
