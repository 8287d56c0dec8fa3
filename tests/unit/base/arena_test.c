/* SPDX-License-Identifier: Apache-2.0 */
/* Arena: alignment, growth, reset, callbacks. */
#include "base/arena.h"
#include "test.h"

TEST(arena, gives_aligned_distinct_memory)
{
    CLEANUP(arena) Arena *a = arena_new(0);
    char *last = NULL;
    for (size_t n = 0; n < 3000; n += 7) {
        char *p = arena_alloc(a, n);
        assert_true((uintptr_t)p % 16 == 0);
        memset(p, 0x5a, n);
        assert_true(p != last);
        last = p;
    }
}

TEST(arena, zero_is_zeroed_after_reset)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    memset(arena_alloc(a, 1000), 0xff, 1000);
    arena_reset(a);
    const char *p = arena_zero(a, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(p[i], 0);
}

TEST(arena, grows_the_last_allocation_in_place)
{
    CLEANUP(arena) Arena *a = arena_new(4096);
    char *p = arena_dup(a, "abc", 3);
    assert_ptr_equal(arena_grow(a, p, 3, 900), p);
    assert_memory_equal(p, "abc", 3);
    char *q = arena_alloc(a, 10);
    char *moved = arena_grow(a, p, 900, 1000);
    assert_ptr_not_equal(moved, p);
    assert_memory_equal(moved, "abc", 3);
    assert_true(q < moved || q > moved + 1000);
}

TEST(arena, keeps_bytes_while_growing_far)
{
    CLEANUP(arena) Arena *a = arena_new(1024);
    size_t n = 16;
    unsigned char *p = arena_alloc(a, n);
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)i;
    while (n < 8 * 1024 * 1024) {
        p = arena_grow(a, p, n, n * 2);
        if (n == 65536)
            memset(arena_alloc(a, 100), 1, 100); /* so that it is no longer the newest */
        for (size_t i = n; i < n * 2; i++)
            p[i] = (unsigned char)i;
        n *= 2;
    }
    for (size_t i = 0; i < n; i++)
        assert_int_equal(p[i], (unsigned char)i);
}

TEST(arena, reset_returns_all_but_the_first_block)
{
    CLEANUP(arena) Arena *a = arena_new(1024);
    const void *first = arena_alloc(a, 8);
    for (int i = 0; i < 100; i++)
        arena_alloc(a, 5000);
    assert_true(arena_blocks(a) > 10);
    assert_int_equal(arena_used(a), 8 + 100 * 5000);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_ptr_equal(arena_alloc(a, 8), first);
}

TEST(arena, small_requests_take_few_blocks)
{
    CLEANUP(arena) Arena *a = arena_new(16 * 1024);
    for (int i = 0; i < 500; i++)
        arena_alloc(a, 16);
    assert_int_equal(arena_blocks(a), 1);
}

static char order[8];
static size_t order_n;

static void note(void *arg) { order[order_n++] = *(const char *)arg; }

TEST(arena, runs_callbacks_last_first_and_once)
{
    Arena *a = arena_new(0);
    arena_on_free(a, note, "1");
    arena_on_free(a, note, "2");
    arena_reset(a);
    assert_int_equal(order_n, 2);
    assert_memory_equal(order, "21", 2);
    arena_on_free(a, note, "3");
    arena_free(a);
    assert_int_equal(order_n, 3);
}

TEST_MAIN("arena")
