/* SPDX-License-Identifier: Apache-2.0 */
/* dist: distribution functions, quantiles and tails. "upper" is P(X > x) for continuous ones, computed
 * directly and not as 1 − cdf: it keeps its digits down to 1e-300. All are pure; NAN in, NAN out;
 * arguments outside the domain give NAN. Checked against R 4.2 in dist_test.c.
 * Sources: incomplete beta and gamma by continued fraction (Lentz; Didonato & Morris 1986, 1992),
 * normal quantile Wichura 1988 (AS 241), studentised range Copenhaver & Holland 1988 with the upper
 * tail taken under the integral, noncentral t Lenth 1989 (AS 243), others Poisson mixtures. */
#pragma once
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* dist_normal.c */
double dist_normal(double x);       /* P(X ≤ x) */
double dist_normal_upper(double x); /* P(X > x) */
double dist_normal_two(double z);   /* P(|X| > |z|) */
double dist_normal_density(double x);
double dist_normal_quantile(double p); /* ±INFINITY at 0 and 1 */

/* dist_gamma.c: shape a > 0, x ≥ 0 */
double dist_gamma(double a, double x);       /* regularised P(a, x) */
double dist_gamma_upper(double a, double x); /* Q(a, x) */
double dist_chi2(double x, double df);
double dist_chi2_upper(double x, double df);
double dist_chi2_quantile(double p, double df); /* lower share p */
double dist_poisson(double k, double mean);     /* P(X ≤ k) */

/* dist_beta.c */
/* Both tails of the beta distribution at x; y = 1 − x given apart so that it keeps its digits. */
void dist_beta_tails(double a, double b, double x, double y, double *ret_lower, double *ret_upper);
double dist_beta(double x, double a, double b);
double dist_beta_upper(double x, double a, double b);
double dist_beta_quantile(double p, double a, double b);
double dist_t(double t, double df);
double dist_t_upper(double t, double df);
double dist_t_two(double t, double df); /* P(|T| > |t|) */
double dist_t_quantile(double p, double df);
double dist_f(double f, double d1, double d2);
double dist_f_upper(double f, double d1, double d2);
double dist_f_quantile(double p, double d1, double d2);
double dist_binomial(double k, double n, double p);       /* P(X ≤ k) */
double dist_binomial_upper(double k, double n, double p); /* P(X ≥ k) */
double dist_binomial_density(double k, double n, double p);
/* Drawing n of N of which K are marked: P(X = k). */
double dist_hypergeometric_density(double k, double n, double K, double N);
long double dist_log_choose(double n, double k);

/* dist_range.c: range of k ≥ 2 normal means over an independent deviation with df (INFINITY allowed) */
double dist_range_upper(double q, double k, double df);
double dist_range_quantile_upper(double p, double k, double df);

/* dist_noncentral.c: λ ≥ 0 is the sum of the squared means; δ the mean over the deviation */
double dist_chi2_noncentral_upper(double x, double df, double lambda);
double dist_f_noncentral_upper(double f, double d1, double d2, double lambda);
double dist_t_noncentral_upper(double t, double df, double delta);

/* dist_solve.c: x in [low, high] with fn(arg, x) = 0; fn must change sign there (Brent 1973). */
double dist_solve(double (*fn)(void *arg, double x), void *arg, double low, double high);
