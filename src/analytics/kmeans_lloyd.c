/* SPDX-License-Identifier: Apache-2.0 */
/* One start of k-means: k-means++, Lloyd with Hamerly's bounds, Hartigan's exchanges.
 *
 * Hamerly: a row whose upper bound to its own centre is below both the lower bound to the second
 * and half the distance from its centre to the next one cannot change; most rows are skipped. */
#include "analytics/kmeans_internal.h"
#include "analytics/nearest.h"
#include <assert.h>

#define CANDIDATES 8 /* 2 + ln k for k <= 1024 */
#define SUM_AGAIN 25
enum { SAMPLE_LEAST = 65536, SAMPLE_A_CENTRE = 1024 };
#define SLACK 1e-12 /* bounds are widened by this share, so rounding never hides a change */

/* Squared distances of the rows to eight packed candidates; sums of min(known, that). */
WORK_WIDE static void try_candidates(const double *x, size_t n, size_t p, const double *pack,
                                     const double *known, double *potential)
{
    double sum[8] = {0};
    for (size_t i = 0; i < n; i++) {
        double d[8];
        nearest_distances(pack, 8, p, x + i * p, d);
        for (int c = 0; c < 8; c++)
            sum[c] += d[c] < known[i] ? d[c] : known[i];
    }
    memcpy(potential, sum, sizeof(sum));
}

WORK_WIDE static double lower_known(const double *x, size_t n, size_t p, const double *centre,
                                    double *known)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double d = nearest_squared(x + i * p, centre, p);
        known[i] = d < known[i] ? d : known[i];
        sum += known[i];
    }
    return sum;
}

/* A row with probability proportional to its squared distance from the centres so far. */
static size_t draw(const double *known, size_t n, double total, Random *r)
{
    double target = random_unit(r) * total, sum = 0;
    size_t last = 0;
    for (size_t i = 0; i < n; i++) {
        if (known[i] <= 0)
            continue;
        sum += known[i];
        last = i;
        if (sum > target)
            break;
    }
    return last;
}

typedef struct Seeds { /* the rows among which centres are looked for */
    const KmeansStart *s;
    const double *x;
    size_t n;
} Seeds;

static size_t best_candidate(const Seeds *among, Random *r, const double *known, double total,
                             double *pack)
{
    const KmeansStart *s = among->s;
    size_t tries = 2 + (size_t)log((double)s->k), rows[CANDIDATES];
    if (tries > CANDIDATES)
        tries = CANDIDATES;
    for (size_t c = 0; c < 8; c++) {
        if (c < tries)
            rows[c] = draw(known, among->n, total, r);
        for (size_t j = 0; j < s->p; j++)
            pack[j * 8 + c] = c < tries ? among->x[rows[c] * s->p + j] : INFINITY;
    }
    double potential[8];
    try_candidates(among->x, among->n, s->p, pack, known, potential);
    size_t best = 0;
    for (size_t c = 1; c < tries; c++)
        if (potential[c] < potential[best])
            best = c;
    return rows[best];
}

/* Centres among n rows of x. */
static void seed_among(KmeansStart *s, const double *x, size_t n, Random *r, Arena *scratch)
{
    double *known = arena_alloc(scratch, n * sizeof(double));
    double *pack = arena_alloc(scratch, s->p * 8 * sizeof(double));
    Seeds among = {s, x, n};
    for (size_t i = 0; i < n; i++)
        known[i] = INFINITY;
    assert(n > 0);
    size_t row = random_below(r, n);
    for (size_t c = 0; c < s->k; c++) {
        double *centre = s->initial + c * s->p;
        memcpy(centre, x + row * s->p, s->p * sizeof(double));
        if (c + 1 == s->k)
            break;
        double total = lower_known(x, n, s->p, centre, known);
        row = best_candidate(&among, r, known, total, pack);
    }
}

/* One row of each of `rows` strata of neighbouring rows: a sorted file is sampled evenly. */
static double *sample_rows(const KmeansStart *s, size_t rows, Random *r, Arena *scratch)
{
    double *x = arena_alloc(scratch, rows * s->p * sizeof(double));
    for (size_t i = 0; i < rows; i++) {
        size_t from = (size_t)((double)i / (double)rows * (double)s->n);
        size_t to = (size_t)((double)(i + 1) / (double)rows * (double)s->n);
        size_t row = from + (to > from ? random_below(r, to - from) : 0);
        memcpy(x + i * s->p, s->x + row * s->p, s->p * sizeof(double));
    }
    return x;
}

