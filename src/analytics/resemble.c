/* SPDX-License-Identifier: Apache-2.0 */
/* Texts are unfolded into code points first: every measure then works on arrays of a bounded length. */
#include "analytics/resemble.h"
#include "analytics/resemble_internal.h"
#include <math.h>

typedef struct Chars {
    uint32_t v[RESEMBLE_MOST];
    size_t n;
} Chars;

uint32_t resemble_next(Str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t left = s.n - *at, n = *p < 0xc0 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    uint32_t cp = n == 1 ? *p : *p & (0xffU >> (n + 1));
    if (n > left)
        n = 1;
    for (size_t i = 1; i < n; i++)
        cp = cp << 6 | (p[i] & 0x3fU);
    *at += n;
    return cp;
}

static void read_chars(Str s, Chars *ret)
{
    ret->n = 0;
    for (size_t at = 0; at < s.n && ret->n < RESEMBLE_MOST;)
        ret->v[ret->n++] = resemble_next(s, &at);
}

/* Characters that agree within half the longer length; half of those out of order are transposed. */
static double jaro(const Chars *a, const Chars *b)
{
    bool in_a[RESEMBLE_MOST] = {false}, in_b[RESEMBLE_MOST] = {false};
    size_t longer = a->n > b->n ? a->n : b->n, reach = longer / 2 ? longer / 2 - 1 : 0;
    size_t same = 0, out = 0;
    if (!longer)
        return 1;
    for (size_t i = 0; i < a->n; i++) {
        size_t from = i > reach ? i - reach : 0, to = i + reach + 1 < b->n ? i + reach + 1 : b->n;
        for (size_t j = from; j < to; j++)
            if (!in_b[j] && a->v[i] == b->v[j]) {
                in_a[i] = in_b[j] = true;
                same++;
                break;
            }
    }
    if (!same)
        return 0;
    for (size_t i = 0, j = 0; i < a->n; i++) {
        if (!in_a[i])
            continue;
        while (!in_b[j])
            j++;
        out += a->v[i] != b->v[j++];
    }
    double m = (double)same;
    size_t half = out / 2; /* transposed characters, two by two */
    return (m / (double)a->n + m / (double)b->n + (m - (double)half) / m) / 3;
}

static double jaro_winkler(const Chars *a, const Chars *b)
{
    double j = jaro(a, b);
    size_t prefix = 0;
    if (j <= .7)
        return j;
    while (prefix < 4 && prefix < a->n && prefix < b->n && a->v[prefix] == b->v[prefix])
        prefix++;
    return j + .1 * (double)prefix * (1 - j);
}

double resemble_jaro(Str a, Str b)
{
    Chars x, y;
    read_chars(a, &x);
    read_chars(b, &y);
    return jaro(&x, &y);
}

