/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and matching against one another: what a query asks for must be among the tokens of the
 * values it stands in. The engine is played here by a few lines that read the FTS5 text.
 * Covers: letter.c match.c find.c spell.c */
#include "base/pinyin.h"
#include "base/utf8.h"
#include "search/search.h"
#include "search/spell.h"
#include "test.h"

/* An object of one title, one text, one phone, one number; no database. */
typedef struct Small {
    Arena *arena;
    Ctx cx;
    Object object;
    Field fields[4];
    Field *list[4];
    Value values[4];
} Small;

static void small_open(Small *s)
{
    static const FieldKind kinds[] = {F_TEXT, F_EMAIL, F_PHONE, F_AUTO_NUMBER};
    *s = (Small){.arena = arena_new(65536)};
    s->cx = (Ctx){.arena = s->arena, .lang = LANG_EN};
    for (size_t i = 0; i < 4; i++) {
        s->fields[i] = (Field){.kind = kinds[i],
                               .search = true,
                               .n_columns = 1,
                               .object = &s->object,
                               .index = (uint16_t)i};
        s->list[i] = &s->fields[i];
    }
    s->object.fields = s->list;
    s->object.n_fields = 4;
    s->fields[3].number_format = STR("C{YYYY}{00000000}");
    s->object.title = &s->fields[0];
}

static void small_set(Small *s, size_t i, const char *text)
{
    s->values[i] = text ? (Value){.t = V_TEXT, .s = str_of(text)} : VALUE_NULL;
}

/* ---- a reader of the FTS5 expressions that match.c writes */
typedef struct Engine {
    Str tokens, text;
    size_t at;
} Engine;

static bool engine_or(Engine *e);

static void pass_spaces(Engine *e)
{
    while (e->at < e->text.n && e->text.p[e->at] == ' ')
        e->at++;
}

static bool word(Engine *e, const char *w)
{
    pass_spaces(e);
    if (!str_starts(str_sub(e->text, e->at, 99), str_of(w)))
        return false;
    e->at += strlen(w);
    return true;
}

static bool engine_has(const Engine *e, Str token, bool begins)
{
    Str rest = e->tokens, t;
    while (str_split(&rest, ' ', &t))
        if (begins ? str_starts(t, token) : str_eq(t, token))
            return true;
    return false;
}

static bool engine_one(Engine *e)
{
    if (word(e, "(")) {
        bool yes = engine_or(e);
        assert_true(word(e, ")"));
        return yes;
    }
    assert_true(word(e, "\""));
    size_t start = e->at;
    while (e->text.p[e->at] != '"')
        e->at++;
    Str token = str_sub(e->text, start, e->at++ - start);
    assert_true(token.n > 0);
    return engine_has(e, token, word(e, "*"));
}

static bool engine_and(Engine *e)
{
    bool yes = engine_one(e);
    while (word(e, "AND"))
        yes = engine_one(e) && yes;
    return yes;
}

static bool engine_or(Engine *e)
{
    bool yes = engine_and(e);
    while (word(e, "OR"))
        yes = engine_and(e) || yes;
    return yes;
}

static bool tier_finds(Small *s, const char *query, SearchTier tier)
{
    SearchQuery q;
    ASSERT_OK(search_parse(&s->cx, str_of(query), &q));
    Str match = search_match(s->arena, &q, DB_SQLITE, tier);
    if (!match.n)
        return false;
    Engine e = {.tokens = search_tokens(s->arena, &s->object, s->values).text, .text = match};
    bool yes = engine_or(&e);
    pass_spaces(&e);
    assert_int_equal(e.at, match.n);
    return yes;
}

/* Every term must stand somewhere; the range of the first one. */
static bool value_finds(Small *s, const char *query, SearchRange *ret)
{
    SearchQuery q;
    ASSERT_OK(search_parse(&s->cx, str_of(query), &q));
    for (size_t i = 0; i < q.n; i++) {
        bool yes = false;
        for (size_t k = 0; k < 4 && !yes; k++) {
            SearchRange r;
            if (s->values[k].t != V_TEXT)
                continue;
            SearchText t = search_text(s->arena, &s->fields[k], s->values[k].s);
            yes = search_find(&t, &q.terms[i], &r);
            if (yes && i == 0 && ret)
                *ret = r;
        }
        if (!yes)
            return false;
    }
    return q.n > 0;
}

static void finds(Small *s, const char *query)
{
    if (!tier_finds(s, query, SEARCH_ALL))
        fail_msg("tokens do not find \"%s\"", query);
    if (!value_finds(s, query, NULL))
        fail_msg("the value does not show \"%s\"", query);
}

static void misses(Small *s, const char *query)
{
    if (tier_finds(s, query, SEARCH_ALL) && value_finds(s, query, NULL))
        fail_msg("\"%s\" is found", query);
}

