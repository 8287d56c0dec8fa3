/* SPDX-License-Identifier: Apache-2.0 */
/* Pearson, Spearman, partial correlation (correlate.h). */
#include "analytics/correlate.h"
#include "analytics/dist.h"
#include "analytics/ranks.h"
#include "analytics/work.h"

#define CANCEL_EVERY ((size_t)1 << 22)

void correlate_finish(Correlation *c, double used, double level)
{
    double r = c->r > 1 ? 1 : c->r < -1 ? -1 : c->r;
    double z = atanh(r), reach = dist_normal_quantile(0.5 + level / 2) / sqrt(c->n - used - 1);
    c->df = c->n - used;
    c->t = r * sqrt(c->df / ((1 - r) * (1 + r)));
    c->p = dist_t_two(c->t, c->df);
    c->low = fabs(r) >= 1 ? r : tanh(z - reach);
    c->high = fabs(r) >= 1 ? r : tanh(z + reach);
    if (c->n - used - 1 <= 0)
        c->low = c->high = NAN;
}

/* ---- Pearson */
typedef struct Pair {
    const double *x, *y, *w;
    size_t n;
} Pair;

static Status means(Kernel *k, const Pair *p, long double *n, long double *mx, long double *my)
{
    long double sx = 0, sy = 0, total = 0;
    for (size_t i = 0; i < p->n; i++) {
        double x = p->x[i], y = p->y[i], w = p->w ? p->w[i] : 1;
        if (isinf(x) || isinf(y))
            return kernel_fail(k, FAULT_NOT_FINITE, isinf(x) ? 0 : 1, (int64_t)i);
        if (!(w >= 0) || isinf(w))
            return kernel_fail(k, FAULT_WEIGHT, -1, (int64_t)i);
        if (isnan(x) || isnan(y))
            continue;
        sx += (long double)w * (long double)x;
        sy += (long double)w * (long double)y;
        total += (long double)w;
        if (i % CANCEL_EVERY == 0 && kernel_cancelled(k))
            return ST_BUSY;
    }
    if (total < 3)
        return kernel_too_few(k, 0, 3);
    *n = total;
    *mx = sx / total;
    *my = sy / total;
    return ST_OK;
}

typedef struct Products {
    long double xx, yy, xy, x, y;
} Products;

static Products products(const Pair *p, long double mx, long double my)
{
    Products s = {0};
    for (size_t i = 0; i < p->n; i++) {
        if (isnan(p->x[i]) || isnan(p->y[i]))
            continue;
        long double dx = (long double)p->x[i] - mx, dy = (long double)p->y[i] - my;
        long double wx = p->w ? (long double)p->w[i] * dx : dx;
        long double wy = p->w ? (long double)p->w[i] * dy : dy;
        s.x += wx;
        s.y += wy;
        s.xx += wx * dx;
        s.yy += wy * dy;
        s.xy += wx * dy;
    }
    return s;
}

static Status pearson(Kernel *k, const Pair *p, Correlation *ret)
{
    long double n = 0, mx = 0, my = 0;
    TRY(means(k, p, &n, &mx, &my));
    Products s = products(p, mx, my);
    s.xx -= s.x * s.x / n;
    s.yy -= s.y * s.y / n;
    s.xy -= s.x * s.y / n;
    /* rounding of equal values leaves a trace of variance */
    long double floor_x = n * mx * mx * 1e-34L, floor_y = n * my * my * 1e-34L;
    if (s.xx <= floor_x || s.yy <= floor_y)
        return kernel_fail(k, FAULT_CONSTANT, s.xx <= floor_x ? 0 : 1, -1);
    ret->n = (double)n;
    ret->r = (double)(s.xy / (sqrtl(s.xx) * sqrtl(s.yy)));
    return ST_OK;
}

Status correlate_pearson(Kernel *k, const double *x, const double *y, const double *w, size_t n,
                         double level, Correlation *ret)
{
    Pair p = {x, y, w, n};
    *ret = (Correlation){0};
    TRY(pearson(k, &p, ret));
    correlate_finish(ret, 2, level);
    return ST_OK;
}

