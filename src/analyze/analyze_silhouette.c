/* SPDX-License-Identifier: Apache-2.0 */
/* silhouette: how well a grouping that is already a column separates the rows. */
#include "analytics/cluster.h"
#include "analyze/analyze_groups.h"

#define SILHOUETTE_ROWS 20000

static const AnalyzeOption OPTIONS[] = {
    ANALYZE_PREPARE_OPTIONS,
    {"k", OPTION_TEXT, false, NULL, "没有 --label 时：K 均值的群数或范围（默认 2..10）",
     "without --label: number of k-means clusters or a range (default 2..10)"},
    {"label", OPTION_COLUMN, false, NULL, "分群列", "column of the groups"},
    {"starts", OPTION_COUNT, false, NULL, "K 均值的起点数（默认 50）",
     "starts of k-means (default 50)"},
};
static const ViewColumn VIEW[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"silhouette", "轮廓系数", "Silhouette", CELL_STAT},
};

static Status label_of(Analysis *an, Groups *ret)
{
    Series *c;
    TRY(analysis_column(an, "label", &c));
    TRY(frame_groups(an->cx, an->frame, c, ret));
    for (size_t i = 0; i < an->frame->n; i++)
        if (ret->of[i] < 0)
            return FAIL(an->cx, ST_INVALID, "analyze.label_missing",
                        "column \"" STR_FMT "\", line %lld: no group", STR_ARG(c->name),
                        (long long)frame_line(an->frame, i));
    return ST_OK;
}

/* ---- without a label: which number of k-means clusters separates best? */
static const ViewColumn RANGE[] = {
    {"silhouette", "轮廓系数", "Silhouette", CELL_STAT},
    {"inertia_best", "组内平方和", "Within SS", CELL_STAT},
};

static Status silhouette_at(Analysis *an, const Prepared *d, const KmeansOptions *o, json_t *row,
                            double *ret)
{
    Kmeans m = {0};
    ClusterQuality q = {0};
    TRY(analysis_fault(an, kmeans_run(&an->kernel, d->x, d->n, d->p, o, &m), d->columns, d->p));
    TRY(analysis_fault(
        an, cluster_quality(&an->kernel, d->x, d->n, d->p, m.label, m.k, SILHOUETTE_ROWS, &q),
        d->columns, d->p));
    result_put(row, "silhouette", q.silhouette);
    result_put(row, "silhouette_rows", (double)q.used);
    result_put(row, "inertia_best", m.inertia);
    *ret = q.silhouette;
    return ST_OK;
}

static Status run_range(Analysis *an)
{
    Prepared d = {0};
    int from, to, best = 0;
    double high = -INFINITY, s = 0;
    TRY(analyze_groups_range(an, 2, &from, &to));
    if (!analysis_has(an, "k"))
        to = 10;
    KmeansOptions o = {
        .starts = (int)analysis_count(an, "starts", 50), .max_iterations = 300, .exchange = true};
    TRY(analyze_prepare(an, true, &d));
    json_t *t = result_object(an->result->tables, "silhouette");
    View *v = result_view(an->result, "群数比较", "Number of Clusters", RANGE, COUNT_OF(RANGE));
    for (o.k = from; o.k <= to; o.k++) {
        Str name = str_format(an->cx->arena, "%d", o.k);
        json_t *row = result_object(t, result_key(an->result, name));
        TRY(silhouette_at(an, &d, &o, row, &s));
        result_row(v, name, row);
        if (s > high) {
            high = s;
            best = o.k;
        }
    }
    result_put(t, "best_k", best);
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_best_k",
                           "The mean silhouette is highest for %d clusters: %.3f.", best, high));
    return ST_OK;
}

static Status run(Analysis *an)
{
    Prepared d;
    Groups g;
    ClusterQuality q;
    if (!analysis_has(an, "label"))
        return run_range(an);
    TRY(analysis_refuse(an, "k starts", "--label"));
    TRY(analyze_prepare(an, true, &d));
    TRY(label_of(an, &g));
    TRY(analysis_fault(
        an, cluster_quality(&an->kernel, d.x, d.n, d.p, g.of, (int)g.n, SILHOUETTE_ROWS, &q),
        d.columns, d.p));
    json_t *o = result_object(an->result->tables, "silhouette");
    result_put(o, "silhouette", q.silhouette);
    result_put(o, "silhouette_rows", (double)q.used);
    result_put(o, "calinski_harabasz", q.calinski_harabasz);
    result_put(o, "davies_bouldin", q.davies_bouldin);
    View *v =
        result_view(an->result, "各群轮廓系数", "Silhouette by Cluster", VIEW, COUNT_OF(VIEW));
    json_t *list = result_array(o, "clusters");
    for (size_t k = 0; k < g.n; k++) {
        double n = 0;
        for (size_t i = 0; i < d.n; i++)
            n += g.of[i] == (int32_t)k;
        json_t *row = result_item(list);
        result_put_text(row, "label", g.labels[k]);
        result_put(row, "n", n);
        result_put(row, "silhouette", q.by_group[k]);
        result_row(v, g.labels[k], row);
    }
    an->result->out_rows = true;
    an->result->out_row = an->frame->row;
    result_out(an->result, d.n, (OutColumn){.name = STR("silhouette"), .num = q.by_row});
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_silhouette",
                           "The mean silhouette of %zu groups is %.3f (1 = far apart, 0 = "
                           "touching).",
                           g.n, q.silhouette));
    return ST_OK;
}

const AnalyzeMethod analyze_silhouette = {
    "silhouette", "轮廓系数",        "silhouette of given groups",
    OPTIONS,      COUNT_OF(OPTIONS), METHOD_OUT | METHOD_THREADS,
    run};
