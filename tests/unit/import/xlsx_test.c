/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks: written by libxlsxwriter here, by LibreOffice and exceljs as fixtures (tests/fixtures/xlsx),
 * and by hand as archives that lie.
 * Covers: xlsx.c xlsx_sheet.c xlsx_strings.c xlsx_styles.c xml.c zip.c */
#include "import/csv.h"
#include "import/xlsx.h"
#include "import/xlsx_internal.h"
#include "test.h"
#include <unistd.h>
#include <xlsxwriter.h>
#include <zlib.h>

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
    const char *path;
    char *dir;
} Fixture;

static Fixture fixture(void)
{
    Arena *a = arena_new(0);
    Fixture f = {a, {.arena = a, .lang = LANG_EN}, NULL, test_tempdir()};
    f.path = str_z(a, str_format(a, "%s/book.xlsx", f.dir));
    return f;
}

static void fixture_end(Fixture *f)
{
    arena_free(f->arena);
    test_tempdir_remove(f->dir);
}

static const char *rows_of(Fixture *f, const char *path, const CsvHow *how)
{
    CsvReader *r = NULL;
    Buf out = buf_in(f->arena, 8 << 20);
    ASSERT_OK(csv_open(&f->cx, path, how, &r));
    for (bool found = true;;) {
        CsvRow row;
        ASSERT_OK(csv_next(&f->cx, r, f->arena, &row, &found));
        if (!found)
            return buf_z(&out);
        for (size_t i = 0; i < row.n; i++) {
            if (i)
                buf_lit(&out, "¦");
            buf_str_add(&out, row.cells[i]);
        }
        buf_char(&out, '\n');
    }
}

static const CsvHow AS_IT_LOOKS = {.separator = 0};

/* ---- by libxlsxwriter */
static lxw_format *format(lxw_workbook *book, const char *code)
{
    lxw_format *f = workbook_add_format(book);
    format_set_num_format(f, code);
    return f;
}

static void write_kinds(lxw_workbook *book)
{
    lxw_worksheet *s = workbook_add_worksheet(book, "客户");
    lxw_format *bold = workbook_add_format(book);
    format_set_bold(bold);
    lxw_rich_string_tuple one = {.format = bold, .string = "rich "}, two = {.string = "run"};
    lxw_rich_string_tuple *runs[] = {&one, &two, NULL};
    worksheet_write_string(s, 0, 0, "名称", NULL);
    worksheet_write_string(s, 0, 1, "a,\"b\"\nc", NULL);
    worksheet_write_string(s, 0, 4, "名称", NULL); /* shared with A1; C1 and D1 stay empty */
    worksheet_write_rich_string(s, 1, 0, runs, NULL);
    worksheet_write_number(s, 1, 1, 0.1 + 0.2, NULL);
    worksheet_write_number(s, 1, 2, 13812345678.0, NULL);
    worksheet_write_number(s, 1, 3, 1.5e20, NULL);
    worksheet_write_boolean(s, 1, 4, 1, NULL);
    worksheet_write_number(s, 3, 0, 46082, format(book, "yyyy-mm-dd")); /* row 3 is empty */
    worksheet_write_number(s, 3, 1, 46082.4375, format(book, "yyyy\"年\"m\"月\"d\"日\" hh:mm"));
    worksheet_write_number(s, 3, 2, 0.4375, format(book, "[h]:mm:ss"));
    worksheet_write_number(s, 3, 3, 0.155, format(book, "0.0%"));
    worksheet_write_number(s, 3, 4, 46082, format(book, "0.00"));
    worksheet_write_formula_num(s, 4, 0, "=1+1", NULL, 2);
    worksheet_write_formula_str(s, 4, 1, "=A1", NULL, "text of a formula");
    worksheet_write_number(s, 4, 2, 1, format(book, "mm-dd-yy"));
    worksheet_write_number(s, 4, 3, 60.5, format(book, "[$-804]yyyy/m/d;@"));
}

