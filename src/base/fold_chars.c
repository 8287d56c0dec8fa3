/* SPDX-License-Identifier: Apache-2.0 */
/* Folding of single characters: a table lookup each way (build/gen/fold_chars.c). */
#include "base/base_internal.h"
#include "base/utf8.h"

uint32_t fold_chars_of(uint32_t cp)
{
    size_t low = 0, high = fold_chars_count;
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 0x20 : cp;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fold_chars_by_from[middle].from < cp)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < fold_chars_count && fold_chars_by_from[low].from == cp;
    return found ? fold_chars_by_from[low].to : cp;
}

/* A folded character is never longer than three bytes, but may be longer than what it folds. */
Str fold_chars(Arena *a, Str s)
{
    Buf out = buf_in(a, s.n * 3 + 1);
    for (size_t at = 0; at < s.n;)
        utf8_put(&out, fold_chars_of(utf8_next(s, &at)));
    return out.n ? buf_str(&out) : STR("");
}

size_t fold_chars_variants(uint32_t folded, uint32_t *out, size_t most)
{
    size_t low = 0, high = fold_chars_count, n = 0;
    if (n < most)
        out[n++] = folded;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fold_chars_by_to[middle].to < folded)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < fold_chars_count && fold_chars_by_to[low].to == folded && n < most; low++)
        out[n++] = fold_chars_by_to[low].from;
    return n;
}
