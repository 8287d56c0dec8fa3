/* SPDX-License-Identifier: Apache-2.0 */
/* What a method asks of its run: options, columns, complete rows, faults in words, dummies. */
#include "analyze/analyze_internal.h"
#include "analyze/split.h"
#include "base/calendar.h"
#include <stdlib.h>

#define MAX_DUMMIES 1000

bool analysis_has(const Analysis *an, const char *name)
{
    return analyze_arg(an->args, name) != NULL;
}

Str analysis_text(const Analysis *an, const char *name)
{
    const Arg *arg = analyze_arg(an->args, name);
    return arg ? arg->value : STR_NULL;
}

double analysis_number(const Analysis *an, const char *name, double dflt)
{
    Str s = analysis_text(an, name);
    return s.n ? strtod(str_z(an->cx->arena, s), NULL) : dflt;
}

int64_t analysis_count(const Analysis *an, const char *name, int64_t dflt)
{
    int64_t v = dflt;
    str_int(analysis_text(an, name), &v);
    return v;
}

int64_t analysis_date(const Analysis *an, const char *name)
{
    int64_t day = INT64_MIN;
    calendar_parse_date(analysis_text(an, name), &day);
    return day;
}

void analysis_list(const Analysis *an, const char *name, Str **ret, size_t *ret_n)
{
    Str s = analysis_text(an, name);
    *ret_n = 0;
    if (s.n)
        split_list(an->cx->arena, s, ret, ret_n);
}

bool analysis_has_word(const Analysis *an, const char *name, const char *word)
{
    Str *parts;
    size_t n;
    analysis_list(an, name, &parts, &n);
    for (size_t i = 0; i < n; i++)
        if (str_is(parts[i], word))
            return true;
    return false;
}

Status analysis_refuse(Analysis *an, const char *names, const char *beside)
{
    Str rest = str_of(names), name;
    while (str_split(&rest, ' ', &name)) {
        const char *z = str_z(an->cx->arena, name);
        if (analysis_has(an, z))
            return FAIL(an->cx, ST_MALFORMED, "analyze.option_beside",
                        "--%s has no meaning beside %s", z, beside);
    }
    return ST_OK;
}

const char *analysis_p(const Analysis *an, double p)
{
    return p < .0005 ? "p < 0.001" : str_z(an->cx->arena, str_format(an->cx->arena, "p = %.3f", p));
}

Status analysis_test(Analysis *an, const char *name, uint8_t **ret_mask)
{
    Str s = analysis_text(an, name);
    *ret_mask = s.n ? ARENA_ARRAY(an->cx->arena, uint8_t, an->frame->n + 1) : NULL;
    return s.n ? frame_mask(an->cx, an->frame, s, an->kernel.cancel, *ret_mask) : ST_OK;
}

Status analysis_column(Analysis *an, const char *name, Series **ret)
{
    return frame_find(an->cx, an->frame, analysis_text(an, name), ret);
}

static bool is_candidate(const Analysis *an, const Series *c, bool only_numbers)
{
    return c->is_read && c != an->weight && (!only_numbers || c->kind == COLUMN_NUMBER);
}

Status analysis_columns(Analysis *an, const char *name, bool only_numbers, Series ***ret,
                        size_t *ret_n)
{
    Str *parts = NULL;
    size_t n = 0;
    analysis_list(an, name, &parts, &n);
    Frame *f = an->frame;
    Series **list = ARENA_ARRAY(an->cx->arena, Series *, (n ? n : f->n_columns) + 1);
    *ret = list;
    *ret_n = n;
    for (size_t i = 0; i < n; i++) {
        TRY(frame_find(an->cx, f, parts[i], &list[i]));
        for (size_t k = 0; k < i; k++)
            if (list[k] == list[i])
                return FAIL(an->cx, ST_MALFORMED, "analyze.column_twice",
                            "column \"" STR_FMT "\" is named twice", STR_ARG(parts[i]));
    }
    for (size_t i = 0; !n && i < f->n_columns; i++)
        if (is_candidate(an, &f->columns[i], only_numbers))
            list[(*ret_n)++] = &f->columns[i];
    if (*ret_n == 0)
        return FAIL(an->cx, ST_INVALID, "analyze.no_numbers", "no column holds numbers");
    return ST_OK;
}

