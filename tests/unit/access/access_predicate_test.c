/* SPDX-License-Identifier: Apache-2.0 */
/* Every branch of the predicate: departments as they are today, stand-ins, pools, shares, expressions,
 * visibility through links; and that one record in memory is judged as the set is.
 * Covers: access_predicate.c access_ids.c access_branches.c access_rule.c access_share.c access_share_touch.c access_user_load.c
 *         query/list_merge.c query/sight.c */
#include "access/share.h"
#include "access_fixture.h"
#include "query/list_merge.h"
#include "query/search_query.h"

static const char *seen(AccessTest *t, Id user, const char *object)
{
    ListQuery q = {.sort = STR("id"), .fields = STR("id")};
    access_fixture_as(t, user);
    return query_fixture_ids(t->q, query_fixture_list(t->q, object, q));
}

/* Form of a role on one object, as if it had been put; users are compiled anew. */
static void give(AccessTest *t, const char *role, const char *object, const char *rights)
{
    json_t *form = json_object_get(json_object_get((json_t *)t->cx->meta->access, role), "objects");
    json_t *value = json_loads(rights, 0, NULL);
    assert_non_null(value);
    if (!form) {
        form = json_object();
        json_object_set_new(json_object_get((json_t *)t->cx->meta->access, role), "objects", form);
    }
    json_object_set_new(form, object, value);
    Plan *p = plan_new(t->cx);
    access_fixture_as(t, 101);
    access_changed(t->cx, p);
    access_fixture_apply(t, p);
}

static void share(AccessTest *t, AccessShare s)
{
    Plan *p = plan_new(t->cx);
    access_fixture_as(t, 101);
    s.object = query_fixture_object(t->q, "account");
    ASSERT_OK(access_share_put(t->cx, p, &s));
    access_fixture_apply(t, p);
}

static void read_account(AccessTest *t, Id id, AccessRecord *ret)
{
    static const char *const NAMES[] = {"owner", "department", "pool", "created_by"};
    const Object *o = query_fixture_object(t->q, "account");
    Id *into[] = {&ret->owner, &ret->department, &ret->pool, &ret->created_by};
    *ret = (AccessRecord){.id = id};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        Sql q = sql_new(t->cx->arena);
        bool found = false;
        sql_lit(&q, "SELECT coalesce(");
        sql_column(&q, -1, object_field(o, str_of(NAMES[i])), 0);
        sql_lit(&q, ", 0) FROM ");
        sql_table(&q, o);
        sql_lit(&q, " WHERE id = ");
        sql_bind_int(&q, id);
        ASSERT_OK(db_get_int(t->cx, str_z(t->cx->arena, sql_text(&q)), q.vals->v, q.vals->n,
                             into[i], &found));
        assert_true(found);
    }
}

static bool may(AccessTest *t, Id user, AccessAction action, Id account)
{
    bool ret = false;
    AccessRecord ar;
    access_fixture_as(t, user);
    read_account(t, account, &ar);
    ASSERT_OK(access_may(t->cx, query_fixture_object(t->q, "account"), action, &ar, &ret));
    return ret;
}

static void set(AccessTest *t, const char *object, Id id, const char *field, Value v)
{
    const Object *o = query_fixture_object(t->q, object);
    Plan *p = plan_new(t->cx);
    Sql q = sql_new(t->cx->arena);
    DbVal vals[FIELD_COLUMNS];
    const Field *f = object_field(o, str_of(field));
    access_fixture_as(t, 101);
    f->type->store(t->cx->arena, f, &v, vals);
    sql_lit(&q, "UPDATE ");
    sql_table(&q, o);
    sql_lit(&q, " SET ");
    sql_column(&q, -1, f, 0);
    sql_lit(&q, " = ");
    sql_bind(&q, vals[0]);
    sql_lit(&q, " WHERE id = ");
    sql_bind_int(&q, id);
    plan_exec(p, sql_text(&q), q.vals->v, q.vals->n);
    access_changed(t->cx, p);
    access_fixture_apply(t, p);
}

