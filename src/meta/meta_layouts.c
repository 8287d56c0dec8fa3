/* SPDX-License-Identifier: Apache-2.0 */
/* Layouts and views: checks those declared, and makes the ones that an object lacks, so that an
 * object made at run time has form, list, board and views at once. */
#include "meta/meta_build.h"

#define LIST_COLUMNS 8
#define SECTION_FIELDS 8
#define BOARD_CHOICES_MAX 15

static Status no_such_field(MetaBuild *b, Str name)
{
    return FIELD_FAIL(b->cx, meta_path(b, ""), "no_match", "meta.no_such_field",
                      "there is no field \"" STR_FMT "\"", STR_ARG(name));
}

/* A list of field names; a name may be a path over links, whose first part must be a field. */
static Status check_fields(MetaBuild *b, const Object *o, const json_t *list, const char *part)
{
    size_t i;
    json_t *item;
    Str outer = b->path;
    Status st = ST_OK;
    json_array_foreach((json_t *)list, i, item)
    {
        Str name = json_is_object(item) ? json_get_str(item, "field") : json_str(item), head = name;
        if (!strcmp(part, "sort") && str_starts(name, STR("-")))
            head = name = str_sub(name, 1, name.n);
        size_t dot = str_find_char(name, '.');
        if (dot != SIZE_MAX)
            head = str_sub(name, 0, dot);
        b->path = str_format(b->arena, STR_FMT ".%s[%zu]", STR_ARG(outer), part, i);
        if (!object_field(o, head) && !meta_is_removed(o, head))
            st = no_such_field(b, name);
    }
    b->path = outer;
    return st;
}

static Status check_related(MetaBuild *b, const json_t *list)
{
    size_t i;
    json_t *item;
    Str outer = b->path;
    Status st = ST_OK;
    json_array_foreach((json_t *)list, i, item)
    {
        Str name = json_get_str(item, "relation");
        const Relation *r = object_relation(b->object, name);
        b->path = str_format(b->arena, STR_FMT ".related[%zu]", STR_ARG(outer), i);
        if (!r)
            st = FIELD_FAIL(b->cx, meta_path(b, "relation"), "no_match", "meta.no_such_relation",
                            "there is no relation \"" STR_FMT "\"", STR_ARG(name));
        else if (check_fields(b, r->child, json_object_get(item, "fields"), "fields") != ST_OK ||
                 check_fields(b, r->child, json_object_get(item, "sort"), "sort") != ST_OK)
            st = ST_INVALID;
    }
    b->path = outer;
    return st;
}

static Status check_board(MetaBuild *b, const json_t *layout)
{
    static const char *const parts[] = {"group", "group_by", "sum"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Str name = json_get_str(layout, parts[i]);
        if (name.n && !object_field(b->object, name) && !meta_is_removed(b->object, name))
            return FIELD_FAIL(b->cx, meta_path(b, parts[i]), "no_match", "meta.no_such_field",
                              "there is no field \"" STR_FMT "\"", STR_ARG(name));
    }
    return check_fields(b, b->object, json_object_get(layout, "card"), "card");
}

/* {"roles":["seller"],"record_type":"company"}: for whose eyes, for which records; nothing said: for all. */
static Status check_for(MetaBuild *b, const json_t *who)
{
    const json_t *roles = json_object_get(who, "roles"),
                 *type = json_object_get(who, "record_type");
    const Field *types = b->object->record_type;
    size_t known = (roles != NULL) + (type != NULL);
    bool words = !roles || (json_is_array(roles) && json_array_size(roles) <= 50);
    if (!who || json_is_null(who))
        return ST_OK;
    for (size_t i = 0; words && i < json_array_size(roles); i++)
        words = meta_name_is_word(json_str(json_array_get(roles, i)));
    if (!json_is_object(who) || json_object_size(who) != known || !words)
        return FIELD_FAIL(b->cx, meta_path(b, "for"), "bad_value", "meta.bad_layout_for",
                          "{\"roles\":[\"…\"],\"record_type\":\"…\"}, both optional");
    if (!type || json_is_null(type))
        return ST_OK;
    if (!types || !choice_find(types->choices, json_str(type)))
        return FIELD_FAIL(b->cx, meta_path(b, "for.record_type"), "no_match",
                          "meta.no_such_record_type", "the object has no such record type");
    return ST_OK;
}

