/* SPDX-License-Identifier: Apache-2.0 */
/* Str: views of bytes, and the few things that make new ones in an arena. */
#include "base/str.h"
#include "base/base_internal.h"
#include <stdio.h>

int str_cmp(Str a, Str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(Str s, Str head)
{
    return s.n >= head.n && (head.n == 0 || !memcmp(s.p, head.p, head.n));
}

bool str_ends(Str s, Str tail)
{
    return s.n >= tail.n && (tail.n == 0 || !memcmp(s.p + s.n - tail.n, tail.p, tail.n));
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

#define WIDE_SPACE STR("\xe3\x80\x80") /* U+3000 */

Str str_trim(Str s)
{
    for (;;) {
        if (s.n && is_space(s.p[0]))
            s = str_n(s.p + 1, s.n - 1);
        else if (str_starts(s, WIDE_SPACE))
            s = str_n(s.p + 3, s.n - 3);
        else if (s.n && is_space(s.p[s.n - 1]))
            s.n--;
        else if (str_ends(s, WIDE_SPACE))
            s.n -= 3;
        else
            return s;
    }
}

Str str_sub(Str s, size_t from, size_t n)
{
    if (from > s.n)
        from = s.n;
    if (n > s.n - from)
        n = s.n - from;
    return s.p ? str_n(s.p + from, n) : STR_NULL;
}

size_t str_find_char(Str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : SIZE_MAX;
}

size_t str_find(Str s, Str needle)
{
    if (needle.n == 0)
        return 0;
    const char *at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return at ? (size_t)(at - s.p) : SIZE_MAX;
}

bool str_split(Str *s, char sep, Str *ret_head)
{
    if (s->n == 0)
        return false;
    size_t at = str_find_char(*s, sep);
    if (at == SIZE_MAX) {
        *ret_head = *s;
        *s = str_n(s->p + s->n, 0);
    } else {
        *ret_head = str_n(s->p, at);
        *s = str_n(s->p + at + 1, s->n - at - 1);
    }
    return true;
}

Str str_copy(Arena *a, Str s) { return s.p ? str_n(str_z(a, s), s.n) : STR_NULL; }

char *str_z(Arena *a, Str s)
{
    char *copy = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    return copy;
}

Str str_format(Arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    Str text = text_format(a, LANG_EN, NULL, fmt, args);
    va_end(args);
    return text;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t read8(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

/* Folded 64 × 64 → 128 bit products, eight bytes a step; odd constants of high entropy
 * (the first fractional digits of π). Not for storage: it may change. */
uint64_t str_hash_seeded(Str s, uint64_t seed)
{
    const uint64_t k1 = 0x243f6a8885a308d3u, k2 = 0x13198a2e03707345u;
    uint64_t h = seed ^ k1 ^ s.n;
    size_t i = 0;
    for (; s.n - i >= 8; i += 8)
        h = mix(h ^ read8(s.p + i), k2);
    uint64_t rest = 0;
    if (i < s.n)
        memcpy(&rest, s.p + i, s.n - i);
    return mix(h ^ rest ^ k2, k1 | 1);
}

uint64_t str_hash(Str s) { return str_hash_seeded(s, 0); }

bool str_uint(Str s, uint64_t *ret)
{
    uint64_t v = 0;
    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned digit = (unsigned char)s.p[i] - '0';
        if (digit > 9 || __builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, digit, &v))
            return false;
    }
    *ret = v;
    return true;
}

bool str_int(Str s, int64_t *ret)
{
    bool negative = s.n && s.p[0] == '-';
    uint64_t v;
    if (!str_uint(negative ? str_n(s.p + 1, s.n - 1) : s, &v))
        return false;
    if (v > (uint64_t)INT64_MAX + negative)
        return false;
    *ret = negative ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}
