/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of characters whose pinyin is known: one, several, surnames, traditional forms, limits. */
#include "base/pinyin.h"
#include "base/utf8.h"
#include "test.h"

static uint32_t cp_of(const char *character)
{
    size_t at = 0;
    return utf8_next(str_of(character), &at);
}

static bool has_reading(const char *character, const char *syllable)
{
    Str all[PINYIN_READINGS];
    size_t n = pinyin_of(cp_of(character), all);
    for (size_t i = 0; i < n; i++)
        if (str_is(all[i], syllable))
            return true;
    return false;
}

TEST(pinyin, gives_the_frequent_reading_first)
{
    static const char *const KNOWN[][2] = {
        {"王", "wang"},  {"小", "xiao"}, {"明", "ming"},  {"北", "bei"}, {"京", "jing"},
        {"中", "zhong"}, {"国", "guo"},  {"吕", "lv"},    {"女", "nv"},  {"乐", "le"},
        {"单", "dan"},   {"行", "xing"}, {"重", "zhong"}, {"略", "lve"}, {"的", "de"},
        {"〇", "ling"},  {"們", "men"},
    };
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
        assert_true(str_is(pinyin_first(cp_of(KNOWN[i][0])), KNOWN[i][1]));
}

TEST(pinyin, knows_characters_of_several_readings)
{
    static const char *const KNOWN[][2] = {
        {"重", "chong"}, {"长", "chang"}, {"长", "zhang"}, {"单", "shan"}, {"单", "chan"},
        {"乐", "yue"},   {"行", "hang"},  {"曾", "zeng"},  {"仇", "qiu"},  {"区", "ou"},
        {"查", "zha"},   {"解", "xie"},   {"盖", "ge"},    {"朴", "piao"}, {"万", "mo"},
        {"俟", "qi"},    {"厦", "xia"},   {"厦", "sha"},   {"都", "du"},   {"尉", "yu"},
        {"缪", "miao"},  {"翟", "zhai"},  {"覃", "qin"},   {"召", "shao"}, {"蔚", "yu"},
    };
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
        if (!has_reading(KNOWN[i][0], KNOWN[i][1]))
            fail_msg("%s is not read %s", KNOWN[i][0], KNOWN[i][1]);
}

TEST(pinyin, shares_readings_between_forms)
{
    assert_true(has_reading("長", "chang") && has_reading("長", "zhang"));
    assert_true(has_reading("樂", "yue") && has_reading("重", "zhong"));
    assert_true(has_reading("乾", "qian") && has_reading("干", "qian"));
    assert_true(has_reading("着", "zhu")); /* 著 folds to it */
}

TEST(pinyin, has_nothing_for_other_letters)
{
    Str all[PINYIN_READINGS];
    static const uint32_t OTHER[] = {0,      'a',    0x33ff,  0xa000,  0x3042,
                                     0xac00, 0xffff, 0x20000, 0x10ffff};
    for (size_t i = 0; i < COUNT_OF(OTHER); i++) {
        assert_int_equal(pinyin_of(OTHER[i], all), 0);
        assert_int_equal(pinyin_first(OTHER[i]).n, 0);
    }
}

TEST(pinyin, syllables_are_short_lower_case_and_distinct)
{
    size_t with = 0, several = 0;
    for (uint32_t cp = 0x3400; cp < 0xa000; cp++) {
        Str all[PINYIN_READINGS];
        size_t n = pinyin_of(cp, all);
        with += n > 0;
        several += n > 1;
        for (size_t i = 0; i < n; i++) {
            assert_true(all[i].n >= 1 && all[i].n <= 8);
            for (size_t k = 0; k < all[i].n; k++)
                assert_true(all[i].p[k] >= 'a' && all[i].p[k] <= 'z');
            for (size_t k = 0; k < i; k++)
                assert_false(str_eq(all[i], all[k]));
        }
    }
    assert_true(with > 25000);
    assert_true(several > 800);
}

TEST(pinyin, numbers_syllables_in_order)
{
    uint16_t first = 0, own[PINYIN_READINGS];
    Str all[PINYIN_READINGS];
    size_t n = pinyin_range(STR("xian"), &first);
    assert_int_equal(n, 2);
    assert_true(str_is(pinyin_syllable(first), "xian"));
    assert_true(str_is(pinyin_syllable((uint16_t)(first + 1)), "xiang"));
    assert_int_equal(pinyin_range(STR("xiax"), &first), 0);
    assert_int_equal(pinyin_range(STR("zzz"), &first), 0);
    assert_true(pinyin_range(STR(""), &first) > 400);
    n = pinyin_of(cp_of("乐"), all);
    assert_int_equal(pinyin_numbers(cp_of("乐"), own), n);
    for (size_t i = 0; i < n; i++)
        assert_true(str_eq(pinyin_syllable(own[i]), all[i]));
    assert_int_equal(pinyin_syllable(60000).n, 0);
}

TEST_MAIN("pinyin")
