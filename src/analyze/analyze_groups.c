/* SPDX-License-Identifier: Apache-2.0 */
/* Groups in words: size, means in the units of the file, a name by tree rules, four questions. */
#include "analyze/analyze_groups.h"
#include "analytics/profile.h"
#include <math.h>
#include <stdlib.h>

static const ViewColumn SIZES[] = {
    {"size", "人数", "N", CELL_COUNT},
    {"share", "占比", "Share", CELL_PERCENT},
    {"name", "名称（规则）", "Name (rule)", CELL_AUTO},
    {"precision", "规则准确", "Precision", CELL_PERCENT},
    {"recall", "规则覆盖", "Recall", CELL_PERCENT},
};
static const ViewColumn QUESTIONS[] = {
    {"relevant", "相关", "Relevant", CELL_AUTO},
    {"nameable", "可命名", "Nameable", CELL_AUTO},
    {"large_enough", "足够大", "Large enough", CELL_AUTO},
    {"reachable", "可触达", "Reachable", CELL_AUTO},
    {"verdict", "结论", "Verdict", CELL_AUTO},
};

static Str word(const Analysis *an, bool yes)
{
    return an->cx->lang == LANG_ZH ? (yes ? STR("是") : STR("否")) : yes ? STR("yes") : STR("no");
}

/* A column as --where wants it: `in back quotes` unless it is a plain name. */
static Str plain_name(Arena *a, Str s)
{
    static const char *const WORDS[] = {"and",  "or",    "not",     "in",     "is",   "null",
                                        "true", "false", "between", "starts", "ends", "outer"};
    bool is_plain = s.n && !(s.p[0] >= '0' && s.p[0] <= '9');
    for (size_t i = 0; i < s.n; i++)
        is_plain &= s.p[i] == '_' || (s.p[i] >= '0' && s.p[i] <= '9') ||
                    ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z');
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        is_plain = is_plain && !str_is(s, WORDS[i]);
    return is_plain ? s : str_format(a, "`" STR_FMT "`", STR_ARG(s));
}

/* The shortest number that parts the rows as the cut does. */
static Str short_cut(Arena *a, const Prepared *d, size_t column, double cut)
{
    double below = -INFINITY, above = INFINITY;
    if (!isfinite(cut))
        return STR_NULL;
    for (size_t i = 0; i < d->n; i++) {
        double v = d->original[i * d->p + column];
        if (v <= cut && v > below)
            below = v;
        else if (v > cut && v < above)
            above = v;
    }
    for (int digits = 2; digits <= 17; digits++) {
        double v = strtod(str_z(a, str_format(a, "%.*g", digits, cut)), NULL);
        int size = v == 0 ? 0 : (int)floor(log10(fabs(v))), decimals = digits - 1 - size;
        if (digits < 17 && !(v >= below && v < above))
            continue;
        /* without exponent, which expressions do not know */
        Str s = str_format(a, "%.*f", decimals < 0 ? 0 : decimals > 40 ? 40 : decimals, v);
        while (memchr(s.p, '.', s.n) && (s.p[s.n - 1] == '0' || s.p[s.n - 1] == '.'))
            if (s.p[--s.n] == '.')
                break;
        return s;
    }
    return STR("0");
}

/* x in (low, high] as the expression language writes it. Dummies become column = "value"; where gaps were filled with
 * a value on this side of the cut, blanks belong to the group too. */
