/* SPDX-License-Identifier: Apache-2.0 */
/* The network against plain enumeration and R (tests/reference/statistics.R), its symmetries, random tables around the
 * exact value, limits. Covers: crosstab_exact.c crosstab_monte_carlo.c */
#include "analytics/crosstab.h"
#include "test.h"

static Kernel kernel(void) { return (Kernel){.arena = arena_new(4096), .threads = 1, .seed = 1}; }

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance * fabs(b)))
        fail_msg("%.17g and %.17g", a, b);
}

/* ---- the definition: every table with these margins */
typedef struct Plain {
    int rows, cols;
    double row[6], col[6], limit, all, hits;
} Plain;

static void enumerate(Plain *t, int i, int j, double left, double cost)
{
    if (i == t->rows - 1) {
        for (int c = 0; c < t->cols; c++)
            cost += lgamma(t->col[c] + 1);
        t->all += exp(-cost);
        t->hits += cost >= t->limit ? exp(-cost) : 0;
        return;
    }
    for (double x = 0; x <= left && x <= t->col[j]; x++) {
        if (j == t->cols - 1 && x != left)
            continue;
        t->col[j] -= x;
        if (j == t->cols - 1)
            enumerate(t, i + 1, 0, t->row[i + 1], cost + lgamma(x + 1));
        else
            enumerate(t, i, j + 1, left - x, cost + lgamma(x + 1));
        t->col[j] += x;
    }
}

static double plain(const double *counts, int rows, int cols)
{
    Plain t = {.rows = rows, .cols = cols};
    for (int i = 0; i < rows * cols; i++) {
        t.row[i / cols] += counts[i];
        t.col[i % cols] += counts[i];
        t.limit += lgamma(counts[i] + 1);
    }
    t.limit -= 1e-7;
    enumerate(&t, 0, 0, t.row[0], 0);
    return t.hits / t.all;
}

TEST(crosstab, exact_p_is_that_of_all_tables)
{
    Random r = random_of(4, 4);
    for (int round = 0; round < 120; round++) {
        Kernel k = kernel();
        int rows = 2 + (int)random_below(&r, 3), cols = 2 + (int)random_below(&r, 3);
        double counts[16] = {0}, turned[16], p, q;
        for (int i = 0; i < 14; i++)
            counts[random_below(&r, 1 + random_below(&r, (uint64_t)(rows * cols)))]++;
        for (int i = 0; i < rows * cols; i++)
            turned[i % cols * rows + i / cols] = counts[i];
        ASSERT_OK(crosstab_exact(&k, counts, (size_t)rows, (size_t)cols, &p));
        near(p, plain(counts, rows, cols), 1e-10);
        ASSERT_OK(crosstab_exact(&k, turned, (size_t)cols, (size_t)rows, &q));
        near(p, q, 1e-10);
        arena_free(k.arena);
    }
}

TEST(crosstab, exact_p_is_that_of_r)
{
    static const double JOB[] = {1, 3, 10, 6, 2, 3, 10, 7, 1, 6, 14, 12, 0, 1, 9, 11};
    static const double TREND[] = {8, 3, 1, 0, 2, 6, 4, 1, 0, 2, 7, 9};
    Kernel k = kernel();
    double p;
    MonteCarlo m;
    ASSERT_OK(crosstab_exact(&k, JOB, 4, 4, &p));
    near(p, 0.782684938965693, 1e-10);
    ASSERT_OK(crosstab_monte_carlo(&k, JOB, 4, 4, 100000, &m));
    assert_true(m.low_fisher < p && p < m.high_fisher);
    ASSERT_OK(crosstab_exact(&k, TREND, 3, 4, &p));
    near(p, 1.82903650568575e-05, 1e-9);
    arena_free(k.arena);
}

TEST(crosstab, empty_lines_and_order_change_nothing)
{
    static const double A[] = {5, 0, 1, 2, 4, 0, 0, 1, 6};
    static const double B[] = {0, 0, 0, 0, 1, 6, 0, 0, 4, 0, 0, 2, 0, 1, 0, 5};
    Kernel k = kernel();
    double p, q;
    ASSERT_OK(crosstab_exact(&k, A, 3, 3, &p));
    ASSERT_OK(crosstab_exact(&k, B, 4, 4, &q));
    near(p, q, 1e-12);
    ASSERT_OK(
        crosstab_exact(&k, (double[]){3, 0, 9, 0}, 2, 2, &p)); /* one column only: one table */
    near(p, 1, 0);
    arena_free(k.arena);
}

TEST(crosstab, names_what_is_wrong_and_knows_its_limits)
{
    Kernel k = kernel();
    static double large[30 * 30];
    atomic_bool stop = true;
    double p;
    ASSERT_ST(ST_INVALID, crosstab_exact(&k, (double[]){1, 2.5, 3, 4}, 2, 2, &p));
    assert_int_equal(k.fault.kind, FAULT_RANGE);
    ASSERT_ST(ST_INVALID, crosstab_exact(&k, (double[]){1, -2, 3, 4}, 2, 2, &p));
    ASSERT_ST(ST_INVALID, crosstab_exact(&k, (double[]){0, 0, 0, 0}, 2, 2, &p));
    assert_int_equal(k.fault.kind, FAULT_EMPTY);
    for (size_t i = 0; i < 30 * 30; i++)
        large[i] = 1 + (double)(i % 3);
    ASSERT_ST(ST_TOO_LARGE, crosstab_exact(&k, large, 30, 30, &p));
    k.cancel = &stop;
    ASSERT_ST(ST_BUSY, crosstab_exact(&k, large, 12, 12, &p));
    arena_free(k.arena);
}

TEST_MAIN("crosstab")
