/* SPDX-License-Identifier: Apache-2.0 */
/* Names of files as clients send them: some send whole paths, some hide what a name ends in. */
#include "base/utf8.h"
#include "file/file.h"

#define NAME_MAX_CHARS 255

/* Marks that turn the direction of what follows, so that exe.txt reads txt.exe; and separators. */
static bool is_mark(uint32_t c)
{
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

static bool is_control(uint32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

static Str last_part(Str name)
{
    size_t from = 0;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '/' || name.p[i] == '\\')
            from = i + 1;
    return str_sub(name, from, name.n);
}

Str file_name_clean(Arena *a, Str name)
{
    Str s = last_part(name);
    Buf out = buf_in(a, s.n + 8);
    size_t chars = 0;
    bool valid = utf8_valid(s, NULL);
    for (size_t i = 0; i < s.n && chars < NAME_MAX_CHARS;) {
        size_t from = i;
        uint32_t c = valid ? utf8_next(s, &i) : (uint8_t)s.p[i++];
        if (is_control(c) || is_mark(c) || (!valid && c >= 0x80))
            continue;
        buf_add(&out, s.p + from, i - from);
        chars++;
    }
    Str clean = str_trim(buf_str(&out));
    bool dots = true;
    for (size_t i = 0; i < clean.n; i++)
        dots = dots && clean.p[i] == '.';
    return dots ? STR("file") : clean;
}
