/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, rights and settings changed at run time. */
#include "meta_fixture.h"

static Status put_list(MetaTest *t, const char *name, const char *body, Plan **plan)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    *plan = plan_new(&t->cx);
    return meta_put_list(&t->cx, t->store, str_of(name), meta_fixture_json(t, body), *plan,
                         &answer);
}

static void change_list(MetaTest *t, const char *name, const char *body)
{
    Plan *plan;
    ASSERT_OK(put_list(t, name, body, &plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static void lists(MetaTest *t)
{
    const ChoiceList *l = map_get(&t->cx.meta->lists_by_name, STR("account_level"));
    size_t n = l->n;
    change_list(
        t, "account_level",
        "{'entries':[{'value':'vip','label':{'en':'VIP'}},{'value':'small','retired':true}]}");
    meta_fixture_reopen(t);
    l = map_get(&t->cx.meta->lists_by_name, STR("account_level"));
    assert_int_equal(l->n, n + 1);
    assert_true(choice_find(l, STR("small"))->retired);
    assert_true(str_is(choice_find(l, STR("key"))->label.zh, "大客户"));
    assert_true(str_is(l->items[0].value, "key"));
    change_list(t, "size_of_shoe", "{'label':{'en':'Size'},'entries':[{'value':'42'}]}");
    assert_non_null(map_get(&t->cx.meta->lists_by_name, STR("size_of_shoe")));
    Plan *plan;
    ASSERT_ST(ST_INVALID, put_list(t, "size_of_shoe", "{'entries':[{'value':'4 2'}]}", &plan));
    assert_non_null(meta_fixture_error(t, "entries[1].value"));
}

TEST(meta_change_list, adds_and_retires_but_never_drops_codes) { meta_fixture_run(lists); }

static Status put_access(MetaTest *t, const char *body, Plan **plan)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    *plan = plan_new(&t->cx);
    return meta_put_access(&t->cx, t->store, STR("seller"), meta_fixture_json(t, body), *plan,
                           &answer);
}

static void rights(MetaTest *t)
{
    Plan *plan;
    ASSERT_ST(ST_INVALID, put_access(t, "{'objects':{'nothing':{'read':'all'}}}", &plan));
    assert_non_null(meta_fixture_error(t, "objects.nothing"));
    meta_fixture_next(t);
    ASSERT_ST(ST_INVALID, put_access(t, "{'objects':{'account':{'read':'some'}}}", &plan));
    assert_non_null(meta_fixture_error(t, "objects.account.read"));
    meta_fixture_next(t);
    ASSERT_ST(ST_INVALID, put_access(t, "{'objects':{'account':{'fields':{'x':'read'}}}}", &plan));
    meta_fixture_next(t);
    ASSERT_OK(put_access(t, "{'objects':{'account':{'read':'all','create':false}}}", &plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_reopen(t);
    const json_t *seller =
        json_object_get(json_object_get(t->cx.meta->access, "seller"), "objects");
    assert_true(str_is(json_get_str(json_object_get(seller, "account"), "read"), "all"));
    assert_true(str_is(json_get_str(json_object_get(seller, "contact"), "read"), "own"));
}

TEST(meta_change_list, replaces_rights_of_the_named_objects) { meta_fixture_run(rights); }

static Status set(MetaTest *t, const char *body, Plan **plan)
{
    *plan = plan_new(&t->cx);
    return meta_set_organisation(&t->cx, t->store, meta_fixture_json(t, body), *plan);
}

static void settings(MetaTest *t)
{
    Plan *plan;
    ASSERT_ST(ST_INVALID, set(t, "{'time_zone':'Mars/Olympus'}", &plan));
    meta_fixture_next(t);
    ASSERT_ST(ST_INVALID, set(t, "{'currency':'yuan'}", &plan));
    meta_fixture_next(t);
    ASSERT_ST(ST_INVALID, set(t, "{'exchange_rates':{'USD':'0'}}", &plan));
    assert_non_null(meta_fixture_error(t, "exchange_rates.USD"));
    meta_fixture_next(t);
    ASSERT_OK(set(t,
                  "{'name':'Acme','currency':'EUR','language':'en','time_zone':'Europe/Berlin',"
                  "'exchange_rates':{'USD':'0.9'}}",
                  &plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_reopen(t);
    const Meta *m = t->cx.meta;
    assert_true(str_is(m->organisation, "Acme") && str_is(m->currency, "EUR"));
    assert_true(str_is(m->language, "en") && str_is(m->time_zone, "Europe/Berlin"));
    assert_int_equal(m->n_rates, 1);
    assert_int_equal(m->rates[0].rate, 900000000);
}

TEST(meta_change_list, keeps_the_organisations_settings) { meta_fixture_run(settings); }

TEST_MAIN("meta_change_list")