TEST(xlsx, reads_what_libxlsxwriter_writes)
{
    Fixture f = fixture();
    lxw_workbook *book = workbook_new(f.path);
    write_kinds(book);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    assert_string_equal(rows_of(&f, f.path, &AS_IT_LOOKS),
                        "名称¦a,\"b\"\nc¦¦¦名称\n"
                        "rich run¦0.3¦13812345678¦150000000000000000000¦true\n"
                        "2026-03-01¦2026-03-01 10:30:00¦10:30:00¦15.5%¦46082\n"
                        "2¦text of a formula¦1900-01-01¦1900-02-28\n");
    fixture_end(&f);
}

TEST(xlsx, constant_memory_writes_inline_strings)
{
    Fixture f = fixture();
    lxw_workbook_options how = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(f.path, &how);
    lxw_worksheet *s = workbook_add_worksheet(book, NULL);
    worksheet_write_string(s, 0, 0, "姓名", NULL);
    worksheet_write_string(s, 1, 0, "  李 明 ", NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    assert_string_equal(rows_of(&f, f.path, &AS_IT_LOOKS), "姓名\n  李 明 \n");
    fixture_end(&f);
}

TEST(xlsx, takes_the_sheet_that_is_asked_for)
{
    Fixture f = fixture();
    lxw_workbook *book = workbook_new(f.path);
    lxw_worksheet *hidden = workbook_add_worksheet(book, "lists"),
                  *seen = workbook_add_worksheet(book, "Data & more");
    worksheet_write_string(hidden, 0, 0, "hidden", NULL);
    worksheet_write_string(seen, 0, 0, "seen", NULL);
    worksheet_activate(seen);
    worksheet_hide(hidden);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    assert_string_equal(rows_of(&f, f.path, &AS_IT_LOOKS), "seen\n");
    const CsvHow lists = {.sheet = STR("lists")}, none = {.sheet = STR("none")};
    assert_string_equal(rows_of(&f, f.path, &lists), "hidden\n");
    CsvReader *r = NULL;
    ASSERT_ST(ST_INVALID, csv_open(&f.cx, f.path, &none, &r));
    assert_string_equal(f.cx.err.fields.v[0].field.p, "sheet");
    fixture_end(&f);
}

TEST(xlsx, stops_at_the_head)
{
    Fixture f = fixture();
    lxw_workbook *book = workbook_new(f.path);
    lxw_worksheet *s = workbook_add_worksheet(book, NULL);
    for (lxw_row_t i = 0; i < 1000; i++)
        worksheet_write_number(s, i, 0, i, NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    const CsvHow head = {.head = 3};
    assert_string_equal(rows_of(&f, f.path, &head), "0\n1\n2\n");
    fixture_end(&f);
}

/* ---- formats and numbers */
TEST(xlsx, knows_formats_of_days_times_and_percents)
{
    static const struct {
        const char *code;
        NumberKind want;
    } CODES[] = {
        {"General", NUMBER_PLAIN},
        {"0.00", NUMBER_PLAIN},
        {"#,##0;[Red]-#,##0", NUMBER_PLAIN},
        {"0.00E+00", NUMBER_PLAIN},
        {"\"day\" 0", NUMBER_PLAIN},
        {"[$¥-804]#,##0.00", NUMBER_PLAIN},
        {"yyyy-mm-dd", NUMBER_DATE},
        {"mmm yy", NUMBER_DATE},
        {"m/d", NUMBER_DATE},
        {"d.m.yyyy h:mm", NUMBER_DATETIME},
        {"h:mm AM/PM", NUMBER_TIME},
        {"mm:ss.0", NUMBER_TIME},
        {"[h]:mm", NUMBER_TIME},
        {"0%", NUMBER_PERCENT},
        {"0.0%;[Red]-0.0%", NUMBER_PERCENT},
        {"yyyy\"年\"m\"月\"", NUMBER_DATE},
        {"@", NUMBER_PLAIN},
        {"G/通用格式", NUMBER_PLAIN},
    };
    for (size_t i = 0; i < COUNT_OF(CODES); i++)
        if (xlsx_kind_of_format(str_of(CODES[i].code)) != CODES[i].want)
            fail_msg("%s", CODES[i].code);
    assert_int_equal(xlsx_kind_of_builtin(14), NUMBER_DATE);
    assert_int_equal(xlsx_kind_of_builtin(22), NUMBER_DATETIME);
    assert_int_equal(xlsx_kind_of_builtin(46), NUMBER_TIME);
    assert_int_equal(xlsx_kind_of_builtin(2), NUMBER_PLAIN);
}

TEST(xlsx, counts_days_from_1900_or_1904)
{
    static const struct {
        double v;
        NumberKind kind;
        bool since_1904;
        const char *want;
    } NUMBERS[] = {
        {1, NUMBER_DATE, false, "1900-01-01"},
        {59, NUMBER_DATE, false, "1900-02-28"},
        {61, NUMBER_DATE, false, "1900-03-01"},
        {46082, NUMBER_DATE, false, "2026-03-01"},
        {44620, NUMBER_DATE, true, "2026-03-01"},
        {0, NUMBER_DATE, true, "1904-01-01"},
        {46082.9999999, NUMBER_DATETIME, false, "2026-03-02"},
        {46082.5, NUMBER_DATE, false, "2026-03-01"},
        {-1, NUMBER_DATE, false, "-1"},
        {3000000, NUMBER_DATE, false, "3000000"},
        {1.25, NUMBER_TIME, false, "30:00:00"},
        {1e-7, NUMBER_PLAIN, false, "0.00000010000000000"},
        {-0.07, NUMBER_PERCENT, false, "-7%"},
        {1234567890123456.0, NUMBER_PLAIN, false, "1234567890123456"},
    };
    Fixture f = fixture();
    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++) {
        Buf b = buf_in(f.arena, 1000);
        xlsx_number(&b, NUMBERS[i].v, NUMBERS[i].kind, NUMBERS[i].since_1904);
        assert_string_equal(buf_z(&b), NUMBERS[i].want);
    }
    fixture_end(&f);
}

/* ---- by others */
static void check_fixture(const char *name)
{
    Fixture f = fixture();
    const char *path = str_z(f.arena, str_format(f.arena, "tests/fixtures/xlsx/%s.xlsx", name));
    const CsvHow second = {.sheet = STR("第二张")};
    assert_string_equal(
        rows_of(&f, path, &AS_IT_LOOKS),
        "客户名称¦成立日期¦金额¦比例¦有效¦见面时间¦备注\n"
        "杭州关系科技有限公司¦2026-03-01¦1234.5¦15.5%¦true¦2026-03-01 10:30:00¦两\n行\n"
        "Müller & Söhne <GmbH>¦1999-12-31¦-0.07¦7%¦false¦2024-02-29 23:59:59\n"
        "¦¦¦¦¦¦sparse\n");
    assert_string_equal(rows_of(&f, path, &second), "a¦b\n1¦2\n");
    fixture_end(&f);
}
TEST(xlsx, reads_what_libreoffice_writes) { check_fixture("libreoffice"); }
TEST(xlsx, reads_what_exceljs_writes) { check_fixture("exceljs"); }

/* ---- archives by hand */
typedef struct Archive {
    Buf bytes, directory;
    int n;
} Archive;

static void number(Buf *b, uint64_t v, int n)
{
    for (int i = 0; i < n; i++)
        buf_char(b, i < 8 ? (char)(v >> (8 * i)) : 0);
}

static void add(Fixture *f, Archive *z, const char *name, Str text)
{
    uLongf packed = compressBound(text.n);
    char *out = arena_alloc(f->arena, packed);
    assert_int_equal(compress2((Bytef *)out, &packed, (const Bytef *)text.p, text.n, 9), Z_OK);
    Str raw = str_n(out + 2, packed - 6); /* without the frame of zlib */
    uint64_t at = z->bytes.n, crc = crc32(0, (const Bytef *)text.p, (uInt)text.n);
    number(&z->bytes, 0x04034b50, 4);
    number(&z->bytes, 20, 2);
    number(&z->bytes, 0, 2);
    number(&z->bytes, 8, 2);
    number(&z->bytes, 0, 4);
    number(&z->bytes, crc, 4);
    number(&z->bytes, raw.n, 4);
    number(&z->bytes, text.n, 4);
    number(&z->bytes, strlen(name), 2);
    number(&z->bytes, 0, 2);
    buf_str_add(&z->bytes, str_of(name));
    buf_str_add(&z->bytes, raw);
    number(&z->directory, 0x02014b50, 4);
    number(&z->directory, 20, 2);
    number(&z->directory, 20, 2);
    number(&z->directory, 0, 2);
    number(&z->directory, 8, 2);
    number(&z->directory, 0, 4);
    number(&z->directory, crc, 4);
    number(&z->directory, raw.n, 4);
    number(&z->directory, text.n, 4);
    number(&z->directory, strlen(name), 2);
    number(&z->directory, 0, 12);
    number(&z->directory, at, 4);
    buf_str_add(&z->directory, str_of(name));
    z->n++;
}

static Str close_archive(Archive *z)
{
    uint64_t at = z->bytes.n;
    buf_str_add(&z->bytes, buf_str(&z->directory));
    number(&z->bytes, 0x06054b50, 4);
    number(&z->bytes, 0, 4);
    number(&z->bytes, (uint64_t)z->n, 2);
    number(&z->bytes, (uint64_t)z->n, 2);
    number(&z->bytes, z->directory.n, 4);
    number(&z->bytes, at, 4);
    number(&z->bytes, 0, 2);
    return buf_str(&z->bytes);
}

#define RELATIONS                                                                                  \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

/* A workbook with this sheet. */
static Str book(Fixture *f, Str sheet)
{
    Archive z = {.bytes = buf_in(f->arena, 64 << 20), .directory = buf_in(f->arena, 1 << 20)};
    add(f, &z, "_rels/.rels",
        STR(RELATIONS "<Relationship Id=\"a\" Type=\"" OFFICE "officeDocument\" "
                      "Target=\"/xl/book.xml\"/></Relationships>"));
    add(f, &z, "xl/book.xml",
        STR("<x:workbook xmlns:x=\"m\" xmlns:r=\"r\"><x:workbookPr date1904=\"1\"/><x:sheets>"
            "<x:sheet name=\"one\" sheetId=\"1\" r:id=\"s1\"/></x:sheets></x:workbook>"));
    add(f, &z, "xl/_rels/book.xml.rels",
        STR(RELATIONS "<Relationship Id=\"s1\" Type=\"" OFFICE "worksheet\" "
                      "Target=\"worksheets/a.xml\"/></Relationships>"));
    add(f, &z, "xl/worksheets/a.xml", sheet);
    return close_archive(&z);
}

static Status convert(Fixture *f, Str bytes)
{
    Xlsx *x = NULL;
    Str name;
    FILE *out = tmpfile();
    error_clear(&f->cx);
    Status st = xlsx_open(&f->cx, bytes, &x);
    if (st == ST_OK)
        st = xlsx_write_csv(&f->cx, x, STR(""), 0, fileno(out), &name);
    fclose(out);
    return st;
}

static void assert_refused(Fixture *f, Str bytes, Status want, const char *key)
{
    Status st = convert(f, bytes);
    if (st != want || !f->cx.err.key || strcmp(f->cx.err.key, key) != 0)
        fail_msg("%d %s instead of %s", st, f->cx.err.key ? f->cx.err.key : "-", key);
}

TEST(xlsx, reads_prefixed_names_and_cells_without_reference)
{
    Fixture f = fixture();
    Str bytes =
        book(&f, STR("<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row><x:c t=\"inlineStr\"><x:is>"
                     "<x:t>a_x000D_b_x005F_x</x:t><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c>"
                     "<x:c t=\"e\"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>"));
    FILE *file = fopen(f.path, "w");
    assert_int_equal(fwrite(bytes.p, bytes.n, 1, file), 1);
    fclose(file);
    assert_string_equal(rows_of(&f, f.path, &AS_IT_LOOKS), "a\rb_x¦#N/A\n");
    fixture_end(&f);
}

/* The text of a value that stands in no cell went into the memory of the row before. */
TEST(xlsx, passes_over_values_outside_cells)
{
    Fixture f = fixture();
    Str bytes =
        book(&f, STR("<worksheet><sheetData><row><c t=\"str\"><v>a</v></c></row><row><v>stray"
                     "</v><c t=\"str\"><v>b</v></c><v>more</v></row></sheetData></worksheet>"));
    FILE *file = fopen(f.path, "w");
    assert_int_equal(fwrite(bytes.p, bytes.n, 1, file), 1);
    fclose(file);
    assert_string_equal(rows_of(&f, f.path, &AS_IT_LOOKS), "a\nb\n");
    fixture_end(&f);
}

TEST(xlsx, refuses_bombs_and_lies)
{
    Fixture f = fixture();
    Buf zeros = buf_in(f.arena, 64 << 20);
    buf_lit(&zeros, "<worksheet><sheetData><row><c t=\"str\"><v>");
    while (zeros.n < (32 << 20))
        buf_lit(&zeros, "                                                                ");
    assert_refused(&f, book(&f, buf_str(&zeros)), ST_TOO_LARGE, "import.zip_bomb");
    assert_refused(
        &f, book(&f, STR("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">]><worksheet>&a;</worksheet>")),
        ST_INVALID, "import.xml_doctype");
    assert_refused(&f, book(&f, STR("<worksheet><sheetData>")), ST_INVALID, "import.xml_broken");
    assert_refused(&f,
                   book(&f, STR("<worksheet><sheetData><row><c r=\"ZZZ1\" t=\"str\"><v>x</v></c>"
                                "</row></sheetData></worksheet>")),
                   ST_INVALID, "import.too_many_columns");
    Buf deep = buf_in(f.arena, 1 << 20);
    for (int i = 0; i < 100; i++)
        buf_lit(&deep, "<a>");
    assert_refused(&f, book(&f, buf_str(&deep)), ST_INVALID, "import.xml_broken");
    Str whole = book(&f, STR("<worksheet><sheetData/></worksheet>"));
    ASSERT_OK(convert(&f, whole));
    for (size_t cut = 0; cut < whole.n; cut += 7)
        assert_true(convert(&f, str_sub(whole, 0, cut)) != ST_OK);
    fixture_end(&f);
}

TEST(xlsx, a_changed_byte_is_found_by_the_checksum)
{
    Fixture f = fixture();
    Str whole =
        book(&f, STR("<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"));
    size_t read = 0;
    for (size_t i = 0; i < whole.n;
         i++) { /* whatever is changed: no crash, and rows or a refusal */
        char *copy = arena_dup(f.arena, whole.p, whole.n);
        copy[i] ^= 0x15;
        read += convert(&f, str_n(copy, whole.n)) == ST_OK;
    }
    assert_true(read < whole.n / 2);
    fixture_end(&f);
}

TEST(xlsx, says_what_an_old_workbook_is)
{
    Fixture f = fixture();
    CsvReader *r = NULL;
    FILE *file = fopen(f.path, "w");
    fwrite("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", 17, 1, file);
    fclose(file);
    ASSERT_ST(ST_INVALID, csv_open(&f.cx, f.path, &AS_IT_LOOKS, &r));
    assert_string_equal(f.cx.err.key, "import.old_workbook");
    fixture_end(&f);
}

TEST_MAIN("xlsx")
