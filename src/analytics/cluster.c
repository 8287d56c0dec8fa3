/* SPDX-License-Identifier: Apache-2.0 */
/* Quality of groupings. The silhouette sorts the rows by group and stores them by column, so that
 * the distances of one row to a whole group are a straight loop. */
#include "analytics/cluster.h"
#include "analytics/nearest.h"

#define BLOCK 512 /* rows of the silhouette a thread takes at once */

/* ---- silhouette ---- */
typedef struct Pairs {
    Kernel *kn;
    const double *columns; /* p × n: rows sorted by group, column by column */
    size_t n, p, k;
    const size_t *start; /* k + 1 */
    double *width;       /* n: silhouette by sorted row */
} Pairs;

/* d[i] = distance of row r to row i. */
WORK_WIDE static void distances(const Pairs *t, size_t r, double *d)
{
    memset(d, 0, t->n * sizeof(double));
    for (size_t j = 0; j < t->p; j++) {
        const double *c = t->columns + j * t->n;
        NearestLanes own = {c[r], c[r], c[r], c[r]};
        size_t i = 0;
        for (; i + 4 <= t->n; i += 4) {
            NearestLanes v = *(const NearestLanes *)(c + i) - own;
            *(NearestLanes *)(d + i) += v * v;
        }
        for (; i < t->n; i++)
            d[i] += (c[i] - c[r]) * (c[i] - c[r]);
    }
}

static double sum_of(const double *d, size_t n)
{
    double a = 0, b = 0, c = 0, e = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        a += d[i];
        b += d[i + 1];
        c += d[i + 2];
        e += d[i + 3];
    }
    for (; i < n; i++)
        a += d[i];
    return (a + b) + (c + e);
}

static double silhouette_of(const Pairs *t, size_t r, size_t own, double *d)
{
    size_t size = t->start[own + 1] - t->start[own];
    if (size == 1)
        return 0;
    distances(t, r, d);
    work_sqrt(d, t->n);
    double a = 0, b = INFINITY;
    for (size_t g = 0; g < t->k; g++) {
        size_t m = t->start[g + 1] - t->start[g];
        double sum = sum_of(d + t->start[g], m);
        if (g == own)
            a = sum / (double)(size - 1);
        else if (m && sum / (double)m < b)
            b = sum / (double)m;
    }
    double most = a > b ? a : b;
    return most > 0 ? (b - a) / most : 0;
}

static Status silhouette_block(size_t part, void *arg, Arena *scratch)
{
    Pairs *t = arg;
    double *d = arena_alloc(scratch, t->n * sizeof(double));
    size_t from = part * BLOCK, to = from + BLOCK < t->n ? from + BLOCK : t->n, own = 0;
    for (size_t r = from; r < to; r++) {
        while (t->start[own + 1] <= r)
            own++;
        t->width[r] = silhouette_of(t, r, own, d);
        if (kernel_cancelled(t->kn))
            return ST_BUSY;
    }
    return ST_OK;
}

/* The rows the silhouette looks at: all, or a seeded sample, in ascending order. */
static uint32_t *sample_rows(Kernel *kn, size_t n, size_t limit, size_t *ret_m)
{
    size_t m = n < limit ? n : limit, at = 0;
    uint32_t *row = arena_alloc(kn->arena, m * sizeof(*row));
    Random r = random_of(kn->seed, 0x51);
    for (size_t i = 0; i < n && at < m; i++) /* selection sampling, Knuth 3.4.2 S */
        if (random_unit(&r) * (double)(n - i) < (double)(m - at))
            row[at++] = (uint32_t)i;
    *ret_m = at;
    return row;
}

static void finish(const int32_t *label, const uint32_t *order, const Pairs *t, size_t n,
                   ClusterQuality *q, const int64_t *in_sample)
{
    for (size_t i = 0; i < n; i++)
        q->by_row[i] = NAN;
    double sum = 0;
    for (size_t i = 0; i < t->n; i++) {
        q->by_row[order[i]] = t->width[i];
        q->by_group[label[order[i]]] += t->width[i];
        sum += t->width[i];
    }
    for (size_t g = 0; g < t->k; g++)
        q->by_group[g] = in_sample[g] ? q->by_group[g] / (double)in_sample[g] : NAN;
    q->silhouette = sum / (double)t->n;
    q->used = t->n;
}

