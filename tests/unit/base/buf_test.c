/* SPDX-License-Identifier: Apache-2.0 */
/* Buf: bounds, escapes, numbers. */
#include "base/buf.h"
#include "test.h"
#include <math.h>

#define BUF(b)                                                                                     \
    CLEANUP(arena) Arena *arena_ = arena_new(0);                                                   \
    Buf b = buf_in(arena_, 1 << 20)

TEST(buf, never_passes_its_maximum)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    Buf b = buf_in(a, 10);
    buf_lit(&b, "12345678");
    buf_lit(&b, "abc");
    assert_true(buf_overflowed(&b));
    buf_char(&b, 'x');
    buf_printf(&b, "%d", 1);
    assert_string_equal(buf_z(&b), "12345678");
    Buf exact = buf_in(a, 10);
    buf_lit(&exact, "1234567890");
    assert_false(buf_overflowed(&exact));
    assert_string_equal(buf_z(&exact), "1234567890");
    Buf none = buf_in(a, 0);
    assert_string_equal(buf_z(&none), "");
    buf_char(&none, 'x');
    assert_true(buf_overflowed(&none));
}

TEST(buf, printf_grows_as_needed)
{
    BUF(b);
    for (int i = 0; i < 3000; i++)
        buf_printf(&b, "%03d,", i % 1000);
    assert_int_equal(b.n, 12000);
    buf_printf(&b, "%0*d", 5000, 3);
    assert_int_equal(b.n, 17000);
    assert_memory_equal(b.p + 4 * 999, "999,000,", 8);
}

TEST(buf, writes_integers)
{
    BUF(b);
    buf_int(&b, INT64_MIN);
    buf_char(&b, ' ');
    buf_int(&b, INT64_MAX);
    buf_char(&b, ' ');
    buf_uint(&b, UINT64_MAX);
    buf_char(&b, ' ');
    buf_int(&b, 0);
    buf_char(&b, ' ');
    buf_hex(&b, "\x00\xff\x1a", 3);
    assert_string_equal(buf_z(&b),
                        "-9223372036854775808 9223372036854775807 18446744073709551615 0 00ff1a");
}

/* The plain way, byte for byte, against the one that steps by eight. */
static void escape_slowly(Buf *b, const char *p, size_t n)
{
    static const char *const SHORT[] = {
        ['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"};
    buf_char(b, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c < COUNT_OF(SHORT) && SHORT[c])
            buf_str_add(b, str_of(SHORT[c]));
        else if (c < 0x20)
            buf_printf(b, "\\u%04x", c);
        else
            buf_char(b, (char)c);
    }
    buf_char(b, '"');
}

TEST(buf, escapes_json_at_every_place)
{
    BUF(fast);
    Buf slow = buf_in(arena_, 1 << 20);
    for (int c = 1; c < 256; c++) {
        for (size_t at = 0; at < 19; at++) {
            char text[20] = "abcdefghijklmnopqrs";
            text[at] = (char)c;
            buf_truncate(&fast, 0);
            buf_truncate(&slow, 0);
            buf_json_str(&fast, str_n(text, 19));
            escape_slowly(&slow, text, 19);
            assert_string_equal(buf_z(&fast), buf_z(&slow));
        }
    }
}

TEST(buf, reals_read_back)
{
    static const double SOME[] = {
        0.1,  1.0 / 3, 1e300, -2.5e-10,          5e-324, 1.7976931348623157e308, 123.45,
        1e15, 1e16,    -0.5,  9007199254740993.0};
    BUF(b);
    for (size_t i = 0; i < COUNT_OF(SOME); i++) {
        buf_truncate(&b, 0);
        buf_json_real(&b, SOME[i]);
        assert_true(strtod(buf_z(&b), NULL) == SOME[i]);
    }
    buf_truncate(&b, 0);
    buf_json_real(&b, 0.1);
    buf_char(&b, ' ');
    buf_json_real(&b, 42.0);
    buf_char(&b, ' ');
    buf_json_real(&b, NAN);
    buf_char(&b, ' ');
    buf_json_real(&b, -INFINITY);
    assert_string_equal(buf_z(&b), "0.1 42 null null");
}

TEST(buf, writes_decimals)
{
    static const struct {
        int64_t v;
        int scale;
        const char *want;
    } ROWS[] = {
        {123450, 2, "1234.50"},
        {5, 2, "0.05"},
        {-5, 2, "-0.05"},
        {0, 2, "0.00"},
        {0, 0, "0"},
        {-7, 0, "-7"},
        {7, 9, "0.000000007"},
        {INT64_MIN, 2, "-92233720368547758.08"},
        {100, 2, "1.00"},
    };
    BUF(b);
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        buf_truncate(&b, 0);
        buf_decimal(&b, ROWS[i].v, ROWS[i].scale);
        assert_string_equal(buf_z(&b), ROWS[i].want);
    }
}

TEST(buf, escapes_html_and_csv)
{
    BUF(b);
    buf_html(&b, STR("<a href=\"x\">'&'</a>"));
    assert_string_equal(buf_z(&b), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    buf_truncate(&b, 0);
    buf_csv(&b, STR("plain"));
    buf_char(&b, ',');
    buf_csv(&b, STR("a,b"));
    buf_char(&b, ',');
    buf_csv(&b, STR("\"\"q"));
    buf_char(&b, ',');
    buf_csv(&b, STR("two\nlines"));
    buf_char(&b, ',');
    buf_csv(&b, STR(""));
    assert_string_equal(buf_z(&b), "plain,\"a,b\",\"\"\"\"\"q\",\"two\nlines\",");
}

TEST(buf, a_page_says_where_the_next_begins)
{
    BUF(b);
    buf_json_next(&b, 84213377);
    buf_json_next(&b, 0);
    assert_string_equal(buf_z(&b), "],\"next\":\"84213377\"}],\"next\":null}");
}

TEST(buf, keys_are_separated)
{
    BUF(b);
    bool first = true;
    buf_char(&b, '{');
    buf_key(&b, &first, "a");
    buf_json_id(&b, 84213377);
    buf_key(&b, &first, "b");
    buf_json_bool(&b, false);
    buf_char(&b, '}');
    assert_string_equal(buf_z(&b), "{\"a\":\"84213377\",\"b\":false}");
}

TEST_MAIN("buf")
