/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: the shipped catalogue loads, its tables stand, a second opening changes nothing. */
#include "meta_fixture.h"

static void opens(MetaTest *t)
{
    const Meta *m = t->cx.meta;
    const Object *account = meta_object(m, STR("account"));
    assert_non_null(account);
    assert_ptr_equal(meta_plural(m, STR("accounts")), account);
    assert_int_equal(meta_fixture_int(t, "SELECT count(*) FROM {accounts}"), 0);
    assert_int_equal(meta_fixture_int(t, "SELECT count(*) FROM {accounts_h}"), 0);
    assert_true(account->traits & TRAIT_OWNED);
    assert_ptr_equal(account->title, object_field(account, STR("name")));
    assert_int_equal(account->title->n_columns, 3);
    assert_int_equal(field_part(account->title, 'k'), 1);
    assert_int_equal(field_part(account->title, 'f'), 2);
}

TEST(meta_store, opens_the_shipped_catalogue) { meta_fixture_run(opens); }

static void reopens(MetaTest *t)
{
    int64_t version = t->cx.meta->version;
    uint32_t number = meta_object(t->cx.meta, STR("contact"))->number;
    uint32_t field = object_field(meta_object(t->cx.meta, STR("contact")), STR("mobile"))->number;
    meta_fixture_reopen(t);
    assert_int_equal(t->cx.meta->version, version);
    assert_int_equal(meta_object(t->cx.meta, STR("contact"))->number, number);
    const Object *contact = meta_object(t->cx.meta, STR("contact"));
    assert_int_equal(object_field(contact, STR("mobile"))->number, field);
}

TEST(meta_store, opens_again_without_a_change) { meta_fixture_run(reopens); }

TEST_MAIN("meta_store")
