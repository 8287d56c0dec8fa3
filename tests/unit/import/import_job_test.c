/* SPDX-License-Identifier: Apache-2.0 */
/* Imports end to end on both engines: mapping, links, duplicates, errors, undo, encodings.
 * Covers: import.c import_rows.c import_options.c links.c keys.c row.c missing.c
 * report.c batch_undo.c */
#include "import_fixture.h"

static void assert_counts(const json_t *job, int read, int created, int updated, int skipped,
                          int failed, int warnings)
{
    const int64_t got[] = {
        import_fixture_result(job, "read"),    import_fixture_result(job, "created"),
        import_fixture_result(job, "updated"), import_fixture_result(job, "skipped"),
        import_fixture_result(job, "failed"),  import_fixture_result(job, "warnings")};
    const int64_t want[] = {read, created, updated, skipped, failed, warnings};
    for (size_t i = 0; i < COUNT_OF(got); i++)
        if (got[i] != want[i])
            fail_msg("%s", json_dumps(job, JSON_INDENT(1)));
}

static void assert_error(const json_t *job, size_t i, int row, const char *column, const char *code,
                         const char *suggestion)
{
    const json_t *e = import_fixture_error(job, i);
    bool same = json_get_int(e, "row", -1) == row && str_is(json_get_str(e, "column"), column) &&
                str_is(json_get_str(e, "code"), code) && json_get_str(e, "message").n &&
                str_is(json_get_str(e, "suggestion"), suggestion ? suggestion : "");
    if (!same)
        fail_msg("%s", json_dumps(e, 0));
}

static void check_plain(ImportTest *t)
{
    json_t *job = import_fixture_text(t, "account",
                                      "name,Industry,founded_year,employee_count\n"
                                      "杭州关系科技,it,1999,\"1,200\"\n"
                                      "\"Two \"\"quoted\"\", Ltd\",Finance,,\n"
                                      "\n"
                                      "Bad year,it,many,5\n",
                                      NULL);
    assert_counts(job, 3, 2, 0, 0, 1, 0);
    assert_error(job, 0, 3, "founded_year", "bad_value", NULL);
    assert_int_equal(import_fixture_count(t, "account", "employee_count = 1200"), 1);
    assert_int_equal(
        import_fixture_count(t, "account",
                             "name = \"Two \\\"quoted\\\", Ltd\" and industry = \"finance\""),
        1);
    assert_true(json_is_string(json_object_get(job, "batch")));
    assert_int_equal(json_get_int(json_object_get(job, "progress"), "total", 0), 3);
}
TEST(import_job, makes_records_of_rows) { import_fixture_run(check_plain); }

static void add_pipeline(ImportTest *t)
{
    import_fixture_create(t, "pipeline",
                          "{\"code\":\"crm\",\"name\":\"CRM\",\"object\":\"opportunity\"}");
    import_fixture_create(t, "pipeline",
                          "{\"code\":\"other\",\"name\":\"Other\",\"object\":\"opportunity\"}");
    import_fixture_create(t, "stage",
                          "{\"pipeline\":\"other\",\"code\":\"won\",\"name\":\"赢单\","
                          "\"outcome\":\"won\",\"probability\":\"100\"}");
    import_fixture_create(t, "stage",
                          "{\"pipeline\":\"crm\",\"code\":\"won\",\"name\":\"赢单\","
                          "\"outcome\":\"won\",\"probability\":\"100\"}");
    import_fixture_create(t, "stage",
                          "{\"pipeline\":\"crm\",\"code\":\"engaging\",\"name\":\"接触\","
                          "\"outcome\":\"open\",\"probability\":\"30\"}");
    import_fixture_create(t, "product", "{\"name\":\"GTX Pro\",\"price\":\"4821\"}");
    import_fixture_create(t, "product", "{\"name\":\"MG Special\",\"price\":\"55\"}");
    import_fixture_create(t, "account", "{\"name\":\"Isdom\",\"kind\":\"company\"}");
}

