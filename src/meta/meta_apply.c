/* SPDX-License-Identifier: Apache-2.0 */
/* Files laid over the catalogue: what they say differently becomes one change (see meta_export.h).
 *
 * Fields are matched by key; "was" in a file written by hand names the field by its old name. What a
 * file does not mention is left alone unless dropping is allowed. Lists come first, because fields
 * name them; layouts behind objects, because they name fields. */
#include "meta/meta_change.h"
#include "meta/meta_export.h"

#define FILES_MAX 5000

typedef struct Apply {
    MetaChange c;
    const MetaApply *how;
    json_t *now; /* export of the present catalogue */
    Str path;    /* of the file at hand */
    bool proposed;
} Apply;

static Status bad_file(const Apply *a, const char *key, const char *text, Str what)
{
    return FIELD_FAIL(a->c.cx, str_format(a->c.cx->arena, STR_FMT, STR_ARG(a->path)), "bad_value",
                      key, text, STR_ARG(what));
}

static const json_t *present(const Apply *a)
{
    return json_object_getn(a->now, a->path.p, a->path.n);
}

static bool is_one_of(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(name, list[i]))
            return true;
    }
    return false;
}

/* ---- fields */
static const json_t *field_by(const json_t *fields, const char *attribute, Str name)
{
    size_t i;
    json_t *field;
    json_array_foreach((json_t *)fields, i, field)
    {
        if (name.n && str_eq(json_get_str(field, attribute), name))
            return field;
    }
    return NULL;
}

static const json_t *matching(const json_t *fields, const json_t *file)
{
    Str key = json_get_str(file, "key"), was = json_get_str(file, "was");
    if (was.n)
        return field_by(fields, "name", was);
    return field_by(fields, "key", key.n ? key : json_get_str(file, "name"));
}

static Status add_field(Apply *a, MetaEdit *e, const json_t *file)
{
    json_t *field = json_deep_copy(file);
    TRY(meta_change_no_internals(a->c.cx, file, "fields."));
    json_object_del(field, "was");
    if (str_eq(json_get_str(field, "key"), json_get_str(field, "name")))
        json_object_del(field, "key"); /* as a field made here has it */
    meta_change_add_field(e, field);
    return ST_OK;
}

static Status change_field(Apply *a, MetaEdit *e, const json_t *now, const json_t *file)
{
    const char *name;
    json_t *value, *patch = NULL;
    Str key = json_get_str(now, "key");
    if (!str_eq(json_get_str(now, "type"), json_get_str(file, "type")))
        return bad_file(a, "meta.apply_type",
                        "the type of the field " STR_FMT
                        " is changed by a change of type, not by a "
                        "file",
                        json_get_str(file, "name"));
    const Field *f = object_field(e->object, json_get_str(now, "name"));
    Str renamed = json_get_str(file, "name");
    if (f && !str_eq(renamed, f->name))
        meta_rename(e, f, renamed);
    patch = meta_change_field_patch(e, key);
    bool whole = e->object->custom || json_object_get(patch, "type");
    json_object_foreach((json_t *)file, name, value)
    {
        if (strcmp(name, "was") != 0 && strcmp(name, "key") != 0 &&
            !json_equal(value, json_object_get(now, name)))
            json_object_set(patch, name, value);
    }
    if (!str_eq(renamed, json_get_str(now, "name")) && !json_object_get(patch, "key"))
        json_object_set_new(patch, "key", json_stringn(key.p, key.n));
    if (!a->how->allow_drop)
        return ST_OK;
    json_object_foreach((json_t *)now, name, value)
    {
        if (!json_object_get(file, name) && strcmp(name, "key") != 0) {
            if (whole)
                json_object_del(patch, name);
            else
                json_object_set_new(patch, name, json_null());
        }
    }
    return ST_OK;
}

static void drop_field(MetaEdit *e, const json_t *now)
{
    const Field *f = object_field(e->object, json_get_str(now, "name"));
    if (f && f->decl && (e->object->custom || json_get_bool(f->decl, "custom", false))) {
        json_object_set_new(meta_change_field_patch(e, f->key), "removed", json_true());
        json_object_set_new(meta_change_field_patch(e, f->key), "removed_at",
                            json_integer(e->change->cx->now_ms));
    }
}

