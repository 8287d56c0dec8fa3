/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that look like a record that is there, and uploads that nobody reads any more.
 * Covers: similar.c import_sweep.c */
#include "base/calendar.h"
#include "duplicate/duplicate.h"
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

/* Rows of which many are alike, some of them through others; more than one chunk. */
static const char *rows_alike(ImportTest *t, uint32_t seed, int n)
{
    static const char *const WORDS[] = {"岚", "霁", "澜", "鹤", "崧", "玥", "砚",
                                        "箬", "桦", "鸢", "翎", "岱", "榕", "荻"};
    static const char *const ENDS[] = {"科技有限公司", "科技股份有限公司", "贸易公司", "科技公司"};
    Buf csv = buf_in(t->arena, 1 << 20);
    buf_lit(&csv, "name,phone\n");
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 4; k++) {
            seed = seed * 1664525 + 1013904223;
            buf_str_add(&csv, str_of(WORDS[(seed >> 16) % (k < 2 ? 3 : COUNT_OF(WORDS))]));
        }
        buf_printf(&csv, "%s,", ENDS[(seed >> 8) % COUNT_OF(ENDS)]);
        if ((seed >> 10) % 3 == 0)
            buf_printf(&csv, "1380013%04u", (seed >> 12) % 40);
        buf_char(&csv, '\n');
    }
    return str_z(t->arena, buf_str(&csv));
}

/* What the dry run counts is what the import does then. */
static void check_rehearsal(ImportTest *t)
{
    static const char *const POLICIES[] = {"report", "skip", "review", "update"};
    for (size_t i = 0; i < COUNT_OF(POLICIES); i++) {
        const char *csv = rows_alike(t, (uint32_t)i + 7, 450);
        Str dry = str_format(t->arena, "{\"similar\":\"%s\",\"dry_run\":true}", POLICIES[i]);
        Str wet = str_format(t->arena, "{\"similar\":\"%s\"}", POLICIES[i]);
        json_t *said = import_fixture_text(t, "account", csv, dry.p);
        json_t *done = import_fixture_text(t, "account", csv, wet.p);
        assert_true(import_fixture_result(said, "similar") > 50);
        assert_result(said, (int)import_fixture_result(done, "created"),
                      (int)import_fixture_result(done, "updated"),
                      (int)import_fixture_result(done, "skipped"),
                      (int)import_fixture_result(done, "failed"),
                      (int)import_fixture_result(done, "similar"));
        import_fixture_undo(t, done);
    }
}
TEST(import_similar, a_dry_run_compares_the_rows_with_one_another)
{
    import_fixture_run(check_rehearsal);
}

static const DuplicateHit *rehearsed(ImportTest *t, DuplicateRehearsal *h, const char *name,
                                     int64_t row)
{
    const Object *o = import_fixture_object(t, "account");
    DuplicateHit *hits = NULL;
    size_t n = 0;
    Record *r = record_new(&t->cx, o);
    record_set(r, o->title, (Value){.t = V_TEXT, .s = str_of(name)});
    ASSERT_OK(duplicate_find_rehearsed(&t->cx, h, r, &hits, &n));
    if (row)
        ASSERT_OK(duplicate_rehearse(&t->cx, h, r, row, 0));
    return n ? &hits[0] : NULL;
}

static void check_bound(ImportTest *t)
{
    enum { BYTES = 1 << 20, ROWS = 20000 };
    DuplicateRehearsal *h = duplicate_rehearsal(t->arena, BYTES);
    assert_null(rehearsed(t, h, "湛榕荻鲲科技股份有限公司", 1));
    assert_int_equal(rehearsed(t, h, "湛榕荻鲲科技有限公司", 0)->row, 1);
    for (int i = 2; i <= ROWS; i++) {
        Str name = str_format(t->arena, "%08x firm", (uint32_t)i * 2654435761U);
        Record *r = record_new(&t->cx, import_fixture_object(t, "account"));
        record_set(r, r->object->title, (Value){.t = V_TEXT, .s = name});
        ASSERT_OK(duplicate_rehearse(&t->cx, h, r, i, 0));
    }
    assert_true(duplicate_rehearsal_bytes(h) < BYTES + BYTES / 2);
    assert_null(rehearsed(t, h, "湛榕荻鲲科技有限公司", 0)); /* forgotten */
    assert_null(rehearsed(t, h, "桦鸢翎岱科技有限公司", ROWS + 1));
    assert_int_equal(rehearsed(t, h, "桦鸢翎岱科技股份有限公司", 0)->row, ROWS + 1);
    duplicate_rehearsal_back(h, ROWS + 1);
    assert_null(rehearsed(t, h, "桦鸢翎岱科技股份有限公司", 0));
}
TEST(import_similar, a_dry_run_keeps_no_more_rows_than_its_memory_holds)
{
    import_fixture_run(check_bound);
}

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
