/* SPDX-License-Identifier: Apache-2.0 */
/* power: how many cases a test needs, or what it can find. Exact noncentral distributions for t, F and
 * chi-square; normal approximations for shares and correlations as R's power.prop.test and pwr.r.test
 * have them. Two-sided power counts both tails. */
#pragma once
#include "analytics/kernel.h"

typedef enum PowerTest {
    POWER_TWO_MEANS,       /* effect: Cohen's d; n per group (ratio: second over first) */
    POWER_ONE_MEAN,        /* d; also paired */
    POWER_TWO_PROPORTIONS, /* p1, p2; n per group */
    POWER_ONE_PROPORTION,  /* p1 against p2 */
    POWER_ANOVA,           /* Cohen's f, groups; n per group */
    POWER_CORRELATION,     /* r */
    POWER_CHI2,            /* Cohen's w, df; n in all */
} PowerTest;

typedef struct PowerAsk {
    PowerTest test;
    double effect, p1, p2, groups, df, ratio;
    double alpha, n, power; /* n or power is NAN: wanted */
    bool one_sided;
} PowerAsk;

/* Power for n > 1 (n need not be whole). NAN outside the domain. */
double power_of(const PowerAsk *ask, double n);
/* Least n with that power, real and to be rounded up; NAN if none below 1e9 reaches it. */
double power_n(const PowerAsk *ask);
