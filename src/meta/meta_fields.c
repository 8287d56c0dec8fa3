/* SPDX-License-Identifier: Apache-2.0 */
/* First pass over one object: its declared fields, each checked on its own. */
#include "meta/field/field.h"
#include "meta/meta_build.h"
#include "meta/meta_shares.h"

#define FIELDS_MAX 800

static const char common_attributes[] =
    "name key was type label help required unique search personal readonly default required_when "
    "visible_when readonly_when removed custom generation generations former retype derived "
    "removed_at";

/* Attributes of each type beside the common ones. */
static const char *const type_attributes[F_KINDS] = {
    [F_TEXT] = "max format",
    [F_LONG_TEXT] = "max",
    [F_INTEGER] = "scale min max",
    [F_DECIMAL] = "scale min max",
    [F_PERCENT] = "scale min max",
    [F_MONEY] = "scale min max",
    [F_CHOICE] = "list choices depends_on",
    [F_LINK] = "to inverse inverse_label on_delete visible_with shares tree",
    [F_LINKS] = "to inverse inverse_label on_delete visible_with shares",
    [F_AUTO_NUMBER] = "number",
    [F_FORMULA] = "of result scale min max",
    [F_ANY_LINK] = "to inverse inverse_label on_delete visible_with",
    [F_FILE] = "multiple accept max_size",
    [F_IMAGE] = "multiple accept max_size",
    [F_ROLLUP] = "of scale",
    [F_CHOICES] = "list choices",
    [F_JSON] = "max",
    [F_RATING] = "max",
};
static Status unknown_type(MetaBuild *b, Str name)
{
    return FIELD_FAIL(b->cx, meta_path(b, "type"), "bad_value", "meta.unknown_type",
                      "\"" STR_FMT "\" is not a type of field", STR_ARG(name));
}

static Status check_personal(MetaBuild *b, const json_t *decl)
{
    Str personal;
    TRY(meta_check_text(b, decl, "personal", &personal));
    if (!personal.n || str_is(personal, "none") || str_is(personal, "personal") ||
        str_is(personal, "sensitive"))
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, "personal"), "bad_value", "meta.bad_personal",
                      "must be none, personal or sensitive");
}

static Status read_on_delete(MetaBuild *b, Field *f, const json_t *decl)
{
    Str text;
    TRY(meta_check_text(b, decl, "on_delete", &text));
    f->on_delete = f->required ? DELETE_RESTRICT : DELETE_CLEAR;
    if (str_is(text, "restrict"))
        f->on_delete = DELETE_RESTRICT;
    else if (str_is(text, "clear"))
        f->on_delete = DELETE_CLEAR;
    else if (str_is(text, "cascade"))
        f->on_delete = DELETE_CASCADE;
    else if (text.n)
        return FIELD_FAIL(b->cx, meta_path(b, "on_delete"), "bad_value", "meta.bad_on_delete",
                          "must be restrict, clear or cascade");
    if (f->kind == F_LINKS || (f->required && f->on_delete == DELETE_CLEAR))
        f->on_delete = f->kind == F_LINKS ? DELETE_CLEAR : DELETE_RESTRICT;
    return ST_OK;
}

/* Shares are for people and groups of them, of records that belong to somebody. */
static Status read_shares(MetaBuild *b, Field *f, const json_t *decl)
{
    const json_t *said = json_object_get(decl, "shares");
    if (!said || json_is_null(said))
        return ST_OK;
    f->shares = str_is(json_str(said), "edit") ? 2 : str_is(json_str(said), "read") ? 1 : 0;
    if (!f->shares)
        return FIELD_FAIL(b->cx, meta_path(b, "shares"), "bad_value", "meta.bad_shares",
                          "must be read or edit");
    if (!meta_shares_kind(f->to_name) || !(b->object->traits & TRAIT_OWNED) ||
        (b->object->traits & TRAIT_LINE))
        return FIELD_FAIL(b->cx, meta_path(b, "shares"), "bad_value", "meta.shares_where",
                          "only links to people, teams, departments or roles open records, and "
                          "only of objects that have an owner");
    return ST_OK;
}

