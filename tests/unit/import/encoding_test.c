/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings are told from the bytes of tables as people have them: headers alone, a few rows, rows whose
 * first Chinese character stands far behind. */
#include "import/encoding.h"
#include "test.h"
#include <unicode/ucnv.h>

static Str encoded(Arena *a, const char *name, const char *text)
{
    UErrorCode error = U_ZERO_ERROR;
    size_t cap = strlen(text) * 4 + 16;
    char *out = arena_alloc(a, cap);
    int32_t n = ucnv_convert(name, "UTF-8", out, (int32_t)cap, text, -1, &error);
    assert_true(U_SUCCESS(error));
    return str_n(out, (size_t)n);
}

static void assert_guess(Arena *a, Str bytes, const char *want, const char *text)
{
    size_t skip = 99;
    Str got = encoding_guess(a, bytes, &skip);
    if (!str_is(got, want))
        fail_msg("%.*s instead of %s: %s", STR_ARG(got), want, text);
}

TEST(encoding, tells_the_families_of_chinese_apart)
{
    static const char *const SIMPLIFIED[] = {
        "客户名称\n",
        "姓名,电话\n李明,13812345678\n",
        "公司名称,联系人,地址\n杭州关系科技有限公司,王芳,浙江省杭州市西湖区文三路 90 号\n",
        "name,phone\n张三,1\n",
        "产品,单价\n打印机,1200\n墨盒,99\n",
    };
    static const char *const TRADITIONAL[] = {
        "客戶名稱\n",
        "姓名,電話\n李明,0912345678\n",
        "公司名稱,聯絡人,地址\n台北關係科技有限公司,王芳,台北市信義區市府路 1 號\n",
        "產品,單價\n印表機,1200\n",
    };
    Arena *a = arena_new(0);
    for (size_t i = 0; i < COUNT_OF(SIMPLIFIED); i++) {
        assert_guess(a, encoded(a, "GBK", SIMPLIFIED[i]), "GB18030", SIMPLIFIED[i]);
        assert_guess(a, encoded(a, "UTF-8", SIMPLIFIED[i]), "UTF-8", SIMPLIFIED[i]);
        Str wide = encoded(a, "UTF-16LE", SIMPLIFIED[i]);
        Buf with_bom = buf_in(a, 1 << 16);
        buf_add(&with_bom, "\xff\xfe", 2);
        buf_str_add(&with_bom, wide);
        assert_guess(a, buf_str(&with_bom), "UTF-16LE", SIMPLIFIED[i]);
    }
    for (size_t i = 0; i < COUNT_OF(TRADITIONAL); i++)
        assert_guess(a, encoded(a, "Big5", TRADITIONAL[i]), "Big5", TRADITIONAL[i]);
    assert_guess(a, encoded(a, "UTF-16BE", "name,phone\nLi,1\n"), "UTF-16BE", "without mark");
    assert_guess(a, encoded(a, "UTF-16LE", "name,phone\nLi,1\n"), "UTF-16LE", "without mark");
    arena_free(a);
}

TEST(encoding, looks_where_the_first_character_is)
{
    Arena *a = arena_new(0);
    Buf text = buf_in(a, 8 << 20);
    for (int i = 0; i < 100000; i++)
        buf_lit(&text, "plain,ascii,row\n");
    buf_str_add(&text, encoded(a, "Big5", "客戶,台北公司,電話\n"));
    assert_guess(a, buf_str(&text), "Big5", "far behind");
    arena_free(a);
}

TEST(encoding, a_cut_within_a_character_is_no_other_encoding)
{
    Arena *a = arena_new(0);
    Str text = STR("名称,电话\n杭州公司,0571\n上海");
    for (size_t n = text.n - 4; n <= text.n; n++)
        assert_guess(a, str_sub(text, 0, n), "UTF-8", "cut");
    assert_guess(a, str_n("\xb9\xab\xcb\xbe", 4), "GB18030", "公司");
    arena_free(a);
}

TEST(encoding, leaves_others_to_uchardet)
{
    Arena *a = arena_new(0);
    const char *japanese =
        "会社名,担当者\n株式会社エイチ・アンド・ケイ,たなか\nおはようございます、こんにちは\n";
    assert_guess(a, encoded(a, "Shift_JIS", japanese), "SHIFT_JIS", japanese);
    const char *western =
        "Société,Téléphone\nMüller & Söhne Façade,01 23\nÉcole supérieure où là déjà vu\n";
    size_t skip = 0;
    Str got = encoding_guess(a, encoded(a, "windows-1252", western), &skip);
    assert_false(str_is(got, "GB18030") || str_is(got, "Big5") || str_is(got, "UTF-8"));
    arena_free(a);
}

TEST_MAIN("encoding")
