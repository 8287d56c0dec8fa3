/* SPDX-License-Identifier: Apache-2.0 */
/* Field types: forms of the API and of files, refusals, and the way through both engines.
 * Covers: field.c field_id.c field_text.c field_long_text.c field_integer.c field_decimal.c
 * field_percent.c field_money.c field_boolean.c field_date.c field_datetime.c field_choice.c
 * field_link.c field_links.c field_email.c field_phone.c field_auto_number.c field_formula.c
 * field_duration.c field_choices.c field_tags.c field_set.c field_url.c field_address.c
 * field_parts.c field_geo.c field_json.c field_rating.c field_color.c field_registration.c
 * field_rich_text.c */
#include "meta/field/field.h"
#include "meta/meta_fixture.h"

static const char ALL[] =
    "{'object':'thing','plural':'things','title':'name','traits':['numbered'],"
    "'number':'T{YYYY}{0000}','fields':["
    "{'name':'name','type':'text','max':5},{'name':'note','type':'long_text'},"
    "{'name':'count','type':'integer','min':0,'max':'9007199254740993'},"
    "{'name':'weight','type':'decimal','scale':3},{'name':'share','type':'percent','max':'100'},"
    "{'name':'price','type':'money','scale':2},{'name':'done','type':'boolean'},"
    "{'name':'day','type':'date'},{'name':'moment','type':'datetime'},"
    "{'name':'kind','type':'choice','choices':[{'value':'plan','label':{'zh-CN':'计划','en':'Plan'}"
    "},"
    " {'value':'run','label':{'zh-CN':'执行','en':'Run'}},{'value':'old','retired':true}]},"
    "{'name':'account','type':'link','to':'account'},"
    "{'name':'guests','type':'links','to':'contact'},{'name':'mail','type':'email'},"
    "{'name':'tel','type':'phone'},{'name':'worth','type':'formula','of':'price * share / 100',"
    " 'result':'money'},"
    "{'name':'span','type':'duration'},{'name':'site','type':'url'},"
    "{'name':'roles','type':'choices','choices':[{'value':'b','label':{'zh-CN':'乙','en':'Bee'}},"
    " {'value':'a','label':{'zh-CN':'甲','en':'Ay'}},{'value':'gone','retired':true}]},"
    "{'name':'words','type':'tags'},{'name':'at','type':'address'},{'name':'place','type':'geo'},"
    "{'name':'data','type':'json','max':40},{'name':'stars','type':'rating'},"
    "{'name':'ten','type':'rating','max':10},{'name':'tint','type':'color'},"
    "{'name':'firm','type':'text','max':18,'format':'registration_number'},"
    "{'name':'shop','type':'text','max':18,'format':'registration_number_or_old'}]}";

static const Object *thing(MetaTest *t)
{
    Plan *plan = plan_new(&t->cx);
    json_t *rates = meta_fixture_json(t, "{'exchange_rates':{'USD':'7.1'}}");
    ASSERT_OK(meta_set_organisation(&t->cx, t->store, rates, plan));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    Buf answer = buf_in(t->arena, 1024 * 1024);
    plan = plan_new(&t->cx);
    ASSERT_OK(meta_create_object(&t->cx, t->store, meta_fixture_json(t, ALL), plan, &answer));
    ASSERT_OK(meta_fixture_apply(t, plan));
    meta_fixture_next(t);
    return meta_object(t->cx.meta, STR("thing"));
}

static Status parse(MetaTest *t, const Field *f, const char *json, Value *v)
{
    char text[400];
    snprintf(text, sizeof(text), "[%s]", json);
    json_t *list = meta_fixture_json(t, text);
    error_clear(&t->cx);
    TRY(f->type->parse(&t->cx, f, json_array_get(list, 0), v));
    return value_is_null(v) ? ST_OK : f->type->validate(&t->cx, f, v);
}

static const char *json_of(MetaTest *t, const Field *f, const Value *v)
{
    Buf b = buf_in(t->arena, 100000);
    f->type->json(&b, f, v);
    return buf_z(&b);
}

/* {field, what comes in, what goes out; NULL: refused} ; ' stands for " */
typedef struct Form {
    const char *field, *in, *out;
} Form;

