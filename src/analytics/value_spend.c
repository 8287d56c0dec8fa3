/* SPDX-License-Identifier: Apache-2.0 */
/* Gamma-Gamma: mean spend a purchase, shrunk towards the population by how much is known. */
#include "analytics/special.h"
#include "analytics/value_internal.h"

typedef struct Spend {
    size_t n;
    const double *x, *m;
} Spend;

static bool minus_loglik(void *arg, const double *v, double *ret, double *gradient)
{
    const Spend *d = arg;
    double p = exp(v[0]), q = exp(v[1]), gamma = exp(v[2]), psi_q = special_digamma(q);
    double sum = 0, dp = 0, dq = 0, dgamma = 0, head = q * log(gamma) - lgamma(q);
    for (size_t i = 0; i < d->n; i++) {
        double x = d->x[i], m = d->m[i], px = p * x, all = gamma + m * x, ln = log(all);
        double psi = special_digamma(px + q), spread = log(m * x);
        sum += lgamma(px + q) - lgamma(px) + head + px * spread - log(m) - (px + q) * ln;
        dp += x * (psi - special_digamma(px) + spread - ln);
        dq += psi - psi_q + log(gamma) - ln;
        dgamma += q / gamma - (px + q) / all;
    }
    *ret = -sum;
    gradient[0] = -dp * p;
    gradient[1] = -dq * q;
    gradient[2] = -dgamma * gamma;
    return isfinite(sum) && isfinite(gradient[0]) && isfinite(gradient[1]) && isfinite(gradient[2]);
}

static double correlation(const Spend *d)
{
    double mx, my, sx, sy, both = 0;
    work_moments(d->x, d->n, 1, &mx, &sx);
    work_moments(d->m, d->n, 1, &my, &sy);
    for (size_t i = 0; i < d->n; i++)
        both += (d->x[i] - mx) * (d->m[i] - my);
    return both / sqrt(sx * sy);
}

static Status keep_usable(Kernel *kn, const double *x, const double *m, size_t n, Spend *ret)
{
    double *ux = arena_alloc(kn->arena, (n + 1) * sizeof(double));
    double *um = arena_alloc(kn->arena, (n + 1) * sizeof(double));
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(m[i]))
            return work_fail(kn, FAULT_NOT_FINITE, (int64_t)i, isfinite(x[i]) ? 3 : 0, m[i]);
        if (x[i] < 0 || m[i] < 0)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, x[i] < 0 ? 0 : 3, m[i]);
        if (x[i] > 0 && m[i] > 0) {
            ux[used] = x[i];
            um[used++] = m[i];
        }
    }
    *ret = (Spend){used, ux, um};
    return used < 3 ? work_fail(kn, FAULT_TOO_FEW, -1, 3, 3) : ST_OK;
}

Status value_spend(Kernel *kn, const double *x, const double *m, size_t n, ValueSpend *ret)
{
    Spend d = {0};
    TRY(keep_usable(kn, x, m, n, &d));
    double mean, ss;
    work_moments(d.m, d.n, 1, &mean, &ss);
    if (!(ss > 0))
        return work_fail(kn, FAULT_CONSTANT, -1, 3, mean);
    double starts[] = {
        log(5),    log(4),  log(mean * 3 / 5), log(1),        log(2),
        log(mean), log(20), log(10),           log(mean / 2),
    };
    ValueSpend s = {0};
    Spend first = {4000, d.x, d.m}; /* customers are in no order that matters */
    bool is_large = d.n > 3 * first.n;
    double share = (double)first.n / (double)d.n;
    TRY(value_fit(kn, minus_loglik, &d, is_large ? &first : NULL, share, 3, starts, 3, &s.model));
    s.model.n = d.n;
    s.correlation = correlation(&d);
    double p = s.model.v[0], q = s.model.v[1], gamma = s.model.v[2];
    s.mean = q > 1 ? p * gamma / (q - 1) : NAN;
    *ret = s;
    return ST_OK;
}

double value_spend_expected(const ValueSpend *s, double x, double m)
{
    double p = s->model.v[0], q = s->model.v[1], gamma = s->model.v[2];
    if (!(x > 0 && m > 0))
        return s->mean;
    return p * (gamma + m * x) / (p * x + q - 1);
}
