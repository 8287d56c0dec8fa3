/* SPDX-License-Identifier: Apache-2.0 */
/* Rollups: count(lines), sum(orders, total, status = "paid") and the like over the records that hang
 * on this one, stored and kept up to date by record/. What they read must therefore be known from the
 * child's own row alone: no paths, no clock, no user, no zone. Formulas of the child are allowed
 * where they keep to that, and so is the code of a coded list, which never changes. */
#include "expr/expr_emit.h"
#include "expr/expr_read.h"

static Status refuse(Ctx *cx, const Expr *e)
{
    return expr_fail(cx, e->at,
                     text_in(cx, "expr.rollup_part",
                             "a rollup reads fields of the related records alone: no paths, no "
                             "other rollups, nothing that depends on time, zone or user"));
}

static bool is_volatile(ExprFn fn)
{
    switch (fn) {
    case FN_TODAY:
    case FN_NOW:
    case FN_DAYS_AGO:
    case FN_DAYS_AHEAD:
    case FN_MONTHS_AGO:
    case FN_ME:
    case FN_MY_DEPARTMENT:
    case FN_MY_DEPARTMENTS:
    case FN_MY_TEAMS:
    case FN_CHANGED:
    case FN_OLD:
    case FN_IS_NEW:
    case FN_WORKDAYS_BETWEEN: return true;
    default: return false;
    }
}

/* Instants are told by their day in somebody's zone as soon as anything is done with them. */
static bool uses_instants(const Expr *e)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->args[i]->t == V_TIME && e->op != OP_IS_NULL)
            return true;
    return false;
}

static Status check_local(Ctx *cx, const Expr *e, int formulas)
{
    if (e->op == OP_PATH) {
        const Field *f = e->n_hops == 1 ? e->hops[0] : NULL;
        if (!f || e->outer || f->kind == F_ROLLUP || formulas > EXPR_MAX_FORMULAS)
            return refuse(cx, e);
        return f->formula_expr ? check_local(cx, f->formula_expr, formulas + 1) : ST_OK;
    }
    if (uses_instants(e) || (e->op == OP_CALL && (e->call->over_rows || is_volatile(e->call->fn))))
        return refuse(cx, e);
    for (size_t i = 0; i < e->n; i++)
        TRY(check_local(cx, e->args[i], formulas));
    return ST_OK;
}

static bool is_rollup(const Expr *e)
{
    if (e->op != OP_CALL || !e->call->over_rows)
        return false;
    switch (e->call->fn) {
    case FN_COUNT:
    case FN_SUM:
    case FN_AVG:
    case FN_MIN:
    case FN_MAX: break;
    default: return false;
    }
    const Expr *path = e->args[0];
    return path->n_names == 1 && !path->outer && path->child;
}

static Status not_rollup(Ctx *cx, const Expr *e)
{
    return expr_fail(cx, e->at,
                     text_in(cx, "expr.rollup_form",
                             "a rollup is count, sum, avg, min or max of related records"));
}

Status expr_rollup_check(Ctx *cx, const Expr *e)
{
    for (size_t i = 1; i < e->n; i++)
        TRY(check_local(cx, e->args[i], 0));
    return ST_OK;
}

/* Of which type the figure is, told by the expression. */
Status expr_rollup_type(Ctx *cx, Field *f)
{
    const Expr *e = f->rollup_expr;
    int scale = e->scale;
    if (!is_rollup(e))
        return not_rollup(cx, e);
    switch ((ValueType)e->t) {
    case V_INT: f->result = F_INTEGER; break;
    case V_DECIMAL: f->result = F_DECIMAL; break;
    case V_MONEY: f->result = F_MONEY; break;
    case V_DATE: f->result = F_DATE; break;
    case V_TIME: f->result = F_DATETIME; break;
    case V_REAL:
        f->result = e->n > 1 && e->args[1]->t == V_MONEY ? F_MONEY : F_DECIMAL;
        scale = e->n > 1 ? e->args[1]->scale + (f->result == F_MONEY ? 0 : 2) : 2;
        break;
    default:
        return expr_fail(cx, e->at,
                         text_in(cx, "expr.rollup_type",
                                 "a rollup gives a number, money, a date or a time, not %s",
                                 expr_type_name(cx, e)));
    }
    if (f->result == F_INTEGER || f->result == F_DATE || f->result == F_DATETIME)
        f->scale = 0;
    else if (f->scale < 0)
        f->scale = scale < 9 ? scale : 9;
    return ST_OK;
}

const Field *expr_rollup_link(const Field *f)
{
    const Expr *path = f->rollup_expr->args[0];
    return path->links ? path->links : path->relation->field;
}

bool expr_rollup_is_own(const Field *f) { return f->rollup_expr->args[0]->links != NULL; }

const Object *expr_rollup_child(const Field *f) { return f->rollup_expr->args[0]->child; }

void expr_rollup_fields(const Field *f, uint64_t *bits, size_t words)
{
    for (size_t i = 1; i < f->rollup_expr->n; i++)
        expr_fields(f->rollup_expr->args[i], bits, words);
}

static ValueType result_type(const Field *f)
{
    switch (f->result) {
    case F_INTEGER: return V_INT;
    case F_MONEY: return V_MONEY;
    case F_DATE: return V_DATE;
    case F_DATETIME: return V_TIME;
    default: return V_DECIMAL;
    }
}

Status expr_rollup_sql(Ctx *cx, const Field *f, SqlScope *scope, Sql *out)
{
    Ctx all = *cx; /* the figure is that of the whole organisation */
    SqlScope whole = *scope;
    all.access = NULL;
    all.as_of = 0;
    whole.cx = &all;
    Emit m = {.cx = &all, .scope = &whole, .alias = scope->alias, .object = f->object};
    Status st = expr_sql_as(&m, f->rollup_expr, result_type(f), f->scale, out);
    scope->from = whole.from;
    scope->joins = whole.joins;
    if (st != ST_OK)
        cx->err = all.err;
    return st;
}

Status expr_rollup_value(Ctx *cx, const Field *f, const ExprRow *row, Value *ret)
{
    Value raw = VALUE_NULL;
    TRY(expr_eval(cx, f->rollup_expr, row, &raw));
    return expr_number_result(cx, f, &raw, ret);
}
