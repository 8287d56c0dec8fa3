#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Usage: tests/bench/analytics/bench.py KERNELS GUANXI FOLDER [--record FILE] [TASK...]
# Runs each row: our kernel and its peer in turn, three times each (BENCH_TIMES) on the same arrays, least CPU
# counts (noise only adds); then whole commands on CSV files. --record writes the table as Markdown between marks.
import os, resource, subprocess, sys, time
import numpy as np
here = os.path.dirname(os.path.abspath(__file__))
args = sys.argv[1:]
record = None
if '--record' in args:
    i = args.index('--record'); record = args[i + 1]; del args[i:i + 2]
kernels, guanxi, folder, wanted = args[0], args[1], args[2], args[3:]

# task, n, peer, program of the peer, name of its task, most ratio
ROWS = [
    ('kmeans', 100000, 'scikit-learn', 'py', 'kmeans', 1), ('kmeans', 1000000, 'scikit-learn', 'py', 'kmeans', 1),
    ('rfm', 1000000, 'pandas', 'py', 'rfm', 1), ('rfm', 10000000, 'pandas', 'py', 'rfm', 1),
    ('cohort', 1000000, 'pandas', 'py', 'cohort', 1), ('cohort', 10000000, 'pandas', 'py', 'cohort', 1),
    ('bgnbd', 2357, 'scipy', 'py', 'bgnbd', 1), ('bgnbd', 100000, 'scipy', 'py', 'bgnbd', 1),
    ('som', 10000, 'R kohonen', 'R', 'som', .2), ('som', 100000, 'R kohonen', 'R', 'som', .2),
    ('ward', 2000, 'scipy', 'py', 'ward', 1), ('ward', 10000, 'scipy', 'py', 'ward', 1),
    ('average', 2000, 'scipy', 'py', 'average', 1), ('average', 10000, 'scipy', 'py', 'average', 1),
    ('silhouette', 10000, 'scikit-learn', 'py', 'silhouette', 1),
    ('factor', 100000, 'R', 'R', 'factor', .2), ('reliability', 100000, 'R psych', 'R', 'reliability', .2),
    ('correspondence', 200, 'R ca', 'R', 'correspondence', .2),
    ('logistic', 100000, 'scikit-learn', 'py', 'logistic_sklearn', 1), ('logistic', 1000000, 'scikit-learn', 'py', 'logistic_sklearn', 1),
    ('logistic', 100000, 'statsmodels', 'py', 'logistic', .2), ('logistic', 1000000, 'statsmodels', 'py', 'logistic', .2),
    ('logistic', 100000, 'R glm.fit', 'R', 'logistic', .2),
    ('ols', 100000, 'statsmodels', 'py', 'ols', .2), ('ols', 1000000, 'statsmodels', 'py', 'ols', .2),
    ('anova', 1000000, 'scipy', 'py', 'anova', 1), ('pearson', 1000000, 'scipy', 'py', 'pearson', 1),
    ('spearman', 1000000, 'scipy', 'py', 'spearman', 1),
    ('frequencies', 1000000, 'pandas', 'py', 'frequencies', 1), ('descriptives', 1000000, 'scipy', 'py', 'descriptives', 1),
    ('explore', 1000000, 'pandas, scipy', 'py', 'explore', 1), ('pareto', 1000000, 'numpy', 'py', 'pareto', 1),
    ('crosstab', 1000000, 'pandas, scipy', 'py', 'crosstab', 1), ('ttest', 1000000, 'scipy', 'py', 'ttest', 1),
    ('factorial', 100000, 'statsmodels', 'py', 'factorial', .2), ('mannwhitney', 1000000, 'scipy', 'py', 'mannwhitney', 1),
    ('wilcoxon', 1000000, 'scipy', 'py', 'wilcoxon', 1), ('friedman', 100000, 'scipy', 'py', 'friedman', 1),
    ('exact', 6, 'R fisher.test', 'R', 'exact', .2), ('kruskal', 1000000, 'scipy', 'py', 'kruskal', 1), ('kendall', 100000, 'scipy', 'py', 'kendall', 1),
    ('partial', 1000000, 'numpy', 'py', 'partial', 1), ('roc', 1000000, 'scikit-learn', 'py', 'roc', 1),
    ('roc', 100000, 'R pROC', 'R', 'roc', .2), ('nps', 1000000, 'pandas', 'py', 'nps', 1),
    ('csat', 1000000, 'pandas, statsmodels', 'py', 'csat', 1), ('ces', 1000000, 'pandas', 'py', 'ces', 1),
    ('power', 50, 'statsmodels', 'py', 'power', .2), ('itemsets', 20000, 'scipy.sparse', 'py', 'itemsets', 1),
    ('rules', 20000, 'scipy', 'py', 'rules', 1), ('paretonbd', 2357, 'scipy', 'py', 'paretonbd', 1),
    ('gammagamma', 100000, 'scipy', 'py', 'gammagamma', 1), ('clv', 100000, 'scipy', 'py', 'clv', 1),
    ('valuescore', 100000, 'scipy', 'py', 'valuescore', 1),
]

def once(command):
    p = subprocess.run(command, capture_output=True, text=True)
    if p.returncode == 3:
        return None
    if p.returncode:
        print(f'  {command[1:3]}: {p.stderr.strip()[-300:]}', file=sys.stderr)
        return None
    return [float(v) for v in p.stdout.split()[-3:]]

