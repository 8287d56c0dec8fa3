/* SPDX-License-Identifier: Apache-2.0 */
/* ttest: one sample against a value, two groups (Levene and both variance rows), pairs. */
#include "analytics/correlate.h"
#include "analytics/ranks.h"
#include "analyze/grouped.h"

static const AnalyzeOption OPTIONS[] = {
    {"value", OPTION_COLUMN, false, NULL, "被比较的数值列", "numbers to compare"},
    {"by", OPTION_COLUMN, false, NULL, "分成两组的列", "column that makes two groups"},
    {"paired", OPTION_COLUMNS, false, NULL, "成对的两列", "two columns of pairs"},
    {"mu", OPTION_NUMBER, false, NULL, "单样本检验的值（默认 0）",
     "value for one sample (default 0)"},
};
static const ViewColumn TESTS[] = {
    {"t", "t", "t", CELL_STAT},
    {"df", "自由度", "df", CELL_AUTO},
    {"p", "显著性（双侧）", "Sig. (2-tailed)", CELL_P},
    {"diff", "均值差", "Mean Difference", CELL_STAT},
    {"se", "差的标准误", "Std. Error Difference", CELL_STAT},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_STAT},
};
static const ViewColumn LEVENE[] = {
    {"W", "F", "F", CELL_STAT},
    {"p", "显著性", "Sig.", CELL_P},
};
static const ViewColumn EFFECTS[] = {
    {"cohen_d_pooled", "Cohen d", "Cohen's d", CELL_STAT},
    {"hedges_g", "Hedges g", "Hedges' g", CELL_STAT},
};

static const ViewColumn SAMPLES[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"mean", "均值", "Mean", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
    {"se", "标准误", "Std. Error Mean", CELL_STAT},
};
static const ViewColumn CORRELATIONS[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"r", "相关系数", "Correlation", CELL_STAT},
    {"p", "显著性", "Sig.", CELL_P},
};
static const ViewColumn ONE_EFFECT[] = {
    {"cohen_d", "Cohen d", "Cohen's d", CELL_STAT},
};

static json_t *put_test(json_t *to, const char *key, const TTest *t)
{
    json_t *o = result_object(to, key);
    result_put(o, "t", t->t);
    result_put(o, "df", t->df);
    result_put(o, "p", t->p);
    result_put(o, "diff", t->diff);
    result_put(o, "se", t->se);
    result_puts(o, "ci95", (double[]){t->low, t->high}, 2);
    return o;
}

static Str label(const Analysis *an, const char *zh, const char *en)
{
    return str_of(an->cx->lang == LANG_ZH ? zh : en);
}

/* ---- two groups */
static Status nonparametric(Analysis *an, const Grouped *g, json_t *t)
{
    MannWhitney m;
    TRY(grouped_fault(an, g,
                      ranks_mann_whitney(&an->kernel, g->value->num, analysis_weights(an),
                                         g->groups.of, an->frame->n, &m)));
    json_t *o = result_object(t, "mann_whitney");
    result_put(o, "U", m.u);
    result_put(o, "p_asymptotic_tie_corrected_no_continuity", m.p);
    result_put(t, "ks_2samp_D", m.ks);
    return ST_OK;
}

static Status compare(Analysis *an, const Grouped *g, json_t *t, TTest *pooled, TTest *welch)
{
    const GroupStat *s = g->stat;
    Test levene = {.stat = NAN, .p = NAN};
    TRY(grouped_fault(an, g, means_t_two(&an->kernel, &s[0], &s[1], true, .95, pooled)));
    TRY(grouped_fault(an, g, means_t_two(&an->kernel, &s[0], &s[1], false, .95, welch)));
    Status st = means_levene(&an->kernel, g->value->num, analysis_weights(an), g->groups.of,
                             an->frame->n, 2, LEVENE_MEAN, &levene);
    if (st == ST_BUSY)
        return st;
    result_put(t, "diff", pooled->diff);
    put_test(t, "pooled", pooled);
    put_test(t, "welch", welch);
    result_put(t, "cohen_d_pooled", means_cohen_d(&s[0], &s[1]));
    result_put(t, "hedges_g", means_hedges_g(&s[0], &s[1]));
    grouped_put_test(t, "levene_mean", "W", &levene, false);
    return nonparametric(an, g, t);
}

