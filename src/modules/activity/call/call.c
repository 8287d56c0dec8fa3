/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the call: whose customer it was, how long it took, and the follow-up of a call with a summary. */
#include "modules/activity/activity.h"

static Status call_before_write(Ctx *cx, Record *r)
{
    const Value *from = activity_get(r, "answered_at"), *to = activity_get(r, "ended_at");
    const Field *seconds = activity_field(r, "talk_seconds");
    TRY(activity_set_account(cx, r));
    if (seconds && !record_touched(r, seconds) && from->t == V_TIME && to->t == V_TIME &&
        to->i >= from->i)
        record_set(r, seconds, (Value){.t = V_INT, .i = (to->i - from->i) / 1000});
    return ST_OK;
}

/* It is over, and somebody said what came of it: told once, when the second of the two is known. */
static bool told_now(const Record *r)
{
    const Field *summary = activity_field(r, "summary"), *ended = activity_field(r, "ended_at");
    if (!summary || !ended || record_get(r, summary)->t == V_NULL ||
        record_get(r, ended)->t == V_NULL)
        return false;
    return !r->old || r->old[summary->index].t == V_NULL || r->old[ended->index].t == V_NULL;
}

static Status call_after_write(Ctx *cx, Plan *plan, Record *r)
{
    if (r->import || !told_now(r))
        return ST_OK;
    ActivityResult what = {.method = "phone",
                           .html = activity_html(cx, activity_get(r, "summary")),
                           .occurred_at = *activity_get(r, "started_at"),
                           .contact = *activity_get(r, "contact")};
    return activity_follow_up(cx, plan, r, &what);
}

const RecordHooks call_hooks = {
    .object = "call", .before_write = call_before_write, .after_write = call_after_write};
