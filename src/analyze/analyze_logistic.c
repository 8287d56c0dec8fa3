/* SPDX-License-Identifier: Apache-2.0 */
/* logistic: binary logistic regression, its fit, its classification on the rows of the model and on
 * those of --test. */
#include "analytics/logistic.h"
#include "analytics/roc.h"
#include "analyze/outcome.h"

static const AnalyzeOption OPTIONS[] = {
    {"target", OPTION_COLUMN, true, NULL, "因变量（两个取值）", "outcome (two values)"},
    {"columns", OPTION_COLUMNS, true, NULL, "预测变量；文本列自动转为哑变量",
     "predictors; text becomes dummies"},
    {"positive", OPTION_TEXT, false, NULL, "作为事件的取值（默认较大者）",
     "value that is the event (default: the greater)"},
    {"test", OPTION_TEST, false, NULL, "用作检验、不参与估计的行",
     "rows held out of the fit for testing"},
};
static const ViewColumn OMNIBUS[] = {
    {"chi2_model", "卡方", "Chi-square", CELL_STAT},
    {"df", "自由度", "df", CELL_COUNT},
    {"p_model", "显著性", "Sig.", CELL_P},
};
static const ViewColumn SUMMARY[] = {
    {"minus2ll", "−2 对数似然", "-2 Log likelihood", CELL_STAT},
    {"cox_snell", "Cox-Snell R 方", "Cox & Snell R Square", CELL_STAT},
    {"nagelkerke", "Nagelkerke R 方", "Nagelkerke R Square", CELL_STAT},
    {"mcfadden", "McFadden R 方", "McFadden R Square", CELL_STAT},
};
static const ViewColumn HL[] = {
    {"chi2", "卡方", "Chi-square", CELL_STAT},
    {"df", "自由度", "df", CELL_COUNT},
    {"p", "显著性", "Sig.", CELL_P},
};
static const ViewColumn CLASSES[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"accuracy", "正确率", "Accuracy", CELL_PERCENT},
    {"precision", "查准率", "Precision", CELL_PERCENT},
    {"recall", "查全率", "Recall", CELL_PERCENT},
    {"specificity", "真负率", "Specificity", CELL_PERCENT},
    {"auc", "AUC", "AUC", CELL_STAT},
    {"lift_top_decile", "首十分位提升", "Lift top decile", CELL_STAT},
};
static const ViewColumn VARIABLES[] = {
    {"b", "B", "B", CELL_STAT},
    {"se", "标准误", "S.E.", CELL_STAT},
    {"wald", "Wald", "Wald", CELL_STAT},
    {"df", "自由度", "df", CELL_COUNT},
    {"p", "显著性", "Sig.", CELL_P},
    {"exp_b", "Exp(B)", "Exp(B)", CELL_STAT},
    {"exp_ci.0", "Exp(B) 95% 下限", "Exp(B) 95% lower", CELL_STAT},
    {"exp_ci.1", "Exp(B) 95% 上限", "Exp(B) 95% upper", CELL_STAT},
};

typedef struct Model {
    Analysis *an;
    Series *target;
    Terms terms;
    double *y, *probability;
    Str names[2];
    uint8_t *is_test; /* NULL: all rows fit */
    size_t n_train, n_test;
    double **train_x, *train_y, *train_w;
    Logistic fit;
    json_t *json;
} Model;

static Str term_name(const Model *m, size_t i) { return i ? m->terms.names[i - 1] : STR("const"); }

static Status read(Model *m)
{
    Analysis *an = m->an;
    Series **columns;
    size_t n;
    TRY(analysis_column(an, "target", &m->target));
    TRY(analysis_columns(an, "columns", false, &columns, &n));
    Series **all = ARENA_ARRAY(an->cx->arena, Series *, n + 1);
    for (size_t i = 0; i < n; i++) {
        all[i] = columns[i];
        if (columns[i] == m->target)
            return FAIL(an->cx, ST_MALFORMED, "analyze.column_twice",
                        "column \"" STR_FMT "\" is named twice", STR_ARG(m->target->name));
    }
    all[n] = m->target;
    TRY(analysis_listwise(an, all, n + 1));
    TRY(outcome_read(an, m->target, &m->y, m->names));
    TRY(analysis_test(an, "test", &m->is_test));
    return analysis_terms(an, columns, n, &m->terms);
}

