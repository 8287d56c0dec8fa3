/* SPDX-License-Identifier: Apache-2.0 */
/* resemble: how alike two texts are, by code points (UTF-8 in; a byte that is none counts as itself).
 *
 * Jaro 1989 (JASA 84), Winkler 1990 (prefix of at most four, weight 0.1, only above 0.7 as in his own
 * program), Levenshtein 1966, Damerau 1964 in its unrestricted form (Lowrance & Wagner 1975). 0 … 1, 1
 * is equal; two empty texts are equal. Texts beyond RESEMBLE_MOST code points are compared up to there.
 * Time and memory: O(a × b), on the stack. */
#pragma once
#include "base/str.h"

#define RESEMBLE_MOST 256

CHECKED double resemble_jaro(Str a, Str b);
CHECKED double resemble_jaro_winkler(Str a, Str b);
CHECKED size_t resemble_levenshtein(Str a, Str b);
CHECKED size_t resemble_damerau(Str a, Str b);
/* The same words, in any order, spelt alike or cut short ("deli" of "delicatessen"): twice what the two
 * have in common, by length, through what both have; at least 0.7 where
 * the longer has every word of the shorter. Han texts are compared by pairs of characters. */
CHECKED double resemble_words(Str a, Str b);