static Status check_layout(MetaBuild *b, const json_t *layout)
{
    size_t i;
    json_t *section;
    Str outer = b->path;
    TRY(meta_check_attributes(b, layout,
                              "layout kind for sections related fields group group_by sum card "
                              "label",
                              NULL));
    Str kind = json_get_str(layout, "kind");
    if (!str_is(kind, "form") && !str_is(kind, "list") && !str_is(kind, "board") &&
        !str_is(kind, "card") && !str_is(kind, "panel"))
        return FIELD_FAIL(b->cx, meta_path(b, "kind"), "bad_value", "meta.bad_layout_kind",
                          "must be form, list, board, card or panel");
    TRY(check_for(b, json_object_get(layout, "for")));
    Status st = check_fields(b, b->object, json_object_get(layout, "fields"), "fields");
    json_array_foreach(json_object_get(layout, "sections"), i, section)
    {
        b->path = str_format(b->arena, STR_FMT ".sections[%zu]", STR_ARG(outer), i);
        if (check_fields(b, b->object, json_object_get(section, "fields"), "fields") != ST_OK)
            st = ST_INVALID;
    }
    b->path = outer;
    if (check_related(b, json_object_get(layout, "related")) != ST_OK)
        st = ST_INVALID;
    return check_board(b, layout) == ST_OK ? st : ST_INVALID;
}

static Status check_view(MetaBuild *b, const json_t *view)
{
    TRY(meta_check_attributes(
        b, view, "view object label kind filter sort columns group shared_with", NULL));
    if (!meta_name_is_word(json_get_str(view, "view")))
        return FIELD_FAIL(b->cx, meta_path(b, "view"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    return check_fields(b, b->object, json_object_get(view, "columns"), "columns");
}

static Status check_list(MetaBuild *b, const char *part, const json_t *list,
                         Status (*check)(MetaBuild *, const json_t *))
{
    size_t i;
    json_t *item;
    Status st = ST_OK;
    if (list && (!json_is_array(list) || json_array_size(list) > 50))
        return FIELD_FAIL(b->cx, meta_path(b, part), "bad_value", "meta.bad_layouts",
                          "must be a list of at most 50 entries");
    json_array_foreach((json_t *)list, i, item)
    {
        b->path = str_format(b->arena, "%s[%zu]", part, i);
        if (check(b, item) != ST_OK)
            st = ST_INVALID;
    }
    b->path = STR_NULL;
    return st;
}

/* ---- what is missing */

static json_t *name_json(Str s) { return json_stringn(s.p, s.n); }

static json_t *label_json(const char *zh, const char *en)
{
    json_t *label = json_object();
    json_object_set_new(label, "zh-CN", json_string(zh));
    json_object_set_new(label, "en", json_string(en));
    return label;
}

static bool belongs_on_form(const Field *f) { return !f->system || f == f->object->owner; }

static json_t *new_layout(MetaBuild *b, const char *kind)
{
    Str name = str_format(b->arena, STR_FMT ".%s", STR_ARG(b->object->name), kind);
    json_t *layout = json_object();
    json_object_set_new(layout, "layout", name_json(name));
    json_object_set_new(layout, "kind", json_string(kind));
    return layout;
}

static json_t *new_section(json_t *sections)
{
    json_t *section = json_object();
    bool first = json_array_size(sections) == 0;
    json_object_set_new(section, "label",
                        first ? label_json("基本信息", "Basics") : label_json("更多信息", "More"));
    json_object_set_new(section, "columns", json_integer(2));
    json_object_set_new(section, "fields", json_array());
    json_array_append_new(sections, section);
    return json_object_get(section, "fields");
}

/* Title, declared fields, then those of traits: owner, position … */
static const Field **in_order(MetaBuild *b, size_t *n)
{
    const Object *o = b->object;
    const Field **all = ARENA_ARRAY(b->arena, const Field *, o->n_fields + 1);
    *n = 0;
    if (belongs_on_form(o->title))
        all[(*n)++] = o->title;
    for (int declared = 1; declared >= 0; declared--) {
        for (size_t i = 0; i < o->n_fields; i++) {
            const Field *f = o->fields[i];
            if (f != o->title && belongs_on_form(f) && (f->decl != NULL) == (declared == 1))
                all[(*n)++] = f;
        }
    }
    return all;
}

static json_t *make_form(MetaBuild *b)
{
    json_t *layout = new_layout(b, "form"), *sections = json_array(), *fields = NULL;
    size_t n;
    const Field **all = in_order(b, &n);
    for (size_t i = 0; i < n; i++) {
        const Field *f = all[i];
        if (!fields || json_array_size(fields) == SECTION_FIELDS)
            fields = new_section(sections);
        json_array_append_new(fields, name_json(f->name));
    }
    json_object_set_new(layout, "sections", sections);
    return layout;
}

static bool stands_in(const json_t *sections, Str name)
{
    size_t i, k;
    json_t *section, *field;
    json_array_foreach((json_t *)sections, i, section)
    {
        json_array_foreach(json_object_get(section, "fields"), k, field)
        {
            if (str_eq(json_str(field), name))
                return true;
        }
    }
    return false;
}

static bool is_unplaced(const MetaBuild *b, const Field *f, const json_t *sections)
{
    return f->decl && json_get_bool(f->decl, "custom", b->object->custom) &&
           !stands_in(sections, f->name);
}

/* Fields made here and placed nowhere stand in last sections of each declared form. NULL: every
 * field has its place. */
static json_t *complete_form(MetaBuild *b, const json_t *layout)
{
    json_t *whole = NULL, *fields = NULL;
    for (size_t i = 0; i < b->object->n_fields; i++) {
        const Field *f = b->object->fields[i];
        if (!is_unplaced(b, f, json_object_get(layout, "sections")))
            continue;
        if (!whole)
            whole = json_deep_copy(layout);
        if (!fields || json_array_size(fields) == SECTION_FIELDS)
            fields = new_section(json_object_get(whole, "sections"));
        json_array_append_new(fields, name_json(f->name));
    }
    return whole;
}

static void complete_forms(MetaBuild *b, json_t *layouts)
{
    size_t i;
    json_t *layout;
    json_array_foreach(layouts, i, layout)
    {
        if (!str_is(json_get_str(layout, "kind"), "form") ||
            !json_is_array(json_object_get(layout, "sections")))
            continue;
        json_t *whole = complete_form(b, layout);
        if (whole)
            json_array_set_new(layouts, i, whole);
    }
}

static json_t *make_list(MetaBuild *b)
{
    json_t *layout = new_layout(b, "list"), *fields = json_array();
    const Object *o = b->object;
    size_t n;
    const Field **all = in_order(b, &n);
    json_array_append_new(fields, name_json(o->title->name));
    if (o->number_field && o->number_field != o->title)
        json_array_append_new(fields, name_json(o->number_field->name));
    for (size_t i = 0; i < n && json_array_size(fields) < LIST_COLUMNS; i++) {
        if (all[i] != o->title && all[i]->kind != F_LONG_TEXT)
            json_array_append_new(fields, name_json(all[i]->name));
    }
    json_object_set_new(layout, "fields", fields);
    return layout;
}

static const Field *board_group(const Object *o)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind == F_CHOICE && f->choices->n <= BOARD_CHOICES_MAX && !f->readonly)
            return f;
    }
    return NULL;
}

