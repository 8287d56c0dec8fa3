/* SPDX-License-Identifier: Apache-2.0 */
/* Trees: links of an object to itself that must not close a circle. Where one is moved, everything
 * above its new place is locked with the version that was read, so that two moves at a time cannot
 * close one between them. */
#include "record/record_internal.h"

#define MAX_TREE 64

static Status refuse(Ctx *cx, const Field *up, bool deep)
{
    if (deep)
        FIELD_FAIL(cx, up->name, "too_deep", "record.tree_too_deep", "At most %d levels", MAX_TREE);
    else
        FIELD_FAIL(cx, up->name, "cycle", "record.cycle", "That would close a circle");
    return ST_INVALID;
}

static Status walk(Ctx *cx, const Record *r, const Field *up, Plan *plan)
{
    const Value *v = record_get(r, up);
    for (int depth = 0; v->t == V_ID; depth++) {
        Record *above = NULL;
        if ((r->id && v->i == r->id) || depth + 1 == MAX_TREE)
            return refuse(cx, up, depth + 1 == MAX_TREE);
        TRY(record_load_stored(cx, r->object, v->i, &above));
        if (!above) /* made by this plan: what hangs above it was looked at then */
            return ST_OK;
        if (plan)
            plan_lock(plan, r->object->plural, above->id, above->version);
        v = record_get(above, up);
    }
    return ST_OK;
}

Status record_check_tree(Ctx *cx, const Record *r, const Field *up)
{
    return up && record_touched(r, up) ? walk(cx, r, up, NULL) : ST_OK;
}

Status record_check_trees(Ctx *cx, const Record *r, Plan *plan)
{
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        if (f->tree && record_touched(r, f) && (!plan || r->old))
            TRY(walk(cx, r, f, plan));
    }
    return ST_OK;
}
