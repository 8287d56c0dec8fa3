# SPDX-License-Identifier: Apache-2.0
"""Usage: /usr/bin/python3 tests/reference/studentised_range.py: intervals of Games & Howell for
tests/unit/analyze/analyze_options_test.c (Debian 12 python3-scipy 1.10). R's ptukey is exact to some 1e-6 there."""
from math import sqrt

from scipy.stats import studentized_range

# difference, standard error and degrees of freedom as tests/reference/options.R prints them
for diff, se, df in [(-0.285, 1.37230645265553, 3.72628563714469), (-0.32, 0.530282943342514, 6.69763124058755),
                     (-0.035, 1.32635779486532, 3.28178808754701)]:
    reach = studentized_range.ppf(0.95, 3, df) * se / sqrt(2)
    p = studentized_range.sf(abs(diff) / se * sqrt(2), 3, df)
    print(f"{diff} p {p:.12g} ci {diff - reach:.12g} {diff + reach:.12g}")