static void read_two(Analysis *an, const Grouped *g, const TTest *t)
{
    const Str *names = g->groups.labels;
    bool is_clear = t->p < .05;
    result_reading(
        an->result,
        is_clear ? text_in(an->cx, "analyze.read_ttest",
                           "The mean of \"" STR_FMT "\" is %.4g in \"" STR_FMT
                           "\" and %.4g in \"" STR_FMT
                           "\"; the difference is unlikely to be chance (Welch t = %.4g, %s).",
                           STR_ARG(g->value->name), (double)g->stat[0].mean, STR_ARG(names[0]),
                           (double)g->stat[1].mean, STR_ARG(names[1]), t->t, analysis_p(an, t->p))
                 : text_in(an->cx, "analyze.read_ttest_none",
                           "The mean of \"" STR_FMT "\" is %.4g in \"" STR_FMT
                           "\" and %.4g in \"" STR_FMT
                           "\"; the data do not show a difference (Welch t = %.4g, %s).",
                           STR_ARG(g->value->name), (double)g->stat[0].mean, STR_ARG(names[0]),
                           (double)g->stat[1].mean, STR_ARG(names[1]), t->t, analysis_p(an, t->p)));
}

static Status run_groups(Analysis *an)
{
    Grouped g;
    Series *by;
    TTest pooled, welch;
    TRY(analysis_column(an, "by", &by));
    TRY(grouped_read(an, by, 2, &g));
    json_t *t = result_object(an->result->tables, "ttest");
    grouped_put(an, &g, t);
    TRY(compare(an, &g, t, &pooled, &welch));
    grouped_view(an, &g, t);
    View *v = result_view(an->result, "方差齐性的 Levene 检验",
                          "Levene's Test for Equality of Variances", LEVENE, COUNT_OF(LEVENE));
    result_row(v, g.value->name, json_object_get(t, "levene_mean"));
    v = result_view(an->result, "独立样本检验", "Independent Samples Test", TESTS, COUNT_OF(TESTS));
    result_row(v, label(an, "假定方差相等", "Equal variances assumed"),
               json_object_get(t, "pooled"));
    result_row(v, label(an, "不假定方差相等", "Equal variances not assumed"),
               json_object_get(t, "welch"));
    v = result_view(an->result, "效应量", "Effect Sizes", EFFECTS, COUNT_OF(EFFECTS));
    result_row(v, g.value->name, t);
    read_two(an, &g, &welch);
    return ST_OK;
}

/* ---- one sample, pairs: the test of one column of numbers */
static Status one_column(Analysis *an, Series *shown, const double *x, double mu, GroupStat *stat,
                         TTest *ret)
{
    size_t n = an->frame->n;
    int32_t *zero = ARENA_ARRAY(an->cx->arena, int32_t, n + 1);
    TRY(analysis_fault(an, means_groups(&an->kernel, x, analysis_weights(an), zero, n, 1, stat),
                       &shown, 1));
    return analysis_fault(an, means_t_one(&an->kernel, stat, mu, .95, ret), &shown, 1);
}

static void put_sample(json_t *o, const GroupStat *s)
{
    result_put(o, "n", s->n);
    result_put(o, "mean", (double)s->mean);
    result_put(o, "sd", s->sd);
    result_put(o, "se", s->se);
}

static void show_one(Analysis *an, const char *zh, const char *en, Str name, const json_t *t,
                     const TTest *test)
{
    View *v = result_view(an->result, zh, en, TESTS, COUNT_OF(TESTS));
    result_row(v, name, t);
    v = result_view(an->result, "效应量", "Effect Sizes", ONE_EFFECT, COUNT_OF(ONE_EFFECT));
    result_row(v, name, t);
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_ttest_one",
                           "The mean difference of " STR_FMT " is %.4g (t = %.4g, %.4g degrees of "
                           "freedom, %s).",
                           STR_ARG(name), test->diff, test->t, test->df, analysis_p(an, test->p)));
}

