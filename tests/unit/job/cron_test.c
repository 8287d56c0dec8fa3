/* SPDX-License-Identifier: Apache-2.0 */
/* Cron texts, and next times against trying every minute. */
#include "base/calendar.h"
#include "job/cron.h"
#include "test.h"

TEST(cron, refuses_what_is_not_cron)
{
    static const char *const BAD[] = {"",
                                      "* * * *",
                                      "* * * * * *",
                                      "60 * * * *",
                                      "* 24 * * *",
                                      "* * 0 * *",
                                      "* * 32 * *",
                                      "* * * 13 *",
                                      "* * * * 8",
                                      "*/0 * * * *",
                                      "5-1 * * * *",
                                      "a * * * *",
                                      "1, * * * *x",
                                      "- * * * *",
                                      "1-* * * * *"};
    Cron c;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        if (cron_parse(str_of(BAD[i]), &c))
            fail_msg("accepted: %s", BAD[i]);
}

static int64_t at(const char *text)
{
    int64_t ms;
    assert_true(calendar_parse_datetime(str_of(text), &ms));
    return ms;
}

static void assert_next(const char *cron, const char *zone, const char *after, const char *want)
{
    Cron c;
    assert_true(cron_parse(str_of(cron), &c));
    int64_t got = cron_next(&c, zone_get(str_of(zone)), at(after));
    assert_int_equal(got, want ? at(want) : 0);
}

TEST(cron, finds_the_next_time)
{
    assert_next("*/15 * * * *", "UTC", "2026-03-01T10:00:00Z", "2026-03-01T10:15:00Z");
    assert_next("*/15 * * * *", "UTC", "2026-03-01T10:59:59.999Z", "2026-03-01T11:00:00Z");
    assert_next("0 3 * * *", "Asia/Shanghai", "2026-03-01T00:00:00Z", "2026-03-01T19:00:00Z");
    assert_next("30 8 1 * *", "UTC", "2026-03-01T08:30:00Z", "2026-04-01T08:30:00Z");
    assert_next("0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z");
    assert_next("0 0 31 2 *", "UTC", "2026-03-01T00:00:00Z", NULL);
    assert_next("0 9 * * 1-5", "UTC", "2026-03-06T09:00:00Z", "2026-03-09T09:00:00Z");
    assert_next("0 9 * * 0", "UTC", "2026-03-06T09:00:00Z", "2026-03-08T09:00:00Z");
    assert_next("0 9 * * 7", "UTC", "2026-03-06T09:00:00Z", "2026-03-08T09:00:00Z");
    assert_next("0 9 13 * 5", "UTC", "2026-03-01T00:00:00Z", "2026-03-06T09:00:00Z");
    assert_next("10-20/5,50 1 * * *", "UTC", "2026-03-01T01:15:00Z", "2026-03-01T01:20:00Z");
    assert_next("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T07:30:00Z");
}

/* The same question asked of every minute in turn. */
static int64_t next_slowly(const Cron *c, int64_t after_ms)
{
    for (int64_t ms = (after_ms / 60000 + 1) * 60000;; ms += 60000) {
        int64_t day = ms / 86400000;
        Civil d = calendar_civil(day);
        bool by_day = c->days >> d.day & 1,
             by_week = c->weekdays >> (calendar_weekday(day) % 7) & 1;
        bool fits = c->any_day || c->any_weekday ? by_day && by_week : by_day || by_week;
        if (fits && (c->months >> d.month & 1) && (c->hours >> (ms / 3600000 % 24) & 1) &&
            (c->minutes >> (ms / 60000 % 60) & 1))
            return ms;
    }
}

TEST(cron, agrees_with_trying_every_minute)
{
    static const char *const SOME[] = {"* * * * *", "7 */5 * * *", "59 23 */9 * *", "0 12 * 2,7 3",
                                       "3,33 1-4 15 * 6"};
    for (size_t i = 0; i < COUNT_OF(SOME); i++) {
        Cron c;
        assert_true(cron_parse(str_of(SOME[i]), &c));
        int64_t t = at("2026-01-30T22:58:30Z");
        for (int k = 0; k < 20; k++) {
            int64_t next = cron_next(&c, zone_get(STR("UTC")), t);
            assert_int_equal(next, next_slowly(&c, t));
            t = next;
        }
    }
}

TEST_MAIN("cron")
