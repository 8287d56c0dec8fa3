/* SPDX-License-Identifier: Apache-2.0 */
/* A condition as a list of plain equalities, for whoever can answer those without SQL. */
#include "expr/expr_eval.h"
#include "expr/expr_internal.h"

typedef struct Equal { /* what is being gathered */
    Ctx *cx;
    ExprEqual *out;
    size_t n, max;
    bool whole;
} Equal;

static const Field *plain_field(const Expr *e)
{
    return e->op == OP_PATH && !e->outer && e->n_hops == 1 && !e->relation ? e->hops[0] : NULL;
}

static Status add_value(Equal *g, const Expr *item, ExprEqual *to)
{
    Value v;
    TRY(expr_eval(g->cx, item, &(ExprRow){0}, &v));
    if (v.t != V_NULL) /* comparing with null is true for nothing */
        VEC_PUSH(g->cx->arena, &to->values, v);
    return ST_OK;
}

static Status add_codes(Equal *g, const Expr *e, const Expr *item, ExprEqual *to)
{
    Value v;
    const Id *ids = NULL;
    size_t n = 0;
    TRY(expr_eval(g->cx, item, &(ExprRow){0}, &v));
    if (v.t != V_TEXT || !e->env || !e->env->code_ids) {
        g->whole = g->whole && v.t == V_NULL;
        return ST_OK;
    }
    TRY(e->env->code_ids(e->env->arg, g->cx, to->field->to, v.s, &ids, &n));
    for (size_t i = 0; i < n; i++)
        VEC_PUSH(g->cx->arena, &to->values, ((Value){.t = V_ID, .i = ids[i]}));
    return ST_OK;
}

/* args[at] is the field, the others are constants. */
static Status equals(Equal *g, const Expr *e, size_t at)
{
    const Field *f = plain_field(e->args[at]);
    if (!f || g->n == g->max || (e->mode != MODE_PLAIN && e->mode != MODE_CODE)) {
        g->whole = false;
        return ST_OK;
    }
    ExprEqual *to = &g->out[g->n++];
    *to = (ExprEqual){.field = f};
    for (size_t i = 0; i < e->n && g->whole; i++) {
        if (i == at)
            continue;
        if (!e->args[i]->constant)
            g->whole = false;
        else if (e->mode == MODE_CODE)
            TRY(add_codes(g, e, e->args[i], to));
        else
            TRY(add_value(g, e->args[i], to));
    }
    return ST_OK;
}

static Status gather(Equal *g, const Expr *e)
{
    switch (e->op) {
    case OP_AND:
        for (size_t i = 0; i < e->n && g->whole; i++)
            TRY(gather(g, e->args[i]));
        return ST_OK;
    case OP_EQ: return equals(g, e, plain_field(e->args[0]) ? 0 : 1);
    case OP_IN: return equals(g, e, 0);
    default: g->whole = false; return ST_OK;
    }
}

Status expr_equal(Ctx *cx, const Expr *e, ExprEqual *ret, size_t max, size_t *ret_n,
                  bool *ret_whole)
{
    Equal g = {.cx = cx, .out = ret, .max = max, .whole = true};
    TRY(gather(&g, e));
    *ret_n = g.n;
    *ret_whole = g.whole;
    return ST_OK;
}
