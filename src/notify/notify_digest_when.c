/* SPDX-License-Identifier: Apache-2.0 */
/* When a digest is made next. */
#include "base/calendar.h"
#include "notify/notify_internal.h"

enum { LOOK_AHEAD_DAYS = 40 }; /* longer than any row of holidays */
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)

static bool is_workday(const Ctx *cx, int64_t day)
{
    int64_t more = meta_workdays_more(cx->meta, day) - meta_workdays_more(cx->meta, day - 1);
    return (calendar_weekday(day) <= 5) + more > 0;
}

/* The first time after now, of the reader's zone. Weekly: on the weekday, or the workday after it. */
int64_t notify_digest_next(const Ctx *cx, const Digest *d)
{
    int64_t first = calendar_today(cx->now_ms, zone_offset(cx->zone, cx->now_ms));
    bool open = !d->weekly; /* the weekday has come, the digest has not */
    for (int64_t day = d->weekly ? first - 7 : first; day < first + LOOK_AHEAD_DAYS; day++) {
        open = open || calendar_weekday(day) == d->weekday;
        if (!open || (d->workdays && !is_workday(cx, day)))
            continue;
        int64_t at = zone_to_utc(cx->zone, day * DAY_MS + d->minute * MINUTE_MS);
        if (at > cx->now_ms)
            return at;
        open = !d->weekly;
    }
    return zone_to_utc(cx->zone, (first + 7) * DAY_MS + d->minute * MINUTE_MS);
}
