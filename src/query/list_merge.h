/* SPDX-License-Identifier: Apache-2.0 */
/* Private to query/: pages merged out of the branches of the reader's predicate (docs/adr/0065). */
#pragma once
#include "query/query_internal.h"

/* The order is that of the id, nothing narrows the list, the predicate can be said as branches. */
bool list_merge_fits(Ctx *cx, const Object *o, const ListQuery *q, bool narrowed);
/* How many the reader sees, counted to `most`; whatever the order asked for. */
CHECKED Status list_merge_count(Ctx *cx, const Object *o, const ListQuery *q, int64_t most,
                                int64_t *ret);
/* SELECT k … LIMIT n: the ids of the page; after: that of the last one, or NULL. */
void list_merge_page(Base *b, const ListQuery *q, const DbVal *after, int64_t limit, Sql *out);
