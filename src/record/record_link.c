/* SPDX-License-Identifier: Apache-2.0 */
/* Links in bodies: by id, code, {"id"}, {"code"} or {"match":{field: value}}. What the user may not
 * see cannot be linked; it looks as if it did not exist. */
#include "record/record_internal.h"

#define MAX_LINKS 1000

static Status no_match(Ctx *cx, const Field *f)
{
    FIELD_FAIL(cx, f->name, "no_match", "record.link_no_match", "%.*s: there is no such record",
               STR_ARG(label_in(&f->label, cx->lang)));
    return ST_INVALID;
}

static Status bad_link(Ctx *cx, const Field *f)
{
    FIELD_FAIL(cx, f->name, "bad_value", "record.link_form",
               "%.*s must be an id, a code or {\"match\":{…}}",
               STR_ARG(label_in(&f->label, cx->lang)));
    return ST_INVALID;
}

static Status ambiguous(Ctx *cx, const Field *f)
{
    FIELD_FAIL(cx, f->name, "ambiguous", "record.link_ambiguous",
               "%.*s: several records fit; give the id", STR_ARG(label_in(&f->label, cx->lang)));
    return ST_INVALID;
}

static Status by_id(Ctx *cx, const Field *f, Id id, Id *ret)
{
    bool visible = false;
    TRY(query_visible(cx, f->to, id, &visible));
    if (!visible)
        return no_match(cx, f);
    *ret = id;
    return ST_OK;
}

bool record_is_reference(Str text)
{
    return text.n > 4 && str_starts(text, STR("$")) && str_ends(text, STR(".id"));
}

Status record_find_made(Ctx *cx, const Record *r, const Field *f, Str text, Id *ret)
{
    Str ref = str_sub(text, 1, text.n - 4);
    for (size_t i = 0; r && i < r->n_made; i++) {
        if (str_eq(r->made[i].ref, ref) && r->made[i].object == f->to) {
            *ret = r->made[i].id;
            return ST_OK;
        }
    }
    return FIELD_FAIL(cx, f->name, "no_match", "record.batch_ref",
                      "No request before this one makes %.*s", STR_ARG(str_sub(text, 0, 80)));
}

/* The record's own link to the parent of coded lines: a stage code is sought in its pipeline. */
static Id sibling_parent(const Record *r, const Object *to)
{
    if (!r || !to->parent)
        return 0;
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (f->kind == F_LINK && f->to == to->parent->to)
            return record_value_id(&r->values[i]);
    }
    return 0;
}

static Status narrow_by_parent(Ctx *cx, const Object *to, Id parent, const Id *ids, size_t n,
                               Id *ret)
{
    *ret = 0;
    for (size_t i = 0; i < n && !*ret; i++) {
        Record *row = NULL;
        TRY(record_load_any(cx, to, ids[i], &row));
        if (record_value_id(record_get(row, to->parent)) == parent)
            *ret = ids[i];
    }
    return ST_OK;
}

static void suggest_code(Ctx *cx, const Object *to, Str code)
{
    const Str *codes = NULL;
    size_t n = 0, best = 4;
    const ExprNames *names = query_names(cx);
    if (names->codes(names->arg, cx, to, &codes, &n) != ST_OK)
        return;
    Str nearest = STR_NULL;
    for (size_t i = 0; i < n; i++) {
        size_t d = fold_distance(codes[i], code, best);
        if (d < best) {
            best = d;
            nearest = codes[i];
        }
    }
    if (nearest.p)
        error_suggest(cx, nearest);
}

/* Objects that are no coded lists may have a unique code all the same (role, product). */
static Status by_unique_code(Ctx *cx, const Field *f, Str code, Id *ret)
{
    const Field *field = object_field(f->to, STR("code"));
    Buf filter = buf_in(cx->arena, 4096);
    size_t n = 0;
    if (!field || !field->unique || access_field(cx, field) < FIELD_READ)
        return bad_link(cx, f);
    buf_lit(&filter, "code = ");
    buf_json_str(&filter, code);
    if (buf_overflowed(&filter))
        return no_match(cx, f);
    Id ids[2]; /* the unique index may still be pending: two may fit */
    TRY(query_ids(cx, f->to, buf_str(&filter), 0, 2, ids, &n));
    if (n > 1)
        return ambiguous(cx, f);
    *ret = n ? ids[0] : 0;
    return n ? ST_OK : no_match(cx, f);
}

