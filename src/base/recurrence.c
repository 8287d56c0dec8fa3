/* SPDX-License-Identifier: Apache-2.0 */
/* Days that come again (RFC 5545, 3.3.10). Each round (a day, week, month or year) gives its days in order. */
#include "base/recurrence.h"
#include "base/calendar.h"

static const char *const DAYS[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

typedef struct Taken {
    int64_t *days;
    size_t n, most;
    int64_t first, last; /* nothing after it */
    size_t count;        /* SIZE_MAX: no matter */
    bool more, ended;
} Taken;

static bool works(const Recurrence *r, int64_t day) { return !r->works || r->works(r->arg, day); }

static void take(const Recurrence *r, Taken *t, int64_t day)
{
    if (day <= t->first || t->ended)
        return;
    if (day > t->last) {
        t->ended = true;
        return;
    }
    if (r->rest == RECUR_SKIP && !works(r, day))
        return;
    while (r->rest == RECUR_NEXT && !works(r, day) && day <= t->last)
        day++;
    if (day > t->last || day <= t->days[t->n - 1]) /* moved onto the one before */
        return;
    if (t->n == t->count) {
        t->ended = true;
        return;
    }
    if (t->n == t->most) {
        t->more = t->ended = true;
        return;
    }
    t->days[t->n++] = day;
}

static bool add_day(Taken *t, const Recurrence *r, Civil c)
{
    if (calendar_valid(c))
        take(r, t, calendar_days(c));
    return !t->ended;
}

/* Which of its weekday in its month a day is: 1…4, 5 for every later one. */
static int place_in_month(int64_t day) { return (calendar_civil(day).day - 1) / 7 + 1; }

static int64_t weekday_of_month(Civil month, int weekday, int place)
{
    month.day = 1;
    int64_t start = calendar_days(month);
    int64_t day = start + (weekday - calendar_weekday(start) + 7) % 7;
    if (place < 5)
        return day + (int64_t)7 * (place - 1);
    int64_t next = calendar_add_months(start, 1);
    while (day + 7 < next)
        day += 7;
    return day;
}

static void take_week(Taken *t, const Recurrence *r, int64_t monday)
{
    unsigned days = r->weekdays ? r->weekdays : 1U << (calendar_weekday(t->first) - 1);
    for (int i = 0; i < 7; i++)
        if (days >> i & 1)
            take(r, t, monday + i);
}

static void take_round(Taken *t, const Recurrence *r, int64_t steps)
{
    Civil c = calendar_civil(t->first);
    int day = c.day;
    if (r->unit == RECUR_DAY) {
        take(r, t, t->first + steps);
    } else if (r->unit == RECUR_WEEK) {
        take_week(t, r, t->first - (calendar_weekday(t->first) - 1) + steps * 7);
    } else if (r->unit == RECUR_YEAR) {
        c.year += (int32_t)steps;
        add_day(t, r, c);
    } else {
        c.day = 1;
        c = calendar_civil(calendar_add_months(calendar_days(c), steps));
        c.day = day;
        if (r->unit == RECUR_MONTH_DAY)
            add_day(t, r, c);
        else
            take(r, t, weekday_of_month(c, calendar_weekday(t->first), place_in_month(t->first)));
    }
}

size_t recurrence_days(const Recurrence *r, int64_t first, size_t most, int64_t *ret,
                       bool *ret_more)
{
    Taken t = {.days = ret, .most = most, .first = first, .last = first + RECUR_DAYS};
    int interval = r->interval < 1 ? 1 : r->interval;
    t.count = r->count > 0 ? (size_t)r->count : SIZE_MAX;
    if (r->until < t.last)
        t.last = r->until;
    ret[t.n++] = first;
    for (int64_t steps = 0; !t.ended && steps <= RECUR_DAYS; steps += interval)
        take_round(&t, r, steps);
    *ret_more = t.more;
    return t.n;
}

static void write_weekdays(unsigned days, Buf *out)
{
    const char *between = ";BYDAY=";
    for (int i = 0; i < 7; i++)
        if (days >> i & 1) {
            buf_printf(out, "%s%s", between, DAYS[i]);
            between = ",";
        }
}

static void write_instant(int64_t ms, Buf *out)
{
    int64_t day = calendar_floor_div(ms, 86400000), second = (ms - day * 86400000) / 1000;
    Civil c = calendar_civil(day);
    buf_printf(out, "%04d%02d%02dT%02d%02d%02dZ", (int)c.year, c.month, c.day, (int)(second / 3600),
               (int)(second / 60 % 60), (int)(second % 60));
}

void recurrence_write(const Recurrence *r, int64_t first, int64_t until_ms, Buf *out)
{
    static const char *const UNITS[] = {"DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"};
    int weekday = calendar_weekday(first), place = place_in_month(first);
    buf_printf(out, "FREQ=%s", UNITS[r->unit]);
    if (r->interval > 1)
        buf_printf(out, ";INTERVAL=%d", r->interval);
    if (r->unit == RECUR_WEEK)
        write_weekdays(r->weekdays ? r->weekdays : 1U << (weekday - 1), out);
    if (r->unit == RECUR_MONTH_DAY)
        buf_printf(out, ";BYMONTHDAY=%d", calendar_civil(first).day);
    if (r->unit == RECUR_MONTH_WEEKDAY)
        buf_printf(out, ";BYDAY=%d%s", place < 5 ? place : -1, DAYS[weekday - 1]);
    if (r->count > 0) {
        buf_printf(out, ";COUNT=%d", r->count);
    } else if (r->until != RECUR_NO_END) {
        buf_lit(out, ";UNTIL=");
        write_instant(until_ms, out);
    }
}
