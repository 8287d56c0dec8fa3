/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629): shortest forms only, no surrogates, nothing above U+10FFFF, and no NUL. */
#include "base/utf8.h"
#include <assert.h>

/* Length of the valid sequence at p (n bytes left), 0 if it is not one. */
static size_t sequence(const unsigned char *p, size_t n)
{
    unsigned c = p[0];
    if (c == 0)
        return 0;
    if (c < 0x80)
        return 1;
    size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || n < length)
        return 0;
    unsigned low = 0x80, high = 0xbf; /* of the second byte */
    if (c == 0xe0)
        low = 0xa0;
    else if (c == 0xed)
        high = 0x9f;
    else if (c == 0xf0)
        low = 0x90;
    else if (c == 0xf4)
        high = 0x8f;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* Eight bytes of ASCII without NUL. */
static bool plain8(const char *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return !((w | (w - 0x0101010101010101u)) & 0x8080808080808080u);
}

bool utf8_valid(Str s, size_t *ret_bad_at)
{
    size_t i = 0;
    while (i < s.n) {
        if (s.n - i >= 8 && plain8(s.p + i)) {
            i += 8;
            continue;
        }
        size_t length = sequence((const unsigned char *)s.p + i, s.n - i);
        if (!length) {
            if (ret_bad_at)
                *ret_bad_at = i;
            return false;
        }
        i += length;
    }
    return true;
}

static bool is_head(char c) { return ((unsigned char)c & 0xc0) != 0x80; }

size_t utf8_length(Str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += is_head(s.p[i]);
    return n;
}

size_t utf8_offset(Str s, size_t chars)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_head(s.p[i]) && chars-- == 0)
            return i;
    return s.n;
}

uint32_t utf8_next(Str s, size_t *pos)
{
    assert(*pos < s.n);
    const unsigned char *p = (const unsigned char *)s.p + *pos;
    uint32_t c = p[0];
    size_t more = c < 0xc0 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    size_t left = s.n - *pos - 1;
    if (more > left) /* cannot be in valid text; never reads behind the end */
        more = left;
    if (more)
        c &= 0x3fu >> (more & 3);
    for (size_t i = 1; i <= more; i++)
        c = c << 6 | (p[i] & 0x3f);
    *pos += more + 1;
    return c;
}

void utf8_put(Buf *b, uint32_t cp)
{
    if (cp < 0x80) {
        buf_char(b, (char)cp);
        return;
    }
    char bytes[4];
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; cp >>= 6)
        bytes[i] = (char)(0x80 | (cp & 0x3f));
    bytes[0] = (char)((0xf00 >> n) | cp);
    buf_add(b, bytes, n);
}

int utf8_cmp(Str a, Str b) { return str_cmp(a, b); }
