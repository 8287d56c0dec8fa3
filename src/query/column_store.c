/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of columns of one process. */
#include "query/columns_internal.h"
#include <stdlib.h>

ColumnStore *column_store_new(void)
{
    ColumnStore *s = columns_grow(NULL, sizeof *s);
    *s = (ColumnStore){0};
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void column_store_free(ColumnStore *s)
{
    if (!s)
        return;
    for (ColumnTable *t = s->first, *next; t; t = next) {
        next = t->next;
        columns_empty(t);
        pthread_rwlock_destroy(&t->lock);
        free(t);
    }
    pthread_mutex_destroy(&s->lock);
    free(s);
}
