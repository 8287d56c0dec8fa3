/* SPDX-License-Identifier: Apache-2.0 */
/* Doctor: things are broken on purpose, found, repaired, and found whole. Covers: doctor.c file/file_verify.c meta/meta_database_extra.c */
#include "../record/record_fixture.h"
#include "duplicate/duplicate.h"
#include "file/file.h"
#include "upkeep/upkeep.h"
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static DoctorReport look(RecordTest *t, bool repair)
{
    DoctorReport r = {0};
    t->env.dir = t->dir;
    t->env.meta = t->store;
    t->cx.records = &t->env;
    ASSERT_OK(upkeep_doctor(&t->cx, t->pool, repair, &r));
    return r;
}

static size_t problems(const DoctorReport *r, const char *check)
{
    size_t n = 0;
    for (size_t i = 0; i < r->problems.n; i++)
        n += !strcmp(r->problems.v[i].check, check);
    return n;
}

static void ddl(RecordTest *t, Str sql)
{
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    plan_ddl(plan, sql);
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
}

static const Field *field(RecordTest *t, const char *object, const char *name)
{
    return object_field(record_fixture_object(t, object), str_of(name));
}

/* A sound database has nothing to tell. */
static void whole(RecordTest *t)
{
    DoctorReport r = look(t, false);
    assert_int_equal(problems(&r, "schema") + problems(&r, "side_table") + problems(&r, "derived"),
                     0);
    assert_true(r.checked > 10);
}

static void broken_schema(RecordTest *t)
{
    const Object *o = record_fixture_object(t, "account");
    const Field *f = field(t, "account", "phone");
    Str drop_index = str_format(t->arena, "DROP INDEX {%s}", o->indexes[0].name);
    Str drop_column =
        str_format(t->arena, "ALTER TABLE {accounts_h} DROP COLUMN \"%s\"", f->columns[0].name);
    ddl(t, drop_index);
    ddl(t, drop_column);
    DoctorReport found = look(t, false);
    assert_int_equal(problems(&found, "schema"), 2);
    assert_false(found.problems.v[0].repaired);
    DoctorReport repaired = look(t, true);
    assert_int_equal(problems(&repaired, "schema"), 2);
    assert_true(repaired.problems.v[0].repaired);
    whole(t);
}

static const Field *a_list(RecordTest *t)
{
    for (size_t i = 0; i < t->cx.meta->n_objects; i++) {
        const Object *o = t->cx.meta->objects[i];
        for (size_t k = 0; k < o->n_fields; k++)
            if (o->fields[k]->kind == F_LINKS && str_is(o->name, "user"))
                return o->fields[k];
    }
    return NULL;
}

static void broken_side_table(RecordTest *t)
{
    const Field *f = a_list(t);
    assert_non_null(f);
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    Str sql =
        str_format(t->arena, "INSERT INTO {l_%u} (record, target) VALUES (77, 88)", f->number);
    plan_exec(plan, sql, NULL, 0);
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
    DoctorReport found = look(t, false);
    assert_int_equal(problems(&found, "side_table"), 1);
    look(t, true);
    whole(t);
}

static void broken_derived(RecordTest *t)
{
    const Field *f = record_fixture_object(t, "account")->title;
    Record *r = record_fixture_create(t, "account", "{\"name\":\"北京\"}");
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    Str sql = str_format(t->arena, "UPDATE {accounts} SET \"%s\" = NULL", f->columns[1].name);
    plan_exec(plan, sql, NULL, 0);
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
    DoctorReport found = look(t, false);
    assert_int_equal(problems(&found, "derived"), 1);
    look(t, true);
    whole(t);
    sql =
        str_format(t->arena, "SELECT count(*) FROM {accounts} WHERE id = ?1 AND \"%s\" IS NOT NULL",
                   f->columns[1].name);
    assert_int_equal(record_fixture_count(t, str_z(t->arena, sql), r->id), 1);
}

static void run_sql(RecordTest *t, Str sql, Id id)
{
    const DbVal v = db_int(id);
    Plan *plan = plan_new(&t->cx);
    plan_exec(plan, sql, &v, 1);
    ASSERT_OK(record_fixture_apply(t, plan));
}

