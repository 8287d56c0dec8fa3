/* SPDX-License-Identifier: Apache-2.0 */
/* normality: does a sample look normal? */
#pragma once
#include "analytics/kernel.h"

typedef struct Normality {
    double n, w, p;
} Normality;
/* Shapiro & Wilk, Royston's approximation (1995, AS R94); 3 ≤ n ≤ 5000. x ascending, no NAN. ST_INVALID:
 * TOO_FEW, CONSTANT; ST_TOO_LARGE past 5000, where p is not calibrated. */
CHECKED Status normality_shapiro(Kernel *k, const double *sorted, size_t n, Normality *ret);
