/* SPDX-License-Identifier: Apache-2.0 */
/* Lists: order and paging against a model in memory, forms, counts, rights.
 * Covers: filter.c formula.c path.c query_names.c shape.c sort.c */
#include "query_fixture.h"

/* ---- order and paging: 60 rows with many nulls and ties, compared with a sort in C */
enum { ROWS = 60 };
typedef struct Row {
    Id id;
    int pieces, opened_on; /* −1: null */
    const char *code_name; /* NULL: null */
    const char *amount;
    int cents;
} Row;
typedef struct Spec {
    const char *sort;
    struct {
        char key;
        bool down;
    } keys[4];
} Spec;

static void make_rows(QueryTest *t, Row *rows)
{
    static const char *const NAMES[] = {"ash", "Elm", "oak", "yew"};
    uint32_t seed = 7;
    for (int i = 0; i < ROWS; i++) {
        seed = seed * 1103515245 + 12345;
        uint32_t r = seed >> 8;
        Row *row = &rows[i];
        *row = (Row){.id = 1000 + i, .pieces = r % 5 ? (int)(r % 4) : -1};
        row->opened_on = r / 7 % 3 ? 20000 + (int)(r / 7 % 6) : -1;
        row->code_name = r / 31 % 4 ? NAMES[r / 31 % 4] : NULL;
        row->cents = r / 11 % 4 ? (int)(r % 900) : -1;
        const char *day = row->opened_on < 0
                              ? NULL
                              : str_format(t->arena, "2024-10-%02d", row->opened_on - 19996).p;
        query_fixture_add(t, "deal", row->id, 5, "name", "d", "pieces",
                          row->pieces < 0 ? NULL : str_format(t->arena, "%d", row->pieces).p,
                          "code_name", row->code_name, "opened_on", day, "amount",
                          row->cents < 0 ? NULL : str_format(t->arena, "%d.50", row->cents).p,
                          NULL);
    }
    query_fixture_commit(t);
}

static int compare_null(bool a, bool b) { return (int)a - (int)b; }

static int compare_key(char key, bool down, const Row *a, const Row *b)
{
    int by = 0;
    if (key == 'n') {
        if (!a->code_name || !b->code_name)
            return compare_null(!a->code_name, !b->code_name);
        by = strcmp(a->code_name, b->code_name);
    } else if (key == 'i') {
        by = (a->id > b->id) - (a->id < b->id);
    } else {
        int x = key == 'p' ? a->pieces : key == 'o' ? a->opened_on : a->cents;
        int y = key == 'p' ? b->pieces : key == 'o' ? b->opened_on : b->cents;
        if (x < 0 || y < 0)
            return compare_null(x < 0, y < 0);
        by = (x > y) - (x < y);
    }
    return down ? -by : by;
}

static int compare_rows(const void *x, const void *y, void *arg)
{
    const Spec *spec = arg;
    bool down = true;
    for (int i = 0; i < 4 && spec->keys[i].key; i++) {
        down = spec->keys[i].down;
        int by = compare_key(spec->keys[i].key, down, x, y);
        if (by)
            return by;
    }
    return compare_key('i', down, x, y);
}

static void walk(QueryTest *t, const Spec *spec, const Row *sorted, int limit)
{
    ListQuery q = {.sort = str_of(spec->sort), .limit = limit, .fields = STR("name")};
    int seen = 0;
    for (;;) {
        json_t *page = query_fixture_list(t, "deal", q);
        const json_t *items = json_object_get(page, "items");
        for (size_t i = 0; i < json_array_size(items); i++, seen++) {
            assert_true(seen < ROWS);
            int64_t id = 0;
            assert_true(str_int(json_get_str(json_array_get(items, i), "id"), &id));
            if (id != sorted[seen].id)
                fail_msg("sort %s, limit %d, place %d: %lld instead of %lld", spec->sort, limit,
                         seen, (long long)id, (long long)sorted[seen].id);
        }
        q.after = json_get_str(page, "next");
        if (!q.after.p)
            break;
        assert_int_equal(json_array_size(items), limit);
    }
    assert_int_equal(seen, ROWS);
}

