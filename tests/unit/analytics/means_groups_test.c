/* SPDX-License-Identifier: Apache-2.0 */
/* The quick sums of groups against long double, their digits at large offsets, what they hand to the slow way.
 * Covers: means.c means_groups.c */
#include "analytics/means.h"
#include "test.h"
#include <stdlib.h>

enum { N = 20011, GROUPS = 5 };

typedef struct Data {
    double y[N], ones[N];
    int32_t g[N];
} Data;

static Kernel kernel(void) { return (Kernel){.arena = arena_new(4096), .threads = 1, .seed = 1}; }

/* Groups of unlike sizes and middles; offset and unit stress the sums. */
static Data *data(double offset, double unit)
{
    Data *d = malloc(sizeof(*d));
    Random r = random_of(11, 0);
    for (size_t i = 0; i < N; i++) {
        d->g[i] = random_below(&r, 3) ? (int32_t)random_below(&r, GROUPS) : 0;
        d->y[i] = offset + unit * (random_unit(&r) + d->g[i]);
        d->ones[i] = 1;
    }
    return d;
}

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance * fabs(b)))
        fail_msg("%.17g and %.17g", a, b);
}

/* Weights of one take the way of long double. */
static void compare(double offset, double unit, double tolerance, double levene)
{
    Data *d = data(offset, unit);
    Kernel k = kernel();
    GroupStat quick[GROUPS], slow[GROUPS];
    Test a, b;
    ASSERT_OK(means_groups(&k, d->y, NULL, d->g, N, GROUPS, quick));
    ASSERT_OK(means_groups(&k, d->y, d->ones, d->g, N, GROUPS, slow));
    for (size_t j = 0; j < GROUPS; j++) {
        near(quick[j].n, slow[j].n, 0);
        near((double)quick[j].mean, (double)slow[j].mean, 1e-16);
        near(quick[j].sd, slow[j].sd, tolerance);
        near(quick[j].min, slow[j].min, 0);
        near(quick[j].max, slow[j].max, 0);
    }
    ASSERT_OK(means_levene(&k, d->y, NULL, d->g, N, GROUPS, LEVENE_MEAN, &a));
    ASSERT_OK(means_levene(&k, d->y, d->ones, d->g, N, GROUPS, LEVENE_MEAN, &b));
    near(a.stat, b.stat, levene);
    ASSERT_OK(means_levene(&k, d->y, NULL, d->g, N, GROUPS, LEVENE_MEDIAN, &a));
    ASSERT_OK(means_levene(&k, d->y, d->ones, d->g, N, GROUPS, LEVENE_MEDIAN, &b));
    near(a.stat, b.stat, levene);
    arena_free(k.arena);
    free(d);
}

TEST(means, quick_sums_are_those_of_long_double)
{
    compare(0, 1, 1e-15, 1e-12);
    compare(1e12, 1, 1e-14,
            1e-5); /* as far away as NIST's SmLs07 … 09: a mean keeps seven digits */
    compare(-1e9, 1e-3, 1e-14, 1e-5);
    compare(0, 1e150, 1e-15, 1e-12);  /* squares near the end of the range of a double */
    compare(0, 1e-200, 1e-15, 1e-12); /* and below it */
}

TEST(means, deviations_are_finite_where_their_squares_are_not)
{
    double y[4] = {1e300, 2e300, 3e300, 4e300};
    int32_t g[4] = {0};
    Kernel k = kernel();
    GroupStat s;
    ASSERT_OK(means_groups(&k, y, NULL, g, 4, 1, &s));
    near((double)s.mean, 2.5e300, 1e-15);
    near(s.sd, sqrt(5.0 / 3) * 1e300, 1e-15);
    arena_free(k.arena);
}