static Status silhouette(Kernel *kn, const double *x, size_t n, size_t p, const int32_t *label,
                         size_t k, size_t limit, ClusterQuality *q)
{
    size_t m;
    uint32_t *row = sample_rows(kn, n, limit, &m), *order = arena_alloc(kn->arena, m * 4);
    size_t *start = ARENA_ARRAY(kn->arena, size_t, k + 2);
    int64_t *count = ARENA_ARRAY(kn->arena, int64_t, k);
    for (size_t i = 0; i < m; i++) {
        start[label[row[i]] + 2]++;
        count[label[row[i]]]++;
    }
    for (size_t g = 2; g < k + 2; g++)
        start[g] += start[g - 1];
    for (size_t i = 0; i < m; i++)
        order[start[label[row[i]] + 1]++] = row[i];
    double *columns = arena_alloc(kn->arena, m * p * sizeof(double));
    for (size_t j = 0; j < p; j++)
        for (size_t i = 0; i < m; i++)
            columns[j * m + i] = x[order[i] * p + j];
    Pairs t = {.kn = kn, .columns = columns, .n = m, .p = p, .k = k, .start = start};
    t.width = arena_alloc(kn->arena, m * sizeof(double));
    TRY(work_parallel(kn, (m + BLOCK - 1) / BLOCK, silhouette_block, &t));
    finish(label, order, &t, n, q, count);
    return ST_OK;
}

/* ---- Calinski-Harabasz, Davies-Bouldin ---- */
static void group_means(const double *x, size_t n, size_t p, const int32_t *label, size_t k,
                        double *mean, double *size)
{
    for (size_t i = 0; i < n; i++) {
        double *m = mean + (size_t)label[i] * p;
        size[label[i]]++;
        for (size_t j = 0; j < p; j++)
            m[j] += x[i * p + j];
    }
    for (size_t g = 0; g < k; g++)
        for (size_t j = 0; j < p; j++)
            mean[g * p + j] /= size[g];
}

static double davies_bouldin(const double *mean, const double *spread, size_t k, size_t p)
{
    double sum = 0;
    for (size_t a = 0; a < k; a++) {
        double worst = 0;
        for (size_t b = 0; b < k; b++) {
            double apart = sqrt(nearest_squared(mean + a * p, mean + b * p, p));
            double ratio = (spread[a] + spread[b]) / apart;
            if (a != b && ratio > worst)
                worst = ratio;
        }
        sum += worst;
    }
    return sum / (double)k;
}

static void ratios(Kernel *kn, const double *x, size_t n, size_t p, const int32_t *label, size_t k,
                   ClusterQuality *q)
{
    double *mean = ARENA_ARRAY(kn->arena, double, k *p), *size = ARENA_ARRAY(kn->arena, double, k);
    double *spread = ARENA_ARRAY(kn->arena, double, k), within = 0, total = 0;
    group_means(x, n, p, label, k, mean, size);
    for (size_t i = 0; i < n; i++) {
        double d = nearest_squared(x + i * p, mean + (size_t)label[i] * p, p);
        within += d;
        spread[label[i]] += sqrt(d);
    }
    for (size_t j = 0; j < p; j++) {
        double m, ss;
        work_moments(x + j, n, p, &m, &ss);
        total += ss;
    }
    for (size_t g = 0; g < k; g++)
        spread[g] /= size[g];
    q->calinski_harabasz =
        within > 0 ? (total - within) / (double)(k - 1) / (within / (double)(n - k)) : INFINITY;
    q->davies_bouldin = davies_bouldin(mean, spread, k, p);
}

Status cluster_quality(Kernel *kn, const double *x, size_t n, size_t p, const int32_t *label, int k,
                       size_t limit, ClusterQuality *ret)
{
    if (k < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, 2);
    if (n <= (size_t)k)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, k + 1);
    TRY(work_finite(kn, x, n, p));
    uint8_t *used = ARENA_ARRAY(kn->arena, uint8_t, k);
    for (size_t i = 0; i < n; i++) {
        if (label[i] < 0 || label[i] >= k)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, -1, label[i]);
        used[label[i]] = 1;
    }
    for (int g = 0; g < k; g++)
        if (!used[g])
            return work_fail(kn, FAULT_EMPTY, -1, g, 0);
    ClusterQuality q = {0};
    q.by_group = ARENA_ARRAY(kn->arena, double, k);
    q.by_row = arena_alloc(kn->arena, n * sizeof(double));
    TRY(silhouette(kn, x, n, p, label, (size_t)k, limit, &q));
    ratios(kn, x, n, p, label, (size_t)k, &q);
    *ret = q;
    return ST_OK;
}

/* ---- agreement ---- */
static double pairs_of(double m) { return m * (m - 1) / 2; }

static int64_t *cross_table(Arena *a, const int32_t *one, int ka, const int32_t *two, int kb,
                            size_t n)
{
    int64_t *t = ARENA_ARRAY(a, int64_t, (size_t)ka * (size_t)kb);
    for (size_t i = 0; i < n; i++)
        t[(size_t)one[i] * (size_t)kb + (size_t)two[i]]++;
    return t;
}

