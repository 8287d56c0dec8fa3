/* SPDX-License-Identifier: Apache-2.0 */
/* Durations: months and years have no length, so they are refused. */
#include "base/duration.h"
#include "base/decimal.h"

#define DAY_MS INT64_C(86400000)

static bool duration_unit(char c, bool time, int64_t *ret_ms)
{
    static const struct {
        char c;
        bool time;
        int64_t ms;
    } UNITS[] = {{'W', false, 7 * DAY_MS},
                 {'D', false, DAY_MS},
                 {'H', true, 3600000},
                 {'M', true, 60000},
                 {'S', true, 1000}};
    for (size_t i = 0; i < COUNT_OF(UNITS); i++) {
        if (UNITS[i].c != c || UNITS[i].time != time)
            continue;
        *ret_ms = UNITS[i].ms;
        return true;
    }
    return false;
}

/* Whole numbers; seconds to the millisecond. */
static bool add_part(Str number, int64_t unit, int64_t *ms)
{
    int64_t v;
    if (number.n == 0 || number.p[0] == '.' || number.p[number.n - 1] == '.' ||
        !decimal_parse(number, unit == 1000 ? 3 : 0, false, &v))
        return false;
    if (unit == 1000)
        unit = 1;
    return !__builtin_mul_overflow(v, unit, &v) && !__builtin_add_overflow(*ms, v, ms);
}

bool duration_parse(Str iso, int64_t *ret_ms)
{
    bool negative = iso.n > 0 && iso.p[0] == '-', time = false, any = false;
    int64_t ms = 0;
    size_t i = negative ? 1 : 0;
    if (i >= iso.n || iso.p[i++] != 'P')
        return false;
    while (i < iso.n) {
        if (iso.p[i] == 'T' && !time) {
            time = true;
            any = false;
            i++;
            continue;
        }
        size_t n = 0;
        int64_t unit;
        while (i + n < iso.n &&
               ((iso.p[i + n] >= '0' && iso.p[i + n] <= '9') || iso.p[i + n] == '.'))
            n++;
        if (i + n >= iso.n || !duration_unit(iso.p[i + n], time, &unit) ||
            !add_part(str_sub(iso, i, n), unit, &ms))
            return false;
        i += n + 1;
        any = true;
    }
    *ret_ms = negative ? -ms : ms;
    return any;
}

void duration_write(Buf *b, int64_t ms)
{
    if (ms < 0)
        buf_char(b, '-');
    uint64_t v = ms < 0 ? -(uint64_t)ms : (uint64_t)ms;
    buf_lit(b, "PT");
    if (v >= 3600000) {
        buf_uint(b, v / 3600000);
        buf_char(b, 'H');
    }
    if (v / 60000 % 60) {
        buf_uint(b, v / 60000 % 60);
        buf_char(b, 'M');
    }
    uint64_t rest = v % 60000;
    if (rest == 0 && v != 0)
        return;
    buf_uint(b, rest / 1000);
    if (rest % 1000)
        buf_printf(b, ".%03u", (unsigned)(rest % 1000));
    buf_char(b, 'S');
}
