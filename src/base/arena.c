/* SPDX-License-Identifier: Apache-2.0 */
/* Arena: a list of heap blocks with a bump pointer in the newest one.
 *
 * The first block lies behind the Arena itself and survives arena_reset. A request that is larger
 * than a quarter of a block gets a block of its own, so that the rest of the newest block is not
 * thrown away; the newest such block can grow by realloc, which is what a long Buf does.
 * Under AddressSanitizer what was not handed out is poisoned, so overruns are seen here too. */
#include "base/base_internal.h"
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONED 1
#endif
#endif
#ifdef ARENA_POISONED
#include <sanitizer/asan_interface.h>
#define HIDE(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GAP 16 /* bytes of poison behind each allocation */
#else
#define HIDE(p, n) ((void)(p), (void)(n))
#define SHOW(p, n) ((void)(p), (void)(n))
#define GAP 0
#endif

#define ALIGN 16
#define MIN_BLOCK ((size_t)1024)
#define MAX_BLOCK ((size_t)256 * 1024) /* blocks double up to here */
#define MAX_ALLOC (SIZE_MAX / 4)

typedef struct Block {
    struct Block *prev;
    size_t cap, used; /* of data; used is a multiple of ALIGN */
    _Alignas(ALIGN) char data[];
} Block;

typedef struct OnFree {
    struct OnFree *prev;
    void (*fn)(void *);
    void *arg;
} OnFree;

struct Arena {
    Block *current; /* small allocations come from here; .prev leads to the first */
    Block *large;   /* blocks of one allocation each, newest first */
    Block *first;
    OnFree *on_free;
    char *last; /* newest allocation and where it ends, for arena_grow */
    size_t next_block, total;
    uint64_t blocks;
};

static size_t round_up(size_t n) { return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1); }

void arena_exhausted(size_t wanted)
{
    fprintf(stderr, "error arena.exhausted wanted=%zu\n", wanted);
    abort();
}

static Block *block_init(void *memory, size_t cap)
{
    Block *block = memory;
    block->prev = NULL;
    block->cap = cap;
    block->used = 0;
    HIDE(block->data, cap);
    return block;
}

static Block *block_new(Arena *a, size_t cap)
{
    void *memory = malloc(sizeof(Block) + cap);
    if (!memory)
        arena_exhausted(cap);
    a->blocks++;
    return block_init(memory, cap);
}

static void block_free(Block *block)
{
    SHOW(block->data, block->cap);
    free(block);
}

Arena *arena_new(size_t first_block)
{
    size_t cap = round_up(first_block < MIN_BLOCK ? MIN_BLOCK : first_block);
    char *memory = malloc(round_up(sizeof(Arena)) + sizeof(Block) + cap);
    if (!memory)
        arena_exhausted(cap);
    Arena *a = (Arena *)(void *)memory;
    *a = (Arena){.next_block = cap < MAX_BLOCK ? cap : MAX_BLOCK, .blocks = 1};
    a->first = block_init(memory + round_up(sizeof(Arena)), cap);
    a->current = a->first;
    return a;
}

void arena_reset(Arena *a)
{
    for (OnFree *f = a->on_free; f; f = a->on_free) {
        a->on_free = f->prev; /* fn may allocate or register more */
        f->fn(f->arg);
    }
    for (Block *b = a->large, *prev; b; b = prev) {
        prev = b->prev;
        block_free(b);
    }
    for (Block *b = a->current, *prev; b != a->first; b = prev) {
        prev = b->prev;
        block_free(b);
    }
    a->large = NULL;
    a->current = a->first;
    a->first->used = 0;
    HIDE(a->first->data, a->first->cap);
    a->last = NULL;
    a->total = 0;
    a->next_block = a->first->cap < MAX_BLOCK ? a->first->cap : MAX_BLOCK;
}

void arena_free(Arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    SHOW(a->first->data, a->first->cap);
    free(a);
}

static void *alloc_large(Arena *a, size_t n)
{
    Block *block = block_new(a, round_up(n));
    block->used = block->cap;
    block->prev = a->large;
    a->large = block;
    return block->data;
}

static void *alloc_slow(Arena *a, size_t n)
{
    if (n > MAX_ALLOC)
        arena_exhausted(n);
    size_t wanted = round_up(n) + GAP;
    if (wanted > a->next_block / 4)
        return alloc_large(a, n);
    if (a->next_block < MAX_BLOCK)
        a->next_block *= 2;
    Block *block = block_new(a, a->next_block);
    block->prev = a->current;
    a->current = block;
    block->used = wanted;
    return block->data;
}

void *arena_alloc(Arena *a, size_t n)
{
    Block *block = a->current;
    char *p;
    if (n == 0)
        n = 1; /* each allocation has an address of its own: arena_grow tells by it */
    if (n <= block->cap && round_up(n) + GAP <= block->cap - block->used) {
        p = block->data + block->used;
        block->used += round_up(n) + GAP;
    } else {
        p = alloc_slow(a, n);
    }
    SHOW(p, n);
    a->last = p;
    a->total += n;
    return p;
}

void *arena_zero(Arena *a, size_t n) { return memset(arena_alloc(a, n), 0, n); }

void *arena_dup(Arena *a, const void *p, size_t n)
{
    void *copy = arena_alloc(a, n);
    if (n > 0)
        memcpy(copy, p, n);
    return copy;
}

/* The newest allocation lies at the end of the current block: its end moves. */
static bool grow_in_block(Arena *a, char *p, size_t new_n)
{
    Block *block = a->current;
    if (p != a->last || p < block->data || p >= block->data + block->cap)
        return false;
    size_t from = (size_t)(p - block->data);
    if (new_n > block->cap || round_up(new_n) + GAP > block->cap - from)
        return false;
    block->used = from + round_up(new_n) + GAP;
    SHOW(p, new_n);
    return true;
}

static void *grow_large(Arena *a, size_t new_n)
{
    Block *block = a->large;
    SHOW(block->data, block->cap);
    size_t cap = round_up(new_n);
    block = realloc(block, sizeof(Block) + cap);
    if (!block)
        arena_exhausted(new_n);
    a->blocks++;
    block->cap = block->used = cap;
    a->large = block;
    HIDE(block->data + new_n, cap - new_n);
    return block->data;
}

void *arena_grow(Arena *a, void *p, size_t old_n, size_t new_n)
{
    if (new_n <= old_n)
        return p;
    if (new_n > MAX_ALLOC)
        arena_exhausted(new_n);
    if (p && grow_in_block(a, p, new_n)) {
        a->total += new_n - old_n;
        return p;
    }
    if (a->large && p == a->large->data) {
        void *grown = grow_large(a, new_n);
        if (p == a->last)
            a->last = grown;
        a->total += new_n - old_n;
        return grown;
    }
    void *copy = arena_alloc(a, new_n);
    if (p && old_n > 0)
        memcpy(copy, p, old_n);
    return copy;
}

size_t arena_used(const Arena *a) { return a->total; }

uint64_t arena_blocks(const Arena *a) { return a->blocks; }

void arena_on_free(Arena *a, void (*fn)(void *), void *arg)
{
    OnFree *entry = arena_alloc(a, sizeof(*entry));
    *entry = (OnFree){.prev = a->on_free, .fn = fn, .arg = arg};
    a->on_free = entry;
}
