/* SPDX-License-Identifier: Apache-2.0 */
/* Reliability, factors and correspondence against R (tests/reference/structure.R); decompositions;
 * invariances; faults. Covers: reliability.c factor.c correspondence.c matrix.c matrix_svd.c matrix_steps.c
 * matrix_thin.c */
#include "analytics/correspondence.h"
#include "analytics/factor.h"
#include "analytics/matrix_internal.h"
#include "analytics/reliability.h"
#include "segment_data.h"

static json_t *reference(void)
{
    json_error_t e;
    json_t *ref = json_load_file("tests/fixtures/analytics/structure.json", 0, &e);
    assert_non_null(ref);
    return ref;
}

static void near_all(const json_t *ref, const char *key, const double *v, size_t stride,
                     double tolerance)
{
    const json_t *want = json_object_get(ref, key);
    assert_true(json_array_size(want) > 0);
    for (size_t i = 0; i < json_array_size(want); i++)
        if (fabs(v[i * stride] - json_number_value(json_array_get(want, i))) > tolerance)
            fail_msg("%s[%zu] = %.15g, wanted %.15g", key, i, v[i * stride],
                     json_number_value(json_array_get(want, i)));
}

static double *logs(Arena *a, size_t *n)
{
    double *x = segment_data_wholesale(a, n);
    for (size_t i = 0; i < *n * 6; i++)
        x[i] = log1p(x[i]);
    return x;
}

TEST(reliability, agrees_with_psych)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    size_t n;
    double *x = logs(a, &n);
    json_t *ref = reference();
    Reliability r;
    ASSERT_OK(reliability_run(&kn, x, n, 6, &r));
    near_all(ref, "alpha", &r.alpha, 1, 1e-12);
    near_all(ref, "standardised_alpha", &r.standardised_alpha, 1, 1e-12);
    size_t stride = sizeof(ReliabilityItem) / sizeof(double);
    near_all(ref, "item_total", &r.item[0].item_total, stride, 1e-12);
    near_all(ref, "alpha_if_deleted", &r.item[0].alpha, stride, 1e-12);
    near_all(ref, "smc", &r.item[0].smc, stride, 1e-12);
    near_all(ref, "mean", &r.item[0].mean, stride, 1e-12);
    near_all(ref, "sd", &r.item[0].sd, stride, 1e-12);
    json_decref(ref);
    arena_free(a);
}

TEST(factor, agrees_with_r)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    size_t n;
    double *x = logs(a, &n);
    json_t *ref = reference();
    FactorOptions o = {.factors = 2, .varimax = true};
    Factor f;
    ASSERT_OK(factor_run(&kn, x, n, 6, &o, &f));
    near_all(ref, "kmo", &f.kmo, 1, 1e-12);
    near_all(ref, "msa", f.msa, 1, 1e-12);
    near_all(ref, "bartlett", &f.bartlett, 1, 1e-8);
    near_all(ref, "bartlett_df", &f.bartlett_df, 1, 0);
    near_all(ref, "eigenvalue", f.eigenvalue, 1, 1e-12);
    near_all(ref, "pca_loading", f.loading, 1, 1e-11);
    near_all(ref, "pca_rotated", f.rotated, 1, 1e-7);
    near_all(ref, "pca_score_first_row", f.score, 1, 1e-6);
    o = (FactorOptions){.factors = 2, .principal_axis = true};
    ASSERT_OK(factor_run(&kn, x, n, 6, &o, &f));
    near_all(ref, "smc", f.initial, 1, 1e-12);
    near_all(ref, "paf_communality", f.communality, 1, 1e-6);
    near_all(ref, "paf_loading", f.loading, 1, 1e-6);
    json_decref(ref);
    arena_free(a);
}

