/* SPDX-License-Identifier: Apache-2.0 */
/* The studentised range. Upper tail of the range of k normals at w:
 *     k ∫ φ(z) (Φ(z)^(k−1) − (Φ(z) − Φ(z−w))^(k−1)) dz,
 * since k ∫ φ Φ^(k−1) = 1; the difference is formed by expm1, so small tails keep their digits. It is
 * then averaged over the deviation s (s² df is chi-square) where f(s) tail(q s) has its mass. */
#include "analytics/dist.h"

enum { NODES = 16, OUTER_PANELS = 6 };
static const double GAUSS_X[] = {0.0950125098376374, 0.2816035507792589, 0.4580167776572274,
                                 0.6178762444026438, 0.7554044083550030, 0.8656312023878318,
                                 0.9445750230732326, 0.9894009349916499};
static const double GAUSS_W[] = {0.1894506104550685, 0.1826034150449236, 0.1691565193950025,
                                 0.1495959888165767, 0.1246289712555339, 0.0951585116824928,
                                 0.0622535239386479, 0.0271524594117541};

typedef double (*Integrand)(const void *arg, double x);

static double integrate(Integrand f, const void *arg, double low, double high, int panels)
{
    double sum = 0, half = (high - low) / (2 * panels);
    for (int p = 0; p < panels; p++) {
        double middle = low + (2 * p + 1) * half;
        for (int i = 0; i < NODES / 2; i++)
            sum += GAUSS_W[i] *
                   (f(arg, middle - half * GAUSS_X[i]) + f(arg, middle + half * GAUSS_X[i]));
    }
    return sum * half;
}

typedef struct Range {
    double w, k;
} Range;

static double range_density(const void *arg, double z)
{
    const Range *r = arg;
    double all = dist_normal(z), below = dist_normal(z - r->w), m = r->k - 1;
    if (all <= 0)
        return 0;
    double share = below / all;
    double gap = share >= 1 ? 1 : -expm1(m * log1p(-share));
    return dist_normal_density(z) * pow(all, m) * gap;
}

/* The integrand peaks between the ordinary maximum and half the range. */
static double range_tail(double w, double k)
{
    Range r = {w, k};
    if (w <= 0)
        return 1;
    double low = -8.5, high = w / 2 + 9;
    double v = k * integrate(range_density, &r, low, high, (int)ceil((high - low) / 1.5));
    return v > 1 ? 1 : v;
}

typedef struct Studentised {
    double q, k, df;
    long double log_constant;
} Studentised;

/* log of the density of t = log s times the tail. */
static double log_mass(const Studentised *s, double t)
{
    double tail = range_tail(s->q * exp(t), s->k);
    if (tail <= 0)
        return -INFINITY;
    return (double)(s->log_constant +
                    (long double)s->df * ((long double)t - expl(2 * (long double)t) / 2)) +
           log(tail);
}

static double mass(const void *arg, double t) { return exp(log_mass(arg, t)); }

static double peak(const Studentised *s)
{
    double low = -12, high = 3;
    static const double GOLD = 0.6180339887498949;
    for (int i = 0; i < 60; i++) {
        double a = high - GOLD * (high - low), b = low + GOLD * (high - low);
        if (log_mass(s, a) < log_mass(s, b))
            low = a;
        else
            high = b;
        if (high - low < 1e-4)
            break;
    }
    return (low + high) / 2;
}

/* Where the mass has fallen by e^−40. */
static double edge(const Studentised *s, double from, double step)
{
    double top = log_mass(s, from), at = from;
    for (int i = 0; i < 200 && fabs(at - from) < 40; i++) {
        at += step;
        if (!(log_mass(s, at) > top - 40))
            break;
    }
    return at;
}

double dist_range_upper(double q, double k, double df)
{
    if (!(k >= 2) || !(df > 0) || isnan(q))
        return NAN;
    if (q <= 0)
        return 1;
    if (isinf(df))
        return range_tail(q, k);
    int sign;
    long double half = (long double)df / 2;
    Studentised s = {q, k, df, 0};
    s.log_constant = logl(2) + half * logl(half) - lgammal_r(half, &sign);
    double at = peak(&s), step = fmax(fmin(1, 2 / sqrt(df)), 1e-3);
    double low = edge(&s, at, -step), high = edge(&s, at, step);
    double v =
        integrate(mass, &s, low, high, (int)fmin(40, OUTER_PANELS + (high - low) / (4 * step)));
    return v > 1 ? 1 : v;
}

typedef struct Aim {
    double p, k, df;
} Aim;

static double miss(void *arg, double q)
{
    const Aim *a = arg;
    return log(a->p) - log(dist_range_upper(q, a->k, a->df));
}

/* Secant steps on the logarithm of the tail, which is nearly straight in q². */
double dist_range_quantile_upper(double p, double k, double df)
{
    Aim aim = {p, k, df};
    double a = 3, b = 4;
    if (!(p > 0 && p < 1) || !(k >= 2) || !(df > 0))
        return NAN;
    double fa = miss(&aim, a), fb = miss(&aim, b);
    for (int i = 0; i < 60 && fabs(b - a) > 1e-11 * b && fb != fa; i++) {
        double next = b - fb * (b - a) / (fb - fa);
        next = next <= 0 ? b / 2 : next > 4 * b ? 4 * b : next;
        a = b;
        fa = fb;
        b = next;
        fb = miss(&aim, b);
    }
    return b;
}
