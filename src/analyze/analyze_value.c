/* SPDX-License-Identifier: Apache-2.0 */
/* bgnbd, paretonbd, gammagamma, clv: purchases to come, being a customer still, and worth. */
#include "analyze/analyze_value.h"
#include "analyze/analyze_sales.h"
#include <math.h>
#include <stdlib.h>

#define LISTED 10000 /* customers in --json; --out has all */

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
    if (analysis_has(an, "frequency") || analysis_has(an, "recency") || analysis_has(an, "age"))
        return from_summary(an, need_money, ret);
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

static const char *status_name(MinimiseEnd end)
{
    switch (end) {
    case MINIMISE_CONVERGED: return "converged";
    case MINIMISE_FLAT: return "flat";
    case MINIMISE_BOUND: return "bound";
    default: return "failed";
    }
}

bool analyze_value_put(Analysis *an, json_t *o, const ValueModel *m, const char *const *names)
{
    View *v = result_view(an->result, "参数", "Parameters", PARAMETERS, COUNT_OF(PARAMETERS));
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
    if (m->status == MINIMISE_CONVERGED)
        return true;
    result_note(an->result,
                text_in(an->cx, "analyze.not_converged",
                        "status %s: the likelihood has no clear maximum in these data; read the "
                        "expectations, not the parameters, and with care",
                        status_name(m->status)));
    return false;
}

static double *column_out(Analysis *an, const char *name, size_t n)
{
    double *v = arena_alloc(an->cx->arena, (n + 1) * sizeof(double));
    result_out(an->result, n, (OutColumn){.name = str_of(name), .num = v});
    return v;
}

/* ---- bgnbd and paretonbd ---- */
typedef struct Purchases {
    ValueModel m;
    bool is_pareto;
    double *horizon;
    size_t n_horizons;
} Purchases;

static double expected(const Purchases *b, const ValueData *d, size_t i, double t)
{
    return (b->is_pareto ? value_pareto_expected
                         : value_bgnbd_expected)(&b->m, d->x[i], d->recency[i], d->age[i], t);
}

static double alive(const Purchases *b, const ValueData *d, size_t i)
{
    return (b->is_pareto ? value_pareto_alive : value_bgnbd_alive)(&b->m, d->x[i], d->recency[i],
                                                                   d->age[i]);
}

static Status read_horizons(Analysis *an, Purchases *b)
{
    static const double USUAL[] = {1, 10, 39, 52};
    Str *parts;
    analysis_list(an, "horizon", &parts, &b->n_horizons);
    if (b->n_horizons == 0) {
        b->n_horizons = COUNT_OF(USUAL);
        b->horizon = arena_dup(an->cx->arena, USUAL, sizeof(USUAL));
        return ST_OK;
    }
    b->horizon = arena_alloc(an->cx->arena, b->n_horizons * sizeof(double));
    for (size_t i = 0; i < b->n_horizons; i++) {
        char *end, *z = str_z(an->cx->arena, parts[i]);
        b->horizon[i] = strtod(z, &end);
        if (*end || end == z || !(b->horizon[i] > 0) || !isfinite(b->horizon[i]))
            return FAIL(an->cx, ST_MALFORMED, "analyze.bad_horizon",
                        "--horizon: \"" STR_FMT "\" is not a number above 0", STR_ARG(parts[i]));
    }
    return ST_OK;
}

static Status fit(Analysis *an, const Histories *h, Purchases *b)
{
    Status st = (b->is_pareto ? value_pareto : value_bgnbd)(&an->kernel, &h->d, &b->m);
    return analysis_fault(an, st, h->columns, 4);
}

static const char *horizon_key(Analysis *an, double t)
{
    return result_key(an->result, str_format(an->cx->arena, "%.10g", t));
}

static void put_new(Analysis *an, json_t *o, const Purchases *b)
{
    json_t *t = result_object(o, "expected_purchases_of_new_customer");
    for (size_t i = 0; i < b->n_horizons; i++)
        result_put(t, horizon_key(an, b->horizon[i]),
                   (b->is_pareto ? value_pareto_new : value_bgnbd_new)(&b->m, b->horizon[i]));
}

static const ViewColumn CUSTOMERS[] = {
    {"x", "复购次数", "x", CELL_COUNT},
    {"t_x", "末购时点", "t_x", CELL_STAT},
    {"T", "时长", "T", CELL_STAT},
    {"p_alive", "存活概率", "P(alive)", CELL_STAT},
};

