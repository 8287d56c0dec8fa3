/* SPDX-License-Identifier: Apache-2.0 */
/* roc: how well one score, or each of several, tells two classes apart. */
#include "analytics/roc.h"
#include "analyze/outcome.h"

#define MOST_POINTS 21

static const AnalyzeOption OPTIONS[] = {
    {"score", OPTION_COLUMNS, true, NULL, "得分列，越大越可能是事件",
     "scores; higher means the event"},
    {"target", OPTION_COLUMN, true, NULL, "实际类别（两个取值）", "what happened (two values)"},
    {"positive", OPTION_TEXT, false, NULL, "作为事件的取值（默认较大者）",
     "value that is the event (default: the greater)"},
};
static const ViewColumn AREAS[] = {
    {"auc", "面积", "Area", CELL_STAT},
    {"se", "标准误（DeLong）", "Std. Error (DeLong)", CELL_STAT},
    {"p", "渐近显著性", "Asymptotic Sig.", CELL_P},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_STAT},
    {"gini", "Gini", "Gini", CELL_STAT},
    {"ks", "KS", "KS", CELL_STAT},
    {"best_threshold", "最佳临界值（Youden）", "Best cut (Youden)", CELL_STAT},
};
static const ViewColumn PAIR[] = {
    {"difference", "面积差", "Difference", CELL_STAT},
    {"se", "标准误", "Std. Error", CELL_STAT},
    {"z", "Z", "Z", CELL_STAT},
    {"p", "显著性", "Sig.", CELL_P},
};

static const ViewColumn COORDINATES[] = {
    {"threshold", "大于或等于则为阳性", "Positive if ≥", CELL_STAT},
    {"sensitivity", "敏感度", "Sensitivity", CELL_STAT},
    {"one_minus", "1 − 特异度", "1 − Specificity", CELL_STAT},
};

/* Points of the curve for people, evenly among all; --json has each. */
static void view_points(Analysis *an, Str name, const Roc *r)
{
    Ctx *cx = an->cx;
    View *v = result_view(an->result, "", "", COORDINATES, COUNT_OF(COORDINATES));
    result_view_title(v, str_format(cx->arena,
                                    cx->lang == LANG_ZH ? "曲线坐标：" STR_FMT
                                                        : "Coordinates of the Curve: " STR_FMT,
                                    STR_ARG(name)));
    size_t shown = r->points < MOST_POINTS ? r->points : MOST_POINTS;
    for (size_t k = 0; k < shown; k++) {
        size_t i = shown < 2 ? 0 : k * (r->points - 1) / (shown - 1);
        json_t *o = json_object();
        json_own(cx->arena, o);
        result_put(o, "threshold", r->threshold[i]);
        result_put(o, "sensitivity", r->sensitivity[i]);
        result_put(o, "one_minus", 1 - r->specificity[i]);
        result_row(v, str_format(cx->arena, "%zu", i + 1), o);
    }
    if (shown < r->points)
        result_note(an->result, text_in(cx, "analyze.roc_points",
                                        "\"" STR_FMT "\": %zu of the %zu points of the curve are "
                                        "shown; --json has all.",
                                        STR_ARG(name), shown, r->points));
}

static void put_curve(json_t *o, const Roc *r)
{
    result_put(o, "n", r->n);
    result_put(o, "positives", r->positives);
    result_put(o, "negatives", r->negatives);
    result_put(o, "auc", r->auc);
    result_put(o, "se", r->se);
    result_put(o, "p", r->p);
    result_puts(o, "ci95", (double[]){r->low, r->high}, 2);
    result_put(o, "gini", r->gini);
    result_put(o, "ks", r->ks);
    result_put(o, "best_threshold", r->youden_threshold);
    result_put(o, "youden", r->youden);
    result_puts(o, "threshold", r->threshold, r->points);
    result_puts(o, "sensitivity", r->sensitivity, r->points);
    result_puts(o, "specificity", r->specificity, r->points);
}

static Status compare(Analysis *an, Series **c, size_t n, const double *y, json_t *t)
{
    if (n < 2)
        return ST_OK;
    json_t *list = result_array(t, "comparisons");
    View *v = result_view(an->result, "面积比较（DeLong）", "Comparison of Areas (DeLong)", PAIR,
                          COUNT_OF(PAIR));
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            RocCompare r;
            TRY(roc_compare(&an->kernel, c[i]->num, c[j]->num, y, an->frame->n, &r));
            json_t *o = result_item(list);
            result_put_texts(o, "pair", (Str[]){c[i]->name, c[j]->name}, 2);
            result_put(o, "difference", r.difference);
            result_put(o, "se", r.se);
            result_put(o, "z", r.z);
            result_put(o, "p", r.p);
            result_row(v,
                       str_format(an->cx->arena, STR_FMT " – " STR_FMT, STR_ARG(c[i]->name),
                                  STR_ARG(c[j]->name)),
                       o);
        }
    return ST_OK;
}

static Status run(Analysis *an)
{
    Series **c, *target;
    size_t n;
    double *y;
    Str names[2];
    Roc r = {0};
    TRY(analysis_numbers(an, "score", &c, &n));
    TRY(analysis_column(an, "target", &target));
    Series **all = ARENA_ARRAY(an->cx->arena, Series *, n + 1);
    memcpy(all, c, sizeof(*all) * n);
    all[n] = target;
    TRY(analysis_listwise(an, all, n + 1));
    TRY(outcome_read(an, target, &y, names));
    json_t *t = result_object(an->result->tables, "roc");
    View *v = result_view(an->result, "曲线下面积", "Area Under the Curve", AREAS, COUNT_OF(AREAS));
    for (size_t i = 0; i < n; i++) {
        Series *both[] = {c[i], target};
        TRY(analysis_fault(an, roc_curve(&an->kernel, c[i]->num, y, an->frame->n, .95, &r), both,
                           2));
        json_t *o = n == 1 ? t : result_object(t, result_key(an->result, c[i]->name));
        put_curve(o, &r);
        view_points(an, c[i]->name, &r);
        result_row(v, c[i]->name, o);
    }
    TRY(compare(an, c, n, y, t));
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_roc",
                           "A row with \"" STR_FMT "\" has the higher \"" STR_FMT
                           "\" in %.1f%% of the pairs (95%% interval %.1f%% to %.1f%%).",
                           STR_ARG(names[1]), STR_ARG(c[n - 1]->name), r.auc * 100, r.low * 100,
                           r.high * 100));
    return ST_OK;
}

const AnalyzeMethod analyze_roc = {"roc", "ROC 曲线", "ROC curve", OPTIONS, COUNT_OF(OPTIONS),
                                   0,     run};