static const Form forms[] = {
    {"name", "'中文字五个'", "'中文字五个'"},
    {"name", "'sixsix'", NULL},
    {"name", "1", NULL},
    {"name", "''", "null"},
    {"note", "'two\\nlines'", "'two\\nlines'"},
    {"count", "12", "12"},
    {"count", "'12'", "12"},
    {"count", "12.0", "12"},
    {"count", "12.5", NULL},
    {"count", "-1", NULL},
    {"count", "9007199254740993", "'9007199254740993'"},
    {"count", "9007199254740994", NULL},
    {"count", "true", NULL},
    {"weight", "'1.5'", "'1.500'"},
    {"weight", "1.5", "'1.500'"},
    {"weight", "0.1", "'0.100'"},
    {"weight", "'1.5000'", "'1.500'"},
    {"weight", "'1.5001'", NULL},
    {"weight", "'1e3'", NULL},
    {"share", "15", "'15.00'"},
    {"share", "'100.01'", NULL},
    {"price", "'1234.50'", "{'value':'1234.50','currency':'CNY'}"},
    {"price", "{'value':'12','currency':'USD'}", "{'value':'12.00','currency':'USD'}"},
    {"price", "{'value':'12','currency':'EUR'}", NULL},
    {"price", "{'value':'12.345','currency':'CNY'}", NULL},
    {"price", "{'value':'12','cents':1}", NULL},
    {"price", "{}", NULL},
    {"done", "true", "true"},
    {"done", "'true'", NULL},
    {"day", "'2024-02-29'", "'2024-02-29'"},
    {"day", "'2023-02-29'", NULL},
    {"day", "'2024/02/29'", NULL},
    {"moment", "'2026-03-01T10:00:00+08:00'", "'2026-03-01T02:00:00.000Z'"},
    {"moment", "'2026-03-01'", NULL},
    {"kind", "'run'", "'run'"},
    {"kind", "'执行'", NULL},
    {"kind", "'old'", NULL},
    {"account", "'84213377'", "{'id':'84213377'}"},
    {"account", "{'id':'84213377'}", "{'id':'84213377'}"},
    {"account", "84213377", NULL},
    {"account", "'-1'", NULL},
    {"guests", "['30','4','30']", "[{'id':'4'},{'id':'30'}]"},
    {"guests", "[{'id':'5'}]", "[{'id':'5'}]"},
    {"guests", "[]", "null"},
    {"guests", "['x']", NULL},
    {"mail", "'Ana.Li@Example.COM'", "'ana.li@example.com'"},
    {"mail", "'ana'", NULL},
    {"mail", "'a b@example.com'", NULL},
    {"mail", "'a@b..c'", NULL},
    {"mail", "' ＡＢＣ＠Example．com '", "'abc@example.com'"},
    {"mail", "'first.last+tag@sub.example.co'", "'first.last+tag@sub.example.co'"},
    {"mail", "'.a@b.cn'", NULL},
    {"mail", "'a..b@c.cn'", NULL},
    {"mail", "'a@-b.cn'", NULL},
    {"mail", "'a@b.1'", NULL},
    {"mail", "'a@b.c'", NULL},
    {"mail", "'a@b@c.cn'", NULL},
    {"mail", "'用户@例子.中国'", "'用户@例子.中国'"},
    {"tel", "' +86 (571) 8888-6666'", "'+86 (571) 8888-6666'"},
    {"tel", "'call me'", NULL},
    {"tel", "'12'", NULL},
    {"worth", "'1'", NULL},
    {"span", "'P1DT90M'", "'PT25H30M'"},
    {"span", "'-PT1.5S'", "'-PT1.500S'"},
    {"span", "'P1M'", NULL},
    {"span", "'PT'", NULL},
    {"span", "90", NULL},
    {"span", "'P9999999W'", NULL},
    {"site", "'Example.COM/A?b=C'", "'https://example.com/A?b=C'"},
    {"site", "'HTTP://例子.中国:8080'", "'http://例子.中国:8080'"},
    {"site", "'javascript:alert(1)'", NULL},
    {"site", "'data:text/html,x'", NULL},
    {"site", "'https://user@evil.cn'", NULL},
    {"site", "'ftp://a.cn'", NULL},
    {"site", "'a.cn/x y'", NULL},
    {"site", "'nodot'", NULL},
    {"roles", "['b','a','b']", "['a','b']"},
    {"roles", "[]", "null"},
    {"roles", "['c']", NULL},
    {"roles", "['gone']", NULL},
    {"roles", "'a'", NULL},
    {"roles", "[1]", NULL},
    {"words", "[' VIP ','老客户','VIP']", "['VIP','老客户']"},
    {"words", "['a;b']", NULL},
    {"words", "['']", NULL},
    {"words", "['12345678901234567890123456789012345678901']", NULL},
    {"at", "{'province':'浙江省','city':'杭州','street':'文三路'}",
     "{'country':null,'province':'zhejiang','city':'hangzhou','district':null,'street':'文三路',"
     "'postcode':null}"},
    {"at", "{'city':'hangzhou'}",
     "{'country':null,'province':'zhejiang','city':'hangzhou','district':null,'street':null,"
     "'postcode':null}"},
    {"at", "{'country':'中国','province':'zhejiang'}",
     "{'country':'CN','province':'zhejiang','city':null,'district':null,'street':null,"
     "'postcode':null}"},
    {"at", "{'country':'France','city':'Paris','postcode':'75001'}",
     "{'country':'France','province':null,'city':'Paris','district':null,'street':null,"
     "'postcode':'75001'}"},
    {"at", "{'province':'nowhere'}", NULL},
    {"at", "{'province':'jiangsu','city':'hangzhou'}", NULL},
    {"at", "{'town':'x'}", NULL},
    {"at", "{'street':1}", NULL},
    {"at", "'Hangzhou'", NULL},
    {"at", "{'street':' '}", "null"},
    {"place", "{'lat':30.2741,'lng':120.15512345678}", "{'lat':30.2741000,'lng':120.1551235}"},
    {"place", "{'lat':'-90','lng':180}", "{'lat':-90.0000000,'lng':180.0000000}"},
    {"place", "{'lat':91,'lng':0}", NULL},
    {"place", "{'lat':0,'lng':1e300}", NULL},
    {"place", "{'lat':0}", NULL},
    {"place", "[1,2]", NULL},
    {"data", "{'b':[1,null],'a':'x'}", "{'a':'x','b':[1,null]}"},
    {"data", "false", "false"},
    {"data", "['1234567890123456789012345678901234567890']", NULL},
    {"stars", "5", "5"},
    {"stars", "6", NULL},
    {"stars", "0", NULL},
    {"stars", "2.5", NULL},
    {"ten", "10", "10"},
    {"tint", "'rouge'", "'rouge'"},
    {"tint", "'red'", NULL},
    {"firm", "'91350100M000100Y43'", "'91350100M000100Y43'"}, /* the example of GB 32100-2015 */
    {"firm", "' 9135 0100-m000100y43'", "'91350100M000100Y43'"},
    {"firm", "'91350100M000100Y44'", NULL},
    {"firm", "'91350100M000010Y43'", NULL},
    {"firm", "'110108000000016'", NULL},
    {"shop", "'110108000000016'", "'110108000000016'"}, /* the example of GS 15-2006 */
    {"shop", "'110108000000017'", NULL},
    {"shop", "'91350100M000100Y43'", "'91350100M000100Y43'"},
};

