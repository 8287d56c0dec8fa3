/* SPDX-License-Identifier: Apache-2.0 */
/* Links to records of any object in bodies: {"object":…} beside any form of a link. */
#include "record/record_internal.h"

static Status no_kind(Ctx *cx, const Field *f, Str name)
{
    FIELD_FAIL(cx, f->name, "bad_value", "record.any_link_kind", "%.*s cannot lead to \"%.*s\"",
               STR_ARG(label_in(&f->label, cx->lang)), STR_ARG(str_sub(name, 0, 80)));
    return ST_INVALID;
}

Status record_parse_any_link(Ctx *cx, const Record *r, const Field *f, const json_t *v, Value *ret)
{
    Str name = json_get_str(v, "object");
    const Object *to = meta_object(cx->meta, name);
    if (!json_is_object(v) || !name.n) {
        FIELD_FAIL(cx, f->name, "bad_value", "record.any_link_form",
                   "%.*s must be {\"object\":…,\"id\":…}", STR_ARG(label_in(&f->label, cx->lang)));
        return ST_INVALID;
    }
    if (!to || !field_leads_to(f, to) || !cx->access->object(cx, to))
        return no_kind(cx, f, name);
    Field link = *f;
    Id id = 0;
    link.to = to;
    TRY(record_resolve_link(cx, r, &link, v, &id));
    *ret = (Value){.t = V_REF, .ref = {.id = id, .object = to->name}};
    return ST_OK;
}