static Status apply_fields(Apply *a, MetaEdit *e, const json_t *now, const json_t *files)
{
    size_t i;
    json_t *field;
    json_array_foreach((json_t *)files, i, field)
    {
        const json_t *old = matching(now, field);
        if (!json_is_object(field))
            return bad_file(a, "meta.apply_file", STR_FMT ": not a file of this kind", a->path);
        if (!old)
            TRY(add_field(a, e, field));
        else if (!json_equal(old, field))
            TRY(change_field(a, e, old, field));
    }
    json_array_foreach((json_t *)now, i, field)
    {
        bool named = false;
        for (size_t k = 0; k < json_array_size(files); k++)
            named = named || matching(now, json_array_get(files, k)) == field;
        if (!named && a->how->allow_drop)
            drop_field(e, field);
    }
    return ST_OK;
}

/* ---- objects */
static Status new_object(Apply *a, Str name, const json_t *file)
{
    size_t i;
    json_t *field, *row = json_deep_copy(file);
    json_array_foreach(json_object_get(row, "fields"), i, field)
    {
        TRY(meta_change_no_internals(a->c.cx, field, "fields."));
        json_object_del(field, "was");
        if (str_eq(json_get_str(field, "key"), json_get_str(field, "name")))
            json_object_del(field, "key");
    }
    if (json_object_get(row, "custom") || json_object_get(row, "removed"))
        return bad_file(a, "meta.apply_file", STR_FMT ": not a file of this kind", a->path);
    json_t *old = meta_change_row(&a->c, "object", name, row);
    if (old != row) /* one of that name lies in the bin */
        return bad_file(a, "meta.apply_in_bin", STR_FMT ": bring the removed object back first",
                        a->path);
    return ST_OK;
}

static Status apply_attributes(Apply *a, MetaEdit *e, const json_t *now, const json_t *file)
{
    static const char *const fixed[] = {"object", "plural", "traits"};
    static const char *const not_here[] = {"fields", "object", "plural", "traits",
                                           "key",    "was",    "role"};
    const char *name;
    json_t *value;
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        value = json_object_get(file, fixed[i]);
        if (value && json_object_get(now, fixed[i]) &&
            !json_equal(value, json_object_get(now, fixed[i])))
            return bad_file(a, "meta.apply_fixed",
                            STR_FMT ": object, plural and traits stay as they were made", a->path);
    }
    json_object_foreach((json_t *)file, name, value)
    {
        if (!is_one_of(name, not_here, COUNT_OF(not_here)) &&
            !json_equal(value, json_object_get(now, name)))
            meta_change_set(e, name, json_deep_copy(value));
    }
    if (!a->how->allow_drop)
        return ST_OK;
    json_object_foreach((json_t *)now, name, value)
    {
        if (!is_one_of(name, not_here, COUNT_OF(not_here)) && !json_object_get(file, name))
            meta_change_set(e, name, json_null());
    }
    return ST_OK;
}

static Status apply_object(Apply *a, const json_t *file)
{
    MetaEdit e;
    Str name = json_get_str(file, "object");
    const json_t *now = present(a);
    if (!meta_object(a->c.old->m, name))
        return new_object(a, name, file);
    TRY(meta_change_edit(&a->c, name, &e));
    TRY(apply_fields(a, &e, json_object_get(now, "fields"), json_object_get(file, "fields")));
    return apply_attributes(a, &e, now, file);
}

/* Layouts of an object that comes with the same files lie in its row. */
static Status apply_layouts(Apply *a, const json_t *file)
{
    static const char *const parts[] = {"layouts", "views"};
    MetaEdit e;
    Str name = json_get_str(file, "object");
    if (!meta_object(a->c.old->m, name)) {
        json_t *row = json_object_getn(json_object_get(a->c.rows, "object"), name.p, name.n);
        for (size_t i = 0; row && i < COUNT_OF(parts); i++) {
            if (json_object_get(file, parts[i]))
                json_object_set(row, parts[i], json_object_get(file, parts[i]));
        }
        return row ? ST_OK
                   : bad_file(a, "meta.apply_object", "there is no object \"" STR_FMT "\"", name);
    }
    TRY(meta_change_edit(&a->c, name, &e));
    return apply_attributes(a, &e, present(a), file);
}

/* ---- lists, rights */
static Status apply_list(Apply *a, const json_t *file)
{
    Str name = json_get_str(file, "list");
    size_t i;
    json_t *entry, *row = meta_change_row(&a->c, "list", name, json_object());
    json_t *entries = json_deep_copy(json_object_get(file, "entries"));
    json_array_foreach(json_object_get(present(a), "entries"), i, entry)
    {
        if (!meta_change_entry(entries, json_get_str(entry, "value")))
            json_array_append(entries, entry); /* codes never vanish */
    }
    json_object_clear(row);
    json_object_update(row, (json_t *)file);
    json_object_set_new(row, "entries", entries ? entries : json_array());
    return ST_OK;
}

