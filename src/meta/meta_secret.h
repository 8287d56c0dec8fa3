/* SPDX-License-Identifier: Apache-2.0 */
/* Secret fields: the organisation's keys, and what they seal. */
#pragma once
#include "base/vault.h"
#include "meta/meta.h"

/* Opens the keys; the first start makes key file and data key. *ret_locked: there are keys that the file
 * does not open, or there is no file: secrets can then neither be written nor read. */
CHECKED Status meta_secret_open(Ctx *cx, DbPool *pool, const char *key_file, Vault **ret,
                                bool *ret_locked);
Str meta_secret_field(Arena *a, const Field *f);            /* what its blind index is of */
Str meta_secret_place(Arena *a, const Field *f, Id record); /* what a value is sealed for */
/* The stored form of a value that came in; any other as it is. */
Value meta_secret_sealed(Ctx *cx, const Field *f, Id record, const Value *v);
bool meta_secret_plain(Ctx *cx, const Field *f, Id record, const Value *v, Str *ret);