static void fill_rollups(RecordTest *t)
{
    const Object *o = NULL;
    Id last = 0;
    t->cx.records = &t->env;
    for (;;) {
        ASSERT_OK(record_rollup_stale(&t->cx, &o));
        if (!o)
            return;
        do {
            Plan *plan = plan_new(&t->cx);
            ASSERT_OK(record_rollup_fill(&t->cx, plan, o, last, 100, &last));
            ASSERT_OK(record_fixture_apply(t, plan));
        } while (last);
    }
}

static void broken_rollups(RecordTest *t)
{
    const Field *f = field(t, "account", "order_count");
    Record *r = record_fixture_create(t, "account", "{\"name\":\"北京\"}");
    Record *other = record_fixture_create(t, "account", "{\"name\":\"上海\"}");
    fill_rollups(t);
    DoctorReport sound = look(t, false);
    assert_int_equal(problems(&sound, "rollup"), 0);
    Str wrong = str_format(t->arena, "UPDATE {accounts_d} SET \"%s\" = 9 WHERE id = ?1",
                           f->columns[0].name);
    run_sql(t, wrong, r->id);
    run_sql(t, STR("DELETE FROM {accounts_d} WHERE id = ?1"), other->id);
    run_sql(t, STR("INSERT INTO {accounts_d} (id) VALUES (?1)"), 77);
    DoctorReport found = look(t, false);
    assert_int_equal(problems(&found, "rollup"), 1);
    const DoctorProblem *p = &found.problems.v[0];
    for (size_t i = 0; i < found.problems.n; i++)
        p = !strcmp(found.problems.v[i].check, "rollup") ? &found.problems.v[i] : p;
    assert_string_equal(str_z(t->arena, p->what),
                        "2 records with other figures, 1 figures of records gone");
    DoctorReport repaired = look(t, true);
    assert_int_equal(problems(&repaired, "rollup"), 1);
    fill_rollups(t);
    DoctorReport mended = look(t, false);
    assert_int_equal(problems(&mended, "rollup"), 0);
    Str right =
        str_format(t->arena, "SELECT count(*) FROM {accounts_d} WHERE id = ?1 AND \"%s\" = 0",
                   f->columns[0].name);
    assert_int_equal(record_fixture_count(t, str_z(t->arena, right), r->id), 1);
    assert_int_equal(record_fixture_count(t, str_z(t->arena, right), other->id), 1);
    assert_int_equal(record_fixture_count(t, "SELECT count(*) FROM {accounts_d} WHERE id = ?1", 77),
                     0);
}

static const DoctorProblem *problem(const DoctorReport *r, const char *check)
{
    for (size_t i = 0; i < r->problems.n; i++)
        if (!strcmp(r->problems.v[i].check, check))
            return &r->problems.v[i];
    return NULL;
}

static void extra_columns(RecordTest *t)
{
    Record *r = record_fixture_create(t, "account", "{\"name\":\"北京\"}");
    DoctorReport sound = look(t, false);
    assert_null(problem(&sound, "extra"));
    ddl(t, STR("ALTER TABLE {accounts} ADD COLUMN c_99999 $int"));
    ddl(t, STR("ALTER TABLE {accounts_h} ADD COLUMN c_99999_f $text"));
    run_sql(t, STR("UPDATE {accounts} SET c_99999 = 1 WHERE id = ?1"), r->id);
    DoctorReport found = look(t, true);
    assert_int_equal(problems(&found, "extra"), 2);
    DoctorReport left = look(t, true); /* one holds a value: told and left */
    assert_int_equal(problems(&left, "extra"), 1);
    assert_false(problem(&left, "extra")->repaired);
    run_sql(t, STR("UPDATE {accounts} SET c_99999 = NULL WHERE id = ?1"), r->id);
    DoctorReport repaired = look(t, true);
    assert_true(problem(&repaired, "extra")->repaired);
    DoctorReport mended = look(t, false);
    assert_null(problem(&mended, "extra"));
}

