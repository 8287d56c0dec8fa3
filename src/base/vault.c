/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets at rest, with libsodium. Each data key gives two others, one to seal and one to hash, so that
 * neither use tells anything about the other. */
#include "base/vault.h"
#include "base/base64.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BLIND_BYTES 16
#define HEX ((size_t)VAULT_KEY * 2)
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

typedef struct DataKey {
    uint32_t number;
    unsigned char seal[VAULT_KEY], blind[VAULT_KEY];
} DataKey;

struct Vault {
    DataKey keys[VAULT_MAX]; /* newest first */
    size_t n;
};

/* ---- the key file: one line of hex */
static bool read_key(int fd, unsigned char key[VAULT_KEY])
{
    char hex[HEX + 2];
    size_t n = 0, bytes = 0;
    for (ssize_t got; n < sizeof(hex); n += (size_t)got)
        if ((got = read(fd, hex + n, sizeof(hex) - n)) <= 0)
            break;
    while (n > 0 && (hex[n - 1] == '\n' || hex[n - 1] == '\r'))
        n--;
    bool is = sodium_hex2bin(key, VAULT_KEY, hex, n, NULL, &bytes, NULL) == 0 &&
              bytes == VAULT_KEY && n == HEX;
    sodium_memzero(hex, sizeof(hex));
    return is;
}

static bool write_key(int fd, const unsigned char key[VAULT_KEY])
{
    char hex[HEX + 1];
    sodium_bin2hex(hex, sizeof(hex), key, VAULT_KEY);
    hex[HEX] = '\n';
    bool is = write(fd, hex, sizeof(hex)) == (ssize_t)sizeof(hex) && fsync(fd) == 0;
    sodium_memzero(hex, sizeof(hex));
    return is;
}

VaultFile vault_key_file(const char *path, bool may_make, unsigned char key[VAULT_KEY])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        bool is = read_key(fd, key);
        close(fd);
        return is ? VAULT_READ : VAULT_BAD;
    }
    if (errno != ENOENT)
        return VAULT_BAD;
    if (!may_make)
        return VAULT_MISSING;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return VAULT_BAD;
    randombytes_buf(key, VAULT_KEY);
    bool is = write_key(fd, key);
    close(fd);
    if (is)
        return VAULT_MADE;
    unlink(path);
    return VAULT_BAD;
}

/* ---- data keys */
Vault *vault_new(void)
{
    Vault *v = calloc(1, sizeof(Vault));
    assert(v && sodium_init() >= 0);
    return v;
}

void vault_free(Vault *v)
{
    if (!v)
        return;
    sodium_memzero(v, sizeof(*v));
    free(v);
}

static bool decode(Arena *a, Str text, unsigned char **ret, size_t *ret_n)
{
    *ret = arena_zero(a, text.n + 1);
    return base64_read(text, *ret, text.n + 1, ret_n);
}

static Str lock(Arena *a, const unsigned char *key, Str place, Str plain)
{
    unsigned char *out = arena_zero(a, NONCE + plain.n + TAG);
    unsigned long long n = 0;
    randombytes_buf(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &n, (const unsigned char *)plain.p,
                                               plain.n, (const unsigned char *)place.p, place.n,
                                               NULL, out, key);
    return base64_text(a, out, NONCE + (size_t)n);
}

static bool unlock(Arena *a, const unsigned char *key, Str place, Str text, Str *ret)
{
    unsigned char *in;
    size_t n;
    unsigned long long plain = 0;
    if (!decode(a, text, &in, &n) || n < NONCE + TAG)
        return false;
    unsigned char *out = arena_zero(a, n);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &plain, NULL, in + NONCE, n - NONCE,
                                                   (const unsigned char *)place.p, place.n, in,
                                                   key) != 0)
        return false;
    *ret = str_n((const char *)out, (size_t)plain);
    return true;
}

static Str place_of_key(Arena *a, uint32_t number)
{
    return str_format(a, "data key %u", (unsigned)number);
}

Str vault_make(Arena *a, const unsigned char key[VAULT_KEY], uint32_t number)
{
    unsigned char data[VAULT_KEY];
    randombytes_buf(data, sizeof(data));
    Str wrapped = lock(a, key, place_of_key(a, number), str_n((const char *)data, sizeof(data)));
    sodium_memzero(data, sizeof(data));
    return wrapped;
}