static void put_customers(Analysis *an, json_t *o, const Histories *h, const Purchases *b)
{
    const ValueData *d = &h->d;
    double sum_alive = 0, *p = column_out(an, "p_alive", d->n);
    json_t *list = result_array(o, "conditional"), *sums = result_object(o, "sum_conditional");
    View *v = result_view(an->result, "前 20 位客户", "First 20 Customers", CUSTOMERS,
                          COUNT_OF(CUSTOMERS));
    for (size_t i = 0; i < d->n; i++)
        sum_alive += p[i] = alive(b, d, i);
    for (size_t k = 0; k < b->n_horizons; k++) {
        const char *key = horizon_key(an, b->horizon[k]);
        double sum = 0;
        Str name = str_format(an->cx->arena, "expected_%s", key);
        double *e = column_out(an, str_z(an->cx->arena, name), d->n);
        for (size_t i = 0; i < d->n; i++)
            sum += e[i] = expected(b, d, i, b->horizon[k]);
        result_put(sums, key, sum);
        result_view_column(v, str_format(an->cx->arena, "E[%s]", key),
                           str_format(an->cx->arena, "expected.%s", key), CELL_STAT);
    }
    for (size_t i = 0; i < d->n && i < LISTED; i++) {
        json_t *row = result_item(list), *e = NULL;
        result_put(row, "row", (double)i);
        result_put_text(row, "id", h->names[i]);
        result_put(row, "x", d->x[i]);
        result_put(row, "t_x", d->recency[i]);
        result_put(row, "T", d->age[i]);
        result_put(row, "p_alive", p[i]);
        e = result_object(row, "expected");
        for (size_t k = 0; k < b->n_horizons; k++)
            result_put(e, horizon_key(an, b->horizon[k]), expected(b, d, i, b->horizon[k]));
        if (i < 20)
            result_row(v, h->names[i], row);
    }
    result_put(o, "sum_p_alive", sum_alive);
}

static void put_sums(json_t *o, const ValueData *d)
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

static Status run_purchases(Analysis *an, bool is_pareto)
{
    static const char *const BG[] = {"r", "alpha", "a", "b"}, *const PARETO[] = {"r", "alpha", "s",
                                                                                 "beta"};
    Histories h = {0};
    Purchases b = {.is_pareto = is_pareto};
    TRY(read_horizons(an, &b));
    TRY(analyze_value_read(an, false, &h));
    TRY(fit(an, &h, &b));
    json_t *o = result_object(an->result->tables, is_pareto ? "paretonbd" : "bgnbd");
    put_sums(o, &h.d);
    analyze_value_put(an, o, &b.m, is_pareto ? PARETO : BG);
    result_put(o, "mean_purchase_rate", b.m.v[0] / b.m.v[1]);
    put_new(an, o, &b);
    result_out(an->result, h.d.n, (OutColumn){.name = h.name_heading, .text = h.names});
    put_customers(an, o, &h, &b);
    double living = json_number_value(json_object_get(o, "sum_p_alive"));
    double last = b.horizon[b.n_horizons - 1], sum = 0;
    for (size_t i = 0; i < h.d.n; i++)
        sum += expected(&b, &h.d, i, last);
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_purchases",
                           "About %.0f of %zu are customers still; they will buy about %.0f "
                           "times in the next %.10g.",
                           living, h.d.n, sum, last));
    return ST_OK;
}

static Status run_bgnbd(Analysis *an) { return run_purchases(an, false); }
static Status run_pareto(Analysis *an) { return run_purchases(an, true); }

/* ---- gammagamma ---- */
static Status fit_spend(Analysis *an, const Histories *h, ValueSpend *ret)
{
    return analysis_fault(an, value_spend(&an->kernel, h->d.x, h->mean, h->d.n, ret), h->columns,
                          4);
}

