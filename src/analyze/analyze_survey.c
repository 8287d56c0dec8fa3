/* SPDX-License-Identifier: Apache-2.0 */
/* nps, csat, ces: scores of answers with intervals, and tests between groups or periods (a date column
 * is taken by month). */
#include "analyze/analyze_survey.h"

#define SMALL 10       /* below so many answers a score says little */
#define MOST_PAIRED 20 /* groups that are compared pair by pair */

#define SURVEY_OPTIONS                                                                               \
    {"score", OPTION_COLUMN, false, NULL, "得分列", "column of the scores"},                         \
        {"counts", OPTION_TEXT, false, NULL, "各得分的回答数 n0,n1,…", "answers by score: n0,n1,…"}, \
    {                                                                                                \
        "by", OPTION_COLUMN, false, NULL, "分组或时期列（日期按月）",                                \
            "groups or periods (dates by month)"                                                     \
    }

static const AnalyzeOption NPS_OPTIONS[] = {SURVEY_OPTIONS};
static const AnalyzeOption CSAT_OPTIONS[] = {SURVEY_OPTIONS,
                                             {"scale", OPTION_COUNT, false, NULL,
                                              "最高分（默认出现的最大值）",
                                              "highest score (default: the largest that occurs)"}};

static const ViewColumn NPS_VIEW[] = {
    {"n", "回答数", "N", CELL_COUNT},
    {"promoters", "推荐者", "Promoters", CELL_COUNT},
    {"passives", "中立者", "Passives", CELL_COUNT},
    {"detractors", "贬损者", "Detractors", CELL_COUNT},
    {"nps", "NPS", "NPS", CELL_STAT},
    {"se", "标准误", "Std. Error", CELL_STAT},
    {"ci95_wald.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95_wald.1", "95% 上限", "95% CI upper", CELL_STAT},
    {"mean", "均值", "Mean", CELL_STAT},
};
static const ViewColumn CSAT_VIEW[] = {
    {"n", "回答数", "N", CELL_COUNT},
    {"top2", "最高两档", "Top two", CELL_COUNT},
    {"top2_share", "满意率", "Top-2-box", CELL_PERCENT},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_PERCENT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_PERCENT},
    {"mean", "均值", "Mean", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
};
static const ViewColumn CES_VIEW[] = {
    {"n", "回答数", "N", CELL_COUNT},
    {"mean", "均值", "Mean", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_STAT},
};
static const ViewColumn DIFFERENCES[] = {
    {"difference", "差（前−后）", "Difference (first − second)", CELL_STAT},
    {"se", "标准误", "Std. Error", CELL_STAT},
    {"z", "Z", "Z", CELL_STAT},
    {"t", "t", "t", CELL_STAT},
    {"p_two_sided", "显著性（双侧）", "Sig. (2-tailed)", CELL_P},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_STAT},
};

/* ---- one group (group = s->groups: all) */
static void counts_of(const Survey *s, size_t group, double counts[11])
{
    for (size_t i = 0; i < s->n; i++)
        if (group == s->groups || (size_t)s->of[i] == group)
            counts[(size_t)s->x[i]] += s->w ? s->w[i] : 1;
}

static Status nps_of(Survey *s, size_t group, json_t *o)
{
    double counts[11] = {0};
    counts_of(s, group, counts);
    Nps *p = &s->nps[group];
    TRY(analysis_fault(s->an, survey_nps(&s->an->kernel, counts, p), &s->score, s->score ? 1 : 0));
    result_puts(o, "counts_0_to_10", counts, 11);
    result_put(o, "n", p->n);
    result_put(o, "promoters", p->promoters);
    result_put(o, "passives", p->passives);
    result_put(o, "detractors", p->detractors);
    result_put(o, "nps", p->nps);
    result_put(o, "se", p->se);
    result_put(o, "se_n_minus_1", p->se_n_minus_1);
    result_puts(o, "ci95_wald", (double[]){p->low, p->high}, 2);
    result_puts(o, "ci95_adjusted_wald", (double[]){p->adjusted_low, p->adjusted_high}, 2);
    result_put(o, "mean", p->mean);
    return ST_OK;
}

