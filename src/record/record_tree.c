/* SPDX-License-Identifier: Apache-2.0 */
/* Trees: links of an object to itself that must not close a circle. */
#include "record/record_internal.h"

#define MAX_TREE 64

Status record_check_tree(Ctx *cx, const Record *r, const Field *up)
{
    if (!up || !record_touched(r, up) || !r->id)
        return ST_OK;
    const Value *v = record_get(r, up);
    for (int depth = 0; v->t == V_ID; depth++) {
        Record *above = NULL;
        if (v->i == r->id || depth == MAX_TREE) {
            FIELD_FAIL(cx, up->name, "cycle", "record.cycle", "That would close a circle");
            return ST_INVALID;
        }
        TRY(record_load_any(cx, r->object, v->i, &above));
        v = record_get(above, up);
    }
    return ST_OK;
}
