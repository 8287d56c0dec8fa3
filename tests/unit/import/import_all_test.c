/* SPDX-License-Identifier: Apache-2.0 */
/* An archive of everything as bytes: whole, cut off anywhere, with any byte changed (fixtures/archive/make.py).
 * Covers: import_all_entry.c import_all_manifest.c */
#include "import/import_all.h"
#include "import_fixture.h"
#include <stdio.h>
#include <unistd.h>

static Str small_zip(Arena *a)
{
    char *bytes = arena_alloc(a, 4096);
    FILE *f = fopen("tests/fixtures/archive/small.zip", "re");
    assert_non_null(f);
    size_t n = fread(bytes, 1, 4096, f);
    fclose(f);
    assert_in_range(n, 300, 4095);
    return str_n(bytes, n);
}

static Status take_line(ImportAll *a, void *arg, Str line, int64_t number)
{
    Buf *out = arg;
    (void)a;
    buf_printf(out, "%lld:", (long long)number);
    buf_str_add(out, line);
    return ST_OK;
}

/* What would be brought of these bytes; the error is left in t->cx. */
static Status brought(ImportTest *t, Str bytes, Buf *out)
{
    ImportAll a = {.cx = &t->cx, .arena = t->cx.arena};
    char *path = str_z(t->arena, import_fixture_file(t, "all.zip", bytes));
    error_clear(&t->cx);
    Status st = import_all_open(&a, str_of(path));
    if (st == ST_OK)
        st = import_all_check(&a);
    for (size_t i = 0; st == ST_OK && i < a.n_parts; i++)
        st = import_all_lines(&a, a.parts[i].entry, take_line, out);
    for (size_t i = 0; st == ST_OK && i < a.zip.n; i++) {
        Str hash, text;
        if (!import_all_is_file(&a.zip.entries[i], &hash))
            continue;
        st = import_all_text(&a, &a.zip.entries[i], 4096, &text);
        if (st == ST_OK)
            buf_str_add(out, text);
    }
    import_all_close(&a);
    return st;
}

static void check_whole(ImportTest *t)
{
    Buf out = buf_in(t->arena, 65536);
    ASSERT_OK(brought(t, small_zip(t->arena), &out));
    Str text = buf_str(&out);
    assert_true(str_starts(text, STR("1:{\"id\": \"900000000000000000\"")));
    assert_true(str_find(text, STR("2:{\"id\": \"900000000000000001\"")) != SIZE_MAX);
    assert_true(str_ends(text, STR("Turn it on.")));
}
TEST(import_all, reads_records_line_by_line_and_files) { import_fixture_run(check_whole); }

/* Refused, or it did not matter (a date of an entry): then it brings the very same. */
static void check_variant(ImportTest *t, Str bytes, Str whole, size_t *refused)
{
    Arena *outer = t->arena;
    t->arena = t->cx.arena = arena_new(65536);
    Buf out = buf_in(t->arena, 65536);
    Status st = brought(t, bytes, &out);
    *refused += st != ST_OK;
    if (st == ST_OK)
        assert_true(str_eq(buf_str(&out), whole));
    else
        assert_true(st == ST_INVALID || st == ST_TOO_LARGE || st == ST_NOT_FOUND);
    arena_free(t->arena);
    t->arena = t->cx.arena = outer;
    t->cx.err = (Error){0};
}

static void check_damage(ImportTest *t)
{
    Arena *a = t->arena;
    Str zip = small_zip(a);
    Buf out = buf_in(a, 65536);
    size_t refused = 0, cut = 0;
    ASSERT_OK(brought(t, zip, &out));
    for (size_t n = 0; n < zip.n; n++)
        check_variant(t, str_sub(zip, 0, n), buf_str(&out), &cut);
    assert_int_equal(cut, zip.n);
    for (size_t i = 0; i < zip.n; i++) {
        char *copy = arena_alloc(a, zip.n);
        memcpy(copy, zip.p, zip.n);
        copy[i] = (char)(copy[i] ^ 0x15);
        check_variant(t, str_n(copy, zip.n), buf_str(&out), &refused);
    }
    assert_in_range(refused, zip.n / 2, zip.n);
}
TEST(import_all, a_cut_and_a_changed_byte_are_refused_or_do_not_matter)
{
    import_fixture_run(check_damage);
}

TEST_MAIN("import_all")
