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

    for n in (2357, 100000):
        r = np.random.default_rng(n + 4)
        x = np.fromfile(f'{folder}/clv_{n}.bin').reshape(3, -1)[0]
        mean = 15.44 / r.gamma(3.74, 1, n)
        save(folder, 'spend', n, np.where(x > 0, np.round(r.gamma(6.25 * np.maximum(x, 1), 1) * mean / np.maximum(x, 1) + .01, 2), 0))
    save(folder, 'exact', 6, np.array([[8, 3, 1, 0, 2, 3], [2, 6, 4, 1, 3, 2], [0, 2, 7, 9, 1, 4], [4, 4, 2, 5, 3, 0]], dtype=float))
    r = np.random.default_rng(5)
    share = 1 / np.arange(1, 201) ** .7
    basket = np.array([r.choice(200, 10, replace=False, p=share / share.sum()) for _ in range(20000)])
    save(folder, 'basket', 20000, basket.astype(np.int32))

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

def frequencies():
    import pandas as pd
    x = pd.Series(load('label', np.int32).astype(float))
    start()
    t = x.value_counts()
    return float((t.index.to_numpy() * t.to_numpy()).sum())

def descriptives():
    from scipy.stats import describe, kurtosis, skew
    y = load('y')
    start()
    d = describe(y, bias=False)
    return d.kurtosis

def explore():
    import pandas as pd
    from scipy.stats import describe, trim_mean
    y = pd.Series(load('y'))
    start()
    describe(y.to_numpy(), bias=False)
    d = y.describe(percentiles=[.05, .1, .25, .5, .75, .9, .95])
    return float(d[['5%', '10%', '25%', '50%', '75%', '90%', '95%']].sum() + trim_mean(y, .05))

def pareto():
    x = load('amount', np.int64).astype(float)
    start()
    order = np.argsort(-x, kind='stable')
    c = np.cumsum(x[order]) / x.sum()
    np.searchsorted(c, .8)
    return float(2 * (c.sum() - .5) / N - 1)

def crosstab():
    import pandas as pd
    from scipy.stats import chi2_contingency
    g, label = load('group', np.int32), load('label', np.int32)
    start()
    return chi2_contingency(pd.crosstab(g, label))[0]

def ttest():
    from scipy.stats import levene, ttest_ind
    z, y = load('z'), load('y01')
    a, b = z[y == 0], z[y == 1]
    start()
    return abs(ttest_ind(a, b, equal_var=False)[0]) + abs(ttest_ind(a, b)[0]) + levene(a, b, center='mean')[0]

def factorial():
    import pandas as pd
    import statsmodels.formula.api as smf
    from statsmodels.stats.anova import anova_lm
    f = pd.DataFrame({'y': load('y'), 'g': load('group', np.int32), 'l': load('label', np.int32)})
    start()
    return float(anova_lm(smf.ols('y ~ C(g, Sum) * C(l, Sum)', f).fit(), typ=3)['F'].iloc[3])

def mannwhitney():
    from scipy.stats import mannwhitneyu
    z, y = load('z'), load('y01')
    a, b = z[y == 0], z[y == 1]
    start()
    u = mannwhitneyu(a, b, method='asymptotic')[0]
    return float(min(u, len(a) * len(b) - u))

def kruskal():
    from scipy.stats import kruskal as test
    y, g = load('y'), load('group', np.int32)
    groups = [y[g == k] for k in range(5)]
    start()
    return test(*groups)[0]

def wilcoxon():
    from scipy.stats import wilcoxon as test
    z, y = load('z'), load('y')
    start()
    return float(test(z, y, zero_method='wilcox', correction=False, mode='approx')[0])

def friedman():
    from scipy.stats import friedmanchisquare
    x = load('x20').reshape(20, -1)[:5]
    start()
    return float(friedmanchisquare(*x)[0])

def kendall():
    from scipy.stats import kendalltau
    z, y = load('z'), load('y')
    start()
    return kendalltau(z, y)[0]

def partial():
    x = load('x20').reshape(20, -1)
    c = np.vstack([load('z'), load('y'), x[:2]])
    start()
    i = np.linalg.inv(np.corrcoef(c))
    return -i[0, 1] / np.sqrt(i[0, 0] * i[1, 1])

def roc():
    from sklearn.metrics import roc_auc_score, roc_curve
    score, y = load('y'), load('y01')
    start()
    roc_curve(y, score)
    return roc_auc_score(y, score)