static const char DEALS[] = "id,product,account,stage,started\n"
                            "A1,GTX Pro,Isdom,Won,2017-03-01\n"
                            "A2,GTXPro,Isdom,Engaging,2017-03-02\n"
                            "A3,mg special,,Engaging,\n"
                            "A4,MG Special,Nobody,Lost,2017/3/4\n";
#define DEAL_SET                                                                                   \
    "\"set\":{\"pipeline\":\"crm\",\"name\":{\"template\":\"{product} "                            \
    "{id}\"},\"source\":\"import\"}"

static void check_links(ImportTest *t)
{
    add_pipeline(t);
    json_t *job = import_fixture_text(
        t, "opportunity", DEALS,
        "{\"mapping\":{\"id\":\"external_id\",\"product\":\"product\",\"account\":\"account.name\","
        "\"stage\":{\"field\":\"stage\",\"values\":{\"Won\":\"won\"}},\"started\":\"started_on\"}"
        "," DEAL_SET "}");
    assert_counts(job, 4, 2, 0, 0, 2, 2);
    assert_error(job, 0, 2, "product", "no_match", "GTX Pro");
    assert_error(job, 1, 3, "account", "missing", NULL);
    assert_error(job, 2, 3, "started", "missing", NULL);
    assert_true(str_is(json_get_str(import_fixture_error(job, 1), "level"), "warning"));
    assert_error(job, 3, 4, "account", "no_match", NULL);
    assert_error(job, 4, 4, "stage", "no_match", NULL);
    assert_int_equal(import_fixture_count(t, "opportunity",
                                          "name = \"GTX Pro A1\" and stage = \"won\" and pipeline "
                                          "= \"crm\" and account.name = \"Isdom\""),
                     1);
    assert_int_equal(import_fixture_count(t, "opportunity", "product.name = \"MG Special\""), 1);
}
TEST(import_job, finds_links_and_warns_of_gaps) { import_fixture_run(check_links); }

static void check_error_file(ImportTest *t)
{
    add_pipeline(t);
    const char *options =
        "{\"mapping\":{\"id\":\"external_id\",\"product\":{\"field\":\"product\",\"values\":{"
        "\"Wrong\":\"Nothing\"}},\"stage\":\"stage\"}," DEAL_SET "}";
    json_t *job = import_fixture_text(t, "opportunity",
                                      "id,product,stage,note\n1,GTX Pro,won,\"a,b\"\n"
                                      "2,GTXPro,won,\"say \"\"hi\"\"\"\n3,Wrong,won,x\n",
                                      options);
    assert_counts(job, 3, 1, 0, 0, 2, 2);
    Str file = import_fixture_error_file(t, job);
    assert_true(str_starts(file, STR("\xef\xbb\xbfid,product,stage,note,import_row,import_error\r\n"
                                     "2,GTXPro,won,\"say \"\"hi\"\"\",2,\"")));
    assert_true(str_find(file, STR("GTX Pro")) != SIZE_MAX);
    assert_true(str_find(file, STR("\r\n3,Wrong,won,x,3,")) != SIZE_MAX);
    /* corrected and sent again with the same options */
    size_t at = str_find(file, STR("GTXPro"));
    Str fixed = str_format(t->arena, STR_FMT "GTX Pro" STR_FMT, (int)at, file.p,
                           STR_ARG(str_sub(file, at + 6, file.n)));
    job = import_fixture_import(t, "opportunity", import_fixture_file(t, "again.csv", fixed),
                                options);
    assert_counts(job, 2, 1, 0, 0, 1, 2);
    assert_int_equal(import_fixture_count(t, "opportunity", "product.name = \"GTX Pro\""), 2);
}
TEST(import_job, gives_failed_rows_back_for_correction) { import_fixture_run(check_error_file); }

