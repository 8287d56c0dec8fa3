/* SPDX-License-Identifier: Apache-2.0 */
/* Private to search/: letters and their kinds, pieces of a text, the forms of tokens.
 *
 * Tokens hold no spaces and no ASCII but a–z, 0–9 and the marks below, so that one text serves the
 * tokeniser "ascii" of FTS5 and a tsvector literal alike. Forms:
 *   北京, 京        two neighbouring Han characters; the last one of a run alone
 *   U+E000 + n      a syllable of pinyin, again by twos and the last one alone
 *   bj, bjh         first letters of two and three syllables
 *   gu gua guan …   beginnings of a word, of the lengths in SEARCH_LENGTHS
 *   8888            every four digits of a run of digits
 *   北京华辰=       the whole title; 北^ 北京^ 北京华辰^ its beginnings */
#pragma once
#include "base/pinyin.h"
#include "base/utf8.h"
#include "search/search.h"
#include <stdlib.h>

#define SEARCH_LENGTHS                                                                             \
    {                                                                                              \
        2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32                                                        \
    }
#define SEARCH_TITLE_LENGTHS                                                                       \
    {                                                                                              \
        1, 2, 4, 8                                                                                 \
    }
#define SEARCH_TITLE_CHARS 40
#define SEARCH_GRAM ((size_t)4) /* digits */
#define SEARCH_SYLLABLE 0xe000  /* private use: + number of the syllable */
#define SEARCH_WORD_MIN 5       /* letters from which on a word may be misspelt */
#define SEARCH_WORD_MAX 24

typedef enum LetterKind { LETTER_NONE, LETTER_HAN, LETTER_WORD } LetterKind;
/* Han and other scripts written without spaces; letters and digits of words; anything else. Of a
 * folded character. */
LetterKind letter_kind(uint32_t cp);
/* The next run of letters of one kind in folded text; false at the end. */
bool letter_piece(Str folded, size_t *pos, Str *ret, LetterKind *ret_kind);
/* Readings of one character as it may be typed: those of pinyin.h, lv also as lu. */
#define SEARCH_READINGS (PINYIN_READINGS + 2)
size_t letter_readings(uint32_t cp, uint16_t ret[SEARCH_READINGS]);
static inline bool letter_is_digit(char c) { return c >= '0' && c <= '9'; }
bool letter_all_digits(Str s);
bool letter_all_latin(Str s); /* a–z only */
/* The longest of SEARCH_LENGTHS that n characters reach; 1 for one. */
size_t letter_length(size_t n);
void letter_syllable(Buf *b, uint16_t number);
/* The letters of folded text alone, at most SEARCH_TITLE_CHARS of them. */
Str letter_squeeze(Arena *a, Str folded);
/* Digits that the counter of an automatic number is filled up to: 6 for C{YYYY}{000000}. */
size_t letter_number_width(const Field *f);
/* Digits of a telephone number: + and extension apart, 86 and 00 86 left out. */
Str letter_phone(Arena *a, Str phone, Str *ret_extension);