TEST(means, other_units_scale_and_shift)
{
    Data *d = data(0, 1);
    Kernel k = kernel();
    GroupStat a[GROUPS], b[GROUPS];
    Oneway f, g;
    ASSERT_OK(means_groups(&k, d->y, NULL, d->g, N, GROUPS, a));
    ASSERT_OK(means_oneway(&k, a, GROUPS, &f));
    for (size_t i = 0; i < N; i++)
        d->y[i] = 7 - 1024 * d->y[i];
    ASSERT_OK(means_groups(&k, d->y, NULL, d->g, N, GROUPS, b));
    ASSERT_OK(means_oneway(&k, b, GROUPS, &g));
    for (size_t j = 0; j < GROUPS; j++) {
        near((double)b[j].mean, 7 - 1024 * (double)a[j].mean, 1e-12);
        near(b[j].sd, 1024 * a[j].sd, 1e-12);
    }
    near(g.f.stat, f.f.stat, 1e-11);
    near(g.welch.stat, f.welch.stat, 1e-11);
    near(g.ss_between + g.ss_within, 1024.0 * 1024 * (f.ss_between + f.ss_within), 1e-11);
    arena_free(k.arena);
    free(d);
}

TEST(means, more_groups_than_are_gathered)
{
    enum { MANY = 5000 };
    Data *d = data(5, 1);
    Kernel k = kernel();
    GroupStat *s = ARENA_ARRAY(k.arena, GroupStat, MANY);
    double n = 0;
    for (int32_t i = 0; i < N; i++)
        d->g[i] = i % MANY;
    ASSERT_OK(means_groups(&k, d->y, NULL, d->g, N, MANY, s));
    for (size_t j = 0; j < MANY; j++)
        n += s[j].n;
    near(n, N, 0);
    near((double)s[1].mean,
         (d->y[1] + d->y[MANY + 1] + d->y[2 * MANY + 1] + d->y[3 * MANY + 1] +
          d->y[4 * MANY + 1] * (4 * MANY + 1 < N)) /
             (4 + (4 * MANY + 1 < N)),
         1e-15);
    arena_free(k.arena);
    free(d);
}

TEST(means, names_what_is_wrong)
{
    Data *d = data(0, 1);
    Kernel k = kernel();
    GroupStat s[GROUPS + 1];
    Test t;
    double flat[4] = {2, 2, 2, 2};
    int32_t two[4] = {0, 0, 1, 1};
    Oneway o;
    ASSERT_ST(ST_INVALID, means_groups(&k, d->y, NULL, d->g, N, GROUPS + 1, s));
    assert_int_equal(k.fault.kind, FAULT_EMPTY);
    assert_int_equal(k.fault.column, GROUPS);
    ASSERT_ST(ST_INVALID, means_levene(&k, d->y, NULL, d->g, N, GROUPS + 1, LEVENE_MEDIAN, &t));
    assert_int_equal(k.fault.column, GROUPS);
    d->y[777] = INFINITY;
    ASSERT_ST(ST_INVALID, means_groups(&k, d->y, NULL, d->g, N, GROUPS, s));
    assert_int_equal(k.fault.kind, FAULT_NOT_FINITE);
    assert_int_equal(k.fault.row, 777);
    d->y[777] = 1;
    d->ones[9] = -1;
    ASSERT_ST(ST_INVALID, means_groups(&k, d->y, d->ones, d->g, N, GROUPS, s));
    assert_int_equal(k.fault.kind, FAULT_WEIGHT);
    assert_int_equal(k.fault.row, 9);
    ASSERT_OK(means_groups(&k, flat, NULL, two, 4, 2, s));
    ASSERT_ST(ST_INVALID, means_oneway(&k, s, 2, &o));
    assert_int_equal(k.fault.kind, FAULT_CONSTANT);
    ASSERT_ST(ST_INVALID, means_oneway(&k, s, 1, &o));
    assert_int_equal(k.fault.kind, FAULT_ONE_GROUP);
    arena_free(k.arena);
    free(d);
}

TEST_MAIN("means")