static void check_missing(ImportTest *t)
{
    import_fixture_create(t, "department",
                          "{\"code\":\"hq\",\"name\":\"HQ\",\"kind\":\"company\"}");
    const char *csv = "agent,manager,office\nAnna Snelling,Dustin Brinkmann,Central\n"
                      "Cecily Lampkin,Dustin Brinkmann,Central\nDustin Brinkmann,,East\n"
                      "Zane Levy,Summer Sewald,West\n";
    json_t *job = import_fixture_text(
        t, "user", csv,
        "{\"mapping\":{\"agent\":\"name\",\"manager\":\"manager\",\"office\":\"region\"},"
        "\"create_missing\":[\"manager\",\"region\"],"
        "\"set\":{\"department\":\"hq\",\"login\":{\"template\":\"{agent|slug}\"}}}");
    assert_counts(job, 4, 4, 0, 0, 0, 0);
    assert_int_equal(import_fixture_count(t, "user", "manager.name = \"Dustin Brinkmann\""), 2);
    assert_int_equal(import_fixture_count(t, "user", "name = \"Dustin Brinkmann\""), 1);
    assert_int_equal(import_fixture_count(t, "user", "login = \"summer_sewald\""), 1);
    assert_int_equal(import_fixture_count(t, "region", "code = \"west\" or code = \"central\""), 2);
    json_t *undo = import_fixture_undo(t, job);
    /* users are never deleted: what cannot be taken back is told */
    assert_int_equal(import_fixture_result(undo, "undone") +
                         import_fixture_result(undo, "skipped_count"),
                     5 + 3);
}
TEST(import_job, creates_what_is_missing) { import_fixture_run(check_missing); }

static void check_own_links(ImportTest *t)
{
    json_t *job = import_fixture_text(
        t, "account", "name,parent\nLeaf,Branch\nBranch,Root\nRoot,\nLost,Nowhere\n",
        "{\"mapping\":{\"name\":\"name\",\"parent\":\"parent\"}}");
    assert_counts(job, 4, 4, 0, 0, 0, 1);
    assert_error(job, 0, 4, "parent", "no_match", NULL);
    assert_int_equal(import_fixture_count(t, "account", "parent.parent.name = \"Root\""), 1);
    json_t *undo = import_fixture_undo(t, job);
    assert_int_equal(import_fixture_result(undo, "undone"), 4);
    assert_int_equal(import_fixture_count(t, "account", "name != \"\""), 0);
}
TEST(import_job, links_rows_of_the_same_file) { import_fixture_run(check_own_links); }

static void check_modes(ImportTest *t)
{
    const char *first = "code,name,price\nP1,Alpha,10\nP2,Beta,20\n";
    const char *second = "code,name,price\nP2,Beta 2,25\nP3,Gamma,30\nP3,Gamma 3,35\n,Nameless,1\n";
    const char *mapped = "{\"mapping\":{\"code\":\"external_id\",\"name\":\"name\","
                         "\"price\":\"price\"},\"mode\":\"%s\"}";
    char options[200];
    snprintf(options, sizeof(options), mapped, "create");
    assert_counts(import_fixture_text(t, "product", first, options), 2, 2, 0, 0, 0, 0);
    snprintf(options, sizeof(options), mapped, "update");
    json_t *job = import_fixture_text(t, "product", second, options);
    assert_counts(job, 4, 0, 1, 0, 3, 0);
    assert_error(job, 0, 2, "code", "no_match", NULL);
    snprintf(options, sizeof(options), mapped, "upsert");
    job = import_fixture_text(t, "product", second, options);
    assert_counts(job, 4, 2, 2, 0, 0, 0); /* the second P3 sees the first */
    assert_int_equal(import_fixture_count(t, "product", "name = \"Gamma 3\""), 1);
    assert_int_equal(import_fixture_count(t, "product", "name = \"Gamma\""), 0);
    assert_int_equal(import_fixture_count(t, "product", "name != \"\""), 4);
}
TEST(import_job, creates_updates_and_does_both) { import_fixture_run(check_modes); }

