/* SPDX-License-Identifier: Apache-2.0 */
/* profile: names for groups, and whether a group is fit for use.
 *
 * Names: a classification tree (CART, Gini; Breiman et al. 1984) of depth <= 3 on the columns as people
 * know them, target = group. A group's rule is the union of the leaves where it is the majority; its
 * name is the path to the leaf that holds most of it, cuts on one column merged. Precision: share of
 * the rule's rows that belong to the group; recall: share of the group that the rule finds.
 *
 * Acceptance, four questions a group (thresholds are arguments of the verb's documentation):
 *   relevant   some column's mean differs from the rest's by at least 0.5 standard deviations
 *   nameable   F1 of its rule >= 0.8
 *   large      at least 5 % of the rows and at least 30
 *   reachable  at least half of it can be reached (column given), else: unknown, not refused
 *
 * Shapes: x n × p row-major, finite, original units; label in 0 … k-1. Above 50,000 rows the tree is
 * grown on a seeded sample of that size and judged on all rows. O(depth · p · m log m + n · depth). */
#pragma once
#include "analytics/work.h"

#define PROFILE_CUTS 6

typedef struct ProfileCut {
    int column;
    double low, high; /* low < x <= high; -inf or inf: open */
} ProfileCut;

typedef struct ProfileGroup {
    ProfileCut cut[PROFILE_CUTS];
    int cuts;
    double precision, recall, f1;
    int64_t size;
    double share;
    int strongest;     /* column that sets it apart most */
    double difference; /* its mean minus the rest's in pooled standard deviations */
    double reachable;  /* share; NaN when not asked */
    bool is_relevant, is_nameable, is_large, is_reachable, is_accepted;
} ProfileGroup;

typedef struct Profile {
    int k;
    ProfileGroup *group; /* k */
    double accuracy;     /* of the tree, all rows */
} Profile;

/* reach: n values, > 0 means can be reached; NULL: not asked. ST_INVALID: not finite, empty group,
 * label out of range. */
CHECKED Status profile_groups(Kernel *kn, const double *x, size_t n, size_t p, const int32_t *label,
                              int k, const double *reach, Profile *ret);
