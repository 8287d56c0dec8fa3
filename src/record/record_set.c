/* SPDX-License-Identifier: Apache-2.0 */
/* Setting fields from JSON bodies: types, rights, links. All fields of a body are looked at, so
 * that one answer names every error. */
#include "meta/field/field.h"
#include "record/record_internal.h"

static Status refuse_unknown(Ctx *cx, const Object *o, Str name)
{
    FIELD_FAIL(cx, name, "unknown_field", "record.unknown_field", "There is no field \"%.*s\"",
               STR_ARG(name));
    (void)o;
    return ST_INVALID;
}

static Status refuse_readonly(Ctx *cx, const Field *f)
{
    FIELD_FAIL(cx, f->name, "read_only", "record.read_only", "%.*s cannot be written",
               STR_ARG(label_in(&f->label, cx->lang)));
    return ST_INVALID;
}

/* {"add":[…],"remove":[…]} of links against what is there. */
static Status links_patch(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    const json_t *add = json_object_get(v, "add"), *drop = json_object_get(v, "remove");
    Value now = r->values[f->index], plus = VALUE_NULL, minus = VALUE_NULL;
    if (add)
        TRY(record_parse_links(cx, r, f, add, &plus));
    if (drop)
        TRY(record_parse_links(cx, r, f, drop, &minus));
    size_t most = (now.t == V_IDS ? now.ids.n : 0) + (plus.t == V_IDS ? plus.ids.n : 0);
    Id *ids = ARENA_ARRAY(cx->arena, Id, most + 1);
    size_t n = 0;
    for (size_t i = 0; now.t == V_IDS && i < now.ids.n; i++)
        if (!record_ids_have(&minus, now.ids.p[i]))
            ids[n++] = now.ids.p[i];
    for (size_t i = 0; plus.t == V_IDS && i < plus.ids.n; i++)
        ids[n++] = plus.ids.p[i];
    *ret = record_ids_value(ids, n);
    return ST_OK;
}

/* The same for choices and tags. */
static Status set_patch(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    const json_t *add = json_object_get(v, "add"), *drop = json_object_get(v, "remove");
    Value plus = VALUE_NULL, minus = VALUE_NULL;
    size_t known = (size_t)(add != NULL) + (size_t)(drop != NULL);
    if (json_object_size(v) != known || known == 0)
        return field_set_too_many(cx, f);
    if (add)
        TRY(f->type->parse(cx, f, add, &plus));
    if (drop)
        TRY(f->type->parse(cx, f, drop, &minus));
    *ret = field_set_merge(cx->arena, &r->values[f->index], &plus, &minus);
    return ST_OK;
}

static Status parse_value(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    if (f->kind == F_LINK) {
        Id id = 0;
        TRY(record_resolve_link(cx, r, f, v, &id));
        *ret = (Value){.t = V_ID, .i = id};
        return ST_OK;
    }
    if (f->kind == F_LINKS)
        return json_is_object(v) ? links_patch(cx, r, f, v, ret)
                                 : record_parse_links(cx, r, f, v, ret);
    if (field_is_set(f) && json_is_object(v))
        return set_patch(cx, r, f, v, ret);
    if (f->kind == F_ADDRESS)
        return field_address_merge(cx, f, &r->values[f->index], v, ret);
    return f->type->parse(cx, f, v, ret);
}

Status record_set_field_json(Ctx *cx, Record *r, const Field *f, const json_t *v)
{
    FieldRight right = access_field(cx, f);
    if (right == FIELD_HIDDEN)
        return refuse_unknown(cx, r->object, f->name);
    if (f->readonly || f->kind == F_FORMULA || f->kind == F_ID || right == FIELD_READ)
        return refuse_readonly(cx, f);
    Value value = VALUE_NULL;
    if (!json_is_null(v))
        TRY(parse_value(cx, r, f, v, &value));
    record_set(r, f, value);
    return ST_OK;
}

/* Links to lines' codes depend on their siblings (a stage on its pipeline): plain fields first. */
static bool is_late(const Field *f) { return f->kind == F_LINK && f->to && f->to->parent; }

static Status set_pass(Ctx *cx, Record *r, const json_t *body, bool late)
{
    const char *name;
    json_t *v;
    Status worst = ST_OK;
    json_object_foreach((json_t *)body, name, v)
    {
        const Field *f = object_field(r->object, str_of(name));
        if (late != (f && is_late(f)))
            continue;
        Status st =
            f ? record_set_field_json(cx, r, f, v) : refuse_unknown(cx, r->object, str_of(name));
        if (st != ST_OK && st != ST_INVALID)
            return st;
        if (st != ST_OK)
            worst = st;
    }
    return worst;
}

Status record_set_json(Ctx *cx, Record *r, const json_t *body)
{
    if (!json_is_object(body))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_json", "record.not_an_object",
                         "The body must be a JSON object");
    Status first = set_pass(cx, r, body, false);
    if (first != ST_OK && first != ST_INVALID)
        return first;
    Status second = set_pass(cx, r, body, true);
    return first != ST_OK ? first : second;
}
