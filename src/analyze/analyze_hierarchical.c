/* SPDX-License-Identifier: Apache-2.0 */
/* hierarchical: agglomeration schedule and groups. */
#include "analytics/cluster.h"
#include "analytics/hierarchical.h"
#include "analyze/analyze_groups.h"

#define SILHOUETTE_ROWS 20000
#define SCHEDULE_ROWS 50 /* of the text; --json has all */

static const AnalyzeOption OPTIONS[] = {
    ANALYZE_PREPARE_OPTIONS,
    {"k", OPTION_TEXT, false, NULL, "群数（默认 3）", "number of clusters (default 3)"},
    {"linkage", OPTION_WORD, false, "ward|average|complete", "连接方式（默认 ward）",
     "linkage (default ward)"},
    {"reach", OPTION_COLUMN, false, NULL, "能否触达的列", "column saying who can be reached"},
};
static const ViewColumn SCHEDULE[] = {
    {"a", "群 1", "Cluster 1", CELL_COUNT},
    {"b", "群 2", "Cluster 2", CELL_COUNT},
    {"height", "系数", "Coefficient", CELL_STAT},
    {"size", "合并后个数", "N", CELL_COUNT},
};

static HierarchicalLinkage linkage_of(const Analysis *an, const char **ret_name)
{
    static const char *const NAMES[] = {"ward", "average", "complete"};
    for (int i = 1; i < 3; i++)
        if (str_is(analysis_text(an, "linkage"), NAMES[i])) {
            *ret_name = NAMES[i];
            return (HierarchicalLinkage)i;
        }
    *ret_name = NAMES[0];
    return HIERARCHICAL_WARD;
}

static void put_schedule(Analysis *an, json_t *o, const Hierarchical *h)
{
    View *v = result_view(an->result, "聚类过程表（最后若干步）",
                          "Agglomeration Schedule (last steps)", SCHEDULE, COUNT_OF(SCHEDULE));
    json_t *list = result_array(o, "joins");
    size_t joins = h->n - 1;
    for (size_t i = 0; i < joins; i++) {
        json_t *row = result_item(list);
        result_put(row, "a", h->joins[i].a);
        result_put(row, "b", h->joins[i].b);
        result_put(row, "height", h->joins[i].height);
        result_put(row, "size", h->joins[i].size);
        if (i + SCHEDULE_ROWS >= joins)
            result_row(v, str_format(an->cx->arena, "%zu", i + 1), row);
    }
}

static Status run(Analysis *an)
{
    Prepared d;
    Hierarchical h;
    const char *linkage;
    int k, to, accepted;
    TRY(analyze_groups_range(an, 3, &k, &to));
    HierarchicalLinkage how = linkage_of(an, &linkage);
    TRY(analyze_prepare(an, false, &d));
    TRY(analysis_fault(an, hierarchical_run(&an->kernel, d.x, d.n, d.p, how, &h), d.columns, d.p));
    if (to != k || (size_t)k > d.n)
        return FAIL(an->cx, ST_MALFORMED, "analyze.one_k", "--k must be one number up to %zu", d.n);
    int32_t *label = arena_alloc(an->cx->arena, d.n * sizeof(*label));
    TRY(analysis_fault(an, hierarchical_cut(&an->kernel, &h, k, label), d.columns, d.p));
    json_t *o = result_object(an->result->tables, "hierarchical");
    result_put_text(o, "linkage", str_of(linkage));
    result_put(o, "k", k);
    put_schedule(an, o, &h);
    if (k > 1 && (size_t)k < d.n) {
        ClusterQuality q;
        TRY(analysis_fault(
            an, cluster_quality(&an->kernel, d.x, d.n, d.p, label, k, SILHOUETTE_ROWS, &q),
            d.columns, d.p));
        result_put(o, "silhouette", q.silhouette);
        result_put(o, "calinski_harabasz", q.calinski_harabasz);
        result_put(o, "davies_bouldin", q.davies_bouldin);
    }
    TRY(analyze_groups(an, o, &d, label, k, NULL, &accepted));
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_hierarchical",
                           "%s linkage makes %d clusters of %zu rows; %d of them pass the "
                           "questions asked.",
                           linkage, k, d.n, accepted));
    return ST_OK;
}

const AnalyzeMethod analyze_hierarchical = {"hierarchical",
                                            "层次聚类",
                                            "hierarchical clusters",
                                            OPTIONS,
                                            COUNT_OF(OPTIONS),
                                            METHOD_ALL_COLUMNS | METHOD_OUT | METHOD_THREADS,
                                            run};
