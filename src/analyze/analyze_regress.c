/* SPDX-License-Identifier: Apache-2.0 */
/* regress: ordinary least squares with diagnostics. */
#include "analytics/describe.h"
#include "analytics/ols.h"
#include "analyze/method.h"

static const AnalyzeOption OPTIONS[] = {
    {"target", OPTION_COLUMN, true, NULL, "因变量（数值列）", "dependent variable (numbers)"},
    {"columns", OPTION_COLUMNS, true, NULL, "预测变量；文本列自动转为哑变量",
     "predictors; text becomes dummies"},
    {"test", OPTION_TEST, false, NULL, "用作检验、不参与估计的行",
     "rows held out of the fit for testing"},
    {"no-intercept", OPTION_FLAG, false, NULL, "不含常数项", "without a constant"},
};
static const ViewColumn SUMMARY[] = {
    {"r", "R", "R", CELL_STAT},
    {"r2", "R 方", "R Square", CELL_STAT},
    {"adj_r2", "调整后 R 方", "Adjusted R Square", CELL_STAT},
    {"se_of_estimate", "估计标准误", "Std. Error of the Estimate", CELL_STAT},
    {"durbin_watson", "Durbin-Watson", "Durbin-Watson", CELL_STAT},
    {"aic", "AIC", "AIC", CELL_STAT},
    {"bic", "BIC", "BIC", CELL_STAT},
};
static const ViewColumn ANOVA[] = {
    {"ss", "平方和", "Sum of Squares", CELL_STAT},
    {"df", "自由度", "df", CELL_COUNT},
    {"ms", "均方", "Mean Square", CELL_STAT},
    {"F", "F", "F", CELL_STAT},
    {"p", "显著性", "Sig.", CELL_P},
};
static const ViewColumn COEFFICIENTS[] = {
    {"b", "B", "B", CELL_STAT},
    {"se", "标准误", "Std. Error", CELL_STAT},
    {"beta", "Beta", "Beta", CELL_STAT},
    {"t", "t", "t", CELL_STAT},
    {"p", "显著性", "Sig.", CELL_P},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_STAT},
    {"vif", "VIF", "VIF", CELL_STAT},
};
static const ViewColumn RESIDUALS[] = {
    {"min", "最小值", "Minimum", CELL_STAT},
    {"max", "最大值", "Maximum", CELL_STAT},
    {"mean", "均值", "Mean", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
};

static const ViewColumn TESTING[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"r2", "R 方（样本外）", "R Square (out of sample)", CELL_STAT},
    {"rmse", "均方根误差", "RMSE", CELL_STAT},
    {"mae", "平均绝对误差", "MAE", CELL_STAT},
};

/* Rows of --test, copied before they leave the frame. */
typedef struct Held {
    size_t n;
    double **x, *y, *w;
} Held;

typedef struct Model {
    Analysis *an;
    Series *target;
    Terms terms;
    bool has_intercept;
    Ols fit;
    OlsRows rows;
    Held held; /* n = 0: no --test */
    double durbin_watson;
    json_t *json;
} Model;

static Str term_name(const Model *m, size_t i)
{
    if (!m->has_intercept)
        return m->terms.names[i];
    return i ? m->terms.names[i - 1] : STR("const");
}

static Status read(Model *m)
{
    Analysis *an = m->an;
    Ctx *cx = an->cx;
    Series **columns;
    size_t n;
    TRY(analysis_column(an, "target", &m->target));
    TRY(frame_need_numbers(cx, an->frame, m->target));
    TRY(analysis_columns(an, "columns", false, &columns, &n));
    Series **all = ARENA_ARRAY(cx->arena, Series *, n + 1);
    for (size_t i = 0; i < n; i++) {
        all[i] = columns[i];
        if (columns[i] == m->target)
            return FAIL(cx, ST_MALFORMED, "analyze.column_twice",
                        "column \"" STR_FMT "\" is named twice", STR_ARG(m->target->name));
    }
    all[n] = m->target;
    TRY(analysis_listwise(an, all, n + 1));
    return analysis_terms(an, columns, n, &m->terms);
}

