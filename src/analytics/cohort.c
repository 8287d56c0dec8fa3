/* SPDX-License-Identifier: Apache-2.0 */
/* Cohorts: one bit a customer and period answers "distinct" without sorting or hashing. */
#include "analytics/cohort.h"
#include <math.h>
#include <string.h>

#define MAX_PERIODS 4096

static Status mark(Kernel *kn, const int32_t *customer, const int32_t *period, size_t rows,
                   size_t customers, size_t periods, size_t words, uint64_t *seen)
{
    for (size_t i = 0; i < rows; i++) {
        if ((uint32_t)customer[i] >= customers)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, 0, customer[i]);
        if ((uint32_t)period[i] >= periods)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, 1, period[i]);
        seen[(size_t)customer[i] * words + (size_t)period[i] / 64] |= 1ull << (period[i] & 63);
    }
    return ST_OK;
}

static Status first_periods(Kernel *kn, const uint64_t *seen, size_t customers, size_t words,
                            int32_t *first)
{
    for (size_t c = 0; c < customers; c++) {
        size_t k = 0;
        while (k < words && seen[c * words + k] == 0)
            k++;
        if (k == words)
            return work_fail(kn, FAULT_EMPTY, (int64_t)c, 0, 0);
        first[c] = (int32_t)(k * 64) + __builtin_ctzll(seen[c * words + k]);
    }
    return ST_OK;
}

/* Gives each period that began a cohort its index. */
static void number_cohorts(Kernel *kn, CohortTable *t, const int32_t *first, size_t customers)
{
    int32_t *at = arena_alloc(kn->arena, t->periods * sizeof(*at));
    memset(at, 0xff, t->periods * sizeof(*at));
    for (size_t c = 0; c < customers; c++)
        at[first[c]] = 0;
    t->cohort = arena_alloc(kn->arena, t->periods * sizeof(*t->cohort));
    for (size_t p = 0; p < t->periods; p++)
        if (at[p] == 0) {
            t->cohort[t->cohorts] = (int32_t)p;
            at[p] = (int32_t)t->cohorts++;
        }
    t->of = arena_alloc(kn->arena, customers * sizeof(*t->of));
    for (size_t c = 0; c < customers; c++)
        t->of[c] = at[first[c]];
}

static void count_active(CohortTable *t, const uint64_t *seen, const int32_t *first,
                         size_t customers, size_t words)
{
    for (size_t c = 0; c < customers; c++) {
        int64_t *row = t->active + (size_t)t->of[c] * t->periods;
        for (size_t k = (size_t)first[c] / 64; k < words; k++)
            for (uint64_t bits = seen[c * words + k]; bits; bits &= bits - 1)
                row[k * 64 + (size_t)__builtin_ctzll(bits) - (size_t)first[c]]++;
        t->size[t->of[c]]++;
    }
}

static Status add_revenue(Kernel *kn, CohortTable *t, const int32_t *customer,
                          const int32_t *period, const int64_t *amount, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        size_t g = (size_t)t->of[customer[i]];
        int64_t *cell = t->revenue + g * t->periods + (size_t)(period[i] - t->cohort[g]);
        if (__builtin_add_overflow(*cell, amount[i], cell))
            return work_fail(kn, FAULT_RANGE, (int64_t)i, 2, (double)amount[i]);
    }
    return ST_OK;
}

static double pooled_at(const CohortTable *t, size_t age, size_t periods)
{
    int64_t active = 0, size = 0;
    for (size_t g = 0; g < t->cohorts; g++)
        if ((size_t)t->cohort[g] + age < periods) {
            active += t->active[g * t->periods + age];
            size += t->size[g];
        }
    return size ? (double)active / (double)size : NAN;
}

Status cohort_table(Kernel *kn, const int32_t *customer, const int32_t *period,
                    const int64_t *amount, size_t rows, size_t customers, size_t periods,
                    bool partial_last, CohortTable *ret)
{
    if (rows == 0 || customers == 0)
        return work_fail(kn, FAULT_EMPTY, -1, -1, 0);
    if (periods == 0 || periods > MAX_PERIODS)
        return work_fail(kn, FAULT_TOO_MANY, (int64_t)periods, 1, MAX_PERIODS);
    CohortTable t = {.periods = periods};
    size_t words = (periods + 63) / 64;
    uint64_t *seen = ARENA_ARRAY(kn->arena, uint64_t, customers * words);
    int32_t *first = arena_alloc(kn->arena, customers * sizeof(*first));
    TRY(mark(kn, customer, period, rows, customers, periods, words, seen));
    TRY(first_periods(kn, seen, customers, words, first));
    number_cohorts(kn, &t, first, customers);
    size_t cells = t.cohorts * periods;
    t.size = ARENA_ARRAY(kn->arena, int64_t, t.cohorts);
    t.active = ARENA_ARRAY(kn->arena, int64_t, cells);
    t.revenue = ARENA_ARRAY(kn->arena, int64_t, cells);
    t.observed = ARENA_ARRAY(kn->arena, uint8_t, cells);
    count_active(&t, seen, first, customers, words);
    if (amount)
        TRY(add_revenue(kn, &t, customer, period, amount, rows));
    t.pooled = arena_alloc(kn->arena, periods * sizeof(double));
    t.pooled_full = arena_alloc(kn->arena, periods * sizeof(double));
    for (size_t age = 0; age < periods; age++) {
        for (size_t g = 0; g < t.cohorts; g++)
            t.observed[g * periods + age] = (size_t)t.cohort[g] + age < periods;
        t.pooled[age] = pooled_at(&t, age, periods);
        t.pooled_full[age] = pooled_at(&t, age, periods - (partial_last ? 1 : 0));
    }
    *ret = t;
    return work_check(kn);
}
