/* SPDX-License-Identifier: Apache-2.0 */
/* descriptives: n, mean, spread, shape and percentiles of numeric columns, each by itself. */
#include "analytics/describe.h"
#include "analyze/method.h"

static const AnalyzeOption OPTIONS[] = {
    {"columns", OPTION_COLUMNS, false, NULL, "数值列（默认全部数值列）",
     "numeric columns (default: all)"},
};

static const ViewColumn VIEW[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"min", "最小值", "Minimum", CELL_AUTO},
    {"max", "最大值", "Maximum", CELL_AUTO},
    {"mean", "均值", "Mean", CELL_STAT},
    {"se_mean", "均值标准误", "Std. Error", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
    {"variance", "方差", "Variance", CELL_STAT},
    {"skewness", "偏度", "Skewness", CELL_STAT},
    {"se_skewness", "偏度标准误", "Std. Error of Skewness", CELL_STAT},
    {"kurtosis", "峰度", "Kurtosis", CELL_STAT},
    {"se_kurtosis", "峰度标准误", "Std. Error of Kurtosis", CELL_STAT},
};
static const ViewColumn PERCENTILES[] = {
    {"percentiles_haverage.0", "5%", "5%", CELL_AUTO},
    {"percentiles_haverage.1", "25%", "25%", CELL_AUTO},
    {"percentiles_haverage.2", "50%", "50%", CELL_AUTO},
    {"percentiles_haverage.3", "75%", "75%", CELL_AUTO},
    {"percentiles_haverage.4", "95%", "95%", CELL_AUTO},
};

static void put_percentiles(json_t *t, const Sorted *s, const char *key, int type)
{
    static const double SHARES[] = {.05, .25, .5, .75, .95};
    double v[COUNT_OF(SHARES)];
    for (size_t i = 0; i < COUNT_OF(SHARES); i++)
        v[i] = describe_percentile(s, SHARES[i], type);
    result_puts(t, key, v, COUNT_OF(SHARES));
}

static void put_moments(json_t *t, const Moments *m)
{
    result_put(t, "n", m->n);
    result_put(t, "missing", m->missing);
    result_put(t, "mean", m->mean);
    result_put(t, "sd", m->sd);
    result_put(t, "variance", m->variance);
    result_put(t, "se_mean", m->se_mean);
    result_put(t, "skewness", m->skewness);
    result_put(t, "se_skewness", m->se_skewness);
    result_put(t, "kurtosis", m->kurtosis);
    result_put(t, "se_kurtosis", m->se_kurtosis);
    result_put(t, "min", m->min);
    result_put(t, "max", m->max);
    result_put(t, "range", m->max - m->min);
    result_put(t, "sum", m->sum);
}

static Status describe(Analysis *an, Series *c, json_t *t, Moments *m)
{
    Sorted sorted;
    const double *w = analysis_weights(an);
    size_t n = an->frame->n;
    TRY(analysis_fault(an, describe_moments(&an->kernel, c->num, w, n, m), &c, 1));
    TRY(analysis_fault(an, describe_sort(&an->kernel, c->num, w, n, &sorted), &c, 1));
    put_moments(t, m);
    result_put(t, "median", describe_percentile(&sorted, .5, 6));
    put_percentiles(t, &sorted, "percentiles_haverage", 6);
    put_percentiles(t, &sorted, "percentiles_type7", 7);
    return ST_OK;
}

static Status run(Analysis *an)
{
    Series **columns;
    size_t n;
    Moments m = {0};
    Result *r = an->result;
    TRY(analysis_numbers(an, "columns", &columns, &n));
    TRY(analysis_listwise(an, columns, an->is_pairwise ? 0 : n));
    json_t *all = result_object(r->tables, "descriptives");
    View *view = result_view(r, "描述统计", "Descriptive Statistics", VIEW, COUNT_OF(VIEW));
    View *more = result_view(r, "百分位数", "Percentiles", PERCENTILES, COUNT_OF(PERCENTILES));
    for (size_t i = 0; i < n; i++) {
        json_t *t = result_object(all, result_key(r, columns[i]->name));
        TRY(describe(an, columns[i], t, &m));
        result_row(view, columns[i]->name, t);
        result_row(more, columns[i]->name, t);
    }
    if (n == 1)
        result_reading(r, text_in(an->cx, "analyze.read_descriptive",
                                  "\"" STR_FMT "\" has mean %.6g and standard deviation %.6g over "
                                  "%.10g values from %.6g to %.6g.",
                                  STR_ARG(columns[0]->name), m.mean, m.sd, m.n, m.min, m.max));
    else
        result_reading(r, text_in(an->cx, "analyze.read_descriptives",
                                  "%zu columns are described over %.10g rows.", n, r->n));
    return ST_OK;
}

const AnalyzeMethod analyze_descriptives = {"descriptives",
                                            "描述统计",
                                            "descriptive statistics",
                                            OPTIONS,
                                            COUNT_OF(OPTIONS),
                                            METHOD_ALL_COLUMNS | METHOD_WEIGHT | METHOD_PAIRWISE |
                                                METHOD_PAIRWISE_FIRST,
                                            run};
