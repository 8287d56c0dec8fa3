/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that look like a record that is there, and uploads that nobody reads any more.
 * Covers: similar.c import_sweep.c */
#include "base/calendar.h"
#include "import_fixture.h"
#include <unistd.h>

static void assert_result(const json_t *job, int created, int updated, int skipped, int failed,
                          int similar)
{
    const int64_t got[] = {
        import_fixture_result(job, "created"), import_fixture_result(job, "updated"),
        import_fixture_result(job, "skipped"), import_fixture_result(job, "failed"),
        import_fixture_result(job, "similar")};
    const int64_t want[] = {created, updated, skipped, failed, similar};
    for (size_t i = 0; i < COUNT_OF(got); i++)
        if (got[i] != want[i])
            fail_msg("%s", json_dumps(job, JSON_INDENT(1)));
}

static int64_t pairs(ImportTest *t)
{
    int64_t n = 0;
    bool found;
    ASSERT_OK(db_get_int(&t->cx, "SELECT count(*) FROM {gx_duplicate} WHERE status = 0", NULL, 0,
                         &n, &found));
    return n;
}

static const char LIKE[] = "name,description\n"
                           "杭州岚霁澜鹤科技股份有限公司,same firm\n"
                           "崧玥砚箬贸易公司,another\n";

static void check_policies(ImportTest *t)
{
    import_fixture_create(t, "account", "{\"name\":\"浙江省杭州市岚霁澜鹤科技有限公司\"}");
    assert_result(
        import_fixture_text(t, "account", LIKE, "{\"similar\":\"report\",\"dry_run\":true}"), 1, 0,
        0, 1, 1);
    json_t *job =
        import_fixture_text(t, "account", "name\n岚霁澜鹤科技公司\n", "{\"similar\":\"report\"}");
    assert_result(job, 0, 0, 0, 1, 1);
    assert_true(str_is(json_get_str(import_fixture_error(job, 0), "code"), "similar"));
    assert_result(
        import_fixture_text(t, "account", "name\n岚霁澜鹤科技公司\n", "{\"similar\":\"skip\"}"), 0,
        0, 1, 0, 1);
    assert_result(import_fixture_text(t, "account",
                                      "name,description\n岚霁澜鹤科技公司,first\n"
                                      "杭州岚霁澜鹤科技公司,second\n",
                                      "{\"similar\":\"update\",\"mapping\":{\"description\":"
                                      "\"description\",\"name\":\"name\"}}"),
                  0, 2, 0, 0, 2);
    assert_int_equal(import_fixture_count(t, "account", "description = \"second\""), 1);
    assert_int_equal(pairs(t), 0);
    job = import_fixture_text(t, "account", LIKE, "{\"similar\":\"review\"}");
    assert_result(job, 2, 0, 0, 0, 1);
    assert_int_equal(pairs(t), 1);
}
TEST(import_similar, does_with_rows_that_look_alike_what_was_chosen)
{
    import_fixture_run(check_policies);
}

/* The later row finds the earlier one, although both came in one chunk. */
static void check_twins(ImportTest *t)
{
    json_t *job = import_fixture_text(t, "account",
                                      "name\n桦鸢翎岱科技有限公司\n湛榕荻鲲贸易公司\n"
                                      "桦鸢翎岱科技股份有限公司\n",
                                      "{\"similar\":\"skip\"}");
    assert_result(job, 2, 0, 1, 0, 1);
    assert_result(import_fixture_text(t, "account", "name\n岚崧桦湛科技有限公司\n", NULL), 1, 0, 0,
                  0, 0); /* not asked */
}
TEST(import_similar, finds_rows_of_the_same_file) { import_fixture_run(check_twins); }

static bool exists(Str path) { return access(path.p, F_OK) == 0; }

static void check_sweep(ImportTest *t)
{
    int64_t n = 0, tomorrow = clock_ms() + INT64_C(86400000);
    Str done = import_fixture_file(t, "1a2b", STR("name\nA\n"));
    import_fixture_import(t, "account", done, NULL);
    Str failed = import_fixture_file(t, "3c4d", STR("name\nB\n"));
    import_fixture_import(t, "account", failed, NULL);
    Plan *plan = plan_new(&t->cx);
    plan_exec(plan, STR("UPDATE {gx_job} SET status = 'failed' WHERE params LIKE '%3c4d%'"), NULL,
              0);
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, NULL));
    ASSERT_OK(import_sweep(&t->cx, t->dir, clock_ms() - INT64_C(86400000), &n));
    assert_int_equal(n, 0); /* none is old enough */
    ASSERT_OK(import_sweep(&t->cx, t->dir, tomorrow, &n));
    assert_true(n >= 3); /* the upload and what lay beside it */
    assert_false(exists(done));
    assert_true(exists(failed));
    assert_true(exists(str_format(t->arena, STR_FMT ".report", STR_ARG(failed))));
}
TEST(import_similar, lets_uploads_go_that_no_import_can_read) { import_fixture_run(check_sweep); }

TEST_MAIN("import_similar")
