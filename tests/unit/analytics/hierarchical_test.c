/* SPDX-License-Identifier: Apache-2.0 */
/* Hierarchical grouping against scipy (tests/reference/hierarchical.py), a greedy method by brute
 * force, invariances, faults. */
#include "analytics/hierarchical.h"
#include "analytics/nearest.h"
#include "segment_data.h"

static const char *const NAMES[] = {"ward", "average", "complete"};

static int compare_down(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }

static void check_sizes(Kernel *kn, const Hierarchical *h, int k, const json_t *want)
{
    int32_t *label = arena_alloc(kn->arena, h->n * sizeof(*label));
    ASSERT_OK(hierarchical_cut(kn, h, k, label));
    int size[16] = {0};
    for (size_t i = 0; i < h->n; i++)
        size[label[i]]++;
    for (int g = 1; g < k; g++)
        assert_true(size[g - 1] >= size[g]);
    qsort(size, (size_t)k, sizeof(int), compare_down);
    for (int g = 0; g < k; g++)
        assert_int_equal(size[g], json_integer_value(json_array_get(want, (size_t)g)));
}

TEST(hierarchical, agrees_with_scipy_on_wholesale)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    size_t n;
    double *x = segment_data_wholesale(a, &n);
    segment_data_standardise(x, n, 6, true);
    json_error_t e;
    json_t *ref = json_load_file("tests/fixtures/analytics/hierarchical.json", 0, &e);
    assert_non_null(ref);
    for (int how = 0; how < 3; how++) {
        Hierarchical h;
        ASSERT_OK(hierarchical_run(&kn, x, n, 6, (HierarchicalLinkage)how, &h));
        const json_t *want = json_object_get(ref, NAMES[how]);
        double sum = 0;
        for (size_t i = 0; i + 1 < n; i++)
            sum += h.joins[i].height;
        ASSERT_RELATIVE(sum, json_number_value(json_object_get(want, "height_sum")), 1e-10);
        for (size_t i = 0; i < 20; i++)
            ASSERT_RELATIVE(
                h.joins[n - 21 + i].height,
                json_number_value(json_array_get(json_object_get(want, "heights_last_20"), i)),
                1e-10);
        const char *key;
        json_t *sizes;
        json_object_foreach(json_object_get(want, "sizes_desc"), key, sizes)
            check_sizes(&kn, &h, (int)strtol(key, NULL, 10), sizes);
    }
    json_decref(ref);
    arena_free(a);
}

/* ---- brute force: the greedy method by definition from the rows ---- */
enum { N = 24, P = 2 };

static double height_of(const double *x, uint32_t one, uint32_t two, int how)
{
    double sum = 0, most = 0, u[P] = {0}, v[P] = {0}, n = 0, m = 0;
    for (int i = 0; i < N; i++) {
        for (int q = 0; q < P; q++) {
            u[q] += one >> i & 1 ? x[i * P + q] : 0;
            v[q] += two >> i & 1 ? x[i * P + q] : 0;
        }
        n += one >> i & 1;
        m += two >> i & 1;
        for (int j = 0; j < N; j++) {
            if (!(one >> i & 1) || !(two >> j & 1))
                continue;
            double d = sqrt(nearest_squared(x + i * P, x + j * P, P));
            sum += d;
            most = d > most ? d : most;
        }
    }
    for (int q = 0; q < P; q++) {
        u[q] /= n;
        v[q] /= m;
    }
    if (how == HIERARCHICAL_WARD)
        return sqrt(2 * n * m / (n + m) * nearest_squared(u, v, P));
    return how == HIERARCHICAL_AVERAGE ? sum / (n * m) : most;
}

static double greedy_join(const double *x, uint32_t *group, int *groups, int how)
{
    double low = INFINITY;
    int a = 0, b = 0;
    for (int i = 0; i < *groups; i++)
        for (int j = i + 1; j < *groups; j++) {
            double d = height_of(x, group[i], group[j], how);
            if (d < low) {
                low = d;
                a = i;
                b = j;
            }
        }
    group[a] |= group[b];
    group[b] = group[--*groups];
    return low;
}

TEST(hierarchical, is_the_greedy_method)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[N * P];
    Random r = random_of(8, 0);
    for (int i = 0; i < N * P; i++)
        x[i] = random_unit(&r);
    for (int how = 0; how < 3; how++) {
        uint32_t group[N];
        int groups = N;
        for (int i = 0; i < N; i++)
            group[i] = 1u << i;
        Hierarchical h;
        ASSERT_OK(hierarchical_run(&kn, x, N, P, (HierarchicalLinkage)how, &h));
        for (int i = 0; i < N - 1; i++) {
            double want = greedy_join(x, group, &groups, how);
            ASSERT_RELATIVE(h.joins[i].height, want, 1e-12);
        }
        assert_int_equal(h.joins[N - 2].size, N);
    }
    arena_free(a);
}

TEST(hierarchical, does_not_depend_on_order_and_scales)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    enum { M = 200 };
    double x[M * 3], y[M * 3];
    Random r = random_of(3, 0);
    for (int i = 0; i < M * 3; i++)
        x[i] = random_unit(&r);
    for (int i = 0; i < M; i++)
        for (int j = 0; j < 3; j++)
            y[i * 3 + j] = 16 * x[(M - 1 - i) * 3 + j];
    for (int how = 0; how < 3; how++) {
        Hierarchical h, g;
        int32_t one[M], two[M];
        ASSERT_OK(hierarchical_run(&kn, x, M, 3, (HierarchicalLinkage)how, &h));
        ASSERT_OK(hierarchical_run(&kn, y, M, 3, (HierarchicalLinkage)how, &g));
        for (int i = 0; i < M - 1; i++)
            ASSERT_RELATIVE(g.joins[i].height, 16 * h.joins[i].height, 1e-10);
        ASSERT_OK(hierarchical_cut(&kn, &h, 6, one));
        ASSERT_OK(hierarchical_cut(&kn, &g, 6, two));
        for (int i = 0; i < M; i++)
            for (int j = 0; j < i; j++)
                assert_int_equal(one[i] == one[j], two[M - 1 - i] == two[M - 1 - j]);
    }
    arena_free(a);
}

TEST(hierarchical, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[6] = {0, 1, 2, NAN, 4, 5};
    Hierarchical h;
    ASSERT_ST(ST_INVALID, hierarchical_run(&kn, x, 1, 2, HIERARCHICAL_WARD, &h));
    assert_int_equal(kn.fault.kind, FAULT_TOO_FEW);
    ASSERT_ST(ST_INVALID, hierarchical_run(&kn, x, 3, 2, HIERARCHICAL_WARD, &h));
    assert_int_equal(kn.fault.row, 1);
    ASSERT_ST(ST_TOO_LARGE, hierarchical_run(&kn, x, 20001, 2, HIERARCHICAL_AVERAGE, &h));
    assert_int_equal(kn.fault.kind, FAULT_TOO_MANY);
    x[3] = 3;
    ASSERT_OK(hierarchical_run(&kn, x, 3, 2, HIERARCHICAL_WARD, &h));
    int32_t label[3];
    ASSERT_ST(ST_INVALID, hierarchical_cut(&kn, &h, 4, label));
    ASSERT_ST(ST_INVALID, hierarchical_cut(&kn, &h, 0, label));
    ASSERT_OK(hierarchical_cut(&kn, &h, 3, label));
    arena_free(a);
}

TEST_MAIN("hierarchical")
