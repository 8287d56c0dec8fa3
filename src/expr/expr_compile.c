/* SPDX-License-Identifier: Apache-2.0 */
/* The expressions of the catalogue: formulas, rules, required_when and the like, compiled once when
 * a catalogue is built, into its arena. Formulas may use formulas, but not in a circle.
 * Codes of coded lists are not looked up here: a stage may be added later. Without names of a user
 * such a comparison reads the linked record's code. */
#include "expr/expr_read.h"

typedef struct Known { /* a formula whose cost has been, or (-1) is being counted */
    const Field *field;
    int64_t cost;
    int height; /* formulas below, itself included */
} Known;
typedef struct Compile {
    Ctx *cx;
    Meta *m;
    VEC(Known) known;
} Compile;

static Status name_part(Ctx *cx, Status st, const Object *o, Str part, const char *attribute)
{
    if (st != ST_OK && cx->err.fields.n > 0)
        cx->err.fields.v[cx->err.fields.n - 1].field = str_format(
            cx->arena, STR_FMT "." STR_FMT ".%s", STR_ARG(o->name), STR_ARG(part), attribute);
    return st;
}

/* The tree lives in the catalogue's arena, but what an error says must outlive it: a text that
 * fails is read again for its error. */
static Status compile_text(Compile *c, const Object *o, Str part, const char *attribute, Str text,
                           ExprUse use, const Expr **ret)
{
    ExprScope scope = {.object = o, .is_rule = use == EXPR_CONDITION};
    Ctx inner = *c->cx;
    Expr *e = NULL;
    if (!text.n)
        return ST_OK;
    inner.arena = c->m->arena;
    inner.err = (Error){.status = ST_OK};
    if (expr_parse_checked(&inner, text, &scope, use, false, &e) == ST_OK) {
        *ret = e;
        return ST_OK;
    }
    return name_part(c->cx, expr_parse_checked(c->cx, text, &scope, use, false, &e), o, part,
                     attribute);
}

static bool gives(const Expr *e, FieldKind kind)
{
    switch (kind) {
    case F_INTEGER:
    case F_DECIMAL:
    case F_PERCENT:
    case F_MONEY: return expr_type_is_number(e);
    case F_BOOLEAN: return e->t == V_BOOL;
    case F_DATE: return e->t == V_DATE;
    case F_DATETIME: return e->t == V_TIME || e->t == V_DATE;
    default: return e->t == V_TEXT;
    }
}

static Status compile_formula(Compile *c, Field *f)
{
    TRY(compile_text(c, f->object, f->name, "of", f->formula, EXPR_VALUE, &f->formula_expr));
    const Expr *e = f->formula_expr;
    if (!e || e->t == V_NULL || gives(e, f->result))
        return ST_OK;
    Status st = expr_fail(c->cx, e->at,
                          text_in(c->cx, "expr.formula_result",
                                  "the formula gives %s, which is not its result type",
                                  expr_type_name(c->cx, e)));
    return name_part(c->cx, st, f->object, f->name, "result");
}

static Status compile_rollup(Compile *c, Field *f)
{
    TRY(compile_text(c, f->object, f->name, "of", f->formula, EXPR_VALUE, &f->rollup_expr));
    return name_part(c->cx, expr_rollup_type(c->cx, f), f->object, f->name, "of");
}

/* First of all: formulas may read rollups, whose type is that of their text. */
static Status compile_rollups(Compile *c)
{
    for (size_t i = 0; i < c->m->n_objects; i++)
        for (size_t k = 0; k < c->m->objects[i]->n_fields; k++)
            if (c->m->objects[i]->fields[k]->kind == F_ROLLUP)
                TRY(compile_rollup(c, c->m->objects[i]->fields[k]));
    return ST_OK;
}

static Status check_rollups(Compile *c)
{
    for (size_t i = 0; i < c->m->n_objects; i++)
        for (size_t k = 0; k < c->m->objects[i]->n_fields; k++) {
            Field *f = c->m->objects[i]->fields[k];
            if (f->kind != F_ROLLUP)
                continue;
            TRY(name_part(c->cx, expr_rollup_check(c->cx, f->rollup_expr), f->object, f->name,
                          "of"));
            expr_rollup_describe(c->cx, f);
            f->rollup_text = str_copy(c->m->arena, f->rollup_text); /* outlives the request */
        }
    return ST_OK;
}

