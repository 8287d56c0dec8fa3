/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 against a table of broken sequences and a slow decoder; folding, sort keys, distance.
 * Covers: fold_chars.c fold.c */
#include "base/utf8.h"
#include "test.h"

TEST(utf8, refuses_bad_sequences)
{
    static const struct {
        const char *text;
        size_t n, at;
    } BAD[] = {
        {"\x80", 1, 0},             /* continuation alone */
        {"ab\xbf", 3, 2},           /* likewise, behind text */
        {"\xc0\x80", 2, 0},         /* overlong NUL */
        {"\xc1\xbf", 2, 0},         /* overlong U+007F */
        {"\xe0\x9f\xbf", 3, 0},     /* overlong U+07FF */
        {"\xf0\x8f\xbf\xbf", 4, 0}, /* overlong U+FFFF */
        {"\xed\xa0\x80", 3, 0},     /* surrogate U+D800 */
        {"\xed\xbf\xbf", 3, 0},     /* surrogate U+DFFF */
        {"\xf4\x90\x80\x80", 4, 0}, /* U+110000 */
        {"\xf5\x80\x80\x80", 4, 0},
        {"\xf8\x88\x80\x80\x80", 5, 0},     /* five bytes */
        {"\xfc\x84\x80\x80\x80\x80", 6, 0}, /* six bytes */
        {"\xff", 1, 0},
        {"\xfe", 1, 0},
        {"\xc3", 1, 0}, /* cut off */
        {"\xe4\xb8", 2, 0},
        {"\xf0\x9f\x98", 3, 0},
        {"\xe4\xb8\x41", 3, 0}, /* broken by a letter */
        {"\xc3\xc3", 2, 0},
        {"a\0b", 3, 1}, /* NUL */
        {"12345678\0", 9, 8},
        {"1234567\0", 8, 7},
        {"1234567\xff", 8, 7},
        {"\xe4\xb8\xad"
         "1234567890\xe4",
         14, 13},
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        size_t at = 99;
        assert_false(utf8_valid(str_n(BAD[i].text, BAD[i].n), &at));
        assert_int_equal(at, BAD[i].at);
        assert_false(utf8_valid(str_n(BAD[i].text, BAD[i].n), NULL));
    }
}

TEST(utf8, round_trips_every_code_point)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    Buf b = buf_in(a, 8);
    for (uint32_t cp = 1; cp < 0x110000; cp++) {
        if (cp == 0xd800)
            cp = 0xe000;
        buf_truncate(&b, 0);
        utf8_put(&b, cp);
        size_t at = 0;
        assert_true(utf8_valid(buf_str(&b), NULL));
        assert_int_equal(utf8_next(buf_str(&b), &at), cp);
        assert_int_equal(at, b.n);
        assert_int_equal(b.n, cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4);
    }
}

TEST(utf8, counts_code_points)
{
    Str s = STR("a中😀é");
    assert_int_equal(utf8_length(s), 4);
    assert_int_equal(utf8_offset(s, 0), 0);
    assert_int_equal(utf8_offset(s, 1), 1);
    assert_int_equal(utf8_offset(s, 2), 4);
    assert_int_equal(utf8_offset(s, 3), 8);
    assert_int_equal(utf8_offset(s, 4), s.n);
    assert_int_equal(utf8_offset(s, 99), s.n);
    assert_true(utf8_cmp(STR("\xef\xbf\xbf"), STR("\xf0\x90\x80\x80")) < 0);
    size_t at = 0; /* never behind the end, even on a cut sequence */
    utf8_next(str_n("\xf0\x9f", 2), &at);
    assert_int_equal(at, 2);
}

static void assert_folds(const char *text, const char *want)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    Str got = fold_text(a, str_of(text));
    if (!str_is(got, want))
        fail_msg("%s folds to %.*s, not %s", text, STR_ARG(got), want);
    Str twice = fold_text(a, got);
    assert_true(str_eq(got, twice));
}

TEST(fold, brings_variants_together)
{
    assert_folds("", "");
    assert_folds("Hello World", "hello world");
    assert_folds("ＡＢＣ１２３", "abc123");
    assert_folds("STRASSE", "strasse");
    assert_folds("Straße", "strasse");
    assert_folds("ÉCOLE", "école");
    assert_folds("e\xcc\x81", "é"); /* combining accent */
    assert_folds("電腦軟體", "电脑软体");
    assert_folds("國際貿易", "国际贸易");
    assert_folds("中国ABC", "中国abc");
    assert_folds("ﬁ", "fi");
    assert_folds("㈱", "(株)");
    assert_folds("ｶﾞ", "ガ");
    assert_folds("\xef\xb7\xba", "صلى الله عليه وسلم"); /* one to eighteen */
    assert_folds("a\xc2\xad"
                 "b",
                 "ab"); /* soft hyphen is ignorable */
}