static void write_cut(Arena *a, Buf *b, const Prepared *d, const ProfileCut *c)
{
    const Series *s = d->columns[c->column];
    Str name = plain_name(a, s->name);
    double fill = s->kind == COLUMN_TEXT ? 0 : d->fill[c->column];
    bool with_blanks = s->n_missing > 0 && fill > c->low && fill <= c->high;
    if (with_blanks)
        buf_lit(b, "(");
    if (s->kind == COLUMN_TEXT) {
        buf_printf(b, STR_FMT " %s ", STR_ARG(name), c->low >= 0 ? "=" : "!=");
        buf_json_str(b, str_sub(d->names[c->column], s->name.n + 1, SIZE_MAX));
    } else {
        Str low = short_cut(a, d, (size_t)c->column, c->low),
            high = short_cut(a, d, (size_t)c->column, c->high);
        if (isfinite(c->low))
            buf_printf(b, STR_FMT " > " STR_FMT, STR_ARG(name), STR_ARG(low));
        if (isfinite(c->low) && isfinite(c->high))
            buf_lit(b, " and ");
        if (isfinite(c->high))
            buf_printf(b, STR_FMT " <= " STR_FMT, STR_ARG(name), STR_ARG(high));
    }
    if (with_blanks)
        buf_printf(b, " or " STR_FMT " is null)", STR_ARG(name));
}

static Str name_of(Analysis *an, const Prepared *d, const ProfileGroup *g)
{
    Buf b = buf_in(an->cx->arena, 65536);
    for (int i = 0; i < g->cuts; i++) {
        if (i)
            buf_lit(&b, " and ");
        write_cut(an->cx->arena, &b, d, &g->cut[i]);
    }
    return g->cuts ? buf_str(&b) : STR("–");
}

static Str verdict(Analysis *an, const ProfileGroup *g)
{
    Ctx *cx = an->cx;
    if (g->is_accepted)
        return isnan(g->reachable)
                   ? text_in(cx, "analyze.accepted_unasked", "accepted, reach not asked")
                   : text_in(cx, "analyze.accepted", "accepted");
    const char *why = !g->is_large      ? "too small"
                      : !g->is_relevant ? "not different from the rest"
                      : !g->is_nameable ? "no simple rule finds it"
                                        : "cannot be reached";
    if (cx->lang == LANG_ZH)
        why = !g->is_large      ? "人数太少"
              : !g->is_relevant ? "与其他群无明显差异"
              : !g->is_nameable ? "没有简单规则能描述"
                                : "无法触达";
    return text_in(cx, "analyze.refused", "refused: %s", why);
}

static json_t *put_group(Analysis *an, json_t *list, const Prepared *d, const ProfileGroup *g,
                         int at, const double *stability)
{
    json_t *row = result_item(list);
    result_put(row, "cluster", at + 1);
    result_put(row, "size", (double)g->size);
    result_put(row, "share", g->share);
    result_put_text(row, "name", name_of(an, d, g));
    result_put(row, "precision", g->precision);
    result_put(row, "recall", g->recall);
    result_put(row, "f1", g->f1);
    result_put_text(row, "strongest", d->names[g->strongest]);
    result_put(row, "difference_sd", g->difference);
    if (stability)
        result_put(row, "jaccard", stability[at]);
    if (!isnan(g->reachable))
        result_put(row, "reachable_share", g->reachable);
    result_put_bool(row, "is_relevant", g->is_relevant);
    result_put_bool(row, "is_nameable", g->is_nameable);
    result_put_bool(row, "is_large_enough", g->is_large);
    result_put_bool(row, "is_reachable", g->is_reachable);
    result_put_bool(row, "is_accepted", g->is_accepted);
    result_put_text(row, "relevant", word(an, g->is_relevant));
    result_put_text(row, "nameable", word(an, g->is_nameable));
    result_put_text(row, "large_enough", word(an, g->is_large));
    result_put_text(row, "reachable", isnan(g->reachable) ? STR("?") : word(an, g->is_reachable));
    result_put_text(row, "verdict", verdict(an, g));
    return row;
}