static void with_quotes(char *out, size_t size, const char *in)
{
    snprintf(out, size, "%s", in);
    for (char *p = out; *p; p++) {
        if (*p == '\'')
            *p = '"';
    }
}

static void reads_and_writes(MetaTest *t)
{
    const Object *o = thing(t);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const Form *form = &forms[i];
        const Field *f = object_field(o, str_of(form->field));
        Value v = VALUE_NULL;
        char expected[200];
        Status st = parse(t, f, form->in, &v);
        if ((st == ST_OK) != (form->out != NULL))
            fail_msg("%s: %s gives status %d", form->field, form->in, st);
        if (!form->out) {
            assert_int_equal(t->cx.err.fields.n, 1);
            continue;
        }
        with_quotes(expected, sizeof(expected), form->out);
        assert_string_equal(value_is_null(&v) ? "null" : json_of(t, f, &v), expected);
    }
}

TEST(field, reads_and_writes_the_forms_of_the_api) { meta_fixture_run(reads_and_writes); }

/* {field, text of a file, JSON; NULL: refused} */
static const Form texts[] = {
    {"count", "1,234", "1234"},
    {"count", "１２", "12"},
    {"weight", "1,234.5", "'1234.500'"},
    {"share", "15%", "'15.00'"},
    {"price", "¥1,234.50", "{'value':'1234.50','currency':'CNY'}"},
    {"price", "USD 12", "{'value':'12.00','currency':'USD'}"},
    {"price", "12 USD", "{'value':'12.00','currency':'USD'}"},
    {"price", "many", NULL},
    {"done", "是", "true"},
    {"done", "Yes", "true"},
    {"done", "✓", "true"},
    {"done", "0", "false"},
    {"done", "否", "false"},
    {"done", "maybe", NULL},
    {"day", "2026年3月1日", "'2026-03-01'"},
    {"day", "2026/3/1", "'2026-03-01'"},
    {"day", "2026-03-01 00:00:00", "'2026-03-01'"},
    {"moment", "2026-03-01 09:30", "'2026-03-01T01:30:00.000Z'"},
    {"moment", "2026/3/1 9:30:15", "'2026-03-01T01:30:15.000Z'"},
    {"moment", "2026-03-01T01:30:00Z", "'2026-03-01T01:30:00.000Z'"},
    {"moment", "2026-03-01 25:00", NULL},
    {"kind", "执行", "'run'"},
    {"kind", "RUN", "'run'"},
    {"kind", "runn", NULL},
    {"mail", " A@B.CN ", "'a@b.cn'"},
    {"span", "1:30", "'PT1H30M'"},
    {"span", "0:01:30", "'PT1M30S'"},
    {"span", "90", "'PT1H30M'"},
    {"span", "PT2H", "'PT2H'"},
    {"span", "1:60", NULL},
    {"roles", "甲；Bee", "['a','b']"},
    {"roles", "丙", NULL},
    {"words", "VIP, 老客户、新 客", "['VIP','新 客','老客户']"},
    {"at", "浙江省杭州市西湖区文三路 90 号",
     "{'country':null,'province':'zhejiang','city':'hangzhou','district':'西湖区',"
     "'street':'文三路 90 号','postcode':null}"},
    {"at", "12 Main Street",
     "{'country':null,'province':null,'city':null,'district':null,'street':'12 Main Street',"
     "'postcode':null}"},
    {"place", "30.2741, 120.1551", "{'lat':30.2741000,'lng':120.1551000}"},
    {"place", "30.2741", NULL},
    {"data", " {\"b\": 1} ", "{'b':1}"},
    {"data", "{b:1}", NULL},
    {"stars", "★★★☆☆", "3"},
    {"stars", "4", "4"},
    {"tint", "胭脂", "'rouge'"},
    {"site", "www.example.com", "'https://www.example.com'"},
};

