/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of a record: what the index is fed. The same values always give the same text (sorted,
 * without repeats), because a delete must name exactly what was inserted, and because equal texts
 * mean that an update leaves the index alone. */
#include "base/html.h"
#include "search/search_internal.h"
#include <assert.h>

#define MAX_LONG 12000 /* bytes of a long text that are searched; other texts are shorter */
#define MAX_TEXT ((size_t)4 * 1024 * 1024)
#define MAX_PINYIN 200 /* Han characters of one field that are found by pinyin */
#define MAX_COMBINATIONS 24
#define MAX_WORD 64

typedef struct Token {
    uint32_t at, n; /* in TokenSet.text, which moves as it grows */
} Token;

typedef struct TokenSet {
    Arena *arena;
    Buf text, words;
    VEC(Token) tokens;
} TokenSet;

/* ---- collecting: bytes are appended to text, token_end makes them a token */
static size_t token_begin(const TokenSet *s) { return s->text.n; }

static void token_end(TokenSet *s, size_t at)
{
    if (s->text.n == at)
        return;
    Token t = {(uint32_t)at, (uint32_t)(s->text.n - at)};
    VEC_PUSH(s->arena, &s->tokens, t);
}

static void token_add(TokenSet *s, Str text)
{
    size_t at = token_begin(s);
    buf_str_add(&s->text, text);
    token_end(s, at);
}

/* ---- Han */
typedef struct Syllables {
    uint16_t reading[SEARCH_READINGS];
    size_t n;
    char initial[SEARCH_READINGS];
    size_t n_initials;
} Syllables;

static void syllables_of(uint32_t cp, Syllables *ret)
{
    *ret = (Syllables){.n = 0};
    ret->n = letter_readings(cp, ret->reading);
    for (size_t i = 0; i < ret->n; i++) {
        char c = pinyin_syllable(ret->reading[i]).p[0];
        if (!memchr(ret->initial, c, ret->n_initials))
            ret->initial[ret->n_initials++] = c;
    }
}

static void token_syllable_pair(TokenSet *s, uint16_t first, uint16_t second)
{
    size_t at = token_begin(s);
    letter_syllable(&s->text, first);
    if (second)
        letter_syllable(&s->text, second);
    token_end(s, at);
}

static void token_syllables(TokenSet *s, const Syllables *a, const Syllables *b)
{
    size_t made = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (!b->n)
            token_syllable_pair(s, a->reading[i], 0);
        for (size_t k = 0; k < b->n && made < MAX_COMBINATIONS; k++, made++)
            token_syllable_pair(s, a->reading[i], b->reading[k]);
    }
}

static void token_initials(TokenSet *s, const Syllables *a, const Syllables *b, const Syllables *c)
{
    size_t made = 0;
    for (size_t i = 0; i < a->n_initials; i++)
        for (size_t k = 0; k < b->n_initials; k++) {
            const char two[] = {a->initial[i], b->initial[k]};
            token_add(s, str_n(two, 2));
            for (size_t m = 0; m < c->n_initials && made < MAX_COMBINATIONS; m++, made++) {
                const char three[] = {two[0], two[1], c->initial[m]};
                token_add(s, str_n(three, 3));
            }
        }
}

static void token_han(TokenSet *s, Str run, size_t *pinyin_left)
{
    Syllables window[3];
    size_t at = 0, ahead = 0, filled = 0;
    for (size_t k = 0; k < 3; k++)
        window[k] = (Syllables){.n = 0};
    while (at < run.n) {
        size_t begin = token_begin(s), next = at;
        utf8_next(run, &next);
        size_t end = next;
        if (end < run.n)
            utf8_next(run, &end);
        buf_str_add(&s->text, str_sub(run, at, end - at));
        token_end(s, begin);
        at = next;
        if (!*pinyin_left)
            continue;
        (*pinyin_left)--;
        for (; filled < 3; filled++) {
            window[filled] = (Syllables){.n = 0};
            if (ahead < run.n)
                syllables_of(utf8_next(run, &ahead), &window[filled]);
        }
        token_syllables(s, &window[0], &window[1]);
        token_initials(s, &window[0], &window[1], &window[2]);
        window[0] = window[1];
        window[1] = window[2];
        filled = 2;
    }
}

/* ---- words */
static void token_grams(TokenSet *s, Str digits)
{
    for (size_t i = 0; i + SEARCH_GRAM <= digits.n; i++)
        token_add(s, str_sub(digits, i, SEARCH_GRAM));
}

static Str digit_run(Str word, size_t *pos)
{
    while (*pos < word.n && !letter_is_digit(word.p[*pos]))
        ++*pos;
    size_t start = *pos;
    while (*pos < word.n && letter_is_digit(word.p[*pos]))
        ++*pos;
    return str_sub(word, start, *pos - start);
}