static Value id_value(Id id) { return id ? (Value){.t = V_ID, .i = id} : VALUE_NULL; }

/* A person who moves takes the records along; the department noted on them counts without owner. */
static void departments(AccessTest *t)
{
    assert_string_equal(seen(t, 104, "account"), "401 402");
    set(t, "user", 103, "department", id_value(203));
    assert_string_equal(seen(t, 104, "account"), "401");
    assert_false(may(t, 104, ACCESS_UPDATE, 402));
    set(t, "account", 402, "owner", id_value(0));
    assert_string_equal(seen(t, 104, "account"), "401 402");
    assert_true(may(t, 104, ACCESS_UPDATE, 402));
    set(t, "department", 203, "manager", id_value(104)); /* leads the west too */
    assert_string_equal(seen(t, 104, "account"), "401 402 403");
    set(t, "department", 203, "manager", id_value(0));
    set(t, "department", 203, "parent", id_value(202)); /* the west comes below the east */
    assert_string_equal(seen(t, 104, "account"), "401 402 403");
}
TEST(access_predicate, follows_departments_of_today) { access_fixture_run(departments); }

static void stand_in(AccessTest *t)
{
    Value from = {.t = V_TIME, .i = t->cx->now_ms + 1000},
          until = {.t = V_TIME, .i = t->cx->now_ms + 2000};
    set(t, "user", 103, "delegate", id_value(102));
    assert_string_equal(seen(t, 102, "account"), "401"); /* without dates: no stand-in asked for */
    set(t, "user", 103, "delegate_from", from);
    set(t, "user", 103, "delegate_until", until);
    assert_string_equal(seen(t, 102, "account"), "401");
    t->cx->now_ms += 1500;
    assert_string_equal(seen(t, 102, "account"), "401 402");
    assert_true(may(t, 102, ACCESS_UPDATE, 402));
    t->cx->now_ms += 500;
    assert_string_equal(seen(t, 102, "account"), "401");
    assert_false(may(t, 102, ACCESS_UPDATE, 402));
}
TEST(access_predicate, lets_stand_in_while_it_lasts) { access_fixture_run(stand_in); }

static void shares(AccessTest *t)
{
    int64_t end = t->cx->now_ms + 1000;
    AccessShare one = {.record = 403,
                       .kind = SHARE_USER,
                       .principal = 102,
                       .level = SHARE_READ,
                       .source = SHARE_BY_HAND,
                       .until_ms = end};
    share(t, one);
    assert_string_equal(seen(t, 102, "account"), "401 403");
    assert_true(may(t, 102, ACCESS_READ, 403));
    assert_false(may(t, 102, ACCESS_UPDATE, 403));
    one.level = SHARE_EDIT;
    share(t, one);
    assert_true(may(t, 102, ACCESS_UPDATE, 403));
    assert_false(may(t, 102, ACCESS_TRANSFER, 403)); /* own only */
    assert_string_equal(seen(t, 103, "account"), "402");
    t->cx->now_ms = end;
    assert_string_equal(seen(t, 102, "account"), "401");
    assert_false(may(t, 102, ACCESS_UPDATE, 403));
    share(t, (AccessShare){.record = 401,
                           .kind = SHARE_DEPARTMENT,
                           .principal = 202,
                           .level = SHARE_READ,
                           .source = SHARE_COLLABORATOR,
                           .until_ms = SHARE_FOREVER});
    share(t, (AccessShare){.record = 403,
                           .kind = SHARE_ROLE,
                           .principal = 302,
                           .level = SHARE_READ,
                           .source = SHARE_BY_HAND,
                           .until_ms = SHARE_FOREVER});
    assert_string_equal(seen(t, 103, "account"), "401 402 403");
    access_fixture_as(t, 106); /* an employee reads no accounts at all */
    assert_false(access_query.object(t->cx, query_fixture_object(t->q, "account")));
    assert_false(may(t, 106, ACCESS_READ, 402));
    share(t, (AccessShare){.record = 402,
                           .kind = SHARE_EVERYONE,
                           .level = SHARE_READ,
                           .source = SHARE_BY_HAND,
                           .until_ms = SHARE_FOREVER});
    assert_string_equal(seen(t, 102, "account"), "401 402 403");
    Plan *p = plan_new(t->cx);
    AccessShare back = {
        .object = query_fixture_object(t->q, "account"), .record = 402, .kind = SHARE_EVERYONE};
    access_share_take(t->cx, p, &back);
    access_share_sweep(t->cx, p);
    access_fixture_apply(t, p);
    assert_string_equal(seen(t, 102, "account"), "401 403");
    Buf out = buf_in(t->q->arena, 4096);
    access_fixture_as(t, 101);
    ASSERT_OK(access_shares_write(t->cx, back.object, 401, &out));
    assert_non_null(strstr(buf_z(&out), "\"department\":{\"id\":\"202\",\"title\":\"East\"},"
                                        "\"level\":\"read\",\"source\":\"collaborator\","
                                        "\"rule\":null,\"until\":null,\"by\":{\"id\":\"101\""));
}
TEST(access_predicate, opens_what_is_shared) { access_fixture_run(shares); }

