/* SPDX-License-Identifier: Apache-2.0 */
/* The network against plain enumeration and R (tests/reference/statistics.R), its symmetries, random tables around the
 * exact value, limits. Covers: crosstab_exact.c crosstab_costs.c crosstab_split.c
 * crosstab_bounds.c crosstab_rest.c crosstab_monte_carlo.c */
#include "analytics/crosstab_exact_internal.h"
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

/* The rows of a table the other way round, and its columns: other splits and other rests, the same p. */
TEST(crosstab, exact_p_does_not_depend_on_the_way_taken)
{
    Random r = random_of(8, 8);
    for (int round = 0; round < 12; round++) {
        Kernel k = kernel();
        size_t rows = 3 + random_below(&r, 3), cols = 5 + random_below(&r, 3);
        double counts[64] = {0}, turned[64], p, q;
        MonteCarlo m;
        for (int i = 0; i < 45; i++)
            counts[random_below(&r, rows * cols)]++;
        for (size_t i = 0; i < rows * cols; i++)
            turned[i % cols * rows + rows - 1 - i / cols] = counts[i];
        ASSERT_OK(crosstab_exact(&k, counts, rows, cols, &p));
        ASSERT_OK(crosstab_exact(&k, turned, cols, rows, &q));
        near(p, q, 1e-10);
        ASSERT_OK(crosstab_monte_carlo(&k, counts, rows, cols, 20000, &m));
        assert_true(m.low_fisher - 0.01 < p && p < m.high_fisher + 0.01);
        arena_free(k.arena);
    }
}

/* ---- the parts */
static ExactNet net_of(Arena *a, size_t rows, size_t cols, const int32_t *col)
{
    ExactNet n = {.rows = rows, .cols = cols, .scale = 0x1p40, .slack = 1e-9};
    double *f = ARENA_ARRAY(a, double, 64);
    int64_t *cost = ARENA_ARRAY(a, int64_t, 64);
    for (int i = 0; i < 64; i++) {
        f[i] = lgamma(i + 1);
        cost[i] = llround(f[i] * n.scale);
    }
    for (size_t j = 0; j < cols; j++)
        n.total += n.col[j] = col[j];
    n.f = f;
    n.cost = cost;
    return n;
}

static bool count_one(ExactSplit *s, int64_t cost, double log_p)
{
    double *sums = s->arg;
    int64_t want = 0;
    int32_t left[CROSSTAB_ROWS], sum = 0;
    crosstab_split_left(s, left);
    for (size_t i = 0; i < s->net->rows; i++) {
        want += s->net->cost[s->take[i]];
        sum += s->take[i] + left[i];
        assert_true(s->take[i] >= 0 && s->take[i] <= s->need[i]);
        assert_true(i == 0 || left[i - 1] >= left[i]);
    }
    assert_true(cost == want && sum == s->net->total);
    sums[0]++;
    sums[1] += exp(log_p);
    return true;
}

TEST(crosstab, a_column_is_split_in_all_ways)
{
    Kernel k = kernel();
    ExactNet n = net_of(k.arena, 3, 2, (int32_t[]){6, 5});
    double sums[2] = {0};
    ExactSplit s = {.net = &n, .need = (int32_t[]){5, 4, 2}, .each = count_one, .arg = sums};
    assert_true(crosstab_split(&s, 6));
    near(sums[0], 14, 0); /* 4 + 5 + 5 by what the last row takes */
    near(sums[1], exp(lgamma(12) - lgamma(7) - lgamma(6)), 1e-12); /* Vandermonde: C(11, 6) */
    near(crosstab_rest_price(&n, s.need, 2), 14, 0);
    memset(sums, 0, sizeof(sums)); /* rows that need the same: one order of their shares for all */
    s.need = (int32_t[]){4, 4, 3};
    assert_true(crosstab_split(&s, 6));
    near(sums[0], 9, 0); /* of the last 0: 42 33; 1: 41 32; 2: 40 31 22; 3: 30 21 */
    near(sums[1], exp(lgamma(12) - lgamma(7) - lgamma(6)), 1e-12);
    arena_free(k.arena);
}

/* All costs of the last columns: they add up to 1, and their ends lie within the bounds that are reckoned for them. */
TEST(crosstab, rests_add_up_and_lie_within_bounds)
{
    static const int32_t COL[] = {7, 6, 4, 3, 2};
    Kernel k = kernel();
    ExactNet n = net_of(k.arena, 4, 5, COL);
    ExactRests *rests = crosstab_rest_new(k.arena, &n, &k);
    int32_t need[4] = {9, 6, 5, 2};
    for (size_t cols = 5; cols >= 1; cols--) {
        int64_t low, high;
        const CostList *l = crosstab_rest_of(rests, need, cols);
        assert_true(l && l == crosstab_rest_of(rests, need, cols));
        near(l->tail[0], 1, 1e-12);
        crosstab_bounds(&n, need, COL + 5 - cols, cols, &low, &high);
        assert_true(low <= l->entry[0].cost && l->entry[l->n - 1].cost <= high);
        for (size_t i = 1; i < l->n; i++)
            assert_true(l->entry[i - 1].cost < l->entry[i].cost);
        for (int32_t c = COL[5 - cols]; c > 0; c--) { /* the column takes from the largest */
            size_t most = 0;
            for (size_t i = 1; i < 4; i++)
                most = need[i] > need[most] ? i : most;
            need[most]--;
        }
        for (size_t i = 1; i < 4; i++)
            for (size_t j = i; j > 0 && need[j - 1] < need[j]; j--) {
                int32_t t = need[j];
                need[j] = need[j - 1];
                need[j - 1] = t;
            }
    }
    assert_true(crosstab_rest_steps(rests) > 0);
    arena_free(k.arena);
}

TEST(crosstab, lists_of_costs_answer_as_a_plain_search_does)
{
    Random r = random_of(3, 3);
    for (int round = 0; round < 60; round++) {
        Kernel k = kernel();
        CostTable t[2] = {0};
        CostList l[2];
        for (int q = 0; q < 2; q++) {
            for (uint64_t i = 0; i <= random_below(&r, 300); i++)
                crosstab_costs_add(k.arena, &t[q], (int64_t)random_below(&r, 500) - 100,
                                   random_unit(&r));
            crosstab_costs_list(k.arena, &t[q], &l[q]);
        }
        int64_t limit = (int64_t)random_below(&r, 1000) - 200;
        size_t from = random_below(&r, l[0].n), to = from + random_below(&r, l[0].n - from + 1),
               at = 0;
        double want = 0;
        for (size_t i = from; i < to; i++)
            for (size_t j = 0; j < l[1].n; j++)
                want += l[0].entry[i].cost + l[1].entry[j].cost >= limit
                            ? l[0].entry[i].p * l[1].entry[j].p
                            : 0;
        assert_true(fabs(crosstab_costs_pairs(&l[0], from, to, &l[1], limit) - want) <=
                    1e-12 * (1 + l[0].tail[0] * l[1].tail[0]));
        while (at < l[0].n && l[0].entry[at].cost < limit)
            at++;
        assert_int_equal(crosstab_costs_from(&l[0], limit), at);
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
