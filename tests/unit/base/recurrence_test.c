/* SPDX-License-Identifier: Apache-2.0 */
/* Days that come again. */
#include "base/calendar.h"
#include "base/recurrence.h"
#include "test.h"

static int64_t day_of(const char *text)
{
    int64_t day = 0;
    assert_true(calendar_parse_date(str_of(text), &day));
    return day;
}

static const char *days(Arena *a, Recurrence r, const char *first, size_t most)
{
    int64_t all[64];
    bool more;
    Buf out = buf_in(a, 4096);
    if (!r.until)
        r.until = RECUR_NO_END;
    size_t n = recurrence_days(&r, day_of(first), most, all, &more);
    for (size_t i = 0; i < n; i++) {
        buf_lit(&out, " ");
        calendar_write_date(&out, all[i]);
    }
    buf_str_add(&out, more ? STR(" more") : STR(""));
    return buf_z(&out) + 1;
}

static const char *rule(Arena *a, Recurrence r, const char *first)
{
    Buf out = buf_in(a, 256);
    if (!r.until)
        r.until = RECUR_NO_END;
    recurrence_write(&r, day_of(first), (r.until + 1) * 86400000 - 8 * 3600000 - 1000, &out);
    return buf_z(&out);
}

static bool is_weekday(const void *arg, int64_t day)
{
    const int64_t *holiday = arg;
    return calendar_weekday(day) < 6 && day != *holiday;
}

TEST(recurrence, counts_days_weeks_and_years)
{
    Arena *a = arena_new(65536);
    assert_string_equal(days(a, (Recurrence){.interval = 3, .count = 3}, "2026-02-26", 9),
                        "2026-02-26 2026-03-01 2026-03-04");
    Recurrence week = {.unit = RECUR_WEEK, .interval = 2, .weekdays = 1 | 1 << 3, .count = 5};
    assert_string_equal(days(a, week, "2026-12-03", 9), /* a Thursday: its Monday is past */
                        "2026-12-03 2026-12-14 2026-12-17 2026-12-28 2026-12-31");
    assert_string_equal(rule(a, week, "2026-12-03"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=5");
    Recurrence same = {.unit = RECUR_WEEK, .interval = 1, .until = day_of("2026-12-17")};
    assert_string_equal(days(a, same, "2026-12-03", 9), "2026-12-03 2026-12-10 2026-12-17");
    assert_string_equal(rule(a, same, "2026-12-03"), "FREQ=WEEKLY;BYDAY=TH;UNTIL=20261217T155959Z");
    Recurrence leap = {.unit = RECUR_YEAR, .interval = 1, .count = 3};
    assert_string_equal(days(a, leap, "2028-02-29", 9), "2028-02-29 2032-02-29 2036-02-29");
    arena_free(a);
}

TEST(recurrence, finds_days_and_weekdays_of_months)
{
    Arena *a = arena_new(65536);
    Recurrence last = {.unit = RECUR_MONTH_DAY, .interval = 1, .count = 4};
    assert_string_equal(days(a, last, "2026-12-31", 9),
                        "2026-12-31 2027-01-31 2027-03-31 2027-05-31");
    assert_string_equal(rule(a, last, "2026-12-31"), "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4");
    Recurrence second = {.unit = RECUR_MONTH_WEEKDAY, .interval = 1, .count = 3};
    assert_string_equal(days(a, second, "2026-12-08", 9), "2026-12-08 2027-01-12 2027-02-09");
    assert_string_equal(rule(a, second, "2026-12-08"), "FREQ=MONTHLY;BYDAY=2TU;COUNT=3");
    assert_string_equal(days(a, second, "2026-12-31", 9), "2026-12-31 2027-01-28 2027-02-25");
    assert_string_equal(rule(a, second, "2026-12-31"), "FREQ=MONTHLY;BYDAY=-1TH;COUNT=3");
    arena_free(a);
}

TEST(recurrence, skips_or_moves_days_that_are_not_worked)
{
    Arena *a = arena_new(65536);
    int64_t holiday = day_of("2026-12-07");
    Recurrence daily = {
        .interval = 1, .count = 4, .rest = RECUR_SKIP, .works = is_weekday, .arg = &holiday};
    assert_string_equal(days(a, daily, "2026-12-03", 9),
                        "2026-12-03 2026-12-04 2026-12-08 2026-12-09");
    daily.rest = RECUR_NEXT; /* Saturday, Sunday and the holiday meet on Tuesday, once */
    assert_string_equal(days(a, daily, "2026-12-03", 9),
                        "2026-12-03 2026-12-04 2026-12-08 2026-12-09");
    Recurrence monthly = {.unit = RECUR_MONTH_DAY,
                          .interval = 1,
                          .count = 3,
                          .rest = RECUR_NEXT,
                          .works = is_weekday,
                          .arg = &holiday};
    assert_string_equal(days(a, monthly, "2026-11-07", 9), "2026-11-07 2026-12-08 2027-01-07");
    arena_free(a);
}

TEST(recurrence, is_bounded)
{
    Arena *a = arena_new(65536);
    Recurrence daily = {.interval = 1};
    assert_string_equal(days(a, daily, "2026-12-03", 2), "2026-12-03 2026-12-04 more");
    int64_t holiday = 0;
    Recurrence never = {.interval = 7, .rest = RECUR_SKIP, .works = is_weekday, .arg = &holiday};
    assert_string_equal(days(a, never, "2026-12-05", 60), "2026-12-05"); /* Saturdays alone */
    Recurrence years = {.unit = RECUR_YEAR, .interval = 1};
    assert_string_equal(days(a, years, "2020-02-29", 60), "2020-02-29 2024-02-29 2028-02-29");
    Recurrence past = {.interval = 1, .until = day_of("2026-12-01")};
    assert_string_equal(days(a, past, "2026-12-03", 60), "2026-12-03");
    arena_free(a);
}

TEST_MAIN("recurrence")
