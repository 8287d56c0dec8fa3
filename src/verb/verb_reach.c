/* SPDX-License-Identifier: Apache-2.0 */
/* Records around the one in hand: found for decisions, copied. */
#include "verb/verb.h"

/* Acts as somebody who sees everything: only for what is decided, never for what is shown. */
static Ctx all_seeing(const Ctx *cx, User *all)
{
    Ctx inner = *cx;
    *all = *cx->user;
    all->is_administrator = true;
    inner.user = all;
    return inner;
}

Status verb_ids(Ctx *cx, const Object *o, Str filter, size_t limit, Id *ret, size_t *ret_n)
{
    return verb_ids_after(cx, o, filter, 0, limit, ret, ret_n);
}

Status verb_ids_after(Ctx *cx, const Object *o, Str filter, Id after, size_t limit, Id *ret,
                      size_t *ret_n)
{
    User all;
    Ctx inner = all_seeing(cx, &all);
    Status st = query_ids(&inner, o, filter, after, limit, ret, ret_n);
    cx->err = inner.err;
    cx->stats = inner.stats;
    return st;
}

Status verb_count(Ctx *cx, const Object *o, Str filter, int64_t most, int64_t *ret)
{
    User all;
    Ctx inner = all_seeing(cx, &all);
    Status st = query_count(&inner, o, filter, false, most, ret);
    cx->err = inner.err;
    cx->stats = inner.stats;
    return st;
}

Status verb_too_many(Ctx *cx)
{
    return FAIL_CODE(cx, ST_INVALID, "too_many_effects", "verb.too_many_effects",
                     "More than %d records would have to change with it", VERB_EFFECTS);
}

static bool is_copied(const Field *f)
{
    return !f->system && !f->readonly && !f->unique && !field_is_computed(f) && f->kind != F_ID &&
           f->kind != F_AUTO_NUMBER && f->kind != F_SECRET;
}

Record *verb_copy(Ctx *cx, const Record *r)
{
    Record *copy = record_new(cx, r->object);
    for (size_t i = 0; i < r->object->n_fields; i++) {
        const Field *f = r->object->fields[i];
        bool own = f == r->object->owner || f == r->object->department;
        if ((is_copied(f) || own) && !value_is_null(&r->values[i]))
            record_set(copy, f, r->values[i]);
    }
    return copy;
}

Status verb_copy_lines(Ctx *cx, Plan *plan, const Record *from, const Record *to,
                       const char *relation)
{
    const Relation *rel = object_relation(from->object, str_of(relation));
    Id ids[VERB_EFFECTS + 1];
    size_t n = 0;
    if (!rel)
        return ST_OK;
    TRY(record_children(cx, rel->field, from->object, from->id, COUNT_OF(ids), ids, &n));
    if (n > VERB_EFFECTS)
        return verb_too_many(cx);
    for (size_t i = 0; i < n; i++) {
        Record *line = NULL;
        TRY(record_load_any(cx, rel->child, ids[i], &line));
        Record *copy = verb_copy(cx, line);
        record_set(copy, rel->field, (Value){.t = V_ID, .i = to->id});
        TRY(record_write_by_rule(cx, plan, copy));
    }
    return ST_OK;
}
