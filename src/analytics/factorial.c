/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of squares of types I, II and III as differences of residual sums between models (factorial.h). */
#include "analytics/factorial.h"
#include "analytics/dist.h"
#include "analytics/ols.h"

#define MOST_PARAMETERS 400

typedef struct Design {
    Kernel *k;
    const size_t *levels;
    size_t factors, cells, columns; /* columns: without the intercept */
    unsigned *effect;               /* of each column of the triangle, the intercept first */
    Triangle t;
    long double within;
} Design;

static int bits(unsigned v) { return __builtin_popcount(v); }

/* Effects in order: fewer factors first, then by the factors' order. */
static void order(size_t factors, unsigned *ret)
{
    size_t n = 0;
    for (int size = 0; size <= (int)factors; size++)
        for (unsigned e = 0; e < 1u << factors; e++)
            if (bits(e) == size)
                ret[n++] = e;
}

static size_t width(const Design *d, unsigned effect)
{
    size_t n = 1;
    for (size_t f = 0; f < d->factors; f++)
        n *= effect >> f & 1 ? d->levels[f] - 1 : 1;
    return n;
}

/* Sum-to-zero code of column c (0 … levels − 2) at a level. */
static double code(size_t level, size_t c, size_t levels)
{
    return level == levels - 1 ? -1 : level == c;
}

static double entry(const Design *d, unsigned effect, size_t column, size_t cell)
{
    double v = 1;
    for (size_t f = d->factors; f-- > 0; cell /= d->levels[f]) {
        if (!(effect >> f & 1))
            continue;
        v *= code(cell % d->levels[f], column % (d->levels[f] - 1), d->levels[f]);
        column /= d->levels[f] - 1;
    }
    return v;
}

static Status build(Design *d, const GroupStat *cell, const unsigned *effects, size_t n_effects)
{
    Arena *a = d->k->arena;
    size_t used = 0, at = 0, most = 1;
    for (size_t e = 1; e < n_effects; e++)
        most += width(d, effects[e]);
    if (most > MOST_PARAMETERS)
        return ST_TOO_LARGE;
    d->columns = most - 1;
    d->effect = ARENA_ARRAY(a, unsigned, most);
    double **x = ARENA_ARRAY(a, double *, most), *y = ARENA_ARRAY(a, double, d->cells + 1);
    double *w = ARENA_ARRAY(a, double, d->cells + 1);
    size_t *which = ARENA_ARRAY(a, size_t, d->cells + 1);
    long double shift = 0;
    for (size_t c = 0; c < d->cells; c++)
        if (cell[c].n > 0) {
            shift = used ? shift : cell[c].mean;
            y[used] = (double)(cell[c].mean - shift); /* only the intercept knows the shift */
            w[used] = cell[c].n;
            which[used++] = c;
            d->within += cell[c].m2;
        }
    for (size_t e = 1; e < n_effects; e++)
        for (size_t c = 0; c < width(d, effects[e]); c++) {
            x[at] = ARENA_ARRAY(a, double, used + 1);
            for (size_t i = 0; i < used; i++)
                x[at][i] = entry(d, effects[e], c, which[i]);
            d->effect[++at] = effects[e];
        }
    for (size_t i = 0; i < used; i++)
        y[i] += (double)shift;
    return ols_triangle(d->k, (const double *const *)x, d->columns, y, w, used, true, &d->t);
}

/* Residual sum of the model with the effects for which in[] holds (by effect mask). */
static long double residual(const Design *d, const uint8_t *in, size_t *ret_rank)
{
    uint8_t *use = ARENA_ARRAY(d->k->arena, uint8_t, d->columns + 1);
    for (size_t c = 0; c <= d->columns; c++)
        use[c] = in[d->effect[c]];
    return ols_subset(d->k, &d->t, use, ret_rank);
}

static void put(Effect *e, unsigned factors, long double ss, size_t df, const Factorial *r)
{
    e->factors = factors;
    e->ss = ss > 0 ? (double)ss : 0;
    e->df = (double)df;
    e->f = e->ss / e->df / (r->ss_residual / r->df_residual);
    e->p = df ? dist_f_upper(e->f, e->df, r->df_residual) : NAN;
    e->partial_eta2 = e->ss / (e->ss + r->ss_residual);
}

/* in[]: the larger model; the effect is taken out of it. */
static void difference(const Design *d, uint8_t *in, unsigned effect, const Factorial *r,
                       Effect *ret)
{
    size_t with, without;
    long double small = residual(d, in, &with);
    in[effect] = 0;
    long double large = residual(d, in, &without);
    in[effect] = 1;
    put(ret, effect, large - small, with - without, r);
}

static void all_types(const Design *d, const unsigned *effects, size_t n, Factorial *r)
{
    uint8_t in[1 << FACTORIAL_MOST];
    for (size_t e = 0; e < n; e++) {
        unsigned own = effects[e];
        memset(in, 0, sizeof(in));
        for (size_t i = 0; i <= e; i++)
            in[effects[i]] = 1;
        difference(d, in, own, r, &r->type[0][e]);
        for (size_t i = 0; i < n; i++) /* type II: all that do not contain it, and itself */
            in[effects[i]] = (effects[i] & own) != own || effects[i] == own;
        difference(d, in, own, r, &r->type[1][e]);
        memset(in, 1, sizeof(in));
        difference(d, in, own, r, &r->type[2][e]);
    }
}

Status factorial_fit(Kernel *k, const size_t *levels, size_t factors, const GroupStat *cell,
                     Factorial *ret)
{
    Design d = {.k = k, .levels = levels, .factors = factors, .cells = 1};
    unsigned effects[1 << FACTORIAL_MOST] = {0};
    size_t rank, n = (size_t)1 << factors;
    *ret = (Factorial){.effects = n};
    for (size_t f = 0; f < factors; f++) {
        if (levels[f] < 2)
            return kernel_fail(k, FAULT_ONE_GROUP, (int64_t)f, -1);
        d.cells *= levels[f];
    }
    order(factors, effects);
    TRY(build(&d, cell, effects, n));
    uint8_t all[1 << FACTORIAL_MOST], none[1 << FACTORIAL_MOST] = {1};
    memset(all, 1, sizeof(all));
    long double rest = residual(&d, all, &rank) + d.within;
    ret->n = d.t.n;
    ret->df_residual = ret->n - (double)rank;
    ret->ss_residual = (double)rest;
    if (ret->df_residual < 1)
        return kernel_too_few(k, -1, (double)rank + 1);
    if (!(d.within > 0) || !(ret->ss_residual > 0)) /* the full model fits every cell */
        return kernel_fail(k, FAULT_CONSTANT, -1, -1);
    ret->ss_total = (double)(residual(&d, none, &rank) + d.within);
    for (int i = 0; i < 3; i++)
        ret->type[i] = ARENA_ARRAY(k->arena, Effect, n);
    all_types(&d, effects, n, ret);
    return ST_OK;
}
