/* SPDX-License-Identifier: Apache-2.0 */
/* Str, Map, Vec: views, numbers, hashing, insertion order.
 * Covers: map.c */
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "test.h"

static void assert_str(Str s, const char *want)
{
    assert_int_equal(s.n, strlen(want));
    assert_memory_equal(s.p ? s.p : "", want, s.n);
}

TEST(str, compares_by_bytes)
{
    assert_true(str_cmp(STR("a"), STR("b")) < 0);
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
    assert_int_equal(str_cmp(STR_NULL, STR("")), 0);
    assert_true(str_eq(STR_NULL, STR("")));
    assert_true(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("a"), STR("ab")));
    assert_true(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("c"), STR("bc")));
    assert_true(str_starts(STR_NULL, STR("")));
}

TEST(str, trims_ascii_and_wide_space)
{
    assert_str(str_trim(STR(" \t\r\n\xe3\x80\x80 \xe4\xb8\xad \xe3\x80\x80")), "\xe4\xb8\xad");
    assert_str(str_trim(STR("\xe3\x80\x80")), "");
    assert_str(str_trim(STR("a b")), "a b");
}

TEST(str, splits_and_finds)
{
    Str s = STR("a,,b"), head;
    assert_true(str_split(&s, ',', &head));
    assert_str(head, "a");
    assert_true(str_split(&s, ',', &head));
    assert_str(head, "");
    assert_true(str_split(&s, ',', &head));
    assert_str(head, "b");
    assert_false(str_split(&s, ',', &head));
    assert_int_equal(str_find(STR("hello"), STR("lo")), 3);
    assert_true(str_find(STR("hello"), STR("x")) == SIZE_MAX);
    assert_true(str_find_char(STR_NULL, 'x') == SIZE_MAX);
    assert_str(str_sub(STR("hello"), 3, 99), "lo");
    assert_str(str_sub(STR("hello"), 9, 1), "");
}

TEST(str, reads_integers_strictly)
{
    static const char *const BAD[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "0x1",
                                      "--1",
                                      "1e3",
                                      "9223372036854775808",
                                      "-9223372036854775809"};
    int64_t v;
    uint64_t u;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(str_int(str_of(BAD[i]), &v));
    assert_true(str_int(STR("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(str_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(str_int(STR("-0"), &v) && v == 0);
    assert_true(str_uint(STR("18446744073709551615"), &u) && u == UINT64_MAX);
    assert_false(str_uint(STR("18446744073709551616"), &u));
    assert_false(str_uint(STR("-1"), &u));
}

TEST(str, copies_and_formats)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    assert_string_equal(str_z(a, STR("ab")), "ab");
    assert_string_equal(str_z(a, STR_NULL), "");
    assert_null(str_copy(a, STR_NULL).p);
    assert_str(str_format(a, "%d-%s", 5, "x"), "5-x");
    Str lots = str_format(a, "%0*d", 1000, 7);
    assert_int_equal(lots.n, 1000);
    assert_int_equal(lots.p[999], '7');
}

TEST(str, hashes_every_byte_and_length)
{
    char text[40] = {0};
    uint64_t plain = str_hash(str_n(text, sizeof(text)));
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = 1;
        assert_true(str_hash(str_n(text, sizeof(text))) != plain);
        text[i] = 0;
        assert_true(str_hash(str_n(text, i)) != plain);
    }
}

TEST(map, keeps_what_was_put_in_its_order)
{
    enum { N = 5000 };
    CLEANUP(arena) Arena *a = arena_new(0);
    Map m = map_in(a);
    static int values[N];
    assert_null(map_get(&m, STR("none")));
    for (int i = 0; i < N; i++)
        map_put(&m, str_format(a, "key %d", i), &values[i]);
    map_put(&m, STR("key 7"), &values[0]);
    map_put(&m, STR(""), NULL);
    assert_int_equal(m.n, N + 1);
    for (int i = 0; i < N; i++) {
        assert_ptr_equal(map_get(&m, str_format(a, "key %d", i)), &values[i == 7 ? 0 : i]);
        assert_true(str_eq(m.entries[i].key, str_format(a, "key %d", i)));
    }
    assert_true(map_has(&m, STR("")));
    assert_false(map_has(&m, STR("key")));
}

TEST(vec, grows)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    VEC(int) numbers = {0};
    for (int i = 0; i < 1000; i++)
        VEC_PUSH(a, &numbers, i * 3);
    assert_int_equal(numbers.n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers.v[i], i * 3);
}

TEST_MAIN("str")