Status analysis_numbers(Analysis *an, const char *name, Series ***ret, size_t *ret_n)
{
    TRY(analysis_columns(an, name, true, ret, ret_n));
    for (size_t i = 0; i < *ret_n; i++)
        TRY(frame_need_numbers(an->cx, an->frame, (*ret)[i]));
    return ST_OK;
}

const double *analysis_weights(const Analysis *an) { return an->weight ? an->weight->num : NULL; }

/* Rows without weight are no cases: they go without being counted as missing. */
static void drop_unweighted(Analysis *an)
{
    Frame *f = an->frame;
    uint8_t *keep = ARENA_ARRAY(an->cx->arena, uint8_t, f->n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < f->n; i++)
        kept += keep[i] = an->weight->num[i] > 0;
    if (kept < f->n)
        frame_keep(an->cx, f, keep);
}

static double cases(const Analysis *an)
{
    const double *w = analysis_weights(an);
    if (!w)
        return (double)an->frame->n;
    long double sum = 0;
    for (size_t i = 0; i < an->frame->n; i++)
        sum += (long double)w[i];
    return (double)sum;
}

Status analysis_listwise(Analysis *an, Series *const *columns, size_t n)
{
    if (an->weight)
        drop_unweighted(an);
    double before = cases(an);
    frame_listwise(an->cx, an->frame, columns, n);
    an->result->n = cases(an);
    an->result->missing += before - an->result->n;
    an->result->weight = an->weight ? an->result->n : NAN;
    an->result->weight_name = an->weight ? an->weight->name : STR_NULL;
    if (an->frame->n)
        return ST_OK;
    for (size_t i = 0; i < n; i++) /* the frame is empty: n_missing is of no use any more */
        return FAIL(an->cx, ST_INVALID, "analyze.none_complete",
                    "no row has a value in each of the %zu columns (\"" STR_FMT "\" …)", n,
                    STR_ARG(columns[i]->name));
    return FAIL(an->cx, ST_INVALID, "analyze.no_data", "no row is left to analyse");
}

/* ---- faults in words */
static Status fault_at(Analysis *an, Str name)
{
    const Fault *t = &an->kernel.fault;
    bool has_row = t->row >= 0 && an->frame && (size_t)t->row < an->frame->n;
    long long line = has_row ? (long long)frame_line(an->frame, (size_t)t->row) : 0;
    Ctx *cx = an->cx;
    switch (t->kind) {
    case FAULT_NOT_FINITE:
        return FAIL(cx, ST_INVALID, "analyze.not_finite",
                    "column \"" STR_FMT "\", line %lld: not a finite number", STR_ARG(name), line);
    case FAULT_CONSTANT:
        return FAIL(cx, ST_INVALID, "analyze.constant",
                    "column \"" STR_FMT "\" has the same value in every row", STR_ARG(name));
    case FAULT_EMPTY:
        return FAIL(cx, ST_INVALID, "analyze.all_missing",
                    "column \"" STR_FMT "\" has no valid value", STR_ARG(name));
    case FAULT_TOO_FEW:
        return FAIL(cx, ST_INVALID, "analyze.too_few",
                    "column \"" STR_FMT "\": the method needs at least %.10g cases", STR_ARG(name),
                    t->need);
    case FAULT_ONE_GROUP:
        return FAIL(cx, ST_INVALID, "analyze.one_group",
                    "column \"" STR_FMT "\" makes fewer than two groups", STR_ARG(name));
    case FAULT_COLLINEAR:
        return FAIL(cx, ST_INVALID, "analyze.collinear",
                    "\"" STR_FMT "\" is a combination of the columns before it", STR_ARG(name));
    case FAULT_SEPARATED:
        return FAIL(cx, ST_INVALID, "analyze.separated",
                    "\"" STR_FMT "\" separates the two classes: the estimates grow without limit",
                    STR_ARG(name));
    case FAULT_RANGE:
        return FAIL(cx, ST_INVALID, "analyze.range",
                    "column \"" STR_FMT "\", line %lld: the method does not allow this value",
                    STR_ARG(name), line);
    case FAULT_WEIGHT:
        return FAIL(cx, ST_INVALID, "analyze.bad_weight",
                    "column \"" STR_FMT "\", line %lld: a weight may not be negative",
                    STR_ARG(name), line);
    case FAULT_TOO_MANY:
        return FAIL(cx, ST_TOO_LARGE, "analyze.too_many", "%s takes at most %.10g",
                    an->method->name, t->need);
    case FAULT_NO_RESULT:
    case FAULT_NONE: break;
    }
    return FAIL(cx, ST_INVALID, "analyze.no_result", "the computation did not converge");
}

