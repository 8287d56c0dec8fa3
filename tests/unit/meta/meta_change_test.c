/* SPDX-License-Identifier: Apache-2.0 */
/* Objects and fields made, changed, renamed and removed at run time.
 * Covers: meta_change.c meta_change_object.c meta_change_field.c meta_names.c meta_check.c
 * meta_rules.c meta_layouts.c meta_source.c meta_rows.c */
#include "meta_fixture.h"

/* CONTRACT 2 with the types of this version. */
static const char VISIT[] =
    "{'object':'campaign_visit','plural':'campaign_visits','area':'marketing','icon':'visit',"
    "'traits':['owned','numbered'],'label':{'zh-CN':'到访','en':'Visit'},'title':'name',"
    "'number':'CV{YYYY}{0000}','fields':["
    "{'name':'name','type':'text','max':200,'required':true,'search':true,"
    " 'label':{'zh-CN':'名称','en':'Name'}},"
    "{'name':'account','type':'link','to':'account','inverse':'campaign_visits',"
    " 'on_delete':'restrict','visible_with':false},"
    "{'name':'guests','type':'links','to':'contact','inverse':'campaign_visits'},"
    "{'name':'starts_on','type':'date'},{'name':'ends_on','type':'date'},"
    "{'name':'spent','type':'money','scale':2},"
    "{'name':'budget','type':'money','scale':2,'min':'0','visible_when':'phase != \\'plan\\''},"
    "{'name':'phase','type':'choice','choices':[{'value':'plan','label':{'zh-CN':'计划','en':'Plan'"
    "},"
    " 'color':'blue'},{'value':'run','label':{'zh-CN':'执行','en':'Run'}}],'default':'plan'},"
    "{'name':'rest','type':'formula','of':'budget - spent','result':'money'}],"
    "'rules':[{'name':'end_after_start','check':'ends_on is null or ends_on >= starts_on',"
    " 'message':{'zh-CN':'结束日期早于开始日期','en':'Ends before it starts'},'field':'ends_on'}],"
    "'unique':[['account','name']],'indexes':[['phase','updated_at']],'history':true,'files':true,"
    "'timeline':true}";

static Status create(MetaTest *t, const char *text, Plan **plan)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    *plan = plan_new(&t->cx);
    return meta_create_object(&t->cx, t->store, meta_fixture_json(t, text), *plan, &answer);
}