static void collaborators(AccessTest *t)
{
    give(t, "seller", "account",
         "{\"read\":\"collaborators\",\"update\":\"own\",\"delete\":\"collaborators\",\"transfer\":"
         "\"own\"}");
    share(t, (AccessShare){.record = 402,
                           .kind = SHARE_USER,
                           .principal = 102,
                           .level = SHARE_EDIT,
                           .source = SHARE_COLLABORATOR,
                           .until_ms = SHARE_FOREVER});
    share(t, (AccessShare){.record = 403,
                           .kind = SHARE_USER,
                           .principal = 102,
                           .level = SHARE_READ,
                           .source = SHARE_COLLABORATOR,
                           .until_ms = SHARE_FOREVER});
    assert_string_equal(seen(t, 102, "account"), "401 402 403");
    assert_true(may(t, 102, ACCESS_DELETE, 402));
    assert_false(may(t, 102, ACCESS_DELETE, 403));
    assert_false(may(t, 102, ACCESS_TRANSFER, 402));
    assert_true(may(t, 102, ACCESS_TRANSFER, 401));
}
TEST(access_predicate, counts_collaborators) { access_fixture_run(collaborators); }

static void expressions(AccessTest *t)
{
    give(t, "employee", "account",
         "{\"read\":{\"expr\":\"owner.department = my_department() or name = \\\"A\\\"\"},"
         "\"update\":{\"expr\":\"name = \\\"A\\\"\"}}");
    assert_string_equal(seen(t, 106, "account"), "401 403");
    assert_true(may(t, 106, ACCESS_READ, 403));
    assert_true(may(t, 106, ACCESS_UPDATE, 401));
    assert_false(may(t, 106, ACCESS_UPDATE, 403));
    assert_string_equal(seen(t, 103, "account"), "401 402"); /* roles add up */
    give(t, "employee", "account",
         "{\"read\":{\"expr\":\"any(opportunities, name = \\\"OA\\\")\"}}");
    assert_string_equal(seen(t, 106, "account"), "402");
    give(t, "employee", "account", "{\"read\":{\"expr\":\"no_such_field = 1\"}}");
    assert_string_equal(seen(t, 106, "account"), "");
}
TEST(access_predicate, reads_expressions_of_roles) { access_fixture_run(expressions); }

