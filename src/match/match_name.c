/* SPDX-License-Identifier: Apache-2.0 */
/* Names of firms and people without what says nothing about which one it is. */
#include "base/utf8.h"
#include "match/match_internal.h"

enum { NAME_MAX = 400, HAN_BYTES = 3, LEFT = 2 * HAN_BYTES };

bool match_is_han(uint32_t c) { return c >= 0x2e80 && c < 0x30000; }

static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return !(c >= 0x2000 && c < 0x2070) && !(c >= 0x3000 && c < 0x3040) && c != 0xb7 && c != 0xa0 &&
           c != 0x30fb && !(c >= 0xff00 && c < 0xff10);
}

Str match_words(Arena *a, Str folded)
{
    Buf b = buf_in(a, folded.n + NAME_MAX);
    bool gap = false, han = true;
    for (size_t at = 0; at < folded.n;) {
        size_t here = at;
        uint32_t c = utf8_next(folded, &at);
        if (!is_letter(c)) {
            gap |= c != '\'' && c != 0x2019 && c != '.';
            continue;
        }
        if (gap && b.n && !han && !match_is_han(c))
            buf_char(&b, ' ');
        buf_add(&b, folded.p + here, at - here);
        gap = false;
        han = match_is_han(c);
    }
    return buf_str(&b);
}

/* ---- brackets */
static bool in_list(const char *list, Str word)
{
    Str rest = str_of(list), one;
    while (str_split(&rest, ' ', &one))
        if (one.n && str_eq(one, word))
            return true;
    return false;
}

static bool says_nothing(Str inside)
{
    static const char LEGAL[] =
        "集团 股份 控股 有限合伙 普通合伙 特殊普通合伙 个体工商户 中国 china "
        "group holdings hk 香港";
    Str word = str_trim(inside);
    if (str_ends(word, STR("市")) || str_ends(word, STR("省")))
        word.n -= HAN_BYTES;
    return in_list(LEGAL, word) || in_list(match_places, word);
}

/* Brackets go; what stands in them stays unless it is a place or a legal form. */
static Str without_brackets(Arena *a, Str s)
{
    Buf b = buf_in(a, s.n + NAME_MAX);
    for (size_t at = 0; at < s.n; at++) {
        char close = s.p[at] == '(' ? ')' : s.p[at] == '[' ? ']' : 0;
        size_t n = close ? str_find_char(str_sub(s, at, s.n), close) : SIZE_MAX;
        if (n != SIZE_MAX && says_nothing(str_sub(s, at + 1, n - 1)))
            at += n;
        else
            buf_char(&b, s.p[at]);
    }
    return buf_str(&b);
}

/* ---- places before the name */
static size_t unit_after(Str s)
{
    static const char UNITS[] =
        "特别行政区 维吾尔自治区 壮族自治区 回族自治区 自治区 自治州 地区 省 市";
    Str rest = str_of(UNITS), unit;
    while (str_split(&rest, ' ', &unit))
        if (str_starts(s, unit))
            return unit.n;
    return 0;
}

/* The list is in the order of its bytes: where its words that begin with the first character of s begin. */
static Str places_like(Str s)
{
    Str all = str_n(match_places, strlen(match_places));
    size_t from = 0, to = all.n;
    while (from < to) {
        size_t at = (from + to) / 2, blank;
        while (at > from && all.p[at - 1] != ' ')
            at--;
        blank = str_find_char(str_sub(all, at, all.n), ' ');
        if (memcmp(all.p + at, s.p, HAN_BYTES) < 0)
            from = blank == SIZE_MAX ? all.n : at + blank + 1;
        else
            to = at;
    }
    return str_sub(all, from, all.n);
}

static size_t place_before(Str s)
{
    size_t longest = str_starts(s, STR("中国")) ? 2 * HAN_BYTES : 0;
    Str rest = s.n < HAN_BYTES ? STR("") : places_like(s), place;
    while (str_split(&rest, ' ', &place) && str_starts(place, str_sub(s, 0, HAN_BYTES)))
        if (place.n > longest && str_starts(s, place))
            longest = place.n;
    return longest ? longest + unit_after(str_sub(s, longest, s.n)) : 0;
}

/* A district: two or three characters and 区 or 县, behind a place that was named. */
static size_t district_before(Str s)
{
    for (size_t n = 2; n <= 3; n++) {
        Str unit = str_sub(s, n * HAN_BYTES, HAN_BYTES);
        if (str_is(unit, "区") || str_is(unit, "县") || str_is(unit, "市"))
            return (n + 1) * HAN_BYTES;
    }
    return 0;
}

static Str without_places(Str s)
{
    for (int i = 0; i < 4; i++) {
        size_t n = place_before(s);
        if (!n && i)
            n = district_before(s);
        if (!n || n + LEFT > s.n)
            break;
        s = str_sub(s, n, s.n);
    }
    return s;
}

/* ---- legal forms behind it */
static Str without_forms(Str s)
{
    static const char FORMS[] = "股份有限公司 有限责任公司 集团有限公司 有限公司 股份公司 集团公司 "
                                "控股公司 总公司 公司 集团 "
                                "股份 控股 有限责任 有限";
    Str rest = str_of(FORMS), form;
    for (int i = 0; i < 3; i++, rest = str_of(FORMS)) {
        size_t before = s.n;
        while (s.n == before && str_split(&rest, ' ', &form))
            if (str_ends(s, form) && s.n >= form.n + LEFT)
                s.n -= form.n;
        if (s.n == before)
            break;
    }
    return s;
}

static Str last_word(Str s)
{
    size_t at = s.n;
    while (at && s.p[at - 1] != ' ')
        at--;
    return str_sub(s, at, s.n);
}

/* Co., Ltd., Inc., GmbH …, and The before the name; one word always stays. */
static Str without_words(Str s)
{
    static const char WORDS[] = "co company coltd ltd limited inc incorporated corp corporation "
                                "llc llp lp plc pty pte gmbh ag "
                                "kg sa sas sarl srl spa bv nv kk oy ab as aps group holding "
                                "holdings international intl china "
                                "hk the and";
    for (Str word = last_word(s); word.n && word.n < s.n && in_list(WORDS, word);
         word = last_word(s))
        s = str_trim(str_sub(s, 0, s.n - word.n));
    if (str_starts(s, STR("the ")))
        s = str_sub(s, 4, s.n);
    return s;
}

Str match_company(Arena *a, Str folded)
{
    Str s = match_words(a, without_brackets(a, folded));
    size_t at = 0;
    if (!s.n)
        return s;
    if (match_is_han(utf8_next(s, &at)))
        s = without_places(s);
    return without_words(without_forms(s));
}

Str match_person(Arena *a, Str folded)
{
    static const char TITLES[] = "mr mrs ms miss dr prof";
    Str s = match_words(a, folded), word;
    static const char *const HAN[] = {"先生", "女士", "小姐", "老师", "总"};
    for (size_t i = 0; i < COUNT_OF(HAN); i++) {
        word = str_of(HAN[i]);
        if (str_ends(s, word) && s.n >= word.n + LEFT)
            return str_sub(s, 0, s.n - word.n);
    }
    size_t blank = str_find_char(s, ' ');
    if (blank != SIZE_MAX && in_list(TITLES, str_sub(s, 0, blank)))
        s = str_sub(s, blank + 1, s.n);
    return s;
}
