/* SPDX-License-Identifier: Apache-2.0 */
/* Cronbach's alpha. The variance of the sum is taken from the sums themselves, two passes. */
#include "analytics/reliability.h"
#include "analytics/matrix.h"

static double alpha_of(double p, double variances, double total)
{
    return p / (p - 1) * (1 - variances / total);
}

static void item_of(const double *x, const double *total, double *rest, const Reliability *r,
                    size_t j, double variances, ReliabilityItem *item)
{
    double ss, mean, variance = item->sd * item->sd, both = 0, own = item->mean;
    for (size_t i = 0; i < r->n; i++)
        rest[i] = total[i] - x[i * r->p + j];
    work_moments(rest, r->n, 1, &mean, &ss);
    for (size_t i = 0; i < r->n; i++)
        both += (rest[i] - mean) * (x[i * r->p + j] - own);
    item->scale_mean = mean;
    item->scale_variance = ss / (double)(r->n - 1);
    item->item_total = both / sqrt(ss * variance * (double)(r->n - 1));
    item->alpha =
        r->p > 2 ? alpha_of((double)r->p - 1, variances - variance, item->scale_variance) : NAN;
}

static void fill_smc(Kernel *kn, Reliability *r)
{
    double *inverse = arena_alloc(kn->arena, r->p * r->p * sizeof(double)), log_det;
    bool is_singular = matrix_inverse(kn->arena, r->correlation, r->p, inverse, &log_det) >= 0;
    for (size_t j = 0; j < r->p; j++)
        r->item[j].smc = is_singular ? NAN : 1 - 1 / inverse[j * r->p + j];
}

Status reliability_run(Kernel *kn, const double *x, size_t n, size_t p, Reliability *ret)
{
    if (p < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, 0, 2);
    if (n < 3)
        return work_fail(kn, FAULT_TOO_FEW, -1, 0, 3);
    Reliability r = {.n = n, .p = p, .item = ARENA_ARRAY(kn->arena, ReliabilityItem, p)};
    double *mean = arena_alloc(kn->arena, p * sizeof(double)),
           *sd = arena_alloc(kn->arena, p * sizeof(double));
    r.correlation = arena_alloc(kn->arena, p * p * sizeof(double));
    TRY(matrix_correlation(kn, x, n, p, r.correlation, mean, sd));
    double *total = ARENA_ARRAY(kn->arena, double, n),
           *rest = arena_alloc(kn->arena, n * sizeof(double));
    double variances = 0, correlations = 0, ss, pairs = (double)p * ((double)p - 1);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < p; j++)
            total[i] += x[i * p + j];
    for (size_t j = 0; j < p; j++) {
        r.item[j].mean = mean[j];
        r.item[j].sd = sd[j];
        variances += sd[j] * sd[j];
        for (size_t k = 0; k < p; k++)
            correlations += j == k ? 0 : r.correlation[j * p + k];
    }
    work_moments(total, n, 1, &r.scale_mean, &ss);
    r.scale_variance = ss / (double)(n - 1);
    r.scale_sd = sqrt(r.scale_variance);
    r.alpha = alpha_of((double)p, variances, r.scale_variance);
    r.mean_correlation = correlations / pairs;
    r.standardised_alpha =
        (double)p * r.mean_correlation / (1 + ((double)p - 1) * r.mean_correlation);
    for (size_t j = 0; j < p; j++)
        item_of(x, total, rest, &r, j, variances, &r.item[j]);
    fill_smc(kn, &r);
    *ret = r;
    return ST_OK;
}