static void form(AccessTest *t)
{
    const char *good = "{\"objects\":{\"account\":{\"read\":{\"expr\":\"owner = me()\"}}}}",
               *bad = "{\"objects\":{\"account\":{\"read\":{\"expr\":\"name = = 1\"}}}}";
    json_t *v;
    access_fixture_as(t, 101);
    ASSERT_OK(json_parse(t->cx, str_of(good), &v));
    ASSERT_OK(access_check_form(t->cx, v));
    ASSERT_OK(json_parse(t->cx, str_of(bad), &v));
    assert_int_equal(access_check_form(t->cx, v), ST_INVALID);
    assert_true(str_is(t->cx->err.fields.v[0].field, "objects.account.read"));
    assert_int_equal(t->cx->err.fields.v[0].at, 7);
    error_clear(t->cx);
}
TEST(access_predicate, refuses_expressions_that_cannot_be_read) { access_fixture_run(form); }

/* One record alone, of which links are followed from itself. */
static bool sees(AccessTest *t, Id user, const char *object, Id id)
{
    bool visible = false;
    access_fixture_as(t, user);
    ASSERT_OK(query_visible(t->cx, query_fixture_object(t->q, object), id, &visible));
    return visible;
}

/* Does the condition read all accounts that the person sees, rather than the deal's? */
static bool reads_set(AccessTest *t, RowsAsked rows)
{
    int next_alias = 1;
    Sql q = sql_new(t->cx->arena);
    t->cx->by_row = rows;
    Status st = t->cx->access->predicate(t->cx, query_fixture_object(t->q, "opportunity"),
                                         db_kind_of(t->cx->db), 0, &q, &next_alias);
    t->cx->by_row = ROWS_MANY;
    ASSERT_OK(st);
    return strstr(str_z(t->cx->arena, sql_text(&q)), " IN (SELECT t1.") != NULL;
}

/* Deals show with their account; the account with its parent: a circle of links that ends. */
static void inherited(AccessTest *t)
{
    Field *up = (Field *)object_field(query_fixture_object(t->q, "opportunity"), STR("account")),
          *parent = (Field *)object_field(query_fixture_object(t->q, "account"), STR("parent"));
    assert_string_equal(seen(t, 102, "opportunity"), "601");
    assert_false(sees(t, 102, "opportunity", 602));
    assert_false(sees(t, 102, "opportunity_line", 702));
    up->visible_with = true;
    assert_string_equal(seen(t, 102, "opportunity"), "601 602");
    assert_string_equal(seen(t, 102, "opportunity_line"), "701 702");
    assert_true(sees(t, 102, "opportunity", 602) && sees(t, 102, "opportunity_line", 702));
    assert_true(reads_set(t, ROWS_MANY) && reads_set(t, ROWS_WALKED) && !reads_set(t, ROWS_FEW));
    parent->visible_with = true;
    assert_string_equal(seen(t, 102, "opportunity"), "601 602");
    share(t, (AccessShare){.record = 402,
                           .kind = SHARE_USER,
                           .principal = 102,
                           .level = SHARE_READ,
                           .source = SHARE_COLLABORATOR,
                           .until_ms = SHARE_FOREVER});
    set(t, "opportunity", 602, "account", id_value(403));
    assert_string_equal(seen(t, 102, "opportunity"), "601");
    assert_false(sees(t, 102, "opportunity", 602));
    set(t, "opportunity", 602, "account", id_value(402));
    assert_string_equal(seen(t, 102, "opportunity"), "601 602");
    assert_true(sees(t, 102, "opportunity", 602));
    assert_string_equal(seen(t, 104, "opportunity"), "601 602");
}
TEST(access_predicate, carries_visibility_through_links) { access_fixture_run(inherited); }

static void pools(AccessTest *t)
{
    query_fixture_add(t->q, "pool", 801, 0, "name", "Sea", "object", "account", "roles", "302",
                      "is_active", "true", NULL);
    query_fixture_add(t->q, "account", 404, 0, "name", "P", "pool", "801", NULL);
    query_fixture_commit(t->q);
    set(t, "account", 403, "pool", id_value(801)); /* has an owner: not in the pool */
    assert_string_equal(seen(t, 102, "account"), "401 404");
    assert_true(may(t, 102, ACCESS_READ, 404));
    assert_false(may(t, 102, ACCESS_UPDATE, 404));
    set(t, "pool", 801, "is_active", (Value){.t = V_BOOL, .b = false});
    assert_string_equal(seen(t, 102, "account"), "401");
}
TEST(access_predicate, shows_the_pools_of_a_person) { access_fixture_run(pools); }

