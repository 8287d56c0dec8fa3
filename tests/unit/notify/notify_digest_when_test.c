/* SPDX-License-Identifier: Apache-2.0 */
/* When the digest comes: by day and week, over weekends, holidays and days worked instead, in a zone of its own. */
#include "../test.h"

#include "base/calendar.h"
#include "notify/notify_internal.h"

static int64_t at(const char *text)
{
    int64_t ms = 0;
    assert_true(calendar_parse_datetime(str_of(text), &ms));
    return ms;
}

static int64_t day(const char *text)
{
    int64_t d = 0;
    assert_true(calendar_parse_date(str_of(text), &d));
    return d;
}

/* Thursday and Friday are holidays, Saturday is worked instead: 2026-10-01 to 03. */
static void expect_next(const char *zone, const char *now, Digest d, const char *next)
{
    MetaWorkdays steps[] = {
        {day("2026-10-01"), -1}, {day("2026-10-02"), -2}, {day("2026-10-03"), -1}};
    Meta meta = {.workdays = steps, .n_workdays = COUNT_OF(steps)};
    Ctx cx = {.now_ms = at(now), .zone = zone_get(str_of(zone)), .meta = &meta};
    assert_int_equal(notify_digest_next(&cx, &d), at(next));
}

static const Digest DAILY = {.workdays = true, .weekday = 1, .minute = 540};
static const Digest EVERY_DAY = {.weekday = 1, .minute = 540};
static const Digest WEEKLY = {.weekly = true, .workdays = true, .weekday = 5, .minute = 1050};
static const char CN[] = "Asia/Shanghai";

TEST(daily, today_before_its_time_and_tomorrow_at_it)
{
    expect_next(CN, "2026-09-28T00:59:59.999Z", DAILY, "2026-09-28T01:00:00.000Z");
    expect_next(CN, "2026-09-28T01:00:00.000Z", DAILY, "2026-09-29T01:00:00.000Z");
    expect_next(CN, "2026-09-27T17:00:00.000Z", DAILY, "2026-09-28T01:00:00.000Z");
}

TEST(daily, passes_over_weekends_and_holidays_but_not_over_days_worked_instead)
{
    expect_next(CN, "2026-09-25T02:00:00.000Z", DAILY, "2026-09-28T01:00:00.000Z");
    expect_next(CN, "2026-09-30T02:00:00.000Z", DAILY, "2026-10-03T01:00:00.000Z");
    expect_next(CN, "2026-10-03T02:00:00.000Z", DAILY, "2026-10-05T01:00:00.000Z");
    expect_next(CN, "2026-09-30T02:00:00.000Z", EVERY_DAY, "2026-10-01T01:00:00.000Z");
}

TEST(weekly, on_its_weekday_or_the_workday_after_it)
{
    Digest any = WEEKLY;
    any.workdays = false;
    expect_next(CN, "2026-09-21T00:00:00.000Z", WEEKLY, "2026-09-25T09:30:00.000Z");
    expect_next(CN, "2026-09-25T09:30:00.000Z", WEEKLY, "2026-10-03T09:30:00.000Z");
    expect_next(CN, "2026-10-02T20:00:00.000Z", WEEKLY, "2026-10-03T09:30:00.000Z");
    expect_next(CN, "2026-10-03T09:30:00.000Z", WEEKLY, "2026-10-09T09:30:00.000Z");
    expect_next(CN, "2026-09-25T09:30:00.000Z", any, "2026-10-02T09:30:00.000Z");
}

TEST(zone, the_clock_of_the_reader_counts_through_summer_time)
{
    expect_next("Europe/Berlin", "2026-03-28T12:00:00.000Z", EVERY_DAY, "2026-03-29T07:00:00.000Z");
    expect_next("Europe/Berlin", "2026-03-27T12:00:00.000Z", EVERY_DAY, "2026-03-28T08:00:00.000Z");
}

TEST_MAIN("notify_digest_when")
