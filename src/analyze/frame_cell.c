/* SPDX-License-Identifier: Apache-2.0 */
/* What a cell says. Numbers up to 19 digits with a small exponent are exact in two operations
 * (Clinger 1990: mantissa below 2^53, power of ten up to 22); the rest goes through strtod. */
#include "analyze/frame_internal.h"
#include "base/calendar.h"
#include <math.h>
#include <stdlib.h>
#include <strings.h>

static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool only_of(Str s, const char *set, size_t n)
{
    for (size_t i = 0; i < s.n; i++)
        if (!memchr(set, s.p[i], n))
            return false;
    return true;
}

typedef struct Digits {
    uint64_t mantissa;
    int n;        /* significant digits */
    int fraction; /* digits behind the point */
    int any;      /* digits at all */
} Digits;

static size_t read_digits(Str s, size_t i, Digits *d, bool behind)
{
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
        d->any = 1;
        d->fraction += behind;
        if (d->n == 0 && s.p[i] == '0')
            continue;
        if (d->n < 19)
            d->mantissa = d->mantissa * 10 + (uint64_t)(s.p[i] - '0');
        d->n++;
    }
    return i;
}

static size_t read_exponent(Str s, size_t i, int *ret)
{
    size_t at = i + 1;
    bool minus = at < s.n && s.p[at] == '-';
    int v = 0;
    if (at < s.n && (s.p[at] == '-' || s.p[at] == '+'))
        at++;
    size_t from = at;
    for (; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++)
        v = v < 100000 ? v * 10 + (s.p[at] - '0') : v;
    *ret = minus ? -v : v;
    return at == from ? i : at;
}

static bool slowly(Str s, double *ret)
{
    char z[1100], *end;
    if (s.n >= sizeof(z))
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    *ret = strtod(z, &end);
    return end == z + s.n && isfinite(*ret);
}

/* 1,234,567.8 without its commas, where they stand in every third place before the point; else empty. */
static Str ungrouped(Str s, char *room, size_t n)
{
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), to = 0, run = 0, groups = 0;
    if (s.n >= n)
        return STR_NULL;
    memcpy(room, s.p, to = i);
    for (; i < s.n && s.p[i] != '.'; i++) {
        bool is_comma = s.p[i] == ',';
        if (is_comma ? run == 0 || run > 3 || (groups && run != 3) : s.p[i] < '0' || s.p[i] > '9')
            return STR_NULL;
        groups += is_comma;
        run = is_comma ? 0 : run + 1;
        if (!is_comma)
            room[to++] = s.p[i];
    }
    if (!groups || run != 3)
        return STR_NULL;
    memcpy(room + to, s.p + i, s.n - i);
    return str_n(room, to + s.n - i);
}

static bool plain_number(Str s, CellNumber *ret)
{
    Digits d = {0};
    int exponent = 0;
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), start = i;
    i = read_digits(s, i, &d, false);
    bool whole = i == s.n;
    if (i < s.n && s.p[i] == '.')
        i = read_digits(s, i + 1, &d, true);
    if (!d.any)
        return false;
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E'))
        i = read_exponent(s, i, &exponent);
    if (i != s.n)
        return false;
    int power = exponent - d.fraction;
    *ret = (CellNumber){.digits = d.n, .whole = whole};
    ret->scale = power < 0 ? -power : 0;
    if (d.n > 19 || d.mantissa > (UINT64_C(1) << 53) || power < -22 || power > 22)
        return slowly(s, &ret->v);
    ret->v = power < 0 ? (double)d.mantissa / POWERS[-power] : (double)d.mantissa * POWERS[power];
    if (start && s.p[0] == '-')
        ret->v = -ret->v;
    return true;
}

bool frame_cell_number(Str s, CellNumber *ret)
{
    char room[64];
    if (!memchr(s.p, ',', s.n))
        return plain_number(s, ret);
    Str plain = ungrouped(s, room, sizeof(room));
    bool is_number = plain.n && plain_number(plain, ret);
    ret->is_grouped = is_number;
    return is_number;
}