/* The values of the rows for which the mask is `test`, side by side. */
static double *part(Analysis *an, const double *from, const uint8_t *mask, uint8_t test)
{
    double *to = arena_alloc(an->cx->arena, sizeof(double) * (an->frame->n + 1));
    for (size_t i = 0, k = 0; i < an->frame->n; i++)
        if ((mask[i] != 0) == test)
            to[k++] = from[i];
    return to;
}

/* Takes the rows of --test out of the frame. Terms were made of all rows: a value that only they have is a
 * dummy without a coefficient. */
static Status hold_out(Model *m)
{
    Analysis *an = m->an;
    uint8_t *mask;
    size_t rows = an->frame->n, p = m->terms.n;
    TRY(analysis_test(an, "test", &mask));
    if (!mask)
        return ST_OK;
    Held *h = &m->held;
    uint8_t *keep = ARENA_ARRAY(an->cx->arena, uint8_t, rows + 1);
    for (size_t i = 0; i < rows; i++) {
        h->n += mask[i] != 0;
        keep[i] = !mask[i];
    }
    if (!h->n || h->n == rows)
        return FAIL(an->cx, ST_INVALID, "analyze.empty_test", "--test leaves no row to %s",
                    h->n ? "fit" : "test");
    const double *w = analysis_weights(an);
    double **x = ARENA_ARRAY(an->cx->arena, double *, p + 1);
    h->x = ARENA_ARRAY(an->cx->arena, double *, p + 1);
    for (size_t j = 0; j < p; j++) {
        h->x[j] = part(an, m->terms.x[j], mask, 1);
        x[j] = part(an, m->terms.x[j], mask, 0);
    }
    h->y = part(an, m->target->num, mask, 1);
    h->w = w ? part(an, w, mask, 1) : NULL;
    frame_keep(an->cx, an->frame, keep);
    m->terms.x = x;
    return ST_OK;
}

static double predict(const Model *m, size_t row)
{
    double v = m->has_intercept && !m->fit.dropped[0] ? m->fit.b[0] : 0;
    for (size_t j = 0; j < m->terms.n; j++)
        if (!m->fit.dropped[j + m->has_intercept])
            v += m->fit.b[j + m->has_intercept] * m->held.x[j][row];
    return v;
}

/* How the fit does on rows it has not seen. r2 = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², ȳ of the test rows: below 0 where their
 * own mean would have been the better guess. */
static void put_test(Model *m)
{
    const Held *h = &m->held;
    long double n = 0, sum = 0, squares = 0, misses = 0, total = 0;
    for (size_t i = 0; i < h->n; i++) {
        long double w = h->w ? (long double)h->w[i] : 1;
        n += w;
        sum += w * (long double)h->y[i];
    }
    for (size_t i = 0; i < h->n; i++) {
        long double w = h->w ? (long double)h->w[i] : 1, d = (long double)h->y[i] - sum / n,
                    miss = (long double)(h->y[i] - predict(m, i));
        total += w * d * d;
        squares += w * miss * miss;
        misses += w * fabsl(miss);
    }
    json_t *o = result_object(m->json, "test");
    result_put(m->json, "n_train", m->fit.n);
    result_put(m->json, "n_test", (double)n);
    result_put(o, "n", (double)n);
    result_put(o, "r2", total > 0 ? (double)(1 - squares / total) : NAN);
    result_put(o, "rmse", (double)sqrtl(squares / n));
    result_put(o, "mae", (double)(misses / n));
    View *v = result_view(m->an->result, "检验样本", "Test Rows", TESTING, COUNT_OF(TESTING));
    result_row(v, m->target->name, o);
}

