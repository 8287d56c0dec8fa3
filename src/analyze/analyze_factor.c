/* SPDX-License-Identifier: Apache-2.0 */
/* factor: principal components or principal axis factors, rotated by varimax. */
#include "analytics/dist.h"
#include "analytics/factor.h"
#include "analyze/method.h"

static const AnalyzeOption OPTIONS[] = {
    {"columns", OPTION_COLUMNS, false, NULL, "参与的列（默认全部数值列）",
     "columns (default: all numeric ones)"},
    {"extract", OPTION_WORD, false, "pca|paf", "提取方法（默认 pca）", "extraction (default pca)"},
    {"factors", OPTION_TEXT, false, NULL, "因子数或 eigen1（默认 eigen1：特征值大于 1）",
     "number, or eigen1 (default: eigenvalues above 1)"},
    {"rotate", OPTION_WORD, false, "varimax|none", "旋转（默认 varimax）",
     "rotation (default varimax)"},
};
static const ViewColumn KMO[] = {
    {"kmo", "KMO", "KMO", CELL_STAT},
    {"bartlett.chi2", "Bartlett χ²", "Bartlett's Chi-Square", CELL_STAT},
    {"bartlett.df", "自由度", "df", CELL_COUNT},
    {"bartlett.p", "显著性", "Sig.", CELL_P},
};
static const ViewColumn COMMUNALITIES[] = {
    {"msa", "MSA", "MSA", CELL_STAT},
    {"initial", "初始", "Initial", CELL_STAT},
    {"extraction", "提取", "Extraction", CELL_STAT},
};
static const ViewColumn VARIANCE[] = {
    {"eigenvalue", "初始特征值", "Initial Eigenvalue", CELL_STAT},
    {"share", "方差 %", "% of Variance", CELL_PERCENT},
    {"cumulative", "累积 %", "Cumulative %", CELL_PERCENT},
    {"extraction_ss", "提取载荷平方和", "Extraction SS", CELL_STAT},
    {"rotation_ss", "旋转载荷平方和", "Rotation SS", CELL_STAT},
};

static Status read_options(Analysis *an, FactorOptions *o)
{
    Str s = analysis_text(an, "factors");
    uint64_t m = 0;
    if (s.n && !str_is(s, "eigen1") && (!str_uint(s, &m) || m < 1 || m > 1000))
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_factors",
                    "--factors must be a number above 0 or eigen1, not \"" STR_FMT "\"",
                    STR_ARG(s));
    *o = (FactorOptions){.factors = (int)m,
                         .principal_axis = str_is(analysis_text(an, "extract"), "paf"),
                         .varimax = !str_is(analysis_text(an, "rotate"), "none")};
    return ST_OK;
}

static void put_adequacy(Analysis *an, json_t *o, const Factor *f)
{
    result_put(o, "kmo", f->kmo);
    json_t *b = result_object(o, "bartlett");
    result_put(b, "chi2", f->bartlett);
    result_put(b, "df", f->bartlett_df);
    result_put(b, "p", dist_chi2_upper(f->bartlett, f->bartlett_df));
    View *v = result_view(an->result, "KMO 与 Bartlett 检验", "KMO and Bartlett's Test", KMO,
                          COUNT_OF(KMO));
    result_row(v, STR(""), o);
}

static void put_communalities(Analysis *an, json_t *o, const Factor *f, Series *const *c)
{
    json_t *list = result_array(o, "communalities");
    View *v = result_view(an->result, "公因子方差", "Communalities", COMMUNALITIES,
                          COUNT_OF(COMMUNALITIES));
    for (size_t i = 0; i < f->p; i++) {
        json_t *row = result_item(list);
        result_put_text(row, "column", c[i]->name);
        result_put(row, "msa", f->msa[i]);
        result_put(row, "initial", f->initial[i]);
        result_put(row, "extraction", f->communality[i]);
        result_row(v, c[i]->name, row);
    }
}