Status analysis_fault(Analysis *an, Status st, Series *const *columns, size_t n)
{
    const Fault *t = &an->kernel.fault;
    if ((st != ST_INVALID && st != ST_TOO_LARGE) || t->kind == FAULT_NONE)
        return st;
    bool has_column = t->column >= 0 && (size_t)t->column < n;
    Str name = has_column ? columns[t->column]->name : n ? columns[0]->name : STR("?");
    if (t->kind == FAULT_WEIGHT && an->weight)
        name = an->weight->name;
    return fault_at(an, name);
}

/* ---- dummies */
static void add_term(Terms *t, Str name, Series *column, double *x)
{
    t->names[t->n] = name;
    t->columns[t->n] = column;
    t->x[t->n++] = x;
}

static Status dummies(Analysis *an, Series *c, Terms *t)
{
    Ctx *cx = an->cx;
    Groups g;
    size_t n = an->frame->n;
    TRY(frame_groups(cx, an->frame, c, &g));
    if (g.n < 2)
        return FAIL(cx, ST_INVALID, "analyze.constant",
                    "column \"" STR_FMT "\" has the same value in every row", STR_ARG(c->name));
    for (size_t k = 1; k < g.n; k++) {
        double *x = arena_alloc(cx->arena, sizeof(*x) * (n + 1));
        for (size_t i = 0; i < n; i++)
            x[i] = g.of[i] == (int32_t)k;
        add_term(t,
                 str_format(cx->arena, STR_FMT "=" STR_FMT, STR_ARG(c->name), STR_ARG(g.labels[k])),
                 c, x);
    }
    return ST_OK;
}

Status analysis_terms(Analysis *an, Series *const *columns, size_t n, Terms *ret)
{
    Ctx *cx = an->cx;
    size_t most = 0;
    for (size_t i = 0; i < n; i++) {
        const Series *c = columns[i];
        most += c->kind == COLUMN_TEXT ? c->n_values : 1;
        if (c->kind == COLUMN_TEXT && c->n_values > MAX_DUMMIES)
            return FAIL(cx, ST_INVALID, "analyze.many_values",
                        "column \"" STR_FMT
                        "\" is text with %zu values: too many to be a predictor",
                        STR_ARG(c->name), c->n_values);
    }
    *ret = (Terms){.names = ARENA_ARRAY(cx->arena, Str, most + 1),
                   .columns = ARENA_ARRAY(cx->arena, Series *, most + 1),
                   .x = ARENA_ARRAY(cx->arena, double *, most + 1)};
    for (size_t i = 0; i < n; i++) {
        if (columns[i]->kind == COLUMN_TEXT)
            TRY(dummies(an, columns[i], ret));
        else
            add_term(ret, columns[i]->name, columns[i], columns[i]->num);
    }
    return ST_OK;
}
