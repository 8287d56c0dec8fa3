/* SPDX-License-Identifier: Apache-2.0 */
/* Imported follow-ups: the same rule as for one that is written, for many at once. Each record they are
 * about is written once a plan; it ends with the newest of them whatever their order. The open
 * opportunity of an account is not guessed at: the past may have had another one. Only a next date that
 * is still to come makes a task. */
#include "modules/activity/followup/followup.h"

typedef struct Settled {
    VEC(Record *) records;
} Settled;

static Status target(Ctx *cx, Settled *s, const Object *o, Id id, Record **ret)
{
    *ret = NULL;
    if (!o || !id || !(o->traits & TRAIT_FOLLOWED))
        return ST_OK;
    for (size_t i = 0; i < s->records.n && !*ret; i++)
        if (s->records.v[i]->object == o && s->records.v[i]->id == id)
            *ret = s->records.v[i];
    if (*ret)
        return ST_OK;
    TRY(record_load_stored(cx, o, id, ret));
    if (*ret)
        VEC_PUSH(cx->arena, &s->records, *ret);
    return ST_OK;
}

static Status touch_link(Ctx *cx, Settled *s, const Record *r, const char *name, const Record *but)
{
    const Field *f = activity_field(r, name);
    const Value *v = activity_get(r, name);
    Record *to = NULL;
    if (!f || v->t != V_ID)
        return ST_OK;
    TRY(target(cx, s, f->to, v->i, &to));
    if (to && to != but)
        followup_count(to, r, false);
    return ST_OK;
}

static Status touch_all(Ctx *cx, Settled *s, const Record *r)
{
    const Value *about = activity_get(r, "about");
    Record *to = NULL;
    if (about->t == V_REF)
        TRY(target(cx, s, meta_object(cx->meta, about->ref.object), about->ref.id, &to));
    if (to)
        followup_count(to, r, true);
    TRY(touch_link(cx, s, r, "account", to));
    return touch_link(cx, s, r, "contact", to);
}

/* It plans what is still to come, and nothing was said since. */
static bool plans(const Ctx *cx, const Settled *s, const Record *r)
{
    const Value *next = activity_get(r, "next_at"), *about = activity_get(r, "about"),
                *at = activity_get(r, "occurred_at");
    if (next->t != V_TIME || next->i <= cx->now_ms || about->t != V_REF)
        return false;
    for (size_t i = 0; i < s->records.n; i++) {
        const Record *to = s->records.v[i];
        if (to->id == about->ref.id && str_eq(to->object->name, about->ref.object))
            return value_equal(activity_get(to, "last_followup_at"), at);
    }
    return false;
}

/* One task a record: the last of those said at the same moment. */
static bool planned_later(const Record *const *all, size_t from, size_t n, const Record *r)
{
    for (size_t i = from; i < n; i++)
        if (value_equal(activity_get(all[i], "about"), activity_get(r, "about")) &&
            value_equal(activity_get(all[i], "occurred_at"), activity_get(r, "occurred_at")))
            return true;
    return false;
}

Status followup_settle(Ctx *cx, Plan *plan, const Object *o, const Id *ids, size_t n)
{
    Settled s = {0};
    const Record **all = ARENA_ARRAY(cx->arena, const Record *, n + 1);
    size_t n_all = 0;
    for (size_t i = 0; i < n; i++) {
        Record *r = NULL;
        TRY(record_load_stored(cx, o, ids[i], &r));
        if (!r)
            continue; /* deleted meanwhile */
        all[n_all++] = r;
        TRY(touch_all(cx, &s, r));
    }
    for (size_t i = 0; i < s.records.n; i++)
        TRY(record_write_by_rule(cx, plan, s.records.v[i]));
    for (size_t i = 0; i < n_all; i++)
        if (plans(cx, &s, all[i]) && !planned_later(all, i + 1, n_all, all[i]))
            TRY(followup_task(cx, plan, all[i]));
    return ST_OK;
}