static Status run_one(Analysis *an)
{
    Series *c;
    GroupStat s = {0};
    TTest test;
    double mu = analysis_number(an, "mu", 0);
    TRY(analysis_column(an, "value", &c));
    TRY(frame_need_numbers(an->cx, an->frame, c));
    TRY(analysis_listwise(an, &c, 1));
    TRY(one_column(an, c, c->num, mu, &s, &test));
    json_t *t = put_test(an->result->tables, "ttest", &test);
    result_put(t, "mu", mu);
    json_t *sample = result_object(t, "sample"); /* beside t.se, which is of the difference */
    put_sample(sample, &s);
    result_put(t, "n", s.n);
    result_put(t, "mean", (double)s.mean);
    result_put(t, "sd", s.sd);
    result_put(t, "cohen_d", test.diff / s.sd);
    View *v =
        result_view(an->result, "单样本统计", "One-Sample Statistics", SAMPLES, COUNT_OF(SAMPLES));
    result_row(v, c->name, sample);
    show_one(an, "单样本检验", "One-Sample Test",
             str_format(an->cx->arena, STR_FMT " – %.10g", STR_ARG(c->name), mu), t, &test);
    return ST_OK;
}

/* The first two of the three tables of pairs: the columns by themselves, and how they go together. */
static Status pair_views(Analysis *an, Series **c, json_t *t, Str name)
{
    View *v = result_view(an->result, "配对样本统计", "Paired Samples Statistics", SAMPLES,
                          COUNT_OF(SAMPLES));
    json_t *list = result_array(t, "samples");
    int32_t *zero = ARENA_ARRAY(an->cx->arena, int32_t, an->frame->n + 1);
    for (int i = 0; i < 2; i++) {
        GroupStat s = {0};
        TRY(analysis_fault(
            an,
            means_groups(&an->kernel, c[i]->num, analysis_weights(an), zero, an->frame->n, 1, &s),
            &c[i], 1));
        json_t *o = result_item(list);
        result_put_text(o, "column", c[i]->name);
        put_sample(o, &s);
        result_row(v, c[i]->name, o);
    }
    Correlation r = {0};
    Status st = correlate_pearson(&an->kernel, c[0]->num, c[1]->num, analysis_weights(an),
                                  an->frame->n, .95, &r);
    an->kernel.fault.kind = FAULT_NONE;
    if (st == ST_OK) {
        json_t *o = result_object(t, "correlation");
        result_put(o, "n", r.n);
        result_put(o, "r", r.r);
        result_put(o, "p", r.p);
        v = result_view(an->result, "配对样本相关", "Paired Samples Correlations", CORRELATIONS,
                        COUNT_OF(CORRELATIONS));
        result_row(v, name, o);
    }
    return st == ST_BUSY ? st : ST_OK;
}

static Status run_paired(Analysis *an)
{
    Series **c;
    size_t n;
    GroupStat s = {0};
    TTest test;
    TRY(analysis_numbers(an, "paired", &c, &n));
    if (n != 2)
        return FAIL(an->cx, ST_MALFORMED, "analyze.pairs", "--%s takes two columns", "paired");
    TRY(analysis_listwise(an, c, 2));
    double *d = arena_alloc(an->cx->arena, sizeof(*d) * (an->frame->n + 1));
    for (size_t i = 0; i < an->frame->n; i++)
        d[i] = c[0]->num[i] - c[1]->num[i];
    TRY(one_column(an, c[0], d, 0, &s, &test));
    json_t *t = put_test(an->result->tables, "ttest", &test);
    result_put_texts(t, "pair", (Str[]){c[0]->name, c[1]->name}, 2);
    result_put(t, "n", s.n);
    result_put(t, "mean_diff", (double)s.mean);
    result_put(t, "sd_diff", s.sd);
    result_put(t, "cohen_d", test.diff / s.sd);
    Str name =
        str_format(an->cx->arena, STR_FMT " – " STR_FMT, STR_ARG(c[0]->name), STR_ARG(c[1]->name));
    TRY(pair_views(an, c, t, name));
    show_one(an, "配对样本检验", "Paired Samples Test", name, t, &test);
    return ST_OK;
}

static Status run(Analysis *an)
{
    bool by = analysis_has(an, "by"), paired = analysis_has(an, "paired"),
         value = analysis_has(an, "value");
    if ((by && !value) || paired == value)
        return FAIL(an->cx, ST_MALFORMED, "analyze.ttest_what",
                    "give --value with --by, --value with --mu, or --paired a,b");
    TRY(analysis_refuse(an, by || paired ? "mu" : "", by ? "--by" : "--paired"));
    return by ? run_groups(an) : paired ? run_paired(an) : run_one(an);
}

const AnalyzeMethod analyze_ttest = {"ttest",           "t 检验",      "t tests", OPTIONS,
                                     COUNT_OF(OPTIONS), METHOD_WEIGHT, run};
