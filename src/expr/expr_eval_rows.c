/* SPDX-License-Identifier: Apache-2.0 */
/* any all none count sum avg min max in memory: over the child records that the caller hands in,
 * rights applied. Conditions see the child's names, and by outer.x the record around. */
#include "expr/expr_eval.h"

typedef struct Fold { /* what has been gathered over the rows so far */
    int64_t count, values;
    bool all;
    __int128 sum;
    double real_sum;
    Value extreme;
} Fold;

/* The records behind a links field of the record itself: followed one by one. */
static Status read_links(Eval *v, const ExprRow *row, const Field *field, const Value *ids,
                         const Value ***ret, size_t *n)
{
    if (ids->t != V_IDS || !row->follow)
        return ST_OK;
    *ret = ARENA_ARRAY(v->cx->arena, const Value *, ids->ids.n + 1);
    for (size_t i = 0; i < ids->ids.n; i++) {
        const Value *values = NULL;
        TRY(row->follow(row->arg, v->cx, field, ids->ids.p[i], &values));
        if (values)
            (*ret)[(*n)++] = values;
    }
    return ST_OK;
}

static Status read_rows(Eval *v, const EvalFrame *f, const Expr *e, const Value ***ret, size_t *n)
{
    const Expr *path = e->args[0];
    const ExprRow *row = path->outer ? f->around->row : f->row;
    const Value *values;
    const Object *child;
    *n = 0;
    TRY(expr_eval_start(v, f, path, path->n_hops, false, &values));
    if (!values)
        return ST_OK;
    if (path->links)
        return read_links(v, row, path->links, &values[path->links->index], ret, n);
    const Object *of = path->relation->of;
    const Value *id = &values[of->id->index];
    if (id->t == V_NULL) /* a record that is only being made has no children yet */
        return ST_OK;
    if (!row->children)
        return FAIL(v->cx, ST_INTERNAL, "expr.no_children",
                    "related records of " STR_FMT " cannot be read here",
                    STR_ARG(path->relation->name));
    return row->children(row->arg, v->cx, of, path->relation->name, id->i, &child, ret, n);
}

static void fold_extreme(ExprFn fn, const Value *x, Value *best)
{
    int order;
    if (best->t == V_NULL) {
        *best = *x;
        return;
    }
    if (x->t == V_TEXT)
        order = str_cmp(x->s, best->s);
    else if (x->t == V_DATE || x->t == V_TIME || x->t == V_DURATION)
        order = (x->i > best->i) - (x->i < best->i);
    else
        order = expr_number_cmp(x, best);
    if (fn == FN_MIN ? order < 0 : order > 0)
        *best = *x;
}

static Status fold_value(Eval *v, const EvalFrame *inner, const Expr *e, Fold *to)
{
    Value x;
    int64_t n;
    TRY(expr_eval_node(v, inner, e->args[1], &x));
    if (x.t == V_NULL)
        return ST_OK;
    to->values++;
    if (e->call->fn == FN_MIN || e->call->fn == FN_MAX) {
        fold_extreme(e->call->fn, &x, &to->extreme);
        return ST_OK;
    }
    if (x.t == V_REAL) {
        to->real_sum += x.r;
        return ST_OK;
    }
    if (!expr_number_at(&x, e->args[1]->scale, &n))
        return FAIL(v->cx, ST_INVALID, "expr.overflow",
                    "a number in an expression becomes too large");
    to->sum += n;
    return ST_OK;
}

/* Where the condition stands, if there is one. */
static size_t condition_at(ExprFn fn)
{
    return fn == FN_ANY || fn == FN_ALL || fn == FN_NONE || fn == FN_COUNT ? 1 : 2;
}

static Status fold_row(Eval *v, const EvalFrame *inner, const Expr *e, Fold *to)
{
    size_t at = condition_at(e->call->fn);
    if (e->n > at) {
        Value holds;
        TRY(expr_eval_node(v, inner, e->args[at], &holds));
        if (holds.t != V_BOOL || !holds.b) {
            to->all = false;
            return ST_OK;
        }
    }
    to->count++;
    return e->call->max == 3 ? fold_value(v, inner, e, to) : ST_OK;
}

static Status sum_of(Eval *v, const Expr *e, const Fold *from, Value *ret)
{
    if (from->values == 0)
        return ST_OK;
    if (e->t == V_REAL) {
        *ret = (Value){.t = V_REAL, .r = from->real_sum};
        return ST_OK;
    }
    if (from->sum < INT64_MIN || from->sum > INT64_MAX)
        return FAIL(v->cx, ST_INVALID, "expr.overflow",
                    "a number in an expression becomes too large");
    *ret = expr_number_value(v->cx, (ValueType)e->t, e->scale, (int64_t)from->sum);
    return ST_OK;
}

static Value average_of(const Expr *e, const Fold *from)
{
    if (from->values == 0)
        return VALUE_NULL;
    double sum = from->real_sum;
    Value ms = {.t = V_DURATION};
    if (e->args[1]->t != V_REAL)
        sum = (double)from->sum / (double)decimal_pow10(e->args[1]->scale);
    if (e->t == V_DURATION && expr_number_from_real(sum / (double)from->values, 0, &ms.i))
        return ms;
    return (Value){.t = V_REAL, .r = sum / (double)from->values};
}

Status expr_eval_rows(Eval *v, const EvalFrame *f, const Expr *e, Value *ret)
{
    const Value **rows = NULL;
    size_t n;
    Fold fold = {.all = true, .extreme = VALUE_NULL};
    TRY(read_rows(v, f, e, &rows, &n));
    const ExprRow *around = f->row;
    for (size_t i = 0; i < n; i++) {
        ExprRow row = {.arg = around->arg,
                       .values = rows[i],
                       .follow = around->follow,
                       .children = around->children};
        EvalFrame inner = {.row = &row, .object = e->args[0]->child, .around = f};
        TRY(fold_row(v, &inner, e, &fold));
    }
    *ret = VALUE_NULL;
    switch (e->call->fn) {
    case FN_ANY: *ret = (Value){.t = V_BOOL, .b = fold.count > 0}; return ST_OK;
    case FN_NONE: *ret = (Value){.t = V_BOOL, .b = fold.count == 0}; return ST_OK;
    case FN_ALL: *ret = (Value){.t = V_BOOL, .b = fold.all}; return ST_OK;
    case FN_COUNT: *ret = (Value){.t = V_INT, .i = fold.count}; return ST_OK;
    case FN_SUM: return sum_of(v, e, &fold, ret);
    case FN_AVG: *ret = average_of(e, &fold); return ST_OK;
    default: *ret = fold.extreme; return ST_OK;
    }
}