/* Means of the columns by group, in the units of the file. */
static void put_means(Analysis *an, json_t *o, const Prepared *d, const int32_t *label, int k,
                      const Profile *f)
{
    View *v =
        result_view(an->result, "各群均值（原单位）", "Means by Cluster (original units)", NULL, 0);
    json_t *list = result_array(o, "means");
    for (size_t j = 0; j < d->p; j++)
        result_view_column(v, d->names[j], str_format(an->cx->arena, "mean.%zu", j), CELL_STAT);
    double *sum = ARENA_ARRAY(an->cx->arena, double, (size_t)k * d->p);
    for (size_t i = 0; i < d->n; i++)
        for (size_t j = 0; j < d->p; j++)
            sum[(size_t)label[i] * d->p + j] += d->original[i * d->p + j];
    for (int g = 0; g < k; g++) {
        json_t *row = result_item(list), *mean = result_array(row, "mean");
        result_put(row, "cluster", g + 1);
        for (size_t j = 0; j < d->p; j++)
            result_add(mean, sum[(size_t)g * d->p + j] / (double)f->group[g].size);
        result_row(v, str_format(an->cx->arena, "%d", g + 1), row);
    }
}

static Status reach_of(Analysis *an, double **ret)
{
    Series *c;
    *ret = NULL;
    if (!analysis_has(an, "reach"))
        return ST_OK;
    TRY(analysis_column(an, "reach", &c));
    *ret = arena_alloc(an->cx->arena, (an->frame->n + 1) * sizeof(double));
    for (size_t i = 0; i < an->frame->n; i++)
        (*ret)[i] = frame_is_missing(c, i) ? 0 : c->num ? c->num[i] : 1;
    return ST_OK;
}

static void put_out(Analysis *an, const int32_t *label, size_t n)
{
    double *v = arena_alloc(an->cx->arena, (n + 1) * sizeof(double));
    for (size_t i = 0; i < n; i++)
        v[i] = label[i] + 1;
    an->result->out_rows = true;
    an->result->out_row = an->frame->row;
    result_out(an->result, n, (OutColumn){.name = STR("cluster"), .num = v});
}

Status analyze_groups(Analysis *an, json_t *o, const Prepared *d, const int32_t *label, int k,
                      const double *stability, int *ret_accepted)
{
    Profile f;
    double *reach;
    TRY(reach_of(an, &reach));
    if (!reach)
        result_note(an->result, text_in(an->cx, "analyze.reach_not_asked",
                                        "Whether the groups can be reached was not asked: name a "
                                        "column by --reach."));
    TRY(analysis_fault(an,
                       profile_groups(&an->kernel, d->original, d->n, d->p, label, k, reach, &f),
                       d->columns, d->p));
    json_t *list = result_array(o, "clusters");
    View *sizes = result_view(an->result, "各群规模与名称", "Clusters", SIZES, COUNT_OF(SIZES));
    View *questions =
        result_view(an->result, "四项验收", "Acceptance", QUESTIONS, COUNT_OF(QUESTIONS));
    *ret_accepted = 0;
    for (int g = 0; g < k; g++) {
        json_t *row = put_group(an, list, d, &f.group[g], g, stability);
        Str name = str_format(an->cx->arena, "%d", g + 1);
        result_row(sizes, name, row);
        result_row(questions, name, row);
        *ret_accepted += f.group[g].is_accepted;
    }
    result_put(o, "rule_accuracy", f.accuracy);
    result_put(o, "accepted", *ret_accepted);
    put_means(an, o, d, label, k, &f);
    put_out(an, label, d->n);
    return ST_OK;
}

Status analyze_groups_range(Analysis *an, int dflt, int *ret_from, int *ret_to)
{
    Str s = analysis_text(an, "k");
    size_t dots = str_find(s, STR(".."));
    uint64_t from = (uint64_t)dflt, to = from;
    bool ok = true;
    if (s.n && dots == SIZE_MAX) {
        ok = str_uint(s, &from);
        to = from;
    } else if (s.n) {
        ok = str_uint(str_sub(s, 0, dots), &from) && str_uint(str_sub(s, dots + 2, SIZE_MAX), &to);
    }
    if (!ok || from < 1 || to < from || to > 1024)
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_k",
                    "--k must be a number like 4 or a range like 2..10, not \"" STR_FMT "\"",
                    STR_ARG(s));
    *ret_from = (int)from;
    *ret_to = (int)to;
    return ST_OK;
}