/* ---- pages by time of change and counts out of the index of shares */
static int64_t touched(AccessTest *t, Id record)
{
    int64_t ret = 0;
    bool found = false;
    DbVal v = db_int(record);
    ASSERT_OK(db_get_int(t->cx, "SELECT min(touched) FROM {gx_share} WHERE record = ?1", &v, 1,
                         &ret, &found));
    return ret;
}

static const char *recent(AccessTest *t, Id user)
{
    ListQuery q = {.sort = STR("-updated_at"), .fields = STR("id")};
    access_fixture_as(t, user);
    return query_fixture_ids(t->q, query_fixture_list(t->q, "account", q));
}

static int64_t counted(AccessTest *t, Id user, int64_t most)
{
    int64_t n = -1;
    access_fixture_as(t, user);
    ASSERT_OK(list_merge_count(t->cx, query_fixture_object(t->q, "account"), most, &n));
    return n;
}

static void by_time(AccessTest *t)
{
    const Object *o = query_fixture_object(t->q, "account");
    const char *mine = recent(t, 102);
    int64_t n = counted(t, 102, INT64_MAX);
    share(t, (AccessShare){.record = 402,
                           .kind = SHARE_USER,
                           .principal = 102,
                           .level = SHARE_READ,
                           .source = SHARE_BY_HAND,
                           .until_ms = SHARE_FOREVER});
    share(t, (AccessShare){.record = 402,
                           .kind = SHARE_USER,
                           .principal = 102,
                           .level = SHARE_EDIT,
                           .source = SHARE_COLLABORATOR,
                           .until_ms = SHARE_FOREVER});
    assert_string_not_equal(recent(t, 102), mine);
    assert_int_equal(counted(t, 102, INT64_MAX), n + 1); /* once, though shared twice */
    assert_int_equal(counted(t, 102, 1), 1);
    assert_int_equal(counted(t, 102, n + 1), n + 1);
    assert_int_equal(counted(t, 102, n + 9), n + 1);

    Plan *p = plan_new(t->cx);
    ASSERT_OK(access_share_touch(t->cx, p, o, 402, false)); /* as a deleted record does */
    access_fixture_apply(t, p);
    assert_int_equal(touched(t, 402), -1);
    assert_string_equal(recent(t, 102), mine);
    assert_int_equal(counted(t, 102, INT64_MAX), n);

    int64_t wrong = 0;
    p = plan_new(t->cx);
    ASSERT_OK(access_share_check(t->cx, p, o, &wrong));
    assert_int_equal(wrong, 2);
    access_fixture_apply(t, p);
    assert_int_equal(counted(t, 102, INT64_MAX), n + 1);
    p = plan_new(t->cx);
    ASSERT_OK(access_share_check(t->cx, p, o, &wrong));
    assert_int_equal(wrong, 0);
}

TEST(access_predicate, lists_and_counts_what_is_shared_by_time) { access_fixture_run(by_time); }

/* One after the other, with the cursor of the one before: no record twice, none left out. */
static const char *paged(AccessTest *t, Str sort)
{
    const char *ids = "";
    json_t *next = NULL;
    do {
        ListQuery q = {.sort = sort, .fields = STR("id"), .limit = 1};
        q.after = next ? json_str(next) : STR_NULL;
        const json_t *list = query_fixture_list(t->q, "account", q);
        const char *one = query_fixture_ids(t->q, list);
        if (*one)
            ids = str_format(t->cx->arena, "%s%s%s", ids, *ids ? " " : "", one).p;
        next = json_object_get(list, "next");
    } while (json_is_string(next));
    return ids;
}

