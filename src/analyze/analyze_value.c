/* SPDX-License-Identifier: Apache-2.0 */
/* What bgnbd, paretonbd, gammagamma and clv share: customers' histories and how a fitted model is told. */
#include "analyze/analyze_value.h"
#include "analyze/analyze_sales.h"
#include <math.h>

/* ---- histories ---- */
static Status from_log(Analysis *an, bool need_money, Histories *h)
{
    Sales s;
    int64_t until = analysis_date(an, "until");
    if (until == INT64_MIN || (need_money && !analysis_has(an, "amount")))
        return FAIL(an->cx, ST_MALFORMED, "analyze.log_options",
                    "a log needs --customer, --date, --until%s", need_money ? ", --amount" : "");
    TRY(analyze_sales_read(an, &s));
    bool is_day = str_is(analysis_text(an, "unit"), "day");
    ValueSummary v;
    TRY(analysis_fault(an,
                       value_summary(&an->kernel, s.customer, s.day, s.spend, s.rows, s.customers,
                                     (int32_t)until, is_day ? 1 : 7, &v),
                       s.columns, s.n_columns));
    size_t n = 0;
    h->names = ARENA_ARRAY(an->cx->arena, Str, s.customers);
    for (size_t c = 0; c < s.customers; c++) {
        if (isnan(v.age[c]))
            continue; /* first purchase after --until */
        h->names[n] = analyze_sales_name(an, &s, c);
        v.x[n] = v.x[c];
        v.recency[n] = v.recency[c];
        v.age[n] = v.age[c];
        v.mean[n++] = v.mean[c];
    }
    h->d = (ValueData){n, v.x, v.recency, v.age};
    h->mean = s.spend ? v.mean : NULL;
    h->name_heading = s.who->name;
    h->is_log = true;
    for (int i = 0; i < 4; i++)
        h->columns[i] = i == 3 ? s.columns[2] : s.columns[1];
    return ST_OK;
}

static Status from_summary(Analysis *an, bool need_money, Histories *h)
{
    static const char *const NAMES[] = {"frequency", "recency", "age", "mean"};
    Series *all[5];
    size_t n = 0;
    bool has_money = analysis_has(an, "mean");
    for (size_t i = 0; i < (has_money ? 4u : 3u); i++) {
        if (!analysis_has(an, NAMES[i]))
            return FAIL(an->cx, ST_MALFORMED, "analyze.summary_options",
                        "--frequency, --recency and --age, or --customer, --date and --until");
        TRY(analysis_column(an, NAMES[i], &h->columns[i]));
        TRY(frame_need_numbers(an->cx, an->frame, h->columns[i]));
        all[n++] = h->columns[i];
    }
    if (need_money && !has_money)
        return FAIL(an->cx, ST_MALFORMED, "analyze.mean_option", "--mean is needed");
    Series *who = NULL;
    if (analysis_has(an, "customer")) {
        TRY(analysis_column(an, "customer", &who));
        all[n++] = who;
    }
    TRY(analysis_listwise(an, all, n));
    size_t rows = an->frame->n;
    h->names = ARENA_ARRAY(an->cx->arena, Str, rows + 1);
    h->name_heading = who ? who->name : STR("row");
    for (size_t i = 0; i < rows; i++)
        h->names[i] = !who ? str_format(an->cx->arena, "%lld", (long long)frame_row(an->frame, i))
                      : who->num ? frame_label(an->cx->arena, who, who->num[i])
                                 : who->values[frame_code(who, i)];
    h->d = (ValueData){rows, h->columns[0]->num, h->columns[1]->num, h->columns[2]->num};
    h->mean = has_money ? h->columns[3]->num : NULL;
    if (!has_money)
        h->columns[3] = h->columns[0];
    return ST_OK;
}