static double rand_of(const int64_t *t, size_t a, size_t b, size_t n)
{
    double cells = 0, rows = 0, columns = 0;
    for (size_t i = 0; i < a; i++) {
        double sum = 0;
        for (size_t j = 0; j < b; j++) {
            cells += pairs_of((double)t[i * b + j]);
            sum += (double)t[i * b + j];
        }
        rows += pairs_of(sum);
    }
    for (size_t j = 0; j < b; j++) {
        double sum = 0;
        for (size_t i = 0; i < a; i++)
            sum += (double)t[i * b + j];
        columns += pairs_of(sum);
    }
    double chance = rows * columns / pairs_of((double)n), most = (rows + columns) / 2;
    return most == chance ? 1 : (cells - chance) / (most - chance);
}

Status cluster_rand(Kernel *kn, const int32_t *one, int a, const int32_t *two, int b, size_t n,
                    double *ret)
{
    if (n < 2)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, 2);
    for (size_t i = 0; i < n; i++)
        if (one[i] < 0 || one[i] >= a || two[i] < 0 || two[i] >= b)
            return work_fail(kn, FAULT_RANGE, (int64_t)i, -1, one[i]);
    *ret = rand_of(cross_table(kn->arena, one, a, two, b, n), (size_t)a, (size_t)b, n);
    return ST_OK;
}

/* ---- stability ---- */
typedef struct Bootstrap {
    Kernel *kn;
    const double *x;
    const Kmeans *m;
    KmeansOptions o;
    double *rand;    /* samples */
    double *jaccard; /* samples × k */
} Bootstrap;

static void best_matches(const int64_t *t, size_t k, const int64_t *size, double *ret)
{
    for (size_t g = 0; g < k; g++) {
        ret[g] = 0;
        for (size_t h = 0; h < k; h++) {
            int64_t other = 0;
            for (size_t i = 0; i < k; i++)
                other += t[i * k + h];
            double both = (double)t[g * k + h], any = (double)(size[g] + other) - both;
            if (any > 0 && both / any > ret[g])
                ret[g] = both / any;
        }
    }
}

static Status bootstrap_one(size_t part, void *arg, Arena *scratch)
{
    Bootstrap *b = arg;
    size_t n = b->m->n, p = b->m->p, k = (size_t)b->m->k;
    Random r = random_of(b->kn->seed, 0xb007000 + part);
    double *y = arena_alloc(scratch, n * p * sizeof(double));
    for (size_t i = 0; i < n; i++)
        memcpy(y + i * p, b->x + random_below(&r, n) * p, p * sizeof(double));
    Kernel inner = {
        .arena = scratch, .cancel = b->kn->cancel, .threads = 1, .seed = random_bits(&r)};
    Kmeans m;
    b->rand[part] = NAN;
    for (size_t g = 0; g < k; g++)
        b->jaccard[part * k + g] = NAN;
    Status st = kmeans_run(&inner, y, n, p, &b->o, &m);
    if (st != ST_OK) /* a sample with fewer than k distinct rows says nothing */
        return st == ST_BUSY ? st : ST_OK;
    int32_t *label = arena_alloc(scratch, n * sizeof(*label));
    kmeans_assign(b->x, n, p, m.centres, m.k, label, NULL);
    int64_t *t = cross_table(scratch, b->m->label, m.k, label, m.k, n);
    b->rand[part] = rand_of(t, k, k, n);
    best_matches(t, k, b->m->size, b->jaccard + part * k);
    return ST_OK;
}

Status cluster_stability(Kernel *kn, const double *x, const Kmeans *m, const KmeansOptions *o,
                         int samples, ClusterStability *ret)
{
    if (samples < 1 || samples > 10000)
        return work_fail(kn, FAULT_RANGE, -1, -1, samples);
    Bootstrap b = {.kn = kn, .x = x, .m = m, .o = *o};
    size_t k = (size_t)m->k, used = 0;
    b.rand = ARENA_ARRAY(kn->arena, double, samples);
    b.jaccard = ARENA_ARRAY(kn->arena, double, (size_t)samples *k);
    TRY(work_parallel(kn, (size_t)samples, bootstrap_one, &b));
    ClusterStability s = {.lowest = INFINITY};
    s.jaccard = ARENA_ARRAY(kn->arena, double, k);
    for (int i = 0; i < samples; i++) {
        if (isnan(b.rand[i]))
            continue;
        b.rand[used++] = b.rand[i];
        s.lowest = b.rand[i] < s.lowest ? b.rand[i] : s.lowest;
        for (size_t g = 0; g < k; g++)
            s.jaccard[g] += b.jaccard[(size_t)i * k + g];
    }
    if (used == 0)
        return work_fail(kn, FAULT_TOO_FEW, -1, -1, (double)k);
    double ss;
    work_moments(b.rand, used, 1, &s.mean, &ss);
    s.sd = used > 1 ? sqrt(ss / (double)(used - 1)) : 0;
    for (size_t g = 0; g < k; g++)
        s.jaccard[g] /= (double)used;
    s.samples = (int)used;
    *ret = s;
    return ST_OK;
}
