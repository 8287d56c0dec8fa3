/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue as files (see meta_export.h). */
#include "meta/meta_export.h"

#define MAX_LIST ((size_t)4 * 1024 * 1024)

static void put(json_t *files, Ctx *cx, const char *folder, Str name, const char *ending,
                json_t *body)
{
    Str path = str_format(cx->arena, "%s/" STR_FMT "%s", folder, STR_ARG(name), ending);
    json_object_setn_new(files, path.p, path.n, body);
}

/* ---- objects */
static json_t *field_file(const json_t *decl)
{
    static const char *const ours[] = {"custom", "generation", "generations", "former",
                                       "retype", "derived",    "removed_at"};
    json_t *field = json_copy((json_t *)decl);
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        json_object_del(field, ours[i]);
    if (!json_object_get(field, "key"))
        json_object_set(field, "key", json_object_get(field, "name"));
    return field;
}

static json_t *object_file(const Object *o)
{
    static const char *const elsewhere[] = {"custom", "layouts", "views", "fields", "removed"};
    json_t *file = json_copy((json_t *)o->decl), *fields = json_array(), *decl;
    size_t i;
    for (size_t k = 0; k < COUNT_OF(elsewhere); k++)
        json_object_del(file, elsewhere[k]);
    json_array_foreach(json_object_get(o->decl, "fields"), i, decl)
    {
        if (!json_get_bool(decl, "removed", false))
            json_array_append_new(fields, field_file(decl));
    }
    json_object_set_new(file, "fields", fields);
    return file;
}

static void put_layouts(json_t *files, Ctx *cx, const Object *o)
{
    static const char *const parts[] = {"layouts", "views"};
    json_t *file = json_object();
    json_object_set_new(file, "object", json_stringn(o->name.p, o->name.n));
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        json_t *part = json_object_get(o->decl, parts[i]);
        if (part)
            json_object_set(file, parts[i], part);
    }
    if (json_object_size(file) > 1)
        put(files, cx, "layouts", o->name, ".layouts.json", file);
    else
        json_decref(file);
}

/* ---- lists, rights */
static void put_list(json_t *files, Ctx *cx, const ChoiceList *l)
{
    Buf b = buf_in(cx->arena, MAX_LIST);
    meta_write_list(l, &b);
    json_t *file = json_loadb(b.p, b.n, 0, NULL);
    if (file)
        put(files, cx, "lists", l->name, ".list.json", file);
}

static void put_role(json_t *files, Ctx *cx, const char *role, const json_t *form)
{
    json_t *file = json_object();
    json_object_set_new(file, "role", json_string(role));
    json_object_update_missing(file, (json_t *)form);
    put(files, cx, "access", str_of(role), ".access.json", file);
}

json_t *meta_export(Ctx *cx, const Meta *m)
{
    json_t *files = json_object(), *form;
    const char *role;
    for (size_t i = 0; i < m->n_objects; i++) {
        put(files, cx, "objects", m->objects[i]->name, ".object.json", object_file(m->objects[i]));
        put_layouts(files, cx, m->objects[i]);
    }
    for (size_t i = 0; i < m->n_lists; i++)
        put_list(files, cx, m->lists[i]);
    json_object_foreach((json_t *)m->access, role, form) { put_role(files, cx, role, form); }
    return files;
}
