/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, running and closing for the tests of import/. */
#include "import_fixture.h"
#include "base/calendar.h"
#include "base/log.h"
#include "postgres.h"
#include <sodium.h>
#include <sys/stat.h>

static Status compile(void *arg, Ctx *cx, Meta *m)
{
    TRY(record_compile_meta(cx, m));
    return expr_compile_meta(arg, cx, m);
}

/* ---- jobs run with the same kind of context */
static Status host_enter(void *arg, Ctx *cx, Id run_as)
{
    ImportTest *t = arg;
    const User *user = NULL;
    (void)run_as;
    cx->records = &t->env;
    cx->db = db_lease(t->pool);
    cx->meta = meta_acquire(t->store);
    TRY(access_user_system(cx, t->access, &user));
    access_act_as(cx, user);
    cx->lang = LANG_EN;
    return ST_OK;
}

static void host_leave(void *arg, Ctx *cx)
{
    (void)arg;
    access_user_release(cx->user);
    meta_release(cx->meta);
    db_release(cx->db);
    cx->db = NULL;
}

static void start_jobs(ImportTest *t)
{
    static const JobDef *const tables[] = {import_jobs, NULL};
    JobHost host = {.arg = t, .enter = host_enter, .leave = host_leave};
    ASSERT_OK(job_start(&t->cx, t->pool, tables, &host, 1, &t->jobs));
}

static void open_engine(ImportTest *t, const char *url)
{
    static const MetaHooks hooks = {.compile = compile};
    static const RecordHooks *const none[] = {NULL};
    t->dir = test_tempdir();
    t->arena = arena_new(1024 * 1024);
    mkdir(str_z(t->arena, str_format(t->arena, "%s/imports", t->dir)), 0700);
    t->cx = (Ctx){.arena = t->arena,
                  .now_ms = clock_ms(),
                  .lang = LANG_EN,
                  .cause = "api",
                  .zone = zone_get(STR("Asia/Shanghai"))};
    DbConfig config = {
        .dir = t->dir, .url = url, .schema = TEST_POSTGRES_SCHEMA, .readers = 4, .create = true};
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
    log_level(LOG_WARN);
    start_jobs(t);
}

