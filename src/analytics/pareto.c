/* SPDX-License-Identifier: Apache-2.0 */
/* Lorenz curve, Gini, and who makes up the first 80 % (pareto.h). */
#include "analytics/pareto.h"
#include "analytics/ranks.h"

/* Share held by the lowest `share` of all, between the points of the curve. */
static double lorenz_at(const Pareto *p, double share)
{
    double rank = (1 - share) * (double)p->n, low = floor(rank);
    size_t i = (size_t)low;
    double held = i ? p->cumulative[i - 1] : 0;
    double next = i < p->n ? p->cumulative[i] : 1;
    return 1 - (held + (rank - low) * (next - held));
}

Status pareto_concentration(Kernel *k, const double *amounts, size_t n, double threshold,
                            Pareto *ret)
{
    double *v = arena_alloc(k->arena, sizeof(*v) * (n + 1));
    long double total = 0, sum = 0, area = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(amounts[i]))
            return kernel_fail(k, FAULT_NOT_FINITE, 0, (int64_t)i);
        v[i] = amounts[i] > 0 ? amounts[i] : 0;
        total += (long double)v[i];
    }
    if (!(total > 0))
        return kernel_fail(k, FAULT_EMPTY, 0, -1);
    *ret = (Pareto){.n = n, .total = (double)total};
    ret->order = arena_alloc(k->arena, sizeof(uint32_t) * n);
    ret->cumulative = arena_alloc(k->arena, sizeof(double) * n);
    ranks_order_down(v, n, ret->order);
    for (size_t i = 0; i < n; i++) {
        long double amount = (long double)v[ret->order[i]];
        area += (2 * sum + amount) / (2 * total);
        sum += amount;
        ret->cumulative[i] = (double)(sum / total);
        if (!ret->reach && ret->cumulative[i] >= threshold - 1e-12)
            ret->reach = i + 1;
    }
    ret->gini = (double)(2 * area / (long double)n) - 1;
    ret->gini_sample = n > 1 ? ret->gini * (double)n / (double)(n - 1) : NAN;
    for (int i = 0; i <= 10; i++)
        ret->lorenz[i] = i == 0 ? 0 : lorenz_at(ret, i / 10.0);
    ret->top_fifth = ret->cumulative[(n + 4) / 5 - 1];
    return ST_OK;
}