Status analyze_value_read(Analysis *an, bool need_money, Histories *ret)
{
    *ret = (Histories){0};
    ret->per_month = str_is(analysis_text(an, "unit"), "day") ? 365.25 / 12 : 52.0 / 12;
    if (analysis_has(an, "frequency") || analysis_has(an, "recency") || analysis_has(an, "age")) {
        TRY(analysis_refuse(an, "date amount invoice quantity until", "--frequency"));
        return from_summary(an, need_money, ret);
    }
    TRY(analysis_refuse(an, "mean", "--date"));
    if (!analysis_has(an, "date") || !analysis_has(an, "customer"))
        return FAIL(an->cx, ST_MALFORMED, "analyze.summary_options",
                    "--frequency, --recency and --age, or --customer, --date and --until");
    TRY(from_log(an, need_money, ret));
    an->result->n = (double)ret->d.n;
    return ST_OK;
}

/* ---- the model ---- */
static const ViewColumn PARAMETERS[] = {
    {"value", "估计值", "Estimate", CELL_STAT},
    {"se", "标准误", "Std. Error", CELL_STAT},
    {"ci95.0", "95% 下限", "95% Lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% Upper", CELL_STAT},
};

static const ViewColumn SUMMARY[] = {
    {"loglik", "对数似然", "Log-likelihood", CELL_STAT},
    {"iterations", "迭代次数", "Iterations", CELL_COUNT},
    {"status", "收敛状态", "Status", CELL_AUTO},
    {"correlation_x_mean", "次数与均额相关", "r(frequency, mean)", CELL_STAT},
};

static const char *status_name(MinimiseEnd end)
{
    switch (end) {
    case MINIMISE_CONVERGED: return "converged";
    case MINIMISE_FLAT: return "flat";
    case MINIMISE_BOUND: return "bound";
    default: return "failed";
    }
}

bool analyze_value_put(Analysis *an, json_t *o, const ValueModel *m, const char *const *names,
                       const char *title)
{
    View *v = result_view(an->result, title, title, PARAMETERS, COUNT_OF(PARAMETERS));
    json_t *list = result_array(o, "parameters");
    for (int i = 0; i < m->parameters && i < 4 && names[i]; i++) {
        /* the interval is that of the logarithm: a parameter is positive */
        double wide = exp(1.959963984540054 * m->se[i] / m->v[i]);
        json_t *row = result_item(list);
        result_put(o, names[i], m->v[i]);
        result_put_text(row, "name", str_of(names[i]));
        result_put(row, "value", m->v[i]);
        result_put(row, "se", m->se[i]);
        result_puts(row, "ci95", (double[]){m->v[i] / wide, m->v[i] * wide}, 2);
        result_row(v, str_of(names[i]), row);
    }
    result_put(o, "loglik", m->loglik);
    result_put(o, "iterations", m->iterations);
    result_put_text(o, "status", str_of(status_name(m->status)));
    v = result_view(an->result, "模型摘要", "Model Summary", SUMMARY, COUNT_OF(SUMMARY));
    result_row(v, str_of(an->cx->lang == LANG_ZH ? "拟合" : "Fit"), o);
    if (m->status == MINIMISE_CONVERGED)
        return true;
    result_note(an->result,
                text_in(an->cx, "analyze.not_converged",
                        "status %s: the likelihood has no clear maximum in these data; read the "
                        "expectations, not the parameters, and with care",
                        status_name(m->status)));
    return false;
}

double *analyze_value_column(Analysis *an, const char *name, size_t n)
{
    double *v = arena_alloc(an->cx->arena, (n + 1) * sizeof(double));
    result_out(an->result, n, (OutColumn){.name = str_of(name), .num = v});
    return v;
}

void analyze_value_sums(json_t *o, const ValueData *d)
{
    double sum = 0, zero = 0;
    for (size_t i = 0; i < d->n; i++) {
        sum += d->x[i];
        zero += d->x[i] == 0;
    }
    result_put(o, "n", (double)d->n);
    result_put(o, "sum_x", sum);
    result_put(o, "zero_repeat", zero);
}
