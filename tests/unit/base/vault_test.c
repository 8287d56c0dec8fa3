/* SPDX-License-Identifier: Apache-2.0 */
/* The vault: what is sealed opens at its place and with its key only; blind indexes; the key file. */
#include "base/vault.h"
#include "test.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static Vault *with_keys(Arena *a, const unsigned char *key, uint32_t n, Str *wrapped)
{
    Vault *v = vault_new();
    for (uint32_t i = 1; i <= n; i++) {
        if (!wrapped[i].n)
            wrapped[i] = vault_make(a, key, i);
        assert_true(vault_add(v, key, i, wrapped[i]));
    }
    return v;
}

TEST(vault, opens_what_it_sealed_at_its_place_only)
{
    Arena *a = arena_new(4096);
    unsigned char key[VAULT_KEY] = {1, 2, 3};
    Str wrapped[3] = {0}, plain;
    Vault *v = with_keys(a, key, 1, wrapped);
    Str one = vault_seal(v, a, STR("account.token/1"), STR("s3cret 密"));
    Str two = vault_seal(v, a, STR("account.token/1"), STR("s3cret 密"));
    assert_true(str_starts(one, STR("1.1.")));
    assert_false(str_eq(one, two)); /* a nonce each */
    assert_int_equal(str_find(one, STR("s3cret")), SIZE_MAX);
    assert_true(vault_unseal(v, a, STR("account.token/1"), one, &plain));
    assert_true(str_is(plain, "s3cret 密"));
    assert_false(vault_unseal(v, a, STR("account.token/2"), one, &plain));
    char *bent = str_z(a, one);
    bent[one.n - 3] = bent[one.n - 3] == 'A' ? 'B' : 'A';
    assert_false(vault_unseal(v, a, STR("account.token/1"), str_of(bent), &plain));
    static const char *const wrong[] = {"",     "1",        "1.",       "1.1",
                                        "1.1.", "2.1.AAAA", "1.9.AAAA", "1.1.!!"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(vault_unseal(v, a, STR("account.token/1"), str_of(wrong[i]), &plain));
    vault_free(v);
    arena_free(a);
}

TEST(vault, rotates_keys)
{
    Arena *a = arena_new(4096);
    unsigned char key[VAULT_KEY] = {7}, other[VAULT_KEY] = {8};
    Str wrapped[3] = {0}, plain, before[VAULT_MAX], after[VAULT_MAX];
    Vault *old = with_keys(a, key, 1, wrapped);
    Str sealed = vault_seal(old, a, STR("p"), STR("x"));
    assert_int_equal(vault_blinds(old, a, STR("f"), STR("x"), before), 1);
    vault_free(old);
    Vault *v = with_keys(a, key, 2, wrapped);
    assert_true(str_starts(vault_seal(v, a, STR("p"), STR("x")), STR("1.2.")));
    assert_true(vault_unseal(v, a, STR("p"), sealed, &plain));
    assert_int_equal(vault_blinds(v, a, STR("f"), STR("x"), after), 2);
    assert_true(str_eq(after[1], before[0])); /* values of the old key are found still */
    assert_false(vault_add(v, other, 3, wrapped[1]));
    assert_false(vault_add(v, key, 2, wrapped[1])); /* a key is bound to its number */
    vault_free(v);
    arena_free(a);
}

TEST(vault, wraps_a_key_again_and_says_with_which_a_value_is_sealed)
{
    Arena *a = arena_new(4096);
    unsigned char key[VAULT_KEY] = {7}, next[VAULT_KEY] = {8};
    Str wrapped[4] = {0}, again, plain;
    Vault *old = with_keys(a, key, 2, wrapped);
    Str sealed = vault_seal(old, a, STR("p"), STR("x"));
    assert_int_equal(vault_newest(old), 2);
    assert_int_equal(vault_sealed_with(sealed), 2);
    assert_int_equal(vault_sealed_with(STR("1.x.AAAA")), 0);
    assert_int_equal(vault_sealed_with(STR("2.1.AAAA")), 0);
    assert_int_equal(vault_newest(NULL), 0);
    assert_false(vault_wrap_again(a, next, key, 2, wrapped[2], &again));
    assert_false(vault_wrap_again(a, key, next, 1, wrapped[2], &again)); /* bound to its number */
    assert_true(vault_wrap_again(a, key, next, 2, wrapped[2], &again));
    Vault *v = vault_new();
    assert_false(vault_add(v, key, 2, again));
    assert_true(vault_add(v, next, 2, again));
    assert_true(vault_has(v, 2));
    assert_false(vault_has(v, 1));
    assert_true(vault_unseal(v, a, STR("p"), sealed, &plain));
    assert_true(str_is(plain, "x"));
    vault_free(old);
    vault_free(v);
    arena_free(a);
}

TEST(vault, tells_fields_and_values_apart)
{
    Arena *a = arena_new(4096);
    unsigned char key[VAULT_KEY] = {9};
    Str wrapped[2] = {0}, x[VAULT_MAX], y[VAULT_MAX];
    Vault *v = with_keys(a, key, 1, wrapped);
    vault_blinds(v, a, STR("ab"), STR("c"), x);
    vault_blinds(v, a, STR("a"), STR("bc"), y);
    assert_false(str_eq(x[0], y[0]));
    vault_blinds(v, a, STR("ab"), STR("c"), y);
    assert_true(str_eq(x[0], y[0]));
    assert_int_equal(vault_blinds(NULL, a, STR("f"), STR("x"), x), 0);
    vault_free(v);
    arena_free(a);
}

TEST(vault, makes_reads_and_misses_the_key_file)
{
    char dir[] = "/tmp/guanxi-vault-XXXXXX", path[64];
    unsigned char key[VAULT_KEY], again[VAULT_KEY];
    struct stat st;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/key", dir);
    assert_int_equal(vault_key_file(path, false, key), VAULT_MISSING);
    assert_int_equal(vault_key_file(path, true, key), VAULT_MADE);
    assert_int_equal(vault_key_file(path, true, again), VAULT_READ);
    assert_memory_equal(key, again, VAULT_KEY);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    FILE *f = fopen(path, "w");
    fputs("no key", f);
    fclose(f);
    assert_int_equal(vault_key_file(path, true, key), VAULT_BAD);
    unlink(path);
    rmdir(dir);
}

TEST_MAIN("vault")
