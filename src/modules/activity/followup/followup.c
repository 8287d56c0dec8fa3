/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the follow-up: whose customer it is, who may change it and until when, and what follows. */
#include "modules/activity/followup/followup.h"

#define EDIT_MS INT64_C(86400000)

static Status followup_before_write(Ctx *cx, Record *r)
{
    TRY(activity_set_account(cx, r));
    if (!r->old && activity_get(r, "occurred_at")->t == V_NULL)
        activity_set(r, "occurred_at", (Value){.t = V_TIME, .i = cx->now_ms});
    return ST_OK;
}

/* Its author within a day; after that it is what was said. Restoring and undoing go another way. */
static Status may_change(Ctx *cx, const Record *r)
{
    const Value *by = record_get(r, r->object->created_by),
                *at = record_get(r, r->object->created_at);
    bool author = by->t == V_ID && by->i == cx->user->id;
    if (!r->old || r->by_rule || cx->user->is_administrator || cx->user->id == USER_SYSTEM)
        return ST_OK;
    if (author && at->t == V_TIME && cx->now_ms - at->i < EDIT_MS)
        return ST_OK;
    return FAIL(cx, ST_DENIED, "followup.closed",
                "A follow-up is changed by its author within 24 hours");
}

static Status followup_validate(Ctx *cx, const Record *r) { return may_change(cx, r); }

static Status followup_before_delete(Ctx *cx, Plan *plan UNUSED, Record *r)
{
    return may_change(cx, r);
}

static Status followup_after_write(Ctx *cx, Plan *plan, Record *r)
{
    const Field *next = activity_field(r, "next_at");
    if (r->import)
        return ST_OK;
    if (!r->old)
        TRY(followup_touch(cx, plan, r));
    else if (next && record_touched(r, next))
        TRY(followup_touch_next(cx, plan, r));
    return next && record_touched(r, next) ? followup_task(cx, plan, r) : ST_OK;
}

const RecordHooks followup_hooks = {
    .object = "followup",
    .before_write = followup_before_write,
    .validate = followup_validate,
    .after_write = followup_after_write,
    .before_delete = followup_before_delete,
    .settle = followup_settle,
};
