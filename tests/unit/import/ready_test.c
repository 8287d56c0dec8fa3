/* SPDX-License-Identifier: Apache-2.0 */
/* Ready mappings against the columns that the systems are known to write. Each row names where its headers are
 * published; what a mapping does not know stays open, and is counted. */
#include "import_fixture.h"

/* Headers of a file, of an object; how many of them get a field; what puts the name together. */
typedef struct Published {
    const char *system, *object, *headers, *where;
    int known;
    const char *name; /* NULL: a column of its own */
} Published;

static const Published PUBLISHED[] = {
    {"salesforce", "lead",
     "Lead ID,Full Name,Company,Lead Owner,Lead Source,Mobile Phone,Email,Website,Industry,"
     "Description,Street,City,State/Province,Zip/Postal Code,Country,Created Date,Data.com Key",
     "developer.salesforce.com, Field Reference Guide, Lead", 16, NULL},
    {"salesforce", "contact",
     "Id,IsDeleted,AccountId,LastName,FirstName,MailingStreet,MailingCity,MailingState,"
     "MailingPostalCode,MailingCountry,Phone,Fax,MobilePhone,Email,Title,Department,LeadSource,"
     "Birthdate,Description,CreatedDate",
     "developer.salesforce.com, Object Reference, Contact", 18, "{FirstName} {LastName}"},
    {"salesforce", "account",
     "Id,IsDeleted,Name,ParentId,BillingStreet,BillingCity,BillingState,BillingPostalCode,"
     "BillingCountry,Phone,Fax,Website,Industry,AnnualRevenue,NumberOfEmployees,Description,"
     "AccountSource,YearStarted,CreatedDate",
     "developer.salesforce.com, Object Reference, Account", 18, NULL},
    {"zoho", "account",
     "Account Name,Account Owner,Website,Ticker Symbol,Parent Account,Employees,Ownership,Industry,"
     "Account Type,Account Number,Account Site,Phone,Fax,Rating,SIC Code,Created By,Modified By,"
     "Annual Revenue,Billing Street,Billing City,Billing State,Billing Code,Billing Country",
     "zoho.com/crm/help/accounts/standard-fields.html", 15, NULL},
    {"zoho", "lead",
     "Lead Owner,Salutation,First Name,Title,Last Name,Company,Lead Source,Industry,Annual Revenue,"
     "Phone,Mobile,Fax,Email,Secondary Email,Skype ID,Web site,Lead Status,Rating,No. of Employees",
     "help.zoho.com, standard modules and fields, Leads", 11, "{First Name} {Last Name}"},
    {"hubspot", "account",
     "Record ID,Company name,Company owner,Create Date,Phone Number,Last Activity Date,City,"
     "Country/Region,Industry",
     "a company export in a public test of a program that reads it", 8, NULL},
    {"hubspot", "contact",
     "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,Associated Company,"
     "Country/Region,Contact owner",
     "a contact export in a public test of a program that reads it", 8, "{First Name} {Last Name}"},
    {"hubspot", "opportunity",
     "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Last Activity Date",
     "a deal export in a public test of a program that reads it", 6, NULL},
    {"wukong", "account", "客户名称,客户级别,客户行业,客户来源,成交状态,电话,网址,备注,详细地址",
     "WukongCRM-11.0-PHP, public/sql/5kcrm.sql", 8, NULL},
    {"cordys", "account",
     "客户名称,客户行业,客户等级,客户类型,客户来源,线上来源详情,客户标签,地区,负责人",
     "CordysCRM, form/field.json, customer", 7, NULL},
    {"cordys", "lead",
     "公司名称,线索进度,线索来源,线上来源详情,客户需求,联系人名称,联系人电话,意向产品,地区,负责人",
     "CordysCRM, form/field.json, clue", 9, NULL},
    {"cordys", "opportunity",
     "商机名称,客户名称,业务编码,商机来源,金额,意向产品,结束时间,可能性,联系人,客户标签,备注信息,"
     "负责人",
     "CordysCRM, form/field.json, opportunity", 11, NULL},
    {"guanjiapo", "order",
     "录单日期,单据编号,单据类型,往来单位编号,往来单位全名,经手人编号,经手人全名,部门编号,部门全名,"
     "摘要,附加说明,"
     "交货日期,优惠",
     "the document template, in a public program that fills it", 8, NULL},
    {"guanjiapo", "account", "往来单位全名,往来单位编号,联系人,联系电话,地址",
     "a list of customers, in a public program that reads it", 4, NULL},
    {"guanjiapo", "product", "商品编号,商品全名,规格,计量单位,辅助单位,最近销售时间",
     "a list of goods, in a public program that reads it", 4, NULL},
    /* of 纷享销客 no list of all columns is published; that templates mark what is required is seen */
    {"fxiaoke", "account", "客户名称（必填）,负责人（必填）,1级行业,客户级别,人员-普通成员-只读",
     "an import template, in a public program that fills one", 4, NULL},
};