static Status fit(Model *m)
{
    Analysis *an = m->an;
    size_t p = m->terms.n, n = an->frame->n;
    Series **columns = ARENA_ARRAY(an->cx->arena, Series *, p + 1);
    memcpy(columns, m->terms.columns, sizeof(*columns) * p);
    columns[p] = m->target;
    const double *const *x = (const double *const *)m->terms.x;
    TRY(analysis_fault(an,
                       ols_fit(&an->kernel, x, p, m->target->num, analysis_weights(an), n,
                               m->has_intercept, .95, &m->fit),
                       columns, p + 1));
    for (size_t i = 0; i < m->fit.terms; i++)
        if (m->fit.dropped[i])
            result_note(an->result,
                        text_in(an->cx, "analyze.dropped",
                                "\"" STR_FMT
                                "\" is a combination of the terms before it and is left out.",
                                STR_ARG(term_name(m, i))));
    double **arrays[] = {&m->rows.fitted,      &m->rows.residual, &m->rows.leverage,
                         &m->rows.studentised, &m->rows.deleted,  &m->rows.cook};
    bool wants_rows = analysis_has(an, "out");
    for (size_t i = 0; i < (wants_rows ? COUNT_OF(arrays) : 2); i++)
        *arrays[i] = arena_alloc(an->cx->arena, sizeof(double) * (n + 1));
    return ols_rows(&an->kernel, &m->fit, x, p, m->target->num, n, m->has_intercept, &m->rows,
                    &m->durbin_watson);
}

/* ---- JSON */
static void put_array(Model *m, const char *key, const double *v)
{
    result_puts(m->json, key, v, m->fit.terms);
}

static void put_coefficients(Model *m)
{
    const Ols *o = &m->fit;
    size_t first = m->has_intercept;
    Str *names = ARENA_ARRAY(m->an->cx->arena, Str, o->terms + 1);
    for (size_t i = 0; i < o->terms; i++)
        names[i] = term_name(m, i);
    result_put_texts(m->json, "terms", names, o->terms);
    put_array(m, "b", o->b);
    put_array(m, "se", o->se);
    put_array(m, "t", o->t);
    put_array(m, "p", o->p);
    json_t *ci = result_array(m->json, "ci95");
    for (size_t i = 0; i < o->terms; i++) {
        json_array_append_new(ci, json_array());
        result_add(json_array_get(ci, i), o->low[i]);
        result_add(json_array_get(ci, i), o->high[i]);
    }
    put_array(m, "beta_standardised", o->beta);
    result_puts(m->json, "vif", o->vif + first, o->terms - first);
}

static void put_summary(Model *m)
{
    const Ols *o = &m->fit;
    json_t *t = m->json;
    result_put(t, "n", o->n);
    result_put(t, "r", sqrt(o->r2));
    result_put(t, "r2", o->r2);
    result_put(t, "adj_r2", o->adj_r2);
    result_put(t, "se_of_estimate", o->se_estimate);
    result_put(t, "F", o->f);
    result_puts(t, "F_df", (double[]){o->df_model, o->df_residual}, 2);
    result_put(t, "F_p", o->f_p);
    result_puts(t, "ss", (double[]){o->ss_model, o->ss_residual}, 2);
    result_put(t, "durbin_watson", m->durbin_watson);
    result_put(t, "loglik", o->loglik);
    result_put(t, "aic", o->aic);
    result_put(t, "bic", o->bic);
}

/* ---- views */
static void view_anova(Model *m)
{
    const Ols *o = &m->fit;
    Result *r = m->an->result;
    bool zh = m->an->cx->lang == LANG_ZH;
    json_t *list = result_array(m->json, "anova_table");
    View *v = result_view(r, "方差分析", "ANOVA", ANOVA, COUNT_OF(ANOVA));
    const char *labels[] = {zh ? "回归" : "Regression", zh ? "残差" : "Residual",
                            zh ? "总计" : "Total"};
    double ss[] = {o->ss_model, o->ss_residual, o->ss_total};
    double df[] = {o->df_model, o->df_residual, o->df_model + o->df_residual};
    for (int i = 0; i < 3; i++) {
        json_t *line = result_item(list);
        result_put(line, "ss", ss[i]);
        result_put(line, "df", df[i]);
        result_put(line, "ms", i < 2 ? ss[i] / df[i] : NAN);
        result_put(line, "F", i ? NAN : o->f);
        result_put(line, "p", i ? NAN : o->f_p);
        result_row(v, str_of(labels[i]), line);
    }
}

