/* SPDX-License-Identifier: Apache-2.0 */
/* crosstab: counts of two columns, tests of independence, measures of association. */
#include "analytics/crosstab.h"
#include "analyze/grouped.h"

#define MOST_CELLS 1000000

static const AnalyzeOption OPTIONS[] = {
    {"rows", OPTION_COLUMN, true, NULL, "行变量", "column of the rows"},
    {"cols", OPTION_COLUMN, true, NULL, "列变量", "column of the columns"},
    {"counts", OPTION_COLUMN, false, NULL, "每行数据代表的个案数",
     "cases that each row of data stands for"},
    {"exact", OPTION_FLAG, false, NULL, "大于 2×2 的表也作 Fisher 精确检验",
     "Fisher's exact test of larger tables too"},
    {"monte-carlo", OPTION_COUNT, false, NULL, "以 N 张随机表估计精确显著性",
     "estimate the exact p from N random tables"},
};
static const ViewColumn TESTS[] = {
    {"value", "值", "Value", CELL_STAT},
    {"df", "自由度", "df", CELL_COUNT},
    {"p", "渐近显著性（双侧）", "Asymp. Sig. (2-sided)", CELL_P},
    {"exact", "精确显著性（双侧）", "Exact Sig. (2-sided)", CELL_P},
};
static const ViewColumn MEASURES[] = {
    {"phi", "Phi", "Phi", CELL_STAT},
    {"cramers_v", "Cramer V", "Cramer's V", CELL_STAT},
    {"contingency_c", "列联系数", "Contingency Coefficient", CELL_STAT},
    {"p", "近似显著性", "Approx. Sig.", CELL_P},
    {"odds_ratio", "比值比", "Odds Ratio", CELL_STAT},
    {"odds_ratio_ci95.0", "比值比 95% 下限", "Odds Ratio 95% lower", CELL_STAT},
    {"odds_ratio_ci95.1", "比值比 95% 上限", "Odds Ratio 95% upper", CELL_STAT},
    {"n", "有效个案数", "N of Valid Cases", CELL_COUNT},
};

typedef struct Crossing {
    Analysis *an;
    Groups rows, cols;
    double *counts;
    Crosstab t;
    json_t *json;
} Crossing;

static Status count(Crossing *c, Series *rows, Series *cols)
{
    Analysis *an = c->an;
    Ctx *cx = an->cx;
    const double *w = analysis_weights(an);
    TRY(frame_groups(cx, an->frame, rows, &c->rows));
    TRY(frame_groups(cx, an->frame, cols, &c->cols));
    if (c->rows.n * c->cols.n > MOST_CELLS)
        return FAIL(cx, ST_INVALID, "analyze.many_cells", "the factors make more than %d cells",
                    MOST_CELLS);
    c->counts = ARENA_ARRAY(cx->arena, double, c->rows.n * c->cols.n);
    for (size_t i = 0; i < an->frame->n; i++)
        c->counts[(size_t)c->rows.of[i] * c->cols.n + (size_t)c->cols.of[i]] += w ? w[i] : 1;
    Series *both[] = {rows, cols};
    return analysis_fault(an,
                          crosstab_test(&an->kernel, c->counts, c->rows.n, c->cols.n, c->rows.value,
                                        c->cols.value, &c->t),
                          both, 2);
}

static void put_matrix(json_t *to, const char *key, const double *v, size_t rows, size_t cols)
{
    json_t *array = result_array(to, key);
    for (size_t i = 0; i < rows; i++) {
        json_array_append_new(array, json_array());
        json_t *line = json_array_get(array, i);
        for (size_t j = 0; j < cols; j++)
            result_add(line, v[i * cols + j]);
    }
}

