/* SPDX-License-Identifier: Apache-2.0 */
/* kmeans: groups of rows, for one k or a range, with quality, stability, names and acceptance. */
#include "analytics/cluster.h"
#include "analyze/analyze_groups.h"
#include <math.h>

#define SILHOUETTE_ROWS 20000

static const AnalyzeOption OPTIONS[] = {
    ANALYZE_PREPARE_OPTIONS,
    {"bootstrap", OPTION_COUNT, false, NULL, "稳定性自助抽样次数（默认 20，0 为不做）",
     "bootstrap samples for stability (default 20, 0: none)"},
    {"k", OPTION_TEXT, false, NULL, "群数或范围，如 4 或 2..10（默认 3）",
     "number of clusters or a range: 4, 2..10 (default 3)"},
    {"reach", OPTION_COLUMN, false, NULL, "能否触达的列（非空且大于 0 为能）",
     "column saying who can be reached (not empty, above 0)"},
    {"starts", OPTION_COUNT, false, NULL, "随机起点数（默认 50）", "starts (default 50)"},
};

static const ViewColumn RANGE[] = {
    {"inertia_best", "组内平方和", "Within SS", CELL_STAT},
    {"explained", "解释比例", "Explained", CELL_PERCENT},
    {"silhouette", "轮廓系数", "Silhouette", CELL_STAT},
    {"calinski_harabasz", "CH 指数", "Calinski-Harabasz", CELL_STAT},
    {"davies_bouldin", "DB 指数", "Davies-Bouldin", CELL_STAT},
    {"iterations", "迭代次数", "Iterations", CELL_COUNT},
};
static const ViewColumn ANOVA[] = {
    {"ms_cluster", "群间均方", "Cluster Mean Square", CELL_STAT},
    {"df_cluster", "自由度", "df", CELL_COUNT},
    {"ms_error", "误差均方", "Error Mean Square", CELL_STAT},
    {"df_error", "自由度", "df", CELL_COUNT},
    {"F", "F", "F", CELL_STAT},
};

static void put_centres(Analysis *an, json_t *o, const char *key, const char *zh, const char *en,
                        const double *centres, const Prepared *d, int k)
{
    View *v = result_view(an->result, zh, en, NULL, 0);
    json_t *list = result_array(o, key);
    for (size_t j = 0; j < d->p; j++)
        result_view_column(v, d->names[j], str_format(an->cx->arena, "centre.%zu", j), CELL_STAT);
    for (int g = 0; g < k; g++) {
        json_t *row = result_item(list);
        result_put(row, "cluster", g + 1);
        result_puts(row, "centre", centres + (size_t)g * d->p, d->p);
        result_row(v, str_format(an->cx->arena, "%d", g + 1), row);
    }
}

static void put_history(Analysis *an, json_t *o, const Kmeans *m)
{
    View *v = result_view(an->result, "迭代历史（各中心移动）",
                          "Iteration History (change in centers)", NULL, 0);
    json_t *list = result_array(o, "iteration_history");
    for (int g = 0; g < m->k; g++)
        result_view_column(v, str_format(an->cx->arena, "%d", g + 1),
                           str_format(an->cx->arena, "change.%d", g), CELL_STAT);
    for (int i = 0; i < m->iterations; i++) {
        json_t *row = result_item(list);
        result_put(row, "iteration", i + 1);
        result_puts(row, "change", m->moved + (size_t)i * (size_t)m->k, (size_t)m->k);
        result_row(v, str_format(an->cx->arena, "%d", i + 1), row);
    }
}

