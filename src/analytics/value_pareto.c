/* SPDX-License-Identifier: Apache-2.0 */
/* Pareto/NBD. The usual form of the likelihood is a difference of two 2F1 that cancels when t_x is near T
 * and overflows for α far from β; here the integral over the time of dropout that it stands for is taken
 * directly (special_log_tail), which has neither trouble. */
#include "analytics/special.h"
#include "analytics/value_internal.h"

typedef struct Terms {
    double value; /* ln likelihood without the parts of r, x, α, β alone */
    double gone;  /* share of the "dropped out before T" branch */
    double mean[4];
} Terms;

static Terms terms_of(double r, double alpha, double s, double beta, const ValueGroup *g)
{
    Terms t = {0};
    double u = r + g->x;
    double stays = -u * log(alpha + g->age) - s * log(beta + g->age);
    double gone = log(s) + special_log_tail(alpha, u, beta, s + 1, g->recency, g->age, t.mean);
    t.value = special_log_add(stays, gone);
    t.gone = exp(gone - t.value);
    return t;
}

static double constant_of(double r, double alpha, double s, double beta, double x)
{
    return lgamma(r + x) - lgamma(r) + r * log(alpha) + s * log(beta);
}

static bool minus_loglik(void *arg, const double *v, double *ret, double *gradient)
{
    const ValueGroups *d = arg;
    double r = exp(v[0]), alpha = exp(v[1]), s = exp(v[2]), beta = exp(v[3]);
    double sum = 0, dr = 0, dalpha = 0, ds = 0, dbeta = 0, psi_r = special_digamma(r);
    for (size_t i = 0; i < d->n; i++) {
        const ValueGroup *g = &d->v[i];
        double n = g->count, u = r + g->x, a = alpha + g->age, b = beta + g->age;
        Terms t = terms_of(r, alpha, s, beta, g);
        double gone = t.gone, stays = 1 - gone;
        double psi = g->x > 0 ? special_digamma(u) - psi_r : 0;
        sum += n * (constant_of(r, alpha, s, beta, g->x) + t.value);
        dr += n * (psi + log(alpha) - stays * log(a) - gone * t.mean[1]);
        dalpha += n * (r / alpha - u * (stays / a + gone * t.mean[0]));
        ds += n * (log(beta) - stays * log(b) + gone * (1 / s - t.mean[3]));
        dbeta += n * (s / beta - stays * s / b - gone * (s + 1) * t.mean[2]);
    }
    *ret = -sum;
    gradient[0] = -dr * r;
    gradient[1] = -dalpha * alpha;
    gradient[2] = -ds * s;
    gradient[3] = -dbeta * beta;
    return isfinite(sum) && isfinite(gradient[0]) && isfinite(gradient[1]) &&
           isfinite(gradient[2]) && isfinite(gradient[3]);
}

Status value_pareto(Kernel *kn, const ValueData *d, ValueModel *ret)
{
    TRY(value_check(kn, d));
    double repeats = 0, age = 0;
    for (size_t i = 0; i < d->n; i++) {
        repeats += d->x[i];
        age += d->age[i];
    }
    if (repeats == 0)
        return work_fail(kn, FAULT_TOO_FEW, -1, 0, 1);
    ValueGroups g = value_groups(kn, d);
    double rate = age > 0 ? repeats / age : 1, life = age > 0 ? age / g.customers : 1;
    double starts[] = {
        log(0.5), log(0.5 / rate), log(0.5), log(life / 2), log(1),   log(1 / rate),
        log(1),   log(life),       log(2),   log(2 / rate), log(0.2), log(life),
        log(0.3), log(0.2 / rate), log(2),   log(4 * life),
    };
    ValueGroups *small = value_sample(kn, &g);
    double share = small ? small->customers / g.customers : 1;
    TRY(value_fit(kn, minus_loglik, &g, small, share, 4, starts, 4, ret));
    ret->n = d->n;
    return ST_OK;
}

double value_pareto_loglik(const ValueModel *m, const ValueData *d)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        ValueGroup g = {d->x[i], d->recency[i], d->age[i], 1};
        sum += constant_of(m->v[0], m->v[1], m->v[2], m->v[3], g.x) +
               terms_of(m->v[0], m->v[1], m->v[2], m->v[3], &g).value;
    }
    return sum;
}

/* (1 - (b / (b + t))^(s-1)) / (s - 1), with its limit at s = 1. */
static double shrink(double s, double b, double t)
{
    double l = log1p(t / b);
    return fabs(s - 1) < 1e-12 ? l : -expm1(-(s - 1) * l) / (s - 1);
}

double value_pareto_new(const ValueModel *m, double t)
{
    return m->v[0] * m->v[3] / m->v[1] * shrink(m->v[2], m->v[3], t);
}

double value_pareto_alive(const ValueModel *m, double x, double recency, double age)
{
    ValueGroup g = {x, recency, age, 1};
    return 1 - terms_of(m->v[0], m->v[1], m->v[2], m->v[3], &g).gone;
}

double value_pareto_expected(const ValueModel *m, double x, double recency, double age, double t)
{
    double r = m->v[0], alpha = m->v[1], s = m->v[2], beta = m->v[3];
    if (t <= 0)
        return 0;
    return (r + x) * (beta + age) / (alpha + age) * shrink(s, beta + age, t) *
           value_pareto_alive(m, x, recency, age);
}