static void put(Crossing *c)
{
    const Crosstab *t = &c->t;
    json_t *o = c->json;
    grouped_put_levels(o, "rows", &c->rows);
    grouped_put_levels(o, "cols", &c->cols);
    put_matrix(o, "observed", c->counts, t->rows, t->cols);
    put_matrix(o, "expected", t->expected, t->rows, t->cols);
    put_matrix(o, "adjusted_residuals", t->adjusted, t->rows, t->cols);
    result_puts(o, "row_totals", t->row_total, t->rows);
    result_puts(o, "col_totals", t->col_total, t->cols);
    result_put(o, "n", t->n);
    result_put(o, "pearson", t->pearson);
    result_put(o, "df", t->df);
    result_put(o, "p", t->p);
    result_put(o, "likelihood_ratio", t->likelihood_ratio);
    result_put(o, "p_lr", t->p_lr);
    result_put(o, "linear_by_linear", t->linear);
    result_put(o, "p_linear", t->p_linear);
    result_put(o, "min_expected", t->min_expected);
    result_put(o, "cells_expected_below_5", (double)t->below_5);
    result_put(o, "cramers_v", t->cramers_v);
    result_put(o, "contingency_c", t->contingency_c);
    result_put(o, "phi", t->phi);
    if (t->rows != 2 || t->cols != 2)
        return;
    result_put(o, "yates", t->yates);
    result_put(o, "p_yates", t->p_yates);
    result_put(o, "odds_ratio", t->odds_ratio);
    result_puts(o, "odds_ratio_ci95", (double[]){t->or_low, t->or_high}, 2);
    result_put(o, "fisher_two_sided_p", t->fisher);
    result_put(o, "fisher_less_p", t->fisher_left);
    result_put(o, "fisher_greater_p", t->fisher_right);
}

/* Shares of the rows, of the columns and of all. */
static void put_shares(Crossing *c)
{
    const Crosstab *t = &c->t;
    static const char *const KEYS[] = {"row_shares", "col_shares", "total_shares"};
    double *v = ARENA_ARRAY(c->an->cx->arena, double, t->rows * t->cols);
    for (int how = 0; how < 3; how++) {
        for (size_t i = 0; i < t->rows; i++)
            for (size_t j = 0; j < t->cols; j++)
                v[i * t->cols + j] = c->counts[i * t->cols + j] / (how == 0   ? t->row_total[i]
                                                                   : how == 1 ? t->col_total[j]
                                                                              : t->n);
        put_matrix(c->json, KEYS[how], v, t->rows, t->cols);
    }
}

/* ---- views */
/* What stands at the end of row i (i = rows: of the last row) and below column j; NAN: nothing. */
static double margin(const Crossing *c, const char *key, size_t i, size_t j)
{
    const Crosstab *t = &c->t;
    bool is_row = i < t->rows, is_col = j < t->cols;
    double total = is_row ? t->row_total[i] : is_col ? t->col_total[j] : t->n;
    if (!strcmp(key, "observed") || !strcmp(key, "expected"))
        return total;
    if (!strcmp(key, "row_shares"))
        return is_row ? 1 : is_col ? total / t->n : 1;
    if (!strcmp(key, "col_shares"))
        return is_col ? 1 : is_row ? total / t->n : 1;
    return !strcmp(key, "total_shares") ? total / t->n : NAN;
}

static void view_cells(Crossing *c, const char *zh, const char *en, const char *key, CellForm form)
{
    Ctx *cx = c->an->cx;
    View *v = result_view(c->an->result, zh, en, NULL, 0);
    json_t *matrix = json_object_get(c->json, key);
    for (size_t j = 0; j < c->cols.n; j++)
        result_view_column(v, c->cols.labels[j], str_format(cx->arena, "v.%zu", j), form);
    for (size_t i = 0; i < c->rows.n; i++) {
        json_t *holder = json_object();
        json_own(cx->arena, holder);
        json_object_set(holder, "v", json_array_get(matrix, i));
        result_put(holder, "total", margin(c, key, i, SIZE_MAX));
        result_row(v, c->rows.labels[i], holder);
    }
    Str total = str_of(cx->lang == LANG_ZH ? "总计" : "Total");
    if (isnan(margin(c, key, SIZE_MAX, SIZE_MAX)))
        return;
    result_view_column(v, total, STR("total"), form);
    json_t *last = json_object(), *line = NULL;
    json_own(cx->arena, last);
    line = result_array(last, "v");
    for (size_t j = 0; j < c->cols.n; j++)
        result_add(line, margin(c, key, SIZE_MAX, j));
    result_put(last, "total", margin(c, key, SIZE_MAX, SIZE_MAX));
    result_row(v, total, last);
}

