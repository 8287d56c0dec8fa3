/* SPDX-License-Identifier: Apache-2.0 */
/* RFM against reference/rfm.json in all four conventions; order of rows; scale of money; faults.
 * Covers: rfm_score.c */
#include "analytics/rfm.h"
#include "base/calendar.h"
#include "segment_data.h"
#include <sodium.h>

static const char *const NAMES[] = {"cutpoint", "rank_first", "spss_ntiles", "nested"};

static void hash_scores(const Log *log, const RfmScores *s, char hex[65])
{
    crypto_hash_sha256_state st;
    crypto_hash_sha256_init(&st);
    for (size_t i = 0; i < s->n; i++) {
        char line[64];
        int n = snprintf(line, sizeof(line), "%lld,%d,%d,%d\n", (long long)log->keys[i], s->r[i],
                         s->f[i], s->m[i]);
        crypto_hash_sha256_update(&st, (unsigned char *)line, (unsigned long long)n);
    }
    unsigned char out[32];
    crypto_hash_sha256_final(&st, out);
    sodium_bin2hex(hex, 65, out, 32);
}

static void check_counts(const json_t *want, const uint32_t *count, int k)
{
    for (int score = 1; score <= k; score++) {
        char key[8];
        snprintf(key, sizeof(key), "%d", score);
        assert_int_equal(count[score], json_integer_value(json_object_get(want, key)));
    }
}

static void check_convention(const Log *log, const RfmTable *t, const json_t *want, int how)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    RfmScores s;
    ASSERT_OK(rfm_score(&kn, t, 5, (RfmConvention)how, &s));
    check_counts(json_object_get(want, "counts_R"), s.count[0], 5);
    check_counts(json_object_get(want, "counts_F"), s.count[1], 5);
    check_counts(json_object_get(want, "counts_M"), s.count[2], 5);
    assert_int_equal(s.cells, json_integer_value(json_object_get(want, "cells_used")));
    assert_int_equal(s.top, json_integer_value(json_object_get(want, "top_cell_count")));
    assert_int_equal(s.bottom, json_integer_value(json_object_get(want, "bottom_cell_count")));
    assert_int_equal(s.sum, json_integer_value(json_object_get(want, "sum_of_scores")));
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(want, "first_12"), i, row)
    {
        assert_int_equal(log->keys[i], json_integer_value(json_array_get(row, 0)));
        assert_int_equal(s.r[i], json_integer_value(json_array_get(row, 1)));
        assert_int_equal(s.f[i], json_integer_value(json_array_get(row, 2)));
        assert_int_equal(s.m[i], json_integer_value(json_array_get(row, 3)));
    }
    const char *hash = json_string_value(json_object_get(want, "sha256_of_id_R_F_M_lines"));
    char hex[65];
    hash_scores(log, &s, hex);
    assert_string_equal(hex, hash);
    arena_free(a);
}

static double mean_of(const int64_t *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)v[i];
    return sum / (double)n;
}

