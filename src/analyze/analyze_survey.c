/* SPDX-License-Identifier: Apache-2.0 */
/* nps, csat, ces: scores of answers with intervals, and tests between groups or periods (a date column
 * is taken by month). */
#include "analytics/means.h"
#include "analytics/survey.h"
#include "analyze/method.h"
#include "base/calendar.h"
#include <stdlib.h>

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

typedef enum Kind { NPS, CSAT, CES } Kind;
typedef struct Survey {
    Analysis *an;
    Kind kind;
    Series *score;
    size_t n;      /* answers (rows, or one per score of --counts) */
    double *x, *w; /* score and weight of each */
    int32_t *of;   /* group */
    Str *levels;
    size_t groups;
    double scale;
    Nps *nps;
    Share *share;
    GroupStat *stat; /* groups + 1: the last is all */
    json_t *json, *list;
} Survey;

/* ---- reading */
static Status read_counts(Survey *s)
{
    Ctx *cx = s->an->cx;
    Str *parts;
    size_t n;
    analysis_list(s->an, "counts", &parts, &n);
    s->x = ARENA_ARRAY(cx->arena, double, n);
    s->w = ARENA_ARRAY(cx->arena, double, n);
    for (size_t i = 0; i < n; i++) {
        int64_t count;
        if (!str_int(str_trim(parts[i]), &count) || count < 0 || (s->kind == NPS && n != 11))
            return FAIL(cx, ST_MALFORMED, "analyze.counts",
                        "--counts takes whole numbers, one for each score from 0 (for nps: 11)");
        if (!count)
            continue;
        s->x[s->n] = (double)i;
        s->w[s->n++] = (double)count;
        s->an->result->n += (double)count;
    }
    if (!s->n)
        return FAIL(cx, ST_INVALID, "analyze.no_answers", "there are no answers");
    s->of = ARENA_ARRAY(cx->arena, int32_t, s->n);
    return ST_OK;
}

static Status by_month(Survey *s, const Series *by)
{
    Ctx *cx = s->an->cx;
    double *months = arena_alloc(cx->arena, sizeof(double) * (s->n + 1));
    for (size_t i = 0; i < s->n; i++) {
        Civil c = calendar_civil((int64_t)floor(by->num[i]));
        months[i] = c.year * 12 + c.month - 1;
    }
    Series column = {.name = by->name, .kind = COLUMN_NUMBER, .num = months};
    Groups g;
    TRY(frame_groups(cx, s->an->frame, &column, &g));
    s->of = g.of;
    s->groups = g.n;
    s->levels = g.labels;
    for (size_t i = 0; i < g.n; i++)
        g.labels[i] = str_format(cx->arena, "%04d-%02d", (int)(g.value[i] / 12),
                                 (int)fmod(g.value[i], 12) + 1);
    return ST_OK;
}

static Status read_groups(Survey *s, Series *by)
{
    Groups g;
    if (!by) {
        s->of = ARENA_ARRAY(s->an->cx->arena, int32_t, s->n + 1);
        return ST_OK;
    }
    if (by->kind == COLUMN_DATE)
        return by_month(s, by);
    TRY(frame_groups(s->an->cx, s->an->frame, by, &g));
    s->of = g.of;
    s->groups = g.n;
    s->levels = g.labels;
    return ST_OK;
}

static Status check_scores(Survey *s)
{
    Analysis *an = s->an;
    double highest = s->kind == NPS ? 10 : s->scale;
    for (size_t i = 0; i < s->n; i++) {
        double v = s->x[i];
        bool bad = s->kind == CES ? v < 0 : v < 0 || v != floor(v) || (highest > 0 && v > highest);
        if (bad && s->score)
            return FAIL(an->cx, ST_INVALID, "analyze.bad_score",
                        "column \"" STR_FMT "\", line %lld: %.10g is not a score",
                        STR_ARG(s->score->name), (long long)frame_line(an->frame, i), v);
        if (bad)
            return FAIL(an->cx, ST_INVALID, "analyze.counts_long", "--counts: %.10g is not a score",
                        v);
    }
    return ST_OK;
}

static Status read(Survey *s)
{
    Analysis *an = s->an;
    Series *columns[2] = {NULL, NULL};
    bool has_counts = analysis_has(an, "counts");
    s->scale = (double)analysis_count(an, "scale", 0);
    if (has_counts == analysis_has(an, "score") || (has_counts && analysis_has(an, "by")))
        return FAIL(an->cx, ST_MALFORMED, "analyze.survey_what",
                    "give --csv with --score (and --by), or --counts");
    if (has_counts) {
        TRY(read_counts(s));
        return check_scores(s);
    }
    if (!an->frame)
        return FAIL(an->cx, ST_MALFORMED, "analyze.required", "%s needs --%s", an->method->name,
                    "csv");
    TRY(analysis_column(an, "score", &s->score));
    TRY(frame_need_numbers(an->cx, an->frame, s->score));
    columns[0] = s->score;
    if (analysis_has(an, "by"))
        TRY(analysis_column(an, "by", &columns[1]));
    TRY(analysis_listwise(an, columns, columns[1] ? 2 : 1));
    s->n = an->frame->n;
    s->x = s->score->num;
    s->w = an->weight ? an->weight->num : NULL;
    TRY(read_groups(s, columns[1]));
    return check_scores(s);
}

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
    if (s->kind == NPS)
        TRY(nps_of(s, group, o));
    else if (s->kind == CSAT)
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
    if (s->kind == NPS)
        survey_compare(s->nps[a].nps, s->nps[a].se, s->nps[b].nps, s->nps[b].se, d);
    else if (s->kind == CSAT)
        survey_compare_shares(&s->share[a], &s->share[b], d);
    return s->kind != CES;
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
    if (s->kind == NPS)
        text = text_in(cx, "analyze.read_nps",
                       "The NPS is %.1f (95%% interval %.1f to %.1f) from %.10g answers.", p->nps,
                       p->low, p->high, p->n);
    else if (s->kind == CSAT)
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

static Status run(Analysis *an, Kind kind, const char *name, const char *zh, const char *en,
                  const ViewColumn *columns, size_t n)
{
    Survey s = {.an = an, .kind = kind};
    TRY(read(&s));
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
    return run(an, NPS, "nps", "净推荐值", "Net Promoter Score", NPS_VIEW, COUNT_OF(NPS_VIEW));
}

static Status run_csat(Analysis *an)
{
    return run(an, CSAT, "csat", "满意度", "Customer Satisfaction", CSAT_VIEW, COUNT_OF(CSAT_VIEW));
}

static Status run_ces(Analysis *an)
{
    return run(an, CES, "ces", "费力度", "Customer Effort Score", CES_VIEW, COUNT_OF(CES_VIEW));
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