static Status compile_field(Compile *c, Field *f)
{
    const Object *o = f->object;
    if (f->kind == F_FORMULA)
        TRY(compile_formula(c, f));
    TRY(compile_text(c, o, f->name, "required_when", f->required_when, EXPR_CONDITION,
                     &f->required_when_expr));
    TRY(compile_text(c, o, f->name, "visible_when", f->visible_when, EXPR_CONDITION,
                     &f->visible_when_expr));
    return compile_text(c, o, f->name, "readonly_when", f->readonly_when, EXPR_CONDITION,
                        &f->readonly_when_expr);
}

/* ---- formulas of formulas */
static Known *find_known(Compile *c, const Field *f)
{
    for (size_t i = 0; i < c->known.n; i++)
        if (c->known.v[i].field == f)
            return &c->known.v[i];
    return NULL;
}

static Status count_formula(Compile *c, const Field *f, Known *sum);

static Status count_tree(Compile *c, const Expr *e, Known *sum)
{
    const Field *last = e->op == OP_PATH && e->n_hops ? e->hops[e->n_hops - 1] : NULL;
    sum->cost++;
    if (last && last->kind == F_FORMULA && last->formula_expr)
        TRY(count_formula(c, last, sum));
    for (size_t i = 0; i < e->n; i++)
        TRY(count_tree(c, e->args[i], sum));
    return ST_OK;
}

static Status refuse(Compile *c, const Field *f, Str message)
{
    return name_part(c->cx, expr_fail(c->cx, 0, message), f->object, f->name, "of");
}

static Status check_formula(Compile *c, const Known *row)
{
    if (row->height > EXPR_MAX_FORMULAS)
        return refuse(
            c, row->field,
            text_in(c->cx, "expr.formula_circle",
                    "the formula comes back to itself, or goes through more than %d others",
                    EXPR_MAX_FORMULAS));
    if (row->cost > EXPR_MAX_COST)
        return refuse(c, row->field,
                      text_in(c->cx, "expr.too_costly",
                              "with its formulas written out this has more than %d parts",
                              EXPR_MAX_COST));
    return ST_OK;
}

/* Adds the formula's cost to what refers to it. One that is met again while it is being counted
 * lies in a circle: its height has no end. */
static Status count_formula(Compile *c, const Field *f, Known *sum)
{
    Known *known = find_known(c, f);
    Known row = {.field = f, .cost = -1, .height = EXPR_MAX_FORMULAS};
    if (!known) {
        VEC_PUSH(c->cx->arena, &c->known, row);
        row = (Known){.field = f};
        TRY(count_tree(c, f->formula_expr, &row));
        row.height++;
        TRY(check_formula(c, &row));
        ((Expr *)f->formula_expr)->cost = (uint32_t)row.cost;
        *find_known(c, f) = row;
    } else {
        row = *known;
    }
    sum->cost += row.cost;
    if (row.height > sum->height)
        sum->height = row.height;
    return ST_OK;
}

static Status count_formulas(Compile *c, const Object *o)
{
    Known all = {0};
    for (size_t i = 0; i < o->n_fields; i++)
        if (o->fields[i]->formula_expr)
            TRY(count_formula(c, o->fields[i], &all));
    return ST_OK;
}

static Status compile_rules(Compile *c, Object *o)
{
    for (size_t i = 0; i < o->n_rules; i++) {
        Rule *r = &o->rules[i];
        TRY(compile_text(c, o, r->name, "check", r->check, EXPR_CONDITION, &r->check_expr));
    }
    return ST_OK;
}

static Status compile_verbs(Compile *c, Object *o)
{
    for (size_t i = 0; i < o->n_verbs; i++) {
        ObjectVerb *v = &o->verbs[i];
        TRY(compile_text(c, o, v->name, "when", v->when, EXPR_CONDITION, &v->when_expr));
    }
    return ST_OK;
}

Status expr_compile_meta(void *arg, Ctx *cx, Meta *m)
{
    (void)arg;
    Compile c = {.cx = cx, .m = m};
    TRY(compile_rollups(&c));
    for (size_t i = 0; i < m->n_objects; i++) {
        for (size_t k = 0; k < m->objects[i]->n_fields; k++)
            TRY(compile_field(&c, m->objects[i]->fields[k]));
        TRY(compile_rules(&c, m->objects[i]));
        TRY(compile_verbs(&c, m->objects[i]));
    }
    for (size_t i = 0; i < m->n_objects; i++)
        TRY(count_formulas(&c, m->objects[i]));
    return check_rollups(&c);
}