static void check_file(Arena *a, Log log, const char *key, const char *snapshot_key)
{
    json_t *ref = segment_data_reference("rfm");
    const json_t *want = json_object_get(ref, key), *methods = json_object_get(want, "methods");
    int64_t snapshot;
    assert_true(calendar_parse_date(str_of(json_string_value(json_object_get(ref, snapshot_key))),
                                    &snapshot));
    Kernel kn = segment_kernel(a);
    RfmTable t;
    ASSERT_OK(rfm_group(&kn, log.customer, log.day, log.amount, log.invoice, log.rows,
                        log.customers, (int32_t)snapshot, &t));
    assert_int_equal(t.n, json_integer_value(json_object_get(want, "n")));
    double unit = pow(10, log.scale);
    ASSERT_RELATIVE(mean_of(t.recency, t.n),
                    json_number_value(json_object_get(json_object_get(want, "R"), "mean")), 1e-12);
    ASSERT_RELATIVE(mean_of(t.frequency, t.n),
                    json_number_value(json_object_get(json_object_get(want, "F"), "mean")), 1e-12);
    ASSERT_RELATIVE(mean_of(t.monetary, t.n) / unit,
                    json_number_value(json_object_get(json_object_get(want, "M"), "mean")), 1e-9);
    RfmScores s;
    ASSERT_OK(rfm_score(&kn, &t, 5, RFM_CUTPOINT, &s));
    const char *measure[] = {"R", "F", "M"};
    for (int m = 0; m < 3; m++)
        for (size_t q = 0; q < 4; q++) {
            json_t *cuts = json_object_get(json_object_get(want, measure[m]), "quantiles");
            ASSERT_RELATIVE(s.cut[m][q] / (m == 2 ? unit : 1),
                            json_number_value(json_array_get(cuts, q)), 1e-9);
        }
    for (int how = 0; how < 4; how++)
        if (json_object_get(methods, NAMES[how]))
            check_convention(&log, &t, json_object_get(methods, NAMES[how]), how);
    json_decref(ref);
}

TEST(rfm, agrees_with_the_reference_on_online_retail)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    Log log = segment_data_retail(a);
    assert_int_equal(log.rows, 397884);
    check_file(a, log, "online_retail_k5", "online_retail_snapshot");
    arena_free(a);
}

TEST(rfm, agrees_with_the_reference_on_cdnow)
{
    NEED_DATA();
    Arena *a = arena_new(0);
    check_file(a, segment_data_cdnow(a), "cdnow_sample_k5", "cdnow_sample_snapshot");
    arena_free(a);
}

/* ---- made-up data ---- */
typedef struct Rows {
    int32_t customer[600], day[600];
    int64_t amount[600], invoice[600];
} Rows;

static void make_rows(Rows *d)
{
    Random r = random_of(7, 0);
    for (int i = 0; i < 600; i++) {
        d->customer[i] = i < 100 ? i : (int32_t)random_below(&r, 100);
        d->day[i] = (int32_t)random_below(&r, 365);
        d->amount[i] = (int64_t)random_below(&r, 5000) - 500;
        d->invoice[i] = (int64_t)random_below(&r, 40);
    }
}

static RfmScores score_rows(Kernel *kn, const Rows *d, RfmConvention how)
{
    RfmTable t;
    RfmScores s;
    ASSERT_OK(rfm_group(kn, d->customer, d->day, d->amount, d->invoice, 600, 100, 400, &t));
    ASSERT_OK(rfm_score(kn, &t, 5, how, &s));
    return s;
}

TEST(rfm, does_not_depend_on_the_order_of_rows)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Rows d, e;
    make_rows(&d);
    int32_t order[600];
    for (int i = 0; i < 600; i++)
        order[i] = i;
    Random r = random_of(3, 0);
    work_shuffle(&r, order, 600);
    for (int i = 0; i < 600; i++) {
        e.customer[i] = d.customer[order[i]];
        e.day[i] = d.day[order[i]];
        e.amount[i] = d.amount[order[i]];
        e.invoice[i] = d.invoice[order[i]];
    }
    for (int how = 0; how < 4; how++) {
        RfmScores one = score_rows(&kn, &d, (RfmConvention)how);
        RfmScores two = score_rows(&kn, &e, (RfmConvention)how);
        assert_memory_equal(one.r, two.r, 100);
        assert_memory_equal(one.f, two.f, 100);
        assert_memory_equal(one.m, two.m, 100);
    }
    arena_free(a);
}

TEST(rfm, keeps_scores_when_money_changes_its_unit)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    Rows d;
    make_rows(&d);
    RfmScores one = score_rows(&kn, &d, RFM_CUTPOINT);
    for (int i = 0; i < 600; i++)
        d.amount[i] *= 100;
    RfmScores two = score_rows(&kn, &d, RFM_CUTPOINT);
    assert_memory_equal(one.m, two.m, 100);
    uint32_t total = 0;
    for (int k = 1; k <= 5; k++)
        total += one.count[1][k];
    assert_int_equal(total, 100);
    arena_free(a);
}

