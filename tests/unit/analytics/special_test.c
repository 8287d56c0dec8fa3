/* SPDX-License-Identifier: Apache-2.0 */
/* Special functions against scipy (tests/reference/value.py). Covers: minimise.c */
#include "analytics/minimise.h"
#include "analytics/special.h"
#include "segment_data.h"

static json_t *reference(void)
{
    json_error_t e;
    json_t *ref = json_load_file("tests/fixtures/analytics/value.json", 0, &e);
    assert_non_null(ref);
    return ref;
}

static double at(const json_t *row, size_t i) { return json_number_value(json_array_get(row, i)); }

TEST(special, agrees_with_scipy)
{
    json_t *ref = reference(), *row;
    size_t i;
    json_array_foreach(json_object_get(ref, "digamma"), i, row)
        ASSERT_CLOSE(special_digamma(at(row, 0)), at(row, 1), 1e-13 * fmax(1, fabs(at(row, 1))));
    json_array_foreach(json_object_get(ref, "hyper"), i, row) ASSERT_RELATIVE(
        special_hyper(at(row, 0), at(row, 1), at(row, 2), at(row, 3)), at(row, 4), 1e-11);
    json_array_foreach(json_object_get(ref, "log_tail"), i, row)
        ASSERT_CLOSE(special_log_tail(at(row, 0), at(row, 1), at(row, 2), at(row, 3), at(row, 4),
                                      at(row, 5), NULL),
                     at(row, 6), 1e-10);
    json_decref(ref);
}

TEST(special, many_places_give_what_each_gives)
{
    double z[SPECIAL_MANY], got[SPECIAL_MANY];
    static const double CASE[][3] = {{0.3, 2.4, 1.8}, {5.2, 7, 9.5}, {1, 1, 2}, {40.5, 41, 80.2}};
    for (size_t n = 1; n <= SPECIAL_MANY; n += 9)
        for (size_t c = 0; c < COUNT_OF(CASE); c++) {
            for (size_t i = 0; i < n; i++)
                z[i] = (double)i / (double)SPECIAL_MANY;
            special_hyper_many(CASE[c][0], CASE[c][1], CASE[c][2], z, n, got);
            for (size_t i = 0; i < n; i++) {
                double one = special_hyper(CASE[c][0], CASE[c][1], CASE[c][2], z[i]);
                assert_true(fabs(got[i] - one) <= 4e-15 * one);
            }
        }
    z[0] = 0.5;
    z[1] = 1;
    special_hyper_many(1, 1, 2, z, 2, got);
    assert_true(fabs(got[0] - special_hyper(1, 1, 2, 0.5)) < 1e-15 && isnan(got[1]));
}

TEST(special, refuses_what_does_not_converge)
{
    assert_true(isnan(special_hyper(1, 1, 2, 1)));
    assert_true(isnan(special_hyper(1, 1, -0.5, 0.5)));
    assert_true(special_log_tail(1, 1, 1, 1, 3, 3, NULL) == -INFINITY);
    ASSERT_CLOSE(special_log_add(1000, 1000), 1000 + log(2), 1e-12);
    ASSERT_CLOSE(special_log_subtract(1000, 999), 1000 + log(1 - exp(-1)), 1e-12);
}

/* The means are derivatives of the logarithm: checked by differences. */
TEST(special, means_of_the_tail_are_its_derivatives)
{
    double mean[4], h = 1e-5;
    for (int turned = 0; turned < 2; turned++) {
        double a = turned ? 9 : 2, b = turned ? 2 : 9;
        special_log_tail(a, 3.5, b, 1.7, 4, 30, mean);
        double da = (special_log_tail(a + h, 3.5, b, 1.7, 4, 30, NULL) -
                     special_log_tail(a - h, 3.5, b, 1.7, 4, 30, NULL)) /
                    (2 * h);
        double dv = (special_log_tail(a, 3.5, b, 1.7 + h, 4, 30, NULL) -
                     special_log_tail(a, 3.5, b, 1.7 - h, 4, 30, NULL)) /
                    (2 * h);
        ASSERT_CLOSE(-3.5 * mean[0], da, 1e-8);
        ASSERT_CLOSE(-mean[3], dv, 1e-8);
    }
}

static bool rosenbrock(void *arg UNUSED, const double *v, double *ret, double *g)
{
    double a = 1 - v[0], b = v[1] - v[0] * v[0];
    *ret = a * a + 100 * b * b;
    g[0] = -2 * a - 400 * v[0] * b;
    g[1] = 200 * b;
    return true;
}

static bool slope(void *arg UNUSED, const double *v, double *ret, double *g)
{
    *ret = exp(-v[0]);
    g[0] = -exp(-v[0]);
    return true;
}

TEST(minimise, finds_the_valley_and_its_curvature)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Minimised m;
    ASSERT_OK(
        minimise_run(&kn, rosenbrock, NULL, 2, (double[]){-1.2, 1}, NULL, 16, 1e-8, 1000, &m));
    assert_int_equal(m.end, MINIMISE_CONVERGED);
    ASSERT_CLOSE(m.v[0], 1, 1e-7);
    ASSERT_CLOSE(m.v[1], 1, 1e-7);
    /* inverse of [[802, -400], [-400, 200]] */
    ASSERT_CLOSE(m.covariance[0], 0.5, 1e-3);
    ASSERT_CLOSE(m.covariance[3], 2.005, 1e-3);
    ASSERT_OK(minimise_run(&kn, slope, NULL, 1, (double[]){0}, NULL, 5, 1e-12, 1000, &m));
    assert_int_equal(m.end, MINIMISE_BOUND);
    arena_free(a);
}

TEST_MAIN("special")
