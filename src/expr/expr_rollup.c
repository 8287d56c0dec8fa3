/* SPDX-License-Identifier: Apache-2.0 */
/* Rollups: count(lines), sum(orders, total, status = "paid") and the like over the records that hang
 * on this one, stored and kept up to date by record/. What they read must therefore be known from the
 * child's own row alone: no paths, no clock, no user, no zone. Formulas of the child are allowed
 * where they keep to that, and so is the code of a coded list, which never changes. */
#include "expr/expr_emit.h"
#include "expr/expr_eval.h"
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

/* ---- sets */
/* The figure is that of the whole organisation. */
typedef struct Whole {
    Ctx cx;
    SqlScope scope;
    Emit emit;
} Whole;

static void whole_open(Whole *w, const Ctx *cx, const Field *f, const SqlScope *scope)
{
    w->cx = *cx;
    w->cx.access = NULL;
    w->cx.as_of = 0;
    w->scope = *scope;
    w->scope.cx = &w->cx;
    w->emit = (Emit){.cx = &w->cx, .scope = &w->scope, .alias = scope->alias, .object = f->object};
}

static Status whole_close(const Whole *w, Ctx *cx, SqlScope *scope, Status st)
{
    scope->from = w->scope.from;
    scope->joins = w->scope.joins;
    if (st != ST_OK)
        cx->err = w->cx.err;
    return st;
}

Status expr_rollup_sql(Ctx *cx, const Field *f, SqlScope *scope, Sql *out)
{
    Whole w;
    whole_open(&w, cx, f, scope);
    Status st = expr_sql_as(&w.emit, f->rollup_expr, result_type(f), f->scale, out);
    return whole_close(&w, cx, scope, st);
}

Status expr_rollup_read(Ctx *cx, const Field *f, SqlScope *scope, int alias, Sql *out)
{
    Whole w;
    if (!cx->as_of) {
        sql_column(out, scope_derived(scope, alias, f->object), f, 0);
        return ST_OK;
    }
    whole_open(&w, cx, f, scope);
    w.cx.as_of = cx->as_of;
    w.emit.alias = alias;
    sql_lit(out, "(CASE WHEN ");
    sql_column(out, alias, f->object->id, 0);
    sql_lit(out, " IS NOT NULL THEN ");
    Status st = expr_sql_as(&w.emit, f->rollup_expr, result_type(f), f->scale, out);
    sql_lit(out, " END)");
    return whole_close(&w, cx, scope, st);
}

static Expr *node(Ctx *cx, ExprOp op, const Expr *a, const Expr *b)
{
    Expr *e = ARENA_NEW(cx->arena, Expr);
    *e = (Expr){.op = (uint8_t)op, .t = V_BOOL, .n = b ? 2 : 1, .at = a->at};
    e->cost = a->cost + (b ? b->cost : 0) + 1;
    e->args = ARENA_ARRAY(cx->arena, Expr *, 2);
    e->args[0] = (Expr *)a;
    e->args[1] = (Expr *)b;
    return e;
}

/* count(rel, value is not null and condition) */
static const Expr *count_of_values(Ctx *cx, const Expr *e)
{
    const Expr *counts = node(cx, OP_NOT, node(cx, OP_IS_NULL, e->args[1], NULL), NULL);
    Expr *n = ARENA_NEW(cx->arena, Expr);
    *n = *e;
    n->call = expr_call_find(STR("count"));
    n->n = 2;
    n->t = V_INT;
    n->scale = 0;
    n->args = ARENA_ARRAY(cx->arena, Expr *, 2);
    n->args[0] = e->args[0];
    n->args[1] = e->n > 2 ? node(cx, OP_AND, counts, e->args[2]) : (Expr *)counts;
    return n;
}

/* The sum as it is before it is brought to the figure's scale. */
static const Expr *exact_sum(Ctx *cx, const Expr *e)
{
    Expr *sum = ARENA_NEW(cx->arena, Expr);
    *sum = *e;
    sum->call = expr_call_find(STR("sum"));
    sum->t = e->args[1]->t;
    sum->scale = e->args[1]->scale;
    return sum;
}

Status expr_rollup_part_sql(Ctx *cx, const Field *f, int part, SqlScope *scope, Sql *out)
{
    Whole w;
    const Expr *e = f->rollup_expr;
    if (part == 0)
        return expr_rollup_sql(cx, f, scope, out);
    whole_open(&w, cx, f, scope);
    if (part == 1)
        return whole_close(&w, cx, scope, expr_sql_node(&w.emit, count_of_values(cx, e), out));
    sql_lit(out, "coalesce(");
    Status st = expr_sql_node(&w.emit, exact_sum(cx, e), out);
    sql_lit(out, ", 0)");
    return whole_close(&w, cx, scope, st);
}