/* Rows of x[from] for which the test mask is `test`, side by side. */
static double *part(const Model *m, const double *from, bool test, size_t n)
{
    double *to = arena_alloc(m->an->cx->arena, sizeof(double) * (n + 1));
    for (size_t i = 0, k = 0; i < m->an->frame->n; i++)
        if (m->is_test[i] == test)
            to[k++] = from[i];
    return to;
}

static Status split(Model *m)
{
    Analysis *an = m->an;
    const double *w = analysis_weights(an);
    m->train_x = m->terms.x;
    m->train_y = m->y;
    m->train_w = an->weight ? an->weight->num : NULL;
    m->n_train = an->frame->n;
    if (!m->is_test)
        return ST_OK;
    for (size_t i = 0; i < an->frame->n; i++)
        m->n_test += m->is_test[i] != 0;
    m->n_train -= m->n_test;
    if (!m->n_train || !m->n_test)
        return FAIL(an->cx, ST_INVALID, "analyze.empty_test", "--test leaves no row to %s",
                    m->n_test ? "fit" : "test");
    m->train_x = ARENA_ARRAY(an->cx->arena, double *, m->terms.n + 1);
    for (size_t j = 0; j < m->terms.n; j++)
        m->train_x[j] = part(m, m->terms.x[j], false, m->n_train);
    m->train_y = part(m, m->y, false, m->n_train);
    m->train_w = w ? part(m, w, false, m->n_train) : NULL;
    return ST_OK;
}

/* A fault of the fit names a term, not only its column. */
static Status fit_fault(Model *m, Status st)
{
    Analysis *an = m->an;
    const Fault *f = &an->kernel.fault;
    size_t p = m->terms.n;
    Series **columns = ARENA_ARRAY(an->cx->arena, Series *, p + 1);
    memcpy(columns, m->terms.columns, sizeof(*columns) * p);
    columns[p] = m->target;
    if (st == ST_INVALID && f->kind == FAULT_SEPARATED && f->column >= 0 && (size_t)f->column < p)
        return FAIL(an->cx, ST_INVALID, "analyze.separated",
                    "\"" STR_FMT "\" separates the two classes: the estimates grow without limit",
                    STR_ARG(m->terms.names[f->column]));
    return analysis_fault(an, st, columns, p + 1);
}

static Status fit(Model *m)
{
    Analysis *an = m->an;
    size_t n = an->frame->n, p = m->terms.n;
    TRY(split(m));
    TRY(fit_fault(m, logistic_fit(&an->kernel, (const double *const *)m->train_x, p, m->train_y,
                                  m->train_w, m->n_train, .95, &m->fit)));
    m->probability = arena_alloc(an->cx->arena, sizeof(double) * (n + 1));
    logistic_predict(&m->fit, (const double *const *)m->terms.x, p, n, m->probability);
    for (size_t i = 0; i < m->fit.terms; i++)
        if (m->fit.dropped[i])
            result_note(an->result,
                        text_in(an->cx, "analyze.dropped",
                                "\"" STR_FMT
                                "\" is a combination of the terms before it and is left out.",
                                STR_ARG(term_name(m, i))));
    return ST_OK;
}

/* ---- JSON: dropped terms are absent, as in the reference */
static void put_list(Model *m, const char *key, const double *v, bool exponential)
{
    json_t *array = result_array(m->json, key);
    for (size_t i = 0; i < m->fit.terms; i++)
        if (!m->fit.dropped[i])
            result_add(array, exponential ? exp(v[i]) : v[i]);
}

static void put_fit(Model *m)
{
    const Logistic *l = &m->fit;
    json_t *t = m->json, *terms = result_array(t, "terms");
    for (size_t i = 0; i < l->terms; i++)
        if (!l->dropped[i])
            json_array_append_new(terms, json_stringn(term_name(m, i).p, term_name(m, i).n));
    put_list(m, "coef", l->b, false);
    put_list(m, "se", l->se, false);
    put_list(m, "wald", l->wald, false);
    put_list(m, "p", l->p, false);
    put_list(m, "exp_b", l->b, true);
    put_list(m, "exp_b_low", l->low, true);
    put_list(m, "exp_b_high", l->high, true);
    result_put_text(t, "positive", m->names[1]);
    result_put(t, "n_train", l->n);
    result_put(t, "positives_train", l->positives);
    result_put(t, "loglik", l->loglik);
    result_put(t, "loglik_null", l->loglik_null);
    result_put(t, "minus2ll", -2 * l->loglik);
    result_put(t, "chi2_model", l->chi2);
    result_put(t, "df", l->df);
    result_put(t, "p_model", l->chi2_p);
    result_put(t, "mcfadden", l->mcfadden);
    result_put(t, "cox_snell", l->cox_snell);
    result_put(t, "nagelkerke", l->nagelkerke);
    result_put(t, "iterations", l->iterations);
}

