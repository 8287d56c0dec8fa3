/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 8291 over RFC 8188: key agreement with the browser, two rounds of HKDF-SHA-256, one record of
 * AES-128-GCM. Names follow the RFC. */
#include "notify/push_curve.h"
#include <sodium.h>
#include <string.h>

enum { SALT = 16, KEY = 16, NONCE = 12, TAG = 16, HASH = 32, RECORD = 4096 };
enum { HEAD = SALT + 4 + 1 + PUSH_POINT, LAST_RECORD = 2 };

/* HMAC-SHA-256 of parts that stand one after the other. */
static void hmac(const unsigned char *key, size_t key_n, const Str *parts, size_t n,
                 unsigned char ret[HASH])
{
    crypto_auth_hmacsha256_state st;
    crypto_auth_hmacsha256_init(&st, key, key_n);
    for (size_t i = 0; i < n; i++)
        crypto_auth_hmacsha256_update(&st, (const unsigned char *)parts[i].p, parts[i].n);
    crypto_auth_hmacsha256_final(&st, ret);
    sodium_memzero(&st, sizeof st);
}

static Str bytes(const void *p, size_t n) { return str_n(p, n); }

/* The first `n` bytes that HKDF gives: one block is always enough here. */
static void expand(const unsigned char prk[HASH], Str info, unsigned char *ret, size_t n)
{
    unsigned char block[HASH];
    hmac(prk, HASH, (const Str[]){info, bytes("\1", 1)}, 2, block);
    memcpy(ret, block, n);
    sodium_memzero(block, sizeof block);
}

typedef struct Keys {
    unsigned char cek[KEY], nonce[NONCE];
} Keys;

static bool keys_of(const PushTo *to, const PushKey *once, const unsigned char salt[SALT],
                    Keys *ret)
{
    unsigned char ecdh[PUSH_SECRET], prk[HASH], ikm[HASH], info[14 + 2 * PUSH_POINT];
    if (!push_curve_agree(once, to->point, ecdh))
        return false;
    hmac(to->auth, PUSH_AUTH, (const Str[]){bytes(ecdh, sizeof ecdh)}, 1, prk);
    memcpy(info, "WebPush: info", 14); /* with its NUL */
    memcpy(info + 14, to->point, PUSH_POINT);
    memcpy(info + 14 + PUSH_POINT, once->point, PUSH_POINT);
    expand(prk, bytes(info, sizeof info), ikm, sizeof ikm);
    hmac(salt, SALT, (const Str[]){bytes(ikm, sizeof ikm)}, 1, prk);
    expand(prk, bytes("Content-Encoding: aes128gcm", 28), ret->cek, KEY);
    expand(prk, bytes("Content-Encoding: nonce", 24), ret->nonce, NONCE);
    sodium_memzero(ecdh, sizeof ecdh);
    sodium_memzero(prk, sizeof prk);
    sodium_memzero(ikm, sizeof ikm);
    return true;
}

/* out: room for plain, the mark of the last record and the tag. */
static bool encrypt(const Keys *k, Str plain, unsigned char *out)
{
    static const unsigned char MARK = LAST_RECORD;
    EVP_CIPHER_CTX *cx = EVP_CIPHER_CTX_new();
    int n = 0, m = 0, end = 0;
    bool is = cx && EVP_EncryptInit_ex(cx, EVP_aes_128_gcm(), NULL, k->cek, k->nonce) > 0 &&
              EVP_EncryptUpdate(cx, out, &n, (const unsigned char *)plain.p, (int)plain.n) > 0 &&
              EVP_EncryptUpdate(cx, out + n, &m, &MARK, 1) > 0 &&
              EVP_EncryptFinal_ex(cx, out + n + m, &end) > 0 &&
              EVP_CIPHER_CTX_ctrl(cx, EVP_CTRL_GCM_GET_TAG, TAG, out + n + m) > 0;
    EVP_CIPHER_CTX_free(cx);
    return is;
}

static void write_head(const PushKey *once, const unsigned char salt[SALT], unsigned char *out)
{
    memcpy(out, salt, SALT);
    memcpy(out + SALT, (const unsigned char[]){0, 0, RECORD >> 8, RECORD & 0xff, PUSH_POINT}, 5);
    memcpy(out + SALT + 5, once->point, PUSH_POINT);
}

bool push_seal(Arena *a, const PushTo *to, const PushKey *once, const unsigned char salt[SALT],
               Str plain, Str *ret)
{
    size_t n = HEAD + plain.n + 1 + TAG;
    unsigned char *out = arena_zero(a, n);
    Keys keys;
    if (plain.n > PUSH_PLAIN || !keys_of(to, once, salt, &keys))
        return false;
    write_head(once, salt, out);
    bool is = encrypt(&keys, plain, out + HEAD);
    sodium_memzero(&keys, sizeof keys);
    *ret = str_n((const char *)out, n);
    return is;
}
