/* SPDX-License-Identifier: Apache-2.0 */
/* Map: entries in insertion order, found through a table of slots (index + 1, 0 = free) with linear
 * probing at a load of at most one half. Keys may come from outside, so the hash is seeded with an
 * address: where the loader put the program differs from run to run. */
#include "base/map.h"
#include "base/base_internal.h"

static uint64_t map_hash(Str key)
{
    static const char anchor = 0;
    return str_hash_seeded(key, (uint64_t)(uintptr_t)&anchor);
}

Map map_in(Arena *a) { return (Map){.arena = a}; }

/* The slot that holds key, or the free one where it would go; n_slots > 0. */
static size_t map_slot(const Map *m, Str key, uint64_t hash)
{
    size_t mask = m->n_slots - 1, at = hash & mask;
    while (m->slots[at]) {
        const MapEntry *e = &m->entries[m->slots[at] - 1];
        if (e->hash == hash && str_eq(e->key, key))
            return at;
        at = (at + 1) & mask;
    }
    return at;
}

static const MapEntry *map_find(const Map *m, Str key)
{
    if (m->n == 0)
        return NULL;
    uint32_t slot = m->slots[map_slot(m, key, map_hash(key))];
    return slot ? &m->entries[slot - 1] : NULL;
}

void *map_get(const Map *m, Str key)
{
    const MapEntry *e = map_find(m, key);
    return e ? e->value : NULL;
}

bool map_has(const Map *m, Str key) { return map_find(m, key) != NULL; }

static void map_rehash(Map *m, size_t n_slots)
{
    m->slots = ARENA_ARRAY(m->arena, uint32_t, n_slots);
    m->n_slots = n_slots;
    for (size_t i = 0; i < m->n; i++) {
        size_t at = m->entries[i].hash & (n_slots - 1);
        while (m->slots[at])
            at = (at + 1) & (n_slots - 1);
        m->slots[at] = (uint32_t)(i + 1);
    }
}

void map_put(Map *m, Str key, void *value)
{
    if ((m->n + 1) * 2 > m->n_slots)
        map_rehash(m, m->n_slots ? m->n_slots * 2 : 16);
    uint64_t hash = map_hash(key);
    size_t at = map_slot(m, key, hash);
    if (m->slots[at]) {
        m->entries[m->slots[at] - 1].value = value;
        return;
    }
    if (m->n == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 8;
        m->entries = arena_grow(m->arena, m->entries, m->cap * sizeof(*m->entries),
                                cap * sizeof(*m->entries));
        m->cap = cap;
    }
    m->entries[m->n++] = (MapEntry){.key = key, .hash = hash, .value = value};
    m->slots[at] = (uint32_t)m->n;
}
