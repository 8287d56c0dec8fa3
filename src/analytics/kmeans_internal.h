/* SPDX-License-Identifier: Apache-2.0 */
/* Inside kmeans_*.c only: one start. */
#pragma once
#include "analytics/kmeans.h"

typedef struct KmeansStart { /* one start in a thread's scratch arena */
    const double *x;
    size_t n, p, k, kp;
    double *initial, *centres, *pack; /* k × p, k × p, p × kp */
    int32_t *label;
    double *upper, *lower; /* Hamerly: distance to own, to second centre */
    int64_t *size;
    double *sum;   /* k × p: of the rows of each group, kept up to date while labels change */
    double *half;  /* k: half the distance to the nearest other centre */
    double *step;  /* k: how far the centre moved last */
    double *moved; /* max_iterations × k */
    int iterations;
    bool converged;
    double inertia;
} KmeansStart;

void kmeans_plus(KmeansStart *s, Random *r, Arena *scratch); /* fills initial */
/* Lloyd with bounds from initial; ST_BUSY when stopped. */
CHECKED Status kmeans_lloyd(Kernel *kn, KmeansStart *s, const KmeansOptions *o, Arena *scratch);
CHECKED Status kmeans_exchange(Kernel *kn, KmeansStart *s);
/* Means and sizes from the labels. */
void kmeans_means(KmeansStart *s);
