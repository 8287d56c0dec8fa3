/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: RFC 4180 and what people send; encodings; limits.
 * Covers: encoding.c */
#include "import/csv.h"
#include "import/encoding.h"
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

/* Every cell, rows separated by a newline, cells by "¦"; a row of bad text begins with "!". */
static const char *read_all(Fixture *f, Str bytes, const char *encoding)
{
    CsvReader *r = NULL;
    Buf out = buf_in(f->arena, 8 << 20);
    ASSERT_OK(csv_open_text(&f->cx, bytes, str_of(encoding), &r));
    for (bool found = true;;) {
        CsvRow row;
        ASSERT_OK(csv_next(&f->cx, r, f->arena, &row, &found));
        if (!found)
            return buf_z(&out);
        if (row.number)
            buf_char(&out, '\n');
        if (row.bad_text)
            buf_char(&out, '!');
        for (size_t i = 0; i < row.n; i++) {
            if (i)
                buf_lit(&out, "¦");
            buf_str_add(&out, row.cells[i]);
        }
    }
}

TEST(csv, reads_cells)
{
    static const struct {
        const char *text, *want;
    } ROWS[] = {
        {"a,b\n1,2\n", "a¦b\n1¦2"},
        {"a,b\r\n1,2\r\n", "a¦b\n1¦2"},
        {"a,b\r1,2", "a¦b\n1¦2"},
        {"a;b;c,d\n1;2;3", "a¦b¦c,d\n1¦2¦3"},
        {"a\tb\n1\t2", "a¦b\n1¦2"},
        {"a|b\n1|2", "a¦b\n1¦2"},
        {"sep=;\na,b;c\n", "a,b¦c"},
        {"\"a,b\",c\n", "a,b¦c"},
        {"\"say \"\"hi\"\"\",c\n", "say \"hi\"¦c"},
        {"\"two\nlines\",c\n", "two\nlines¦c"},
        {"\"\",\"\"\"\"\n", "¦\""},
        {"a \"b\" c,d\n", "a \"b\" c¦d"},
        {"\"a\" ,\"b\"x\n", "a¦bx"},
        {"a,,\n,,b\n", "a¦¦\n¦¦b"},
        {"\n\n a\n\n\n", " a"},
        {"a,b\n,\n1,2\n", "a¦b\n1¦2"},
        {"\"open", "open"},
        {"a,\"open\nb,c", "a¦open\nb,c"},
        {"\xef\xbb\xbf"
         "a,b\n",
         "a¦b"},
        {"a,b\n1\n1,2,3\n", "a¦b\n1\n1¦2¦3"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        Fixture f = fixture();
        const char *got = read_all(&f, str_of(ROWS[i].text), "");
        if (strcmp(got, ROWS[i].want) != 0)
            fail_msg("%s gives %s", ROWS[i].text, got);
        arena_free(f.arena);
    }
}

TEST(csv, marks_rows_with_bad_text)
{
    Fixture f = fixture();
    const char *got = read_all(&f, STR("a\nok\n\xff\n\xe4\xb8\xad\n"), "UTF-8");
    assert_string_equal(got, "a\nok\n!\xff\n中");
    got = read_all(&f, STR("a\nx\0y\n"), "UTF-8");
    assert_memory_equal(got, "a\n!x", 4);
    arena_free(f.arena);
}

TEST(csv, recognises_encodings)
{
    /* a Chinese sentence long enough to recognise, in several encodings */
    static const char GBK[] =
        "\xbf\xcd\xbb\xa7\xc3\xfb\xb3\xc6,\xb1\xb8\xd7\xa2\n"
        "\xba\xbc\xd6\xdd\xb9\xd8\xcf\xb5\xbf\xc6\xbc\xbc\xd3\xd0\xcf\xde\xb9\xab\xcb\xbe,"
        "\xd5\xe2\xca\xc7\xd2\xbb\xb8\xf6\xba\xdc\xd6\xd8\xd2\xaa\xb5\xc4\xbf\xcd\xbb\xa7\n";
    static const char BIG5[] = "\xab\xc8\xa4\xe1,\xb5\xf9\n"
                               "\xa5\x78\xa5\x5f\xac\xec\xa7\xde\xa4\xbd\xa5\x71,"
                               "\xb3\x6f\xac\x4f\xa4\x40\xad\xd3\xab\xdc\xad\xab\xad\x6e\xaa\xba"
                               "\xab\xc8\xa4\xe1\n";
    Fixture f = fixture();
    assert_string_equal(read_all(&f, str_n(GBK, sizeof(GBK) - 1), ""),
                        "客户名称¦备注\n杭州关系科技有限公司¦这是一个很重要的客户");
    assert_string_equal(read_all(&f, str_n(BIG5, sizeof(BIG5) - 1), "Big5"),
                        "客戶¦註\n台北科技公司¦這是一個很重要的客戶");
    static const char LE[] = "a\0,\0b\0\n\0\x2d\x4e,\0c\0";
    static const char BE[] = "\xfe\xff\0a\0,\0b\0\n\x4e\x2d\0,\0c";
    assert_string_equal(read_all(&f, str_n(LE, sizeof(LE) - 1), ""), "a¦b\n中¦c");
    assert_string_equal(read_all(&f, str_n(BE, sizeof(BE) - 1), ""), "a¦b\n中¦c");
    CsvReader *r = NULL;
    ASSERT_ST(ST_INVALID, csv_open_text(&f.cx, STR("a"), STR("klingon"), &r));
    arena_free(f.arena);
}

TEST(csv, converts_long_files_whole)
{
    Fixture f = fixture();
    Buf text = buf_in(f.arena, 4 << 20);
    buf_lit(&text, "\xc3\xfb\n"); /* 名 */
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "\xc3\xfb%d\n", i);
    CsvReader *r = NULL;
    ASSERT_OK(csv_open_text(&f.cx, buf_str(&text), STR("GB18030"), &r));
    bool found = true;
    for (int i = -1; found; i++) {
        CsvRow row;
        ASSERT_OK(csv_next(&f.cx, r, f.arena, &row, &found));
        if (!found)
            assert_int_equal(i, 100000);
        else if (i >= 0)
            assert_true(str_eq(row.cells[0], str_format(f.arena, "名%d", i)));
    }
    arena_free(f.arena);
}