static const json_t *ready_of(ImportTest *t, const char *object, Str path, const char *system)
{
    Buf out = buf_in(t->arena, 1 << 20);
    json_t *how = json_object(), *j = NULL, *ready;
    size_t i;
    json_own(t->arena, how);
    ASSERT_OK(import_preview(&t->cx, import_fixture_object(t, object), path, how, &out));
    ASSERT_OK(json_parse(&t->cx, buf_str(&out), &j));
    json_array_foreach(json_object_get(j, "ready"), i, ready)
    {
        if (str_is(json_get_str(ready, "name"), system))
            return ready;
    }
    fail_msg("%s is not offered for %s", system, object);
    return NULL;
}

static void check_published(ImportTest *t)
{
    for (size_t i = 0; i < COUNT_OF(PUBLISHED); i++) {
        const Published *p = &PUBLISHED[i];
        Str text = str_format(t->arena, "%s\n", p->headers);
        const json_t *ready =
            ready_of(t, p->object, import_fixture_file(t, "p.csv", text), p->system);
        const json_t *set = json_object_get(json_object_get(ready, "options"), "set");
        Str name = json_get_str(json_object_get(set, "name"), "template");
        if (json_get_int(ready, "columns", 0) != p->known)
            fail_msg("%s %s (%s): %lld columns are known", p->system, p->object, p->where,
                     (long long)json_get_int(ready, "columns", 0));
        if (p->name ? !str_is(name, p->name) : name.n)
            fail_msg("%s %s: the name is " STR_FMT, p->system, p->object, STR_ARG(name));
    }
}
TEST(ready, mappings_know_the_columns_that_are_published) { import_fixture_run(check_published); }

static json_t *import_ready(ImportTest *t, const char *system, const char *object, const char *csv)
{
    Str path = import_fixture_file(t, "r.csv", str_of(csv));
    Buf options = buf_in(t->arena, 1 << 16);
    json_write(&options, json_object_get(ready_of(t, object, path, system), "options"));
    return import_fixture_import(t, object, path, buf_z(&options));
}

/* People have two names there and one here; a Data Export names accounts by their ids. */
static void check_people(ImportTest *t)
{
    json_t *job = import_ready(t, "salesforce", "account",
                               "Id,Name,Industry,BillingStreet,BillingCity,BillingCountry\n"
                               "001A,Edge,Electronics,\"312 Constitution Pl\nSuite 4\",Austin,"
                               "USA\n001B,Edge West,Banking,,,\n");
    assert_int_equal(import_fixture_result(job, "created"), 2);
    assert_int_equal(import_fixture_count(t, "account",
                                          "address.street = \"312 Constitution Pl Suite 4\" and "
                                          "address.city = \"Austin\""),
                     1);
    job = import_ready(t, "salesforce", "account", "Id,Name,ParentId\n001C,Edge East,001A\n");
    assert_int_equal(import_fixture_count(t, "account", "parent.external_id = \"001A\""), 1);
    job =
        import_ready(t, "salesforce", "contact",
                     "Id,AccountId,LastName,FirstName,Email\n003A,001B,Rogers,Jack,j@edge.example\n"
                     "003B,001A,Gonzalez,,\n");
    assert_int_equal(import_fixture_result(job, "created"), 2);
    assert_int_equal(import_fixture_count(
                         t, "contact", "name = \"Jack Rogers\" and account.name = \"Edge West\""),
                     1);
    assert_int_equal(import_fixture_count(t, "contact", "name = \"Gonzalez\""), 1);
    job = import_ready(t, "hubspot", "lead",
                       "Record ID,First Name,Last Name,Email,Company Name,Lead Status\n"
                       "901,Camille,Durand,c@example.com,Durand SA,NEW\n");
    assert_int_equal(import_fixture_result(job, "created"), 1);
    assert_int_equal(
        import_fixture_count(t, "lead",
                             "name = \"Camille Durand\" and company = \"Durand SA\" and "
                             "external_id = \"901\""),
        1);
}
TEST(ready, people_of_two_names_come_in_with_their_account) { import_fixture_run(check_people); }

/* A whole name wins, and a link is filled once. */
static void check_once(ImportTest *t)
{
    const json_t *ready = ready_of(
        t, "contact",
        import_fixture_file(t, "o.csv",
                            STR("Full Name,First Name,Last Name,Account Name,Account ID,Email\n")),
        "salesforce");
    const json_t *options = json_object_get(ready, "options");
    const json_t *mapping = json_object_get(options, "mapping");
    assert_null(json_object_get(json_object_get(options, "set"), "name"));
    assert_true(str_is(json_get_str(mapping, "Full Name"), "name"));
    assert_true(json_is_null(json_object_get(mapping, "First Name")));
    assert_true(str_is(json_get_str(mapping, "Account Name"), "account"));
    assert_true(json_is_null(json_object_get(mapping, "Account ID")));
}
TEST(ready, a_field_is_filled_once) { import_fixture_run(check_once); }

TEST_MAIN("ready")