static void orders_and_pages(QueryTest *t)
{
    static const Spec SPECS[] = {
        {"", {{0, true}}},
        {"id", {{'i', false}}},
        {"pieces", {{'p', false}}},
        {"-pieces", {{'p', true}}},
        {"-pieces,-opened_on", {{'p', true}, {'o', true}}},
        {"-pieces,opened_on", {{'p', true}, {'o', false}}},
        {"code_name,-amount", {{'n', false}, {'a', true}}},
        {"-code_name,pieces,-opened_on,amount",
         {{'n', true}, {'p', false}, {'o', true}, {'a', false}}},
        {"amount,-id", {{'a', false}, {'i', true}}},
    };
    static const int LIMITS[] = {1, 7, 30, 60, 200};
    Row rows[ROWS];
    make_rows(t, rows);
    for (size_t i = 0; i < COUNT_OF(SPECS); i++) {
        Row sorted[ROWS];
        memcpy(sorted, rows, sizeof(rows));
        qsort_r(sorted, ROWS, sizeof(*sorted), compare_rows, (void *)&SPECS[i]);
        for (size_t k = 0; k < COUNT_OF(LIMITS); k++)
            walk(t, &SPECS[i], sorted, LIMITS[k]);
    }
}
TEST(query_list, orders_and_pages_like_the_model) { query_fixture_run(orders_and_pages); }

/* ---- a small world */
static void make_world(QueryTest *t)
{
    query_fixture_add(t, "user", 5, 0, "name", "Ana", "login", "ana", NULL);
    query_fixture_add(t, "user", 6, 0, "name", "Bo", "login", "bo", NULL);
    query_fixture_add(t, "phase", 11, 0, "code", "talk", "name", "Talk", "position", "2", NULL);
    query_fixture_add(t, "phase", 12, 0, "code", "won", "name", "Won", "position", "1", NULL);
    query_fixture_add(t, "guest", 21, 0, "name", "Zoe \"Z\"", NULL);
    query_fixture_add(t, "guest", 22, 0, "name", "Yan", NULL);
    query_fixture_add(t, "firm", 31, 5, "name", "北辰", "level", "a", "staff", "10", NULL);
    query_fixture_add(t, "firm", 32, 6, "name", "阿尔法", "level", "b", NULL);
    query_fixture_add(t, "deal", 41, 5, "name", "one", "firm", "31", "phase", "11", "guests",
                      "21 22", "amount", "100.00", "rate", "15", "opened_on", "2026-01-01",
                      "closed_on", "2026-01-11", "is_hot", "true", "pieces", "3", NULL);
    query_fixture_add(t, "deal", 42, 6, "name", "two", "firm", "32", "phase", "12", "amount",
                      "50.05", "rate", "50", "opened_on", "2026-02-01", "met_at",
                      "2026-01-31T17:00:00Z", NULL);
    query_fixture_add(t, "deal", 43, 5, "name", "three", "phase", "12", "guests", "22", NULL);
    query_fixture_commit(t);
}

static const json_t *item(const json_t *list, size_t i)
{
    return json_array_get(json_object_get(list, "items"), i);
}

static void assert_json(QueryTest *t, const json_t *v, const char *expected)
{
    assert_string_equal(query_fixture_text(t, v), expected);
}

static void gives_forms(QueryTest *t)
{
    make_world(t);
    ListQuery q = {.fields = STR("name,firm,phase,guests,amount,rate,opened_on,is_hot,pieces,days,"
                                 "weighted,owner,firm.staff,firm.owner.name"),
                   .sort = STR("id")};
    q.count = COUNT_CAPPED;
    json_t *list = query_fixture_list(t, "deal", q);
    assert_json(
        t, item(list, 0),
        "{\"id\":\"41\",\"version\":1,\"name\":\"one\",\"firm\":{\"id\":\"31\",\"title\":\"北辰\"},"
        "\"phase\":{\"id\":\"11\",\"title\":\"Talk\",\"code\":\"talk\"},"
        "\"guests\":[{\"id\":\"21\",\"title\":\"Zoe "
        "\\\"Z\\\"\"},{\"id\":\"22\",\"title\":\"Yan\"}],"
        "\"amount\":{\"value\":\"100.00\",\"currency\":\"CNY\"},\"rate\":\"15.00\","
        "\"opened_on\":\"2026-01-01\",\"is_hot\":true,\"pieces\":3,\"days\":10,"
        "\"weighted\":{\"value\":\"15.00\",\"currency\":\"CNY\"},"
        "\"owner\":{\"id\":\"5\",\"title\":\"Ana\"},\"firm.staff\":10,\"firm.owner.name\":"
        "\"Ana\"}");
    assert_json(
        t, item(list, 2),
        "{\"id\":\"43\",\"version\":1,\"name\":\"three\",\"firm\":null,"
        "\"phase\":{\"id\":\"12\",\"title\":\"Won\",\"code\":\"won\"},"
        "\"guests\":[{\"id\":\"22\",\"title\":\"Yan\"}],\"amount\":null,\"rate\":null,"
        "\"opened_on\":null,\"is_hot\":null,\"pieces\":null,\"days\":null,\"weighted\":null,"
        "\"owner\":{\"id\":\"5\",\"title\":\"Ana\"},\"firm.staff\":null,\"firm.owner.name\":null}");
    assert_null(json_string_value(json_object_get(list, "next")));
    assert_json(t, json_object_get(list, "count"), "{\"value\":3,\"exact\":true}");
}
TEST(query_list, gives_every_form) { query_fixture_run(gives_forms); }