static Status apply_role(Apply *a, const json_t *file)
{
    json_t *row = meta_change_row(&a->c, "access", json_get_str(file, "role"), json_object());
    static const char *const parts[] = {"objects", "system"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (json_object_get(file, parts[i]))
            json_object_set(row, parts[i], json_object_get(file, parts[i]));
    }
    return ST_OK;
}

/* Against the catalogue that comes: the same files may bring the objects that they name. */
static Status check_roles(Apply *a)
{
    const char *path;
    json_t *file;
    json_object_foreach((json_t *)a->how->files, path, file)
    {
        if (str_starts(str_of(path), STR("access/")))
            TRY(meta_change_check_access(a->c.cx, a->c.candidate->m, file));
    }
    return ST_OK;
}

/* ---- all files */
static const struct {
    const char *folder, *ending, *member;
    Status (*apply)(Apply *a, const json_t *file);
} kinds[] = {
    {"lists/", ".list.json", "list", apply_list},
    {"objects/", ".object.json", "object", apply_object},
    {"layouts/", ".layouts.json", "object", apply_layouts},
    {"access/", ".access.json", "role", apply_role},
};

/* The path says what the file is and whose: "objects/account.object.json". */
static bool is_of_kind(Str path, size_t k, Str *ret_name)
{
    Str folder = str_of(kinds[k].folder), ending = str_of(kinds[k].ending);
    if (!str_starts(path, folder) || !str_ends(path, ending) || path.n < folder.n + ending.n)
        return false;
    *ret_name = str_sub(path, folder.n, path.n - folder.n - ending.n);
    return true;
}

static Status apply_kind(Apply *a, size_t k, size_t *known)
{
    const char *path;
    json_t *file;
    json_object_foreach((json_t *)a->how->files, path, file)
    {
        Str name;
        a->path = str_of(path);
        if (!is_of_kind(a->path, k, &name))
            continue;
        (*known)++;
        if (!json_is_object(file) || !str_eq(json_get_str(file, kinds[k].member), name))
            return bad_file(a, "meta.apply_name", STR_FMT ": the file names something else",
                            a->path);
        const json_t *now = present(a);
        if (!now || !json_equal(now, file))
            TRY(kinds[k].apply(a, file));
    }
    return ST_OK;
}

static Status apply_all(Apply *a)
{
    size_t known = 0;
    const char *path;
    json_t *file;
    if (!json_is_object(a->how->files) || json_object_size(a->how->files) > FILES_MAX)
        return FIELD_FAIL(a->c.cx, STR("files"), "bad_value", "meta.apply_files",
                          "must be an object of at most %d files by path", FILES_MAX);
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        TRY(apply_kind(a, k, &known));
    if (known == json_object_size(a->how->files))
        return ST_OK;
    json_object_foreach((json_t *)a->how->files, path, file)
    {
        Str name;
        bool found = false;
        for (size_t k = 0; k < COUNT_OF(kinds); k++)
            found = found || is_of_kind(str_of(path), k, &name);
        a->path = str_of(path);
        if (!found)
            return bad_file(a, "meta.apply_file", STR_FMT ": not a file of this kind", a->path);
    }
    return ST_OK;
}

static void drop_unproposed(void *arg)
{
    Apply *a = arg;
    if (!a->proposed)
        meta_release(a->c.candidate->m);
}

static Status build_and_compare(Apply *a, MetaDiffs *ret)
{
    Ctx *cx = a->c.cx;
    TRY(meta_change_build(&a->c, STR_NULL));
    arena_on_free(cx->arena, drop_unproposed, a);
    TRY(check_roles(a));
    json_t *after = meta_export(cx, a->c.candidate->m);
    json_own(cx->arena, after);
    meta_diff(cx->arena, a->now, after, ret);
    if (a->how->dry_run || !ret->list.n)
        return ST_OK;
    a->proposed = true; /* from here on the plan frees it */
    TRY(meta_change_commit(&a->c));
    for (size_t i = 0; i < a->c.old->m->n_objects; i++)
        TRY(meta_change_check_data(&a->c, a->c.old->m->objects[i]->name));
    return ST_OK;
}

Status meta_apply(Ctx *cx, MetaStore *s, const MetaApply *how, Plan *plan, MetaDiffs *ret_diff)
{
    Apply *a = ARENA_NEW(cx->arena, Apply);
    a->how = how;
    TRY(meta_change_begin(cx, s, plan, "apply", STR_NULL, STR_NULL, &a->c));
    a->now = meta_export(cx, a->c.old->m);
    json_own(cx->arena, a->now);
    TRY(apply_all(a));
    return build_and_compare(a, ret_diff);
}
