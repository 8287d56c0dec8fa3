/* SPDX-License-Identifier: Apache-2.0 */
/* Chi-square tests and measures of association of a table of counts (crosstab.h). */
#include "analytics/crosstab.h"
#include "analytics/dist.h"

static Status totals(Kernel *k, const double *counts, Crosstab *t)
{
    size_t used_rows = 0, used_cols = 0;
    for (size_t i = 0; i < t->rows * t->cols; i++) {
        if (!(counts[i] >= 0) || isinf(counts[i]))
            return kernel_fail(k, FAULT_RANGE, 0, (int64_t)i);
        t->row_total[i / t->cols] += counts[i];
        t->col_total[i % t->cols] += counts[i];
        t->n += counts[i];
    }
    for (size_t i = 0; i < t->rows; i++)
        used_rows += t->row_total[i] > 0;
    for (size_t j = 0; j < t->cols; j++)
        used_cols += t->col_total[j] > 0;
    if (!(t->n > 0))
        return kernel_fail(k, FAULT_EMPTY, 0, -1);
    if (used_rows < 2 || used_cols < 2)
        return kernel_fail(k, FAULT_ONE_GROUP, used_rows < 2 ? 0 : 1, -1);
    t->df = (double)((used_rows - 1) * (used_cols - 1));
    size_t least = used_rows < used_cols ? used_rows : used_cols;
    t->cramers_v = (double)least - 1; /* divided later */
    return ST_OK;
}

static void chi_squares(const double *counts, Crosstab *t)
{
    long double pearson = 0, ratio = 0;
    t->min_expected = INFINITY;
    for (size_t i = 0; i < t->rows; i++)
        for (size_t j = 0; j < t->cols; j++) {
            size_t c = i * t->cols + j;
            double e = t->row_total[i] * t->col_total[j] / t->n, d = counts[c] - e;
            double rest = (1 - t->row_total[i] / t->n) * (1 - t->col_total[j] / t->n);
            t->expected[c] = e;
            t->residual[c] = d;
            t->adjusted[c] = e > 0 && rest > 0 ? d / sqrt(e * rest) : NAN;
            if (!(e > 0))
                continue;
            pearson += (long double)d * (long double)d / (long double)e;
            if (counts[c] > 0)
                ratio += 2 * (long double)counts[c] * logl((long double)counts[c] / (long double)e);
            t->min_expected = e < t->min_expected ? e : t->min_expected;
            t->below_5 += e < 5;
        }
    t->pearson = (double)pearson;
    t->likelihood_ratio = (double)ratio;
    t->p = dist_chi2_upper(t->pearson, t->df);
    t->p_lr = dist_chi2_upper(t->likelihood_ratio, t->df);
}

static void linear(const double *counts, const double *rs, const double *cs, Crosstab *t)
{
    long double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0, n = (long double)t->n;
    for (size_t i = 0; i < t->rows; i++)
        sx += (long double)t->row_total[i] * (long double)(rs ? rs[i] : (double)i);
    for (size_t j = 0; j < t->cols; j++)
        sy += (long double)t->col_total[j] * (long double)(cs ? cs[j] : (double)j);
    for (size_t i = 0; i < t->rows; i++)
        for (size_t j = 0; j < t->cols; j++) {
            long double c = (long double)counts[i * t->cols + j];
            long double dx = (long double)(rs ? rs[i] : (double)i) - sx / n;
            long double dy = (long double)(cs ? cs[j] : (double)j) - sy / n;
            sxx += c * dx * dx;
            syy += c * dy * dy;
            sxy += c * dx * dy;
        }
    bool has_spread = sxx > 0 && syy > 0;
    t->linear = has_spread ? (double)((n - 1) * sxy * sxy / (sxx * syy)) : NAN;
    t->p_linear = has_spread ? dist_chi2_upper(t->linear, 1) : NAN;
}

/* ---- 2 × 2 */
static void fisher(const double *c, Crosstab *t)
{
    double a = c[0], m = t->row_total[0], n = t->col_total[0], total = t->n;
    double low = fmax(0, n - (total - m)), high = fmin(m, n);
    long double all = 0, two = 0, left = 0, right = 0;
    double observed = dist_hypergeometric_density(a, n, m, total);
    for (int64_t i = 0; i <= (int64_t)(high - low); i++) {
        double k = low + (double)i;
        long double p = (long double)dist_hypergeometric_density(k, n, m, total);
        all += p;
        two += p <= (long double)observed * (1 + 1e-7L) ? p : 0;
        left += k <= a ? p : 0;
        right += k >= a ? p : 0;
    }
    t->fisher = fmin(1, (double)(two / all));
    t->fisher_left = fmin(1, (double)(left / all));
    t->fisher_right = fmin(1, (double)(right / all));
}

static bool is_whole(const double *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c[i] != floor(c[i]) || c[i] > 1e9)
            return false;
    return true;
}

static void two_by_two(const double *c, Crosstab *t)
{
    double product = t->row_total[0] * t->row_total[1] * t->col_total[0] * t->col_total[1];
    double cross = c[0] * c[3] - c[1] * c[2], gap = fabs(cross) - t->n / 2;
    t->phi = cross / sqrt(product);
    t->yates = gap > 0 ? t->n * gap * gap / product : 0;
    t->p_yates = dist_chi2_upper(t->yates, 1);
    t->odds_ratio = c[0] * c[3] / (c[1] * c[2]);
    double reach = dist_normal_quantile(.975) * sqrt(1 / c[0] + 1 / c[1] + 1 / c[2] + 1 / c[3]);
    t->or_low = exp(log(t->odds_ratio) - reach);
    t->or_high = exp(log(t->odds_ratio) + reach);
    if (is_whole(c, 4))
        fisher(c, t);
}

Status crosstab_test(Kernel *k, const double *counts, size_t rows, size_t cols,
                     const double *row_score, const double *col_score, Crosstab *ret)
{
    Arena *a = k->arena;
    *ret = (Crosstab){.rows = rows, .cols = cols};
    ret->row_total = ARENA_ARRAY(a, double, rows + 1);
    ret->col_total = ARENA_ARRAY(a, double, cols + 1);
    ret->expected = ARENA_ARRAY(a, double, rows *cols);
    ret->residual = ARENA_ARRAY(a, double, rows *cols);
    ret->adjusted = ARENA_ARRAY(a, double, rows *cols);
    TRY(totals(k, counts, ret));
    chi_squares(counts, ret);
    linear(counts, row_score, col_score, ret);
    ret->cramers_v = sqrt(ret->pearson / (ret->n * ret->cramers_v));
    ret->contingency_c = sqrt(ret->pearson / (ret->pearson + ret->n));
    ret->phi = sqrt(ret->pearson / ret->n);
    ret->yates = ret->p_yates = ret->odds_ratio = ret->or_low = ret->or_high = NAN;
    ret->fisher = ret->fisher_left = ret->fisher_right = NAN;
    if (rows == 2 && cols == 2)
        two_by_two(counts, ret);
    return ST_OK;
}
