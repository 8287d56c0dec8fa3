/* SPDX-License-Identifier: Apache-2.0 */
/* anova: one factor (with Welch, Brown-Forsythe, homogeneity, multiple comparisons) or several with
 * interactions (analyze_factorial.c). */
#include "analytics/ranks.h"
#include "analyze/analyze_factorial.h"
#include "analyze/grouped.h"

#define MOST_GROUPS 1000
#define MOST_COMPARED 50

static const AnalyzeOption OPTIONS[] = {
    {"value", OPTION_COLUMN, true, NULL, "因变量（数值列）", "dependent variable (numbers)"},
    {"by", OPTION_COLUMNS, true, NULL, "因子：一列或多列", "factors: one column or several"},
    {"type", OPTION_WORD, false, "1|2|3", "平方和类型（默认 3）",
     "type of sums of squares (default 3)"},
    {"posthoc", OPTION_WORDS, false, "tukey|lsd|bonferroni|games-howell",
     "多重比较（默认 tukey,games-howell）", "multiple comparisons (default tukey,games-howell)"},
};
static const ViewColumn ANOVA[] = {
    {"ss", "平方和", "Sum of Squares", CELL_STAT},
    {"df", "自由度", "df", CELL_COUNT},
    {"ms", "均方", "Mean Square", CELL_STAT},
    {"F", "F", "F", CELL_STAT},
    {"p", "显著性", "Sig.", CELL_P},
};
static const ViewColumn ROBUST[] = {
    {"F", "统计量", "Statistic", CELL_STAT},
    {"df.0", "df1", "df1", CELL_AUTO},
    {"df.1", "df2", "df2", CELL_AUTO},
    {"p", "显著性", "Sig.", CELL_P},
};
static const ViewColumn HOMOGENEITY[] = {
    {"W", "统计量", "Statistic", CELL_STAT},
    {"df.0", "df1", "df1", CELL_AUTO},
    {"df.1", "df2", "df2", CELL_AUTO},
    {"p", "显著性", "Sig.", CELL_P},
};
static const ViewColumn PAIRS[] = {
    {"diff", "均值差（后−前）", "Mean Difference (second − first)", CELL_STAT},
    {"se", "标准误", "Std. Error", CELL_STAT},
    {"p", "显著性", "Sig.", CELL_P},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_STAT},
};
static const ViewColumn EFFECTS[] = {
    {"eta2", "η²", "Eta squared", CELL_STAT},
    {"omega2", "ω²", "Omega squared", CELL_STAT},
    {"epsilon2", "ε²", "Epsilon squared", CELL_STAT},
};

static void put_line(json_t *list, double ss, double df, double f, double p)
{
    json_t *o = result_item(list);
    result_put(o, "ss", ss);
    result_put(o, "df", df);
    if (df > 0 && !isnan(f))
        result_put(o, "ms", ss / df);
    if (!isnan(f)) {
        result_put(o, "F", f);
        result_put(o, "p", p);
    }
}

static void put_oneway(json_t *t, const Oneway *o)
{
    result_put(t, "ss_between", o->ss_between);
    result_put(t, "ss_within", o->ss_within);
    result_put(t, "ms_between", o->ms_between);
    result_put(t, "ms_within", o->ms_within);
    result_puts(t, "df", (double[]){o->f.df1, o->f.df2}, 2);
    result_put(t, "F", o->f.stat);
    result_put(t, "p", o->f.p);
    result_put(t, "eta2", o->eta2);
    result_put(t, "omega2", o->omega2);
    result_put(t, "epsilon2", o->epsilon2);
    grouped_put_test(t, "welch", "F", &o->welch, true);
    grouped_put_test(t, "brown_forsythe", "F", &o->brown_forsythe, true);
    json_t *b = json_object_get(t, "brown_forsythe");
    result_puts(b, "df_spss", (double[]){o->f.df1, o->brown_forsythe.df2}, 2);
    result_put(b, "p_spss", o->p_spss);
    grouped_put_test(t, "bartlett", "T", &o->bartlett, false);
    json_t *list = result_array(t, "anova_table");
    put_line(list, o->ss_between, o->f.df1, o->f.stat, o->f.p);
    put_line(list, o->ss_within, o->f.df2, NAN, NAN);
    put_line(list, o->ss_between + o->ss_within, o->n - 1, NAN, NAN);
}

static Status homogeneity(Analysis *an, const Grouped *g, json_t *t)
{
    static const char *const KEYS[] = {"levene_mean", "levene_median"};
    for (int i = 0; i < 2; i++) {
        Test levene = {.stat = NAN, .p = NAN};
        Status st =
            means_levene(&an->kernel, g->value->num, analysis_weights(an), g->groups.of,
                         an->frame->n, g->groups.n, i ? LEVENE_MEDIAN : LEVENE_MEAN, &levene);
        if (st == ST_BUSY)
            return st;
        grouped_put_test(t, KEYS[i], "W", &levene, st == ST_OK);
    }
    KruskalWallis kw;
    TRY(grouped_fault(an, g,
                      ranks_kruskal_wallis(&an->kernel, g->value->num, analysis_weights(an),
                                           g->groups.of, an->frame->n, g->groups.n, &kw)));
    json_t *o = result_object(t, "kruskal_wallis");
    result_put(o, "H", kw.h);
    result_put(o, "df", kw.df);
    result_put(o, "p", kw.p);
    return ST_OK;
}

