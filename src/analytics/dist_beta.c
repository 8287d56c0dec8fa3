/* SPDX-License-Identifier: Apache-2.0 */
/* Beta and what follows from it: t, F, binomial, hypergeometric. */
#include "analytics/dist.h"

#define MAX_TERMS 2000000
#define TINY 1e-4000L

static long double log_gamma(long double x)
{
    int sign;
    return lgammal_r(x, &sign);
}

static long double log_beta(long double a, long double b)
{
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}

/* Continued fraction of I_x(a, b) without prefactor; good for x ≤ (a+1)/(a+b+2) (modified Lentz). */
static long double fraction(long double a, long double b, long double x)
{
    long double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = fabsl(d) < TINY ? TINY : d;
    d = 1 / d;
    long double h = d;
    for (int m = 1; m < MAX_TERMS; m++) {
        long double lm = (long double)m, m2 = 2 * lm;
        long double even = lm * (b - lm) * x / ((a + m2 - 1) * (a + m2));
        long double odd = -(a + lm) * (a + b + lm) * x / ((a + m2) * (a + m2 + 1));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        h *= d * c;
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        long double step = d * c;
        h *= step;
        if (fabsl(step - 1) < 1e-19L)
            break;
    }
    return h;
}

static double one_tail(double a, double b, double x, double y)
{
    long double la = (long double)a, lb = (long double)b;
    /* the larger of x and y is the one that lost digits: take its logarithm from the other */
    long double log_x = x > 0.5 ? log1pl(-(long double)y) : logl((long double)x);
    long double log_y = y > 0.5 ? log1pl(-(long double)x) : logl((long double)y);
    long double log_front = la * log_x + lb * log_y - log_beta(la, lb) - logl(la);
    return (double)expl(log_front + logl(fraction(la, lb, (long double)x)));
}

void dist_beta_tails(double a, double b, double x, double y, double *ret_lower, double *ret_upper)
{
    if (!(a > 0) || !(b > 0) || isnan(x) || isnan(y)) {
        *ret_lower = *ret_upper = NAN;
    } else if (x <= 0 || y <= 0) {
        *ret_lower = x <= 0 ? 0 : 1;
        *ret_upper = x <= 0 ? 1 : 0;
    } else if (x <= (a + 1) / (a + b + 2)) {
        *ret_lower = one_tail(a, b, x, y);
        *ret_upper = 1 - *ret_lower;
    } else {
        *ret_upper = one_tail(b, a, y, x);
        *ret_lower = 1 - *ret_upper;
    }
}

double dist_beta(double x, double a, double b)
{
    double lower, upper;
    dist_beta_tails(a, b, x, 1 - x, &lower, &upper);
    return lower;
}

double dist_beta_upper(double x, double a, double b)
{
    double lower, upper;
    dist_beta_tails(a, b, x, 1 - x, &lower, &upper);
    return upper;
}

/* ---- t and F */
double dist_t_two(double t, double df)
{
    double lower, upper, square = t * t;
    if (isinf(df))
        return dist_normal_two(t);
    if (isinf(t))
        return df > 0 ? 0 : NAN;
    double sum = df + square;
    if (isinf(square)) /* |t| > 1e154: the tail is a power of t */
        return (double)expl((long double)df *
                                (logl((long double)df) / 2 - logl(fabsl((long double)t))) -
                            logl((long double)df / 2) - log_beta((long double)df / 2, 0.5L));
    dist_beta_tails(df / 2, 0.5, df / sum, square / sum, &lower, &upper);
    return lower;
}

double dist_t_upper(double t, double df)
{
    double two = dist_t_two(t, df);
    return t >= 0 ? two / 2 : 1 - two / 2;
}

double dist_t(double t, double df) { return dist_t_upper(-t, df); }

double dist_f_upper(double f, double d1, double d2)
{
    double lower, upper;
    if (f <= 0)
        return 1;
    if (isinf(d2))
        return dist_chi2_upper(f * d1, d1);
    if (isinf(f))
        return 0;
    double sum = d2 + d1 * f;
    dist_beta_tails(d2 / 2, d1 / 2, d2 / sum, d1 * f / sum, &lower, &upper);
    return lower;
}

double dist_f(double f, double d1, double d2)
{
    double lower, upper;
    if (f <= 0)
        return 0;
    double sum = d2 + d1 * f;
    dist_beta_tails(d2 / 2, d1 / 2, d2 / sum, d1 * f / sum, &lower, &upper);
    return upper;
}