/* {as typed, the form that equal numbers share; NULL: refused} */
static const char *const phones[][2] = {
    {"+86 (571) 8888-6666", "+8657188886666"},
    {"0086-571-88886666", "+8657188886666"},
    {"+86 (0)571 88886666", "+8657188886666"},
    {"0571-88886666", "+8657188886666"},
    {"010 6552 9988", "+861065529988"},
    {"0517-8888666", "+865178888666"},
    {"１３８　００００　１１１１", "+8613800001111"},
    {"8613800001111", "+8613800001111"},
    {"138-0000-1111", "+8613800001111"},
    {"400-800-1234", "+864008001234"},
    {"8888 6666 转 123", "88886666x123"},
    {"8888-6666 分机：9", "88886666x9"},
    {"0571-88886666 ext. 12", "+8657188886666x12"},
    {"95588", "95588"},
    {"+1 (415) 555-0100", "+14155550100"},
    {"001 415 555 0100", "+14155550100"},
    {"call me", NULL},
    {"12", NULL},
};

TEST(field, gives_equal_telephone_numbers_one_form)
{
    Arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT_OF(phones); i++) {
        Str number;
        bool is = field_phone_common(a, str_of(phones[i][0]), &number);
        assert_int_equal(is, phones[i][1] != NULL);
        if (is && !str_is(number, phones[i][1]))
            fail_msg("%s became %.*s", phones[i][0], STR_ARG(number));
    }
    arena_free(a);
}

