/* SPDX-License-Identifier: Apache-2.0 */
/* Saved mappings follow a renamed field, in the plan that renames it. Paths that reach the field through a link of another
 * object are left: the page says of such a mapping what does not fit any more. */
#include "import/import_internal.h"

static const char SQL_OF_OBJECT[] =
    "SELECT id, options FROM {gx_import_mapping} WHERE object = ?1 ORDER BY id";
static const char SQL_OPTIONS[] =
    "UPDATE {gx_import_mapping} SET options = ?2 WHERE id = ?1 AND options = ?3";

/* The field itself and its parts: address, address.city. NULL if it is another one. */
static json_t *new_path(Ctx *cx, const MetaRename *r, const json_t *path)
{
    Str text = json_str(path), rest = str_sub(text, r->old.n, text.n);
    if (!str_starts(text, r->old) || (rest.n && rest.p[0] != '.'))
        return NULL;
    Str fresh = str_format(cx->arena, STR_FMT STR_FMT, STR_ARG(r->name), STR_ARG(rest));
    return json_stringn(fresh.p, fresh.n);
}

static bool rename_columns(Ctx *cx, const MetaRename *r, json_t *mapping)
{
    const char *header;
    json_t *to;
    bool any = false;
    json_object_foreach(mapping, header, to)
    {
        json_t *fresh = new_path(cx, r, json_is_object(to) ? json_object_get(to, "field") : to);
        if (!fresh)
            continue;
        any = true;
        if (json_is_object(to))
            json_object_set_new(to, "field", fresh);
        else
            json_object_set_new(mapping, header, fresh);
    }
    return any;
}

static bool rename_list(Ctx *cx, const MetaRename *r, json_t *list)
{
    bool any = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *fresh = new_path(cx, r, json_array_get(list, i));
        any = any || fresh;
        if (fresh)
            json_array_set_new(list, i, fresh);
    }
    return any;
}

static bool rename_set(Ctx *cx, const MetaRename *r, json_t *set)
{
    const char *old = str_z(cx->arena, r->old);
    json_t *value = json_object_get(set, old);
    if (!value)
        return false;
    json_object_set(set, str_z(cx->arena, r->name), value);
    json_object_del(set, old);
    return true;
}

Status import_mappings_renamed(Ctx *cx, const MetaRename *r, Plan *plan)
{
    MetaKeptList all = {0};
    TRY(meta_rename_kept(cx, SQL_OF_OBJECT, r->object, &all));
    for (size_t i = 0; i < all.n; i++) {
        json_t *options = NULL;
        TRY(json_parse(cx, all.v[i].text, &options));
        bool any = rename_columns(cx, r, json_object_get(options, "mapping"));
        any = rename_set(cx, r, json_object_get(options, "set")) || any;
        any = rename_list(cx, r, json_object_get(options, "key")) || any;
        any = rename_list(cx, r, json_object_get(options, "create_missing")) || any;
        if (!any)
            continue;
        Buf text = buf_in(cx->arena, IMPORT_MAPPING_BYTES);
        json_write(&text, options);
        const DbVal v[] = {db_int(all.v[i].id), db_text(buf_str(&text)), db_text(all.v[i].text)};
        plan_expect(plan, STR_SQL(SQL_OPTIONS), v, COUNT_OF(v), 1);
    }
    return ST_OK;
}
