/* SPDX-License-Identifier: Apache-2.0 */
/* Dates in memory: parts, buckets, durations. The SQL of expr_bucket.c computes the same numbers. */
#include "expr/expr_internal.h"

#define MS_PER_DAY INT64_C(86400000)
#define MIN_DAY (-719162) /* 0001-01-01 */
#define MAX_DAY 2932896   /* 9999-12-31 */

bool expr_date_in_range(int64_t day) { return day >= MIN_DAY && day <= MAX_DAY; }

/* Dates and instants of the years 1…9999; durations are not bounded. */
bool expr_date_fits(ValueType t, int64_t v)
{
    if (t == V_TIME)
        return expr_date_in_range(calendar_floor_div(v, MS_PER_DAY));
    return t != V_DATE || expr_date_in_range(v);
}

int64_t expr_date_local(const Ctx *cx, int64_t ms)
{
    return calendar_floor_div(ms + zone_offset(cx->zone, ms), MS_PER_DAY);
}

int64_t expr_date_part(ExprFn fn, int64_t day)
{
    Civil c = calendar_civil(day);
    int32_t year;
    switch (fn) {
    case FN_YEAR: return c.year;
    case FN_QUARTER: return (c.month + 2) / 3;
    case FN_MONTH: return c.month;
    case FN_WEEK: return calendar_iso_week(day, &year);
    case FN_WEEKDAY: return calendar_weekday(day);
    default: return c.day;
    }
}

int64_t expr_date_workdays(const Ctx *cx, int64_t day)
{
    int64_t weeks = calendar_floor_div(day + 3, 7), rest = day + 3 - weeks * 7;
    return weeks * 5 + (rest < 5 ? rest + 1 : 5) + meta_workdays_more(cx->meta, day);
}

bool expr_date_unit(Str name, ExprBucket *ret)
{
    static const char *const NAMES[] = {"day", "week", "month", "quarter", "year"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        if (!str_is(name, NAMES[i]))
            continue;
        *ret = (ExprBucket)i;
        return true;
    }
    return false;
}

int64_t expr_bucket_of(int64_t day, ExprBucket unit)
{
    Civil c = calendar_civil(day);
    switch (unit) {
    case BUCKET_DAY: return day;
    case BUCKET_WEEK: return calendar_floor_div(day + 3, 7);
    case BUCKET_MONTH: return (int64_t)c.year * 12 + c.month - 1;
    case BUCKET_QUARTER: return (int64_t)c.year * 4 + (c.month - 1) / 3;
    case BUCKET_YEAR: break;
    }
    return c.year;
}

static int64_t first_of_month(int64_t months)
{
    int64_t year = calendar_floor_div(months, 12);
    return calendar_days(
        (Civil){.year = (int32_t)year, .month = (int)(months - year * 12) + 1, .day = 1});
}

int64_t expr_bucket_day(int64_t bucket, ExprBucket unit)
{
    switch (unit) {
    case BUCKET_DAY: return bucket;
    case BUCKET_WEEK: return bucket * 7 - 3;
    case BUCKET_MONTH: return first_of_month(bucket);
    case BUCKET_QUARTER: return first_of_month(bucket * 3);
    case BUCKET_YEAR: break;
    }
    return first_of_month(bucket * 12);
}
