/* SPDX-License-Identifier: Apache-2.0 */
/* Pearson, Spearman, Kendall, partial correlation (correlate.h). */
#include "analytics/correlate.h"
#include "analytics/dist.h"
#include "analytics/ranks.h"
#include <stdlib.h>

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

/* ---- Kendall */
typedef struct Item {
    double x, y, w;
} Item;

static int by_x_then_y(const void *a, const void *b)
{
    const Item *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return (p->y > q->y) - (p->y < q->y);
}

/* Weight of the pairs out of order in y. */
static long double inversions(Item *v, Item *other, size_t n)
{
    long double sum = 0;
    if (n < 2)
        return 0;
    size_t half = n / 2, i = 0, j = half, to = 0;
    sum += inversions(v, other, half) + inversions(v + half, other + half, n - half);
    long double left = 0;
    for (size_t l = 0; l < half; l++)
        left += (long double)v[l].w;
    while (i < half && j < n) {
        if (v[i].y <= v[j].y) {
            left -= (long double)v[i].w;
            other[to++] = v[i++];
        } else {
            sum += left * (long double)v[j].w;
            other[to++] = v[j++];
        }
    }
    memcpy(other + to, v + i, (half - i) * sizeof(*v));
    memcpy(other + to + (half - i), v + j, (n - j) * sizeof(*v));
    memcpy(v, other, n * sizeof(*v));
    return sum;
}

typedef struct Ties {
    long double pairs, t0, t1; /* Σ t(t−1)/2, Σ t(t−1)(t−2), Σ t(t−1)(2t+5) */
} Ties;

static void add_tie(Ties *s, long double t)
{
    s->pairs += t * (t - 1) / 2;
    s->t0 += t * (t - 1) * (t - 2);
    s->t1 += t * (t - 1) * (2 * t + 5);
}

/* what: 0 equal x, 1 equal y, 2 equal both; v sorted so that equal ones stand together. */
static Ties ties_of(const Item *v, size_t n, int what)
{
    Ties s = {0};
    for (size_t i = 0, end; i < n; i = end) {
        long double t = 0;
        for (end = i; end < n; end++) {
            bool same_x = v[end].x == v[i].x, same_y = v[end].y == v[i].y;
            if (!(what == 0 ? same_x : what == 1 ? same_y : same_x && same_y))
                break;
            t += (long double)v[end].w;
        }
        add_tie(&s, t);
    }
    return s;
}

static Status finish_kendall(Kernel *k, long double n, long double discordant, const Ties *x,
                             const Ties *y, const Ties *both, Correlation *ret)
{
    long double all = n * (n - 1) / 2, m = n * (n - 1);
    if (n < 3)
        return kernel_too_few(k, 0, 3);
    if (all - x->pairs <= 0 || all - y->pairs <= 0)
        return kernel_fail(k, FAULT_CONSTANT, all - x->pairs <= 0 ? 0 : 1, -1);
    long double s = all - x->pairs - y->pairs + both->pairs - 2 * discordant;
    long double variance = (m * (2 * n + 5) - x->t1 - y->t1) / 18 + 2 * x->pairs * y->pairs / m +
                           x->t0 * y->t0 / (9 * m * (n - 2));
    ret->n = (double)n;
    ret->r = (double)(s / (sqrtl(all - x->pairs) * sqrtl(all - y->pairs)));
    ret->p = dist_normal_two((double)(s / sqrtl(variance)));
    ret->t = ret->df = ret->low = ret->high = NAN;
    return ST_OK;
}

static Status fill_items(Kernel *k, const Pair *p, Item *v, size_t *ret_m, long double *ret_n)
{
    for (size_t i = 0; i < p->n; i++) {
        double x = p->x[i], y = p->y[i], w = p->w ? p->w[i] : 1;
        if (isinf(x) || isinf(y))
            return kernel_fail(k, FAULT_NOT_FINITE, isinf(x) ? 0 : 1, (int64_t)i);
        if (isnan(x) || isnan(y) || !(w > 0))
            continue;
        v[(*ret_m)++] = (Item){x, y, w};
        *ret_n += (long double)w;
    }
    return ST_OK;
}

Status correlate_kendall(Kernel *k, const double *x, const double *y, const double *w, size_t n,
                         Correlation *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    Item *v = arena_alloc(scratch, sizeof(*v) * (n + 1)),
         *other = arena_alloc(scratch, sizeof(*v) * (n + 1));
    Pair p = {x, y, w, n};
    long double total = 0;
    size_t m = 0;
    *ret = (Correlation){0};
    TRY(fill_items(k, &p, v, &m, &total));
    if (m)
        qsort(v, m, sizeof(*v), by_x_then_y);
    if (kernel_cancelled(k))
        return ST_BUSY;
    Ties tx = ties_of(v, m, 0), both = ties_of(v, m, 2);
    long double discordant = inversions(v, other, m); /* leaves v sorted by y */
    Ties ty = ties_of(v, m, 1);
    return finish_kendall(k, total, discordant, &tx, &ty, &both, ret);
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

Status correlate_partial(Kernel *k, const double *const *x, size_t m, const double *w, size_t n,
                         double level, Correlation *ret)
{
    long double *a = ARENA_ARRAY(k->arena, long double, m *m);
    Correlation c = {0};
    *ret = c;
    for (size_t i = 0; i < m; i++) {
        a[i * m + i] = 1;
        for (size_t j = 0; j < i; j++) {
            Pair p = {x[i], x[j], w, n};
            Status st = pearson(k, &p, &c);
            if (st == ST_INVALID && k->fault.column >= 0)
                k->fault.column = (int64_t)(k->fault.column == 0 ? i : j);
            TRY(st);
            a[i * m + j] = a[j * m + i] = (long double)c.r;
        }
    }
    for (size_t j = 2; j < m; j++)
        if (!sweep(a, m, j))
            return kernel_fail(k, FAULT_COLLINEAR, (int64_t)j, -1);
    if (a[0] < 1e-12L || a[m + 1] < 1e-12L)
        return kernel_fail(k, FAULT_COLLINEAR, a[0] < 1e-12L ? 0 : 1, -1);
    if (c.n <= (double)m)
        return kernel_too_few(k, 0, (double)m + 1);
    ret->n = c.n;
    ret->r = (double)(a[1] / sqrtl(a[0] * a[m + 1]));
    correlate_finish(ret, (double)m, level);
    return ST_OK;
}
