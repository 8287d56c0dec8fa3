/* SPDX-License-Identifier: Apache-2.0 */
/* correlate: Pearson, Spearman, Kendall of all pairs of columns; partial given --control. */
#include "analytics/correlate.h"
#include "analyze/method.h"

static const AnalyzeOption OPTIONS[] = {
    {"columns", OPTION_COLUMNS, false, NULL, "数值列（默认全部数值列）",
     "numeric columns (default: all)"},
    {"method", OPTION_WORDS, false, "pearson|spearman|kendall|partial", "方法（默认 pearson）",
     "methods (default pearson)"},
    {"control", OPTION_COLUMNS, false, NULL, "偏相关的控制变量", "columns held constant (partial)"},
};

typedef enum How { PEARSON, SPEARMAN, KENDALL, PARTIAL } How;
static const struct {
    const char *word, *key, *r, *zh, *en;
} METHODS[] = {{"pearson", "pearson", "r", "皮尔逊相关", "Pearson Correlation"},
               {"spearman", "spearman", "rho", "斯皮尔曼相关", "Spearman's rho"},
               {"kendall", "kendall_tau_b", "tau", "肯德尔 tau-b", "Kendall's tau-b"},
               {"partial", "partial", "r", "偏相关", "Partial Correlation"}};

typedef struct Pairs {
    Analysis *an;
    Series **c, **control;
    size_t n, n_control;
    Correlation strongest;
    Str names;
} Pairs;

static Status one(Pairs *p, How how, size_t i, size_t j, Correlation *ret)
{
    Analysis *an = p->an;
    Kernel *k = &an->kernel;
    size_t n = an->frame->n;
    const double *x = p->c[i]->num, *y = p->c[j]->num, *w = analysis_weights(an);
    Series **columns = ARENA_ARRAY(an->cx->arena, Series *, p->n_control + 2);
    const double **all = ARENA_ARRAY(an->cx->arena, const double *, p->n_control + 2);
    columns[0] = p->c[i];
    columns[1] = p->c[j];
    for (size_t l = 0; l < p->n_control; l++)
        columns[l + 2] = p->control[l];
    for (size_t l = 0; l < p->n_control + 2; l++)
        all[l] = columns[l]->num;
    Status st = ST_OK;
    switch (how) {
    case PEARSON: st = correlate_pearson(k, x, y, w, n, .95, ret); break;
    case SPEARMAN: st = correlate_spearman(k, x, y, w, n, ret); break;
    case KENDALL: st = correlate_kendall(k, x, y, w, n, ret); break;
    case PARTIAL: st = correlate_partial(k, all, p->n_control + 2, w, n, .95, ret); break;
    }
    return analysis_fault(an, st, columns, p->n_control + 2);
}

static void put(Pairs *p, How how, json_t *to, const Correlation *c)
{
    result_put(to, METHODS[how].r, c->r);
    result_put(to, "p", c->p);
    result_put(to, "n", c->n);
    if (how == PEARSON || how == PARTIAL)
        result_puts(to, "ci95_fisher", (double[]){c->low, c->high}, 2);
    (void)p;
}

static void view(Pairs *p, How how, const json_t *table, const char *what, const char *zh,
                 const char *en, CellForm form)
{
    Ctx *cx = p->an->cx;
    View *v = result_view(p->an->result, zh, en, NULL, 0);
    for (size_t j = 0; j < p->n; j++)
        result_view_column(v, p->c[j]->name, str_format(cx->arena, "%zu", j), form);
    for (size_t i = 0; i < p->n; i++) {
        json_t *row = json_object();
        json_own(cx->arena, row);
        for (size_t j = 0; j < p->n; j++) {
            size_t a = i < j ? i : j, b = i < j ? j : i;
            Str key = str_format(cx->arena, STR_FMT "|" STR_FMT, STR_ARG(p->c[a]->name),
                                 STR_ARG(p->c[b]->name));
            json_t *cell = json_object_get(json_object_getn(table, key.p, key.n),
                                           !strcmp(what, "r") ? METHODS[how].r : what);
            if (i == j && !strcmp(what, "r"))
                result_put(row, str_z(cx->arena, str_format(cx->arena, "%zu", j)), 1);
            if (cell)
                json_object_set(row, str_z(cx->arena, str_format(cx->arena, "%zu", j)), cell);
        }
        result_row(v, p->c[i]->name, row);
    }
}

