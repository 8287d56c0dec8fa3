/* SPDX-License-Identifier: Apache-2.0 */
/* The sanitiser: what stays, what goes, and that a second pass changes nothing. */
#include "base/html.h"
#include "test.h"

static const char *const forms[][2] = {
    {"<p>Hello <b>you</b></p>", "<p>Hello <strong>you</strong></p>"},
    {"<P CLASS='x' onclick=alert(1)>a</P>", "<p>a</p>"},
    {"a<script>alert('<p>')</script>b", "ab"},
    {"a<SCRIPT src=//evil.cn/x>b</sCrIpT >c", "ac"},
    {"a<script>never closed", "a"},
    {"<style>p{}</style><svg><a href=x>b</a></svg>c", "c"},
    {"<a href=\"javascript:alert(1)\">x</a>", "x"},
    {"<a href=\"java&#115;cript:alert(1)\">x</a>", "x"},
    {"<a href=\" javascript:alert(1)\">x</a>", "x"},
    {"<a href=\"java\nscript:alert(1)\">x</a>", "x"},
    {"<a href=\"data:text/html,x\">x</a>", "x"},
    {"<a href='https://a.cn/?a=1&amp;b=2\"'>x</a>",
     "<a href=\"https://a.cn/?a=1&amp;b=2&quot;\" rel=\"noopener noreferrer nofollow\">x</a>"},
    {"<a href=mailto:a@b.cn>x",
     "<a href=\"mailto:a@b.cn\" rel=\"noopener noreferrer nofollow\">x</a>"},
    {"<img src=https://track.cn/1.gif>", ""},
    {"<img src=\"/api/v1/files/12\" alt=\"a<b\" onerror=x>",
     "<img src=\"/api/v1/files/12\" alt=\"a&lt;b\">"},
    {"<img src=\"/api/v1/files/../users\">", ""},
    {"<ul><li>a<li>b</ul>", "<ul><li>a<li>b</li></li></ul>"},
    {"<p>a<b>c</p>d", "<p>a<strong>c</strong></p>d"},
    {"</p></b>a", "a"},
    {"<!-- <p> -->a<!-- b", "a"},
    {"<!DOCTYPE html><?xml x?>a", "a"},
    {"1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"},
    {"&lt;script&gt; &copy; &bogus; &#0; &#x4e2d;", "&lt;script&gt; © &amp;bogus;  中"},
    {"<td colspan=2 rowspan=1 style='x'>a</td>", "<td colspan=\"2\">a</td>"},
    {"<td colspan=1000>a</td>", "<td>a</td>"},
    {"<font color=red>a</font><span>b</span>", "ab"},
    {"<p", "<p></p>"},
    {"<p a=\"", "<p></p>"},
    {"a\x01\x7f"
     "b",
     "ab"},
    {"<a href=https://a.cn href=javascript:1>x</a>",
     "<a href=\"https://a.cn\" rel=\"noopener noreferrer nofollow\">x</a>"},
};

static const char *clean(Arena *a, const char *in)
{
    Buf b = buf_in(a, 100000);
    html_sanitise(str_of(in), STR("/api/v1/files/"), &b);
    assert_false(buf_overflowed(&b));
    return buf_z(&b);
}

TEST(html, keeps_what_is_allowed_and_drops_the_rest)
{
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const char *once = clean(a, forms[i][0]);
        assert_string_equal(once, forms[i][1]);
        assert_string_equal(clean(a, once), once);
    }
    arena_free(a);
}

TEST(html, loses_tags_not_text_when_nested_too_deep)
{
    Arena *a = arena_new(4096);
    Buf b = buf_in(a, 10000);
    for (int i = 0; i < 200; i++)
        buf_lit(&b, "<b>");
    buf_lit(&b, "deep");
    const char *out = clean(a, buf_z(&b));
    assert_non_null(strstr(out, "deep</strong>"));
    assert_string_equal(clean(a, out), out);
    arena_free(a);
}

TEST(html, stops_at_the_maximum)
{
    Arena *a = arena_new(4096);
    Buf b = buf_in(a, 10);
    html_sanitise(STR("<p>more than ten bytes</p>"), STR_NULL, &b);
    assert_true(buf_overflowed(&b));
    arena_free(a);
}

TEST(html, gives_the_words)
{
    Arena *a = arena_new(4096);
    Str words =
        html_text(a, STR("<p>One &amp; two</p><ul><li>three<li>four</ul><table><tr><td>5</td>"
                         "<td>6</td></tr></table><img src=\"/x\" alt=\"y\">end<br>line"));
    assert_true(str_is(words, "One & two\nthree\nfour\n5 6\nend\nline"));
    assert_true(html_is_empty(STR("<p> <br></p>")));
    assert_false(html_is_empty(STR("<p><img src=\"/x\"></p>")));
    assert_false(html_is_empty(STR("<p>a</p>")));
    arena_free(a);
}

TEST(html, makes_paragraphs_of_plain_text)
{
    Arena *a = arena_new(4096);
    Buf b = buf_in(a, 1000);
    html_of_text(STR("a <b>\nc\n\n\nd"), &b);
    assert_string_equal(buf_z(&b), "<p>a &lt;b&gt;<br>c</p><p>d</p>");
    assert_string_equal(clean(a, buf_z(&b)), buf_z(&b));
    arena_free(a);
}

TEST_MAIN("html")
