/* SPDX-License-Identifier: Apache-2.0 */
/* Events come in commit order, each once, also when many threads write; old ones are forgotten.
 * Covers: event_sweep.c api/api_sweep.c */
#include "base/calendar.h"
#include "base/id.h"
#include "event/event.h"
#include "test.h"
#include <pthread.h>

#define WRITERS 4
#define EACH 50

typedef struct Sink {
    pthread_mutex_t lock;
    int64_t last, n;
    bool in_order;
} Sink;

typedef struct EventTest {
    DbPool *pool;
    char *dir;
} EventTest;

static const char SQL_OUTBOX[] =
    "INSERT INTO {gx_outbox} (id, seq, at, object, record, version, action, change) "
    "VALUES (?1, ?2, 1, 'account', ?3, 1, 'create', ?4)";

static void sink(void *arg, const Event *e)
{
    Sink *s = arg;
    pthread_mutex_lock(&s->lock);
    s->in_order = s->in_order && e->seq > s->last;
    s->last = e->seq;
    s->n++;
    pthread_mutex_unlock(&s->lock);
}

static void *write_events(void *arg)
{
    EventTest *t = arg;
    for (int i = 0; i < EACH; i++) {
        Arena *arena = arena_new(16 * 1024);
        Ctx cx = {.arena = arena, .now_ms = clock_ms()};
        PlanResult result;
        Plan *plan = plan_new(&cx);
        Id id = idgen_next(db_ids(t->pool));
        const DbVal v[] = {db_int(id), plan_seq(plan), db_int(id), plan_change(plan)};
        plan_exec(plan, STR_SQL(SQL_OUTBOX), v, COUNT_OF(v));
        cx.db = db_lease(t->pool);
        if (db_apply(t->pool, &cx, plan, &result) != ST_OK)
            abort();
        db_release(cx.db);
        arena_free(arena);
    }
    return NULL;
}

static int64_t seen(Sink *s)
{
    pthread_mutex_lock(&s->lock);
    int64_t n = s->n;
    pthread_mutex_unlock(&s->lock);
    return n;
}

static const char SQL_COUNT[] = "SELECT count(*) FROM {gx_outbox}";
static const char SQL_KEEP[] = "UPDATE {gx_outbox} SET action = 'delete' WHERE seq = ?1";
static const char SQL_BATCHED[] =
    "INSERT INTO {gx_change} (id, at, by_user, cause, batch, request) "
    "SELECT change, 1, 1, 'bulk', 9, 1 FROM {gx_outbox} WHERE seq = ?1";

static int64_t rows(Ctx *cx)
{
    int64_t n = 0;
    bool found = false;
    ASSERT_OK(db_get_int(cx, SQL_COUNT, NULL, 0, &n, &found));
    return n;
}

/* What undo and restore read stays, and the highest number; whoever comes from before learns of it. */
static void forgets(Ctx *cx, DbPool *pool, int64_t last)
{
    PlanResult result;
    Plan *plan = plan_new(cx);
    const DbVal deleted = db_int(3), batched = db_int(5);
    Event *events = NULL;
    size_t n = 0;
    bool more = true, gap = true;
    plan_exec(plan, STR_SQL(SQL_KEEP), &deleted, 1);
    plan_exec(plan, STR_SQL(SQL_BATCHED), &batched, 1);
    ASSERT_OK(db_apply(pool, cx, plan, &result));
    ASSERT_OK(event_sweep(cx, pool, 1, &more)); /* all are younger */
    assert_false(more);
    assert_int_equal(rows(cx), WRITERS * EACH);
    for (int i = 0; more || i == 0; i++)
        ASSERT_OK(event_sweep(cx, pool, 2, &more));
    assert_int_equal(rows(cx), 3);
    ASSERT_OK(event_read(cx, 10, 100, &events, &n, &gap));
    assert_true(gap);
    ASSERT_OK(event_read(cx, last - 1, 100, &events, &n, &gap));
    assert_false(gap);
    assert_int_equal(n, 1);
    assert_int_equal(events[0].seq, last);
}

static void run_on(const char *url)
{
    EventTest t = {.dir = test_tempdir()};
    Arena *arena = arena_new(64 * 1024);
    Ctx cx = {.arena = arena, .now_ms = clock_ms()};
    char schema[48];
    Sink s = {.lock = PTHREAD_MUTEX_INITIALIZER, .in_order = true};
    EventHub *hub = NULL;
    pthread_t threads[WRITERS];
    snprintf(schema, sizeof schema, "event_%d", (int)getpid());
    DbConfig config = {
        .dir = t.dir, .url = url, .schema = schema, .readers = WRITERS + 2, .create = true};
    ASSERT_OK(db_open(&cx, &config, &t.pool));
    cx.db = db_lease(t.pool);
    ASSERT_OK(event_start(&cx, t.pool, sink, &s, &hub));
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_events, &t), 0);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 200 && seen(&s) < WRITERS * EACH; i++)
        usleep(50 * 1000);
    assert_int_equal(seen(&s), WRITERS * EACH);
    assert_true(s.in_order);
    assert_int_equal(event_last(hub), s.last);

    Event *events = NULL;
    size_t n = 0;
    bool gap = true;
    ASSERT_OK(event_read(&cx, s.last - 10, 100, &events, &n, &gap));
    assert_int_equal(n, 10);
    assert_false(gap);
    event_stop(hub);
    forgets(&cx, t.pool, s.last);
    db_release(cx.db);
    db_close(t.pool);
    arena_free(arena);
    test_tempdir_remove(t.dir);
}

TEST(event, comes_once_and_in_order_on_sqlite) { run_on(NULL); }

TEST(event, comes_once_and_in_order_on_postgres)
{
    const char *url = getenv("GUANXI_TEST_POSTGRES");
    if (url && *url)
        run_on(url);
    else
        skip();
}

TEST_MAIN("event")