static void csat_of(Survey *s, size_t group, json_t *o)
{
    double hits = 0;
    for (size_t i = 0; i < s->n; i++)
        if ((group == s->groups || (size_t)s->of[i] == group) && s->x[i] >= s->scale - 1)
            hits += s->w ? s->w[i] : 1;
    const GroupStat *g = &s->stat[group];
    Share *share = &s->share[group];
    survey_share(hits, g->n, .95, share);
    result_put(o, "n", g->n);
    result_put(o, "scale", s->scale);
    result_put(o, "top2", hits);
    result_put(o, "top2_share", share->share);
    result_puts(o, "ci95", (double[]){share->low, share->high}, 2);
    result_put(o, "mean", (double)g->mean);
    result_put(o, "sd", g->sd);
}

static void ces_of(Survey *s, size_t group, json_t *o)
{
    const GroupStat *g = &s->stat[group];
    TTest t = {.low = NAN, .high = NAN, .se = NAN};
    if (means_t_one(&s->an->kernel, g, 0, .95, &t) != ST_OK)
        s->an->kernel.fault.kind = FAULT_NONE;
    result_put(o, "n", g->n);
    result_put(o, "mean", (double)g->mean);
    result_put(o, "sd", g->sd);
    result_put(o, "se", g->se);
    result_puts(o, "ci95", (double[]){t.low, t.high}, 2);
}

static Status one(Survey *s, size_t group, json_t *o, View *v)
{
    Str label =
        group < s->groups ? s->levels[group] : str_of(s->an->cx->lang == LANG_ZH ? "全部" : "All");
    if (s->kind == SURVEY_NPS)
        TRY(nps_of(s, group, o));
    else if (s->kind == SURVEY_CSAT)
        csat_of(s, group, o);
    else
        ces_of(s, group, o);
    if (group < s->groups)
        result_put_text(o, "level", label);
    double n = json_number_value(json_object_get(o, "n"));
    if (n < SMALL)
        result_note(s->an->result,
                    text_in(s->an->cx, "analyze.small_group",
                            "\"" STR_FMT "\" has %.10g answers only: too few to show to others.",
                            STR_ARG(label), n));
    result_put_bool(o, "suppress", n < SMALL);
    result_row(v, label, o);
    return ST_OK;
}

/* ---- comparisons */
static bool difference(Survey *s, size_t a, size_t b, Difference *d)
{
    if (s->kind == SURVEY_NPS)
        survey_compare(s->nps[a].nps, s->nps[a].se, s->nps[b].nps, s->nps[b].se, d);
    else if (s->kind == SURVEY_CSAT)
        survey_compare_shares(&s->share[a], &s->share[b], d);
    return s->kind != SURVEY_CES;
}

static void compare(Survey *s, size_t a, size_t b, View *v)
{
    Difference d = {0};
    TTest t = {0};
    json_t *o = result_item(s->list);
    result_put_text(o, "a", s->levels[a]);
    result_put_text(o, "b", s->levels[b]);
    if (difference(s, a, b, &d)) {
        result_put(o, "difference", d.difference);
        result_put(o, "se", d.se);
        result_put(o, "z", d.z);
        result_put(o, "p_two_sided", d.p);
        result_puts(o, "ci95", (double[]){d.low, d.high}, 2);
    } else if (means_t_two(&s->an->kernel, &s->stat[a], &s->stat[b], false, .95, &t) == ST_OK) {
        result_put(o, "difference", t.diff);
        result_put(o, "se", t.se);
        result_put(o, "t", t.t);
        result_put(o, "df", t.df);
        result_put(o, "p_two_sided", t.p);
        result_puts(o, "ci95", (double[]){t.low, t.high}, 2);
    }
    s->an->kernel.fault.kind = FAULT_NONE;
    result_row(v,
               str_format(s->an->cx->arena, STR_FMT " – " STR_FMT, STR_ARG(s->levels[a]),
                          STR_ARG(s->levels[b])),
               o);
}

static void compare_all(Survey *s)
{
    View *v =
        result_view(s->an->result, "组间比较", "Comparisons", DIFFERENCES, COUNT_OF(DIFFERENCES));
    s->list = result_array(s->json, "comparisons");
    for (size_t a = 0; a < s->groups; a++)
        for (size_t b = a + 1; b < s->groups; b++)
            if (s->groups <= MOST_PAIRED || b == a + 1) /* many: neighbours only */
                compare(s, a, b, v);
}