void kmeans_plus(KmeansStart *s, Random *r, Arena *scratch)
{
    size_t rows = SAMPLE_A_CENTRE * s->k < SAMPLE_LEAST ? SAMPLE_LEAST : SAMPLE_A_CENTRE * s->k;
    if (s->n / 2 < rows)
        seed_among(s, s->x, s->n, r, scratch);
    else
        seed_among(s, sample_rows(s, rows, r, scratch), rows, r, scratch);
}

/* ---- Lloyd ---- */
WORK_WIDE static void assign_all(KmeansStart *s)
{
    double *d = s->moved; /* kp doubles of scratch at its head, before history is written */
    for (size_t i = 0; i < s->n; i++) {
        double first, second;
        nearest_distances(s->pack, s->kp, s->p, s->x + i * s->p, d);
        s->label[i] = nearest_of(d, s->k, &first, &second);
        s->upper[i] = sqrt(first);
        s->lower[i] = sqrt(second);
    }
}

static inline void move_row(KmeansStart *s, const double *x, int32_t from, int32_t to)
{
    double *a = s->sum + (size_t)from * s->p, *b = s->sum + (size_t)to * s->p;
    for (size_t j = 0; j < s->p; j++) {
        a[j] -= x[j];
        b[j] += x[j];
    }
    s->size[from]--;
    s->size[to]++;
}

/* Rows that may have changed; the drift of the bounds is applied on the way. d: kp scratch. */
WORK_WIDE static size_t assign_bounded(KmeansStart *s, double *d, double farthest, double second,
                                       int32_t mover)
{
    size_t changed = 0;
    for (size_t i = 0; i < s->n; i++) {
        int32_t own = s->label[i];
        double upper = s->upper[i] + s->step[own];
        double lower = s->lower[i] - (own == mover ? second : farthest);
        double bound = lower > s->half[own] ? lower : s->half[own];
        s->upper[i] = upper;
        s->lower[i] = lower;
        if (upper < bound * (1 - SLACK))
            continue;
        const double *x = s->x + i * s->p;
        double first, next;
        nearest_distances(s->pack, s->kp, s->p, x, d);
        int32_t best = nearest_of(d, s->k, &first, &next);
        if (d[own] == first)
            best = own; /* ties do not wander */
        s->upper[i] = sqrt(first);
        s->lower[i] = sqrt(next);
        if (best != own) {
            changed++;
            s->label[i] = best;
            move_row(s, x, own, best);
        }
    }
    return changed;
}

static void half_distances(KmeansStart *s)
{
    for (size_t a = 0; a < s->k; a++) {
        double low = INFINITY;
        for (size_t b = 0; b < s->k; b++) {
            double d = nearest_squared(s->centres + a * s->p, s->centres + b * s->p, s->p);
            if (b != a && d < low)
                low = d;
        }
        s->half[a] = sqrt(low) / 2;
    }
}

/* Sums and sizes from scratch. */
static void sum_groups(KmeansStart *s)
{
    memset(s->sum, 0, s->k * s->p * sizeof(double));
    memset(s->size, 0, s->k * sizeof(*s->size));
    for (size_t i = 0; i < s->n; i++) {
        double *c = s->sum + (size_t)s->label[i] * s->p;
        for (size_t j = 0; j < s->p; j++)
            c[j] += s->x[i * s->p + j];
        s->size[s->label[i]]++;
    }
}

static void divide_sums(KmeansStart *s)
{
    for (size_t c = 0; c < s->k; c++)
        for (size_t j = 0; s->size[c] && j < s->p; j++)
            s->centres[c * s->p + j] = s->sum[c * s->p + j] / (double)s->size[c];
}

void kmeans_means(KmeansStart *s)
{
    sum_groups(s);
    divide_sums(s);
}

static bool has_empty(const KmeansStart *s)
{
    for (size_t c = 0; c < s->k; c++)
        if (s->size[c] == 0)
            return true;
    return false;
}