static void derive(const Str *data, const char *use, unsigned char out[VAULT_KEY])
{
    crypto_generichash(out, VAULT_KEY, (const unsigned char *)use, strlen(use),
                       (const unsigned char *)data->p, data->n);
}

bool vault_wrap_again(Arena *a, const unsigned char from[VAULT_KEY],
                      const unsigned char to[VAULT_KEY], uint32_t number, Str wrapped, Str *ret)
{
    Str data;
    if (!unlock(a, from, place_of_key(a, number), wrapped, &data) || data.n != VAULT_KEY)
        return false;
    *ret = lock(a, to, place_of_key(a, number), data);
    sodium_memzero((char *)data.p, data.n);
    return true;
}

bool vault_add(Vault *v, const unsigned char key[VAULT_KEY], uint32_t number, Str wrapped)
{
    Arena *a = arena_new(1024);
    Str data;
    bool is = v->n < VAULT_MAX && unlock(a, key, place_of_key(a, number), wrapped, &data) &&
              data.n == VAULT_KEY;
    if (is) {
        size_t at = 0;
        while (at < v->n && v->keys[at].number > number)
            at++;
        memmove(&v->keys[at + 1], &v->keys[at], (v->n - at) * sizeof(DataKey));
        v->keys[at].number = number;
        derive(&data, "seal", v->keys[at].seal);
        derive(&data, "blind", v->keys[at].blind);
        v->n++;
        sodium_memzero((char *)data.p, data.n);
    }
    arena_free(a);
    return is;
}

/* ---- values */
Str vault_seal(const Vault *v, Arena *a, Str place, Str plain)
{
    assert(v && v->n);
    Str text = lock(a, v->keys[0].seal, place, plain);
    return str_format(a, "1.%u." STR_FMT, (unsigned)v->keys[0].number, STR_ARG(text));
}

/* The number of the key, and what follows it. */
static bool split_sealed(Str *rest, uint64_t *ret)
{
    Str form, number;
    return str_split(rest, '.', &form) && str_is(form, "1") && str_split(rest, '.', &number) &&
           str_uint(number, ret) && *ret <= UINT32_MAX;
}

uint32_t vault_sealed_with(Str sealed)
{
    uint64_t n = 0;
    return split_sealed(&sealed, &n) ? (uint32_t)n : 0;
}

uint32_t vault_newest(const Vault *v) { return v && v->n ? v->keys[0].number : 0; }

bool vault_has(const Vault *v, uint32_t number)
{
    for (size_t i = 0; v && i < v->n; i++)
        if (v->keys[i].number == number)
            return true;
    return false;
}

bool vault_unseal(const Vault *v, Arena *a, Str place, Str sealed, Str *ret)
{
    Str rest = sealed;
    uint64_t n;
    if (!v || !split_sealed(&rest, &n))
        return false;
    for (size_t i = 0; i < v->n; i++)
        if (v->keys[i].number == n)
            return unlock(a, v->keys[i].seal, place, rest, ret);
    return false;
}

static Str blind(Arena *a, const DataKey *k, Str field, Str plain)
{
    unsigned char hash[BLIND_BYTES];
    crypto_generichash_state state;
    unsigned char length[8];
    for (int i = 0; i < 8; i++) /* so that no two pairs of field and value run together */
        length[i] = (unsigned char)(field.n >> (8 * i));
    crypto_generichash_init(&state, k->blind, VAULT_KEY, sizeof(hash));
    crypto_generichash_update(&state, length, sizeof(length));
    crypto_generichash_update(&state, (const unsigned char *)field.p, field.n);
    crypto_generichash_update(&state, (const unsigned char *)plain.p, plain.n);
    crypto_generichash_final(&state, hash, sizeof(hash));
    return base64_text(a, hash, sizeof(hash));
}

size_t vault_blinds(const Vault *v, Arena *a, Str field, Str plain, Str ret[VAULT_MAX])
{
    for (size_t i = 0; v && i < v->n; i++)
        ret[i] = blind(a, &v->keys[i], field, plain);
    return v ? v->n : 0;
}
