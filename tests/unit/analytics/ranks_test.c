/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks, the two-group sweep and Kendall's counting against their definitions; weights as repetition; faults.
 * Covers: ranks.c ranks_sort.c correlate.c correlate_kendall.c */
#include "analytics/correlate.h"
#include "analytics/ranks.h"
#include "test.h"
#include <stdlib.h>

enum { N = 700 };

static Kernel kernel(void) { return (Kernel){.arena = arena_new(4096), .threads = 1, .seed = 1}; }

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance * fabs(b) + 1e-300))
        fail_msg("%.17g and %.17g", a, b);
}

static void fill(double *v, size_t n, double values, uint64_t stream)
{
    Random r = random_of(3, stream);
    for (size_t i = 0; i < n; i++)
        v[i] = floor(values * (random_unit(&r) - 0.5)) / 4; /* signs, ties */
}

TEST(ranks, are_those_of_the_definition)
{
    double x[N], rank[N], ties;
    Kernel k = kernel();
    fill(x, N, 90, 1);
    x[3] = -0.0;
    x[4] = 0.0;
    ASSERT_OK(ranks_average(&k, x, NULL, N, rank, &ties));
    for (size_t i = 0; i < N; i++) {
        double less = 0, same = 0;
        for (size_t j = 0; j < N; j++) {
            less += x[j] < x[i];
            same += x[j] == x[i];
        }
        near(rank[i], less + (same + 1) / 2, 0);
    }
    arena_free(k.arena);
}

static void check_two_groups(double values)
{
    double x[N], u = 0, n[2] = {0}, ks = 0;
    int32_t g[N];
    Kernel k = kernel();
    MannWhitney m;
    fill(x, N, values, 2);
    for (size_t i = 0; i < N; i++)
        n[g[i] = i % 7 < 3]++;
    for (size_t i = 0; i < N; i++) {
        double below[2] = {0};
        for (size_t j = 0; j < N; j++) {
            below[g[j]] += x[j] <= x[i];
            if (g[i] == 0 && g[j] == 1)
                u += x[i] > x[j] ? 1 : x[i] == x[j] ? 0.5 : 0;
        }
        ks = fmax(ks, fabs(below[0] / n[0] - below[1] / n[1]));
    }
    ASSERT_OK(ranks_mann_whitney(&k, x, NULL, g, N, &m));
    near(m.u, u, 1e-14);
    near(m.ks, ks, 1e-14);
    near(m.rank_sum[0] + m.rank_sum[1], (double)N * (N + 1) / 2, 1e-14);
    arena_free(k.arena);
}

TEST(ranks, two_groups_are_counted_pair_by_pair)
{
    check_two_groups(20);
    check_two_groups(1e9);
}

static double tau(const double *x, const double *y, size_t n)
{
    double s = 0, tx = 0, ty = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double a = (x[i] > x[j]) - (x[i] < x[j]), b = (y[i] > y[j]) - (y[i] < y[j]);
            s += a * b;
            tx += a * a;
            ty += b * b;
        }
    return s / sqrt(tx) / sqrt(ty);
}

TEST(kendall, is_counted_pair_by_pair)
{
    static const double VALUES[] = {5, 40, 1e9};
    double x[N], y[N];
    Kernel k = kernel();
    Correlation c;
    for (size_t i = 0; i < COUNT_OF(VALUES); i++)
        for (size_t n = 3; n <= N; n += 41) { /* lengths that fill no run evenly */
            fill(x, n, VALUES[i], 3);
            fill(y, n, VALUES[i], 4);
            x[0] = 1e9; /* constant columns are refused elsewhere */
            y[1] = -1e9;
            ASSERT_OK(correlate_kendall(&k, x, y, NULL, n, &c));
            near(c.r, tau(x, y, n), 1e-12);
        }
    arena_free(k.arena);
}