static Status read_link(MetaBuild *b, Field *f, const json_t *decl)
{
    if (f->kind != F_ANY_LINK)
        TRY(meta_check_text(b, decl, "to", &f->to_name));
    TRY(meta_check_text(b, decl, "inverse", &f->inverse));
    TRY(meta_check_flag(b, decl, "visible_with", false, &f->visible_with));
    TRY(read_shares(b, f, decl));
    TRY(meta_check_flag(b, decl, "tree", str_is(f->name, "parent"), &f->tree));
    if (f->kind != F_ANY_LINK && !f->to_name.n)
        return FIELD_FAIL(b->cx, meta_path(b, "to"), "required", "meta.link_to",
                          "a link names the object it leads to");
    if (f->inverse.n && !meta_name_is_word(f->inverse))
        return FIELD_FAIL(b->cx, meta_path(b, "inverse"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    return read_on_delete(b, f, decl);
}

static Status read_choice(MetaBuild *b, Field *f, const json_t *decl)
{
    json_t *own = json_object_get(decl, "choices");
    TRY(meta_check_text(b, decl, "list", &f->list_name));
    if ((f->list_name.n > 0) == (own != NULL))
        return FIELD_FAIL(b->cx, meta_path(b, "choices"), "required", "meta.choice_list",
                          "a choice has either \"list\" or \"choices\"");
    if (!own)
        return ST_OK;
    ChoiceList *list = ARENA_NEW(b->arena, ChoiceList);
    f->choices = list;
    return meta_lists_build_one(b, decl, own, list);
}

static Status read_flags(MetaBuild *b, Field *f, const json_t *decl)
{
    TRY(meta_check_label(b, decl, "label", meta_name_in_words(b->arena, f->name), &f->label));
    TRY(meta_check_label(b, decl, "help", STR_NULL, &f->help));
    TRY(meta_check_flag(b, decl, "required", false, &f->required));
    TRY(meta_check_flag(b, decl, "unique", false, &f->unique));
    TRY(meta_check_flag(b, decl, "search", false, &f->search));
    TRY(meta_check_flag(b, decl, "readonly", false, &f->readonly));
    TRY(meta_check_text(b, decl, "required_when", &f->required_when));
    TRY(meta_check_text(b, decl, "visible_when", &f->visible_when));
    TRY(meta_check_text(b, decl, "readonly_when", &f->readonly_when));
    return check_personal(b, decl);
}

static bool type_can_be_unique(FieldKind k)
{
    switch (k) {
    case F_TEXT:
    case F_INTEGER:
    case F_DECIMAL:
    case F_PERCENT:
    case F_DATE:
    case F_DATETIME:
    case F_CHOICE:
    case F_LINK:
    case F_EMAIL:
    case F_PHONE:
    case F_AUTO_NUMBER:
    case F_ID:
    case F_URL: return true;
    default: return false;
    }
}

static Status check_flags(MetaBuild *b, const Field *f)
{
    if (f->unique && !type_can_be_unique(f->kind))
        return FIELD_FAIL(b->cx, meta_path(b, "unique"), "bad_value", "meta.not_unique",
                          "a field of type %s cannot be unique", f->type->name);
    if (f->search && !f->type->searchable)
        return FIELD_FAIL(b->cx, meta_path(b, "search"), "bad_value", "meta.not_searchable",
                          "a field of type %s cannot be searched", f->type->name);
    if (f->required && field_is_computed(f))
        return FIELD_FAIL(b->cx, meta_path(b, "required"), "bad_value", "meta.formula_required",
                          "a computed field cannot be required");
    return ST_OK;
}

static Status read_type(MetaBuild *b, Field *f, const json_t *decl)
{
    size_t first = meta_errors(b);
    Status st = f->type->declare(b->cx, f, decl);
    meta_path_errors(b, first);
    TRY(st);
    if (f->kind == F_LINK || f->kind == F_LINKS || f->kind == F_ANY_LINK)
        TRY(read_link(b, f, decl));
    if (f->kind == F_CHOICE || f->kind == F_CHOICES)
        TRY(read_choice(b, f, decl));
    return check_flags(b, f);
}

/* The field's number comes from its key, which survives renames: "<object>.<key>". */
static void give_number(MetaBuild *b, Field *f)
{
    Str name = str_format(b->arena, STR_FMT "." STR_FMT, STR_ARG(b->object->name), STR_ARG(f->key));
    if (f->generation > 1)
        name = str_format(b->arena, STR_FMT "~%u", STR_ARG(name), f->generation);
    f->number = meta_numbers_get(b->numbers, "field", name);
}

Status meta_fields_read_loose(MetaBuild *b, const json_t *decl, Field **ret)
{
    Field *f = ARENA_NEW(b->arena, Field);
    *ret = f;
    f->decl = decl;
    f->object = b->object;
    f->name = json_get_str(decl, "name");
    TRY(meta_name_check_field(b, f->name));
    f->key = json_get_str(decl, "key");
    if (!f->key.n)
        f->key = f->name;
    Str type = json_get_str(decl, "type");
    f->type = field_type(type);
    if (!f->type)
        return unknown_type(b, type);
    f->kind = f->type->kind;
    TRY(meta_check_attributes(b, decl, common_attributes, type_attributes[f->kind]));
    TRY(read_flags(b, f, decl));
    return read_type(b, f, decl);
}

Status meta_fields_read(MetaBuild *b, const json_t *decl, uint32_t generation, Field **ret)
{
    TRY(meta_fields_read_loose(b, decl, ret));
    (*ret)->generation = generation;
    give_number(b, *ret);
    return ST_OK;
}

static Status add_field(MetaBuild *b, Field *f)
{
    Object *o = b->object;
    if (map_has(&o->by_name, f->name))
        return FIELD_FAIL(b->cx, meta_path(b, "name"), "duplicate", "meta.field_exists",
                          "there is a field \"" STR_FMT "\" already", STR_ARG(f->name));
    f->object = o;
    f->index = (uint16_t)o->n_fields;
    o->fields[o->n_fields++] = f;
    map_put(&o->by_name, f->name, f);
    return ST_OK;
}

static Status add_traits(MetaBuild *b, const json_t *decl)
{
    Object *o = b->object;
    Field **fields = ARENA_ARRAY(b->arena, Field *, meta_traits_max_fields());
    size_t n = 0;
    meta_traits_fields(b, fields, &n);
    for (size_t i = 0; i < n; i++)
        TRY(add_field(b, fields[i]));
    if (!(o->traits & TRAIT_NUMBERED))
        return ST_OK;
    Field *number = map_get(&o->by_name, STR("number"));
    size_t first = meta_errors(b);
    Status st = number->type->declare(b->cx, number, decl);
    meta_path_errors(b, first);
    return st;
}

/* Keys tell columns apart, also those of removed fields. */
static Status check_key(MetaBuild *b, const json_t *decl, Map *keys)
{
    Str key = json_get_str(decl, "key"), name = json_get_str(decl, "name");
    if (!key.n)
        key = name;
    if (key.n && map_has(keys, key))
        return FIELD_FAIL(b->cx, meta_path(b, "name"), "duplicate", "meta.key_exists",
                          "there is a field with the key \"" STR_FMT "\" already", STR_ARG(key));
    map_put(keys, key, (void *)decl);
    return ST_OK;
}

static Status add_declared(MetaBuild *b, json_t *list)
{
    size_t i;
    json_t *decl;
    Str outer = b->path;
    Status st = ST_OK;
    Map keys = map_in(b->arena);
    json_array_foreach(list, i, decl)
    {
        Field *f;
        b->path = str_format(b->arena, "fields[%zu]", i);
        if (check_key(b, decl, &keys) != ST_OK) {
            st = ST_INVALID;
            continue;
        }
        uint32_t generation = (uint32_t)json_get_int(decl, "generation", 1);
        if (json_get_bool(decl, "removed", false))
            meta_variants_removed(b, decl, generation);
        else if (meta_fields_read(b, decl, generation, &f) != ST_OK || add_field(b, f) != ST_OK ||
                 meta_variants_read(b, f) != ST_OK)
            st = ST_INVALID; /* go on: the caller wants all errors at once */
    }
    b->path = outer;
    return st;
}

Status meta_fields_build(MetaBuild *b, const json_t *decl)
{
    Object *o = b->object;
    json_t *list = json_object_get(decl, "fields");
    size_t n = json_array_size(list);
    if ((list && !json_is_array(list)) || n > FIELDS_MAX)
        return FIELD_FAIL(b->cx, meta_path(b, "fields"), "bad_value", "meta.bad_fields",
                          "must be a list of at most %d fields", FIELDS_MAX);
    o->fields = ARENA_ARRAY(b->arena, Field *, n + meta_traits_max_fields());
    o->by_name = map_in(b->arena);
    TRY(add_traits(b, decl));
    return add_declared(b, list);
}