static json_t *make_board(MetaBuild *b)
{
    const Object *o = b->object;
    const Field *group = board_group(o);
    if (!group)
        return NULL;
    json_t *layout = new_layout(b, "board"), *card = json_array();
    json_object_set_new(layout, "group", name_json(group->name));
    for (size_t i = 0; i < o->n_fields; i++) {
        const Field *f = o->fields[i];
        if (f->kind == F_MONEY && !json_object_get(layout, "sum"))
            json_object_set_new(layout, "sum", name_json(f->name));
        if (belongs_on_form(f) && f != o->title && f != group && json_array_size(card) < 3 &&
            (f->kind == F_LINK || f->kind == F_DATE || f->kind == F_MONEY))
            json_array_append_new(card, name_json(f->name));
    }
    json_object_set_new(layout, "card", card);
    return layout;
}

static json_t *make_view(MetaBuild *b, const char *name, json_t *label, const char *filter)
{
    json_t *view = json_object();
    json_object_set_new(view, "view", json_string(name));
    json_object_set_new(view, "object", name_json(b->object->name));
    json_object_set_new(view, "label", label);
    json_object_set_new(view, "kind", json_string("table"));
    json_object_set_new(view, "filter", filter ? json_string(filter) : json_null());
    json_object_set_new(view, "sort", json_pack("[s]", "-updated_at"));
    json_object_set_new(view, "shared_with", json_pack("[s]", "all"));
    return view;
}

static bool has_kind(const json_t *layouts, const char *kind)
{
    size_t i;
    json_t *layout;
    json_array_foreach((json_t *)layouts, i, layout)
    {
        if (str_is(json_get_str(layout, "kind"), kind))
            return true;
    }
    return false;
}

static void add_missing(MetaBuild *b, json_t *layouts, json_t *views)
{
    if (!has_kind(layouts, "form"))
        json_array_append_new(layouts, make_form(b));
    if (!has_kind(layouts, "list"))
        json_array_append_new(layouts, make_list(b));
    json_t *board = has_kind(layouts, "board") ? NULL : make_board(b);
    if (board)
        json_array_append_new(layouts, board);
    if (json_array_size(views))
        return;
    if (b->object->owner)
        json_array_append_new(views,
                              make_view(b, "mine", label_json("我的", "Mine"), "owner = me()"));
    json_array_append_new(views, make_view(b, "all", label_json("全部", "All"), NULL));
}

Status meta_layouts_build(MetaBuild *b)
{
    Object *o = b->object;
    const json_t *layouts = json_object_get(o->decl, "layouts");
    const json_t *views = json_object_get(o->decl, "views");
    TRY(check_list(b, "layouts", layouts, check_layout));
    TRY(check_list(b, "views", views, check_view));
    json_t *all_layouts = meta_missing_clean(b, layouts);
    json_t *all_views = meta_missing_clean(b, views);
    json_own(b->arena, all_layouts);
    json_own(b->arena, all_views);
    complete_forms(b, all_layouts);
    add_missing(b, all_layouts, all_views);
    o->layouts = all_layouts;
    o->views = all_views;
    return ST_OK;
}