static void sorts(QueryTest *t)
{
    make_world(t);
    ListQuery q = {.sort = STR("firm"), .fields = STR("name")};
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)),
                        "42 41 43"); /* 阿 北 – */
    q.sort = STR("-firm");
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)), "41 42 43");
    q.sort = STR("phase,name"); /* by position, then code points of the collation */
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)), "43 42 41");
    q.sort = STR("-weighted");
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)), "42 41 43");
    q.sort = STR("days");
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)), "41 42 43");
    q = (ListQuery){.sort = STR("name")};
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "firm", q)), "32 31");
}
TEST(query_list, sorts_by_titles_positions_and_formulas) { query_fixture_run(sorts); }

static void filters(QueryTest *t)
{
    static const char *const CASES[][2] = {
        {"phase = \"won\"", "43 42"},
        {"phase = \"11\"", "41"},
        {"phase in (\"won\", \"talk\") and amount > 60", "41"},
        {"firm.level = \"b\"", "42"},
        {"days >= 10", "41"},
        {"weighted > 20", "42"},
        {"owner = \"5\"", "43 41"},
        {"firm.owner.name = \"Bo\"", "42"},
        {"any(guests, name = \"Yan\")", "43 41"},
        {"amount is null", "43"},
        {"not (amount > 60)", "42"},
        {"owner = me()", ""},
    };
    make_world(t);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        ListQuery q = {.filter = str_of(CASES[i][0])};
        json_t *list = query_fixture_list(t, "deal", q);
        if (strcmp(query_fixture_ids(t, list), CASES[i][1]) != 0)
            fail_msg("%s: %s instead of %s", CASES[i][0], query_fixture_ids(t, list), CASES[i][1]);
    }
}
TEST(query_list, filters) { query_fixture_run(filters); }

static void expands(QueryTest *t)
{
    make_world(t);
    ListQuery q = {.fields = STR("name"), .expand = STR("firm"), .filter = STR("id = \"41\"")};
    const json_t *firm = json_object_get(item(query_fixture_list(t, "deal", q), 0), "firm");
    assert_json(t, json_object_get(firm, "title"), "\"北辰\"");
    assert_json(t, json_object_get(firm, "level"), "\"a\"");
    assert_json(t, json_object_get(firm, "owner"), "{\"id\":\"5\"}");
    q.expand = STR("firm,name");
    Buf out = buf_in(t->arena, 1 << 20);
    q.limit = 5;
    query_fixture_refused(t, query_list(&t->cx, query_fixture_object(t, "deal"), &q, &out),
                          "bad_parameter");
}
TEST(query_list, expands_links) { query_fixture_run(expands); }

static void related(QueryTest *t)
{
    make_world(t);
    const Object *deal = query_fixture_object(t, "deal");
    ListQuery q = {.parent_field = object_field(deal, STR("firm")), .parent = 31};
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)), "41");
    q = (ListQuery){.parent_field = object_field(deal, STR("guests")), .parent = 22};
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)), "43 41");
}
TEST(query_list, lists_children_of_a_parent) { query_fixture_run(related); }

static void refuse(QueryTest *t, ListQuery q, const char *code)
{
    Buf out = buf_in(t->arena, 1 << 20);
    if (!q.limit)
        q.limit = 2;
    query_fixture_refused(t, query_list(&t->cx, query_fixture_object(t, "deal"), &q, &out), code);
}

static void refuses(QueryTest *t)
{
    make_world(t);
    ListQuery first = {.limit = 1, .sort = STR("-amount")};
    Str next = json_get_str(query_fixture_list(t, "deal", first), "next");
    assert_non_null(next.p);
    refuse(t, (ListQuery){.sort = STR("amount"), .after = next}, "bad_parameter");
    refuse(t, (ListQuery){.sort = STR("-amount"), .after = STR("AAAA")}, "bad_parameter");
    refuse(t, (ListQuery){.sort = STR("-amount"), .after = str_sub(next, 0, next.n - 1)},
           "bad_parameter");
    refuse(t, (ListQuery){.sort = STR("-amount"), .after = next, .filter = STR("amount > 1")},
           "bad_parameter");
    refuse(t, (ListQuery){.sort = STR("nothing")}, "bad_parameter");
    refuse(t, (ListQuery){.sort = STR("guests")}, "bad_parameter");
    refuse(t, (ListQuery){.sort = STR("name,amount,pieces,rate,days")}, "bad_parameter");
    refuse(t, (ListQuery){.fields = STR("nam")}, "bad_parameter");
    refuse(t, (ListQuery){.fields = STR("name.first")}, "bad_parameter");
    refuse(t, (ListQuery){.filter = STR("nam = 3")}, "bad_expression");
    refuse(t, (ListQuery){.filter = STR("phase = \"lost\"")}, "bad_expression");
}
TEST(query_list, refuses_what_it_cannot_do) { query_fixture_run(refuses); }