static void views(Analysis *an, const Grouped *g, const json_t *t)
{
    bool zh = an->cx->lang == LANG_ZH;
    const json_t *list = json_object_get(t, "anova_table");
    grouped_view(an, g, t);
    View *v = result_view(an->result, "方差齐性检验", "Tests of Homogeneity of Variances",
                          HOMOGENEITY, COUNT_OF(HOMOGENEITY));
    result_row(v, str_of(zh ? "Levene（均值）" : "Levene (mean)"),
               json_object_get(t, "levene_mean"));
    result_row(v, str_of(zh ? "Levene（中位数）" : "Levene (median)"),
               json_object_get(t, "levene_median"));
    v = result_view(an->result, "方差分析", "ANOVA", ANOVA, COUNT_OF(ANOVA));
    result_row(v, str_of(zh ? "组间" : "Between Groups"), json_array_get(list, 0));
    result_row(v, str_of(zh ? "组内" : "Within Groups"), json_array_get(list, 1));
    result_row(v, str_of(zh ? "总计" : "Total"), json_array_get(list, 2));
    v = result_view(an->result, "均值相等性的稳健检验", "Robust Tests of Equality of Means", ROBUST,
                    COUNT_OF(ROBUST));
    result_row(v, STR("Welch"), json_object_get(t, "welch"));
    result_row(v, STR("Brown-Forsythe"), json_object_get(t, "brown_forsythe"));
    v = result_view(an->result, "效应量", "Effect Sizes", EFFECTS, COUNT_OF(EFFECTS));
    result_row(v, g->value->name, t);
}

static void posthoc(Analysis *an, const Grouped *g, const Oneway *o, json_t *t, PostHoc method,
                    const char *key, const char *title)
{
    size_t k = g->groups.n, n = k * (k - 1) / 2;
    Ctx *cx = an->cx;
    Pair *pairs = ARENA_ARRAY(cx->arena, Pair, n);
    means_posthoc(g->stat, k, o, method, .95, pairs);
    json_t *list = result_array(t, key);
    View *v = result_view(an->result, title, title, PAIRS, COUNT_OF(PAIRS));
    for (size_t i = 0; i < n; i++) {
        const Pair *p = &pairs[i];
        Str a = g->groups.labels[p->a], b = g->groups.labels[p->b];
        json_t *item = result_item(list);
        result_put_texts(item, "pair", (Str[]){a, b}, 2);
        result_put(item, "diff", p->diff);
        result_put(item, "se", p->se);
        result_put(item, "df", p->df);
        result_puts(item, "ci95", (double[]){p->low, p->high}, 2);
        result_put(item, "p", p->p);
        result_row(v, str_format(cx->arena, STR_FMT " – " STR_FMT, STR_ARG(a), STR_ARG(b)), item);
    }
}

static void all_posthoc(Analysis *an, const Grouped *g, const Oneway *o, json_t *t)
{
    static const struct {
        const char *word, *key, *title;
        PostHoc method;
        bool is_default;
    } METHODS[] = {{"tukey", "tukey_hsd", "Tukey HSD", POSTHOC_TUKEY, true},
                   {"lsd", "lsd", "LSD", POSTHOC_LSD, false},
                   {"bonferroni", "bonferroni", "Bonferroni", POSTHOC_BONFERRONI, false},
                   {"games-howell", "games_howell", "Games-Howell", POSTHOC_GAMES_HOWELL, true}};
    bool chosen = analysis_has(an, "posthoc");
    for (size_t i = 0; i < COUNT_OF(METHODS); i++)
        if (chosen ? analysis_has_word(an, "posthoc", METHODS[i].word)
                   : METHODS[i].is_default && g->groups.n <= MOST_COMPARED)
            posthoc(an, g, o, t, METHODS[i].method, METHODS[i].key, METHODS[i].title);
}

static Status run_one(Analysis *an, Series *by)
{
    Grouped g;
    Oneway o;
    TRY(grouped_read(an, by, MOST_GROUPS, &g));
    TRY(grouped_fault(an, &g, means_oneway(&an->kernel, g.stat, g.groups.n, &o)));
    json_t *t = result_object(an->result->tables, "anova");
    grouped_put(an, &g, t);
    put_oneway(t, &o);
    TRY(homogeneity(an, &g, t));
    views(an, &g, t);
    all_posthoc(an, &g, &o, t);
    result_reading(
        an->result,
        o.f.p < .05
            ? text_in(an->cx, "analyze.read_anova",
                      "The means of \"" STR_FMT "\" differ between the %zu groups of \"" STR_FMT
                      "\" (F = %.4g, %s); the groups explain %.1f%% of the variance.",
                      STR_ARG(g.value->name), g.groups.n, STR_ARG(by->name), o.f.stat,
                      analysis_p(an, o.f.p), o.eta2 * 100)
            : text_in(an->cx, "analyze.read_anova_none",
                      "The data do not show that the means of \"" STR_FMT
                      "\" differ between the %zu groups of \"" STR_FMT "\" (F = %.4g, %s).",
                      STR_ARG(g.value->name), g.groups.n, STR_ARG(by->name), o.f.stat,
                      analysis_p(an, o.f.p)));
    return ST_OK;
}

static Status run(Analysis *an)
{
    Series **by;
    size_t n;
    TRY(analysis_columns(an, "by", false, &by, &n));
    TRY(analysis_refuse(an, n == 1 ? "type" : "posthoc",
                        n == 1 ? "--by with one factor" : "--by with several factors"));
    return n == 1 ? run_one(an, by[0]) : analyze_factorial(an, by, n);
}

const AnalyzeMethod analyze_anova = {
    "anova", "方差分析", "analysis of variance", OPTIONS, COUNT_OF(OPTIONS), METHOD_WEIGHT, run};