static void check_duplicates(ImportTest *t)
{
    import_fixture_create(t, "region", "{\"code\":\"alpha\",\"name\":\"Alpha\"}");
    const char *csv = "code,name\nbeta,Beta\nalpha,Alpha two\nbeta,Beta two\n";
    json_t *job = import_fixture_text(t, "region", csv, NULL);
    assert_counts(job, 3, 1, 0, 0, 2, 0);
    assert_error(job, 0, 2, "code", "duplicate", NULL);
    assert_error(job, 1, 3, "code", "duplicate", NULL);
    job = import_fixture_text(t, "region", csv, "{\"duplicates\":\"skip\"}");
    assert_counts(job, 3, 0, 0, 3, 0, 0);
    job = import_fixture_text(t, "region", csv, "{\"duplicates\":\"update\"}");
    assert_counts(job, 3, 0, 3, 0, 0, 0);
    assert_int_equal(import_fixture_count(t, "region", "name = \"Beta two\""), 1);
    /* the database itself refuses: only the bad rows fail */
    job = import_fixture_text(t, "region", "code,name\ngamma,G\nalpha,A\ndelta,D\ngamma,G2\n",
                              "{\"duplicates\":\"create\"}");
    assert_counts(job, 4, 2, 0, 0, 2, 0);
    assert_error(job, 0, 2, "code", "duplicate", NULL);
    assert_error(job, 1, 4, "code", "duplicate", NULL);
}
TEST(import_job, treats_duplicates_as_told) { import_fixture_run(check_duplicates); }

static void check_dry(ImportTest *t)
{
    json_t *job =
        import_fixture_text(t, "account", "name,founded_year\nA,1999\nB,x\n", "{\"dry_run\":true}");
    assert_counts(job, 2, 1, 0, 0, 1, 0);
    assert_int_equal(import_fixture_count(t, "account", "name = \"A\""), 0);
    assert_true(json_is_null(json_object_get(job, "batch")));
    assert_true(str_find(import_fixture_error_file(t, job), STR("B,x,2,")) != SIZE_MAX);
}
TEST(import_job, dry_run_writes_nothing) { import_fixture_run(check_dry); }

static void check_encodings(ImportTest *t)
{
    /* 名称,姓名… in GB18030: 公司名称 = B9AB CBBE C3FB B3C6 */
    static const char GB[] = "name,description\n\xc9\xcf\xba\xa3\xb9\xab\xcb\xbe,\xb9\xab\xcb\xbe"
                             "\xc3\xfb\xb3\xc6\xca\xc7\xd6\xd0\xce\xc4\n";
    json_t *job = import_fixture_import(t, "account",
                                        import_fixture_file(t, "gb.csv", str_n(GB, sizeof(GB) - 1)),
                                        "{\"encoding\":\"GB18030\"}");
    assert_counts(job, 1, 1, 0, 0, 0, 0);
    assert_int_equal(import_fixture_count(t, "account", "name = \"上海公司\""), 1);
    static const char UTF16[] = "\xff\xfen\0a\0m\0e\0\n\0\x2d\x4e\xfd\x56\n\0";
    job = import_fixture_import(
        t, "account", import_fixture_file(t, "u16.csv", str_n(UTF16, sizeof(UTF16) - 1)), NULL);
    assert_counts(job, 1, 1, 0, 0, 0, 0);
    assert_int_equal(import_fixture_count(t, "account", "name = \"中国\""), 1);
    job = import_fixture_text(t, "account", "name\nGood\nBr\xc3oken\n", "{\"encoding\":\"UTF-8\"}");
    assert_counts(job, 2, 1, 0, 0, 1, 0);
    assert_error(job, 0, 2, "", "bad_encoding", NULL);
}
TEST(import_job, reads_other_encodings) { import_fixture_run(check_encodings); }

static bool has_error(const ImportTest *t, const char *field, const char *code)
{
    for (size_t i = 0; i < t->cx.err.fields.n; i++)
        if (str_is(t->cx.err.fields.v[i].field, field) && !strcmp(t->cx.err.fields.v[i].code, code))
            return true;
    return false;
}

