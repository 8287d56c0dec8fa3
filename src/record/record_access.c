/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a record is. A line has no owner: it is whose its parent is, as the predicate of reading
 * says too (access/access.c). */
#include "record/record_internal.h"

static Id value_of(const Value *values, const Field *f)
{
    return f ? record_value_id(&values[f->index]) : 0;
}

const Field *record_line_parent(const Object *o)
{
    return o->parent && !o->owner && o->parent->to && o->parent->to != o ? o->parent : NULL;
}

static AccessRecord own_access(const Record *r, const Value *values)
{
    const Object *o = r->object;
    const Field *pool = o->traits & TRAIT_POOLED ? object_field(o, STR("pool")) : NULL;
    return (AccessRecord){.id = r->id,
                          .pool = value_of(values, pool),
                          .owner = value_of(values, o->owner),
                          .department = value_of(values, o->department),
                          .created_by = value_of(values, o->created_by)};
}

/* As it is, or as it was last. */
static Status load_parent(Ctx *cx, const Object *o, Id id, Record **ret)
{
    Id until = 0;
    *ret = NULL;
    if (!id)
        return ST_OK;
    TRY(record_load_stored(cx, o, id, ret));
    return *ret || !o->history ? ST_OK : record_image_last(cx, o, id, ret, &until);
}

/* What stands at the top has an owner, or belongs to who made it; a user belongs to himself. */
static Id owner_of_top(const Record *top)
{
    AccessRecord ar = own_access(top, top->values);
    if (top->object->owner)
        return ar.owner;
    return str_is(top->object->name, "user") ? top->id : ar.created_by;
}

Status record_access(Ctx *cx, AccessAction action, const Record *r, const Value *values,
                     AccessRecord *ret)
{
    const Field *up = record_line_parent(r->object);
    Record *parent = NULL;
    *ret = own_access(r, values);
    if (!up)
        return ST_OK;
    if (action < ACCESS_ACTIONS && access_scope(cx, r->object, action) == SCOPE_ALL)
        return ST_OK;
    for (Id id = value_of(values, up); up; up = record_line_parent(parent->object)) {
        id = parent ? value_of(parent->values, up) : id;
        TRY(load_parent(cx, up->to, id, &parent));
        if (!parent)
            return ST_OK;
    }
    ret->owner = owner_of_top(parent);
    AccessRecord top = own_access(parent, parent->values);
    ret->department = top.department;
    ret->pool = top.pool;
    return ST_OK;
}