TEST(factor, components_rebuild_and_scores_are_standard)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    enum { N = 300, P = 4 };
    double x[N * P], y[N * P];
    Random r = random_of(4, 0);
    for (int i = 0; i < N; i++) {
        double u = random_unit(&r), v = random_unit(&r);
        for (int j = 0; j < P; j++)
            x[i * P + j] = (j < 2 ? u : v) + 0.4 * random_unit(&r);
        for (int j = 0; j < P; j++)
            y[(N - 1 - i) * P + j] = 5 + 100 * x[i * P + j]; /* other units, other order */
    }
    FactorOptions all = {.factors = P, .varimax = true}, kaiser = {.varimax = true};
    Factor f, g;
    ASSERT_OK(factor_run(&kn, x, N, P, &all, &f));
    for (int i = 0; i < P; i++)
        for (int j = 0; j < P; j++) {
            double sum = 0;
            for (int k = 0; k < P; k++)
                sum += f.rotated[i * P + k] * f.rotated[j * P + k];
            ASSERT_CLOSE(sum, f.correlation[i * P + j], 1e-12); /* all components give R back */
        }
    ASSERT_OK(factor_run(&kn, x, N, P, &kaiser, &f));
    ASSERT_OK(factor_run(&kn, y, N, P, &kaiser, &g));
    assert_int_equal(f.m, 2);
    for (size_t i = 0; i < P * f.m; i++)
        ASSERT_CLOSE(f.rotated[i], g.rotated[i], 1e-10);
    double mean, ss, total = 0;
    work_moments(f.score, N, f.m, &mean, &ss);
    ASSERT_CLOSE(mean, 0, 1e-12);
    ASSERT_CLOSE(ss / (N - 1), 1, 1e-10);
    for (int k = 0; k < P; k++)
        total += f.eigenvalue[k];
    ASSERT_CLOSE(total, P, 1e-12);
    ASSERT_CLOSE(f.ss[0] + f.ss[1], f.rotated_ss[0] + f.rotated_ss[1], 1e-12);
    arena_free(a);
}

TEST(correspondence, agrees_with_ca)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    json_t *ref = reference();
    double table[12];
    for (size_t i = 0; i < 12; i++)
        table[i] = json_number_value(json_array_get(json_object_get(ref, "table"), i));
    Correspondence c;
    ASSERT_OK(correspondence_run(&kn, table, 4, 3, 0, &c));
    assert_int_equal(c.dimensions, 2);
    near_all(ref, "singular", c.singular, 1, 1e-13);
    near_all(ref, "row_mass", c.rows.mass, 1, 1e-14);
    near_all(ref, "row_inertia", c.rows.inertia, 1, 1e-13);
    near_all(ref, "chi2", &c.chi2, 1, 1e-8);
    double rows[8], columns[6];
    for (int i = 0; i < 8; i++)
        rows[i] = fabs(c.rows.standard[i]);
    for (int i = 0; i < 6; i++)
        columns[i] = fabs(c.columns.standard[i]);
    near_all(ref, "row_standard_abs", rows, 1, 1e-11);
    near_all(ref, "column_standard_abs", columns, 1, 1e-11);
    json_decref(ref);
    arena_free(a);
}

TEST(correspondence, shares_add_up_and_the_table_may_be_turned)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double table[15] = {10, 3, 5, 7, 2, 8, 8, 1, 9, 4, 2, 6, 3, 3, 12}, turned[15], tenfold[15];
    for (int i = 0; i < 15; i++) {
        turned[i % 3 * 5 + i / 3] = table[i];
        tenfold[i] = 10 * table[i];
    }
    Correspondence c, t, z;
    ASSERT_OK(correspondence_run(&kn, table, 5, 3, 0, &c));
    ASSERT_OK(correspondence_run(&kn, turned, 3, 5, 0, &t));
    ASSERT_OK(correspondence_run(&kn, tenfold, 5, 3, 0, &z));
    ASSERT_CLOSE(z.chi2, 10 * c.chi2, 1e-10);
    double inertia = 0;
    for (size_t k = 0; k < 2; k++) {
        double all = 0;
        ASSERT_CLOSE(c.singular[k], t.singular[k], 1e-14);
        for (size_t i = 0; i < 5; i++) {
            all += c.rows.contribution[i * 2 + k];
            ASSERT_CLOSE(fabs(c.rows.principal[i * 2 + k]), fabs(t.columns.principal[i * 2 + k]),
                         1e-13);
        }
        ASSERT_CLOSE(all, 1, 1e-13);
    }
    for (size_t i = 0; i < 5; i++) {
        inertia += c.rows.inertia[i];
        ASSERT_CLOSE(c.rows.cos2[i * 2] + c.rows.cos2[i * 2 + 1], 1, 1e-13);
        /* transition: a row is the mean of the columns, stretched */
        double mean = 0, n = 0;
        for (size_t j = 0; j < 3; j++) {
            mean += table[i * 3 + j] * c.columns.principal[j * 2];
            n += table[i * 3 + j];
        }
        ASSERT_CLOSE(c.rows.principal[i * 2], mean / n / c.singular[0], 1e-12);
    }
    ASSERT_CLOSE(inertia, c.inertia, 1e-14);
    ASSERT_CLOSE(correspondence_at(&c, &c.rows, 1, 0, CORRESPONDENCE_SYMMETRIC),
                 c.rows.principal[2] / sqrt(c.singular[0]), 1e-13);
    ASSERT_CLOSE(correspondence_at(&c, &c.rows, 1, 0, CORRESPONDENCE_COLUMN), c.rows.standard[2],
                 0);
    arena_free(a);
}