static Status by_code(Ctx *cx, const Record *r, const Field *f, Str code, Id *ret)
{
    const Id *ids = NULL;
    size_t n = 0;
    const ExprNames *names = query_names(cx);
    if (!f->to->code)
        return by_unique_code(cx, f, code, ret);
    TRY(names->code_ids(names->arg, cx, f->to, code, &ids, &n));
    Id parent = sibling_parent(r, f->to);
    if (n && parent) {
        TRY(narrow_by_parent(cx, f->to, parent, ids, n, ret));
        if (*ret)
            return ST_OK;
    } else if (n == 1) {
        *ret = ids[0];
        return ST_OK;
    } else if (n > 1) {
        return ambiguous(cx, f);
    }
    Status st = no_match(cx, f);
    suggest_code(cx, f->to, code);
    return st;
}

/* {"name":"…","email":"…"}: all must fit, exactly one record. */
static Status by_match(Ctx *cx, const Field *f, const json_t *match, Id *ret)
{
    Buf filter = buf_in(cx->arena, 8192);
    const char *name;
    json_t *v;
    json_object_foreach((json_t *)match, name, v)
    {
        const Field *m = object_field(f->to, str_of(name));
        if (!m || access_field(cx, m) < FIELD_READ || !json_is_string(v))
            return bad_link(cx, f);
        if (filter.n)
            buf_lit(&filter, " and ");
        buf_str_add(&filter, m->name);
        buf_lit(&filter, " = ");
        buf_json_str(&filter, json_str(v));
    }
    if (!filter.n || buf_overflowed(&filter))
        return bad_link(cx, f);
    Id ids[2];
    size_t n = 0;
    TRY(query_ids(cx, f->to, buf_str(&filter), 0, 2, ids, &n));
    if (n == 0)
        return no_match(cx, f);
    if (n > 1) {
        FIELD_FAIL(cx, f->name, "ambiguous", "record.link_ambiguous",
                   "%.*s: several records fit; give the id",
                   STR_ARG(label_in(&f->label, cx->lang)));
        return ST_INVALID;
    }
    *ret = ids[0];
    return ST_OK;
}

Status record_resolve_link(Ctx *cx, const Record *r, const Field *f, const json_t *v, Id *ret)
{
    Id id = 0;
    Str text = json_is_object(v) ? json_get_str(v, "id") : json_str(v);
    if (record_is_reference(text) && r && r->made)
        return record_find_made(cx, r, f, text, ret);
    if (json_is_string(v))
        return id_parse(json_str(v), &id) ? by_id(cx, f, id, ret)
                                          : by_code(cx, r, f, json_str(v), ret);
    const json_t *part;
    if ((part = json_object_get(v, "id")) && json_is_string(part))
        return id_parse(json_str(part), &id) ? by_id(cx, f, id, ret) : no_match(cx, f);
    if ((part = json_object_get(v, "code")) && json_is_string(part))
        return by_code(cx, r, f, json_str(part), ret);
    if ((part = json_object_get(v, "match")) && json_is_object(part))
        return by_match(cx, f, part, ret);
    return bad_link(cx, f);
}

static int compare_ids(const void *a, const void *b)
{
    Id x = *(const Id *)a, y = *(const Id *)b;
    return (x > y) - (x < y);
}

Value record_ids_value(Id *ids, size_t n)
{
    if (n > 1)
        qsort(ids, n, sizeof *ids, compare_ids);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (!m || ids[m - 1] != ids[i])
            ids[m++] = ids[i];
    if (!m)
        return VALUE_NULL;
    return (Value){.t = V_IDS, .ids = {.p = ids, .n = m}};
}

Status record_check_links(Ctx *cx, const Field *f, size_t n)
{
    if (n <= MAX_LINKS)
        return ST_OK;
    FIELD_FAIL(cx, f->name, "out_of_range", "record.links_too_many", "%.*s: at most %d links",
               STR_ARG(label_in(&f->label, cx->lang)), MAX_LINKS);
    return ST_INVALID;
}

Status record_parse_links(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    if (!json_is_array(v)) {
        FIELD_FAIL(cx, f->name, "bad_value", "record.links_form", "%.*s must be a list of links",
                   STR_ARG(label_in(&f->label, cx->lang)));
        return ST_INVALID;
    }
    size_t n = json_array_size(v);
    TRY(record_check_links(cx, f, n));
    Id *ids = ARENA_ARRAY(cx->arena, Id, n + 1);
    for (size_t i = 0; i < n; i++)
        TRY(record_resolve_link(cx, r, f, json_array_get(v, i), &ids[i]));
    *ret = record_ids_value(ids, n);
    return ST_OK;
}
