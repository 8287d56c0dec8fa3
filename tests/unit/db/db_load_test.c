/* SPDX-License-Identifier: Apache-2.0 */
/* Whole tables out and in: rows, indexes off and on, what was cut off goes on; an online copy while others
 * write.
 * Covers: db_tables.c db_load_sqlite.c db_load_postgres.c db_copy.c db_place.c */
#include "db/transfer.h"
#include "db_fixture.h"
#include <pthread.h>
#include <unistd.h>

enum { ROWS = 3000 };

static void fill(DbTest *t)
{
    Ctx cx = db_fixture_ctx(t);
    db_fixture_thing(t);
    for (int i = 1; i <= 50; i++)
        ASSERT_OK(db_fixture_apply(
            t, &cx, db_fixture_insert(&cx, i, str_format(cx.arena, "name %d", i).p), NULL));
    db_fixture_end(&cx);
}

static void load_rows(Ctx *cx, DbLoader *l, const DbTable *thing, int rows)
{
    ASSERT_OK(db_loader_begin(cx, l, thing));
    for (int64_t i = 1; i <= rows; i++) {
        DbVal v[5] = {{0}};
        for (size_t k = 0; k < thing->n; k++)
            v[k] = str_is(thing->columns[k].name, "name")
                       ? db_text(str_format(cx->arena, "新 %lld", (long long)i))
                   : str_is(thing->columns[k].name, "note") ? db_null(DB_TEXT)
                                                            : db_int(i);
        ASSERT_OK(db_loader_row(cx, l, v));
    }
}

static int64_t count_of(DbTest *t, const char *sql)
{
    Ctx cx = db_fixture_ctx(t);
    int64_t n = db_fixture_count(&cx, sql);
    db_fixture_end(&cx);
    return n;
}

/* Closes the pool: a loader wants the place for itself. */
static void close_pool(DbTest *t)
{
    db_release(t->cx.db);
    t->cx.db = NULL;
    db_close(t->pool);
    t->pool = NULL;
}

static void open_again(DbTest *t)
{
    DbConfig config = db_fixture_config(t);
    ASSERT_OK(db_open(&t->cx, &config, &t->pool));
    t->cx.db = db_lease(t->pool);
}

static void replaces(DbTest *t)
{
    static const char SQL_COUNT[] = "SELECT count(*) FROM {thing} WHERE note IS NULL";
    DbConfig config = db_fixture_config(t);
    DbTables all;
    DbLoader *l = NULL;
    fill(t);
    close_pool(t);
    ASSERT_OK(db_loader_open(&t->cx, &config, &l));
    ASSERT_OK(db_loader_tables(&t->cx, l, &all));
    const DbTable *thing = db_tables_find(&all, STR("thing"));
    assert_non_null(thing);
    assert_true(thing->n == 5 && str_is(thing->columns[0].name, "changed"));
    assert_null(db_tables_find(&all, STR("gx_node")));
    ASSERT_OK(db_loader_bare(&t->cx, l, NULL));
    load_rows(&t->cx, l, thing, 7);
    db_loader_cancel(l); /* as if nothing had been */
    load_rows(&t->cx, l, thing, ROWS);
    ASSERT_OK(db_loader_end(&t->cx, l));
    db_loader_free(l); /* killed here: the indexes are still to be made */
    ASSERT_OK(db_loader_open(&t->cx, &config, &l));
    ASSERT_OK(db_loader_bare(&t->cx, l, "thi"));
    int made = 0;
    for (bool more = true; more; made += more)
        ASSERT_OK(db_loader_index(&t->cx, l, "thi", &more));
    assert_true(made > 0 && made < 5);           /* of this table only */
    ASSERT_OK(db_loader_bare(&t->cx, l, "thi")); /* which keeps them */
    bool more = true;
    ASSERT_OK(db_loader_index(&t->cx, l, "thi", &more));
    assert_false(more);
    for (more = true; more; made += more)
        ASSERT_OK(db_loader_index(&t->cx, l, NULL, &more));
    assert_true(made > 5);
    ASSERT_OK(db_loader_indexed(&t->cx, l));
    ASSERT_OK(db_loader_finish(&t->cx, l, (Id)1 << 50));
    db_loader_free(l);
    open_again(t);
    assert_int_equal(count_of(t, SQL_COUNT), ROWS);
    assert_true(idgen_next(db_ids(t->pool)) > (Id)1 << 50);
    Ctx cx = db_fixture_ctx(t);
    assert_int_equal(db_fixture_apply(t, &cx, db_fixture_insert(&cx, 99999, "新 5"), NULL),
                     ST_CONFLICT); /* the unique index is there again */
    db_fixture_end(&cx);
}