static void view_coefficients(Model *m)
{
    const Ols *o = &m->fit;
    View *v =
        result_view(m->an->result, "系数", "Coefficients", COEFFICIENTS, COUNT_OF(COEFFICIENTS));
    for (size_t i = 0; i < o->terms; i++) {
        json_t *line = json_object();
        json_own(m->an->cx->arena, line);
        result_put(line, "b", o->b[i]);
        result_put(line, "se", o->se[i]);
        result_put(line, "beta", o->beta[i]);
        result_put(line, "t", o->t[i]);
        result_put(line, "p", o->p[i]);
        result_puts(line, "ci95", (double[]){o->low[i], o->high[i]}, 2);
        result_put(line, "vif", o->vif[i]);
        result_row(v, term_name(m, i), line);
    }
}

static Status view_residuals(Model *m)
{
    Analysis *an = m->an;
    bool zh = an->cx->lang == LANG_ZH;
    View *v =
        result_view(an->result, "残差统计", "Residuals Statistics", RESIDUALS, COUNT_OF(RESIDUALS));
    json_t *all = result_object(m->json, "residual_statistics");
    const double *what[] = {m->rows.fitted, m->rows.residual};
    const char *keys[] = {"predicted", "residual"};
    const char *labels[] = {zh ? "预测值" : "Predicted Value", zh ? "残差" : "Residual"};
    for (int i = 0; i < 2; i++) {
        Moments s;
        TRY(analysis_fault(
            an, describe_moments(&an->kernel, what[i], analysis_weights(an), an->frame->n, &s),
            &m->target, 1));
        json_t *o = result_object(all, keys[i]);
        result_put(o, "min", s.min);
        result_put(o, "max", s.max);
        result_put(o, "mean", s.mean);
        result_put(o, "sd", s.sd);
        result_row(v, str_of(labels[i]), o);
    }
    return ST_OK;
}

static void put_rows(Model *m)
{
    Result *r = m->an->result;
    const struct {
        const char *name;
        const double *v;
    } columns[] = {{"predicted", m->rows.fitted},
                   {"residual", m->rows.residual},
                   {"leverage", m->rows.leverage},
                   {"studentised", m->rows.studentised},
                   {"studentised_deleted", m->rows.deleted},
                   {"cook", m->rows.cook}};
    r->out_rows = true;
    r->out_row = m->an->frame->row;
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        if (columns[i].v)
            result_out(r, m->an->frame->n,
                       (OutColumn){.name = str_of(columns[i].name), .num = columns[i].v});
}

static Status run(Analysis *an)
{
    Model m = {.an = an, .has_intercept = !analysis_has(an, "no-intercept")};
    TRY(read(&m));
    TRY(hold_out(&m));
    TRY(fit(&m));
    m.json = result_object(an->result->tables, "regress");
    put_coefficients(&m);
    put_summary(&m);
    View *v = result_view(an->result, "模型摘要", "Model Summary", SUMMARY, COUNT_OF(SUMMARY));
    result_row(v, m.target->name, m.json);
    view_anova(&m);
    view_coefficients(&m);
    if (m.held.n)
        put_test(&m);
    TRY(view_residuals(&m));
    put_rows(&m);
    result_reading(an->result, text_in(an->cx, "analyze.read_regress",
                                       "The predictors explain %.1f%% of the variance of \"" STR_FMT
                                       "\" (F = %.5g, %s).",
                                       m.fit.r2 * 100, STR_ARG(m.target->name), m.fit.f,
                                       analysis_p(an, m.fit.f_p)));
    return ST_OK;
}

const AnalyzeMethod analyze_regress = {"regress", "线性回归",        "linear regression",
                                       OPTIONS,   COUNT_OF(OPTIONS), METHOD_WEIGHT | METHOD_OUT,
                                       run};
