/* SPDX-License-Identifier: Apache-2.0 */
/* Gamma, chi-square and Poisson. The prefactor x^a e^-x / Γ(a) is formed in long double logarithms,
 * so that large shapes keep their digits. */
#include "analytics/dist.h"

#define MAX_TERMS 2000000
#define TINY 1e-300L

static long double log_gamma(long double x)
{
    int sign;
    return lgammal_r(x, &sign);
}

static long double prefactor(double a, double x)
{
    long double la = (long double)a, lx = (long double)x;
    return la * logl(lx) - lx - log_gamma(la);
}

/* P(a, x) without the prefactor; good for x < a + 1. */
static long double series(double a, double x)
{
    long double term = 1 / (long double)a, sum = term, n = (long double)a;
    for (int i = 0; i < MAX_TERMS; i++) {
        n += 1;
        term *= (long double)x / n;
        sum += term;
        if (term < sum * 1e-20L)
            break;
    }
    return sum;
}

/* Q(a, x) without the prefactor; good for x ≥ a + 1 (modified Lentz). */
static long double fraction(double a, double x)
{
    long double b = (long double)x + 1 - (long double)a, c = 1 / TINY, d = 1 / b, h = d;
    for (int i = 1; i < MAX_TERMS; i++) {
        long double an = -(long double)i * ((long double)i - (long double)a);
        b += 2;
        d = an * d + b;
        d = fabsl(d) < TINY ? TINY : d;
        c = b + an / c;
        c = fabsl(c) < TINY ? TINY : c;
        d = 1 / d;
        long double step = d * c;
        h *= step;
        if (fabsl(step - 1) < 1e-19L)
            break;
    }
    return h;
}

static void tails(double a, double x, double *lower, double *upper)
{
    if (!(a > 0) || !(x >= 0)) {
        *lower = *upper = NAN;
    } else if (x == 0 || isinf(x)) {
        *lower = x == 0 ? 0 : 1;
        *upper = x == 0 ? 1 : 0;
    } else if (x < a + 1) {
        *lower = (double)expl(prefactor(a, x) + logl(series(a, x)));
        *upper = 1 - *lower;
    } else {
        *upper = (double)expl(prefactor(a, x) + logl(fraction(a, x)));
        *lower = 1 - *upper;
    }
}

double dist_gamma(double a, double x)
{
    double lower, upper;
    tails(a, x, &lower, &upper);
    return lower;
}

double dist_gamma_upper(double a, double x)
{
    double lower, upper;
    tails(a, x, &lower, &upper);
    return upper;
}

double dist_chi2(double x, double df) { return dist_gamma(df / 2, x < 0 ? 0 : x / 2); }
double dist_chi2_upper(double x, double df) { return dist_gamma_upper(df / 2, x < 0 ? 0 : x / 2); }

double dist_poisson(double k, double mean)
{
    return k < 0 ? 0 : dist_gamma_upper(floor(k) + 1, mean);
}

typedef struct Aim {
    double p, df;
} Aim;

static double miss(void *arg, double x)
{
    const Aim *a = arg;
    return a->p < 0.5 ? dist_chi2(x, a->df) - a->p : (1 - a->p) - dist_chi2_upper(x, a->df);
}

double dist_chi2_quantile(double p, double df)
{
    Aim aim = {p, df};
    double high = df + 10 * sqrt(2 * df) + 50;
    if (!(p >= 0 && p <= 1) || !(df > 0))
        return NAN;
    if (p == 0 || p == 1)
        return p == 0 ? 0 : INFINITY;
    while (miss(&aim, high) < 0 && high < 1e300)
        high *= 2;
    return dist_solve(miss, &aim, 0, high);
}
