/* SPDX-License-Identifier: Apache-2.0 */
/* Folding for comparison, pinyin sort keys, edit distance.
 *
 * Folded text is NFKC_Casefold (Unicode; it also brings full-width forms to half width) followed by
 * traditional → simplified for single characters, from a table made at build time by
 * scripts/gen-fold: loading ICU's transliterator would cost 100 ms at start. The normaliser and the
 * collator are immutable after they were opened, so all threads share them. */
#include "base/base_internal.h"
#include "base/utf8.h"
#include <assert.h>
#include <pthread.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static pthread_once_t once_normalizer = PTHREAD_ONCE_INIT;
static const UNormalizer2 *shared_normalizer;
static pthread_once_t once_collator = PTHREAD_ONCE_INIT;
static UCollator *shared_collator;

static void open_normalizer(void)
{
    UErrorCode error = U_ZERO_ERROR;
    shared_normalizer = unorm2_getNFKCCasefoldInstance(&error);
    assert(U_SUCCESS(error)); /* built into ICU's library */
}

static void open_collator(void)
{
    UErrorCode error = U_ZERO_ERROR;
    shared_collator = ucol_open("zh@collation=pinyin", &error);
    assert(U_SUCCESS(error));
}

/* Han of the table's range only; halving. */
static UChar simplified(UChar c)
{
    if (c < fold_table[0].from || c > fold_table[fold_table_count - 1].from)
        return c;
    size_t low = 0, high = fold_table_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fold_table[middle].from < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < fold_table_count && fold_table[low].from == c ? fold_table[low].to : c;
}

/* UTF-16 of s in the arena: never longer than its bytes. Broken sequences become U+FFFD. */
static UChar *wide_of(Arena *a, Str s, int32_t *ret_n)
{
    assert(s.n < INT32_MAX / 8);
    UChar *wide = arena_alloc(a, (s.n + 1) * sizeof(UChar));
    UErrorCode error = U_ZERO_ERROR;
    u_strFromUTF8WithSub(wide, (int32_t)s.n + 1, ret_n, s.p, (int32_t)s.n, 0xfffd, NULL, &error);
    assert(U_SUCCESS(error));
    return wide;
}

static UChar *normalized(Arena *a, const UChar *wide, int32_t n, int32_t *ret_n)
{
    pthread_once(&once_normalizer, open_normalizer);
    int32_t cap = n + 32;
    for (;;) {
        UErrorCode error = U_ZERO_ERROR;
        UChar *out = arena_alloc(a, (size_t)cap * sizeof(UChar));
        *ret_n = unorm2_normalize(shared_normalizer, wide, n, out, cap, &error);
        if (error != U_BUFFER_OVERFLOW_ERROR) {
            assert(U_SUCCESS(error));
            return out;
        }
        cap = *ret_n + 1; /* one character can become 18 (U+FDFA) */
    }
}

bool fold_char(uint32_t cp, uint32_t *ret)
{
    if (cp < 0x80)
        *ret = cp >= 'A' && cp <= 'Z' ? cp | 0x20 : cp;
    else if (cp >= 0x4e00 && cp <= 0x9fff) /* stays as it is in every normal form */
        *ret = simplified((UChar)cp);
    else
        return false;
    return true;
}

/* ASCII and the common Han, which are most of what there is, need no normaliser. Nothing grows:
 * what a Han folds to has three bytes too. */
static bool fold_simple(Str s, char *out)
{
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x80) {
            out[i++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
            continue;
        }
        if (c < 0xe4 || c > 0xe9 || i + 2 >= s.n)
            return false;
        uint32_t cp =
            (uint32_t)(c & 15) << 12 | (uint32_t)(s.p[i + 1] & 63) << 6 | (s.p[i + 2] & 63);
        if ((s.p[i + 1] & 0xc0) != 0x80 || (s.p[i + 2] & 0xc0) != 0x80 || !fold_char(cp, &cp))
            return false;
        out[i++] = (char)(0xe0 | cp >> 12);
        out[i++] = (char)(0x80 | (cp >> 6 & 63));
        out[i++] = (char)(0x80 | (cp & 63));
    }
    return true;
}

Str fold_text(Arena *a, Str s)
{
    if (s.n == 0)
        return STR("");
    char *simple = arena_alloc(a, s.n);
    if (fold_simple(s, simple))
        return str_n(simple, s.n);
    int32_t n;
    UChar *wide = wide_of(a, s, &n);
    wide = normalized(a, wide, n, &n);
    for (int32_t i = 0; i < n; i++)
        wide[i] = simplified(wide[i]);
    int32_t bytes;
    UErrorCode error = U_ZERO_ERROR;
    char *out = arena_alloc(a, (size_t)n * 3 + 1);
    u_strToUTF8(out, n * 3 + 1, &bytes, wide, n, &error);
    assert(U_SUCCESS(error));
    return str_n(out, (size_t)bytes);
}

Str fold_sort_key(Arena *a, Str s)
{
    if (s.n == 0)
        return STR("");
    pthread_once(&once_collator, open_collator);
    int32_t n;
    UChar *wide = wide_of(a, s, &n);
    int32_t cap = n * 4 + 32;
    uint8_t *key = arena_alloc(a, (size_t)cap);
    int32_t length = ucol_getSortKey(shared_collator, wide, n, key, cap);
    if (length > cap) {
        key = arena_alloc(a, (size_t)length);
        length = ucol_getSortKey(shared_collator, wide, n, key, length);
    }
    return str_n((const char *)key, length > 0 ? (size_t)length - 1 : 0); /* without ICU's NUL */
}

#define DISTANCE_CHARS 256

static size_t code_points(Str s, uint32_t *out)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n && n < DISTANCE_CHARS;)
        out[n++] = utf8_next(s, &at);
    return n;
}

/* Optimal string alignment (insert, delete, replace, swap of neighbours), three rows.
 * Texts longer than DISTANCE_CHARS are near only if they are equal. */
size_t fold_distance(Str a, Str b, size_t max)
{
    uint32_t x[DISTANCE_CHARS], y[DISTANCE_CHARS];
    size_t rows[3][DISTANCE_CHARS + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    if (str_eq(a, b))
        return 0;
    size_t n = utf8_length(a), m = utf8_length(b);
    if (n > DISTANCE_CHARS || m > DISTANCE_CHARS || (n > m ? n - m : m - n) > max)
        return max + 1;
    n = code_points(a, x);
    m = code_points(b, y);
    for (size_t j = 0; j <= m; j++)
        before[j] = last[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t best = row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t cost = last[j - 1] + (x[i - 1] != y[j - 1]);
            if (last[j] + 1 < cost)
                cost = last[j] + 1;
            if (row[j - 1] + 1 < cost)
                cost = row[j - 1] + 1;
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] &&
                before[j - 2] + 1 < cost)
                cost = before[j - 2] + 1;
            row[j] = cost;
            best = cost < best ? cost : best;
        }
        if (best > max)
            return max + 1;
        size_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[m] > max ? max + 1 : last[m];
}
