/* SPDX-License-Identifier: Apache-2.0 */
/* The statement cache: lookup by text, eviction by age. */
#include "db_fixture.h"

static int dropped;

static void drop(void *owner, DbCached *e)
{
    (void)owner;
    dropped++;
    free(e);
}

static DbCached *add(DbCache *c, const char *text)
{
    Str key = str_of(text);
    DbCached *e = db_cache_entry(sizeof(DbCached), key, str_hash(key));
    db_cache_put(c, e);
    return e;
}

TEST(db_cache, finds_by_text_not_by_address)
{
    DbCache c;
    db_cache_init(&c, 10, drop, NULL);
    DbCached *a = add(&c, "select 1"), *b = add(&c, "select 2");
    char text[16] = "select 1";
    assert_ptr_equal(db_cache_get(&c, str_of(text)), a);
    text[7] = '2'; /* the same address now holds another text */
    assert_ptr_equal(db_cache_get(&c, str_of(text)), b);
    text[7] = '3';
    assert_null(db_cache_get(&c, str_of(text)));
    db_cache_clear(&c);
    assert_int_equal(c.n, 0);
}

TEST(db_cache, drops_the_least_recently_used_that_is_not_busy)
{
    DbCache c;
    db_cache_init(&c, 3, drop, NULL);
    DbCached *a = add(&c, "a"), *b = add(&c, "b"), *busy = add(&c, "c");
    dropped = 0;
    assert_ptr_equal(db_cache_get(&c, STR("b")), b);
    assert_ptr_equal(db_cache_get(&c, STR("a")), a); /* oldest is now c, then b */
    busy->busy = true;
    add(&c, "d");
    assert_int_equal(dropped, 1);
    assert_null(db_cache_get(&c, STR("b")));
    assert_ptr_equal(db_cache_get(&c, STR("c")), busy);
    assert_ptr_equal(db_cache_get(&c, STR("a")), a);
    db_cache_clear(&c);
    assert_int_equal(dropped, 4);
}

TEST(db_cache, keeps_hundreds_of_texts_apart)
{
    DbCache c;
    db_cache_init(&c, DB_CACHE_MAX, drop, NULL);
    char text[32];
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), "select %d", i);
        if (!db_cache_get(&c, str_of(text)))
            add(&c, text);
    }
    assert_int_equal(c.n, DB_CACHE_MAX);
    for (int i = 1000 - DB_CACHE_MAX; i < 1000; i++) {
        snprintf(text, sizeof(text), "select %d", i);
        DbCached *e = db_cache_get(&c, str_of(text));
        assert_non_null(e);
        assert_true(str_is(e->key, text));
    }
    db_cache_clear(&c);
}

TEST_MAIN("db_cache")
