/* SPDX-License-Identifier: Apache-2.0 */
/* The back end in memory: one record. expr_sql.c is the other one; the property test
 * tests/unit/expr/expr_agree_test.c requires the two to agree. */
#include "expr/expr_eval.h"
#include "base/html.h"
#include "meta/field/field.h"
#include "meta/meta_secret.h"
#include <math.h>

#define MAX_STEPS 2000000 /* evaluated nodes, children included */
#define MS_PER_DAY INT64_C(86400000)

static Value truth(bool b) { return (Value){.t = V_BOOL, .b = b}; }

static Status too_large(Eval *v)
{
    return FAIL(v->cx, ST_INVALID, "expr.overflow", "a number in an expression becomes too large");
}

/* ---- paths */
static const EvalFrame *frame_of(const EvalFrame *f, const Expr *path)
{
    return path->outer ? f->around : f;
}

/* The values of the record that the first `hops` links of a path lead to; NULL: none or unseen. */
Status expr_eval_start(Eval *v, const EvalFrame *f, const Expr *path, size_t hops, bool old,
                       const Value **ret_values)
{
    const ExprRow *row = frame_of(f, path)->row;
    const Value *values = old ? row->old_values : row->values;
    for (size_t i = 0; i < hops && values; i++) {
        const Value *link = &values[path->hops[i]->index];
        bool other = link->t == V_REF && !str_eq(link->ref.object, path->hops[i]->to_name);
        if (link->t == V_NULL || other || !row->follow) {
            values = NULL;
            break;
        }
        Id id = link->t == V_REF ? link->ref.id : link->i;
        TRY(row->follow(row->arg, v->cx, path->hops[i], id, &values));
    }
    *ret_values = values;
    return ST_OK;
}

static Status eval_formula(Eval *v, const EvalFrame *f, const Field *field, const Value *values,
                           Value *ret)
{
    if (!field->formula_expr || v->formulas >= EXPR_MAX_FORMULAS)
        return FAIL(v->cx, ST_INTERNAL, "expr.formula_depth",
                    "formula " STR_FMT " cannot be computed", STR_ARG(field->name));
    ExprRow row = {.arg = f->row->arg,
                   .values = values,
                   .follow = f->row->follow,
                   .children = f->row->children};
    EvalFrame inner = {.row = &row, .object = field->object};
    Value raw;
    v->formulas++;
    TRY(expr_eval_node(v, &inner, field->formula_expr, &raw));
    v->formulas--;
    return expr_number_result(v->cx, field, &raw, ret);
}

Status expr_eval_field(Eval *v, const EvalFrame *f, const Field *field, const Value *values,
                       Value *ret)
{
    if (field->kind == F_FORMULA)
        return eval_formula(v, f, field, values, ret);
    *ret = field->part_of ? field_part_value(field, &values[field->index]) : values[field->index];
    if (ret->t == V_REF) /* about, or about.object */
        *ret = field->kind == F_CHOICE ? (Value){.t = V_TEXT, .s = ret->ref.object}
                                       : (Value){.t = V_ID, .i = ret->ref.id};
    return ST_OK;
}

static Status eval_path(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    const Value *values;
    *ret = VALUE_NULL;
    TRY(expr_eval_start(v, f, e, e->n_hops - 1u, false, &values));
    return values ? expr_eval_field(v, frame_of(f, e), e->hops[e->n_hops - 1], values, ret) : ST_OK;
}

/* ---- comparisons */
static int sign_of(int64_t a, int64_t b) { return (a > b) - (a < b); }

static Status compare_values(Eval *v, const Value *a, const Value *b, int *ret)
{
    Value x = *a, y = *b;
    if (x.t != y.t && (x.t == V_TIME || y.t == V_TIME)) {
        TRY(expr_number_as(v->cx, a, V_TIME, 0, &x));
        TRY(expr_number_as(v->cx, b, V_TIME, 0, &y));
    }
    switch ((ValueType)x.t) {
    case V_TEXT: *ret = str_cmp(x.s, y.s); break;
    case V_BOOL: *ret = x.b - y.b; break;
    case V_DATE:
    case V_TIME:
    case V_ID: *ret = sign_of(x.i, y.i); break;
    default: *ret = expr_number_cmp(&x, &y); break;
    }
    return ST_OK;
}

