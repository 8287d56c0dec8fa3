/* SPDX-License-Identifier: Apache-2.0 */
/* explore: one numeric column closely: interval, trimmed mean, percentiles of both types, histogram, box,
 * outliers, test of normality. */
#include "analytics/describe.h"
#include "analytics/dist.h"
#include "analytics/normality.h"
#include "analyze/method.h"
#include <assert.h>

#define MOST_BINS 100
#define MOST_OUTLIERS 1000
#define MOST_GROUPS 200

static const AnalyzeOption OPTIONS[] = {
    {"columns", OPTION_COLUMNS, false, NULL, "数值列（默认全部数值列）",
     "numeric columns (default: all)"},
    {"by", OPTION_COLUMN, false, NULL, "分组列：每组各算一遍", "groups: each by itself as well"},
    {"bins", OPTION_COUNT, false, NULL, "直方图组数（默认 Freedman-Diaconis）",
     "bins of the histogram (default: Freedman-Diaconis)"},
};
static const ViewColumn VIEW[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"mean", "均值", "Mean", CELL_STAT},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_STAT},
    {"trimmed_mean_5pct", "5% 截尾均值", "5% Trimmed Mean", CELL_STAT},
    {"median", "中位数", "Median", CELL_STAT},
    {"variance", "方差", "Variance", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
    {"min", "最小值", "Minimum", CELL_AUTO},
    {"max", "最大值", "Maximum", CELL_AUTO},
    {"range", "全距", "Range", CELL_AUTO},
    {"iqr", "四分位距", "Interquartile Range", CELL_STAT},
};
static const ViewColumn SHAPE[] = {
    {"skewness", "偏度", "Skewness", CELL_STAT},
    {"se_skewness", "偏度标准误", "Std. Error", CELL_STAT},
    {"kurtosis", "峰度", "Kurtosis", CELL_STAT},
    {"se_kurtosis", "峰度标准误", "Std. Error", CELL_STAT},
};
static const ViewColumn BOX[] = {
    {"whisker_low", "下须", "Lower whisker", CELL_AUTO},
    {"q1", "下四分位数", "Q1", CELL_AUTO},
    {"median", "中位数", "Median", CELL_AUTO},
    {"q3", "上四分位数", "Q3", CELL_AUTO},
    {"whisker_high", "上须", "Upper whisker", CELL_AUTO},
    {"outliers", "离群值个数", "Outliers", CELL_COUNT},
    {"extremes", "极端值个数", "Extremes", CELL_COUNT},
};
static const ViewColumn BINS[] = {
    {"from", "下限", "From", CELL_AUTO},
    {"to", "上限", "To", CELL_AUTO},
    {"count", "频数", "Frequency", CELL_COUNT},
};
static const ViewColumn PERCENTILES[] = {
    {"0", "5%", "5%", CELL_AUTO},   {"1", "10%", "10%", CELL_AUTO}, {"2", "25%", "25%", CELL_AUTO},
    {"3", "50%", "50%", CELL_AUTO}, {"4", "75%", "75%", CELL_AUTO}, {"5", "90%", "90%", CELL_AUTO},
    {"6", "95%", "95%", CELL_AUTO},
};
static const ViewColumn NORMAL[] = {
    {"W", "统计量", "Statistic", CELL_STAT},
    {"n", "自由度", "df", CELL_COUNT},
    {"p", "显著性", "Sig.", CELL_P},
};
static const double SHARES[] = {.05, .10, .25, .5, .75, .9, .95};

typedef struct Exploring {
    Analysis *an;
    Series *c;
    const double *x, *w; /* of the column, or of one group of its rows */
    size_t n;
    Str label;     /* in views */
    bool is_whole; /* not a group */
    json_t *t;
    Moments m;
    Sorted s;
} Exploring;