/* ---- complete pairs, for what needs order */
static bool has_gap(const Pair *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (isnan(p->x[i]) || isnan(p->y[i]) || (p->w && p->w[i] == 0))
            return true;
    return false;
}

static void close_gaps(Arena *a, Pair *p)
{
    double *x = arena_alloc(a, sizeof(*x) * (p->n + 1)),
           *y = arena_alloc(a, sizeof(*y) * (p->n + 1));
    double *w = p->w ? arena_alloc(a, sizeof(*w) * (p->n + 1)) : NULL;
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (isnan(p->x[i]) || isnan(p->y[i]) || (p->w && p->w[i] == 0))
            continue;
        x[n] = p->x[i];
        y[n] = p->y[i];
        if (w)
            w[n] = p->w[i];
        n++;
    }
    *p = (Pair){x, y, w, n};
}

static Status spearman(Kernel *k, Arena *a, Pair p, Correlation *ret)
{
    if (has_gap(&p))
        close_gaps(a, &p);
    double *rx = arena_alloc(a, sizeof(*rx) * (p.n + 1)),
           *ry = arena_alloc(a, sizeof(*ry) * (p.n + 1));
    TRY(ranks_average(k, p.x, p.w, p.n, rx, NULL));
    Status st = ranks_average(k, p.y, p.w, p.n, ry, NULL);
    if (st == ST_INVALID && k->fault.column == 0)
        k->fault.column = 1;
    TRY(st);
    Pair ranks = {rx, ry, p.w, p.n};
    return pearson(k, &ranks, ret);
}

Status correlate_spearman(Kernel *k, const double *x, const double *y, const double *w, size_t n,
                          Correlation *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    *ret = (Correlation){0};
    TRY(spearman(k, scratch, (Pair){x, y, w, n}, ret));
    correlate_finish(ret, 2, 0.95);
    ret->low = ret->high = NAN;
    return ST_OK;
}

/* ---- partial: sweep the controls out of the matrix of correlations */
static bool sweep(long double *a, size_t m, size_t j)
{
    long double pivot = a[j * m + j];
    if (pivot < 1e-12L)
        return false;
    for (size_t r = 0; r < m; r++)
        for (size_t c = 0; r != j && c < m; c++)
            if (c != j)
                a[r * m + c] -= a[r * m + j] * a[j * m + c] / pivot;
    for (size_t r = 0; r < m; r++)
        a[r * m + j] = a[j * m + r] = 0;
    return true;
}

/* ---- all pairs of complete columns at once */
enum { BLOCK = 256 };

/* Means to the last bit; false if a sum is not finite. */
static bool column_means(const double *const *x, size_t m, size_t n, double *mean)
{
    for (size_t j = 0; j < m; j++) {
        mean[j] = (double)(work_total_of(x[j], n) / (long double)n);
        if (!isfinite(mean[j]))
            return false;
    }
    return true;
}

