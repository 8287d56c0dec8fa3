/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing an engine for the tests of record/. */
#include "record_fixture.h"
#include "base/calendar.h"
#include "postgres.h"
#include <sodium.h>

static Status compile(void *arg, Ctx *cx, Meta *m)
{
    TRY(record_compile_meta(cx, m));
    TRY(expr_compile_meta(arg, cx, m));
    return record_compile_rollups(cx, m);
}

static void open_engine(RecordTest *t, const char *url)
{
    static const MetaHooks hooks = {.compile = compile};
    static const RecordHooks *const none[] = {NULL};
    t->dir = test_tempdir();
    t->arena = arena_new(1024 * 1024);
    t->cx = (Ctx){.arena = t->arena,
                  .now_ms = clock_ms(),
                  .lang = LANG_EN,
                  .cause = "api",
                  .zone = zone_get(STR("Asia/Shanghai"))};
    DbConfig config = {
        .dir = t->dir, .url = url, .schema = TEST_POSTGRES_SCHEMA, .readers = 3, .create = true};
    ASSERT_OK(db_open(&t->cx, &config, &t->pool));
    t->env = (RecordEnv){.pool = t->pool, .hooks = none, .numbers = number_blocks_new()};
    t->cx.records = &t->env;
    t->cx.db = db_lease(t->pool);
    ASSERT_OK(meta_open(&t->cx, t->pool, &hooks, &t->store));
    t->cx.meta = meta_acquire(t->store);
    ASSERT_OK(access_open(&t->cx, t->pool, &t->access));
    const User *system = NULL;
    ASSERT_OK(access_user_system(&t->cx, t->access, &system));
    access_act_as(&t->cx, system);
}

static void close_engine(RecordTest *t)
{
    access_user_release(t->cx.user);
    meta_release(t->cx.meta);
    db_release(t->cx.db);
    access_close(t->access);
    meta_close(t->store);
    db_close(t->pool);
    number_blocks_free(t->env.numbers);
    arena_free(t->arena);
    test_tempdir_remove(t->dir);
}

static void run_on(const char *url, void (*body)(RecordTest *))
{
    RecordTest t = {0};
    open_engine(&t, url);
    body(&t);
    close_engine(&t);
}

static void make(const char *url)
{
    RecordTest t = {0};
    open_engine(&t, url);
    close_engine(&t);
}

static void run_on_copy(void (*body)(RecordTest *))
{
    TestPostgres copy;
    test_postgres_open(&copy, "record", make);
    run_on(copy.url, body);
    test_postgres_drop(&copy);
}

void record_fixture_run(void (*body)(RecordTest *))
{
    assert_true(sodium_init() >= 0);
    run_on(NULL, body);
    if (test_postgres())
        run_on_copy(body);
}

const Object *record_fixture_object(RecordTest *t, const char *name)
{
    const Object *o = meta_object(t->cx.meta, str_of(name));
    assert_non_null(o);
    return o;
}

json_t *record_fixture_json(RecordTest *t, const char *text)
{
    json_t *j = NULL;
    ASSERT_OK(json_parse(&t->cx, str_of(text), &j));
    return j;
}

void record_fixture_forget(RecordTest *t) { error_clear(&t->cx); }

Status record_fixture_apply(RecordTest *t, Plan *plan)
{
    PlanResult result;
    return db_apply(t->pool, &t->cx, plan, &result);
}

static void explain(RecordTest *t, Status st)
{
    if (st == ST_OK)
        return;
    print_message("%.*s at %s:%d\n", STR_ARG(t->cx.err.text), t->cx.err.file, t->cx.err.line);
    for (size_t i = 0; i < t->cx.err.fields.n; i++)
        print_message("  %.*s %s: %.*s\n", STR_ARG(t->cx.err.fields.v[i].field),
                      t->cx.err.fields.v[i].code, STR_ARG(t->cx.err.fields.v[i].message));
}

static Status write_json(RecordTest *t, Record *r, const char *json)
{
    Plan *plan = plan_new(&t->cx);
    TRY(record_set_json(&t->cx, r, record_fixture_json(t, json)));
    TRY(record_write(&t->cx, plan, r));
    return record_fixture_apply(t, plan);
}

Record *record_fixture_create(RecordTest *t, const char *object, const char *json)
{
    Record *r = record_new(&t->cx, record_fixture_object(t, object)), *stored = NULL;
    Status st = write_json(t, r, json);
    explain(t, st);
    ASSERT_OK(st);
    ASSERT_OK(record_load(&t->cx, r->object, r->id, &stored));
    return stored;
}

Status record_fixture_update(RecordTest *t, const char *object, Id id, const char *json)
{
    Record *r = NULL;
    TRY(record_load(&t->cx, record_fixture_object(t, object), id, &r));
    return write_json(t, r, json);
}

Status record_fixture_delete(RecordTest *t, const char *object, Id id)
{
    Record *r = NULL;
    Plan *plan = plan_new(&t->cx);
    TRY(record_load(&t->cx, record_fixture_object(t, object), id, &r));
    TRY(record_delete(&t->cx, plan, r));
    return record_fixture_apply(t, plan);
}

Str record_fixture_text(RecordTest *t, const char *object, Id id, const char *field)
{
    Record *r = NULL;
    const Object *o = record_fixture_object(t, object);
    ASSERT_OK(record_load(&t->cx, o, id, &r));
    const Value *v = record_get(r, object_field(o, str_of(field)));
    return v->t == V_TEXT ? v->s : STR("");
}

int64_t record_fixture_count(RecordTest *t, const char *sql, Id id)
{
    DbVal v = db_int(id);
    int64_t n = 0;
    bool found = false;
    ASSERT_OK(db_get_int(&t->cx, sql, &v, 1, &n, &found));
    return n;
}

bool record_fixture_has_error(const RecordTest *t, const char *field, const char *code)
{
    for (size_t i = 0; i < t->cx.err.fields.n; i++)
        if (str_is(t->cx.err.fields.v[i].field, field) && !strcmp(t->cx.err.fields.v[i].code, code))
            return true;
    return false;
}
