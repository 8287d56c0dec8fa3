/* SPDX-License-Identifier: Apache-2.0 */
/* JSON lines as a table. */
#include "import/csv.h"
#include "import/jsonl.h"
#include "test.h"
#include <unistd.h>

static const char *convert(Ctx *cx, const char *text, int64_t head, Status want)
{
    FILE *out = tmpfile();
    char *got = arena_zero(cx->arena, 100000);
    error_clear(cx);
    assert_int_equal(jsonl_write_csv(cx, str_of(text), head, fileno(out)), want);
    assert_true(pread(fileno(out), got, 99999, 0) >= 0);
    fclose(out);
    return got;
}

TEST(jsonl, keys_of_all_lines_are_the_columns)
{
    Arena *a = arena_new(0);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    assert_string_equal(
        convert(&cx, "\xef\xbb\xbf{\"name\":\"A\",\"n\":1}\r\n\n{\"n\":2.5,\"更多\":true}", 0,
                ST_OK),
        "name,n,更多\nA,1,\n,2.5,true\n");
    assert_string_equal(convert(&cx, "{\"a\":1}\n{\"a\":2}\n{\"b\":3}\n", 1, ST_OK), "a,b\n1,\n");
    arena_free(a);
}

TEST(jsonl, values_of_an_export_become_cells)
{
    Arena *a = arena_new(0);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    assert_string_equal(
        convert(
            &cx,
            "{\"owner\":{\"id\":\"1\",\"title\":\"Li, "
            "Na\"},\"stage\":{\"id\":\"2\",\"code\":\"won\","
            "\"title\":\"赢单\"},\"amount\":{\"value\":\"12.50\",\"currency\":\"CNY\"},"
            "\"about\":{\"object\":\"order\",\"id\":\"7\",\"title\":\"S1\"},\"tags\":[\"a\",\"b\"],"
            "\"people\":[{\"id\":\"1\",\"title\":\"X\"},{\"id\":\"2\",\"title\":\"Y\"}],\"none\":"
            "null,"
            "\"address\":{\"city\":\"杭州\",\"street\":\"一路\"},\"empty\":{}}\n",
            0, ST_OK),
        "owner,stage,amount,about,tags,people,none,address.city,address.street,empty\n"
        "\"Li, Na\",won,12.50 CNY,order:S1,a;b,X;Y,,杭州,一路,{}\n");
    arena_free(a);
}

TEST(jsonl, a_line_that_is_no_object_is_named)
{
    Arena *a = arena_new(0);
    Ctx cx = {.arena = a, .lang = LANG_EN};
    convert(&cx, "{\"a\":1}\n[1]\n", 0, ST_INVALID);
    assert_non_null(strstr(str_z(a, cx.err.text), "line 2"));
    convert(&cx, "{\"a\":1}\n\n{\"a\":\n", 0, ST_INVALID);
    assert_non_null(strstr(str_z(a, cx.err.text), "line 3"));
    assert_true(jsonl_is(STR(" {\"a\":1}")));
    assert_false(jsonl_is(STR("{a},b\n")));
    assert_false(jsonl_is(STR("name,{\n")));
    arena_free(a);
}

TEST_MAIN("jsonl")
