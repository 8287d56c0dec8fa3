/* SPDX-License-Identifier: Apache-2.0 */
/* ROC curves by ranks (roc.h): the placements of DeLong's variance are mid-ranks in the whole sample minus
 * mid-ranks in the own class (Sun & Xu 2014). */
#include "analytics/roc.h"
#include "analytics/dist.h"
#include "analytics/ranks_internal.h"

typedef struct Placement {
    double *yes, *no; /* by row of each class: share of the other class it beats, ties half */
    size_t n_yes, n_no;
    double auc;
} Placement;

static Status check(Kernel *k, const double *score, const double *y, size_t n, size_t *ret_yes)
{
    *ret_yes = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(score[i]))
            return kernel_fail(k, FAULT_NOT_FINITE, 0, (int64_t)i);
        if (y[i] != 0 && y[i] != 1)
            return kernel_fail(k, FAULT_RANGE, 1, (int64_t)i);
        *ret_yes += y[i] == 1;
    }
    return *ret_yes == 0 || *ret_yes == n ? kernel_fail(k, FAULT_ONE_GROUP, 1, -1) : ST_OK;
}

/* By row: the share of the other class that it beats (yes) or that beats it (no). */
static void place_rows(const RankKey *key, const double *y, size_t n, double yes, double *to)
{
    double yes_below = 0, no_below = 0, no = (double)n - yes;
    for (size_t i = 0, end; i < n; i = end) {
        double same_yes = 0;
        for (end = i; end < n && key[end].key == key[i].key; end++)
            same_yes += y[key[end].at];
        double same_no = (double)(end - i) - same_yes;
        double beats = (no_below + same_no / 2) / no, beaten = (yes_below + same_yes / 2) / yes;
        for (size_t q = i; q < end; q++)
            to[key[q].at] = y[key[q].at] > 0 ? beats : 1 - beaten;
        yes_below += same_yes;
        no_below += same_no;
    }
}

/* ret_key: the rows by rising score, in a. */
static Status place(Kernel *k, Arena *a, const double *score, const double *y, size_t n,
                    Placement *ret, const RankKey **ret_key)
{
    size_t yes;
    TRY(check(k, score, y, n, &yes));
    TRY(ranks_sort(k, a, score, NULL, n, ret_key));
    double *all = arena_alloc(a, sizeof(double) * n);
    *ret = (Placement){.yes = arena_alloc(k->arena, sizeof(double) * yes),
                       .no = arena_alloc(k->arena, sizeof(double) * (n - yes))};
    place_rows(*ret_key, y, n, (double)yes, all);
    long double sum = 0;
    for (size_t i = 0; i < n; i++) {
        *(y[i] > 0 ? &ret->yes[ret->n_yes++] : &ret->no[ret->n_no++]) = all[i];
        sum += y[i] > 0 ? (long double)all[i] : 0;
    }
    ret->auc = (double)(sum / (long double)ret->n_yes);
    return ST_OK;
}

static double covariance(const double *a, double mean_a, const double *b, double mean_b, size_t n)
{
    long double s = 0;
    for (size_t i = 0; i < n; i++)
        s += ((long double)a[i] - (long double)mean_a) * ((long double)b[i] - (long double)mean_b);
    return n > 1 ? (double)(s / (long double)(n - 1)) : NAN;
}

static double variance_of(const Placement *a, const Placement *b)
{
    return covariance(a->yes, a->auc, b->yes, b->auc, a->n_yes) / (double)a->n_yes +
           covariance(a->no, a->auc, b->no, b->auc, a->n_no) / (double)a->n_no;
}

/* ---- the curve */
static void trace(Kernel *k, const RankKey *key, const double *score, const double *y, size_t n,
                  Roc *r)
{
    double yes = 0, no = 0;
    r->threshold = arena_alloc(k->arena, sizeof(double) * (n + 1));
    r->sensitivity = arena_alloc(k->arena, sizeof(double) * (n + 1));
    r->specificity = arena_alloc(k->arena, sizeof(double) * (n + 1));
    r->youden = -1;
    for (size_t i = n; i-- > 0;) {
        yes += y[key[i].at];
        no += 1 - y[key[i].at];
        if (i > 0 && key[i - 1].key == key[i].key)
            continue;
        double hit = yes / r->positives, miss = no / r->negatives;
        r->threshold[r->points] = score[key[i].at];
        r->sensitivity[r->points] = hit;
        r->specificity[r->points++] = 1 - miss;
        r->ks = fmax(r->ks, fabs(hit - miss));
        if (hit - miss > r->youden) {
            r->youden = hit - miss;
            r->youden_threshold = score[key[i].at];
        }
    }
}

