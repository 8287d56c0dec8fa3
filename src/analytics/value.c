/* SPDX-License-Identifier: Apache-2.0 */
/* What the models of value share: checks, grouping of equal histories, fitting, CLV, logs, the score. */
#include "analytics/value.h"
#include "analytics/ranks.h"
#include "analytics/special.h"
#include "analytics/value_internal.h"
#include <stdlib.h>
#include <string.h>

#define VALUE_SMALL 4000
#define LOG_BOUND 16 /* parameters within e^±16: 1e-7 … 9e6 */
#define TOLERANCE 1e-7

Status value_check(Kernel *kn, const ValueData *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const double v[3] = {d->x[i], d->recency[i], d->age[i]};
        for (int j = 0; j < 3; j++) {
            if (!isfinite(v[j]))
                return work_fail(kn, FAULT_NOT_FINITE, (int64_t)i, j, v[j]);
            if (v[j] < 0 || (j == 0 && v[0] != floor(v[0])))
                return work_fail(kn, FAULT_RANGE, (int64_t)i, j, v[j]);
        }
        if (v[1] > v[2] || (v[0] == 0 && v[1] != 0))
            return work_fail(kn, FAULT_RANGE, (int64_t)i, 1, v[1]);
    }
    return d->n < 4 ? work_fail(kn, FAULT_TOO_FEW, -1, 0, 4) : ST_OK; /* as many as parameters */
}

static int compare_groups(const void *a, const void *b)
{
    const ValueGroup *u = a, *v = b;
    if (u->x != v->x)
        return u->x < v->x ? -1 : 1;
    if (u->recency != v->recency)
        return u->recency < v->recency ? -1 : 1;
    return (u->age > v->age) - (u->age < v->age);
}

ValueGroups value_groups(Kernel *kn, const ValueData *d)
{
    ValueGroup *g = arena_alloc(kn->arena, d->n * sizeof(*g));
    for (size_t i = 0; i < d->n; i++)
        g[i] = (ValueGroup){d->x[i], d->recency[i], d->age[i], 1};
    qsort(g, d->n, sizeof(*g), compare_groups);
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (n && compare_groups(&g[n - 1], &g[i]) == 0)
            g[n - 1].count++;
        else
            g[n++] = g[i];
    }
    return (ValueGroups){.n = n, .v = g, .customers = (double)d->n};
}

ValueGroups *value_sample(Kernel *kn, const ValueGroups *all)
{
    size_t step = all->n / VALUE_SMALL, n = 0;
    if (step < 3)
        return NULL;
    ValueGroup *v = arena_alloc(kn->arena, (all->n / step + 1) * sizeof(*v));
    ValueGroups *small = ARENA_NEW(kn->arena, ValueGroups);
    for (size_t i = step / 2; i < all->n; i += step) {
        v[n++] = all->v[i];
        small->customers += all->v[i].count;
    }
    small->v = v;
    small->n = n;
    return small;
}

static Status best_of_starts(Kernel *kn, MinimiseFunction f, void *arg, size_t p,
                             const double *starts, size_t n_starts, Minimised *best)
{
    *best = (Minimised){.value = INFINITY, .end = MINIMISE_FAILED};
    for (size_t i = 0; i < n_starts; i++) {
        Minimised m;
        TRY(minimise_run(kn, f, arg, p, starts + i * p, NULL, LOG_BOUND, TOLERANCE, 300, &m));
        bool lower = m.value < best->value - 1e-6 * fabs(best->value);
        bool sounder = m.value <= best->value + 1e-9 * fabs(best->value) && m.end < best->end;
        if (i == 0 || lower || sounder)
            *best = m;
        if (best->end == MINIMISE_CONVERGED && i >= 1)
            break; /* two starts that agree are enough */
    }
    return ST_OK;
}

Status value_fit(Kernel *kn, MinimiseFunction f, void *arg, void *small, double share,
                 int parameters, const double *starts, size_t n_starts, ValueModel *ret)
{
    Minimised best;
    size_t p = (size_t)parameters;
    TRY(best_of_starts(kn, f, small ? small : arg, p, starts, n_starts, &best));
    if (small) {
        double h[MINIMISE_MAX * MINIMISE_MAX], start[MINIMISE_MAX];
        memcpy(start, best.v, sizeof(start));
        for (size_t i = 0; i < p * p; i++)
            h[i] = best.covariance[i] * share;
        bool has_h = best.end == MINIMISE_CONVERGED;
        TRY(minimise_run(kn, f, arg, p, start, has_h ? h : NULL, LOG_BOUND, TOLERANCE, 300, &best));
    }
    *ret = (ValueModel){.parameters = parameters,
                        .loglik = -best.value,
                        .status = best.end,
                        .iterations = best.iterations};
    for (size_t i = 0; i < p; i++) {
        ret->v[i] = exp(best.v[i]);
        double variance = best.covariance[i * p + i];
        ret->se[i] = variance > 0 ? ret->v[i] * sqrt(variance) : NAN;
    }
    return ST_OK;
}

