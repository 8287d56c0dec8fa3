/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of type (see meta_retype.h): which pairs there are, and what they do to the declaration. */
#include "meta/meta_retype.h"
#include "base/id.h"
#include "meta/meta_change.h"

/* From which type to which: what people may sensibly want and a value at a time can give. */
#define TEXTS "text long_text rich_text email phone url "
#define NUMBERS "integer decimal percent money rating duration "
#define STRUCTURED "rich_text address geo json "
static const struct {
    const char *from, *to;
} matrix[] = {
    {"text", TEXTS NUMBERS STRUCTURED "boolean date datetime choice choices tags link links color"},
    {"long_text", TEXTS NUMBERS STRUCTURED "boolean date datetime choice choices tags link links"},
    {"rich_text", "text long_text"},
    {"email", TEXTS},
    {"phone", TEXTS},
    {"url", TEXTS},
    {"address", "text long_text"},
    {"geo", "text long_text"},
    {"json", "text long_text"},
    {"color", "text long_text choice"},
    {"auto_number", "text long_text"},
    {"integer", TEXTS NUMBERS "boolean choice"},
    {"decimal", TEXTS NUMBERS},
    {"percent", TEXTS NUMBERS},
    {"money", TEXTS NUMBERS},
    {"rating", TEXTS NUMBERS "choice"},
    {"duration", TEXTS NUMBERS},
    {"boolean", "text long_text integer choice"},
    {"date", "text long_text datetime"},
    {"datetime", "text long_text date"},
    {"choice", "text long_text choice choices tags link links integer rating boolean"},
    {"choices", "text long_text choice choices tags"},
    {"tags", "text long_text choice choices"},
    {"link", "text long_text choice links any_link"},
    {"links", "text long_text link"},
    {"any_link", "text long_text link"},
    {"file", "file image"},
    {"image", "file image"},
};

static bool is_word_of(const char *words, Str name)
{
    Str rest = str_of(words), word;
    while (name.n && rest.n && str_split(&rest, ' ', &word)) {
        if (str_eq(word, name))
            return true;
    }
    return false;
}

static bool is_link(Str type) { return is_word_of("link links any_link", type); }

static bool is_pair(Str from, Str to)
{
    for (size_t i = 0; i < COUNT_OF(matrix); i++) {
        if (str_is(from, matrix[i].from))
            return is_word_of(matrix[i].to, to) || (str_eq(from, to) && !is_link(to));
    }
    return false;
}

static Str new_type(const Field *f, const json_t *body)
{
    Str type = json_get_str(body, "type");
    return type.n ? type : str_of(f->type->name);
}

bool meta_retype_asked(const Field *f, const json_t *body)
{
    const json_t *scale = json_object_get(body, "scale"), *list = json_object_get(body, "list");
    const json_t *multiple = json_object_get(body, "multiple");
    if (!f->decl || !json_is_object(body))
        return false;
    if (json_object_get(body, "dry_run") || !str_is(new_type(f, body), f->type->name))
        return true;
    return (json_is_integer(scale) && json_integer_value(scale) != f->scale && f->n_columns) ||
           (field_is_file(f) && json_is_boolean(multiple) &&
            json_is_true(multiple) != f->multiple) ||
           ((f->kind == F_CHOICE || f->kind == F_CHOICES) && json_is_string(list) &&
            !str_eq(json_str(list), f->list_name));
}

Status meta_retype_check(Ctx *cx, const Field *f, const json_t *body)
{
    Str to = new_type(f, body);
    TRY(meta_change_allow(cx, body,
                          "type dry_run scale min max list choices depends_on to inverse "
                          "inverse_label on_delete visible_with multiple accept max_size unique "
                          "search default"));
    if (!f->object->custom && !json_get_bool(f->decl, "custom", false))
        return FIELD_FAIL(cx, STR("type"), "readonly", "meta.shipped_type",
                          "a field that comes with the program keeps its type");
    if (f->shares)
        return FIELD_FAIL(cx, STR("type"), "not_available", "meta.shares_type",
                          "a field that opens records keeps its type: make a new field");
    if (f->shadow)
        return FAIL(cx, ST_CONFLICT, "meta.retype_runs",
                    "the type of this field is being changed already");
    if (is_pair(str_of(f->type->name), to))
        return ST_OK;
    return FIELD_FAIL(cx, STR("type"), "not_available", "meta.no_conversion",
                      "a field of type %s cannot become " STR_FMT ": make a new field",
                      f->type->name, STR_ARG(to));
}

/* ---- the declaration */
static const char kept[] = "name key label help required personal readonly required_when "
                           "visible_when readonly_when custom";