static bool is_han(Str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        if (cp < 0x3400 || cp > 0x9fff)
            return false;
    }
    return true;
}

TEST(token, finds_every_one_and_two_han_characters)
{
    Small s;
    small_open(&s);
    static const char *const names[] = {"重庆长安汽车股份有限公司", "北京 华辰科技（上海）分公司",
                                        "A股3M中国", "单"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Str name = str_of(names[i]);
        small_set(&s, 0, names[i]);
        size_t chars = utf8_length(name);
        for (size_t from = 0; from < chars; from++)
            for (size_t n = 1; n <= 2 && from + n <= chars; n++) {
                size_t at = utf8_offset(name, from);
                Str part = str_sub(name, at, utf8_offset(name, from + n) - at);
                if (!is_han(part))
                    continue;
                finds(&s, str_z(s.arena, part));
            }
    }
    small_set(&s, 0, names[0]);
    finds(&s, "重庆长安汽车");
    misses(&s, "庆重");
    misses(&s, "重庆汽车长安");
    arena_free(s.arena);
}

TEST(token, reads_names_in_all_their_pinyin)
{
    static const char *const found[][2] = {
        {"重庆火锅", "chongqing"},
        {"重庆火锅", "cqhg"},
        {"重庆火锅", "cq"},
        {"重庆火锅", "zhongqing"},
        {"重庆火锅", "chongq"},
        {"重庆火锅", "huoguo"},
        {"重庆火锅", "chongqinghuoguo"},
        {"重庆火锅", "hg"},
        {"长沙银行", "changsha"},
        {"长沙银行", "csyh"},
        {"长沙银行", "yinhang"},
        {"长沙银行", "changshayinhang"},
        {"单雄信", "shanxiongxin"},
        {"单雄信", "sxx"},
        {"单雄信", "danxiongxin"},
        {"音乐之声", "yinyue"},
        {"音乐之声", "yyzs"},
        {"乐天", "letian"},
        {"仇和", "qiuhe"},
        {"曾国藩", "zengguofan"},
        {"吕布", "lvbu"},
        {"吕布", "lubu"},
        {"吕布", "lyubu"},
        {"西安", "xian"},
        {"西安", "xi"},
        {"先锋", "xian"},
        {"厦门航空", "xiamen"},
        {"万俟卨", "moqi"},
        {"尉迟恭", "yuchi"},
        {"王小明", "wangxiaom"},
        {"王小明", "wang xiaoming"},
        {"王小明", "wxm"},
        {"王小明", "xm"},
        {"重慶銀行", "cqyh"},
        {"乾隆", "qianlong"},
        {"ＡＢＣ科技", "abc"},
    };
    for (size_t i = 0; i < COUNT_OF(found); i++) {
        Small s;
        small_open(&s);
        small_set(&s, 0, found[i][0]);
        finds(&s, found[i][1]);
        arena_free(s.arena);
    }
}

TEST(token, does_not_find_what_is_not_there)
{
    static const char *const missed[][2] = {
        {"王小明", "wangming"}, {"王小明", "zhang"},  {"王小明", "mx"},
        {"长沙", "shachang"},   {"北京", "beijingx"}, {"Acme Works", "cme"},
    };
    for (size_t i = 0; i < COUNT_OF(missed); i++) {
        Small s;
        small_open(&s);
        small_set(&s, 0, missed[i][0]);
        misses(&s, missed[i][1]);
        arena_free(s.arena);
    }
}

TEST(token, folds_width_case_and_traditional_forms)
{
    Small s;
    small_open(&s);
    small_set(&s, 0, "華為技術 ＨＵＡＷＥＩ Ｔｅｃｈ");
    finds(&s, "华为");
    finds(&s, "華為技术");
    finds(&s, "huawei");
    finds(&s, "HUA");
    finds(&s, "ｔｅｃｈ");
    finds(&s, "华为 tech");
    misses(&s, "华为 apple");
    arena_free(s.arena);
}

TEST(token, finds_phones_by_any_part_of_four_digits)
{
    static const char *const numbers[] = {"13812345678", "+8613812345678", "+8657188886666x123",
                                          "057188886666"};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        Small s;
        small_open(&s);
        small_set(&s, 2, numbers[i]);
        const char *main = i < 2 ? "13812345678" : "57188886666";
        for (size_t from = 0; from < strlen(main); from++)
            for (size_t n = 4; from + n <= strlen(main); n++) {
                char part[16];
                snprintf(part, sizeof part, "%.*s", (int)n, main + from);
                finds(&s, part);
            }
        arena_free(s.arena);
    }
    Small s;
    small_open(&s);
    small_set(&s, 2, "+8657188886666x123");
    finds(&s, "123");
    finds(&s, "0571-8888-6666");
    finds(&s, "+86 571 88886666");
    misses(&s, "5716");
    misses(&s, "88887777");
    arena_free(s.arena);
}

