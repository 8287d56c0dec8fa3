/* SPDX-License-Identifier: Apache-2.0 */
/* Preparation: options or a stored recipe → per-column steps → matrix; the recipe goes into the result. */
#include "analyze/analyze_prepare.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>

#define MAX_RECIPE (1 << 20)
#define MAX_CELLS ((size_t)1 << 33)

static bool is_word(Str s) /* of --prepare: no file */
{
    return s.n == 0 || str_is(s, "z0") || str_is(s, "z1") || str_is(s, "log") || str_is(s, "none");
}

static Status read_options(Analysis *an, PrepareOptions *ret)
{
    Str how = analysis_text(an, "prepare"), fill = analysis_text(an, "fill");
    *ret = (PrepareOptions){.scale = PREPARE_Z0, .clip = analysis_number(an, "clip", 0)};
    if (str_is(how, "z1"))
        ret->scale = PREPARE_Z1;
    if (str_is(how, "none"))
        ret->scale = PREPARE_AS_IS;
    ret->is_log = str_is(how, "log");
    ret->fill = str_is(fill, "mean")     ? PREPARE_MEAN
                : str_is(fill, "median") ? PREPARE_MEDIAN
                                         : PREPARE_KEEP;
    if (!(ret->clip >= 0 && ret->clip < 0.5))
        return FAIL(an->cx, ST_MALFORMED, "analyze.bad_clip", "--clip must be from 0 to below 0.5");
    return ST_OK;
}

/* ---- a stored recipe ---- */
static Status read_recipe(Ctx *cx, Str path, json_t **ret)
{
    FILE *f = fopen(str_z(cx->arena, path), "rb");
    if (!f)
        return FAIL(cx, ST_NOT_FOUND, "analyze.no_file", "cannot read the file %s",
                    str_z(cx->arena, path));
    char *text = arena_alloc(cx->arena, MAX_RECIPE + 1);
    size_t n = fread(text, 1, MAX_RECIPE + 1, f);
    fclose(f);
    if (n > MAX_RECIPE)
        return FAIL(cx, ST_TOO_LARGE, "analyze.big_recipe", "the recipe is larger than 1 MB");
    TRY(json_parse(cx, str_n(text, n), ret));
    if (!json_is_array(json_object_get(*ret, "columns")) ||
        json_array_size(json_object_get(*ret, "columns")) == 0)
        return FAIL(cx, ST_INVALID, "analyze.bad_recipe", "the recipe has no columns");
    return ST_OK;
}

Status analyze_prepare_codes(Ctx *cx, Str how, Str *ret)
{
    json_t *recipe = NULL;
    *ret = STR_NULL;
    if (is_word(how))
        return ST_OK;
    TRY(read_recipe(cx, how, &recipe));
    Str codes = json_get_str(recipe, "missing_codes");
    if (codes.p)
        *ret = codes;
    return ST_OK;
}

static double number_of(const json_t *o, const char *key, double dflt)
{
    const json_t *v = json_object_get(o, key);
    return json_is_number(v) ? json_number_value(v) : dflt;
}

static Status step_of(Analysis *an, const json_t *o, PrepareColumn *ret)
{
    const json_t *clip = json_object_get(o, "clip");
    *ret = (PrepareColumn){.fill = number_of(o, "fill", NAN),
                           .low = -INFINITY,
                           .high = INFINITY,
                           .is_log = json_is_true(json_object_get(o, "log")),
                           .centre = number_of(o, "centre", 0),
                           .scale = number_of(o, "scale", 1)};
    if (json_array_size(clip) == 2) {
        ret->low = json_number_value(json_array_get(clip, 0));
        ret->high = json_number_value(json_array_get(clip, 1));
    }
    if (!(ret->scale > 0) || !isfinite(ret->centre))
        return FAIL(an->cx, ST_INVALID, "analyze.bad_step",
                    "the recipe's step for \"%s\" is not valid",
                    json_string_value(json_object_get(o, "name")));
    return ST_OK;
}

