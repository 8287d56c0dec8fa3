/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a file before its import: columns guessed by name and content, first rows, ready
 * mappings; and files that are no CSV imported to the end.
 * Covers: import_guess.c import_preview.c import_source.c report_sample.c report_workbook.c */
#include "base/embed.h"
#include "import_fixture.h"
#include <xlsxwriter.h>

static json_t *preview(ImportTest *t, const char *object, Str path, const char *options)
{
    Buf out = buf_in(t->arena, 1 << 20);
    json_t *how = NULL, *j = NULL;
    ASSERT_OK(json_parse(&t->cx, str_of(options ? options : "{}"), &how));
    ASSERT_OK(import_preview(&t->cx, import_fixture_object(t, object), path, how, &out));
    ASSERT_OK(json_parse(&t->cx, buf_str(&out), &j));
    return j;
}

static void assert_fields(ImportTest *t, const char *object, const char *csv, const char *want)
{
    json_t *j = preview(t, object, import_fixture_file(t, "p.csv", str_of(csv)), NULL);
    Buf got = buf_in(t->arena, 10000);
    size_t i;
    json_t *column;
    json_array_foreach(json_object_get(j, "columns"), i, column)
    {
        Str field = json_get_str(column, "field");
        buf_printf(&got, "%s" STR_FMT, i ? "," : "", STR_ARG(field.n ? field : STR("-")));
    }
    assert_string_equal(buf_z(&got), want);
}

static void check_guesses(ImportTest *t)
{
    assert_fields(t, "account",
                  "客户名称,联系电话,统一社会信用代码,省份,城市,详细地址,所属行业,负责人,备注\n1,2,"
                  "3,4,5,6,7,8,9\n",
                  "name,phone,registration_number,address.province,address.city,address.street,"
                  "industry,owner,description");
    assert_fields(t, "account",
                  "Company Name,Tel.,E-mail,Web site,Zip/Postal code,Noise\na,b,c,d,e,f\n",
                  "name,phone,email,website,-,-");
    assert_fields(t, "contact", "姓名,所属公司,手机号码,职务,微信号\n1,2,3,4,5\n",
                  "name,account,mobile,title,wechat_id");
    assert_fields(t, "account", "Account,Employees,Annual revenue\nA,1,2\n",
                  "name,employee_count,annual_revenue");
    /* by content; half a column of e-mails is not one */
    assert_fields(t, "contact",
                  "x1,x2,x3,x4\n13812345678,a@b.cn,010-12345678,a@b.cn\n13912345678,c@d.com,,no\n",
                  "mobile,email,phone,-");
    assert_fields(t, "account", "k\n91330106MA2CFKQ12X\n", "registration_number");
    /* a field goes to one column; the surer one has it, wherever it stands */
    assert_fields(t, "account", "公司,name,客户名称\n1,2,3\n", "-,name,-");
    assert_fields(t, "account", "address.city,address.nowhere,创建时间\n1,2,3\n",
                  "address.city,-,created_at");
}
TEST(import_preview, guesses_columns_by_name_and_content) { import_fixture_run(check_guesses); }

static void check_shape(ImportTest *t)
{
    Str path = import_fixture_file(
        t, "t.csv", STR("客户资料表;;\n导出日期;2026;\n名称;电话;电话\n甲;1;2\n乙;3;4\n"));
    json_t *j = preview(t, "account", path, "{\"header_row\":3}");
    const json_t *columns = json_object_get(j, "columns");
    assert_true(str_is(json_get_str(j, "separator"), ";"));
    assert_true(str_is(json_get_str(json_array_get(columns, 0), "field"), "name"));
    assert_true(str_is(json_get_str(json_array_get(columns, 2), "name"), "电话 (2)"));
    assert_int_equal(json_array_size(json_object_get(j, "rows")), 2);
    j = preview(t, "account", path, "{\"header_row\":0,\"separator\":\",\"}");
    assert_true(
        str_is(json_get_str(json_array_get(json_object_get(j, "columns"), 0), "name"), "A"));
    assert_int_equal(json_array_size(json_object_get(j, "rows")), 5);
    Buf out = buf_in(t->arena, 1000);
    json_t *bad = NULL;
    ASSERT_OK(json_parse(&t->cx, STR("{\"header_row\":-1}"), &bad));
    ASSERT_ST(ST_INVALID,
              import_preview(&t->cx, import_fixture_object(t, "account"), path, bad, &out));
    error_clear(&t->cx);
    json_t *job = import_fixture_import(t, "account", path,
                                        "{\"header_row\":3,\"mapping\":{\"名称\":\"name\",\"电话\":"
                                        "\"employee_count\"}}");
    assert_int_equal(import_fixture_result(job, "created"), 2);
    assert_int_equal(import_fixture_count(t, "account", "name = \"乙\" and employee_count = 3"), 1);
    path = import_fixture_file(t, "n.csv", STR("丙,7\n丁,x,8\n"));
    job = import_fixture_import(
        t, "account", path,
        "{\"header_row\":0,\"mapping\":{\"A\":\"name\",\"B\":\"employee_count\"}}");
    assert_int_equal(import_fixture_result(job, "created"), 1);
    assert_int_equal(json_get_int(import_fixture_error(job, 0), "row", 0), 2);
    assert_true(str_is(json_get_str(import_fixture_error(job, 0), "column"), "B"));
}
TEST(import_preview, finds_the_row_of_names) { import_fixture_run(check_shape); }

