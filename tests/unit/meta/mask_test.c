/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of meta/mask.h: each style, and that short values give nothing away. */
#include "meta/mask.h"
#include "test.h"

static const char *masked(Arena *a, FieldKind kind, const char *text)
{
    Object o = {0};
    Field f = {.kind = kind, .object = &o};
    Value v = {.t = V_TEXT, .s = str_of(text)};
    return str_z(a, mask_value(a, &f, MASK_AUTO, &v));
}

TEST(mask, keeps_what_its_style_keeps)
{
    static const struct {
        FieldKind kind;
        const char *text, *wanted;
    } CASES[] = {
        {F_PHONE, "13812345678", "138****5678"},
        {F_PHONE, "+8613812345678", "+86138****5678"},
        {F_PHONE, "12345", "123****"},
        {F_PHONE, "12", "****"},
        {F_EMAIL, "ana@example.com", "a***@example.com"},
        {F_EMAIL, "李@example.com", "李***@example.com"},
        {F_TEXT, "张三丰", "张**"},
        {F_TEXT, "张三", "张**"},
        {F_TEXT, "张", "**"},
        {F_TEXT, "110101199003071234", "110***********1234"},
        {F_TEXT, "Acme Trading Company", "A*******************"},
        {F_URL, "https://example.com", "***"},
    };
    Arena *a = arena_new(0);
    for (size_t i = 0; i < COUNT_OF(CASES); i++)
        assert_string_equal(masked(a, CASES[i].kind, CASES[i].text), CASES[i].wanted);
    Object o = {0};
    Field money = {.kind = F_MONEY, .object = &o};
    Value v = {.t = V_MONEY};
    assert_string_equal(str_z(a, mask_value(a, &money, MASK_AUTO, &v)), "***");
    arena_free(a);
}

TEST(mask, styles_leave_what_they_name)
{
    static const struct {
        FieldKind kind;
        const char *word;
        MaskStyle style;
        Value v;
        const char *text, *wanted;
    } CASES[] = {
        {F_TEXT,
         "masked:name",
         MASK_NAME,
         {.t = V_TEXT},
         "110101199003071234",
         "1*****************"},
        {F_TEXT, "masked:id", MASK_ID, {.t = V_TEXT}, "张三丰李四王五", "张三丰***"},
        {F_TEXT, "reveal:phone", MASK_PHONE, {.t = V_TEXT}, "13812345678", "138****5678"},
        {F_TEXT, "masked:email", MASK_EMAIL, {.t = V_TEXT}, "ana@b.cn", "a***@b.cn"},
        {F_PHONE, "masked:full", MASK_FULL, {.t = V_TEXT}, "13812345678", "***"},
        {F_PHONE, "masked:id", MASK_ID, {.t = V_TEXT}, "+8613812345678", "+86*******5678"},
        {F_EMAIL, "masked:name", MASK_NAME, {.t = V_TEXT}, "ana@b.cn", "a*******"},
        {F_INTEGER, "masked:amount", MASK_AMOUNT, {.t = V_INT, .i = 1234}, "", "1***"},
        {F_INTEGER, "masked:amount", MASK_AMOUNT, {.t = V_INT, .i = -56}, "", "-5*"},
        {F_INTEGER, "masked:amount", MASK_AMOUNT, {.t = V_INT, .i = 7}, "", "*"},
        {F_INTEGER,
         "masked:amount",
         MASK_AMOUNT,
         {.t = V_INT, .i = INT64_MIN},
         "",
         "-9******************"},
        {F_DECIMAL,
         "masked:amount",
         MASK_AMOUNT,
         {.t = V_DECIMAL, .scale = 3, .i = 98765432},
         "",
         "9****"},
        {F_DECIMAL, "masked:amount", MASK_AMOUNT, {.t = V_DECIMAL, .scale = 3, .i = 7}, "", "*"},
        {F_MONEY,
         "masked:amount",
         MASK_AMOUNT,
         {.t = V_MONEY, .money = {.value = 123456789}},
         "",
         "1******"},
        {F_MONEY,
         "masked:full",
         MASK_FULL,
         {.t = V_MONEY, .money = {.value = 123456789}},
         "",
         "***"},
        {F_DATE, "masked:year", MASK_YEAR, {.t = V_DATE, .i = 5479}, "", "1985-**-**"},
        {F_DATETIME, "masked:year", MASK_YEAR, {.t = V_TIME, .i = -1}, "", "1969-**-**"},
        {F_DATETIME, "masked:full", MASK_FULL, {.t = V_TIME, .i = 0}, "", "***"},
    };
    Arena *a = arena_new(0);
    Object o = {0};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        Field f = {.kind = CASES[i].kind, .object = &o, .scale = 2};
        MaskStyle style = MASK_AUTO;
        assert_true(mask_word(&f, str_of(CASES[i].word), &style));
        assert_int_equal(style, CASES[i].style);
        Value v = CASES[i].v;
        if (v.t == V_TEXT)
            v.s = str_of(CASES[i].text);
        assert_string_equal(str_z(a, mask_value(a, &f, style, &v)), CASES[i].wanted);
    }
    arena_free(a);
}

TEST(mask, words_name_only_styles_that_fit)
{
    static const struct {
        FieldKind kind;
        const char *word;
    } CASES[] = {{F_TEXT, "masked:amount"}, {F_MONEY, "masked:name"}, {F_DATE, "masked:amount"},
                 {F_PHONE, "masked:email"}, {F_URL, "masked:id"},     {F_TEXT, "masked:"},
                 {F_TEXT, "masked:no"},     {F_TEXT, "read:full"},    {F_TEXT, "write"},
                 {F_LINK, "masked:full"}};
    Object o = {0};
    MaskStyle style;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        Field f = {.kind = CASES[i].kind, .object = &o};
        assert_false(mask_word(&f, str_of(CASES[i].word), &style));
    }
    assert_int_equal(mask_shows_more(MASK_FULL, MASK_AUTO), MASK_AUTO);
    assert_int_equal(mask_shows_more(MASK_NAME, MASK_FULL), MASK_NAME);
    assert_int_equal(mask_shows_more(MASK_AUTO, MASK_ID), MASK_ID);
    assert_int_equal(mask_shows_more(MASK_FULL, MASK_FULL), MASK_FULL);
}

TEST(mask, takes_values_of_one_line_alone)
{
    Object o = {0};
    Field f = {.object = &o};
    for (int k = 0; k < F_KINDS; k++) {
        f.kind = (FieldKind)k;
        bool wanted = k == F_TEXT || k == F_EMAIL || k == F_PHONE || k == F_URL || k == F_INTEGER ||
                      k == F_DECIMAL || k == F_PERCENT || k == F_MONEY || k == F_DATE ||
                      k == F_DATETIME;
        assert_int_equal(mask_takes(&f), wanted);
    }
    f.kind = F_TEXT;
    f.system = true;
    assert_false(mask_takes(&f));
    f.system = false;
    o.code = &f;
    assert_false(mask_takes(&f));
}

TEST_MAIN("mask")
