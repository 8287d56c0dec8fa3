/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar: against counting day by day over four centuries and against the C library.
 * Covers: clock.c */
#include "base/calendar.h"
#include "test.h"
#include <time.h>

static bool leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }

static int days_in(int y, int m)
{
    if (m == 2)
        return leap(y) ? 29 : 28;
    return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

TEST(calendar, agrees_with_counting_over_500_years)
{
    int64_t day = calendar_days((Civil){1700, 1, 1});
    assert_int_equal(day, -98615); /* counted: 270 × 365 + 65 leap days */
    int weekday = 5;               /* 1700-01-01 was a Friday */
    for (int y = 1700; y < 2201; y++) {
        for (int m = 1; m <= 12; m++) {
            for (int d = 1; d <= days_in(y, m); d++, day++) {
                Civil c = calendar_civil(day);
                assert_true(c.year == y && c.month == m && c.day == d);
                assert_int_equal(calendar_days(c), day);
                assert_int_equal(calendar_weekday(day), weekday);
                assert_true(calendar_valid(c));
                weekday = weekday % 7 + 1;
            }
            assert_false(calendar_valid((Civil){y, m, days_in(y, m) + 1}));
        }
    }
}

TEST(calendar, weeks_agree_with_the_c_library)
{
    for (int64_t day = -40000; day < 60000; day++) {
        time_t seconds = (time_t)(day * 86400);
        struct tm tm;
        char text[16];
        gmtime_r(&seconds, &tm);
        strftime(text, sizeof(text), "%G %V", &tm);
        int32_t year;
        int week = calendar_iso_week(day, &year);
        char mine[24];
        snprintf(mine, sizeof(mine), "%d %02d", (int)year, week);
        assert_string_equal(mine, text);
    }
}

TEST(calendar, reaches_the_ends_of_its_range)
{
    assert_int_equal(calendar_days((Civil){1, 1, 1}), -719162);
    assert_int_equal(calendar_days((Civil){9999, 12, 31}), 2932896);
    assert_false(calendar_valid((Civil){0, 12, 31}));
    assert_false(calendar_valid((Civil){10000, 1, 1}));
    assert_false(calendar_valid((Civil){2026, 13, 1}));
    assert_false(calendar_valid((Civil){2026, 0, 1}));
    assert_false(calendar_valid((Civil){2026, 1, 0}));
}

static int64_t day_of(const char *text)
{
    int64_t day;
    assert_true(calendar_parse_date(str_of(text), &day));
    return day;
}

TEST(calendar, adds_months_to_the_months_end)
{
    assert_int_equal(calendar_add_months(day_of("2024-01-31"), 1), day_of("2024-02-29"));
    assert_int_equal(calendar_add_months(day_of("2023-01-31"), 1), day_of("2023-02-28"));
    assert_int_equal(calendar_add_months(day_of("2024-02-29"), 12), day_of("2025-02-28"));
    assert_int_equal(calendar_add_months(day_of("2024-03-31"), -1), day_of("2024-02-29"));
    assert_int_equal(calendar_add_months(day_of("2024-01-15"), -13), day_of("2022-12-15"));
    assert_int_equal(calendar_add_months(day_of("2024-12-31"), 0), day_of("2024-12-31"));
}

TEST(calendar, floors_below_zero)
{
    assert_int_equal(calendar_floor_div(-1, 10), -1);
    assert_int_equal(calendar_floor_div(-10, 10), -1);
    assert_int_equal(calendar_floor_div(-11, 10), -2);
    assert_int_equal(calendar_floor_div(19, 10), 1);
    assert_int_equal(calendar_today(-1, 0), -1);
    assert_int_equal(calendar_today(86399999, 0), 0);
    assert_int_equal(calendar_today(86400000 - 28800000, 28800000), 1);
}

TEST(calendar, refuses_dates_of_another_form)
{
    static const char *const BAD[] = {
        "",           "2026-3-1",    "2026-02-29",  "2026-00-01", "2026-13-01", "26-03-01",
        "2026/03/01", "2026-03-01 ", " 2026-03-01", "0000-01-01", "2026-03-0a", "2026-04-31"};
    int64_t day;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(calendar_parse_date(str_of(BAD[i]), &day));
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("2000-02-29"), 11016);
}

