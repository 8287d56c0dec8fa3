/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a fitted logistic model: probabilities, the test of Hosmer and Lemeshow (logistic.h). */
#include "analytics/dist.h"
#include "analytics/logistic.h"
#include <stdlib.h>

void logistic_predict(const Logistic *l, const double *const *x, size_t p, size_t n, double *ret)
{
    for (size_t i = 0; i < n; i++) {
        double eta = l->b[0];
        for (size_t j = 0; j < p; j++)
            if (!l->dropped[j + 1])
                eta += l->b[j + 1] * x[j][i];
        ret[i] = 1 / (1 + exp(-eta));
    }
}

/* ---- Hosmer and Lemeshow */
typedef struct Ordered {
    double p;
    size_t at;
} Ordered;

static int by_probability(const void *a, const void *b)
{
    const Ordered *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

Status logistic_hosmer_lemeshow(Kernel *k, const double *probability, const double *y, size_t n,
                                size_t groups, HosmerLemeshow *ret)
{
    Arena *a = k->arena;
    *ret = (HosmerLemeshow){.groups = groups,
                            .n = ARENA_ARRAY(a, double, groups),
                            .observed = ARENA_ARRAY(a, double, groups),
                            .expected = ARENA_ARRAY(a, double, groups),
                            .mean = ARENA_ARRAY(a, double, groups)};
    if (n < groups || groups < 3)
        return kernel_too_few(k, 0, (double)groups);
    Ordered *o = arena_alloc(a, sizeof(*o) * n);
    for (size_t i = 0; i < n; i++)
        o[i] = (Ordered){probability[i], i};
    qsort(o, n, sizeof(*o), by_probability);
    size_t g = 0;
    for (size_t i = 0; i < n;
         i++) { /* rank i + 1 is in group g while it is ≤ 1 + (n−1)(g+1)/groups */
        while (g + 1 < groups && (double)i > (double)(n - 1) * (double)(g + 1) / (double)groups)
            g++;
        ret->n[g]++;
        ret->observed[g] += y[o[i].at];
        ret->expected[g] += o[i].p;
    }
    for (g = 0; g < groups; g++) {
        double d = ret->observed[g] - ret->expected[g];
        ret->mean[g] = ret->expected[g] / ret->n[g];
        ret->chi2 += d * d / (ret->expected[g] * (1 - ret->mean[g]));
    }
    ret->df = (double)groups - 2;
    ret->p = dist_chi2_upper(ret->chi2, ret->df);
    return ST_OK;
}
