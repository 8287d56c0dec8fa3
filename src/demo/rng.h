/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers of the demo company: the same seed gives the same numbers everywhere.
 * SplitMix64 (Steele, Lea, Flood 2014); gamma by Marsaglia and Tsang 2000; Poisson by Knuth's product.
 * State is the caller's; nothing allocates, nothing fails. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct Rng {
    uint64_t state;
} Rng;

Rng rng_of(uint64_t seed, uint64_t stream); /* streams of one seed are independent */
uint64_t rng_next(Rng *g);
size_t rng_below(Rng *g, size_t n);                /* 0…n−1, n > 0 */
int64_t rng_between(Rng *g, int64_t a, int64_t b); /* a…b, both included */
double rng_unit(Rng *g);                           /* (0, 1) */
static inline int rng_chance(Rng *g, double p) { return rng_unit(g) < p; }
double rng_normal(Rng *g); /* mean 0, deviation 1 */
double rng_exponential(Rng *g, double mean);
double rng_gamma(Rng *g, double shape, double scale); /* shape, scale > 0 */
double rng_beta(Rng *g, double a, double b);
int rng_poisson(Rng *g, double mean); /* mean ≤ 30 */
/* Index by weight; total is the sum of the weights. */
size_t rng_weighted(Rng *g, const uint8_t *weights, size_t n, uint32_t total);
