/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the task: when it was done, who gave it, and the follow-up of a task done with a result. */
#include "modules/activity/wechat/wechat.h"

static void completed(Ctx *cx, Record *r)
{
    if (activity_becomes(r, "status", "done"))
        activity_set(r, "completed_at", (Value){.t = V_TIME, .i = cx->now_ms});
    else if (!activity_is(r, "status", "done") && activity_get(r, "completed_at")->t != V_NULL)
        activity_set(r, "completed_at", VALUE_NULL);
}

static Status task_before_write(Ctx *cx, Record *r)
{
    const Value *owner = activity_get(r, "owner");
    TRY(activity_set_account(cx, r));
    if (r->import)
        return ST_OK;
    completed(cx, r);
    if (!r->old && owner->t == V_ID && owner->i != cx->user->id && cx->user->id != USER_SYSTEM)
        activity_set(r, "assigned_by", (Value){.t = V_ID, .i = cx->user->id});
    return ST_OK;
}

static const char *method_of(const Record *r)
{
    if (activity_is(r, "kind", "call"))
        return "phone";
    if (activity_is(r, "kind", "wechat_add"))
        return "wechat";
    return activity_is(r, "kind", "visit") ? "visit" : "other";
}

static Status task_after_write(Ctx *cx, Plan *plan, Record *r)
{
    if (r->import || !activity_becomes(r, "status", "done"))
        return ST_OK;
    ActivityResult what = {.method = method_of(r),
                           .html = activity_html(cx, activity_get(r, "result")),
                           .occurred_at = {.t = V_TIME, .i = cx->now_ms},
                           .contact = *activity_get(r, "contact"),
                           .wechat_status = *activity_get(r, "wechat_status")};
    TRY(wechat_settle(cx, plan, r));
    return activity_follow_up(cx, plan, r, &what);
}

const RecordHooks task_hooks = {
    .object = "task", .before_write = task_before_write, .after_write = task_after_write};