double resemble_jaro_winkler(Str a, Str b)
{
    Chars x, y;
    read_chars(a, &x);
    read_chars(b, &y);
    return jaro_winkler(&x, &y);
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

size_t resemble_levenshtein(Str a, Str b)
{
    Chars x, y;
    size_t row[RESEMBLE_MOST + 1];
    read_chars(a, &x);
    read_chars(b, &y);
    for (size_t j = 0; j <= y.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= x.n; i++) {
        size_t before = row[0];
        row[0] = i;
        for (size_t j = 1; j <= y.n; j++) {
            size_t swap = before + (x.v[i - 1] != y.v[j - 1]);
            before = row[j];
            row[j] = least(swap, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[y.n];
}

/* d is shifted by one row and column, which stand for "never": Lowrance & Wagner. The last row in which a
 * character stood is found by walking back, so that no table by character is needed. */
size_t resemble_damerau(Str a, Str b)
{
    enum { W = RESEMBLE_MOST + 1 };
    uint16_t d[W][W]; /* 132 KB */
    Chars x, y;
    read_chars(a, &x);
    read_chars(b, &y);
    for (size_t i = 0; i <= x.n; i++)
        d[i][0] = (uint16_t)i;
    for (size_t j = 0; j <= y.n; j++)
        d[0][j] = (uint16_t)j;
    for (size_t i = 1; i <= x.n; i++) {
        size_t column = 0; /* the last column whose character is x[i] */
        for (size_t j = 1; j <= y.n; j++) {
            bool same = x.v[i - 1] == y.v[j - 1];
            size_t best = d[i - 1][j - 1] + (size_t)!same, row = i - 1;
            best = least(best, least(d[i - 1][j], d[i][j - 1]) + 1U);
            while (row && column && x.v[row - 1] != y.v[j - 1])
                row--;
            if (row && column)
                best = least(best, d[row - 1][column - 1] + (i - row - 1) + 1 + (j - column - 1));
            if (same)
                column = j;
            d[i][j] = (uint16_t)best;
        }
    }
    return d[x.n][y.n];
}

/* ---- by words */
enum { WORDS = 48, CONTAINED = 4 }; /* words of 4 bytes that the other has all: alike in part */

typedef struct Words {
    Str v[WORDS];
    size_t n;
} Words;

static bool is_wide(uint32_t c) { return c >= 0x2e80; }

bool resemble_is_word(uint32_t c)
{
    return c >= 0x80 ? c != 0x3000 && c != 0xb7 && !(c >= 0x2000 && c < 0x2070)
                     : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void push(Words *w, Str s)
{
    if (w->n < WORDS && s.n)
        w->v[w->n++] = s;
}

/* Words between what is no letter or digit; an apostrophe joins ("joe's"). Of Han each two neighbours. */
static void read_words(Str s, Words *ret)
{
    size_t begin = 0, wide = SIZE_MAX;
    ret->n = 0;
    for (size_t at = 0; at < s.n;) {
        size_t here = at;
        uint32_t c = resemble_next(s, &at);
        if (!is_wide(c) && (resemble_is_word(c) || (c == '\'' && here > begin))) {
            wide = SIZE_MAX;
            continue;
        }
        push(ret, str_n(s.p + begin, here - begin));
        begin = at;
        if (is_wide(c) && wide != SIZE_MAX)
            push(ret, str_n(s.p + wide, at - wide));
        wide = is_wide(c) ? here : SIZE_MAX;
    }
    push(ret, str_n(s.p + begin, s.n - begin));
}

static bool has_digit(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

/* Numbers are the same or not; words may be spelt alike or cut short. */
static double alike(Str a, Str b)
{
    if (str_eq(a, b))
        return 1;
    if (has_digit(a) || has_digit(b))
        return 0;
    size_t shorter = a.n < b.n ? a.n : b.n;
    if (shorter >= 3 && !memcmp(a.p, b.p, shorter))
        return .9;
    double j = shorter >= 3 ? resemble_jaro_winkler(a, b) : 0;
    return j >= .88 ? j : 0;
}

/* What of x has its like in y: bytes of both, weighed by how alike; *ret_kept: each word has. */
static double in_common(const Words *x, const Words *y, bool *ret_kept)
{
    bool used[WORDS] = {false};
    double both = 0;
    *ret_kept = true;
    for (size_t i = 0; i < x->n; i++) {
        double best = 0;
        size_t at = 0;
        for (size_t j = 0; j < y->n; j++) {
            double s = used[j] ? 0 : alike(x->v[i], y->v[j]);
            if (s > best) {
                best = s;
                at = j;
            }
        }
        *ret_kept &= best > 0;
        if (best > 0) {
            used[at] = true;
            both += best * (double)(x->v[i].n + y->v[at].n);
        }
    }
    return both;
}

static double bytes_of(const Words *w)
{
    double n = 0;
    for (size_t i = 0; i < w->n; i++)
        n += (double)w->v[i].n;
    return n;
}

double resemble_words(Str a, Str b)
{
    Words x, y;
    bool kept = false;
    read_words(a, &x);
    read_words(b, &y);
    double nx = bytes_of(&x), ny = bytes_of(&y);
    const Words *shorter = nx <= ny ? &x : &y, *longer = nx <= ny ? &y : &x;
    if (nx + ny <= 0)
        return 1;
    double s = in_common(shorter, longer, &kept) / (nx + ny);
    return kept && fmin(nx, ny) >= CONTAINED && s < .7 ? .7 : s;
}
