/* SPDX-License-Identifier: Apache-2.0 */
/* BFGS. A parameter at its bound whose gradient points outwards is frozen for that step. */
#include "analytics/minimise.h"
#include <string.h>

typedef struct Step {
    size_t n;
    double x[MINIMISE_MAX], g[MINIMISE_MAX], d[MINIMISE_MAX];
    double h[MINIMISE_MAX * MINIMISE_MAX]; /* inverse Hessian */
    double value;
} Step;

static bool frozen(const Step *s, size_t i, double bound)
{
    return (s->x[i] >= bound && s->g[i] < 0) || (s->x[i] <= -bound && s->g[i] > 0);
}

static void unit(Step *s)
{
    memset(s->h, 0, sizeof(s->h));
    for (size_t i = 0; i < s->n; i++)
        s->h[i * s->n + i] = 1;
}

/* Slope along d = -H g; restarts with the gradient when that does not descend. */
static double direction(Step *s, double bound)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        double slope = 0;
        for (size_t i = 0; i < s->n; i++) {
            s->d[i] = 0;
            for (size_t j = 0; j < s->n; j++)
                if (!frozen(s, j, bound))
                    s->d[i] -= s->h[i * s->n + j] * s->g[j];
            if (frozen(s, i, bound))
                s->d[i] = 0;
            slope += s->d[i] * s->g[i];
        }
        if (slope < 0)
            return slope;
        unit(s);
    }
    return 0;
}

static double clamp(double v, double bound) { return v > bound ? bound : v < -bound ? -bound : v; }

static void update(Step *s, const double *dx, const double *dg)
{
    size_t n = s->n;
    double sy = 0, hy[MINIMISE_MAX], yhy = 0;
    for (size_t i = 0; i < n; i++)
        sy += dx[i] * dg[i];
    if (!(sy > 1e-300))
        return;
    for (size_t i = 0; i < n; i++) {
        hy[i] = 0;
        for (size_t j = 0; j < n; j++)
            hy[i] += s->h[i * n + j] * dg[j];
        yhy += dg[i] * hy[i];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            s->h[i * n + j] +=
                (1 + yhy / sy) * dx[i] * dx[j] / sy - (hy[i] * dx[j] + dx[i] * hy[j]) / sy;
}

static double scaled_gradient(const Step *s, double bound)
{
    double most = 0, scale = fabs(s->value) > 1 ? fabs(s->value) : 1;
    for (size_t i = 0; i < s->n; i++)
        if (!frozen(s, i, bound) && fabs(s->g[i]) > most)
            most = fabs(s->g[i]);
    return most / scale;
}

/* One step downhill; false when none is found. */
static bool advance(Step *s, MinimiseFunction f, void *arg, double bound)
{
    double slope = direction(s, bound), longest = 0, x[MINIMISE_MAX], g[MINIMISE_MAX], value;
    for (size_t i = 0; i < s->n; i++)
        longest = fabs(s->d[i]) > longest ? fabs(s->d[i]) : longest;
    double t = longest > 2 ? 2 / longest : 1; /* parameters are logarithms: no leaps */
    for (int halving = 0; slope < 0 && halving < 60; halving++, t /= 2) {
        for (size_t i = 0; i < s->n; i++)
            x[i] = clamp(s->x[i] + t * s->d[i], bound);
        if (!f(arg, x, &value, g) || value > s->value + 1e-4 * t * slope)
            continue;
        double dx[MINIMISE_MAX], dg[MINIMISE_MAX];
        for (size_t i = 0; i < s->n; i++) {
            dx[i] = x[i] - s->x[i];
            dg[i] = g[i] - s->g[i];
        }
        bool moved = memcmp(x, s->x, s->n * sizeof(double)) != 0;
        memcpy(s->x, x, sizeof(x));
        memcpy(s->g, g, sizeof(g));
        s->value = value;
        update(s, dx, dg);
        return moved;
    }
    return false;
}

/* Inverse of a symmetric positive definite matrix; false if it is not. */
static bool invert(const double *a, size_t n, double *inverse)
{
    double l[MINIMISE_MAX * MINIMISE_MAX] = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= l[i * n + k] * l[j * n + k];
            if (i == j && !(sum > 1e-12 * fabs(a[i * n + i])))
                return false;
            l[i * n + j] = i == j ? sqrt(sum) : sum / l[j * n + j];
        }
    for (size_t c = 0; c < n; c++) {
        double y[MINIMISE_MAX];
        for (size_t i = 0; i < n; i++) {
            y[i] = i == c;
            for (size_t k = 0; k < i; k++)
                y[i] -= l[i * n + k] * y[k];
            y[i] /= l[i * n + i];
        }
        for (size_t i = n; i-- > 0;) {
            for (size_t k = i + 1; k < n; k++)
                y[i] -= l[k * n + i] * y[k];
            y[i] /= l[i * n + i];
            inverse[i * n + c] = y[i];
        }
    }
    return true;
}