static void parts(MetaTest *t)
{
    const Object *o = thing(t);
    const Field *at = object_field(o, STR("at")), *place = object_field(o, STR("place"));
    const Field *city = field_named_part(at, STR("city"));
    Value v;
    assert_non_null(city);
    assert_string_equal(city->columns[0].name, at->columns[ADDRESS_CITY].name);
    assert_int_equal(city->index, at->index);
    assert_null(field_named_part(at, STR("planet")));
    ASSERT_OK(parse(t, at, "{'city':'hangzhou'}", &v));
    assert_true(str_is(field_part_value(city, &v).s, "hangzhou"));
    assert_int_equal(field_part_value(&at->parts[ADDRESS_STREET], &v).t, V_NULL);
    ASSERT_OK(parse(t, place, "{'lat':1.5,'lng':-2}", &v));
    assert_int_equal(field_part_value(field_named_part(place, STR("lng")), &v).i, -20000000);
    Value merged;
    ASSERT_OK(parse(t, at, "{'country':'France','city':'Paris'}", &v));
    ASSERT_OK(field_address_merge(&t->cx, at, &v,
                                  meta_fixture_json(t, "{'city':null,'street':'Rue 1'}"), &merged));
    assert_string_equal(json_of(t, at, &merged),
                        "{\"country\":\"France\",\"province\":null,\"city\":null,"
                        "\"district\":null,\"street\":\"Rue 1\",\"postcode\":null}");
}

TEST(field, names_the_parts_of_addresses_and_places) { meta_fixture_run(parts); }

static void reads_files(MetaTest *t)
{
    const Object *o = thing(t);
    TextForm form = {.zone = zone_get(STR("Asia/Shanghai"))};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const Field *f = object_field(o, str_of(texts[i].field));
        Value v = VALUE_NULL;
        char expected[200];
        error_clear(&t->cx);
        Status st = f->type->parse_text(&t->cx, f, str_of(texts[i].in), &form, &v);
        if ((st == ST_OK) != (texts[i].out != NULL))
            fail_msg("%s: %s gives status %d", texts[i].field, texts[i].in, st);
        if (!texts[i].out)
            continue;
        with_quotes(expected, sizeof(expected), texts[i].out);
        assert_string_equal(json_of(t, f, &v), expected);
    }
    const Field *kind = object_field(o, STR("kind"));
    Value v;
    error_clear(&t->cx);
    ASSERT_ST(ST_INVALID, kind->type->parse_text(&t->cx, kind, STR("runn"), &form, &v));
    assert_true(str_is(t->cx.err.fields.v[0].suggestion, "run"));
    assert_string_equal(t->cx.err.fields.v[0].code, "no_match");
}

TEST(field, reads_what_people_write_in_files) { meta_fixture_run(reads_files); }

static void money_has_base(MetaTest *t)
{
    const Field *f = object_field(thing(t), STR("price"));
    Value v;
    ASSERT_OK(parse(t, f, "{'value':'0.05','currency':'USD'}", &v));
    assert_int_equal(v.money.base, 36); /* 0.355 half-even */
    assert_int_equal(v.money.rate, INT64_C(7100000000));
    ASSERT_OK(parse(t, f, "'92233720368547758.07'", &v));
    ASSERT_ST(ST_INVALID, parse(t, f, "{'value':'92233720368547758.07','currency':'USD'}", &v));
    assert_string_equal(t->cx.err.fields.v[0].code, "out_of_range");
}

TEST(field, keeps_the_worth_of_money_at_home) { meta_fixture_run(money_has_base); }

/* ---- through the database */

static void bind_field(Sql *columns, Sql *values, const Field *f, const Value *v, Arena *a)
{
    DbVal parts[FIELD_COLUMNS];
    f->type->store(a, f, v, parts);
    for (int i = 0; i < f->n_columns; i++) {
        sql_lit(columns, ", ");
        sql_column(columns, -1, f, i);
        sql_lit(values, ", ");
        sql_bind(values, parts[i]);
    }
}

