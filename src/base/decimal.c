/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals in int64; half-even: a value in the middle goes to the even neighbour, so that sums
 * of rounded values do not drift. */
#include "base/decimal.h"
#include "base/utf8.h"

int64_t decimal_pow10(int n)
{
    static const int64_t POWERS[] = {
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
    };
    return POWERS[n < 0 ? 0 : n > 18 ? 18 : n];
}

/* v / by, half-even; by > 0. */
static __int128 divide_even(__int128 v, __int128 by)
{
    __int128 q = v / by, rest = v % by;
    int sign = v < 0 ? -1 : 1;
    if (rest < 0)
        rest = -rest;
    __int128 other = by - rest; /* compares without doubling, which could overflow */
    if (rest > other || (rest == other && (q & 1)))
        q += sign;
    return q;
}

static bool narrow(__int128 v, int64_t *ret)
{
    if (v > INT64_MAX || v < INT64_MIN)
        return false;
    *ret = (int64_t)v;
    return true;
}

bool decimal_rescale(int64_t v, int from, int to, int64_t *ret)
{
    if (to >= from)
        return narrow((__int128)v * decimal_pow10(to - from), ret);
    return narrow(divide_even(v, decimal_pow10(from - to)), ret);
}

bool decimal_mul(int64_t a, int64_t b, int divide_pow10, int64_t *ret)
{
    return narrow(divide_even((__int128)a * b, decimal_pow10(divide_pow10)), ret);
}

bool decimal_mul3(int64_t a, int64_t b, int64_t c, int divide_pow10, int64_t *ret)
{
    __int128 v;
    return !__builtin_mul_overflow((__int128)a * b, (__int128)c, &v) &&
           narrow(divide_even(v, decimal_pow10(divide_pow10)), ret);
}

/* Digits of a number without sign and point: `digits` ASCII digits, of which the last `fraction`
 * stand behind the point (negative: so many zeros are missing before it). */
static bool compose(Str digits, int64_t fraction, bool negative, int scale, bool round,
                    int64_t *ret)
{
    __int128 v = 0;
    int64_t keep = (int64_t)digits.n - fraction + scale; /* digits that count at this scale */
    for (int64_t i = 0; i < keep; i++) {
        v = v * 10 + (i < (int64_t)digits.n ? digits.p[i] - '0' : 0);
        if (v > INT64_MAX)
            return false;
    }
    bool above = false, half = false; /* what is lost: more than half a unit, exactly half */
    for (int64_t i = keep < 0 ? 0 : keep; i < (int64_t)digits.n; i++) {
        int digit = digits.p[i] - '0';
        if (digit && !round)
            return false;
        if (i == keep && digit >= 5) {
            above = digit > 5;
            half = digit == 5;
        } else if (digit && half) {
            above = true;
        }
    }
    if (above || (half && (v & 1)))
        v++;
    return narrow(negative ? -v : v, ret);
}

#define DIGITS_MAX 64

/* Collected digits of a number: no leading zeros, so that the bound means something. */
typedef struct Digits {
    char p[DIGITS_MAX];
    size_t n;
    int64_t fraction;
    bool point, any;
} Digits;

static bool digits_add(Digits *d, int digit)
{
    d->any = true;
    d->fraction += d->point;
    if (digit == 0 && d->n == 0)
        return true;
    if (d->n == DIGITS_MAX)
        return false;
    d->p[d->n++] = (char)('0' + digit);
    return true;
}

bool decimal_parse(Str s, int scale, bool round, int64_t *ret)
{
    Digits d = {.n = 0};
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
    bool negative = s.n && s.p[0] == '-', ends_in_digit = false;
    for (; i < s.n; i++) {
        ends_in_digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (ends_in_digit) {
            if (!digits_add(&d, s.p[i] - '0'))
                return false;
        } else if (s.p[i] == '.' && d.any && !d.point) {
            d.point = true;
        } else {
            return false;
        }
    }
    return ends_in_digit && compose(str_n(d.p, d.n), d.fraction, negative, scale, round, ret);
}

static bool take(Str *s, Str head)
{
    if (!str_starts(*s, head))
        return false;
    *s = str_sub(*s, head.n, s->n);
    return true;
}

static bool take_any(Str *s, const char *const *heads)
{
    for (; *heads; heads++)
        if (take(s, str_of(*heads)))
            return true;
    return false;
}

/* Sign, currency and white space before a number, in any order; false if a second sign comes. */
static bool take_lead(Str *s, bool *negative)
{
    static const char *const MINUS[] = {"-", "\xe2\x88\x92", "\xef\xbc\x8d", NULL}; /* - − － */
    static const char *const PLUS[] = {"+", "\xef\xbc\x8b", NULL};
    static const char *const CURRENCY[] = {
        "\xc2\xa5",     "\xef\xbf\xa5", "$",   "\xef\xbc\x84", /* ¥ ￥ $ ＄ */
        "\xe2\x82\xac", "\xc2\xa3",     "CNY", "RMB",          "USD", "EUR", "HK$", NULL};
    bool signed_already = false;
    for (;;) {
        *s = str_trim(*s);
        bool minus = take_any(s, MINUS);
        if (minus || take_any(s, PLUS)) {
            if (signed_already)
                return false;
            signed_already = true;
            *negative = minus;
        } else if (!take_any(s, CURRENCY)) {
            return true;
        }
    }
}