static json_t *step_json(Str name, const Series *of, Str value, const PrepareColumn *c)
{
    json_t *o = json_object();
    json_object_set_new(o, "name", json_stringn(name.p, name.n));
    if (value.p) {
        json_object_set_new(o, "of", json_stringn(of->name.p, of->name.n));
        json_object_set_new(o, "value", json_stringn(value.p, value.n));
    }
    if (!isnan(c->fill))
        json_object_set_new(o, "fill", json_real(c->fill));
    if (isfinite(c->low))
        json_object_set_new(o, "clip", json_pack("[f,f]", c->low, c->high));
    json_object_set_new(o, "log", json_boolean(c->is_log));
    json_object_set_new(o, "centre", json_real(c->centre));
    json_object_set_new(o, "scale", json_real(c->scale));
    return o;
}

/* ---- raw columns: numbers, and text as dummies ---- */
typedef struct Raw {
    Str name, value; /* value: of a dummy */
    Series *column;
    double *x;
} Raw;

static double *dummy(Analysis *an, const Series *c, Str value)
{
    double *x = arena_alloc(an->cx->arena, (an->frame->n + 1) * sizeof(double));
    for (size_t i = 0; i < an->frame->n; i++)
        x[i] = frame_code(c, i) < 0 ? NAN : str_eq(c->values[frame_code(c, i)], value);
    return x;
}

static Status raw_from_recipe(Analysis *an, const json_t *recipe, Raw **ret, size_t *ret_p)
{
    const json_t *steps = json_object_get(recipe, "columns");
    size_t p = json_array_size(steps);
    Raw *raw = ARENA_ARRAY(an->cx->arena, Raw, p);
    for (size_t j = 0; j < p; j++) {
        const json_t *o = json_array_get(steps, j);
        Str name = json_get_str(o, "name"), of = json_get_str(o, "of");
        raw[j] = (Raw){.name = name, .value = json_get_str(o, "value")};
        TRY(frame_find(an->cx, an->frame, of.p ? of : name, &raw[j].column));
        if (!of.p) {
            TRY(frame_need_numbers(an->cx, an->frame, raw[j].column));
            raw[j].x = raw[j].column->num;
        } else if (raw[j].column->code) {
            raw[j].x = dummy(an, raw[j].column, raw[j].value);
        } else {
            return FAIL(an->cx, ST_INVALID, "analyze.not_text",
                        "column \"" STR_FMT "\" is not text", STR_ARG(of));
        }
    }
    *ret = raw;
    *ret_p = p;
    return ST_OK;
}

static Status raw_from_columns(Analysis *an, bool is_free, Raw **ret, size_t *ret_p)
{
    Series **columns;
    size_t n, p = 0;
    TRY(analysis_columns(an, "columns", false, &columns, &n));
    if (analysis_has(an, "fill") && !str_is(analysis_text(an, "fill"), "none"))
        n += 0; /* rows with gaps stay: they are filled */
    else
        TRY(analysis_listwise(an, columns, n));
    if (is_free)
        TRY(analyze_order(an, columns, n));
    Terms terms;
    TRY(analysis_terms(an, columns, n, &terms));
    Raw *raw = ARENA_ARRAY(an->cx->arena, Raw, terms.n + 1);
    for (; p < terms.n; p++) {
        raw[p] = (Raw){.name = terms.names[p], .column = terms.columns[p], .x = terms.x[p]};
        if (terms.columns[p]->kind == COLUMN_TEXT)
            raw[p].value = str_sub(terms.names[p], terms.columns[p]->name.n + 1, SIZE_MAX);
    }
    *ret = raw;
    *ret_p = p;
    return ST_OK;
}

/* ---- together ---- */
static Status apply(Analysis *an, const Raw *raw, size_t p, const json_t *recipe,
                    const PrepareOptions *o, json_t *steps, Prepared *ret)
{
    Kernel *kn = &an->kernel;
    size_t n = ret->n;
    for (size_t j = 0; j < p; j++) {
        PrepareColumn c, plain;
        ret->names[j] = raw[j].name;
        ret->columns[j] = raw[j].column;
        if (recipe)
            TRY(step_of(an, json_array_get(json_object_get(recipe, "columns"), j), &c));
        else
            TRY(analysis_fault(an, prepare_fit(kn, raw[j].x, n, (int64_t)j, o, &c), ret->columns,
                               p));
        ret->fill[j] = c.fill;
        plain = (PrepareColumn){.fill = c.fill, .low = -INFINITY, .high = INFINITY, .scale = 1};
        TRY(analysis_fault(an, prepare_apply(kn, &c, raw[j].x, n, (int64_t)j, ret->x + j, p),
                           ret->columns, p));
        TRY(analysis_fault(an,
                           prepare_apply(kn, &plain, raw[j].x, n, (int64_t)j, ret->original + j, p),
                           ret->columns, p));
        json_array_append_new(steps, step_json(raw[j].name, raw[j].column, raw[j].value, &c));
    }
    return ST_OK;
}

