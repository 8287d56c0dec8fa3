/* SPDX-License-Identifier: Apache-2.0 */
/* cohort: who came in the same period, and how many of them (and how much) came again.
 *
 * Cohort = period of a customer's first row; age = period - cohort; active = distinct customers
 * with a row at that age. A cell is observed when its period is not after the last one; retention
 * pooled over cohorts divides only by cohorts whose age is observed. With `partial_last` the last
 * period is still running: it is kept in the table and left out of the pooled line's full version.
 * Money is exact (whole numbers at the caller's scale).
 *
 * Cost: O(rows + customers · periods / 64 + cohorts · periods). Memory: a bit a customer and period. */
#pragma once
#include "analytics/work.h"

typedef struct CohortTable {
    size_t cohorts, periods; /* periods = ages 0 … periods-1 */
    int32_t *cohort;         /* period of each cohort, ascending; only those with customers */
    int64_t *size;
    int64_t *active;     /* [cohort * periods + age] */
    int64_t *revenue;    /* likewise, at the scale */
    uint8_t *observed;   /* likewise: is that age within the data? */
    double *pooled;      /* [age] retention pooled over observed cohorts; NaN if none */
    double *pooled_full; /* without the running last period */
    int32_t *of;         /* [customer] index of its cohort */
} CohortTable;

/* customer in 0 … customers-1; period counts from 0 (months since the first, say), < 4,096.
 * ST_INVALID: FAULT_RANGE column 0 customer, 1 period, 2 sum past 2^63; FAULT_EMPTY a customer without
 * rows (row = customer). amount may be NULL. */
CHECKED Status cohort_table(Kernel *kn, const int32_t *customer, const int32_t *period,
                            const int64_t *amount, size_t rows, size_t customers, size_t periods,
                            bool partial_last, CohortTable *ret);
