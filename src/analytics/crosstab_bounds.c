/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of Σ ln x! over the tables with given margins: from below by Lagrange's relaxation and by columns or rows alone
 * spread evenly, from above by columns or rows alone filled greedily. Loose bounds cost time, never correctness. */
#include "analytics/crosstab_exact_internal.h"
#include <assert.h>

/* Σ ln x! of `total` spread as evenly as whole numbers go over n places. */
static double even_cost(const double *f, int32_t total, int32_t n)
{
    int32_t each = total / n, more = total % n;
    return more * f[each + 1] + (n - more) * f[each];
}

/* The most Σ ln x! of `total` over places with these capacities: fill the largest first (ln x! is convex). */
static double greedy_cost(const double *f, int32_t total, const int32_t *room, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n && total > 0; i++) {
        int32_t x = total < room[i] ? total : room[i];
        sum += f[x];
        total -= x;
    }
    return sum;
}

/* α with Σ floor(α β) next to `total`, by halving between bounds on both sides. */
static double match(double total, const double *beta, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += beta[j];
    double low = total / sum, high = (total + (double)n) / sum;
    for (int i = 0; i < 10; i++) {
        double middle = (low + high) / 2, found = 0;
        for (size_t j = 0; j < n; j++)
            found += floor(middle * beta[j]);
        *(found > total ? &high : &low) = middle;
    }
    return (low + high) / 2;
}

/* For any α and β, Σ ln x! ≥ Σ over cells of min over x of (ln x! − x ln αβ) + Σ R ln α + Σ C ln β: Lagrange's relaxation, which
 * is exact at its best α and β since the costs are convex. A few turns of raising it come close. */
static double relaxed_cost(const ExactNet *w, const int32_t *need, size_t rows, const int32_t *col,
                           size_t cols)
{
    double alpha[CROSSTAB_ROWS], beta[CROSSTAB_COLS], sum = 0;
    for (size_t j = 0; j < cols; j++)
        beta[j] = col[j] + 0.5 * (double)rows;
    for (int turn = 0; turn < 3; turn++) {
        for (size_t i = 0; i < rows; i++)
            alpha[i] = match(need[i], beta, cols);
        for (size_t j = 0; j < cols && turn < 2; j++)
            beta[j] = match(col[j], alpha, rows);
    }
    for (size_t i = 0; i < rows; i++) {
        sum += need[i] * log(alpha[i]);
        for (size_t j = 0; j < cols; j++) {
            double each = alpha[i] * beta[j];
            int32_t x = each < w->total ? (int32_t)each : w->total;
            sum += w->f[x] - (x ? x * log(each) : 0);
        }
    }
    for (size_t j = 0; j < cols; j++)
        sum += col[j] * log(beta[j]);
    return sum;
}

void crosstab_bounds(const ExactNet *w, const int32_t *need, const int32_t *col, size_t cols,
                     int64_t *ret_low, int64_t *ret_high)
{
    double by_rows = 0, by_cols = 0, high_rows = 0, high_cols = 0;
    size_t rows = 0;
    while (rows < w->rows && need[rows] > 0)
        rows++;
    assert(rows > 0 && cols > 0); /* columns left are not empty */
    for (size_t i = 0; i < rows; i++) {
        by_rows += even_cost(w->f, need[i], (int32_t)cols);
        high_rows += greedy_cost(w->f, need[i], col, cols);
    }
    for (size_t j = 0; j < cols; j++) {
        by_cols += even_cost(w->f, col[j], (int32_t)rows);
        high_cols += greedy_cost(w->f, col[j], need, rows);
    }
    double low = fmax(fmax(by_rows, by_cols), relaxed_cost(w, need, rows, col, cols));
    *ret_low = (int64_t)floor((low - w->slack) * w->scale);
    *ret_high = (int64_t)ceil((fmin(high_rows, high_cols) + w->slack) * w->scale);
}
