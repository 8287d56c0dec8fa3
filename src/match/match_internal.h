/* SPDX-License-Identifier: Apache-2.0 */
/* Private to match/. */
#pragma once
#include "match/match.h"

extern const char match_places[]; /* "三亚 上海 …", each ended by a blank */

Str match_company(Arena *a, Str folded);
Str match_person(Arena *a, Str folded);
/* Letters and digits; what lies between becomes one blank, between Han nothing. */
Str match_words(Arena *a, Str folded);
bool match_is_han(uint32_t c);
