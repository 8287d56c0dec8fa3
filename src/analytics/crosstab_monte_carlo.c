/* SPDX-License-Identifier: Apache-2.0 */
/* Random tables with the margins of the one observed (Patefield), and what both exact tests need. */
#include "analytics/crosstab_internal.h"
#include "analytics/dist.h"

long double *crosstab_log_factorials(Arena *a, double n)
{
    long double *f = ARENA_ARRAY(a, long double, (size_t)n + 2);
    for (size_t i = 1; i <= (size_t)n; i++)
        f[i] = f[i - 1] + logl((long double)i);
    return f;
}

Status crosstab_whole(Kernel *k, const double *counts, size_t n, double *ret_total)
{
    *ret_total = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(counts[i] >= 0) || counts[i] != floor(counts[i]))
            return kernel_fail(k, FAULT_RANGE, 0, (int64_t)i);
        *ret_total += counts[i];
    }
    if (*ret_total < 1)
        return kernel_fail(k, FAULT_EMPTY, 0, -1);
    return *ret_total > 1e8 ? ST_TOO_LARGE : ST_OK;
}

void crosstab_margins(const double *counts, size_t rows, size_t cols, double *r, double *c)
{
    for (size_t i = 0; i < rows * cols; i++) {
        r[i / cols] += counts[i];
        c[i % cols] += counts[i];
    }
}

long double crosstab_cell_sum(const long double *f, const double *counts, size_t n)
{
    long double v = 0;
    for (size_t i = 0; i < n; i++)
        v += f[(size_t)counts[i]];
    return v;
}

typedef struct Draw {
    Random random;
    size_t rows, cols;
    const double *row_total, *col_total;
    const long double *f;
    double *col_left, *cells;
} Draw;

/* One cell of Patefield's table: hypergeometric, from the mode outwards. */
static double draw_cell(Draw *d, double need, double here, double rest)
{
    double low = fmax(0, need - rest), high = fmin(need, here), n = here + rest;
    double mode = floor((need + 1) * (here + 1) / (n + 2));
    double up = mode > high ? high : mode < low ? low : mode, down = up;
    const long double *f = d->f;
    long double log_p = f[(size_t)here] - f[(size_t)up] - f[(size_t)(here - up)] + f[(size_t)rest] -
                        f[(size_t)(need - up)] - f[(size_t)(rest - need + up)] - f[(size_t)n] +
                        f[(size_t)need] + f[(size_t)(n - need)];
    double p_up = (double)expl(log_p), p_down = p_up, u = random_unit(&d->random) - p_up;
    while (u >= 0 && (up < high || down > low)) {
        if (up < high) {
            p_up *= (here - up) * (need - up) / ((up + 1) * (rest - need + up + 1));
            up++;
            u -= p_up;
            if (u < 0)
                return up;
        }
        if (down > low) {
            p_down *= down * (rest - need + down) / ((here - down + 1) * (need - down + 1));
            down--;
            u -= p_down;
            if (u < 0)
                return down;
        }
    }
    return u < 0 ? mode > high ? high : mode < low ? low : mode : up;
}

static void draw_table(Draw *d)
{
    memcpy(d->col_left, d->col_total, sizeof(double) * d->cols);
    for (size_t i = 0; i < d->rows; i++) {
        double need = d->row_total[i], rest = 0;
        for (size_t j = 0; j < d->cols; j++)
            rest += d->col_left[j];
        for (size_t j = 0; j < d->cols; j++) {
            double here = d->col_left[j];
            rest -= here;
            double x = i + 1 == d->rows ? here : draw_cell(d, need, here, rest);
            d->cells[i * d->cols + j] = x;
            d->col_left[j] -= x;
            need -= x;
        }
    }
}

static double pearson(const Draw *d, const double *cells, double total)
{
    double sum = 0;
    for (size_t i = 0; i < d->rows * d->cols; i++) {
        double e = d->row_total[i / d->cols] * d->col_total[i % d->cols] / total;
        if (e > 0)
            sum += (cells[i] - e) * (cells[i] - e) / e;
    }
    return sum;
}

static void interval(double hits, double draws, double *low, double *high)
{
    *low = hits > 0 ? dist_beta_quantile(.005, hits, draws - hits + 1) : 0;
    *high = hits < draws ? dist_beta_quantile(.995, hits + 1, draws - hits) : 1;
}

Status crosstab_monte_carlo(Kernel *k, const double *counts, size_t rows, size_t cols, size_t draws,
                            MonteCarlo *ret)
{
    double total, fisher = 0, chi = 0;
    Arena *a = k->arena;
    TRY(crosstab_whole(k, counts, rows * cols, &total));
    double *r = ARENA_ARRAY(a, double, rows + 1), *c = ARENA_ARRAY(a, double, cols + 1);
    crosstab_margins(counts, rows, cols, r, c);
    Draw d = {.random = random_of(k->seed, 0),
              .rows = rows,
              .cols = cols,
              .row_total = r,
              .col_total = c};
    d.f = crosstab_log_factorials(a, total);
    d.col_left = ARENA_ARRAY(a, double, cols + 1);
    d.cells = ARENA_ARRAY(a, double, rows *cols);
    long double observed = crosstab_cell_sum(d.f, counts, rows * cols);
    double observed_chi = pearson(&d, counts, total);
    for (size_t i = 0; i < draws; i++) {
        draw_table(&d);
        fisher += crosstab_cell_sum(d.f, d.cells, rows * cols) >= observed - 1e-7L;
        chi += pearson(&d, d.cells, total) >= observed_chi * (1 - 1e-12);
        if (i % 4096 == 0 && kernel_cancelled(k))
            return ST_BUSY;
    }
    *ret = (MonteCarlo){.draws = (double)draws};
    ret->p_fisher = (fisher + 1) / (ret->draws + 1);
    ret->p_pearson = (chi + 1) / (ret->draws + 1);
    interval(fisher, ret->draws, &ret->low_fisher, &ret->high_fisher);
    interval(chi, ret->draws, &ret->low_pearson, &ret->high_pearson);
    return ST_OK;
}
