/* SPDX-License-Identifier: Apache-2.0 */
/* What the activities share. */
#include "modules/activity/activity.h"
#include "base/html.h"

#define HTML_MAX 200000

const Field *activity_field(const Record *r, const char *name)
{
    return object_field(r->object, str_of(name));
}

const Value *activity_get(const Record *r, const char *name)
{
    static const Value none = {.t = V_NULL};
    const Field *f = activity_field(r, name);
    return f ? record_get(r, f) : &none;
}

void activity_set(Record *r, const char *name, Value v)
{
    const Field *f = activity_field(r, name);
    if (f)
        record_set(r, f, v);
}

void activity_set_text(Record *r, const char *name, const char *word)
{
    activity_set(r, name, (Value){.t = V_TEXT, .s = str_of(word)});
}

bool activity_is(const Record *r, const char *name, const char *code)
{
    const Value *v = activity_get(r, name);
    return v->t == V_TEXT && str_is(v->s, code);
}

bool activity_becomes(const Record *r, const char *name, const char *code)
{
    const Field *f = activity_field(r, name);
    const Value *before = f && r->old ? &r->old[f->index] : NULL;
    bool was = before && before->t == V_TEXT && str_is(before->s, code);
    return activity_is(r, name, code) && !was;
}

Str activity_html(Ctx *cx, const Value *text)
{
    if (text->t == V_HTML)
        return text->s;
    if (text->t != V_TEXT)
        return STR("");
    Buf b = buf_in(cx->arena, HTML_MAX);
    html_of_text(text->s, &b);
    return buf_overflowed(&b) ? STR("") : buf_str(&b);
}

static Status account_behind(Ctx *cx, const Value *about, Id *ret)
{
    const Object *o = about->t == V_REF ? meta_object(cx->meta, about->ref.object) : NULL;
    Record *r = NULL;
    *ret = 0;
    if (!o)
        return ST_OK;
    if (str_is(o->name, "account")) {
        *ret = about->ref.id;
        return ST_OK;
    }
    const Field *f = object_field(o, STR("account"));
    if (!f || f->kind != F_LINK || !str_is(f->to_name, "account"))
        return ST_OK;
    TRY(record_load_stored(cx, o, about->ref.id, &r));
    const Value *v = r ? record_get(r, f) : NULL;
    *ret = v && v->t == V_ID ? v->i : 0;
    return ST_OK;
}

Status activity_set_account(Ctx *cx, Record *r)
{
    const Field *about = activity_field(r, "about"), *account = activity_field(r, "account");
    Id id = 0;
    if (!about || !account || !record_touched(r, about) ||
        (r->import && record_touched(r, account)))
        return ST_OK;
    TRY(account_behind(cx, record_get(r, about), &id));
    if (id)
        record_set(r, account, (Value){.t = V_ID, .i = id});
    return ST_OK;
}

/* What the follow-up can be about: what the activity is, if a follow-up may be, else its account. */
static Value about_of(const Object *followups, const Record *activity)
{
    const Field *f = object_field(followups, STR("about"));
    const Value *about = activity_get(activity, "about"),
                *account = activity_get(activity, "account"),
                *lead = activity_get(activity, "lead");
    for (size_t i = 0; f && about->t == V_REF && i < f->n_to_any; i++)
        if (str_eq(f->to_any[i]->name, about->ref.object))
            return *about;
    if (account->t == V_ID)
        return (Value){.t = V_REF, .ref = {.id = account->i, .object = STR("account")}};
    if (lead->t == V_ID)
        return (Value){.t = V_REF, .ref = {.id = lead->i, .object = STR("lead")}};
    return VALUE_NULL;
}

Status activity_follow_up(Ctx *cx, Plan *plan, const Record *activity, const ActivityResult *what)
{
    const Object *o = meta_object(cx->meta, STR("followup"));
    if (!o || activity->import || !what->html.n)
        return ST_OK;
    Value about = about_of(o, activity);
    if (about.t == V_NULL)
        return ST_OK;
    Record *r = record_new(cx, o);
    activity_set(r, "about", about);
    activity_set_text(r, "method", what->method);
    activity_set(r, "content", (Value){.t = V_HTML, .s = what->html});
    activity_set(r, "occurred_at", what->occurred_at);
    activity_set(r, "contact", what->contact);
    activity_set(r, "contacts", what->contacts);
    activity_set(r, "place", what->place);
    activity_set(r, "wechat_status", what->wechat_status);
    activity_set(
        r, "source",
        (Value){.t = V_REF, .ref = {.id = activity->id, .object = activity->object->name}});
    return record_write_by_rule(cx, plan, r);
}
