/* SPDX-License-Identifier: Apache-2.0 */
/* Cron texts become bit sets; the next time is sought day by day, then within the day. */
#include "job/cron.h"
#include "base/calendar.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_AHEAD ((int64_t)5 * 366)

static bool number(Str s, uint64_t low, uint64_t high, uint64_t *ret)
{
    return str_uint(s, ret) && *ret >= low && *ret <= high;
}

/* "*", "5", "1-5", each with "/step" behind. */
static bool part_bits(Str part, uint64_t low, uint64_t high, uint64_t *bits)
{
    uint64_t from = low, to = high, step = 1;
    size_t slash = str_find_char(part, '/');
    Str range = str_sub(part, 0, slash);
    if (slash != SIZE_MAX && !number(str_sub(part, slash + 1, part.n), 1, high, &step))
        return false;
    if (!str_is(range, "*")) {
        size_t dash = str_find_char(range, '-');
        if (!number(str_sub(range, 0, dash), low, high, &from))
            return false;
        to = slash == SIZE_MAX ? from : high;
        if (dash != SIZE_MAX && !number(str_sub(range, dash + 1, range.n), from, high, &to))
            return false;
    }
    for (uint64_t i = from; i <= to; i += step)
        *bits |= UINT64_C(1) << i;
    return true;
}

static bool field_bits(Str field, uint64_t low, uint64_t high, uint64_t *ret)
{
    Str part;
    *ret = 0;
    while (str_split(&field, ',', &part))
        if (!part_bits(part, low, high, ret))
            return false;
    return *ret != 0;
}

bool cron_parse(Str text, Cron *ret)
{
    static const uint64_t LOW[] = {0, 0, 1, 1, 0}, HIGH[] = {59, 23, 31, 12, 7};
    Str fields[5];
    uint64_t bits[5];
    for (size_t i = 0; i < 5; i++) {
        text = str_trim(text);
        if (!str_split(&text, ' ', &fields[i]) || !field_bits(fields[i], LOW[i], HIGH[i], &bits[i]))
            return false;
    }
    if (str_trim(text).n)
        return false;
    *ret = (Cron){
        .minutes = bits[0],
        .hours = (uint32_t)bits[1],
        .days = (uint32_t)bits[2],
        .months = (uint32_t)bits[3],
        .weekdays = (uint8_t)((bits[4] & 0x7f) | (bits[4] >> 7 & 1)),
        .any_day = str_is(fields[2], "*"),
        .any_weekday = str_is(fields[4], "*"),
    };
    return true;
}

static bool day_fits(const Cron *c, int64_t day)
{
    Civil date = calendar_civil(day);
    bool by_day = c->days >> date.day & 1;
    bool by_weekday = c->weekdays >> (calendar_weekday(day) % 7) & 1;
    if (!(c->months >> date.month & 1))
        return false;
    if (c->any_day || c->any_weekday)
        return by_day && by_weekday;
    return by_day || by_weekday;
}

/* First fitting minute of the local day whose instant is after after_ms, or 0. */
static int64_t next_in_day(const Cron *c, const Zone *zone, int64_t day, int64_t after_ms)
{
    for (int hour = 0; hour < 24; hour++) {
        if (!(c->hours >> hour & 1))
            continue;
        for (int minute = 0; minute < 60; minute++) {
            int64_t local = day * DAY_MS + (hour * 60 + minute) * INT64_C(60000);
            int64_t utc = zone_to_utc(zone, local);
            if ((c->minutes >> minute & 1) && utc > after_ms)
                return utc;
        }
    }
    return 0;
}

int64_t cron_next(const Cron *c, const Zone *zone, int64_t after_ms)
{
    int64_t today = calendar_today(after_ms, zone_offset(zone, after_ms));
    for (int64_t day = today; day < today + DAYS_AHEAD; day++) {
        int64_t at = day_fits(c, day) ? next_in_day(c, zone, day, after_ms) : 0;
        if (at)
            return at;
    }
    return 0;
}