static void set(json_t *into, const char *name, json_t *value)
{
    json_object_set_new(into, name, value);
}

/* What types of one kind have in common need not be said again. */
static const struct {
    const char *types, *attributes;
} families[] = {
    {"link links any_link", "to inverse inverse_label on_delete visible_with"},
    {"choice choices", "list choices depends_on"},
    {"file image", "multiple accept max_size"},
};

static void keep_family(const Field *f, Str to, json_t *decl)
{
    const char *name;
    json_t *value;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        if (!is_word_of(families[i].types, str_of(f->type->name)) ||
            !is_word_of(families[i].types, to))
            continue;
        json_object_foreach((json_t *)f->decl, name, value)
        {
            if (is_word_of(families[i].attributes, str_of(name)))
                json_object_set(decl, name, value);
        }
    }
}

/* A link says where to by a name, one to any object by a list of names. */
static void fit_target(Str type, json_t *decl)
{
    json_t *to = json_object_get(decl, "to");
    if (str_is(type, "any_link") && json_is_string(to))
        set(decl, "to", json_pack("[O]", to));
    else if (is_link(type) && !str_is(type, "any_link") && json_array_size(to) == 1)
        set(decl, "to", json_incref(json_array_get(to, 0)));
}

/* What stays when the type changes, and what the body says of the new one. */
static json_t *coming_decl(const Field *f, const json_t *body)
{
    static const char *const flags[] = {"unique", "search"};
    json_t *decl = json_object(), *value;
    const char *name;
    const FieldType *type = field_type(new_type(f, body));
    json_object_foreach((json_t *)f->decl, name, value)
    {
        if (is_word_of(kept, str_of(name)))
            json_object_set(decl, name, value);
    }
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        value = json_object_get(f->decl, flags[i]);
        if (value && (i == 0 || (type && type->searchable)))
            json_object_set(decl, flags[i], value);
    }
    if (type && type->kind == f->kind)
        json_object_update_missing(decl, (json_t *)f->decl);
    Str to = new_type(f, body);
    keep_family(f, to, decl);
    json_object_update(decl, (json_t *)body);
    fit_target(to, decl);
    set(decl, "type", json_stringn(to.p, to.n));
    static const char *const ours[] = {"dry_run", "generation", "generations", "former", "retype"};
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        json_object_del(decl, ours[i]);
    if (json_object_get(body, "list"))
        json_object_del(decl, "choices");
    if (json_object_get(body, "choices"))
        json_object_del(decl, "list");
    return decl;
}

static const Field *find(const Meta *m, Str object, Str key)
{
    const Object *o = meta_object(m, object);
    for (size_t i = 0; o && i < o->n_fields; i++) {
        if (str_eq(o->fields[i]->key, key))
            return o->fields[i];
    }
    return NULL;
}

/* Errors of the coming form carry the path of the field: the body's attribute is what is behind. */
static void strip_paths(Ctx *cx)
{
    for (size_t i = 0; i < cx->err.fields.n; i++) {
        FieldError *e = &cx->err.fields.v[i];
        size_t dot = str_find_char(e->field, '.');
        if (str_starts(e->field, STR("fields[")) && dot != SIZE_MAX)
            e->field = str_sub(e->field, dot + 1, e->field.n);
    }
}

static Status begin(Ctx *cx, MetaStore *s, const Field *f, const char *action, Plan *plan,
                    MetaChange *c, MetaEdit *e, json_t **ret_item)
{
    TRY(meta_change_begin(cx, s, plan, action, f->object->name, f->name, c));
    TRY(meta_change_edit(c, f->object->name, e));
    *ret_item =
        find(c->old->m, f->object->name, f->key) ? meta_change_field_patch(e, f->key) : NULL;
    if (!*ret_item)
        return FAIL(cx, ST_NOT_FOUND, "meta.field_gone", "there is no field \"" STR_FMT "\"",
                    STR_ARG(f->name));
    return ST_OK;
}

/* Writes down what the field is to become. */
static void say_coming(MetaChange *c, json_t *item, const Field *f, const json_t *body, Id job)
{
    const Field *now = find(c->old->m, f->object->name, f->key);
    int64_t generation = json_get_int(item, "generations", json_get_int(item, "generation", 1)) + 1;
    json_t *retype = json_object();
    set(retype, "generation", json_integer(generation));
    set(retype, "decl", coming_decl(now, body));
    Str id = str_format(c->cx->arena, "%lld", (long long)job);
    set(retype, "job", json_stringn(id.p, id.n));
    set(item, "retype", retype);
    set(item, "generations", json_integer(generation));
}