static void respects_rights(QueryTest *t)
{
    make_world(t);
    QueryRights mine = {.me = 5, .only_owner = 5};
    query_fixture_rights(t, &mine);
    ListQuery q = {.fields = STR("name,firm,firm.staff"), .sort = STR("id")};
    json_t *list = query_fixture_list(t, "deal", q);
    assert_string_equal(query_fixture_ids(t, list), "41 43");
    q.filter = STR("owner = me()");
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)), "41 43");
    QueryRights theirs = {.me = 6, .only_owner = 6};
    query_fixture_rights(t, &theirs);
    q.filter = STR_NULL;
    assert_string_equal(query_fixture_ids(t, query_fixture_list(t, "deal", q)), "42");

    QueryRights no_firms = {.me = 5, .hide_object = "firm"};
    query_fixture_rights(t, &no_firms);
    list = query_fixture_list(t, "deal", q);
    assert_json(t, json_object_get(item(list, 0), "firm"), "{\"id\":\"31\",\"title\":null}");
    assert_json(t, json_object_get(item(list, 0), "firm.staff"), "null");
    Buf out = buf_in(t->arena, 1 << 20);
    q = (ListQuery){.limit = 5};
    query_fixture_refused(t, query_list(&t->cx, query_fixture_object(t, "firm"), &q, &out),
                          "not_found");

    QueryRights no_amount = {.me = 5, .hide_field = "amount"};
    query_fixture_rights(t, &no_amount);
    list = query_fixture_list(t, "deal", (ListQuery){.sort = STR("id")});
    assert_null(json_object_get(item(list, 0), "amount"));
    refuse(t, (ListQuery){.fields = STR("amount")}, "bad_parameter");
    refuse(t, (ListQuery){.sort = STR("amount")}, "bad_parameter");
    refuse(t, (ListQuery){.filter = STR("amount > 1")}, "bad_expression");
}
TEST(query_list, respects_rights) { query_fixture_run(respects_rights); }

static void counts(QueryTest *t)
{
    make_world(t);
    ListQuery q = {.limit = 1, .count = COUNT_CAPPED, .filter = STR("amount > 1")};
    uint32_t before = t->cx.stats.statements;
    json_t *list = query_fixture_list(t, "deal", q);
    assert_json(t, json_object_get(list, "count"), "{\"value\":2,\"exact\":true}");
    assert_int_equal(t->cx.stats.statements - before, 2);
    q.count = COUNT_EXACT;
    assert_json(t, json_object_get(query_fixture_list(t, "deal", q), "count"),
                "{\"value\":2,\"exact\":true}");
    q.count = COUNT_NONE;
    before = t->cx.stats.statements;
    assert_json(t, json_object_get(query_fixture_list(t, "deal", q), "count"), "null");
    assert_int_equal(t->cx.stats.statements - before, 1);
    q.count = COUNT_CAPPED;
    q.fields = STR("name"); /* without guests, whose titles take one more */
    q.filter = STR("phase = \"won\" and phase != \"talk\"");
    before = t->cx.stats.statements;
    query_fixture_list(t, "deal", q); /* and one for each code */
    assert_int_equal(t->cx.stats.statements - before, 4);
}
TEST(query_list, counts_with_at_most_two_statements) { query_fixture_run(counts); }

static void caps(QueryTest *t)
{
    for (Id id = 1; id <= 10050; id++) {
        query_fixture_add(t, "guest", 100 + id, 0, "name", "g", NULL);
        if (id % 2000 == 0)
            query_fixture_commit(t);
    }
    query_fixture_commit(t);
    ListQuery q = {.limit = 1, .count = COUNT_CAPPED};
    assert_json(t, json_object_get(query_fixture_list(t, "guest", q), "count"),
                "{\"value\":10000,\"exact\":false}");
    q.count = COUNT_EXACT;
    assert_json(t, json_object_get(query_fixture_list(t, "guest", q), "count"),
                "{\"value\":10050,\"exact\":true}");
}
TEST(query_list, stops_counting_at_ten_thousand) { query_fixture_run(caps); }

TEST_MAIN("query_list")
