/* SPDX-License-Identifier: Apache-2.0 */
/* hierarchical: joins rows, then groups, until one is left.
 *
 * Shapes: x n × p row-major, finite. Linkages: Ward (1963; heights as distances, as in R's ward.D2 and
 * scipy: sqrt of twice the rise in the sum of squares), average (UPGMA), complete. Euclidean.
 * Method: nearest-neighbour chain (Benzécri 1982, Murtagh 1983), exact for these linkages.
 * Cost: Ward O(n² p) time, O(n p) memory (from centroids); average and complete O(n²) time and
 * n (n-1)/2 · 8 bytes. Bounds: Ward 100,000 rows, the others 20,000 (1.6 GB): FAULT_TOO_MANY.
 * Errors: n < 2 (FAULT_TOO_FEW), not finite. Ties are joined in the order of rows. */
#pragma once
#include "analytics/work.h"

typedef enum HierarchicalLinkage {
    HIERARCHICAL_WARD,
    HIERARCHICAL_AVERAGE,
    HIERARCHICAL_COMPLETE
} HierarchicalLinkage;

#define HIERARCHICAL_MAX_WARD 100000
#define HIERARCHICAL_MAX_PAIRS 20000

/* Joins by rising height. Group numbers: rows 0 … n-1, then n + position of the join. */
typedef struct HierarchicalJoin {
    int32_t a, b; /* a < b */
    double height;
    int32_t size;
} HierarchicalJoin;

typedef struct Hierarchical {
    size_t n;
    HierarchicalJoin *joins; /* n - 1 */
} Hierarchical;

CHECKED Status hierarchical_run(Kernel *kn, const double *x, size_t n, size_t p,
                                HierarchicalLinkage linkage, Hierarchical *ret);
/* Cuts into k groups, 1 <= k <= n: labels 0 … k-1 by falling size, ties by first row. */
CHECKED Status hierarchical_cut(Kernel *kn, const Hierarchical *h, int k, int32_t *ret_label);
