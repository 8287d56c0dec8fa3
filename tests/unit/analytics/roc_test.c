/* SPDX-License-Identifier: Apache-2.0 */
/* ROC by one sort against the definitions: pairs, DeLong's placements, the curve point by point; ties, signs of zero. */
#include "analytics/roc.h"
#include "test.h"

enum { N = 61 };

typedef struct Sample {
    double score[N], other[N], y[N];
} Sample;

static Sample sample(uint64_t seed)
{
    Sample s;
    Random r = random_of(seed, 0);
    for (size_t i = 0; i < N; i++) {
        s.y[i] = i % 3 == 0 || random_unit(&r) < 0.2;
        s.score[i] = (double)random_below(&r, 12) - 4 + s.y[i]; /* many ties */
        s.other[i] = random_unit(&r) + s.y[i] / 2;
        if (s.score[i] == 0 && i % 2)
            s.score[i] = -0.0;
    }
    return s;
}

/* Share of the other class that row i beats (yes) or that beats it (no), pair by pair. */
static double placement(const double *score, const double *y, size_t i)
{
    double sum = 0, n = 0;
    for (size_t j = 0; j < N; j++)
        if (y[j] != y[i]) {
            double high = y[i] > 0 ? score[i] : score[j], low = y[i] > 0 ? score[j] : score[i];
            sum += high > low ? 1 : high == low ? 0.5 : 0;
            n++;
        }
    return sum / n;
}

/* Of the placements of one class: mean, and covariance of two scores. */
static double moment(const double *a, const double *b, const double *y, double class,
                     double *ret_covariance)
{
    double n = 0, mean_a = 0, mean_b = 0, both = 0;
    for (size_t i = 0; i < N; i++)
        if (y[i] == class) {
            double p = placement(a, y, i), q = placement(b, y, i);
            n++;
            mean_a += p;
            mean_b += q;
            both += p * q;
        }
    *ret_covariance = (both - mean_a * mean_b / n) / (n - 1) / n;
    return mean_a / n;
}

TEST(roc, area_and_error_are_those_of_all_pairs)
{
    for (uint64_t seed = 1; seed < 20; seed++) {
        Kernel k = {.arena = arena_new(4096), .threads = 1};
        Sample s = sample(seed);
        Roc r;
        double yes, no;
        ASSERT_OK(roc_curve(&k, s.score, s.y, N, 0.95, &r));
        double auc = moment(s.score, s.score, s.y, 1, &yes);
        moment(s.score, s.score, s.y, 0, &no);
        assert_true(fabs(r.auc - auc) < 1e-14 && fabs(r.se - sqrt(yes + no)) < 1e-13);
        arena_free(k.arena);
    }
}

TEST(roc, two_scores_of_the_same_rows_share_their_error)
{
    Kernel k = {.arena = arena_new(4096), .threads = 1};
    Sample s = sample(5);
    RocCompare c, back;
    double v[6];
    ASSERT_OK(roc_compare(&k, s.score, s.other, s.y, N, &c));
    ASSERT_OK(roc_compare(&k, s.other, s.score, s.y, N, &back));
    for (int class = 0; class < 2; class ++) {
        moment(s.score, s.score, s.y, class, &v[class]);
        moment(s.other, s.other, s.y, class, &v[2 + class]);
        moment(s.score, s.other, s.y, class, &v[4 + class]);
    }
    assert_true(fabs(c.se - sqrt(v[0] + v[1] + v[2] + v[3] - 2 * (v[4] + v[5]))) < 1e-12);
    assert_true(c.difference == -back.difference && fabs(c.p - back.p) < 1e-12);
    arena_free(k.arena);
}

TEST(roc, points_of_the_curve_are_shares_at_or_above_the_threshold)
{
    Kernel k = {.arena = arena_new(4096), .threads = 1};
    Sample s = sample(7);
    Roc r;
    double best = -1, ks = 0;
    ASSERT_OK(roc_curve(&k, s.score, s.y, N, 0.95, &r));
    for (size_t p = 0; p < r.points; p++) {
        double hit = 0, miss = 0;
        for (size_t i = 0; i < N; i++) {
            hit += s.y[i] > 0 && s.score[i] >= r.threshold[p];
            miss += s.y[i] == 0 && s.score[i] >= r.threshold[p];
        }
        assert_true(p == 0 || r.threshold[p] < r.threshold[p - 1]);
        assert_true(r.sensitivity[p] == hit / r.positives);
        assert_true(r.specificity[p] == 1 - miss / r.negatives);
        best = fmax(best, hit / r.positives - miss / r.negatives);
        ks = fmax(ks, fabs(hit / r.positives - miss / r.negatives));
    }
    assert_true(r.sensitivity[r.points - 1] == 1 && r.specificity[r.points - 1] == 0);
    assert_true(r.youden == best && r.ks == ks);
    arena_free(k.arena);
}

TEST(roc, classes_by_a_threshold)
{
    static const double P[10] = {.9, .8, .7, .6, .55, .5, .4, .3, .2, .1},
                        Y[10] = {1, 1, 0, 1, 0, 1, 0, 0, 0, 0};
    Kernel k = {.arena = arena_new(4096), .threads = 1};
    Classification c;
    ASSERT_OK(roc_classify(&k, P, Y, 10, 0.5, &c));
    assert_true(c.tp == 4 && c.fp == 2 && c.fn == 0 && c.tn == 4);
    assert_true(fabs(c.lift_top_decile - 2.5) < 1e-14); /* one of one, in place of 4 of 10 */
    arena_free(k.arena);
}

TEST(roc, names_what_is_wrong)
{
    Kernel k = {.arena = arena_new(4096), .threads = 1};
    Roc r;
    ASSERT_ST(ST_INVALID, roc_curve(&k, (double[]){1, NAN}, (double[]){0, 1}, 2, .95, &r));
    assert_true(k.fault.kind == FAULT_NOT_FINITE && k.fault.row == 1);
    ASSERT_ST(ST_INVALID, roc_curve(&k, (double[]){1, 2}, (double[]){0, 2}, 2, .95, &r));
    assert_int_equal(k.fault.kind, FAULT_RANGE);
    ASSERT_ST(ST_INVALID, roc_curve(&k, (double[]){1, 2}, (double[]){1, 1}, 2, .95, &r));
    assert_int_equal(k.fault.kind, FAULT_ONE_GROUP);
    arena_free(k.arena);
}

TEST_MAIN("roc")