TEST(csv, keeps_its_limits)
{
    Fixture f = fixture();
    CsvReader *r = NULL;
    CsvRow row;
    bool found;
    Buf text = buf_in(f.arena, 8 << 20);
    buf_lit(&text, "a,b\n\"");
    for (int i = 0; i < (2 << 20); i++)
        buf_char(&text, i % 50 ? 'x' : '\n');
    ASSERT_OK(csv_open_text(&f.cx, buf_str(&text), STR_NULL, &r));
    ASSERT_OK(csv_next(&f.cx, r, f.arena, &row, &found));
    ASSERT_ST(ST_INVALID, csv_next(&f.cx, r, f.arena, &row, &found));
    assert_string_equal(f.cx.err.key, "import.row_too_long");
    error_clear(&f.cx);
    buf_truncate(&text, 0);
    for (int i = 0; i < CSV_MAX_COLUMNS; i++)
        buf_char(&text, ',');
    ASSERT_OK(csv_open_text(&f.cx, buf_str(&text), STR_NULL, &r));
    buf_truncate(&text, 0);
    buf_char(&text, 'a');
    for (int i = 0; i < CSV_MAX_COLUMNS; i++)
        buf_lit(&text, ",a");
    ASSERT_OK(csv_open_text(&f.cx, buf_str(&text), STR_NULL, &r));
    ASSERT_ST(ST_INVALID, csv_next(&f.cx, r, f.arena, &row, &found));
    assert_string_equal(f.cx.err.key, "import.too_many_columns");
    error_clear(&f.cx);
    const CsvHow how = {.separator = 0};
    ASSERT_ST(ST_NOT_FOUND, csv_open(&f.cx, "/", &how, &r));
    arena_free(f.arena);
}

TEST(csv, can_begin_again)
{
    Fixture f = fixture();
    CsvReader *r = NULL;
    CsvRow row;
    bool found;
    ASSERT_OK(csv_open_text(&f.cx, STR("a\nb\n"), STR_NULL, &r));
    for (int round = 0; round < 2; round++) {
        ASSERT_OK(csv_next(&f.cx, r, f.arena, &row, &found));
        assert_true(found && row.number == 0 && str_is(row.cells[0], "a"));
        ASSERT_OK(csv_next(&f.cx, r, f.arena, &row, &found));
        assert_true(found && row.number == 1 && str_is(row.cells[0], "b"));
        ASSERT_OK(csv_next(&f.cx, r, f.arena, &row, &found));
        assert_false(found);
        csv_rewind(r);
    }
    arena_free(f.arena);
}

TEST_MAIN("csv")