static void insert(MetaTest *t, const Object *o, const Value *values)
{
    Sql q = sql_new(t->arena), list = sql_fragment(&q);
    sql_lit(&q, "INSERT INTO ");
    sql_table(&q, o);
    sql_lit(&q, " (changed");
    sql_lit(&list, ") VALUES (1");
    for (size_t i = 0; i < o->n_fields; i++)
        bind_field(&q, &list, o->fields[i], &values[i], t->arena);
    sql_append(&q, &list);
    sql_lit(&q, ")");
    Plan *plan = plan_new(&t->cx);
    plan_exec(plan, sql_text(&q), q.vals->v, q.vals->n);
    ASSERT_OK(meta_fixture_apply(t, plan));
}

static void select_all(MetaTest *t, const Object *o, Value *values)
{
    CLEANUP(stmt) Stmt *stmt = NULL;
    Sql q = sql_new(t->arena);
    bool found;
    int col = 1;
    sql_lit(&q, "SELECT changed");
    for (size_t i = 0; i < o->n_fields; i++) {
        for (int c = 0; c < o->fields[i]->n_columns; c++) {
            sql_lit(&q, ", ");
            sql_column(&q, -1, o->fields[i], c);
        }
    }
    sql_lit(&q, " FROM ");
    sql_table(&q, o);
    ASSERT_OK(db_prepare_str(&t->cx, sql_text(&q), &stmt));
    ASSERT_OK(db_next(stmt, &found));
    assert_true(found);
    for (size_t i = 0; i < o->n_fields; i++) {
        o->fields[i]->type->load(t->arena, o->fields[i], stmt, col, &values[i]);
        values[i] = value_copy(t->arena, values[i]);
        col += o->fields[i]->n_columns;
    }
}

static void set(MetaTest *t, const Object *o, Value *values, const char *name, const char *json)
{
    const Field *f = object_field(o, str_of(name));
    if (parse(t, f, json, &values[f->index]) != ST_OK)
        fail_msg("%s: %s refused", name, json);
}

static void set_system(MetaTest *t, const Object *o, Value *values)
{
    set(t, o, values, "id", "'77'");
    set(t, o, values, "version", "1");
    set(t, o, values, "created_at", "'2026-03-01T02:00:00Z'");
    set(t, o, values, "updated_at", "'2026-03-01T02:00:00Z'");
}

static void round_trip(MetaTest *t)
{
    const Object *o = thing(t);
    Value *in = ARENA_ARRAY(t->arena, Value, o->n_fields);
    Value *out = ARENA_ARRAY(t->arena, Value, o->n_fields);
    static const char *const values[][2] = {{"name", "'张三'"},
                                            {"note", "'a\\nb'"},
                                            {"count", "-0"},
                                            {"weight", "'-1.5'"},
                                            {"share", "'12.34'"},
                                            {"price", "{'value':'-3.30','currency':'USD'}"},
                                            {"done", "false"},
                                            {"day", "'1969-12-31'"},
                                            {"kind", "'plan'"},
                                            {"moment", "'1969-12-31T23:59:59.999Z'"},
                                            {"account", "'123'"},
                                            {"guests", "['9','1','9007199254740993']"},
                                            {"mail", "'a@b.cn'"},
                                            {"tel", "'+86571 x1'"},
                                            {"number", "'T20260001'"},
                                            {"span", "'PT1.001S'"},
                                            {"site", "'a.cn'"},
                                            {"roles", "['b','a']"},
                                            {"words", "['重要','a b']"},
                                            {"at", "{'country':'France','street':'Rue 1'}"},
                                            {"place", "{'lat':-1e-7,'lng':180}"},
                                            {"data", "{'a':[1.5,'中']}"},
                                            {"stars", "1"},
                                            {"ten", "10"},
                                            {"tint", "'slate'"}};
    set_system(t, o, in);
    for (size_t i = 0; i < COUNT_OF(values); i++)
        set(t, o, in, values[i][0], values[i][1]);
    insert(t, o, in);
    select_all(t, o, out);
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!value_equal(&in[i], &out[i]))
            fail_msg("%.*s came back otherwise", STR_ARG(o->fields[i]->name));
    }
    const Field *price = object_field(o, STR("price"));
    assert_int_equal(out[price->index].money.base, in[price->index].money.base);
    assert_int_equal(out[price->index].money.rate, in[price->index].money.rate);
}

