/* SPDX-License-Identifier: Apache-2.0 */
/* choice: one code of a list. Files may write the code or a label in either language. */
#include "meta/field/field.h"

static Status choice_unknown(Ctx *cx, const Field *f, Str text)
{
    FIELD_FAIL(cx, f->name, "no_match", "field.unknown_choice", "\"" STR_FMT "\" is not a choice",
               STR_ARG(text));
    error_suggest(cx, choice_nearest(f->choices, text));
    return ST_INVALID;
}

static Status choice_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    Str code = json_str(in);
    if (!json_is_string(in))
        return field_wrong(cx, f);
    *out = VALUE_NULL;
    if (!code.n)
        return ST_OK;
    const Choice *c = choice_find(f->choices, code);
    if (!c)
        return choice_unknown(cx, f, code);
    *out = (Value){.t = V_TEXT, .s = c->value};
    return ST_OK;
}

static Status choice_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                Value *out)
{
    Str text = str_trim(in);
    const Choice *c = choice_by_label(cx->arena, f->choices, text);
    if (!c)
        return choice_unknown(cx, f, text);
    *out = (Value){.t = V_TEXT, .s = c->value};
    return ST_OK;
}

static Status choice_validate(Ctx *cx, const Field *f, const Value *v)
{
    const Choice *c = choice_find(f->choices, v->s);
    if (!c)
        return choice_unknown(cx, f, v->s);
    if (!c->retired)
        return ST_OK;
    return FIELD_FAIL(cx, f->name, "retired", "field.retired_choice",
                      "\"" STR_FMT "\" is no longer used", STR_ARG(label_in(&c->label, cx->lang)));
}

static void choice_text(Buf *b, const Field *f, const Value *v, Lang lang)
{
    const Choice *c = choice_find(f->choices, v->s);
    Str label = c ? label_in(&c->label, lang) : STR_NULL;
    buf_str_add(b, label.n ? label : v->s);
}

const FieldType field_choice_type = {
    .kind = F_CHOICE,
    .name = "choice",
    .value = V_TEXT,
    .sortable = true,
    .groupable = true,
    .filterable = true,
    .columns = field_column_text,
    .parse = choice_parse,
    .parse_text = choice_parse_text,
    .validate = choice_validate,
    .load = field_text_load,
    .store = field_text_store,
    .json = field_text_json,
    .text = choice_text,
    .declare = field_declare_none, /* its list needs the catalogue: meta_compile.c */
};
