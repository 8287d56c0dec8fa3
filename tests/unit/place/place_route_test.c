/* SPDX-License-Identifier: Apache-2.0 */
/* Distances that are known, and short ways compared with the shortest there is. */
#include "base/arena.h"
#include "place/place.h"
#include "test.h"

#define DEGREE 10000000

static Geo geo(double lat, double lng)
{
    return (Geo){.lat = (int32_t)(lat * DEGREE), .lng = (int32_t)(lng * DEGREE)};
}

static int64_t way(const Geo *at, const size_t *order, size_t n)
{
    int64_t m = 0;
    for (size_t i = 1; i < n; i++)
        m += place_distance_m(at[order[i - 1]], at[order[i]]);
    return m;
}

TEST(place_route, distances_are_along_the_great_circle)
{
    assert_int_equal(place_distance_m(geo(30, 120), geo(30, 120)), 0);
    assert_int_equal(place_distance_m(geo(0, 0), geo(0, 1)), 111195);
    assert_int_equal(place_distance_m(geo(0, 0), geo(1, 0)), 111195);
    assert_int_equal(place_distance_m(geo(60, 10), geo(60, 11)), 55597);
    assert_int_equal(place_distance_m(geo(0, 179.5), geo(0, -179.5)), 111195);
    assert_int_equal(place_distance_m(geo(90, 0), geo(-90, 77)), 20015114);
}

/* Every order of those from k on, the best kept. */
static void try_all(const Geo *at, size_t *order, size_t n, size_t k, int64_t *best)
{
    if (k == n && way(at, order, n) < *best)
        *best = way(at, order, n);
    for (size_t i = k; i < n; i++) {
        size_t a = order[k], b = order[i];
        order[k] = b, order[i] = a;
        try_all(at, order, n, k + 1, best);
        order[k] = a, order[i] = b;
    }
}

static uint32_t next(uint32_t *seed) { return *seed = *seed * 1664525u + 1013904223u; }

static void check_all_there(const size_t *order, size_t n)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(order[i] < n && !(seen >> order[i] & 1));
        seen |= UINT64_C(1) << order[i];
    }
}

TEST(place_route, is_the_shortest_way_or_nearly)
{
    uint32_t seed = 7;
    int64_t sum = 0, sum_best = 0;
    for (int round = 0; round < 120; round++) {
        Arena *a = arena_new(4096);
        Geo at[7];
        size_t n = 1 + (size_t)round % 7, order[7], every[7];
        bool fixed = round % 2;
        for (size_t i = 0; i < n; i++, every[i - 1] = i - 1)
            at[i] = geo(30 + next(&seed) % 1000 / 5000.0, 120 + next(&seed) % 1000 / 5000.0);
        int64_t best = INT64_MAX;
        try_all(at, every, n, fixed, &best);
        place_order(a, at, n, fixed, order);
        check_all_there(order, n);
        assert_true(!fixed || order[0] == 0);
        assert_true(way(at, order, n) >= best && way(at, order, n) * 4 <= best * 5);
        sum += way(at, order, n);
        sum_best += best;
        arena_free(a);
    }
    assert_true(sum * 50 <= sum_best * 51); /* all together at most 2 % longer */
}

TEST(place_route, along_a_street_it_goes_from_end_to_end)
{
    Arena *a = arena_new(4096);
    Geo at[50];
    size_t order[50];
    for (size_t i = 0; i < 50; i++)
        at[i] = geo(30 + (double)(i * 37 % 50) / 100, 120);
    place_order(a, at, 50, false, order);
    check_all_there(order, 50);
    assert_in_range(way(at, order, 50), 54480, 54492); /* 0.49 degrees, rounded 49 times */
    for (size_t i = 0; i < 50; i++)
        at[i] = geo(30, 120); /* all at one place */
    place_order(a, at, 50, true, order);
    check_all_there(order, 50);
    assert_int_equal(order[0], 0);
    place_order(a, at, 0, true, order);
    place_order(a, at, 1, true, order);
    assert_int_equal(order[0], 0);
    arena_free(a);
}

TEST_MAIN("place_route")
