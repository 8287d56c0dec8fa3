/* SPDX-License-Identifier: Apache-2.0 */
/* rfm: recency, frequency and monetary value from transactions, and their scores 1 … k.
 *
 * Assumes nothing about distributions. Days are whole calendar days; money is a whole number at
 * the caller's scale (cents), so sums are exact and ties are ties. Frequency counts distinct
 * invoices, or rows when there are none. A row after the snapshot is a fault: the caller filters.
 *
 * Conventions (they change the answer; print the one that was used):
 *   cutpoint    cut points = type-7 quantiles at i/k; score = 1 + number of cut points strictly
 *               below the value: intervals are closed on the right, equal values share a score
 *   rank_first  equal-sized groups; ties are split by order of customer
 *   spss_ntiles SPSS RANK /NTILES with mean ranks: floor(rank·k/(n+1)) + 1
 *   nested      SPSS RFM default: F within each R score, M within each R·F score, each by spss_ntiles
 * Recency is scored in reverse: recent is k.
 *
 * Cost: grouping O(rows), scores O(customers log customers); memory 40 bytes a customer, and with
 * invoices 16 bytes a distinct invoice. Source: Bult & Wansbeek (1995); IBM SPSS Direct Marketing. */
#pragma once
#include "analytics/work.h"

typedef enum RfmConvention {
    RFM_CUTPOINT,
    RFM_RANK_FIRST,
    RFM_SPSS_NTILES,
    RFM_NESTED
} RfmConvention;

typedef struct RfmTable { /* one entry a customer, in the order of customer numbers */
    size_t n;
    int64_t *recency, *frequency, *monetary; /* days before the snapshot; count; at the scale */
} RfmTable;

typedef struct RfmScores {
    size_t n;
    int k;
    uint8_t *r, *f, *m;
    double cut[3][31];     /* cut points of R (in days), F, M; only for RFM_CUTPOINT */
    uint32_t count[3][33]; /* [measure][score]: customers */
    size_t cells;          /* R·F·M combinations in use */
    size_t top, bottom;    /* customers scored k,k,k and 1,1,1 */
    uint64_t sum;          /* of all three scores over all customers */
} RfmScores;

/* customer[i] in 0 … customers-1 in the order ties are to be broken; day, amount: one a row;
 * invoice may be NULL, else any number that tells invoices of one customer apart.
 * ST_INVALID: a customer number out of range (FAULT_RANGE, column 0), a day after the snapshot
 * (column 1), a sum past 2^63 (column 2), a customer without rows (FAULT_EMPTY, row = customer). */
CHECKED Status rfm_group(Kernel *kn, const int32_t *customer, const int32_t *day,
                         const int64_t *amount, const int64_t *invoice, size_t rows,
                         size_t customers, int32_t snapshot, RfmTable *ret);
/* 2 <= k <= 32; n >= k. */
CHECKED Status rfm_score(Kernel *kn, const RfmTable *t, int k, RfmConvention how, RfmScores *ret);
/* Numbers raw keys 0 … in ascending order of key. Direct table when the range of the keys is at
 * most 4 rows + 65,536, else a hash. ret_code: one a row; ret_keys: the distinct keys, ascending. */
CHECKED Status rfm_number(Kernel *kn, const int64_t *key, size_t rows, int32_t **ret_code,
                          int64_t **ret_keys, size_t *ret_n);
