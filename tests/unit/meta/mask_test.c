/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of meta/mask.h: each style, and that short values give nothing away. */
#include "meta/mask.h"
#include "test.h"

static const char *masked(Arena *a, FieldKind kind, const char *text)
{
    Object o = {0};
    Field f = {.kind = kind, .object = &o};
    Value v = {.t = V_TEXT, .s = str_of(text)};
    return str_z(a, mask_value(a, &f, &v));
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
    assert_string_equal(str_z(a, mask_value(a, &money, &v)), "***");
    arena_free(a);
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