static void put_moments(Exploring *e)
{
    const Moments *m = &e->m;
    double reach = dist_t_quantile(.975, m->n - 1) * m->se_mean;
    json_t *t = e->t;
    result_put(t, "n", m->n);
    result_put(t, "missing", m->missing);
    result_put(t, "mean", m->mean);
    result_put(t, "se_mean", m->se_mean);
    result_puts(t, "ci95", (double[]){m->mean - reach, m->mean + reach}, 2);
    result_put(t, "trimmed_mean_5pct", describe_trimmed_mean(&e->s, .05));
    result_put(t, "median", describe_percentile(&e->s, .5, 6));
    result_put(t, "variance", m->variance);
    result_put(t, "sd", m->sd);
    result_put(t, "min", m->min);
    result_put(t, "max", m->max);
    result_put(t, "range", m->max - m->min);
    result_put(t, "iqr", describe_percentile(&e->s, .75, 6) - describe_percentile(&e->s, .25, 6));
    result_put(t, "skewness", m->skewness);
    result_put(t, "se_skewness", m->se_skewness);
    result_put(t, "kurtosis", m->kurtosis);
    result_put(t, "se_kurtosis", m->se_kurtosis);
}

static void put_percentiles(Exploring *e)
{
    double v[COUNT_OF(SHARES)];
    result_puts(e->t, "shares", SHARES, COUNT_OF(SHARES));
    for (int type = 6; type <= 7; type++) {
        for (size_t i = 0; i < COUNT_OF(SHARES); i++)
            v[i] = describe_percentile(&e->s, SHARES[i], type);
        result_puts(e->t, type == 6 ? "percentiles_haverage" : "percentiles_type7", v,
                    COUNT_OF(SHARES));
    }
}

/* Freedman & Diaconis 1981: width 2 IQR n^(−1/3); Sturges where the quartiles coincide. */
static size_t bin_count(const Exploring *e)
{
    int64_t asked = analysis_count(e->an, "bins", 0);
    double range = e->m.max - e->m.min;
    double iqr = describe_percentile(&e->s, .75, 7) - describe_percentile(&e->s, .25, 7);
    double bins = iqr > 0 ? ceil(range / (2 * iqr / cbrt(e->m.n))) : ceil(log2(e->m.n) + 1);
    if (asked > 0)
        bins = (double)asked;
    return (size_t)(bins < 1 || !(range > 0) ? 1 : bins > MOST_BINS ? MOST_BINS : bins);
}

static void put_histogram(Exploring *e)
{
    size_t bins = bin_count(e);
    double *edges = ARENA_ARRAY(e->an->cx->arena, double, bins + 1);
    double *counts = ARENA_ARRAY(e->an->cx->arena, double, bins), before = 0;
    double width = (e->m.max - e->m.min) / (double)bins;
    for (size_t i = 0; i <= bins; i++)
        edges[i] = i == bins ? e->m.max : e->m.min + width * (double)i;
    for (size_t i = 0, b = 0; i < e->s.n; i++) {
        double after = e->s.cumulated ? e->s.cumulated[i] : (double)i + 1;
        while (b + 1 < bins && e->s.x[i] >= edges[b + 1])
            b++;
        counts[b] += after - before;
        before = after;
    }
    json_t *h = result_object(e->t, "histogram");
    result_puts(h, "edges", edges, bins + 1);
    result_puts(h, "counts", counts, bins);
    if (!e->is_whole)
        return;
    View *v = result_view(e->an->result, "", "", BINS, COUNT_OF(BINS));
    result_view_title(
        v, str_format(e->an->cx->arena,
                      e->an->cx->lang == LANG_ZH ? "直方图：" STR_FMT : "Histogram of " STR_FMT,
                      STR_ARG(e->label)));
    for (size_t i = 0; i < bins; i++) {
        json_t *o = json_object();
        json_own(e->an->cx->arena, o);
        result_put(o, "from", edges[i]);
        result_put(o, "to", edges[i + 1]);
        result_put(o, "count", counts[i]);
        result_row(v, str_format(e->an->cx->arena, "%zu", i + 1), o);
    }
}