static Status build(MetaChange *c, const Field *f)
{
    Status st = meta_change_build(c, f->object->name);
    strip_paths(c->cx);
    return st;
}

static void release(void *m) { meta_release(m); }

Status meta_retype_start(Ctx *cx, MetaStore *s, const Field *f, const json_t *body, Id job,
                         Plan *plan)
{
    MetaChange c;
    MetaEdit e;
    json_t *item;
    TRY(begin(cx, s, f, "field.retype_start", plan, &c, &e, &item));
    if (json_object_get(item, "retype"))
        return FAIL(cx, ST_CONFLICT, "meta.retype_runs",
                    "the type of this field is being changed already");
    say_coming(&c, item, f, body, job);
    TRY(build(&c, f));
    return meta_change_commit(&c);
}

static bool not_running(Ctx *cx, const json_t *item)
{
    if (json_object_get(item, "retype"))
        return false;
    (void)!FAIL(cx, ST_CONFLICT, "meta.no_retype_runs",
                "the type of this field is not being changed");
    return true;
}

/* The form that ends, as the past needs it. */
static json_t *former_of(Ctx *cx, const json_t *item, Id until)
{
    json_t *former = json_object(), *decl = json_copy((json_t *)item);
    static const char *const ours[] = {"generation", "generations", "former", "retype"};
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        json_object_del(decl, ours[i]);
    Str id = str_format(cx->arena, "%lld", (long long)until);
    set(former, "generation", json_integer(json_get_int(item, "generation", 1)));
    set(former, "until", json_stringn(id.p, id.n));
    set(former, "decl", decl);
    return former;
}

/* Attributes that do not hang on the type may have been changed while the values were copied. */
static void take_coming(Ctx *cx, json_t *item, Id until)
{
    json_t *retype = json_incref(json_object_get(item, "retype"));
    json_t *former = json_incref(json_object_get(item, "former")), *past, *value;
    json_t *coming = json_object_get(retype, "decl");
    const char *name;
    void *next;
    past = former_of(cx, item, until);
    json_object_foreach_safe(item, next, name, value)
    {
        if (!is_word_of(kept, str_of(name)) && strcmp(name, "generations") != 0)
            json_object_del(item, name);
    }
    json_object_foreach(coming, name, value)
    {
        if (!is_word_of(kept, str_of(name)))
            json_object_set(item, name, value);
    }
    if (!former)
        former = json_array();
    json_array_append_new(former, past);
    set(item, "former", former);
    set(item, "generation", json_incref(json_object_get(retype, "generation")));
    json_decref(retype);
}

/* What speaks of the field (rules, formulas, filters of roles) must understand its new type. */
static Status try_swap(Ctx *cx, MetaStore *s, const Field *f, const json_t *body)
{
    MetaChange c;
    MetaEdit e;
    json_t *item;
    TRY(begin(cx, s, f, "field.retype", plan_new(cx), &c, &e, &item));
    say_coming(&c, item, f, body, 0);
    take_coming(cx, item, 1);
    TRY(build(&c, f));
    arena_on_free(cx->arena, release, c.candidate->m);
    return ST_OK;
}

Status meta_retype_try(Ctx *cx, MetaStore *s, const Field *f, const json_t *body, const Field **ret)
{
    MetaChange c;
    MetaEdit e;
    json_t *item;
    TRY(begin(cx, s, f, "field.retype", plan_new(cx), &c, &e, &item));
    say_coming(&c, item, f, body, 0);
    TRY(build(&c, f));
    arena_on_free(cx->arena, release, c.candidate->m);
    *ret = find(c.candidate->m, f->object->name, f->key);
    return try_swap(cx, s, f, body);
}

Status meta_retype_swap(Ctx *cx, MetaStore *s, const Field *f, Id until, Plan *plan)
{
    MetaChange c;
    MetaEdit e;
    json_t *item;
    TRY(begin(cx, s, f, "field.retype", plan, &c, &e, &item));
    if (not_running(cx, item))
        return ST_CONFLICT;
    take_coming(cx, item, until);
    TRY(meta_change_build(&c, f->object->name));
    return meta_change_commit(&c);
}

Status meta_retype_abandon(Ctx *cx, MetaStore *s, const Field *f, Plan *plan)
{
    MetaChange c;
    MetaEdit e;
    json_t *item;
    TRY(begin(cx, s, f, "field.retype_abandon", plan, &c, &e, &item));
    if (not_running(cx, item))
        return ST_CONFLICT;
    json_object_del(item, "retype");
    TRY(meta_change_build(&c, f->object->name));
    return meta_change_commit(&c);
}
