/* SPDX-License-Identifier: Apache-2.0 */
/* Private to query/: pages merged out of the branches of the reader's predicate (docs/adr/0065, 0069). */
#pragma once
#include "query/query_internal.h"

/* Nothing narrows the list, the predicate can be said as branches, and the order is that of the id or of the
 * time of change. */
bool list_merge_fits(Ctx *cx, const Object *o, const ListQuery *q, bool narrowed);
/* The same, whatever the order asked for, if no branch walks: list_merge_count can tell how many. */
bool list_merge_counts(Ctx *cx, const Object *o, const ListQuery *q, bool narrowed);
/* How many the reader sees, counted to `most`. */
CHECKED Status list_merge_count(Ctx *cx, const Object *o, int64_t most, int64_t *ret);
/* SELECT k …: the ids of all that the reader sees, some of them twice, to `most`; false: it cannot be said so. */
bool list_merge_ids(Base *b, int64_t most, Sql *out);
/* Where a branch walks: do people alone own so many that the reader sees? False says nothing. */
CHECKED Status list_merge_many(Ctx *cx, const Object *o, const ListQuery *q, bool narrowed,
                               int64_t most, bool *ret);
/* SELECT [k0,] k … LIMIT n: the ids of the page, by time behind the time; after: keys of the last one, or NULL. */
void list_merge_page(Base *b, const ListQuery *q, const DbVal *after, int64_t limit, Sql *out);
