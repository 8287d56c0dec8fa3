/* SPDX-License-Identifier: Apache-2.0 */
/* Covers: record_load.c record_set.c record_link.c record_validate.c record_write.c record_delete.c
 * record_text.c record_json.c number.c record_conflict.c record_tree.c */
#include "match/match.h"
#include "record_fixture.h"

static void creates_and_reads_back(RecordTest *t)
{
    Record *region = record_fixture_create(
        t, "region", "{\"code\":\"east\",\"name\":\"华东\",\"kind\":\"area\"}");
    Record *a = record_fixture_create(t, "account",
                                      "{\"name\":\"苏州恒锐\",\"region\":{\"code\":\"east\"},"
                                      "\"annual_revenue\":\"1200.50\",\"founded_year\":1999}");
    Buf out = buf_in(t->arena, 1 << 20);
    ASSERT_OK(record_json(&t->cx, a, &out));
    json_t *j = record_fixture_json(t, buf_z(&out));
    assert_int_equal(a->version, 1);
    assert_true(str_is(json_get_str(j, "name"), "苏州恒锐"));
    assert_true(str_is(json_get_str(json_object_get(j, "annual_revenue"), "value"), "1200.50"));
    assert_true(str_is(json_get_str(json_object_get(j, "region"), "code"), "east"));
    assert_true(str_is(json_get_str(json_object_get(j, "region"), "title"), "华东"));
    assert_int_equal(json_get_int(j, "founded_year", 0), 1999);
    assert_int_equal(
        record_fixture_count(t, "SELECT COUNT(*) FROM {gx_outbox} WHERE record = ?1", a->id), 1);
    assert_true(region->id > 0);
}
TEST(record, creates_and_reads_back) { record_fixture_run(creates_and_reads_back); }

static void names_every_error_at_once(RecordTest *t)
{
    Record *r = record_new(&t->cx, record_fixture_object(t, "account"));
    ASSERT_ST(ST_INVALID, record_set_json(&t->cx, r,
                                          record_fixture_json(
                                              t, "{\"nam\":\"x\",\"version\":3,\"kind\":\"zzz\","
                                                 "\"region\":{\"code\":\"nowhere\"}}")));
    assert_true(record_fixture_has_error(t, "nam", "unknown_field"));
    assert_true(record_fixture_has_error(t, "version", "read_only"));
    assert_true(record_fixture_has_error(t, "region", "no_match"));
    assert_int_equal(t->cx.err.fields.n, 4);
    record_fixture_forget(t);
    r = record_new(&t->cx, record_fixture_object(t, "account"));
    ASSERT_ST(ST_INVALID, record_write(&t->cx, plan_new(&t->cx), r));
    assert_true(record_fixture_has_error(t, "name", "required"));
    record_fixture_forget(t);
}
TEST(record, names_every_error_at_once) { record_fixture_run(names_every_error_at_once); }

static void updates_with_twin(RecordTest *t)
{
    Record *a = record_fixture_create(t, "account", "{\"name\":\"A\"}");
    ASSERT_OK(record_fixture_update(t, "account", a->id, "{\"short_name\":\"b\"}"));
    assert_true(str_is(record_fixture_text(t, "account", a->id, "short_name"), "b"));
    assert_int_equal(
        record_fixture_count(t, "SELECT COUNT(*) FROM {accounts_h} WHERE id = ?1", a->id), 1);
    assert_int_equal(record_fixture_count(t, "SELECT version FROM {accounts} WHERE id = ?1", a->id),
                     2);
    ASSERT_OK(
        record_fixture_update(t, "account", a->id, "{\"short_name\":\"b\"}")); /* nothing new */
    assert_int_equal(record_fixture_count(t, "SELECT version FROM {accounts} WHERE id = ?1", a->id),
                     2);
}
TEST(record, updates_with_twin) { record_fixture_run(updates_with_twin); }

