/* SPDX-License-Identifier: Apache-2.0 */
/* Second pass: what needs other objects or fields. Link targets, lists, title, defaults, columns,
 * and the relations that links make on the other side. */
#include "meta/field/field.h"
#include "meta/meta_build.h"

#define COLUMNS_MAX 800
#define RELATIONS_MAX 400

/* Trait fields are `const` parts of the catalogue for everyone else; while it is built they are ours. */
static Field *own(const Field *f) { return (Field *)f; }

static Status resolve_link(MetaBuild *b, Field *f)
{
    f->to = meta_object(b->m, f->to_name);
    if (f->to)
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, "to"), "no_match", "meta.no_such_object",
                      "there is no object \"" STR_FMT "\"", STR_ARG(f->to_name));
}

static int compare_objects(const void *a, const void *b)
{
    return str_cmp((*(const Object *const *)a)->name, (*(const Object *const *)b)->name);
}

/* "to": a list of objects; absent or ["*"]: any. */
static Status resolve_any_link(MetaBuild *b, Field *f)
{
    const json_t *to = json_object_get(f->decl, "to");
    size_t n = json_array_size(to);
    bool any = !to || (n == 1 && str_is(json_str(json_array_get(to, 0)), "*"));
    if (any)
        return ST_OK;
    if (!json_is_array(to) || !n || n > 100)
        return FIELD_FAIL(b->cx, meta_path(b, "to"), "bad_value", "meta.any_link_to",
                          "must be a list of objects, or [\"*\"]");
    f->to_any = ARENA_ARRAY(b->arena, const Object *, n);
    for (size_t i = 0; i < n; i++) {
        Str name = json_str(json_array_get(to, i));
        f->to_any[i] = meta_object(b->m, name);
        if (!f->to_any[i])
            return FIELD_FAIL(b->cx, meta_path(b, "to"), "no_match", "meta.no_such_object",
                              "there is no object \"" STR_FMT "\"", STR_ARG(name));
    }
    qsort(f->to_any, n, sizeof(const Object *), compare_objects);
    f->n_to_any = n;
    return ST_OK;
}

static Status resolve_choice(MetaBuild *b, Field *f)
{
    if (f->list_name.n)
        f->choices = map_get(&b->m->lists_by_name, f->list_name);
    if (!f->choices)
        return FIELD_FAIL(b->cx, meta_path(b, "list"), "no_match", "meta.no_such_list",
                          "there is no list \"" STR_FMT "\"", STR_ARG(f->list_name));
    ((ChoiceList *)f->choices)->used = true;
    Str on;
    TRY(meta_check_text(b, f->decl, "depends_on", &on));
    if (!on.n || f->kind == F_CHOICES)
        return ST_OK;
    f->depends_on = object_field(b->object, on);
    if (f->depends_on && f->depends_on->kind == F_CHOICE && f->depends_on != f)
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, "depends_on"), "no_match", "meta.no_such_choice",
                      "there is no choice field \"" STR_FMT "\"", STR_ARG(on));
}

static Status read_default(MetaBuild *b, Field *f)
{
    json_t *value = json_object_get(f->decl, "default");
    if (!value || json_is_null(value))
        return ST_OK;
    f->has_default = true;
    if (f->kind == F_LINK && json_is_string(value)) {
        f->dflt_text = json_str(value); /* a code: its row is found when a record is made */
        return ST_OK;
    }
    if (field_is_computed(f) || f->kind == F_AUTO_NUMBER || f->kind == F_LINKS ||
        f->kind == F_LINK || f->kind == F_ANY_LINK || field_is_file(f) || f->kind == F_SECRET)
        return FIELD_FAIL(b->cx, meta_path(b, "default"), "bad_value", "meta.no_default",
                          "a field of type %s has no default", f->type->name);
    size_t first = meta_errors(b);
    /* places of an address are found in the lists of the catalogue that is being made */
    const Meta *before = b->cx->meta;
    b->cx->meta = before ? before : b->m;
    Status st = f->type->parse(b->cx, f, value, &f->dflt);
    b->cx->meta = before;
    if (st == ST_OK && !value_is_null(&f->dflt))
        st = f->type->validate(b->cx, f, &f->dflt);
    for (size_t i = first; i < meta_errors(b); i++)
        b->cx->err.fields.v[i].field = meta_path(b, "default");
    f->dflt = value_copy(b->arena, f->dflt);
    return st;
}

