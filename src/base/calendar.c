/* SPDX-License-Identifier: Apache-2.0 */
/* Civil dates: years begin in March, so that the leap day is a year's last; 400 years (an era) have
 * 146,097 days (H. Hinnant, "chrono-compatible low-level date algorithms"). */
#include "base/calendar.h"

#define DAY_MS INT64_C(86400000)
#define ERA_DAYS 146097
#define EPOCH_DAYS 719468 /* from 0000-03-01 to 1970-01-01 */

int64_t calendar_floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

int64_t calendar_days(Civil c)
{
    int64_t year = (int64_t)c.year - (c.month <= 2);
    int64_t era = calendar_floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (c.month > 2 ? c.month - 3 : c.month + 9) + 2) / 5 + c.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

Civil calendar_civil(int64_t day)
{
    int64_t z = day + EPOCH_DAYS;
    int64_t era = calendar_floor_div(z, ERA_DAYS);
    int64_t day_of_era = z - era * ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* 0 = March */
    Civil c = {.day = (int)(day_of_year - (153 * month + 2) / 5 + 1)};
    c.month = (int)(month < 10 ? month + 3 : month - 9);
    c.year = (int32_t)(year_of_era + era * 400 + (c.month <= 2));
    return c;
}

static int month_days(int64_t year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return DAYS[month - 1] + (month == 2 && leap);
}

bool calendar_valid(Civil c)
{
    return c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= month_days(c.year, c.month);
}

int calendar_weekday(int64_t day)
{
    int64_t from_thursday = day - calendar_floor_div(day, 7) * 7; /* 1970-01-01 was one */
    return (int)((from_thursday + 3) % 7) + 1;
}

int calendar_iso_week(int64_t day, int32_t *ret_year)
{
    int64_t thursday = day - calendar_weekday(day) + 4; /* its year is the week's year */
    Civil c = calendar_civil(thursday);
    if (ret_year)
        *ret_year = c.year;
    return (int)((thursday - calendar_days((Civil){c.year, 1, 1})) / 7) + 1;
}

int64_t calendar_add_months(int64_t day, int64_t months)
{
    Civil c = calendar_civil(day);
    int64_t total = (int64_t)c.year * 12 + (c.month - 1) + months;
    int64_t year = calendar_floor_div(total, 12);
    int month = (int)(total - year * 12) + 1, last = month_days(year, month);
    return calendar_days((Civil){(int32_t)year, month, c.day < last ? c.day : last});
}

int64_t calendar_today(int64_t now_ms, int64_t offset_ms)
{
    return calendar_floor_div(now_ms + offset_ms, DAY_MS);
}

/* Reads exactly n digits and moves on. */
static bool take_digits(Str *s, size_t n, int *ret)
{
    int v = 0;
    if (s->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        v = v * 10 + (s->p[i] - '0');
    }
    *s = str_n(s->p + n, s->n - n);
    *ret = v;
    return true;
}

static bool take_char(Str *s, const char *any_of)
{
    if (!s->n || !s->p[0] || !strchr(any_of, s->p[0]))
        return false;
    *s = str_n(s->p + 1, s->n - 1);
    return true;
}

static bool take_date(Str *s, int64_t *ret_day)
{
    int year, month, day;
    if (!take_digits(s, 4, &year) || !take_char(s, "-") || !take_digits(s, 2, &month) ||
        !take_char(s, "-") || !take_digits(s, 2, &day))
        return false;
    Civil c = {year, month, day};
    if (!calendar_valid(c))
        return false;
    *ret_day = calendar_days(c);
    return true;
}

bool calendar_parse_clock(Str s, int *ret_minute)
{
    int hour = 0, minute = 0;
    if (!take_digits(&s, 2, &hour) || !take_char(&s, ":") || !take_digits(&s, 2, &minute) || s.n ||
        hour > 23 || minute > 59)
        return false;
    *ret_minute = hour * 60 + minute;
    return true;
}

bool calendar_parse_date(Str s, int64_t *ret_day)
{
    int64_t day;
    if (!take_date(&s, &day) || s.n)
        return false;
    *ret_day = day;
    return true;
}

/* ".123456789" → ms; more digits than three are cut. */
static bool take_fraction(Str *s, int *ret_ms)
{
    int ms = 0, digits = 0, digit;
    while (take_digits(s, 1, &digit)) {
        if (digits < 3)
            ms = ms * 10 + digit;
        digits++;
    }
    for (int i = digits; i < 3; i++)
        ms *= 10;
    *ret_ms = ms;
    return digits > 0 && digits <= 9;
}

