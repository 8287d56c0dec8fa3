/* SPDX-License-Identifier: Apache-2.0 */
/* seal: files that only the holder of a key reads: deflated, then encrypted and authenticated in pieces
 * of 64 KiB (libsodium secretstream). Cut, changed or swapped pieces are refused.
 *
 * The key of a run is random; each file carries it locked by a passphrase (Argon2id) or for a public
 * key. Whoever made the files of this run can read them again while he lives, also without the secret
 * key; that is how a backup is checked on a server that holds only the public one.
 *
 * Key file, one line: a passphrase of at least 12 characters, or what `guanxi backup --make-key` wrote:
 * guanxi-backup-public:<hex> (seals) or guanxi-backup-secret:<hex> (opens). */
#pragma once
#include "base/ctx.h"

typedef struct SealKey SealKey;
CHECKED Status seal_key_read(Ctx *cx, const char *path, SealKey **ret);
void seal_key_free(SealKey *k); /* wipes it */
DEFINE_CLEANUP(seal_key, SealKey)
bool seal_key_is_public(const SealKey *k);
/* Writes PATH (secret) and PATH.pub; refuses to overwrite. */
CHECKED Status seal_key_make(Ctx *cx, const char *path);

typedef struct Sealer Sealer;
CHECKED Status seal_out_open(Ctx *cx, SealKey *k, const char *path, Sealer **ret);
CHECKED Status seal_out_write(Ctx *cx, Sealer *s, const void *p, size_t n);
CHECKED Status seal_out_end(Ctx *cx, Sealer *s, int64_t *ret_bytes); /* on the disk */
void seal_out_free(Sealer *s); /* a file that was not ended goes */
DEFINE_CLEANUP(seal_out, Sealer)

typedef struct Opener Opener;
/* ST_INVALID key backup.wrong_key; ST_INVALID key backup.damaged also later on. */
CHECKED Status seal_in_open(Ctx *cx, SealKey *k, const char *path, Opener **ret);
/* Up to n bytes; *ret_n 0: the end, which was authenticated too. */
CHECKED Status seal_in_read(Ctx *cx, Opener *o, void *p, size_t n, size_t *ret_n);
void seal_in_free(Opener *o);
DEFINE_CLEANUP(seal_in, Opener)