static void view_test(Crossing *c, View *v, const char *name, double value, double df, double p,
                      double exact)
{
    json_t *o = json_object();
    json_own(c->an->cx->arena, o);
    result_put(o, "value", value);
    result_put(o, "df", df);
    result_put(o, "p", p);
    result_put(o, "exact", exact);
    result_row(v, str_of(name), o);
}

static void view_tests(Crossing *c)
{
    const Crosstab *t = &c->t;
    bool zh = c->an->cx->lang == LANG_ZH, four = t->rows == 2 && t->cols == 2;
    double exact = json_number_value(json_object_get(c->json, "fisher_exact_p"));
    View *v = result_view(c->an->result, "卡方检验", "Chi-Square Tests", TESTS, COUNT_OF(TESTS));
    view_test(c, v, zh ? "皮尔逊卡方" : "Pearson Chi-Square", t->pearson, t->df, t->p, NAN);
    if (four)
        view_test(c, v, zh ? "连续性校正（Yates）" : "Continuity Correction (Yates)", t->yates, 1,
                  t->p_yates, NAN);
    view_test(c, v, zh ? "似然比" : "Likelihood Ratio", t->likelihood_ratio, t->df, t->p_lr, NAN);
    if (four || exact > 0)
        view_test(c, v, zh ? "Fisher 精确检验" : "Fisher's Exact Test", NAN, NAN, NAN,
                  four ? t->fisher : exact);
    view_test(c, v, zh ? "线性关联" : "Linear-by-Linear Association", t->linear, 1, t->p_linear,
              NAN);
    v = result_view(c->an->result, "对称度量", "Symmetric Measures", MEASURES, COUNT_OF(MEASURES));
    result_row(v, STR(""), c->json);
}

/* ---- exact */
static Status exact(Crossing *c)
{
    Analysis *an = c->an;
    double p;
    if (!analysis_has(an, "exact") || (c->t.rows == 2 && c->t.cols == 2))
        return ST_OK;
    Status st = crosstab_exact(&an->kernel, c->counts, c->rows.n, c->cols.n, &p);
    if (st == ST_TOO_LARGE)
        return FAIL(an->cx, ST_INVALID, "analyze.exact_large",
                    "the table is too large for an exact test: use --monte-carlo 100000");
    if (st == ST_INVALID)
        return FAIL(an->cx, ST_INVALID, "analyze.exact_whole", "exact tests need whole counts");
    TRY(st);
    result_put(c->json, "fisher_exact_p", p);
    return ST_OK;
}

static Status monte_carlo(Crossing *c)
{
    Analysis *an = c->an;
    MonteCarlo m;
    int64_t draws = analysis_count(an, "monte-carlo", 0);
    if (draws <= 0)
        return ST_OK;
    if (draws > 100000000)
        return FAIL(an->cx, ST_MALFORMED, "analyze.many_draws",
                    "at most 100 million random tables");
    Status st =
        crosstab_monte_carlo(&an->kernel, c->counts, c->rows.n, c->cols.n, (size_t)draws, &m);
    if (st == ST_INVALID)
        return FAIL(an->cx, ST_INVALID, "analyze.exact_whole", "exact tests need whole counts");
    TRY(st);
    json_t *o = result_object(c->json, "monte_carlo");
    result_put(o, "draws", m.draws);
    result_put(o, "p_fisher", m.p_fisher);
    result_puts(o, "ci99_fisher", (double[]){m.low_fisher, m.high_fisher}, 2);
    result_put(o, "p_pearson", m.p_pearson);
    result_puts(o, "ci99_pearson", (double[]){m.low_pearson, m.high_pearson}, 2);
    result_note(
        an->result,
        text_in(
            an->cx, "analyze.monte_carlo",
            "From %.0f random tables: Fisher p = %.5g (99%% interval %.5g to %.5g), Pearson p = "
            "%.5g (%.5g to %.5g).",
            m.draws, m.p_fisher, m.low_fisher, m.high_fisher, m.p_pearson, m.low_pearson,
            m.high_pearson));
    return ST_OK;
}

