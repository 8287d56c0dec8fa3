/* SPDX-License-Identifier: Apache-2.0 */
/* Many rows take other ways through the code than few: blocks in double, first steps on a sample. The same
 * data as few weighted rows must give the same numbers. Covers: ols.c ols_triangle.c ols_rows.c
 * logistic.c logistic_pass.c logistic_scale.c logistic_fit.c */
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

/* Blocks in double look for what is not finite while they copy: in any column, in the last rows, under a weight. */
TEST(regression, a_value_that_is_not_finite_is_named_in_many_rows)
{
    Data d = data();
    Kernel k = {.arena = arena_new(65536), .threads = 1};
    const double *const *x = (const double *const *)d.x;
    static const double BAD[] = {NAN, INFINITY, -INFINITY};
    Triangle t;
    for (int round = 0; round < 9; round++) {
        size_t row = (size_t[]){0, N - 1, N - 5}[round / 3];
        int column = round % 2 ? P : round;
        double *cell = &(column < P ? d.x[column] : d.y)[row], was = *cell;
        *cell = BAD[round % 3];
        ASSERT_ST(ST_INVALID, ols_triangle(&k, x, P, d.y, round % 2 ? d.w : NULL, N, true, &t));
        assert_true(k.fault.kind == FAULT_NOT_FINITE && k.fault.column == column);
        assert_int_equal(k.fault.row, row);
        *cell = was;
    }
    d.w[77] = -1;
    ASSERT_ST(ST_INVALID, ols_triangle(&k, x, P, d.y, d.w, N, true, &t));
    assert_true(k.fault.kind == FAULT_WEIGHT && k.fault.row == 77);
    arena_free(k.arena);
    done(&d);
}

/* The blocks and their rest, whatever the number of rows: the squares of each column stay. */
TEST(regression, a_triangle_keeps_the_squares_of_its_columns)
{
    Data d = data();
    Kernel k = {.arena = arena_new(65536), .threads = 1};
    for (size_t n = N - 131; n <= N; n += 13) {
        Triangle t;
        ASSERT_OK(ols_triangle(&k, (const double *const *)d.x, P, d.y, NULL, n, true, &t));
        for (size_t c = 0; c < P; c++) {
            long double want = 0, found = 0;
            for (size_t i = 0; i < n; i++)
                want += (long double)d.x[c][i] * d.x[c][i];
            for (size_t i = 0; i <= c + 1; i++)
                found += t.r[i * t.m + c + 1] * t.r[i * t.m + c + 1];
            near((double)found, (double)want, 1e-13);
        }
    }
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
