/* SPDX-License-Identifier: Apache-2.0 */
/* A text that is to become title, searched or unique needs columns that are made from it: sort key and
 * folded text. Where there are records, the columns come first ("derived": "text", or "title" with the
 * sort key, an attribute that only the server writes): from then on every write fills them. A job
 * (upkeep/derive.c) fills them for what is there, and then makes the change that was asked for. */
#include "meta/meta_derive.h"
#include "meta/meta_change.h"

Status meta_derive_start(Ctx *cx, MetaStore *s, const Field *f, bool title, Plan *plan)
{
    MetaChange c;
    MetaEdit e;
    TRY(meta_change_begin(cx, s, plan, "field.derive", f->object->name, f->name, &c));
    TRY(meta_change_edit(&c, f->object->name, &e));
    json_t *item = meta_change_field_patch(&e, f->key);
    if (!item || !f->decl)
        return FIELD_FAIL(cx, f->name, "readonly", "meta.system_field",
                          "is part of every object and cannot be changed");
    const char *derived = title || f->keyed ? "title" : "text";
    json_object_set_new(item, "derived", json_string(derived));
    TRY(meta_change_build(&c, f->object->name));
    return meta_change_commit(&c);
}

bool meta_derive_missing(const Ctx *cx)
{
    const FieldError *e = cx->err.fields.n ? &cx->err.fields.v[0] : NULL;
    return cx->err.status == ST_INVALID && e && str_is(str_of(e->code), META_NEEDS_JOB);
}
