/* SPDX-License-Identifier: Apache-2.0 */
/* Into the pool and out of it. What becomes of a lead's status its own hook says (sales/lead). */
#include "modules/customer/pool/pooled.h"
#include "modules/customer/customer.h"
#include <assert.h>

#define DAY_MS INT64_C(86400000)

int64_t pooled_number(const Record *pool, const char *field)
{
    const Value *v = pool ? verb_get(pool, field) : NULL;
    return v && v->t == V_INT ? v->i : 0;
}

static Value now(const Ctx *cx) { return (Value){.t = V_TIME, .i = cx->now_ms}; }

Status pooled_log(Ctx *cx, Plan *plan, const Record *r, const PoolMove *move)
{
    const Object *o = meta_object(cx->meta, STR("pool_entry"));
    if (!o)
        return ST_OK;
    Record *e = record_new(cx, o);
    verb_set(e, "record", (Value){.t = V_REF, .ref = {.id = r->id, .object = r->object->name}});
    verb_set_link(e, "from_owner", move->from);
    verb_set_link(e, "to_owner", move->to);
    verb_set_link(e, "pool", move->pool);
    if (move->reason)
        verb_set_text(e, "reason", move->reason);
    verb_set(e, "at", now(cx));
    verb_set_link(e, "by", cx->user->id);
    return record_write_by_rule(cx, plan, e);
}

static Status load_pool(Ctx *cx, Id id, Record **ret)
{
    const Object *o = meta_object(cx->meta, STR("pool"));
    *ret = NULL;
    return o && id ? record_load_stored(cx, o, id, ret) : ST_OK;
}

static bool serves(const Record *pool, const Object *o)
{
    const Value *active = verb_get(pool, "is_active"), *object = verb_get(pool, "object");
    return active->t == V_BOOL && active->b && object->t == V_TEXT && str_eq(object->s, o->name);
}

Status pooled_find(Ctx *cx, const Record *r, Id named, Record **ret)
{
    const Object *o = meta_object(cx->meta, STR("pool"));
    Id first = 0, own = verb_link(r, "pool");
    size_t n = 0;
    TRY(load_pool(cx, named ? named : own, ret));
    if (*ret && serves(*ret, r->object))
        return ST_OK;
    *ret = NULL;
    if (!named && o) {
        Str filter = str_format(cx->arena, "object = \"%.*s\" and is_active = true",
                                STR_ARG(r->object->name));
        TRY(verb_ids(cx, o, filter, 1, &first, &n));
        TRY(load_pool(cx, first, ret));
    }
    if (*ret)
        return ST_OK;
    return FIELD_FAIL(cx, STR("pool"), "no_match", "pool.none",
                      "There is no active pool for this kind of record");
}

Status pooled_give(Ctx *cx, Plan *plan, Record *r, Id owner, const char *param)
{
    Record *pool = NULL;
    PoolMove move = {.from = verb_link(r, "owner"), .to = owner, .pool = verb_link(r, "pool")};
    TRY(verb_set_owner(cx, r, owner, param));
    TRY(load_pool(cx, move.pool, &pool));
    int64_t days = pooled_number(pool, "protect_days");
    verb_set(r, "pooled_at", VALUE_NULL);
    verb_set(r, "pool_reason", VALUE_NULL);
    verb_set(r, "recycle_at", VALUE_NULL);
    if (days)
        verb_set(r, "protected_until", (Value){.t = V_TIME, .i = cx->now_ms + days * DAY_MS});
    TRY(record_write_by_rule(cx, plan, r));
    return pooled_log(cx, plan, r, &move);
}

/* ---- the verbs */

static Status pooled_assign(Ctx *cx, Plan *plan, VerbCall *c)
{
    Id to = verb_arg_link(c, "to");
    if (c->dry_run)
        return ST_OK;
    if (to == verb_link(c->record, "owner"))
        return FIELD_FAIL(cx, STR("to"), "same", "pool.same_owner", "This is the owner already");
    return pooled_give(cx, plan, c->record, to, "to");
}

static Status pooled_claim(Ctx *cx, Plan *plan, VerbCall *c)
{
    Record *pool = NULL;
    TRY(load_pool(cx, verb_link(c->record, "pool"), &pool));
    TRY(pooled_is_seen(cx, pool, c->record));
    TRY(verb_may_now(cx, c->verb, c->record));
    TRY(pooled_may_claim(cx, c->dry_run ? NULL : plan, pool, c->record));
    if (c->dry_run)
        return ST_OK;
    verb_set(c->record, "claimed_at", now(cx));
    return pooled_give(cx, plan, c->record, cx->user->id, "owner");
}

static Status pooled_return(Ctx *cx, Plan *plan, VerbCall *c)
{
    Record *pool = NULL, *r = c->record;
    Str reason = verb_arg(c, "reason")->s;
    TRY(pooled_find(cx, r, verb_arg_link(c, "pool"), &pool));
    assert(pool);
    if (c->dry_run)
        return ST_OK;
    PoolMove move = {.from = verb_link(r, "owner"), .pool = pool->id};
    move.reason = reason.n ? str_z(cx->arena, reason) : "returned";
    verb_set_link(r, "owner", 0);
    verb_set_link(r, "previous_owner", move.from);
    verb_set_link(r, "pool", pool->id);
    verb_set_text(r, "pool_reason", move.reason);
    verb_set(r, "pooled_at", now(cx));
    verb_set(r, "claimed_at", VALUE_NULL);
    verb_set(r, "protected_until", VALUE_NULL);
    verb_set(r, "recycle_at", VALUE_NULL);
    TRY(record_write_by_rule(cx, plan, r));
    return pooled_log(cx, plan, r, &move);
}

const RecordVerb pooled_verbs[] = {
    {"account", "assign", pooled_assign}, {"account", "claim", pooled_claim},
    {"account", "return", pooled_return}, {"account", "transfer", pooled_transfer},
    {"lead", "assign", pooled_assign},    {"lead", "claim", pooled_claim},
    {"lead", "return", pooled_return},    {0},
};