static void refuses_what_was_overtaken(RecordTest *t)
{
    Record *a = record_fixture_create(t, "account", "{\"name\":\"A\"}"), *mine = NULL;
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(record_load(&t->cx, a->object, a->id, &mine));
    ASSERT_OK(record_set_json(&t->cx, mine, record_fixture_json(t, "{\"short_name\":\"mine\"}")));
    ASSERT_OK(record_write(&t->cx, plan, mine));
    ASSERT_OK(record_fixture_update(t, "account", a->id, "{\"short_name\":\"theirs\"}"));
    ASSERT_ST(ST_RETRY, record_fixture_apply(t, plan));
    record_fixture_forget(t);
    assert_true(str_is(record_fixture_text(t, "account", a->id, "short_name"), "theirs"));
}
TEST(record, refuses_what_was_overtaken) { record_fixture_run(refuses_what_was_overtaken); }

static void keeps_link_rows_in_step(RecordTest *t)
{
    Record *a = record_fixture_create(t, "role", "{\"code\":\"r1\",\"name\":\"One\"}");
    Record *b = record_fixture_create(t, "role", "{\"code\":\"r2\",\"name\":\"Two\"}");
    Record *d = record_fixture_create(t, "department", "{\"name\":\"D\",\"code\":\"d\"}");
    Str body = str_format(t->arena,
                          "{\"name\":\"U\",\"login\":\"u1\",\"department\":\"%lld\",\"roles\":[{"
                          "\"code\":\"r1\"},{\"code\":\"r2\"}]}",
                          (long long)d->id);
    Record *u = record_fixture_create(t, "user", str_z(t->arena, body));
    const Field *roles = object_field(u->object, STR("roles"));
    Str count =
        str_format(t->arena, "SELECT COUNT(*) FROM {l_%u} WHERE \"record\" = ?1", roles->number);
    assert_int_equal(record_get(u, roles)->ids.n, 2);
    assert_int_equal(record_fixture_count(t, str_z(t->arena, count), u->id), 2);
    ASSERT_OK(
        record_fixture_update(t, "user", u->id, "{\"roles\":{\"remove\":[{\"code\":\"r1\"}]}}"));
    assert_int_equal(record_fixture_count(t, str_z(t->arena, count), u->id), 1);
    assert_true(a->id != b->id);
}
TEST(record, keeps_link_rows_in_step) { record_fixture_run(keeps_link_rows_in_step); }

static void explains_a_duplicate(RecordTest *t)
{
    record_fixture_create(t, "role", "{\"code\":\"twin\",\"name\":\"One\"}");
    Record *r = record_new(&t->cx, record_fixture_object(t, "role"));
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    ASSERT_OK(
        record_set_json(&t->cx, r, record_fixture_json(t, "{\"code\":\"twin\",\"name\":\"Two\"}")));
    ASSERT_OK(record_write(&t->cx, plan, r));
    ASSERT_ST(ST_CONFLICT, db_apply(t->pool, &t->cx, plan, &result));
    record_fixture_forget(t);
    ASSERT_ST(ST_CONFLICT, record_explain_conflict(&t->cx, str_of(result.constraint)));
    assert_true(record_fixture_has_error(t, "code", "duplicate"));
    record_fixture_forget(t);
}
TEST(record, explains_a_duplicate) { record_fixture_run(explains_a_duplicate); }

static void restricts(RecordTest *t)
{
    Record *a = record_fixture_create(t, "region", "{\"code\":\"up\",\"name\":\"Parent\"}");
    Record *c = record_fixture_create(t, "region",
                                      "{\"code\":\"down\",\"name\":\"Child\",\"parent\":\"up\"}");
    ASSERT_ST(ST_CONFLICT, record_fixture_delete(t, "region", a->id));
    record_fixture_forget(t);
    ASSERT_OK(record_fixture_delete(t, "region", c->id));
    ASSERT_OK(record_fixture_delete(t, "region", a->id));
    Record *gone = NULL;
    bool was = false;
    ASSERT_ST(ST_NOT_FOUND, record_load(&t->cx, a->object, a->id, &gone));
    record_fixture_forget(t);
    ASSERT_OK(record_is_gone(&t->cx, a->object, a->id, &was));
    assert_true(was);
}
TEST(record, refuses_while_others_use_it) { record_fixture_run(restricts); }

