/* SPDX-License-Identifier: Apache-2.0 */
/* Zones: known offsets, gaps and overlaps, every transition against ICU's neighbours. */
#include "base/calendar.h"
#include "base/zone.h"
#include "test.h"
#include <pthread.h>

static int64_t at(const char *text)
{
    int64_t ms;
    assert_true(calendar_parse_datetime(str_of(text), &ms));
    return ms;
}

#define HOUR 3600000

TEST(zone, knows_offsets)
{
    const Zone *shanghai = zone_get(STR("Asia/Shanghai"));
    assert_int_equal(zone_offset(shanghai, at("2026-03-01T00:00:00Z")), 8 * HOUR);
    assert_int_equal(zone_offset(shanghai, at("1988-07-01T00:00:00Z")), 9 * HOUR); /* summer time */
    const Zone *york = zone_get(STR("America/New_York"));
    assert_int_equal(zone_offset(york, at("2026-03-08T06:59:59.999Z")), -5 * HOUR);
    assert_int_equal(zone_offset(york, at("2026-03-08T07:00:00Z")), -4 * HOUR);
    assert_int_equal(zone_offset(york, at("2026-11-01T05:59:59Z")), -4 * HOUR);
    assert_int_equal(zone_offset(york, at("2026-11-01T06:00:00Z")), -5 * HOUR);
    assert_int_equal(zone_offset(york, at("2095-07-01T00:00:00Z")), -4 * HOUR);
    assert_int_equal(zone_offset(zone_get(STR("Asia/Kathmandu")), 0), 5 * HOUR + HOUR / 2);
    assert_int_equal(zone_offset(zone_get(STR("UTC")), at("2026-07-01T00:00:00Z")), 0);
}

TEST(zone, refuses_unknown_names)
{
    static const char *const BAD[] = {
        "",         "Mars/Olympus",  "GMT+99",
        "GMT+5",    "asia/shanghai", "Asia/Shanghai ",
        "\xff\xff", "Etc/Unknown",   "A_very_long_name/that_no_zone_has/and_that_passes_the_limit"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        if (zone_get(str_of(BAD[i])))
            fail_msg("accepted: %s", BAD[i]);
}

TEST(zone, is_read_once)
{
    const Zone *z = zone_get(STR("Europe/Berlin"));
    assert_non_null(z);
    assert_ptr_equal(zone_get(STR("Europe/Berlin")), z);
    assert_string_equal(z->name, "Europe/Berlin");
    assert_true(z->steps[0].from_ms == INT64_MIN);
    for (size_t i = 1; i < z->n; i++) {
        assert_true(z->steps[i].from_ms > z->steps[i - 1].from_ms);
        assert_true(z->steps[i].offset_ms != z->steps[i - 1].offset_ms);
    }
}

TEST(zone, goes_back_from_local_time)
{
    const Zone *york = zone_get(STR("America/New_York"));
    int64_t gap = at("2026-03-08T02:30:00Z"); /* does not exist: the later reading, 03:30 EDT */
    assert_int_equal(zone_to_utc(york, gap), at("2026-03-08T07:30:00Z"));
    int64_t overlap = at("2026-11-01T01:30:00Z"); /* happens twice: the earlier, EDT */
    assert_int_equal(zone_to_utc(york, overlap), at("2026-11-01T05:30:00Z"));
    assert_int_equal(zone_to_utc(york, at("2026-03-08T01:59:59Z")), at("2026-03-08T06:59:59Z"));
    assert_int_equal(zone_to_utc(york, at("2026-03-08T03:00:00Z")), at("2026-03-08T07:00:00Z"));
    assert_int_equal(zone_to_utc(york, at("2026-11-01T02:00:00Z")), at("2026-11-01T07:00:00Z"));
}

TEST(zone, round_trips_outside_overlaps)
{
    static const char *const NAMES[] = {"America/New_York",    "Asia/Shanghai",
                                        "Australia/Lord_Howe", "Pacific/Apia",
                                        "Africa/Casablanca",   "UTC"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        const Zone *z = zone_get(str_of(NAMES[i]));
        assert_non_null(z);
        for (int64_t utc = 0; utc < at("2060-01-01T00:00:00Z"); utc += 1987 * 60000) {
            int64_t back = zone_to_utc(z, utc + zone_offset(z, utc));
            if (back != utc) { /* the second time of an overlap */
                assert_true(back < utc);
                assert_int_equal(back + zone_offset(z, back), utc + zone_offset(z, utc));
            }
        }
    }
}

static void *get_many(void *arg)
{
    static const char *const NAMES[] = {"Asia/Tokyo", "Asia/Seoul", "Europe/Paris", "Asia/Kolkata"};
    const Zone **got = arg;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        got[i] = zone_get(str_of(NAMES[i]));
    return NULL;
}

TEST(zone, is_shared_by_threads)
{
    const Zone *got[4][4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, get_many, got[i]);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 1; i < 4; i++)
        for (int k = 0; k < 4; k++)
            assert_true(got[i][k] && got[i][k] == got[0][k]);
}

TEST_MAIN("zone")