/* ---- ready mappings */
static bool takes_value(ImportTest *t, const Object *o, Str path, Str value)
{
    const Field *f = object_field(o, path);
    Value v;
    json_t *j = json_stringn(value.p, value.n);
    json_own(t->arena, j);
    bool ok = f && f->choices && f->type->parse(&t->cx, f, j, &v) == ST_OK &&
              f->type->validate(&t->cx, f, &v) == ST_OK;
    error_clear(&t->cx);
    return ok;
}

static void check_part(ImportTest *t, const char *file, const char *object, const json_t *part)
{
    const Object *o = import_fixture_object(t, object);
    const char *name, *word;
    json_t *to, *values;
    json_object_foreach(json_object_get(part, "columns"), name, to)
    {
        Str path = json_str(to), head = str_sub(path, 0, str_find_char(path, '.'));
        const Field *f = object_field(o, head);
        Str rest = head.n < path.n ? str_sub(path, head.n + 1, path.n) : STR("");
        if (!f || (rest.n && !field_named_part(f, rest) && !(f->to && object_field(f->to, rest))))
            fail_msg("%s %s: %s", file, object, name);
    }
    json_object_foreach(json_object_get(part, "values"), name, values)
        json_object_foreach(values, word, to) if (!takes_value(t, o, str_of(name), json_str(to)))
            fail_msg("%s %s.%s: %s", file, object, name, word);
    json_object_foreach(json_object_get(json_object_get(part, "options"), "set"), name, to)
        assert_non_null(object_field(o, str_of(name)));
}

static void check_ready(ImportTest *t)
{
    int systems = 0;
    for (size_t i = 0; i < embed_meta_count; i++) {
        json_t *file = NULL, *part;
        const char *object;
        if (!str_starts(str_of(embed_meta[i].path), STR("seed/import/")))
            continue;
        ASSERT_OK(
            json_parse(&t->cx, str_n((const char *)embed_meta[i].data, embed_meta[i].size), &file));
        if (!json_get_str(file, "system").n)
            continue;
        systems++;
        assert_true(json_get_str(file, "source").n > 40);
        json_object_foreach(json_object_get(file, "objects"), object, part)
            check_part(t, embed_meta[i].path, object, part);
    }
    assert_int_equal(systems, 7);
}
TEST(import_preview, ready_mappings_name_fields_and_values_that_exist)
{
    import_fixture_run(check_ready);
}

static const char WUKONG[] =
    "客户名称,客户级别,客户行业,客户来源,电话,成交状态,负责人,创建时间\n"
    "甲公司,A（重点客户）,IT/通信/电子/互联网,展会资源,0571-88886666,未成交,,2020-05-06 07:08:09\n"
    "乙公司,C（非优先客户）,金融业,陌拜,,已成交,,2021/1/2\n";

static void check_wukong(ImportTest *t)
{
    Str path = import_fixture_file(t, "w.csv", STR_SQL(WUKONG));
    json_t *j = preview(t, "account", path, NULL), *ready, *found = NULL;
    size_t i;
    json_array_foreach(json_object_get(j, "ready"), i,
                       ready) if (str_is(json_get_str(ready, "name"), "wukong")) found = ready;
    assert_non_null(found);
    assert_int_equal(json_get_int(found, "columns", 0), 7);
    Buf options = buf_in(t->arena, 1 << 16);
    json_write(&options, json_object_get(found, "options"));
    json_t *job = import_fixture_import(t, "account", path, buf_z(&options));
    assert_int_equal(import_fixture_result(job, "created"), 2);
    assert_int_equal(
        import_fixture_count(t, "account",
                             "industry = \"it\" and source = \"exhibition\" and level = \"key\" "
                             "and external_system = \"wukong\" and "
                             "created_at < \"2020-06-01T00:00:00Z\""),
        1);
}
TEST(import_preview, a_ready_mapping_brings_an_export_in) { import_fixture_run(check_wukong); }

