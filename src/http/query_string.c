/* SPDX-License-Identifier: Apache-2.0 */
/* Query strings as application/x-www-form-urlencoded, read strictly (see query_string.h). */
#include "http/query_string.h"

#include "base/utf8.h"

static int hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool needs_decoding(Str raw, bool plus)
{
    return raw.n && (memchr(raw.p, '%', raw.n) || (plus && memchr(raw.p, '+', raw.n)));
}

bool query_string_decode(Arena *a, Str raw, bool plus, Str *ret)
{
    *ret = raw;
    if (needs_decoding(raw, plus)) {
        char *out = arena_alloc(a, raw.n);
        size_t n = 0;
        for (size_t i = 0; i < raw.n; i++) {
            char c = raw.p[i];
            if (c == '%') {
                int hi = i + 2 < raw.n ? hex_value((unsigned char)raw.p[i + 1]) : -1;
                int lo = i + 2 < raw.n ? hex_value((unsigned char)raw.p[i + 2]) : -1;
                if (hi < 0 || lo < 0)
                    return false;
                c = (char)(hi * 16 + lo);
                i += 2;
            } else if (c == '+' && plus) {
                c = ' ';
            }
            out[n++] = c;
        }
        *ret = str_n(out, n);
    }
    size_t bad_at;
    return utf8_valid(*ret, &bad_at);
}

static bool is_allowed(Str name, const char *allowed)
{
    Str list = str_of(allowed), word;
    while (name.n && str_split(&list, ' ', &word))
        if (str_eq(word, name))
            return true;
    return false;
}

static bool is_repeated(Str name, const QueryPair *seen, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(seen[i].name, name))
            return true;
    return false;
}

bool query_string_parse(Arena *a, Str raw, const char *allowed, QueryPair *out, size_t max,
                        size_t *ret_n, Str *ret_bad)
{
    *ret_n = 0;
    *ret_bad = STR_NULL;
    Str item;
    while (str_split(&raw, '&', &item)) {
        if (!item.n)
            continue;
        size_t eq = str_find_char(item, '=');
        Str raw_name = eq == SIZE_MAX ? item : str_sub(item, 0, eq);
        Str raw_value = eq == SIZE_MAX ? STR("") : str_sub(item, eq + 1, SIZE_MAX);
        Str name, value;
        *ret_bad = raw_name;
        if (!query_string_decode(a, raw_name, true, &name))
            return false;
        *ret_bad = name;
        if (!is_allowed(name, allowed) || is_repeated(name, out, *ret_n) || *ret_n == max ||
            !query_string_decode(a, raw_value, true, &value))
            return false;
        out[(*ret_n)++] = (QueryPair){name, value};
    }
    *ret_bad = STR_NULL;
    return true;
}
