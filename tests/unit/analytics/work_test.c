/* SPDX-License-Identifier: Apache-2.0 */
/* Threads, compensated sums, quantiles, sorting. */
#include "segment_data.h"

TEST(work, sums_what_plain_sums_lose)
{
    double v[] = {1, 1e100, 1, -1e100};
    ASSERT_CLOSE(work_sum(v, 4, 1), 2, 0);
    double x[1000], mean, ss;
    for (int i = 0; i < 1000; i++)
        x[i] = 1e12 + i % 2;
    work_moments(x, 1000, 1, &mean, &ss);
    ASSERT_CLOSE(mean, 1e12 + 0.5, 0);
    ASSERT_CLOSE(ss, 250, 0);
}

TEST(work, sorts_any_signs_and_sizes)
{
    enum { N = 5000 };
    double v[N];
    Random r = random_of(1, 0);
    for (int i = 0; i < N; i++)
        v[i] = (random_unit(&r) - 0.5) * (i % 3 ? 1 : 1e10);
    v[7] = -0.0;
    work_sort(v, N);
    for (int i = 1; i < N; i++)
        assert_true(v[i - 1] <= v[i]);
    double few[] = {3, -1, 2};
    work_sort(few, 3);
    ASSERT_CLOSE(few[0], -1, 0);
    ASSERT_CLOSE(work_quantile7(few, 3, 0.25), 0.5, 0);
    ASSERT_CLOSE(work_quantile7(few, 3, 1), 3, 0);
    double q[] = {4, 9, 16};
    work_sqrt(q, 3);
    ASSERT_CLOSE(q[2], 4, 0);
}

static Status count_part(size_t part, void *arg, Arena *scratch)
{
    int *seen = arg;
    memset(arena_alloc(scratch, 100), 0, 100);
    seen[part]++;
    return part == 77 ? ST_INVALID : ST_OK;
}

TEST(work, runs_each_part_once_and_stops_at_a_failure)
{
    Arena *a = arena_new(0);
    for (int threads = 1; threads <= 4; threads += 3) {
        int seen[100] = {0};
        Kernel kn = segment_kernel(a);
        kn.threads = threads;
        ASSERT_OK(work_parallel(&kn, 70, count_part, seen));
        for (int i = 0; i < 70; i++)
            assert_int_equal(seen[i], 1);
        ASSERT_ST(ST_INVALID, work_parallel(&kn, 100, count_part, seen));
    }
    atomic_bool stop = true;
    Kernel kn = segment_kernel(a);
    kn.cancel = &stop;
    int seen[100] = {0};
    ASSERT_ST(ST_BUSY, work_parallel(&kn, 10, count_part, seen));
    arena_free(a);
}

TEST(work, shuffles_and_names_the_cell)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    int32_t v[50];
    int64_t sum = 0;
    for (int i = 0; i < 50; i++)
        v[i] = i;
    Random r = random_of(1, 0);
    work_shuffle(&r, v, 50);
    for (int i = 0; i < 50; i++)
        sum += (int64_t)v[i] * v[i];
    assert_int_equal(sum, 49 * 50 * 99 / 6);
    double x[] = {1, 2, 3, INFINITY};
    ASSERT_ST(ST_INVALID, work_finite(&kn, x, 2, 2));
    assert_int_equal(kn.fault.row, 1);
    assert_int_equal(kn.fault.column, 1);
    ASSERT_OK(work_finite(&kn, x, 1, 3));
    arena_free(a);
}

TEST_MAIN("work")
