/* SPDX-License-Identifier: Apache-2.0 */
/* rfm: recency, frequency and monetary value of customers, scored by a named convention. */
#include "analytics/rfm.h"
#include "analyze/analyze_sales.h"
#include <math.h>

static const AnalyzeOption OPTIONS[] = {
    {"amount", OPTION_COLUMN, true, NULL, "金额列", "money"},
    {"bins", OPTION_COUNT, false, NULL, "分几档（默认 5）", "number of bins (default 5)"},
    {"convention", OPTION_WORD, false, "cutpoint|rank_first|spss_ntiles|nested",
     "打分口径（默认 cutpoint）", "scoring convention (default cutpoint)"},
    {"customer", OPTION_COLUMN, true, NULL, "客户列", "customer"},
    {"date", OPTION_COLUMN, true, NULL, "日期列", "date"},
    {"invoice", OPTION_COLUMN, false, NULL, "单据列（不给则按行计次）",
     "invoice (without: each row counts)"},
    {"quantity", OPTION_COLUMN, false, NULL, "数量列，乘以金额", "quantity, times the amount"},
    {"snapshot", OPTION_DATE, true, NULL, "观察日", "day from which recency is counted"},
};

static const ViewColumn COUNTS[] = {
    {"R", "近度 R", "Recency", CELL_COUNT},
    {"F", "频度 F", "Frequency", CELL_COUNT},
    {"M", "金额 M", "Monetary", CELL_COUNT},
};
static const ViewColumn RANGES[] = {
    {"min", "最小值", "Minimum", CELL_AUTO},
    {"max", "最大值", "Maximum", CELL_AUTO},
    {"mean", "均值", "Mean", CELL_STAT},
};

static const char *const NAMES[] = {"cutpoint", "rank_first", "spss_ntiles", "nested"};
static const char *const MEASURES[] = {"R", "F", "M"};

static RfmConvention convention_of(const Analysis *an)
{
    Str s = analysis_text(an, "convention");
    for (int i = 0; i < 4; i++)
        if (str_is(s, NAMES[i]))
            return (RfmConvention)i;
    return RFM_CUTPOINT;
}

static const int64_t *measure_of(const RfmTable *t, int i)
{
    return i == 0 ? t->recency : i == 1 ? t->frequency : t->monetary;
}

static json_t *put_measure(json_t *in, const RfmTable *t, const RfmScores *s, int i, double unit,
                           bool has_cuts)
{
    const int64_t *v = measure_of(t, i);
    json_t *o = result_object(in, MEASURES[i]);
    int64_t low = v[0], high = v[0];
    long double sum = 0;
    for (size_t c = 0; c < t->n; c++) {
        low = v[c] < low ? v[c] : low;
        high = v[c] > high ? v[c] : high;
        sum += v[c];
    }
    result_put(o, "min", (double)low / unit);
    result_put(o, "max", (double)high / unit);
    result_put(o, "mean", (double)(sum / (long double)t->n / (long double)unit));
    if (i == 2)
        result_put(o, "sum", (double)(sum / (long double)unit));
    json_t *cuts = result_array(o, "quantiles");
    for (int k = 0; has_cuts && k + 1 < s->k; k++)
        result_add(cuts, s->cut[i][k] / unit);
    return o;
}

/* Where the bins part, and how many customers stand in each of R × F. */
static void view_bins(Analysis *an, const json_t *measures, const json_t *m, int k)
{
    Ctx *cx =
        an->cx; /* the other conventions part ranks: they have no thresholds, and the table stays away */
    View *v = result_view(an->result, "分档界值（度量的分位数）",
                          "Bin Thresholds (quantiles of the measure)", NULL, 0);
    for (int i = 0; i + 1 < k; i++)
        result_view_column(v, str_format(cx->arena, "%.3g%%", 100.0 * (i + 1) / k),
                           str_format(cx->arena, "quantiles.%d", i), CELL_AUTO);
    for (int i = 0; i < 3; i++)
        result_row(v, str_of(MEASURES[i]), json_object_get(measures, MEASURES[i]));
    v = result_view(an->result, "客户数：R（行）× F（列）",
                    "Customers by Recency (rows) and Frequency (columns)", NULL, 0);
    const json_t *rows = json_object_get(m, "mean_monetary_by_RF");
    for (int f = 1; f <= k; f++)
        result_view_column(v, str_format(cx->arena, "F%d", f), str_format(cx->arena, "n.%d", f - 1),
                           CELL_COUNT);
    for (int r = k; r >= 1; r--)
        result_row(v, str_format(cx->arena, "R%d", r), json_array_get(rows, (size_t)(k - r)));
}

static void put_counts(Analysis *an, json_t *m, const RfmScores *s)
{
    View *v =
        result_view(an->result, "各分值的客户数", "Customers by Score", COUNTS, COUNT_OF(COUNTS));
    json_t *rows = result_array(m, "counts");
    json_t *by[3] = {result_object(m, "counts_R"), result_object(m, "counts_F"),
                     result_object(m, "counts_M")};
    for (int score = 1; score <= s->k; score++) {
        Str name = str_format(an->cx->arena, "%d", score);
        json_t *row = result_item(rows);
        result_put(row, "score", score);
        for (int i = 0; i < 3; i++) {
            result_put(row, MEASURES[i], s->count[i][score]);
            if (s->count[i][score])
                result_put(by[i], result_key(an->result, name), s->count[i][score]);
        }
        result_row(v, name, row);
    }
    result_put(m, "cells_used", (double)s->cells);
    result_put(m, "top_cell_count", (double)s->top);
    result_put(m, "bottom_cell_count", (double)s->bottom);
    result_put(m, "sum_of_scores", (double)s->sum);
}

