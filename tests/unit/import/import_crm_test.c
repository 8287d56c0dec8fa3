/* SPDX-License-Identifier: Apache-2.0 */
/* The real data set crm_sales, with its faults as found: the misspelt product is an error with its
 * suggestion, gaps are warnings, and the whole import is taken back as one batch.
 * Reads $GUANXI_TEST_DATA (default ../shared/data); without it the tests are skipped.
 */
#include "import_fixture.h"

static const char *data_file(ImportTest *t, const char *name)
{
    const char *root = getenv("GUANXI_TEST_DATA");
    const char *path = str_z(
        t->arena, str_format(t->arena, "%s/crm_sales/%s", root ? root : "../shared/data", name));
    return access(path, R_OK) == 0 ? path : NULL;
}

static Str content(ImportTest *t, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *p = arena_alloc(t->arena, 4 << 20);
    size_t n = fread(p, 1, 4 << 20, f);
    fclose(f);
    return str_n(p, n);
}

static json_t *import(ImportTest *t, const char *object, const char *name, const char *options)
{
    Str path = import_fixture_file(t, name, content(t, data_file(t, name)));
    return import_fixture_import(t, object, path, options);
}

static void add_stage(ImportTest *t, const char *code, const char *name, const char *outcome,
                      const char *probability)
{
    import_fixture_create(
        t, "stage",
        str_z(t->arena, str_format(t->arena,
                                   "{\"pipeline\":\"crm\",\"code\":\"%s\",\"name\":\"%s\","
                                   "\"outcome\":\"%s\",\"probability\":\"%s\"}",
                                   code, name, outcome, probability)));
}

static void import_masters(ImportTest *t)
{
    import_fixture_create(t, "department",
                          "{\"code\":\"hq\",\"name\":\"HQ\",\"kind\":\"company\"}");
    import_fixture_create(t, "pipeline",
                          "{\"code\":\"crm\",\"name\":\"CRM\",\"object\":\"opportunity\"}");
    add_stage(t, "prospecting", "Prospecting", "open", "10");
    add_stage(t, "engaging", "Engaging", "open", "40");
    add_stage(t, "won", "Won", "won", "100");
    add_stage(t, "lost", "Lost", "lost", "0");
    json_t *job = import(
        t, "account", "accounts.csv",
        "{\"mapping\":{\"account\":\"name\",\"sector\":{\"field\":\"industry\",\"values\":{"
        "\"technolgy\":\"it\",\"software\":\"it\",\"telecommunications\":\"it\",\"medical\":"
        "\"health\",\"retail\":\"trade\",\"finance\":\"finance\",\"marketing\":\"business\","
        "\"services\":\"resident\",\"employment\":\"business\",\"entertainment\":\"culture\"}},"
        "\"year_established\":\"founded_year\",\"employees\":\"employee_count\",\"subsidiary_of\":"
        "\"parent\"}}");
    assert_int_equal(import_fixture_result(job, "created"), 85);
    assert_int_equal(import_fixture_result(job, "failed"), 0);
    job = import(t, "product", "products.csv",
                 "{\"mapping\":{\"product\":\"name\",\"series\":\"category\",\"sales_price\":"
                 "\"price\"},\"create_missing\":[\"category\"]}");
    assert_int_equal(import_fixture_result(job, "created"), 7);
    assert_int_equal(import_fixture_result(job, "failed"), 0);
    job =
        import(t, "user", "sales_teams.csv",
               "{\"mapping\":{\"sales_agent\":\"name\",\"manager\":\"manager\","
               "\"regional_office\":\"region\"},\"create_missing\":[\"manager\",\"region\"],"
               "\"set\":{\"department\":\"hq\",\"login\":{\"template\":\"{sales_agent|slug}\"}}}");
    assert_int_equal(import_fixture_result(job, "created"), 35);
    assert_int_equal(import_fixture_result(job, "failed"), 0);
}

#define DEALS(product)                                                                             \
    "{\"mapping\":{\"opportunity_id\":\"external_id\",\"sales_agent\":\"owner\",\"product\":"      \
    "" product ",\"account\":\"account.name\",\"deal_stage\":{\"field\":\"stage\",\"values\":{"    \
    "\"Prospecting\":\"prospecting\",\"Engaging\":\"engaging\",\"Won\":\"won\",\"Lost\":\"lost\"}" \
    "},\"engage_date\":\"started_on\",\"close_date\":\"closed_on\",\"close_value\":\"amount\"},"   \
    "\"set\":{\"pipeline\":\"crm\",\"name\":{\"template\":\"{product} {opportunity_id}\"}}}"

static void check_crm(ImportTest *t)
{
    if (!data_file(t, "sales_pipeline.csv"))
        skip();
    import_masters(t);
    assert_int_equal(import_fixture_count(t, "account", "parent is not null"), 15);
    assert_int_equal(import_fixture_count(t, "user", "manager.name = \"Dustin Brinkmann\""), 5);
    json_t *job = import(t, "opportunity", "sales_pipeline.csv", DEALS("\"product\""));
    assert_int_equal(import_fixture_result(job, "read"), 8800);
    assert_int_equal(import_fixture_result(job, "failed"), 1480);
    assert_int_equal(import_fixture_result(job, "created"), 7320);
    const json_t *e = import_fixture_error(job, 0);
    assert_true(str_is(json_get_str(e, "column"), "product"));
    assert_true(str_is(json_get_str(e, "suggestion"), "GTX Pro"));
    json_t *undo = import_fixture_undo(t, job);
    assert_int_equal(import_fixture_result(undo, "undone"), 7320);
    assert_int_equal(import_fixture_result(undo, "skipped_count"), 0);
    assert_int_equal(import_fixture_count(t, "opportunity", "name != \"\""), 0);

    job = import(t, "opportunity", "sales_pipeline.csv",
                 DEALS("{\"field\":\"product\",\"values\":{\"GTXPro\":\"GTX Pro\"}}"));
    assert_int_equal(import_fixture_result(job, "created"), 8800);
    assert_int_equal(import_fixture_result(job, "failed"), 0);
    assert_int_equal(import_fixture_result(job, "warnings"), 1425 + 500);
    assert_true(json_is_null(json_object_get(json_object_get(job, "result"), "error_file")));
    assert_int_equal(import_fixture_count(t, "opportunity", "stage = \"won\""), 4238);
    assert_int_equal(import_fixture_count(t, "opportunity", "stage = \"lost\""), 2473);
    assert_int_equal(import_fixture_count(t, "opportunity", "product.name = \"GTX Pro\""), 1480);
    assert_int_equal(import_fixture_count(t, "opportunity", "account is null"), 1425);
    assert_int_equal(import_fixture_count(t, "opportunity", "started_on is null"), 500);
    assert_int_equal(
        import_fixture_count(t, "opportunity", "owner.manager.name = \"Dustin Brinkmann\""), 1583);
}
TEST(import_crm, comes_in_whole_and_goes_out_again) { import_fixture_run(check_crm); }

TEST_MAIN("import_crm")
