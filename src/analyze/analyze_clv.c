/* SPDX-License-Identifier: Apache-2.0 */
/* clv: what customers will be worth, from purchases to come and spend a purchase. */
#include "analyze/analyze_value.h"
#include <math.h>

static const ViewColumn WORTH[] = {
    {"x", "复购次数", "x", CELL_COUNT},
    {"expected_spend", "期望均额", "E[M]", CELL_STAT},
    {"p_alive", "存活概率", "P(alive)", CELL_STAT},
    {"clv", "价值", "CLV", CELL_STAT},
};

static Status read_horizon(Analysis *an, const Histories *h, bool is_pareto, ValueHorizon *ret)
{
    double months = analysis_number(an, "horizon", 12);
    *ret = (ValueHorizon){.periods = (int)months,
                          .length = h->per_month,
                          .pareto = is_pareto,
                          .discount = analysis_number(an, "discount", 0.01),
                          .margin = analysis_number(an, "margin", 1)};
    if (!(months >= 1 && months <= 600) || months != floor(months))
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_months",
                    "--horizon must be 1 to 600 months");
    if (!(ret->discount > -1 && ret->discount < 1) || !(ret->margin > 0 && ret->margin <= 1))
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_rates",
                    "--discount (a month) must be below 1, --margin above 0 and up to 1");
    return ST_OK;
}

static double put_worth(Analysis *an, json_t *o, const Histories *h, const Purchases *b,
                        const ValueSpend *s, const ValueHorizon *z)
{
    json_t *list = result_array(o, "rows");
    View *v = result_view(an->result, "前 20 位客户", "First 20 Customers", WORTH, COUNT_OF(WORTH));
    result_out(an->result, h->d.n, (OutColumn){.name = h->name_heading, .text = h->names});
    double sum = 0, *spend = analyze_value_column(an, "expected_spend", h->d.n);
    double *p = analyze_value_column(an, "p_alive", h->d.n),
           *clv = analyze_value_column(an, "clv", h->d.n);
    for (size_t i = 0; i < h->d.n; i++) {
        const ValueData *d = &h->d;
        spend[i] = value_spend_expected(s, d->x[i], h->mean[i]);
        p[i] = analyze_purchases_alive(b, d, i);
        sum += clv[i] = value_lifetime(&b->m, z, d->x[i], d->recency[i], d->age[i], spend[i]);
        if (i >= ANALYZE_VALUE_LISTED)
            continue;
        json_t *row = result_item(list);
        result_put_text(row, "id", h->names[i]);
        result_put(row, "x", d->x[i]);
        result_put(row, "t_x", d->recency[i]);
        result_put(row, "T", d->age[i]);
        result_put(row, "zbar", h->mean[i]);
        result_put(row, "p_alive", p[i]);
        result_put(row, "expected_spend", spend[i]);
        result_put(row, "clv", clv[i]);
        if (i < 20)
            result_row(v, h->names[i], row);
    }
    result_put(o, "sum_clv", sum);
    return sum;
}

static Status run_clv(Analysis *an)
{
    Histories h = {0};
    ValueHorizon z;
    ValueSpend s;
    Purchases b = {.is_pareto = str_is(analysis_text(an, "model"), "paretonbd")};
    TRY(analyze_value_read(an, true, &h));
    TRY(read_horizon(an, &h, b.is_pareto, &z));
    TRY(analyze_purchases_fit(an, &h, &b));
    TRY(analyze_gammagamma_fit(an, &h, &s));
    json_t *o = result_object(an->result->tables, "clv");
    result_put(o, "months", z.periods);
    result_put(o, "discount", z.discount);
    result_put(o, "margin", z.margin);
    analyze_value_sums(o, &h.d);
    analyze_purchases_put(an, result_object(o, b.is_pareto ? "paretonbd" : "bgnbd"), &b);
    analyze_gammagamma_put(an, result_object(o, "gamma_gamma"), &s);
    double sum = put_worth(an, o, &h, &b, &s, &z);
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_clv",
                           "The %zu customers are worth %.8g over %d months (discount %.3g %% a "
                           "month, margin %.3g %%).",
                           h.d.n, sum, z.periods, 100 * z.discount, 100 * z.margin));
    return ST_OK;
}

static const AnalyzeOption CLV[] = {
    ANALYZE_VALUE_OPTIONS,
    {"discount", OPTION_NUMBER, false, NULL, "月贴现率（默认 0.01）",
     "discount a month (default 0.01)"},
    {"horizon", OPTION_NUMBER, false, NULL, "月数（默认 12）", "months (default 12)"},
    {"margin", OPTION_NUMBER, false, NULL, "毛利率（默认 1）", "margin (default 1)"},
    {"model", OPTION_WORD, false, "bgnbd|paretonbd", "购买模型（默认 bgnbd）",
     "purchase model (default bgnbd)"},
};

const AnalyzeMethod analyze_clv = {
    "clv", "客户终身价值", "customer lifetime value", CLV, COUNT_OF(CLV), METHOD_OUT, run_clv};
