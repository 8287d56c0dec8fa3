/* SPDX-License-Identifier: Apache-2.0 */
/* choices: several codes of a list. Files write codes or labels, separated by ; , | or 、 */
#include "meta/field/field.h"

static Status choices_unknown(Ctx *cx, const Field *f, Str text)
{
    FIELD_FAIL(cx, f->name, "no_match", "field.unknown_choice", "\"" STR_FMT "\" is not a choice",
               STR_ARG(text));
    error_suggest(cx, choice_nearest(f->choices, text));
    return ST_INVALID;
}

static Status choices_parse(Ctx *cx, const Field *f, const json_t *in, Value *out)
{
    size_t n = json_array_size(in);
    if (!json_is_array(in) || n > FIELD_SET_MAX)
        return field_set_too_many(cx, f);
    Str *texts = ARENA_ARRAY(cx->arena, Str, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(in, i);
        if (!json_is_string(item))
            return field_set_too_many(cx, f);
        const Choice *c = choice_find(f->choices, json_str(item));
        if (!c)
            return choices_unknown(cx, f, json_str(item));
        texts[i] = c->value;
    }
    *out = field_set_value(texts, n);
    return ST_OK;
}

static Status choices_parse_text(Ctx *cx, const Field *f, Str in, const TextForm *form UNUSED,
                                 Value *out)
{
    Str *texts = ARENA_ARRAY(cx->arena, Str, FIELD_SET_MAX);
    size_t n = 0;
    Str part;
    while (field_set_split(&in, &part)) {
        if (!part.n)
            continue;
        const Choice *c = choice_by_label(cx->arena, f->choices, part);
        if (!c)
            return choices_unknown(cx, f, part);
        if (n == FIELD_SET_MAX)
            return field_set_too_many(cx, f);
        texts[n++] = c->value;
    }
    *out = field_set_value(texts, n);
    return ST_OK;
}

static Status choices_validate(Ctx *cx, const Field *f, const Value *v)
{
    if (v->texts.n > FIELD_SET_MAX)
        return field_set_too_many(cx, f);
    for (size_t i = 0; i < v->texts.n; i++) {
        const Choice *c = choice_find(f->choices, v->texts.p[i]);
        if (!c)
            return choices_unknown(cx, f, v->texts.p[i]);
        if (c->retired)
            return FIELD_FAIL(cx, f->name, "retired", "field.retired_choice",
                              "\"" STR_FMT "\" is no longer used",
                              STR_ARG(label_in(&c->label, cx->lang)));
    }
    return ST_OK;
}

static void choices_text(Buf *b, const Field *f, const Value *v, Lang lang)
{
    for (size_t i = 0; i < v->texts.n; i++) {
        const Choice *c = choice_find(f->choices, v->texts.p[i]);
        Str label = c ? label_in(&c->label, lang) : STR_NULL;
        if (i)
            buf_char(b, ';');
        buf_str_add(b, label.n ? label : v->texts.p[i]);
    }
}

const FieldType field_choices_type = {
    .kind = F_CHOICES,
    .name = "choices",
    .value = V_TEXTS,
    .groupable = true,
    .filterable = true,
    .columns = field_column_text,
    .parse = choices_parse,
    .parse_text = choices_parse_text,
    .validate = choices_validate,
    .load = field_set_load,
    .store = field_set_store,
    .json = field_set_json,
    .text = choices_text,
    .declare = field_declare_none, /* its list needs the catalogue: meta_links.c */
};