static bool covariance(const Step *s, MinimiseFunction f, void *arg, double *ret)
{
    size_t n = s->n;
    double hessian[MINIMISE_MAX * MINIMISE_MAX], value;
    for (size_t i = 0; i < n; i++) {
        double up[MINIMISE_MAX], down[MINIMISE_MAX], gu[MINIMISE_MAX], gd[MINIMISE_MAX];
        memcpy(up, s->x, sizeof(up));
        memcpy(down, s->x, sizeof(down));
        double h = 1e-4 * (fabs(s->x[i]) > 1 ? fabs(s->x[i]) : 1);
        up[i] += h;
        down[i] -= h;
        if (!f(arg, up, &value, gu) || !f(arg, down, &value, gd))
            return false;
        for (size_t j = 0; j < n; j++)
            hessian[i * n + j] = (gu[j] - gd[j]) / (2 * h);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            hessian[i * n + j] = hessian[j * n + i] = (hessian[i * n + j] + hessian[j * n + i]) / 2;
    return invert(hessian, n, ret);
}

static void finish(Step *s, MinimiseFunction f, void *arg, double bound, double tolerance,
                   Minimised *ret)
{
    memcpy(ret->v, s->x, sizeof(ret->v));
    ret->value = s->value;
    for (size_t i = 0; i < s->n * s->n; i++)
        ret->covariance[i] = NAN;
    bool small = scaled_gradient(s, bound) <= tolerance, at_bound = false;
    for (size_t i = 0; i < s->n; i++)
        at_bound |= fabs(s->x[i]) >= bound;
    if (at_bound)
        ret->end = MINIMISE_BOUND;
    else if (!small)
        ret->end = MINIMISE_FAILED;
    else if (covariance(s, f, arg, ret->covariance))
        ret->end = MINIMISE_CONVERGED;
    else
        ret->end = MINIMISE_FLAT;
}

Status minimise_run(Kernel *kn, MinimiseFunction f, void *arg, size_t n, const double *start,
                    const double *h, double bound, double tolerance, int max_iterations,
                    Minimised *ret)
{
    Step s = {.n = n};
    memset(ret, 0, sizeof(*ret));
    for (size_t i = 0; i < n; i++)
        s.x[i] = clamp(start[i], bound);
    if (!f(arg, s.x, &s.value, s.g)) {
        ret->end = MINIMISE_FAILED;
        ret->value = INFINITY;
        return ST_OK;
    }
    unit(&s);
    if (h)
        memcpy(s.h, h, n * n * sizeof(double));
    int restarts = 0, idle = 0;
    for (ret->iterations = 0; ret->iterations < max_iterations; ret->iterations++) {
        if (scaled_gradient(&s, bound) <= tolerance / 100)
            break;
        double before = s.value;
        bool moved = advance(&s, f, arg, bound);
        TRY(work_check(kn));
        idle = before - s.value > 1e-13 * fabs(s.value) ? 0 : idle + 1;
        if (moved && idle < 8)
            continue;
        if (restarts++ == 2)
            break;
        idle = 0;
        unit(&s); /* rounding has spoilt the matrix: once more from the gradient */
    }
    finish(&s, f, arg, bound, tolerance, ret);
    return ST_OK;
}
