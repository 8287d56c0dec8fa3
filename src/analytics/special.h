/* SPDX-License-Identifier: Apache-2.0 */
/* special: functions that the models of value need.
 *   digamma  ψ(x), x > 0: recurrence to x >= 10, then the asymptotic series (Abramowitz & Stegun
 *            6.3.5, 6.3.18); absolute error below 1e-14 · max(1, |ψ|)
 *   hyper    Gauss 2F1(a, b; c; z), 0 <= z < 1, c > 0: the series, on whichever side of Euler's
 *            transformation (15.3.3) converges faster; relative error below 1e-12 where a, b, c >= 0
 *   tail     ln of ∫ over y in [from, to] of (α+y)^-u (β+y)^-v dy, by Gauss-Legendre in the logarithm of
 *            the smaller of α+y and β+y: positive terms only, so nothing cancels, and the nearest
 *            singularity is π away; relative error below 1e-12 */
#pragma once
#include <stddef.h>

double special_digamma(double x);
double special_hyper(double a, double b, double c, double z); /* NaN when it does not converge */
/* The same at n places z that share a, b and c, up to SPECIAL_MANY: one division a term for all of them. */
#define SPECIAL_MANY 64
void special_hyper_many(double a, double b, double c, const double *z, size_t n, double *ret);
/* mean (may be NULL): means of 1/(α+y), ln(α+y), 1/(β+y), ln(β+y) under the integrand. */
double special_log_tail(double alpha, double u, double beta, double v, double from, double to,
                        double mean[4]);
/* ln(e^a + e^b) and ln(e^a - e^b), a >= b, without overflow. */
double special_log_add(double a, double b);
double special_log_subtract(double a, double b);
