#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Usage: tests/reference/hierarchical.py DATA > tests/fixtures/analytics/hierarchical.json
# Recipe: Debian 12 python3-scipy 1.10; wholesale customers, columns 3-8, ln(1+x), mean 0, population sd 1.
import csv, json, math, sys
import numpy as np
from scipy.cluster.hierarchy import linkage, fcluster

with open(sys.argv[1] + '/wholesale/wholesale_customers.csv') as f:
    rows = [[float(v) for v in r[2:8]] for r in list(csv.reader(f))[1:]]
x = np.log1p(np.array(rows))
x = (x - x.mean(axis=0)) / x.std(axis=0)
out = {'recipe': 'scipy.cluster.hierarchy.linkage, euclidean'}
for method in ['ward', 'average', 'complete']:
    z = linkage(x, method)
    sizes = {}
    for k in (2, 3, 5, 8):
        labels = fcluster(z, k, 'maxclust')
        sizes[k] = sorted((int(v) for v in np.bincount(labels)[1:]), reverse=True)
    out[method] = {'heights_last_20': [float(v) for v in z[-20:, 2]], 'height_sum': math.fsum(z[:, 2]),
                   'sizes_desc': sizes}
json.dump(out, sys.stdout, indent=1)