/* ---- files that are no CSV */
static void check_workbook(ImportTest *t)
{
    Str path = import_fixture_file(t, "book.xlsx", STR(""));
    lxw_workbook *book = workbook_new(str_z(t->arena, path));
    lxw_worksheet *other = workbook_add_worksheet(book, "说明"),
                  *s = workbook_add_worksheet(book, "数据");
    lxw_format *day = workbook_add_format(book);
    format_set_num_format(day, "yyyy/m/d h:mm");
    worksheet_write_string(other, 0, 0, "请勿修改", NULL);
    const char *const HEADS[] = {"客户名称", "员工人数", "年收入", "创建时间", NULL};
    for (uint16_t i = 0; HEADS[i]; i++)
        worksheet_write_string(s, 0, i, HEADS[i], NULL);
    worksheet_write_string(s, 1, 0, "来自工作簿", NULL);
    worksheet_write_number(s, 1, 1, 1200, NULL);
    worksheet_write_string(s, 1, 2, "¥1.5万", NULL);
    worksheet_write_number(s, 1, 3, 43957.5, day);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    json_t *j = preview(t, "account", path, NULL);
    assert_int_equal(json_array_size(json_object_get(j, "sheets")), 2);
    assert_true(str_is(json_get_str(j, "format"), "xlsx"));
    json_t *job = import_fixture_import(t, "account", path, "{\"sheet\":\"数据\"}");
    assert_int_equal(import_fixture_result(job, "created"), 1);
    assert_int_equal(
        import_fixture_count(t, "account",
                             "employee_count = 1200 and annual_revenue = \"15000\" and "
                             "created_at = \"2020-05-06T04:00:00Z\""),
        1);
}
TEST(import_preview, a_sheet_of_a_workbook_comes_in) { import_fixture_run(check_workbook); }

static void check_lines(ImportTest *t)
{
    Str path = import_fixture_file(
        t, "a.jsonl",
        STR("{\"name\":\"行一\",\"industry\":\"it\",\"address\":{\"city\":\"杭州\"}}\n"
            "{\"name\":\"行二\",\"annual_revenue\":{\"value\":\"7.50\",\"currency\":\"CNY\"},"
            "\"parent\":{\"id\":\"1\",\"title\":\"行一\"}}\n"));
    json_t *job = import_fixture_import(t, "account", path, NULL);
    assert_int_equal(import_fixture_result(job, "created"), 2);
    assert_int_equal(
        import_fixture_count(t, "account", "parent.name = \"行一\" and annual_revenue = \"7.5\""),
        1);
    path = import_fixture_file(t, "b.jsonl", STR("{\"name\":\"x\"}\nnot json\n"));
    ASSERT_ST(ST_INVALID, import_fixture_check(t, "account", path, "{}"));
    error_clear(&t->cx);
}
TEST(import_preview, json_lines_come_in) { import_fixture_run(check_lines); }

/* ---- what a run shows beside its counts */
static void check_samples(ImportTest *t)
{
    Buf text = buf_in(t->arena, 100000);
    buf_lit(&text, "name,employee_count\n");
    for (int i = 0; i < 40; i++)
        buf_printf(&text, "样本 %d,%s\n", i, i == 5 ? "x" : "1");
    json_t *job = import_fixture_text(t, "account", buf_z(&text), "{\"dry_run\":true}");
    const json_t *result = json_object_get(job, "result"),
                 *list = json_object_get(result, "samples");
    assert_int_equal(json_array_size(list), 30);
    assert_int_equal(json_get_int(json_array_get(list, 5), "row", 0), 7); /* row 6 has failed */
    assert_true(json_get_str(result, "error_workbook").n > 0);
    assert_int_equal(import_fixture_count(t, "account", "name starts \"样本\""), 0);
    buf_truncate(&text, 0);
    buf_lit(&text, "name,employee_count\n");
    for (int i = 0; i < 40000; i++)
        buf_char(&text, 'x');
    buf_lit(&text, ",1\n"); /* longer than a cell of a sheet may be: as CSV only */
    job = import_fixture_text(t, "account", buf_z(&text), NULL);
    result = json_object_get(job, "result");
    assert_true(json_get_str(result, "error_file").n > 0);
    assert_true(json_is_null(json_object_get(result, "error_workbook")));
    assert_false(json_object_get(result, "samples"));
}
TEST(import_preview, a_dry_run_shows_rows_and_failed_ones_come_as_a_workbook)
{
    import_fixture_run(check_samples);
}

TEST_MAIN("import_preview")