static const char *whole(AccessTest *t, Str sort, Str filter)
{
    ListQuery q = {.sort = sort, .fields = STR("id"), .filter = filter};
    return query_fixture_ids(t->q, query_fixture_list(t->q, "account", q));
}

static void pages(AccessTest *t, Id user)
{
    const Str sorts[] = {STR("id"), STR("-id"), STR("updated_at"), STR("-updated_at")};
    access_fixture_as(t, user);
    for (size_t i = 0; i < COUNT_OF(sorts); i++) {
        const char *ids = whole(t, sorts[i], STR("name != \"-\"")); /* by the predicate */
        assert_string_equal(whole(t, sorts[i], STR_NULL), ids);
        assert_string_equal(paged(t, sorts[i]), ids);
    }
}

static void share_402(AccessTest *t, uint8_t level, ShareSource source)
{
    share(t, (AccessShare){.record = 402,
                           .kind = SHARE_USER,
                           .principal = 102,
                           .level = level,
                           .source = source,
                           .until_ms = SHARE_FOREVER});
}

/* Of a thirty-first owner on records are walked. */
static void page_by_page(AccessTest *t)
{
    bool many, walks;
    const Object *o = query_fixture_object(t->q, "account");
    ListQuery all = {.limit = 50};
    share_402(t, SHARE_READ, SHARE_BY_HAND);
    share_402(t, SHARE_EDIT, SHARE_COLLABORATOR);
    pages(t, 102);
    pages(t, 104);
    ASSERT_OK(list_merge_many(t->cx, o, &all, false, 1, &many));
    assert_false(many); /* it is counted otherwise */
    for (Id id = 801; id <= 830; id++) {
        const char *name = str_format(t->cx->arena, "u%d", (int)id).p;
        query_fixture_add(t->q, "user", id, 0, "name", name, "login", name, "department", "202",
                          "status", "active", NULL);
    }
    query_fixture_commit(t->q);
    Plan *p = plan_new(t->cx);
    access_changed(t->cx, p);
    access_fixture_apply(t, p);
    ASSERT_OK(access_refresh(t->cx, t->store));
    pages(t, 104);
    assert_true(t->cx->access->branches(t->cx, o, false, &walks) > 0 && walks);
    ASSERT_OK(list_merge_many(t->cx, o, &all, false, 1, &many));
    assert_true(many);
    ASSERT_OK(list_merge_many(t->cx, o, &all, false, 1000, &many));
    assert_false(many);
    ASSERT_OK(list_merge_many(t->cx, o, &all, true, 1, &many));
    assert_false(many);
}

TEST(access_predicate, pages_alike_from_branches_and_predicate)
{
    access_fixture_run(page_by_page);
}

/* ---- sights */
static Sight *gather(AccessTest *t, const Object *const *of, size_t n, size_t vain)
{
    Sight *sight;
    ASSERT_OK(sight_gather(t->cx, of, n, sight_told(t->cx), vain, &sight));
    return sight;
}

static void told(AccessTest *t, const Object *o, Id id)
{
    Plan *p = plan_new(t->cx);
    plan_exec(p, STR("DELETE FROM {gx_share} WHERE 1=0"), NULL, 0);
    if (o)
        query_sights_change(t->cx, p, o, id);
    else
        query_sights_forget(t->cx, p);
    access_fixture_apply(t, p);
}

static void sees_as_listed(const Sight *s, AccessTest *t, const Object *o, const char *ids)
{
    for (Id id = 401; id <= 410; id++) {
        const char *text = str_format(t->cx->arena, "%d", (int)id).p;
        assert_true((sight_find(s, id) == o->number) == (strstr(ids, text) != NULL));
    }
}

static void is_kept(AccessTest *t, const Object *const *of, size_t n, Id id, int64_t object)
{
    Sight *s = sight_take(t->cx, of, n);
    assert_non_null(s);
    assert_int_equal(sight_find(s, id), object);
    assert_int_equal(sight_find(s, 601), of[1]->number);
    sight_release(t->cx, s);
}

