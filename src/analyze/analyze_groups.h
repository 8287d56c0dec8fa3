/* SPDX-License-Identifier: Apache-2.0 */
/* Inside analyze/: what the methods that make groups report alike: sizes, means, names, acceptance. */
#pragma once
#include "analyze/analyze_prepare.h"

/* Tables, names and the four questions for labels 0 … k-1 (printed 1 … k) into `o`. stability: Jaccard
 * by group or NULL. Adds the label to --out. Gives how many groups were accepted. */
CHECKED Status analyze_groups(Analysis *an, json_t *o, const Prepared *d, const int32_t *label,
                              int k, const double *stability, int *ret_accepted);
/* k or from..to of --k. */
CHECKED Status analyze_groups_range(Analysis *an, int dflt, int *ret_from, int *ret_to);
