/* SPDX-License-Identifier: Apache-2.0 */
/* Single layouts and views of an object: made, changed, taken away. What came with the program comes
 * back when the organisation's own is taken away. */
#include "meta/meta_change.h"

typedef struct Part {
    const char *list, *member; /* "layouts", "layout" */
} Part;

static Part part_of(bool views)
{
    return views ? (Part){"views", "view"} : (Part){"layouts", "layout"};
}

static size_t find(const json_t *list, const Part *p, Str name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (str_eq(json_get_str(json_array_get(list, i), p->member), name))
            return i;
    }
    return SIZE_MAX;
}

static json_t *own_list(const Object *o, const Part *p)
{
    const json_t *list = json_object_get(o->decl, p->list);
    return list ? json_deep_copy(list) : json_array();
}

static Status begin(Ctx *cx, MetaStore *s, const Object *o, const Part *p, const char *verb,
                    Str name, Plan *plan, MetaChange *c, MetaEdit *e)
{
    const char *action = str_z(cx->arena, str_format(cx->arena, "%s.%s", p->member, verb));
    TRY(meta_change_begin(cx, s, plan, action, o->name, name, c));
    return meta_change_edit(c, o->name, e);
}

static Status finish(MetaChange *c, MetaEdit *e, const Part *p, json_t *list)
{
    meta_change_set(e, p->list, list);
    TRY(meta_change_build(c, e->object->name));
    return meta_change_commit(c);
}

Status meta_put_part(Ctx *cx, MetaStore *s, const Object *o, bool views, Str name,
                     const json_t *body, bool create, Plan *plan)
{
    Part p = part_of(views);
    MetaChange c;
    MetaEdit e;
    if (!json_is_object(body))
        return FIELD_FAIL(cx, STR(""), "bad_value", "meta.not_an_object", "must be an object");
    if (!name.n || name.n > 100)
        return FIELD_FAIL(cx, str_of(p.member), "required", "meta.part_name", "needs a name");
    TRY(begin(cx, s, o, &p, create ? "create" : "change", name, plan, &c, &e));
    /* Those that an object has without declaring any are changed as if they had been declared. */
    const json_t *all = views ? e.object->views : e.object->layouts;
    size_t seen = find(all, &p, name);
    json_t *list = own_list(e.object, &p), *entry;
    json_own(cx->arena, json_incref(list));
    size_t at = find(list, &p, name);
    if (create && seen != SIZE_MAX) {
        json_decref(list);
        return FIELD_FAIL(cx, str_of(p.member), "duplicate", "meta.part_exists",
                          "there is one of that name already");
    }
    entry = at != SIZE_MAX     ? json_copy(json_array_get(list, at))
            : seen != SIZE_MAX ? json_deep_copy(json_array_get(all, seen))
                               : json_object();
    json_object_del(entry, "missing");
    json_object_del(entry, "broken");
    json_object_update(entry, (json_t *)body);
    json_object_set_new(entry, p.member, json_stringn(name.p, name.n));
    if (at != SIZE_MAX)
        json_array_set_new(list, at, entry);
    else
        json_array_append_new(list, entry);
    return finish(&c, &e, &p, list);
}

static const json_t *shipped_list(const MetaStore *s, const Object *o, const Part *p)
{
    const json_t *objects = json_object_get(s->shipped, "objects");
    return json_object_get(json_object_getn(objects, o->name.p, o->name.n), p->list);
}

Status meta_drop_part(Ctx *cx, MetaStore *s, const Object *o, bool views, Str name, Plan *plan)
{
    Part p = part_of(views);
    MetaChange c;
    MetaEdit e;
    TRY(begin(cx, s, o, &p, "remove", name, plan, &c, &e));
    const json_t *shipped = shipped_list(s, o, &p);
    json_t *list = own_list(e.object, &p);
    size_t at = find(list, &p, name), was = find(shipped, &p, name);
    bool same = at != SIZE_MAX && was != SIZE_MAX &&
                json_equal(json_array_get(list, at), json_array_get(shipped, was));
    json_own(cx->arena, json_incref(list));
    if (at == SIZE_MAX || same) {
        json_decref(list);
        return FAIL(cx, same ? ST_CONFLICT : ST_NOT_FOUND, "meta.no_own_part",
                    "there is nothing of the organisation's own under that name");
    }
    if (was != SIZE_MAX)
        json_array_set(list, at, json_array_get(shipped, was));
    else
        json_array_remove(list, at);
    return finish(&c, &e, &p, list);
}