def answers():
    import pandas as pd
    return pd.DataFrame({'g': load('group', np.int32), 'a': load('label', np.int32)})

def nps():
    f = answers()
    start()
    v = 100 * ((f['a'] + 3 >= 9).astype(int) - (f['a'] + 3 <= 6).astype(int))
    t = v.groupby(f['g']).agg(['mean', 'count', lambda s: s.std(ddof=0)])
    return float((t.iloc[:, 0] + t.iloc[:, 2] / np.sqrt(t['count'])).sum())

def csat():
    from statsmodels.stats.proportion import proportion_confint
    f = answers()
    start()
    t = (f['a'] >= 6).groupby(f['g']).agg(['sum', 'count'])
    low, high = proportion_confint(t['sum'], t['count'], method='wilson')
    return float((t['sum'] / t['count'] + low + high).sum())

def ces():
    f = answers()
    start()
    t = f.groupby('g')['a'].agg(['mean', 'sem'])
    return float(t.to_numpy().sum())

def power():
    from statsmodels.stats.power import TTestIndPower
    start()
    return float(sum(TTestIndPower().solve_power(effect_size=.1 + .01 * i, alpha=.05, power=.8) for i in range(N)))

def pair_counts():
    from scipy.sparse import csr_matrix
    item = load('basket', np.int32)
    start()
    x = csr_matrix((np.ones(item.size, np.int64), item, np.arange(N + 1) * 10), (N, 200))
    return np.asarray((x.T @ x).todense())

def itemsets():
    c = pair_counts()
    one = np.diag(c) >= N // 500
    c = np.triu(np.where(np.outer(one, one), c, 0), 1)
    return float(c[c >= N // 500].sum())

def rules():
    c = pair_counts()
    one = np.diag(c).astype(float)
    confidence = c / one[:, None]
    keep = (c >= N // 500) & (confidence >= .1) & ~np.eye(200, dtype=bool)
    from scipy.stats import hypergeom
    i, j = np.nonzero(keep)
    hypergeom.sf(c[i, j] - 1, N, one[i], one[j])
    return float((confidence / (one / N))[keep].sum())

def paretonbd():
    from scipy.optimize import minimize
    from scipy.special import gammaln, hyp2f1
    x, tx, T = load('clv').reshape(3, -1)
    start()
    def part(r, al, s, be, t):
        top = max(al, be)
        return np.log(hyp2f1(r + s + x, s + 1 if al >= be else r + x, r + s + x + 1, abs(al - be) / (top + t))) - (r + s + x) * np.log(top + t)
    def f(q):
        r, al, s, be = np.exp(q)
        with np.errstate(all='ignore'):
            a, b = part(r, al, s, be, tx), part(r, al, s, be, T)
            lost = np.log(s) - np.log(r + s + x) + a + np.log1p(-np.exp(np.minimum(b - a, 0)))
        stay = -(r + x) * np.log(al + T) - s * np.log(be + T)
        return -np.sum(gammaln(r + x) - gammaln(r) + r * np.log(al) + s * np.log(be) + np.logaddexp(stay, lost))
    return -minimize(f, np.zeros(4), method='L-BFGS-B').fun

def gammagamma():
    from scipy.optimize import minimize
    from scipy.special import gammaln
    x, m = load('clv').reshape(3, -1)[0], load('spend')
    x, m = x[m > 0], m[m > 0]
    start()
    def f(v):
        p, q, g = np.exp(v)
        return -np.sum(gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(g) + (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(g + x * m))
    return -minimize(f, np.zeros(3), method='L-BFGS-B').fun

def clv():
    from scipy.special import hyp2f1
    x, tx, T = load('clv').reshape(3, -1)
    m = load('spend')
    start()
    r, al, a, b = .243, 4.414, .793, 2.426
    alive = 1 + (x > 0) * a / (b + np.maximum(x, 1) - 1) * ((al + T) / (al + tx)) ** (r + x)
    def expected(t):
        return (a + b + x - 1) / (a - 1) * (1 - ((al + T) / (al + T + t)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, t / (al + T + t))) / alive
    total, last = 0, 0
    for k in range(1, 13):
        e = expected(k * 52 / 12)
        total, last = total + (e - last) / 1.01 ** k, e
    return float((total * m * .3).sum())

def valuescore():
    from scipy.stats import rankdata
    x, w = load('x8').reshape(-1, 8), np.array([1, 1, 1, 1, 2, 2, 2, 2])
    start()
    return float((100 * ((rankdata(x, axis=0) - 1) / (N - 1)) @ w / w.sum())[0])

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