double value_lifetime(const ValueModel *m, const ValueHorizon *h, double x, double recency,
                      double age, double spend)
{
    double sum = 0, before = 0, factor = 1, t[SPECIAL_MANY], so_far[SPECIAL_MANY];
    for (int from = 0; from < h->periods; from += SPECIAL_MANY) {
        size_t n = (size_t)(h->periods - from < SPECIAL_MANY ? h->periods - from : SPECIAL_MANY);
        for (size_t i = 0; i < n; i++)
            t[i] = (from + (int)i + 1) * h->length;
        for (size_t i = 0; h->pareto && i < n; i++)
            so_far[i] = value_pareto_expected(m, x, recency, age, t[i]);
        if (!h->pareto)
            value_bgnbd_expected_many(m, x, recency, age, t, n, so_far);
        for (size_t i = 0; i < n; i++) {
            sum += (so_far[i] - before) / (factor *= 1 + h->discount);
            before = so_far[i];
        }
    }
    return sum * spend * h->margin;
}

/* ---- from a log ---- */
typedef struct Purchase {
    int32_t customer, day;
    double amount;
    size_t at;
} Purchase;

static int compare_purchases(const void *a, const void *b)
{
    const Purchase *u = a, *v = b;
    if (u->customer != v->customer)
        return u->customer < v->customer ? -1 : 1;
    if (u->day != v->day)
        return u->day < v->day ? -1 : 1;
    return (u->at > v->at) - (u->at < v->at);
}

static void summarise(const Purchase *p, size_t n, int32_t until, double unit, ValueSummary *s)
{
    for (size_t i = 0; i < n;) {
        int32_t c = p[i].customer, first = p[i].day, last = first;
        double repeats = 0, spend = 0;
        for (; i < n && p[i].customer == c; i++) {
            if (p[i].day != last)
                repeats++;
            last = p[i].day;
            spend += last != first ? p[i].amount : 0;
        }
        s->x[c] = repeats;
        s->recency[c] = (last - first) / unit;
        s->age[c] = (until - first) / unit;
        s->mean[c] = repeats > 0 ? spend / repeats : 0;
        s->used++;
    }
}

Status value_summary(Kernel *kn, const int32_t *customer, const int32_t *day, const double *amount,
                     size_t rows, size_t customers, int32_t until, double unit, ValueSummary *ret)
{
    if (!(unit > 0))
        return work_fail(kn, FAULT_RANGE, -1, -1, unit);
    ValueSummary s = {0};
    double **columns[] = {&s.x, &s.recency, &s.age, &s.mean};
    for (size_t j = 0; j < COUNT_OF(columns); j++) {
        *columns[j] = arena_alloc(kn->arena, (customers + 1) * sizeof(double));
        for (size_t c = 0; c < customers; c++)
            (*columns[j])[c] = NAN;
    }
    Purchase *p = arena_alloc(kn->arena, (rows + 1) * sizeof(*p));
    size_t n = 0;
    for (size_t i = 0; i < rows; i++) {
        if ((uint32_t)customer[i] >= customers)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, 0, customer[i]);
        if (amount && !isfinite(amount[i]))
            return work_fail(kn, FAULT_NOT_FINITE, (int64_t)i, 2, amount[i]);
        if (day[i] <= until)
            p[n++] = (Purchase){customer[i], day[i], amount ? amount[i] : 0, i};
    }
    if (n == 0)
        return work_fail(kn, FAULT_EMPTY, -1, 1, 0);
    qsort(p, n, sizeof(*p), compare_purchases);
    summarise(p, n, until, unit, &s);
    *ret = s;
    return work_check(kn);
}

/* ---- A53 ---- */
static bool is_constant(const double *v, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (v[i] != v[0])
            return false;
    return true;
}

Status value_score(Kernel *kn, const double *x, size_t n, size_t p, const double *weight,
                   double *ret_score)
{
    if (n < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, 2);
    TRY(work_finite(kn, x, n, p));
    double total = 0, *column = arena_alloc(kn->arena, n * sizeof(double)),
           *rank = arena_alloc(kn->arena, n * sizeof(double));
    for (size_t j = 0; j < p; j++) {
        if (!(weight[j] >= 0) || !isfinite(weight[j]))
            return work_fail(kn, FAULT_WEIGHT, -1, (int64_t)j, weight[j]);
        total += weight[j];
    }
    if (!(total > 0))
        return work_fail(kn, FAULT_WEIGHT, -1, -1, 0);
    memset(ret_score, 0, n * sizeof(double));
    for (size_t j = 0; j < p; j++) {
        for (size_t i = 0; i < n; i++)
            column[i] = x[i * p + j];
        TRY(ranks_average(kn, column, NULL, n, rank, NULL));
        if (is_constant(column, n))
            return work_fail(kn, FAULT_CONSTANT, -1, (int64_t)j, column[0]);
        double factor = 100 * weight[j] / total / (double)(n - 1);
        for (size_t i = 0; i < n; i++)
            ret_score[i] += factor * (rank[i] - 1);
    }
    return work_check(kn);
}