static Status save_recipe(Analysis *an, const json_t *recipe)
{
    Str path = analysis_text(an, "save-recipe");
    if (path.n == 0)
        return ST_OK;
    FILE *f = fopen(str_z(an->cx->arena, path), "wb");
    int bad = !f || json_dumpf(recipe, f, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) != 0;
    if (f && fclose(f) != 0)
        bad = 1;
    if (bad)
        return FAIL(an->cx, ST_INVALID, "analyze.no_write", "cannot write the file %s",
                    str_z(an->cx->arena, path));
    return ST_OK;
}

/* Rows with a gap that no fill closes are left out of a replay, as they were of the first run. */
static Status drop_gaps(Analysis *an, bool is_free, const json_t *recipe, Raw **raw, size_t *p)
{
    Series **need = ARENA_ARRAY(an->cx->arena, Series *, *p + 1);
    size_t n = 0;
    for (size_t j = 0; j < *p; j++) {
        const json_t *o = json_array_get(json_object_get(recipe, "columns"), j);
        if (!json_is_number(json_object_get(o, "fill")))
            need[n++] = (*raw)[j].column;
    }
    TRY(analysis_listwise(an, need, n));
    size_t columns = 0; /* each once, as in the first run: the order must be that run's */
    for (size_t j = 0; j < *p; j++)
        if (!columns || need[columns - 1] != (*raw)[j].column)
            need[columns++] = (*raw)[j].column;
    if (is_free)
        TRY(analyze_order(an, need, columns));
    return raw_from_recipe(an, recipe, raw, p); /* the arrays are shorter now */
}

Status analyze_prepare(Analysis *an, bool is_free, Prepared *ret)
{
    Str how = analysis_text(an, "prepare");
    PrepareOptions o;
    Raw *raw = NULL;
    size_t p = 0;
    json_t *recipe = NULL;
    TRY(read_options(an, &o));
    if (!is_word(how)) {
        TRY(analysis_refuse(an, "columns fill clip", "--prepare with a recipe"));
        TRY(read_recipe(an->cx, how, &recipe));
        TRY(raw_from_recipe(an, recipe, &raw, &p));
        TRY(drop_gaps(an, is_free, recipe, &raw, &p));
    } else {
        TRY(raw_from_columns(an, is_free, &raw, &p));
    }
    size_t n = an->frame->n;
    an->result->n = (double)n;
    if (n == 0)
        return FAIL(an->cx, ST_INVALID, "analyze.no_data", "no row is left to analyse");
    if (n * p > MAX_CELLS)
        return FAIL(an->cx, ST_TOO_LARGE, "analyze.too_many_cells",
                    "%zu rows × %zu columns are too many", n, p);
    *ret = (Prepared){.n = n, .p = p};
    ret->x = arena_alloc(an->cx->arena, n * p * sizeof(double));
    ret->original = arena_alloc(an->cx->arena, n * p * sizeof(double));
    ret->names = ARENA_ARRAY(an->cx->arena, Str, p);
    ret->columns = ARENA_ARRAY(an->cx->arena, Series *, p);
    ret->fill = ARENA_ARRAY(an->cx->arena, double, p);
    json_t *out = result_object(an->result->tables, "recipe");
    result_put(out, "version", 1);
    Str codes = analysis_has(an, "missing-codes") ? analysis_text(an, "missing-codes")
                : recipe                          ? json_get_str(recipe, "missing_codes")
                                                  : STR_NULL;
    if (codes.n)
        result_put_text(out, "missing_codes", codes);
    result_put_text(out, "prepare",
                    recipe  ? json_get_str(recipe, "prepare")
                    : how.n ? how
                            : STR("z0"));
    TRY(apply(an, raw, p, recipe, &o, result_array(out, "columns"), ret));
    return save_recipe(an, out);
}
