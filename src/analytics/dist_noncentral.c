/* SPDX-License-Identifier: Apache-2.0 */
/* Noncentral distributions, for power. Sums run from the largest weight outwards until what is left
 * cannot change the result. */
#include "analytics/dist.h"

#define MOST_TERMS 100000

static long double poisson(double j, double mean)
{
    int sign;
    if (mean <= 0)
        return j == 0;
    return expl((long double)j * logl((long double)mean) - (long double)mean -
                lgammal_r((long double)j + 1, &sign));
}

typedef struct Mixture {
    double x, d1, d2, half;
    double (*tail)(const struct Mixture *m, double j);
} Mixture;

static long double side(const Mixture *m, double from, int step)
{
    long double sum = 0;
    double j = from;
    for (int i = 0; i < MOST_TERMS && j >= 0; i++, j += step) {
        long double weight = poisson(j, m->half), term = weight * (long double)m->tail(m, j);
        sum += term;
        if (weight < 1e-22L && term < sum * 1e-18L)
            break;
    }
    return sum;
}

static double mixture(const Mixture *m)
{
    double mode = floor(m->half);
    long double v = side(m, mode, 1) + side(m, mode - 1, -1);
    return v > 1 ? 1 : (double)v;
}

static double chi2_tail(const Mixture *m, double j) { return dist_chi2_upper(m->x, m->d1 + 2 * j); }

static double f_tail(const Mixture *m, double j)
{
    double lower, upper, sum = m->d2 + m->d1 * m->x;
    dist_beta_tails(m->d2 / 2, m->d1 / 2 + j, m->d2 / sum, m->d1 * m->x / sum, &lower, &upper);
    return lower;
}

double dist_chi2_noncentral_upper(double x, double df, double lambda)
{
    Mixture m = {x, df, 0, lambda / 2, chi2_tail};
    return !(lambda >= 0) || !(df > 0) ? NAN : x <= 0 ? 1 : mixture(&m);
}

double dist_f_noncentral_upper(double f, double d1, double d2, double lambda)
{
    Mixture m = {f, d1, d2, lambda / 2, f_tail};
    return !(lambda >= 0) || !(d1 > 0) || !(d2 > 0) ? NAN : f <= 0 ? 1 : mixture(&m);
}

/* ---- noncentral t: P(0 < T ≤ t) is half the sum over j of Poisson weights of λ = δ²/2 at j and j + 1/2, each times the
 * lower tail of a beta distribution with a = j + 1/2 or j + 1 (Lenth). From the largest weight outwards each term
 * follows from its neighbour: weights by their ratios, tails by I(a + 1) = I(a) − x^a y^b / (a B(a, b)). */
typedef struct Chain {
    long double weight, tail, drop; /* drop: what the tail loses from a to a + 1 */
    long double a, b, x, half, shift;
} Chain;

/* shift: 0 or 1/2, what j has over a whole number. */
static Chain chain_at(double j, long double shift, double df, double delta, double t)
{
    double x = t * t / (df + t * t), y = df / (df + t * t), lower, upper;
    Chain c = {.a = (long double)j + shift + 0.5L, .b = (long double)df / 2, .shift = shift};
    int sign;
    c.half = (long double)delta * (long double)delta / 2;
    c.x = (long double)x;
    dist_beta_tails((double)c.a, (double)c.b, x, y, &lower, &upper);
    c.tail = (long double)lower;
    long double log_y = y > 0.5 ? log1pl(-c.x) : logl((long double)y);
    long double log_x = x > 0.5 ? log1pl(-(long double)y) : logl(c.x);
    c.drop = expl(c.a * log_x + c.b * log_y + lgammal_r(c.a + c.b, &sign) -
                  lgammal_r(c.a + 1, &sign) - lgammal_r(c.b, &sign));
    if (delta == 0)
        c.weight = j == 0 && shift == 0;
    else
        c.weight = expl(((long double)j + shift) * logl(c.half) - c.half -
                        lgammal_r((long double)j + shift + 1, &sign));
    return c;
}

static void chain_up(Chain *c, double j)
{
    c->tail -= c->drop;
    c->tail = c->tail > 0 ? c->tail : 0;
    c->drop *= c->x * (c->a + c->b) / (c->a + 1);
    c->a += 1;
    c->weight *= c->half / ((long double)j + 1 + c->shift);
}

static void chain_down(Chain *c, double j)
{
    c->drop *= c->a / (c->x * (c->a + c->b - 1));
    c->a -= 1;
    c->tail += c->drop;
    c->weight *= ((long double)j + c->shift) / c->half;
}

static long double chain_sum(double mode, long double shift, double df, double delta, double t)
{
    const Chain start = chain_at(mode, shift, df, delta, t);
    Chain c = start;
    long double sum = 0;
    double j = mode;
    for (int i = 0; i < MOST_TERMS && c.weight > 1e-22L; i++, j++) {
        sum += c.weight * c.tail;
        chain_up(&c, j);
    }
    c = start;
    for (j = mode; j > 0 && c.weight > 1e-22L; j--) {
        chain_down(&c, j);
        sum += c.weight * c.tail;
    }
    return sum;
}

static long double t_between(double t, double df, double delta)
{
    double mode = floor(delta * delta / 2);
    if (!(t * t / (df + t * t) > 0))
        return 0;
    long double whole = chain_sum(mode, 0, df, delta, t);
    long double half = delta == 0 ? 0 : chain_sum(mode, 0.5L, df, delta, t);
    return (whole + (delta < 0 ? -half : half)) / 2;
}

double dist_t_noncentral_upper(double t, double df, double delta)
{
    if (!(df > 0) || isnan(t) || isnan(delta))
        return NAN;
    if (t < 0)
        return 1 - dist_t_noncentral_upper(-t, df, -delta);
    /* P(T ≤ 0) = Φ(−δ) */
    long double above = (long double)dist_normal(delta) - (t > 0 ? t_between(t, df, delta) : 0);
    return above < 0 ? 0 : (double)above;
}
