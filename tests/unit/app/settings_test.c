/* SPDX-License-Identifier: Apache-2.0 */
/* Settings: flags win over the environment, the environment over the file, the file over defaults. */
#include "app/settings.h"
#include "test.h"

static Arena *arena;
static Ctx cx;

static Status settings(Settings *ret, int argc, const char *const *argv)
{
    arena = arena ? arena : arena_new(16 * 1024);
    arena_reset(arena);
    cx = (Ctx){.arena = arena, .lang = LANG_EN};
    return settings_read(&cx, argc, (char **)(uintptr_t)argv, 0, ret);
}

TEST(settings, have_defaults)
{
    Settings s;
    const char *const none[] = {"serve"};
    ASSERT_OK(settings(&s, 1, none));
    assert_string_equal(s.listen, "127.0.0.1:8080");
    assert_int_equal(s.accounts, 200);
    assert_null(s.database);
    assert_false(s.insecure_http);
    assert_int_equal(s.n_rest, 1);
}

TEST(settings, flags_win_over_environment_and_file)
{
    Settings s;
    char *dir = test_tempdir(), path[600];
    snprintf(path, sizeof path, "%s/guanxi.conf", dir);
    FILE *f = fopen(path, "w");
    fputs("# settings\nlisten = 127.0.0.1:1\naccounts=7\nlog-level = warn\n", f);
    fclose(f);
    setenv("GUANXI_LISTEN", "127.0.0.1:2", 1);
    setenv("GUANXI_INSECURE_HTTP", "1", 1);
    const char *const words[] = {"--data", dir, "--accounts=9", "--dry-run", "file.csv"};
    ASSERT_OK(settings(&s, 5, words));
    assert_string_equal(s.listen, "127.0.0.1:2"); /* environment over file */
    assert_int_equal(s.accounts, 9);              /* flag over file */
    assert_string_equal(s.log_level, "warn");     /* file over default */
    assert_true(s.insecure_http && s.dry_run);
    assert_string_equal(s.rest[0], "file.csv");
    unsetenv("GUANXI_LISTEN");
    unsetenv("GUANXI_INSECURE_HTTP");
    test_tempdir_remove(dir);
}

TEST(settings, refuse_what_they_do_not_know)
{
    Settings s;
    const char *const unknown[] = {"--colour", "red"};
    const char *const number[] = {"--workers", "many"};
    const char *const large[] = {"--workers=65"};
    const char *const missing[] = {"--listen"};
    ASSERT_ST(ST_INVALID, settings(&s, 2, unknown));
    ASSERT_ST(ST_INVALID, settings(&s, 2, number));
    ASSERT_ST(ST_INVALID, settings(&s, 1, large));
    ASSERT_ST(ST_INVALID, settings(&s, 1, missing));
    assert_true(cx.err.text.n > 0);
    arena_free(arena);
    arena = NULL;
}

TEST_MAIN("settings")
