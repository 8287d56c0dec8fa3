/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of an object: conditions that every record must fulfil. Compiled by expr/. */
#include "meta/meta_build.h"

#define RULES_MAX 100

static Status read_rule(MetaBuild *b, const json_t *decl, Rule *r)
{
    TRY(meta_check_attributes(b, decl, "name check message field", NULL));
    TRY(meta_check_text(b, decl, "name", &r->name));
    TRY(meta_check_text(b, decl, "check", &r->check));
    TRY(meta_check_text(b, decl, "field", &r->field));
    TRY(meta_check_label(b, decl, "message", STR_NULL, &r->message));
    if (!meta_name_is_word(r->name))
        return FIELD_FAIL(b->cx, meta_path(b, "name"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    if (!r->check.n)
        return FIELD_FAIL(b->cx, meta_path(b, "check"), "required", "meta.rule_check",
                          "a rule needs a condition");
    if (!r->message.zh.n && !r->message.en.n)
        return FIELD_FAIL(b->cx, meta_path(b, "message"), "required", "meta.rule_message",
                          "a rule needs a message");
    if (r->field.n && !object_field(b->object, r->field))
        return FIELD_FAIL(b->cx, meta_path(b, "field"), "no_match", "meta.no_such_field",
                          "there is no field \"" STR_FMT "\"", STR_ARG(r->field));
    return ST_OK;
}

Status meta_rules_build(MetaBuild *b)
{
    Object *o = b->object;
    json_t *list = json_object_get(o->decl, "rules");
    size_t n = json_array_size(list);
    Status st = ST_OK;
    if ((list && !json_is_array(list)) || n > RULES_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, "rules"), "bad_value", "meta.bad_rules",
                          "must be a list of at most %d rules", RULES_MAX);
    o->rules = ARENA_ARRAY(b->arena, Rule, n + 1);
    for (size_t i = 0; i < n; i++) {
        b->path = str_format(b->arena, "rules[%zu]", i);
        if (read_rule(b, json_array_get(list, i), &o->rules[i]) != ST_OK)
            st = ST_INVALID;
    }
    b->path = STR_NULL;
    o->n_rules = n;
    return st;
}
