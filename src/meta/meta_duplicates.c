/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of duplicates of an object: which fields, made comparable how, make two records look like one, and what
 * follows. Keys and search are of match/ and duplicate/. */
#include "meta/meta_build.h"

enum { RULES_MAX = 20, FIELDS_MAX = 6, LIST_MAX = 50 };

static Status one_of(MetaBuild *b, const json_t *decl, const char *part, const char *const *words,
                     size_t n, int dflt, int *ret)
{
    Str text;
    *ret = dflt;
    TRY(meta_check_text(b, decl, part, &text));
    if (!text.n)
        return ST_OK;
    for (size_t i = 0; i < n; i++)
        if (str_is(text, words[i])) {
            *ret = (int)i;
            return ST_OK;
        }
    return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.unknown_word",
                      "\"" STR_FMT "\" is none of the values allowed here", STR_ARG(text));
}

static MatchAs by_type(const Field *f)
{
    switch (f->kind) {
    case F_LINK: return MATCH_LINK;
    case F_PHONE: return MATCH_PHONE;
    case F_EMAIL: return MATCH_EMAIL;
    default: return f->format ? MATCH_CODE : MATCH_TEXT;
    }
}

/* What has one text a record and may be looked for by everybody who may read it. */
static bool can_match(const Field *f)
{
    if (f->kind == F_LINK)
        return !f->system;
    return f->type->value == V_TEXT && f->kind != F_SECRET && f->kind != F_CHOICE &&
           f->kind != F_RICH_TEXT && f->kind != F_FORMULA && !f->system;
}

static Status read_field(MetaBuild *b, const json_t *decl, DuplicateField *ret)
{
    static const char *const AS[] = {"text", "company", "person", "phone", "email", "code", "link"};
    Str name;
    int as = 0;
    TRY(meta_check_attributes(b, decl, "field as", NULL));
    TRY(meta_check_text(b, decl, "field", &name));
    ret->field = object_field(b->object, name);
    if (!ret->field)
        return FIELD_FAIL(b->cx, meta_path(b, "field"), "no_match", "meta.no_such_field",
                          "there is no field \"" STR_FMT "\"", STR_ARG(name));
    if (!can_match(ret->field))
        return FIELD_FAIL(
            b->cx, meta_path(b, "field"), "bad_value", "meta.duplicate_type",
            "duplicates are told by texts, phone numbers, e-mail addresses and links");
    TRY(one_of(b, decl, "as", AS, COUNT_OF(AS), (int)by_type(ret->field), &as));
    ret->as = (MatchAs)as;
    if ((ret->as == MATCH_LINK) != (ret->field->kind == F_LINK))
        return FIELD_FAIL(b->cx, meta_path(b, "as"), "bad_value", "meta.duplicate_link",
                          "links are compared as links, and nothing else is");
    return ST_OK;
}

static Status read_fields(MetaBuild *b, const json_t *list, DuplicateRule *r)
{
    Str outer = b->path;
    Status st = ST_OK;
    size_t n = json_array_size(list);
    if (!n || n > FIELDS_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, "fields"), "required", "meta.duplicate_fields",
                          "a rule of duplicates compares one to %d fields", FIELDS_MAX);
    r->fields = ARENA_ARRAY(b->arena, DuplicateField, n);
    for (size_t i = 0; i < n; i++) {
        b->path = str_format(b->arena, STR_FMT ".fields[%zu]", STR_ARG(outer), i);
        if (read_field(b, json_array_get(list, i), &r->fields[i]) != ST_OK)
            st = ST_INVALID;
    }
    b->path = outer;
    r->n_fields = n;
    return st;
}

static Status read_names(MetaBuild *b, const json_t *decl, const char *part, bool objects,
                         const json_t **ret)
{
    const json_t *list = json_object_get(decl, part);
    if (!list || json_is_null(list))
        return ST_OK;
    bool fits = json_is_array(list) && json_array_size(list) <= LIST_MAX;
    for (size_t i = 0; fits && i < json_array_size(list); i++) {
        Str name = json_str(json_array_get(list, i));
        fits = meta_name_is_word(name) && (!objects || meta_object(b->m, name));
    }
    if (!fits)
        return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.duplicate_names",
                          "must be a list of names that there are");
    *ret = json_array_size(list) ? list : NULL;
    return ST_OK;
}

