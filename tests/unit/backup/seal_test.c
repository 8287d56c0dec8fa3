/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed files: what goes in comes out; another key, a changed bit, a cut end are refused. */
#include "backup/seal.h"
#include "test.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
    char *dir;
} Fixture;

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

static SealKey *passphrase(Fixture *f, const char *text)
{
    SealKey *k = NULL;
    FILE *out = fopen(path(f, "pass"), "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    ASSERT_OK(seal_key_read(&f->cx, path(f, "pass"), &k));
    return k;
}

/* Some bytes that do not shrink, and some that do. */
static void seal(Fixture *f, SealKey *k, size_t n)
{
    CLEANUP(seal_out) Sealer *s = NULL;
    int64_t bytes = 0;
    ASSERT_OK(seal_out_open(&f->cx, k, path(f, "file"), &s));
    for (size_t i = 0; i < n; i++) {
        uint32_t word = (uint32_t)(i * 2654435761u) ^ (uint32_t)(i >> 3);
        ASSERT_OK(seal_out_write(&f->cx, s, &word, sizeof(word)));
    }
    ASSERT_OK(seal_out_end(&f->cx, s, &bytes));
    struct stat info;
    assert_int_equal(stat(path(f, "file"), &info), 0);
    assert_int_equal(info.st_size, bytes);
}

static Status open_all(Fixture *f, SealKey *k, size_t *ret_words)
{
    CLEANUP(seal_in) Opener *o = NULL;
    uint32_t words[1000];
    size_t n = 0;
    *ret_words = 0;
    TRY(seal_in_open(&f->cx, k, path(f, "file"), &o));
    do {
        TRY(seal_in_read(&f->cx, o, words, sizeof(words), &n));
        for (size_t i = 0; i < n / 4; i++, ++*ret_words)
            assert_int_equal(words[i],
                             (uint32_t)(*ret_words * 2654435761u) ^ (uint32_t)(*ret_words >> 3));
    } while (n);
    return ST_OK;
}

TEST(seal, what_goes_in_comes_out)
{
    static const size_t SIZES[] = {0, 1, 16384, 100000};
    Fixture f = fixture();
    SealKey *k = passphrase(&f, "correct horse battery\n");
    for (size_t i = 0; i < COUNT_OF(SIZES); i++) {
        size_t n = 0;
        seal(&f, k, SIZES[i]);
        ASSERT_OK(open_all(&f, k, &n));
        assert_int_equal(n, SIZES[i]);
    }
    SealKey *again = passphrase(&f, "correct horse battery");
    size_t n = 0;
    ASSERT_OK(open_all(&f, again, &n));
    assert_int_equal(n, 100000);
    seal_key_free(again);
    seal_key_free(k);
    fixture_end(&f);
}

TEST(seal, another_passphrase_is_refused)
{
    Fixture f = fixture();
    size_t n;
    SealKey *k = passphrase(&f, "correct horse battery"), *other;
    seal(&f, k, 10);
    seal_key_free(k);
    other = passphrase(&f, "correct horse batterY");
    assert_int_equal(open_all(&f, other, &n), ST_INVALID);
    assert_string_equal(f.cx.err.key, "backup.wrong_key");
    seal_key_free(other);
    fixture_end(&f);
}

TEST(seal, a_short_passphrase_is_no_key)
{
    Fixture f = fixture();
    SealKey *k = NULL;
    FILE *out = fopen(path(&f, "pass"), "w");
    fputs("too short", out);
    fclose(out);
    assert_int_equal(seal_key_read(&f.cx, path(&f, "pass"), &k), ST_INVALID);
    fixture_end(&f);
}

/* The public key makes, and reads what it made itself; the secret one opens it afterwards. */
TEST(seal, the_secret_key_opens_what_the_public_made)
{
    Fixture f = fixture();
    SealKey *public = NULL, *secret = NULL, *later = NULL;
    size_t n = 0;
    ASSERT_OK(seal_key_make(&f.cx, path(&f, "key")));
    ASSERT_OK(seal_key_read(&f.cx, path(&f, "key.pub"), &public));
    assert_true(seal_key_is_public(public));
    seal(&f, public, 5000);
    ASSERT_OK(open_all(&f, public, &n));
    ASSERT_OK(seal_key_read(&f.cx, path(&f, "key.pub"), &later));
    assert_int_equal(open_all(&f, later, &n), ST_INVALID);
    error_clear(&f.cx);
    ASSERT_OK(seal_key_read(&f.cx, path(&f, "key"), &secret));
    ASSERT_OK(open_all(&f, secret, &n));
    assert_int_equal(n, 5000);
    assert_int_equal(seal_key_make(&f.cx, path(&f, "key")), ST_CONFLICT);
    seal_key_free(public);
    seal_key_free(later);
    seal_key_free(secret);
    fixture_end(&f);
}

TEST(seal, a_changed_or_cut_file_is_refused)
{
    Fixture f = fixture();
    SealKey *k = passphrase(&f, "correct horse battery");
    size_t n;
    seal(&f, k, 60000);
    int fd = open(path(&f, "file"), O_RDWR);
    for (off_t at = 150; at < 200000; at += 66000) {
        unsigned char c;
        assert_int_equal(pread(fd, &c, 1, at), 1);
        c ^= 1;
        assert_int_equal(pwrite(fd, &c, 1, at), 1);
        assert_int_equal(open_all(&f, k, &n), ST_INVALID);
        assert_string_equal(f.cx.err.key, "backup.damaged");
        error_clear(&f.cx);
        c ^= 1;
        assert_int_equal(pwrite(fd, &c, 1, at), 1);
    }
    ASSERT_OK(open_all(&f, k, &n));
    struct stat info;
    fstat(fd, &info);
    for (off_t cut = info.st_size - 1; cut > 200; cut -= 61234) {
        assert_int_equal(ftruncate(fd, cut), 0);
        assert_int_equal(open_all(&f, k, &n), ST_INVALID);
        error_clear(&f.cx);
    }
    close(fd);
    seal_key_free(k);
    fixture_end(&f);
}

/* What was not ended is not there. */
TEST(seal, an_unfinished_file_goes)
{
    Fixture f = fixture();
    SealKey *k = passphrase(&f, "correct horse battery");
    {
        CLEANUP(seal_out) Sealer *s = NULL;
        ASSERT_OK(seal_out_open(&f.cx, k, path(&f, "file"), &s));
        ASSERT_OK(seal_out_write(&f.cx, s, "half", 4));
    }
    assert_int_not_equal(access(path(&f, "file"), F_OK), 0);
    seal_key_free(k);
    fixture_end(&f);
}

TEST_MAIN("seal")
