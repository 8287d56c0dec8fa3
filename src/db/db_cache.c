/* SPDX-License-Identifier: Apache-2.0 */
/* Prepared statements of one connection, least recently used out first.
 *
 * Most texts are static, so the first look is by address: a hit there costs one comparison of the
 * text (an address in an arena may come back with another text) and no hash. */
#include "db/db_internal.h"
#include <assert.h>
#include <stdlib.h>

static size_t front_slot(const char *p)
{
    uintptr_t v = (uintptr_t)p;
    return ((v >> 4) ^ (v >> 10)) % COUNT_OF(((DbCache *)0)->front);
}

void db_cache_init(DbCache *c, size_t max, void (*drop)(void *, DbCached *), void *owner)
{
    *c = (DbCache){.max = max, .drop = drop, .owner = owner};
}

static void unlink_age(DbCache *c, DbCached *e)
{
    if (e->newer)
        e->newer->older = e->older;
    else
        c->newest = e->older;
    if (e->older)
        e->older->newer = e->newer;
    else
        c->oldest = e->newer;
    e->newer = e->older = NULL;
}

static void link_newest(DbCache *c, DbCached *e)
{
    e->older = c->newest;
    if (c->newest)
        c->newest->newer = e;
    c->newest = e;
    if (!c->oldest)
        c->oldest = e;
}

static void touch(DbCache *c, DbCached *e)
{
    if (c->newest == e)
        return;
    unlink_age(c, e);
    link_newest(c, e);
}

static DbCached *find(DbCache *c, Str key, uint64_t hash)
{
    DbCached *e = c->buckets[hash % COUNT_OF(c->buckets)];
    while (e && (e->hash != hash || !str_eq(e->key, key)))
        e = e->chain;
    if (!e)
        return NULL;
    size_t slot = front_slot(key.p);
    c->front[slot].p = key.p;
    c->front[slot].entry = e;
    touch(c, e);
    return e;
}

static DbCached *find_by_address(DbCache *c, Str key)
{
    size_t slot = front_slot(key.p);
    if (c->front[slot].p != key.p || !c->front[slot].entry)
        return NULL;
    DbCached *e = c->front[slot].entry;
    if (!str_eq(e->key, key))
        return NULL;
    touch(c, e);
    return e;
}

DbCached *db_cache_get(DbCache *c, Str key)
{
    DbCached *e = find_by_address(c, key);
    return e ? e : find(c, key, str_hash(key));
}

DbCached *db_cache_get_hashed(DbCache *c, Str key, uint64_t hash)
{
    DbCached *e = find_by_address(c, key);
    return e ? e : find(c, key, hash);
}

void *db_cache_entry(size_t size, Str key, uint64_t hash)
{
    DbCached *e = calloc(1, size + key.n + 1);
    if (!e)
        abort(); /* as arena_alloc: what is cached is bounded */
    char *copy = (char *)e + size;
    memcpy(copy, key.p, key.n);
    e->key = str_n(copy, key.n);
    e->hash = hash;
    return e;
}

void db_cache_put(DbCache *c, DbCached *entry)
{
    if (c->n >= c->max) {
        DbCached *old = c->oldest;
        while (old && old->busy)
            old = old->newer;
        if (old)
            db_cache_remove(c, old);
    }
    DbCached **bucket = &c->buckets[entry->hash % COUNT_OF(c->buckets)];
    entry->chain = *bucket;
    *bucket = entry;
    link_newest(c, entry);
    c->n++;
}

void db_cache_remove(DbCache *c, DbCached *entry)
{
    DbCached **at = &c->buckets[entry->hash % COUNT_OF(c->buckets)];
    while (*at && *at != entry)
        at = &(*at)->chain;
    assert(*at == entry);
    *at = entry->chain;
    for (size_t i = 0; i < COUNT_OF(c->front); i++) {
        if (c->front[i].entry == entry)
            c->front[i].entry = NULL;
    }
    unlink_age(c, entry);
    c->n--;
    c->drop(c->owner, entry);
}

void db_cache_clear(DbCache *c)
{
    while (c->newest)
        db_cache_remove(c, c->newest);
}