/* ---- run */
static Status means(Survey *s)
{
    Arena *a = s->an->cx->arena;
    int32_t *zero = ARENA_ARRAY(a, int32_t, s->n + 1);
    double highest = 0;
    s->nps = ARENA_ARRAY(a, Nps, s->groups + 1);
    s->share = ARENA_ARRAY(a, Share, s->groups + 1);
    s->stat = ARENA_ARRAY(a, GroupStat, s->groups + 1);
    for (size_t i = 0; i < s->n; i++)
        highest = fmax(highest, s->x[i]);
    if (s->scale <= 0)
        s->scale = highest;
    if (s->groups)
        TRY(analysis_fault(
            s->an, means_groups(&s->an->kernel, s->x, s->w, s->of, s->n, s->groups, s->stat),
            &s->score, 1));
    return analysis_fault(
        s->an, means_groups(&s->an->kernel, s->x, s->w, zero, s->n, 1, &s->stat[s->groups]),
        &s->score, s->score ? 1 : 0);
}

static void say(Survey *s)
{
    Ctx *cx = s->an->cx;
    const Nps *p = &s->nps[s->groups];
    const Share *h = &s->share[s->groups];
    const GroupStat *g = &s->stat[s->groups];
    Str text;
    if (s->kind == SURVEY_NPS)
        text = text_in(cx, "analyze.read_nps",
                       "The NPS is %.1f (95%% interval %.1f to %.1f) from %.10g answers.", p->nps,
                       p->low, p->high, p->n);
    else if (s->kind == SURVEY_CSAT)
        text =
            text_in(cx, "analyze.read_csat",
                    "%.1f%% of %.10g answers are in the top two (95%% interval %.1f%% to %.1f%%).",
                    h->share * 100, h->n, h->low * 100, h->high * 100);
    else if (!(g->n > 1))
        text = text_in(cx, "analyze.read_ces_one", "The mean score is %.3f from %.10g answers.",
                       (double)g->mean, g->n);
    else
        text = text_in(cx, "analyze.read_ces",
                       "The mean score is %.3f from %.10g answers (standard deviation %.3f).",
                       (double)g->mean, g->n, g->sd);
    result_reading(s->an->result, text);
}

static Status run(Analysis *an, SurveyKind kind, const char *name, const char *zh, const char *en,
                  const ViewColumn *columns, size_t n)
{
    Survey s = {.an = an, .kind = kind};
    TRY(analyze_survey_read(&s));
    TRY(means(&s));
    s.json = result_object(an->result->tables, name);
    View *v = result_view(an->result, zh, en, columns, n);
    if (s.groups) {
        json_t *list = result_array(s.json, "groups");
        for (size_t i = 0; i < s.groups; i++)
            TRY(one(&s, i, result_item(list), v));
    }
    TRY(one(&s, s.groups, s.json, v));
    if (s.groups > 1)
        compare_all(&s);
    say(&s);
    return ST_OK;
}

static Status run_nps(Analysis *an)
{
    return run(an, SURVEY_NPS, "nps", "净推荐值", "Net Promoter Score", NPS_VIEW,
               COUNT_OF(NPS_VIEW));
}

static Status run_csat(Analysis *an)
{
    return run(an, SURVEY_CSAT, "csat", "满意度", "Customer Satisfaction", CSAT_VIEW,
               COUNT_OF(CSAT_VIEW));
}

static Status run_ces(Analysis *an)
{
    return run(an, SURVEY_CES, "ces", "费力度", "Customer Effort Score", CES_VIEW,
               COUNT_OF(CES_VIEW));
}

const AnalyzeMethod analyze_nps = {
    "nps",       "净推荐值 NPS",        "net promoter score",
    NPS_OPTIONS, COUNT_OF(NPS_OPTIONS), METHOD_WEIGHT | METHOD_NO_CSV,
    run_nps};
const AnalyzeMethod analyze_csat = {
    "csat",       "满意度 CSAT",          "customer satisfaction, top two boxes",
    CSAT_OPTIONS, COUNT_OF(CSAT_OPTIONS), METHOD_WEIGHT | METHOD_NO_CSV,
    run_csat};
const AnalyzeMethod analyze_ces = {
    "ces",       "费力度 CES",          "customer effort score",
    NPS_OPTIONS, COUNT_OF(NPS_OPTIONS), METHOD_WEIGHT | METHOD_NO_CSV,
    run_ces};
