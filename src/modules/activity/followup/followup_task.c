/* SPDX-License-Identifier: Apache-2.0 */
/* The task of a follow-up's next_at: one open task of its kind per owner and record, moved when the
 * next date moves, closed when there is none. */
#include "base/utf8.h"
#include "modules/activity/followup/followup.h"

#define MAX_OPEN 50

static const char *kind_of(const Record *r)
{
    if (activity_is(r, "next_method", "phone"))
        return "call";
    return activity_is(r, "next_method", "visit") ? "visit" : "followup";
}

static Status find_open(Ctx *cx, const Object *tasks, const Record *r, Record **ret)
{
    const Value *owner = activity_get(r, "owner"), *about = activity_get(r, "about");
    Id ids[MAX_OPEN];
    size_t n = 0;
    *ret = NULL;
    if (owner->t != V_ID)
        return ST_OK;
    Str filter =
        str_format(cx->arena,
                   "owner = \"%lld\" and origin = \"followup\" and "
                   "status in (\"open\",\"doing\",\"waiting\") and about.object = \"" STR_FMT "\"",
                   (long long)owner->i, STR_ARG(about->ref.object));
    TRY(query_ids(cx, tasks, filter, 0, COUNT_OF(ids), ids, &n));
    for (size_t i = 0; i < n && !*ret; i++) {
        Record *task = NULL;
        TRY(record_load_any(cx, tasks, ids[i], &task));
        if (value_equal(activity_get(task, "about"), about))
            *ret = task;
    }
    return ST_OK;
}

static Status subject(Ctx *cx, const Record *r, Value *ret)
{
    const Value *plan = activity_get(r, "next_plan"), *about = activity_get(r, "about");
    const Object *o = meta_object(cx->meta, about->ref.object);
    Str title = STR_NULL;
    *ret = *plan;
    if (plan->t == V_TEXT)
        return ST_OK;
    if (o)
        TRY(query_titles(cx, o, &about->ref.id, 1, &title, NULL));
    Str text = text_in(cx, "followup.task", "Follow up: " STR_FMT, STR_ARG(title));
    *ret = (Value){.t = V_TEXT, .s = str_sub(text, 0, utf8_offset(text, 200))};
    return ST_OK;
}

static Status make(Ctx *cx, const Object *tasks, const Record *r, Record **ret)
{
    static const char *const same[] = {"about", "account", "contact", "owner", "department"};
    Record *task = *ret = record_new(cx, tasks);
    for (size_t i = 0; i < COUNT_OF(same); i++)
        activity_set(task, same[i], *activity_get(r, same[i]));
    activity_set_text(task, "status", "open");
    activity_set_text(task, "origin", "followup");
    return ST_OK;
}

Status followup_task(Ctx *cx, Plan *plan, const Record *r)
{
    const Object *tasks = meta_object(cx->meta, STR("task"));
    const Value *next = activity_get(r, "next_at");
    Record *task = NULL;
    Value words;
    if (!tasks || activity_get(r, "about")->t != V_REF)
        return ST_OK;
    TRY(find_open(cx, tasks, r, &task));
    if (next->t == V_NULL) {
        if (!task)
            return ST_OK;
        activity_set_text(task, "status", "cancelled");
        return record_write_by_rule(cx, plan, task);
    }
    if (!task)
        TRY(make(cx, tasks, r, &task));
    TRY(subject(cx, r, &words));
    activity_set(task, "subject", words);
    activity_set_text(task, "kind", kind_of(r));
    activity_set(task, "due_at", *next);
    return record_write_by_rule(cx, plan, task);
}