static void restores_with_its_lines(RecordTest *t)
{
    Record *p = record_fixture_create(t, "pipeline", "{\"code\":\"p\",\"name\":\"P\"}");
    Str body = str_format(t->arena,
                          "{\"code\":\"s\",\"name\":\"S\",\"outcome\":\"open\",\"probability\":"
                          "\"10\",\"pipeline\":\"%lld\"}",
                          (long long)p->id);
    Record *s = record_fixture_create(t, "stage", str_z(t->arena, body));
    ASSERT_OK(record_fixture_delete(t, "pipeline", p->id));
    assert_int_equal(record_fixture_count(t, "SELECT COUNT(*) FROM {stages} WHERE id = ?1", s->id),
                     0);
    Plan *plan = plan_new(&t->cx);
    Record *back = NULL;
    ASSERT_OK(record_restore(&t->cx, plan, p->object, p->id, &back));
    ASSERT_OK(record_fixture_apply(t, plan));
    assert_int_equal(record_fixture_count(t, "SELECT COUNT(*) FROM {stages} WHERE id = ?1", s->id),
                     1);
    assert_int_equal(
        record_fixture_count(t, "SELECT version FROM {pipelines} WHERE id = ?1", p->id), 3);
    ASSERT_ST(ST_CONFLICT, record_restore(&t->cx, plan_new(&t->cx), p->object, p->id, &back));
    record_fixture_forget(t);
}
TEST(record, restores_with_its_lines) { record_fixture_run(restores_with_its_lines); }

static void trees_have_no_circle(RecordTest *t)
{
    const Field *up = object_field(record_fixture_object(t, "region"), STR("parent"));
    record_fixture_create(t, "region", "{\"code\":\"top\",\"name\":\"Top\"}");
    Record *low = record_fixture_create(t, "region",
                                        "{\"code\":\"low\",\"name\":\"Low\",\"parent\":\"top\"}");
    Record *top = NULL;
    ASSERT_OK(record_load(&t->cx, low->object, record_get(low, up)->i, &top));
    ASSERT_OK(record_check_tree(&t->cx, top, up));
    record_set(top, up, (Value){.t = V_ID, .i = low->id});
    ASSERT_ST(ST_INVALID, record_check_tree(&t->cx, top, up));
    assert_true(record_fixture_has_error(t, "parent", "cycle"));
    record_fixture_forget(t);
}
TEST(record, trees_have_no_circle) { record_fixture_run(trees_have_no_circle); }

static void numbers_go_up(RecordTest *t)
{
    Str last = STR("");
    for (int i = 0; i < 50; i++) {
        Record *a = record_fixture_create(t, "account", "{\"name\":\"N\"}");
        Str number = record_fixture_text(t, "account", a->id, "number");
        assert_true(str_cmp(last, number) < 0);
        assert_true(str_starts(number, STR("C20")));
        last = number;
    }
}
TEST(record, numbers_go_up) { record_fixture_run(numbers_go_up); }

/* However many go in one statement. */
static void every_key_of_duplicates_is_kept(RecordTest *t)
{
    static const int64_t KEYS[] = {-7, -1, 0, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, INT64_MAX};
    const Object *o = record_fixture_object(t, "account");
    for (size_t n = 0; n <= COUNT_OF(KEYS); n++) {
        Id id = (Id)(1000 + n);
        Plan *plan = plan_new(&t->cx);
        int64_t sum = 0;
        match_add(&t->cx, plan, o, id, KEYS, n);
        if (n)
            ASSERT_OK(record_fixture_apply(t, plan));
        for (size_t i = 0; i < n; i++)
            sum += KEYS[i] == INT64_MAX ? 1000 : KEYS[i];
        assert_int_equal(
            record_fixture_count(t, "SELECT count(*) FROM {gx_match} WHERE record = ?1", id), n);
        assert_int_equal(
            record_fixture_count(
                t,
                "SELECT CAST(COALESCE(SUM(CASE WHEN key = 9223372036854775807 THEN 1000 "
                "ELSE key END), 0) AS bigint) FROM {gx_match} WHERE record = ?1",
                id),
            sum);
    }
}
TEST(record, every_key_of_duplicates_is_kept)
{
    record_fixture_run(every_key_of_duplicates_is_kept);
}

TEST_MAIN("record_write")
