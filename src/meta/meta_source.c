/* SPDX-License-Identifier: Apache-2.0 */
/* Effective declarations: what the program ships with the organisation's rows laid over it.
 *
 * Rows: "object" is a whole declaration of an object made here; "overlay" changes a shipped one:
 * {"set":{attribute: value},"fields":{key: {attribute: value}},"added":[field, …]}, where null takes
 * an attribute away; "list" replaces a list (choices shipped later are added behind); "access"
 * replaces the rights of a role on the objects it names. */
#include "meta/meta_store.h"

static Str field_key(const json_t *field)
{
    Str key = json_get_str(field, "key");
    return key.n ? key : json_get_str(field, "name");
}

size_t meta_source_field(const json_t *decl, Str key)
{
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(decl, "fields"), i, field)
    {
        if (str_eq(field_key(field), key))
            return i;
    }
    return SIZE_MAX;
}

static void merge(json_t *into, json_t *patch)
{
    const char *name;
    json_t *value;
    json_object_foreach(patch, name, value)
    {
        if (json_is_null(value))
            json_object_del(into, name);
        else
            json_object_set(into, name, value);
    }
}

/* Fields made here may be removed again: they say so. */
static void add_fields(json_t *fields, const json_t *added)
{
    size_t i;
    json_t *field;
    json_array_foreach((json_t *)added, i, field)
    {
        json_t *custom = json_copy(field);
        json_object_set_new(custom, "custom", json_true());
        json_array_append_new(fields, custom);
    }
}

static json_t *lay_over(json_t *shipped, const json_t *overlay)
{
    if (!overlay) /* nobody writes to a declaration: shared by all snapshots */
        return json_incref(shipped);
    json_t *decl = json_deep_copy(shipped);
    json_t *fields = json_object_get(decl, "fields");
    const char *key;
    json_t *patch;
    merge(decl, json_object_get(overlay, "set"));
    json_object_foreach(json_object_get(overlay, "fields"), key, patch)
    {
        size_t at = meta_source_field(decl, str_of(key));
        if (at != SIZE_MAX) /* a field that a newer program no longer ships */
            merge(json_array_get(fields, at), patch);
    }
    add_fields(fields, json_object_get(overlay, "added"));
    return decl;
}

static json_t *merge_objects(const json_t *shipped, const json_t *rows)
{
    json_t *all = json_array(), *decl;
    const json_t *overlays = json_object_get(rows, "overlay");
    const char *name;
    json_object_foreach(json_object_get(shipped, "objects"), name, decl)
    {
        json_array_append_new(all, lay_over(decl, json_object_get(overlays, name)));
    }
    json_object_foreach(json_object_get(rows, "object"), name, decl)
    {
        if (json_get_bool(decl, "removed", false)) /* in the bin, with its table */
            continue;
        json_t *custom = json_copy(decl);
        json_object_set_new(custom, "custom", json_true());
        json_array_append_new(all, custom);
    }
    return all;
}

static bool has_entry(const json_t *entries, Str value)
{
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)entries, i, entry)
    {
        if (str_eq(json_get_str(entry, "value"), value))
            return true;
    }
    return false;
}

static json_t *merge_list(const json_t *shipped, const json_t *changed)
{
    json_t *list = json_deep_copy(changed), *entries = json_object_get(list, "entries"), *entry;
    size_t i;
    json_array_foreach(json_object_get(shipped, "entries"), i, entry)
    {
        if (!has_entry(entries, json_get_str(entry, "value")))
            json_array_append(entries, entry);
    }
    return list;
}

static json_t *merge_lists(const json_t *shipped, const json_t *rows)
{
    json_t *all = json_array(), *list;
    const json_t *ours = json_object_get(shipped, "lists");
    const json_t *changed = json_object_get(rows, "list");
    const char *name;
    json_object_foreach((json_t *)ours, name, list)
    {
        const json_t *row = json_object_get(changed, name);
        json_array_append_new(all, row ? merge_list(list, row) : json_incref(list));
    }
    json_object_foreach((json_t *)changed, name, list)
    {
        if (!json_object_get(ours, name))
            json_array_append(all, list);
    }
    return all;
}

static json_t *merge_access(const json_t *shipped, const json_t *rows)
{
    json_t *ours = json_object_get(shipped, "access"), *form;
    const char *role;
    if (!json_object_get(rows, "access"))
        return json_incref(ours);
    json_t *all = json_deep_copy(ours);
    json_object_foreach(json_object_get(rows, "access"), role, form)
    {
        json_t *of_role = json_object_get(all, role);
        if (!of_role) {
            json_object_set(all, role, form);
            continue;
        }
        json_t *objects = json_object_get(of_role, "objects");
        if (objects)
            json_object_update(objects, json_object_get(form, "objects"));
        else
            json_object_set(of_role, "objects", json_object_get(form, "objects"));
        if (json_object_get(form, "system"))
            json_object_set(of_role, "system", json_object_get(form, "system"));
    }
    return all;
}

Status meta_source_merge(Ctx *cx, Arena *a, const json_t *shipped, const json_t *rows,
                         MetaSource *ret)
{
    ret->objects = merge_objects(shipped, rows);
    ret->lists = merge_lists(shipped, rows);
    ret->access = merge_access(shipped, rows);
    json_own(a, ret->objects);
    json_own(a, ret->lists);
    json_own(a, ret->access);
    if (!ret->objects || !ret->lists || !ret->access)
        return FAIL(cx, ST_INTERNAL, "meta.no_memory", "out of memory");
    return ST_OK;
}