static Value holds(ExprOp op, int order)
{
    switch (op) {
    case OP_EQ: return truth(order == 0);
    case OP_NE: return truth(order != 0);
    case OP_LT: return truth(order < 0);
    case OP_LE: return truth(order <= 0);
    case OP_GT: return truth(order > 0);
    default: return truth(order >= 0);
    }
}

/* Has the record `id` behind a link to a coded list one of the codes of args[from …]? */
static Status has_code(Eval *v, const EvalFrame *f, const Expr *e, const Field *link, Id id,
                       size_t from, size_t to, Value *ret)
{
    const Value *values = NULL;
    bool by_ids = e->env && e->env->code_ids;
    const ExprRow *row = f->row;
    *ret = truth(false);
    if (!by_ids) {
        if (row->follow)
            TRY(row->follow(row->arg, v->cx, link, id, &values));
        if (!values || values[link->to->code->index].t == V_NULL) {
            *ret = VALUE_NULL;
            return ST_OK;
        }
    }
    for (size_t i = from; i < to; i++) {
        Str code = e->args[i]->lit.s;
        if (!by_ids) {
            ret->b = ret->b || str_eq(values[link->to->code->index].s, code);
            continue;
        }
        const Id *ids;
        size_t n;
        TRY(e->env->code_ids(e->env->arg, v->cx, link->to, code, &ids, &n));
        for (size_t k = 0; k < n; k++)
            ret->b = ret->b || ids[k] == id;
    }
    return ST_OK;
}

static Status eval_link_code(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value link;
    const Expr *path = e->args[0];
    TRY(expr_eval_node(v, f, path, &link));
    *ret = VALUE_NULL;
    if (link.t == V_NULL)
        return ST_OK;
    TRY(has_code(v, frame_of(f, path), e, path->hops[path->n_hops - 1], link.i, 1, e->n, ret));
    if (e->op == OP_NE && ret->t == V_BOOL)
        ret->b = !ret->b;
    return ST_OK;
}

static bool is_blind_of(Ctx *cx, const Field *f, const Value *secret, Str text)
{
    Str blinds[VAULT_MAX];
    if (secret->scale == SECRET_PLAIN)
        return str_eq(secret->s, text);
    size_t n =
        vault_blinds(cx->meta->vault, cx->arena, meta_secret_field(cx->arena, f), text, blinds);
    for (size_t i = 0; i < n; i++)
        if (str_eq(blinds[i], secret->shown))
            return true;
    return false;
}

static Status eval_blind(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    const Expr *path = e->args[0];
    Value secret;
    TRY(expr_eval_node(v, f, path, &secret));
    *ret = VALUE_NULL;
    if (secret.t != V_SECRET)
        return ST_OK;
    *ret = truth(false);
    for (size_t i = 1; i < e->n; i++)
        ret->b =
            ret->b || is_blind_of(v->cx, path->hops[path->n_hops - 1], &secret, e->args[i]->lit.s);
    return ST_OK;
}

static Status eval_compare(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value a, b;
    int order;
    if (e->mode == MODE_BLIND)
        return eval_blind(v, f, e, ret);
    if (e->mode == MODE_CODE)
        return eval_link_code(v, f, e, ret);
    TRY(expr_eval_node(v, f, e->args[0], &a));
    TRY(expr_eval_node(v, f, e->args[1], &b));
    *ret = VALUE_NULL;
    if (a.t == V_NULL || b.t == V_NULL)
        return ST_OK;
    TRY(compare_values(v, &a, &b, &order));
    *ret = holds((ExprOp)e->op, order);
    return ST_OK;
}