static void put_variance(Analysis *an, json_t *o, const Factor *f)
{
    json_t *list = result_array(o, "variance");
    View *v = result_view(an->result, "总方差解释（碎石图数据）",
                          "Total Variance Explained (scree)", VARIANCE, COUNT_OF(VARIANCE));
    double sum = 0;
    for (size_t k = 0; k < f->p; k++) {
        json_t *row = result_item(list);
        sum += f->eigenvalue[k];
        result_put(row, "component", (double)k + 1);
        result_put(row, "eigenvalue", f->eigenvalue[k]);
        result_put(row, "share", f->eigenvalue[k] / (double)f->p);
        result_put(row, "cumulative", sum / (double)f->p);
        if (k < f->m) {
            result_put(row, "extraction_ss", f->ss[k]);
            result_put(row, "rotation_ss", f->rotated_ss[k]);
        }
        result_row(v, str_format(an->cx->arena, "%zu", k + 1), row);
    }
}

static void put_loadings(Analysis *an, json_t *o, const char *key, const char *zh, const char *en,
                         const double *l, const Factor *f, Series *const *c)
{
    json_t *list = result_array(o, key);
    View *v = result_view(an->result, zh, en, NULL, 0);
    for (size_t k = 0; k < f->m; k++)
        result_view_column(v, str_format(an->cx->arena, "%zu", k + 1),
                           str_format(an->cx->arena, "loading.%zu", k), CELL_STAT);
    for (size_t i = 0; i < f->p; i++) {
        json_t *row = result_item(list);
        result_put_text(row, "column", c[i]->name);
        result_puts(row, "loading", l + i * f->m, f->m);
        result_row(v, c[i]->name, row);
    }
}

static void put_scores(Analysis *an, const Factor *f)
{
    an->result->out_rows = true;
    an->result->out_row = an->frame->row;
    for (size_t k = 0; k < f->m; k++) {
        double *v = arena_alloc(an->cx->arena, f->n * sizeof(double));
        for (size_t i = 0; i < f->n; i++)
            v[i] = f->score[i * f->m + k];
        result_out(an->result, f->n,
                   (OutColumn){.name = str_format(an->cx->arena, "factor_%zu", k + 1), .num = v});
    }
}

static Status run(Analysis *an)
{
    Series **c;
    size_t p;
    FactorOptions options = {0};
    Factor f = {0};
    TRY(read_options(an, &options));
    TRY(analysis_numbers(an, "columns", &c, &p));
    TRY(analysis_listwise(an, c, p));
    size_t n = an->frame->n;
    if ((size_t)options.factors > p)
        return FAIL(an->cx, ST_MALFORMED, "analyze.factors_of_columns",
                    "%d factors of %zu columns are too many", options.factors, p);
    double *x = arena_alloc(an->cx->arena, n * p * sizeof(double));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < p; j++)
            x[i * p + j] = c[j]->num[i];
    TRY(analysis_fault(an, factor_run(&an->kernel, x, n, p, &options, &f), c, p));
    json_t *o = result_object(an->result->tables, "factor");
    result_put_text(o, "extraction", options.principal_axis ? STR("paf") : STR("pca"));
    result_put(o, "factors", (double)f.m);
    put_adequacy(an, o, &f);
    put_communalities(an, o, &f, c);
    put_variance(an, o, &f);
    put_loadings(an, o, "loadings", "成分（因子）矩阵", "Component (Factor) Matrix", f.loading, &f,
                 c);
    if (options.varimax && f.m > 1)
        put_loadings(an, o, "rotated", "旋转后矩阵（Varimax）", "Rotated Matrix (Varimax)",
                     f.rotated, &f, c);
    put_loadings(an, o, "score_coefficients", "得分系数", "Score Coefficients", f.weight, &f, c);
    put_scores(an, &f);
    double sum = 0;
    for (size_t k = 0; k < f.m; k++)
        sum += f.ss[k];
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_factor",
                           "%zu factors explain %.3g %% of the variance of %zu columns; KMO is "
                           "%.3f.",
                           f.m, 100 * sum / (double)p, p, f.kmo));
    return ST_OK;
}

const AnalyzeMethod analyze_factor = {"factor", "因子分析",        "factor analysis",
                                      OPTIONS,  COUNT_OF(OPTIONS), METHOD_ALL_COLUMNS | METHOD_OUT,
                                      run};
