/* SPDX-License-Identifier: Apache-2.0 */
/* A unique index refused a row: says which field is taken, if the user may see that field. */
#include "record/record_internal.h"

Status record_explain_conflict(Ctx *cx, Str constraint)
{
    const Object *o = NULL;
    const Index *index = meta_index(cx->meta, constraint, &o);
    error_clear(cx);
    for (int i = 0; index && i < index->n; i++) {
        const Field *f = index->fields[i];
        if (access_field(cx, f) < FIELD_READ)
            continue;
        FIELD_FAIL(cx, f->name, "duplicate", "record.duplicate",
                   "%.*s: there is one with this value already",
                   STR_ARG(label_in(&f->label, cx->lang)));
    }
    cx->err.status = ST_OK;
    cx->err.code = NULL;
    return FAIL(cx, ST_CONFLICT, "record.conflict", "There is a record with these values already");
}