TEST(kendall, weights_are_repetition_and_gaps_are_left_out)
{
    double x[N], y[N], w[N], xx[4 * N], yy[4 * N];
    Kernel k = kernel();
    Correlation a, b;
    size_t m = 0;
    fill(x, N, 30, 5);
    fill(y, N, 30, 6);
    for (size_t i = 0; i < N; i++) {
        w[i] = (double)(i % 4);
        x[i] = i % 50 == 7 ? NAN : x[i];
        for (size_t j = 0; j < i % 4 && !isnan(x[i]); j++, m++) {
            xx[m] = x[i];
            yy[m] = y[i];
        }
    }
    ASSERT_OK(correlate_kendall(&k, x, y, w, N, &a));
    ASSERT_OK(correlate_kendall(&k, xx, yy, NULL, m, &b));
    near(a.r, b.r, 1e-14);
    near(a.p, b.p, 1e-11);
    near(a.n, b.n, 0);
    arena_free(k.arena);
}

/* All products at once must give what the pairs one by one give (weights of one take that way). */
static void check_partial(double offset, double unit)
{
    double v[5][N], ones[N];
    const double *x[5];
    Kernel k = kernel();
    Correlation a, b;
    for (size_t j = 0; j < 5; j++) {
        fill(v[j], N, 4000, 10 + j);
        x[j] = v[j];
    }
    for (size_t i = 0; i < N; i++) {
        ones[i] = 1;
        for (size_t j = 0; j < 5; j++)
            v[j][i] = offset + unit * (v[j][i] + (j ? v[j - 1][i] / unit * 0.3 : 0));
    }
    ASSERT_OK(correlate_partial(&k, x, 5, NULL, N, .95, &a));
    ASSERT_OK(correlate_partial(&k, x, 5, ones, N, .95, &b));
    near(a.r, b.r, 1e-12);
    near(a.p, b.p, 1e-10);
    arena_free(k.arena);
}

TEST(partial, is_the_same_at_once_and_pair_by_pair)
{
    check_partial(0, 1);
    check_partial(1e9, 0.25);
    check_partial(0, 1e-180); /* squares that no double holds go pair by pair */
}

TEST(ranks, names_what_is_wrong)
{
    double x[4] = {1, 2, INFINITY, 3}, y[4] = {2, 1, 4, 4}, flat[4] = {5, 5, 5, 5}, rank[4], ties;
    double minus[4] = {1, 1, -1, 1};
    int32_t g[4] = {0, 0, 1, 1}, one[4] = {0};
    Kernel k = kernel();
    MannWhitney m;
    Correlation c;
    ASSERT_ST(ST_INVALID, ranks_average(&k, x, NULL, 4, rank, &ties));
    assert_int_equal(k.fault.kind, FAULT_NOT_FINITE);
    assert_int_equal(k.fault.row, 2);
    ASSERT_ST(ST_INVALID, ranks_average(&k, y, minus, 4, rank, &ties));
    assert_int_equal(k.fault.kind, FAULT_WEIGHT);
    ASSERT_ST(ST_INVALID, ranks_mann_whitney(&k, flat, NULL, g, 4, &m));
    assert_int_equal(k.fault.kind, FAULT_CONSTANT);
    ASSERT_ST(ST_INVALID, ranks_mann_whitney(&k, y, NULL, one, 4, &m));
    assert_int_equal(k.fault.kind, FAULT_EMPTY);
    ASSERT_ST(ST_INVALID, correlate_kendall(&k, y, x, NULL, 4, &c));
    assert_int_equal(k.fault.column, 1);
    ASSERT_ST(ST_INVALID, correlate_kendall(&k, y, flat, NULL, 4, &c));
    assert_int_equal(k.fault.kind, FAULT_CONSTANT);
    assert_int_equal(k.fault.column, 1);
    ASSERT_ST(ST_INVALID, correlate_kendall(&k, y, minus, NULL, 2, &c));
    assert_int_equal(k.fault.kind, FAULT_TOO_FEW);
    const double *columns[3] = {y, minus, flat};
    ASSERT_ST(ST_INVALID, correlate_partial(&k, columns, 3, NULL, 4, .95, &c));
    assert_int_equal(k.fault.kind, FAULT_CONSTANT);
    assert_int_equal(k.fault.column, 2);
    columns[2] = x;
    ASSERT_ST(ST_INVALID, correlate_partial(&k, columns, 3, NULL, 4, .95, &c));
    assert_int_equal(k.fault.kind, FAULT_NOT_FINITE);
    arena_free(k.arena);
}

TEST_MAIN("ranks")