/* ---- quantiles */
typedef struct Aim {
    double p, a, b;
    double (*lower)(double x, double a, double b), (*upper)(double x, double a, double b);
} Aim;

static double miss(void *arg, double x)
{
    const Aim *a = arg;
    return a->p < 0.5 ? a->lower(x, a->a, a->b) - a->p : (1 - a->p) - a->upper(x, a->a, a->b);
}

double dist_beta_quantile(double p, double a, double b)
{
    Aim aim = {p, a, b, dist_beta, dist_beta_upper};
    if (!(p >= 0 && p <= 1) || !(a > 0) || !(b > 0))
        return NAN;
    return dist_solve(miss, &aim, 0, 1);
}

double dist_f_quantile(double p, double d1, double d2)
{
    Aim aim = {p, d1, d2, dist_f, dist_f_upper};
    double high = 10;
    if (!(p >= 0 && p < 1) || !(d1 > 0) || !(d2 > 0))
        return p == 1 ? INFINITY : NAN;
    while (miss(&aim, high) < 0 && high < 1e300)
        high *= 10;
    return dist_solve(miss, &aim, 0, high);
}

static double t_tail(double t, double df, double unused)
{
    (void)unused;
    return dist_t_upper(t, df);
}

static double t_miss(void *arg, double t)
{
    const Aim *a = arg;
    return a->p - t_tail(t, a->a, 0);
}

/* Newton's steps from the expansion of Cornish and Fisher (Abramowitz & Stegun 26.7.5); NAN if they do not close in. */
static double t_newton(double tail, double df)
{
    double z = -dist_normal_quantile(tail), square = z * z;
    double t = z * (1 + ((square + 1) / 4 + ((5 * square + 16) * square + 3) / (96 * df)) / df);
    double constant = (double)(-log_beta((long double)df / 2, 0.5L)) - log(df) / 2;
    for (int i = 0; i < 8; i++) {
        double density = exp(constant - (df + 1) / 2 * log1p(t * t / df));
        double step = (dist_t_upper(t, df) - tail) / density;
        t += step;
        if (fabs(step) <= 1e-9 * fabs(t)) /* the next one would be below the last bit */
            return t;
        if (!(fabs(step) < 0.5 * fabs(t)))
            break;
    }
    return NAN;
}

double dist_t_quantile(double p, double df)
{
    double tail = p < 0.5 ? p : 1 - p, high = 10;
    Aim aim = {.p = tail, .a = df};
    if (!(p >= 0 && p <= 1) || !(df > 0))
        return NAN;
    if (tail == 0)
        return p == 0 ? -INFINITY : INFINITY;
    if (isinf(df))
        return dist_normal_quantile(p);
    double near = df >= 3 && tail > 1e-6 && tail < 0.4 ? t_newton(tail, df) : NAN;
    if (!isnan(near))
        return p < 0.5 ? -near : near;
    while (t_miss(&aim, high) < 0 && high < 1e300)
        high *= 10;
    double t = dist_solve(t_miss, &aim, 0, high);
    return p < 0.5 ? -t : t;
}

/* ---- counts */
long double dist_log_choose(double n, double k)
{
    long double ln = (long double)n, lk = (long double)k;
    return log_gamma(ln + 1) - log_gamma(lk + 1) - log_gamma(ln - lk + 1);
}

double dist_binomial(double k, double n, double p)
{
    if (k < 0)
        return 0;
    return k >= n ? 1 : dist_beta_upper(p, floor(k) + 1, n - floor(k));
}

double dist_binomial_upper(double k, double n, double p)
{
    if (k <= 0)
        return 1;
    return k > n ? 0 : dist_beta(p, ceil(k), n - ceil(k) + 1);
}

double dist_binomial_density(double k, double n, double p)
{
    if (k < 0 || k > n || k != floor(k))
        return 0;
    if (p <= 0 || p >= 1)
        return (p <= 0 ? k == 0 : k == n) ? 1 : 0;
    return (double)expl(dist_log_choose(n, k) + (long double)k * logl((long double)p) +
                        (long double)(n - k) * log1pl(-(long double)p));
}

double dist_hypergeometric_density(double k, double n, double K, double N)
{
    if (k < 0 || k > K || k > n || n - k > N - K)
        return 0;
    return (double)expl(dist_log_choose(K, k) + dist_log_choose(N - K, n - k) -
                        dist_log_choose(N, n));
}
