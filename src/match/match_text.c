/* SPDX-License-Identifier: Apache-2.0 */
/* Values made comparable, and their keys. */
#include "base/pinyin.h"
#include "base/utf8.h"
#include "match/match_internal.h"
#include "meta/field/field.h"
#include <stdlib.h>

enum { COMPARED_MAX = 1000, HEAD_HAN = 3, HEAD_LETTERS = 6 };
enum { KEY_EQUAL = 1, KEY_SOUND, KEY_HEAD, KEY_TAIL, KEY_SORTED };

static Str match_email(Arena *a, Str folded)
{
    Str s = str_trim(folded);
    size_t at = str_find_char(s, '@');
    if (at == SIZE_MAX)
        return s;
    Str name = str_sub(s, 0, at);
    size_t plus = str_find_char(name, '+');
    if (plus != SIZE_MAX && plus > 0)
        name.n = plus;
    return str_format(a, STR_FMT STR_FMT, STR_ARG(name), STR_ARG(str_sub(s, at, s.n)));
}

static Str match_code(Arena *a, Str folded)
{
    Buf b = buf_in(a, folded.n + 1);
    for (size_t i = 0; i < folded.n; i++)
        if ((folded.p[i] >= '0' && folded.p[i] <= '9') ||
            (folded.p[i] >= 'a' && folded.p[i] <= 'z'))
            buf_char(&b, folded.p[i]);
    return buf_str(&b);
}

Str match_text(Arena *a, MatchAs as, Str raw)
{
    Str common;
    raw = str_sub(raw, 0, utf8_offset(raw, COMPARED_MAX));
    if (as == MATCH_PHONE)
        return field_phone_common(a, raw, &common) ? common : STR("");
    if (as == MATCH_LINK)
        return raw;
    Str folded = fold_text(a, raw);
    switch (as) {
    case MATCH_COMPANY: return match_company(a, folded);
    case MATCH_PERSON: return match_person(a, folded);
    case MATCH_EMAIL: return match_email(a, folded);
    case MATCH_CODE: return match_code(a, folded);
    default: return match_words(a, folded);
    }
}

bool match_has_several(const DuplicateField *f) { return str_is(f->field->name, "former_names"); }

static Str each_of(Arena *a, MatchAs as, Str raw)
{
    static const Str separator = {"；", sizeof "；" - 1};
    Buf b = buf_in(a, (size_t)COMPARED_MAX * 4 * MATCH_SEVERAL);
    for (int i = 0; i < MATCH_SEVERAL && raw.n; i++) {
        size_t at = str_find(raw, separator), end = at == SIZE_MAX ? raw.n : at;
        Str one = match_text(a, as, str_sub(raw, 0, end));
        raw = at == SIZE_MAX ? STR("") : str_sub(raw, end + separator.n, raw.n);
        if (b.n && one.n)
            buf_char(&b, '\n');
        buf_str_add(&b, one);
    }
    return buf_overflowed(&b) ? STR("") : buf_str(&b);
}

Str match_of(Arena *a, const DuplicateField *f, const Value *values)
{
    const Value *v = &values[f->field->index];
    if (v->t == V_ID)
        return str_format(a, "%lld", (long long)v->i);
    if (v->t == V_TEXT && match_has_several(f))
        return each_of(a, f->as, v->s);
    return v->t == V_TEXT ? match_text(a, f->as, v->s) : STR("");
}

/* ---- keys */
static int64_t key_of(MatchAs as, int kind, Str s)
{
    uint64_t x = str_hash(s) ^ ((uint64_t)as * 31 + (uint64_t)kind) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return (int64_t)((x ^ (x >> 27)) >> 1);
}

static Str sound_of(Arena *a, Str s, size_t *ret_han)
{
    Buf b = buf_in(a, s.n * 4 + 16);
    *ret_han = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        Str syllable = pinyin_first(c);
        *ret_han += match_is_han(c);
        if (syllable.n)
            buf_str_add(&b, syllable);
        else if (c != ' ')
            utf8_put(&b, c);
    }
    return buf_str(&b);
}

static int compare_words(const void *x, const void *y)
{
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

/* Words in their order of letters, joined: who writes the family name first finds who writes it last. */
static Str sorted_words(Arena *a, Str s, bool *ret_several)
{
    Str words[32], one;
    size_t n = 0;
    Buf b = buf_in(a, s.n + 1);
    while (n < COUNT_OF(words) && str_split(&s, ' ', &one))
        words[n++] = one;
    if (n > 1)
        qsort(words, n, sizeof *words, compare_words);
    for (size_t i = 0; i < n; i++)
        buf_str_add(&b, words[i]);
    *ret_several = n > 1;
    return buf_str(&b);
}

static size_t ends_of(MatchAs as, Str s, size_t length, int64_t *ret)
{
    size_t chars = utf8_length(s);
    if (chars == length + 1 && chars > 2)
        length--;
    if (chars <= length || length < 2)
        return 0;
    ret[0] = key_of(as, KEY_HEAD, str_sub(s, 0, utf8_offset(s, length)));
    ret[1] = key_of(as, KEY_TAIL, str_sub(s, utf8_offset(s, chars - length), s.n));
    return 2;
}

size_t match_keys(Arena *a, MatchAs as, Str comparable, bool fuzzy, int64_t ret[MATCH_KEYS])
{
    size_t n = 0, han = 0;
    bool several = false;
    if (!comparable.n)
        return 0;
    ret[n++] = key_of(as, KEY_EQUAL, comparable);
    if (!fuzzy || as == MATCH_PHONE || as == MATCH_EMAIL || as == MATCH_CODE || as == MATCH_LINK)
        return n;
    Str sound = sound_of(a, comparable, &han), sorted = sorted_words(a, comparable, &several);
    if (han)
        ret[n++] = key_of(as, KEY_SOUND, sound);
    if (several)
        ret[n++] = key_of(as, KEY_SORTED, sorted);
    else if (!han)
        ret[n++] = key_of(as, KEY_SORTED, comparable);
    if (han * 3 < comparable.n / 2)
        n += ends_of(as, sorted, HEAD_LETTERS, ret + n);
    else if (as != MATCH_PERSON)
        n += ends_of(as, comparable, HEAD_HAN, ret + n);
    return n;
}
