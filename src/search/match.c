/* SPDX-License-Identifier: Apache-2.0 */
/* A typed text as terms, and terms in the language of the engine's index. Whole tokens are asked
 * for wherever possible: both engines read those in order and stop early, while the beginning of a
 * token makes them collect everything first. */
#include "search/search_internal.h"
#include "search/spell.h"

#define MAX_MATCH ((size_t)64 * 1024)
#define MAX_PAIRS 16 /* neighbouring characters of one term that are asked for */
#define PHONE_MIN 7
#define PHONE_LONG 10 /* with an area code */

/* ---- terms */
static bool is_phone_like(Str s, size_t *ret_digits)
{
    *ret_digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (letter_is_digit(s.p[i]))
            ++*ret_digits;
        else if (!strchr(" +-()./", s.p[i]))
            return false;
    }
    return *ret_digits >= PHONE_MIN;
}

/* The 0 of an area code is not dialled behind +86: what follows it is in both forms. */
static Str phone_digits(Arena *a, Str typed)
{
    Str digits = letter_phone(a, typed, NULL);
    if (digits.n >= PHONE_LONG && digits.p[0] == '0')
        digits = str_sub(digits, 1, digits.n);
    return digits;
}

static void match_term(SearchQuery *q, Str text, LetterKind kind)
{
    if (q->n == SEARCH_MAX_TERMS)
        return;
    TermKind k = kind == LETTER_HAN                                 ? TERM_HAN
                 : letter_all_digits(text) && text.n >= SEARCH_GRAM ? TERM_DIGITS
                                                                    : TERM_WORD;
    q->terms[q->n++] = (SearchTerm){.text = text, .kind = k};
}

Status search_parse(Ctx *cx, Str text, SearchQuery *ret)
{
    *ret = (SearchQuery){.n = 0};
    size_t bad, digits;
    if (!utf8_valid(text, &bad))
        return FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "search.not_text",
                         "the search text is not valid UTF-8");
    if (utf8_length(text) > SEARCH_MAX_CHARS)
        return FAIL_CODE(cx, ST_MALFORMED, "bad_parameter", "search.too_long",
                         "at most %d characters can be searched for", SEARCH_MAX_CHARS);
    Str folded = fold_text(cx->arena, str_trim(text)), piece;
    LetterKind kind;
    ret->letters = letter_squeeze(cx->arena, folded);
    if (is_phone_like(folded, &digits)) {
        match_term(ret, phone_digits(cx->arena, folded), LETTER_WORD);
        return ST_OK;
    }
    for (size_t pos = 0; letter_piece(folded, &pos, &piece, &kind);)
        match_term(ret, piece, kind);
    return ST_OK;
}

/* ---- the engine's language */
typedef struct Match {
    Buf *out;
    DbKind kind;
} Match;

static void match_token(const Match *m, Str token, bool begins)
{
    bool lite = m->kind == DB_SQLITE;
    buf_char(m->out, lite ? '"' : '\'');
    buf_str_add(m->out, token); /* letters and digits only: nothing to escape */
    buf_char(m->out, lite ? '"' : '\'');
    if (begins && lite)
        buf_lit(m->out, " *");
    else if (begins)
        buf_lit(m->out, ":*");
}

static void match_and(const Match *m)
{
    if (m->kind == DB_SQLITE)
        buf_lit(m->out, " AND ");
    else
        buf_lit(m->out, " & ");
}

static void match_or(const Match *m)
{
    if (m->kind == DB_SQLITE)
        buf_lit(m->out, " OR ");
    else
        buf_lit(m->out, " | ");
}

static void match_han(const Match *m, Str run)
{
    size_t at = 0, pairs = 0;
    buf_char(m->out, '(');
    for (size_t second = 0; at < run.n && pairs < MAX_PAIRS; pairs++) {
        second = at;
        utf8_next(run, &second);
        size_t end = second;
        if (end < run.n)
            utf8_next(run, &end);
        else if (at > 0)
            break;
        if (at > 0)
            match_and(m);
        match_token(m, str_sub(run, at, end - at), end == second);
        at = second;
    }
    buf_char(m->out, ')');
}

static void match_grams(const Match *m, Str digits)
{
    buf_char(m->out, '(');
    for (size_t at = 0, pairs = 0; pairs < MAX_PAIRS; pairs++) {
        match_token(m, str_sub(digits, at, SEARCH_GRAM), false);
        if (at + SEARCH_GRAM >= digits.n)
            break;
        at = at + 2 * SEARCH_GRAM <= digits.n ? at + SEARCH_GRAM : digits.n - SEARCH_GRAM;
        match_and(m);
    }
    buf_char(m->out, ')');
}

static void match_head(const Match *m, Str word)
{
    size_t chars = utf8_length(word), n = letter_length(chars);
    match_token(m, str_sub(word, 0, utf8_offset(word, n)), n == 1);
}

