/* SPDX-License-Identifier: Apache-2.0 */
/* gammagamma: what a customer spends a purchase in the long run. */
#include "analyze/analyze_value.h"
#include <math.h>

Status analyze_gammagamma_fit(Analysis *an, const Histories *h, ValueSpend *ret)
{
    return analysis_fault(an, value_spend(&an->kernel, h->d.x, h->mean, h->d.n, ret), h->columns,
                          4);
}

void analyze_gammagamma_put(Analysis *an, json_t *o, const ValueSpend *s)
{
    static const char *const NAMES[4] = {"p", "q", "v_gamma"};
    result_put(o, "n_used", (double)s->model.n);
    analyze_value_put(an, o, &s->model, NAMES,
                      an->cx->lang == LANG_ZH ? "Gamma-Gamma 参数" : "Gamma-Gamma Parameters");
    result_put(o, "population_mean", s->mean);
    result_put(o, "correlation_x_mean", s->correlation);
    if (fabs(s->correlation) > 0.3)
        result_note(an->result, text_in(an->cx, "analyze.spend_correlated",
                                        "frequency and spend are correlated (r = %.2f): the model "
                                        "assumes they are not",
                                        s->correlation));
}

static const ViewColumn SPEND[] = {
    {"x", "复购次数", "x", CELL_COUNT},
    {"zbar", "复购均额", "Mean", CELL_STAT},
    {"expected", "期望均额", "E[M]", CELL_STAT},
};

static Status run_spend(Analysis *an)
{
    Histories h = {0};
    ValueSpend s;
    TRY(analyze_value_read(an, true, &h));
    TRY(analyze_gammagamma_fit(an, &h, &s));
    json_t *o = result_object(an->result->tables, "gammagamma"), *list;
    analyze_gammagamma_put(an, o, &s);
    list = result_array(o, "conditional_mean");
    View *v = result_view(an->result, "前 20 位客户", "First 20 Customers", SPEND, COUNT_OF(SPEND));
    result_out(an->result, h.d.n, (OutColumn){.name = h.name_heading, .text = h.names});
    double *e = analyze_value_column(an, "expected_spend", h.d.n);
    for (size_t i = 0; i < h.d.n; i++) {
        e[i] = value_spend_expected(&s, h.d.x[i], h.mean[i]);
        if (i >= ANALYZE_VALUE_LISTED)
            continue;
        json_t *row = result_item(list);
        result_put_text(row, "id", h.names[i]);
        result_put(row, "x", h.d.x[i]);
        result_put(row, "zbar", h.mean[i]);
        result_put(row, "expected", e[i]);
        if (i < 20)
            result_row(v, h.names[i], row);
    }
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_spend",
                           "A customer spends %.6g a purchase on average in the long run (%zu with "
                           "repeat purchases).",
                           s.mean, s.model.n));
    return ST_OK;
}

static const AnalyzeOption SPENDING[] = {ANALYZE_VALUE_OPTIONS};

const AnalyzeMethod analyze_gammagamma = {
    "gammagamma", "Gamma-Gamma 消费额模型", "Gamma-Gamma spend",
    SPENDING,     COUNT_OF(SPENDING),       METHOD_OUT,
    run_spend};
