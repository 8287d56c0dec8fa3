/* SPDX-License-Identifier: Apache-2.0 */
/* Digamma, the Gauss hypergeometric function, and the integral of the Pareto/NBD likelihood. */
#include "analytics/special.h"
#include "analytics/work.h"
#include <math.h>
#include <stdbool.h>

#define MAX_TERMS 200000

double special_digamma(double x)
{
    double shift = 0;
    while (x < 10) {
        shift -= 1 / x;
        x += 1;
    }
    double r = 1 / (x * x);
    double series =
        r *
        (1.0 / 12 -
         r * (1.0 / 120 -
              r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * (691.0 / 32760 - r / 12))))));
    return shift + log(x) - 0.5 / x - series;
}

double special_log_add(double a, double b)
{
    double high = a > b ? a : b, low = a > b ? b : a;
    return low == -INFINITY ? high : high + log1p(exp(low - high));
}

double special_log_subtract(double a, double b)
{
    return b == -INFINITY ? a : a + log1p(-exp(b - a));
}

static double series(double a, double b, double c, double z)
{
    double term = 1, sum = 1, lost = 0;
    for (int n = 0; n < MAX_TERMS; n++) {
        double ratio = (a + n) * (b + n) / ((c + n) * (1.0 + n)) * z;
        term *= ratio;
        double t = sum + term;
        lost += fabs(sum) >= fabs(term) ? (sum - t) + term : (term - t) + sum;
        sum = t;
        /* the rest is below term · ratio / (1 - ratio) once the terms fall */
        if (fabs(ratio) < 1 && fabs(term) * fabs(ratio) <= 1e-17 * fabs(sum) * (1 - fabs(ratio)))
            return sum + lost;
        if (!isfinite(sum))
            return sum;
    }
    return NAN;
}

double special_hyper(double a, double b, double c, double z)
{
    if (!(z >= 0 && z < 1) || !(c > 0))
        return NAN;
    double u = c - a, v = c - b;
    /* Euler's other side has terms smaller by n^(u+v-a-b); take it when it is positive as well */
    if (u >= 0 && v >= 0 && u + v < a + b) {
        double s = series(u, v, c, z);
        return s * exp((c - a - b) * log1p(-z));
    }
    return series(a, b, c, z);
}

/* Compensated sums of all series at once, four side by side, in `lanes` vectors; what has come to its end adds nothing
 * that counts. False: they do not converge. */
WORK_WIDE static bool series_many(double a, double b, double c, const WorkLanes *z, size_t lanes,
                                  double top, WorkLanes *ret)
{
    WorkLanes term[SPECIAL_MANY / 4], sum[SPECIAL_MANY / 4], lost[SPECIAL_MANY / 4];
    for (size_t i = 0; i < lanes; i++) {
        term[i] = sum[i] = (WorkLanes){1, 1, 1, 1};
        lost[i] = (WorkLanes){0};
    }
    for (int k = 0; k < MAX_TERMS; k++) {
        double ratio = (a + k) * (b + k) / ((c + k) * (1.0 + k)), fall = fabs(ratio * top);
        for (size_t i = 0; i < lanes; i++) {
            WorkLanes x = term[i] * (ratio * z[i]), t = sum[i] + x, y = t - sum[i];
            lost[i] += (sum[i] - (t - y)) + (x - y);
            sum[i] = t;
            term[i] = x;
        }
        if (k % 4 != 3 || !(fall < 1))
            continue;
        bool is_end = true; /* the rest is below term · fall / (1 − fall) */
        for (size_t i = 0; is_end && i < 4 * lanes; i++)
            is_end = fabs(term[i / 4][i % 4]) <= 1e-17 * fabs(sum[i / 4][i % 4]) * (1 - fall);
        for (size_t i = 0; is_end && i < lanes; i++)
            ret[i] = sum[i] + lost[i];
        if (is_end)
            return true;
    }
    return false;
}