static Status eval_between(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value x[3];
    bool null = false;
    for (size_t i = 0; i < 3; i++)
        TRY(expr_eval_node(v, f, e->args[i], &x[i]));
    *ret = truth(false);
    for (size_t i = 1; i < 3; i++) {
        int order;
        if (x[0].t == V_NULL || x[i].t == V_NULL) {
            null = true;
            continue;
        }
        TRY(compare_values(v, &x[0], &x[i], &order));
        if (i == 1 ? order < 0 : order > 0)
            return ST_OK;
    }
    *ret = null ? VALUE_NULL : truth(true);
    return ST_OK;
}

/* ---- text tests */
static bool contains(Str text, Str part)
{
    return part.n == 0 || (part.n <= text.n && str_find(text, part) != SIZE_MAX);
}

static Status eval_text_test(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value a, b;
    TRY(expr_eval_node(v, f, e->args[0], &a));
    TRY(expr_eval_node(v, f, e->args[1], &b));
    *ret = VALUE_NULL;
    if (a.t == V_NULL || b.t == V_NULL)
        return ST_OK;
    if (a.t == V_HTML)
        a.s = html_text(v->cx->arena, a.s);
    Str (*fold)(Arena *, Str) = e->mode == MODE_FOLDED ? fold_text : fold_chars;
    Str text = fold(v->cx->arena, a.s), part = fold(v->cx->arena, b.s);
    *ret = truth(e->op == OP_STARTS ? str_starts(text, part)
                 : e->op == OP_ENDS ? str_ends(text, part)
                                    : contains(text, part));
    return ST_OK;
}

/* ---- membership */
static Status in_codes(Eval *v, const EvalFrame *f, const Expr *e, const Value *left, Value *ret)
{
    const Expr *path = e->args[0];
    const Field *link = path->hops[path->n_hops - 1];
    if (path->t != V_IDS)
        return eval_link_code(v, f, e, ret);
    for (size_t i = 0; left->t == V_IDS && i < left->ids.n; i++) {
        TRY(has_code(v, frame_of(f, path), e, link, left->ids.p[i], 1, e->n, ret));
        if (ret->t == V_BOOL && ret->b)
            return ST_OK;
    }
    *ret = truth(false);
    return ST_OK;
}

static bool has_id(const Value *ids, Id id)
{
    for (size_t i = 0; ids->t == V_IDS && i < ids->ids.n; i++)
        if (ids->ids.p[i] == id)
            return true;
    return false;
}

/* Links have no null: an empty list of links holds nothing. */
static Status links_in(Eval *v, const EvalFrame *f, const Expr *e, const Value *links, Value *ret)
{
    *ret = truth(false);
    for (size_t i = 1; i < e->n; i++) {
        Value id;
        TRY(expr_eval_node(v, f, e->args[i], &id));
        if ((id.t == V_ID && has_id(links, id.i)) ||
            (id.t == V_TEXT && value_has_text(links, id.s)))
            ret->b = true;
        for (size_t k = 0; id.t == V_IDS && k < id.ids.n; k++)
            ret->b = ret->b || has_id(links, id.ids.p[k]);
    }
    return ST_OK;
}

static Status eval_in(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value left;
    bool null = false;
    if (e->mode == MODE_BLIND)
        return eval_blind(v, f, e, ret);
    TRY(expr_eval_node(v, f, e->args[0], &left));
    *ret = truth(false);
    if (e->n == 1)
        return ST_OK;
    if (e->mode == MODE_CODE)
        return in_codes(v, f, e, &left, ret);
    if (e->args[0]->t == V_IDS || e->args[0]->t == V_TEXTS)
        return links_in(v, f, e, &left, ret);
    for (size_t i = 1; i < e->n; i++) {
        Value item;
        int order;
        TRY(expr_eval_node(v, f, e->args[i], &item));
        if (left.t == V_NULL || item.t == V_NULL) {
            null = true;
            continue;
        }
        if (item.t == V_IDS)
            order = !has_id(&item, left.i);
        else
            TRY(compare_values(v, &left, &item, &order));
        if (order == 0) {
            *ret = truth(true);
            return ST_OK;
        }
    }
    if (null)
        *ret = VALUE_NULL;
    return ST_OK;
}