static void counters_behind(RecordTest *t)
{
    Record *r = record_fixture_create(t, "account", "{\"name\":\"北京\"}");
    const Field *f = field(t, "account", "number");
    Str before = str_copy(t->arena, record_get(r, f)->s);
    DoctorReport sound = look(t, false);
    assert_null(problem(&sound, "counter"));
    run_sql(t, STR("UPDATE {gx_counter} SET value = 0 WHERE ?1 > 0"), r->id);
    DoctorReport found = look(t, false);
    assert_int_equal(problems(&found, "counter"), 1);
    assert_false(problem(&found, "counter")->repaired);
    look(t, true);
    DoctorReport mended = look(t, false);
    assert_null(problem(&mended, "counter"));
    Record *next = record_fixture_create(t, "account", "{\"name\":\"上海\"}");
    assert_true(str_cmp(record_get(next, f)->s, before) > 0);
}

static void extra_tables(RecordTest *t)
{
    DoctorReport sound = look(t, false);
    assert_null(problem(&sound, "extra"));
    ddl(t, STR("CREATE TABLE {strangers} (id $int PRIMARY KEY) $strict"));
    ddl(t, STR("CREATE TABLE {visitors_h} (id $int PRIMARY KEY) $strict"));
    ddl(t, STR("CREATE TABLE {l_99999} (record $int, target $int) $strict"));
    ddl(t, STR("ALTER TABLE {accounts_d} ADD COLUMN c_99999 $int"));
    run_sql(t, STR("INSERT INTO {strangers} (id) VALUES (?1)"), 7);
    run_sql(t, STR("UPDATE {accounts_d} SET c_99999 = 1 WHERE id > ?1"), 0);
    DoctorReport found = look(t, false);
    assert_int_equal(problems(&found, "extra"), 4);
    look(t, true);
    DoctorReport left = look(t, true); /* what holds a row stays */
    assert_int_equal(problems(&left, "extra"), 1);
    assert_string_equal(str_z(t->arena, problem(&left, "extra")->what), "table strangers: 1 rows");
    run_sql(t, STR("DELETE FROM {strangers} WHERE id = ?1"), 7);
    look(t, true);
    DoctorReport mended = look(t, false);
    assert_null(problem(&mended, "extra"));
}

/* Bytes of a hash, as old as the hour that an upload may take, and its folder. */
static char *stray_bytes(RecordTest *t, int hours)
{
    static const char HASH[] = "ab12000000000000000000000000000000000000000000000000000000000000";
    Str path = file_store_path(t->arena, t->dir, str_of(HASH));
    for (size_t i = strlen(t->dir) + 1; i < path.n; i++)
        if (path.p[i] == '/')
            mkdir(str_z(t->arena, str_sub(path, 0, i)), 0700);
    FILE *f = fopen(str_z(t->arena, path), "w");
    assert_non_null(f);
    fputs("bytes", f);
    fclose(f);
    t->cx.now_ms += hours * INT64_C(3600000);
    return str_z(t->arena, path);
}

static void files_and_bytes(RecordTest *t)
{
    int64_t now = t->cx.now_ms;
    static const char LOST[] =
        "{\"name\":\"a.txt\",\"size\":5,\"type\":\"text/plain\",\"hash\":"
        "\"cd12000000000000000000000000000000000000000000000000000000000000\"}";
    t->cx.records = &t->env;
    stray_bytes(t, 0);
    DoctorReport young = look(t, false);
    assert_null(problem(&young, "file")); /* an upload in hand may have put them there */
    char *path = stray_bytes(t, 3);
    DoctorReport stray = look(t, true);
    assert_int_equal(problems(&stray, "file"), 1);
    assert_true(problem(&stray, "file")->repaired); /* the sweep is asked */
    assert_int_equal(unlink(path), 0);
    DoctorReport swept = look(t, false);
    assert_null(problem(&swept, "file"));
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    json_t *body;
    ASSERT_OK(json_parse(&t->cx, str_of(LOST), &body));
    Record *r = record_new(&t->cx, record_fixture_object(t, "file"));
    const char *name;
    json_t *value;
    json_object_foreach(body, name, value)
    {
        const Field *f = object_field(r->object, str_of(name));
        Value v;
        ASSERT_OK(f->type->parse(&t->cx, f, value, &v));
        record_set(r, f, v);
    }
    ASSERT_OK(record_write_by_rule(&t->cx, plan, r));
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
    DoctorReport lost = look(t, true);
    assert_int_equal(problems(&lost, "file"), 1);
    assert_false(problem(&lost, "file")->repaired); /* only a backup has them */
    Str id = str_format(t->arena, "%lld", (long long)r->id);
    assert_true(str_find(problem(&lost, "file")->what, id) != SIZE_MAX);
    t->cx.now_ms = now;
}

