/* SPDX-License-Identifier: Apache-2.0 */
/* One record changes hands. */
#include "modules/organisation/user/user_hand_over.h"

/* With the verb "return" of the module, so that its rules hold; a record of which that is not possible (a
 * lead that is converted) goes to the person instead. */
static Status one_pool(Ctx *cx, Plan *plan, const HandPart *p, Record *r, bool *ret_done)
{
    const ObjectVerb *verb = NULL;
    json_t *body = json_object();
    json_own(cx->arena, body);
    *ret_done = false;
    Status st = verb_find(cx, p->object, STR("return"), &verb);
    if (st == ST_OK)
        st = verb_may_now(cx, verb, r);
    if (st == ST_NOT_FOUND || st == ST_CONFLICT) {
        error_clear(cx);
        return ST_OK;
    }
    TRY(st);
    if (p->pool)
        json_object_set_new(
            body, "pool",
            json_string(str_z(cx->arena, str_format(cx->arena, "%lld", (long long)p->pool))));
    json_object_set_new(body, "reason", json_string("owner_left"));
    *ret_done = true;
    return verb_run_within(cx, plan, verb, r, body);
}

/* Another takes the place in the list; who is in it already stands there once. */
static Value one_list(Ctx *cx, const Value *v, Id from, Id to)
{
    Id *ids = ARENA_ARRAY(cx->arena, Id, v->ids.n + 1);
    size_t n = 0;
    bool there = false;
    for (size_t i = 0; i < v->ids.n; i++)
        there = there || v->ids.p[i] == to;
    for (size_t i = 0; i < v->ids.n; i++) {
        if (v->ids.p[i] != from)
            ids[n++] = v->ids.p[i];
        else if (!there)
            ids[n++] = to;
    }
    return (Value){.t = V_IDS, .ids = {.p = ids, .n = n}};
}

/* Nobody is his own manager or stand-in: then the place is empty, or that of the one above. */
static Value one_link(const HandOver *h, const HandPart *p, const Record *r, const Record *leaver)
{
    Value to = {.t = V_ID, .i = p->to};
    if (p->object != leaver->object || r->id != p->to)
        return to;
    Id above = str_is(p->field->name, "manager") ? verb_link(leaver, "manager") : 0;
    if (!above || above == r->id || above == h->user)
        return VALUE_NULL;
    return (Value){.t = V_ID, .i = above};
}

static bool one_same_value(const Value *a, const Value *b)
{
    if (a->t != b->t)
        return value_is_null(a) && value_is_null(b);
    return a->t == V_ID ? a->i == b->i : a->t == V_TEXT && str_eq(a->s, b->s);
}

/* A line that says the same of the other person already (a member of the team): this one goes. */
static Status one_twin(Ctx *cx, const HandPart *p, const Record *r, bool *ret)
{
    const Field *up = p->object->parent;
    Id ids[64];
    size_t n = 0;
    *ret = false;
    if (!up || p->field == p->object->owner || p->field->kind != F_LINK)
        return ST_OK;
    TRY(verb_ids(
        cx, p->object,
        str_format(cx->arena, STR_FMT " = \"%lld\"", STR_ARG(p->field->name), (long long)p->to),
        COUNT_OF(ids), ids, &n));
    for (size_t i = 0; i < n && !*ret; i++) {
        Record *other = NULL;
        TRY(record_load_any(cx, p->object, ids[i], &other));
        *ret = other->id != r->id && one_same_value(record_get(other, up), record_get(r, up));
    }
    return ST_OK;
}

Status user_hand_over_one(Ctx *cx, Plan *plan, const HandOver *h, const HandPart *p, Id id,
                          bool *ret_pooled)
{
    Record *r = NULL, *leaver = NULL;
    bool twin = false;
    *ret_pooled = false;
    if (p->positions)
        return user_hand_over_position(cx, plan, h, p, id);
    TRY(record_load_any(cx, p->object, id, &r));
    if (p->way == HAND_POOL)
        TRY(one_pool(cx, plan, p, r, ret_pooled));
    if (*ret_pooled)
        return ST_OK;
    TRY(one_twin(cx, p, r, &twin));
    if (twin)
        return record_delete(cx, plan, r);
    if (p->field == p->object->owner) {
        TRY(verb_set_owner(cx, r, p->to, "to"));
    } else if (p->field->kind == F_LINKS) {
        record_set(r, p->field, one_list(cx, record_get(r, p->field), h->user, p->to));
    } else {
        TRY(record_load_any(cx, meta_object(cx->meta, STR("user")), h->user, &leaver));
        record_set(r, p->field, one_link(h, p, r, leaver));
    }
    return record_write_by_rule(cx, plan, r);
}