static void check_options(ImportTest *t)
{
    Str path = import_fixture_file(t, "o.csv", STR("name,a,b\nx,y,z\n"));
    static const struct {
        const char *options, *field, *code;
    } BAD[] = {
        {"{\"mapping\":{\"nope\":\"name\"}}", "mapping.nope", "unknown_column"},
        {"{\"mapping\":{\"a\":\"nmae\"}}", "mapping.a", "unknown_field"},
        {"{\"mapping\":{\"a\":\"number\"}}", "mapping.a", "read_only"},
        {"{\"mapping\":{\"a\":\"parent.nmae\"}}", "mapping.a", "unknown_field"},
        {"{\"mapping\":{\"a\":5}}", "mapping.a", "bad_value"},
        {"{\"mapping\":{\"a\":\"name\",\"b\":\"name\"}}", "mapping.b", "duplicate"},
        {"{\"set\":{\"name\":{\"template\":\"{nope}\"}},\"mapping\":{}}", "set.name",
         "unknown_column"},
        {"{\"set\":{\"industry\":\"nope\"}}", "industry", "no_match"},
        {"{\"mode\":\"replace\"}", "mode", "bad_value"},
        {"{\"mode\":\"update\"}", "key", "required"},
        {"{\"mode\":\"update\",\"key\":[\"industry\"]}", "key", "bad_value"},
        {"{\"colour\":1}", "colour", "unknown_field"},
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        ASSERT_ST(ST_INVALID, import_fixture_check(t, "account", path, BAD[i].options));
        if (!has_error(t, BAD[i].field, BAD[i].code))
            fail_msg("%s: %.*s %s", BAD[i].options,
                     STR_ARG(t->cx.err.fields.n ? t->cx.err.fields.v[0].field : STR("")),
                     t->cx.err.fields.n ? t->cx.err.fields.v[0].code : "no field");
    }
    Str empty = import_fixture_file(t, "e.csv", STR("\n\n"));
    ASSERT_ST(ST_INVALID, import_fixture_check(t, "account", empty, "{}"));
    ASSERT_ST(ST_NOT_FOUND, import_fixture_check(t, "account", STR("/nowhere"), "{}"));
    ASSERT_ST(ST_INVALID, import_fixture_check(t, "account", path, "{\"encoding\":\"klingon\"}"));
    error_clear(&t->cx);
    Buf out = buf_in(t->arena, 10000);
    ASSERT_OK(import_preview(&t->cx, import_fixture_object(t, "account"), path, NULL, &out));
    assert_string_equal(
        buf_z(&out),
        "{\"format\":\"csv\",\"encoding\":\"UTF-8\",\"separator\":\",\",\"header_row\":1,"
        "\"sheet\":null,\"sheets\":[],\"columns\":[{\"name\":\"name\",\"field\":"
        "\"name\",\"samples\":[\"x\"]},{\"name\":\"a\",\"field\":null,\"samples\":[\"y\"]},"
        "{\"name\":\"b\",\"field\":null,\"samples\":[\"z\"]}],\"rows\":[[\"x\",\"y\",\"z\"]],"
        "\"ready\":[]}");
}
TEST(import_job, checks_options_before_it_starts) { import_fixture_run(check_options); }

static const char SQL_CUT[] =
    "UPDATE {gx_job} SET status = 'queued', checkpoint = ?2, run_at = 0 WHERE id = ?1";

/* Runs a finished import again from a checkpoint in its middle: nothing comes twice. */
static void check_resume(ImportTest *t)
{
    Buf csv = buf_in(t->arena, 1 << 20);
    buf_lit(&csv, "name\n");
    for (int i = 0; i < 450; i++)
        buf_printf(&csv, "Company %d\n", i);
    json_t *job = import_fixture_text(t, "account", buf_z(&csv), NULL);
    assert_counts(job, 450, 450, 0, 0, 0, 0);
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    int64_t id = 0;
    assert_true(str_int(json_get_str(job, "id"), &id));
    const DbVal v[] = {db_int(id),
                       db_text(STR("{\"counts\":[440,440,0,0,0,0,0,0,0,0,0],\"late\":[]}"))};
    plan_exec(plan, STR_SQL(SQL_CUT), v, 2);
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
    job_wake(t->jobs);
    for (int i = 0; i < 1000 && import_fixture_count(t, "account", "name != \"\"") < 460; i++)
        usleep(5000);
    usleep(50000);
    assert_int_equal(import_fixture_count(t, "account", "name != \"\""), 460);
}
TEST(import_job, goes_on_from_its_checkpoint) { import_fixture_run(check_resume); }

TEST_MAIN("import_job")
