/* SPDX-License-Identifier: Apache-2.0 */
/* Noncentral distributions, for power. Sums run from the largest weight outwards until what is left
 * cannot change the result. */
#include "analytics/dist.h"

#define MOST_TERMS 100000

static long double poisson(double j, double mean)
{
    int sign;
    if (mean <= 0)
        return j == 0;
    return expl((long double)j * logl((long double)mean) - (long double)mean -
                lgammal_r((long double)j + 1, &sign));
}

typedef struct Mixture {
    double x, d1, d2, half;
    double (*tail)(const struct Mixture *m, double j);
} Mixture;

static long double side(const Mixture *m, double from, int step)
{
    long double sum = 0;
    double j = from;
    for (int i = 0; i < MOST_TERMS && j >= 0; i++, j += step) {
        long double weight = poisson(j, m->half), term = weight * (long double)m->tail(m, j);
        sum += term;
        if (weight < 1e-22L && term < sum * 1e-18L)
            break;
    }
    return sum;
}

static double mixture(const Mixture *m)
{
    double mode = floor(m->half);
    long double v = side(m, mode, 1) + side(m, mode - 1, -1);
    return v > 1 ? 1 : (double)v;
}

static double chi2_tail(const Mixture *m, double j) { return dist_chi2_upper(m->x, m->d1 + 2 * j); }

static double f_tail(const Mixture *m, double j)
{
    double lower, upper, sum = m->d2 + m->d1 * m->x;
    dist_beta_tails(m->d2 / 2, m->d1 / 2 + j, m->d2 / sum, m->d1 * m->x / sum, &lower, &upper);
    return lower;
}

double dist_chi2_noncentral_upper(double x, double df, double lambda)
{
    Mixture m = {x, df, 0, lambda / 2, chi2_tail};
    return !(lambda >= 0) || !(df > 0) ? NAN : x <= 0 ? 1 : mixture(&m);
}

double dist_f_noncentral_upper(double f, double d1, double d2, double lambda)
{
    Mixture m = {f, d1, d2, lambda / 2, f_tail};
    return !(lambda >= 0) || !(d1 > 0) || !(d2 > 0) ? NAN : f <= 0 ? 1 : mixture(&m);
}

/* P(0 < T ≤ t) for t > 0: half the sum of Poisson weights of λ = δ²/2 at j and j + 1/2 (Lenth). */
static long double t_between(double t, double df, double delta)
{
    double x = t * t / (df + t * t), y = df / (df + t * t), half = delta * delta / 2, lower, upper;
    long double sum = 0, log_half = half > 0 ? logl((long double)half) : 0;
    double mode = floor(half);
    int sign;
    for (int direction = -1; direction <= 1; direction += 2) {
        double j = direction < 0 ? mode - 1 : mode;
        for (int i = 0; i < MOST_TERMS && j >= 0; i++, j += direction) {
            long double p = poisson(j, half);
            long double q = (long double)delta * sqrtl(0.5L) *
                            expl((half > 0 ? (long double)j * log_half : 0) - (long double)half -
                                 lgammal_r((long double)j + 1.5L, &sign));
            if (half == 0 && j > 0)
                break;
            dist_beta_tails(j + 0.5, df / 2, x, y, &lower, &upper);
            sum += p * (long double)lower;
            dist_beta_tails(j + 1, df / 2, x, y, &lower, &upper);
            sum += q * (long double)lower;
            if (p < 1e-22L && fabsl(q) < 1e-22L)
                break;
        }
    }
    return sum / 2;
}

double dist_t_noncentral_upper(double t, double df, double delta)
{
    if (!(df > 0) || isnan(t) || isnan(delta))
        return NAN;
    if (t < 0)
        return 1 - dist_t_noncentral_upper(-t, df, -delta);
    /* P(T ≤ 0) = Φ(−δ) */
    long double above = (long double)dist_normal(delta) - (t > 0 ? t_between(t, df, delta) : 0);
    return above < 0 ? 0 : (double)above;
}