TEST(fold, sorts_by_pinyin)
{
    static const char *const SORTED[] = {"",     "阿里", "北京",  "华为",  "上海",
                                         "深圳", "中国", "Apple", "banana"};
    CLEANUP(arena) Arena *a = arena_new(0);
    for (size_t i = 0; i + 1 < COUNT_OF(SORTED); i++) { /* Han before Latin, as CLDR has it */
        Str x = fold_sort_key(a, str_of(SORTED[i])), y = fold_sort_key(a, str_of(SORTED[i + 1]));
        if (str_cmp(x, y) >= 0)
            fail_msg("%s is not before %s", SORTED[i], SORTED[i + 1]);
    }
    assert_int_equal(fold_sort_key(a, STR("")).n, 0);
    Str key = fold_sort_key(a, STR("中"));
    assert_true(key.n > 0 && !memchr(key.p, 0, key.n));
    char lots[4000];
    memset(lots, 'x', sizeof(lots));
    assert_true(fold_sort_key(a, str_n(lots, sizeof(lots))).n > 0);
}

TEST(fold, measures_distance)
{
    static const struct {
        const char *a, *b;
        size_t max, want;
    } ROWS[] = {
        {"", "", 3, 0},
        {"abc", "abc", 0, 0},
        {"abc", "", 5, 3},
        {"kitten", "sitting", 5, 3},
        {"ab", "ba", 5, 1},
        {"ca", "abc", 5, 3},
        {"GTXPro", "GTX Pro", 3, 1},
        {"abcdef", "uvwxyz", 2, 3},
        {"中国", "中间", 2, 1},
        {"a", "abcdefgh", 3, 4},
    };
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        assert_int_equal(fold_distance(str_of(ROWS[i].a), str_of(ROWS[i].b), ROWS[i].max),
                         ROWS[i].want);
        assert_int_equal(fold_distance(str_of(ROWS[i].b), str_of(ROWS[i].a), ROWS[i].max),
                         ROWS[i].want);
    }
    char lots[300], more[300];
    memset(lots, 'x', sizeof(lots));
    memcpy(more, lots, sizeof(lots));
    more[0] = 'y';
    assert_int_equal(fold_distance(str_n(lots, 300), str_n(lots, 300), 3), 0);
    assert_int_equal(fold_distance(str_n(lots, 300), str_n(more, 300), 3), 4);
}

TEST(fold_chars, folds_each_character_by_itself)
{
    static const char *const PAIRS[][2] = {{"", ""},
                                           {"Abc 1", "abc 1"},
                                           {"ＡＢＣ", "abc"},
                                           {"繁體中文", "繁体中文"},
                                           {"Straße", "straße"},
                                           {"É", "é"},
                                           {"\xe3\x80\x80", " "}};
    Arena *a = arena_new(1024);
    for (size_t i = 0; i < COUNT_OF(PAIRS); i++)
        assert_true(str_is(fold_chars(a, str_of(PAIRS[i][0])), PAIRS[i][1]));
    arena_free(a);
}

TEST(fold_chars, knows_all_that_fold_to_a_character)
{
    uint32_t all[64];
    for (uint32_t c = 1; c < 0x10000; c++) {
        uint32_t to = fold_chars_of(c);
        size_t n = fold_chars_variants(to, all, COUNT_OF(all));
        bool found = false;
        assert_int_equal(fold_chars_of(to), to);
        assert_int_equal(all[0], to);
        assert_true(n < 40); /* what expr_sql_chars.c has room for */
        for (size_t i = 0; i < n; i++)
            found = found || all[i] == c;
        assert_true(found);
    }
    assert_int_equal(fold_chars_variants('a', all, 1), 1);
}

/* What needs no table of Unicode is folded without one: with a character that does, the same comes
 * out. */
TEST(fold, is_the_same_with_and_without_the_normaliser)
{
    Arena *a = arena_new(4096);
    for (uint32_t cp = 0x20; cp < 0xa000; cp = cp == 0x7e ? 0x4e00 : cp + 1) {
        Buf alone = buf_in(a, 16), with = buf_in(a, 16);
        uint32_t one;
        utf8_put(&alone, cp);
        utf8_put(&with, cp);
        buf_lit(&with, "Ａ");
        Str simple = fold_text(a, buf_str(&alone)), slow = fold_text(a, buf_str(&with));
        assert_true(slow.n == simple.n + 1 && slow.p[slow.n - 1] == 'a');
        assert_memory_equal(slow.p, simple.p, simple.n);
        assert_true(fold_char(cp, &one));
        size_t at = 0;
        assert_int_equal(utf8_next(simple, &at), one);
        arena_reset(a);
    }
    uint32_t none;
    assert_false(fold_char(0xff21, &none) || fold_char(0xe9, &none) || fold_char(0x3400, &none));
    Str broken = fold_text(a, STR("\xe5\x8c"));
    assert_true(broken.n > 0); /* not valid: replaced, not read beyond */
    arena_free(a);
}

TEST_MAIN("utf8")
