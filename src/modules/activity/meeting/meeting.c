/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the meeting: whose customer it is about, and the follow-up of one that was held. */
#include "modules/activity/activity.h"

static bool told_now(const Record *r)
{
    const Field *minutes = activity_field(r, "minutes");
    if (!minutes || record_get(r, minutes)->t == V_NULL || !activity_is(r, "status", "held"))
        return false;
    return activity_becomes(r, "status", "held") || r->old[minutes->index].t == V_NULL;
}

static Status meeting_after_write(Ctx *cx, Plan *plan, Record *r)
{
    if (r->import || !told_now(r))
        return ST_OK;
    ActivityResult what = {.method = "meeting",
                           .html = activity_html(cx, activity_get(r, "minutes")),
                           .occurred_at = *activity_get(r, "starts_at")};
    return activity_follow_up(cx, plan, r, &what);
}

const RecordHooks meeting_hooks = {
    .object = "meeting", .before_write = activity_set_account, .after_write = meeting_after_write};
