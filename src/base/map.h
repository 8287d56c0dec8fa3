/* SPDX-License-Identifier: Apache-2.0 */
/* Map: text → pointer, open addressing, in an arena; keys are not copied. Insertion order is kept. */
#pragma once
#include "base/str.h"

typedef struct MapEntry {
    Str key;
    uint64_t hash;
    void *value;
} MapEntry;

typedef struct Map {
    Arena *arena;
    MapEntry *entries; /* in insertion order; a removed one has key.p NULL */
    uint32_t *slots;
    size_t n, cap, n_slots;
} Map;

Map map_in(Arena *a);
void *map_get(const Map *m, Str key); /* NULL if absent */
bool map_has(const Map *m, Str key);
void map_put(Map *m, Str key, void *value); /* replaces */
