/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: the shipped catalogue loads, its tables stand, a second opening changes nothing. */
#include "meta_fixture.h"
#include <pthread.h>

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

typedef struct Reader {
    MetaStore *store;
    int stop; /* atomic */
    int64_t reads;
    pthread_t thread;
} Reader;

static void *read_on(void *arg)
{
    Reader *r = arg;
    int64_t last = 0;
    while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED)) {
        const Meta *m = meta_acquire(r->store);
        if (m->version < last || !meta_object(m, STR("account")))
            abort();
        last = m->version;
        r->reads++;
        meta_release(m);
    }
    return NULL;
}

static void swaps(MetaTest *t)
{
    Reader readers[4] = {0};
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        readers[i].store = t->store;
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
    }
    for (int i = 0; i < 5; i++) {
        char text[100];
        Buf answer = buf_in(t->arena, 1024 * 1024);
        Plan *plan = plan_new(&t->cx);
        snprintf(text, sizeof(text), "{'object':'thing%d','plural':'things%d'}", i, i);
        ASSERT_OK(meta_create_object(&t->cx, t->store, meta_fixture_json(t, text), plan, &answer));
        ASSERT_OK(meta_fixture_apply(t, plan));
        meta_fixture_next(t);
    }
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        __atomic_store_n(&readers[i].stop, 1, __ATOMIC_RELAXED);
        pthread_join(readers[i].thread, NULL);
        assert_true(readers[i].reads > 0);
    }
    assert_non_null(meta_object(t->cx.meta, STR("thing4")));
}

TEST(meta_store, swaps_under_readers) { meta_fixture_run(swaps); }

TEST_MAIN("meta_store")