/* Eight sums in a fixed order, so that every processor gives the same bits. */
WORK_WIDE static double product(const double *a, const double *b, size_t n)
{
    double s[8] = {0};
    for (size_t i = 0; i < n; i += 8)
        for (size_t l = 0; l < 8; l++)
            s[l] += a[i + l] * b[i + l];
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

/* Deviations of a block, filled up with zeros. */
static size_t centre_block(const double *const *x, size_t m, size_t from, size_t n,
                           const double *mean, double *d)
{
    size_t rows = n - from < BLOCK ? n - from : BLOCK, to = (rows + 7) / 8 * 8;
    for (size_t j = 0; j < m; j++) {
        for (size_t i = 0; i < rows; i++)
            d[j * BLOCK + i] = x[j][from + i] - mean[j];
        for (size_t i = rows; i < to; i++)
            d[j * BLOCK + i] = 0;
    }
    return to;
}

/* s (m × m): Σ of products of deviations from the rounded means, corrected for what rounding left. Blocks in double,
 * their sums in long double. */
static Status block_products(Kernel *k, const double *const *x, size_t m, size_t n,
                             const double *mean, long double *s)
{
    double *d = arena_alloc(k->arena, sizeof(double) * (m + 1) * BLOCK);
    long double *rest = ARENA_ARRAY(k->arena, long double, m);
    for (size_t i = 0; i < BLOCK; i++)
        d[m * BLOCK + i] = 1;
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t rows = centre_block(x, m, from, n, mean, d);
        for (size_t i = 0; i < m; i++) {
            rest[i] += (long double)product(d + i * BLOCK, d + m * BLOCK, rows);
            for (size_t j = 0; j <= i; j++)
                s[i * m + j] += (long double)product(d + i * BLOCK, d + j * BLOCK, rows);
        }
        if (from % CANCEL_EVERY == 0 && kernel_cancelled(k))
            return ST_BUSY;
    }
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++)
            s[i * m + j] -= rest[i] * rest[j] / (long double)n;
    return ST_OK;
}

/* Correlations of complete columns without weights. *ret_done false: the slow way must say what is wrong, or hold what
 * a double does not. */
static Status quickly(Kernel *k, const double *const *x, size_t m, size_t n, long double *a,
                      bool *ret_done)
{
    double *mean = ARENA_ARRAY(k->arena, double, m);
    if (n < 3 || !column_means(x, m, n, mean))
        return ST_OK;
    long double *s = ARENA_ARRAY(k->arena, long double, m *m);
    TRY(block_products(k, x, m, n, mean, s));
    for (size_t i = 0; i < m; i++) {
        long double noise = (long double)n * (long double)mean[i] * (long double)mean[i] * 1e-31L;
        if (!(s[i * m + i] > noise && s[i * m + i] > 1e-280L && isfinite(s[i * m + i])))
            return ST_OK;
    }
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < i; j++)
            a[i * m + j] = a[j * m + i] =
                s[i * m + j] / (sqrtl(s[i * m + i]) * sqrtl(s[j * m + j]));
    *ret_done = true;
    return ST_OK;
}

static Status pair_by_pair(Kernel *k, const double *const *x, size_t m, const double *w, size_t n,
                           long double *a, double *ret_n)
{
    Correlation c = {0};
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < i; j++) {
            Pair p = {x[i], x[j], w, n};
            Status st = pearson(k, &p, &c);
            if (st == ST_INVALID && k->fault.column >= 0)
                k->fault.column = (int64_t)(k->fault.column == 0 ? i : j);
            TRY(st);
            a[i * m + j] = a[j * m + i] = (long double)c.r;
        }
    *ret_n = c.n;
    return ST_OK;
}

Status correlate_partial(Kernel *k, const double *const *x, size_t m, const double *w, size_t n,
                         double level, Correlation *ret)
{
    long double *a = ARENA_ARRAY(k->arena, long double, m *m);
    double rows = (double)n;
    bool done = false;
    *ret = (Correlation){0};
    if (!w)
        TRY(quickly(k, x, m, n, a, &done));
    if (!done)
        TRY(pair_by_pair(k, x, m, w, n, a, &rows));
    for (size_t i = 0; i < m; i++)
        a[i * m + i] = 1;
    for (size_t j = 2; j < m; j++)
        if (!sweep(a, m, j))
            return kernel_fail(k, FAULT_COLLINEAR, (int64_t)j, -1);
    if (a[0] < 1e-12L || a[m + 1] < 1e-12L)
        return kernel_fail(k, FAULT_COLLINEAR, a[0] < 1e-12L ? 0 : 1, -1);
    if (rows <= (double)m)
        return kernel_too_few(k, 0, (double)m + 1);
    ret->n = rows;
    ret->r = (double)(a[1] / sqrtl(a[0] * a[m + 1]));
    correlate_finish(ret, (double)m, level);
    return ST_OK;
}
