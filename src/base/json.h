/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in: jansson, strict (no duplicate keys, UTF-8 checked, no NUL, depth ≤ 64). JSON out is Buf's. */
#pragma once
#include "base/ctx.h"
#include <jansson.h>

/* Freed with the arena. ST_MALFORMED code bad_json with err.fields[0].at = byte offset. */
CHECKED Status json_parse(Ctx *cx, Str text, json_t **ret);
/* Registers j to be decref'd when the arena is reset or freed. */
void json_own(Arena *a, json_t *j);
Str json_str(const json_t *j); /* STR_NULL if not a string */
Str json_get_str(const json_t *obj, const char *key);
bool json_get_bool(const json_t *obj, const char *key, bool dflt);
int64_t json_get_int(const json_t *obj, const char *key, int64_t dflt);
/* Writes a jansson value compactly (keys in their order). */
void json_write(Buf *b, const json_t *j);
