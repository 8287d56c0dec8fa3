/* SPDX-License-Identifier: Apache-2.0 */
/* Covers: batch.c record_history.c */
#include "record/batch.h"
#include "record_fixture.h"

static void tells_its_history(RecordTest *t)
{
    Record *a = record_fixture_create(t, "account", "{\"name\":\"A\",\"short_name\":\"one\"}");
    ASSERT_OK(record_fixture_update(t, "account", a->id, "{\"short_name\":\"two\"}"));
    ASSERT_OK(record_fixture_delete(t, "account", a->id));
    Buf out = buf_in(t->arena, 1 << 20);
    ASSERT_OK(record_history(&t->cx, a->object, a->id, STR_NULL, 50, &out));
    json_t *items = json_object_get(record_fixture_json(t, buf_z(&out)), "items");
    assert_int_equal(json_array_size(items), 3);
    assert_true(str_is(json_get_str(json_array_get(items, 0), "action"), "delete"));
    const json_t *update = json_array_get(items, 1);
    assert_true(str_is(json_get_str(update, "action"), "update"));
    assert_int_equal(json_get_int(update, "version", 0), 2);
    const json_t *change = json_array_get(json_object_get(update, "changes"), 0);
    assert_int_equal(json_array_size(json_object_get(update, "changes")), 1);
    assert_true(str_is(json_get_str(change, "field"), "short_name"));
    assert_true(str_is(json_get_str(change, "old"), "one"));
    assert_true(str_is(json_get_str(change, "new"), "two"));
    assert_true(str_is(json_get_str(json_array_get(items, 2), "action"), "create"));
}
TEST(history, tells_every_version) { record_fixture_run(tells_its_history); }

static void pages(RecordTest *t)
{
    Record *a = record_fixture_create(t, "account", "{\"name\":\"A\"}");
    for (int i = 0; i < 5; i++)
        ASSERT_OK(record_fixture_update(
            t, "account", a->id,
            str_z(t->arena, str_format(t->arena, "{\"short_name\":\"%d\"}", i))));
    Str after = STR_NULL;
    int seen = 0, turns = 0;
    for (; turns < 10; turns++) {
        Buf out = buf_in(t->arena, 1 << 20);
        ASSERT_OK(record_history(&t->cx, a->object, a->id, after, 2, &out));
        json_t *page = record_fixture_json(t, buf_z(&out));
        const json_t *items = json_object_get(page, "items");
        for (size_t i = 0; i < json_array_size(items); i++)
            assert_int_equal(json_get_int(json_array_get(items, i), "version", 0), 6 - seen++);
        after = json_get_str(page, "next");
        if (!after.n)
            break;
    }
    assert_int_equal(seen, 6);
}
TEST(history, pages_without_loss) { record_fixture_run(pages); }

/* ---- batches */
static Id undo(RecordTest *t, Id batch, size_t *ret_skipped, const char **ret_reason)
{
    BatchItem *items = NULL;
    size_t n = 0;
    Plan *plan = plan_new(&t->cx);
    Id own = 0;
    *ret_skipped = 0;
    ASSERT_OK(batch_items(&t->cx, batch, &items, &n));
    ASSERT_OK(batch_begin(&t->cx, plan, "undo", STR("undo"), &own));
    t->cx.batch = own;
    t->cx.cause = "undo";
    for (size_t i = 0; i < n; i++) {
        const char *reason = NULL;
        ASSERT_OK(batch_undo_record(&t->cx, plan, batch, &items[i], &reason));
        if (reason) {
            (*ret_skipped)++;
            *ret_reason = reason;
        }
    }
    ASSERT_OK(record_fixture_apply(t, plan));
    t->cx.batch = 0;
    t->cx.cause = "api";
    return own;
}

static Id begin(RecordTest *t)
{
    Id batch = 0;
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(batch_begin(&t->cx, plan, "import", STR("test"), &batch));
    ASSERT_OK(record_fixture_apply(t, plan));
    t->cx.batch = batch;
    return batch;
}

static void takes_back_everything(RecordTest *t)
{
    size_t skipped = 0;
    const char *reason = NULL;
    Record *kept =
        record_fixture_create(t, "account", "{\"name\":\"Kept\",\"short_name\":\"before\"}");
    Record *removed = record_fixture_create(t, "account", "{\"name\":\"Removed\"}");
    Id batch = begin(t);
    Record *made = record_fixture_create(t, "account", "{\"name\":\"Made\"}");
    ASSERT_OK(record_fixture_update(t, "account", kept->id, "{\"short_name\":\"one\"}"));
    ASSERT_OK(record_fixture_update(t, "account", kept->id, "{\"short_name\":\"two\"}"));
    ASSERT_OK(record_fixture_delete(t, "account", removed->id));
    Id again = undo(t, batch, &skipped, &reason);
    assert_int_equal(skipped, 0);
    assert_true(str_is(record_fixture_text(t, "account", kept->id, "short_name"), "before"));
    assert_true(str_is(record_fixture_text(t, "account", removed->id, "name"), "Removed"));
    assert_int_equal(
        record_fixture_count(t, "SELECT COUNT(*) FROM {accounts} WHERE id = ?1", made->id), 0);
    undo(t, again, &skipped, &reason); /* and forth again */
    assert_int_equal(skipped, 0);
    assert_true(str_is(record_fixture_text(t, "account", kept->id, "short_name"), "two"));
    assert_int_equal(
        record_fixture_count(t, "SELECT COUNT(*) FROM {accounts} WHERE id = ?1", made->id), 1);
}
TEST(batch, takes_back_everything_and_itself) { record_fixture_run(takes_back_everything); }

static void reports_what_changed_since(RecordTest *t)
{
    size_t skipped = 0;
    const char *reason = "";
    Id batch = begin(t);
    Record *made = record_fixture_create(t, "account", "{\"name\":\"Made\"}");
    t->cx.batch = 0;
    ASSERT_OK(record_fixture_update(t, "account", made->id, "{\"short_name\":\"later\"}"));
    undo(t, batch, &skipped, &reason);
    assert_int_equal(skipped, 1);
    assert_string_equal(reason, "changed_since");
    assert_true(str_is(record_fixture_text(t, "account", made->id, "short_name"), "later"));
}
TEST(batch, reports_what_changed_since) { record_fixture_run(reports_what_changed_since); }

TEST_MAIN("batch")
