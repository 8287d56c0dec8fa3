/* SPDX-License-Identifier: Apache-2.0 */
/* Private to query/columns*.c. */
#pragma once
#include "query/columns.h"
#include <stdatomic.h>

struct ColumnStore {
    pthread_mutex_t lock; /* of the list */
    ColumnTable *first;
    _Atomic size_t bytes; /* of all tables */
};

/* realloc that gives memory or ends the process (the supervisor starts it again). */
void *columns_grow(void *p, size_t bytes);
/* False: more values than codes. */
bool columns_dict_add(ColumnDict *d, const DbVal *v, uint16_t *ret);
void columns_dict_done(ColumnDict *d);
/* Lets go of what is loaded. */
void columns_empty(ColumnTable *t);
