/* SPDX-License-Identifier: Apache-2.0 */
/* Buf: growing text in an arena. One byte more than .cap is always there, for buf_z's NUL. */
#include "base/buf.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_BYTES 128

Buf buf_in(Arena *a, size_t max_bytes) { return (Buf){.arena = a, .max = max_bytes}; }

const char *buf_z(Buf *b)
{
    if (!b->p)
        return "";
    b->p[b->n] = '\0';
    return b->p;
}

bool buf_reserve(Buf *b, size_t more)
{
    if (b->overflow || more > b->max - b->n) {
        b->overflow = true;
        return false;
    }
    if (b->p && more <= b->cap - b->n)
        return true;
    size_t cap = b->cap ? b->cap * 2 : FIRST_BYTES;
    if (cap < b->n + more)
        cap = b->n + more;
    if (cap > b->max)
        cap = b->max;
    b->p = arena_grow(b->arena, b->p, b->p ? b->cap + 1 : 0, cap + 1);
    b->cap = cap;
    return true;
}

void buf_add(Buf *b, const void *p, size_t n)
{
    if (n == 0 || !buf_reserve(b, n))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

void buf_char(Buf *b, char c)
{
    if (buf_reserve(b, 1))
        b->p[b->n++] = c;
}

void buf_str_add(Buf *b, Str s) { buf_add(b, s.p, s.n); }

/* Digits of v that end before `end`: two at a time, a division costs more than all the rest. */
static char *digits_before(char *end, uint64_t v)
{
    static const char PAIRS[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    for (; v >= 100; v /= 100)
        memcpy(end -= 2, PAIRS + v % 100 * 2, 2);
    if (v >= 10)
        memcpy(end -= 2, PAIRS + v * 2, 2);
    else
        *--end = (char)('0' + v);
    return end;
}

void buf_uint(Buf *b, uint64_t v)
{
    char digits[20], *end = digits + sizeof(digits), *at = digits_before(end, v);
    buf_add(b, at, (size_t)(end - at));
}

void buf_int(Buf *b, int64_t v)
{
    if (v < 0)
        buf_char(b, '-');
    buf_uint(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void buf_hex(Buf *b, const void *p, size_t n)
{
    static const char DIGITS[] = "0123456789abcdef";
    const unsigned char *bytes = p;
    if (n > SIZE_MAX / 2 || !buf_reserve(b, 2 * n))
        return;
    for (size_t i = 0; i < n; i++) {
        b->p[b->n++] = DIGITS[bytes[i] >> 4];
        b->p[b->n++] = DIGITS[bytes[i] & 15];
    }
}

void buf_printf(Buf *b, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    size_t room = b->p ? b->cap - b->n + 1 : 0;
    int n = vsnprintf(room ? b->p + b->n : NULL, room, fmt, args);
    if (n > 0 && !b->overflow) {
        if ((size_t)n >= room && buf_reserve(b, (size_t)n))
            vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        if (!b->overflow)
            b->n += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void buf_html(Buf *b, Str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *as = NULL;
        switch (s.p[i]) {
        case '&': as = "&amp;"; break;
        case '<': as = "&lt;"; break;
        case '>': as = "&gt;"; break;
        case '"': as = "&quot;"; break;
        case '\'': as = "&#39;"; break;
        default: continue;
        }
        buf_add(b, s.p + from, i - from);
        buf_str_add(b, str_of(as));
        from = i + 1;
    }
    buf_add(b, s.p + from, s.n - from);
}

static bool csv_needs_quotes(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\r' || s.p[i] == '\n')
            return true;
    return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

void buf_csv(Buf *b, Str s)
{
    if (!csv_needs_quotes(s)) {
        buf_str_add(b, s);
        return;
    }
    buf_char(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '"')
            continue;
        buf_add(b, s.p + from, i + 1 - from); /* with the quote, and once more with the next run */
        from = i;
    }
    buf_add(b, s.p + from, s.n - from);
    buf_char(b, '"');
}

void buf_truncate(Buf *b, size_t n)
{
    if (n < b->n)
        b->n = n;
}

/* Length of the run from `from` that needs no escape; eight bytes a step. */
static size_t json_plain(Str s, size_t from)
{
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    size_t i = from;
    for (; s.n - i >= 8; i += 8) {
        uint64_t w;
        memcpy(&w, s.p + i, 8);
        uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\');
        /* the high bit of a byte is set if it is < 0x20, or the other two are 0 in it */
        uint64_t hit =
            ((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
        if (hit & high)
            break;
    }
    while (i < s.n && (unsigned char)s.p[i] >= 0x20 && s.p[i] != '"' && s.p[i] != '\\')
        i++;
    return i - from;
}

static void json_escape(Buf *b, unsigned char c)
{
    switch (c) {
    case '"': buf_lit(b, "\\\""); break;
    case '\\': buf_lit(b, "\\\\"); break;
    case '\n': buf_lit(b, "\\n"); break;
    case '\r': buf_lit(b, "\\r"); break;
    case '\t': buf_lit(b, "\\t"); break;
    case '\b': buf_lit(b, "\\b"); break;
    case '\f': buf_lit(b, "\\f"); break;
    default: buf_lit(b, "\\u00"); buf_hex(b, &c, 1);
    }
}

void buf_json_str(Buf *b, Str s)
{
    if (json_plain(s, 0) == s.n) { /* nearly every text */
        if (!buf_reserve(b, s.n + 2))
            return;
        b->p[b->n] = b->p[b->n + s.n + 1] = '"';
        if (s.n)
            memcpy(b->p + b->n + 1, s.p, s.n);
        b->n += s.n + 2;
        return;
    }
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        size_t run = json_plain(s, i);
        buf_add(b, s.p + i, run);
        i += run;
        if (i < s.n)
            json_escape(b, (unsigned char)s.p[i]);
    }
    buf_char(b, '"');
}

void buf_json_id(Buf *b, int64_t id)
{
    char text[24], *end = text + sizeof(text), *at = end;
    *--at = '"';
    at = digits_before(at, id < 0 ? 0 - (uint64_t)id : (uint64_t)id);
    if (id < 0)
        *--at = '-';
    *--at = '"';
    buf_add(b, at, (size_t)(end - at));
}

void buf_json_next(Buf *b, int64_t id)
{
    buf_lit(b, "],\"next\":");
    if (id)
        buf_json_id(b, id);
    else
        buf_lit(b, "null");
    buf_char(b, '}');
}

void buf_json_named(Buf *b, int64_t id, Str title)
{
    buf_lit(b, "{\"id\":");
    buf_json_id(b, id);
    buf_lit(b, ",\"title\":");
    if (title.p)
        buf_json_str(b, title);
    else
        buf_lit(b, "null");
    buf_char(b, '}');
}

void buf_json_real(Buf *b, double v)
{
    if (!isfinite(v)) {
        buf_lit(b, "null");
        return;
    }
    if (fabs(v) < 9007199254740992.0 && v == (double)(int64_t)v) {
        buf_int(b, (int64_t)v);
        return;
    }
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    buf_str_add(b, str_of(text));
}

void buf_json_bool(Buf *b, bool v) { buf_str_add(b, v ? STR("true") : STR("false")); }

void buf_key(Buf *b, bool *first, const char *name)
{
    if (!*first)
        buf_char(b, ',');
    *first = false;
    buf_char(b, '"');
    buf_str_add(b, str_of(name));
    buf_lit(b, "\":");
}

void buf_decimal(Buf *b, int64_t v, int scale)
{
    char digits[32], *end = digits + sizeof(digits), *at = end;
    uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    for (int i = 0; rest || i <= scale; i++, rest /= 10) {
        if (i == scale && scale > 0)
            *--at = '.';
        *--at = (char)('0' + rest % 10);
    }
    if (v < 0)
        *--at = '-';
    buf_add(b, at, (size_t)(end - at));
}