/* What matrix_svd takes: the columns of x, one behind the other. */
static const double *columns_of(Arena *a, const double *x, size_t m, size_t n)
{
    double *c = arena_alloc(a, m * n * sizeof(double));
    for (size_t i = 0; i < m * n; i++)
        c[i % n * m + i / n] = x[i];
    return c;
}

TEST(matrix, decompositions_give_the_matrix_back)
{
    Arena *a = arena_new(0);
    enum { P = 7, M = 11 };
    double s[P * P], x[M * P], value[P], v[P * P], u[M * P], q[P], w[P * P], inverse[P * P],
        log_det;
    Random r = random_of(2, 0);
    for (int i = 0; i < M * P; i++)
        x[i] = random_unit(&r) - 0.5;
    for (int i = 0; i < P; i++)
        for (int j = 0; j < P; j++) {
            s[i * P + j] = i == j ? 0.1 : 0;
            for (int k = 0; k < M; k++)
                s[i * P + j] += x[k * P + i] * x[k * P + j];
        }
    matrix_eigen(a, s, P, value, v);
    assert_int_equal(matrix_inverse(a, s, P, inverse, &log_det), -1);
    matrix_svd(a, columns_of(a, x, M, P), M, P, u, q, w);
    double product = 0;
    for (int k = 0; k < P; k++)
        product += log(value[k]);
    ASSERT_CLOSE(product, log_det, 1e-12);
    for (int i = 0; i < P; i++)
        for (int j = 0; j < P; j++) {
            double sum = 0, one = 0;
            for (int k = 0; k < P; k++) {
                sum += v[i * P + k] * value[k] * v[j * P + k];
                one += s[i * P + k] * inverse[k * P + j];
            }
            ASSERT_CLOSE(sum, s[i * P + j], 1e-13);
            ASSERT_CLOSE(one, i == j, 1e-12);
        }
    for (int i = 0; i < M; i++)
        for (int j = 0; j < P; j++) {
            double sum = 0;
            for (int k = 0; k < P; k++)
                sum += u[i * P + k] * q[k] * w[j * P + k];
            ASSERT_CLOSE(sum, x[i * P + j], 1e-13);
        }
    double flat[] = {1, 2, 2, 4};
    assert_int_equal(matrix_inverse(a, flat, 2, inverse, &log_det), 1);
    arena_free(a);
}

