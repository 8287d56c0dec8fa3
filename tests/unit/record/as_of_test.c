/* SPDX-License-Identifier: Apache-2.0 */
/* Time travel, as a property: what a list, a count, an aggregate, a record answered at some time is
 * what it answers later as of that time, whatever has been written, deleted and brought back since.
 * Covers: query/query_past.c */
#include "base/calendar.h"
#include "record_fixture.h"
#include <unistd.h>

enum { STEPS = 90, ACCOUNTS = 6, CONTACTS = 10, PIPELINES = 3 };

typedef struct Question {
    const char *object;
    ListQuery list;        /* of a list */
    const char *aggregate; /* a body, else NULL */
    bool related;          /* contacts of the first account */
} Question;

static const Question QUESTIONS[] = {
    {.object = "account", .list = {.sort = STR("-employee_count,name"), .count = COUNT_EXACT}},
    {.object = "account", .list = {.filter = STR("any(contacts, influence > 2)")}},
    {.object = "account", .list = {.filter = STR("count(contacts) = 1"), .sort = STR("name")}},
    {.object = "contact", .list = {.sort = STR("account,-name"), .expand = STR("account")}},
    {.object = "contact",
     .list = {.filter = STR("account.employee_count > 3"), .count = COUNT_EXACT}},
    {.object = "contact",
     .list = {.sort = STR("account.employee_count"),
              .fields = STR("name,account,account.name,account.owner.name")}},
    {.object = "contact", .list = {.sort = STR("-influence")}, .related = true},
    {.object = "pipeline", .list = {.fields = STR("name,departments")}},
    {.object = "pipeline", .list = {.filter = STR("count(departments) > 1")}},
    {.object = "contact",
     .aggregate = "{\"group\":[\"account\"],\"measures\":[\"count\",{\"sum\":\"influence\"},"
                  "{\"median\":\"influence\"},{\"distinct\":\"name\"}]}"},
    {.object = "contact",
     .aggregate = "{\"measures\":[\"count\",{\"max\":\"account.employee_count\"}],"
                  "\"filter\":\"influence > 1\"}"},
};

typedef struct World {
    RecordTest *t;
    uint32_t seed;
    Id accounts[ACCOUNTS], contacts[CONTACTS], pipelines[PIPELINES], departments[3];
    int64_t at_ms[STEPS];
    Str answers[STEPS][COUNT_OF(QUESTIONS)];
    Str record[STEPS]; /* of the first account, or the code of the refusal */
} World;

static uint32_t dice(World *w, uint32_t n)
{
    w->seed = w->seed * 1103515245 + 12345;
    return (w->seed >> 10) % n;
}

/* ---- asking */
static Str ask(World *w, const Question *q, Str as_of)
{
    RecordTest *t = w->t;
    const Object *o = record_fixture_object(t, q->object);
    Buf out = buf_in(t->arena, 1 << 20);
    ListQuery list = q->list;
    Status st;
    list.limit = 200;
    list.as_of = as_of;
    if (q->related) {
        list.parent_field = object_field(o, STR("account"));
        list.parent = w->accounts[0];
    }
    if (q->aggregate) {
        json_t *body = record_fixture_json(t, q->aggregate);
        if (as_of.n)
            json_object_set_new(body, "as_of", json_stringn(as_of.p, as_of.n));
        st = query_aggregate(&t->cx, o, body, &out);
    } else {
        st = query_list(&t->cx, o, &list, &out);
    }
    if (st != ST_OK)
        fail_msg("%s: %.*s (%s:%d)", q->object, STR_ARG(t->cx.err.text), t->cx.err.file,
                 t->cx.err.line);
    return buf_str(&out);
}

static Str ask_record(World *w, Str as_of)
{
    RecordTest *t = w->t;
    Buf out = buf_in(t->arena, 1 << 20);
    int64_t version = 0;
    ASSERT_OK(query_as_of(&t->cx, as_of, &t->cx.as_of));
    Status st = query_record(&t->cx, record_fixture_object(t, "account"), w->accounts[0], STR_NULL,
                             STR("owner"), &out, &version);
    t->cx.as_of = 0;
    if (st == ST_OK)
        return buf_str(&out);
    assert_int_equal(st, ST_NOT_FOUND);
    record_fixture_forget(t);
    return STR("not found");
}