static void close_engine(ImportTest *t)
{
    job_stop(t->jobs);
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

static void run_on(const char *url, void (*body)(ImportTest *))
{
    ImportTest t = {0};
    open_engine(&t, url);
    body(&t);
    close_engine(&t);
}

static void make(const char *url)
{
    ImportTest t = {0};
    open_engine(&t, url);
    close_engine(&t);
}

static void run_on_copy(void (*body)(ImportTest *))
{
    TestPostgres copy;
    test_postgres_open(&copy, "import", make);
    run_on(copy.url, body);
    test_postgres_drop(&copy);
}

void import_fixture_run(void (*body)(ImportTest *))
{
    assert_true(sodium_init() >= 0);
    run_on(NULL, body);
    if (test_postgres())
        run_on_copy(body);
}

const Object *import_fixture_object(ImportTest *t, const char *name)
{
    const Object *o = meta_object(t->cx.meta, str_of(name));
    assert_non_null(o);
    return o;
}

Str import_fixture_file(ImportTest *t, const char *name, Str content)
{
    Str path = str_format(t->arena, "%s/imports/%s", t->dir, name);
    FILE *f = fopen(str_z(t->arena, path), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(content.p, 1, content.n, f), content.n);
    fclose(f);
    return path;
}

static json_t *parse(ImportTest *t, const char *text)
{
    json_t *j = NULL;
    if (text)
        ASSERT_OK(json_parse(&t->cx, str_of(text), &j));
    return j;
}

static json_t *shown(ImportTest *t, Id job)
{
    Buf b = buf_in(t->arena, 8 << 20);
    json_t *j = NULL;
    ASSERT_OK(job_write(&t->cx, job, true, &b));
    ASSERT_OK(json_parse(&t->cx, buf_str(&b), &j));
    return j;
}

static json_t *finished(ImportTest *t, Id job)
{
    for (int i = 0; i < 12000; i++) {
        json_t *j = shown(t, job);
        Str status = json_get_str(j, "status");
        if (str_is(status, "failed"))
            fail_msg("%s", json_dumps(j, JSON_INDENT(1)));
        if (str_is(status, "done"))
            return j;
        usleep(5000);
    }
    fail_msg("the job does not end");
    return NULL;
}

static json_t *apply_and_wait(ImportTest *t, Plan *plan, Id job)
{
    PlanResult result;
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
    job_wake(t->jobs);
    return finished(t, job);
}

static void explain(const ImportTest *t)
{
    print_message("%.*s\n", STR_ARG(t->cx.err.text));
    for (size_t i = 0; i < t->cx.err.fields.n; i++)
        print_message("  %.*s %s: %.*s\n", STR_ARG(t->cx.err.fields.v[i].field),
                      t->cx.err.fields.v[i].code, STR_ARG(t->cx.err.fields.v[i].message));
}

json_t *import_fixture_import(ImportTest *t, const char *object, Str path, const char *options)
{
    Plan *plan = plan_new(&t->cx);
    Id job = 0;
    t->cx.now_ms = clock_ms();
    Status st = import_enqueue(&t->cx, plan, import_fixture_object(t, object), path,
                               STR("test.csv"), parse(t, options), &job);
    if (st != ST_OK)
        explain(t);
    ASSERT_OK(st);
    return apply_and_wait(t, plan, job);
}

json_t *import_fixture_text(ImportTest *t, const char *object, const char *csv, const char *options)
{
    static int files;
    char name[32];
    snprintf(name, sizeof(name), "f%d.csv", files++);
    return import_fixture_import(t, object, import_fixture_file(t, name, str_of(csv)), options);
}

json_t *import_fixture_undo(ImportTest *t, const json_t *job)
{
    Plan *plan = plan_new(&t->cx);
    Id undo = 0;
    json_t *params = json_object();
    json_own(t->arena, params);
    json_object_set_new(params, "batch", json_string(json_get_str(job, "batch").p));
    ASSERT_OK(job_enqueue(&t->cx, plan, "undo", params, 0, 0, &undo));
    return apply_and_wait(t, plan, undo);
}

Status import_fixture_check(ImportTest *t, const char *object, Str path, const char *options)
{
    Id job = 0;
    error_clear(&t->cx);
    return import_enqueue(&t->cx, plan_new(&t->cx), import_fixture_object(t, object), path,
                          STR("test.csv"), parse(t, options), &job);
}

int64_t import_fixture_result(const json_t *job, const char *count)
{
    return json_get_int(json_object_get(job, "result"), count, -1);
}

const json_t *import_fixture_error(const json_t *job, size_t i)
{
    const json_t *e = json_array_get(json_object_get(json_object_get(job, "result"), "errors"), i);
    assert_non_null(e);
    return e;
}

size_t import_fixture_count(ImportTest *t, const char *object, const char *filter)
{
    size_t n = 0, all = 0;
    Id ids[1000], after = 0;
    do {
        ASSERT_OK(query_ids(&t->cx, import_fixture_object(t, object), str_of(filter), after,
                            COUNT_OF(ids), ids, &n));
        after = n ? ids[n - 1] : 0;
        all += n;
    } while (n == COUNT_OF(ids));
    return all;
}

void import_fixture_create(ImportTest *t, const char *object, const char *json)
{
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    Record *r = record_new(&t->cx, import_fixture_object(t, object));
    Status st = record_set_json(&t->cx, r, parse(t, json));
    if (st == ST_OK)
        st = record_write(&t->cx, plan, r);
    if (st != ST_OK)
        explain(t);
    ASSERT_OK(st);
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
}

Str import_fixture_error_file(ImportTest *t, const json_t *job)
{
    Str url = json_get_str(json_object_get(job, "result"), "error_file");
    assert_true(str_starts(url, STR("/api/v1/files/")));
    static const char SQL_HASH[] = "SELECT hash FROM {gx_upload} WHERE id = ?1";
    CLEANUP(stmt) Stmt *q = NULL;
    int64_t id = 0;
    bool found = false;
    assert_true(str_int(str_sub(url, 14, url.n), &id));
    ASSERT_OK(db_prepare(&t->cx, SQL_HASH, &q));
    ASSERT_OK(db_bind_id(q, 1, id));
    ASSERT_OK(db_next(q, &found));
    assert_true(found);
    Str hash = str_copy(t->arena, db_col_text(q, 0));
    Str path = str_format(t->arena, "%s/files/%.2s/%.2s/" STR_FMT, t->dir, hash.p, hash.p + 2,
                          STR_ARG(hash));
    FILE *f = fopen(str_z(t->arena, path), "rb");
    assert_non_null(f);
    char *text = arena_alloc(t->arena, 1 << 22);
    size_t n = fread(text, 1, 1 << 22, f);
    fclose(f);
    return str_n(text, n);
}
