/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test shares: cmocka, registration by TEST, a context, a temporary directory.
 *
 * A test file is a program of its own:
 *
 *     #include "test.h"
 *     #include "base/arena.h"
 *
 *     TEST(arena, gives_aligned_memory)
 *     {
 *         Arena *arena = arena_new(0);
 *         assert_true((uintptr_t) arena_alloc(arena, 3) % 16 == 0);
 *         arena_free(arena);
 *     }
 *
 *     TEST_MAIN("arena")
 *
 * Tests run in the order in which they are written. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/status.h"

#define TEST_MAX 256

static struct CMUnitTest test_list[TEST_MAX];
static size_t test_count;

static inline void test_register(const char *name, CMUnitTestFunction run)
{
    if (test_count == TEST_MAX)
        abort();
    test_list[test_count++] = (struct CMUnitTest){.name = name, .test_func = run};
}

/* TEST(noun, what_it_shows) { … } defines and registers one test. */
#define TEST(noun, shows)                                                                          \
    static void noun##_##shows(void **state);                                                      \
    __attribute__((constructor)) static void noun##_##shows##_register(void)                       \
    {                                                                                              \
        test_register(#noun "." #shows, noun##_##shows);                                           \
    }                                                                                              \
    static void noun##_##shows(void **state __attribute__((unused)))

/* TEST_MAIN("noun") closes the file: runs what TEST registered. */
#define TEST_MAIN(noun)                                                                            \
    int main(void) { return _cmocka_run_group_tests(noun, test_list, test_count, NULL, NULL); }

#define ASSERT_OK(expr) assert_int_equal((expr), ST_OK)
#define ASSERT_ST(st, expr) assert_int_equal((expr), (st))

/* A fresh empty directory; the caller frees the name with test_tempdir_remove. */
static inline char *test_tempdir(void)
{
    const char *base = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof(path), "%s/guanxi-test-XXXXXX", base ? base : "/tmp");
    char *made = mkdtemp(path) ? strdup(path) : NULL;
    if (!made)
        abort();
    return made;
}

static inline void test_tempdir_remove(char *path)
{
    char command[600];
    snprintf(command, sizeof(command), "rm -rf -- '%s'", path);
    if (system(command) != 0)
        abort();
    free(path);
}

/* The URL of a PostgreSQL to test against, or NULL: then only SQLite is tested. */
static inline const char *test_postgres(void)
{
    const char *url = getenv("GUANXI_TEST_POSTGRES");
    return url && *url ? url : NULL;
}
