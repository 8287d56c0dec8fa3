/* SPDX-License-Identifier: Apache-2.0 */
/* Digits at a large offset, order, percentiles, distinct values, refusals. Covers: describe_distinct.c */
#include "analytics/describe.h"
#include "test.h"
#include <stdlib.h>

static Kernel kernel(void) { return (Kernel){.arena = arena_new(4096), .threads = 1, .seed = 1}; }

TEST(describe, keeps_its_digits_at_a_large_offset)
{
    /* NIST StRD NumAcc4: 1001 values 10000000.2, then .1 and .3 in turn: mean 10000000.2, sd 0.1. */
    double x[1001];
    Kernel k = kernel();
    Moments m;
    x[0] = 10000000.2;
    for (int i = 1; i < 1001; i++)
        x[i] = i % 2 ? 10000000.1 : 10000000.3;
    ASSERT_OK(describe_moments(&k, x, NULL, 1001, &m));
    assert_true(fabs(m.mean - 10000000.2) < 1e-8);
    assert_true(fabs(m.sd - 0.1) < 2e-9); /* what the doubles themselves hold of it */
    arena_free(k.arena);
}

TEST(describe, sorts_like_qsort)
{
    enum { N = 20000 };
    static double x[N], scratch[N];
    Random r = random_of(7, 0);
    for (size_t i = 0; i < N; i++)
        x[i] = (random_unit(&r) - 0.5) * (double)(1 << random_below(&r, 30));
    x[5] = -0.0;
    describe_sort_doubles(x, scratch, N);
    for (size_t i = 1; i < N; i++)
        assert_true(x[i - 1] <= x[i]);
}

TEST(describe, percentiles_are_those_of_r)
{
    /* R 4.2: x <- c(3,1,4,1,5,9,2,6); quantile(x, c(.1,.25,.5,.9), type = 6 or 7) */
    static const double X[] = {3, 1, 4, 1, 5, 9, 2, 6}, P[] = {.1, .25, .5, .9};
    static const double SIX[] = {1, 1.25, 3.5, 9}, SEVEN[] = {1, 1.75, 3.5, 6.9};
    Kernel k = kernel();
    Sorted s;
    ASSERT_OK(describe_sort(&k, X, NULL, 8, &s));
    for (size_t i = 0; i < 4; i++) {
        assert_true(fabs(describe_percentile(&s, P[i], 6) - SIX[i]) < 1e-12);
        assert_true(fabs(describe_percentile(&s, P[i], 7) - SEVEN[i]) < 1e-12);
    }
    assert_true(fabs(describe_trimmed_mean(&s, 0) - 31.0 / 8) < 1e-12);
    arena_free(k.arena);
}

static void check_distinct(size_t kinds)
{
    enum { N = 30000 };
    static double x[N], w[N];
    static int32_t code[N];
    Kernel k = kernel();
    Random r = random_of(9, kinds);
    double *values, *counts, n = 0;
    size_t found;
    for (size_t i = 0; i < N; i++) {
        x[i] = i % 100 == 17 ? NAN : (double)random_below(&r, kinds) - (double)kinds / 2;
        w[i] = (double)(i % 3);
    }
    ASSERT_OK(describe_distinct(&k, x, NULL, N, &values, &counts, code, &found));
    for (size_t i = 0; i < found; i++) {
        n += counts[i];
        assert_true(i == 0 || values[i - 1] < values[i]);
    }
    assert_true(n == N - N / 100);
    for (size_t i = 0; i < N; i++)
        assert_true(isnan(x[i]) ? code[i] == -1 : values[code[i]] == x[i]);
    ASSERT_OK(describe_distinct(&k, x, w, N, &values, &counts, NULL, &found));
    double expected = 0;
    for (size_t i = 0; i < N; i++)
        expected += x[i] == values[found / 2] ? w[i] : 0;
    assert_true(counts[found / 2] == expected);
    arena_free(k.arena);
}

TEST(describe, distinct_values_are_found_and_counted)
{
    check_distinct(1);
    check_distinct(8);
    check_distinct(1000);
    check_distinct(1000000);
}

TEST(describe, units_of_any_size_give_the_same_shape)
{
    static const double X[] = {3, -1, 4, 1, -5, 9, 2, 6};
    static const double UNIT[] = {0x1p-900, 0x1p-300, 0x1p300, 0x1p1000};
    Kernel k = kernel();
    Moments a, b;
    double y[8];
    ASSERT_OK(describe_moments(&k, X, NULL, 8, &a));
    for (size_t u = 0; u < 4; u++) {
        for (size_t i = 0; i < 8; i++)
            y[i] = UNIT[u] * X[i];
        ASSERT_OK(describe_moments(&k, y, NULL, 8, &b));
        assert_true(fabs(b.mean / UNIT[u] - a.mean) < 1e-14 && fabs(b.sd / UNIT[u] - a.sd) < 1e-14);
        assert_true(fabs(b.skewness - a.skewness) < 1e-13);
        assert_true(fabs(b.kurtosis - a.kurtosis) < 1e-13);
    }
    arena_free(k.arena);
}

TEST(describe, refuses_what_is_no_data)
{
    static const double NOTHING[] = {NAN, NAN}, ENDLESS[] = {1, INFINITY}, ONE[] = {4};
    static const double NEGATIVE[] = {1, -1};
    Kernel k = kernel();
    Moments m;
    ASSERT_ST(ST_INVALID, describe_moments(&k, NOTHING, NULL, 2, &m));
    assert_int_equal(k.fault.kind, FAULT_EMPTY);
    ASSERT_ST(ST_INVALID, describe_moments(&k, ENDLESS, NULL, 2, &m));
    assert_true(k.fault.kind == FAULT_NOT_FINITE && k.fault.row == 1);
    ASSERT_ST(ST_INVALID, describe_moments(&k, NEGATIVE, NEGATIVE, 2, &m));
    assert_true(k.fault.kind == FAULT_WEIGHT && k.fault.row == 1);
    ASSERT_OK(describe_moments(&k, ONE, NULL, 1, &m));
    assert_true(isnan(m.sd) && m.mean == 4);
    arena_free(k.arena);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Few values are counted, more are sorted by digits: both sides of the bound, and well beyond. */
TEST(describe, few_and_many_values_are_sorted)
{
    enum { N = 6000 };
    static double x[N], y[N];
    static const size_t KINDS[] = {1, 2, 7, 63, 64, 65, 66, 3000};
    for (size_t k = 0; k < sizeof(KINDS) / sizeof(KINDS[0]); k++) {
        Random r = random_of(4, k);
        for (size_t i = 0; i < N; i++) {
            double v = (double)(i < KINDS[k] ? i : random_below(&r, KINDS[k])) - 3;
            x[i] = y[i] = v == 0 && i % 2 ? -0.0 : v * 1.25e-3;
        }
        qsort(y, N, sizeof(*y), by_size);
        describe_sort_doubles(x, NULL, N);
        for (size_t i = 0; i < N; i++)
            assert_true(x[i] == y[i]);
    }
}

TEST_MAIN("describe")
