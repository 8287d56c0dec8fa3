/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting pinyin: xian is one syllable or two (xi'an), guangx is guang and the beginning of another.
 * Depth first, bounded in ways and parts; nü and lü may be typed nyu, lyu. */
#include "search/spell.h"
#include "base/pinyin.h"

#define SYLLABLE_MAX 6
#define TYPED_MAX 64

typedef struct Speller {
    Spelling *ways;
    size_t n;
    Spelling now;
    bool cut[SPELL_WAYS]; /* the way ends in a single letter, which says little */
} Speller;

static void spell_from(Speller *s, Str rest);

/* ng and hm are sounds, not syllables of names. */
static bool is_syllable(Str head, uint16_t *ret_number)
{
    bool vowel = false;
    for (size_t i = 0; i < head.n; i++)
        vowel = vowel || strchr("aeiouv", head.p[i]);
    return vowel && pinyin_range(head, ret_number) && str_eq(pinyin_syllable(*ret_number), head);
}

static void spell_done(Speller *s, Str rest)
{
    Spelling *way = &s->ways[s->n];
    *way = s->now;
    way->endings = pinyin_range(rest, &way->first);
    s->cut[s->n] = rest.n == 1;
    s->n += way->endings && (way->n || rest.n > 1);
}

static void spell_umlaut(Speller *s, Str rest)
{
    char typed[TYPED_MAX] = {rest.p[0], 'v'};
    memcpy(typed + 2, rest.p + 3, rest.n - 3);
    spell_from(s, str_n(typed, rest.n - 1));
}

static void spell_from(Speller *s, Str rest)
{
    uint16_t number;
    if (s->n < SPELL_WAYS)
        spell_done(s, rest);
    if (s->now.n == SPELL_PARTS)
        return;
    if (s->n < SPELL_WAYS && (str_starts(rest, STR("lyu")) || str_starts(rest, STR("nyu"))))
        spell_umlaut(s, rest);
    size_t longest = rest.n - 1 < SYLLABLE_MAX ? rest.n - 1 : SYLLABLE_MAX;
    for (size_t n = longest; n > 0 && s->n < SPELL_WAYS; n--) {
        if (!is_syllable(str_sub(rest, 0, n), &number))
            continue;
        s->now.part[s->now.n++] = number;
        spell_from(s, str_sub(rest, n, rest.n));
        s->now.n--;
    }
}

size_t spell_ways(Str letters, Spelling ret[SPELL_WAYS])
{
    Speller s = {.ways = ret};
    size_t whole = 0;
    if (!letters.n || letters.n > TYPED_MAX)
        return 0;
    spell_from(&s, letters);
    for (size_t i = 0; i < s.n; i++)
        if (!s.cut[i])
            ret[whole++] = ret[i];
    return whole ? whole : s.n;
}