TEST(rfm, gives_equal_customers_equal_scores_but_not_by_rank_first)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    int64_t same[10] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
    RfmTable t = {.n = 10, .recency = same, .frequency = same, .monetary = same};
    RfmScores s;
    ASSERT_OK(rfm_score(&kn, &t, 5, RFM_CUTPOINT, &s));
    assert_int_equal(s.cells, 1);
    ASSERT_OK(rfm_score(&kn, &t, 5, RFM_SPSS_NTILES, &s));
    assert_int_equal(s.cells, 1);
    assert_int_equal(s.f[0], 3);
    ASSERT_OK(rfm_score(&kn, &t, 5, RFM_RANK_FIRST, &s));
    assert_int_equal(s.f[0], 1);
    assert_int_equal(s.f[9], 5);
    arena_free(a);
}

TEST(rfm, numbers_sparse_keys_like_dense_ones)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    int64_t dense[9] = {7, 3, 7, 9, 3, -4, 9, 9, 7}, sparse[9];
    for (int i = 0; i < 9; i++)
        sparse[i] = dense[i] * 1000000007;
    int32_t *one, *two;
    int64_t *keys;
    size_t n, m;
    ASSERT_OK(rfm_number(&kn, dense, 9, &one, &keys, &n));
    ASSERT_OK(rfm_number(&kn, sparse, 9, &two, &keys, &m));
    assert_int_equal(n, 4);
    assert_int_equal(m, 4);
    assert_memory_equal(one, two, sizeof(*one) * 9);
    assert_int_equal(keys[0], -4 * 1000000007ll);
    arena_free(a);
}

TEST(rfm, names_what_is_wrong)
{
    Arena *a = arena_new(0);
    Kernel kn = segment_kernel(a);
    int32_t customer[3] = {0, 1, 0}, day[3] = {10, 11, 12}, far[3] = {0, 5, 0};
    int64_t amount[3] = {1, 2, 3}, huge[3] = {INT64_MAX, 2, 3};
    RfmTable t;
    ASSERT_ST(ST_INVALID, rfm_group(&kn, customer, day, amount, NULL, 3, 2, 11, &t));
    assert_int_equal(kn.fault.kind, FAULT_RANGE);
    assert_int_equal(kn.fault.row, 2);
    assert_int_equal(kn.fault.column, 1);
    ASSERT_ST(ST_INVALID, rfm_group(&kn, far, day, amount, NULL, 3, 2, 20, &t));
    assert_int_equal(kn.fault.row, 1);
    assert_int_equal(kn.fault.column, 0);
    ASSERT_ST(ST_INVALID, rfm_group(&kn, customer, day, huge, NULL, 3, 2, 20, &t));
    assert_int_equal(kn.fault.column, 2);
    ASSERT_ST(ST_INVALID, rfm_group(&kn, customer, day, amount, NULL, 3, 3, 20, &t));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    assert_int_equal(kn.fault.row, 2);
    ASSERT_OK(rfm_group(&kn, customer, day, amount, NULL, 3, 2, 20, &t));
    RfmScores s;
    ASSERT_ST(ST_INVALID, rfm_score(&kn, &t, 5, RFM_CUTPOINT, &s));
    assert_int_equal(kn.fault.kind, FAULT_TOO_FEW);
    ASSERT_ST(ST_INVALID, rfm_score(&kn, &t, 1, RFM_CUTPOINT, &s));
    ASSERT_ST(ST_INVALID, rfm_group(&kn, customer, day, amount, NULL, 0, 0, 20, &t));
    assert_int_equal(kn.fault.kind, FAULT_EMPTY);
    arena_free(a);
}

TEST_MAIN("rfm")
