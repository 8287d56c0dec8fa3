/* SPDX-License-Identifier: Apache-2.0 */
/* Brent's root finder: inverse quadratic steps where they help, else halving. */
#include "analytics/dist.h"

#define EPS 2.220446049250313e-16

typedef struct Bracket {
    double a, fa, b, fb, c, fc, step, before;
} Bracket;

static void keep_best(Bracket *k)
{
    if ((k->fb > 0) == (k->fc > 0)) {
        k->c = k->a;
        k->fc = k->fa;
        k->step = k->before = k->b - k->a;
    }
    if (fabs(k->fc) < fabs(k->fb)) {
        k->a = k->b;
        k->b = k->c;
        k->c = k->a;
        k->fa = k->fb;
        k->fb = k->fc;
        k->fc = k->fa;
    }
}

static void choose_step(Bracket *k, double middle, double tolerance)
{
    double p, q, s = k->fb / k->fa;
    if (fabs(k->before) < tolerance || fabs(k->fa) <= fabs(k->fb)) {
        k->step = k->before = middle;
        return;
    }
    if (k->a == k->c) {
        p = 2 * middle * s;
        q = 1 - s;
    } else {
        double u = k->fa / k->fc, r = k->fb / k->fc;
        p = s * (2 * middle * u * (u - r) - (k->b - k->a) * (r - 1));
        q = (u - 1) * (r - 1) * (s - 1);
    }
    if (p > 0)
        q = -q;
    p = fabs(p);
    double least = fmin(3 * middle * q - fabs(tolerance * q), fabs(k->before * q));
    if (2 * p < least) {
        k->before = k->step;
        k->step = p / q;
    } else {
        k->step = k->before = middle;
    }
}

double dist_solve(double (*fn)(void *arg, double x), void *arg, double low, double high)
{
    Bracket k = {.a = low, .b = high};
    k.fa = fn(arg, low);
    k.fb = fn(arg, high);
    if (k.fa == 0)
        return low;
    if (k.fb == 0)
        return high;
    if ((k.fa > 0) == (k.fb > 0) || isnan(k.fa) || isnan(k.fb))
        return NAN;
    k.c = k.b;
    k.fc = k.fb;
    for (int i = 0; i < 300; i++) {
        keep_best(&k);
        double tolerance = 2 * EPS * fabs(k.b) + 1e-300, middle = 0.5 * (k.c - k.b);
        if (fabs(middle) <= tolerance || k.fb == 0)
            break;
        choose_step(&k, middle, tolerance);
        k.a = k.b;
        k.fa = k.fb;
        k.b += fabs(k.step) > tolerance ? k.step : copysign(tolerance, middle);
        k.fb = fn(arg, k.b);
    }
    return k.b;
}