/* An empty group takes the row farthest from its own centre (of a group with more than one). */
static void fill_empty(KmeansStart *s)
{
    for (size_t c = 0; c < s->k; c++) {
        if (s->size[c])
            continue;
        size_t far = SIZE_MAX;
        double most = -1;
        for (size_t i = 0; i < s->n; i++) {
            size_t own = (size_t)s->label[i];
            if (s->size[own] < 2)
                continue;
            double d = nearest_squared(s->x + i * s->p, s->centres + own * s->p, s->p);
            if (d > most) {
                most = d;
                far = i;
            }
        }
        if (far == SIZE_MAX)
            return;
        s->label[far] = (int32_t)c;
        kmeans_means(s);
        for (size_t i = 0; i < s->n; i++)
            s->upper[i] = INFINITY; /* no bound holds any more */
    }
}

/* New means; how far each centre moved, the farthest and second farthest. */
static double move_centres(KmeansStart *s, double *old, double *ret_second, int32_t *ret_mover)
{
    memcpy(old, s->centres, s->k * s->p * sizeof(double));
    if (s->iterations % SUM_AGAIN == 0)
        sum_groups(s); /* running sums lose digits */
    divide_sums(s);
    if (has_empty(s))
        fill_empty(s);
    double farthest = 0, second = 0;
    *ret_mover = -1;
    for (size_t c = 0; c < s->k; c++) {
        double d = sqrt(nearest_squared(old + c * s->p, s->centres + c * s->p, s->p));
        s->step[c] = d;
        if (d > farthest) {
            second = farthest;
            farthest = d;
            *ret_mover = (int32_t)c;
        } else if (d > second) {
            second = d;
        }
    }
    *ret_second = second;
    return farthest;
}

Status kmeans_lloyd(Kernel *kn, KmeansStart *s, const KmeansOptions *o, Arena *scratch)
{
    double *old = arena_alloc(scratch, s->k * s->p * sizeof(double));
    double *d = arena_alloc(scratch, s->kp * sizeof(double));
    memcpy(s->centres, s->initial, s->k * s->p * sizeof(double));
    nearest_pack(s->centres, s->k, s->p, s->pack);
    assign_all(s);
    s->converged = false;
    for (s->iterations = 0; s->iterations < o->max_iterations && !s->converged;) {
        double second;
        int32_t mover;
        double farthest = move_centres(s, old, &second, &mover);
        memcpy(s->moved + (size_t)s->iterations * s->k, s->step, s->k * sizeof(double));
        s->iterations++;
        nearest_pack(s->centres, s->k, s->p, s->pack);
        half_distances(s);
        size_t changed = assign_bounded(s, d, farthest, second, mover);
        s->converged = changed == 0 || farthest <= o->tolerance;
        if (kernel_cancelled(kn))
            return ST_BUSY;
    }
    kmeans_means(s);
    return ST_OK;
}

/* ---- Hartigan's exchanges ---- */
static void shift(double *centre, const double *x, size_t p, double share)
{
    for (size_t j = 0; j < p; j++)
        centre[j] += (x[j] - centre[j]) * share;
}

/* The group that row i should go to, or its own. */
static size_t better_group(const KmeansStart *s, size_t i)
{
    const double *x = s->x + i * s->p;
    size_t own = (size_t)s->label[i], best = own;
    double n = (double)s->size[own];
    double gain = nearest_squared(x, s->centres + own * s->p, s->p) * n / (n - 1) * (1 - SLACK);
    for (size_t c = 0; c < s->k; c++) {
        if (c == own)
            continue;
        double m = (double)s->size[c];
        double cost = nearest_squared(x, s->centres + c * s->p, s->p) * m / (m + 1);
        if (cost < gain) {
            gain = cost;
            best = c;
        }
    }
    return best;
}

Status kmeans_exchange(Kernel *kn, KmeansStart *s)
{
    for (int pass = 0; pass < 100; pass++) {
        size_t moves = 0;
        for (size_t i = 0; i < s->n; i++) {
            size_t own = (size_t)s->label[i];
            if (s->size[own] < 2)
                continue;
            size_t to = better_group(s, i);
            if (to == own)
                continue;
            const double *x = s->x + i * s->p;
            shift(s->centres + own * s->p, x, s->p, -1.0 / (double)--s->size[own]);
            shift(s->centres + to * s->p, x, s->p, 1.0 / (double)++s->size[to]);
            s->label[i] = (int32_t)to;
            moves++;
        }
        kmeans_means(s); /* no drift from the running means */
        if (moves == 0)
            break;
        if (kernel_cancelled(kn))
            return ST_BUSY;
    }
    return ST_OK;
}