Status roc_curve(Kernel *k, const double *score, const double *y, size_t n, double level, Roc *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    const RankKey *key;
    Placement p;
    *ret = (Roc){0};
    TRY(place(k, scratch, score, y, n, &p, &key));
    ret->n = (double)n;
    ret->positives = (double)p.n_yes;
    ret->negatives = (double)p.n_no;
    ret->auc = p.auc;
    ret->se = sqrt(variance_of(&p, &p));
    double reach = dist_normal_quantile(0.5 + level / 2) * ret->se;
    ret->low = fmax(0, ret->auc - reach);
    ret->high = fmin(1, ret->auc + reach);
    ret->p = ret->se > 0 ? dist_normal_two((ret->auc - 0.5) / ret->se) : NAN;
    ret->gini = 2 * ret->auc - 1;
    trace(k, key, score, y, n, ret);
    return ST_OK;
}

Status roc_compare(Kernel *k, const double *a, const double *b, const double *y, size_t n,
                   RocCompare *ret)
{
    CLEANUP(arena) Arena *scratch = arena_new(65536);
    const RankKey *key;
    Placement p, q;
    TRY(place(k, scratch, a, y, n, &p, &key));
    arena_reset(scratch);
    TRY(place(k, scratch, b, y, n, &q, &key));
    *ret = (RocCompare){.auc = {p.auc, q.auc}, .difference = p.auc - q.auc};
    ret->se = sqrt(variance_of(&p, &p) + variance_of(&q, &q) - 2 * variance_of(&p, &q));
    ret->z = ret->se > 0 ? ret->difference / ret->se : NAN;
    ret->p = dist_normal_two(ret->z);
    return ST_OK;
}

/* ---- classes */
typedef struct Point {
    double score, y;
} Point;

/* From the highest score down, equal ones in their order. */
static Point *ordered(Arena *a, const double *score, const double *y, size_t n)
{
    CLEANUP(arena) Arena *scratch = arena_new(4096);
    uint32_t *at = arena_alloc(scratch, sizeof(*at) * (n + 1));
    Point *v = arena_alloc(a, sizeof(*v) * (n + 1));
    ranks_order_down(score, n, at);
    for (size_t i = 0; i < n; i++)
        v[i] = (Point){score[at[i]], y[at[i]]};
    return v;
}

Status roc_classify(Kernel *k, const double *p, const double *y, size_t n, double threshold,
                    Classification *ret)
{
    size_t yes;
    long double loss = 0, square = 0;
    double top = 0;
    *ret = (Classification){0};
    TRY(check(k, p, y, n, &yes));
    for (size_t i = 0; i < n; i++) {
        bool is_yes = p[i] >= threshold;
        *(is_yes ? (y[i] > 0 ? &ret->tp : &ret->fp) : (y[i] > 0 ? &ret->fn : &ret->tn)) += 1;
        long double hit = y[i] > 0 ? (long double)p[i] : 1 - (long double)p[i];
        loss -= logl(hit > 1e-15L ? hit : 1e-15L);
        square += (1 - hit) * (1 - hit);
    }
    const Point *v = ordered(k->arena, p, y, n);
    const size_t tenth = n / 10;
    for (size_t i = 0; i < tenth; i++)
        top += v[i].y;
    double all = (double)n;
    ret->accuracy = (ret->tp + ret->tn) / all;
    ret->precision = ret->tp / (ret->tp + ret->fp);
    ret->recall = ret->tp / (double)yes;
    ret->specificity = ret->tn / (all - (double)yes);
    ret->log_loss = (double)loss / all;
    ret->brier = (double)square / all;
    ret->lift_top_decile = tenth ? top / (double)tenth / ((double)yes / all) : NAN;
    return ST_OK;
}
