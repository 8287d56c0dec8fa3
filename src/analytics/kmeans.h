/* SPDX-License-Identifier: Apache-2.0 */
/* kmeans: k groups of rows such that the sum of squared distances to the group's mean is small.
 *
 * Shapes: x n × p row-major, finite, in units the caller has made comparable (prepare.h). Start by
 * greedy k-means++ (Arthur & Vassilvitskii 2007, 2 + ln k candidates a step; with more rows than twice
 * max(65,536, 1,024 k) among a stratified sample of that many, another for each start), Lloyd iterations with
 * Hamerly's bounds (2010; the same labels as without them), then single-row exchanges (Hartigan
 * 1975) until none lowers the sum. Many starts; the lowest sum wins, the lowest start of equals.
 * A group that empties takes the row farthest from its centre.
 *
 * Assumes round groups of similar spread; the sum has many local minima, hence the starts.
 * Cost: O(starts · iterations · n · k · p) at worst, far less with bounds; memory n · 20 bytes a thread.
 * Errors: n < k (FAULT_TOO_FEW), fewer distinct rows than k (FAULT_TOO_FEW, row = distinct found),
 * NaN or infinite (FAULT_NOT_FINITE), k outside 1 … 1,024 or starts outside 1 … 10,000 (FAULT_RANGE). */
#pragma once
#include "analytics/work.h"

#define KMEANS_MAX_K 1024

typedef struct KmeansOptions {
    int k;
    int starts;         /* 50 is the command's default */
    int max_iterations; /* Lloyd iterations a start; 300 */
    double tolerance;   /* stop when no centre moved farther than this; 0: when nothing changes */
    bool exchange;      /* Hartigan's exchanges after Lloyd */
} KmeansOptions;

typedef struct Kmeans {
    int k;
    size_t n, p;
    double *initial;       /* k × p: centres that the winning start began with */
    double *centres;       /* k × p */
    int32_t *label;        /* n: 0 … k-1, nearest centre */
    double *squared;       /* n: squared distance to the own centre */
    int64_t *size;         /* k */
    double *within;        /* k: sum of squared distances inside the group */
    double inertia, total; /* sum over all; the same around the grand mean */
    double *start_inertia; /* starts */
    int starts, best, iterations;
    bool converged;
    double *moved; /* iterations × k: how far each centre moved, for the iteration history */
} Kmeans;

CHECKED Status kmeans_run(Kernel *kn, const double *x, size_t n, size_t p, const KmeansOptions *o,
                          Kmeans *ret);
/* Labels by nearest centre. label and squared: n each; squared may be NULL. */
void kmeans_assign(const double *x, size_t n, size_t p, const double *centres, int k,
                   int32_t *label, double *squared);
/* Groups by falling size (ties by first centre coordinate): the order in which people number them. */
void kmeans_order(Kernel *kn, Kmeans *m);
