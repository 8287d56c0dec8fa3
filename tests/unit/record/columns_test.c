/* SPDX-License-Identifier: Apache-2.0 */
/* Columns in memory, as a property: whatever was written, deleted, brought back or taken back, every question
 * is answered as SQL answers it, for who reads all and for who reads his own or his departments'.
 * Covers: query/column_store.c query/columns_table.c query/columns_dict.c query/columns_aggregate.c expr/expr_equal.c */
#include "query/columns.h"
#include "record_fixture.h"

enum { STEPS = 300, PEOPLE = 3, PLACES = 3 };

static const char *const QUESTIONS[] = {
    "{\"group\":[\"level\"],\"measures\":[\"count\",{\"sum\":\"annual_revenue\"}]}",
    "{\"group\":[\"owner\"],\"measures\":[{\"avg\":\"employee_count\"},\"count\"],\"sort\":[\"-"
    "count\"]}",
    "{\"group\":[\"level\",\"owner\"],\"measures\":[{\"sum\":\"employee_count\"}],\"limit\":4}",
    "{\"group\":[\"region\"],\"measures\":[\"count\"],\"filter\":\"level = \\\"key\\\"\"}",
    "{\"group\":[\"level\"],\"measures\":[\"count\"],\"filter\":\"region = \\\"east\\\" and level "
    "in "
    "(\\\"key\\\",\\\"small\\\")\"}",
    "{\"group\":[\"level\"],\"measures\":[\"count\",{\"sum\":\"annual_revenue\"}],\"filter\":"
    "\"owner = me()\"}",
};
/* What columns cannot say goes by SQL, to the same answer. */
static const char *const OTHERS[] = {
    "{\"group\":[\"level\"],\"measures\":[{\"median\":\"employee_count\"}]}",
    "{\"group\":[\"level\"],\"measures\":[\"count\"],\"filter\":\"employee_count > 3\"}",
    "{\"group\":[\"owner.name\"],\"measures\":[\"count\"]}",
};

typedef struct World {
    RecordTest *t;
    ColumnStore *store;
    uint32_t seed;
    Id people[PEOPLE], places[PLACES];
    VEC(Id) live;
    VEC(Id) gone;
    Id me;
    bool by_department;
    QueryAccess access;
} World;
static World *world; /* for the access functions, which get no argument of ours */

static uint32_t dice(World *w, uint32_t n)
{
    w->seed = w->seed * 1103515245 + 12345;
    return (w->seed >> 10) % n;
}

/* ---- rights of one person: own, or own, a colleague's and what has no owner in two departments */
static bool reads_all(const Ctx *cx, const Object *o)
{
    (void)cx;
    return !world->me || !str_is(o->name, "account");
}

static bool reach(const Ctx *cx, const Object *o, QueryReach *ret)
{
    (void)cx;
    *ret = (QueryReach){.owner = o->owner, .owners = &world->me, .n_owners = 1};
    if (world->by_department) {
        ret->people = &world->people[1];
        ret->n_people = 1;
        ret->department = o->department;
        ret->departments = world->places;
        ret->n_departments = 2;
    }
    return true;
}

static Status predicate(Ctx *cx, const Object *o, DbKind dialect, int alias, Sql *q,
                        int *next_alias)
{
    (void)dialect;
    (void)next_alias;
    if (reads_all(cx, o))
        return ST_OK;
    sql_lit(q, " AND (");
    sql_column(q, alias, o->owner, 0);
    sql_lit(q, " = ");
    sql_bind_int(q, world->me);
    if (world->by_department) {
        sql_lit(q, " OR ");
        sql_column(q, alias, o->owner, 0);
        sql_lit(q, " = ");
        sql_bind_int(q, world->people[1]);
    }
    for (int i = 0; world->by_department && i < 2; i++) {
        sql_lit(q, " OR (");
        sql_column(q, alias, o->owner, 0);
        sql_lit(q, " IS NULL AND ");
        sql_column(q, alias, o->department, 0);
        sql_lit(q, " = ");
        sql_bind_int(q, world->places[i]);
        sql_lit(q, ")");
    }
    sql_lit(q, ")");
    return ST_OK;
}

static Id me(const Ctx *cx)
{
    (void)cx;
    return world->me ? world->me : world->people[0];
}

/* ---- asking both ways */
static Str ask(World *w, const char *body, ColumnStore *columns)
{
    RecordTest *t = w->t;
    Buf out = buf_in(t->arena, 1 << 20);
    t->cx.columns = columns;
    ASSERT_OK(query_aggregate(&t->cx, record_fixture_object(t, "account"),
                              record_fixture_json(t, body), &out));
    t->cx.columns = NULL;
    return buf_str(&out);
}

static bool answers_from_memory(World *w, const char *body)
{
    RecordTest *t = w->t;
    Aggregate a;
    AggregateRows rows;
    bool done = false;
    t->cx.columns = w->store;
    ASSERT_OK(aggregate_parse(&t->cx, record_fixture_object(t, "account"),
                              record_fixture_json(t, body), &a));
    ASSERT_OK(columns_aggregate(&a, &rows, &done));
    t->cx.columns = NULL;
    return done;
}

