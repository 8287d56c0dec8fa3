/* SPDX-License-Identifier: Apache-2.0 */
/* outcome: a column of two values as 0 and 1, for logistic and roc. */
#pragma once
#include "analyze/method.h"

/* --target and --positive (by default the greater of the two values: 1, Yes). *ret_y: 0 or 1 by row;
 * missing values must have been dropped. ret_names: the value of 0 and of 1. */
CHECKED Status outcome_read(Analysis *an, const Series *target, double **ret_y, Str ret_names[2]);