void special_hyper_many(double a, double b, double c, const double *z, size_t n, double *ret)
{
    double u = c - a, v = c - b, top = 0, low = 0;
    bool is_turned = u >= 0 && v >= 0 && u + v < a + b; /* as in special_hyper */
    WorkLanes at[SPECIAL_MANY / 4] = {{0}}, sum[SPECIAL_MANY / 4];
    for (size_t i = 0; n <= SPECIAL_MANY && i < n; i++) {
        at[i / 4][i % 4] = z[i];
        top = !(z[i] <= top) ? z[i] : top;
        low = !(z[i] >= low) ? z[i] : low;
    }
    bool is_good = n <= SPECIAL_MANY && c > 0 && low >= 0 && top < 1 &&
                   series_many(is_turned ? u : a, is_turned ? v : b, c, at, (n + 3) / 4, top, sum);
    for (size_t i = 0; i < n; i++) {
        if (!is_good)
            ret[i] = special_hyper(a, b, c, z[i]);
        else
            ret[i] = sum[i / 4][i % 4] * (is_turned ? exp((c - a - b) * log1p(-z[i])) : 1);
    }
}

/* 16-point Gauss-Legendre: positive half. */
static const double NODE[8] = {0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863,
                               0.6178762444026437484, 0.7554044083550030339, 0.8656312023878317439,
                               0.9445750230732325761, 0.9894009349916499326};
static const double WEIGHT[8] = {
    0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382, 0.1495959888165767321,
    0.1246289712555338720, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949};
#define NODES 16

typedef struct Panel {
    double most, sum, mean[4]; /* integral = sum · e^most; mean: sums under the integrand */
} Panel;

/* One panel in s = ln(low+y), low the smaller of α and β; `gap` = the other - low. */
static Panel panel_of(double u, double v, double gap, double s0, double s1)
{
    double half = (s1 - s0) / 2, middle = (s1 + s0) / 2, f[NODES], s[NODES], other[NODES];
    Panel p = {.most = -INFINITY};
    for (int i = 0; i < NODES; i++) {
        s[i] = middle + (i < 8 ? -NODE[i] : NODE[i - 8]) * half;
        other[i] = log(exp(s[i]) + gap);
        f[i] = (1 - u) * s[i] - v * other[i];
        p.most = f[i] > p.most ? f[i] : p.most;
    }
    for (int i = 0; i < NODES; i++) {
        double w = WEIGHT[i & 7] * half * exp(f[i] - p.most);
        p.sum += w;
        p.mean[0] += w * exp(-s[i]);
        p.mean[1] += w * s[i];
        p.mean[2] += w * exp(-other[i]);
        p.mean[3] += w * other[i];
    }
    return p;
}

/* A panel spans at most e^16 of fall: the slope at s is pl + ph · low/high. */
static double width_at(double pl, double ph, double gap, double s, double most)
{
    double low = exp(s), width = 16 / (1 + pl + ph * low / (low + gap));
    return width < most ? width : most;
}

double special_log_tail(double alpha, double u, double beta, double v, double from, double to,
                        double mean[4])
{
    if (!(to > from))
        return -INFINITY;
    bool turned = alpha > beta;
    double low = turned ? beta : alpha, gap = fabs(alpha - beta);
    double pl = turned ? v : u, ph = turned ? u : v; /* powers of the lower and the higher base */
    double s0 = log(low + from), s1 = log(low + to), width;
    Panel all = {.most = -INFINITY};
    double at = s0;
    while (at < s1) { /* the integrand falls with y: the rest may be nothing */
        width = width_at(pl, ph, gap, at, 2);
        width = width_at(pl, ph, gap, at + width, width);
        Panel p = panel_of(pl, ph, gap, at, at + width < s1 ? at + width : s1);
        double most = p.most > all.most ? p.most : all.most;
        double a = exp(all.most - most), b = exp(p.most - most);
        bool is_end = all.sum * a * 1e-18 > p.sum * b;
        all.sum = all.sum * a + p.sum * b;
        for (int j = 0; j < 4; j++)
            all.mean[j] = all.mean[j] * a + p.mean[j] * b;
        all.most = most;
        if (is_end || at + width == at)
            break;
        at += width;
    }
    for (int j = 0; mean && j < 4; j++)
        mean[j] = all.mean[turned ? (j + 2) % 4 : j] / all.sum;
    return all.most + log(all.sum);
}
