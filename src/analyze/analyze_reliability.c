/* SPDX-License-Identifier: Apache-2.0 */
/* reliability: Cronbach's alpha and what each item does to it. */
#include "analytics/dist.h"
#include "analytics/reliability.h"
#include "analyze/method.h"

static const AnalyzeOption OPTIONS[] = {
    {"columns", OPTION_COLUMNS, false, NULL, "量表各题（默认全部数值列）",
     "items of the scale (default: all numeric columns)"},
};
static const ViewColumn ALPHA[] = {
    {"alpha", "Cronbach α", "Cronbach's Alpha", CELL_STAT},
    {"standardised_alpha", "标准化 α", "Standardized Alpha", CELL_STAT},
    {"alpha_ci95.0", "95% 下限", "95% Lower", CELL_STAT},
    {"alpha_ci95.1", "95% 上限", "95% Upper", CELL_STAT},
    {"items", "题数", "N of Items", CELL_COUNT},
};
static const ViewColumn ITEMS[] = {
    {"mean", "均值", "Mean", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
    {"scale_mean_if_deleted", "删除后均值", "Scale Mean if Deleted", CELL_STAT},
    {"scale_variance_if_deleted", "删除后方差", "Scale Variance if Deleted", CELL_STAT},
    {"item_total", "校正题总相关", "Corrected Item-Total Correlation", CELL_STAT},
    {"smc", "多重相关平方", "Squared Multiple Correlation", CELL_STAT},
    {"alpha_if_deleted", "删除后 α", "Alpha if Deleted", CELL_STAT},
};

/* Feldt (1965): (1 - α)/(1 - alpha) is F with n-1 and (n-1)(p-1) degrees of freedom. */
static void put_interval(json_t *o, const Reliability *r)
{
    double d1 = (double)r->n - 1, d2 = d1 * ((double)r->p - 1), v[2];
    for (int i = 0; i < 2; i++) { /* the F quantile through the beta distribution */
        double b = dist_beta_quantile(i ? 0.025 : 0.975, d1 / 2, d2 / 2);
        v[i] = 1 - (1 - r->alpha) * (d2 * b / (d1 * (1 - b)));
    }
    result_puts(o, "alpha_ci95", v, 2);
}

static size_t put_items(Analysis *an, json_t *o, const Reliability *r, Series *const *c)
{
    json_t *list = result_array(o, "item_statistics");
    View *v = result_view(an->result, "题目统计", "Item-Total Statistics", ITEMS, COUNT_OF(ITEMS));
    size_t turned = 0;
    for (size_t j = 0; j < r->p; j++) {
        const ReliabilityItem *q = &r->item[j];
        json_t *row = result_item(list);
        result_put_text(row, "column", c[j]->name);
        result_put(row, "mean", q->mean);
        result_put(row, "sd", q->sd);
        result_put(row, "scale_mean_if_deleted", q->scale_mean);
        result_put(row, "scale_variance_if_deleted", q->scale_variance);
        result_put(row, "item_total", q->item_total);
        result_put(row, "smc", q->smc);
        result_put(row, "alpha_if_deleted", q->alpha);
        result_row(v, c[j]->name, row);
        turned += q->item_total < 0;
    }
    return turned;
}

static Status run(Analysis *an)
{
    Series **c;
    size_t p;
    Reliability r = {0};
    TRY(analysis_numbers(an, "columns", &c, &p));
    TRY(analysis_listwise(an, c, p));
    size_t n = an->frame->n;
    double *x = arena_alloc(an->cx->arena, n * p * sizeof(double));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < p; j++)
            x[i * p + j] = c[j]->num[i];
    TRY(analysis_fault(an, reliability_run(&an->kernel, x, n, p, &r), c, p));
    json_t *o = result_object(an->result->tables, "reliability");
    result_put(o, "items", (double)p);
    result_put(o, "alpha", r.alpha);
    result_put(o, "standardised_alpha", r.standardised_alpha);
    result_put(o, "mean_correlation", r.mean_correlation);
    result_put(o, "scale_mean", r.scale_mean);
    result_put(o, "scale_variance", r.scale_variance);
    result_put(o, "scale_sd", r.scale_sd);
    put_interval(o, &r);
    View *v =
        result_view(an->result, "可靠性统计", "Reliability Statistics", ALPHA, COUNT_OF(ALPHA));
    result_row(v, STR(""), o);
    size_t turned = put_items(an, o, &r, c);
    if (turned)
        result_note(an->result,
                    text_in(an->cx, "analyze.turned_items",
                            "%zu items correlate negatively with the rest: are they coded "
                            "the other way round?",
                            turned));
    result_reading(an->result, text_in(an->cx, "analyze.read_reliability",
                                       "Cronbach's alpha of the %zu items is %.3f over %zu rows.",
                                       p, r.alpha, n));
    return ST_OK;
}

const AnalyzeMethod analyze_reliability = {
    "reliability",      "信度", "reliability of a scale", OPTIONS, COUNT_OF(OPTIONS),
    METHOD_ALL_COLUMNS, run};