TEST(doctor, tells_nothing_of_what_is_whole) { record_fixture_run(whole); }
TEST(doctor, finds_and_makes_missing_columns_and_indexes) { record_fixture_run(broken_schema); }
TEST(doctor, finds_and_mends_a_side_table) { record_fixture_run(broken_side_table); }
TEST(doctor, finds_and_fills_derived_columns) { record_fixture_run(broken_derived); }
TEST(doctor, finds_and_computes_wrong_rollups) { record_fixture_run(broken_rollups); }

TEST(doctor, finds_columns_of_no_field_and_drops_empty_ones) { record_fixture_run(extra_columns); }
TEST(doctor, finds_tables_of_no_object_and_columns_of_no_figure)
{
    record_fixture_run(extra_tables);
}
TEST(doctor, finds_files_without_bytes_and_bytes_without_file)
{
    record_fixture_run(files_and_bytes);
}
TEST(doctor, finds_counters_below_numbers_given) { record_fixture_run(counters_behind); }

/* Keys of duplicates: one record lost its own, one has others, one that is gone has some. */
static void check_match_keys(RecordTest *t)
{
    const Object *o = record_fixture_object(t, "account");
    Record *a =
        record_fixture_create(t, "account", "{\"name\":\"灵隐茶业\",\"phone\":\"13800138000\"}");
    Record *b = record_fixture_create(t, "account", "{\"name\":\"西湖钟表\"}");
    (void)record_fixture_create(t, "account", "{\"name\":\"东湖印务\"}");
    Plan *plan = plan_new(&t->cx);
    const DbVal state[] = {db_int(o->number), db_int(match_fingerprint(o)), db_int(INT64_MAX)};
    plan_exec(plan,
              STR("INSERT INTO {gx_match_state} (object, fingerprint, filled) VALUES (?1, ?2, ?3)"),
              state, COUNT_OF(state));
    ASSERT_OK(record_fixture_apply(t, plan));
    DoctorReport r = look(t, false);
    assert_int_equal(problems(&r, "match"), 0);
    const DbVal lost[] = {db_int(o->number), db_int(a->id)},
                other[] = {db_int(o->number), db_int(b->id)};
    plan = plan_new(&t->cx);
    plan_exec(plan, STR("DELETE FROM {gx_match} WHERE object = ?1 AND record = ?2"), lost, 2);
    plan_exec(plan, STR("INSERT INTO {gx_match} (object, record, key) VALUES (?1, ?2, 17)"), other,
              2);
    plan_exec(plan,
              STR("INSERT INTO {gx_match} (object, record, key) VALUES (?1, 5, 17), (?1, 5, 18)"),
              lost, 1);
    ASSERT_OK(record_fixture_apply(t, plan));
    for (int i = 0; i < 2; i++) {
        r = look(t, i == 1);
        assert_int_equal(problems(&r, "match"), 1);
        for (size_t k = 0; k < r.problems.n; k++)
            if (!strcmp(r.problems.v[k].check, "match"))
                assert_true(str_is(r.problems.v[k].what,
                                   "1 records without keys, 1 with others, 1 that are gone"));
    }
    assert_int_equal(
        record_fixture_count(t, "SELECT filled FROM {gx_match_state} WHERE object = ?1", o->number),
        0);
    assert_int_equal(
        record_fixture_count(
            t, "SELECT count(*) FROM {gx_job} WHERE kind = 'duplicates.keys' AND ?1 > 0", 1),
        1);
    r = look(t, false); /* they are being made */
    assert_int_equal(problems(&r, "match"), 0);
}
TEST(doctor, compares_keys_of_duplicates) { record_fixture_run(check_match_keys); }

TEST_MAIN("doctor")