TEST(calendar, reads_a_time_of_day)
{
    int minute = -1;
    assert_true(calendar_parse_clock(STR("00:00"), &minute));
    assert_int_equal(minute, 0);
    assert_true(calendar_parse_clock(STR("23:59"), &minute));
    assert_int_equal(minute, 1439);
    const char *bad[] = {"", "9:30", "24:00", "12:60", "12-30", "12:3", "12:300", "-1:30", "1a:00"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(calendar_parse_clock(str_of(bad[i]), &minute));
    assert_int_equal(minute, 1439);
}

TEST(calendar, reads_rfc_3339)
{
    static const struct {
        const char *text;
        int64_t ms;
    } GOOD[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01t00:00:00z", 0},
        {"1970-01-01T08:00:00+08:00", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"1985-04-12T23:20:50.52Z", 482196050520},
        {"1996-12-19T16:39:57-08:00", 851042397000},
        {"2026-03-01T10:00:00.1234567Z", 1772359200123},
        {"1970-01-01T00:00:00-00:00", 0},
    };
    static const char *const BAD[] = {
        "",
        "1970-01-01",
        "1970-01-01T00:00:00",
        "1970-01-01 00:00:00Z",
        "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z",
        "1970-01-01T00:00:60Z",
        "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00.1234567890Z",
        "1970-01-01T00:00:00+0800",
        "1970-01-01T00:00:00+24:00",
        "1970-01-01T00:00:00Zx",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    };
    int64_t ms;
    for (size_t i = 0; i < COUNT_OF(GOOD); i++) {
        assert_true(calendar_parse_datetime(str_of(GOOD[i].text), &ms));
        assert_int_equal(ms, GOOD[i].ms);
    }
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(calendar_parse_datetime(str_of(BAD[i]), &ms));
}

TEST(calendar, writes_what_it_reads)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    Buf b = buf_in(a, 100);
    calendar_write_datetime(&b, -1);
    assert_string_equal(buf_z(&b), "1969-12-31T23:59:59.999Z");
    for (int64_t ms = -9000000000001; ms < 9000000000000; ms += 98765432123) {
        int64_t again;
        buf_truncate(&b, 0);
        calendar_write_datetime(&b, ms);
        assert_true(calendar_parse_datetime(buf_str(&b), &again));
        assert_int_equal(again, ms);
    }
    buf_truncate(&b, 0);
    calendar_write_date(&b, 0);
    assert_string_equal(buf_z(&b), "1970-01-01");
}

TEST(calendar, guesses_the_forms_of_files)
{
    static const struct {
        const char *text;
        DateOrder order;
        const char *want; /* NULL: refused */
    } ROWS[] = {
        {"2026-3-1", DATE_YMD, "2026-03-01"},
        {" 2026/03/01 ", DATE_YMD, "2026-03-01"},
        {"2026.3.1", DATE_DMY, "2026-03-01"},
        {"2026年3月1日", DATE_YMD, "2026-03-01"},
        {"2026年12月31", DATE_YMD, "2026-12-31"},
        {"2026 年 3 月 1 日", DATE_YMD, NULL},
        {"20260301", DATE_YMD, "2026-03-01"},
        {"1/3/2026", DATE_DMY, "2026-03-01"},
        {"3/1/2026", DATE_MDY, "2026-03-01"},
        {"1/3/2026", DATE_YMD, NULL},
        {"31/1/2026", DATE_MDY, NULL},
        {"2026-3/1", DATE_YMD, NULL},
        {"2026-2-30", DATE_YMD, NULL},
        {"2026-3", DATE_YMD, NULL},
        {"2026-3-1x", DATE_YMD, NULL},
        {"2026-3-", DATE_YMD, NULL},
        {"202603", DATE_YMD, NULL},
        {"2026-3-001", DATE_YMD, NULL},
        {"99999999999", DATE_YMD, NULL},
        {"", DATE_YMD, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        int64_t day = INT64_MIN;
        bool read = calendar_guess_date(str_of(ROWS[i].text), ROWS[i].order, &day);
        assert_int_equal(read, ROWS[i].want != NULL);
        if (read)
            assert_int_equal(day, day_of(ROWS[i].want));
    }
}

TEST(clock, moves_on)
{
    int64_t us = clock_us(), ms = clock_ms();
    usleep(2000);
    assert_true(clock_us() >= us + 2000);
    assert_true(ms > 1700000000000);
}

TEST_MAIN("calendar")
