/* SPDX-License-Identifier: Apache-2.0 */
/* Arena: one region of memory per request, job or command; freed as a whole.
 * Never returns NULL: what a user can grow is bounded at the door, so exhaustion is a bug: it logs
 * and aborts. Not thread-safe: one thread at a time (it may be handed over between threads).
 *   Arena *a = arena_new(16 * 1024); char *p = arena_alloc(a, 100); arena_free(a); */
#pragma once
#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

typedef struct Arena Arena;

Arena *arena_new(size_t first_block); /* heap; a pooled caller keeps it and calls arena_reset */
void arena_free(Arena *a);
void arena_reset(Arena *a);            /* keeps the first block, returns the rest to the heap */
void *arena_alloc(Arena *a, size_t n); /* 16-byte aligned, not zeroed */
void *arena_zero(Arena *a, size_t n);  /* zeroed */
void *arena_dup(Arena *a, const void *p, size_t n);
/* Grows the last allocation in place if it can, else copies. */
void *arena_grow(Arena *a, void *p, size_t old_n, size_t new_n);
size_t arena_used(const Arena *a);
uint64_t arena_blocks(const Arena *a); /* heap blocks taken since birth (for the bench) */

#define ARENA_NEW(a, T) ((T *)arena_zero((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_zero((a), sizeof(T) * (size_t)(n)))
DEFINE_CLEANUP(arena, Arena)
/* Runs fn(arg) when the arena is reset or freed, last first (handles of libraries). */
void arena_on_free(Arena *a, void (*fn)(void *), void *arg);