static Status eval_member(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value left, links;
    const Expr *path = e->args[1];
    TRY(expr_eval_node(v, f, path, &links));
    *ret = truth(false);
    if (e->mode == MODE_CODE) {
        for (size_t i = 0; links.t == V_IDS && i < links.ids.n; i++) {
            Value found;
            TRY(has_code(v, frame_of(f, path), e, path->hops[path->n_hops - 1], links.ids.p[i], 0,
                         1, &found));
            ret->b = ret->b || (found.t == V_BOOL && found.b);
        }
        return ST_OK;
    }
    TRY(expr_eval_node(v, f, e->args[0], &left));
    if (left.t == V_ID)
        ret->b = has_id(&links, left.i);
    else if (left.t == V_TEXT)
        ret->b = value_has_text(&links, left.s);
    return ST_OK;
}

/* ---- logic */
static Status eval_logic(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    bool decisive = e->op == OP_OR, null = false;
    for (size_t i = 0; i < e->n; i++) {
        TRY(expr_eval_node(v, f, e->args[i], ret));
        if (ret->t == V_NULL)
            null = true;
        else if (ret->b == decisive)
            return ST_OK;
    }
    *ret = null ? VALUE_NULL : truth(!decisive);
    return ST_OK;
}

static Status eval_not(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    TRY(expr_eval_node(v, f, e->args[0], ret));
    if (ret->t == V_BOOL)
        ret->b = !ret->b;
    return ST_OK;
}

/* ---- arithmetic */
static Status real_result(Eval *v, const Expr *e, const Value *a, const Value *b, Value *ret)
{
    double x = expr_number_real(a), y = expr_number_real(b), r;
    if (e->op == OP_DIV && y == 0)
        return ST_OK;
    r = e->op == OP_ADD ? x + y : e->op == OP_SUB ? x - y : e->op == OP_MUL ? x * y : x / y;
    if (!isfinite(r))
        return too_large(v);
    *ret = (Value){.t = V_REAL, .r = r};
    return ST_OK;
}

/* Both at their own scales for a product, at the common one for everything else. */
static Status exact_result(Eval *v, const Expr *e, const Value *a, const Value *b, Value *ret)
{
    int64_t x, y, r = 0;
    bool product = e->op == OP_MUL, ok;
    if (!expr_number_at(a, product ? e->args[0]->scale : e->scale, &x) ||
        !expr_number_at(b, product ? e->args[1]->scale : e->scale, &y))
        return too_large(v);
    switch ((ExprOp)e->op) {
    case OP_ADD: ok = !__builtin_add_overflow(x, y, &r); break;
    case OP_SUB: ok = !__builtin_sub_overflow(x, y, &r); break;
    case OP_MUL: ok = !__builtin_mul_overflow(x, y, &r); break;
    default:
        if (y == 0)
            return ST_OK;
        r = y == -1 ? 0 : x % y;
        ok = true;
        break;
    }
    if (!ok)
        return too_large(v);
    *ret = expr_number_value(v->cx, (ValueType)e->t, e->scale, r);
    return ST_OK;
}

/* Sums and differences with dates and durations. */
static Status moment_result(Eval *v, const Expr *e, const Value *a, const Value *b, Value *ret)
{
    int64_t r;
    Value x = *a, y = *b;
    if (e->op == OP_SUB && a->t != b->t && e->t == V_DURATION) {
        TRY(expr_number_as(v->cx, a, V_TIME, 0, &x));
        TRY(expr_number_as(v->cx, b, V_TIME, 0, &y));
    }
    bool ok = e->op == OP_SUB   ? !__builtin_sub_overflow(x.i, y.i, &r)
              : e->op == OP_ADD ? !__builtin_add_overflow(x.i, y.i, &r)
                                : !__builtin_mul_overflow(x.i, y.i, &r);
    if (!ok || !expr_date_fits((ValueType)e->t, r))
        return too_large(v);
    *ret = (Value){.t = e->t, .i = r};
    return ST_OK;
}

static bool is_moment(const Expr *e)
{
    return e->t == V_DATE || e->t == V_TIME || e->t == V_DURATION;
}

