/* SPDX-License-Identifier: Apache-2.0 */
/* Texts in the request's language: English stands at the call site, others in the message table.
 * A translation whose conversions differ from the English ones would read wrong arguments, so it is
 * not used; scripts/check-messages reports it at build time. */
#include "base/base_internal.h"
#include "base/message.h"
#include <stdio.h>

/* Moves on to the next conversion of a format, gives its length (0 at the end). */
static size_t next_conversion(const char **at)
{
    const char *p = *at;
    while (*p && !(p[0] == '%' && p[1] != '%'))
        p += p[0] == '%' ? 2 : 1;
    *at = p;
    if (!*p)
        return 0;
    size_t n = 1 + strspn(p + 1, "-+ #0123456789.*hlzjt");
    return p[n] ? n + 1 : n;
}

static bool same_conversions(const char *a, const char *b)
{
    for (;;) {
        size_t n = next_conversion(&a), m = next_conversion(&b);
        if (n != m || memcmp(a, b, n) != 0)
            return false;
        if (n == 0)
            return true;
        a += n;
        b += n;
    }
}

Str text_format(Arena *a, Lang lang, const char *key, const char *fmt, va_list args)
{
    const char *zh = lang == LANG_ZH && key ? message_zh(key) : NULL;
    if (zh && same_conversions(zh, fmt))
        fmt = zh;
    char small[256];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(small, sizeof(small), fmt, args);
    Str text = STR("");
    if (n > 0) {
        char *p = arena_alloc(a, (size_t)n + 1);
        if ((size_t)n < sizeof(small))
            memcpy(p, small, (size_t)n + 1);
        else
            vsnprintf(p, (size_t)n + 1, fmt, again);
        text = str_n(p, (size_t)n);
    }
    va_end(again);
    return text;
}

Str text_in(Ctx *cx, const char *key, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    Str text = text_format(cx->arena, cx->lang, key, fmt, args);
    va_end(args);
    return text;
}