/* Units behind a number: 万, 亿 … multiply; 元 and a percent sign say nothing more. */
static bool take_units(Str s, int64_t *shift)
{
    static const struct {
        const char *text;
        int shift;
    } UNITS[] = {{"万", 4}, {"萬", 4}, {"亿", 8}, {"億", 8},           {"千", 3},  {"百", 2},
                 {"元", 0}, {"圆", 0}, {"%", 0},  {"\xef\xbc\x85", 0}, {"CNY", 0}, {"USD", 0}};
    for (s = str_trim(s); s.n; s = str_trim(s)) {
        size_t i = 0;
        while (i < COUNT_OF(UNITS) && !take(&s, str_of(UNITS[i].text)))
            i++;
        if (i == COUNT_OF(UNITS) || *shift > 12)
            return false;
        *shift += UNITS[i].shift;
    }
    return true;
}

/* The digit at the head of s, ASCII or full width, or -1. */
static int take_digit(Str *s)
{
    if (s->n && s->p[0] >= '0' && s->p[0] <= '9') {
        int digit = s->p[0] - '0';
        *s = str_sub(*s, 1, s->n);
        return digit;
    }
    if (s->n >= 3 && !memcmp(s->p, "\xef\xbc", 2)) { /* U+FF10 … U+FF19 */
        int digit = (unsigned char)s->p[2] - 0x90;
        if (digit >= 0 && digit <= 9) {
            *s = str_sub(*s, 3, s->n);
            return digit;
        }
    }
    return -1;
}

/* Digits with thousands separators: groups behind a comma have three digits, or it is no number. */
static bool take_digits(Str *s, Digits *d)
{
    static const char *const COMMA[] = {",", "\xef\xbc\x8c", NULL};
    static const char *const POINT[] = {".", "\xef\xbc\x8e", NULL};
    bool grouped = false;
    int group = 0;
    for (;;) {
        int digit = take_digit(s);
        if (digit >= 0) {
            group++;
            if (!digits_add(d, digit))
                return false;
        } else if (!d->point && take_any(s, COMMA)) {
            if (grouped ? group != 3 : group < 1 || group > 3)
                return false;
            grouped = true;
            group = 0;
        } else if (!d->point && take_any(s, POINT)) {
            if (grouped && group != 3)
                return false;
            grouped = false;
            d->point = true;
        } else {
            return d->any && (!grouped || group == 3);
        }
    }
}

bool decimal_parse_loose(Str s, int scale, int64_t *ret)
{
    Digits d = {.n = 0};
    int64_t shift = 0;
    bool negative = false;
    s = str_trim(s);
    bool brackets = s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')'; /* accountants' minus */
    if (brackets)
        s = str_sub(s, 1, s.n - 2);
    if (!take_lead(&s, &negative) || (brackets && negative) || !take_digits(&s, &d) ||
        !take_units(s, &shift))
        return false;
    return compose(str_n(d.p, d.n), d.fraction - shift, negative || brackets, scale, false, ret);
}

/* Writes the n digits, a point before the last `places`; at least one digit before it. */
static void write_digits(Buf *b, bool negative, const char *p, size_t n, size_t places)
{
    if (negative)
        buf_char(b, '-');
    if (n <= places)
        buf_char(b, '0');
    else
        buf_add(b, p, n - places);
    if (places == 0)
        return;
    buf_char(b, '.');
    for (size_t i = n; i < places; i++)
        buf_char(b, '0');
    buf_add(b, n > places ? p + n - places : p, n > places ? places : n);
}

static size_t digits_of(unsigned __int128 v, char out[40])
{
    char reversed[40];
    size_t n = 0;
    for (; v; v /= 10)
        reversed[n++] = (char)('0' + (int)(v % 10));
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

static unsigned __int128 magnitude(__int128 v)
{
    return v < 0 ? 0 - (unsigned __int128)v : (unsigned __int128)v;
}

void decimal_write128(Buf *b, __int128 v, int scale)
{
    char digits[40];
    size_t n = digits_of(magnitude(v), digits);
    write_digits(b, v < 0, digits, n, (size_t)scale);
}

#define RATIO_DIGITS 60

/* Adds one to the number in p; true if it became one digit longer (10…0). */
static bool round_up(char *p, size_t n)
{
    while (n > 0 && p[n - 1] == '9')
        p[--n] = '0';
    if (n > 0)
        p[n - 1]++;
    return n == 0;
}

void decimal_write_ratio(Buf *b, __int128 num, __int128 den, int digits)
{
    char p[1 + 40 + RATIO_DIGITS]; /* p[0] for the carry */
    unsigned __int128 divisor = magnitude(den), rest = magnitude(num) % divisor;
    size_t n = digits_of(magnitude(num) / divisor, p + 1);
    size_t places = digits > RATIO_DIGITS ? RATIO_DIGITS : digits < 0 ? 0 : (size_t)digits;
    for (size_t i = 0; i < places; i++) {
        rest *= 10; /* den is a count times a power of ten: far below 2^124 */
        p[1 + n++] = (char)('0' + (int)(rest / divisor));
        rest %= divisor;
    }
    bool odd = n > 0 && (p[n] - '0') % 2;
    char *from = p + 1;
    if ((rest > divisor - rest || (rest == divisor - rest && odd)) && round_up(p + 1, n)) {
        *--from = '1';
        n++;
    }
    bool zero = true;
    for (size_t i = 0; i < n && zero; i++)
        zero = from[i] == '0';
    write_digits(b, num < 0 && !zero, from, n, places);
}