/* First letters of syllables; no syllable begins with i, u or v. */
static void match_initials(const Match *m, Str word)
{
    if (word.n < 4)
        return;
    for (size_t i = 0; i < word.n; i++)
        if (strchr("iuv", word.p[i]))
            return;
    match_or(m);
    buf_char(m->out, '(');
    for (size_t i = 0; i + 3 <= word.n && i < MAX_PAIRS; i++) {
        if (i)
            match_and(m);
        match_token(m, str_sub(word, i, 3), false);
    }
    buf_char(m->out, ')');
}

static void match_syllables(const Match *m, uint16_t first, uint16_t second)
{
    char text[8];
    Buf b = {.p = text, .cap = sizeof text, .max = sizeof text};
    letter_syllable(&b, first);
    if (second)
        letter_syllable(&b, second);
    match_token(m, str_n(b.p, b.n), !second);
}

static void match_endings(const Match *m, uint16_t before, const Spelling *way)
{
    buf_char(m->out, '(');
    for (size_t i = 0; i < way->endings; i++) {
        uint16_t ending = (uint16_t)(way->first + i);
        if (i)
            match_or(m);
        if (before)
            match_syllables(m, before, ending);
        else
            match_syllables(m, ending, 0);
    }
    buf_char(m->out, ')');
}

static void match_spelling(const Match *m, const Spelling *way)
{
    match_or(m);
    buf_char(m->out, '(');
    for (size_t i = 0; i + 1 < way->n; i++) {
        if (i)
            match_and(m);
        match_syllables(m, way->part[i], way->part[i + 1]);
    }
    if (way->n > 1)
        match_and(m);
    match_endings(m, way->n ? way->part[way->n - 1] : 0, way);
    buf_char(m->out, ')');
}

static void match_word(const Match *m, const SearchTerm *t)
{
    Spelling ways[SPELL_WAYS];
    buf_char(m->out, '(');
    match_head(m, t->text);
    if (letter_all_latin(t->text) && t->text.n > 1) {
        match_initials(m, t->text);
        size_t n = spell_ways(t->text, ways);
        for (size_t i = 0; i < n; i++)
            match_spelling(m, &ways[i]);
    }
    for (size_t i = 0; i < t->n_near; i++) {
        match_or(m);
        match_head(m, t->near[i]);
    }
    buf_char(m->out, ')');
}

static void match_one(const Match *m, const SearchTerm *t)
{
    if (t->kind == TERM_HAN)
        match_han(m, t->text);
    else if (t->kind == TERM_DIGITS)
        match_grams(m, t->text);
    else
        match_word(m, t);
}

/* Beginnings of titles are kept in a few lengths: the longest that the query reaches. */
static Str title_head(Arena *a, Str letters, bool *ret_whole)
{
    static const size_t lengths[] = SEARCH_TITLE_LENGTHS;
    size_t chars = utf8_length(letters), n = 0;
    for (size_t i = 0; i < COUNT_OF(lengths) && lengths[i] <= chars; i++)
        n = lengths[i];
    *ret_whole = n == chars;
    return str_format(a, STR_FMT "^", (int)utf8_offset(letters, n), letters.p);
}

Str search_match(Arena *a, const SearchQuery *q, DbKind kind, SearchTier tier)
{
    Buf out = buf_in(a, MAX_MATCH);
    Match m = {.out = &out, .kind = kind};
    if (!q->n || (tier != SEARCH_ALL && !q->letters.n))
        return STR_NULL;
    if (tier == SEARCH_TITLE) {
        match_token(&m, str_format(a, STR_FMT "=", STR_ARG(q->letters)), false);
        return buf_str(&out);
    }
    bool whole = false; /* the beginning says all that the terms do, or more */
    if (tier != SEARCH_ALL)
        match_token(&m, title_head(a, q->letters, &whole), false);
    if (tier == SEARCH_BEGINS || whole)
        return buf_str(&out);
    for (size_t i = 0; i < q->n; i++) {
        if (i || tier == SEARCH_HEAD)
            match_and(&m);
        match_one(&m, &q->terms[i]);
    }
    return buf_overflowed(&out) ? STR_NULL : buf_str(&out);
}

/* ---- `~`: letters at the beginning of the needle may be cut out of a longer word */
static bool needle_piece(const Match *m, size_t at, Str piece, LetterKind kind)
{
    if (kind == LETTER_HAN && utf8_length(piece) > 1) {
        if (m->out->n)
            match_and(m);
        match_han(m, piece);
        return true;
    }
    if (kind == LETTER_WORD && at > 0) {
        if (m->out->n)
            match_and(m);
        match_head(m, piece);
        return true;
    }
    return false;
}

Str search_needle(Arena *a, const Field *f, Str text, DbKind kind)
{
    Buf out = buf_in(a, MAX_MATCH);
    Match m = {.out = &out, .kind = kind};
    Str folded = fold_text(a, text), piece;
    LetterKind k;
    bool any = false;
    if (f->kind != F_TEXT) /* the only kind of which every letter is in the index */
        return STR_NULL;
    for (size_t pos = 0; letter_piece(folded, &pos, &piece, &k);)
        any = needle_piece(&m, (size_t)(piece.p - folded.p), piece, k) || any;
    return any && !buf_overflowed(&out) ? buf_str(&out) : STR_NULL;
}
