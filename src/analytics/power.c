/* SPDX-License-Identifier: Apache-2.0 */
/* Power and sample size (power.h). */
#include "analytics/power.h"
#include "analytics/dist.h"

static double t_power(const PowerAsk *a, double df, double delta)
{
    double tail = a->one_sided ? a->alpha : a->alpha / 2, critical = dist_t_quantile(1 - tail, df);
    double power = dist_t_noncentral_upper(critical, df, delta);
    return a->one_sided ? power : power + dist_t_noncentral_upper(critical, df, -delta);
}

static double z_power(const PowerAsk *a, double shift, double spread)
{
    double tail = a->one_sided ? a->alpha : a->alpha / 2, critical = -dist_normal_quantile(tail);
    double power = dist_normal((shift - critical) / spread);
    return a->one_sided ? power : power + dist_normal((-shift - critical) / spread);
}

/* R's power.prop.test, strict: pooled variance under H0, own variances under H1. */
static double two_proportions(const PowerAsk *a, double n)
{
    double ratio = a->ratio, m = n * ratio, d = fabs(a->p1 - a->p2);
    double mean = (a->p1 + ratio * a->p2) / (1 + ratio),
           s0 = sqrt(mean * (1 - mean) * (1 / n + 1 / m));
    double s1 = sqrt(a->p1 * (1 - a->p1) / n + a->p2 * (1 - a->p2) / m);
    return z_power(a, d / s0, s1 / s0);
}

static double one_proportion(const PowerAsk *a, double n)
{
    double s0 = sqrt(a->p2 * (1 - a->p2) / n), s1 = sqrt(a->p1 * (1 - a->p1) / n);
    return z_power(a, fabs(a->p1 - a->p2) / s0, s1 / s0);
}

/* pwr.r.test: critical r from t, then Fisher's z with its bias. */
static double correlation(const PowerAsk *a, double n)
{
    double tail = a->one_sided ? a->alpha : a->alpha / 2, t = dist_t_quantile(1 - tail, n - 2);
    double critical = atanh(sqrt(t * t / (t * t + n - 2))), r = fabs(a->effect);
    double z = atanh(r) + r / (2 * (n - 1)), root = sqrt(n - 3);
    double power = dist_normal((z - critical) * root);
    return a->one_sided ? power : power + dist_normal((-z - critical) * root);
}

static double anova(const PowerAsk *a, double n)
{
    double k = a->groups, df2 = (n - 1) * k, critical = dist_f_quantile(1 - a->alpha, k - 1, df2);
    return dist_f_noncentral_upper(critical, k - 1, df2, k * n * a->effect * a->effect);
}

double power_of(const PowerAsk *a, double n)
{
    switch (a->test) {
    case POWER_TWO_MEANS: {
        double m = n * a->ratio;
        return t_power(a, n + m - 2, fabs(a->effect) * sqrt(n * m / (n + m)));
    }
    case POWER_ONE_MEAN: return t_power(a, n - 1, fabs(a->effect) * sqrt(n));
    case POWER_TWO_PROPORTIONS: return two_proportions(a, n);
    case POWER_ONE_PROPORTION: return one_proportion(a, n);
    case POWER_ANOVA: return anova(a, n);
    case POWER_CORRELATION: return n > 3 ? correlation(a, n) : NAN;
    case POWER_CHI2:
        return dist_chi2_noncentral_upper(dist_chi2_quantile(1 - a->alpha, a->df), a->df,
                                          n * a->effect * a->effect);
    }
    return NAN;
}

static double miss(void *arg, double n)
{
    const PowerAsk *a = arg;
    return power_of(a, n) - a->power;
}

double power_n(const PowerAsk *a)
{
    PowerAsk ask = *a;
    double low = a->test == POWER_CORRELATION ? 4 : a->test == POWER_CHI2 ? 1 : 2, high = low;
    if (!(a->power > a->alpha && a->power < 1))
        return NAN;
    if (miss(&ask, low) >= 0)
        return low;
    while (high < 1e9 && !(miss(&ask, high *= 2) >= 0))
        low = high;
    return high < 1e9 ? dist_solve(miss, &ask, low, high) : NAN;
}
