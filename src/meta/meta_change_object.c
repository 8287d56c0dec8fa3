/* SPDX-License-Identifier: Apache-2.0 */
/* Objects made and changed at run time. */
#include "meta/meta_change.h"

static const char changeable[] = "label icon area title number rules unique indexes history files "
                                 "timeline help layouts views recommended record_type duplicates";

static Status answer_object(const MetaChange *c, Str name, Buf *answer)
{
    meta_write_object(meta_object(c->candidate->m, name), NULL, answer);
    return ST_OK;
}

static Status check_new(MetaChange *c, const json_t *body)
{
    Str name = json_get_str(body, "object");
    if (!json_is_object(body))
        return FIELD_FAIL(c->cx, STR(""), "bad_value", "meta.not_an_object", "must be an object");
    static const char *const ours[] = {"custom", "removed", "removed_at"};
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        if (json_object_get(body, ours[i]))
            return FIELD_FAIL(c->cx, str_of(ours[i]), "unknown_attribute", "meta.unknown_attribute",
                              "there is no attribute \"%s\" here", ours[i]);
    }
    size_t i_field;
    json_t *field;
    json_array_foreach(json_object_get(body, "fields"), i_field, field)
    {
        TRY(meta_change_no_internals(
            c->cx, field, str_z(c->cx->arena, str_format(c->cx->arena, "fields[%zu].", i_field))));
    }
    if (!meta_name_is_word(name))
        return FIELD_FAIL(c->cx, STR("object"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    if (meta_object(c->old->m, name))
        return FIELD_FAIL(c->cx, STR("object"), "duplicate", "meta.object_exists",
                          "there is an object \"" STR_FMT "\" already", STR_ARG(name));
    return ST_OK;
}

/* A removed object keeps its table: neither its name nor its plural is free. */
static Status check_bin(MetaChange *c, const json_t *body)
{
    const char *name;
    json_t *row;
    json_object_foreach(json_object_get(c->rows, "object"), name, row)
    {
        bool same = str_is(json_get_str(body, "object"), name) ||
                    str_eq(json_get_str(body, "plural"), json_get_str(row, "plural"));
        if (same && json_get_bool(row, "removed", false))
            return FIELD_FAIL(c->cx, STR("object"), "duplicate", "meta.object_in_bin",
                              "the object \"%s\" was removed and still has its data: bring it back",
                              name);
    }
    return ST_OK;
}

Status meta_create_object(Ctx *cx, MetaStore *s, const json_t *body, Plan *plan, Buf *answer)
{
    MetaChange c;
    Str name = json_get_str(body, "object");
    TRY(meta_change_begin(cx, s, plan, "object.create", name, STR_NULL, &c));
    TRY(check_new(&c, body));
    TRY(check_bin(&c, body));
    meta_change_row(&c, "object", name, json_deep_copy(body));
    TRY(meta_change_build(&c, name));
    TRY(meta_change_commit(&c));
    return answer_object(&c, name, answer);
}

/* Entries of the body replace those of the same name and come behind the others when new. */
static json_t *merge_named(const json_t *old, const json_t *body, const char *key)
{
    json_t *all = json_is_array(old) ? json_copy((json_t *)old) : json_array(), *entry, *other;
    size_t i, k;
    json_array_foreach((json_t *)body, i, entry)
    {
        size_t at = json_array_size(all);
        json_array_foreach(all, k, other)
        {
            if (str_eq(json_get_str(entry, key), json_get_str(other, key)))
                at = k;
        }
        if (at < json_array_size(all))
            json_array_set(all, at, entry);
        else
            json_array_append(all, entry);
    }
    return all;
}

static json_t *new_value(const Object *o, const char *attribute, json_t *value)
{
    if (!strcmp(attribute, "layouts") && json_is_array(value))
        return merge_named(json_object_get(o->decl, "layouts"), value, "layout");
    if (!strcmp(attribute, "views") && json_is_array(value))
        return merge_named(o->views, value, "view");
    return json_incref(value);
}

Status meta_patch_object(Ctx *cx, MetaStore *s, const Object *o, const json_t *body, Plan *plan,
                         Buf *answer)
{
    MetaChange c;
    MetaEdit e;
    const char *attribute;
    json_t *value;
    TRY(meta_change_begin(cx, s, plan, "object.change", o->name, STR_NULL, &c));
    TRY(meta_change_allow(cx, body, changeable));
    TRY(meta_change_edit(&c, o->name, &e));
    json_object_foreach((json_t *)body, attribute, value)
    {
        meta_change_set(&e, attribute, new_value(e.object, attribute, value));
    }
    TRY(meta_change_build(&c, o->name));
    TRY(meta_change_commit(&c));
    TRY(meta_change_check_data(&c, o->name));
    return answer_object(&c, o->name, answer);
}

/* ---- removal */
Status meta_remove_object(Ctx *cx, MetaStore *s, const Object *o, Plan *plan)
{
    MetaChange c;
    MetaEdit e;
    if (!o->custom)
        return FAIL(cx, ST_CONFLICT, "meta.shipped_object",
                    "an object that comes with the program cannot be removed");
    TRY(meta_change_begin(cx, s, plan, "object.remove", o->name, STR_NULL, &c));
    TRY(meta_change_edit(&c, o->name, &e));
    json_object_set_new(e.row, "removed", json_true());
    json_object_set_new(e.row, "removed_at", json_integer(cx->now_ms));
    TRY(meta_change_build(&c, STR_NULL)); /* what still points at it is told with its path */
    return meta_change_commit(&c);
}

Status meta_restore_object(Ctx *cx, MetaStore *s, Str object, Plan *plan, Buf *answer)
{
    MetaChange c;
    TRY(meta_change_begin(cx, s, plan, "object.restore", object, STR_NULL, &c));
    json_t *row = json_object_getn(json_object_get(c.rows, "object"), object.p, object.n);
    if (!json_get_bool(row, "removed", false))
        return FAIL(cx, ST_NOT_FOUND, "meta.not_in_bin", "nothing of that name was removed");
    json_object_del(row, "removed");
    json_object_del(row, "removed_at");
    TRY(meta_change_build(&c, object));
    TRY(meta_change_commit(&c));
    return answer_object(&c, object, answer);
}