static void put_classes(json_t *o, const Classification *c, const Roc *r)
{
    result_put(o, "n", r->n);
    result_put(o, "auc", r->auc);
    result_put(o, "auc_se", r->se);
    result_puts(o, "auc_ci95", (double[]){r->low, r->high}, 2);
    result_put(o, "logloss", c->log_loss);
    result_put(o, "brier", c->brier);
    result_put(o, "accuracy", c->accuracy);
    result_put(o, "precision", c->precision);
    result_put(o, "recall", c->recall);
    result_put(o, "specificity", c->specificity);
    json_t *confusion = result_object(o, "confusion");
    result_put(confusion, "tp", c->tp);
    result_put(confusion, "fp", c->fp);
    result_put(confusion, "fn", c->fn);
    result_put(confusion, "tn", c->tn);
    result_put(o, "lift_top_decile", c->lift_top_decile);
    result_put(o, "ks", r->ks);
    result_put(o, "gini", r->gini);
}

static void put_calibration(Model *m, const char *key, const HosmerLemeshow *h)
{
    json_t *o = result_object(m->json, key);
    result_put(o, "chi2", h->chi2);
    result_put(o, "df", h->df);
    result_put(o, "p", h->p);
    result_puts(o, "n", h->n, h->groups);
    result_puts(o, "observed", h->observed, h->groups);
    result_puts(o, "expected", h->expected, h->groups);
}

/* Classification, ROC and calibration of the rows of one part. */
static Status judge(Model *m, bool test, const char *key, const char *hl_key, Classification *ret)
{
    Analysis *an = m->an;
    size_t n = test ? m->n_test : m->n_train;
    const double *p = m->is_test ? part(m, m->probability, test, n) : m->probability;
    const double *y = m->is_test ? part(m, m->y, test, n) : m->y;
    Roc r;
    HosmerLemeshow h;
    Status st = roc_classify(&an->kernel, p, y, n, .5, ret);
    if (st == ST_INVALID && an->kernel.fault.kind == FAULT_ONE_GROUP)
        return FAIL(an->cx, ST_INVALID, "analyze.one_class",
                    "the rows of --test are all of one class");
    TRY(st);
    TRY(roc_curve(&an->kernel, p, y, n, .95, &r));
    put_classes(result_object(m->json, key), ret, &r);
    if (!test)
        result_put(m->json, "train_auc", r.auc);
    st = logistic_hosmer_lemeshow(&an->kernel, p, y, n, 10, &h);
    if (st == ST_OK)
        put_calibration(m, hl_key, &h);
    return st == ST_BUSY ? st : ST_OK;
}

/* ---- views */
static void view_variables(Model *m)
{
    View *v = result_view(m->an->result, "方程中的变量", "Variables in the Equation", VARIABLES,
                          COUNT_OF(VARIABLES));
    for (size_t i = 0; i < m->fit.terms; i++) {
        const Logistic *l = &m->fit;
        if (l->dropped[i])
            continue;
        json_t *o = json_object();
        json_own(m->an->cx->arena, o);
        result_put(o, "b", l->b[i]);
        result_put(o, "se", l->se[i]);
        result_put(o, "wald", l->wald[i]);
        result_put(o, "df", 1);
        result_put(o, "p", l->p[i]);
        result_put(o, "exp_b", exp(l->b[i]));
        result_puts(o, "exp_ci", (double[]){exp(l->low[i]), exp(l->high[i])}, 2);
        result_row(v, term_name(m, i), o);
    }
}

/* Observed by predicted, with the share of each class that is found. */
static void view_classes(Model *m, const char *key, const char *title)
{
    Ctx *cx = m->an->cx;
    bool zh = cx->lang == LANG_ZH;
    const json_t *part = json_object_get(m->json, key), *c = json_object_get(part, "confusion");
    static const char *const CELLS[2][2] = {{"tn", "fp"}, {"fn", "tp"}};
    View *v = result_view(m->an->result, title, title, NULL, 0);
    for (int j = 0; j < 2; j++)
        result_view_column(v,
                           str_format(cx->arena, zh ? "预测 " STR_FMT : "Predicted " STR_FMT,
                                      STR_ARG(m->names[j])),
                           str_of(j ? "p1" : "p0"), CELL_COUNT);
    result_view_column(v, str_of(zh ? "正确百分比" : "Percentage Correct"), STR("right"),
                       CELL_PERCENT);
    for (int i = 0; i < 3; i++) {
        json_t *o = json_object();
        json_own(cx->arena, o);
        for (int j = 0; i < 2 && j < 2; j++)
            json_object_set(o, j ? "p1" : "p0", json_object_get(c, CELLS[i][j]));
        json_object_set(o, "right",
                        json_object_get(part, i == 0   ? "specificity"
                                              : i == 1 ? "recall"
                                                       : "accuracy"));
        result_row(v,
                   i == 2 ? str_of(zh ? "总体" : "Overall")
                          : str_format(cx->arena, zh ? "实测 " STR_FMT : "Observed " STR_FMT,
                                       STR_ARG(m->names[i])),
                   o);
    }
}