static void put_spend(Analysis *an, json_t *o, const ValueSpend *s)
{
    static const char *const NAMES[4] = {"p", "q", "v_gamma"};
    result_put(o, "n_used", (double)s->model.n);
    analyze_value_put(an, o, &s->model, NAMES);
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
    TRY(fit_spend(an, &h, &s));
    json_t *o = result_object(an->result->tables, "gammagamma"), *list;
    put_spend(an, o, &s);
    list = result_array(o, "conditional_mean");
    View *v = result_view(an->result, "前 20 位客户", "First 20 Customers", SPEND, COUNT_OF(SPEND));
    result_out(an->result, h.d.n, (OutColumn){.name = h.name_heading, .text = h.names});
    double *e = column_out(an, "expected_spend", h.d.n);
    for (size_t i = 0; i < h.d.n; i++) {
        e[i] = value_spend_expected(&s, h.d.x[i], h.mean[i]);
        if (i >= LISTED)
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

/* ---- clv ---- */
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
    double sum = 0, *spend = column_out(an, "expected_spend", h->d.n);
    double *p = column_out(an, "p_alive", h->d.n), *clv = column_out(an, "clv", h->d.n);
    for (size_t i = 0; i < h->d.n; i++) {
        const ValueData *d = &h->d;
        spend[i] = value_spend_expected(s, d->x[i], h->mean[i]);
        p[i] = alive(b, d, i);
        sum += clv[i] = value_lifetime(&b->m, z, d->x[i], d->recency[i], d->age[i], spend[i]);
        if (i >= LISTED)
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
    static const char *const BG[] = {"r", "alpha", "a", "b"}, *const PARETO[] = {"r", "alpha", "s",
                                                                                 "beta"};
    Histories h = {0};
    ValueHorizon z;
    ValueSpend s;
    Purchases b = {.is_pareto = str_is(analysis_text(an, "model"), "paretonbd")};
    TRY(analyze_value_read(an, true, &h));
    TRY(read_horizon(an, &h, b.is_pareto, &z));
    TRY(fit(an, &h, &b));
    TRY(fit_spend(an, &h, &s));
    json_t *o = result_object(an->result->tables, "clv");
    result_put(o, "months", z.periods);
    result_put(o, "discount", z.discount);
    result_put(o, "margin", z.margin);
    put_sums(o, &h.d);
    analyze_value_put(an, result_object(o, b.is_pareto ? "paretonbd" : "bgnbd"), &b.m,
                      b.is_pareto ? PARETO : BG);
    put_spend(an, result_object(o, "gamma_gamma"), &s);
    double sum = put_worth(an, o, &h, &b, &s, &z);
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_clv",
                           "The %zu customers are worth %.8g over %d months (discount %.3g %% a "
                           "month, margin %.3g %%).",
                           h.d.n, sum, z.periods, 100 * z.discount, 100 * z.margin));
    return ST_OK;
}

static const AnalyzeOption PURCHASES[] = {
    ANALYZE_VALUE_OPTIONS,
    {"horizon", OPTION_TEXT, false, NULL, "预测时长，可用逗号列多个（默认 1,10,39,52）",
     "horizons in units of time, separated by commas (default 1,10,39,52)"},
};
static const AnalyzeOption SPENDING[] = {ANALYZE_VALUE_OPTIONS};
static const AnalyzeOption CLV[] = {
    ANALYZE_VALUE_OPTIONS,
    {"discount", OPTION_NUMBER, false, NULL, "月贴现率（默认 0.01）",
     "discount a month (default 0.01)"},
    {"horizon", OPTION_NUMBER, false, NULL, "月数（默认 12）", "months (default 12)"},
    {"margin", OPTION_NUMBER, false, NULL, "毛利率（默认 1）", "margin (default 1)"},
    {"model", OPTION_WORD, false, "bgnbd|paretonbd", "购买模型（默认 bgnbd）",
     "purchase model (default bgnbd)"},
};

const AnalyzeMethod analyze_bgnbd = {"bgnbd",   "BG/NBD 购买模型",   "BG/NBD purchases",
                                     PURCHASES, COUNT_OF(PURCHASES), METHOD_OUT,
                                     run_bgnbd};
const AnalyzeMethod analyze_paretonbd = {"paretonbd", "Pareto/NBD 购买模型", "Pareto/NBD purchases",
                                         PURCHASES,   COUNT_OF(PURCHASES),   METHOD_OUT,
                                         run_pareto};
const AnalyzeMethod analyze_gammagamma = {
    "gammagamma", "Gamma-Gamma 消费额模型", "Gamma-Gamma spend",
    SPENDING,     COUNT_OF(SPENDING),       METHOD_OUT,
    run_spend};
const AnalyzeMethod analyze_clv = {
    "clv", "客户终身价值", "customer lifetime value", CLV, COUNT_OF(CLV), METHOD_OUT, run_clv};