def best(command, times=3):
    runs = [once(command) for _ in range(times)]
    return min((r for r in runs if r), default=None)

def peer_command(kind, task, n):
    script = ['/usr/bin/python3', f'{here}/peers.py'] if kind == 'py' else ['Rscript', f'{here}/peers.R']
    return script + [task, str(n), folder]

lines = ['| kernel | n | ours, CPU s | peer | CPU s | ratio | target | figure ours / peer | peak MB ours / peer |', '| --- | --- | --- | --- | --- | --- | --- | --- | --- |']
failed = 0
for task, n, peer, kind, name, most in ROWS:
    if wanted and task not in wanted:
        continue
    times = 1 if n >= 10000000 else int(os.environ.get('BENCH_TIMES', '3'))
    ours, theirs = best([kernels, task, str(n), folder], times), best(peer_command(kind, name, n), times)
    if not ours or not theirs:
        print(f'{task} {n}: not measured ({"kernel" if not ours else peer} missing)')
        continue
    ratio = ours[0] / theirs[0]
    failed += ratio > most
    lines.append(f'| {task} | {n:,} | {ours[0]:.4f} | {peer} | {theirs[0]:.4f} | {ratio:.2f} | ≤ {most} | {ours[2]:.6g} / {theirs[2]:.6g} | {ours[1]:.0f} / {theirs[1]:.0f} |')
    print(lines[-1], flush=True)

# Whole commands: CSV → result. The peer reads the same file by pandas and calls the same function.
def csv_files():
    n = 1000000
    path = f'{folder}/sales.csv'
    if not os.path.exists(path):
        c, d, a = (np.fromfile(f'{folder}/{f}_{n}.bin', dtype=t) for f, t in (('customer', np.int64), ('day', np.int32), ('amount', np.int64)))
        days = np.array([str(np.datetime64('2023-01-01') + i) for i in range(400)])
        with open(path, 'w') as f:
            f.write('customer,date,amount\n')
            f.writelines(f'{c[i]},{days[d[i]]},{a[i] // 100}.{a[i] % 100:02d}\n' for i in range(n))
    path8 = f'{folder}/x8.csv'
    if not os.path.exists(path8):
        np.savetxt(path8, np.fromfile(f'{folder}/x8_{n}.bin').reshape(-1, 8), fmt='%.6f', delimiter=',', header=','.join('abcdefgh'), comments='')
    return path, path8

def child(command):
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    p = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if p.returncode:
        print(p.stderr[-300:], file=sys.stderr)
        return None
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.time() - wall

if not wanted or 'csv' in wanted:
    sales, x8 = csv_files()
    env = "import os; os.environ['OMP_NUM_THREADS']='1'; import pandas as pd, numpy as np; "
    WHOLE = [
        ('rfm', ['rfm', '--csv', sales, '--customer', 'customer', '--date', 'date', '--amount', 'amount', '--snapshot', '2024-06-01'],
         env + f"f=pd.read_csv({sales!r},parse_dates=['date']); g=f.groupby('customer').agg(d=('date','max'),n=('date','size'),a=('amount','sum')); print([np.quantile(g[k].astype('int64') if k=='d' else g[k],[.2,.4,.6,.8]).tolist() for k in 'dna'])"),
        ('cohort', ['cohort', '--csv', sales, '--customer', 'customer', '--date', 'date'],
         env + f"f=pd.read_csv({sales!r},parse_dates=['date']); f['m']=f['date'].dt.year*12+f['date'].dt.month; f['first']=f.groupby('customer')['m'].transform('min'); print(f.groupby(['first','m'])['customer'].nunique().sum())"),
        # to convergence, silhouette on 20,000 rows, a tree of depth 3 on 50,000 for each group's name: what the command does
        ('kmeans, 1 start, with silhouette and names', ['kmeans', '--csv', x8, '--k', '8', '--starts', '1', '--bootstrap', '0', '--prepare', 'none'],
         env + f"f=pd.read_csv({x8!r}).to_numpy(); from sklearn.cluster import KMeans; from sklearn.metrics import silhouette_score; from sklearn.tree import DecisionTreeClassifier as Tree; "
         "m=KMeans(8,n_init=1,max_iter=300,tol=0,random_state=1).fit(f); i=np.random.default_rng(1).choice(len(f),50000,False); "
         "print(m.inertia_, silhouette_score(f,m.labels_,sample_size=20000,random_state=1), [Tree(max_depth=3,min_samples_leaf=5).fit(f[i],m.labels_[i]==k).score(f[i],m.labels_[i]==k) for k in range(8)])"),
    ]
    lines += ['', '| whole command on 1,000,000 rows of CSV | ours CPU s (wall) | pandas / scikit-learn CPU s (wall) | ratio |', '| --- | --- | --- | --- |']
    for name, ours, theirs in WHOLE:
        a, b = child([guanxi, 'analyze', *ours, '--json']), child(['/usr/bin/python3', '-c', theirs])
        if a and b:
            lines.append(f'| {name} | {a[0]:.2f} ({a[1]:.2f}) | {b[0]:.2f} ({b[1]:.2f}) | {a[0] / b[0]:.2f} |')
            print(lines[-1], flush=True)
if record:
    open(record, 'w').write('\n'.join(lines) + '\n')
print(f'{failed} rows above their target')
sys.exit(1 if failed else 0)
