/* SPDX-License-Identifier: Apache-2.0 */
/* value: how often will a customer buy again, is he still one, and what is he worth?
 *
 * Shapes: one entry a customer: x repeat purchases (a whole number >= 0), recency t_x (time of the last purchase
 * since the first, 0 <= t_x <= T, 0 when x = 0), age T >= 0, all in one unit of time; mean spend m of the
 * repeat purchases. Equal (x, t_x, T) are computed once.
 *
 *   BG/NBD      Fader, Hardie & Lee (2005), Marketing Science 24(2): λ ~ Gamma(r, α), dropout after a
 *               purchase with p ~ Beta(a, b). P(alive) = 1 for x = 0 by construction.
 *   Pareto/NBD  Schmittlein, Morrison & Colombo (1987): dropout rate μ ~ Gamma(s, β) at any time.
 *   Gamma-Gamma Fader & Hardie (2013): spend z ~ Gamma(p, ν), ν ~ Gamma(q, γ); customers with x > 0 and
 *               m > 0 only; assumes spend and frequency independent (their correlation is given).
 *   CLV         Σ over periods k of (E[X(k)] - E[X(k-1)]) · E[spend] · margin / (1 + discount)^k
 *
 * Maximum likelihood in logarithms of the parameters, from several starts, analytic gradient. `status`
 * says whether to trust it: the surface may be flat along a/b or have no maximum inside (then a bound).
 * Cost: O(iterations · distinct); Pareto/NBD times 16 nodes of quadrature.
 * Errors: FAULT_NOT_FINITE, FAULT_RANGE at (row, column 0 x, 1 t_x, 2 T, 3 m), FAULT_TOO_FEW when fewer than
 * two customers (BG/NBD: none with x > 0; Gamma-Gamma: fewer than two usable). */
#pragma once
#include "analytics/minimise.h"

typedef struct ValueData {
    size_t n;
    const double *x, *recency, *age;
} ValueData;

typedef struct ValueModel {
    int parameters;
    double v[4];  /* BG/NBD r, α, a, b; Pareto/NBD r, α, s, β; Gamma-Gamma p, q, γ */
    double se[4]; /* standard errors by the delta method; NaN when the Hessian is not invertible */
    double loglik;
    MinimiseEnd status;
    int iterations;
    size_t n; /* customers used */
} ValueModel;

CHECKED Status value_check(Kernel *kn, const ValueData *d);

CHECKED Status value_bgnbd(Kernel *kn, const ValueData *d, ValueModel *ret);
/* Expected purchases of a new customer in t; of one with that history in the next t; P(alive). */
double value_bgnbd_new(const ValueModel *m, double t);
double value_bgnbd_expected(const ValueModel *m, double x, double recency, double age, double t);
/* The same for n <= SPECIAL_MANY horizons, several times as fast. */
void value_bgnbd_expected_many(const ValueModel *m, double x, double recency, double age,
                               const double *t, size_t n, double *ret);
double value_bgnbd_alive(const ValueModel *m, double x, double recency, double age);
double value_bgnbd_loglik(const ValueModel *m, const ValueData *d);

CHECKED Status value_pareto(Kernel *kn, const ValueData *d, ValueModel *ret);
double value_pareto_new(const ValueModel *m, double t);
double value_pareto_expected(const ValueModel *m, double x, double recency, double age, double t);
double value_pareto_alive(const ValueModel *m, double x, double recency, double age);
double value_pareto_loglik(const ValueModel *m, const ValueData *d);

typedef struct ValueSpend {
    ValueModel model;
    double mean;        /* of the population: p γ / (q - 1), NaN when q <= 1 */
    double correlation; /* of x and m among the used: the model wants it near 0 */
} ValueSpend;
CHECKED Status value_spend(Kernel *kn, const double *x, const double *m, size_t n, ValueSpend *ret);
/* E[spend | x, m]; the population's mean for x = 0 or m = 0. */
double value_spend_expected(const ValueSpend *s, double x, double m);

typedef struct ValueHorizon {
    int periods;     /* how many */
    double length;   /* of one, in the unit of the data (52/12 weeks for a month) */
    double discount; /* per period */
    double margin;   /* share of spend that stays */
    bool pareto;     /* which purchase model */
} ValueHorizon;
double value_lifetime(const ValueModel *m, const ValueHorizon *h, double x, double recency,
                      double age, double spend);

/* Sums over time up to `until` of a log: x, t_x, T and mean repeat spend by customer. Purchases of one
 * day are one. day and until are day numbers; unit: days per unit of time (7 = weeks). Rows after
 * `until` are left out; customers whose first row is later get age NaN. O(rows log rows). */
typedef struct ValueSummary {
    double *x, *recency, *age, *mean; /* customers each; mean 0 when x = 0 */
    size_t used;                      /* customers with a row up to `until` */
} ValueSummary;
CHECKED Status value_summary(Kernel *kn, const int32_t *customer, const int32_t *day,
                             const double *amount, size_t rows, size_t customers, int32_t until,
                             double unit, ValueSummary *ret);

/* A53: a score 0 … 100 from several columns (response, revenue, profit, loyalty, referrals …): mean
 * of the columns' percentile ranks (mid-ranks, 0 … 1), weighted. x n × p row-major, finite; weights p,
 * >= 0, not all 0 (FAULT_WEIGHT, column); a constant column is a fault. O(n p log n). */
CHECKED Status value_score(Kernel *kn, const double *x, size_t n, size_t p, const double *weight,
                           double *ret_score);
