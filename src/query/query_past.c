/* SPDX-License-Identifier: Apache-2.0 */
/* Which change a time means: the last one applied until then. Changes are ordered by id and an id is
 * about the time of its change, so a descending look that begins a little later ends at once. */
#include "base/calendar.h"
#include "base/id.h"
#include "query/query_internal.h"

#define DAY_MS INT64_C(86400000)

#define MARGIN_MS 1000

static const char SQL_LAST[] = "SELECT max(id) FROM {gx_change}";
static const char SQL_LAST_AT[] =
    "SELECT id FROM {gx_change} WHERE id <= ?1 AND at <= ?2 ORDER BY id DESC LIMIT 1";

static bool past_time(const Ctx *cx, Str text, int64_t *ret_ms)
{
    int64_t day = 0;
    if (calendar_parse_datetime(text, ret_ms))
        return true;
    if (!calendar_parse_date(text, &day))
        return false;
    *ret_ms = zone_to_utc(cx->zone, (day + 1) * DAY_MS) - 1; /* the day is over */
    return true;
}

/* Ids run ahead of the clock after quick restarts and after a clock was set back. */
static int64_t past_lead_ms(const Ctx *cx)
{
    Id last = idgen_last(db_ids(db_pool_of(cx->db)));
    int64_t lead_ms = last ? id_time_ms(last) - cx->now_ms : 0;
    return lead_ms > 0 ? lead_ms : 0;
}

Status query_as_of(Ctx *cx, Str text, Id *ret)
{
    int64_t ms = 0, last = 0;
    bool found = false;
    *ret = 0;
    if (text.n == 0)
        return ST_OK;
    if (!past_time(cx, text, &ms))
        return path_bad(cx, "as_of",
                        FAIL(cx, ST_MALFORMED, "query.as_of",
                             "as_of is a day such as 2026-03-01 or a time such as "
                             "2026-03-01T08:00:00Z"));
    const DbVal v[] = {db_int(id_last_of_ms(ms + past_lead_ms(cx) + MARGIN_MS)), db_int(ms)};
    if (ms < cx->now_ms)
        TRY(db_get_int(cx, SQL_LAST_AT, v, COUNT_OF(v), &last, &found));
    else
        TRY(db_get_int(cx, SQL_LAST, NULL, 0, &last, &found));
    *ret = last > 0 ? last : 1; /* 0 would be now */
    return ST_OK;
}