static void views(Model *m)
{
    Result *r = m->an->result;
    bool zh = m->an->cx->lang == LANG_ZH;
    View *v = result_view(r, "模型系数的 Omnibus 检验", "Omnibus Tests of Model Coefficients",
                          OMNIBUS, COUNT_OF(OMNIBUS));
    result_row(v, str_of(zh ? "模型" : "Model"), m->json);
    v = result_view(r, "模型摘要", "Model Summary", SUMMARY, COUNT_OF(SUMMARY));
    result_row(v, STR(""), m->json);
    v = result_view(r, "Hosmer-Lemeshow 检验", "Hosmer and Lemeshow Test", HL, COUNT_OF(HL));
    result_row(v, str_of(zh ? "估计样本" : "Fitted rows"),
               json_object_get(m->json, "hosmer_lemeshow"));
    if (m->is_test)
        result_row(v, str_of(zh ? "检验样本" : "Test rows"),
                   json_object_get(m->json, "hosmer_lemeshow_test_rows"));
    view_classes(m, "train", zh ? "分类表（临界值 0.5）" : "Classification Table (cut value .5)");
    if (m->is_test)
        view_classes(m, "test",
                     zh ? "检验样本分类表（临界值 0.5）"
                        : "Classification Table of the Test Rows (cut value .5)");
    v = result_view(r, "分类质量", "Quality of the Classification", CLASSES, COUNT_OF(CLASSES));
    result_row(v, str_of(zh ? "估计样本" : "Fitted rows"), json_object_get(m->json, "train"));
    if (m->is_test)
        result_row(v, str_of(zh ? "检验样本" : "Test rows"), json_object_get(m->json, "test"));
    view_variables(m);
}

static Status run(Analysis *an)
{
    Model m = {.an = an};
    Classification train, test;
    TRY(read(&m));
    TRY(fit(&m));
    m.json = result_object(an->result->tables, "logistic");
    put_fit(&m);
    TRY(judge(&m, false, "train", "hosmer_lemeshow", &train));
    if (m.is_test)
        TRY(judge(&m, true, "test", "hosmer_lemeshow_test_rows", &test));
    if (an->weight)
        result_note(an->result, text_in(an->cx, "analyze.unweighted_rows",
                                        "Classification and calibration count rows, not weights."));
    views(&m);
    result_out(an->result, an->frame->n,
               (OutColumn){.name = STR("probability"), .num = m.probability});
    an->result->out_rows = true;
    an->result->out_row = an->frame->row;
    const char *p = analysis_p(an, m.fit.chi2_p);
    result_reading(
        an->result,
        m.fit.chi2_p < .05
            ? text_in(an->cx, "analyze.read_logistic",
                      "The model of \"" STR_FMT "\" = \"" STR_FMT
                      "\" is better than none (chi-square %.5g, %s, Nagelkerke %.3f) and sorts "
                      "%.1f%% of its rows rightly.",
                      STR_ARG(m.target->name), STR_ARG(m.names[1]), m.fit.chi2, p, m.fit.nagelkerke,
                      train.accuracy * 100)
            : text_in(an->cx, "analyze.read_logistic_none",
                      "The data do not show that the model of \"" STR_FMT "\" = \"" STR_FMT
                      "\" is better than none (chi-square %.5g, %s, Nagelkerke %.3f); it sorts "
                      "%.1f%% of its rows rightly.",
                      STR_ARG(m.target->name), STR_ARG(m.names[1]), m.fit.chi2, p, m.fit.nagelkerke,
                      train.accuracy * 100));
    return ST_OK;
}

const AnalyzeMethod analyze_logistic = {"logistic", "逻辑回归",        "logistic regression",
                                        OPTIONS,    COUNT_OF(OPTIONS), METHOD_WEIGHT | METHOD_OUT,
                                        run};