void expr_rollup_of_parts(Ctx *cx, const Field *f, SqlScope *scope, const Sql *sum, const Sql *n,
                          Sql *out)
{
    const Expr *value = f->rollup_expr->args[1];
    Emit m = {.cx = cx, .scope = scope, .alias = scope->alias, .object = f->object};
    if (expr_rollup_fold(f) == FOLD_SUM) {
        expr_sql_round(&m, sum, (ValueType)value->t, value->scale, f->scale, out);
        return;
    }
    Sql mean = sql_fragment(out);
    sql_lit(&mean, "(CAST(");
    sql_append(&mean, sum);
    sql_lit(&mean, " AS double precision)");
    if (value->scale > 0) {
        sql_lit(&mean, " / 1e");
        sql_number(&mean, value->scale);
    }
    sql_lit(&mean, " / NULLIF(");
    sql_append(&mean, n);
    sql_lit(&mean, ", 0))");
    expr_sql_round(&m, &mean, V_REAL, 0, f->scale, out);
}

/* ---- differences */
ExprFold expr_rollup_fold(const Field *f)
{
    switch (f->rollup_expr->call->fn) {
    case FN_COUNT: return FOLD_COUNT;
    case FN_SUM: return FOLD_SUM;
    case FN_AVG: return FOLD_AVG;
    case FN_MIN: return FOLD_MIN;
    default: return FOLD_MAX;
    }
}

/* Codes of a list stand in other records, secrets and late numbers are not in the values. */
static bool is_told(const Expr *e)
{
    if (e->op == OP_PATH) {
        const Field *f = e->hops[0];
        if (f->kind == F_SECRET || f->kind == F_AUTO_NUMBER)
            return false;
        return !f->formula_expr || is_told(f->formula_expr);
    }
    if (e->mode == MODE_CODE || e->mode == MODE_BLIND)
        return false;
    for (size_t i = 0; i < e->n; i++)
        if (!is_told(e->args[i]))
            return false;
    return true;
}

bool expr_rollup_adds(const Field *f)
{
    const Expr *e = f->rollup_expr;
    if (expr_rollup_is_own(f))
        return false;
    if (expr_rollup_fold(f) != FOLD_COUNT && e->args[1]->t == V_REAL)
        return false;
    for (size_t i = 1; i < e->n; i++)
        if (!is_told(e->args[i]))
            return false;
    return true;
}

static void add_formulas(const Expr *e, Buf *out)
{
    const Field *f = e->op == OP_PATH ? e->hops[0] : NULL;
    if (f && f->formula_expr) {
        buf_printf(out, "; " STR_FMT " = " STR_FMT, STR_ARG(f->name), STR_ARG(f->formula));
        add_formulas(f->formula_expr, out);
    }
    for (size_t i = 0; i < e->n; i++)
        add_formulas(e->args[i], out);
}

void expr_rollup_describe(Ctx *cx, Field *f)
{
    static const uint8_t COLUMNS[] = {
        [FOLD_COUNT] = 1, [FOLD_SUM] = 3, [FOLD_AVG] = 3, [FOLD_MIN] = 2, [FOLD_MAX] = 2};
    Buf text = buf_in(cx->arena, 1 << 20);
    f->n_derived = expr_rollup_adds(f) ? COLUMNS[expr_rollup_fold(f)] : 1;
    buf_str_add(&text, f->formula);
    for (size_t i = 1; i < f->rollup_expr->n; i++)
        add_formulas(f->rollup_expr->args[i], &text);
    if (f->n_derived > 1)
        buf_printf(&text, "; %d", f->n_derived);
    f->rollup_text = buf_str(&text);
}

static Status share_value(Ctx *cx, const Field *f, const Value *x, bool *ret_counts, int64_t *ret)
{
    ExprFold fold = expr_rollup_fold(f);
    Value stored;
    *ret_counts = x->t != V_NULL;
    if (!*ret_counts)
        return ST_OK;
    if (fold == FOLD_SUM || fold == FOLD_AVG) {
        if (expr_number_at(x, f->rollup_expr->args[1]->scale, ret))
            return ST_OK;
        return FAIL(cx, ST_INVALID, "expr.overflow", "a number in an expression becomes too large");
    }
    TRY(expr_number_result(cx, f, x, &stored));
    *ret = stored.t == V_MONEY ? stored.money.base : stored.i;
    return ST_OK;
}

Status expr_rollup_share(Ctx *cx, const Field *f, const Value *child, bool *ret_counts,
                         int64_t *ret)
{
    const Expr *e = f->rollup_expr;
    ExprRow row = {.values = child};
    EvalFrame frame = {.row = &row, .object = e->args[0]->child};
    Eval v = {.cx = cx};
    size_t condition = expr_rollup_fold(f) == FOLD_COUNT ? 1 : 2;
    Value x = {.t = V_BOOL, .b = true};
    if (e->n > condition)
        TRY(expr_eval_node(&v, &frame, e->args[condition], &x));
    *ret_counts = x.t == V_BOOL && x.b;
    *ret = *ret_counts;
    if (!*ret_counts || condition == 1)
        return ST_OK;
    TRY(expr_eval_node(&v, &frame, e->args[1], &x));
    return share_value(cx, f, &x, ret_counts, ret);
}

/* ---- memory */
Status expr_rollup_value(Ctx *cx, const Field *f, const ExprRow *row, Value *ret)
{
    Value raw = VALUE_NULL;
    TRY(expr_eval(cx, f->rollup_expr, row, &raw));
    return expr_number_result(cx, f, &raw, ret);
}
