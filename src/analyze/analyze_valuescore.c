/* SPDX-License-Identifier: Apache-2.0 */
/* valuescore: one score 0 … 100 from response, revenue, profit, loyalty, referrals … with weights. */
#include "analytics/value.h"
#include "analyze/method.h"
#include <stdlib.h>

static const AnalyzeOption OPTIONS[] = {
    {"columns", OPTION_COLUMNS, true, NULL, "参与评分的列", "columns of the score"},
    {"weights", OPTION_TEXT, false, NULL, "各列权重，如 3,2,1（默认相等；负号表示越小越好）",
     "weights, 3,2,1 say (default equal; a minus means less is better)"},
};
static const ViewColumn VIEW[] = {
    {"weight", "权重", "Weight", CELL_STAT},
    {"correlation", "与总分的相关", "Correlation with score", CELL_STAT},
};

static Status read_weights(Analysis *an, size_t p, double *weight)
{
    Str *parts;
    size_t n;
    analysis_list(an, "weights", &parts, &n);
    for (size_t j = 0; j < p; j++)
        weight[j] = 1;
    if (n == 0)
        return ST_OK;
    for (size_t j = 0; j < n && j < p; j++) {
        char *z = str_z(an->cx->arena, parts[j]), *end;
        weight[j] = strtod(z, &end);
        if (*end || end == z || !isfinite(weight[j]))
            n = 0;
    }
    if (n != p)
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_weights", "--weights needs %zu numbers", p);
    return ST_OK;
}

static double correlation(const double *x, size_t p, const double *y, size_t n)
{
    double mx, my, sx, sy, both = 0;
    work_moments(x, n, p, &mx, &sx);
    work_moments(y, n, 1, &my, &sy);
    for (size_t i = 0; i < n; i++)
        both += (x[i * p] - mx) * (y[i] - my);
    return both / sqrt(sx * sy);
}

static Status run(Analysis *an)
{
    Series **c;
    size_t p;
    TRY(analysis_numbers(an, "columns", &c, &p));
    TRY(analysis_listwise(an, c, p));
    size_t n = an->frame->n;
    double *weight = arena_alloc(an->cx->arena, p * sizeof(double));
    double *x = arena_alloc(an->cx->arena, n * p * sizeof(double));
    double *score = arena_alloc(an->cx->arena, n * sizeof(double));
    TRY(read_weights(an, p, weight));
    for (size_t j = 0; j < p; j++) {
        double sign = weight[j] < 0 ? -1 : 1;
        weight[j] = fabs(weight[j]);
        for (size_t i = 0; i < n; i++)
            x[i * p + j] = sign * c[j]->num[i];
    }
    TRY(analysis_fault(an, value_score(&an->kernel, x, n, p, weight, score), c, p));
    json_t *o = result_object(an->result->tables, "valuescore"), *list = result_array(o, "columns");
    View *v = result_view(an->result, "评分构成", "Parts of the Score", VIEW, COUNT_OF(VIEW));
    for (size_t j = 0; j < p; j++) {
        json_t *row = result_item(list);
        result_put_text(row, "column", c[j]->name);
        result_put(row, "weight", weight[j]);
        result_put(row, "correlation", correlation(x + j, p, score, n));
        result_row(v, c[j]->name, row);
    }
    double mean, ss;
    work_moments(score, n, 1, &mean, &ss);
    result_put(o, "mean", mean);
    result_put(o, "sd", sqrt(ss / ((double)n - 1)));
    an->result->out_rows = true;
    an->result->out_row = an->frame->row;
    result_out(an->result, n, (OutColumn){.name = STR("score"), .num = score});
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_valuescore",
                           "%zu rows are scored 0 to 100 from %zu columns; --out writes the "
                           "scores.",
                           n, p));
    return ST_OK;
}

const AnalyzeMethod analyze_valuescore = {
    "valuescore", "客户价值评分", "value score", OPTIONS, COUNT_OF(OPTIONS), METHOD_OUT, run};