/* ---- writing */
static Status restore(World *w, const char *object, Id id)
{
    Record *r = NULL;
    Plan *plan = plan_new(&w->t->cx);
    TRY(record_restore(&w->t->cx, plan, record_fixture_object(w->t, object), id, &r));
    return record_fixture_apply(w->t, plan);
}

static const char *text(World *w, const char *format, int a, int b)
{
    char room[300];
    snprintf(room, sizeof room, format, a, b); /* formats of ours, see change() */
    return str_z(w->t->arena, str_copy(w->t->arena, str_of(room)));
}

static const char *contact_body(World *w)
{
    Id account = w->accounts[dice(w, ACCOUNTS)];
    if (dice(w, 5) == 0)
        return "{\"account\":null}";
    return str_z(w->t->arena,
                 str_format(w->t->arena, "{\"account\":\"%lld\",\"influence\":%u,\"name\":\"c%u\"}",
                            (long long)account, dice(w, 5) + 1, dice(w, 4)));
}

static const char *pipeline_body(World *w)
{
    Buf b = buf_in(w->t->arena, 400);
    bool first = true;
    buf_lit(&b, "{\"departments\":[");
    for (size_t i = 0; i < COUNT_OF(w->departments); i++) {
        if (dice(w, 2))
            continue;
        if (!first)
            buf_char(&b, ',');
        first = false;
        buf_json_id(&b, w->departments[i]);
    }
    buf_lit(&b, "]}");
    return buf_z(&b);
}

static void change(World *w)
{
    RecordTest *t = w->t;
    Id account = w->accounts[dice(w, ACCOUNTS)], contact = w->contacts[dice(w, CONTACTS)];
    Status st = ST_OK;
    switch (dice(w, 8)) {
    case 0:
    case 1:
        st = record_fixture_update(
            t, "account", account,
            text(w, "{\"employee_count\":%d,\"name\":\"a%d\"}", (int)dice(w, 7), (int)dice(w, 9)));
        break;
    case 2:
    case 3: st = record_fixture_update(t, "contact", contact, contact_body(w)); break;
    case 4: st = record_fixture_delete(t, "contact", contact); break;
    case 5: st = record_fixture_delete(t, "account", account); break;
    case 6: {
        if (restore(w, "contact", contact) != ST_OK)
            record_fixture_forget(t);
        st = restore(w, "account", account);
        break;
    }
    default:
        st = record_fixture_update(t, "pipeline", w->pipelines[dice(w, PIPELINES)],
                                   pipeline_body(w));
    }
    (void)
        st; /* of a deleted record, with children, not deleted: nothing is written, which is a step too */
    record_fixture_forget(t);
}

static void begin(World *w)
{
    RecordTest *t = w->t;
    for (int i = 0; i < 3; i++)
        w->departments[i] =
            record_fixture_create(t, "department", text(w, "{\"name\":\"d%d\"}", i, 0))->id;
    for (int i = 0; i < ACCOUNTS; i++)
        w->accounts[i] =
            record_fixture_create(t, "account",
                                  text(w, "{\"name\":\"a%d\",\"employee_count\":%d}", i, i))
                ->id;
    for (int i = 0; i < CONTACTS; i++)
        w->contacts[i] =
            record_fixture_create(t, "contact",
                                  text(w, "{\"name\":\"c%d\",\"influence\":%d}", i, i % 5 + 1))
                ->id;
    for (int i = 0; i < PIPELINES; i++)
        w->pipelines[i] =
            record_fixture_create(t, "pipeline",
                                  text(w, "{\"name\":\"p%d\",\"code\":\"past%d\"}", i, i))
                ->id;
}

static void settle(World *w)
{
    usleep(2000); /* the next change belongs to a later millisecond */
    w->t->cx.now_ms = clock_ms();
}

