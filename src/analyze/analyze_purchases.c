/* SPDX-License-Identifier: Apache-2.0 */
/* bgnbd, paretonbd: purchases to come and being a customer still. */
#include "analyze/analyze_value.h"
#include <math.h>
#include <stdlib.h>

static double expected(const Purchases *b, const ValueData *d, size_t i, double t)
{
    return (b->is_pareto ? value_pareto_expected
                         : value_bgnbd_expected)(&b->m, d->x[i], d->recency[i], d->age[i], t);
}

double analyze_purchases_alive(const Purchases *b, const ValueData *d, size_t i)
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

Status analyze_purchases_fit(Analysis *an, const Histories *h, Purchases *b)
{
    Status st = (b->is_pareto ? value_pareto : value_bgnbd)(&an->kernel, &h->d, &b->m);
    return analysis_fault(an, st, h->columns, 4);
}

void analyze_purchases_put(Analysis *an, json_t *o, const Purchases *b)
{
    static const char *const BG[] = {"r", "alpha", "a", "b"}, *const PARETO[] = {"r", "alpha", "s",
                                                                                 "beta"};
    bool zh = an->cx->lang == LANG_ZH;
    analyze_value_put(an, o, &b->m, b->is_pareto ? PARETO : BG,
                      b->is_pareto ? (zh ? "Pareto/NBD 参数" : "Pareto/NBD Parameters")
                                   : (zh ? "BG/NBD 参数" : "BG/NBD Parameters"));
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
    double sum_alive = 0, *p = analyze_value_column(an, "p_alive", d->n);
    json_t *list = result_array(o, "conditional"), *sums = result_object(o, "sum_conditional");
    View *v = result_view(an->result, "前 20 位客户", "First 20 Customers", CUSTOMERS,
                          COUNT_OF(CUSTOMERS));
    for (size_t i = 0; i < d->n; i++)
        sum_alive += p[i] = analyze_purchases_alive(b, d, i);
    for (size_t k = 0; k < b->n_horizons; k++) {
        const char *key = horizon_key(an, b->horizon[k]);
        double sum = 0;
        Str name = str_format(an->cx->arena, "expected_%s", key);
        double *e = analyze_value_column(an, str_z(an->cx->arena, name), d->n);
        for (size_t i = 0; i < d->n; i++)
            sum += e[i] = expected(b, d, i, b->horizon[k]);
        result_put(sums, key, sum);
        result_view_column(v, str_format(an->cx->arena, "E[%s]", key),
                           str_format(an->cx->arena, "expected.%s", key), CELL_STAT);
    }
    for (size_t i = 0; i < d->n && i < ANALYZE_VALUE_LISTED; i++) {
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

static Status run_purchases(Analysis *an, bool is_pareto)
{
    Histories h = {0};
    Purchases b = {.is_pareto = is_pareto};
    TRY(read_horizons(an, &b));
    TRY(analyze_value_read(an, false, &h));
    TRY(analyze_purchases_fit(an, &h, &b));
    json_t *o = result_object(an->result->tables, is_pareto ? "paretonbd" : "bgnbd");
    analyze_value_sums(o, &h.d);
    analyze_purchases_put(an, o, &b);
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

static const AnalyzeOption PURCHASES[] = {
    ANALYZE_VALUE_OPTIONS,
    {"horizon", OPTION_TEXT, false, NULL, "预测时长，可用逗号列多个（默认 1,10,39,52）",
     "horizons in units of time, separated by commas (default 1,10,39,52)"},
};

const AnalyzeMethod analyze_bgnbd = {"bgnbd",   "BG/NBD 购买模型",   "BG/NBD purchases",
                                     PURCHASES, COUNT_OF(PURCHASES), METHOD_OUT,
                                     run_bgnbd};
const AnalyzeMethod analyze_paretonbd = {"paretonbd", "Pareto/NBD 购买模型", "Pareto/NBD purchases",
                                         PURCHASES,   COUNT_OF(PURCHASES),   METHOD_OUT,
                                         run_pareto};
