/* SPDX-License-Identifier: Apache-2.0 */
/* anova with several factors: effects of types I to III, partial η², estimated marginal means. */
#include "analyze/analyze_factorial.h"
#include "analytics/dist.h"
#include "analytics/factorial.h"

#define MOST_CELLS 100000

static const ViewColumn EFFECTS[] = {
    {"ss", "平方和", "Sum of Squares", CELL_STAT},
    {"df", "自由度", "df", CELL_COUNT},
    {"ms", "均方", "Mean Square", CELL_STAT},
    {"F", "F", "F", CELL_STAT},
    {"p", "显著性", "Sig.", CELL_P},
    {"partial_eta2", "偏 η²", "Partial Eta Squared", CELL_STAT},
};
static const ViewColumn MEANS[] = {
    {"n", "个案数", "N", CELL_COUNT},
    {"mean", "均值", "Mean", CELL_STAT},
    {"sd", "标准差", "Std. Deviation", CELL_STAT},
};
static const ViewColumn MARGINS[] = {
    {"mean", "估算边际均值", "Estimated Marginal Mean", CELL_STAT},
    {"se", "标准误", "Std. Error", CELL_STAT},
    {"ci95.0", "95% 下限", "95% CI lower", CELL_STAT},
    {"ci95.1", "95% 上限", "95% CI upper", CELL_STAT},
};
static const ViewColumn LEVENE[] = {
    {"W", "F", "F", CELL_STAT},
    {"df.0", "df1", "df1", CELL_AUTO},
    {"df.1", "df2", "df2", CELL_AUTO},
    {"p", "显著性", "Sig.", CELL_P},
};

typedef struct Cells {
    Analysis *an;
    Series *value, *const *by;
    size_t factors, cells, levels[FACTORIAL_MOST];
    Groups groups[FACTORIAL_MOST];
    GroupStat *stat; /* empty cells: n = 0 */
    int32_t *of;     /* by row: which of the cells that occur */
    size_t used;     /* how many of those */
} Cells;

/* Means of the cells that occur; the others stay empty. */
static Status cell_means(Cells *c)
{
    Analysis *an = c->an;
    Arena *a = an->cx->arena;
    size_t n = an->frame->n, used = 0;
    int32_t *of = arena_alloc(a, sizeof(*of) * (n + 1)), *map = ARENA_ARRAY(a, int32_t, c->cells);
    for (size_t i = 0; i < n; i++) {
        size_t cell = 0;
        for (size_t f = 0; f < c->factors; f++)
            cell = cell * c->levels[f] + (size_t)c->groups[f].of[i];
        if (!map[cell])
            map[cell] = (int32_t)++used;
        of[i] = map[cell] - 1;
    }
    GroupStat *stat = ARENA_ARRAY(a, GroupStat, used + 1);
    TRY(analysis_fault(
        an, means_groups(&an->kernel, c->value->num, analysis_weights(an), of, n, used, stat),
        &c->value, 1));
    c->of = of;
    c->used = used;
    c->stat = ARENA_ARRAY(a, GroupStat, c->cells);
    for (size_t i = 0; i < c->cells; i++)
        if (map[i])
            c->stat[i] = stat[map[i] - 1];
    return ST_OK;
}

static Status read_cells(Cells *c, size_t n)
{
    Analysis *an = c->an;
    Ctx *cx = an->cx;
    Series *used[FACTORIAL_MOST + 1];
    TRY(analysis_column(an, "value", &c->value));
    TRY(frame_need_numbers(cx, an->frame, c->value));
    for (size_t f = 0; f < n; f++) {
        used[f] = c->by[f];
        if (used[f] == c->value)
            return FAIL(cx, ST_MALFORMED, "analyze.column_twice",
                        "column \"" STR_FMT "\" is named twice", STR_ARG(c->value->name));
    }
    used[n] = c->value;
    TRY(analysis_listwise(an, used, n + 1));
    c->factors = n;
    c->cells = 1;
    for (size_t f = 0; f < n; f++) {
        TRY(frame_groups(cx, an->frame, c->by[f], &c->groups[f]));
        c->levels[f] = c->groups[f].n;
        c->cells *= c->levels[f];
        if (c->cells > MOST_CELLS)
            return FAIL(cx, ST_INVALID, "analyze.many_cells", "the factors make more than %d cells",
                        MOST_CELLS);
    }
    return cell_means(c);
}

/* Contract's key of an effect: C(a, Sum):C(b, Sum); for people a * b. */
static Str effect_name(Cells *c, unsigned factors, bool is_key)
{
    Arena *a = c->an->cx->arena;
    Str s = STR("");
    if (!factors)
        return is_key ? STR("Intercept")
                      : str_of(c->an->cx->lang == LANG_ZH ? "截距" : "Intercept");
    for (size_t f = 0; f < c->factors; f++) {
        if (!(factors >> f & 1))
            continue;
        Str name = c->by[f]->name;
        const char *joint = !s.n ? "" : is_key ? ":" : " * ";
        s = is_key
                ? str_format(a, STR_FMT "%sC(" STR_FMT ", Sum)", STR_ARG(s), joint, STR_ARG(name))
                : str_format(a, STR_FMT "%s" STR_FMT, STR_ARG(s), joint, STR_ARG(name));
    }
    return s;
}

