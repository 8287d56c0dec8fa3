/* SPDX-License-Identifier: Apache-2.0 */
/* Looking up pinyin: a character's entry is where its list of syllables starts in a pool. */
#include "base/pinyin.h"
#include "base/base_internal.h"

#define HAN_FROM 0x3400
#define HAN_END 0xa000
#define ZERO 0x3007 /* 〇, a letter that stands among the punctuation */

static const uint16_t *syllables_of(uint32_t cp)
{
    if (cp == ZERO)
        cp = 0x96f6; /* 零 */
    return cp >= HAN_FROM && cp < HAN_END ? &pinyin_pool[pinyin_at[cp - HAN_FROM]] : pinyin_pool;
}

size_t pinyin_of(uint32_t cp, Str ret[PINYIN_READINGS])
{
    const uint16_t *list = syllables_of(cp);
    size_t n = 0;
    for (; list[n] && n < PINYIN_READINGS; n++)
        ret[n] = pinyin_syllables[list[n]];
    return n;
}

Str pinyin_first(uint32_t cp) { return pinyin_syllables[*syllables_of(cp)]; }

size_t pinyin_numbers(uint32_t cp, uint16_t ret[PINYIN_READINGS])
{
    const uint16_t *list = syllables_of(cp);
    size_t n = 0;
    for (; list[n] && n < PINYIN_READINGS; n++)
        ret[n] = list[n];
    return n;
}

Str pinyin_syllable(uint16_t number)
{
    return pinyin_syllables[number <= pinyin_syllable_count ? number : 0];
}

size_t pinyin_range(Str head, uint16_t *ret_first)
{
    size_t low = 1, high = pinyin_syllable_count + 1, n = 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_cmp(pinyin_syllables[middle], head) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n <= pinyin_syllable_count && str_starts(pinyin_syllables[low + n], head))
        n++;
    *ret_first = (uint16_t)low;
    return n;
}