static Status read_threshold(MetaBuild *b, const json_t *decl, double *ret)
{
    const json_t *v = json_object_get(decl, "threshold");
    *ret = DUPLICATE_LIKELY;
    if (!v || json_is_null(v))
        return ST_OK;
    *ret = json_is_number(v) ? json_number_value(v) : 0;
    if (*ret >= DUPLICATE_LIKELY && *ret < 1)
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, "threshold"), "bad_value", "meta.duplicate_threshold",
                      "must be a number from 0.5 to below 1");
}

static Status read_rule(MetaBuild *b, const json_t *decl, DuplicateRule *r)
{
    static const char *const ACTIONS[] = {"off", "warn", "block"};
    int action = 0;
    TRY(meta_check_attributes(
        b, decl, "name label fields fuzzy threshold action override among tell_owner", NULL));
    TRY(meta_check_text(b, decl, "name", &r->name));
    if (!meta_name_is_word(r->name))
        return FIELD_FAIL(b->cx, meta_path(b, "name"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    TRY(meta_check_label(b, decl, "label", meta_name_in_words(b->arena, r->name), &r->label));
    TRY(meta_check_flag(b, decl, "fuzzy", false, &r->fuzzy));
    TRY(meta_check_flag(b, decl, "tell_owner", false, &r->tell_owner));
    TRY(read_threshold(b, decl, &r->threshold));
    TRY(one_of(b, decl, "action", ACTIONS, COUNT_OF(ACTIONS), DUPLICATE_WARN, &action));
    r->action = (DuplicateAction)action;
    TRY(read_names(b, decl, "override", false, &r->override_by));
    TRY(read_names(b, decl, "among", true, &r->among));
    return read_fields(b, json_object_get(decl, "fields"), r);
}

static void note_field(Object *o, const DuplicateField *f, bool fuzzy)
{
    DuplicateField *known = o->match_fields;
    size_t i = 0;
    while (i < o->n_match_fields && (known[i].field != f->field || known[i].as != f->as))
        i++;
    if (i == MATCH_FIELDS)
        return;
    if (i == o->n_match_fields)
        known[o->n_match_fields++] = *f;
    known[i].fuzzy |= fuzzy;
}

Status meta_duplicates_build(MetaBuild *b)
{
    Object *o = b->object;
    json_t *list = json_object_get(o->decl, "duplicates");
    size_t n = json_array_size(list);
    Status st = ST_OK;
    if ((list && !json_is_array(list)) || n > RULES_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, "duplicates"), "bad_value", "meta.bad_rules",
                          "must be a list of at most %d rules", RULES_MAX);
    if (!n)
        return ST_OK;
    o->duplicates = ARENA_ARRAY(b->arena, DuplicateRule, n);
    o->match_fields = ARENA_ARRAY(b->arena, DuplicateField, MATCH_FIELDS);
    for (size_t i = 0; i < n; i++) {
        b->path = str_format(b->arena, "duplicates[%zu]", i);
        if (read_rule(b, json_array_get(list, i), &o->duplicates[i]) != ST_OK)
            st = ST_INVALID;
    }
    for (size_t i = 0; st == ST_OK && i < n; i++)
        for (size_t k = 0; k < o->duplicates[i].n_fields; k++)
            note_field(o, &o->duplicates[i].fields[k], o->duplicates[i].fuzzy);
    b->path = STR_NULL;
    o->n_duplicates = n;
    return st;
}

Status meta_duplicates_try(Ctx *cx, const Object *o, const json_t *rules, const Object **ret)
{
    Object *as_if = ARENA_NEW(cx->arena, Object);
    json_t *decl = json_object();
    const MetaSource source = {.focus = o->name}; /* paths of errors begin in its declaration */
    MetaBuild b = {.cx = cx, .arena = cx->arena, .m = (Meta *)cx->meta, .object = as_if};
    b.source = &source;
    json_own(cx->arena, decl);
    json_object_set(decl, "duplicates", (json_t *)rules);
    *as_if = *o;
    as_if->decl = decl;
    as_if->duplicates = NULL;
    as_if->match_fields = NULL;
    as_if->n_duplicates = as_if->n_match_fields = 0;
    *ret = as_if;
    return meta_duplicates_build(&b);
}
