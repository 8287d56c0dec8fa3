/* SPDX-License-Identifier: Apache-2.0 */
/* Parts that only the files of base/ share. */
#pragma once
#include "base/ctx.h"
#include <stdarg.h>

/* Prints one line on stderr and aborts: memory is exhausted, which is a bug (arena.h). */
__attribute__((noreturn)) void arena_exhausted(size_t wanted);

/* The text of key in lang, filled in; fmt is the English one. In the arena. */
Str text_format(Arena *a, Lang lang, const char *key, const char *fmt, va_list args);

/* The layout of an id: ms since the epoch, node, sequence. */
#define ID_EPOCH_MS INT64_C(1704067200000) /* 2024-01-01 UTC */
#define ID_NODE_BITS 10
#define ID_SEQUENCE_BITS 12
#define ID_LOW_BITS (ID_NODE_BITS + ID_SEQUENCE_BITS)

/* Hash of s under a seed; str_hash is the one of seed 0. */
uint64_t str_hash_seeded(Str s, uint64_t seed);

/* Traditional → simplified characters: pairs sorted by .from (build/gen/fold_table.c, written by
 * scripts/gen-fold). */
typedef struct FoldPair {
    uint16_t from, to;
} FoldPair;
extern const FoldPair fold_table[];
extern const size_t fold_table_count;

/* Pinyin (build/gen/pinyin_table.c, written by scripts/gen-pinyin): where the syllables of a
 * character from U+3400 on start in the pool; a list ends with 0, and 0 names the empty syllable. */
extern const Str pinyin_syllables[];
extern const size_t pinyin_syllable_count;
extern const uint16_t pinyin_pool[], pinyin_at[];
/* Characters that fold to one other (build/gen/fold_chars.c, written by scripts/gen-fold-chars). */
extern const FoldPair fold_chars_by_from[], fold_chars_by_to[];
extern const size_t fold_chars_count;