static void token_word(TokenSet *s, Str word)
{
    static const size_t lengths[] = SEARCH_LENGTHS;
    size_t chars = utf8_length(word);
    if (chars > MAX_WORD) {
        word = str_sub(word, 0, utf8_offset(word, MAX_WORD));
        chars = MAX_WORD;
    }
    if (chars == 1)
        token_add(s, word);
    for (size_t i = 0; i < COUNT_OF(lengths) && lengths[i] <= chars; i++)
        token_add(s, str_sub(word, 0, utf8_offset(word, lengths[i])));
    for (size_t pos = 0; pos < word.n;)
        token_grams(s, digit_run(word, &pos));
    if (word.n >= SEARCH_WORD_MIN && word.n <= SEARCH_WORD_MAX && letter_all_latin(word)) {
        buf_str_add(&s->words, word);
        buf_char(&s->words, ' ');
    }
}

/* ---- fields */
static void token_title(TokenSet *s, Str folded)
{
    static const size_t lengths[] = SEARCH_TITLE_LENGTHS;
    Str all = letter_squeeze(s->arena, folded);
    size_t chars = utf8_length(all);
    if (!chars)
        return;
    size_t at = token_begin(s);
    buf_str_add(&s->text, all);
    buf_char(&s->text, '=');
    token_end(s, at);
    for (size_t i = 0; i < COUNT_OF(lengths) && lengths[i] <= chars; i++) {
        at = token_begin(s);
        buf_str_add(&s->text, str_sub(all, 0, utf8_offset(all, lengths[i])));
        buf_char(&s->text, '^');
        token_end(s, at);
    }
}

static void token_text(TokenSet *s, const Field *f, Str value)
{
    bool is_title = f == f->object->title;
    size_t pinyin_left = search_is_long(f) ? 0 : MAX_PINYIN;
    if (search_is_long(f) && value.n > MAX_LONG) {
        size_t end = MAX_LONG;
        while (end > 0 && ((unsigned char)value.p[end] & 0xc0) == 0x80)
            end--;
        value = str_sub(value, 0, end);
    }
    Str folded = fold_text(s->arena, value), piece;
    LetterKind kind;
    for (size_t pos = 0; letter_piece(folded, &pos, &piece, &kind);) {
        if (kind == LETTER_HAN)
            token_han(s, piece, &pinyin_left);
        else
            token_word(s, piece);
    }
    if (is_title)
        token_title(s, folded);
}

static void token_phone(TokenSet *s, Str value)
{
    Str extension, main = letter_phone(s->arena, value, &extension);
    if (main.n < SEARCH_GRAM)
        token_add(s, main);
    token_grams(s, main);
    if (extension.n)
        token_word(s, extension);
}

/* The number itself without the zeros it is filled up with: C202600000123 is found by 123. */
static void token_number(TokenSet *s, const Field *f, Str value)
{
    token_text(s, f, value);
    size_t width = letter_number_width(f), at = value.n > width ? value.n - width : 0;
    while (at < value.n && value.p[at] == '0')
        at++;
    if (width && letter_all_digits(str_sub(value, at, value.n)))
        token_add(s, str_sub(value, at, value.n));
}

bool search_is_long(const Field *f) { return f->kind == F_LONG_TEXT || f->kind == F_RICH_TEXT; }

Str search_plain(Arena *a, const Value *v)
{
    return v->t == V_TEXT ? v->s : v->t == V_HTML ? html_text(a, v->s) : STR_NULL;
}

static void token_field(TokenSet *s, const Field *f, const Value *v)
{
    Str text = search_plain(s->arena, v);
    if (!text.n)
        return;
    if (f->kind == F_PHONE)
        token_phone(s, text);
    else if (f->kind == F_AUTO_NUMBER)
        token_number(s, f, text);
    else
        token_text(s, f, text);
}

/* ---- the text */
static int token_order(const void *a, const void *b, void *arg)
{
    const char *text = arg;
    const Token *x = a, *y = b;
    int order = memcmp(text + x->at, text + y->at, x->n < y->n ? x->n : y->n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

static Str token_join(TokenSet *s)
{
    if (!s->tokens.n)
        return STR("");
    qsort_r(s->tokens.v, s->tokens.n, sizeof *s->tokens.v, token_order, s->text.p);
    Buf out = buf_in(s->arena, s->text.n + s->tokens.n + 1);
    for (size_t i = 0; i < s->tokens.n; i++) {
        if (i && !token_order(&s->tokens.v[i - 1], &s->tokens.v[i], s->text.p))
            continue;
        if (i)
            buf_char(&out, ' ');
        buf_add(&out, s->text.p + s->tokens.v[i].at, s->tokens.v[i].n);
    }
    return buf_str(&out);
}

bool search_has(const Field *f) { return f->search && f->n_columns > 0; }

bool search_covers(const Object *o)
{
    for (size_t i = 0; i < o->n_fields; i++)
        if (search_has(o->fields[i]))
            return true;
    return false;
}

SearchTokens search_tokens(Arena *a, const Object *o, const Value *values)
{
    TokenSet s = {.arena = a, .text = buf_in(a, MAX_TEXT), .words = buf_in(a, MAX_TEXT)};
    for (size_t i = 0; i < o->n_fields; i++)
        if (search_has(o->fields[i]))
            token_field(&s, o->fields[i], &values[i]);
    return (SearchTokens){.text = token_join(&s), .words = str_trim(buf_str(&s.words))};
}
