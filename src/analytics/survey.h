/* SPDX-License-Identifier: Apache-2.0 */
/* survey: NPS, CSAT, CES from answers or their counts. Intervals at 95 % by z = 1.959963984540054. */
#pragma once
#include "analytics/kernel.h"

typedef struct Nps {
    double n, promoters, passives, detractors; /* 9–10, 7–8, 0–6 */
    double nps, se, se_n_minus_1;              /* in points; se by divisor n; NAN for n = 1 */
    double low, high;                          /* Wald; not clipped */
    double adjusted_low,
        adjusted_high; /* 3/4 added to promoters and detractors, 3/2 to passives (Rocks 2016) */
    double mean;
} Nps;
/* counts of the answers 0 … 10. ST_INVALID: RANGE (row = answer), EMPTY. */
CHECKED Status survey_nps(Kernel *k, const double counts[11], Nps *ret);

typedef struct Difference {
    double difference, se, z, p, low, high; /* a − b */
} Difference;
/* Two groups by their standard errors (divisor n). */
void survey_compare(double a, double se_a, double b, double se_b, Difference *ret);

typedef struct Share {
    double n, hits, share, low, high; /* Wilson 1927 */
} Share;
void survey_share(double hits, double n, double level, Share *ret);
/* Two shares: difference with Newcombe's interval (1998, method 10), z with the pooled variance. */
void survey_compare_shares(const Share *a, const Share *b, Difference *ret);