TEST(token, finds_parts_of_mails_and_numbers)
{
    Small s;
    small_open(&s);
    small_set(&s, 1, "wang.xm@Example-Corp.com");
    small_set(&s, 3, "C202600000123");
    static const char *const parts[] = {
        "wang",          "xm",  "example", "corp",  "wang.xm@example", "exam", "c2026",
        "C202600000123", "123", "0123",    "00123", "202600000123"};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        finds(&s, parts[i]);
    misses(&s, "xample");
    misses(&s, "234");
    misses(&s, "23");
    arena_free(s.arena);
}

TEST(token, tells_titles_and_their_beginnings)
{
    Small s;
    small_open(&s);
    small_set(&s, 0, "北京华辰科技");
    assert_true(tier_finds(&s, "北京华辰科技", SEARCH_TITLE));
    assert_true(tier_finds(&s, "北京 华辰-科技", SEARCH_TITLE));
    assert_false(tier_finds(&s, "北京华辰", SEARCH_TITLE));
    assert_true(tier_finds(&s, "北", SEARCH_HEAD));
    assert_true(tier_finds(&s, "北京华", SEARCH_HEAD));
    assert_true(tier_finds(&s, "北京华辰科", SEARCH_HEAD));
    assert_false(tier_finds(&s, "华辰", SEARCH_HEAD));
    arena_free(s.arena);
}

TEST(token, marks_what_was_found)
{
    static const struct {
        const char *value, *query;
        uint32_t from, to;
    } KNOWN[] = {
        {"杭州北京华辰", "华辰", 4, 6},
        {"杭州北京华辰", "bjhc", 2, 6},
        {"杭州北京华辰", "huachen", 4, 6},
        {"Acme Works", "wor", 5, 8},
        {"①②华辰", "华", 2, 3},
        {"ﷺ华辰", "华辰", 1, 3},
    };
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
        Small s;
        SearchRange r = {99, 99};
        small_open(&s);
        small_set(&s, 0, KNOWN[i].value);
        assert_true(value_finds(&s, KNOWN[i].query, &r));
        assert_int_equal(r.from, KNOWN[i].from);
        assert_int_equal(r.to, KNOWN[i].to);
        arena_free(s.arena);
    }
}

TEST(token, are_the_same_for_the_same_values)
{
    Small s;
    small_open(&s);
    small_set(&s, 0, "abc ABC Abc 北京北京");
    Str once = search_tokens(s.arena, &s.object, s.values).text, rest = once, token, last = STR("");
    assert_true(str_eq(once, search_tokens(s.arena, &s.object, s.values).text));
    while (str_split(&rest, ' ', &token)) {
        assert_true(token.n > 0 && str_cmp(last, token) < 0);
        last = token;
    }
    small_set(&s, 0, "、。 …");
    assert_int_equal(search_tokens(s.arena, &s.object, s.values).text.n, 0);
    arena_free(s.arena);
}

TEST(token, bounds_what_is_asked)
{
    Small s;
    SearchQuery q;
    small_open(&s);
    Buf b = buf_in(s.arena, 10000);
    for (int i = 0; i < 101; i++)
        buf_lit(&b, "王");
    ASSERT_ST(ST_MALFORMED, search_parse(&s.cx, buf_str(&b), &q));
    error_clear(&s.cx);
    ASSERT_ST(ST_MALFORMED, search_parse(&s.cx, STR("a\xff"), &q));
    error_clear(&s.cx);
    ASSERT_OK(search_parse(&s.cx, STR(" \"' OR * () "), &q));
    assert_int_equal(q.n, 1);
    ASSERT_OK(search_parse(&s.cx, STR("  \"^=*  "), &q));
    assert_int_equal(q.n, 0);
    ASSERT_OK(search_parse(&s.cx, STR("a b c d e f g h i j"), &q));
    assert_int_equal(q.n, SEARCH_MAX_TERMS);
    arena_free(s.arena);
}

TEST(token, spells_letters_in_every_way)
{
    Spelling ways[SPELL_WAYS];
    assert_int_equal(spell_ways(STR("xian"), ways), 2);
    assert_int_equal(spell_ways(STR("wangxiaoming"), ways) > 0, 1);
    assert_int_equal(ways[0].n, 2);
    assert_true(str_is(pinyin_syllable(ways[0].first), "ming"));
    assert_int_equal(spell_ways(STR("xzt"), ways), 0);
    assert_int_equal(spell_ways(STR("guangx"), ways), 2);
    assert_int_equal(spell_ways(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), ways), 0);
    assert_true(spell_ways(STR("langlanglanglanglanglang"), ways) > 0);
}

TEST_MAIN("token")