static void put_type(Cells *c, const Factorial *r, int type, json_t *to, View *v)
{
    Result *result = c->an->result;
    for (size_t e = type == 2 ? 0 : 1; e < r->effects; e++) {
        const Effect *x = &r->type[type][e];
        json_t *o = result_object(to, result_key(result, effect_name(c, x->factors, true)));
        result_put(o, "ss", x->ss);
        result_put(o, "df", x->df);
        result_put(o, "ms", x->df > 0 ? x->ss / x->df : NAN);
        result_put(o, "F", x->f);
        result_put(o, "p", x->p);
        result_put(o, "partial_eta2", x->partial_eta2);
        if (v)
            result_row(v, effect_name(c, x->factors, false), o);
    }
    json_t *o = result_object(to, "Residual");
    result_put(o, "ss", r->ss_residual);
    result_put(o, "df", r->df_residual);
    result_put(o, "ms", r->ss_residual / r->df_residual);
    result_put(o, "F", NAN);
    result_put(o, "p", NAN);
    result_put(o, "partial_eta2", 0.5); /* of ss / (ss + residual), as the reference prints it */
    if (v) {
        json_t *shown = json_copy(o);
        json_own(c->an->cx->arena, shown);
        json_object_del(shown, "partial_eta2");
        result_row(v, str_of(c->an->cx->lang == LANG_ZH ? "误差" : "Error"), shown);
    }
}

static Str cell_label(const Cells *c, size_t cell, Str *levels)
{
    Str s = STR("");
    for (size_t f = c->factors; f-- > 0; cell /= c->levels[f])
        levels[f] = c->groups[f].labels[cell % c->levels[f]];
    for (size_t f = 0; f < c->factors; f++)
        s = str_format(c->an->cx->arena, STR_FMT "%s" STR_FMT, STR_ARG(s), f ? " × " : "",
                       STR_ARG(levels[f]));
    return s;
}

static void put_cells(Cells *c, json_t *t)
{
    View *v = result_view(c->an->result, "单元均值", "Cell Means", MEANS, COUNT_OF(MEANS));
    json_t *list = result_array(t, "cells");
    for (size_t i = 0; i < c->cells; i++) {
        Str levels[FACTORIAL_MOST];
        if (!(c->stat[i].n > 0))
            continue;
        Str label = cell_label(c, i, levels);
        json_t *o = result_item(list);
        result_put_texts(o, "levels", levels, c->factors);
        result_put(o, "n", c->stat[i].n);
        result_put(o, "mean", (double)c->stat[i].mean);
        result_put(o, "sd", c->stat[i].sd);
        result_row(v, label, o);
    }
}

/* Unweighted means of the cell means: what the means would be in a balanced design. */
static void put_margins(Cells *c, const Factorial *r, json_t *t)
{
    double error = r->ss_residual / r->df_residual, wide = dist_t_quantile(.975, r->df_residual);
    json_t *all = result_object(t, "estimated_marginal_means");
    View *v = result_view(c->an->result, "估算边际均值", "Estimated Marginal Means", MARGINS,
                          COUNT_OF(MARGINS));
    size_t after = c->cells;
    for (size_t f = 0; f < c->factors; f++) {
        json_t *of = result_object(all, result_key(c->an->result, c->by[f]->name));
        after /= c->levels[f];
        for (size_t l = 0; l < c->levels[f]; l++) {
            long double sum = 0;
            double parts = 0; /* Σ 1/n of the cells: their means are independent */
            size_t n = 0;
            bool is_whole = true;
            for (size_t i = 0; i < c->cells; i++) {
                if (i / after % c->levels[f] != l)
                    continue;
                sum += c->stat[i].mean;
                parts += 1 / c->stat[i].n;
                n++;
                is_whole = is_whole && c->stat[i].n > 0;
            }
            json_t *o = result_object(of, result_key(c->an->result, c->groups[f].labels[l]));
            double mean = is_whole ? (double)(sum / (long double)n) : NAN;
            double se = is_whole ? sqrt(error * parts) / (double)n : NAN;
            result_put(o, "mean", mean);
            result_put(o, "se", se);
            result_puts(o, "ci95", (double[]){mean - wide * se, mean + wide * se}, 2);
            result_row(v,
                       str_format(c->an->cx->arena, STR_FMT "=" STR_FMT, STR_ARG(c->by[f]->name),
                                  STR_ARG(c->groups[f].labels[l])),
                       o);
        }
    }
}