static void make(MetaTest *t, const char *text)
{
    Plan *plan;
    ASSERT_OK(create(t, text, &plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static Status patch_field(MetaTest *t, const char *object, const char *field, const char *body,
                          Plan **plan)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    const Field *f = object_field(meta_object(t->cx.meta, str_of(object)), str_of(field));
    assert_non_null(f);
    *plan = plan_new(&t->cx);
    return meta_patch_field(&t->cx, t->store, f, meta_fixture_json(t, body), *plan, &answer);
}

static void change_field(MetaTest *t, const char *object, const char *field, const char *body)
{
    Plan *plan;
    ASSERT_OK(patch_field(t, object, field, body, &plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static void add_field(MetaTest *t, const char *object, const char *body)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(meta_create_field(&t->cx, t->store, meta_object(t->cx.meta, str_of(object)),
                                meta_fixture_json(t, body), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
}

static bool has_layout(const Object *o, const char *kind)
{
    size_t i;
    json_t *layout;
    json_array_foreach((json_t *)o->layouts, i, layout)
    {
        if (str_is(json_get_str(layout, "kind"), kind))
            return true;
    }
    return false;
}

static void makes_object(MetaTest *t)
{
    int64_t version = t->cx.meta->version;
    make(t, VISIT);
    const Object *o = meta_plural(t->cx.meta, STR("campaign_visits"));
    assert_non_null(o);
    assert_int_equal(t->cx.meta->version, version + 1);
    assert_true(o->custom);
    assert_int_equal(meta_fixture_int(t, "SELECT count(*) FROM {campaign_visits}"), 0);
    assert_int_equal(meta_fixture_int(t, "SELECT count(*) FROM {campaign_visits_h}"), 0);
    assert_non_null(
        object_relation(meta_object(t->cx.meta, STR("account")), STR("campaign_visits")));
    assert_non_null(
        object_relation(meta_object(t->cx.meta, STR("contact")), STR("campaign_visits")));
    assert_true(has_layout(o, "form") && has_layout(o, "list") && has_layout(o, "board"));
    const Field *rest = object_field(o, STR("rest"));
    assert_int_equal(rest->kind, F_FORMULA);
    assert_int_equal(rest->n_columns, 0);
    assert_int_equal(object_field(o, STR("budget"))->n_columns, 4);
    meta_fixture_reopen(t);
    o = meta_object(t->cx.meta, STR("campaign_visit"));
    assert_non_null(o);
    assert_int_equal(t->cx.meta->version, version + 1);
}

TEST(meta_change, makes_the_object_of_the_contract) { meta_fixture_run(makes_object); }

static void old_snapshot(MetaTest *t)
{
    const Meta *before = meta_acquire(t->store);
    make(t, VISIT);
    assert_null(meta_object(before, STR("campaign_visit")));
    assert_non_null(meta_object(t->cx.meta, STR("campaign_visit")));
    meta_release(before);
}

TEST(meta_change, leaves_the_snapshot_of_others_alone) { meta_fixture_run(old_snapshot); }

static void expect_error(MetaTest *t, const char *text, const char *path, const char *code)
{
    Plan *plan;
    ASSERT_ST(ST_INVALID, create(t, text, &plan));
    const FieldError *e = meta_fixture_error(t, path);
    if (!e)
        fail_msg("no error at %s for %s", path, text);
    assert_string_equal(e->code, code);
    meta_fixture_next(t);
}

static void refuses(MetaTest *t)
{
    expect_error(t, "{'object':'Visit','plural':'visits'}", "object", "bad_name");
    expect_error(t, "{'object':'account','plural':'visits'}", "object", "duplicate");
    expect_error(t, "{'object':'tour','plural':'accounts'}", "plural", "duplicate");
    expect_error(t, "{'object':'tour','plural':'jobs'}", "plural", "reserved");
    expect_error(t, "{'object':'tour','plural':'gx_visits'}", "plural", "reserved");
    expect_error(t, "{'object':'tour','plural':'tours_h'}", "plural", "reserved");
    expect_error(t, "{'object':'tour','plural':'l_12'}", "plural", "reserved");
    expect_error(t, "{'object':'tour','plural':'tours','colour':1}", "colour", "unknown_attribute");
    expect_error(t, "{'object':'tour','plural':'tours','title':'none'}", "title", "no_match");
    expect_error(t, "{'object':'tour','plural':'tours','traits':['shared']}", "traits",
                 "bad_value");
    expect_error(t, "{'object':'tour','plural':'tours','traits':['line']}", "traits", "required");
    expect_error(t, "{'object':'tour','plural':'tours','traits':['numbered']}", "number",
                 "bad_value");
}

TEST(meta_change, refuses_bad_objects_with_the_path) { meta_fixture_run(refuses); }

static void expect_field_error(MetaTest *t, const char *field, const char *part, const char *code)
{
    char text[1000], path[100];
    snprintf(text, sizeof(text),
             "{'object':'tour','plural':'tours','fields':[{'name':'name','type':'text'},%s]}",
             field);
    snprintf(path, sizeof(path), "fields[1].%s", part);
    expect_error(t, text, path, code);
}

static void refuses_fields(MetaTest *t)
{
    expect_field_error(t, "{'name':'x','type':'rollup'}", "of", "required");
    expect_field_error(t, "{'name':'x','type':'nonsense'}", "type", "bad_value");
    expect_field_error(t, "{'name':'version','type':'text'}", "name", "reserved");
    expect_field_error(t, "{'name':'between','type':'text'}", "name", "reserved");
    expect_field_error(t, "{'name':'name','type':'text'}", "name", "duplicate");
    expect_field_error(t, "{'name':'x','type':'text','max':0}", "max", "out_of_range");
    expect_field_error(t, "{'name':'x','type':'text','scale':2}", "scale", "unknown_attribute");
    expect_field_error(t, "{'name':'x','type':'decimal','scale':10}", "scale", "out_of_range");
    expect_field_error(t, "{'name':'x','type':'decimal','min':'0.001'}", "min", "bad_value");
    expect_field_error(t, "{'name':'x','type':'link','to':'nothing'}", "to", "no_match");
    expect_field_error(t, "{'name':'x','type':'choice','list':'nothing'}", "list", "no_match");
    expect_field_error(t, "{'name':'x','type':'choice'}", "choices", "required");
    expect_field_error(t, "{'name':'x','type':'choice','choices':[{'value':'a'},{'value':'a'}]}",
                       "choices[1].value", "duplicate");
    expect_field_error(t, "{'name':'x','type':'integer','default':'many'}", "default", "bad_value");
    expect_field_error(t, "{'name':'x','type':'boolean','unique':true}", "unique", "bad_value");
    expect_field_error(t, "{'name':'x','type':'text','label':{'fr':'x'}}", "label", "bad_value");
    expect_field_error(t, "{'name':'x','type':'formula','result':'money'}", "of", "required");
}

TEST(meta_change, refuses_bad_fields_with_the_path) { meta_fixture_run(refuses_fields); }

static void too_many(MetaTest *t)
{
    Buf body = buf_in(t->arena, 200000);
    Plan *plan;
    buf_lit(&body, "{'object':'wide','plural':'wides','fields':[");
    for (int i = 0; i < 250; i++) /* four columns each */
        buf_printf(&body, "%s{'name':'m%d','type':'money'}", i ? "," : "", i);
    buf_lit(&body, "]}");
    ASSERT_ST(ST_INVALID, create(t, buf_z(&body), &plan));
    assert_string_equal(meta_fixture_error(t, "fields")->code, "too_many");
}

TEST(meta_change, limits_the_columns) { meta_fixture_run(too_many); }

static void renames(MetaTest *t)
{
    make(t, VISIT);
    const Field *f = object_field(meta_object(t->cx.meta, STR("campaign_visit")), STR("phase"));
    uint32_t number = f->number;
    change_field(t, "campaign_visit", "phase", "{'name':'step','label':{'en':'Step'}}");
    const Object *o = meta_object(t->cx.meta, STR("campaign_visit"));
    assert_null(object_field(o, STR("phase")));
    f = object_field(o, STR("step"));
    assert_non_null(f);
    assert_int_equal(f->number, number);
    assert_true(str_is(f->key, "phase"));
    assert_true(str_is(f->label.en, "Step"));
    meta_fixture_reopen(t);
    f = object_field(meta_object(t->cx.meta, STR("campaign_visit")), STR("step"));
    assert_int_equal(f->number, number);
}

TEST(meta_change, renames_without_touching_the_column) { meta_fixture_run(renames); }

static void adds_and_removes(MetaTest *t)
{
    add_field(t, "account", "{'name':'nickname','type':'text','max':40}");
    const Field *f = object_field(meta_object(t->cx.meta, STR("account")), STR("nickname"));
    assert_non_null(f);
    uint32_t first = f->number;
    char sql[100];
    snprintf(sql, sizeof(sql), "SELECT count(c_%u) FROM {accounts}", first);
    assert_int_equal(meta_fixture_int(t, sql), 0);
    change_field(t, "account", "nickname", "{'removed':true}");
    assert_null(object_field(meta_object(t->cx.meta, STR("account")), STR("nickname")));
    assert_int_equal(meta_fixture_int(t, sql), 0); /* the column stays */
    add_field(t, "account", "{'name':'nickname','type':'integer'}");
    f = object_field(meta_object(t->cx.meta, STR("account")), STR("nickname"));
    assert_int_not_equal(f->number, first);
    assert_true(str_is(f->key, "nickname_2"));
}

TEST(meta_change, adds_to_shipped_objects_and_removes) { meta_fixture_run(adds_and_removes); }

static void refuses_patches(MetaTest *t)
{
    Plan *plan;
    ASSERT_ST(ST_INVALID, patch_field(t, "account", "name", "{'removed':true}", &plan));
    assert_non_null(meta_fixture_error(t, "removed"));
    meta_fixture_next(t);
    ASSERT_ST(ST_INVALID, patch_field(t, "account", "name", "{'type':'integer'}", &plan));
    assert_string_equal(meta_fixture_error(t, "type")->code, "not_available");
    meta_fixture_next(t);
    ASSERT_ST(ST_INVALID, patch_field(t, "account", "name", "{'max':100}", &plan));
    assert_non_null(meta_fixture_error(t, "max"));
    meta_fixture_next(t);
    ASSERT_ST(ST_INVALID, patch_field(t, "account", "version", "{'required':true}", &plan));
    meta_fixture_next(t);
    change_field(t, "account", "name", "{'max':300,'help':{'en':'As registered'}}");
    const Field *f = object_field(meta_object(t->cx.meta, STR("account")), STR("name"));
    assert_int_equal(f->max, 300);
    assert_true(str_is(f->help.en, "As registered"));
}

TEST(meta_change, widens_but_never_narrows) { meta_fixture_run(refuses_patches); }

static void patches_object(MetaTest *t)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    Plan *plan = plan_new(&t->cx);
    json_t *body =
        meta_fixture_json(t, "{'label':{'zh-CN':'会员','en':'Member'},'icon':'star','layouts':["
                             "{'layout':'account.list','kind':'list','fields':['name','phone']}]}");
    ASSERT_OK(meta_patch_object(&t->cx, t->store, meta_object(t->cx.meta, STR("account")), body,
                                plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_reopen(t);
    const Object *o = meta_object(t->cx.meta, STR("account"));
    assert_true(str_is(o->label.zh, "会员"));
    assert_true(str_is(o->icon, "star"));
    assert_true(has_layout(o, "form"));
    plan = plan_new(&t->cx);
    answer = buf_in(t->arena, 1024 * 1024);
    body = meta_fixture_json(t, "{'layouts':[{'layout':'account.list','kind':'list',"
                                "'fields':['name','nonsense']}]}");
    ASSERT_ST(ST_INVALID, meta_patch_object(&t->cx, t->store, o, body, plan, &answer));
    assert_true(t->cx.err.fields.n == 1);
    assert_true(str_ends(t->cx.err.fields.v[0].field, STR(".fields[1]")));
}

TEST(meta_change, patches_label_icon_and_layouts) { meta_fixture_run(patches_object); }

static void two_at_once(MetaTest *t)
{
    Plan *first, *second;
    ASSERT_OK(create(t, "{'object':'one','plural':'ones'}", &first));
    ASSERT_OK(create(t, "{'object':'two','plural':'twos'}", &second));
    ASSERT_OK(meta_fixture_apply(t, first));
    ASSERT_ST(ST_RETRY, meta_fixture_apply(t, second));
    meta_fixture_next(t);
    assert_null(meta_object(t->cx.meta, STR("two")));
    make(t, "{'object':'two','plural':'twos'}");
    assert_non_null(meta_object(t->cx.meta, STR("one")));
    assert_non_null(meta_object(t->cx.meta, STR("two")));
    assert_true(meta_object(t->cx.meta, STR("one"))->number !=
                meta_object(t->cx.meta, STR("two"))->number);
}

TEST(meta_change, lets_only_one_of_two_changes_through) { meta_fixture_run(two_at_once); }

static void another_node(MetaTest *t)
{
    MetaStore *other;
    ASSERT_OK(meta_open(&t->cx, t->pool, NULL, &other));
    make(t, VISIT);
    const Meta *stale = meta_acquire(other);
    assert_null(meta_object(stale, STR("campaign_visit")));
    meta_release(stale);
    ASSERT_OK(meta_refresh(&t->cx, other));
    const Meta *fresh = meta_acquire(other);
    assert_non_null(meta_object(fresh, STR("campaign_visit")));
    meta_release(fresh);
    meta_close(other);
}

TEST(meta_change, reaches_other_nodes_by_refresh) { meta_fixture_run(another_node); }

TEST_MAIN("meta_change")
