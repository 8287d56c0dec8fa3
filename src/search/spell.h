/* SPDX-License-Identifier: Apache-2.0 */
/* spell: letters cut into syllables of pinyin, the last of which may be unfinished. */
#pragma once
#include "base/str.h"
#include <stdint.h>

#define SPELL_WAYS 4
#define SPELL_PARTS 12

typedef struct Spelling {
    uint16_t part[SPELL_PARTS]; /* complete syllables, by number */
    size_t n;
    uint16_t first; /* syllables that the rest begins: numbers first … first + endings - 1 */
    size_t endings; /* at least one */
} Spelling;

/* The ways to read these letters, longest syllables first. */
size_t spell_ways(Str letters, Spelling ret[SPELL_WAYS]);