/* A number as it should be written, past the range of a double. */
static bool is_too_large(Str s)
{
    char z[1100], *end;
    if (s.n == 0 || s.n >= sizeof(z) || !only_of(s, "0123456789.eE+-", 15))
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    return isinf(strtod(z, &end)) && end == z + s.n;
}

bool frame_cell_is_unreal(Str s)
{
    static const char *const WORDS[] = {"inf", "infinity", "nan", "-nan", "1.#inf", "1.#qnan"};
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_sub(s, 1, s.n);
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (s.n == strlen(WORDS[i]) && !strncasecmp(s.p, WORDS[i], s.n))
            return true;
    return is_too_large(s);
}

/* ---- dates */
static int two_digits(Str s, size_t *i)
{
    int v = 0;
    for (size_t from = *i; *i < s.n && *i - from < 2 && s.p[*i] >= '0' && s.p[*i] <= '9'; ++*i)
        v = v * 10 + (s.p[*i] - '0');
    return v;
}

static double fraction_of(Str s, size_t *i)
{
    double v = 0, unit = 1;
    for (++*i; *i < s.n && s.p[*i] >= '0' && s.p[*i] <= '9'; ++*i)
        v += (s.p[*i] - '0') * (unit /= 10);
    return v;
}

/* 8:26, 08:26:00, 08:26:00.123, with T or blank before it and Z behind; *ret in days. */
static bool time_of_day(Str s, double *ret)
{
    int part[3] = {0}, n = 0;
    size_t i = 0;
    double fraction = 0;
    *ret = 0;
    if (s.n && s.p[s.n - 1] == 'Z')
        s.n--;
    if (s.n == 0)
        return true;
    for (; n < 3; n++, i++) {
        size_t from = i;
        part[n] = two_digits(s, &i);
        if (i == from)
            return false;
        if (i == s.n || s.p[i] != ':')
            break;
    }
    if (i < s.n && s.p[i] == '.' && n == 2)
        fraction = fraction_of(s, &i);
    if (i != s.n || n == 0 || part[0] > 23 || part[1] > 59 || part[2] > 60)
        return false;
    *ret = (part[0] * 3600 + part[1] * 60 + part[2] + fraction) / 86400;
    return true;
}

static void split_time(Str cell, Str *ret_date, Str *ret_time)
{
    size_t cut = 0;
    while (cut < cell.n && cell.p[cut] != 'T' && cell.p[cut] != ' ')
        cut++;
    *ret_date = str_sub(cell, 0, cut);
    *ret_time = str_trim(str_sub(cell, cut + 1, cell.n));
}

bool frame_cell_date(Str cell, bool day_first, double *ret)
{
    Str date, time;
    int64_t day;
    double part;
    split_time(cell, &date, &time);
    if (date.n < 6 || date.n > 32 || only_of(date, "0123456789", 10))
        return false; /* 20170301 is a number; see frame_need_dates */
    if (!calendar_guess_date(date, day_first ? DATE_DMY : DATE_MDY, &day) ||
        !time_of_day(time, &part))
        return false;
    *ret = (double)day + part;
    return true;
}

bool frame_cell_date_order(Str cell, bool *ret_day_first, bool *ret_month_first)
{
    int part[2] = {0}, n = 0;
    *ret_day_first = *ret_month_first = false;
    for (size_t i = 0; i < cell.n && n < 2; i++) {
        char c = cell.p[i];
        if (c >= '0' && c <= '9')
            part[n] = part[n] < 1000 ? part[n] * 10 + (c - '0') : part[n];
        else if (c == '/' || c == '-' || c == '.')
            n++;
        else
            return false;
    }
    if (n < 2 || part[0] > 31 || part[1] > 31)
        return false;
    *ret_day_first = part[0] > 12;
    *ret_month_first = part[1] > 12;
    return part[0] <= 12 && part[1] <= 12 && part[0] != part[1];
}
