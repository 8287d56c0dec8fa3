/* SPDX-License-Identifier: Apache-2.0 */
/* Many rows take other ways through the code than few: blocks in double, first steps on a sample. The same
 * data as few weighted rows must give the same numbers. Covers: ols.c logistic.c
 * logistic_pass.c logistic_scale.c logistic_fit.c */
#include "analytics/logistic.h"
#include "analytics/ols.h"
#include "test.h"
#include <stdlib.h>

enum { KINDS = 60, TIMES = 2500, N = KINDS * TIMES, P = 12 };

typedef struct Data {
    double *x[P], *y, *z, *w; /* N rows, and the first KINDS of them with weights TIMES */
} Data;

static Data data(void)
{
    Data d;
    Random r = random_of(5, 1);
    for (int j = 0; j < P; j++)
        d.x[j] = malloc(sizeof(double) * N);
    d.y = malloc(sizeof(double) * N);
    d.z = malloc(sizeof(double) * N);
    d.w = malloc(sizeof(double) * N);
    for (size_t i = 0; i < N; i++) {
        size_t kind = i % KINDS;
        for (int j = 0; j < P; j++)
            d.x[j][i] =
                i < KINDS ? (j ? 10 * j + random_unit(&r) : 1e4 * random_unit(&r)) : d.x[j][kind];
        d.y[i] =
            i < KINDS ? 3 * d.x[1][i] - d.x[2][i] + 1e-4 * d.x[0][i] + random_unit(&r) : d.y[kind];
        d.z[i] = i < KINDS ? d.x[3][i] - 30 + random_unit(&r) > 1 : d.z[kind];
        d.w[i] = TIMES;
    }
    return d;
}

static void done(Data *d)
{
    for (int j = 0; j < P; j++)
        free(d->x[j]);
    free(d->y);
    free(d->z);
    free(d->w);
}

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance * fabs(b)))
        fail_msg("%.17g and %.17g", a, b);
}

TEST(regression, many_rows_give_what_weights_give)
{
    Data d = data();
    Kernel k = {.arena = arena_new(65536), .threads = 1};
    const double *const *x = (const double *const *)d.x;
    Ols a, b;
    ASSERT_OK(ols_fit(&k, x, P, d.y, NULL, N, true, .95, &a));
    ASSERT_OK(ols_fit(&k, x, P, d.y, d.w, KINDS, true, .95, &b));
    for (size_t i = 0; i <= P; i++) {
        near(a.b[i], b.b[i], 1e-8);
        near(a.se[i], b.se[i], 1e-8);
        if (i)
            near(a.vif[i], b.vif[i], 1e-8);
    }
    near(a.r2, b.r2, 1e-12);
    Logistic l, m;
    ASSERT_OK(logistic_fit(&k, x, P, d.z, NULL, N, .95, &l));
    ASSERT_OK(logistic_fit(&k, x, P, d.z, d.w, KINDS, .95, &m));
    for (size_t i = 0; i <= P; i++) {
        near(l.b[i], m.b[i], 1e-7);
        near(l.se[i], m.se[i], 1e-7);
    }
    near(l.loglik, m.loglik, 1e-11);
    arena_free(k.arena);
    done(&d);
}

TEST(regression, many_separated_rows_are_refused)
{
    Data d = data();
    Kernel k = {.arena = arena_new(65536), .threads = 1};
    Logistic l;
    for (size_t i = 0; i < N; i++)
        d.z[i] = d.x[4][i] > 40.5;
    ASSERT_ST(ST_INVALID, logistic_fit(&k, (const double *const *)d.x, P, d.z, NULL, N, .95, &l));
    assert_int_equal(k.fault.kind, FAULT_SEPARATED);
    d.x[7][N - 3] = INFINITY;
    ASSERT_ST(ST_INVALID, logistic_fit(&k, (const double *const *)d.x, P, d.z, NULL, N, .95, &l));
    assert_true(k.fault.kind == FAULT_NOT_FINITE && k.fault.column == 7 && k.fault.row == N - 3);
    arena_free(k.arena);
    done(&d);
}

/* The first steps look at a sample only: what is rare must neither get lost nor get through. */
TEST(regression, rare_values_count_and_rare_faults_are_named)
{
    Data d = data();
    Kernel k = {.arena = arena_new(65536), .threads = 1};
    const double *const *x = (const double *const *)d.x;
    Logistic l, m;
    for (size_t i = 0; i < N; i++) {
        d.x[2][i] = i == 5 || i == 7 || i == 11 || i == 4001; /* between the rows of the sample */
        d.w[i] = 1;
    }
    d.z[5] = d.z[7] = 1;
    d.z[11] = d.z[4001] = 0;
    ASSERT_OK(logistic_fit(&k, x, P, d.z, NULL, N, .95, &l));
    ASSERT_OK(logistic_fit(&k, x, P, d.z, d.w, N, .95, &m));
    assert_true(!l.dropped[3] && isfinite(l.se[3]));
    near(l.b[3], m.b[3], 1e-7);
    d.x[6][12347] = NAN;
    ASSERT_ST(ST_INVALID, logistic_fit(&k, x, P, d.z, NULL, N, .95, &l));
    assert_true(k.fault.kind == FAULT_NOT_FINITE && k.fault.column == 6 && k.fault.row == 12347);
    arena_free(k.arena);
    done(&d);
}

TEST(regression, stops_when_asked)
{
    Data d = data();
    atomic_bool stop = true;
    Kernel k = {.arena = arena_new(65536), .threads = 1, .cancel = &stop};
    Logistic l;
    Ols o;
    ASSERT_ST(ST_BUSY, logistic_fit(&k, (const double *const *)d.x, P, d.z, NULL, N, .95, &l));
    ASSERT_ST(ST_BUSY, ols_fit(&k, (const double *const *)d.x, P, d.y, NULL, N, true, .95, &o));
    arena_free(k.arena);
    done(&d);
}

TEST_MAIN("regression")
