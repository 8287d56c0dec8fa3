/* SPDX-License-Identifier: Apache-2.0 */
/* The statements that one connection keeps prepared. */
#pragma once
#include "base/str.h"

/* LRU by text; the owner embeds DbCached first in its own struct. A busy entry is never dropped. */
typedef struct DbCached {
    struct DbCached *chain, *older, *newer;
    uint64_t hash;
    Str key; /* follows the struct in memory */
    bool busy;
} DbCached;

typedef struct DbCache {
    DbCached *buckets[512];
    struct {
        const char *p; /* address of a text seen before: saves the hash, never the comparison */
        DbCached *entry;
    } front[64];
    DbCached *newest, *oldest;
    size_t n, max;
    void (*drop)(void *owner, DbCached *entry); /* frees entry and handle */
    void *owner;
} DbCache;

void db_cache_init(DbCache *c, size_t max, void (*drop)(void *, DbCached *), void *owner);
void db_cache_clear(DbCache *c);
DbCached *db_cache_get(DbCache *c, Str key);
/* The same with the hash known (plans hash on the worker). */
DbCached *db_cache_get_hashed(DbCache *c, Str key, uint64_t hash);
/* A zeroed entry of `size` bytes with the key copied behind it, not yet in the cache. */
void *db_cache_entry(size_t size, Str key, uint64_t hash);
void db_cache_put(DbCache *c, DbCached *entry);
void db_cache_remove(DbCache *c, DbCached *entry); /* unlinks and drops */