TEST(structure, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    double x[] = {1, 2, 3, 2, 1, 5, 3, 4, 4, 4, 3, 8}, flat[] = {1, 5, 2, 5, 4, 5},
           nan[] = {1, 2, NAN, 1, 5, 2};
    double sum[] = {1, 2, 3, 2, 1, 3, 3, 4, 7, 4, 3, 7, 9, 1, 10}; /* third = first + second */
    Reliability r;
    Factor f;
    FactorOptions o = {0}, many = {.factors = 4};
    ASSERT_ST(ST_INVALID, reliability_run(&kn, flat, 3, 2, &r));
    assert_int_equal(kn.fault.kind, FAULT_CONSTANT);
    assert_int_equal(kn.fault.column, 1);
    ASSERT_ST(ST_INVALID, reliability_run(&kn, nan, 3, 2, &r));
    assert_int_equal(kn.fault.row, 1);
    ASSERT_ST(ST_INVALID, reliability_run(&kn, x, 2, 3, &r));
    ASSERT_ST(ST_INVALID, reliability_run(&kn, x, 12, 1, &r));
    ASSERT_ST(ST_INVALID, factor_run(&kn, x, 3, 3, &o, &f));
    assert_int_equal(kn.fault.kind, FAULT_TOO_FEW);
    ASSERT_ST(ST_INVALID, factor_run(&kn, x, 4, 3, &many, &f));
    ASSERT_ST(ST_INVALID, factor_run(&kn, sum, 5, 3, &o, &f));
    assert_int_equal(kn.fault.kind, FAULT_COLLINEAR);
    assert_int_equal(kn.fault.column, 2);
    Correspondence c;
    double minus[] = {1, 2, -3, 4}, empty[] = {1, 0, 3, 0};
    ASSERT_ST(ST_INVALID, correspondence_run(&kn, minus, 2, 2, 0, &c));
    assert_int_equal(kn.fault.row, 1);
    assert_int_equal(kn.fault.column, 0);
    ASSERT_ST(ST_INVALID, correspondence_run(&kn, empty, 2, 2, 0, &c));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    assert_int_equal(kn.fault.row, 1);
    ASSERT_ST(ST_INVALID, correspondence_run(&kn, x, 1, 4, 0, &c));
    arena_free(a);
}

/* Large enough for the way over QL; two equal columns and scales from 1 to 1e-9. */
TEST(structure, large_singular_values_rebuild_the_matrix)
{
    enum { M = 90, P = 61 };
    static double x[M * P], u[M * P], q[P], w[P * P];
    Random r = random_of(9, 1);
    for (size_t i = 0; i < M; i++) {
        for (size_t j = 0; j < P; j++)
            x[i * P + j] = (random_unit(&r) - 0.5) * pow(10, -(double)(j % 10));
        x[i * P + 60] = x[i * P];
    }
    Arena *a = arena_new(1 << 16);
    matrix_svd(a, columns_of(a, x, M, P), M, P, u, q, w);
    for (size_t k = 1; k < P; k++)
        assert_true(q[k] <= q[k - 1]);
    assert_true(q[60] < 1e-15 * q[0] && q[59] > 1e-11);
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < P; j++) {
            double sum = 0;
            for (size_t k = 0; k < P; k++)
                sum += u[i * P + k] * q[k] * w[j * P + k];
            assert_true(fabs(sum - x[i * P + j]) < 1e-14);
        }
    for (size_t k = 0; k < P; k++)
        for (size_t l = 0; l <= k; l++) {
            double us = 0, ws = 0;
            for (size_t i = 0; i < M; i++)
                us += u[i * P + k] * u[i * P + l];
            for (size_t i = 0; i < P; i++)
                ws += w[i * P + k] * w[i * P + l];
            assert_true(fabs(ws - (k == l)) < 1e-13);
            assert_true(k == 60 || fabs(us - (k == l)) < 1e-12);
        }
    arena_free(a);
}

/* The passes over two rows at once, for even and odd sizes: trace and sum of squares stay, and the eigenvalues are those of
 * Jacobi's method. */
