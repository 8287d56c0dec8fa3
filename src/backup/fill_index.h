/* SPDX-License-Identifier: Apache-2.0 */
/* fill_index: indexes of a PostgreSQL place made by further connections while this one goes on. On SQLite,
 * where one connection writes, it does nothing. */
#pragma once
#include "backup/archive.h"
#include <pthread.h>

enum { FILL_INDEXERS = 2 };

typedef struct FillIndexer {
    const DbConfig *place;
    const char *of; /* of tables whose names begin so; NULL: of all */
    const _Atomic bool *stop;
    Ctx cx;
    int64_t made;
    Status st;
    pthread_t thread;
} FillIndexer;

typedef struct FillIndexers {
    FillIndexer v[FILL_INDEXERS];
    size_t n;
    _Atomic bool stop; /* nobody begins another */
} FillIndexers;

/* Begins up to n of them; fewer where the machine gives no more threads. */
void fill_index_start(const Ctx *cx, const DbConfig *place, const char *of, size_t n,
                      FillIndexers *x);
/* Waits for all; adds what they made. */
CHECKED Status fill_index_join(Ctx *cx, FillIndexers *x, int64_t *made);
