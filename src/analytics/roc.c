/* SPDX-License-Identifier: Apache-2.0 */
/* ROC curves by ranks (roc.h): the placements of DeLong's variance are mid-ranks in the whole sample minus
 * mid-ranks in the own class (Sun & Xu 2014). */
#include "analytics/roc.h"
#include "analytics/dist.h"
#include "analytics/ranks.h"
#include <stdlib.h>

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

static Status place(Kernel *k, const double *score, const double *y, size_t n, Placement *ret)
{
    Arena *a = k->arena;
    size_t yes;
    TRY(check(k, score, y, n, &yes));
    double *all = arena_alloc(a, sizeof(double) * n), *part = arena_alloc(a, sizeof(double) * n);
    double *own = arena_alloc(a, sizeof(double) * n);
    *ret = (Placement){.yes = arena_alloc(a, sizeof(double) * n),
                       .no = arena_alloc(a, sizeof(double) * n)};
    TRY(ranks_average(k, score, NULL, n, all, NULL));
    for (int class = 1; class >= 0; class --) {
        size_t m = 0, other = class ? n - yes : yes;
        for (size_t i = 0; i < n; i++)
            if (y[i] == class)
                part[m++] = score[i];
        TRY(ranks_average(k, part, NULL, m, own, NULL));
        double *to = class ? ret->yes : ret->no;
        m = 0;
        for (size_t i = 0; i < n; i++)
            if (y[i] == class) {
                double below = (all[i] - own[m]) / (double)other;
                to[m++] = class ? below : 1 - below;
            }
        *(class ? &ret->n_yes : &ret->n_no) = m;
    }
    long double sum = 0;
    for (size_t i = 0; i < ret->n_yes; i++)
        sum += (long double)ret->yes[i];
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
typedef struct Point {
    double score, y;
    size_t at;
} Point;

static int from_high(const void *a, const void *b)
{
    const Point *p = a, *q = b;
    if (p->score != q->score)
        return p->score > q->score ? -1 : 1;
    return (p->at > q->at) - (p->at < q->at);
}

static Point *ordered(Arena *a, const double *score, const double *y, size_t n)
{
    Point *v = arena_alloc(a, sizeof(*v) * (n + 1));
    for (size_t i = 0; i < n; i++)
        v[i] = (Point){score[i], y[i], i};
    if (n)
        qsort(v, n, sizeof(*v), from_high);
    return v;
}

static void trace(Kernel *k, const double *score, const double *y, size_t n, Roc *r)
{
    Point *v = ordered(k->arena, score, y, n);
    double yes = 0, no = 0;
    r->threshold = arena_alloc(k->arena, sizeof(double) * (n + 1));
    r->sensitivity = arena_alloc(k->arena, sizeof(double) * (n + 1));
    r->specificity = arena_alloc(k->arena, sizeof(double) * (n + 1));
    r->youden = -1;
    for (size_t i = 0; i < n; i++) {
        yes += v[i].y;
        no += 1 - v[i].y;
        if (i + 1 < n && v[i + 1].score == v[i].score)
            continue;
        double hit = yes / r->positives, miss = no / r->negatives;
        r->threshold[r->points] = v[i].score;
        r->sensitivity[r->points] = hit;
        r->specificity[r->points++] = 1 - miss;
        r->ks = fmax(r->ks, fabs(hit - miss));
        if (hit - miss > r->youden) {
            r->youden = hit - miss;
            r->youden_threshold = v[i].score;
        }
    }
}

Status roc_curve(Kernel *k, const double *score, const double *y, size_t n, double level, Roc *ret)
{
    Placement p;
    *ret = (Roc){0};
    TRY(place(k, score, y, n, &p));
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
    trace(k, score, y, n, ret);
    return ST_OK;
}

Status roc_compare(Kernel *k, const double *a, const double *b, const double *y, size_t n,
                   RocCompare *ret)
{
    Placement p, q;
    TRY(place(k, a, y, n, &p));
    TRY(place(k, b, y, n, &q));
    *ret = (RocCompare){.auc = {p.auc, q.auc}, .difference = p.auc - q.auc};
    ret->se = sqrt(variance_of(&p, &p) + variance_of(&q, &q) - 2 * variance_of(&p, &q));
    ret->z = ret->se > 0 ? ret->difference / ret->se : NAN;
    ret->p = dist_normal_two(ret->z);
    return ST_OK;
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
