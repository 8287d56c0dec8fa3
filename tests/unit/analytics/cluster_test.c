/* SPDX-License-Identifier: Apache-2.0 */
/* Silhouette against its definition by hand, the adjusted Rand index against known cases, stability;
 * agreement with reference/kmeans_som.json stands in kmeans_test.c. */
#include "analytics/cluster.h"
#include "analytics/nearest.h"
#include "segment_data.h"

static double slow_silhouette(const double *x, size_t n, size_t p, const int32_t *label, int k,
                              size_t i)
{
    double sum[8] = {0}, count[8] = {0}, b = INFINITY;
    for (size_t j = 0; j < n; j++) {
        if (j == i)
            continue;
        sum[label[j]] += sqrt(nearest_squared(x + i * p, x + j * p, p));
        count[label[j]]++;
    }
    if (count[label[i]] == 0)
        return 0;
    double a = sum[label[i]] / count[label[i]];
    for (int g = 0; g < k; g++)
        if (g != label[i] && sum[g] / count[g] < b)
            b = sum[g] / count[g];
    return (b - a) / fmax(a, b);
}

TEST(cluster, silhouette_is_its_definition)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    enum { N = 703, P = 3, K = 4 };
    double *x = arena_alloc(a, N * P * sizeof(double));
    int32_t label[N];
    Random r = random_of(2, 0);
    for (int i = 0; i < N; i++) {
        label[i] = i == 0 ? 3 : (int32_t)random_below(&r, 3); /* group 3 has one row */
        for (int j = 0; j < P; j++)
            x[i * P + j] = random_unit(&r) + label[i];
    }
    ClusterQuality q, sampled;
    ASSERT_OK(cluster_quality(&kn, x, N, P, label, K, SIZE_MAX, &q));
    double mean = 0;
    for (size_t i = 0; i < N; i++) {
        double want = slow_silhouette(x, N, P, label, K, i);
        ASSERT_CLOSE(q.by_row[i], want, 1e-12);
        mean += want / N;
    }
    ASSERT_CLOSE(q.silhouette, mean, 1e-12);
    ASSERT_CLOSE(q.by_group[3], 0, 0);
    ASSERT_OK(cluster_quality(&kn, x, N, P, label, K, 400, &sampled));
    assert_int_equal(sampled.used, 400);
    ASSERT_CLOSE(sampled.silhouette, q.silhouette, 0.05);
    arena_free(a);
}

TEST(cluster, adjusted_rand_knows_equal_renamed_and_unrelated)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    int32_t one[] = {0, 0, 1, 1, 2, 2}, renamed[] = {2, 2, 0, 0, 1, 1},
            other[] = {0, 0, 1, 1, 1, 1};
    double v;
    ASSERT_OK(cluster_rand(&kn, one, 3, renamed, 3, 6, &v));
    ASSERT_CLOSE(v, 1, 0);
    /* cells 1+1+1 = 3 pairs, rows 3, columns 1+6 = 7, of 15: (3 - 1.4) / (5 - 1.4) */
    ASSERT_OK(cluster_rand(&kn, one, 3, other, 2, 6, &v));
    ASSERT_CLOSE(v, (3 - 1.4) / (5 - 1.4), 1e-15);
    enum { N = 20000 };
    int32_t *x = arena_alloc(a, N * 4), *y = arena_alloc(a, N * 4);
    Random r = random_of(4, 0);
    for (int i = 0; i < N; i++) {
        x[i] = (int32_t)random_below(&r, 4);
        y[i] = (int32_t)random_below(&r, 5);
    }
    ASSERT_OK(cluster_rand(&kn, x, 4, y, 5, N, &v));
    ASSERT_CLOSE(v, 0, 0.002);
    arena_free(a);
}

TEST(cluster, stability_tells_clear_groups_from_none)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    enum { N = 300 };
    double clear[N * 2], none[N * 2];
    Random r = random_of(9, 0);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < 2; j++) {
            clear[i * 2 + j] = random_unit(&r) + (i % 3) * 4;
            none[i * 2 + j] = random_unit(&r);
        }
    KmeansOptions o = {.k = 3, .starts = 10, .max_iterations = 100, .exchange = true};
    Kmeans m;
    ClusterStability s;
    ASSERT_OK(kmeans_run(&kn, clear, N, 2, &o, &m));
    ASSERT_OK(cluster_stability(&kn, clear, &m, &o, 20, &s));
    ASSERT_CLOSE(s.mean, 1, 1e-12);
    for (int g = 0; g < 3; g++)
        ASSERT_CLOSE(s.jaccard[g], 1, 1e-12);
    o.k = 5;
    ASSERT_OK(kmeans_run(&kn, none, N, 2, &o, &m));
    ASSERT_OK(cluster_stability(&kn, none, &m, &o, 20, &s));
    assert_true(s.mean < 0.8);
    arena_free(a);
}

TEST(cluster, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[] = {0, 1, 2, 3};
    int32_t label[] = {0, 0, 1, 1}, bad[] = {0, 0, 7, 1}, empty[] = {0, 0, 2, 2};
    ClusterQuality q;
    ASSERT_ST(ST_INVALID, cluster_quality(&kn, x, 4, 1, label, 1, SIZE_MAX, &q));
    ASSERT_ST(ST_INVALID, cluster_quality(&kn, x, 2, 1, label, 2, SIZE_MAX, &q));
    assert_int_equal(kn.fault.kind, FAULT_TOO_FEW);
    ASSERT_ST(ST_INVALID, cluster_quality(&kn, x, 4, 1, bad, 2, SIZE_MAX, &q));
    assert_int_equal(kn.fault.row, 2);
    ASSERT_ST(ST_INVALID, cluster_quality(&kn, x, 4, 1, empty, 3, SIZE_MAX, &q));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    x[3] = INFINITY;
    ASSERT_ST(ST_INVALID, cluster_quality(&kn, x, 4, 1, label, 2, SIZE_MAX, &q));
    assert_int_equal(kn.fault.kind, FAULT_NOT_FINITE);
    double v;
    ASSERT_ST(ST_INVALID, cluster_rand(&kn, label, 2, bad, 2, 4, &v));
    arena_free(a);
}

TEST_MAIN("cluster")