/* Quartiles, whiskers to the last value within 1.5 IQR; beyond: outliers, beyond 3 IQR: extremes. */
static void put_box(Exploring *e)
{
    double q1 = describe_percentile(&e->s, .25, 6), q3 = describe_percentile(&e->s, .75, 6);
    double fence = 1.5 * (q3 - q1), low = NAN, high = NAN, outliers = 0, extremes = 0;
    json_t *box = result_object(e->t, "box"), *list = result_array(box, "outlier_values");
    for (size_t i = 0; i < e->s.n; i++) {
        double x = e->s.x[i], beyond = fmax(q1 - x, x - q3);
        if (beyond <= fence) {
            low = isnan(low) ? x : low;
            high = x;
            continue;
        }
        outliers += beyond <= 2 * fence;
        extremes += beyond > 2 * fence;
        if (json_array_size(list) < MOST_OUTLIERS)
            result_add(list, x);
    }
    result_put(box, "q1", q1);
    result_put(box, "median", describe_percentile(&e->s, .5, 6));
    result_put(box, "q3", q3);
    result_put(box, "whisker_low", low);
    result_put(box, "whisker_high", high);
    result_put(box, "outliers", outliers);
    result_put(box, "extremes", extremes);
}

static Status put_normality(Exploring *e, View *v)
{
    Normality w;
    if (e->w || !(e->m.max > e->m.min))
        return ST_OK;
    Status st = normality_shapiro(&e->an->kernel, e->s.x, e->s.n, &w);
    if (st != ST_OK && st != ST_BUSY && e->is_whole)
        result_note(e->an->result,
                    text_in(e->an->cx, "analyze.no_normality",
                            "\"" STR_FMT "\": the Shapiro-Wilk test is for 3 to 5000 values.",
                            STR_ARG(e->label)));
    if (st != ST_OK)
        return st == ST_BUSY ? st : ST_OK;
    json_t *o = result_object(e->t, "shapiro_wilk");
    result_put(o, "W", w.w);
    result_put(o, "p", w.p);
    result_put(o, "n", w.n);
    result_row(v, e->label, o);
    return ST_OK;
}

typedef struct Views {
    View *all, *shape, *six, *seven, *box, *normal;
} Views;

static Status explore(Exploring *e, const Views *v)
{
    Analysis *an = e->an;
    TRY(analysis_fault(an, describe_moments(&an->kernel, e->x, e->w, e->n, &e->m), &e->c, 1));
    TRY(analysis_fault(an, describe_sort(&an->kernel, e->x, e->w, e->n, &e->s), &e->c, 1));
    put_moments(e);
    put_percentiles(e);
    put_histogram(e);
    put_box(e);
    TRY(put_normality(e, v->normal));
    result_row(v->all, e->label, e->t);
    result_row(v->shape, e->label, e->t);
    result_row(v->box, e->label, json_object_get(e->t, "box"));
    result_row(v->six, e->label, json_object_get(e->t, "percentiles_haverage"));
    result_row(v->seven, e->label, json_object_get(e->t, "percentiles_type7"));
    return ST_OK;
}

static bool has_value(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            return true;
    return false;
}

/* The same for the rows of each group; groups without a value of the column have n = 0 and nothing else. */
static Status explore_groups(const Exploring *whole, const Groups *g, const Views *v)
{
    Analysis *an = whole->an;
    Arena *a = an->cx->arena;
    const double *w = analysis_weights(an);
    json_t *groups = result_object(whole->t, "groups");
    for (size_t k = 0; k < g->n; k++) {
        double *x = arena_alloc(a, sizeof(double) * (whole->n + 1)),
               *own = w ? arena_alloc(a, sizeof(double) * (whole->n + 1)) : NULL;
        Exploring e = {.an = an, .c = whole->c, .x = x, .w = own};
        for (size_t i = 0; i < whole->n; i++)
            if (g->of[i] == (int32_t)k) {
                x[e.n] = whole->x[i];
                if (own)
                    own[e.n] = w[i];
                e.n++;
            }
        e.label = str_format(a, STR_FMT ", " STR_FMT " = " STR_FMT, STR_ARG(whole->c->name),
                             STR_ARG(g->column->name), STR_ARG(g->labels[k]));
        e.t = result_object(groups, result_key(an->result, g->labels[k]));
        if (has_value(x, e.n))
            TRY(explore(&e, v));
        else
            result_put(e.t, "n", 0);
    }
    return ST_OK;
}