/* Descriptive only: the groups were chosen to make these F large. */
static void put_anova(Analysis *an, json_t *o, const Kmeans *m, const Prepared *d)
{
    View *v = result_view(an->result, "方差分析（仅作描述）", "ANOVA (descriptive only)", ANOVA,
                          COUNT_OF(ANOVA));
    json_t *list = result_array(o, "anova");
    size_t k = (size_t)m->k;
    for (size_t j = 0; j < d->p; j++) {
        double mean, total, between = 0;
        work_moments(d->x + j, d->n, d->p, &mean, &total);
        for (size_t g = 0; g < k; g++) {
            double apart = m->centres[g * d->p + j] - mean;
            between += (double)m->size[g] * apart * apart;
        }
        double dfb = (double)k - 1, dfe = (double)(d->n - k), error = total - between;
        json_t *row = result_item(list);
        result_put_text(row, "column", d->names[j]);
        result_put(row, "ms_cluster", between / dfb);
        result_put(row, "df_cluster", dfb);
        result_put(row, "ms_error", error / dfe);
        result_put(row, "df_error", dfe);
        result_put(row, "F", between / dfb / (error / dfe));
        result_row(v, d->names[j], row);
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static Status put_one(Analysis *an, json_t *o, const Prepared *d, Kmeans *m)
{
    double *starts = arena_dup(an->cx->arena, m->start_inertia, (size_t)m->starts * sizeof(double));
    qsort(starts, (size_t)m->starts, sizeof(double), compare_doubles);
    result_put(o, "inertia_best", m->inertia);
    result_put(o, "single_start_median", work_quantile7(starts, (size_t)m->starts, 0.5));
    result_put(o, "single_start_worst", starts[m->starts - 1]);
    result_put(o, "n_init", m->starts);
    result_put(o, "total_ss", m->total);
    result_put(o, "explained", m->total > 0 ? 1 - m->inertia / m->total : NAN);
    result_put(o, "iterations", m->iterations);
    result_put_bool(o, "converged", m->converged);
    json_t *sizes = result_array(o, "sizes_desc");
    for (int g = 0; g < m->k; g++)
        result_add(sizes, (double)m->size[g]);
    if (m->k < 2 || m->n <= (size_t)m->k)
        return ST_OK;
    ClusterQuality q;
    TRY(analysis_fault(
        an, cluster_quality(&an->kernel, d->x, d->n, d->p, m->label, m->k, SILHOUETTE_ROWS, &q),
        d->columns, d->p));
    result_put(o, "silhouette", q.silhouette);
    if (q.used == d->n)
        result_put_text(o, "silhouette_on", STR("all"));
    else
        result_put_text(o, "silhouette_on", str_format(an->cx->arena, "sample of %zu", q.used));
    result_puts(o, "silhouette_by_cluster", q.by_group, (size_t)m->k);
    result_put(o, "calinski_harabasz", q.calinski_harabasz);
    result_put(o, "davies_bouldin", q.davies_bouldin);
    return ST_OK;
}

static Status put_stability(Analysis *an, json_t *o, const Prepared *d, const Kmeans *m,
                            const KmeansOptions *run, double **ret)
{
    int samples = (int)analysis_count(an, "bootstrap", 20);
    *ret = NULL;
    if (samples == 0 || m->k < 2)
        return ST_OK;
    KmeansOptions fewer = *run;
    fewer.starts = run->starts < 10 ? run->starts : 10;
    ClusterStability s;
    TRY(analysis_fault(an, cluster_stability(&an->kernel, d->x, m, &fewer, samples, &s), d->columns,
                       d->p));
    json_t *t = result_object(o, "stability");
    result_put(t, "samples", s.samples);
    result_put(t, "ari_mean", s.mean);
    result_put(t, "ari_min", s.lowest);
    result_put(t, "ari_sd", s.sd);
    result_puts(t, "jaccard", s.jaccard, (size_t)m->k);
    *ret = s.jaccard;
    return ST_OK;
}

/* The k with the highest silhouette: what is shown in full when a range was asked for. */
static Status run_range(Analysis *an, json_t *o, const Prepared *d, KmeansOptions *run, int from,
                        int to, Kmeans *ret)
{
    View *v = result_view(an->result, "群数比较", "Number of Clusters", RANGE, COUNT_OF(RANGE));
    double best = -INFINITY;
    for (int k = from; k <= to; k++) {
        Kmeans m;
        run->k = k;
        TRY(analysis_fault(an, kmeans_run(&an->kernel, d->x, d->n, d->p, run, &m), d->columns,
                           d->p));
        kmeans_order(&an->kernel, &m);
        Str name = str_format(an->cx->arena, "%d", k);
        json_t *one = result_object(o, result_key(an->result, name));
        TRY(put_one(an, one, d, &m));
        result_row(v, name, one);
        double s = json_number_value(json_object_get(one, "silhouette"));
        if (k == from || s > best) {
            best = s;
            *ret = m;
        }
    }
    return ST_OK;
}

static void read_out(Analysis *an, const Kmeans *m, int accepted)
{
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_kmeans",
                           "%d clusters explain %.3g %% of the variation; %d of them pass the "
                           "questions asked.",
                           m->k, m->total > 0 ? 100 * (1 - m->inertia / m->total) : 0, accepted));
}

static Status run(Analysis *an)
{
    Prepared d = {0};
    Kmeans m = {0};
    int from, to, accepted;
    double *jaccard;
    TRY(analyze_groups_range(an, 3, &from, &to));
    KmeansOptions o = {
        .starts = (int)analysis_count(an, "starts", 50), .max_iterations = 300, .exchange = true};
    if (o.starts < 1 || o.starts > 10000)
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_starts", "--starts must be 1 to 10000");
    TRY(analyze_prepare(an, true, &d));
    if ((size_t)to > d.n)
        return FAIL(an->cx, ST_INVALID, "analyze.too_few_rows",
                    "%zu rows cannot make %d clusters: column \"" STR_FMT "\" and the others", d.n,
                    to, STR_ARG(d.names[0]));
    json_t *t = result_object(an->result->tables, "kmeans");
    TRY(run_range(an, t, &d, &o, from, to, &m));
    json_t *best = result_object(t, "solution");
    result_put(best, "k", m.k);
    put_centres(an, best, "initial_centres", "初始聚类中心", "Initial Cluster Centers", m.initial,
                &d, m.k);
    put_history(an, best, &m);
    put_centres(an, best, "final_centres", "最终聚类中心", "Final Cluster Centers", m.centres, &d,
                m.k);
    if (m.k > 1 && d.n > (size_t)m.k)
        put_anova(an, best, &m, &d);
    o.k = m.k;
    TRY(put_stability(an, best, &d, &m, &o, &jaccard));
    TRY(analyze_groups(an, best, &d, m.label, m.k, jaccard, &accepted));
    read_out(an, &m, accepted);
    return ST_OK;
}

const AnalyzeMethod analyze_kmeans = {
    "kmeans", "K 均值聚类",      "k-means clusters",
    OPTIONS,  COUNT_OF(OPTIONS), METHOD_ALL_COLUMNS | METHOD_OUT | METHOD_THREADS,
    run};
