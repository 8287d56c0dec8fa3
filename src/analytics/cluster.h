/* SPDX-License-Identifier: Apache-2.0 */
/* cluster: how good is a grouping? Measures that do not care which method made it.
 *
 * Shapes: x n × p row-major; label n values in 0 … k-1, every group with at least one row.
 *   silhouette (Rousseeuw 1987): (b - a) / max(a, b), a = mean distance to the own group's other rows,
 *     b = least mean distance to another group; 0 for a group of one. Exact, O(n² p), all pairs;
 *     memory n · p. Above `limit` rows on a random sample of that size (seeded; stated in `used`).
 *   Calinski-Harabasz (1974), Davies-Bouldin (1979): O(n p).
 *   adjusted Rand index (Hubert & Arabie 1985): O(n + a·b).
 *   stability: mean adjusted Rand index between the grouping and those that k-means finds on
 *     bootstrap samples, all rows assigned to the nearest centre (Hennig 2007, Dolnicar & Leisch 2010). */
#pragma once
#include "analytics/kmeans.h"

typedef struct ClusterQuality {
    double silhouette, calinski_harabasz, davies_bouldin;
    double *by_group; /* k: mean silhouette */
    double *by_row;   /* n: NaN for rows outside the sample */
    size_t used;      /* rows the silhouette was computed on */
} ClusterQuality;

/* ST_INVALID: k < 2 or n <= k (FAULT_TOO_FEW), label out of range (FAULT_RANGE, row), empty group
 * (FAULT_EMPTY, column = group). */
CHECKED Status cluster_quality(Kernel *kn, const double *x, size_t n, size_t p,
                               const int32_t *label, int k, size_t limit, ClusterQuality *ret);
/* 1: same grouping, about 0: no more alike than by chance. a, b: number of groups. */
CHECKED Status cluster_rand(Kernel *kn, const int32_t *one, int a, const int32_t *two, int b,
                            size_t n, double *ret);

typedef struct ClusterStability {
    double mean, lowest, sd;
    double
        *jaccard; /* k: mean Jaccard similarity of each group with its best match (Hennig 2007) */
    int samples;
} ClusterStability;
CHECKED Status cluster_stability(Kernel *kn, const double *x, const Kmeans *m,
                                 const KmeansOptions *o, int samples, ClusterStability *ret);
