/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629) and folding. */
#pragma once
#include "base/buf.h"

bool utf8_valid(Str s, size_t *ret_bad_at); /* also refuses NUL */
size_t utf8_length(Str s);                  /* code points */
size_t utf8_offset(Str s, size_t chars);    /* byte offset of the n-th code point (clamped) */
uint32_t utf8_next(Str s, size_t *pos);     /* code point at *pos, moves on; s must be valid */
void utf8_put(Buf *b, uint32_t cp);
int utf8_cmp(Str a, Str b); /* by code point (= byte order) */
/* Folded for comparison: NFKC + case fold + full/half width + 繁→简 (generated table, built-in). */
Str fold_text(Arena *a, Str s);
/* Likewise of one character, where no table of Unicode is needed: ASCII and the common Han. */
bool fold_char(uint32_t cp, uint32_t *ret);
/* The same character by character: what would become several or none stays. For text that a database
 * computes, where every character must be folded by itself (expr/). */
Str fold_chars(Arena *a, Str s);
uint32_t fold_chars_of(uint32_t cp);
/* Characters that fold to `folded`, itself included and first; at most `most`. */
size_t fold_chars_variants(uint32_t folded, uint32_t *out, size_t most);
/* Sort key of a title: ICU pinyin collation (zh@collation=pinyin), bytes; "" for empty. */
Str fold_sort_key(Arena *a, Str s);
/* Edit distance (Damerau, code points), stops above max and gives max + 1. */
size_t fold_distance(Str a, Str b, size_t max);
