/* SPDX-License-Identifier: Apache-2.0 */
/* roc: how well a score tells yes (1) from no (0); higher scores mean yes. */
#pragma once
#include "analytics/kernel.h"

typedef struct Roc {
    double n, positives, negatives;
    double auc, se, low,
        high; /* ties half; DeLong, DeLong & Clarke-Pearson 1988; interval clipped to 0 … 1 */
    double p; /* against 0.5, normal */
    double gini, ks;
    double *threshold, *sensitivity,
        *specificity; /* by distinct score, descending; ≥ threshold is yes */
    size_t points;
    double youden_threshold, youden;
} Roc;
/* O(n log n). ST_INVALID: NOT_FINITE, RANGE (y not 0 or 1, column 1), ONE_GROUP (one class only). */
CHECKED Status roc_curve(Kernel *k, const double *score, const double *y, size_t n, double level,
                         Roc *ret);
/* Two scores of the same rows: difference of areas, its standard error, z, p (DeLong). */
typedef struct RocCompare {
    double auc[2], difference, se, z, p;
} RocCompare;
CHECKED Status roc_compare(Kernel *k, const double *a, const double *b, const double *y, size_t n,
                           RocCompare *ret);

typedef struct Classification {
    double tp, fp, fn, tn, accuracy, precision, recall, specificity;
    double log_loss, brier, lift_top_decile;
} Classification;
/* p ≥ 0.5 is yes; lift: share of yes in the tenth with the highest p over the share in all. */
CHECKED Status roc_classify(Kernel *k, const double *p, const double *y, size_t n, double threshold,
                            Classification *ret);
