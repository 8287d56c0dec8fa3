/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of letters and pieces of text: the tokeniser and the matcher must see the same ones. */
#include "search/search_internal.h"
#include <unicode/uchar.h>

static bool is_spaceless(uint32_t cp)
{
    return (cp >= 0x3400 && cp <= 0x9fff) || cp == 0x3007 || cp == 0x3005 ||
           (cp >= 0x3041 && cp <= 0x30ff && cp != 0x30fb) || (cp >= 0x3105 && cp <= 0x312f) ||
           (cp >= 0xac00 && cp <= 0xd7a3) || (cp >= 0xf900 && cp <= 0xfaff) ||
           (cp >= 0x20000 && cp <= 0x3fffd) || (cp >= 0x0e01 && cp <= 0x0eff) ||
           (cp >= 0x1780 && cp <= 0x17d3);
}

LetterKind letter_kind(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') ? LETTER_WORD : LETTER_NONE;
    if (is_spaceless(cp))
        return LETTER_HAN;
    return U_GET_GC_MASK((UChar32)cp) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK) ? LETTER_WORD
                                                                                  : LETTER_NONE;
}

bool letter_piece(Str folded, size_t *pos, Str *ret, LetterKind *ret_kind)
{
    size_t start = *pos, at = *pos;
    LetterKind kind = LETTER_NONE;
    while (at < folded.n) {
        size_t before = at;
        LetterKind k = letter_kind(utf8_next(folded, &at));
        if (kind == LETTER_NONE) {
            start = before;
            kind = k;
        } else if (k != kind) {
            at = before;
            break;
        }
    }
    *pos = at;
    *ret = str_sub(folded, start, at - start);
    *ret_kind = kind;
    return kind != LETTER_NONE;
}

size_t letter_readings(uint32_t cp, uint16_t ret[SEARCH_READINGS])
{
    static const char *const as_typed[][2] = {{"lv", "lu"}, {"nv", "nu"}};
    size_t n = pinyin_numbers(cp, ret), own = n;
    for (size_t i = 0; i < own; i++)
        for (size_t k = 0; k < COUNT_OF(as_typed); k++)
            if (n < SEARCH_READINGS && str_is(pinyin_syllable(ret[i]), as_typed[k][0]))
                pinyin_range(str_of(as_typed[k][1]), &ret[n++]);
    return n;
}

bool letter_all_digits(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!letter_is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

bool letter_all_latin(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'a' || s.p[i] > 'z')
            return false;
    return s.n > 0;
}

size_t letter_length(size_t n)
{
    static const size_t lengths[] = SEARCH_LENGTHS;
    size_t longest = 1;
    for (size_t i = 0; i < COUNT_OF(lengths) && lengths[i] <= n; i++)
        longest = lengths[i];
    return longest;
}

void letter_syllable(Buf *b, uint16_t number) { utf8_put(b, SEARCH_SYLLABLE + number); }

Str letter_squeeze(Arena *a, Str folded)
{
    Buf b = buf_in(a, SEARCH_TITLE_CHARS * 4 + 4);
    size_t n = 0;
    for (size_t at = 0; at < folded.n && n < SEARCH_TITLE_CHARS;) {
        uint32_t cp = utf8_next(folded, &at);
        if (letter_kind(cp) == LETTER_NONE)
            continue;
        utf8_put(&b, cp);
        n++;
    }
    return buf_str(&b);
}

static Str digits_of(Arena *a, Str s)
{
    Buf digits = buf_in(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        if (letter_is_digit(s.p[i]))
            buf_char(&digits, s.p[i]);
    return buf_str(&digits);
}

Str letter_phone(Arena *a, Str phone, Str *ret_extension)
{
    size_t x = str_find_char(phone, 'x');
    bool plus = phone.n && phone.p[0] == '+';
    Str main = digits_of(a, str_sub(phone, 0, x));
    if (str_starts(main, STR("0086")))
        main = str_sub(main, 4, main.n);
    else if (str_starts(main, STR("86")) && (plus || main.n >= 12))
        main = str_sub(main, 2, main.n);
    if (ret_extension)
        *ret_extension = x < phone.n ? digits_of(a, str_sub(phone, x + 1, phone.n)) : STR_NULL;
    return main;
}

size_t letter_number_width(const Field *f)
{
    Str format = f->number_format;
    size_t width = 0, at = 0;
    for (size_t i = 0; i + 1 < format.n; i++)
        if (format.p[i] == '{' && format.p[i + 1] == '0')
            at = i + 1;
    while (at && at + width < format.n && format.p[at + width] == '0')
        width++;
    return width;
}
