/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets at rest: envelope encryption.
 *
 * A key file beside the data (32 random bytes, mode 0600) wraps the organisation's data keys, which
 * stand in the database; the newest seals, all unseal, so a key can be replaced while values are
 * sealed anew. Sealed: "1.<key number>.<base64url of nonce and ciphertext>", XChaCha20-Poly1305; `place`
 * (field and record) is authenticated with it, so a value moved elsewhere is refused. A blind index
 * is a keyed hash: equal values of one field are equal, and nothing else can be told from it. */
#pragma once
#include "base/buf.h"
#include "base/status.h"

#define VAULT_KEY 32    /* bytes of a key */
#define VAULT_MAX 16    /* data keys at a time */
#define VAULT_TEXT 4000 /* bytes of a value */

typedef struct Vault Vault;

typedef enum VaultFile { VAULT_READ, VAULT_MADE, VAULT_MISSING, VAULT_BAD } VaultFile;
/* Reads the key file, or makes it where it may be made. */
VaultFile vault_key_file(const char *path, bool may_make, unsigned char key[VAULT_KEY]);

Vault *vault_new(void);
void vault_free(Vault *v); /* wipes the keys */
/* A fresh data key, wrapped for the database. */
Str vault_make(Arena *a, const unsigned char key[VAULT_KEY], uint32_t number);
/* The same data key, wrapped by another key file; false if `from` does not open it. */
bool vault_wrap_again(Arena *a, const unsigned char from[VAULT_KEY],
                      const unsigned char to[VAULT_KEY], uint32_t number, Str wrapped, Str *ret);
/* Adds a data key; false if it was wrapped by another key file, or there are too many. */
bool vault_add(Vault *v, const unsigned char key[VAULT_KEY], uint32_t number, Str wrapped);

Str vault_seal(const Vault *v, Arena *a, Str place, Str plain);
bool vault_unseal(const Vault *v, Arena *a, Str place, Str sealed, Str *ret);
/* The number of the key that seals (0: none), of the one that a value is sealed with (0: none is), and whether
 * that one is at hand. */
uint32_t vault_newest(const Vault *v);
uint32_t vault_sealed_with(Str sealed);
bool vault_has(const Vault *v, uint32_t number);
/* One index for each data key, newest first; returns how many. */
size_t vault_blinds(const Vault *v, Arena *a, Str field, Str plain, Str ret[VAULT_MAX]);
