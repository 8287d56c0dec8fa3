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

static Status parse_list(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    return field_is_file(f) ? record_parse_files(cx, r, f, v, ret)
                            : record_parse_links(cx, r, f, v, ret);
}

/* What is taken away need not be there any more, nor be seen: an id is enough. */
static Status parse_removed(Ctx *cx, const Field *f, const json_t *v, Value *ret)
{
    bool ids = json_is_array(v);
    for (size_t i = 0; ids && i < json_array_size(v); i++) {
        const json_t *item = json_array_get(v, i);
        Str id = json_is_object(item) ? json_get_str(item, "id") : json_str(item);
        Id ignored = 0;
        ids = id_parse(id, &ignored);
    }
    return ids ? field_type_of(F_LINKS)->parse(cx, f, v, ret) : parse_list(cx, NULL, f, v, ret);
}

static Status check_patch(Ctx *cx, const Field *f, const json_t *v)
{
    const char *key;
    json_t *part;
    bool known = json_object_size(v) > 0;
    json_object_foreach((json_t *)v, key, part)
    {
        known = known && (!strcmp(key, "add") || !strcmp(key, "remove")) && json_is_array(part);
    }
    if (known)
        return ST_OK;
    FIELD_FAIL(cx, f->name, "bad_value", "record.links_patch",
               "%.*s must be a list, or {\"add\":[…],\"remove\":[…]}",
               STR_ARG(label_in(&f->label, cx->lang)));
    return ST_INVALID;
}

/* {"add":[…],"remove":[…]} of links against what is there. */
static Status links_patch(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    const json_t *add = json_object_get(v, "add"), *drop = json_object_get(v, "remove");
    Value now = r->values[f->index], plus = VALUE_NULL, minus = VALUE_NULL;
    TRY(check_patch(cx, f, v));
    if (add)
        TRY(parse_list(cx, r, f, add, &plus));
    if (drop)
        TRY(parse_removed(cx, f, drop, &minus));
    size_t most = (now.t == V_IDS ? now.ids.n : 0) + (plus.t == V_IDS ? plus.ids.n : 0);
    Id *ids = ARENA_ARRAY(cx->arena, Id, most + 1);
    size_t n = 0;
    for (size_t i = 0; now.t == V_IDS && i < now.ids.n; i++)
        if (!value_has_id(&minus, now.ids.p[i]))
            ids[n++] = now.ids.p[i];
    for (size_t i = 0; plus.t == V_IDS && i < plus.ids.n; i++)
        ids[n++] = plus.ids.p[i];
    *ret = record_ids_value(ids, n);
    return ret->t == V_IDS ? record_check_links(cx, f, ret->ids.n) : ST_OK;
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
    if (field_has_ids(f))
        return json_is_object(v) ? links_patch(cx, r, f, v, ret) : parse_list(cx, r, f, v, ret);
    if (field_is_file(f))
        return record_parse_files(cx, r, f, v, ret);
    if (f->kind == F_ANY_LINK)
        return record_parse_any_link(cx, r, f, v, ret);
    if (field_is_set(f) && json_is_object(v))
        return set_patch(cx, r, f, v, ret);
    if (f->kind == F_JSON && r->old && json_is_object(v))
        return field_json_merge(cx, f, &r->values[f->index], v, ret);
    if (f->kind == F_ADDRESS)
        return field_address_merge(cx, f, &r->values[f->index], v, ret);
    return f->type->parse(cx, f, v, ret);
}

Status record_read_value(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    *ret = VALUE_NULL;
    return json_is_null(v) ? ST_OK : parse_value(cx, r, f, v, ret);
}

Status record_read_field(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    FieldRight right = access_field(cx, f);
    if (right == FIELD_HIDDEN)
        return refuse_unknown(cx, r->object, f->name);
    if (f->readonly || field_is_computed(f) || f->kind == F_ID || right < FIELD_WRITE)
        return refuse_readonly(cx, f);
    return record_read_value(cx, r, f, v, ret);
}

Status record_set_field_json(Ctx *cx, Record *r, const Field *f, const json_t *v)
{
    Value value = VALUE_NULL;
    bool fixed = false;
    TRY(record_read_field(cx, r, f, v, &value));
    TRY(record_is_fixed(cx, r, f, &fixed));
    if (fixed && !r->import && !value_equal(&value, &r->old[f->index]))
        return FIELD_FAIL(cx, f->name, "read_only", "record.fixed",
                          "%.*s cannot be changed as the record stands",
                          STR_ARG(label_in(&f->label, cx->lang)));
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
        const Relation *lines = f ? NULL : record_line_relation(cx, r->object, str_of(name));
        if (late != (lines || (f && is_late(f))))
            continue;
        Status st = f       ? record_set_field_json(cx, r, f, v)
                    : lines ? record_set_lines(cx, r, lines, v)
                            : refuse_unknown(cx, r->object, str_of(name));
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
