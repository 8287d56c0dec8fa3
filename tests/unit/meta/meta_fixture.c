/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and removes the databases of meta_fixture.h. */
#include "meta_fixture.h"
#include "base/calendar.h"

#ifdef __SANITIZE_THREAD__
/* jansson asks whether a value is one of its constants by a plain read of the atomic count. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void) { return "race:json_incref\nrace:json_decref\n"; }
#endif

static void enter(MetaTest *t)
{
    t->arena = arena_new(64 * 1024);
    t->cx = (Ctx){
        .arena = t->arena, .now_ms = clock_ms(), .lang = LANG_EN, .zone = zone_get(STR("UTC"))};
}

static void open_database(MetaTest *t)
{
    DbConfig config = {.dir = t->dir, .readers = 2, .create = true};
    if (t->postgres) {
        config.url = test_postgres();
        config.schema = t->schema;
    }
    assert_int_equal(db_open(&t->cx, &config, &t->pool), ST_OK);
    t->cx.db = db_lease(t->pool);
}

static void open_store(MetaTest *t)
{
    Status st = meta_open(&t->cx, t->pool, NULL, &t->store);
    for (size_t i = 0; i < t->cx.err.fields.n; i++)
        fprintf(stderr, STR_FMT ": " STR_FMT "\n", STR_ARG(t->cx.err.fields.v[i].field),
                STR_ARG(t->cx.err.fields.v[i].message));
    if (st != ST_OK)
        fprintf(stderr, STR_FMT " (%s:%d)\n", STR_ARG(t->cx.err.text), t->cx.err.file,
                t->cx.err.line);
    assert_int_equal(st, ST_OK);
    t->cx.meta = meta_acquire(t->store);
}

static void leave(MetaTest *t)
{
    meta_release(t->cx.meta);
    db_release(t->cx.db);
    arena_free(t->arena);
}

void meta_fixture_next(MetaTest *t)
{
    leave(t);
    enter(t);
    t->cx.db = db_lease(t->pool);
    t->cx.meta = meta_acquire(t->store);
}

void meta_fixture_reopen(MetaTest *t)
{
    leave(t);
    meta_close(t->store);
    db_close(t->pool);
    enter(t);
    open_database(t);
    open_store(t);
}

static void drop_schema(MetaTest *t)
{
    char command[400];
    snprintf(command, sizeof(command), "psql -q -c 'drop schema \"%s\" cascade' '%s' 2>/dev/null",
             t->schema, test_postgres());
    if (system(command) != 0)
        fprintf(stderr, "schema %s was left behind\n", t->schema);
}

static void run_once(void (*body)(MetaTest *), bool postgres)
{
    static int run;
    MetaTest t = {.dir = test_tempdir(), .postgres = postgres};
    snprintf(t.schema, sizeof(t.schema), "meta_test_%d_%d", (int)getpid(), run++);
    enter(&t);
    open_database(&t);
    open_store(&t);
    body(&t);
    leave(&t);
    meta_close(t.store);
    db_close(t.pool);
    if (postgres)
        drop_schema(&t);
    test_tempdir_remove(t.dir);
}

void meta_fixture_run(void (*body)(MetaTest *))
{
    run_once(body, false);
    if (test_postgres())
        run_once(body, true);
}

json_t *meta_fixture_json(MetaTest *t, const char *text)
{
    char *copy = str_z(t->arena, str_of(text));
    json_t *j;
    for (char *p = copy; *p; p++) {
        if (*p == '\'')
            *p = '"';
    }
    assert_int_equal(json_parse(&t->cx, str_of(copy), &j), ST_OK);
    return j;
}

Status meta_fixture_apply(MetaTest *t, Plan *plan)
{
    PlanResult result;
    Status st = db_apply(t->pool, &t->cx, plan, &result);
    if (st != ST_OK)
        fprintf(stderr, "apply: " STR_FMT " %s\n", STR_ARG(t->cx.err.text), result.detail);
    return st;
}

const FieldError *meta_fixture_error(const MetaTest *t, const char *path)
{
    for (size_t i = 0; i < t->cx.err.fields.n; i++) {
        if (str_is(t->cx.err.fields.v[i].field, path))
            return &t->cx.err.fields.v[i];
    }
    return NULL;
}

int64_t meta_fixture_int(MetaTest *t, const char *sql)
{
    int64_t n = 0;
    bool found;
    assert_int_equal(db_get_int(&t->cx, sql, NULL, 0, &n, &found), ST_OK);
    return n;
}
