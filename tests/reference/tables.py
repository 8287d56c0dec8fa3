#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Usage: tests/reference/tables.py > tests/fixtures/analytics/tables.json
# Recipe: Debian 12 python3-pandas 1.5.3, numpy 1.24, statsmodels 0.13.5. Cohorts by quarter, week and day:
# pandas periods (Q, W-SUN, D); histograms: numpy.histogram, bins 'fd', 'sturges' where the quartiles coincide, or a number;
# power: statsmodels TTestIndPower, power_proportions_2indep, normal_power_het. The data stand in the answer.
import json
import numpy as np
import pandas as pd
from statsmodels.stats.power import TTestIndPower, normal_power_het
from statsmodels.stats.proportion import power_proportions_2indep
from scipy.optimize import brentq

out = {}
# one draw, kept small: days around a turn of the year, weeks that begin in the old one, days without anybody
rng = np.random.default_rng(7)
def rows(days, customers, start):
    who = rng.integers(0, customers, 60)
    when = pd.Timestamp(start) + pd.to_timedelta(rng.integers(0, days, 60), 'D')
    d = pd.DataFrame({'c': who, 'd': when, 'm': np.round(rng.gamma(2, 30, 60), 2)})
    d['m'] = np.where(rng.random(60) < .1, -d['m'], d['m'])
    return d
for name, freq, d in (('quarter', 'Q', rows(900, 18, '2023-02-11')), ('week', 'W-SUN', rows(50, 20, '2024-12-14')),
                      ('day', 'D', rows(9, 22, '2024-02-25'))):
    p = d['d'].dt.to_period(freq)
    first = p.groupby(d['c']).transform('min')
    low, high = p.min(), p.max()
    n = (high - low).n + 1
    age = (p.map(lambda v: v.ordinal) - first.map(lambda v: v.ordinal)).astype(int)
    cohorts = sorted(first.unique())
    wide = lambda s: s.unstack(fill_value=0).reindex(index=cohorts, columns=range(n), fill_value=0)
    active = wide(d.groupby([first, age])['c'].nunique())
    money = wide(d.groupby([first, age])['m'].sum()).round(2)
    size = d.groupby(first)['c'].nunique().reindex(cohorts)
    seen = np.array([[(c + a) <= high for a in range(n)] for c in cohorts])
    pooled = [float(active[a][seen[:, a]].sum() / size[seen[:, a]].sum()) for a in range(n)]
    label = (lambda v: f'{v.year}-Q{v.quarter}') if freq == 'Q' else (lambda v: str(v.start_time.date()))
    out.setdefault('cohort', {})[name] = {
        'csv': d.to_csv(index=False, date_format='%Y-%m-%d'), 'cohorts': [label(c) for c in cohorts],
        'size': size.astype(float).tolist(), 'active': active.astype(float).values.tolist(),
        'revenue': money.values.tolist(), 'observed': seen.astype(int).tolist(), 'pooled': pooled}

hist = out['histogram'] = []
for name, x, bins in (('gamma', rng.gamma(.3, 3, 200).round(4), 'fd'), ('normal', rng.normal(5, 2, 37).round(4), 'fd'),
                      ('ties', np.r_[np.full(30, 4.0), [1, 2, 7, 11]], 'sturges'), ('whole', rng.integers(0, 20, 90) * 1.0, 'fd'),
                      ('asked', rng.normal(0, 1, 64).round(4), 7), ('edges', np.arange(0, 41) * .25, 8)):
    counts, edges = np.histogram(x, bins)
    hist.append({'name': name, 'bins': bins if isinstance(bins, int) else 0, 'csv': 'x\n' + '\n'.join(map(str, x)) + '\n',
                 'counts': counts.astype(float).tolist(), 'edges': edges.tolist()})

power = out['power'] = []
def solve(f, goal): return float(brentq(lambda n: f(n) - goal, 2, 1e6, xtol=1e-11, rtol=1e-14))
def add(command, key, value): power.append({'command': command, 'key': key, 'value': float(value)})
t = TTestIndPower()
for d, ratio, alpha, one in ((.5, 2, .05, 0), (.3, .5, .01, 0), (.4, 1.5, .05, 1)):
    side = 'larger' if one else 'two-sided'
    f = lambda n: t.power(d, n, alpha, ratio=ratio, alternative=side)
    c = f'power --test two-means --effect {d} --ratio {ratio} --alpha {alpha}' + (' --one-sided' if one else '')
    add(c, 'n', solve(f, .8)); add(c + ' --n 40', 'power', f(40))
def two(p1, p2, n, ratio, alpha, side): # pooled under the null, each its own variance else
    return power_proportions_2indep(p1 - p2, p2, n, ratio=ratio, alpha=alpha, alternative=side, return_results=False)
for p1, p2, ratio, alpha, one in ((.3, .45, 2, .05, 0), (.1, .06, .5, .01, 0), (.6, .5, 3, .05, 1)):
    side = 'two-sided' if not one else ('larger' if p1 > p2 else 'smaller')
    f = lambda n: two(p1, p2, n, ratio, alpha, side)
    c = f'power --test two-proportions --p1 {p1} --p2 {p2} --ratio {ratio} --alpha {alpha}' + (' --one-sided' if one else '')
    add(c, 'n', solve(f, .8)); add(c + ' --n 150', 'power', f(150))
for p1, p0, alpha, one in ((.55, .5, .05, 0), (.08, .12, .01, 0), (.3, .2, .05, 1)):
    f = lambda n: normal_power_het(abs(p1 - p0), n, alpha, std_null=np.sqrt(p0 * (1 - p0)), std_alternative=np.sqrt(p1 * (1 - p1)),
                                   alternative='larger' if one else 'two-sided')
    c = f'power --test one-proportion --p1 {p1} --p2 {p0} --alpha {alpha}' + (' --one-sided' if one else '')
    add(c, 'n', solve(f, .8)); add(c + ' --n 150', 'power', f(150))
out['recipe'] = 'tests/reference/tables.py'
print(json.dumps(out, indent=None, separators=(',', ':')).replace('},', '},\n'))
