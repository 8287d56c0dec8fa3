#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Usage: tests/reference/value.py DATA > tests/fixtures/analytics/value.json
# Recipe: Debian 12 python3-scipy 1.10. digamma and 2F1 by scipy.special; the integral of the Pareto/NBD
# likelihood by scipy.integrate.quad; Pareto/NBD on the CDNOW summary by Nelder-Mead on the textbook form
# with 2F1 (Fader & Hardie 2005, "A note on deriving the Pareto/NBD model", eq. 24).
import csv, json, sys
import numpy as np
from scipy import integrate, optimize, special

out = {'digamma': [[x, float(special.digamma(x))] for x in (1e-6, 0.01, 0.25, 1, 1.4616321, 3.7, 9.99, 10, 250, 1e7)]}
out['hyper'] = [[a, b, c, z, float(special.hyp2f1(a, b, c, z))] for a, b, c, z in (
    (0.24, 2.42, 2.2, 0.5), (0.24, 2.42, 2.2, 0.92), (5.2, 7.4, 7.2, 0.3), (30, 32, 35, 0.7), (1, 2, 3, 0.99),
    (0.5, 0.5, 1, 0.999), (2, 3, 4.5, 0), (60, 61, 61.5, 0.5))]
tails = []
for al, u, be, v, lo, hi in ((10.6, 2.5, 11.7, 1.6, 30.4, 38.9), (0.01, 3.2, 5, 1.2, 0, 39), (50, 20, 0.02, 1.5, 0, 100),
                             (1, 60, 1, 2, 10, 10.001), (4, 1.1, 4, 1.01, 0, 1e4)):
    val, err = integrate.quad(lambda y: (al + y) ** -u * (be + y) ** -v / (al + lo) ** -u, lo, hi, epsabs=0, epsrel=1e-13,
                              limit=2000, points=None if hi < 1000 else None)
    tails.append([al, u, be, v, lo, hi, float(np.log(val) - u * np.log(al + lo))])
out['log_tail'] = tails

rows = list(csv.DictReader(open(sys.argv[1] + '/cdnow/cdnow_customers_summary.csv')))
x = np.array([float(r['frequency']) for r in rows]); tx = np.array([float(r['recency']) for r in rows])
T = np.array([float(r['T']) for r in rows])

def loglik(q):
    r, al, s, be = np.exp(q)
    hi, lo = max(al, be), min(al, be)
    p = s + 1 if al >= be else r + x
    a0 = lambda t: special.hyp2f1(r + s + x, p, r + s + x + 1, (hi - lo) / (hi + t)) / (hi + t) ** (r + s + x)
    part = (al + T) ** -(r + x) * (be + T) ** -s + s / (r + s + x) * (a0(tx) - a0(T))
    return float(np.sum(special.gammaln(r + x) - special.gammaln(r) + r * np.log(al) + s * np.log(be) + np.log(part)))

best = optimize.minimize(lambda q: -loglik(q), np.log([0.55, 10.6, 0.6, 11.7]), method='Nelder-Mead',
                         options=dict(xatol=1e-9, fatol=1e-11, maxiter=20000, maxfev=20000))
r, al, s, be = np.exp(best.x)
def alive(i):
    hi, lo = max(al, be), min(al, be)
    p = s + 1 if al >= be else r + x[i]
    a0 = lambda t: special.hyp2f1(r + s + x[i], p, r + s + x[i] + 1, (hi - lo) / (hi + t)) / (hi + t) ** (r + s + x[i])
    stay = (al + T[i]) ** -(r + x[i]) * (be + T[i]) ** -s
    return stay / (stay + s / (r + s + x[i]) * (a0(tx[i]) - a0(T[i])))
def expected(i, t):
    return alive(i) * (r + x[i]) * (be + T[i]) / ((al + T[i]) * (s - 1)) * (1 - ((be + T[i]) / (be + T[i] + t)) ** (s - 1))
out['pareto_cdnow'] = {'r': r, 'alpha': al, 's': s, 'beta': be, 'loglik': -best.fun,
    'new_39': r * be / (al * (s - 1)) * (1 - (be / (be + 39)) ** (s - 1)),
    'customers': [{'row': i, 'p_alive': float(alive(i)), 'expected_39': float(expected(i, 39))} for i in (0, 3, 294, 883, 1471, 2058)]}
json.dump(out, sys.stdout, indent=1)
