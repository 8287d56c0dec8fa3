/* SPDX-License-Identifier: Apache-2.0 */
/* BG/NBD: likelihood (eq. 6 of the paper) with its gradient in logarithms; expectations by 2F1. */
#include "analytics/special.h"
#include "analytics/value_internal.h"

typedef struct Terms {           /* of one customer, given r, α, a, b */
    double value;                /* ln likelihood */
    double dropped;              /* share of the "dropped out at t_x" branch, 0 … 1 */
    double log_age, log_recency; /* ln(α + T), ln(α + t_x) */
} Terms;

/* The part of a customer's likelihood that depends on x alone. */
static double base_of(double r, double alpha, double a, double b, double x)
{
    return lgamma(r + x) - lgamma(r) + r * log(alpha) + lgamma(a + b) + lgamma(b + x) - lgamma(b) -
           lgamma(a + b + x);
}

static Terms terms_of(double r, double alpha, double a, double b, const ValueGroup *g, double base)
{
    double x = g->x;
    double log_age = log(alpha + g->age), stays = -(r + x) * log_age;
    if (x == 0)
        return (Terms){base + stays, 0, log_age, 0};
    double log_recency = log(alpha + g->recency);
    double drops = log(a / (b + x - 1)) - (r + x) * log_recency;
    double both = special_log_add(stays, drops);
    return (Terms){base + both, exp(drops - both), log_age, log_recency};
}

/* Minus the log-likelihood a customer, and its gradient in ln r, ln α, ln a, ln b. */
static bool minus_loglik(void *arg, const double *v, double *ret, double *gradient)
{
    const ValueGroups *d = arg;
    double r = exp(v[0]), alpha = exp(v[1]), a = exp(v[2]), b = exp(v[3]);
    double sum = 0, dr = 0, dalpha = 0, da = 0, db = 0, last = -1, base = 0, psi[4] = {0};
    double log_alpha = v[1], psi_r = special_digamma(r), psi_b = special_digamma(b),
           psi_ab = special_digamma(a + b);
    for (size_t i = 0; i < d->n; i++) {
        const ValueGroup *g = &d->v[i];
        double x = g->x, n = g->count;
        if (x != last) { /* sorted by x */
            base = base_of(r, alpha, a, b, x);
            psi[0] = special_digamma(r + x) - psi_r;
            psi[1] = psi_ab - special_digamma(a + b + x);
            psi[2] = special_digamma(b + x) - psi_b;
            last = x;
        }
        Terms t = terms_of(r, alpha, a, b, g, base);
        double stays = 1 - t.dropped, age = alpha + g->age, recency = alpha + g->recency;
        sum += n * t.value;
        dr += n * (psi[0] + log_alpha - stays * t.log_age - t.dropped * t.log_recency);
        dalpha += n * (r / alpha - (r + x) * (stays / age + t.dropped / recency));
        da += n * (psi[1] + t.dropped / a);
        db += n * (psi[1] + psi[2] - (x > 0 ? t.dropped / (b + x - 1) : 0));
    }
    *ret = -sum;
    gradient[0] = -dr * r;
    gradient[1] = -dalpha * alpha;
    gradient[2] = -da * a;
    gradient[3] = -db * b;
    return isfinite(sum) && isfinite(gradient[0]) && isfinite(gradient[1]) &&
           isfinite(gradient[2]) && isfinite(gradient[3]);
}

static double mean_age(const ValueGroups *g)
{
    double sum = 0;
    for (size_t i = 0; i < g->n; i++)
        sum += g->v[i].age * g->v[i].count;
    return sum / g->customers;
}

Status value_bgnbd(Kernel *kn, const ValueData *d, ValueModel *ret)
{
    TRY(value_check(kn, d));
    double repeats = 0;
    for (size_t i = 0; i < d->n; i++)
        repeats += d->x[i];
    if (repeats == 0)
        return work_fail(kn, FAULT_TOO_FEW, -1, 0, 1);
    ValueGroups g = value_groups(kn, d);
    double rate = repeats / g.customers / (mean_age(&g) > 0 ? mean_age(&g) : 1);
    double starts[] = {
        log(0.5), log(0.5 / rate), log(1),   log(3), /* mean rate right, a quarter drops out */
        log(1),   log(1 / rate),   log(0.3), log(5),        log(0.2),  log(0.2 / rate),
        log(2),   log(2),          log(2),   log(2 / rate), log(0.01), log(5),
    };
    ValueGroups *small = value_sample(kn, &g);
    double share = small ? small->customers / g.customers : 1;
    TRY(value_fit(kn, minus_loglik, &g, small, share, 4, starts, 4, ret));
    ret->n = d->n;
    return ST_OK;
}