/* The lines that frame the effects: the whole model, the sum of squares about 0 and about the mean. */
static void put_frame(Cells *c, const Factorial *r, json_t *t)
{
    long double sum = 0;
    for (size_t i = 0; i < c->cells; i++)
        sum += c->stat[i].n > 0 ? (long double)c->stat[i].n * c->stat[i].mean : 0;
    double mean = (double)(sum / (long double)r->n), ms = r->ss_residual / r->df_residual;
    double ss = r->ss_total - r->ss_residual, df = r->n - 1 - r->df_residual;
    json_t *o = result_object(t, "corrected_model");
    result_put(o, "ss", ss);
    result_put(o, "df", df);
    result_put(o, "ms", ss / df);
    result_put(o, "F", ss / df / ms);
    result_put(o, "p", dist_f_upper(ss / df / ms, df, r->df_residual));
    result_put(o, "partial_eta2", ss / r->ss_total);
    o = result_object(t, "total");
    result_put(o, "ss", r->ss_total + r->n * mean * mean);
    result_put(o, "df", r->n);
    o = result_object(t, "corrected_total");
    result_put(o, "ss", r->ss_total);
    result_put(o, "df", r->n - 1);
    result_put(t, "r2", ss / r->ss_total);
    result_put(t, "adjusted_r2", 1 - ms / (r->ss_total / (r->n - 1)));
}

static Status put_levene(Cells *c, json_t *t)
{
    Test levene = {.stat = NAN, .p = NAN};
    Analysis *an = c->an;
    Status st = means_levene(&an->kernel, c->value->num, analysis_weights(an), c->of, an->frame->n,
                             c->used, LEVENE_MEAN, &levene);
    an->kernel.fault.kind = FAULT_NONE;
    if (st != ST_OK)
        return st == ST_BUSY ? st : ST_OK;
    View *v = result_view(an->result, "误差方差齐性的 Levene 检验",
                          "Levene's Test of Equality of Error Variances", LEVENE, COUNT_OF(LEVENE));
    grouped_put_test(t, "levene_mean", "W", &levene, true);
    result_row(v, c->value->name, json_object_get(t, "levene_mean"));
    return ST_OK;
}

static Status fit(Cells *c, Factorial *ret)
{
    Analysis *an = c->an;
    Status st = factorial_fit(&an->kernel, c->levels, c->factors, c->stat, ret);
    if (st == ST_TOO_LARGE)
        return FAIL(an->cx, ST_INVALID, "analyze.many_parameters",
                    "the model has more than %d parameters", 400);
    if (st == ST_INVALID && an->kernel.fault.column < 0)
        return analysis_fault(an, st, &c->value, 1);
    return analysis_fault(an, st, c->by, c->factors);
}

Status analyze_factorial(Analysis *an, Series *const *by, size_t n)
{
    static const char *const KEYS[] = {"type1", "type2", "type3"};
    Cells c = {.an = an, .by = by};
    Factorial r;
    int shown = (int)analysis_count(an, "type", 3) - 1;
    if (n > FACTORIAL_MOST)
        return FAIL(an->cx, ST_INVALID, "analyze.many_factors", "at most %d factors",
                    FACTORIAL_MOST);
    TRY(read_cells(&c, n));
    TRY(fit(&c, &r));
    json_t *t = result_object(an->result->tables, "anova");
    Str names[FACTORIAL_MOST];
    for (size_t f = 0; f < n; f++)
        names[f] = by[f]->name;
    result_put_text(t, "y", c.value->name);
    result_put_texts(t, "factors", names, n);
    put_cells(&c, t);
    TRY(put_levene(&c, t));
    bool zh = an->cx->lang == LANG_ZH;
    View *v = result_view(an->result, "主体间效应检验", "Tests of Between-Subjects Effects",
                          EFFECTS, COUNT_OF(EFFECTS));
    put_frame(&c, &r, t);
    result_row(v, str_of(zh ? "校正模型" : "Corrected Model"),
               json_object_get(t, "corrected_model"));
    for (int type = 0; type < 3; type++)
        put_type(&c, &r, type, result_object(t, KEYS[type]), type == shown ? v : NULL);
    result_row(v, str_of(zh ? "总计" : "Total"), json_object_get(t, "total"));
    result_row(v, str_of(zh ? "校正总计" : "Corrected Total"),
               json_object_get(t, "corrected_total"));
    put_margins(&c, &r, t);
    const Effect *last = &r.type[shown][r.effects - 1];
    result_reading(an->result,
                   isnan(last->f)
                       ? text_in(an->cx, "analyze.read_factorial_empty",
                                 "Sums of squares of type %d; the cells do not suffice to tell the "
                                 "interaction of all factors.",
                                 shown + 1)
                       : text_in(an->cx, "analyze.read_factorial",
                                 "Sums of squares of type %d; the interaction of all factors has F "
                                 "= %.4g, %s, partial eta squared %.4f.",
                                 shown + 1, last->f, analysis_p(an, last->p), last->partial_eta2));
    return ST_OK;
}
