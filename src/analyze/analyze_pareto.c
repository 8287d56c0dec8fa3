/* SPDX-License-Identifier: Apache-2.0 */
/* pareto: 80/20 with the names of the customers behind it, Lorenz curve and Gini. */
#include "analytics/pareto.h"
#include "analyze/method.h"

#define MOST_NAMES 100

static const AnalyzeOption OPTIONS[] = {
    {"customer", OPTION_COLUMN, true, NULL, "客户列", "column of the customers"},
    {"amount", OPTION_COLUMN, true, NULL, "金额列（同一客户的各行相加）",
     "amounts (rows of a customer are added)"},
    {"threshold", OPTION_NUMBER, false, NULL, "占总额的比例（默认 0.8）",
     "share of the total (default 0.8)"},
};
static const ViewColumn VIEW[] = {
    {"amount", "金额", "Amount", CELL_STAT},
    {"share", "占比", "Share", CELL_PERCENT},
    {"cumulative", "累积占比", "Cumulative", CELL_PERCENT},
};
static const ViewColumn SUMMARY[] = {
    {"customers", "客户数", "Customers", CELL_COUNT},
    {"total", "总额", "Total", CELL_STAT},
    {"reach_customers", "达到比例的客户数", "Customers reaching it", CELL_COUNT},
    {"reach_share", "占客户的比例", "Share of customers", CELL_PERCENT},
    {"top_20pct_share", "前 20% 客户的占比", "Held by the top 20%", CELL_PERCENT},
    {"gini", "基尼系数", "Gini", CELL_STAT},
};

static double *sum_amounts(Analysis *an, const Groups *g, const Series *amount)
{
    long double *sums = ARENA_ARRAY(an->cx->arena, long double, g->n);
    double *out = ARENA_ARRAY(an->cx->arena, double, g->n);
    const double *w = analysis_weights(an);
    for (size_t i = 0; i < an->frame->n; i++)
        sums[g->of[i]] += (long double)amount->num[i] * (long double)(w ? w[i] : 1);
    for (size_t i = 0; i < g->n; i++)
        out[i] = (double)sums[i];
    return out;
}

static void put_names(Analysis *an, const Groups *g, const double *amounts, const Pareto *p,
                      json_t *t)
{
    size_t shown = p->reach < MOST_NAMES ? p->reach : MOST_NAMES;
    json_t *list = result_array(t, "top");
    View *v = result_view(an->result, "重点客户", "Largest customers", VIEW, COUNT_OF(VIEW));
    for (size_t i = 0; i < shown; i++) {
        json_t *o = result_item(list);
        result_put_text(o, "customer", g->labels[p->order[i]]);
        result_put(o, "amount", amounts[p->order[i]]);
        result_put(o, "share", amounts[p->order[i]] / p->total);
        result_put(o, "cumulative", p->cumulative[i]);
        result_row(v, g->labels[p->order[i]], o);
    }
    if (p->reach > shown)
        result_note(an->result,
                    text_in(an->cx, "analyze.more_names",
                            "%zu customers reach the threshold, %zu are named; --out lists all.",
                            p->reach, shown));
}

static void put_out(Analysis *an, const Groups *g, const double *amounts, const Pareto *p)
{
    Arena *a = an->cx->arena;
    Str *names = ARENA_ARRAY(a, Str, g->n);
    double *sorted = ARENA_ARRAY(a, double, g->n), *inside = ARENA_ARRAY(a, double, g->n);
    for (size_t i = 0; i < g->n; i++) {
        names[i] = g->labels[p->order[i]];
        sorted[i] = amounts[p->order[i]];
        inside[i] = i < p->reach;
    }
    result_out(an->result, g->n, (OutColumn){.name = STR("customer"), .text = names});
    result_out(an->result, g->n, (OutColumn){.name = STR("amount"), .num = sorted});
    result_out(an->result, g->n, (OutColumn){.name = STR("cumulative"), .num = p->cumulative});
    result_out(an->result, g->n, (OutColumn){.name = STR("within_threshold"), .num = inside});
}

static Status run(Analysis *an)
{
    Series *c[2];
    Groups g;
    Pareto p;
    double threshold = analysis_number(an, "threshold", .8);
    if (!(threshold > 0 && threshold <= 1))
        return FAIL(an->cx, ST_MALFORMED, "analyze.share", "--%s must be above 0 and at most 1",
                    "threshold");
    TRY(analysis_column(an, "customer", &c[0]));
    TRY(analysis_column(an, "amount", &c[1]));
    TRY(frame_need_numbers(an->cx, an->frame, c[1]));
    TRY(analysis_listwise(an, c, 2));
    TRY(frame_groups(an->cx, an->frame, c[0], &g));
    double *amounts = sum_amounts(an, &g, c[1]);
    TRY(analysis_fault(an, pareto_concentration(&an->kernel, amounts, g.n, threshold, &p), &c[1],
                       1));
    json_t *t = result_object(an->result->tables, "pareto");
    result_put(t, "customers", (double)g.n);
    result_put(t, "total", p.total);
    result_put(t, "threshold", threshold);
    result_put(t, "reach_customers", (double)p.reach);
    result_put(t, "reach_share", (double)p.reach / (double)g.n);
    result_put(t, "top_20pct_share", p.top_fifth);
    result_put(t, "gini", p.gini);
    result_put(t, "gini_sample", p.gini_sample);
    result_puts(t, "lorenz", p.lorenz, 11);
    View *v = result_view(an->result, "集中度", "Concentration", SUMMARY, COUNT_OF(SUMMARY));
    result_row(v, c[1]->name, t);
    put_names(an, &g, amounts, &p, t);
    put_out(an, &g, amounts, &p);
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_pareto",
                           "%zu of %zu customers (%.1f%%) bring %.0f%% of the total; Gini %.3f.",
                           p.reach, g.n, 100.0 * (double)p.reach / (double)g.n, threshold * 100,
                           p.gini));
    return ST_OK;
}

const AnalyzeMethod analyze_pareto = {"pareto", "二八分析",        "80/20 with names, Lorenz, Gini",
                                      OPTIONS,  COUNT_OF(OPTIONS), METHOD_WEIGHT | METHOD_OUT,
                                      run};
