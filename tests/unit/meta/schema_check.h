/* SPDX-License-Identifier: Apache-2.0 */
/* The part of JSON Schema (draft 2020-12) that schema/ uses, as a check for tests. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* schema/<name>; the caller keeps the reference. Fails the test if it cannot be read. */
json_t *schema_read(const char *name);
/* Whether `value` is valid; else `why` says where and what. */
bool schema_check(json_t *root, json_t *schema, json_t *value, char *why, size_t size);
