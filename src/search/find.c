/* SPDX-License-Identifier: Apache-2.0 */
/* Where a term stands in a value: the exact answer to what the tokens only promise, and what is
 * marked on the screen. Positions are code points of the value as it was written. */
#include "search/search_internal.h"

#define MAX_STEPS 2000 /* of one attempt to read letters as pinyin */

static void text_add(SearchText *t, uint32_t cp, uint32_t origin)
{
    t->cp[t->n] = cp;
    t->origin[t->n++] = origin;
}

/* At most so many characters when folded: U+FDFA becomes 18, plain ones stay one. */
static size_t text_most(Str value)
{
    size_t n = 1;
    uint32_t folded;
    for (size_t at = 0; at < value.n;)
        n += fold_char(utf8_next(value, &at), &folded) ? 1 : 18;
    return n;
}

/* Folds one character at a time, so that each folded one knows where it comes from. */
SearchText search_text(Arena *a, const Field *f, Str value)
{
    SearchText t = {.field = f};
    size_t most = text_most(value);
    t.cp = arena_alloc(a, most * sizeof *t.cp);
    t.origin = arena_alloc(a, most * sizeof *t.origin);
    for (size_t at = 0; at < value.n; t.n_origin++) {
        size_t start = at;
        uint32_t cp = utf8_next(value, &at);
        if (f->kind == F_PHONE && cp == 'x')
            cp = ' '; /* the extension is a word of its own */
        uint32_t plain;
        if (fold_char(cp, &plain)) {
            text_add(&t, plain, (uint32_t)t.n_origin);
            continue;
        }
        Str folded = fold_text(a, str_sub(value, start, at - start));
        for (size_t k = 0; k < folded.n;)
            text_add(&t, utf8_next(folded, &k), (uint32_t)t.n_origin);
    }
    return t;
}

static bool found(const SearchText *t, size_t from, size_t to, SearchRange *ret)
{
    *ret = (SearchRange){t->origin[from], t->origin[to - 1] + 1};
    return true;
}

static bool stands_at(const SearchText *t, size_t at, Str text, size_t *ret_end)
{
    for (size_t k = 0; k < text.n; at++)
        if (at >= t->n || utf8_next(text, &k) != t->cp[at])
            return false;
    *ret_end = at;
    return true;
}

static bool begins_word(const SearchText *t, size_t at)
{
    return letter_kind(t->cp[at]) == LETTER_WORD &&
           (at == 0 || letter_kind(t->cp[at - 1]) != LETTER_WORD);
}

static bool find_text(const SearchText *t, Str text, bool words, SearchRange *ret)
{
    size_t end;
    for (size_t at = 0; at < t->n; at++)
        if ((!words || begins_word(t, at)) && stands_at(t, at, text, &end))
            return found(t, at, end, ret);
    return false;
}

/* The end of an automatic number, without the zeros before it. */
static bool find_tail(const SearchText *t, Str digits, SearchRange *ret)
{
    size_t end, at = t->n >= digits.n ? t->n - digits.n : t->n;
    size_t width = letter_number_width(t->field);
    if (t->field->kind != F_AUTO_NUMBER || digits.n > width || !stands_at(t, at, digits, &end))
        return false;
    for (size_t k = at; k > 0 && t->n - k < width; k--)
        if (t->cp[k - 1] != '0')
            return false;
    return found(t, at, end, ret);
}

/* ---- pinyin */
typedef struct Reader {
    const SearchText *t;
    size_t end;
    int steps;
} Reader;

static bool reads(Reader *r, size_t at, Str letters);

/* lyu, nyue for lü, nüe. */
static bool reads_umlaut(Reader *r, size_t at, Str letters, Str syllable)
{
    if (syllable.n < 2 || syllable.p[1] != 'v' || letters.p[0] != syllable.p[0] ||
        !str_starts(str_sub(letters, 1, letters.n), STR("yu")))
        return false;
    Str rest = str_sub(letters, 3, letters.n), tail = str_sub(syllable, 2, syllable.n);
    return str_starts(rest, tail) && reads(r, at + 1, str_sub(rest, tail.n, rest.n));
}

static bool reads(Reader *r, size_t at, Str letters)
{
    uint16_t readings[SEARCH_READINGS];
    if (!letters.n) {
        r->end = at;
        return true;
    }
    if (at >= r->t->n || ++r->steps > MAX_STEPS)
        return false;
    size_t n = letter_readings(r->t->cp[at], readings);
    for (size_t i = 0; i < n; i++) {
        Str syllable = pinyin_syllable(readings[i]);
        if (str_starts(syllable, letters)) {
            r->end = at + 1;
            return true;
        }
        if (str_starts(letters, syllable) &&
            reads(r, at + 1, str_sub(letters, syllable.n, letters.n)))
            return true;
        if (reads_umlaut(r, at, letters, syllable))
            return true;
        if (syllable.n > 1 && letters.p[0] == syllable.p[0] &&
            reads(r, at + 1, str_sub(letters, 1, letters.n)))
            return true;
    }
    return false;
}

static bool find_pinyin(const SearchText *t, Str letters, SearchRange *ret)
{
    for (size_t at = 0; at < t->n; at++) {
        Reader r = {.t = t};
        if (letter_kind(t->cp[at]) == LETTER_HAN && reads(&r, at, letters))
            return found(t, at, r.end, ret);
    }
    return false;
}

bool search_find(const SearchText *t, const SearchTerm *term, SearchRange *ret)
{
    if (find_text(t, term->text, term->kind == TERM_WORD, ret))
        return true;
    if (term->kind != TERM_WORD)
        return false;
    if (letter_all_digits(term->text))
        return find_tail(t, term->text, ret);
    if (!search_is_long(t->field) && letter_all_latin(term->text) && term->text.n > 1 &&
        find_pinyin(t, term->text, ret))
        return true;
    for (size_t i = 0; i < term->n_near; i++)
        if (find_text(t, term->near[i], true, ret))
            return true;
    return false;
}
