/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled catalogue: traits, relations, lists, indexes, numbers, and its JSON.
 * Covers: meta_build.c meta_fields.c meta_links.c meta_lists.c meta_traits.c meta_indexes.c
 * meta_database.c meta_shipped.c meta.c object.c label.c choice.c */
#include "meta/choice.h"
#include "meta_fixture.h"

static const Object *object(MetaTest *t, const char *name)
{
    const Object *o = meta_object(t->cx.meta, str_of(name));
    if (!o)
        fail_msg("no object %s", name);
    return o;
}

static const Index *index_on(const Object *o, const char *first, bool unique)
{
    for (size_t i = 0; i < o->n_indexes; i++) {
        if (o->indexes[i].unique == unique && str_is(o->indexes[i].fields[0]->name, first))
            return &o->indexes[i];
    }
    return NULL;
}

static void traits(MetaTest *t)
{
    const Object *account = object(t, "account"), *stage = object(t, "stage");
    assert_true(account->owner && account->department && account->number_field);
    assert_true(account->number_field->readonly && account->number_field->unique);
    assert_true(str_is(account->number_field->number_format, "C{YYYY}{000000}"));
    assert_non_null(object_field(account, STR("followup_count")));
    assert_true(stage->code && stage->position && stage->parent);
    assert_ptr_equal(stage->parent->to, object(t, "pipeline"));
    assert_int_equal(stage->parent->on_delete, DELETE_CASCADE);
    assert_false(stage->code->unique); /* only within its pipeline */
    assert_int_equal(index_on(stage, "pipeline", true)->n, 2);
    assert_true(object(t, "region")->code->unique);
    assert_null(object(t, "user")->owner);
    assert_true(object_field(object(t, "region"), STR("is_active"))->dflt.b);
}

TEST(meta_build, gives_the_fields_of_the_traits) { meta_fixture_run(traits); }

static void relations(MetaTest *t)
{
    const Object *account = object(t, "account");
    const Relation *contacts = object_relation(account, STR("contacts"));
    assert_ptr_equal(contacts->child, object(t, "contact"));
    assert_true(str_is(contacts->field->name, "account"));
    assert_true(str_is(object_relation(account, STR("subsidiaries"))->label.zh, "下级客户"));
    assert_non_null(object_relation(object(t, "role"), STR("users")));
    assert_non_null(object_relation(object(t, "opportunity"), STR("opportunity_lines")));
    assert_null(object_relation(account, STR("nonsense")));
}

TEST(meta_build, names_what_points_here) { meta_fixture_run(relations); }

static void lists(MetaTest *t)
{
    const Field *industry = object_field(object(t, "account"), STR("industry"));
    const Choice *it = choice_find(industry->choices, STR("it"));
    assert_true(str_is(label_in(&it->label, LANG_ZH), "信息技术"));
    assert_true(str_is(label_in(&it->label, LANG_EN), "IT"));
    assert_ptr_equal(choice_by_label(t->arena, industry->choices, STR("信息技术")), it);
    assert_null(choice_by_label(t->arena, industry->choices, STR("none of these")));
    assert_true(str_is(choice_nearest(industry->choices, STR("finanse")), "finance"));
    assert_int_equal(t->cx.meta->n_lists > 55, true);
    Label half = {.en = STR("Only English")};
    assert_true(str_is(label_in(&half, LANG_ZH), "Only English"));
}

TEST(meta_build, has_the_shipped_lists_in_both_languages) { meta_fixture_run(lists); }

static void indexes(MetaTest *t)
{
    const Object *account = object(t, "account"), *found;
    const Index *external = index_on(account, "external_id", true);
    assert_int_equal(external->n, 2);
    assert_ptr_equal(meta_index(t->cx.meta, str_of(external->name), &found), external);
    assert_ptr_equal(found, account);
    assert_null(meta_index(t->cx.meta, STR("i_0_nothing"), NULL));
    assert_non_null(index_on(account, "owner", false));
    assert_non_null(index_on(account, "parent", false));
    assert_non_null(index_on(account, "level", false));
    const Field *name = object_field(account, STR("name"));
    assert_ptr_equal(object_column(account, str_of(name->columns[1].name)), name);
    assert_null(object_column(account, STR("c_99999")));
}

TEST(meta_build, explains_indexes_and_columns) { meta_fixture_run(indexes); }

static bool not_name(void *arg, const Field *f)
{
    (void)arg;
    return !str_is(f->name, "industry");
}

static void nearest(MetaTest *t)
{
    const Object *account = object(t, "account");
    assert_true(str_is(meta_nearest_field(account, STR("industri"), NULL, NULL), "industry"));
    assert_null(meta_nearest_field(account, STR("industri"), not_name, NULL).p);
    assert_null(meta_nearest_field(account, STR("zzzzzzzz"), NULL, NULL).p);
}

TEST(meta_build, suggests_only_what_may_be_seen) { meta_fixture_run(nearest); }

static void defaults(MetaTest *t)
{
    const Object *product = object(t, "product");
    assert_int_equal(object_field(product, STR("tax_rate"))->dflt.i, 1300);
    assert_true(str_is(object_field(product, STR("unit"))->dflt.s, "piece"));
    assert_int_equal(object_field(product, STR("price"))->scale, 6);
    assert_int_equal(object_field(product, STR("price"))->n_columns, 4);
    const Field *influence = object_field(object(t, "contact"), STR("influence"));
    assert_true(influence->has_min && influence->min == 1 && influence->max_value == 5);
}

TEST(meta_build, reads_defaults_scales_and_bounds) { meta_fixture_run(defaults); }

static void rights(MetaTest *t)
{
    const json_t *access = t->cx.meta->access;
    const json_t *seller = json_object_get(json_object_get(access, "seller"), "objects");
    assert_true(str_is(json_get_str(json_object_get(seller, "account"), "read"), "own"));
    const json_t *admin = json_object_get(access, "administrator");
    assert_int_equal(json_object_size(json_object_get(admin, "objects")), t->cx.meta->n_objects);
    assert_true(json_array_size(json_object_get(admin, "system")) > 0);
    assert_int_equal(json_object_size(access), 18);
}

TEST(meta_build, has_rights_for_the_eighteen_roles) { meta_fixture_run(rights); }

static void every_index_stands(MetaTest *t)
{
    static const char SQL_SQLITE[] =
        "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name LIKE 'i\\_%' ESCAPE '\\'";
    static const char SQL_POSTGRES[] =
        "SELECT count(*) FROM pg_catalog.pg_class WHERE relkind = 'i' AND relname LIKE 'i\\_%' "
        "AND relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = "
        "(SELECT tableoid FROM {gx_epoch}))";
    size_t expected = 0;
    for (size_t i = 0; i < t->cx.meta->n_objects; i++) {
        const Object *o = t->cx.meta->objects[i];
        for (size_t k = 0; k < o->n_indexes; k++)
            expected += o->indexes[k].unique ? 0 : 1;
    }
    assert_int_equal(meta_fixture_int(t, t->postgres ? SQL_POSTGRES : SQL_SQLITE), expected);
}

TEST(meta_build, makes_the_list_indexes) { meta_fixture_run(every_index_stands); }

TEST_MAIN("meta_build")
