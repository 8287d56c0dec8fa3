/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of fields while a form is filled in: what is shown, fixed, wanted. The same expressions bind
 * what is written: required_when in record_validate.c, readonly_when in record_set.c. */
#include "record/record_internal.h"

Status record_is_fixed(Ctx *cx, const Record *r, const Field *f, bool *ret)
{
    *ret = false;
    if (!f->readonly_when_expr || !r->old)
        return ST_OK;
    Record stored = *r;
    stored.values = r->old;
    stored.n_lines = 0;
    return record_holds(cx, &stored, f->readonly_when_expr, ret);
}

static Status is_hidden(Ctx *cx, Record *r, const Field *f, bool *ret)
{
    bool shown = true;
    if (f->visible_when_expr)
        TRY(record_holds(cx, r, f->visible_when_expr, &shown));
    *ret = !shown;
    return ST_OK;
}

static Status is_fixed(Ctx *cx, Record *r, const Field *f, bool *ret)
{
    return record_is_fixed(cx, r, f, ret);
}

static Status write_names(Ctx *cx, Record *r, const char *key,
                          Status (*holds)(Ctx *, Record *, const Field *, bool *), Buf *out)
{
    bool first = true, on = false;
    buf_json_str(out, str_of(key));
    buf_lit(out, ":[");
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        TRY(holds(cx, r, f, &on));
        if (!on || !cx->access->field(cx, f))
            continue;
        if (!first)
            buf_char(out, ',');
        first = false;
        buf_json_str(out, f->name);
    }
    buf_char(out, ']');
    return ST_OK;
}

Status record_conditions(Ctx *cx, Record *r, Buf *out)
{
    buf_char(out, '{');
    TRY(write_names(cx, r, "hidden", is_hidden, out));
    buf_char(out, ',');
    TRY(write_names(cx, r, "readonly", is_fixed, out));
    buf_char(out, ',');
    TRY(write_names(cx, r, "required", record_requires, out));
    buf_char(out, '}');
    return ST_OK;
}
