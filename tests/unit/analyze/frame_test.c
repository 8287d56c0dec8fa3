/* SPDX-License-Identifier: Apache-2.0 */
/* Covers: frame.c frame_read.c frame_scan.c frame_cell.c frame_dict.c frame_where.c frame_source.c */
#include "analyze/frame.h"
#include "test.h"
#include <math.h>
#include <zlib.h>

typedef struct Reading {
    Arena *arena;
    Ctx cx;
    Frame f;
    Status st;
} Reading;

static Reading read_where(const char *text, const char *where)
{
    Reading r = {.arena = arena_new(65536)};
    FrameWanted w = {.where = str_of(where)};
    r.cx = (Ctx){.arena = r.arena, .lang = LANG_EN, .zone = zone_get(STR("UTC"))};
    r.st = frame_read_text(&r.cx, str_of(text), &w, &r.f);
    return r;
}

static Reading read_all(const char *text) { return read_where(text, ""); }
static void done(Reading *r) { arena_free(r->arena); }
static Series *column(Reading *r, const char *name)
{
    Series *c = frame_column(&r->f, str_of(name));
    assert_non_null(c);
    return c;
}

static void refuses(const char *text, const char *where, const char *message)
{
    Reading r = read_where(text, where);
    const FieldError *f = r.cx.err.fields.n ? &r.cx.err.fields.v[0] : NULL;
    char *said = str_z(r.arena, f ? f->message : r.cx.err.text);
    assert_int_not_equal(r.st, ST_OK);
    if (!strstr(said, message))
        fail_msg("\"%s\" does not say \"%s\"", said, message);
    done(&r);
}

TEST(frame, recognises_types_separator_and_missing_cells)
{
    Reading r = read_all("n;d;t;e\r\n1.5;2020-02-29;b;\r\n;2020-03-01 12:00; a ;\r\n-2e3;;b;\r\n");
    ASSERT_OK(r.st);
    assert_int_equal(r.f.separator, ';');
    assert_int_equal(r.f.n, 3);
    assert_int_equal(column(&r, "n")->kind, COLUMN_NUMBER);
    assert_true(column(&r, "n")->num[0] == 1.5 && column(&r, "n")->num[2] == -2000);
    assert_true(isnan(column(&r, "n")->num[1]) && column(&r, "n")->n_missing == 1);
    assert_int_equal(column(&r, "d")->kind, COLUMN_DATE);
    assert_true(column(&r, "d")->num[1] == 18322.5);
    Series *t = column(&r, "t");
    assert_int_equal(t->kind, COLUMN_TEXT);
    assert_int_equal(t->n_values, 2);
    assert_true(frame_code(t, 0) == 1 && frame_code(t, 1) == 0 && str_is(t->values[0], "a"));
    assert_int_equal(column(&r, "e")->n_missing, 3);
    done(&r);
}

TEST(frame, reads_quotes_line_ends_and_blank_lines)
{
    Reading r = read_all("a,b\n\"x \"\"y\"\",\n z\",1\r\r\n  \n\"2\"\"\",3");
    ASSERT_OK(r.st);
    assert_int_equal(r.f.n, 2);
    Series *a = column(&r, "a");
    assert_true(str_is(a->values[frame_code(a, 0)], "x \"y\",\n z"));
    assert_true(str_is(a->values[frame_code(a, 1)], "2\""));
    assert_true(column(&r, "b")->num[1] == 3);
    assert_int_equal(frame_line(&r.f, 0), 2);
    assert_int_equal(frame_line(&r.f, 1), 6);
    done(&r);
}

TEST(frame, numbers_are_those_of_strtod)
{
    static const char *const CELLS[] = {"0.1",
                                        "123456789012345",
                                        "1e22",
                                        "1.7976931348623157e308",
                                        "3e-5",
                                        "2.2250738585072014e-308",
                                        "9007199254740993.5",
                                        ".5",
                                        "-0.000123456789012345678",
                                        "+7",
                                        "5."};
    for (size_t i = 0; i < COUNT_OF(CELLS); i++) {
        char text[100];
        snprintf(text, sizeof(text), "x\n%s\n", CELLS[i]);
        Reading r = read_all(text);
        ASSERT_OK(r.st);
        assert_int_equal(column(&r, "x")->kind, COLUMN_NUMBER);
        assert_true(column(&r, "x")->num[0] == strtod(CELLS[i], NULL));
        done(&r);
    }
}