Status meta_links_resolve(MetaBuild *b, Field *f)
{
    if (field_has_id(f) || field_has_ids(f))
        TRY(resolve_link(b, f));
    if (f->kind == F_ANY_LINK)
        TRY(resolve_any_link(b, f));
    if (f->tree && f->to != b->object)
        f->tree = false;
    if (f->kind == F_CHOICE || f->kind == F_CHOICES)
        TRY(resolve_choice(b, f));
    return f->decl ? read_default(b, f) : ST_OK;
}

static const Field *first_text(const Object *o)
{
    const Field *found = NULL;
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind != F_TEXT || f->system)
            continue;
        if (f->required)
            return f;
        if (!found)
            found = f;
    }
    return found;
}

static Status find_title(MetaBuild *b)
{
    Object *o = b->object;
    Str name;
    TRY(meta_check_text(b, o->decl, "title", &name));
    o->title = name.n                    ? object_field(o, name)
               : o->traits & TRAIT_CODED ? object_field(o, STR("name"))
                                         : first_text(o);
    if (!o->title && !name.n)
        o->title = object_field(o, STR("number"));
    if (!o->title && !name.n)
        o->title = object_field(o, STR("id"));
    FieldKind kind = o->title ? o->title->kind : F_KINDS;
    if (kind != F_TEXT && kind != F_AUTO_NUMBER && kind != F_EMAIL && kind != F_PHONE &&
        kind != F_ID)
        return FIELD_FAIL(b->cx, meta_path(b, "title"), "no_match", "meta.bad_title",
                          "must name a text field of the object");
    own(o->title)->in_title = true;
    return ST_OK;
}

/* Of what type a record is, is said by one of its choices; nothing named, or null: there are no types. */
static Status find_record_type(MetaBuild *b)
{
    Object *o = b->object;
    const json_t *named = json_object_get(o->decl, "record_type");
    if (!named || json_is_null(named))
        return ST_OK;
    const Field *f = object_field(o, json_str(named));
    if (!f || f->kind != F_CHOICE || !f->choices)
        return FIELD_FAIL(b->cx, meta_path(b, "record_type"), "no_match", "meta.bad_record_type",
                          "must name a choice field of the object");
    o->record_type = f;
    return ST_OK;
}

/* Fields whose absence an import reports as a warning. */
static Status check_recommended(MetaBuild *b)
{
    const json_t *list = json_object_get(b->object->decl, "recommended");
    if (list && !json_is_array(list))
        return FIELD_FAIL(b->cx, meta_path(b, "recommended"), "bad_value", "meta.bad_recommended",
                          "must be a list of fields of the object");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!object_field(b->object, json_str(json_array_get(list, i))) &&
            !meta_is_removed(b->object, json_str(json_array_get(list, i))))
            return FIELD_FAIL(b->cx, meta_path(b, "recommended"), "no_match",
                              "meta.bad_recommended", "must be a list of fields of the object");
    return ST_OK;
}

/* The parent of a line is its first required link; it lives and dies with it. */
static Status find_parent(MetaBuild *b)
{
    Object *o = b->object;
    if (!(o->traits & TRAIT_LINE))
        return ST_OK;
    for (size_t i = 0; i < o->n_fields && !o->parent; i++) {
        Field *f = o->fields[i];
        if (f->kind == F_LINK && f->required && !f->system) {
            f->on_delete = DELETE_CASCADE;
            o->parent = f;
        }
    }
    if (o->parent)
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, "traits"), "required", "meta.line_without_parent",
                      "a line needs a required link to its parent");
}

static void find_system_fields(Object *o)
{
    o->id = object_field(o, STR("id"));
    o->version = object_field(o, STR("version"));
    o->created_at = object_field(o, STR("created_at"));
    o->created_by = object_field(o, STR("created_by"));
    o->updated_at = object_field(o, STR("updated_at"));
    o->updated_by = object_field(o, STR("updated_by"));
    if (o->traits & TRAIT_OWNED) {
        o->owner = object_field(o, STR("owner"));
        o->department = object_field(o, STR("department"));
    }
    if (o->traits & TRAIT_CODED)
        o->code = object_field(o, STR("code"));
    if (o->traits & (TRAIT_CODED | TRAIT_LINE))
        o->position = object_field(o, STR("position"));
    if (o->traits & TRAIT_NUMBERED)
        o->number_field = object_field(o, STR("number"));
}