double value_bgnbd_loglik(const ValueModel *m, const ValueData *d)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        ValueGroup g = {d->x[i], d->recency[i], d->age[i], 1};
        double base = base_of(m->v[0], m->v[1], m->v[2], m->v[3], g.x);
        sum += terms_of(m->v[0], m->v[1], m->v[2], m->v[3], &g, base).value;
    }
    return sum;
}

/* E[X(t)] and E[Y(t)] have (a - 1) below the line; at a = 1 the limit is approached from 1e-7 away. */
static double apart_from_one(double a) { return fabs(a - 1) < 1e-7 ? 1 + 1e-7 : a; }

/* The closed form needs a + b + x > 1; else the purchases j = 1, 2, … by time t are summed:
 * E[X(t)] = Σ P(no dropout at the first j - 1) · P(Poisson-Gamma count >= j). */
static double expected_by_series(double r, double alpha, double a, double b, double t)
{
    double sum = 0, survive = 1, q = t / (alpha + t);
    double term = exp(r * (log(alpha) - log(alpha + t))), below = term; /* P(count = 0) */
    for (int j = 1; j < 100000; j++) {
        double part = survive * (1 - below);
        sum += part;
        if (part < 1e-14 * sum)
            break;
        survive *= (b + j - 1) / (a + b + j - 1);
        term *= q * (r + j - 1) / j;
        below += term;
    }
    return sum;
}

double value_bgnbd_expected(const ValueModel *m, double x, double recency, double age, double t)
{
    double r = m->v[0], alpha = m->v[1], a = apart_from_one(m->v[2]), b = m->v[3];
    double alive = value_bgnbd_alive(m, x, recency, age), value;
    if (t <= 0)
        return 0;
    if (a + b + x <= 1) {
        value = expected_by_series(r + x, alpha + age, a, b + x, t);
    } else {
        double h = special_hyper(r + x, b + x, a + b + x - 1, t / (alpha + age + t));
        double shrink = exp((r + x) * (log(alpha + age) - log(alpha + age + t)));
        value = (a + b + x - 1) / (a - 1) * (1 - shrink * h);
    }
    return value * alive;
}

void value_bgnbd_expected_many(const ValueModel *m, double x, double recency, double age,
                               const double *t, size_t n, double *ret)
{
    double r = m->v[0], alpha = m->v[1], a = apart_from_one(m->v[2]), b = m->v[3];
    double z[SPECIAL_MANY] = {0}, c = a + b + x - 1;
    double alive = value_bgnbd_alive(m, x, recency, age);
    for (size_t i = 0; i < n; i++)
        z[i] = t[i] > 0 ? t[i] / (alpha + age + t[i]) : 0;
    if (c > 0)
        special_hyper_many(r + x, b + x, c, z, n, ret);
    for (size_t i = 0; i < n; i++)
        if (!(c > 0) || !(t[i] > 0))
            ret[i] = value_bgnbd_expected(m, x, recency, age, t[i]);
        else
            ret[i] = alive * c / (a - 1) * (1 - exp((r + x) * log1p(-z[i])) * ret[i]);
}

double value_bgnbd_alive(const ValueModel *m, double x, double recency, double age)
{
    double r = m->v[0], alpha = m->v[1], a = m->v[2], b = m->v[3];
    if (x == 0)
        return 1;
    double odds = log(a) - log(b + x - 1) + (r + x) * (log(alpha + age) - log(alpha + recency));
    return odds > 700 ? exp(-odds) : 1 / (1 + exp(odds));
}

double value_bgnbd_new(const ValueModel *m, double t)
{
    return value_bgnbd_expected(m, 0, 0, 0, t);
}
