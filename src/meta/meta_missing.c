/* SPDX-License-Identifier: Apache-2.0 */
/* Layouts and views that name a removed field. Where the field is one of several (a column, a place
 * on a form, a key of the sort, the sum of a board) they go on without it and carry
 * "missing":["field"]; where they cannot do without it (the filter of a view, the group of a board)
 * they stay as they are and carry "broken":{"part":"filter","field":"…"} as well. What was declared
 * is left alone, so that bringing the field back brings its places back. */
#include "meta/meta_build.h"

bool meta_is_removed(const Object *o, Str name)
{
    size_t i;
    json_t *decl;
    if (!name.n || object_field(o, name))
        return false;
    json_array_foreach(json_object_get(o->decl, "fields"), i, decl)
    {
        if (json_get_bool(decl, "removed", false) && str_eq(json_get_str(decl, "name"), name))
            return true;
    }
    return false;
}

static void say_broken(json_t *item, const char *part, Str field)
{
    json_t *broken = json_object();
    json_object_set_new(broken, "part", json_string(part));
    json_object_set_new(broken, "field", json_stringn(field.p, field.n));
    json_object_set_new(item, "broken", broken);
}

static void say_missing(json_t *item, Str field)
{
    json_t *missing = json_object_get(item, "missing");
    if (!missing) {
        missing = json_array();
        json_object_set_new(item, "missing", missing);
    }
    json_array_append_new(missing, json_stringn(field.p, field.n));
}

static json_t *without(MetaBuild *b, json_t *item, Str field)
{
    static const char *const groups[] = {"group", "group_by"};
    Str filter = json_get_str(item, "filter");
    const char *needs = NULL;
    if (meta_rename_mentions(b->arena, b->object, filter, field))
        needs = "filter";
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        if (str_eq(json_get_str(item, groups[i]), field))
            needs = groups[i];
    }
    json_t *copy = meta_rename_without(b->arena, b->object, item, field);
    if (!copy && !needs)
        return item;
    if (!copy)
        copy = json_deep_copy(item);
    json_decref(item);
    say_missing(copy, field);
    if (needs)
        say_broken(copy, needs, field);
    return copy;
}

json_t *meta_missing_clean(MetaBuild *b, const json_t *list)
{
    json_t *all = json_array(), *item, *decl;
    size_t i, k;
    json_array_foreach((json_t *)list, i, item)
    {
        json_t *clean = json_incref(item);
        json_array_foreach(json_object_get(b->object->decl, "fields"), k, decl)
        {
            Str name = json_get_str(decl, "name");
            if (json_get_bool(decl, "removed", false) && meta_is_removed(b->object, name))
                clean = without(b, clean, name);
        }
        json_array_append_new(all, clean);
    }
    return all;
}