/* Mean monetary by R × F: the heat map. */
static void put_heat_map(Analysis *an, json_t *m, const RfmTable *t, const RfmScores *s,
                         double unit)
{
    int k = s->k;
    double *sum = ARENA_ARRAY(an->cx->arena, double, k *k);
    double *count = ARENA_ARRAY(an->cx->arena, double, k *k);
    for (size_t c = 0; c < t->n; c++) {
        int at = (s->r[c] - 1) * k + s->f[c] - 1;
        sum[at] += (double)t->monetary[c] / unit;
        count[at]++;
    }
    View *v = result_view(an->result, "平均金额：R（行）× F（列）",
                          "Mean Monetary by Recency (rows) and Frequency (columns)", NULL, 0);
    json_t *rows = result_array(m, "mean_monetary_by_RF");
    for (int f = 1; f <= k; f++)
        result_view_column(v, str_format(an->cx->arena, "F%d", f),
                           str_format(an->cx->arena, "mean.%d", f - 1), CELL_STAT);
    for (int r = k; r >= 1; r--) {
        json_t *row = result_item(rows), *mean = result_array(row, "mean");
        result_put(row, "R", r);
        for (int f = 1; f <= k; f++) {
            int at = (r - 1) * k + f - 1;
            result_add(mean, count[at] > 0 ? sum[at] / count[at] : NAN);
        }
        json_t *n = result_array(row, "n");
        for (int f = 1; f <= k; f++)
            result_add(n, count[(r - 1) * k + f - 1]);
        result_row(v, str_format(an->cx->arena, "R%d", r), row);
    }
}

static double *scores_out(Analysis *an, const uint8_t *score, size_t n)
{
    double *v = arena_alloc(an->cx->arena, (n + 1) * sizeof(double));
    for (size_t i = 0; i < n; i++)
        v[i] = score[i];
    return v;
}

static void put_out(Analysis *an, const Sales *sales, const RfmTable *t, const RfmScores *s,
                    double unit)
{
    static const char *const COLUMNS[] = {"recency", "frequency", "monetary"};
    const uint8_t *score[] = {s->r, s->f, s->m};
    analyze_sales_out(an, sales);
    for (int i = 0; i < 3; i++) {
        double *v = arena_alloc(an->cx->arena, (t->n + 1) * sizeof(double));
        for (size_t c = 0; c < t->n; c++)
            v[c] = (double)measure_of(t, i)[c] / (i == 2 ? unit : 1);
        result_out(an->result, t->n, (OutColumn){.name = str_of(COLUMNS[i]), .num = v});
    }
    for (int i = 0; i < 3; i++)
        result_out(an->result, t->n,
                   (OutColumn){.name = str_of(MEASURES[i]), .num = scores_out(an, score[i], t->n)});
}

static Status run(Analysis *an)
{
    Sales sales;
    RfmTable t;
    RfmScores s;
    TRY(analyze_sales_read(an, &sales));
    int64_t snapshot = analysis_date(an, "snapshot");
    RfmConvention how = convention_of(an);
    int bins = (int)analysis_count(an, "bins", 5);
    if (bins < 2 || bins > 32)
        return FAIL(an->cx, ST_MALFORMED, "analyze.bins", "--bins must be 2 to 32, not %d", bins);
    TRY(analysis_fault(an,
                       rfm_group(&an->kernel, sales.customer, sales.day, sales.amount,
                                 sales.invoice, sales.rows, sales.customers, (int32_t)snapshot, &t),
                       sales.columns, sales.n_columns));
    TRY(analysis_fault(an, rfm_score(&an->kernel, &t, bins, how, &s), sales.columns,
                       sales.n_columns));
    double unit = pow(10, sales.scale);
    json_t *o = result_object(an->result->tables, "rfm");
    result_put(o, "n", (double)t.n);
    result_put(o, "k", bins);
    result_put(o, "rows", (double)sales.rows);
    result_put_text(o, "snapshot", analyze_sales_day(an, snapshot));
    result_put_text(o, "convention", str_of(NAMES[how]));
    View *v = result_view(an->result, "三项指标", "Measures", RANGES, COUNT_OF(RANGES));
    for (int i = 0; i < 3; i++) {
        json_t *m = put_measure(o, &t, &s, i, i == 2 ? unit : 1, how == RFM_CUTPOINT);
        result_row(v, str_of(MEASURES[i]), m);
    }
    json_t *m = result_object(result_object(o, "methods"), NAMES[how]);
    put_counts(an, m, &s);
    put_heat_map(an, m, &t, &s, unit);
    view_bins(an, o, m, bins);
    put_out(an, &sales, &t, &s, unit);
    result_note(an->result, text_in(an->cx, "analyze.rfm_convention",
                                    "convention %s, %d bins, snapshot " STR_FMT, NAMES[how], bins,
                                    STR_ARG(analyze_sales_day(an, snapshot))));
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_rfm",
                           "Of %zu customers %zu have the top score in all three measures and %zu "
                           "the lowest in all three.",
                           t.n, s.top, s.bottom));
    return ST_OK;
}

const AnalyzeMethod analyze_rfm = {
    "rfm", "RFM 客户分值", "RFM scores", OPTIONS, COUNT_OF(OPTIONS), METHOD_OUT, run};
