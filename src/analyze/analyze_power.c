/* SPDX-License-Identifier: Apache-2.0 */
/* power: how many cases a test needs, or what power it has. */
#include "analytics/power.h"
#include "analyze/method.h"

static const AnalyzeOption OPTIONS[] = {
    {"test", OPTION_WORD, true,
     "two-means|one-mean|paired|two-proportions|one-proportion|anova|correlation|chi2", "检验",
     "test"},
    {"effect", OPTION_NUMBER, false, NULL, "效应量：d、f、r 或 w", "effect size: d, f, r or w"},
    {"p1", OPTION_NUMBER, false, NULL, "比例 1", "share 1"},
    {"p2", OPTION_NUMBER, false, NULL, "比例 2（单样本：原假设）",
     "share 2 (one sample: under the null)"},
    {"groups", OPTION_COUNT, false, NULL, "组数（anova）", "groups (anova)"},
    {"df", OPTION_COUNT, false, NULL, "自由度（chi2）", "degrees of freedom (chi2)"},
    {"ratio", OPTION_NUMBER, false, NULL, "第二组与第一组人数之比（默认 1）",
     "size of the second group over the first (default 1)"},
    {"alpha", OPTION_NUMBER, false, NULL, "显著性水平（默认 .05）",
     "significance level (default .05)"},
    {"power", OPTION_NUMBER, false, NULL, "功效（默认 .8）", "power (default .8)"},
    {"n", OPTION_NUMBER, false, NULL, "样本量（每组；给出则求功效）",
     "size per group (given: power is computed)"},
    {"one-sided", OPTION_FLAG, false, NULL, "单侧检验", "one-sided test"},
};
static const ViewColumn VIEW[] = {
    {"effect", "效应量", "Effect", CELL_STAT},
    {"p1", "比例 1", "p1", CELL_STAT},
    {"p2", "比例 2", "p2", CELL_STAT},
    {"alpha", "α", "Alpha", CELL_STAT},
    {"power", "功效", "Power", CELL_STAT},
    {"n", "样本量", "N", CELL_STAT},
    {"n_rounded", "取整", "N rounded up", CELL_COUNT},
    {"n_total", "合计", "Total", CELL_COUNT},
};
static const ViewColumn CURVE[] = {
    {"n", "样本量", "N", CELL_COUNT},
    {"power", "功效", "Power", CELL_STAT},
};
static const struct {
    const char *word;
    PowerTest test;
    double groups; /* that n is the size of; 0: as many as --groups */
} TESTS[] = {{"two-means", POWER_TWO_MEANS, 2},
             {"one-mean", POWER_ONE_MEAN, 1},
             {"paired", POWER_ONE_MEAN, 1},
             {"two-proportions", POWER_TWO_PROPORTIONS, 2},
             {"one-proportion", POWER_ONE_PROPORTION, 1},
             {"anova", POWER_ANOVA, 0},
             {"correlation", POWER_CORRELATION, 1},
             {"chi2", POWER_CHI2, 1}};

static bool is_share(double v) { return v > 0 && v < 1; }

static Status check_common(Analysis *an, const PowerAsk *a)
{
    Ctx *cx = an->cx;
    if (!is_share(a->alpha) || (isnan(a->n) && !is_share(a->power)) || !(a->ratio > 0))
        return FAIL(cx, ST_MALFORMED, "analyze.power_share",
                    "--alpha and --power must lie between 0 and 1, --ratio above 0");
    if ((a->test == POWER_ANOVA && a->groups < 2) || (a->test == POWER_CHI2 && a->df < 1))
        return FAIL(cx, ST_MALFORMED, "analyze.power_groups",
                    "anova needs --groups of at least 2, chi2 needs --df");
    if (!isnan(a->n) && !(a->n >= (a->test == POWER_CORRELATION ? 4 : 2)))
        return FAIL(cx, ST_MALFORMED, "analyze.power_n", "--n is too small");
    return ST_OK;
}

static Status check(Analysis *an, const PowerAsk *a)
{
    Ctx *cx = an->cx;
    bool by_shares = a->test == POWER_TWO_PROPORTIONS || a->test == POWER_ONE_PROPORTION;
    if (by_shares && (!is_share(a->p1) || !is_share(a->p2) || a->p1 == a->p2))
        return FAIL(cx, ST_MALFORMED, "analyze.power_shares",
                    "--p1 and --p2 must differ and lie between 0 and 1");
    if (!by_shares && !(fabs(a->effect) > 0))
        return FAIL(cx, ST_MALFORMED, "analyze.power_effect",
                    "--effect must be given and not be 0");
    if (a->test == POWER_CORRELATION && fabs(a->effect) >= 1)
        return FAIL(cx, ST_MALFORMED, "analyze.power_r",
                    "--effect of a correlation must be below 1");
    return check_common(an, a);
}

