/* SPDX-License-Identifier: Apache-2.0 */
/* Files: what bytes and names are taken for, the store, and the sweep of what nothing refers to.
 * Covers: file.c file_store.c file_type.c file_name.c file_sweep.c */
#include "base/calendar.h"
#include "base/log.h"
#include "file/file.h"
#include "postgres.h"
#include "test.h"
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <time.h>

typedef struct FileTest {
    Arena *arena;
    Ctx cx;
    DbPool *pool;
    MetaStore *store;
    AccessStore *access;
    RecordEnv env;
    JobRunner *jobs;
    char *dir;
} FileTest;

static Status compile(void *arg, Ctx *cx, Meta *m)
{
    TRY(record_compile_meta(cx, m));
    TRY(expr_compile_meta(arg, cx, m));
    return record_compile_rollups(cx, m);
}

static Status host_enter(void *arg, Ctx *cx, Id run_as)
{
    FileTest *t = arg;
    const User *user = NULL;
    (void)run_as;
    cx->records = &t->env;
    cx->db = db_lease(t->pool);
    cx->meta = meta_acquire(t->store);
    TRY(access_user_system(cx, t->access, &user));
    access_act_as(cx, user);
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

static void open_engine(FileTest *t, const char *url)
{
    static const MetaHooks hooks = {.compile = compile};
    static const RecordHooks *const none[] = {NULL};
    static const JobDef *const tables[] = {file_jobs, NULL};
    t->dir = test_tempdir();
    t->arena = arena_new(1024 * 1024);
    t->cx = (Ctx){.arena = t->arena,
                  .now_ms = clock_ms(),
                  .lang = LANG_EN,
                  .cause = "api",
                  .zone = zone_get(STR("Asia/Shanghai"))};
    DbConfig config = {
        .dir = t->dir, .url = url, .schema = TEST_POSTGRES_SCHEMA, .readers = 4, .create = true};
    ASSERT_OK(db_open(&t->cx, &config, &t->pool));
    t->env =
        (RecordEnv){.pool = t->pool, .dir = t->dir, .hooks = none, .numbers = number_blocks_new()};
    t->cx.records = &t->env;
    t->cx.db = db_lease(t->pool);
    ASSERT_OK(meta_open(&t->cx, t->pool, &hooks, &t->store));
    t->cx.meta = meta_acquire(t->store);
    ASSERT_OK(access_open(&t->cx, t->pool, &t->access));
    const User *system = NULL;
    ASSERT_OK(access_user_system(&t->cx, t->access, &system));
    access_act_as(&t->cx, system);
    log_level(LOG_ERROR);
    JobHost host = {.arg = t, .enter = host_enter, .leave = host_leave};
    ASSERT_OK(job_start(&t->cx, t->pool, tables, &host, 1, &t->jobs));
}

static void close_engine(FileTest *t)
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

static void run_on(const char *url, void (*body)(FileTest *))
{
    FileTest t = {0};
    open_engine(&t, url);
    body(&t);
    close_engine(&t);
}

static void make(const char *url)
{
    FileTest t = {0};
    open_engine(&t, url);
    close_engine(&t);
}

static void run_on_copy(void (*body)(FileTest *))
{
    TestPostgres copy;
    test_postgres_open(&copy, "file", make);
    run_on(copy.url, body);
    test_postgres_drop(&copy);
}

static void run(void (*body)(FileTest *))
{
    assert_true(sodium_init() >= 0);
    run_on(NULL, body);
    if (test_postgres())
        run_on_copy(body);
}

/* ---- helpers */
static char *write_upload(FileTest *t, const char *name, const char *text)
{
    char *path = str_z(t->arena, str_format(t->arena, "%s/%s", t->dir, name));
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static Status upload(FileTest *t, Plan *plan, const char *name, const char *text, Record **ret)
{
    uint8_t *hash = ARENA_ARRAY(t->arena, uint8_t, 32);
    crypto_hash_sha256(hash, (const uint8_t *)text, strlen(text));
    FileUpload up = {.path = write_upload(t, name, text),
                     .name = str_of(name),
                     .type = STR("text/plain"),
                     .size = strlen(text),
                     .sha256 = hash};
    Status st = file_create(&t->cx, plan, &up, NULL, ret);
    unlink(up.path); /* as the request does at its end */
    return st;
}

static Record *uploaded(FileTest *t, const char *name, const char *text, int64_t age_ms)
{
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    Record *r = NULL;
    int64_t now = t->cx.now_ms;
    t->cx.now_ms -= age_ms;
    ASSERT_OK(upload(t, plan, name, text, &r));
    t->cx.now_ms = now;
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
    return r;
}

static char *blob_of(FileTest *t, const char *text)
{
    uint8_t hash[32];
    char hex[65];
    crypto_hash_sha256(hash, (const uint8_t *)text, strlen(text));
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return str_z(t->arena, file_store_path(t->arena, t->dir, str_of(hex)));
}

static bool is_there(const char *path) { return access(path, F_OK) == 0; }

/* As if it had been written two days ago; the time of the name cannot be set back. */
static void make_old(const char *path)
{
    struct timespec old[2] = {{.tv_sec = time(NULL) - 2 * 86400},
                              {.tv_sec = time(NULL) - 2 * 86400}};
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
}

static void sweep_older(FileTest *t, int hours)
{
    json_t *params = json_pack("{s:i}", "age_hours", hours);
    json_own(t->arena, params);
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    Id job = 0;
    ASSERT_OK(job_enqueue(&t->cx, plan, "files.sweep", params, 0, 0, &job));
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
    job_wake(t->jobs);
    for (int i = 0; i < 4000; i++) {
        Buf b = buf_in(t->arena, 100000);
        json_t *j = NULL;
        ASSERT_OK(job_write(&t->cx, job, true, &b));
        ASSERT_OK(json_parse(&t->cx, buf_str(&b), &j));
        if (str_is(json_get_str(j, "status"), "failed"))
            fail_msg("%s", buf_z(&b));
        if (str_is(json_get_str(j, "status"), "done"))
            return;
        usleep(5000);
    }
    fail_msg("the sweep does not end");
}

static void sweep(FileTest *t) { sweep_older(t, 24); }

static bool is_live(FileTest *t, Id id)
{
    Record *r = NULL;
    bool live = record_load_any(&t->cx, meta_object(t->cx.meta, STR("file")), id, &r) == ST_OK;
    error_clear(&t->cx);
    return live;
}

/* ---- tests */
static void keeps(FileTest *t)
{
    Record *r = uploaded(t, "../a.txt", "hello", 0), *same = uploaded(t, "b.txt", "hello", 0);
    assert_true(is_there(blob_of(t, "hello")));
    assert_true(r->id != same->id);
    assert_true(str_is(record_get(r, object_field(r->object, STR("name")))->s, "a.txt"));
    struct stat st;
    assert_int_equal(stat(blob_of(t, "hello"), &st), 0);
    assert_int_equal(st.st_nlink, 1);
    Record *none = NULL;
    assert_int_equal(upload(t, plan_new(&t->cx), "e.txt", "", &none), ST_INVALID);
    error_clear(&t->cx);
}
TEST(file, keeps_one_content_once) { run(keeps); }

/* The server was killed between the bytes and the row, or the plan failed: nobody knows them. */
static void orphans(FileTest *t)
{
    Record *r = NULL;
    ASSERT_OK(upload(t, plan_new(&t->cx), "lost.txt", "never committed", &r));
    assert_true(is_there(blob_of(t, "never committed")));
    assert_false(is_live(t, r->id));
    sweep(t);
    assert_true(is_there(blob_of(t, "never committed"))); /* young: its row may still come */
    Record *known = uploaded(t, "known.txt", "committed", 0);
    sweep_older(t, -1);
    assert_false(is_there(blob_of(t, "never committed")));
    assert_false(
        is_live(t, known->id)); /* nothing refers to it, and it is old enough for this sweep */
    assert_false(is_there(blob_of(t, "committed")));
}
TEST(file, sweeps_bytes_without_record_when_they_are_old) { run(orphans); }

static void swept(FileTest *t)
{
    int64_t two_days = 2 * 86400 * INT64_C(1000);
    Record *old = uploaded(t, "old.txt", "old", two_days),
           *young = uploaded(t, "new.txt", "new", 0);
    Record *used = uploaded(t, "used.txt", "used", two_days);
    static const char SQL_USE[] =
        "INSERT INTO {gx_file_use} (file, object, record, field) VALUES (?1, 'account', 1, 'x')";
    Plan *plan = plan_new(&t->cx);
    PlanResult result;
    const DbVal id = db_int(used->id);
    plan_exec(plan, STR_SQL(SQL_USE), &id, 1);
    ASSERT_OK(db_apply(t->pool, &t->cx, plan, &result));
    sweep(t);
    assert_false(is_live(t, old->id));
    assert_true(is_live(t, young->id) && is_live(t, used->id));
    assert_true(is_there(blob_of(t, "new")) && is_there(blob_of(t, "used")));
}
TEST(file, sweeps_records_that_nothing_refers_to) { run(swept); }

/* What a sweep that was killed had moved aside goes back; a touched name is no old one. */
static void resumes(FileTest *t)
{
    Record *r = uploaded(t, "k.txt", "kept", 0);
    char *blob = blob_of(t, "kept");
    char *aside = str_z(t->arena, str_format(t->arena, "%s.sweep", blob));
    assert_int_equal(rename(blob, aside), 0);
    sweep(t);
    assert_true(is_there(blob) && !is_there(aside));
    make_old(blob);
    uploaded(t, "again.txt", "kept", 0);
    struct stat st;
    assert_int_equal(stat(blob, &st), 0);
    assert_true(st.st_mtim.tv_sec > time(NULL) - 3600);
    assert_true(is_live(t, r->id));
}
TEST(file, puts_back_what_a_killed_sweep_moved) { run(resumes); }

TEST(file, tells_types_by_bytes)
{
    static const struct {
        const char *head, *declared, *want;
    } rows[] = {
        {"\x89PNG\r\n\x1a\n", "image/png", "image/png"},
        {"\x89PNG\r\n\x1a\n", "", "image/png"},
        {"\x89PNG\r\n\x1a\n", "application/octet-stream", "image/png"},
        {"\x89PNG\r\n\x1a\n", "text/html", NULL},
        {"\xff\xd8\xff\xe0", "image/jpg", "image/jpeg"},
        {"\x1a\x45\xdf\xa3", "audio/webm;codecs=opus", "audio/webm"},
        {"\x1a\x45\xdf\xa3", "text/html", NULL},
        {"<svg>", "audio/webm", NULL},
        {"<svg>", "image/png", NULL},
        {"<svg>", "image/svg+xml", "image/svg+xml"},
        {"PK\x03\x04", "application/vnd.oasis.opendocument.text",
         "application/vnd.oasis.opendocument.text"},
        {"PK\x03\x04", "image/png", NULL},
        {"BMW is a car", "text/plain", "text/plain"},
        {"%PDF-1.7", "Application/PDF; x=1", "application/pdf"},
        {"hello", "not a type", "application/octet-stream"},
        {"hello", "text/plain/x", "application/octet-stream"},
    };
    Arena *a = arena_new(10000);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Str got = file_type_check(a, str_of(rows[i].head), str_of(rows[i].declared));
        if (rows[i].want ? !str_is(got, rows[i].want) : got.p != NULL)
            fail_msg("%s as %s: " STR_FMT, rows[i].head, rows[i].declared, STR_ARG(got));
    }
    assert_true(file_type_inline(STR("image/png")));
    assert_false(file_type_inline(STR("image/svg+xml")) || file_type_inline(STR("text/html")));
    arena_free(a);
}

TEST(file, cleans_names)
{
    static const char *const rows[][2] = {
        {"a.txt", "a.txt"},
        {"/etc/passwd", "passwd"},
        {"C:\\x\\b.doc", "b.doc"},
        {"..", "file"},
        {"", "file"},
        {" a\r\nb ", "ab"},
        {"a\xe2\x80\xaetxt.exe", "atxt.exe"},
        {"报告.pdf", "报告.pdf"},
        {"\xff\xfe"
         "a",
         "a"},
    };
    Arena *a = arena_new(10000);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Str got = file_name_clean(a, str_of(rows[i][0]));
        if (!str_is(got, rows[i][1]))
            fail_msg("%s: " STR_FMT, rows[i][0], STR_ARG(got));
    }
    arena_free(a);
}

TEST_MAIN("file")