/* "Z" or "+08:00" → the offset in minutes. */
static bool take_zone(Str *s, int *ret_minutes)
{
    *ret_minutes = 0;
    if (take_char(s, "Zz"))
        return true;
    bool west = s->n && s->p[0] == '-';
    int hours, minutes;
    if (!take_char(s, "+-") || !take_digits(s, 2, &hours) || !take_char(s, ":") ||
        !take_digits(s, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    return true;
}

bool calendar_parse_datetime(Str s, int64_t *ret_ms)
{
    int64_t day;
    int hour, minute, second, ms = 0, zone;
    if (!take_date(&s, &day) || !take_char(&s, "Tt") || !take_digits(&s, 2, &hour) ||
        !take_char(&s, ":") || !take_digits(&s, 2, &minute) || !take_char(&s, ":") ||
        !take_digits(&s, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false; /* a second 60 has no place in ms UTC */
    if (take_char(&s, ".") && !take_fraction(&s, &ms))
        return false;
    if (!take_zone(&s, &zone) || s.n)
        return false;
    *ret_ms = day * DAY_MS + ((hour * 60 + minute - zone) * 60 + second) * INT64_C(1000) + ms;
    return calendar_valid(calendar_civil(calendar_floor_div(*ret_ms, DAY_MS)));
}

/* A run of digits; gives its length, 0 if there is none or it is too long. */
static size_t take_number(Str *s, int *ret)
{
    size_t n = 0;
    while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
        n++;
    return n <= 8 && take_digits(s, n, ret) ? n : 0;
}

static bool civil_ok(int year, int month, int day, int64_t *ret_day)
{
    Civil c = {year, month, day};
    if (!calendar_valid(c))
        return false;
    *ret_day = calendar_days(c);
    return true;
}

static bool take_separator(Str *s, char *ret)
{
    if (!s->n)
        return false;
    *ret = s->p[0];
    return take_char(s, "-/.");
}

static bool take_text(Str *s, Str text)
{
    if (!str_starts(*s, text))
        return false;
    *s = str_sub(*s, text.n, s->n);
    return true;
}

/* 2026年3月1日, the last character may lack */
static bool guess_han(Str s, int year, int64_t *ret_day)
{
    int month, day;
    s = str_trim(s);
    if (!take_number(&s, &month) || !take_text(&s, STR("月")))
        return false;
    s = str_trim(s);
    if (!take_number(&s, &day))
        return false;
    if (!take_text(&s, STR("日")))
        take_text(&s, STR("号"));
    return !s.n && civil_ok(year, month, day, ret_day);
}

bool calendar_guess_date(Str s, DateOrder order, int64_t *ret_day)
{
    int a, b, c;
    char first, second;
    s = str_trim(s);
    size_t digits = take_number(&s, &a);
    if (digits == 8 && !s.n)
        return civil_ok(a / 10000, a / 100 % 100, a % 100, ret_day);
    if (digits == 4 && take_text(&s, STR("年")))
        return guess_han(s, a, ret_day);
    if (!digits || !take_separator(&s, &first) || !take_number(&s, &b) ||
        !take_separator(&s, &second) || first != second)
        return false;
    size_t last_digits = take_number(&s, &c);
    if (s.n)
        return false;
    if (digits == 4 && last_digits >= 1 && last_digits <= 2)
        return civil_ok(a, b, c, ret_day);
    if (digits > 2 || last_digits != 4 || order == DATE_YMD)
        return false;
    return order == DATE_DMY ? civil_ok(c, b, a, ret_day) : civil_ok(c, a, b, ret_day);
}

/* The two digits of 0 … 99. */
static void put2(char *at, int64_t v)
{
    at[0] = (char)('0' + v / 10);
    at[1] = (char)('0' + v % 10);
}

void calendar_write_date(Buf *b, int64_t day)
{
    Civil c = calendar_civil(day);
    if (c.year < 0 || c.year > 9999) {
        buf_printf(b, "%05d-%02d-%02d", (int)c.year, c.month, c.day);
        return;
    }
    char text[10] = "0000-00-00";
    put2(text, c.year / 100);
    put2(text + 2, c.year % 100);
    put2(text + 5, c.month);
    put2(text + 8, c.day);
    buf_add(b, text, sizeof(text));
}

void calendar_write_datetime(Buf *b, int64_t ms)
{
    int64_t day = calendar_floor_div(ms, DAY_MS), rest = ms - day * DAY_MS;
    char text[14] = "T00:00:00.000Z";
    put2(text + 1, rest / 3600000);
    put2(text + 4, rest / 60000 % 60);
    put2(text + 7, rest / 1000 % 60);
    text[10] = (char)('0' + rest / 100 % 10);
    put2(text + 11, rest % 100);
    calendar_write_date(b, day);
    buf_add(b, text, sizeof(text));
}
