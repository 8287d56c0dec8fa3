/* SPDX-License-Identifier: Apache-2.0 */
/* Ids: rise across threads, above the stored mark, stop with the lease; their text form.
 * Covers: idgen.c */
#include "base/calendar.h"
#include "base/id.h"
#include "test.h"
#include <pthread.h>

TEST(idgen, rises_and_carries_time_and_node)
{
    IdGen *g = idgen_new(5, 0);
    Id last = 0;
    int64_t before = clock_ms();
    for (int i = 0; i < 20000; i++) {
        Id id = idgen_next(g);
        assert_true(id > last);
        assert_int_equal(id >> 12 & 1023, 5);
        last = id;
    }
    assert_int_equal(idgen_last(g), last);
    assert_true(id_time_ms(last) >= before && id_time_ms(last) <= clock_ms());
    idgen_free(g);
}

TEST(idgen, stays_above_a_mark_in_the_future)
{
    Id ahead = (clock_ms() + 3600000 - 1704067200000) << 22 | 9 << 12 | 4095;
    IdGen *g = idgen_new(3, ahead);
    int64_t start = clock_us();
    Id last = ahead;
    for (int i = 0; i < 5000; i++) {
        Id id = idgen_next(g);
        assert_true(id > last);
        assert_int_equal(id >> 12 & 1023, 3);
        last = id;
    }
    assert_true(clock_us() - start < 1000000); /* does not wait for the wall clock */
    idgen_free(g);
}

enum { THREADS = 4, EACH = 5000 };

typedef struct Share {
    IdGen *g;
    Id ids[EACH];
} Share;

static void *take_many(void *arg)
{
    Share *share = arg;
    for (int i = 0; i < EACH; i++)
        share->ids[i] = idgen_next(share->g);
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    Id x = *(const Id *)a, y = *(const Id *)b;
    return (x > y) - (x < y);
}

TEST(idgen, never_repeats_across_threads)
{
    IdGen *g = idgen_new(0, 0);
    static Share shares[THREADS];
    static Id all[THREADS * EACH];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        shares[i].g = g;
        pthread_create(&threads[i], NULL, take_many, &shares[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        for (int k = 1; k < EACH; k++)
            assert_true(shares[i].ids[k] > shares[i].ids[k - 1]);
        memcpy(all + i * EACH, shares[i].ids, sizeof(shares[i].ids));
    }
    qsort(all, COUNT_OF(all), sizeof(all[0]), by_id);
    for (size_t i = 1; i < COUNT_OF(all); i++)
        assert_true(all[i] != all[i - 1]);
    idgen_free(g);
}

static void *renew_later(void *arg)
{
    usleep(30000);
    idgen_valid_until_us(arg, INT64_MAX);
    return NULL;
}

TEST(idgen, waits_without_a_valid_lease)
{
    IdGen *g = idgen_new(1, 0);
    idgen_valid_until_us(g, clock_us() - 1);
    pthread_t thread;
    int64_t start = clock_us();
    pthread_create(&thread, NULL, renew_later, g);
    assert_true(idgen_next(g) > 0);
    assert_true(clock_us() - start >= 25000);
    pthread_join(thread, NULL);
    idgen_free(g);
}

TEST(id, has_one_text_form)
{
    static const char *const BAD[] = {"",
                                      "0",
                                      "-1",
                                      "+1",
                                      "01",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "a",
                                      "9223372036854775808",
                                      "99999999999999999999"};
    Id id;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(id_parse(str_of(BAD[i]), &id));
    assert_true(id_parse(STR("1"), &id) && id == 1);
    assert_true(id_parse(STR("9223372036854775807"), &id) && id == INT64_MAX);
}

TEST_MAIN("id")