static void compare(World *w, const char *body)
{
    Str by_sql = ask(w, body, NULL), by_columns = ask(w, body, w->store);
    if (!str_eq(by_sql, by_columns))
        fail_msg("%s\nby SQL     %.*s\nby columns %.*s", body, STR_ARG(by_sql),
                 STR_ARG(by_columns));
}

static void compare_all(World *w)
{
    const QueryAccess *system = w->t->cx.access;
    w->t->cx.access = &w->access;
    for (int who = 0; who < 3; who++) {
        w->me = who ? w->people[who] : 0;
        w->by_department = who == 2;
        for (size_t i = 0; i < COUNT_OF(QUESTIONS); i++)
            compare(w, QUESTIONS[i]);
        for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
            compare(w, OTHERS[i]);
    }
    w->me = 0;
    w->t->cx.access = system;
}

/* ---- writing */
static const char *body(World *w)
{
    static const char *const levels[] = {"\"key\"", "\"important\"", "\"small\"", "null"};
    static const char *const regions[] = {"\"east\"", "\"south\"", "null"};
    Str owner = dice(w, 5)
                    ? str_format(w->t->arena, "\"%lld\"", (long long)w->people[dice(w, PEOPLE)])
                    : STR("null"); /* nobody's: the department decides */
    return str_z(
        w->t->arena,
        str_format(w->t->arena,
                   "{\"name\":\"A%u\",\"level\":%s,\"region\":%s,\"employee_count\":%u,"
                   "\"annual_revenue\":\"%u.%02u\",\"owner\":%.*s,\"department\":\"%lld\"}",
                   dice(w, 1000), levels[dice(w, 4)], regions[dice(w, 3)], dice(w, 9),
                   dice(w, 5000), dice(w, 100), STR_ARG(owner),
                   (long long)w->places[dice(w, PLACES)]));
}

static void bring_back(World *w)
{
    RecordTest *t = w->t;
    Plan *plan = plan_new(&t->cx);
    Record *r = NULL;
    size_t i = dice(w, (uint32_t)w->gone.n);
    ASSERT_OK(record_restore(&t->cx, plan, record_fixture_object(t, "account"), w->gone.v[i], &r));
    ASSERT_OK(record_fixture_apply(t, plan));
    VEC_PUSH(t->arena, &w->live, w->gone.v[i]);
    w->gone.v[i] = w->gone.v[--w->gone.n];
}

static void step(World *w)
{
    RecordTest *t = w->t;
    uint32_t what = dice(w, 10);
    if (what < 4 || !w->live.n) {
        VEC_PUSH(t->arena, &w->live, record_fixture_create(t, "account", body(w))->id);
        return;
    }
    size_t i = dice(w, (uint32_t)w->live.n);
    if (what < 7) {
        ASSERT_OK(record_fixture_update(t, "account", w->live.v[i], body(w)));
    } else if (what < 9 || !w->gone.n) {
        ASSERT_OK(record_fixture_delete(t, "account", w->live.v[i]));
        VEC_PUSH(t->arena, &w->gone, w->live.v[i]);
        w->live.v[i] = w->live.v[--w->live.n];
    } else {
        bring_back(w);
    }
}

static void begin(World *w)
{
    RecordTest *t = w->t;
    for (int i = 0; i < PLACES; i++)
        w->places[i] =
            record_fixture_create(t, "department",
                                  str_z(t->arena, str_format(t->arena, "{\"name\":\"D%d\"}", i)))
                ->id;
    for (int i = 0; i < PEOPLE; i++)
        w->people[i] =
            record_fixture_create(
                t, "user",
                str_z(t->arena,
                      str_format(t->arena,
                                 "{\"name\":\"U%d\",\"login\":\"u%d\",\"department\":\"%lld\"}", i,
                                 i, (long long)w->places[i])))
                ->id;
    record_fixture_create(t, "region", "{\"code\":\"east\",\"name\":\"East\"}");
    record_fixture_create(t, "region", "{\"code\":\"south\",\"name\":\"South\"}");
    w->access = *t->cx.access;
    w->access.predicate = predicate;
    w->access.reads_all = reads_all;
    w->access.reach = reach;
    w->access.me = me;
}

static void as_sql_does(RecordTest *t)
{
    World w = {.t = t, .seed = 7, .store = column_store_new()};
    world = &w;
    begin(&w);
    compare_all(&w); /* nothing there yet */
    for (int i = 0; i < STEPS; i++) {
        step(&w);
        if (i % 7 == 0)
            compare_all(&w);
    }
    compare_all(&w);
    for (size_t i = 0; i < COUNT_OF(QUESTIONS); i++)
        assert_true(answers_from_memory(&w, QUESTIONS[i]) == (i != 2)); /* cut by its limit: SQL */
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
        assert_false(answers_from_memory(&w, OTHERS[i]));
    column_store_free(w.store);
}
TEST(columns, answer_as_sql_does) { record_fixture_run(as_sql_does); }

TEST_MAIN("columns")
