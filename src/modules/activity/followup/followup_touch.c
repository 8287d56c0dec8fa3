/* SPDX-License-Identifier: Apache-2.0 */
/* The follow-up fields of what a follow-up is about (trait followed), each record once. The open
 * opportunity of the account is meant when there is exactly one: two would be a guess. */
#include "modules/activity/followup/followup.h"

#define MAX_TOUCHED 4

typedef struct Touched {
    Record *r[MAX_TOUCHED];
    size_t n;
} Touched;

static Status add(Ctx *cx, Touched *t, const Object *o, Id id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->r[i]->object == o && t->r[i]->id == id)
            return ST_OK;
    if (!o || !id || !(o->traits & TRAIT_FOLLOWED) || t->n == MAX_TOUCHED)
        return ST_OK;
    TRY(record_load_stored(cx, o, id, &t->r[t->n]));
    t->n += t->r[t->n] != NULL; /* one that the same batch makes cannot be counted on yet */
    return ST_OK;
}

static Status add_link(Ctx *cx, Touched *t, const Record *r, const char *name)
{
    const Field *f = activity_field(r, name);
    const Value *v = activity_get(r, name);
    return f && v->t == V_ID ? add(cx, t, f->to, v->i) : ST_OK;
}

static Status add_open_opportunity(Ctx *cx, Touched *t, Id account)
{
    const Object *o = meta_object(cx->meta, STR("opportunity"));
    Id ids[2];
    size_t n = 0;
    if (!o || !account)
        return ST_OK;
    Str filter =
        str_format(cx->arena, "account = \"%lld\" and outcome = \"open\"", (long long)account);
    TRY(query_ids(cx, o, filter, 0, COUNT_OF(ids), ids, &n));
    return n == 1 ? add(cx, t, o, ids[0]) : ST_OK;
}

static Status find(Ctx *cx, const Record *r, Touched *t)
{
    const Value *about = activity_get(r, "about"), *account = activity_get(r, "account");
    bool of_opportunity = about->t == V_REF && str_is(about->ref.object, "opportunity");
    if (about->t == V_REF)
        TRY(add(cx, t, meta_object(cx->meta, about->ref.object), about->ref.id));
    TRY(add_link(cx, t, r, "account"));
    TRY(add_link(cx, t, r, "contact"));
    return of_opportunity ? ST_OK
                          : add_open_opportunity(cx, t, account->t == V_ID ? account->i : 0);
}

static void set_next(Record *to, const Record *r)
{
    const Value *next = activity_get(r, "next_at"), *now = activity_get(to, "next_followup_at"),
                *at = activity_get(r, "occurred_at");
    if (next->t == V_TIME)
        activity_set(to, "next_followup_at", *next);
    else if (now->t == V_TIME && at->t == V_TIME && now->i <= at->i)
        activity_set(to, "next_followup_at", VALUE_NULL); /* what was planned has been done */
}

/* Who wrote it; of one being written its owner, who is the writer unless somebody else is named. */
static const Value *author(const Record *r)
{
    const Value *by = record_get(r, r->object->created_by);
    return by->t == V_ID ? by : activity_get(r, "owner");
}

static void count(Record *to, const Record *r)
{
    const Value *at = activity_get(r, "occurred_at"), *last = activity_get(to, "last_followup_at"),
                *n = activity_get(to, "followup_count");
    activity_set(to, "followup_count", (Value){.t = V_INT, .i = (n->t == V_INT ? n->i : 0) + 1});
    if (last->t == V_TIME && at->t == V_TIME && last->i > at->i)
        return; /* written down late: somebody spoke to them since */
    activity_set(to, "last_followup_at", *at);
    activity_set(to, "last_followup_by", *author(r));
    set_next(to, r);
}

/* The first answer to a lead; the stages of working on it. */
static void answer(Record *to, const Record *r)
{
    if (!str_is(to->object->name, "lead"))
        return;
    if (activity_get(to, "first_response_at")->t == V_NULL)
        activity_set(to, "first_response_at", *activity_get(r, "occurred_at"));
    if (activity_is(to, "status", "unassigned") || activity_is(to, "status", "assigned"))
        activity_set_text(to, "status", "working");
}

static void copy_if_given(Record *to, const Record *r, const char *name)
{
    const Value *v = activity_get(r, name);
    if (v->t == V_TEXT)
        activity_set(to, name, *v);
}

void followup_count(Record *to, const Record *r, bool is_about)
{
    count(to, r);
    answer(to, r);
    if (is_about)
        copy_if_given(to, r, "intent");
    copy_if_given(to, r, "wechat_status");
}

Status followup_touch(Ctx *cx, Plan *plan, const Record *r)
{
    Touched t = {.n = 0};
    TRY(find(cx, r, &t));
    for (size_t i = 0; i < t.n; i++) {
        followup_count(t.r[i], r, i == 0); /* the first is what it is about */
        TRY(record_write_by_rule(cx, plan, t.r[i]));
    }
    return ST_OK;
}

Status followup_touch_next(Ctx *cx, Plan *plan, const Record *r)
{
    Touched t = {.n = 0};
    TRY(find(cx, r, &t));
    for (size_t i = 0; i < t.n; i++) {
        set_next(t.r[i], r);
        TRY(record_write_by_rule(cx, plan, t.r[i]));
    }
    return ST_OK;
}