static void told_since(AccessTest *t, const Object *const *of, const Sight *before)
{
    const Object *lead = query_fixture_object(t->q, "lead");
    is_kept(t, of, 2, 403, 0);
    told(t, of[0], 403);
    is_kept(t, of, 2, 403, of[0]->number);
    assert_int_equal(sight_find(before, 403), 0); /* who holds it goes on with it */
    told(t, lead, 404);                           /* not among the objects */
    is_kept(t, of, 2, 404, 0);
    assert_null(sight_take(t->cx, of, 1));
    access_fixture_as(t, 103);
    assert_null(sight_take(t->cx, of, 2));
    access_fixture_as(t, 102);
    is_kept(t, of, 2, 403, of[0]->number);
    for (Id id = 1000; id < 1000 + 1024; id++)
        told(t, of[0], id);
    is_kept(t, of, 2, 1000, of[0]->number);
    told(t, NULL, 0);
    assert_null(sight_take(t->cx, of, 2));
}

/* What is kept is what the list shows, and whatever was told since; other objects, other rights have their own. */
static void in_sight(AccessTest *t)
{
    const Object *of[] = {query_fixture_object(t->q, "account"),
                          query_fixture_object(t->q, "opportunity")};
    t->cx->sights = sight_store_new();
    share_402(t, SHARE_READ, SHARE_BY_HAND);
    const char *ids = recent(t, 102);
    assert_non_null(strstr(ids, "402"));
    assert_null(strstr(ids, "403"));
    assert_null(gather(t, of, 2, 300));
    Sight *s = gather(t, of, 2, 300); /* those before count */
    if (db_kind_of(t->cx->db) == DB_SQLITE) {
        assert_non_null(s);
        assert_int_equal(sight_floor(s), 0);
        sees_as_listed(s, t, of[0], ids);
        assert_int_equal(sight_find(s, 601), of[1]->number);
        assert_int_equal(sight_find(s, 9), 0);
        told_since(t, of, s);
    } else {
        assert_null(s);
    }
    sight_release(t->cx, s);
    sight_store_free(t->cx->sights);
    t->cx->sights = NULL;
}

TEST(access_predicate, keeps_in_sight_what_is_seen_and_what_is_told)
{
    access_fixture_run(in_sight);
}

/* Rows of an older program do not know the time: asked record by record until they are filled. */
static void unknown(AccessTest *t)
{
    bool more = true, walks;
    share(t, (AccessShare){.record = 402,
                           .kind = SHARE_USER,
                           .principal = 102,
                           .level = SHARE_READ,
                           .source = SHARE_BY_HAND,
                           .until_ms = SHARE_FOREVER});
    const char *wanted = recent(t, 102);
    int64_t known = touched(t, 402);
    Plan *p = plan_new(t->cx);
    plan_exec(p, STR("UPDATE {gx_share} SET touched = -2"), NULL, 0);
    access_changed(t->cx, p);
    access_fixture_apply(t, p);
    assert_string_equal(recent(t, 102), wanted);
    const Object *o = query_fixture_object(t->q, "account");
    assert_int_equal(t->cx->access->branches(t->cx, o, true, &walks), 0);
    assert_true(t->cx->access->branches(t->cx, o, false, &walks) > 0);
    for (int i = 0; more && i < 5; i++) {
        p = plan_new(t->cx);
        ASSERT_OK(access_share_fill(t->cx, p, &more));
        access_fixture_apply(t, p);
    }
    assert_false(more);
    assert_int_equal(touched(t, 402), known);
    assert_string_equal(recent(t, 102), wanted);
    assert_true(t->cx->access->branches(t->cx, o, true, &walks) > 0);
}

TEST(access_predicate, fills_shares_of_an_older_program) { access_fixture_run(unknown); }

TEST_MAIN("access_predicate")
