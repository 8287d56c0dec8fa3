/* SPDX-License-Identifier: Apache-2.0 */
/* Secret fields: the organisation's keys, and what they seal. */
#pragma once
#include "base/vault.h"
#include "meta/meta.h"

/* Opens the keys; the first start makes key file and data key. *ret_locked: there are keys that the file
 * does not open, or there is no file: secrets can then neither be written nor read. */
CHECKED Status meta_secret_open(Ctx *cx, DbPool *pool, const char *key_file, Vault **ret,
                                bool *ret_locked);
/* A new key file beside a new data key: the file is made as KEY.new, the keys are wrapped by it in one
 * transaction, then it takes the place of the old one, which is kept under the name in *ret_kept. Killed
 * anywhere, the next opening goes on. Nobody else may have the organisation open: each process reads the
 * keys once. What is sealed with former keys stays readable until a job has sealed it anew. */
CHECKED Status meta_secret_rotate(Ctx *cx, DbPool *pool, const char *key_file, Str *ret_kept,
                                  uint32_t *ret_number);
Str meta_secret_field(Arena *a, const Field *f);            /* what its blind index is of */
Str meta_secret_place(Arena *a, const Field *f, Id record); /* what a value is sealed for */
/* The stored form of a value that came in; any other as it is. */
Value meta_secret_sealed(Ctx *cx, const Field *f, Id record, const Value *v);
bool meta_secret_plain(Ctx *cx, const Field *f, Id record, const Value *v, Str *ret);