/* What the test does not ask about is refused by name. */
static Status check_idle(Analysis *an, const PowerAsk *a)
{
    const char *test = str_z(an->cx->arena, str_format(an->cx->arena, "--test " STR_FMT,
                                                       STR_ARG(analysis_text(an, "test"))));
    bool by_shares = a->test == POWER_TWO_PROPORTIONS || a->test == POWER_ONE_PROPORTION;
    bool is_two = a->test == POWER_TWO_PROPORTIONS || a->test == POWER_TWO_MEANS;
    TRY(analysis_refuse(an, by_shares ? "effect" : "p1 p2", test));
    if (!is_two)
        TRY(analysis_refuse(an, "ratio", test));
    if (a->test != POWER_ANOVA)
        TRY(analysis_refuse(an, "groups", test));
    if (a->test != POWER_CHI2)
        TRY(analysis_refuse(an, "df", test));
    if (a->test == POWER_ANOVA || a->test == POWER_CHI2)
        TRY(analysis_refuse(an, "one-sided", test));
    return isnan(a->n) ? ST_OK : analysis_refuse(an, "power", "--n");
}

static PowerAsk ask_of(const Analysis *an, size_t which)
{
    return (PowerAsk){.test = TESTS[which].test,
                      .effect = analysis_number(an, "effect", NAN),
                      .p1 = analysis_number(an, "p1", NAN),
                      .p2 = analysis_number(an, "p2", NAN),
                      .groups = (double)analysis_count(an, "groups", 0),
                      .df = (double)analysis_count(an, "df", 0),
                      .ratio = analysis_number(an, "ratio", 1),
                      .alpha = analysis_number(an, "alpha", .05),
                      .power = analysis_number(an, "power", .8),
                      .n = analysis_number(an, "n", NAN),
                      .one_sided = analysis_has(an, "one-sided")};
}

static void curve(Analysis *an, const PowerAsk *a, double n, json_t *t)
{
    json_t *list = result_array(t, "curve");
    View *v = result_view(an->result, "功效曲线", "Power Curve", CURVE, COUNT_OF(CURVE));
    static const double PARTS[] = {.25, .5, .75, 1, 1.25, 1.5, 2};
    double least = a->test == POWER_CORRELATION ? 4 : 2;
    for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
        double at = ceil(n * PARTS[i]);
        if (at < least)
            continue;
        json_t *o = result_item(list);
        result_put(o, "n", at);
        result_put(o, "power", power_of(a, at));
        result_row(v, STR(""), o);
    }
}

static Status run(Analysis *an)
{
    size_t which = 0;
    while (!str_is(analysis_text(an, "test"), TESTS[which].word))
        which++;
    PowerAsk a = ask_of(an, which);
    TRY(check_idle(an, &a));
    TRY(check(an, &a));
    bool wants_n = isnan(a.n);
    double n = wants_n ? power_n(&a) : a.n,
           groups = TESTS[which].groups > 0 ? TESTS[which].groups : a.groups;
    if (isnan(n))
        return FAIL(an->cx, ST_INVALID, "analyze.power_none",
                    "no sample below a thousand million reaches that power");
    double power = wants_n ? a.power : power_of(&a, n), first = ceil(n - 1e-9);
    double total = groups == 2 ? first + ceil(n * a.ratio - 1e-9) : first * groups;
    json_t *t = result_object(an->result->tables, "power");
    result_put_text(t, "test", str_of(TESTS[which].word));
    result_put(t, "effect", a.effect);
    result_put(t, "p1", a.p1);
    result_put(t, "p2", a.p2);
    result_put(t, "alpha", a.alpha);
    result_put_bool(t, "one_sided", a.one_sided);
    result_put(t, "ratio", a.ratio);
    result_put(t, "power", power);
    result_put(t, "n", n);
    result_put(t, "n_rounded", first);
    result_put(t, "n_total", total);
    result_put(t, "power_at_rounded", power_of(&a, first));
    an->result->n = total;
    View *v =
        result_view(an->result, "样本量与功效", "Sample Size and Power", VIEW, COUNT_OF(VIEW));
    result_row(v, str_of(TESTS[which].word), t);
    curve(an, &a, n, t);
    result_reading(
        an->result,
        text_in(an->cx, "analyze.read_power",
                "With %.0f cases per group (%.0f in all) the test finds the effect in %.1f%% of "
                "samples at alpha %.3g.",
                first, total, power_of(&a, first) * 100, a.alpha));
    return ST_OK;
}

const AnalyzeMethod analyze_power = {"power", "样本量与功效",    "sample size and power",
                                     OPTIONS, COUNT_OF(OPTIONS), METHOD_NO_CSV,
                                     run};
