/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers: see the header for the sources. */
#include "demo/rng.h"
#include <math.h>

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

uint64_t rng_next(Rng *g) { return mix(g->state += 0x9e3779b97f4a7c15ULL); }

Rng rng_of(uint64_t seed, uint64_t stream)
{
    return (Rng){.state = mix(seed * 0x9e3779b97f4a7c15ULL) ^ mix(stream + 0xd1b54a32d192ed03ULL)};
}

size_t rng_below(Rng *g, size_t n) { return (size_t)(((unsigned __int128)rng_next(g) * n) >> 64); }

int64_t rng_between(Rng *g, int64_t a, int64_t b)
{
    return b <= a ? a : a + (int64_t)rng_below(g, (size_t)(b - a + 1));
}

double rng_unit(Rng *g) { return ((double)(rng_next(g) >> 11) + 0.5) * 0x1p-53; }

double rng_normal(Rng *g)
{
    double u = rng_unit(g), v = rng_unit(g);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

double rng_exponential(Rng *g, double mean) { return -mean * log(rng_unit(g)); }

double rng_gamma(Rng *g, double shape, double scale)
{
    if (shape < 1)
        return rng_gamma(g, shape + 1, scale) * pow(rng_unit(g), 1 / shape);
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = rng_normal(g), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        double u = rng_unit(g);
        if (log(u) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v * scale;
    }
}

double rng_beta(Rng *g, double a, double b)
{
    double x = rng_gamma(g, a, 1), y = rng_gamma(g, b, 1);
    return x / (x + y);
}

int rng_poisson(Rng *g, double mean)
{
    double limit = exp(-mean), product = rng_unit(g);
    int n = 0;
    while (product > limit) {
        product *= rng_unit(g);
        n++;
    }
    return n;
}

size_t rng_weighted(Rng *g, const uint8_t *weights, size_t n, uint32_t total)
{
    size_t at = rng_below(g, total);
    for (size_t i = 0; i + 1 < n; i++) {
        if (at < weights[i])
            return i;
        at -= weights[i];
    }
    return n - 1;
}