TEST(db_load, tables_are_replaced_whole) { db_fixture_run(replaces); }

/* ---- places */
static void takes_a_place(DbTest *t)
{
    DbConfig from = db_fixture_config(t), to = from;
    bool taken = true;
    if (from.url)
        to.schema = str_format(t->arena, "%s_x", t->schema).p;
    else
        to.dir = test_tempdir();
    ASSERT_OK(db_place_taken(&t->cx, &to, &taken));
    assert_false(taken);
    fill(t);
    close_pool(t);
    ASSERT_OK(db_place_take(&t->cx, &from, &to, NULL));
    ASSERT_OK(db_place_taken(&t->cx, &from, &taken));
    assert_false(taken);
    ASSERT_OK(db_place_taken(&t->cx, &to, &taken));
    assert_true(taken);
    open_again(t); /* a fresh one under the old name */
    close_pool(t);
    assert_int_equal(db_place_take(&t->cx, &from, &to, NULL), ST_CONFLICT);
    error_clear(&t->cx);
    ASSERT_OK(db_place_take(&t->cx, &from, &to, from.url ? "aside_x" : "aside.db"));
    ASSERT_OK(db_place_clear(&t->cx, &to));
    ASSERT_OK(db_place_taken(&t->cx, &to, &taken));
    assert_false(taken);
    if (from.url) {
        to.schema = "aside_x";
        ASSERT_OK(db_place_clear(&t->cx, &to));
    } else {
        assert_int_equal(access(str_format(t->arena, "%s/aside.db", to.dir).p, F_OK), 0);
        test_tempdir_remove((char *)(uintptr_t)to.dir);
    }
    open_again(t);
}

TEST(db_load, a_place_is_taken_in_one_step) { db_fixture_run(takes_a_place); }

/* ---- copies */
typedef struct Writing {
    DbTest *t;
    _Atomic bool stop;
    _Atomic int64_t done;
} Writing;

static void *write_on(void *arg)
{
    Writing *w = arg;
    Ctx cx = db_fixture_ctx(w->t);
    for (int64_t i = 1000; !w->stop; i++) {
        Plan *p = db_fixture_insert(&cx, i, str_format(cx.arena, "while %lld", (long long)i).p);
        if (db_fixture_apply(w->t, &cx, p, NULL) == ST_OK)
            w->done++;
    }
    db_fixture_end(&cx);
    return NULL;
}

static void copies(DbTest *t)
{
    Writing w = {.t = t};
    DbCopy progress = {0};
    pthread_t thread;
    char *dir = test_tempdir();
    Str path = str_format(t->arena, "%s/guanxi.db", dir);
    fill(t);
    pthread_create(&thread, NULL, write_on, &w);
    while (w.done < 20)
        usleep(1000);
    ASSERT_OK(db_copy(&t->cx, t->pool, path.p, &progress));
    int64_t before = w.done;
    assert_int_equal(db_copy(&t->cx, t->pool, path.p, &progress), ST_CONFLICT);
    error_clear(&t->cx);
    w.stop = true;
    pthread_join(thread, NULL);
    assert_true(progress.done == progress.total && progress.total > 10);
    DbConfig config = {.dir = dir, .readers = 2};
    DbPool *copy = NULL;
    ASSERT_OK(db_open(&t->cx, &config, &copy));
    Db *own = t->cx.db;
    t->cx.db = db_lease(copy);
    ASSERT_OK(db_integrity(&t->cx));
    int64_t n = db_fixture_count(&t->cx, "SELECT count(*) FROM {thing}");
    assert_true(n >= 70 && n <= 50 + before);
    db_release(t->cx.db);
    t->cx.db = own;
    db_close(copy);
    test_tempdir_remove(dir);
}

TEST(db_load, a_copy_is_whole_while_others_write) { db_fixture_run_on(DB_SQLITE, copies); }

TEST_MAIN("db_load")
