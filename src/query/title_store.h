/* SPDX-License-Identifier: Apache-2.0 */
/* Titles kept in memory, as title.c reads and fills them. */
#pragma once
#include "query/query_internal.h"

/* Whether titles of the object come out of memory for this reader. */
bool title_is_kept(const Ctx *cx, const Object *o);
/* Those that are there of sorted ids; the *ret_rest others are moved to the front, in order. What is read for these
 * is put with the number that take gave: a change meanwhile refuses it. */
uint64_t title_store_take(Ctx *cx, const Object *o, Id *ids, size_t n, TitleRow *rows,
                          size_t *ret_rest);
void title_store_put(Ctx *cx, const Object *o, const TitleRow *rows, size_t n, uint64_t since);
