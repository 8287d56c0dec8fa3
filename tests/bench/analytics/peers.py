#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Usage: tests/bench/analytics/peers.py data FOLDER | TASK N FOLDER → "cpu_s peak_mb figure" on one line.
# The established implementations on the arrays that kernels.c reads; CPU seconds of the call alone.
import os
for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = '1'
import resource, sys, time
import numpy as np

def save(folder, name, n, array):
    array.tofile(f'{folder}/{name}_{n}.bin')

def write_data(folder):
    for n in (2000, 10000, 100000, 1000000):
        r = np.random.default_rng(n)
        centre = r.normal(0, 2, (12, 8))
        save(folder, 'x8', n, centre[r.integers(0, 12, n)] + r.normal(0, 1.5, (n, 8)))
        save(folder, 'label', n, r.integers(0, 8, n).astype(np.int32))
        if n < 100000:
            continue
        x = r.normal(0, 1, (20, n))
        y = x.T @ np.linspace(-1, 1, 20) * 0.5 + r.normal(0, 1, n)
        save(folder, 'x20', n, x)
        save(folder, 'y', n, y)
        save(folder, 'z', n, x[0] + r.normal(0, 1, n))
        save(folder, 'y01', n, (y + r.logistic(0, 1, n) > 0).astype(float))
        save(folder, 'group', n, r.integers(0, 5, n).astype(np.int32))
    for n in (1000000, 10000000):
        r = np.random.default_rng(n + 1)
        save(folder, 'customer', n, r.integers(10000, 10000 + n // 10, n).astype(np.int64))
        save(folder, 'day', n, r.integers(0, 400, n).astype(np.int32))
        save(folder, 'amount', n, r.integers(100, 100000, n).astype(np.int64))
    for n in (2357, 100000):
        r = np.random.default_rng(n + 2)
        lam, p, T = r.gamma(0.25, 1 / 4.4, n), r.beta(0.8, 2.4, n), np.round(27 + 12 * r.random(n), 2)
        x, tx = np.zeros(n), np.zeros(n)
        for i in range(n):
            t = 0.0
            while True:
                t += r.exponential(1 / lam[i]) if lam[i] > 1e-9 else 1e9
                if t > T[i]:
                    break
                x[i] += 1; tx[i] = round(t, 2)
                if r.random() < p[i]:
                    break
        save(folder, 'clv', n, np.concatenate([x, tx, T]))
    for n in (50, 200):
        r = np.random.default_rng(n + 3)
        save(folder, 'table', n, r.poisson(r.gamma(2, 2, (n, 1)) * r.gamma(2, 2, (1, n)) * r.gamma(5, .2, (n, n)) + 1).astype(float))

def load(name, dtype=np.float64):
    return np.fromfile(f'{FOLDER}/{name}_{N}.bin', dtype=dtype)

def kmeans():
    from sklearn.cluster import KMeans
    x = load('x8').reshape(-1, 8)
    start()
    m = KMeans(8, n_init=1, max_iter=20, tol=0, random_state=1, algorithm='lloyd').fit(x)
    return m.inertia_ / N

def transactions():
    import pandas as pd
    return pd.DataFrame({'c': load('customer', np.int64), 'd': load('day', np.int32), 'a': load('amount', np.int64)})

def rfm():
    f = transactions()
    start()
    g = f.groupby('c', sort=True).agg(d=('d', 'max'), n=('d', 'size'), a=('a', 'sum'))
    total = 0
    for v, reverse in ((400 - g['d'].to_numpy(), True), (g['n'].to_numpy(), False), (g['a'].to_numpy(), False)):
        s = 1 + np.searchsorted(np.quantile(v, [.2, .4, .6, .8]), v, side='left')
        total += int((6 - s if reverse else s).sum())
    return total

def cohort():
    f = transactions()
    start()
    f['m'] = f['d'] // 31
    f['first'] = f.groupby('c')['m'].transform('min')
    return int(f.groupby(['first', 'm'])['c'].nunique().sum())

def bgnbd():
    from scipy.optimize import minimize
    from scipy.special import gammaln
    x, tx, T = load('clv').reshape(3, -1)
    start()
    def f(q):
        r, al, a, b = np.exp(q)
        base = gammaln(r + x) - gammaln(r) + r * np.log(al) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        stay = -(r + x) * np.log(al + T)
        with np.errstate(all='ignore'):
            drop = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(al + tx), -np.inf)
        return -np.sum(base + np.logaddexp(stay, drop))
    return -minimize(f, np.zeros(4), method='L-BFGS-B').fun

def linkage(method):
    from scipy.cluster.hierarchy import linkage
    x = load('x8').reshape(-1, 8)
    start()
    return linkage(x, method)[-1, 2]

def ward(): return linkage('ward')
def average(): return linkage('average')

def silhouette():
    from sklearn.metrics import silhouette_score
    x, label = load('x8').reshape(-1, 8), load('label', np.int32)
    start()
    return silhouette_score(x, label)

def logistic_sklearn():
    from sklearn.linear_model import LogisticRegression
    x, y = np.ascontiguousarray(load('x20').reshape(20, -1).T), load('y01')
    start()
    m = LogisticRegression(penalty='none', solver='lbfgs', max_iter=200).fit(x, y)
    p = m.predict_proba(x)[:, 1]
    return float(np.mean(np.where(y > 0, np.log(p), np.log(1 - p))))

def logistic():
    import statsmodels.api as sm
    x, y = sm.add_constant(load('x20').reshape(20, -1).T), load('y01')
    start()
    m = sm.Logit(y, x).fit(disp=0)
    m.bse
    return m.llf / N

def ols():
    import statsmodels.api as sm
    x, y = sm.add_constant(load('x20').reshape(20, -1).T), load('y')
    start()
    m = sm.OLS(y, x).fit()
    m.bse
    return m.rsquared

def anova():
    from scipy.stats import f_oneway
    y, g = load('y'), load('group', np.int32)
    groups = [y[g == k] for k in range(5)]
    start()
    return f_oneway(*groups)[0]

def pearson():
    from scipy.stats import pearsonr
    x, y = load('z'), load('y')
    start()
    return pearsonr(x, y)[0]

def spearman():
    from scipy.stats import spearmanr
    x, y = load('z'), load('y')
    start()
    return spearmanr(x, y)[0]

def start():
    global STARTED
    STARTED = time.process_time()

if sys.argv[1] == 'data':
    write_data(sys.argv[2])
else:
    N, FOLDER = int(sys.argv[2]), sys.argv[3]
    figure = globals()[sys.argv[1]]()
    used = time.process_time() - STARTED
    print(f'{used:.6f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f} {figure:.12g}')
