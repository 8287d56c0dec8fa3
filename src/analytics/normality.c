/* SPDX-License-Identifier: Apache-2.0 */
/* Shapiro-Wilk by Royston 1995 (normality.h). */
#include "analytics/normality.h"
#include "analytics/dist.h"

static double polynomial(const double *c, int n, double x)
{
    double v = 0;
    for (int i = n - 1; i >= 0; i--)
        v = v * x + c[i];
    return v;
}

/* Weights of the order statistics, the upper half: a[0] belongs to the largest. */
static void weights(size_t n, double *a)
{
    static const double C1[] = {0, .221157, -.147981, -2.07119, 4.434685, -2.706056};
    static const double C2[] = {0, .042981, -.293762, -1.752461, 5.682633, -3.582633};
    size_t half = n / 2;
    double sum = 0, root = 1 / sqrt((double)n);
    if (n == 3) {
        a[0] = sqrt(0.5);
        return;
    }
    for (size_t i = 0; i < half; i++) {
        a[i] = -dist_normal_quantile(((double)i + 1 - .375) / ((double)n + .25));
        sum += 2 * a[i] * a[i];
    }
    double norm = sqrt(sum), first = a[0] / norm + polynomial(C1, 6, root), rest;
    size_t from = 1;
    if (n > 5) {
        double second = a[1] / norm + polynomial(C2, 6, root);
        rest = sqrt((sum - 2 * a[0] * a[0] - 2 * a[1] * a[1]) /
                    (1 - 2 * first * first - 2 * second * second));
        a[1] = second;
        from = 2;
    } else {
        rest = sqrt((sum - 2 * a[0] * a[0]) / (1 - 2 * first * first));
    }
    a[0] = first;
    for (size_t i = from; i < half; i++)
        a[i] /= rest;
}

static double p_value(double complement, double n)
{
    static const double C3[] = {.544, -.39978, .025054, -6.714e-4},
                        C4[] = {1.3822, -.77857, .062767, -.0020322};
    static const double C5[] = {-1.5861, -.31082, -.083751, .0038915},
                        C6[] = {-.4803, -.082676, .0030302};
    static const double G[] = {-2.273, .459};
    double y = log(complement), log_n = log(n), mean, deviation;
    if (n == 3) {
        double p = 6 / 3.14159265358979323846 * (asin(sqrt(1 - complement)) - asin(sqrt(.75)));
        return p < 0 ? 0 : p;
    }
    if (n <= 11) {
        double gamma = polynomial(G, 2, n);
        if (y >= gamma)
            return 1e-99;
        y = -log(gamma - y);
        mean = polynomial(C3, 4, n);
        deviation = exp(polynomial(C4, 4, n));
    } else {
        mean = polynomial(C5, 4, log_n);
        deviation = exp(polynomial(C6, 3, log_n));
    }
    return dist_normal_upper((y - mean) / deviation);
}

Status normality_shapiro(Kernel *k, const double *x, size_t n, Normality *ret)
{
    if (n < 3)
        return kernel_too_few(k, 0, 3);
    if (n > 5000)
        return ST_TOO_LARGE;
    if (!(x[n - 1] > x[0]))
        return kernel_fail(k, FAULT_CONSTANT, 0, -1);
    double *a = ARENA_ARRAY(k->arena, double, n / 2 + 1);
    long double mean = 0, ssq = 0, range = 0, scale = (long double)x[n - 1] - (long double)x[0];
    weights(n, a);
    for (size_t i = 0; i < n; i++)
        mean += (long double)x[i] / (long double)n;
    for (size_t i = 0; i < n; i++) {
        long double d = ((long double)x[i] - mean) / scale;
        ssq += d * d;
    }
    for (size_t i = 0; i < n / 2; i++)
        range += (long double)a[i] * ((long double)x[n - 1 - i] - (long double)x[i]) / scale;
    long double norm = 0;
    for (size_t i = 0; i < n / 2; i++)
        norm += 2 * (long double)a[i] * (long double)a[i];
    double w = (double)(range * range / (ssq * norm));
    *ret = (Normality){(double)n, w, p_value(1 - w, (double)n)};
    return ST_OK;
}
