/* SPDX-License-Identifier: Apache-2.0 */
/* Registration numbers of Chinese organisations: 统一社会信用代码 (GB 32100-2015), 18 characters whose last
 * checks the others; before 2015 15 digits whose last checks the others (GS 15-2006, ISO 7064 MOD 11,10). */
#include "base/utf8.h"
#include "meta/field/field.h"

#define CODE_LENGTH 18
#define OLD_LENGTH 15

static const char ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* without I O S V Z */

/* Without spaces and dashes, narrow, in capitals. */
Str field_registration_common(Arena *a, Str s)
{
    Buf b = buf_in(a, s.n + 1);
    size_t pos = 0;
    while (pos < s.n) {
        uint32_t cp = utf8_next(s, &pos);
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0;
        if (cp == ' ' || cp == '-' || cp == 0x3000)
            continue;
        utf8_put(&b, cp >= 'a' && cp <= 'z' ? cp - 'a' + 'A' : cp);
    }
    return buf_str(&b);
}

static bool is_code(Str s)
{
    int sum = 0, weight = 1;
    if (s.n != CODE_LENGTH)
        return false;
    for (size_t i = 0; i < CODE_LENGTH; i++) {
        const char *at = s.p[i] ? strchr(ALPHABET, s.p[i]) : NULL;
        if (!at)
            return false;
        int v = (int)(at - ALPHABET);
        if (i == CODE_LENGTH - 1)
            return v == (31 - sum % 31) % 31;
        sum += v * weight;
        weight = weight * 3 % 31;
    }
    return false;
}

static bool is_old(Str s)
{
    int product = 10;
    if (s.n != OLD_LENGTH)
        return false;
    for (size_t i = 0; i < OLD_LENGTH; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (i == OLD_LENGTH - 1)
            return (product + s.p[i] - '0') % 10 == 1;
        int sum = (product + s.p[i] - '0') % 10;
        product = (sum ? sum : 10) * 2 % 11;
    }
    return false;
}

Status field_registration_check(Ctx *cx, const Field *f, Str s)
{
    if (is_code(s) || (f->format == FORMAT_REGISTRATION_OLD && is_old(s)))
        return ST_OK;
    if (s.n == CODE_LENGTH)
        return FIELD_FAIL(cx, f->name, "bad_check", "field.registration_check",
                          "is not a registration number: a character is wrong or two are swapped");
    return FIELD_FAIL(cx, f->name, "bad_value", "field.bad_registration",
                      "is not a registration number of %d characters", CODE_LENGTH);
}
