/* SPDX-License-Identifier: Apache-2.0 */
/* ranks: Mann-Whitney for two groups, Kruskal-Wallis for more, Wilcoxon for pairs, Friedman for several
 * columns of the same rows. */
#include "analytics/ranks.h"
#include "analyze/grouped.h"

static const AnalyzeOption OPTIONS[] = {
    {"value", OPTION_COLUMN, false, NULL, "被比较的数值列", "numbers to compare"},
    {"by", OPTION_COLUMN, false, NULL, "分组列", "column that makes the groups"},
    {"paired", OPTION_COLUMNS, false, NULL, "成对的两列，或同一行的多列",
     "two columns of pairs, or several of the same rows"},
};
static const ViewColumn RANKS[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"mean_rank", "秩均值", "Mean Rank", CELL_STAT},
    {"rank_sum", "秩和", "Sum of Ranks", CELL_STAT},
};
static const ViewColumn TEST[] = {
    {"U", "U", "U", CELL_AUTO},
    {"H", "H", "H", CELL_STAT},
    {"chi2", "卡方", "Chi-Square", CELL_STAT},
    {"df", "自由度", "df", CELL_COUNT},
    {"z", "Z", "Z", CELL_STAT},
    {"p", "渐近显著性", "Asymp. Sig.", CELL_P},
    {"p_exact", "精确显著性", "Exact Sig.", CELL_P},
};

static void add_rank(json_t *list, View *v, Str label, double n, double mean, double sum)
{
    json_t *o = result_item(list);
    result_put_text(o, "level", label);
    result_put(o, "n", n);
    result_put(o, "mean_rank", mean);
    result_put(o, "rank_sum", sum);
    result_row(v, label, o);
}

static View *rank_view(Analysis *an)
{
    return result_view(an->result, "秩", "Ranks", RANKS, COUNT_OF(RANKS));
}

static void test_view(Analysis *an, Str label, const json_t *t)
{
    View *v = result_view(an->result, "检验统计", "Test Statistics", TEST, COUNT_OF(TEST));
    result_row(v, label, t);
}

static void say(Analysis *an, const char *test, double stat, double p)
{
    result_reading(
        an->result,
        p < .05 ? text_in(an->cx, "analyze.read_ranks",
                          "%s: the order of the values differs between the groups (statistic "
                          "%.5g, %s).",
                          test, stat, analysis_p(an, p))
                : text_in(an->cx, "analyze.read_ranks_none",
                          "%s: the data do not show a difference between the groups "
                          "(statistic %.5g, %s).",
                          test, stat, analysis_p(an, p)));
}

static Status two_groups(Analysis *an, const Grouped *g)
{
    MannWhitney m;
    TRY(grouped_fault(an, g,
                      ranks_mann_whitney(&an->kernel, g->value->num, analysis_weights(an),
                                         g->groups.of, an->frame->n, &m)));
    json_t *t = result_object(an->result->tables, "ranks"), *o = result_object(t, "mann_whitney");
    json_t *list = result_array(t, "groups");
    View *v = rank_view(an);
    for (int i = 0; i < 2; i++)
        add_rank(list, v, g->groups.labels[i], m.n[i], m.mean_rank[i], m.rank_sum[i]);
    result_put(o, "U", m.u);
    result_put(o, "U_min", m.u_min);
    result_put(o, "z", m.z);
    result_put(o, "p", m.p);
    result_put(o, "p_asymptotic_tie_corrected_no_continuity", m.p);
    result_put(o, "p_exact", m.p_exact);
    result_put(o, "rank_biserial", m.rank_biserial);
    result_put(t, "ks_2samp_D", m.ks);
    test_view(an, STR("Mann-Whitney"), o);
    say(an, "Mann-Whitney U", m.u, m.p);
    return ST_OK;
}