TEST(field, keeps_every_value_through_the_database) { meta_fixture_run(round_trip); }

static void round_trip_nulls(MetaTest *t)
{
    const Object *o = thing(t);
    Value *in = ARENA_ARRAY(t->arena, Value, o->n_fields);
    Value *out = ARENA_ARRAY(t->arena, Value, o->n_fields);
    set_system(t, o, in);
    insert(t, o, in);
    select_all(t, o, out);
    for (size_t i = 0; i < o->n_fields; i++)
        assert_true(value_equal(&in[i], &out[i]));
}

TEST(field, keeps_nulls) { meta_fixture_run(round_trip_nulls); }

static void derives(MetaTest *t)
{
    const Field *name = object_field(thing(t), STR("name"));
    Value v = {.t = V_TEXT, .s = STR("ＡbＣ")};
    DbVal parts[FIELD_COLUMNS];
    name->type->store(t->arena, name, &v, parts);
    int k = field_part(name, 'k'), f = field_part(name, 'f');
    assert_true(k > 0 && f > 0);
    assert_int_equal(parts[k].type, DB_BLOB);
    assert_true(parts[k].s.n > 0);
    assert_true(str_is(parts[f].s, "abc"));
    assert_int_equal(field_part(name, 'z'), -1);
}

TEST(field, derives_sort_key_and_folded_text_of_titles) { meta_fixture_run(derives); }

static void shows(MetaTest *t)
{
    const Object *o = thing(t);
    static const char *const rows[][4] = {
        {"kind", "'run'", "执行", "Run"},
        {"done", "true", "是", "yes"},
        {"share", "15", "15.00%", "15.00%"},
        {"price", "'3'", "3.00 CNY", "3.00 CNY"},
        {"guests", "['4','2']", "2;4", "2;4"},
        {"roles", "['b','a']", "甲;乙", "Ay;Bee"},
        {"words", "['b','a']", "a;b", "a;b"},
        {"at", "{'city':'hangzhou','street':'文三路'}", "浙江杭州文三路",
         "Zhejiang Hangzhou 文三路"},
        {"tel", "'138 0000 1111'", "138 0000 1111", "138 0000 1111"},
        {"tint", "'rouge'", "胭脂", "Rouge"},
        {"span", "'PT90M'", "1:30", "1:30"},
        {"span", "'-PT1H0M5S'", "-1:00:05", "-1:00:05"},
        {"span", "'PT0.250S'", "PT0.250S", "PT0.250S"},
        {"span", "'-0:30'", "-0:30", "-0:30"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const Field *f = object_field(o, str_of(rows[i][0]));
        Value v;
        ASSERT_OK(parse(t, f, rows[i][1], &v));
        for (int lang = 0; lang < 2; lang++) {
            Buf b = buf_in(t->arena, 1000);
            f->type->text(&b, f, &v, lang ? LANG_EN : LANG_ZH);
            assert_string_equal(buf_z(&b), rows[i][2 + lang]);
        }
    }
}

TEST(field, shows_texts_for_people) { meta_fixture_run(shows); }

static void formulas(MetaTest *t)
{
    const Field *worth = object_field(thing(t), STR("worth"));
    Value day = {.t = V_DATE, .i = 0}, real = {.t = V_REAL, .r = 0.5},
          exact = {.t = V_DECIMAL, .scale = 4, .i = 12345};
    assert_string_equal(json_of(t, worth, &day), "\"1970-01-01\"");
    assert_string_equal(json_of(t, worth, &real), "0.5");
    assert_string_equal(json_of(t, worth, &exact), "\"1.2345\"");
    assert_int_equal(worth->result, F_MONEY);
    assert_int_equal(worth->scale, 2);
}

TEST(field, writes_formulas_by_their_value) { meta_fixture_run(formulas); }

TEST(field, knows_its_types_by_name)
{
    assert_ptr_equal(field_type(STR("auto_number")), field_type_of(F_AUTO_NUMBER));
    assert_null(field_type(STR("id")));
    assert_null(field_type(STR("telepathy")));
    for (int k = 0; k < F_KINDS; k++)
        if (field_type_of((FieldKind)k))
            assert_int_equal(field_type_of((FieldKind)k)->kind, k);
}

TEST_MAIN("field")
