/* SPDX-License-Identifier: Apache-2.0 */
/* grouped: a numeric column split by another, as ttest, anova and ranks need it. */
#pragma once
#include "analytics/means.h"
#include "analyze/method.h"

typedef struct Grouped {
    Series *value, *by;
    Groups groups;
    GroupStat *stat;
} Grouped;

/* Reads --value and the column `by`, drops incomplete rows, computes the means of the groups. Fails for
 * fewer than two groups (or more than `most`, 0: any number). */
CHECKED Status grouped_read(Analysis *an, Series *by, size_t most, Grouped *ret);
/* levels, n, mean, sd as arrays; "groups" as an array of objects for views. */
void grouped_put(Analysis *an, const Grouped *g, json_t *to);
/* The labels of groups: numbers as numbers, dates and text as text. */
void grouped_put_levels(json_t *to, const char *key, const Groups *g);
void grouped_view(Analysis *an, const Grouped *g, const json_t *from);
/* Errors of kernels whose columns are value, by; a fault that names a group says which. */
CHECKED Status grouped_fault(Analysis *an, const Grouped *g, Status st);
void grouped_put_test(json_t *to, const char *key, const char *name, const Test *t, bool with_df);