static Status more_groups(Analysis *an, const Grouped *g)
{
    KruskalWallis k;
    TRY(grouped_fault(an, g,
                      ranks_kruskal_wallis(&an->kernel, g->value->num, analysis_weights(an),
                                           g->groups.of, an->frame->n, g->groups.n, &k)));
    json_t *t = result_object(an->result->tables, "ranks"), *o = result_object(t, "kruskal_wallis");
    json_t *list = result_array(t, "groups");
    View *v = rank_view(an);
    for (size_t i = 0; i < g->groups.n; i++)
        add_rank(list, v, g->groups.labels[i], k.n[i], k.mean_rank[i], k.n[i] * k.mean_rank[i]);
    result_put(o, "H", k.h);
    result_put(o, "df", k.df);
    result_put(o, "p", k.p);
    result_put(o, "epsilon2", k.epsilon2);
    test_view(an, STR("Kruskal-Wallis"), o);
    say(an, "Kruskal-Wallis H", k.h, k.p);
    return ST_OK;
}

static Status pairs(Analysis *an, Series **c)
{
    Wilcoxon w;
    TRY(analysis_fault(
        an,
        ranks_wilcoxon(&an->kernel, c[0]->num, c[1]->num, analysis_weights(an), an->frame->n, &w),
        c, 2));
    json_t *t = result_object(an->result->tables, "ranks"), *o = result_object(t, "wilcoxon");
    json_t *list = result_array(t, "groups");
    View *v = rank_view(an);
    bool zh = an->cx->lang == LANG_ZH;
    add_rank(list, v, str_of(zh ? "正秩（后 > 前）" : "Positive (second > first)"), w.n_positive,
             w.sum_positive / w.n_positive, w.sum_positive);
    add_rank(list, v, str_of(zh ? "负秩" : "Negative"), w.n_negative, w.sum_negative / w.n_negative,
             w.sum_negative);
    result_put(o, "n_zero", w.n_zero);
    result_put(o, "sum_positive", w.sum_positive);
    result_put(o, "sum_negative", w.sum_negative);
    result_put(o, "z", w.z);
    result_put(o, "p", w.p);
    result_put(o, "p_exact", w.p_exact);
    test_view(an, STR("Wilcoxon"), o);
    say(an, "Wilcoxon Z", w.z, w.p);
    return ST_OK;
}

static Status several(Analysis *an, Series **c, size_t n)
{
    Friedman f;
    const double **x = ARENA_ARRAY(an->cx->arena, const double *, n);
    for (size_t i = 0; i < n; i++)
        x[i] = c[i]->num;
    TRY(analysis_fault(
        an, ranks_friedman(&an->kernel, x, n, analysis_weights(an), an->frame->n, &f), c, n));
    json_t *t = result_object(an->result->tables, "ranks"), *o = result_object(t, "friedman");
    json_t *list = result_array(t, "groups");
    View *v = rank_view(an);
    for (size_t i = 0; i < n; i++)
        add_rank(list, v, c[i]->name, an->result->n, f.mean_rank[i],
                 an->result->n * f.mean_rank[i]);
    result_put(o, "chi2", f.chi2);
    result_put(o, "df", f.df);
    result_put(o, "p", f.p);
    result_put(o, "kendall_w", f.kendall_w);
    test_view(an, STR("Friedman"), o);
    say(an, "Friedman", f.chi2, f.p);
    return ST_OK;
}

static Status run(Analysis *an)
{
    Grouped g;
    Series *by, **c;
    size_t n;
    bool has_groups = analysis_has(an, "value") && analysis_has(an, "by");
    if (has_groups == analysis_has(an, "paired"))
        return FAIL(an->cx, ST_MALFORMED, "analyze.ranks_what",
                    "give --value with --by, or --paired a,b[,c …]");
    if (has_groups) {
        TRY(analysis_column(an, "by", &by));
        TRY(grouped_read(an, by, 0, &g));
        return g.groups.n == 2 ? two_groups(an, &g) : more_groups(an, &g);
    }
    TRY(analysis_numbers(an, "paired", &c, &n));
    if (n < 2 || n > 64)
        return FAIL(an->cx, ST_MALFORMED, "analyze.pairs_many", "--paired takes 2 to 64 columns");
    TRY(analysis_listwise(an, c, n));
    return n == 2 ? pairs(an, c) : several(an, c, n);
}

const AnalyzeMethod analyze_ranks = {"ranks",           "秩检验",      "rank tests", OPTIONS,
                                     COUNT_OF(OPTIONS), METHOD_WEIGHT, run};