TEST(structure, a_tridiagonal_form_keeps_the_eigenvalues)
{
    enum { MOST = 27 };
    Random r = random_of(31, 0);
    for (size_t n = 1; n <= MOST; n++) {
        Arena *arena = arena_new(1 << 14);
        double a[MOST * MOST], kept[MOST * MOST], d[MOST], e[MOST + 1], beta[MOST],
            scratch[3 * MOST], value[MOST], v[MOST * MOST], form[MOST * MOST] = {0}, again[MOST];
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++)
                a[i * n + j] = a[j * n + i] =
                    n % 5 == 4 && i > n / 2 && j <= n / 2 ? 0 : random_unit(&r) - 0.5;
        memcpy(kept, a, sizeof(a));
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                a[i * n + j] = NAN; /* only the lower triangle is read */
        matrix_tridiagonal(a, n, d, e, beta, scratch);
        for (size_t i = 0; i < n; i++) {
            form[i * n + i] = d[i];
            if (i > 0)
                form[i * n + i - 1] = form[(i - 1) * n + i] = e[i];
        }
        matrix_eigen(arena, kept, n, value, v);
        matrix_eigen(arena, form, n, again, v);
        for (size_t k = 0; k < n; k++)
            assert_true(fabs(value[k] - again[k]) < 1e-13);
        arena_free(arena);
    }
}

/* Few vectors must be those of the full decomposition, also where values are equal or nothing. */
TEST(structure, thin_singular_values_are_those_of_all)
{
    enum { M = 70, P = 61, K = 9 };
    static double x[M * P], u[M * P], q[P], w[P * P], tu[M * K], tq[P], tw[P * K];
    for (int kind = 0; kind < 3; kind++) {
        Random r = random_of(21, (uint64_t)kind);
        memset(x, 0, sizeof(x));
        for (size_t i = 0; i < M; i++)
            for (size_t j = 0; j < P; j++) /* any; a diagonal with equal values; rank 3 */
                x[i * P + j] = kind == 0   ? random_unit(&r) - 0.5
                               : kind == 1 ? (i == j ? (double)(1 + i / 20) : 0)
                                           : (double)(i % 3 == j % 3);
        Arena *a = arena_new(1 << 16);
        matrix_svd(a, columns_of(a, x, M, P), M, P, u, q, w);
        matrix_svd_thin(a, columns_of(a, x, M, P), M, P, K, tu, tq, tw);
        for (size_t k = 0; k < P; k++)
            ASSERT_CLOSE(tq[k], q[k], k < K ? 1e-13 : 1e-6 * q[0]);
        for (size_t k = 0; k < K; k++) { /* a v = s u, and right angles */
            for (size_t i = 0; i < M; i++) {
                double sum = 0;
                for (size_t j = 0; j < P; j++)
                    sum += x[i * P + j] * tw[j * K + k];
                ASSERT_CLOSE(sum, tq[k] * tu[i * K + k], 1e-12);
            }
            for (size_t l = 0; l <= k; l++) {
                double sum = 0;
                for (size_t j = 0; j < P; j++)
                    sum += tw[j * K + k] * tw[j * K + l];
                ASSERT_CLOSE(sum, k == l, 1e-13);
            }
        }
        arena_free(a);
    }
}

TEST(correspondence, few_dimensions_are_the_first_of_all)
{
    enum { R = 40, C = 33, K = 4 };
    static double table[R * C];
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Random r = random_of(2, 2);
    for (size_t i = 0; i < R; i++)
        for (size_t j = 0; j < C; j++)
            table[i * C + j] = (double)random_below(&r, 9 + i * j / 90) + 1;
    Correspondence all, few;
    ASSERT_OK(correspondence_run(&kn, table, R, C, 0, &all));
    ASSERT_OK(correspondence_run(&kn, table, R, C, K, &few));
    ASSERT_CLOSE(few.inertia, all.inertia, 1e-15);
    assert_true(few.shown == K && all.shown == C - 1 && few.dimensions == C - 1);
    for (size_t k = 0; k < C - 1; k++)
        ASSERT_CLOSE(few.singular[k], all.singular[k], 1e-12);
    for (size_t i = 0; i < R; i++)
        for (size_t k = 0; k < K; k++) {
            size_t x = i * K + k, y = i * (C - 1) + k;
            ASSERT_CLOSE(few.rows.principal[x], all.rows.principal[y], 1e-11);
            ASSERT_CLOSE(few.rows.contribution[x], all.rows.contribution[y], 1e-11);
            ASSERT_CLOSE(few.rows.cos2[x], all.rows.cos2[y], 1e-11);
        }
    arena_free(a);
}

TEST_MAIN("structure")
