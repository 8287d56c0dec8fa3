/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of the visit: whose customer it is about, and the follow-up of one that is done. */
#include "modules/activity/activity.h"

static Status visit_after_write(Ctx *cx, Plan *plan, Record *r)
{
    if (r->import || !activity_becomes(r, "status", "done"))
        return ST_OK;
    const Value *at = activity_get(r, "checkin_at");
    ActivityResult what = {.method = "visit",
                           .html = activity_html(cx, activity_get(r, "result")),
                           .occurred_at =
                               at->t == V_TIME ? *at : (Value){.t = V_TIME, .i = cx->now_ms},
                           .contacts = *activity_get(r, "contacts"),
                           .place = *activity_get(r, "checkin_place")};
    return activity_follow_up(cx, plan, r, &what);
}

const RecordHooks visit_hooks = {
    .object = "visit", .before_write = activity_set_account, .after_write = visit_after_write};
