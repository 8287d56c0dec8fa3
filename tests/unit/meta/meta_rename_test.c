/* SPDX-License-Identifier: Apache-2.0 */
/* Names in expressions: own names change; strings, paths of others and children's names do not. */
#include "meta/meta_change.h"
#include "meta_fixture.h"

static const char *const rows[][2] = {
    {"name = \"name\"", "title = \"name\""},
    {"name is null and names", "title is null and names"},
    {"account.name = name", "account.name = title"},
    {"name.first", "title.first"},
    {"any(contacts, name = \"x\") or name = \"y\"", "any(contacts, name = \"x\") or title = \"y\""},
    {"count(contacts, (name) = \")\") > 1 and name",
     "count(contacts, (name) = \")\") > 1 and title"},
    {"if(name = \"a\\\"name\", name, 1)", "if(title = \"a\\\"name\", title, 1)"},
    {"name(1)", "name(1)"},
    {"changed(name)", "changed(title)"},
    {"", ""},
};

static void renames(MetaTest *t)
{
    const Object *o = meta_object(t->cx.meta, STR("account"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Str out = meta_rename_text(t->arena, o, str_of(rows[i][0]), STR("name"), STR("title"));
        if (!str_is(out, rows[i][1]))
            fail_msg("%s became %.*s", rows[i][0], STR_ARG(out));
    }
}

TEST(meta_rename, changes_own_names_only) { meta_fixture_run(renames); }

/* What views group by: one name or several with commas. Renamed, and taken out. */
static const char *const groups[][3] = {
    {"{\"group\":\"name\"}", "{\"group\":\"title\"}", "{\"group\":null}"},
    {"{\"group\":\"owner,name\"}", "{\"group\":\"owner,title\"}", "{\"group\":\"owner\"}"},
    {"{\"group\":\"name,owner\"}", "{\"group\":\"title,owner\"}", "{\"group\":\"owner\"}"},
    {"{\"group\":\"names,owner\"}", NULL, NULL},
};

static void expect_group(MetaTest *t, json_t *became, const char *want)
{
    Buf text = buf_in(t->arena, 256);
    assert_int_equal(became != NULL, want != NULL);
    if (!became)
        return;
    json_write(&text, became);
    json_decref(became);
    if (!str_is(buf_str(&text), want))
        fail_msg("%.*s instead of %s", STR_ARG(buf_str(&text)), want);
}

static void groups_follow(MetaTest *t)
{
    const Object *o = meta_object(t->cx.meta, STR("account"));
    const MetaRename r = {.object = o, .old = STR("name"), .name = STR("title")};
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        json_t *body = NULL;
        ASSERT_OK(json_parse(&t->cx, str_of(groups[i][0]), &body));
        expect_group(t, meta_rename_parts(t->arena, &r, body), groups[i][1]);
        expect_group(t, meta_rename_without(t->arena, o, body, r.old), groups[i][2]);
    }
}

TEST(meta_rename, changes_each_name_views_group_by) { meta_fixture_run(groups_follow); }

static const char OBJECT[] =
    "{'object':'tour','plural':'tours','title':'name','fields':["
    "{'name':'name','type':'text'},{'name':'opens','type':'date'},{'name':'days','type':'integer',"
    " 'required_when':'opens is not null'}],'indexes':[['opens','days']],"
    "'rules':[{'name':'r','check':'opens is null or days > "
    "0','message':{'en':'x'},'field':'opens'}],"
    "'views':[{'view':'v','object':'tour','filter':'opens > today()','sort':['-opens'],"
    " 'columns':[{'field':'opens'}]}],"
    "'layouts':[{'layout':'tour.list','kind':'list','fields':['name','opens']}]}";

static void everywhere(MetaTest *t)
{
    Buf answer = buf_in(t->arena, 1024 * 1024);
    Plan *plan = plan_new(&t->cx);
    ASSERT_OK(meta_create_object(&t->cx, t->store, meta_fixture_json(t, OBJECT), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    const Object *o = meta_object(t->cx.meta, STR("tour"));
    answer = buf_in(t->arena, 1024 * 1024);
    plan = plan_new(&t->cx);
    ASSERT_OK(meta_patch_field(&t->cx, t->store, object_field(o, STR("opens")),
                               meta_fixture_json(t, "{'name':'begins'}"), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_reopen(t);
    o = meta_object(t->cx.meta, STR("tour"));
    answer = buf_in(t->arena, 1024 * 1024);
    meta_write_object(o, NULL, &answer);
    Str text = buf_str(&answer);
    assert_int_equal(str_find(text, STR("\"opens\"")) != SIZE_MAX, true); /* the key alone */
    assert_true(str_find(text, STR("opens ")) == SIZE_MAX);
    assert_true(str_find(text, STR("\"-begins\"")) != SIZE_MAX);
    assert_true(str_find(text, STR("begins > today()")) != SIZE_MAX);
    assert_true(str_is(o->rules[0].check, "begins is null or days > 0"));
    assert_true(str_is(o->rules[0].field, "begins"));
    assert_true(str_is(object_field(o, STR("days"))->required_when, "begins is not null"));
}

TEST(meta_rename, reaches_every_place_of_the_object) { meta_fixture_run(everywhere); }

TEST_MAIN("meta_rename")
