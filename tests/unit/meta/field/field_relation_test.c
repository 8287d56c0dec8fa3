/* SPDX-License-Identifier: Apache-2.0 */
/* Types that lead to other records: forms of the API and of files, columns, what is refused.
 * Covers: field_any_link.c field_file.c field_rollup.c */
#include "meta/meta_fixture.h"

static const char ALL[] =
    "{'object':'thing','plural':'things','title':'name','fields':["
    "{'name':'name','type':'text'},{'name':'about','type':'any_link','to':['contact','account']},"
    "{'name':'near','type':'any_link'},{'name':'paper','type':'file','max_size':1000,"
    " 'accept':['application/pdf','text/']},{'name':'papers','type':'file','multiple':true},"
    "{'name':'face','type':'image'}]}";

static const Object *thing(MetaTest *t)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(meta_create_object(&t->cx, t->store, meta_fixture_json(t, ALL), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    return meta_object(t->cx.meta, STR("thing"));
}

/* {field, what comes in, what goes out; NULL: refused} ; ' stands for " */
static const char *const forms[][3] = {
    {"about", "{'object':'account','id':'84'}", "{\"object\":\"account\",\"id\":\"84\"}"},
    {"about", "{'object':'account'}", NULL},
    {"about", "{'object':'account','id':84}", NULL},
    {"about", "{'id':'84'}", NULL},
    {"about", "'84'", NULL},
    {"paper", "'84'", "{\"id\":\"84\"}"},
    {"paper", "['84']", NULL},
    {"papers", "['85','84','85']", "[{\"id\":\"84\"},{\"id\":\"85\"}]"},
    {"papers", "'84'", NULL},
    {"face", "{'id':'84'}", "{\"id\":\"84\"}"},
};

static void reads_forms(MetaTest *t)
{
    const Object *o = thing(t);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const Field *f = object_field(o, str_of(forms[i][0]));
        char text[200];
        snprintf(text, sizeof(text), "[%s]", forms[i][1]);
        Value v = VALUE_NULL;
        error_clear(&t->cx);
        Status st = f->type->parse(&t->cx, f, json_array_get(meta_fixture_json(t, text), 0), &v);
        if ((st == ST_OK) != (forms[i][2] != NULL))
            fail_msg("%s: %s", forms[i][0], forms[i][1]);
        if (st != ST_OK)
            continue;
        Buf b = buf_in(t->arena, 1000);
        f->type->json(&b, f, &v);
        assert_string_equal(buf_z(&b), forms[i][2]);
    }
}

TEST(field_relation, reads_and_writes_the_forms_of_the_contract) { meta_fixture_run(reads_forms); }

static void reads_texts(MetaTest *t)
{
    const Field *about = object_field(thing(t), STR("about"));
    Value v, same;
    TextForm form = {0};
    ASSERT_OK(about->type->parse_text(&t->cx, about, STR(" account: 84 "), &form, &v));
    assert_int_equal(v.ref.id, 84);
    assert_true(str_is(v.ref.object, "account"));
    Buf b = buf_in(t->arena, 1000);
    about->type->text(&b, about, &v, LANG_ZH);
    assert_string_equal(buf_z(&b), "account:84");
    assert_int_equal(about->type->parse_text(&t->cx, about, STR("84"), &form, &same), ST_INVALID);
    same = value_copy(t->arena, v);
    assert_true(value_equal(&v, &same));
    same.ref.object = STR("contact");
    assert_false(value_equal(&v, &same));
}

TEST(field_relation, reads_links_to_any_object_from_files) { meta_fixture_run(reads_texts); }

static void columns(MetaTest *t)
{
    const Object *o = thing(t);
    const Field *about = object_field(o, STR("about")), *paper = object_field(o, STR("paper")),
                *papers = object_field(o, STR("papers"));
    assert_int_equal(about->n_columns, 2);
    assert_int_equal(field_part(about, 'o'), 1);
    assert_int_equal(about->columns[0].type, DB_INT);
    assert_int_equal(about->columns[1].type, DB_TEXT);
    assert_true(field_has_id(paper) && !field_has_ids(paper));
    assert_true(field_has_ids(papers) && !field_has_id(papers));
    assert_int_equal(papers->columns[0].type, DB_TEXT);
    DbVal v[FIELD_COLUMNS];
    const Value ref = {.t = V_REF, .ref = {.id = 84, .object = STR("account")}}, none = VALUE_NULL;
    about->type->store(t->arena, about, &ref, v);
    assert_true(v[0].i == 84 && str_is(v[1].s, "account"));
    about->type->store(t->arena, about, &none, v);
    assert_true(v[0].null && v[1].null);
}

TEST(field_relation, stores_them_in_their_columns) { meta_fixture_run(columns); }

static void leads(MetaTest *t)
{
    const Object *o = thing(t), *account = meta_object(t->cx.meta, STR("account"));
    const Field *about = object_field(o, STR("about")), *near = object_field(o, STR("near"));
    assert_true(field_leads_to(about, account) && field_leads_to(near, account));
    assert_false(field_leads_to(about, meta_object(t->cx.meta, STR("user"))));
    assert_true(field_leads_to(near, o));
    const Relation *r = object_relation(account, STR("things"));
    assert_non_null(r);
    assert_ptr_equal(r->of, account);
    assert_null(object_relation(meta_object(t->cx.meta, STR("file")), STR("things_paper")));
}

TEST(field_relation, gives_every_target_its_relation) { meta_fixture_run(leads); }

static const char *const refused[][2] = {
    {"{'name':'x','type':'any_link','to':'account'}", "to"},
    {"{'name':'x','type':'any_link','to':[]}", "to"},
    {"{'name':'x','type':'any_link','to':['nothing']}", "to"},
    {"{'name':'x','type':'any_link','default':'a'}", "default"},
    {"{'name':'x','type':'any_link','unique':true}", "unique"},
    {"{'name':'x','type':'file','accept':[]}", "accept"},
    {"{'name':'x','type':'file','accept':['pdf']}", "accept"},
    {"{'name':'x','type':'file','accept':['text/ HTML']}", "accept"},
    {"{'name':'x','type':'file','max_size':0}", "max_size"},
    {"{'name':'x','type':'file','max_size':'1'}", "max_size"},
    {"{'name':'x','type':'image','multiple':1}", "multiple"},
    {"{'name':'x','type':'rollup'}", NULL},
};

static void refuses(MetaTest *t)
{
    const Object *account = meta_object(t->cx.meta, STR("account"));
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        Buf answer = buf_in(t->arena, 100000);
        Plan *plan = plan_new(&t->cx);
        error_clear(&t->cx);
        if (meta_create_field(&t->cx, t->store, account, meta_fixture_json(t, refused[i][0]), plan,
                              &answer) == ST_OK)
            fail_msg("%s passed", refused[i][0]);
        if (refused[i][1] && !meta_fixture_error(t, refused[i][1]))
            fail_msg("%s: no error at %s", refused[i][0], refused[i][1]);
    }
}

TEST(field_relation, refuses_wrong_declarations) { meta_fixture_run(refuses); }

TEST_MAIN("field_relation")