TEST(frame, thousands_may_be_grouped)
{
    Reading r = read_all(
        "a,b,c\n\"1,234.5\",\"12,34\",\"1,234\"\n\"-12,345,678\",\"1,234\",\"0,123\"\n7,5,1\n");
    ASSERT_OK(r.st);
    Series *a = column(&r, "a");
    assert_true(a->kind == COLUMN_NUMBER && a->has_groups && a->scale == 1);
    assert_true(a->num[0] == 1234.5 && a->num[1] == -12345678 && a->num[2] == 7);
    assert_int_equal(column(&r, "b")->kind, COLUMN_TEXT);
    assert_int_equal(column(&r, "c")->kind, COLUMN_TEXT); /* a decimal comma, it seems */
    done(&r);
}

TEST(frame, identifiers_stay_text)
{
    Reading r = read_all("id,zip\n1234567890123456,01234\n1234567890123457,99999\n");
    ASSERT_OK(r.st);
    assert_int_equal(column(&r, "id")->kind, COLUMN_TEXT);
    assert_int_equal(column(&r, "id")->n_values, 2);
    assert_int_equal(column(&r, "zip")->kind, COLUMN_TEXT);
    done(&r);
}

TEST(frame, learns_the_order_of_day_and_month)
{
    Reading r = read_all("d\n1/2/2011 8:26\n31/12/2011\n");
    ASSERT_OK(r.st);
    assert_int_equal(column(&r, "d")->kind, COLUMN_DATE);
    assert_true(floor(column(&r, "d")->num[0]) == 15006); /* 2011-02-01 */
    done(&r);
    r = read_all("d\n1/2/2011\n12/31/2011\n");
    assert_true(column(&r, "d")->num[0] == 14976); /* 2011-01-02 */
    done(&r);
    r = read_all("d\n31/1/2011\n12/31/2011\n");
    assert_int_equal(column(&r, "d")->kind, COLUMN_TEXT);
    done(&r);
}

TEST(frame, where_compares_exactly_and_knows_row_and_any_name)
{
    static const char TEXT[] = "Total Charges,客户,x\n0.3,甲,1\n0.30,乙,2\n0.31,丙,3\n,丁,4\n";
    static const struct {
        const char *where;
        size_t n;
    } CASES[] = {{"`Total Charges` = 0.3", 2},
                 {"客户 = \"丙\"", 1},
                 {"row % 2 = 0", 2},
                 {"`Total Charges` is null", 1},
                 {"not (`Total Charges` > 0.30)", 2},
                 {"x in (1, 4) or 客户 starts \"乙\"", 3},
                 {"round(`Total Charges`, 1) = 0.3 and x >= 2", 2}};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        Reading r = read_where(TEXT, CASES[i].where);
        ASSERT_OK(r.st);
        if (r.f.n != CASES[i].n)
            fail_msg("%s keeps %zu rows", CASES[i].where, r.f.n);
        done(&r);
    }
    refuses(TEXT, "y = 1", "there is no column \"y\"");
    refuses(TEXT, "x = ", "");
    refuses(TEXT, "x + 1", "");
}

TEST(frame, names_line_and_column_of_what_is_wrong)
{
    refuses("a,b\n1,2\n\n3\n", "", "line 4 has 1 cells, the header has 2");
    refuses("a,b\n1,2,3\n", "", "line 2 has 3 cells");
    refuses("a\n1\nNaN\n2\n", "", "column \"a\", line 3: \"NaN\" is not a finite number");
    refuses("a\n1\n-Inf\n", "", "line 3");
    refuses("a\n1\n1e999\n", "", "line 3");
    refuses("a\n\"x\n", "", "line 2 is not closed");
    refuses("a,a\n1,2\n", "", "both called \"a\"");
    refuses("", "", "empty");
}