static Status weigh(Analysis *an)
{
    if (!analysis_has(an, "counts"))
        return ST_OK;
    if (an->weight)
        return FAIL(an->cx, ST_MALFORMED, "analyze.two_weights",
                    "--counts and --weight say the same");
    TRY(analysis_column(an, "counts", &an->weight));
    TRY(frame_need_numbers(an->cx, an->frame, an->weight));
    for (size_t i = 0; i < an->frame->n; i++)
        if (an->weight->num[i] < 0)
            return FAIL(an->cx, ST_INVALID, "analyze.bad_weight",
                        "column \"" STR_FMT "\", line %lld: a weight may not be negative",
                        STR_ARG(an->weight->name), (long long)frame_line(an->frame, i));
    return ST_OK;
}

static Status run(Analysis *an)
{
    Crossing c = {.an = an};
    Series *both[2];
    TRY(weigh(an));
    TRY(analysis_column(an, "rows", &both[0]));
    TRY(analysis_column(an, "cols", &both[1]));
    TRY(analysis_listwise(an, both, 2));
    TRY(count(&c, both[0], both[1]));
    c.json = result_object(an->result->tables, "crosstab");
    put(&c);
    TRY(exact(&c));
    TRY(monte_carlo(&c));
    put_shares(&c);
    view_cells(&c, "观测计数", "Count", "observed", CELL_COUNT);
    view_cells(&c, "期望计数", "Expected Count", "expected", CELL_STAT);
    view_cells(&c, "行百分比", "% within Row", "row_shares", CELL_PERCENT);
    view_cells(&c, "列百分比", "% within Column", "col_shares", CELL_PERCENT);
    view_cells(&c, "总百分比", "% of Total", "total_shares", CELL_PERCENT);
    view_cells(&c, "调整残差", "Adjusted Residual", "adjusted_residuals", CELL_STAT);
    view_tests(&c);
    result_note(an->result,
                text_in(an->cx, "analyze.small_expected",
                        "%zu cells (%.1f%%) have an expected count below 5; the least is %.4g.",
                        c.t.below_5, 100 * (double)c.t.below_5 / (double)(c.t.rows * c.t.cols),
                        c.t.min_expected));
    result_reading(an->result,
                   c.t.p < .05 ? text_in(an->cx, "analyze.read_crosstab",
                                         "\"" STR_FMT "\" and \"" STR_FMT
                                         "\" are related (chi-square %.5g, %s, Cramer's V %.3f).",
                                         STR_ARG(both[0]->name), STR_ARG(both[1]->name),
                                         c.t.pearson, analysis_p(an, c.t.p), c.t.cramers_v)
                               : text_in(an->cx, "analyze.read_crosstab_none",
                                         "The data do not show that \"" STR_FMT "\" and \"" STR_FMT
                                         "\" are related (chi-square %.5g, %s).",
                                         STR_ARG(both[0]->name), STR_ARG(both[1]->name),
                                         c.t.pearson, analysis_p(an, c.t.p)));
    return ST_OK;
}

const AnalyzeMethod analyze_crosstab = {
    "crosstab", "交叉表与卡方检验", "cross table and chi-square tests",
    OPTIONS,    COUNT_OF(OPTIONS),  METHOD_WEIGHT,
    run};
