/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of backups: which are kept, contents that nobody needs go, what was cut off goes. */
#include "backup/backup.h"
#include "test.h"
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
    char *dir;
} Fixture;

static const char H1[] = "aa11000000000000000000000000000000000000000000000000000000000000";
static const char H2[] = "bb22000000000000000000000000000000000000000000000000000000000000";

static Fixture fixture(void)
{
    Arena *a = arena_new(0);
    return (Fixture){a, {.arena = a, .lang = LANG_EN}, test_tempdir()};
}

static void fixture_end(Fixture *f)
{
    test_tempdir_remove(f->dir);
    arena_free(f->arena);
}

static const char *path(Fixture *f, const char *name)
{
    return str_format(f->arena, "%s/%s", f->dir, name).p;
}

static void put(Fixture *f, const char *name, const char *text)
{
    ASSERT_OK(backup_write_file(&f->cx, path(f, name), str_of(text)));
}

static void backup(Fixture *f, const char *id, const char *hash)
{
    mkdir(path(f, id), 0700);
    put(f, str_format(f->arena, "%s/manifest.json", id).p, "{\"rows\":1,\"tables\":[1]}");
    put(f, str_format(f->arena, "%s/data", id).p, "x");
    put(f, str_format(f->arena, "%s/files", id).p, str_format(f->arena, "%s 3\n", hash).p);
}

static void content(Fixture *f, const char *hash)
{
    mkdir(path(f, "files"), 0700);
    mkdir(str_format(f->arena, "%s/files/%.2s", f->dir, hash).p, 0700);
    mkdir(str_format(f->arena, "%s/files/%.2s/%.2s", f->dir, hash, hash + 2).p, 0700);
    ASSERT_OK(backup_write_file(&f->cx, backup_path(&f->cx, f->dir, str_of(hash)).p, STR("x")));
}

static bool there(Fixture *f, const char *name) { return access(path(f, name), F_OK) == 0; }

TEST(store, the_newest_of_days_weeks_and_months_stay)
{
    static const struct {
        const char *id;
        bool stays;
    } ALL[] = {
        {"20261130-020000-0001", true},  /* Monday: newest, its day, week and month */
        {"20261130-010000-0008", true},  /* within a day of it */
        {"20261129-020000-0003", true},  /* the second day; the second week's newest */
        {"20261129-010000-0002", false}, /* the same day as the one before, and over a day old */
        {"20261128-020000-0004", false}, /* a third day, not kept */
        {"20261122-020000-0005", false}, /* a third week, not kept */
        {"20261031-020000-0006", true},  /* the second month */
        {"20260930-020000-0007", false}, /* a third month, not kept */
    };
    Fixture f = fixture();
    BackupKeep keep = {.daily = 2, .weekly = 2, .monthly = 2};
    int64_t gone = 0;
    for (size_t i = 0; i < COUNT_OF(ALL); i++)
        backup(&f, ALL[i].id, ALL[i].stays ? H1 : H2);
    content(&f, H1);
    content(&f, H2);
    mkdir(path(&f, "20261130-030000-0009.partial"), 0700);
    put(&f, "20261130-030000-0009.partial/data", "half");
    put(&f, "notes", "somebody's own");
    ASSERT_OK(backup_prune(&f.cx, f.dir, &keep, &gone));
    assert_int_equal(gone, 4);
    for (size_t i = 0; i < COUNT_OF(ALL); i++)
        assert_int_equal(there(&f, ALL[i].id), ALL[i].stays);
    assert_false(there(&f, "20261130-030000-0009.partial"));
    assert_true(there(&f, "notes"));
    assert_int_equal(access(backup_path(&f.cx, f.dir, str_of(H1)).p, F_OK), 0);
    assert_int_not_equal(access(backup_path(&f.cx, f.dir, str_of(H2)).p, F_OK), 0);
    fixture_end(&f);
}

/* A list that cannot be read may need anything: then no content goes. */
TEST(store, an_unreadable_list_keeps_all_contents)
{
    Fixture f = fixture();
    BackupKeep keep = {.daily = 9};
    int64_t gone = 0;
    backup(&f, "20261130-020000-0001", H1);
    unlink(path(&f, "20261130-020000-0001/files"));
    content(&f, H2);
    ASSERT_OK(backup_prune(&f.cx, f.dir, &keep, &gone));
    assert_int_equal(gone, 0);
    assert_int_equal(access(backup_path(&f.cx, f.dir, str_of(H2)).p, F_OK), 0);
    fixture_end(&f);
}

TEST(store, a_list_names_what_can_be_read)
{
    Fixture f = fixture();
    Buf out = buf_in(f.arena, 65536);
    backup(&f, "20261130-020000-0001", H1);
    backup(&f, "20261129-020000-0002", H1);
    put(&f, "20261129-020000-0002/manifest.json", "{not json");
    ASSERT_OK(backup_list(&f.cx, f.dir, &out));
    assert_string_equal(buf_z(&out), "{\"items\":[{\"rows\":1,\"id\":\"20261130-020000-0001\"}]}");
    assert_false(backup_is_id(STR("20261130-020000-000g")));
    assert_false(backup_is_id(STR("../../etc/passwd-aaa")));
    fixture_end(&f);
}

TEST_MAIN("store")