TEST(frame, groups_are_in_order_and_only_what_occurs)
{
    Reading r = read_where("g,t\n10,b\n9,a\n2.5,c\n10,b\n", "t != \"c\"");
    Groups g;
    ASSERT_OK(frame_groups(&r.cx, &r.f, column(&r, "g"), &g));
    assert_true(g.n == 2 && str_is(g.labels[0], "9") && g.of[0] == 1);
    ASSERT_OK(frame_groups(&r.cx, &r.f, column(&r, "t"), &g));
    assert_true(g.n == 2 && str_is(g.labels[1], "b") && g.of[1] == 0);
    done(&r);
}

TEST(frame, dates_are_also_whole_numbers)
{
    Reading r = read_all("d,e\n20170228,20170230\n");
    ASSERT_OK(frame_need_dates(&r.cx, &r.f, column(&r, "d")));
    assert_true(column(&r, "d")->num[0] == 17225);
    assert_int_equal(frame_need_dates(&r.cx, &r.f, column(&r, "e")), ST_INVALID);
    done(&r);
}

TEST(frame, reads_compressed_files_and_gb18030)
{
    char *dir = test_tempdir(), path[600];
    snprintf(path, sizeof(path), "%s/a.csv.gz", dir);
    gzFile gz = gzopen(path, "wb");
    gzputs(gz, "\xbf\xcd\xbb\xa7,x\n\xbc\xd7,1\n"); /* 客户, 甲 */
    gzclose(gz);
    Reading r = {.arena = arena_new(4096)};
    FrameWanted w = {.encoding = STR("GB18030")};
    r.cx = (Ctx){.arena = r.arena, .lang = LANG_EN};
    ASSERT_OK(frame_read(&r.cx, path, &w, &r.f));
    assert_true(str_is(column(&r, "客户")->values[0], "甲"));
    done(&r);
    r = (Reading){.arena = arena_new(4096)};
    r.cx = (Ctx){.arena = r.arena, .lang = LANG_EN};
    FILE *f = fopen(path, "r+");
    assert_int_equal(ftruncate(fileno(f), 20), 0);
    fclose(f);
    assert_int_not_equal(frame_read(&r.cx, path, &w, &r.f), ST_OK);
    done(&r);
    test_tempdir_remove(dir);
}

/* Columns of codes widen as values come, and what was read is the same; gaps stay gaps. The file is larger than what
 * the reader keeps in memory of it. */
TEST(frame, codes_are_as_narrow_as_their_number_allows)
{
    static const int KINDS[] = {200, 255, 256, 65535, 70000};
    enum { ROWS = 400000 };
    char *dir = test_tempdir(), path[600], cell[32];
    snprintf(path, sizeof(path), "%s/a.csv", dir);
    FILE *f = fopen(path, "w");
    fputs("客户,a,b,c,d,e\n", f);
    for (int i = 0; i < ROWS; i++) {
        fprintf(f, "一家名字很长的有限公司第 %d 号", i % 3);
        for (size_t j = 0; j < COUNT_OF(KINDS); j++)
            i % 997 == 5 ? fprintf(f, ",") : fprintf(f, ",v%06d", i * 11 % KINDS[j]);
        fputc('\n', f);
    }
    fclose(f);
    Reading r = {.arena = arena_new(4096)};
    r.cx = (Ctx){.arena = r.arena, .lang = LANG_EN};
    ASSERT_OK(frame_read(&r.cx, path, &(FrameWanted){0}, &r.f));
    assert_true(r.f.text.n > (size_t)24 << 20 && r.f.n == ROWS);
    for (size_t j = 0; j < COUNT_OF(KINDS); j++) {
        Series *c = &r.f.columns[j + 1];
        assert_int_equal(c->n_values, KINDS[j]);
        assert_int_equal(c->code_bytes, KINDS[j] <= 255 ? 1 : KINDS[j] <= 65535 ? 2 : 4);
        for (int i = 0; i < ROWS; i++) {
            snprintf(cell, sizeof(cell), "v%06d", i * 11 % KINDS[j]);
            int32_t code = frame_code(c, (size_t)i);
            if (i % 997 == 5 ? code != -1 : code < 0 || !str_is(c->values[code], cell))
                fail_msg("column %zu, row %d: %d", j, i, code);
        }
    }
    assert_true(str_is(column(&r, "客户")->values[1], "一家名字很长的有限公司第 1 号"));
    done(&r);
    test_tempdir_remove(dir);
}

TEST_MAIN("frame")
