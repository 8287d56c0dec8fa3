/* SPDX-License-Identifier: Apache-2.0 */
/* Names by tree rules and the four questions on groups whose rule is known. */
#include "analytics/profile.h"
#include "segment_data.h"

enum { N = 1000 };

/* Group 0: x0 <= 5; 1: x0 > 5 and x1 <= 3; 2: x0 > 5 and x1 > 3 (few). */
static void make(double *x, int32_t *label)
{
    Random r = random_of(21, 0);
    for (int i = 0; i < N; i++) {
        x[i * 2] = 10 * random_unit(&r);
        x[i * 2 + 1] = i % 25 == 0 ? 3.001 + random_unit(&r) : 3 * random_unit(&r);
        label[i] = x[i * 2] <= 5 ? 0 : x[i * 2 + 1] <= 3 ? 1 : 2;
    }
}

TEST(profile, finds_the_rule_that_made_the_groups)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[N * 2];
    int32_t label[N];
    make(x, label);
    Profile f;
    ASSERT_OK(profile_groups(&kn, x, N, 2, label, 3, NULL, &f));
    ASSERT_CLOSE(f.accuracy, 1, 0);
    const ProfileGroup *g = f.group;
    assert_int_equal(g[0].cuts, 1);
    assert_int_equal(g[0].cut[0].column, 0);
    ASSERT_CLOSE(g[0].cut[0].high, 5, 0.05);
    assert_true(isinf(g[0].cut[0].low));
    ASSERT_CLOSE(g[0].f1, 1, 0);
    ASSERT_CLOSE(g[2].recall, 1, 0);
    assert_true(g[0].is_accepted && g[1].is_accepted);
    assert_false(g[2].is_large); /* 2 % of the rows */
    assert_false(g[2].is_accepted);
    int64_t size = 0;
    for (int i = 0; i < 3; i++)
        size += g[i].size;
    assert_int_equal(size, N);
    arena_free(a);
}

TEST(profile, refuses_groups_without_difference_or_rule_or_reach)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[N * 2], reach[N];
    int32_t label[N], random[N];
    make(x, label);
    Random r = random_of(22, 0);
    for (int i = 0; i < N; i++) {
        random[i] = (int32_t)random_below(&r, 2);
        reach[i] = label[i] == 0 ? i % 10 == 0 : 1;
    }
    Profile f;
    ASSERT_OK(profile_groups(&kn, x, N, 2, random, 2, NULL, &f));
    assert_false(f.group[0].is_relevant || f.group[0].is_nameable || f.group[0].is_accepted);
    ASSERT_OK(profile_groups(&kn, x, N, 2, label, 3, reach, &f));
    assert_false(f.group[0].is_reachable || f.group[0].is_accepted);
    ASSERT_CLOSE(f.group[0].reachable, 0.1, 0.03);
    assert_true(f.group[1].is_accepted);
    arena_free(a);
}

TEST(profile, difference_is_in_standard_deviations)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[] = {1, 2, 3, 11, 12, 13};
    int32_t label[] = {0, 0, 0, 1, 1, 1};
    Profile f;
    ASSERT_OK(profile_groups(&kn, x, 6, 1, label, 2, NULL, &f));
    ASSERT_RELATIVE(f.group[1].difference, 10 / sqrt(154 / 5.0), 1e-14);
    ASSERT_RELATIVE(f.group[0].difference, -10 / sqrt(154 / 5.0), 1e-14);
    arena_free(a);
}

TEST(profile, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[] = {1, 2, NAN};
    int32_t label[] = {0, 1, 1}, bad[] = {0, 5, 1}, empty[] = {0, 2, 2};
    Profile f;
    ASSERT_ST(ST_INVALID, profile_groups(&kn, x, 3, 1, label, 2, NULL, &f));
    assert_int_equal(kn.fault.row, 2);
    x[2] = 3;
    ASSERT_ST(ST_INVALID, profile_groups(&kn, x, 3, 1, bad, 2, NULL, &f));
    assert_int_equal(kn.fault.row, 1);
    ASSERT_ST(ST_INVALID, profile_groups(&kn, x, 3, 1, empty, 3, NULL, &f));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    ASSERT_ST(ST_INVALID, profile_groups(&kn, x, 1, 1, label, 1, NULL, &f));
    arena_free(a);
}

TEST_MAIN("profile")