static Status make_columns(MetaBuild *b)
{
    int n = 0;
    for (size_t i = 0; i < b->object->n_fields; i++) {
        Field *f = b->object->fields[i];
        f->n_columns = f->type->columns(f, f->columns);
        n += f->n_columns;
        field_parts_build(b->arena, b->m, f);
    }
    n += meta_variants_columns(b);
    if (n <= COLUMNS_MAX)
        return ST_OK;
    return FIELD_FAIL(b->cx, meta_path(b, "fields"), "too_many", "meta.too_many_columns",
                      "an object has at most %d columns", COLUMNS_MAX);
}

/* Index of the field's declaration, for the path of errors. */
static size_t declared_at(const Object *o, const Field *f)
{
    size_t i;
    json_t *decl;
    json_array_foreach(json_object_get(o->decl, "fields"), i, decl)
    {
        if (decl == f->decl)
            return i;
    }
    return 0;
}

Status meta_links_build(MetaBuild *b)
{
    Object *o = b->object;
    Status st = ST_OK;
    find_system_fields(o);
    for (size_t i = 0; i < o->n_fields; i++) {
        Field *f = o->fields[i];
        if (f->decl)
            b->path = str_format(b->arena, "fields[%zu]", declared_at(o, f));
        if (meta_links_resolve(b, f) != ST_OK || meta_variants_resolve(b, f) != ST_OK)
            st = ST_INVALID;
        b->path = STR_NULL;
    }
    TRY(st);
    TRY(find_title(b));
    TRY(find_record_type(b));
    TRY(check_recommended(b));
    TRY(find_parent(b));
    return make_columns(b);
}

/* ---- relations */

static bool relation_is_free(const Object *to, Str name)
{
    return !object_relation(to, name) && !object_field(to, name);
}

static Label relation_label(MetaBuild *b, const Field *f)
{
    Label label;
    size_t first = meta_errors(b);
    Status st = meta_check_label(b, f->decl, "inverse_label", STR_NULL, &label);
    if (st == ST_OK && meta_errors(b) == first && (label.zh.n || label.en.n))
        return label;
    return f->object->label;
}

static Status add_relation(MetaBuild *b, const Field *f, Object *to)
{
    Str name = f->inverse.n ? f->inverse : f->object->plural;
    if (!relation_is_free(to, name)) {
        if (f->inverse.n)
            return FIELD_FAIL(b->cx, meta_path(b, "inverse"), "duplicate", "meta.relation_exists",
                              "\"" STR_FMT "\" has a field or relation \"" STR_FMT "\" already",
                              STR_ARG(to->name), STR_ARG(name));
        name =
            str_format(b->arena, STR_FMT "_" STR_FMT, STR_ARG(f->object->plural), STR_ARG(f->name));
        if (!relation_is_free(to, name))
            return ST_OK; /* reachable by a filter still, only not by name */
    }
    if (!to->relations)
        to->relations = ARENA_ARRAY(b->arena, Relation, RELATIONS_MAX);
    if (to->n_relations == RELATIONS_MAX)
        return ST_OK;
    to->relations[to->n_relations++] = (Relation){
        .name = name, .of = to, .child = f->object, .field = f, .label = relation_label(b, f)};
    return ST_OK;
}

/* Files are no relation: a file may be referred to from anywhere. */
static Status add_relations_of(MetaBuild *b, const Field *f)
{
    if (f->to)
        return field_is_file(f) ? ST_OK : add_relation(b, f, (Object *)f->to);
    for (size_t i = 0; i < b->m->n_objects; i++)
        if (field_leads_to(f, b->m->objects[i]))
            TRY(add_relation(b, f, b->m->objects[i]));
    return ST_OK;
}

/* Names that were chosen come before names by default, so that no default takes a chosen one. */
static Status add_relations(MetaBuild *b, bool chosen)
{
    for (size_t i = 0; i < b->m->n_objects; i++) {
        b->object = b->m->objects[i];
        for (size_t k = 0; k < b->object->n_fields; k++) {
            const Field *f = b->object->fields[k];
            if ((!f->to && f->kind != F_ANY_LINK) || !f->decl || (f->inverse.n > 0) != chosen)
                continue;
            b->path = str_format(b->arena, "fields[%zu]", declared_at(b->object, f));
            TRY(add_relations_of(b, f));
        }
    }
    b->path = STR_NULL;
    return ST_OK;
}

Status meta_links_relations(MetaBuild *b)
{
    TRY(add_relations(b, true));
    return add_relations(b, false);
}
