/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of names, numbers and addresses, and which ones share a key. Covers: match_text.c match_name.c
 * match_places.c */
#include "match/match_internal.h"
#include "test.h"

typedef struct Case {
    MatchAs as;
    const char *a, *b;
} Case;

static Str text(Arena *a, MatchAs as, const char *raw) { return match_text(a, as, str_of(raw)); }

TEST(match_text, writes_of_one_firm_are_one)
{
    static const Case SAME[] = {
        {MATCH_COMPANY, "杭州西湖区灵隐茶业有限公司", "灵隐茶业"},
        {MATCH_COMPANY, "浙江省杭州市灵隐茶业股份有限公司", "灵隐茶业有限责任公司"},
        {MATCH_COMPANY, "上海華為技術有限公司", "华为技术（上海）有限公司"},
        {MATCH_COMPANY, "中国石油天然气集团公司", "石油天然气集团有限公司"},
        {MATCH_COMPANY, "ＡＢＣ（中国）有限公司", "abc有限公司"},
        {MATCH_COMPANY, "字节跳动 科技 有限公司", "字节跳动科技"},
        {MATCH_COMPANY, "Acme Trading Co., Ltd.", "ACME TRADING"},
        {MATCH_COMPANY, "The Acme Holdings Inc", "acme"},
        {MATCH_COMPANY, "广西壮族自治区南宁市青秀区糖业集团", "糖业"},
        {MATCH_PERSON, "王伟 先生", "王伟"},
        {MATCH_PERSON, "Mr. John O'Neil", "john oneil"},
        {MATCH_PHONE, "+86 138-0013-8000", "13800138000"},
        {MATCH_EMAIL, "Li.Lei+crm@Example.COM", "li.lei@example.com"},
        {MATCH_CODE, "91330106ma2b-0xk83", "91330106MA2B0XK83"},
        {MATCH_TEXT, "Ａ１ ・ b", "a1 b"},
    };
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(SAME); i++) {
        Str x = text(a, SAME[i].as, SAME[i].a), y = text(a, SAME[i].as, SAME[i].b);
        if (!str_eq(x, y))
            fail_msg("%s: %.*s, not %.*s", SAME[i].a, STR_ARG(x), STR_ARG(y));
        assert_true(x.n > 0);
    }
    arena_free(a);
}

/* The list is searched by halves: each of its places must be found, which it is not out of order. */
TEST(match_text, every_place_before_a_name_goes)
{
    Arena *a = arena_new(4096);
    Str rest = str_of(match_places), place;
    size_t n = 0;
    for (; str_split(&rest, ' ', &place); n++) {
        Str firm = str_format(a, STR_FMT "甲飞有限公司", STR_ARG(place));
        Str left = match_text(a, MATCH_COMPANY, firm);
        if (!str_is(left, "甲飞"))
            fail_msg("%.*s: %.*s", STR_ARG(place), STR_ARG(left));
    }
    assert_true(n > 400);
    arena_free(a);
}

TEST(match_text, other_firms_stay_others)
{
    static const Case OTHER[] = {
        {MATCH_COMPANY, "上海电气有限公司", "上海电力有限公司"},
        {MATCH_COMPANY, "华为技术有限公司", "华为终端有限公司"},
        {MATCH_COMPANY, "中国公司", "美国公司"},
        {MATCH_COMPANY, "Limited", "Company"},
        {MATCH_PERSON, "王伟", "王微"},
        {MATCH_EMAIL, "a@example.com", "a@example.org"},
    };
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(OTHER); i++)
        assert_false(str_eq(text(a, OTHER[i].as, OTHER[i].a), text(a, OTHER[i].as, OTHER[i].b)));
    assert_int_equal(text(a, MATCH_COMPANY, "").n, 0);
    assert_int_equal(text(a, MATCH_PHONE, "no number").n, 0);
    arena_free(a);
}

static bool meet(Arena *a, MatchAs as, const char *x, const char *y)
{
    int64_t p[MATCH_KEYS], q[MATCH_KEYS];
    size_t n = match_keys(a, as, text(a, as, x), true, p);
    size_t m = match_keys(a, as, text(a, as, y), true, q);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++)
            if (p[i] == q[j])
                return true;
    return false;
}

TEST(match_text, like_ones_share_a_key)
{
    static const Case LIKE[] = {
        {MATCH_COMPANY, "杭州灵隐茶业有限公司", "杭州灵引茶业有限公司"}, /* sound */
        {MATCH_COMPANY, "字节跳动网络技术", "字节跳动科技"},             /* beginning */
        {MATCH_COMPANY, "新时代光伏设备", "时代光伏设备"},               /* end */
        {MATCH_COMPANY, "Acme Trading Ltd", "Acme Tradings Ltd"},
        {MATCH_COMPANY, "Harbour Bakery", "Bakery Harbour"},
        {MATCH_PERSON, "王伟", "王玮"},
        {MATCH_PERSON, "John Smith", "Smith, John"},
    };
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(LIKE); i++)
        if (!meet(a, LIKE[i].as, LIKE[i].a, LIKE[i].b))
            fail_msg("%s and %s share no key", LIKE[i].a, LIKE[i].b);
    assert_false(meet(a, MATCH_COMPANY, "灵隐茶业", "西溪物流"));
    assert_false(meet(a, MATCH_PHONE, "13800138000", "13800138001"));
    arena_free(a);
}

TEST_MAIN("match_text")
