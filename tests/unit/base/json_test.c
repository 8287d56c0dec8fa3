/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: RFC 8259 by tables, limits, and what is written again. */
#include "base/json.h"
#include "test.h"

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
} Fixture;

static Fixture fixture(void)
{
    Arena *a = arena_new(0);
    return (Fixture){a, {.arena = a, .lang = LANG_EN}};
}

static void assert_rewrites(const char *text, const char *want)
{
    Fixture f = fixture();
    json_t *j = NULL;
    ASSERT_OK(json_parse(&f.cx, str_of(text), &j));
    Buf b = buf_in(f.arena, 10000);
    json_write(&b, j);
    assert_string_equal(buf_z(&b), want);
    arena_free(f.arena);
}

TEST(json, reads_and_writes_values)
{
    assert_rewrites("{\"b\":1,\"a\":[true,false,null],\"c\":{}}",
                    "{\"b\":1,\"a\":[true,false,null],\"c\":{}}");
    assert_rewrites(" [ 1.5 , -2 , 1e3, \"\\u4e2d\\ud83d\\ude00\" ] ", "[1.5,-2,1000,\"中😀\"]");
    assert_rewrites("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\"");
    assert_rewrites("9223372036854775807", "9223372036854775807");
    assert_rewrites("-9223372036854775808", "-9223372036854775808");
    assert_rewrites("0.1", "0.1");
    assert_rewrites("{\"\":\"\"}", "{\"\":\"\"}");
}

TEST(json, refuses_what_is_not_json)
{
    static const char *const BAD[] = {
        "",
        " ",
        "{",
        "[",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "[1 2]",
        "01",
        "+1",
        ".5",
        "1.",
        "1e",
        "0x10",
        "NaN",
        "Infinity",
        "-",
        "tru",
        "TRUE",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\n\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "[1]x",
        "{} {}",
        "// c\n1",
        "\xef\xbb\xbf{}",
        "\"\xff\"",
        "\"\xc0\x80\"",
        "{\"a\":1,\"a\":2}",
        "\"\\u0000\"",
        "{\"\\u0000\":1}",
        "9223372036854775808",
        "1e999",
        "[\"a\",\n\"b\"",
        "\"a\tb\"",
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        Fixture f = fixture();
        json_t *j = NULL;
        Status st = json_parse(&f.cx, str_of(BAD[i]), &j);
        if (st != ST_MALFORMED)
            fail_msg("accepted: %s", BAD[i]);
        assert_string_equal(f.cx.err.code, "bad_json");
        assert_int_equal(f.cx.err.fields.n, 1);
        assert_true(f.cx.err.fields.v[0].at >= 0);
        assert_true(f.cx.err.fields.v[0].at <= (int64_t)strlen(BAD[i]));
        arena_free(f.arena);
    }
}

TEST(json, says_where_and_why)
{
    Fixture f = fixture();
    f.cx.lang = LANG_ZH;
    json_t *j = NULL;
    ASSERT_ST(ST_MALFORMED, json_parse(&f.cx, STR("{\"a\":1,\"a\":2}"), &j));
    assert_string_equal(f.cx.err.fields.v[0].code, "duplicate_key");
    assert_true(str_is(f.cx.err.fields.v[0].message, "键重复出现"));
    assert_int_equal(f.cx.err.fields.v[0].at, 10);
    assert_null(j);
    arena_free(f.arena);
}

static Status parse_nested(const char *open, const char *close, int levels)
{
    Fixture f = fixture();
    Buf b = buf_in(f.arena, 1 << 20);
    json_t *j = NULL;
    for (int i = 0; i < levels; i++)
        buf_str_add(&b, str_of(open));
    buf_char(&b, '1');
    for (int i = 0; i < levels; i++)
        buf_str_add(&b, str_of(close));
    Status st = json_parse(&f.cx, buf_str(&b), &j);
    arena_free(f.arena);
    return st;
}

TEST(json, bounds_the_depth)
{
    ASSERT_OK(parse_nested("[", "]", 64));
    ASSERT_ST(ST_MALFORMED, parse_nested("[", "]", 65));
    ASSERT_OK(parse_nested("{\"[[\\\"{\":", "}", 64));
    ASSERT_ST(ST_MALFORMED, parse_nested("{\"a\":", "}", 65));
    ASSERT_ST(ST_MALFORMED, parse_nested("[", "]", 100000));
}

TEST(json, getters_have_defaults)
{
    Fixture f = fixture();
    json_t *j = NULL;
    ASSERT_OK(json_parse(&f.cx, STR("{\"s\":\"x\",\"b\":true,\"i\":7,\"n\":null}"), &j));
    assert_true(str_is(json_get_str(j, "s"), "x"));
    assert_null(json_get_str(j, "i").p);
    assert_null(json_get_str(j, "none").p);
    assert_true(json_get_bool(j, "b", false));
    assert_true(json_get_bool(j, "s", true));
    assert_int_equal(json_get_int(j, "i", 1), 7);
    assert_int_equal(json_get_int(j, "n", 1), 1);
    assert_int_equal(json_get_int(NULL, "n", 5), 5);
    arena_free(f.arena);
}

TEST_MAIN("json")
