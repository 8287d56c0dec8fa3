/* SPDX-License-Identifier: Apache-2.0 */
/* Pinyin: the syllables of Han characters, without tones, from a table made at build time
 * (scripts/gen-pinyin). ü is written v (lv, nv), as it is typed. Immutable: any thread.
 *   Str all[PINYIN_READINGS]; size_t n = pinyin_of(0x4e50, all);   乐 → le, yue */
#pragma once
#include "base/str.h"

#define PINYIN_READINGS 6 /* at most, of one character */

/* All readings of a character, the most frequent first; 0 for what is not Han or has none known.
 * Traditional characters have their own readings and those of their simplified form. Covers
 * U+3400 – U+9FFF and 〇. */
size_t pinyin_of(uint32_t cp, Str ret[PINYIN_READINGS]);
/* The most frequent reading alone, "" if there is none. */
Str pinyin_first(uint32_t cp);

/* Syllables have numbers from 1 on, in alphabetical order. */
size_t pinyin_numbers(uint32_t cp, uint16_t ret[PINYIN_READINGS]);
Str pinyin_syllable(uint16_t number);
/* How many syllables begin with head; their numbers follow one another from *ret_first on, so that
 * head itself, if it is a syllable, comes first. */
size_t pinyin_range(Str head, uint16_t *ret_first);
