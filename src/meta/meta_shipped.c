/* SPDX-License-Identifier: Apache-2.0 */
/* The metadata compiled into the program: src/modules (objects, layouts, access) and seed (lists,
 * roles), read once at start. A damaged file is a defect of the build: the error names it. */
#include "base/embed.h"
#include "meta/meta_store.h"

typedef struct Shipped {
    Ctx *cx;
    const char *path;
    json_t *objects, *lists, *access;
} Shipped;

static Status damaged(const Shipped *s, const char *what)
{
    return FAIL(s->cx, ST_INTERNAL, "meta.shipped_damaged", "shipped file %s: %s", s->path, what);
}

/* The part of `map` called `name`, made when missing. */
static json_t *part_of(json_t *map, Str name)
{
    json_t *part = json_object_getn(map, name.p, name.n);
    if (!part) {
        part = json_object();
        json_object_setn_new(map, name.p, name.n, part);
    }
    return part;
}

/* The object's file may be read before or after its layouts: both fill one declaration. */
static Status add_object(Shipped *s, json_t *file)
{
    Str name = json_get_str(file, "object");
    if (!name.n)
        return damaged(s, "names no object");
    json_object_update(part_of(s->objects, name), file);
    return ST_OK;
}

static Status add_lists(Shipped *s, const json_t *file)
{
    size_t i;
    json_t *list;
    json_array_foreach(json_object_get(file, "lists"), i, list)
    {
        Str name = json_get_str(list, "list");
        if (!name.n || json_object_getn(s->lists, name.p, name.n))
            return damaged(s, "has a list without a name of its own");
        json_object_setn(s->lists, name.p, name.n, list);
    }
    return ST_OK;
}

static json_t *role_part(Shipped *s, const char *role, const char *part, json_t *empty)
{
    json_t *of_role = part_of(s->access, str_of(role));
    json_t *found = json_object_get(of_role, part);
    if (found) {
        json_decref(empty);
        return found;
    }
    json_object_set_new(of_role, part, empty);
    return empty;
}

/* {"object":"account","roles":{"seller":{"read":"own",…}}} */
static Status add_access(Shipped *s, const json_t *file)
{
    const char *object = json_string_value(json_object_get(file, "object"));
    const char *role;
    json_t *rights;
    if (!object)
        return damaged(s, "names no object");
    json_object_foreach(json_object_get(file, "roles"), role, rights)
    {
        json_object_set(role_part(s, role, "objects", json_object()), object, rights);
    }
    return ST_OK;
}

/* seed/01-roles.json: {"steps":…,"system":{"administrator":["customise"]}}: system rights. */
static void add_roles(Shipped *s, const json_t *file)
{
    const char *role;
    json_t *rights;
    json_object_foreach(json_object_get(file, "system"), role, rights)
    {
        role_part(s, role, "objects", json_object());
        json_array_extend(role_part(s, role, "system", json_array()), rights);
    }
}

static Status add_file(Shipped *s, json_t *file)
{
    Str path = str_of(s->path);
    if (str_ends(path, STR(".object.json")) || str_ends(path, STR(".layouts.json")))
        return add_object(s, file);
    if (str_ends(path, STR(".access.json")))
        return add_access(s, file);
    if (str_starts(path, STR("seed/lists")))
        return add_lists(s, file);
    if (str_ends(path, STR("-roles.json")))
        add_roles(s, file);
    return ST_OK; /* other seed files belong to others */
}

static Status read_file(Shipped *s, const EmbedFile *f, uint64_t *hash)
{
    Str text = {(const char *)f->data, f->size};
    json_t *file;
    s->path = f->path;
    *hash = (*hash * UINT64_C(1099511628211)) ^ str_hash(text);
    if (json_parse(s->cx, text, &file) != ST_OK) {
        error_clear(s->cx);
        return damaged(s, "is not JSON");
    }
    return add_file(s, file);
}

Status meta_shipped_read(Ctx *cx, json_t **ret, Str *ret_hash)
{
    Shipped s = {.cx = cx};
    json_t *all = json_object();
    uint64_t hash = 1;
    *ret = all;
    json_object_set_new(all, "objects", s.objects = json_object());
    json_object_set_new(all, "lists", s.lists = json_object());
    json_object_set_new(all, "access", s.access = json_object());
    for (size_t i = 0; i < embed_meta_count; i++) {
        Status st = read_file(&s, &embed_meta[i], &hash);
        if (st != ST_OK) {
            json_decref(all);
            return st;
        }
    }
    *ret_hash = str_format(cx->arena, "%016llx", (unsigned long long)hash);
    return ST_OK;
}