static Status read_groups(Analysis *an, Groups *ret)
{
    Series *by;
    TRY(analysis_column(an, "by", &by));
    TRY(frame_groups(an->cx, an->frame, by, ret));
    if (ret->n > MOST_GROUPS)
        return FAIL(an->cx, ST_INVALID, "analyze.too_many_groups",
                    "column \"" STR_FMT "\" makes %zu groups, at most %d are taken",
                    STR_ARG(by->name), ret->n, MOST_GROUPS);
    return ST_OK;
}

/* The columns to explore without that of the groups. */
static Status read_columns(Analysis *an, Series ***ret, size_t *ret_n)
{
    TRY(analysis_numbers(an, "columns", ret, ret_n));
    Series *by = NULL;
    size_t kept = 0;
    if (!analysis_has(an, "by"))
        return ST_OK;
    TRY(analysis_column(an, "by", &by));
    for (size_t i = 0; i < *ret_n; i++)
        if ((*ret)[i] != by)
            (*ret)[kept++] = (*ret)[i];
    if (!kept)
        return FAIL(an->cx, ST_INVALID, "analyze.no_numbers", "no column holds numbers");
    *ret_n = kept;
    return ST_OK;
}

static Views make_views(Result *r)
{
    return (Views){
        .all = result_view(r, "描述", "Descriptives", VIEW, COUNT_OF(VIEW)),
        .shape = result_view(r, "分布形状", "Shape", SHAPE, COUNT_OF(SHAPE)),
        .six = result_view(r, "百分位数（HAVERAGE，6 型）", "Percentiles (HAVERAGE, type 6)",
                           PERCENTILES, COUNT_OF(PERCENTILES)),
        .seven = result_view(r, "百分位数（7 型）", "Percentiles (type 7)", PERCENTILES,
                             COUNT_OF(PERCENTILES)),
        .box = result_view(r, "箱线图", "Box Plot", BOX, COUNT_OF(BOX)),
        .normal = result_view(r, "正态性检验（Shapiro-Wilk）", "Tests of Normality (Shapiro-Wilk)",
                              NORMAL, COUNT_OF(NORMAL)),
    };
}

static Status run(Analysis *an)
{
    Series **columns;
    size_t n;
    Groups g = {0};
    Exploring e = {.an = an};
    TRY(read_columns(an, &columns, &n));
    TRY(analysis_listwise(an, columns, an->is_pairwise ? 0 : n));
    if (analysis_has(an, "by"))
        TRY(read_groups(an, &g));
    json_t *all = result_object(an->result->tables, "explore");
    Views v = make_views(an->result);
    for (size_t i = 0; i < n; i++) {
        e.c = columns[i];
        e.x = e.c->num;
        e.w = analysis_weights(an);
        e.n = an->frame->n;
        e.label = e.c->name;
        e.is_whole = true;
        e.t = result_object(all, result_key(an->result, e.c->name));
        TRY(explore(&e, &v));
        if (g.n)
            TRY(explore_groups(&e, &g, &v));
    }
    assert(e.c && e.t); /* read_columns gives at least one column */
    const json_t *ci = json_object_get(e.t, "ci95");
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_explore",
                           "The mean of \"" STR_FMT
                           "\" is %.5g (95%% interval %.5g to %.5g), its median %.5g.",
                           STR_ARG(e.c->name), e.m.mean, json_number_value(json_array_get(ci, 0)),
                           json_number_value(json_array_get(ci, 1)),
                           describe_percentile(&e.s, .5, 6)));
    return ST_OK;
}

const AnalyzeMethod analyze_explore = {"explore",
                                       "探索",
                                       "explore one column closely",
                                       OPTIONS,
                                       COUNT_OF(OPTIONS),
                                       METHOD_ALL_COLUMNS | METHOD_WEIGHT | METHOD_PAIRWISE,
                                       run};