static Status all_pairs(Pairs *p, How how, json_t *to)
{
    Analysis *an = p->an;
    json_t *table = result_object(to, METHODS[how].key);
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = i + 1; j < p->n; j++) {
            Correlation c;
            TRY(one(p, how, i, j, &c));
            Str key = str_format(an->cx->arena, STR_FMT "|" STR_FMT, STR_ARG(p->c[i]->name),
                                 STR_ARG(p->c[j]->name));
            put(p, how, result_object(table, result_key(an->result, key)), &c);
            if (!p->names.n || fabs(c.r) > fabs(p->strongest.r)) {
                p->strongest = c;
                p->names = key;
            }
        }
    view(p, how, table, "r", METHODS[how].zh, METHODS[how].en, CELL_STAT);
    view(p, how, table, "p", "显著性（双侧）", "Sig. (2-tailed)", CELL_P);
    view(p, how, table, "n", "个案数", "N", CELL_COUNT);
    return ST_OK;
}

static Status read_columns(Pairs *p)
{
    Analysis *an = p->an;
    Ctx *cx = an->cx;
    bool is_partial = analysis_has_word(an, "method", "partial");
    TRY(analysis_numbers(an, "columns", &p->c, &p->n));
    if (is_partial != analysis_has(an, "control"))
        return FAIL(cx, ST_MALFORMED, "analyze.partial",
                    "partial correlation and --control go together");
    if (is_partial)
        TRY(analysis_numbers(an, "control", &p->control, &p->n_control));
    if (p->n < 2)
        return FAIL(cx, ST_INVALID, "analyze.two_columns",
                    "at least two numeric columns are needed");
    Series **all = ARENA_ARRAY(cx->arena, Series *, p->n + p->n_control);
    for (size_t i = 0; i < p->n + p->n_control; i++) {
        all[i] = i < p->n ? p->c[i] : p->control[i - p->n];
        for (size_t j = 0; j < i; j++)
            if (all[j] == all[i])
                return FAIL(cx, ST_MALFORMED, "analyze.column_twice",
                            "column \"" STR_FMT "\" is named twice", STR_ARG(all[i]->name));
    }
    return analysis_listwise(an, all, an->is_pairwise && !is_partial ? 0 : p->n + p->n_control);
}

static Status run(Analysis *an)
{
    Pairs p = {.an = an};
    TRY(read_columns(&p));
    json_t *t = result_object(an->result->tables, "correlate");
    Str *names = ARENA_ARRAY(an->cx->arena, Str, p.n);
    for (size_t i = 0; i < p.n; i++)
        names[i] = p.c[i]->name;
    result_put_texts(t, "columns", names, p.n);
    result_put(t, "n", an->result->n);
    bool any = analysis_has(an, "method");
    for (How how = PEARSON; how <= PARTIAL; how++)
        if (any ? analysis_has_word(an, "method", METHODS[how].word) : how == PEARSON)
            TRY(all_pairs(&p, how, t));
    result_reading(an->result,
                   text_in(an->cx, "analyze.read_correlate",
                           "The strongest relation is " STR_FMT " with %.3f (%s, n = %.10g).",
                           STR_ARG(p.names), p.strongest.r, analysis_p(an, p.strongest.p),
                           p.strongest.n));
    return ST_OK;
}

const AnalyzeMethod analyze_correlate = {
    "correlate", "相关分析",        "correlation",
    OPTIONS,     COUNT_OF(OPTIONS), METHOD_ALL_COLUMNS | METHOD_WEIGHT | METHOD_PAIRWISE,
    run};
