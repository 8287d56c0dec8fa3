/* SPDX-License-Identifier: Apache-2.0 */
/* Objects made and changed at run time. */
#include "meta/meta_change.h"

static const char changeable[] = "label icon area title number rules unique indexes history files "
                                 "timeline help layouts views recommended";

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
    if (json_object_get(body, "custom"))
        return FIELD_FAIL(c->cx, STR("custom"), "unknown_attribute", "meta.unknown_attribute",
                          "there is no attribute \"%s\" here", "custom");
    if (!meta_name_is_word(name))
        return FIELD_FAIL(c->cx, STR("object"), "bad_name", "meta.bad_name",
                          "must match [a-z][a-z0-9_]{0,39}");
    if (meta_object(c->old->m, name))
        return FIELD_FAIL(c->cx, STR("object"), "duplicate", "meta.object_exists",
                          "there is an object \"" STR_FMT "\" already", STR_ARG(name));
    return ST_OK;
}

Status meta_create_object(Ctx *cx, MetaStore *s, const json_t *body, Plan *plan, Buf *answer)
{
    MetaChange c;
    TRY(meta_change_begin(cx, s, plan, &c));
    TRY(check_new(&c, body));
    Str name = json_get_str(body, "object");
    meta_change_row(&c, "object", name, json_deep_copy(body));
    TRY(meta_change_build(&c, name));
    TRY(meta_change_commit(&c, "object", name));
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
    TRY(meta_change_begin(cx, s, plan, &c));
    TRY(meta_change_allow(cx, body, changeable));
    TRY(meta_change_edit(&c, o->name, &e));
    json_object_foreach((json_t *)body, attribute, value)
    {
        meta_change_set(&e, attribute, new_value(e.object, attribute, value));
    }
    TRY(meta_change_build(&c, o->name));
    TRY(meta_change_commit(&c, meta_change_kind(&e), o->name));
    TRY(meta_change_check_data(&c, o->name));
    return answer_object(&c, o->name, answer);
}
