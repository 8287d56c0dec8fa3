/* SPDX-License-Identifier: Apache-2.0 */
/* Self-organising maps within the tolerances of reference/kmeans_som.json, batch and online. */
#include "analytics/nearest.h"
#include "analytics/som.h"
#include "segment_data.h"

static void check_map(const Som *s, const json_t *want)
{
    double median =
        json_number_value(json_object_get(json_object_get(want, "quantisation_error"), "median"));
    double most = json_number_value(
        json_object_get(json_object_get(want, "topographic_error_8neigh"), "max"));
    assert_true(s->quantisation_error <= median * 1.05);
    assert_true(s->topographic_error_8 <= most * 1.2);
}

static void check_seeds(const double *x, size_t n, size_t p, const char *name, int side)
{
    json_t *ref = segment_data_reference("kmeans_som");
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Arena *a = arena_new(0);
        Kernel kn = segment_kernel(a);
        kn.seed = seed;
        SomOptions o = {.rows = side, .columns = side, .passes = 40};
        Som s;
        ASSERT_OK(som_run(&kn, x, n, p, &o, &s));
        check_map(&s, json_object_get(ref, name));
        arena_free(a);
    }
    json_decref(ref);
}

TEST(som, meets_the_reference_on_wholesale)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    size_t n;
    double *x = segment_data_wholesale(a, &n);
    segment_data_standardise(x, n, 6, true);
    check_seeds(x, n, 6, "som_wholesale_log_6x6", 6);
    arena_free(a);
}

TEST(som, meets_the_reference_on_online_retail)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    size_t n;
    double *x = segment_data_rfm(a, &kn, &n);
    segment_data_standardise(x, n, 3, true);
    check_seeds(x, n, 3, "som_online_retail_rfm_log_8x8", 8);
    arena_free(a);
}

/* Eight at a time and one by one choose the same centre, the lowest of equals, for any number of centres. */
TEST(som, the_nearest_of_lanes_is_that_of_a_plain_search)
{
    Random r = random_of(9, 0);
    for (size_t k = 1; k <= 40; k++)
        for (int round = 0; round < 50; round++) {
            double d[40], first, second, least;
            for (size_t c = 0; c < nearest_width(k); c++)
                d[c] = c < k ? (double)random_below(&r, 1 + k / 2) : INFINITY;
            int32_t want = nearest_of(d, k, &first, &second);
            assert_int_equal(nearest_least(d, nearest_width(k), &least), want);
            assert_true(least == first);
        }
}

/* Labels, errors and hits are what the definitions give on the prototypes that were handed out. */
TEST(som, quality_is_that_of_its_definition)
{
    enum { N = 500, P = 5 };
    static double x[N * P];
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Random r = random_of(6, 0);
    SomOptions o = {.rows = 3, .columns = 7, .passes = 6};
    Som s;
    for (size_t i = 0; i < N * P; i++)
        x[i] = random_unit(&r) + (i % P == i / P % 3);
    ASSERT_OK(som_run(&kn, x, N, P, &o, &s));
    double error = 0, far4 = 0, far8 = 0;
    for (size_t i = 0; i < N; i++) {
        int best = -1, second = -1;
        double d[21];
        for (int u = 0; u < 21; u++) {
            d[u] = nearest_squared(x + i * P, s.prototype + u * P, P);
            if (best < 0 || d[u] < d[best]) {
                second = best;
                best = u;
            } else if (second < 0 || d[u] < d[second]) {
                second = u;
            }
        }
        int down = best / 7 - second / 7, across = best % 7 - second % 7;
        assert_int_equal(s.label[i], best);
        error += sqrt(d[best]) / N;
        far4 += down * down + across * across > 1 ? 1.0 / N : 0;
        far8 += down * down + across * across > 2 ? 1.0 / N : 0;
    }
    assert_true(fabs(error - s.quantisation_error) < 1e-12);
    assert_true(fabs(far4 - s.topographic_error_4) < 1e-12);
    assert_true(fabs(far8 - s.topographic_error_8) < 1e-12);
    arena_free(a);
}

