/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals: strict and loose reading, half-even, overflow. */
#include "base/decimal.h"
#include "test.h"

TEST(decimal, reads_strictly)
{
    static const struct {
        const char *text;
        int scale;
        bool round, ok;
        int64_t want;
    } ROWS[] = {
        {"1234.5", 2, false, true, 123450},
        {"-0.05", 2, false, true, -5},
        {"+7", 0, false, true, 7},
        {"1.2300", 2, false, true, 123},
        {"1.234", 2, false, false, 0},
        {"1.235", 2, true, true, 124},
        {"1.225", 2, true, true, 122},
        {"1.2250000000000000000000000001", 2, true, true, 123},
        {"-1.225", 2, true, true, -122},
        {"-1.235", 2, true, true, -124},
        {"0.004999", 2, true, true, 0},
        {"0.005", 2, true, true, 0},
        {"0.0050001", 2, true, true, 1},
        {"0.0005", 2, true, true, 0},
        {"9.995", 2, true, true, 1000},
        {"92233720368547758.07", 2, false, true, INT64_MAX},
        {"92233720368547758.08", 2, false, false, 0},
        {"92233720368547758.075", 2, true, false, 0},
        {"000000000000000000000000000000000000000000000000000000000000000000001", 0, false, true,
         1},
        {"99999999999999999999999999999999999999999999999999999999999999999999999", 0, false, false,
         0},
        {"", 2, false, false, 0},
        {"-", 2, false, false, 0},
        {".5", 2, false, false, 0},
        {"5.", 2, false, false, 0},
        {"1e3", 2, false, false, 0},
        {"1,000", 2, false, false, 0},
        {" 1", 2, false, false, 0},
        {"1.2.3", 2, false, false, 0},
        {"--1", 2, false, false, 0},
        {"1-", 2, false, false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        int64_t v = 0;
        bool ok = decimal_parse(str_of(ROWS[i].text), ROWS[i].scale, ROWS[i].round, &v);
        if (ok != ROWS[i].ok || (ok && v != ROWS[i].want))
            fail_msg("%s: %d %lld", ROWS[i].text, ok, (long long)v);
    }
}

TEST(decimal, reads_as_people_write)
{
    static const struct {
        const char *text;
        int scale;
        bool ok;
        int64_t want;
    } ROWS[] = {
        {"1,234.50", 2, true, 123450},
        {"1,234,567", 0, true, 1234567},
        {"1,23", 2, false, 0},
        {"1234,567", 2, false, 0},
        {"1,2345", 2, false, 0},
        {"¥1,234.50", 2, true, 123450},
        {"￥ 1，234．50", 2, true, 123450},
        {"１２３４．５", 2, true, 123450},
        {"-$5", 2, true, -500},
        {"$-5", 2, true, -500},
        {"－５", 0, true, -5},
        {"(1,234.50)", 2, true, -123450},
        {"(-5)", 2, false, 0},
        {"1.2万", 2, true, 1200000},
        {"3亿", 0, true, 300000000},
        {"1.23456万元", 2, true, 1234560},
        {"1.2345678万", 2, false, 0},
        {"5百万", 0, true, 5000000},
        {"15%", 2, true, 1500},
        {"15％", 2, true, 1500},
        {"12.5 元", 2, true, 1250},
        {".5", 2, true, 50},
        {"5.", 2, true, 500},
        {"0万", 2, true, 0},
        {"9亿亿", 2, true, 9000000000000000000},
        {"10亿亿", 2, false, 0},
        {"1亿亿亿亿亿亿", 0, false, 0},
        {"--5", 2, false, 0},
        {"five", 2, false, 0},
        {"5 apples", 2, false, 0},
        {"1.2.3", 2, false, 0},
        {"1.2,345", 2, false, 0},
        {"", 2, false, 0},
        {"¥", 2, false, 0},
        {"()", 2, false, 0},
        {"\xef\xbc", 2, false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        int64_t v = 0;
        bool ok = decimal_parse_loose(str_of(ROWS[i].text), ROWS[i].scale, &v);
        if (ok != ROWS[i].ok || (ok && v != ROWS[i].want))
            fail_msg("%s: %d %lld", ROWS[i].text, ok, (long long)v);
    }
}

TEST(decimal, rounds_half_to_even)
{
    static const int64_t ROWS[][2] = {{5, 0},    {15, 2},   {25, 2}, {35, 4},  {-5, 0},
                                      {-15, -2}, {-25, -2}, {26, 3}, {24, 2},  {-26, -3},
                                      {4, 0},    {6, 1},    {-4, 0}, {-6, -1}, {0, 0}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        int64_t v;
        assert_true(decimal_rescale(ROWS[i][0], 1, 0, &v));
        assert_int_equal(v, ROWS[i][1]);
    }
}

TEST(decimal, says_when_it_overflows)
{
    int64_t v;
    assert_false(decimal_rescale(INT64_MAX / 10 + 1, 0, 1, &v));
    assert_true(decimal_rescale(INT64_MIN / 10, 0, 1, &v));
    assert_true(decimal_mul(INT64_MAX, 1000000000, 9, &v) && v == INT64_MAX);
    assert_false(decimal_mul(INT64_MAX, 1000000001, 9, &v));
    assert_true(decimal_mul(123450, 13, 2, &v) && v == 16048); /* 16048.5 → even */
    assert_true(decimal_mul(-123450, 13, 2, &v) && v == -16048);
    assert_true(decimal_mul3(3, 10005, 10000, 5, &v) && v == 3002); /* 3001.5 → even */
    assert_true(decimal_mul3(-3, 10005, 10000, 5, &v) && v == -3002);
    assert_true(decimal_mul3(INT64_MAX, 10000, 10000, 8, &v) && v == INT64_MAX);
    assert_false(decimal_mul3(INT64_MAX, INT64_MAX, 3, 18, &v)); /* not even in 128 bits */
    assert_false(decimal_mul3(INT64_MAX, 1000, 1000, 2, &v));
    assert_int_equal(decimal_pow10(18), 1000000000000000000);
}

static void assert_ratio(__int128 num, __int128 den, int digits, const char *want)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    Buf b = buf_in(a, 200);
    decimal_write_ratio(&b, num, den, digits);
    assert_string_equal(buf_z(&b), want);
}

TEST(decimal, writes_ratios)
{
    assert_ratio(1, 3, 5, "0.33333");
    assert_ratio(2, 3, 5, "0.66667");
    assert_ratio(-2, 3, 5, "-0.66667");
    assert_ratio(1, 8, 2, "0.12");
    assert_ratio(3, 8, 2, "0.38");
    assert_ratio(1, 2, 0, "0");
    assert_ratio(3, 2, 0, "2");
    assert_ratio(5, 2, 0, "2");
    assert_ratio(999, 1000, 2, "1.00");
    assert_ratio(99999, 10000, 3, "10.000");
    assert_ratio(-1, 1000, 2, "0.00");
    assert_ratio(0, 7, 2, "0.00");
    assert_ratio(100, 7, 14, "14.28571428571429");
    __int128 large = (__int128)INT64_MAX * INT64_MAX;
    assert_ratio(large, INT64_MAX, 2, "9223372036854775807.00");
    assert_ratio(large, 1, 0, "85070591730234615847396907784232501249");
}

TEST(decimal, writes_128_bits)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    Buf b = buf_in(a, 200);
    decimal_write128(&b, -(__int128)INT64_MAX * 1000 - 5, 3);
    buf_char(&b, ' ');
    decimal_write128(&b, 5, 3);
    buf_char(&b, ' ');
    decimal_write128(&b, 0, 0);
    assert_string_equal(buf_z(&b), "-9223372036854775807.005 0.005 0");
}

TEST_MAIN("decimal")
