/* SPDX-License-Identifier: Apache-2.0 */
/* What every kernel of this folder is given, and how it reports what is wrong with the data.
 *
 * A kernel is a function on arrays. It keeps no state, takes memory from k->arena, asks
 * kernel_cancelled() at least every few million operations and returns ST_BUSY then. Bad data is
 * ST_INVALID with k->fault saying what is wrong in which column and row (positions in the arrays
 * that were handed in; -1: none); the caller turns that into words. */
#pragma once
#include "base/arena.h"
#include "base/str.h"
#include <math.h>
#include <stdatomic.h>

typedef enum FaultKind {
    FAULT_NONE,
    FAULT_NOT_FINITE, /* infinite or not a number at column, row */
    FAULT_CONSTANT,   /* the column has one value only */
    FAULT_EMPTY,      /* no valid value is left */
    FAULT_TOO_FEW,    /* fewer rows than the method needs: `need` */
    FAULT_ONE_GROUP,  /* fewer than two groups */
    FAULT_COLLINEAR,  /* the column is a combination of those before it */
    FAULT_SEPARATED,  /* the column separates the two classes: no maximum of likelihood */
    FAULT_NO_RESULT,  /* the iteration did not converge */
    FAULT_RANGE,      /* a value at column, row is outside what the method allows */
    FAULT_WEIGHT,     /* a weight at row is negative or not finite */
    FAULT_TOO_MANY,   /* more than the method takes, `need` is the bound; ST_TOO_LARGE */
} FaultKind;

typedef struct Fault {
    FaultKind kind;
    int64_t column, row;
    double need; /* FAULT_TOO_FEW: how many */
} Fault;

typedef struct Kernel {
    Arena *arena;
    const atomic_bool *cancel; /* may be NULL */
    int threads;               /* ≥ 1; a kernel may use fewer */
    uint64_t seed;
    void (*progress)(void *arg, double share); /* may be NULL; 0 … 1 */
    void *progress_arg;
    Fault fault;
} Kernel;

static inline bool kernel_cancelled(const Kernel *k)
{
    return k->cancel && atomic_load_explicit(k->cancel, memory_order_relaxed);
}

static inline void kernel_progress(const Kernel *k, double share)
{
    if (k->progress)
        k->progress(k->progress_arg, share);
}

/* return kernel_fail(k, FAULT_CONSTANT, column, -1); */
static inline CHECKED Status kernel_fail(Kernel *k, FaultKind kind, int64_t column, int64_t row)
{
    k->fault = (Fault){.kind = kind, .column = column, .row = row};
    return ST_INVALID;
}

static inline CHECKED Status kernel_too_few(Kernel *k, int64_t column, double need)
{
    k->fault = (Fault){.kind = FAULT_TOO_FEW, .column = column, .row = -1, .need = need};
    return ST_INVALID;
}

/* ---- random numbers: xoshiro256** seeded by splitmix64 (Blackman & Vigna 2018), public domain
 * algorithms; the same seed gives the same numbers on every machine. */
typedef struct Random {
    uint64_t s[4];
} Random;

static inline uint64_t random_split(uint64_t *x)
{
    uint64_t z = (*x += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* stream: independent numbers for the starts, threads or repetitions of one seed. */
static inline Random random_of(uint64_t seed, uint64_t stream)
{
    Random r;
    uint64_t x = seed ^ (stream * UINT64_C(0xd1342543de82ef95));
    for (int i = 0; i < 4; i++)
        r.s[i] = random_split(&x);
    return r;
}

static inline uint64_t random_bits(Random *r)
{
    uint64_t *s = r->s, m = s[1] * 5, out = ((m << 7) | (m >> 57)) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 45) | (s[3] >> 19);
    return out;
}

/* Uniform in [0, 1) with 53 bits; uniform integer in [0, n) without bias (n > 0). */
static inline double random_unit(Random *r) { return (double)(random_bits(r) >> 11) * 0x1p-53; }
static inline uint64_t random_below(Random *r, uint64_t n)
{
    uint64_t least = -n % n, x;
    do
        x = random_bits(r);
    while (x < least);
    return x % n;
}
