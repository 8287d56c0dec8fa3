/* SPDX-License-Identifier: Apache-2.0 */
/* Back to a former version, field by field: an ordinary update, with its rights, rules and history,
 * whose values come from the past. */
#include "record/record_internal.h"

static bool version_holds(const Field *f) /* what a person may set at all */
{
    return record_is_stored(f) && f->kind != F_ID && !f->readonly && f->kind != F_AUTO_NUMBER;
}

static Status version_unknown(Ctx *cx, Str name)
{
    FIELD_FAIL(cx, name, "unknown_field", "record.unknown_field", "There is no field \"%.*s\"",
               STR_ARG(name));
    return ST_INVALID;
}

static Status version_target(Ctx *cx, const Field *f, Id target)
{
    Record *found = NULL;
    Status st = record_load(cx, f->to, target, &found);
    if (st != ST_NOT_FOUND)
        return st;
    error_clear(cx);
    FIELD_FAIL(cx, f->name, "no_match", "record.version_target",
               "What %.*s linked to then is not there any more",
               STR_ARG(label_in(&f->label, cx->lang)));
    return ST_INVALID;
}

/* Links come back only to what is there and seen. Errors found before are kept. */
static Status version_targets(Ctx *cx, const Field *f, const Value *now, const Value *then)
{
    Error before = cx->err;
    Status st = ST_OK;
    cx->err = (Error){.status = ST_OK};
    if (f->kind == F_LINK && then->t == V_ID)
        st = version_target(cx, f, then->i);
    for (size_t i = 0; st == ST_OK && f->kind == F_LINKS && then->t == V_IDS && i < then->ids.n;
         i++)
        if (!value_has_id(now, then->ids.p[i]))
            st = version_target(cx, f, then->ids.p[i]);
    if (before.status != ST_OK) {
        for (size_t i = 0; i < cx->err.fields.n; i++)
            VEC_PUSH(cx->arena, &before.fields, cx->err.fields.v[i]);
        cx->err = before;
    }
    return st;
}

static Status version_field(Ctx *cx, Record *r, const Field *f, const Value *then)
{
    Value now = r->values[f->index];
    if (value_equal(&now, then))
        return ST_OK;
    TRY(version_targets(cx, f, &now, then));
    record_set(r, f, *then);
    return ST_OK;
}

/* A field asked for by name must be one that this user may write. */
static Status version_named(Ctx *cx, Record *r, Str name, const Value *then)
{
    const Field *f = object_field(r->object, name);
    if (!f || access_field(cx, f) < FIELD_READ)
        return version_unknown(cx, name);
    if (!version_holds(f) || access_field(cx, f) != FIELD_WRITE) {
        FIELD_FAIL(cx, name, "read_only", "record.read_only", "%.*s cannot be written",
                   STR_ARG(label_in(&f->label, cx->lang)));
        return ST_INVALID;
    }
    return version_field(cx, r, f, &then[f->index]);
}

static Status version_all(Ctx *cx, Record *r, const Value *then)
{
    Status worst = ST_OK;
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (!version_holds(f) || access_field(cx, f) != FIELD_WRITE)
            continue;
        Status st = version_field(cx, r, f, &then[i]);
        if (st != ST_OK && st != ST_INVALID)
            return st;
        worst = st == ST_OK ? worst : st;
    }
    return worst;
}

Status record_set_version(Ctx *cx, Record *r, int64_t version, const Str *fields, size_t n_fields)
{
    Record *image = NULL;
    Status worst = ST_OK;
    if (version == r->version)
        return ST_OK;
    if (r->object->history)
        TRY(record_image_version(cx, r->object, r->id, version, &image));
    if (!image)
        return FIELD_FAIL(cx, STR("version"), "no_match", "record.no_version",
                          "The record has no version %lld", (long long)version);
    if (!n_fields)
        return version_all(cx, r, image->values);
    for (size_t i = 0; i < n_fields; i++) {
        Status st = version_named(cx, r, fields[i], image->values);
        if (st != ST_OK && st != ST_INVALID)
            return st;
        worst = st == ST_OK ? worst : st;
    }
    return worst;
}
