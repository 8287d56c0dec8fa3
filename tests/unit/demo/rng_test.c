/* SPDX-License-Identifier: Apache-2.0 */
/* Distributions of the demo company: moments, bounds, and the same numbers for the same seed. */
#include "base/arena.h"
#include "demo/rng.h"
#include "test.h"
#include <math.h>

enum { DRAWS = 200000 };

static void assert_near(double got, double want, double within)
{
    if (fabs(got - want) > within)
        fail_msg("%g is not %g ± %g", got, want, within);
}

TEST(rng, same_seed_same_numbers)
{
    Rng a = rng_of(7, 3), b = rng_of(7, 3), c = rng_of(7, 4);
    assert_int_equal(rng_next(&a), rng_next(&b));
    assert_int_not_equal(rng_next(&a), rng_next(&c));
    Rng fixed = rng_of(1, 0);
    uint64_t first = rng_next(&fixed);
    Rng again = rng_of(1, 0);
    assert_int_equal(rng_next(&again), first);
}

TEST(rng, bounds_hold)
{
    Rng g = rng_of(1, 1);
    for (int i = 0; i < DRAWS; i++) {
        double u = rng_unit(&g);
        assert_true(u > 0 && u < 1);
        assert_true(rng_below(&g, 7) < 7);
        int64_t v = rng_between(&g, -3, 4);
        assert_true(v >= -3 && v <= 4);
    }
    assert_int_equal(rng_between(&g, 5, 5), 5);
}

TEST(rng, moments_are_those_of_the_distribution)
{
    Rng g = rng_of(2, 1);
    double normal = 0, squares = 0, expo = 0, gamma = 0, small = 0, beta = 0, poisson = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = rng_normal(&g);
        normal += x;
        squares += x * x;
        expo += rng_exponential(&g, 4);
        gamma += rng_gamma(&g, 3.2, 17);
        small += rng_gamma(&g, 0.5, 2);
        beta += rng_beta(&g, 1.1, 3.2);
        poisson += rng_poisson(&g, 1.4);
    }
    assert_near(normal / DRAWS, 0, 0.01);
    assert_near(squares / DRAWS, 1, 0.02);
    assert_near(expo / DRAWS, 4, 0.06);
    assert_near(gamma / DRAWS, 54.4, 0.4);
    assert_near(small / DRAWS, 1, 0.02);
    assert_near(beta / DRAWS, 1.1 / 4.3, 0.005);
    assert_near(poisson / DRAWS, 1.4, 0.015);
}

TEST(rng, weights_are_shares)
{
    Rng g = rng_of(3, 1);
    const uint8_t weights[] = {10, 0, 30};
    int hits[3] = {0};
    for (int i = 0; i < 40000; i++)
        hits[rng_weighted(&g, weights, 3, 40)]++;
    assert_int_equal(hits[1], 0);
    assert_near(hits[0], 10000, 400);
}

TEST_MAIN("rng")
