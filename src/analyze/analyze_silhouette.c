/* SPDX-License-Identifier: Apache-2.0 */
/* silhouette: how well a grouping that is already a column separates the rows. */
#include "analytics/cluster.h"
#include "analyze/analyze_prepare.h"

#define SILHOUETTE_ROWS 20000

static const AnalyzeOption OPTIONS[] = {
    ANALYZE_PREPARE_OPTIONS,
    {"label", OPTION_COLUMN, true, NULL, "分群列", "column of the groups"},
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

static Status run(Analysis *an)
{
    Prepared d;
    Groups g;
    ClusterQuality q;
    TRY(analyze_prepare(an, &d));
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
    "silhouette", "轮廓系数", "silhouette of given groups", OPTIONS, COUNT_OF(OPTIONS),
    METHOD_OUT,   run};