static void remember(World *w, int step)
{
    w->at_ms[step] = w->t->cx.now_ms;
    settle(w);
    for (size_t i = 0; i < COUNT_OF(QUESTIONS); i++)
        w->answers[step][i] = ask(w, &QUESTIONS[i], STR_NULL);
    w->record[step] = ask_record(w, STR_NULL);
}

static Str time_text(World *w, int step)
{
    Buf b = buf_in(w->t->arena, 40);
    calendar_write_datetime(&b, w->at_ms[step]);
    return buf_str(&b);
}

static void expect_same(World *w, int step, const char *what, Str then, Str now)
{
    if (!str_eq(then, now))
        fail_msg("seed %u, step %d, %s:\nthen %.*s\nnow  %.*s", w->seed, step, what, STR_ARG(then),
                 STR_ARG(now));
}

static void compare(World *w, int step)
{
    Str as_of = time_text(w, step);
    for (size_t i = 0; i < COUNT_OF(QUESTIONS); i++)
        expect_same(w, step, QUESTIONS[i].object, w->answers[step][i],
                    ask(w, &QUESTIONS[i], as_of));
    expect_same(w, step, "record", w->record[step], ask_record(w, as_of));
}

static void same_as_then(RecordTest *t)
{
    World *w = ARENA_NEW(t->arena, World);
    w->t = t;
    w->seed = 20261130;
    begin(w);
    for (int step = 0; step < STEPS; step++) {
        change(w);
        settle(w);
        remember(w, step);
    }
    for (int step = 0; step < STEPS; step++)
        compare(w, step);
}
TEST(as_of, answers_what_was_answered_then) { record_fixture_run(same_as_then); }

/* ---- pages hold on to the change of the first one */
static void pages_stand_still(RecordTest *t)
{
    World *w = ARENA_NEW(t->arena, World);
    const Object *o = record_fixture_object(t, "contact");
    Str seen = STR("");
    w->t = t;
    w->seed = 7;
    begin(w);
    settle(w);
    ListQuery q = {.sort = STR("-influence,name"), .fields = STR("name"), .limit = 3};
    q.as_of = STR("2999-01-01"); /* the future is now, and stays this now from page to page */
    size_t n = 0;
    for (int page = 0; page < 10; page++) {
        Buf out = buf_in(t->arena, 1 << 20);
        ASSERT_OK(query_list(&t->cx, o, &q, &out));
        json_t *answer = record_fixture_json(t, buf_z(&out));
        const json_t *items = json_object_get(answer, "items");
        for (size_t i = 0; i < json_array_size(items); i++, n++)
            seen = str_format(t->arena, STR_FMT " " STR_FMT, STR_ARG(seen),
                              STR_ARG(json_get_str(json_array_get(items, i), "name")));
        q.after = json_get_str(answer, "next");
        if (!q.after.n)
            break;
        for (int i = 0; i < CONTACTS; i++) /* everything moves to the front */
            ASSERT_OK(
                record_fixture_update(t, "contact", w->contacts[i],
                                      text(w, "{\"influence\":%d,\"name\":\"x%d\"}", 5, page)));
        settle(w);
    }
    assert_int_equal(n, CONTACTS);
    assert_true(str_is(seen, " c4 c9 c3 c8 c2 c7 c1 c6 c0 c5"));
}
TEST(as_of, pages_stand_still) { record_fixture_run(pages_stand_still); }

static void refuses_other_forms(RecordTest *t)
{
    static const char *const BAD[] = {"yesterday", "2026-13-01", "2026-03-01T08:00:00", "1"};
    Id ret = 0;
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        ASSERT_ST(ST_MALFORMED, query_as_of(&t->cx, str_of(BAD[i]), &ret));
        assert_true(record_fixture_has_error(t, "as_of", "bad_value"));
        record_fixture_forget(t);
    }
    ASSERT_OK(query_as_of(&t->cx, STR("1980-01-01"), &ret));
    assert_int_equal(ret, 1); /* before everything; 0 would be now */
}
TEST(as_of, refuses_other_forms) { record_fixture_run(refuses_other_forms); }

TEST_MAIN("as_of")