static Status eval_arithmetic(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value a, b;
    TRY(expr_eval_node(v, f, e->args[0], &a));
    TRY(expr_eval_node(v, f, e->args[1], &b));
    *ret = VALUE_NULL;
    if (a.t == V_NULL || b.t == V_NULL)
        return ST_OK;
    if (e->t == V_REAL)
        return real_result(v, e, &a, &b, ret);
    if (is_moment(e->args[0]) || is_moment(e->args[1]))
        return moment_result(v, e, &a, &b, ret);
    return exact_result(v, e, &a, &b, ret);
}

static Status eval_negative(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    Value a;
    int64_t n;
    TRY(expr_eval_node(v, f, e->args[0], &a));
    *ret = a;
    if (a.t == V_NULL)
        return ST_OK;
    if (a.t == V_REAL) {
        ret->r = -a.r;
        return ST_OK;
    }
    if (!expr_number_at(&a, e->scale, &n) || n == INT64_MIN)
        return too_large(v);
    *ret = expr_number_value(v->cx, (ValueType)e->t, e->scale, -n);
    return ST_OK;
}

static Status eval_literal(Eval *v UNUSED, const EvalFrame *f UNUSED, const Expr *e, Value *ret)
{
    *ret = e->lit;
    return ST_OK;
}

static Status eval_is_null(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    TRY(expr_eval_node(v, f, e->args[0], ret));
    *ret = truth(ret->t == V_NULL || (ret->t == V_IDS && ret->ids.n == 0));
    return ST_OK;
}

static Status eval_any_call(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    return e->call->over_rows ? expr_eval_rows(v, f, e, ret) : expr_eval_call(v, f, e, ret);
}

typedef Status (*EvalOp)(Eval *v, const EvalFrame *f, const Expr *e, Value *ret);
static const EvalOp BY_OP[] = {
    [OP_LITERAL] = eval_literal,    [OP_PATH] = eval_path,
    [OP_CALL] = eval_any_call,      [OP_AND] = eval_logic,
    [OP_OR] = eval_logic,           [OP_NOT] = eval_not,
    [OP_EQ] = eval_compare,         [OP_NE] = eval_compare,
    [OP_LT] = eval_compare,         [OP_LE] = eval_compare,
    [OP_GT] = eval_compare,         [OP_GE] = eval_compare,
    [OP_CONTAINS] = eval_text_test, [OP_STARTS] = eval_text_test,
    [OP_ENDS] = eval_text_test,     [OP_IN] = eval_in,
    [OP_MEMBER] = eval_member,      [OP_BETWEEN] = eval_between,
    [OP_IS_NULL] = eval_is_null,    [OP_ADD] = eval_arithmetic,
    [OP_SUB] = eval_arithmetic,     [OP_MUL] = eval_arithmetic,
    [OP_DIV] = eval_arithmetic,     [OP_MOD] = eval_arithmetic,
    [OP_NEG] = eval_negative,
};

Status expr_eval_node(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    *ret = VALUE_NULL;
    if (++v->steps > MAX_STEPS)
        return FAIL(v->cx, ST_TOO_LARGE, "expr.too_much_work",
                    "the expression looks at too many records");
    return BY_OP[e->op](v, f, e, ret);
}

Status expr_eval(Ctx *cx, const Expr *e, const ExprRow *row, Value *ret)
{
    Eval v = {.cx = cx};
    ExprRow nothing = {0};
    EvalFrame f = {.row = row ? row : &nothing};
    return expr_eval_node(&v, &f, e, ret);
}

Status expr_formula(Ctx *cx, const Field *formula, const ExprRow *row, Value *ret)
{
    Eval v = {.cx = cx};
    EvalFrame f = {.row = row, .object = formula->object};
    return expr_eval_field(&v, &f, formula, row->values, ret);
}

Status expr_is_true(Ctx *cx, const Expr *e, const ExprRow *row, bool *ret_true)
{
    Value v;
    *ret_true = false;
    TRY(expr_eval(cx, e, row, &v));
    *ret_true = v.t == V_BOOL && v.b;
    return ST_OK;
}