static void fill_square(double *x, size_t n)
{
    Random r = random_of(5, 0);
    for (size_t i = 0; i < n * 2; i++)
        x[i] = random_unit(&r);
}

/* A square laid over a square: both forms must unfold (few topographic errors) and cover it. */
TEST(som, unfolds_a_square_in_both_forms)
{
    Arena *a = arena_new(0);
    enum { N = 2000 };
    double x[N * 2];
    fill_square(x, N);
    for (int online = 0; online < 2; online++) {
        Kernel kn = segment_kernel(a);
        SomOptions o = {.rows = 5, .columns = 5, .passes = 30, .online = online};
        Som s;
        ASSERT_OK(som_run(&kn, x, N, 2, &o, &s));
        assert_true(s.topographic_error_8 < 0.05);
        assert_true(s.quantisation_error < 0.11); /* a cell of 1/5 has a mean distance of 0.077 */
        assert_int_equal(s.used, 25);
        int64_t hits = 0;
        for (size_t u = 0; u < s.units; u++)
            hits += s.hits[u];
        assert_int_equal(hits, N);
        assert_true(s.topographic_error_4 >= s.topographic_error_8);
        double sum = 0;
        for (size_t i = 0; i < N; i++)
            sum += sqrt(nearest_squared(x + i * 2, s.prototype + (size_t)s.label[i] * 2, 2)) / N;
        ASSERT_CLOSE(s.quantisation_error, sum, 1e-12);
    }
    arena_free(a);
}

TEST(som, u_matrix_is_the_mean_distance_to_the_neighbours)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[40];
    fill_square(x, 20);
    SomOptions o = {.rows = 1, .columns = 3, .passes = 5};
    Som s;
    ASSERT_OK(som_run(&kn, x, 20, 2, &o, &s));
    double left = sqrt(nearest_squared(s.prototype, s.prototype + 2, 2));
    double right = sqrt(nearest_squared(s.prototype + 2, s.prototype + 4, 2));
    ASSERT_CLOSE(s.u_matrix[0], left, 1e-15);
    ASSERT_CLOSE(s.u_matrix[1], (left + right) / 2, 1e-15);
    arena_free(a);
}

TEST(som, is_deterministic_and_scales)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[400], y[400];
    fill_square(x, 200);
    for (int i = 0; i < 400; i++)
        y[i] = 4 * x[i];
    SomOptions o = {.rows = 3, .columns = 4, .passes = 10};
    Som s, t, u;
    ASSERT_OK(som_run(&kn, x, 200, 2, &o, &s));
    ASSERT_OK(som_run(&kn, x, 200, 2, &o, &t));
    ASSERT_OK(som_run(&kn, y, 200, 2, &o, &u));
    assert_memory_equal(s.prototype, t.prototype, 12 * 2 * sizeof(double));
    assert_memory_equal(s.label, u.label, 200 * sizeof(int32_t));
    ASSERT_RELATIVE(u.quantisation_error, 4 * s.quantisation_error, 1e-12);
    arena_free(a);
}

TEST(som, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[40];
    fill_square(x, 20);
    SomOptions o = {.rows = 3, .columns = 3, .passes = 10},
               bad = {.rows = 1, .columns = 1, .passes = 9};
    Som s;
    ASSERT_ST(ST_INVALID, som_run(&kn, x, 1, 2, &o, &s));
    assert_int_equal(kn.fault.kind, FAULT_TOO_FEW);
    ASSERT_ST(ST_INVALID, som_run(&kn, x, 20, 2, &bad, &s));
    bad.columns = 65;
    ASSERT_ST(ST_INVALID, som_run(&kn, x, 20, 2, &bad, &s));
    x[5] = NAN;
    ASSERT_ST(ST_INVALID, som_run(&kn, x, 20, 2, &o, &s));
    assert_int_equal(kn.fault.row, 2);
    assert_int_equal(kn.fault.column, 1);
    arena_free(a);
}

TEST_MAIN("som")
